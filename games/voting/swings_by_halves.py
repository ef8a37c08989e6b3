"""Swing counts by meeting two halves of the players in the middle.

For one list of large weights (emissions to the tonne, populations to the head) a generating
function would need a slot per unit of weight. Instead the coalitions of each half are listed, one
half sorted by size and weight, and each coalition of the other half looks up how many complete it.
Any number of players with weight zero, and a least number of members, come for free.

References
----------
.. [1] E. Horowitz and S. Sahni, "Computing partitions with applications to the knapsack problem",
   Journal of the ACM 21(2), 1974, 277-292.
"""

from __future__ import annotations

from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from games.voting.swings_by_generating_function import count_threshold
from games.voting.swings_by_types import SAFE_PLAYERS, TypeGrid, swings_from_members
from games.voting.weighted_game import VotingGame, WeightedRule

__all__ = ["halves_seconds", "only_weighted_rule", "swings_by_halves"]

MAX_HALF = 1 << 20

Group = tuple[int, ...]


def only_weighted_rule(game: VotingGame) -> WeightedRule | None:
    """The rule whose weights differ; None unless there is exactly one."""
    heavy = [rule for rule in dict.fromkeys(game.rules) if not rule.is_count]
    return heavy[0] if len(heavy) == 1 else None


def _split(game: VotingGame, rule: WeightedRule) -> tuple[list[Group], list[Group]]:
    groups = sorted((g for g in game.types if rule.weights[g[0]]), key=len, reverse=True)
    halves: tuple[list[Group], list[Group]] = ([], [])
    for group in groups:
        target = min(halves, key=lambda half: prod(len(g) + 1 for g in half))
        target.append(group)
    return halves


def halves_seconds(game: VotingGame) -> float:
    """Rough time that the method needs; infinite where it does not apply."""
    rule = only_weighted_rule(game)
    if rule is None or rule.total >= 2**62:
        return float("inf")
    halves = _split(game, rule)
    n_heavy = sum(len(g) for half in halves for g in half)
    largest = max(prod(len(g) + 1 for g in half) for half in halves)
    if n_heavy > SAFE_PLAYERS or largest > MAX_HALF:
        return float("inf")
    return 1e-2 + 1e-7 * largest * (n_heavy + 2)


def swings_by_halves(game: VotingGame) -> tuple[dict[int, list[int]], list[int]]:
    """Swings of the first player of each type by size, and winning coalitions by size."""
    rule = only_weighted_rule(game)
    if rule is None:
        raise ValueError("meeting in the middle needs exactly one rule with unequal weights")
    left, right = _split(game, rule)
    heavy_winning, members = _match(left, right, rule)
    members.update(_match(right, left, rule)[1])
    lights = [g for g in game.types if not rule.weights[g[0]]]
    n, z = game.n_players, sum(len(g) for g in lights)
    least = count_threshold(game)

    def spread(counts: list[int], n_lights: int) -> list[int]:
        total = [0] * (n + 1)
        for j, count in enumerate(counts):
            for extra in range(n_lights + 1 if count else 0):
                total[j + extra] += count * comb(n_lights, extra)
        return [0 if k < least else total[k] for k in range(n + 1)]

    winning = spread(heavy_winning, z)
    swings = {i: swings_from_members(spread(m, z), winning) for i, m in members.items()}
    for group in lights:
        # A light player is in a winning coalition with any z - 1 others: one size more.
        within = spread([0, *heavy_winning], z - 1)
        swings[group[0]] = swings_from_members(within, winning)
    return swings, winning


def _match(
    left: list[Group], right: list[Group], rule: WeightedRule
) -> tuple[list[int], dict[int, list[int]]]:
    # Winning coalitions of the weighted players by size, in all and with a player of each type
    # of the left half.
    a, b = _grid(left, rule), _grid(right, rule)
    order = np.argsort(a.sizes, kind="stable")
    sizes, weights, times = a.sizes[order], a.weights[0][order], a.multiplicity[order]
    taken = [a.members(axis)[order] for axis in range(len(left))]
    starts = np.searchsorted(sizes, np.arange(int(sizes[-1]) + 1))
    n_heavy = sum(len(g) for g in left) + sum(len(g) for g in right)
    winning = [0] * (n_heavy + 1)
    members = {group[0]: [0] * (n_heavy + 1) for group in left}
    for size in range(int(b.sizes.max()) + 1):
        of_size = b.sizes == size
        order_b = np.argsort(b.weights[0][of_size], kind="stable")
        sorted_weights = b.weights[0][of_size][order_b]
        tail = np.zeros(order_b.size + 1, dtype=np.int64)
        tail[:-1] = np.cumsum(b.multiplicity[of_size][order_b][::-1])[::-1]
        found = times * tail[np.searchsorted(sorted_weights, rule.quota - weights)]
        _add(winning, np.add.reduceat(found, starts), size)
        for axis, group in enumerate(left):
            counted = np.add.reduceat(found * taken[axis], starts)
            _add(members[group[0]], counted, size)
    for group in left:
        members[group[0]] = [m // len(group) for m in members[group[0]]]
    return winning, members


def _grid(groups: list[Group], rule: WeightedRule) -> TypeGrid:
    return TypeGrid([len(g) for g in groups], [[rule.weights[g[0]] for g in groups]])


def _add(total: list[int], counts: NDArray[np.int64], shift: int) -> None:
    for j, count in enumerate(counts.tolist()):
        total[j + shift] += count
