"""Winning coalitions by types of players, with the types that are critical in each."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from games.errors import TooLargeError
from games.voting.swings_by_types import type_grid, types_seconds
from games.voting.weighted_game import VotingGame

__all__ = ["CriticalTypes", "critical_types"]

MAX_CELLS = 30_000_000


@dataclass(frozen=True, eq=False)
class CriticalTypes:
    """Winning coalitions up to names of like players.

    Parameters
    ----------
    sizes, multiplicity, n_critical : (n_profiles,) arrays of int
        Members, number of coalitions that the profile stands for, and critical members: those
        without whom the coalition loses.
    members : list of (n_profiles,) arrays of int
        Members of each type.
    is_critical : list of (n_profiles,) arrays of bool
        Whether members of each type are critical.
    """

    sizes: NDArray[np.int64]
    multiplicity: NDArray[np.int64]
    n_critical: NDArray[np.int64]
    members: list[NDArray[np.int64]]
    is_critical: list[NDArray[np.bool_]]


def critical_types(game: VotingGame) -> CriticalTypes:
    """All winning coalitions up to names of like players, with their critical types.

    Raises
    ------
    TooLargeError
        If there are too many profiles of types.
    """
    n_cells = len(game.types) * prod(len(group) + 1 for group in game.types)
    if n_cells > MAX_CELLS or types_seconds(game) == float("inf"):
        raise TooLargeError(
            f"{game.n_players} players of {len(game.types)} types have too many coalitions to "
            "list; group players of nearly equal weight, or use Shapley-Shubik and Banzhaf, which "
            "need no list"
        )
    grid = type_grid(game)
    wins = np.ones(grid.sizes.size, dtype=bool)
    for rule, weight in zip(game.rules, grid.weights, strict=True):
        wins &= (weight >= rule.quota).astype(bool)
    members = [grid.members(axis)[wins] for axis in range(len(game.types))]
    weights = [weight[wins] for weight in grid.weights]
    n_critical = np.zeros(int(wins.sum()), dtype=np.int64)
    is_critical = []
    for group, count in zip(game.types, members, strict=True):
        critical = np.zeros(n_critical.size, dtype=bool)
        for rule, weight in zip(game.rules, weights, strict=True):
            critical |= (weight - rule.weights[group[0]] < rule.quota).astype(bool)
        critical &= count > 0
        n_critical += np.where(critical, count, 0)
        is_critical.append(critical)
    return CriticalTypes(
        grid.sizes[wins], grid.multiplicity[wins], n_critical, members, is_critical
    )
