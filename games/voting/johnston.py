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
from games.voting.weighted_game import VotingGame

__all__ = ["johnston"]


def johnston(game: VotingGame) -> tuple[Fraction, ...]:
    """Johnston index of every player, exact; the shares sum to exactly 1.

    Raises
    ------
    TooLargeError
        If the players fall into too many types to list the coalitions.

    Examples
    --------
    >>> [str(share) for share in johnston(VotingGame.weighted(3, [2, 1, 1]))]
    ['2/3', '1/6', '1/6']
    """
    found = critical_types(game)
    vulnerable = found.n_critical > 0
    n_critical, times = found.n_critical[vulnerable], found.multiplicity[vulnerable]
    n_vulnerable = int(times.sum())
    shares = [Fraction(0)] * game.n_players
    for axis, group in enumerate(game.types):
        members = found.members[axis] * found.is_critical[axis]
        within = np.zeros(game.n_players + 1, dtype=times.dtype)
        np.add.at(within, n_critical, times * members[vulnerable])
        units = sum((Fraction(int(within[c]), c) for c in range(1, len(within))), Fraction(0))
        for i in group:
            shares[i] = units / (n_vulnerable * len(group))
    if sum(shares) != 1:
        raise CertificateError("the Johnston shares do not sum to 1")
    return tuple(shares)
