"""Deegan–Packel index: minimal winning coalitions equally likely, spoils shared equally.

References
----------
.. [1] J. Deegan and E. W. Packel, "A new index of power for simple n-person games",
   International Journal of Game Theory 7, 1978, 113-123.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from games.errors import CertificateError
from games.voting.critical import critical_types
from games.voting.modular import chinese_remainder, divide, divided_out, large_primes, multiply
from games.voting.swings_by_types import types_seconds
from games.voting.weighted_game import VotingGame

__all__ = ["deegan_packel"]

MAX_CELLS = 20_000_000
MAX_SECONDS = 30.0


def deegan_packel(game: VotingGame) -> tuple[Fraction, ...]:
    """Deegan–Packel index of every player, exact; the shares sum to exactly 1.

    Raises
    ------
    TooLargeError
        If the players of a conjunction fall into too many types to list the coalitions, or the
        weights of a single rule are too large.

    Examples
    --------
    >>> [str(share) for share in deegan_packel(VotingGame.weighted(3, [2, 1, 1]))]
    ['1/2', '1/4', '1/4']
    """
    if _generating_function_seconds(game) < types_seconds(game):
        members = _minimal_by_generating_function(game)
    else:
        members = _minimal_by_types(game)
    n_minimal = Fraction(0)
    units = [Fraction(0)] * game.n_players
    for group in game.types:
        counts = members[group[0]]
        unit = sum((Fraction(c, k) for k, c in enumerate(counts, 1) if c), Fraction(0))
        # Every minimal coalition of k members is counted once per member.
        n_minimal += len(group) * unit
        for i in group:
            units[i] = unit
    shares = tuple(unit / n_minimal for unit in units)
    if n_minimal.denominator != 1 or n_minimal < 1 or sum(shares) != 1:
        raise CertificateError("the Deegan-Packel shares do not come from whole coalitions")
    return shares


def _generating_function_seconds(game: VotingGame) -> float:
    rules = list(dict.fromkeys(game.rules))
    n, cells = game.n_players, rules[0].quota * (game.n_players + 1)
    if len(rules) > 1 or cells > MAX_CELLS:
        return float("inf")
    seconds = 1e-2 + (n // 62 + 1) * n * (1e-5 * n + 1e-8 * cells)
    return seconds if seconds <= MAX_SECONDS else float("inf")


def _minimal_by_types(game: VotingGame) -> dict[int, list[int]]:
    # Minimal winning coalitions of the first player of each type, by size from 1.
    found = critical_types(game)
    minimal = found.n_critical == found.sizes
    sizes, times = found.sizes[minimal], found.multiplicity[minimal]
    members = {}
    for axis, group in enumerate(game.types):
        within = np.zeros(game.n_players + 1, dtype=times.dtype)
        np.add.at(within, sizes, times * found.members[axis][minimal])
        members[group[0]] = [int(count) // len(group) for count in within[1:]]
    return members


def _minimal_by_generating_function(game: VotingGame) -> dict[int, list[int]]:
    # With players in order of falling weight, a coalition is minimal if it wins and loses without
    # its last member j: the members before j weigh from quota - w_j to quota - 1.
    rule = game.rules[0]
    n, top = game.n_players, rule.quota - 1
    order = sorted(range(n), key=lambda i: -rule.weights[i])
    weights = [(rule.weights[i],) for i in order]
    primes = large_primes(n + 1)
    per_prime = []
    for p in primes:
        modulus = np.uint64(p)
        table = np.zeros((n + 1, top + 1), dtype=np.uint64)
        table[0] = 1
        spare = np.empty_like(table[0])
        for used, w in enumerate(weights, 1):
            if w[0] <= top:
                multiply(table, w, used, p, spare)
        before = np.zeros_like(table)  # coalitions before some later j that j completes
        rows = np.zeros((n, n), dtype=np.uint64)
        for j in range(n - 1, -1, -1):
            w = weights[j]
            # Two members more than counted: this player and the later one.
            rows[j, 1:] = divided_out(before, w, (top,), p)[:-1]
            if w[0] <= top:
                divide(table, w, n, p, spare)
            below = np.zeros_like(table)
            below[:, w[0] :] = table[:, : max(0, top + 1 - w[0])]
            window = table + (modulus - below)
            window = np.minimum(window, window - modulus)
            rows[j] += window[:n, top]
            rows[j] = np.minimum(rows[j], rows[j] - modulus)
            before += window
            np.minimum(before, before - modulus, out=before)
        per_prime.append(rows)
    joined = chinese_remainder(per_prime, primes)
    return {group[0]: joined[order.index(group[0])] for group in game.types}
