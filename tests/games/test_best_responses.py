import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import best_responses as best_responses_module
from games.best_responses import (
    best_response_table,
    best_responses,
    pareto_efficient_mask,
    pareto_efficient_profiles,
    pure_security_level,
    security_level,
)
from games.errors import CertificateError, InvalidGameError
from games.normal_form import NormalFormGame

DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
CHICKEN = NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])


def random_game(seed, integers=True):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    shape = (n, *rng.integers(1, 5, n))
    payoffs = rng.integers(-3, 4, shape) if integers else rng.normal(size=shape)
    return NormalFormGame(payoffs)


def is_efficient_by_definition(points, k, weak):
    better = points - points[k]
    if weak:
        return not (better > 0).all(axis=1).any()
    return not ((better >= 0).all(axis=1) & (better > 0).any(axis=1)).any()


def test_best_responses_name_ties():
    game = NormalFormGame.from_bimatrix([[1, 0], [1, 0], [0, 5]], np.zeros((3, 2)))
    assert best_responses(game, 0, game.pure_profile((2, 0))) == (0, 1)
    assert best_responses(game, 0, (np.ones(3) / 3, np.array([5 / 6, 1 / 6]))) == (0, 1, 2)
    assert best_responses(game, 1, game.pure_profile((2, 0))) == (0, 1)


def test_offset_does_not_turn_near_misses_into_ties():
    game = NormalFormGame([[1e9, 1e9 + 1e-3]])
    assert best_responses(game, 0, (np.array([1.0, 0.0]),)) == (1,)


def test_security_levels_of_chicken_and_matching_pennies():
    level = security_level(CHICKEN, 0)
    assert level.value == pytest.approx(2)
    np.testing.assert_allclose(level.strategy, [1, 0], atol=1e-9)
    assert pure_security_level(CHICKEN, 1) == (2.0, (0,))
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    assert security_level(pennies, 1).value == pytest.approx(0, abs=1e-12)
    assert pure_security_level(pennies, 0) == (-1.0, (0, 1))


def test_morra_has_value_zero_and_the_known_strategy():
    # Two-finger Morra; Dresher, The Mathematics of Games of Strategy (1961): value 0, any optimal
    # strategy mixes (call 3 on one finger, call 3 on two fingers) between 4/7:3/7 and 3/5:2/5.
    A = np.array([[0, 2, -3, 0], [-2, 0, 0, 3], [3, 0, 0, -4], [0, -3, 4, 0]])
    level = security_level(NormalFormGame.from_bimatrix(A, -A), 0)
    assert level.value == pytest.approx(0, abs=1e-9)
    assert 4 / 7 - 1e-9 <= level.strategy[1] <= 3 / 5 + 1e-9


def test_punishment_may_need_correlation():
    # Players 1 and 2 hold player 3 to 1/2 only by randomizing together.
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[2, 0, 1, 0] = payoffs[2, 1, 0, 1] = 1.0
    payoffs[2, 0, 0, :] = payoffs[2, 1, 1, :] = 1.0
    level = security_level(NormalFormGame(payoffs), 2)
    assert level.value == pytest.approx(0.5)
    np.testing.assert_allclose(level.punishment, [[0, 0.5], [0.5, 0]], atol=1e-9)


@pytest.mark.parametrize("penalty", [1e6, 1e12, 1e15])
def test_enormous_penalty_is_guarded_against(penalty):
    game = NormalFormGame.from_bimatrix([[1, -penalty], [-1, 1]], np.zeros((2, 2)))
    level = security_level(game, 0)
    assert level.strategy[0] == pytest.approx(2 / (penalty + 3), rel=1e-6)
    assert level.bound - level.value <= 1e-9


@settings(derandomize=True, max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), exponent=st.sampled_from([-6, 0, 6]))
def test_security_strategy_and_punishment_prove_each_other(seed, exponent):
    game = random_game(seed, integers=seed % 2 == 0)
    game = NormalFormGame(game.payoffs * 10.0**exponent)
    for player in range(game.n_players):
        level = security_level(game, player)
        u = np.moveaxis(game.payoffs[player], player, -1) @ level.strategy
        assert u.min() >= level.value - 1e-12 * 10.0**exponent
        v = np.moveaxis(game.payoffs[player], player, 0).reshape(len(level.strategy), -1)
        assert (v @ level.punishment.ravel()).max() <= level.bound + 1e-12 * 10.0**exponent
        assert level.bound >= level.value - 1e-12 * 10.0**exponent
        assert level.value >= pure_security_level(game, player)[0] - 1e-9 * 10.0**exponent


def test_table_agrees_with_best_responses_one_by_one():
    game = random_game(5)
    table = best_response_table(game)
    for cell in np.ndindex(*game.n_actions):
        for player in range(game.n_players):
            best = best_responses(game, player, game.pure_profile(cell))
            assert table[(player, *cell)] == (cell[player] in best)


def test_pareto_efficient_profiles_of_the_dilemma():
    assert pareto_efficient_profiles(DILEMMA) == ((0, 0), (0, 1), (1, 0))


def test_weakly_efficient_profiles_are_more():
    game = NormalFormGame.from_bimatrix([[1, 1]], [[0, 1]])
    assert pareto_efficient_profiles(game) == ((0, 1),)
    assert pareto_efficient_profiles(game, weak=True) == ((0, 0), (0, 1))


@settings(derandomize=True, max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**6), weak=st.booleans())
def test_efficiency_is_the_definition(seed, weak):
    game = random_game(seed)
    points = game.payoffs.reshape(game.n_players, -1).T
    expected = [is_efficient_by_definition(points, k, weak) for k in range(len(points))]
    mask = pareto_efficient_mask(game, weak=weak)
    assert mask.ravel().tolist() == expected
    scaled = NormalFormGame(4.0 * game.payoffs + 16.0)
    np.testing.assert_array_equal(pareto_efficient_mask(scaled, weak=weak), mask)


def test_rounded_sums_hide_no_domination():
    # Both rows sum to 1e16 in floating point; the first is still worse.
    game = NormalFormGame.from_bimatrix([[1e16, 1e16]], [[0.0, 0.5]])
    assert pareto_efficient_profiles(game) == ((0, 1),)


def test_bad_input_names_the_place():
    with pytest.raises(InvalidGameError, match="player"):
        security_level(CHICKEN, 2)
    with pytest.raises(InvalidGameError, match="player"):
        best_responses(CHICKEN, -1, CHICKEN.pure_profile((0, 0)))
    with pytest.raises(InvalidGameError, match="profile"):
        best_responses(CHICKEN, 0, (np.ones(2) / 2, np.ones(3) / 3))


def test_a_security_level_that_floating_point_cannot_prove_is_refused():
    # Too large for fractions; the gap between guarantee and punishment was once accepted as a
    # billionth of the penalty.
    rng = np.random.default_rng(0)
    U = rng.integers(0, 10, (40, 40)) - 1e12 * (rng.random((40, 40)) < 0.02)
    game = NormalFormGame.from_bimatrix(U, U)
    try:
        level = security_level(game, 0)
    except CertificateError:
        level = None
    assert level is None or level.bound - level.value <= 1e-6


def test_a_lost_linear_program_is_solved_in_fractions(monkeypatch):
    monkeypatch.setattr(best_responses_module, "_matrix_game", lambda U: None)
    pennies = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[0, 0], [0, 0]])
    assert security_level(pennies, 0).value == pytest.approx(2 / 3, abs=1e-15)
