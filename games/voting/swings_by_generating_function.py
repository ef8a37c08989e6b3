"""Swing counts by a generating function, in modular arithmetic put together to big integers.

The coalitions that stay *outside* a winning one are counted: by every rule r they may weigh at
most ``slack_r = total_r - quota_r``. The coefficients of ``prod_i (1 + z prod_r y_r**w_ri)``,
summed over all weights up to y, form an array ``table[size, y_1, ..., y_d]``; each player costs
one shifted addition, and player i is divided out by the alternating series of
``1 / (1 + z y**w)``.

The counts reach 2**n. They are computed modulo several primes just below 2**63, whose product
exceeds 2**n, and put together by the Chinese remainder theorem: exact, and as fast as an array.

Rules with equal weights only bound the size of the winning coalition, and sizes are kept anyway.

References
----------
.. [1] I. Mann and L. S. Shapley, "Values of large games VI: evaluating the Electoral College
   exactly", RAND RM-3158, 1962.
.. [2] J. M. Bilbao, J. R. Fernández, A. Jiménez Losada and J. J. López, "Generating functions for
   computing power indices efficiently", TOP 8(2), 2000, 191-213.
"""

from __future__ import annotations

from math import prod

import numpy as np

from games.voting.modular import (
    Residues,
    chinese_remainder,
    divided_out,
    falling,
    large_primes,
    multiply,
    rows_and_cells,
)
from games.voting.weighted_game import VotingGame

__all__ = ["count_threshold", "generating_function_seconds", "swings_by_generating_function"]

MAX_BYTES = 1_000_000_000


def count_threshold(game: VotingGame) -> int:
    """Fewest members of a winning coalition by the rules that only count heads; at least 1."""
    needed = [-(-rule.quota // rule.weights[0]) for rule in game.rules if rule.is_count]
    return max([1, *needed])


def generating_function_seconds(game: VotingGame) -> float:
    """Rough time that the method needs; infinite if the memory would not do."""
    slacks, weights = _slacks_and_weights(game)
    n = game.n_players
    plane = prod(slack + 1 for slack in slacks[:-1])
    if 8 * (n + 1) * plane * (slacks[-1] + 1) > MAX_BYTES:
        return float("inf")
    n_rows, n_cells = rows_and_cells([w[-1] for w in _fitting(weights, slacks)], slacks[-1])
    return len(large_primes(n)) * (3e-6 * n_rows + 2e-9 * plane * n_cells)


def swings_by_generating_function(game: VotingGame) -> tuple[dict[int, list[int]], list[int]]:
    """Swings of the first player of each type by size, and winning coalitions by size."""
    n = game.n_players
    slacks, weights = _slacks_and_weights(game)
    firsts = [group[0] for group in game.types]
    primes = large_primes(n)
    per_prime = []
    for p in primes:
        table = _table(weights, slacks, n, p)
        corner: tuple[slice | int, ...] = (slice(None), *slacks)
        everyone = table[corner]
        # Outside coalitions without i that leave the others enough without i.
        without = [divided_out(table, weights[i], slacks, p) for i in firsts]
        per_prime.append(np.stack([everyone, *(np.append(row, np.uint64(0)) for row in without)]))
    joined = chinese_remainder(per_prime, primes)
    outside, without_lists = joined[0], joined[1:]
    least = count_threshold(game)
    winning = [outside[n - k] if k >= least else 0 for k in range(n + 1)]
    swings = {}
    for i, spare in zip(firsts, without_lists, strict=True):
        # Outside coalitions without i that leave the others enough with i: divide out once.
        enough = [outside[k] - (spare[k - 1] if k else 0) for k in range(n)]
        swings[i] = [
            0 if k < least - 1 else enough[n - 1 - k] - (spare[n - 1 - k] if k >= least else 0)
            for k in range(n)
        ]
    return swings, winning


def _slacks_and_weights(game: VotingGame) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
    heavy = [rule for rule in dict.fromkeys(game.rules) if not rule.is_count]
    # The last axis is the longest: rows of it are added.
    heavy.sort(key=lambda rule: rule.total - rule.quota)
    slacks = tuple(rule.total - rule.quota for rule in heavy) or (0,)
    columns = [rule.weights for rule in heavy] or [(0,) * game.n_players]
    return slacks, list(zip(*columns, strict=True))


def _table(weights: list[tuple[int, ...]], slacks: tuple[int, ...], n: int, p: int) -> Residues:
    # table[k, y]: coalitions of k players that weigh at most y by every rule, modulo p.
    table = np.zeros((n + 1, *(slack + 1 for slack in slacks)), dtype=np.uint64)
    table[0] = 1
    spare = np.empty_like(table[0])
    fitting = _fitting(weights, slacks)
    for w, least in zip(fitting, falling([w[-1] for w in fitting]), strict=False):
        multiply(table, w, least, p, spare)
    return table


def _fitting(weights: list[tuple[int, ...]], slacks: tuple[int, ...]) -> list[tuple[int, ...]]:
    # Players who can stay outside at all, the heaviest by the last rule first.
    fit = [w for w in weights if all(v <= slack for v, slack in zip(w, slacks, strict=True))]
    return sorted(fit, key=lambda w: -w[-1])
