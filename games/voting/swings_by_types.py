"""Swing counts by enumeration of how many players of each type take part.

Players whom every rule weighs alike form a type. A coalition is then known, up to names, by its
numbers of members per type, and stands for a product of binomials of coalitions. Works for any
rules, whatever the size of the weights.
"""

from __future__ import annotations

from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from games.voting.weighted_game import VotingGame

__all__ = [
    "SAFE_PLAYERS",
    "TypeGrid",
    "swings_by_types",
    "swings_from_members",
    "type_grid",
    "types_seconds",
]

MAX_PROFILES = 1 << 22
MAX_PROFILES_BIG = 300_000
SAFE_PLAYERS = 56
"""Up to here products of binomials, times a size, fit 64 bits."""


class TypeGrid:
    """All numbers of members per type, flattened, with what each stands for.

    Attributes
    ----------
    shape : tuple of int
        Group sizes plus one.
    sizes : (n_profiles,) array of int
    multiplicity : (n_profiles,) array of int (objects beyond 56 players)
    weights : list of (n_profiles,) arrays, one per rule
    """

    def __init__(self, counts: list[int], weights: list[list[int]]) -> None:
        self.shape = tuple(c + 1 for c in counts)
        big = sum(counts) > SAFE_PLAYERS
        self.sizes = _outer_sum([list(range(c + 1)) for c in counts])
        self.multiplicity = _outer_product(counts, object if big else np.int64)
        self.weights = [
            _outer_sum([[k * w for k in range(c + 1)] for c, w in zip(counts, row, strict=True)])
            for row in weights
        ]

    def members(self, axis: int) -> NDArray[np.int64]:
        """Number of members of one type, per profile."""
        repeat = prod(self.shape[axis + 1 :])
        tile = prod(self.shape[:axis])
        return np.tile(np.repeat(np.arange(self.shape[axis]), repeat), tile)


def _outer_sum(axes: list[list[int]]) -> NDArray[np.int64]:
    dtype = np.int64 if sum(axis[-1] for axis in axes) < 2**62 else object
    total: NDArray[np.int64] = np.zeros(1, dtype=dtype)
    for axis in axes:
        total = np.add.outer(total, np.array(axis, dtype=dtype)).ravel()
    return total


def _outer_product(counts: list[int], dtype: type) -> NDArray[np.int64]:
    total: NDArray[np.int64] = np.ones(1, dtype=dtype)
    for c in counts:
        row: NDArray[np.int64] = np.array([comb(c, k) for k in range(c + 1)], dtype=dtype)
        total = np.multiply.outer(total, row).ravel()
    return total


def type_grid(game: VotingGame) -> TypeGrid:
    """Grid over the types of a whole game."""
    return TypeGrid(
        [len(group) for group in game.types],
        [[rule.weights[group[0]] for group in game.types] for rule in game.rules],
    )


def types_seconds(game: VotingGame) -> float:
    """Rough time that the method needs; infinite if there are too many profiles."""
    n_profiles = prod(len(group) + 1 for group in game.types)
    big = game.n_players > SAFE_PLAYERS
    if n_profiles > (MAX_PROFILES_BIG if big else MAX_PROFILES):
        return float("inf")
    return 1e-3 + (2e-7 if big else 2e-8) * n_profiles * (len(game.types) + len(game.rules))


def swings_by_types(game: VotingGame) -> tuple[dict[int, list[int]], list[int]]:
    """Swings of the first player of each type by size, and winning coalitions by size."""
    n = game.n_players
    grid = type_grid(game)
    wins = np.ones(grid.sizes.size, dtype=bool)
    for rule, weight in zip(game.rules, grid.weights, strict=True):
        wins &= (weight >= rule.quota).astype(bool)
    sizes, multiplicity = grid.sizes[wins], grid.multiplicity[wins]
    winning = np.zeros(n + 1, dtype=multiplicity.dtype)
    np.add.at(winning, sizes, multiplicity)
    swings = {}
    for axis, group in enumerate(game.types):
        members = np.zeros(n + 1, dtype=multiplicity.dtype)
        np.add.at(members, sizes, multiplicity * grid.members(axis)[wins])
        within = [int(m) // len(group) for m in members]
        swings[group[0]] = swings_from_members(within, [int(w) for w in winning])
    return swings, [int(w) for w in winning]


def swings_from_members(within: list[int], winning: list[int]) -> list[int]:
    """Swings by size from the winning coalitions that contain a player, and all of them."""
    n = len(winning) - 1
    return [within[k + 1] - (winning[k] - within[k]) for k in range(n)]
