"""Fictitious play and regret matching."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError
from games.learning.fictitious_play import fictitious_play
from games.learning.regret_matching import (
    SwitchingRule,
    coarse_correlated_regret,
    correlated_regret,
    regret_matching,
)
from games.normal_form import NormalFormGame

PENNIES = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
CHICKEN = NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
SHAPLEY = NormalFormGame.from_bimatrix(
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
)


def test_fictitious_play_solves_a_zero_sum_game() -> None:
    """Robinson (1951). Value and optimal strategies of [[3, -1], [-2, 1]]: 1/7, (3/7, 2/7)."""
    game = NormalFormGame.from_bimatrix([[3, -1], [-2, 1]], [[-3, 1], [2, -1]])
    run = fictitious_play(game, 20_000)
    assert run.frequencies[0][0] == pytest.approx(3 / 7, abs=0.02)
    assert run.frequencies[1][0] == pytest.approx(2 / 7, abs=0.02)
    assert run.regret < 0.05
    assert game.expected_payoffs(run.frequencies)[0] == pytest.approx(1 / 7, abs=0.05)


def test_fictitious_play_locks_on_a_strict_equilibrium() -> None:
    coordination = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[2, 0], [0, 1]])
    run = fictitious_play(coordination, 100, first=(1, 1))
    assert (run.actions == 1).all()
    assert run.regret == 0
    # From (0, 1) the players miscoordinate for ever, while frequencies tend to the mixed one.
    symmetric = NormalFormGame.from_bimatrix([[0, 1], [1, 0]], [[0, 1], [1, 0]])
    crossed = fictitious_play(symmetric, 2000, first=(0, 0))
    assert crossed.frequencies[0] == pytest.approx([0.5, 0.5], abs=0.05)


def test_shapleys_game_does_not_converge() -> None:
    """Shapley (1964): play cycles for ever, the regret does not vanish."""
    run = fictitious_play(SHAPLEY, 8192, first=(0, 1))
    late = run.regrets[run.checkpoints >= 256]
    assert late.min() > 0.05
    zero_sum = fictitious_play(PENNIES, 8192)
    assert zero_sum.regret < 0.03


def test_three_players_and_random_ties() -> None:
    game = NormalFormGame(np.zeros((3, 2, 2, 2)))
    rng = np.random.default_rng(3)
    run = fictitious_play(game, 200, rng=rng)
    assert 0.3 < run.frequencies[0][0] < 0.7
    assert fictitious_play(game, 200).frequencies[2].tolist() == [1, 0]
    assert run.regret == 0


def test_correlated_regret_of_aumanns_chicken() -> None:
    joint = np.array([[1 / 2, 1 / 4], [1 / 4, 0]])
    assert correlated_regret(CHICKEN, joint) == 0
    uniform = np.array([[1 / 3, 1 / 3], [1 / 3, 0]])
    assert correlated_regret(CHICKEN, uniform) == 0
    # All weight on (dare, dare): switching to yield gains 2.
    assert correlated_regret(CHICKEN, np.array([[0, 0], [0, 1.0]])) == 2
    assert coarse_correlated_regret(CHICKEN, np.array([[0, 0], [0, 1.0]])) == 2


@given(seed=st.integers(0, 10_000))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_regret_by_definition_and_coarse_is_never_larger_than_their_sum(seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = NormalFormGame(rng.normal(size=(3, 2, 3, 2)))
    joint = rng.dirichlet(np.ones(12)).reshape(2, 3, 2)
    worst = 0.0
    for i, m in enumerate(game.n_actions):
        for j in range(m):
            for k in range(m):
                gain = 0.0
                for profile in np.ndindex(*game.n_actions):
                    if profile[i] == j:
                        other = tuple(k if q == i else a for q, a in enumerate(profile))
                        gain += joint[profile] * (
                            game.payoffs[(i, *other)] - game.payoffs[(i, *profile)]
                        )
                worst = max(worst, gain)
    assert correlated_regret(game, joint) == pytest.approx(worst)
    assert coarse_correlated_regret(game, joint) <= 3 * worst + 1e-12


@pytest.mark.parametrize("rule", list(SwitchingRule), ids=lambda r: r.value)
@pytest.mark.parametrize(
    "game", [CHICKEN, SHAPLEY, PENNIES], ids=["chicken", "shapley", "pennies"]
)
def test_regret_matching_comes_to_the_equilibrium_set(
    game: NormalFormGame, rule: SwitchingRule
) -> None:
    """Hart and Mas-Colell (2000)."""
    run = regret_matching(game, 3000, np.random.default_rng(7), rule=rule)
    at_end = (
        run.coarse_correlated_regret
        if rule is SwitchingRule.UNCONDITIONAL
        else run.correlated_regret
    )
    # The original rule keeps its action most of the time and is the slowest.
    assert at_end < (0.12 if rule is SwitchingRule.INERTIA else 0.06) * game.scale
    assert run.regrets[-1] == pytest.approx(at_end, abs=1e-9)
    early = run.regrets[run.checkpoints == 16][0]
    assert at_end < max(early, 0.02)
    assert run.frequencies.sum() == pytest.approx(1)


def test_same_seed_same_run() -> None:
    first, second = (
        regret_matching(CHICKEN, 300, np.random.default_rng(4)).frequencies for _ in range(2)
    )
    assert (first == second).all()


def test_payoffs_in_other_units_give_the_same_run() -> None:
    other = NormalFormGame(CHICKEN.payoffs * 1024 + 2048)
    first, second = (
        regret_matching(g, 300, np.random.default_rng(4)).frequencies for g in (CHICKEN, other)
    )
    assert (first == second).all()


def test_a_game_without_choices() -> None:
    run = regret_matching(NormalFormGame(np.zeros((2, 1, 1))), 5, np.random.default_rng(0))
    assert run.correlated_regret == 0


def test_bad_input_is_named() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(InvalidGameError, match="n_rounds"):
        regret_matching(CHICKEN, 0, rng)
    with pytest.raises(InvalidGameError, match="n_rounds"):
        fictitious_play(CHICKEN, 0)
    with pytest.raises(InvalidGameError, match="first"):
        fictitious_play(CHICKEN, 5, first=(0, 2))
    with pytest.raises(InvalidGameError, match="frequencies"):
        correlated_regret(CHICKEN, np.ones((2, 3)) / 6)
    with pytest.raises(InvalidGameError, match="frequencies"):
        correlated_regret(CHICKEN, np.ones((2, 2)))
