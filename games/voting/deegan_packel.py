"""Deegan–Packel index: minimal winning coalitions equally likely, spoils shared equally.

References
----------
.. [1] J. Deegan and E. W. Packel, "A new index of power for simple n-person games",
   International Journal of Game Theory 7, 1978, 113-123.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from games.voting.critical import critical_types, critical_types_seconds
from games.voting.critical_ranks import critical_ranks, critical_ranks_seconds
from games.voting.critical_units import shared_equally, shares_of_units, units_by_quickest
from games.voting.swings import count_swings
from games.voting.swings_by_generating_function import count_threshold
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
        If two rules with unequal weights make too many types of players to list the coalitions,
        or the weights are too large for the time.

    Examples
    --------
    >>> [str(share) for share in deegan_packel(VotingGame.weighted(3, [2, 1, 1]))]
    ['1/2', '1/4', '1/4']
    """
    methods = [
        (critical_types_seconds(game), _units_by_types),
        (critical_ranks_seconds(game), _units_by_ranks),
    ]
    return shares_of_units(game, units_by_quickest(game, methods, max_seconds))


def _units_by_types(game: VotingGame) -> dict[int, Fraction]:
    members = {group[0]: [0] * (game.n_players + 1) for group in game.types}
    for found in critical_types(game):
        minimal = found.n_critical == found.sizes
        sizes, times = found.sizes[minimal], found.multiplicity[minimal]
        for group, count in zip(game.types, found.members, strict=True):
            within = np.zeros(game.n_players + 1, dtype=times.dtype)
            np.add.at(within, sizes, times * count[minimal])
            for k in range(1, within.size):
                members[group[0]][k] += int(within[k])
    return {group[0]: shared_equally(members[group[0]][1:]) / len(group) for group in game.types}


def _units_by_ranks(game: VotingGame) -> dict[int, Fraction]:
    # With the least number of members every winning coalition is minimal. A larger one is if its
    # lightest member is critical by weight: nobody comes after it.
    found, counts = critical_ranks(game, with_lighter=False), count_swings(game)
    least = count_threshold(game)
    units = {}
    for i, own in found.own.items():
        by_size = [a + b for a, b in zip(own, found.before[i], strict=True)]
        by_size[:least] = [0] * (least - 1) + [counts.swings[i][least - 1]]
        units[i] = shared_equally(by_size)
    return units
