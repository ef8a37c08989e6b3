"""Winning coalitions by types of players, with the types that are critical in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from games.voting.swings_by_types import SAFE_PLAYERS, TypeGrid
from games.voting.weighted_game import VotingGame

__all__ = ["CriticalTypes", "critical_types", "critical_types_seconds"]

MAX_PROFILES = 1 << 30
MAX_PROFILES_BIG = 300_000
CHUNK_PROFILES = 1 << 17


@dataclass(frozen=True, eq=False)
class CriticalTypes:
    """Some of the winning coalitions, up to names of like players.

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


def critical_types_seconds(game: VotingGame) -> float:
    """Rough time that listing all coalitions needs; infinite if there are too many."""
    n_profiles = prod(len(group) + 1 for group in game.types)
    big = game.n_players > SAFE_PLAYERS
    if n_profiles > (MAX_PROFILES_BIG if big else MAX_PROFILES):
        return float("inf")
    by_profile = (2e-7 if big else 1.5e-9) * len(game.types) * len(game.rules)
    return 1e-3 + by_profile * n_profiles


def critical_types(game: VotingGame) -> Iterator[CriticalTypes]:
    """All winning coalitions up to names of like players, with their critical types, in parts."""
    n_inner = 0
    while n_inner < len(game.types) and (
        prod(len(group) + 1 for group in game.types[-n_inner - 1 :]) <= CHUNK_PROFILES
    ):
        n_inner += 1
    outer = game.types[: len(game.types) - n_inner]
    inner = game.types[len(outer) :]
    grid = TypeGrid(
        [len(group) for group in inner],
        [[rule.weights[group[0]] for group in inner] for rule in game.rules],
    )
    big = game.n_players > SAFE_PLAYERS
    multiplicity = grid.multiplicity.astype(object) if big else grid.multiplicity
    for taken in product(*(range(len(group) + 1) for group in outer)):
        # The grid holds what the inner types bring; the outer ones bring the same to all of it.
        found = [
            weight + sum(k * rule.weights[g[0]] for k, g in zip(taken, outer, strict=True))
            for rule, weight in zip(game.rules, grid.weights, strict=True)
        ]
        wins = np.ones(grid.sizes.size, dtype=bool)
        for rule, weight in zip(game.rules, found, strict=True):
            wins &= (weight >= rule.quota).astype(bool)
        if wins.any():
            times = prod(comb(len(g), k) for k, g in zip(taken, outer, strict=True))
            n_winning = int(wins.sum())
            members = [np.full(n_winning, k, dtype=np.int64) for k in taken]
            members += [grid.members(axis)[wins] for axis in range(n_inner)]
            sizes = grid.sizes[wins] + sum(taken)
            rooms = [w[wins] - r.quota for w, r in zip(found, game.rules, strict=True)]
            yield _with_critical(game, sizes, multiplicity[wins] * times, members, rooms)


def _with_critical(
    game: VotingGame,
    sizes: NDArray[np.int64],
    multiplicity: NDArray[np.int64],
    members: list[NDArray[np.int64]],
    rooms: list[NDArray[np.int64]],
) -> CriticalTypes:
    # A member is critical if by some rule it weighs more than the coalition has beyond the quota.
    n_critical = np.zeros(sizes.size, dtype=np.int64)
    is_critical = []
    for group, count in zip(game.types, members, strict=True):
        critical = np.zeros(sizes.size, dtype=bool)
        for rule, room in zip(game.rules, rooms, strict=True):
            critical |= (room < rule.weights[group[0]]).astype(bool)
        critical &= count > 0
        n_critical += count * critical
        is_critical.append(critical)
    return CriticalTypes(sizes, multiplicity, n_critical, members, is_critical)
