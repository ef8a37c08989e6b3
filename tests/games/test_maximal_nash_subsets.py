"""Continua of equilibria: known sets, and the law that they hold all equilibria."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games.errors import InvalidGameError
from games.nash_equilibria import nash_equilibria
from games.normal_form import NormalFormGame
from games.solvers.maximal_nash_subsets import maximal_nash_subsets


def sizes(game: NormalFormGame) -> list[tuple[int, int, int]]:
    return [
        (s.component, len(s.row_strategies), len(s.column_strategies))
        for s in maximal_nash_subsets(game)
    ]


def test_entry_deterrence_has_a_threat_component() -> None:
    # Selten 1978, one stage of the chain store: out against any threat of at least one half.
    game = NormalFormGame.from_bimatrix([[2, 0], [1, 1]], [[2, 0], [5, 5]])
    into, out = maximal_nash_subsets(game)
    assert into.is_single
    assert out.row_strategies == ((0, 1),)
    assert out.column_strategies == ((Fraction(1, 2), Fraction(1, 2)), (0, 1))
    assert (into.component, out.component) == (0, 1)


def test_the_zero_game_is_one_set() -> None:
    assert sizes(NormalFormGame(np.zeros((2, 3, 4)))) == [(0, 3, 4)]


def test_two_sets_that_share_a_corner_are_one_component() -> None:
    # Each player has a second action that is as good as the first unless the other uses his.
    game = NormalFormGame.from_bimatrix([[1, 1], [1, 0]], [[1, 1], [1, 0]])
    assert sizes(game) == [(0, 2, 1), (0, 1, 2)]


def test_a_game_without_ties_has_only_single_equilibria() -> None:
    game = NormalFormGame(np.random.default_rng(1).normal(size=(2, 5, 5)))
    subsets = maximal_nash_subsets(game)
    assert all(s.is_single for s in subsets)
    assert [s.component for s in subsets] == list(range(len(subsets)))
    assert len(subsets) == len(nash_equilibria(game).equilibria)


@pytest.mark.parametrize("seed", range(12))
def test_mixtures_of_corners_are_equilibria_and_every_corner_is_in_a_set(seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = NormalFormGame(rng.integers(0, 3, (2, *rng.integers(2, 5, 2))).astype(float))
    subsets = maximal_nash_subsets(game)
    pairs = set()
    for subset in subsets:
        x = rng.dirichlet(np.ones(len(subset.row_strategies))) @ np.array(
            subset.row_strategies, dtype=float
        )
        y = rng.dirichlet(np.ones(len(subset.column_strategies))) @ np.array(
            subset.column_strategies, dtype=float
        )
        assert game.regrets((x, y)).max() < 1e-12
        pairs |= {(r, c) for r in subset.row_strategies for c in subset.column_strategies}
    assert len(pairs) == len(nash_equilibria(game).equilibria)
    # Maximal: none is inside another.
    for a in subsets:
        for b in subsets:
            is_inside = set(a.row_strategies) <= set(b.row_strategies) and set(
                a.column_strategies
            ) <= set(b.column_strategies)
            assert is_inside == (a is b)


def test_three_players_are_refused() -> None:
    with pytest.raises(InvalidGameError, match="3 players"):
        maximal_nash_subsets(NormalFormGame(np.zeros((3, 2, 2, 2))))
