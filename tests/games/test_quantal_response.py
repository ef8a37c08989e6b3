from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.normal_form import NormalFormGame
from games.quantal_response import (
    logit_branch,
    logit_equilibria,
    logit_equilibrium,
    normalized,
)
from games.solvers.logit_tracing import LogitSystem, locate


def inspection_game(sanction):
    """Models.md 15 with κ=1, D=10, p=.8, g=4: inspect or not, violate or not."""
    return NormalFormGame.from_bimatrix(
        [[-1 - 0.2 * 10, -1], [-10, 0]], [[4 - 0.8 * sanction, 0], [4, 0]]
    )


def random_game(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 4))
    shape = tuple(rng.integers(1, 4, n))
    payoffs = rng.integers(-3, 4, (n, *shape)) if seed % 3 == 0 else rng.normal(size=(n, *shape))
    return NormalFormGame(payoffs)


@pytest.mark.parametrize(
    ("sanction", "inspect", "violate"), [(20, 0.405, 0.077), (40, 0.280, 0.007)]
)
def test_inspection_game_at_lambda_one(sanction, inspect, violate):
    # models.md G10 (entry 54): a larger sanction does lower violations when people err.
    found = logit_equilibrium(inspection_game(sanction), 1.0)
    assert found.strategies[0][0] == pytest.approx(inspect, abs=5e-4)
    assert found.strategies[1][0] == pytest.approx(violate, abs=5e-4)
    assert found.residual <= 1e-10


@pytest.mark.parametrize(("sanction", "inspect"), [(20, 0.25), (40, 0.125)])
def test_limit_is_the_mixed_nash_equilibrium_of_the_inspection_game(sanction, inspect):
    # models.md G4: i* = g/(p s), v* = κ/(p D), whatever the sanction.
    found = logit_equilibrium(inspection_game(sanction), 1e7)
    np.testing.assert_allclose(found.strategies[0], [inspect, 1 - inspect], atol=1e-6)
    np.testing.assert_allclose(found.strategies[1], [0.125, 0.875], atol=1e-6)
    assert found.regret < 1e-6


def test_violations_fall_with_the_sanction_on_a_grid():
    found = [logit_equilibrium(inspection_game(s), 1.0).strategies[1][0] for s in range(10, 90, 8)]
    assert all(a > b for a, b in pairwise(found))


def test_agrees_with_pygambit():
    gambit = pytest.importorskip("pygambit", reason="GPL, an optional peer")
    rng = np.random.default_rng(11)
    for shape in [(2, 2), (3, 2), (2, 3, 2), (2, 2, 2, 2)]:
        payoffs = rng.normal(size=(len(shape), *shape))
        peer = gambit.StrategicGame.from_arrays(*[np.ascontiguousarray(u) for u in payoffs])
        for lam in (0.4, 1.5):
            [there] = gambit.qre.logit_solve_lambda(peer, lam)
            here = logit_equilibrium(NormalFormGame(payoffs), lam)
            for player, strategy in zip(peer.players, here.strategies, strict=True):
                expected = [float(weight) for _, weight in there.profile[player]]
                np.testing.assert_allclose(strategy, expected, atol=1e-6)


def test_stag_hunt_branch_ends_at_the_risk_dominant_equilibrium():
    game = NormalFormGame.from_bimatrix([[4, 0], [3, 2]], [[4, 3], [0, 2]])
    branch = logit_branch(game, 40.0)
    np.testing.assert_allclose(branch.points[0].strategies, np.full((2, 2), 0.5))
    np.testing.assert_allclose(branch.points[-1].strategies, [[0, 1], [0, 1]], atol=1e-12)
    assert branch.n_turns == 0


def test_branch_that_turns_back_is_followed():
    # On some of these random games the branch folds: lambda falls on part of it.
    folds = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        branch = logit_branch(NormalFormGame(rng.normal(size=(2, 4, 4))), 60.0)
        steps = np.diff([point.rationality for point in branch.points])
        assert (branch.n_turns > 0) == bool((steps < 0).any())
        folds.append(branch.n_turns)
    assert any(folds)
    assert all(turns % 2 == 0 for turns in folds)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), lam=st.floats(0, 8))
def test_probabilities_are_logit_responses(seed, lam):
    game = random_game(seed)
    found = logit_equilibrium(game, lam)
    for i, strategy in enumerate(found.strategies):
        weights = np.exp(lam * game.action_payoffs(i, found.strategies))
        np.testing.assert_allclose(strategy, weights / weights.sum(), atol=1e-8)
    assert found.regret <= np.log(max(game.n_actions)) / lam + 1e-9 if lam > 0 else True


@settings(derandomize=True, max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_tends_to_a_nash_equilibrium(seed):
    game = random_game(seed)
    regrets = [e.regret for e in logit_equilibria(normalized(game), [1e2, 1e4, 1e6])]
    assert regrets[2] <= 2e-6
    assert regrets[1] <= 2e-4


@settings(derandomize=True, max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6), factor=st.floats(1e-6, 1e6), shift=st.sampled_from([-7, 0, 1e3])
)
def test_lambda_scales_with_the_unit_of_payoffs(seed, factor, shift):
    game = random_game(seed)
    here = logit_equilibrium(game, 2.0)
    there = logit_equilibrium(NormalFormGame(factor * (game.payoffs + shift)), 2.0 / factor)
    for a, b in zip(here.strategies, there.strategies, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-7)


