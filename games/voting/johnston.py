"""Johnston index: each vulnerable winning coalition shares one unit among its critical members.

References
----------
.. [1] R. J. Johnston, "On the measurement of power: some reactions to Laver", Environment and
   Planning A 10(8), 1978, 907-914.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from games.errors import CertificateError
from games.voting.critical import critical_types
from games.voting.critical_ranks import critical_ranks, uses_ranks
from games.voting.weighted_game import VotingGame

__all__ = ["johnston"]


def johnston(game: VotingGame, *, max_seconds: float = 60.0) -> tuple[Fraction, ...]:
    """Johnston index of every player, exact; the shares sum to exactly 1.

    Parameters
    ----------
    game : VotingGame
    max_seconds : float
        Largest estimated time for which the counts are started.

    Raises
    ------
    TooLargeError
        If the players of a conjunction fall into too many types to list the coalitions, or the
        weights of a single rule are too large for the time.

    Examples
    --------
    >>> [str(share) for share in johnston(VotingGame.weighted(3, [2, 1, 1]))]
    ['2/3', '1/6', '1/6']
    """
    by_ranks = uses_ranks(game, max_seconds)
    units = _units_by_ranks(game) if by_ranks else _units_by_types(game)
    n_vulnerable = sum((len(group) * units[group[0]] for group in game.types), Fraction(0))
    shares = [Fraction(0)] * game.n_players
    for group in game.types:
        for i in group:
            shares[i] = units[group[0]] / n_vulnerable
    if n_vulnerable.denominator != 1 or n_vulnerable < 1 or sum(shares) != 1:
        raise CertificateError("the Johnston shares do not come from whole coalitions")
    return tuple(shares)


def _units_by_types(game: VotingGame) -> dict[int, Fraction]:
    # What the first player of each type gets from all vulnerable coalitions.
    found = critical_types(game)
    vulnerable = found.n_critical > 0
    n_critical, times = found.n_critical[vulnerable], found.multiplicity[vulnerable]
    units = {}
    for axis, group in enumerate(game.types):
        members = found.members[axis] * found.is_critical[axis]
        within = np.zeros(game.n_players + 1, dtype=times.dtype)
        np.add.at(within, n_critical, times * members[vulnerable])
        total = sum((Fraction(int(within[c]), c) for c in range(1, len(within))), Fraction(0))
        units[group[0]] = total / len(group)
    return units


def _units_by_ranks(game: VotingGame) -> dict[int, Fraction]:
    # One of c critical members gets 1/c: 1/m as the m-th, and for every critical member of rank
    # r = m + 1, ..., c after it 1/r - 1/(r - 1).
    found = critical_ranks(game, with_lighter=True)
    units = {}
    for i, own in found.own.items():
        later = found.before[i]
        units[i] = sum((Fraction(count, m) for m, count in enumerate(own, 1)), Fraction(0)) - sum(
            (Fraction(later[r - 1], r * (r - 1)) for r in range(2, len(later) + 1)), Fraction(0)
        )
    return units
