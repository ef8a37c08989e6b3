"""Commitment: ground truth G16, dominance over Nash, huge penalties, exact arithmetic."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError
from games.inspection.security_game import SecurityGame, optimal_coverage
from games.inspection.stackelberg import (
    commitment_to_mixed_strategy,
    commitment_to_pure_action,
)
from games.normal_form import NormalFormGame

CONITZER_SANDHOLM = NormalFormGame.from_bimatrix([[2, 4], [1, 3]], [[1, 0], [0, 1]])


def random_game(seed, values=None):
    rng = np.random.default_rng(seed)
    shape = (2, *rng.integers(1, 5, 2))
    return NormalFormGame(
        rng.random(shape) if values is None else rng.choice(values, shape).astype(float)
    )


def test_conitzer_sandholm():
    assert commitment_to_pure_action(CONITZER_SANDHOLM).leader_payoff == 3
    for exact in (False, True):
        found = commitment_to_mixed_strategy(CONITZER_SANDHOLM, exact=exact)
        assert found.leader_payoff == pytest.approx(3.5, abs=1e-12)
        assert found.strategy == pytest.approx([0.5, 0.5])
        assert (found.answer, found.tied_answers) == (1, (0, 1))
        assert found.worst_payoff == pytest.approx(1.5)


def test_column_player_can_lead():
    swapped = NormalFormGame(CONITZER_SANDHOLM.payoffs[::-1].transpose(0, 2, 1))
    assert commitment_to_mixed_strategy(swapped, leader=1).leader_payoff == pytest.approx(3.5)
    assert commitment_to_pure_action(swapped, leader=1).leader_payoff == 3


def test_zero_sum_leader_gets_the_value():
    # Rock, paper, scissors: a pure announcement loses, the uniform one is worth 0.
    A = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    game = NormalFormGame.from_bimatrix(A, -A)
    found = commitment_to_mixed_strategy(game)
    assert found.strategy == pytest.approx([1 / 3] * 3)
    assert commitment_to_pure_action(game).leader_payoff == -1


@given(st.integers(0, 10**6), st.sampled_from([None, [0, 1, 2], [0, 1, 1e6]]))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_floats_agree_with_exact_arithmetic(seed, values):
    game = random_game(seed, values)
    fast = commitment_to_mixed_strategy(game)
    exact = commitment_to_mixed_strategy(game, exact=True)
    scale = float(np.ptp(game.payoffs[0])) or 1.0
    assert fast.leader_payoff == pytest.approx(exact.leader_payoff, abs=1e-8 * scale)
    assert fast.leader_payoff >= commitment_to_pure_action(game).leader_payoff - 1e-8 * scale


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_commitment_is_no_worse_than_any_pure_equilibrium(seed):
    game = random_game(seed)
    best = commitment_to_mixed_strategy(game).leader_payoff
    for profile in np.ndindex(*game.n_actions):
        if game.regrets(game.pure_profile(profile)).max() == 0:
            assert best >= game.payoffs[0][profile] - 1e-9


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=30, deadline=None)
def test_grid_of_announcements_finds_nothing_better(seed):
    rng = np.random.default_rng(seed)
    game = NormalFormGame(rng.random((2, 2, 3)))
    best = commitment_to_mixed_strategy(game).leader_payoff
    x = np.linspace(0, 1, 501)[:, None]
    C, F = (x * p[0] + (1 - x) * p[1] for p in game.payoffs)
    replies = F.max(axis=1, keepdims=True) == F
    assert np.where(replies, C, -np.inf).max() <= best + 1e-9


@pytest.mark.parametrize("penalty", [1e6, 1e9, 1e12])
def test_huge_penalty_on_one_cell_excuses_no_regret(penalty):
    rng = np.random.default_rng(7)
    for _ in range(20):
        payoffs = rng.integers(0, 1000, (2, 3, 4)).astype(float)
        payoffs[1, 0, 0] = -penalty
        game = NormalFormGame(payoffs)
        found = commitment_to_mixed_strategy(game)
        exact = commitment_to_mixed_strategy(game, exact=True)
        assert found.leader_payoff == pytest.approx(exact.leader_payoff, abs=1e-5)
        assert found.follower_regret < 1e-5


def test_answer_that_is_never_best_is_not_induced():
    # Answer 2 would pay the leader 100 but is strictly dominated.
    game = NormalFormGame.from_bimatrix([[1, 100], [0, 100]], [[1, 0], [1, 0]])
    assert commitment_to_mixed_strategy(game).leader_payoff == 1


@pytest.mark.parametrize("seed", range(8))
def test_security_game_is_a_commitment(seed):
    rng = np.random.default_rng(seed)
    n = 4
    bare, covered = rng.uniform(1, 10, n), rng.uniform(-5, 0, n)
    loss, kept = rng.uniform(-10, -1, n), rng.uniform(0, 3, n)
    leader = np.where(np.eye(n, dtype=bool), kept, loss)
    follower = np.where(np.eye(n, dtype=bool), covered, bare)
    general = commitment_to_mixed_strategy(NormalFormGame.from_bimatrix(leader, follower))
    special = optimal_coverage(SecurityGame(bare, covered, loss, kept), 1)
    assert special.defender_payoff == pytest.approx(general.leader_payoff, abs=1e-8)


def test_bad_input():
    with pytest.raises(InvalidGameError, match="players"):
        commitment_to_pure_action(NormalFormGame(np.zeros((3, 2, 2, 2))))
    with pytest.raises(InvalidGameError, match="leader"):
        commitment_to_mixed_strategy(CONITZER_SANDHOLM, leader=2)


def test_a_penalty_for_another_answer_excuses_no_regret():
    # The middle answer to the third row leaves a regret of 1, once taken for rounding of 1e11.
    A = np.array([[3.0, 6, 8 - 1e11], [4, 2, 7], [6, 9, 3]])
    B = np.array([[6 - 1e11, 1, 8], [2, -1e11, 1], [5 - 1e11, 5, 6]])
    found = commitment_to_mixed_strategy(NormalFormGame.from_bimatrix(A, B))
    assert found.leader_payoff == pytest.approx(7, abs=1e-6)
    assert found.follower_regret < 1e-9
