"""Johnston index: each vulnerable winning coalition shares one unit among its critical members.

References
----------
.. [1] R. J. Johnston, "On the measurement of power: some reactions to Laver", Environment and
   Planning A 10(8), 1978, 907-914.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from games.voting.critical import critical_types, critical_types_seconds
from games.voting.critical_ranks import critical_ranks, critical_ranks_seconds
from games.voting.critical_sweeps import is_size_binding, sweeps_seconds, units_by_sweeps
from games.voting.critical_units import shared_equally, shares_of_units, units_by_quickest
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
        If two rules with unequal weights make too many types of players to list the coalitions,
        or the weights are too large for the time.

    Examples
    --------
    >>> [str(share) for share in johnston(VotingGame.weighted(3, [2, 1, 1]))]
    ['2/3', '1/6', '1/6']
    """
    methods = [
        (critical_types_seconds(game), _units_by_types),
        (sweeps_seconds(game), units_by_sweeps),
    ]
    if not is_size_binding(game):
        methods.append((critical_ranks_seconds(game), _units_by_ranks))
    return shares_of_units(game, units_by_quickest(game, methods, max_seconds))


def _units_by_types(game: VotingGame) -> dict[int, Fraction]:
    members = {group[0]: [0] * (game.n_players + 1) for group in game.types}
    for found in critical_types(game):
        for axis, group in enumerate(game.types):
            critical = found.is_critical[axis]
            within = np.zeros(game.n_players + 1, dtype=found.multiplicity.dtype)
            times = found.multiplicity[critical] * found.members[axis][critical]
            np.add.at(within, found.n_critical[critical], times)
            for c in range(1, within.size):
                members[group[0]][c] += int(within[c])
    return {group[0]: shared_equally(members[group[0]][1:]) / len(group) for group in game.types}


def _units_by_ranks(game: VotingGame) -> dict[int, Fraction]:
    # One of c critical members gets 1/c: 1/m as the m-th, less 1/(r - 1) - 1/r for every critical
    # member of rank r = m + 1, ..., c after it.
    found = critical_ranks(game, with_lighter=True)
    units = {}
    for i, own in found.own.items():
        later = found.before[i]
        first = shared_equally([a + b for a, b in zip(own, later, strict=True)])
        units[i] = first - shared_equally(later[1:])
    return units
