"""Critical members of winning coalitions by their rank in weight, for one rule over weights.

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

from games.voting.modular import (
    Residues,
    add,
    chinese_remainder,
    divided_out,
    falling,
    large_primes,
    let_in,
    rows_and_cells,
    subtract,
)
from games.voting.swings_by_halves import only_weighted_rule
from games.voting.weighted_game import VotingGame, WeightedRule

__all__ = ["CriticalRanks", "critical_ranks", "critical_ranks_seconds"]

MAX_CELLS = 60_000_000
BATCH_CELLS = 4_000_000
"""Size of the tables of several primes that are computed together."""
PRIME_BITS = 31


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
    """Rough time that the counts need; infinite without a rule to rank by, or for huge weights."""
    rule = _rule(game)
    if rule is None or 2 * rule.quota * (game.n_players + 3) > MAX_CELLS:
        return float("inf")
    n, top = game.n_players, rule.quota - 1
    weights = sorted((w for w in rule.weights if w <= top), reverse=True)
    n_rows, n_cells = rows_and_cells(weights, top)
    return 1e-3 + len(large_primes(n + 1)) * (3e-5 * n_rows + 5e-9 * n_cells)


def _rule(game: VotingGame) -> WeightedRule | None:
    rules = set(game.rules)
    return rules.pop() if len(rules) == 1 else only_weighted_rule(game)


def critical_ranks(game: VotingGame, *, with_lighter: bool) -> CriticalRanks:
    """Counts of critical members by rank, exact.

    Parameters
    ----------
    game : VotingGame
        One rule over weights; others that only count heads are left out of account.
    with_lighter : bool
        Whether coalitions may have members after the critical one that is counted; without them
        the counts are of minimal winning coalitions.
    """
    rule = _rule(game)
    if rule is None:
        raise ValueError("ranks need exactly one rule with unequal weights, or one rule at all")
    n = game.n_players
    order = sorted(range(n), key=lambda i: -rule.weights[i])
    weights = [rule.weights[i] for i in order]
    primes = large_primes(n + 1, PRIME_BITS)
    firsts = [group[0] for group in game.types]
    at = [order.index(i) for i in firsts]
    rows = [*at, *(n + place for place in at)]
    at_once = max(1, BATCH_CELLS // (n * rule.quota))
    residues = []
    for start in range(0, len(primes), at_once):
        batch = primes[start : start + at_once]
        found = _counts(weights, rule.quota - 1, with_lighter, batch)
        residues += [counts[rows] for counts in found]
    joined = chinese_remainder(residues, primes)
    own, before = joined[: len(firsts)], joined[len(firsts) :]
    return CriticalRanks(
        dict(zip(firsts, own, strict=True)), dict(zip(firsts, before, strict=True))
    )


def _counts(
    weights: list[int], top: int, with_lighter: bool, primes: tuple[int, ...]
) -> list[Residues]:
    # By prime; rows 0 to n - 1: own counts by rank; the next n rows: before a later critical
    # one, for the first player of each weight only.
    n, p = len(weights), np.array(primes, dtype=np.uint32)[:, np.newaxis]
    least = [sums[: bisect_right(sums, top)] for sums in falling(weights)]
    table = np.zeros((max(map(len, least)), len(primes), top + 1), dtype=np.uint32)
    table[0] = 1
    spare = np.empty_like(table[0])
    for w, sums in zip(weights, least[1:], strict=True):
        let_in(table, w, sums, p, spare)
    later = np.zeros((len(table) + 1, *spare.shape), dtype=np.uint32)  # of all later players
    counts = np.zeros((len(primes), 2 * n, n), dtype=np.uint64)
    for j in range(n - 1, -1, -1):
        w = weights[j]
        if j == 0 or weights[j - 1] > w:
            found = divided_out(later, (w,), (top,), p[:, 0])[: n - 1]
            counts[:, n + j, 1 : 1 + len(found)] = found.T
        lighter = weights[j + 1] if with_lighter and j < n - 1 else top + 1
        _move(table, w, lighter, least[j + 1], p, spare)
        for m, start in enumerate(least[j]):
            _shift_onto(add, later[m], table[m], start, 0, p, spare)
            _shift_onto(subtract, later[m], table[m], start, w, p, spare)
            below = table[m, :, top - w].astype(np.uint64) if w <= top else np.uint64(0)
            counts[:, j, m] = (table[m, :, top] + (p[:, 0] - below)) % p[:, 0]
    return list(counts)


def _move(
    table: Residues, w: int, lighter: int, least: list[int], p: Residues, spare: Residues
) -> None:
    # Divide out a player who counted towards the rank, and let a lighter one in who does not.
    for m, start in enumerate(least):
        _shift_onto(add, table[m], table[m], start, lighter, p, spare)
        if m:
            _shift_onto(subtract, table[m], table[m - 1], start - w, w, p, spare)


def _shift_onto(
    change: Callable[[Residues, Residues, Residues, Residues], None],
    to: Residues,
    row: Residues,
    start: int,
    by: int,
    p: Residues,
    spare: Residues,
) -> None:
    # Add or subtract a row, zero below ``start``, shifted by a weight.
    part = row[:, start : max(start, row.shape[1] - by)]
    if n_cells := part.shape[1]:
        change(to[:, start + by : start + by + n_cells], part, p, spare[:, :n_cells])