@settings(derandomize=True, max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_normalized_game_is_invariant_to_rescaling_each_player(seed):
    game = random_game(seed)
    factors = np.array([3.0, 0.02, 500.0])[: game.n_players]
    factors = factors.reshape(-1, *[1] * game.n_players)
    here, there = normalized(game), normalized(NormalFormGame(factors * game.payoffs - 5))
    np.testing.assert_allclose(here.payoffs, there.payoffs, atol=1e-9)


@settings(derandomize=True, max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_relabelling_players_and_actions_permutes_the_result(seed):
    game = random_game(seed)
    order = np.random.default_rng(seed).permutation(game.n_players)
    moved = game.payoffs[order].transpose((0, *(order + 1)))
    last = (slice(None),) * game.n_players + (slice(None, None, -1),)
    here = logit_equilibrium(game, 1.5).strategies
    there = logit_equilibrium(NormalFormGame(moved[last]), 1.5).strategies
    for k, player in enumerate(order):
        expected = here[player][::-1] if k == game.n_players - 1 else here[player]
        np.testing.assert_allclose(there[k], expected, atol=1e-7)


def test_several_lambdas_come_back_in_the_order_asked():
    game = inspection_game(20)
    found = logit_equilibria(game, [2.0, 0.0, 1.0, 2.0])
    assert [e.rationality for e in found] == [2.0, 0.0, 1.0, 2.0]
    np.testing.assert_allclose(found[1].strategies, np.full((2, 2), 0.5))
    np.testing.assert_array_equal(found[0].strategies, found[3].strategies)
    assert logit_equilibria(game, []) == ()


def test_penalty_of_1e12_and_degenerate_games():
    chicken = NormalFormGame.from_bimatrix([[6, 2], [7, -1e12]], [[6, 7], [2, -1e12]])
    found = logit_equilibrium(chicken, 1.0)
    # With p = Pr(dare) for both: ln((1-p)/p) = u(swerve) - u(dare) = 1e12 p + 2p - 1 + p.
    dare = found.strategies[0][1]
    assert np.log1p(-dare) - np.log(dare) == pytest.approx(1e12 * dare - 1 + 3 * dare, rel=1e-3)
    zero = NormalFormGame(np.zeros((3, 2, 3, 1)))
    uniform = logit_equilibrium(zero, 5.0).strategies
    np.testing.assert_allclose(uniform[1], np.full(3, 1 / 3))


def test_offset_of_1e9_changes_nothing():
    game = inspection_game(20)
    there = logit_equilibrium(NormalFormGame(game.payoffs + 1e9), 1.0)
    np.testing.assert_allclose(
        there.strategies, logit_equilibrium(game, 1.0).strategies, atol=1e-6
    )


@pytest.mark.parametrize("lam", [-1.0, float("nan"), float("inf")])
def test_bad_lambda_is_named(lam):
    with pytest.raises(InvalidGameError, match="lambda"):
        logit_equilibrium(inspection_game(20), lam)
    with pytest.raises(InvalidGameError, match="max_rationality"):
        logit_branch(inspection_game(20), lam)


def test_enormous_game_is_refused():
    with pytest.raises(TooLargeError, match="logit tracing"):
        logit_equilibrium(NormalFormGame(np.zeros((17, *[2] * 16, 16))), 1.0)


def test_locate_says_when_there_is_no_point():
    system = LogitSystem(inspection_game(20))
    low, high = system.start(), system.start() + 1
    low[0] = np.nan
    with pytest.raises(CertificateError, match="no point"):
        locate(system, low, high, 0.5)


def test_hopeless_action_listed_first_does_not_round_the_others():
    # Found by a stress test: log odds against the first action are 1e12, those between the others
    # near 0.3.
    own = np.array([-1e12, 0.25, 0.625, 0.375, 0.5])
    game = NormalFormGame.from_bimatrix(own[:, None], np.zeros((5, 1)))
    strategy = logit_equilibrium(game, 1.0).strategies[0]
    weights = np.exp(own[1:])
    np.testing.assert_allclose(strategy, np.append(0, weights / weights.sum()), atol=1e-9)


@pytest.mark.parametrize("shape", [(1, 6), (6, 7), (11, 3), (7, 5, 3)])
def test_at_lambda_zero_all_actions_are_equally_likely(shape):
    game = NormalFormGame(np.random.default_rng(0).normal(size=(len(shape), *shape)))
    points = [logit_equilibrium(game, 0.0), *logit_branch(game, 0.0).points]
    for point in points:
        for strategy, m in zip(point.strategies, shape, strict=True):
            np.testing.assert_allclose(strategy, 1 / m, rtol=1e-12)
