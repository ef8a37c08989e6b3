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
from games.voting.critical_ranks import critical_ranks, uses_ranks
from games.voting.weighted_game import VotingGame

__all__ = ["deegan_packel"]


def deegan_packel(game: VotingGame, *, max_seconds: float = 60.0) -> tuple[Fraction, ...]:
    """Deegan–Packel index of every player, exact; the shares sum to exactly 1.

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
    >>> [str(share) for share in deegan_packel(VotingGame.weighted(3, [2, 1, 1]))]
    ['1/2', '1/4', '1/4']
    """
    by_ranks = uses_ranks(game, max_seconds)
    members = _minimal_by_ranks(game) if by_ranks else _minimal_by_types(game)
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


def _minimal_by_ranks(game: VotingGame) -> dict[int, list[int]]:
    # A coalition is minimal if its lightest member is critical: nobody comes after it.
    found = critical_ranks(game, with_lighter=False)
    return {
        i: [a + b for a, b in zip(own, found.before[i], strict=True)]
        for i, own in found.own.items()
    }
