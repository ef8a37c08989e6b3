import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.best_responses import best_response_table
from games.errors import InvalidGameError, TooLargeError
from games.normal_form import NormalFormGame
from games.solvers.logit_tracing import LogitSystem
from games.solvers.support_newton import has_only_rounding_regret, polish
from games.some_equilibria import some_equilibria


def matching_pennies_among(n):
    """Each player wants to match the next, the last to differ from the first (Jordan, 1993)."""
    actions = np.indices((2,) * n)
    payoffs = [(actions[i] == actions[(i + 1) % n]) * 1.0 for i in range(n)]
    payoffs[-1] = 1.0 - payoffs[-1]
    return NormalFormGame(payoffs)


def game_without_pure_equilibria(rng, shape):
    while True:
        game = NormalFormGame(rng.normal(size=(len(shape), *shape)))
        if not best_response_table(game).all(axis=0).any():
            return game


@pytest.mark.parametrize("n", [3, 4, 5, 8])
def test_cyclic_matching_pennies_is_fully_mixed(n):
    [found] = some_equilibria(matching_pennies_among(n)).equilibria
    np.testing.assert_allclose(found.strategies, np.full((n, 2), 0.5), atol=1e-12)


def test_inspection_game():
    # models.md G4: (1/4, 1/8).
    game = NormalFormGame.from_bimatrix([[-3, -1], [-10, 0]], [[-12, 0], [4, 0]])
    found = some_equilibria(game)
    [equilibrium] = found.equilibria
    np.testing.assert_allclose(equilibrium.strategies, [[0.25, 0.75], [0.125, 0.875]], atol=1e-14)
    assert not found.is_complete


def test_equilibria_from_random_starts_are_exact_to_rounding():
    game = game_without_pure_equilibria(np.random.default_rng(3), (2, 2, 2))
    found = some_equilibria(game, n_random_starts=6)
    assert all(e.regret <= 1e-13 for e in found.equilibria)
    assert "7 start(s)" in found.note


@pytest.mark.parametrize("shape", [(2, 2), (4, 4), (2, 2, 2), (3, 3, 3), (2,) * 5, (2,) * 8])
def test_games_without_pure_equilibria(shape):
    rng = np.random.default_rng(sum(shape))
    for _ in range(4):
        game = game_without_pure_equilibria(rng, shape)
        found = some_equilibria(game)
        assert len(found.equilibria) >= 1
        for equilibrium in found.equilibria:
            assert equilibrium.regret <= 1e-12
            assert not equilibrium.is_pure


@settings(derandomize=True, max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_degenerate_games_with_small_integers(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    shape = tuple(rng.integers(1, 4, n))
    game = NormalFormGame(rng.integers(0, 3, (n, *shape)))
    found = some_equilibria(game, n_random_starts=2)
    assert len(found.equilibria) >= 1
    pure = {p for p in np.ndindex(*shape) if game.regrets(game.pure_profile(p)).max() == 0}
    listed = {tuple(int(s.argmax()) for s in e.strategies) for e in found.equilibria if e.is_pure}
    assert listed == pure


@settings(derandomize=True, max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), exponent=st.sampled_from([-6, 0, 9]))
def test_what_is_found_survives_rescaling_of_the_payoffs(seed, exponent):
    rng = np.random.default_rng(seed)
    game = game_without_pure_equilibria(rng, (2, 2, 2))
    factors = 10.0**exponent * np.array([1.0, 3.0, 0.5]).reshape(3, 1, 1, 1)
    rescaled = NormalFormGame(factors * game.payoffs - 2.0 * 10.0**exponent)
    for found in some_equilibria(game).equilibria:
        assert rescaled.regrets(found.strategies).max() <= 1e-9 * rescaled.scale
    for found in some_equilibria(rescaled).equilibria:
        assert game.regrets(found.strategies).max() <= 1e-9 * game.scale


def test_pygambit_certifies_what_is_found():
    gambit = pytest.importorskip("pygambit", reason="GPL, an optional peer")
    game = game_without_pure_equilibria(np.random.default_rng(8), (2, 3, 2))
    peer = gambit.StrategicGame.from_arrays(*[np.ascontiguousarray(u) for u in game.payoffs])
    for found in some_equilibria(game, n_random_starts=3).equilibria:
        profile = peer.mixed_strategy_profile([s.tolist() for s in found.strategies])
        assert float(profile.max_regret()) <= 1e-9


@pytest.mark.parametrize("penalty", [1e6, 1e9, 1e12])
def test_one_enormous_penalty(penalty):
    # Matching pennies in which one loss is enormous: the column player avoids that column with
    # all but probability 2 / (penalty + 3).
    game = NormalFormGame.from_bimatrix([[1, -penalty], [-1, 1]], [[-1, 1], [1, -1]])
    [found] = some_equilibria(game).equilibria
    np.testing.assert_allclose(found.strategies[0], [0.5, 0.5], rtol=1e-9)
    assert found.strategies[1][1] == pytest.approx(2 / (penalty + 3), rel=1e-9)


def test_rounding_regret_rejects_what_a_relative_tolerance_accepts():
    # Both swerve: each would gain 1 by daring. Beside a crash of -1e12 that looks like nothing.
    game = NormalFormGame.from_bimatrix([[6, 2], [7, -1e12]], [[6, 7], [2, -1e12]])
    system = LogitSystem(game)
    assert not has_only_rounding_regret(system, np.array([1.0, 0, 1, 0]))
    assert has_only_rounding_regret(system, np.array([1.0, 0, 0, 1]))
    found = polish(system, (np.array([1 - 1e-10, 1e-10]), np.array([1 - 1e-10, 1e-10])))
    assert found is not None
    assert found[0][1] == pytest.approx(1e-12, rel=1e-6)


def test_polish_refuses_a_profile_that_is_far_from_any_equilibrium():
    system = LogitSystem(NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]))
    assert polish(system, (np.array([1.0, 0]), np.array([1.0, 0]))) is None


def test_more_starts_find_more_equilibria_of_a_coordination_game():
    actions = np.indices((2, 2, 2))
    same = ((actions[0] == actions[1]) & (actions[1] == actions[2])) * 1.0
    found = some_equilibria(NormalFormGame([same] * 3), n_random_starts=8, seed=1)
    assert sum(e.is_pure for e in found.equilibria) == 2
    assert any(not e.is_pure for e in found.equilibria)


def test_list_of_pure_equilibria_is_capped_and_says_so():
    found = some_equilibria(NormalFormGame(np.zeros((3, 11, 10, 10))))
    assert len(found.equilibria) == 1000
    assert "first 1000 of 1100" in found.note


def test_one_player_and_single_actions():
    [found] = some_equilibria(NormalFormGame([[1.0, 3.0, 2.0]])).equilibria
    assert found.strategies[0].tolist() == [0, 1, 0]
    [found] = some_equilibria(NormalFormGame(np.zeros((3, 1, 1, 1)))).equilibria
    assert found.is_pure


def test_bad_input():
    game = matching_pennies_among(3)
    with pytest.raises(InvalidGameError, match="n_random_starts"):
        some_equilibria(game, n_random_starts=-1)
    payoffs = np.random.default_rng(0).normal(size=(2, 2000, 2000))
    payoffs[0] = -payoffs[1]  # zero-sum and large: this one has no pure equilibrium
    with pytest.raises(TooLargeError, match="logit tracing"):
        some_equilibria(NormalFormGame(payoffs))
