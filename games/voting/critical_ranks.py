"""Critical members of winning coalitions by their rank in weight, for a single rule.

In a coalition that weighs ``quota + e`` the critical members are those heavier than e, so its
heaviest ones. With players in order of falling weight, let ``a_j(m)`` be the number of coalitions
in which player j is critical and the m-th heaviest member, and ``b_i(m)`` the number of pairs of
such a coalition and a member i before its critical m-th member. These numbers give every index
that counts critical members.

The coalitions without j that weigh from ``quota - w_j`` to ``quota - 1`` are counted by a
generating function in which the players before j count towards the rank and those after j do not.
From one j to the next, one player is divided out and one multiplied in. To get ``b_i``, player i
is divided out of the sum over all later j.

References
----------
.. [1] J. M. Bilbao, J. R. Fernández, A. Jiménez Losada and J. J. López, "Generating functions for
   computing power indices efficiently", TOP 8(2), 2000, 191-213.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from games.errors import TooLargeError
from games.voting.modular import (
    Residues,
    add,
    chinese_remainder,
    divided_out,
    falling,
    large_primes,
    multiply,
    rows_and_cells,
    subtract,
)
from games.voting.swings_by_types import types_seconds
from games.voting.weighted_game import VotingGame

__all__ = ["CriticalRanks", "critical_ranks", "critical_ranks_seconds", "uses_ranks"]

MAX_CELLS = 30_000_000


@dataclass(frozen=True)
class CriticalRanks:
    """Counts by rank for the first player of each type.

    Parameters
    ----------
    own : dict of int to list of int
        ``own[i][m - 1]``: coalitions in which i is critical and the m-th heaviest member.
    before : dict of int to list of int
        ``before[i][m - 1]``: coalitions with i whose m-th heaviest member is another, comes after
        i, and is critical.

    Notes
    -----
    Players of equal weight keep an order of their own: only ``own`` and ``before`` together mean
    the same for all of them.
    """

    own: dict[int, list[int]]
    before: dict[int, list[int]]


def critical_ranks_seconds(game: VotingGame) -> float:
    """Rough time that the counts need; infinite for conjunctions and very large weights."""
    rules = list(dict.fromkeys(game.rules))
    n, top = game.n_players, rules[0].quota - 1
    if len(rules) > 1 or 2 * (top + 1) * (n + 3) > MAX_CELLS:
        return float("inf")
    weights = sorted((w for w in rules[0].weights if w <= top), reverse=True)
    n_rows, n_cells = rows_and_cells(weights, top)
    return 1e-3 + len(large_primes(n + 1)) * (3e-5 * n_rows + 5e-9 * n_cells)


def uses_ranks(game: VotingGame, max_seconds: float) -> bool:
    """Whether counts by rank are the faster way, compared to listing coalitions by types.

    Raises
    ------
    TooLargeError
        If they are the only way and would take longer than ``max_seconds``.
    """
    seconds, by_types = critical_ranks_seconds(game), types_seconds(game)
    if max_seconds < seconds < by_types == float("inf"):
        raise TooLargeError(
            f"counting the critical members of {game.n_players} players would take some "
            f"{seconds:.0f} s, more than max_seconds={max_seconds:g}; allow more time in Python, "
            "or round the weights to larger units"
        )
    return seconds < by_types and seconds <= max_seconds


def critical_ranks(game: VotingGame, *, with_lighter: bool) -> CriticalRanks:
    """Counts of critical members by rank, exact.

    Parameters
    ----------
    game : VotingGame
        Of a single rule.
    with_lighter : bool
        Whether coalitions may have members after the critical one that is counted; without them
        the counts are of minimal winning coalitions.
    """
    rule = game.rules[0]
    n = game.n_players
    order = sorted(range(n), key=lambda i: -rule.weights[i])
    weights = [rule.weights[i] for i in order]
    primes = large_primes(n + 1)
    per_prime = [_counts(weights, rule.quota - 1, with_lighter, p) for p in primes]
    joined = chinese_remainder(per_prime, primes)
    at = {i: place for place, i in enumerate(order)}
    firsts = [group[0] for group in game.types]
    return CriticalRanks(
        {i: joined[at[i]] for i in firsts}, {i: joined[n + at[i]] for i in firsts}
    )


def _counts(weights: list[int], top: int, with_lighter: bool, p: int) -> Residues:
    # Rows 0 to n - 1: own counts by rank; the next n rows: counts before a later critical member.
    n = len(weights)
    least = [sums[: bisect_right(sums, top)] for sums in falling(weights)]
    n_rows = max(map(len, least))
    table = np.zeros((n_rows, top + 1), dtype=np.uint64)
    table[0] = 1
    spare = np.empty(top + 1, dtype=np.uint64)
    for w, sums in zip(weights, least, strict=False):
        multiply(table, (w,), sums, p, spare)
    later = np.zeros((n_rows + 1, top + 1), dtype=np.uint64)  # coalitions of all later players
    counts = np.zeros((2 * n, n), dtype=np.uint64)
    for j in range(n - 1, -1, -1):
        w = weights[j]
        found = divided_out(later, (w,), (top,), p)[: n - 1]
        counts[n + j, 1 : 1 + found.size] = found
        lighter = weights[j + 1] if with_lighter and j < n - 1 else top + 1
        _move(table, w, lighter, least[j + 1], p, spare)
        for m, start in enumerate(least[j]):
            _shift_onto(add, later[m], table[m], start, 0, p, spare)
            _shift_onto(subtract, later[m], table[m], start, w, p, spare)
            below = int(table[m, top - w]) if w <= top else 0
            counts[j, m] = (int(table[m, top]) - below) % p
    return counts


def _move(
    table: Residues, w: int, lighter: int, least: list[int], p: int, spare: Residues
) -> None:
    # Divide out a player who counted towards the rank, and let a lighter one in who does not.
    for m, start in enumerate(least):
        _shift_onto(add, table[m], table[m], start, lighter, p, spare)
        if m:
            _shift_onto(subtract, table[m], table[m - 1], start - w, w, p, spare)


def _shift_onto(
    change: Callable[[Residues, Residues, int, Residues], None],
    to: Residues,
    row: Residues,
    start: int,
    by: int,
    p: int,
    spare: Residues,
) -> None:
    # Add or subtract a row, zero below ``start``, shifted by a weight.
    part = row[start : max(start, row.size - by)]
    change(to[start + by : start + by + part.size], part, p, spare[: part.size])
