"""Shares of the critical members of coalitions that need a number of members and a weight.

A coalition wins with h members that weigh the quota. In one of h members everybody is critical.
One of more members has a *room*, its weight beyond the quota, and its critical members are those
heavier than the room. With players in order of falling weight they are its members among the
first t, where t players are heavier than the room.

Glossary: the sets of players who stay *outside* are counted, which may weigh the slack, total
minus quota. ``F_t(a, x)`` counts the sets of a of the first t players that weigh x; ``G_t(a, x)``
the sets of later players that may stay outside with such a set. ``b_t(a, x)`` is what a critical
member among the first t gets from all coalitions that leave such a set and later players outside:

    b_t(a, x) = V_t(a, x) + b_{t+1}(a, x) + b_{t+1}(a + 1, x + w_{t+1}),

where ``V_t`` stands for the coalitions with a room from ``w_{t+1}`` to ``w_t - 1``, each at
1 / (t - a). Player t gets the sum of ``F_{t-1}(a, x) b_t(a, x)``, so that one backward sweep
serves all players.

A share times the least common multiple of 1, ..., n is whole. It is computed modulo primes below
2**31, whose products fit 64 bits, and put together by the Chinese remainder theorem.

References
----------
.. [1] J. M. Bilbao, J. R. Fernández, A. Jiménez Losada and J. J. López, "Generating functions for
   computing power indices efficiently", TOP 8(2), 2000, 191-213.
.. [2] A. Griewank and A. Walther, "Evaluating Derivatives", 2nd ed., SIAM, 2008 (reverse mode).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np

from games.voting.modular import (
    Residues,
    add,
    chinese_remainder,
    falling,
    large_primes,
    let_in,
    subtract,
)
from games.voting.swings import count_swings
from games.voting.swings_by_generating_function import count_threshold
from games.voting.swings_by_halves import only_weighted_rule
from games.voting.weighted_game import VotingGame, WeightedRule

__all__ = ["is_size_binding", "sweeps_seconds", "units_by_sweeps"]

MAX_CELLS = 40_000_000
"""Largest table; three of them are held."""
BATCH_CELLS = 4_000_000
"""Size of the tables of several primes that are swept together, to stay in the cache."""
PRIME_BITS = 31


@dataclass(frozen=True)
class _Outsiders:
    # Players in order of falling weight; the most that may stay outside, by weight and number.
    weights: tuple[int, ...]
    slack: int
    most: int

    @cached_property
    def least(self) -> list[list[int]]:
        """Least weights of a = 0, 1, ... of the first t players, as far as they may be outside."""
        return [
            sums[: bisect_right(sums, self.slack)][: self.most + 1]
            for sums in falling(self.weights)
        ]


def sweeps_seconds(game: VotingGame) -> float:
    """Rough time that the method needs; infinite where it does not apply."""
    rule = only_weighted_rule(game)
    if rule is None:
        return float("inf")
    outsiders = _outsiders(game, rule)
    n, width, least = game.n_players, outsiders.slack + 1, outsiders.least
    if len(least[-1]) * width > MAX_CELLS:
        return float("inf")
    n_rows = sum(map(len, least))
    n_cells = n_rows * width - sum(map(sum, least))
    n_primes = len(large_primes(n + _multiple(n).bit_length(), PRIME_BITS))
    by_step = 5e-10 + 9e-9 * len(game.types) / n
    return 1e-3 + n_primes * (4e-6 * n_rows + by_step * n_cells)


def is_size_binding(game: VotingGame) -> bool:
    """Whether a rule that counts heads stops anything that the weights allow."""
    rule = only_weighted_rule(game)
    if rule is None:
        return len(game.rules) > 1
    outsiders, least = _outsiders(game, rule), count_threshold(game)
    lightest = falling(outsiders.weights)[-1]
    return least > 1 and bisect_right(lightest, outsiders.slack) > outsiders.most + 1


def _outsiders(game: VotingGame, rule: WeightedRule) -> _Outsiders:
    most = game.n_players - count_threshold(game) - 1
    return _Outsiders(tuple(sorted(rule.weights, reverse=True)), rule.total - rule.quota, most)


def _multiple(n: int) -> int:
    return lcm(*range(1, n + 1))


def units_by_sweeps(game: VotingGame) -> dict[int, Fraction]:
    """What the first player of each type gets if every coalition shares a unit, exact.

    Parameters
    ----------
    game : VotingGame
        One rule over unequal weights, and any that only count heads.

    Returns
    -------
    dict of int to Fraction
        Sum over the winning coalitions in which the player is critical of one divided by the
        number of its critical members.
    """
    rule = only_weighted_rule(game)
    if rule is None:
        raise ValueError("sweeps need exactly one rule with unequal weights")
    outsiders = _outsiders(game, rule)
    counts = count_swings(game)
    multiple = _multiple(game.n_players)
    primes = large_primes((counts.n_winning * multiple).bit_length(), PRIME_BITS)
    at_once = max(1, BATCH_CELLS // max(1, len(outsiders.least[-1]) * (outsiders.slack + 1)))
    residues = []
    for start in range(0, len(primes), at_once):
        residues += _units(outsiders, primes[start : start + at_once], multiple)
    [joined] = chinese_remainder(residues, primes)
    order = sorted(range(game.n_players), key=lambda i: -rule.weights[i])
    least = count_threshold(game)
    units = {}
    for group in game.types:
        # In a coalition of the least number of members, every member is critical.
        of_least_size = Fraction(counts.swings[group[0]][least - 1], least)
        units[group[0]] = of_least_size + Fraction(joined[order.index(group[0])], multiple)
    return units


def _units(outsiders: _Outsiders, primes: tuple[int, ...], multiple: int) -> list[Residues]:
    # Units of the first player of each weight modulo each prime; 0 for those that follow.
    weights, least = outsiders.weights, outsiders.least
    n, n_rows = len(weights), len(least[-1])
    units = np.zeros((len(primes), 1, n), dtype=np.uint64)
    if not n_rows:
        return list(units)
    p = np.array(primes, dtype=np.uint32)[:, np.newaxis]
    table = np.zeros((n_rows, len(primes), outsiders.slack + 1), dtype=np.uint32)  # F
    table[0, :, 0] = 1
    worth = np.zeros_like(table)  # b
    others = np.ones_like(table)  # G
    spare = np.empty_like(table[0])
    for w, limits in zip(weights, least[1:], strict=True):
        let_in(table, w, limits, p, spare)
    lighter = 0
    for t in range(n - 1, -1, -1):
        w = weights[t]
        if t + 1 < n:
            _let_out(worth, lighter, least[t + 1], p, spare)
            _let_out(others, lighter, least[t + 1], p, spare)
        if w > lighter:
            _share(worth, others, (lighter, w), t + 1, least[t + 1], p)
        for a, start in enumerate(least[t + 1][1:], 1):  # player t is divided out
            source = table[a - 1][:, start - w : spare.shape[1] - w]
            subtract(table[a][:, start:], source, p, spare[:, start:])
        if t == 0 or weights[t - 1] > w:
            units[:, 0, t] = _dot(table, worth, least[t], p)
        lighter = w
    factors = np.array([[[multiple % prime]] for prime in primes], dtype=np.uint64)
    return list(units * factors % p[:, np.newaxis])


def _let_out(table: Residues, w: int, limits: list[int], p: Residues, spare: Residues) -> None:
    # Each set may now have one more player outside.
    for row, following, start in zip(table, table[1:], limits, strict=False):
        term = following[:, start + w :]
        add(row[:, start : start + term.shape[1]], term, p, spare[:, : term.shape[1]])


def _share(
    worth: Residues,
    others: Residues,
    rooms: tuple[int, int],
    t: int,
    limits: list[int],
    p: Residues,
) -> None:
    # Coalitions with a room in the range have t - a critical members.
    low, high = rooms
    modulus = p.astype(np.uint64)
    for a, start in enumerate(limits[:t]):
        gain = others[a][:, start + low :] + modulus
        below = others[a][:, start + high :]
        gain[:, : below.shape[1]] -= below
        gain *= np.array([[pow(t - a, -1, int(q))] for q in p[:, 0]], dtype=np.uint64)
        part = worth[a][:, start : start + gain.shape[1]]
        gain += part
        part[:] = gain - gain // modulus * modulus


def _dot(x: Residues, y: Residues, limits: list[int], p: Residues) -> Residues:
    # Sums of products by prime; each product fits 62 bits, and their residues' sum fits 64.
    modulus = p.astype(np.uint64)
    total = np.zeros(p.size, dtype=np.uint64)
    for a, start in enumerate(limits):
        products = np.multiply(x[a][:, start:], y[a][:, start:], dtype=np.uint64)
        products -= products // modulus * modulus
        total += products.sum(axis=1)
    return total % modulus[:, 0]
