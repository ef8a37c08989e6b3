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
from games.voting.weighted_game import VotingGame, WeightedRule

__all__ = ["deegan_packel"]

MAX_CELLS = 20_000_000


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
    rules = list(dict.fromkeys(game.rules))
    single = len(rules) == 1 and rules[0].quota * (game.n_players + 1) <= MAX_CELLS
    if single and types_seconds(game) > 1:
        members = _minimal_by_generating_function(game, rules[0])
    else:
        members = _minimal_by_types(game)
    sizes = range(1, game.n_players + 1)
    spoils = [
        sum((Fraction(count, size) for count, size in zip(row, sizes, strict=True)), Fraction(0))
        for row in members
    ]
    # Every minimal coalition of k members is counted k times among the rows.
    n_minimal = sum(
        (Fraction(sum(column), k) for k, column in enumerate(zip(*members, strict=True), 1)),
        Fraction(0),
    )
    shares = tuple(unit / n_minimal for unit in spoils)
    if sum(shares) != 1 or n_minimal.denominator != 1:
        raise CertificateError("the Deegan-Packel shares do not sum to 1")
    return shares


def _minimal_by_types(game: VotingGame) -> list[list[int]]:
    # Minimal winning coalitions by player and size from 1.
    found = critical_types(game)
    minimal = found.n_critical == found.sizes
    sizes, times = found.sizes[minimal], found.multiplicity[minimal]
    members: list[list[int]] = [[]] * game.n_players
    for axis, group in enumerate(game.types):
        within = np.zeros(game.n_players + 1, dtype=times.dtype)
        np.add.at(within, sizes, times * found.members[axis][minimal])
        for i in group:
            members[i] = [int(count) // len(group) for count in within[1:]]
    return members


def _minimal_by_generating_function(game: VotingGame, rule: WeightedRule) -> list[list[int]]:
    # With players in order of falling weight, a coalition is minimal if it wins and loses without
    # its last member j: the members before j weigh from quota - w_j to quota - 1.
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
    return [joined[order.index(i)] for i in range(n)]
