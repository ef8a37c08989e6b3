"""Nash equilibria of a game in normal form: the one entry point for every size of game.

For two players the answer is every *extreme* equilibrium: a pair of a vertex of each player's
best-response polytope. A game with finitely many equilibria has no others. In a degenerate
game equilibria may form continua; these are the *maximal Nash subsets*, products of two sets
of extreme strategies and of all mixtures of them (Winkels 1979, Jansen 1981), and their
corners are the extreme equilibria.

For three and more players almost every game has finitely many equilibria, each isolated. Small
games are searched until every part of the strategy space is settled; where that does not succeed,
and in large games, the answer is *some* equilibria, and says so.

References
----------
.. [1] H.-M. Winkels, "An algorithm to determine all equilibrium points of a bimatrix game", in
   O. Moeschlin and D. Pallaschke (eds), Game Theory and Related Topics, 1979, 137-148.
.. [2] M. J. M. Jansen, "Maximal Nash subsets for bimatrix games", Naval Research Logistics
   Quarterly 28, 1981, 147-152.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from games.equilibrium import EquilibriumList, certified
from games.isolated_equilibria import isolated_equilibria
from games.normal_form import NormalFormGame
from games.solvers.extreme_equilibria import extreme_equilibria
from games.solvers.pure_equilibria import pure_equilibria
from games.some_equilibria import some_equilibria

__all__ = ["nash_equilibria"]

_MAX_SEARCHED_PROFILES = 256
"""Action profiles up to which a search of a few seconds may settle the whole strategy space."""

_MAX_CELLS = 6_000
_CELLS_TIMES_PROFILES = 200_000


def nash_equilibria(game: NormalFormGame, *, exact: bool = False) -> EquilibriumList:
    """Every equilibrium that can be proved to be all there are, else some of them.

    Parameters
    ----------
    game : NormalFormGame
        Payoffs of any magnitude: they are taken as the exact binary fractions that they are.
    exact : bool
        Return :class:`games.solvers.extreme_equilibria.ExactEquilibrium`, which carries the
        probabilities and the payoffs as fractions as well; for two players.

    Returns
    -------
    EquilibriumList
        Where one player has a choice, the best actions; where two have, every extreme
        equilibrium: complete. With three and more, complete if the search settled the whole
        strategy space; otherwise every pure equilibrium and those that were found besides, at
        least one. ``method`` says how they were found and in which arithmetic, ``note`` whether
        the game is degenerate.

    Raises
    ------
    TooLargeError
        If the game is too large for the method.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    >>> for found in nash_equilibria(game).equilibria:
    ...     print([s.round(3).tolist() for s in found.strategies], found.payoffs.round(3))
    [[1.0, 0.0], [1.0, 0.0]] [2. 1.]
    [[0.667, 0.333], [0.333, 0.667]] [0.667 0.667]
    [[0.0, 1.0], [0.0, 1.0]] [1. 2.]
    """
    if game.n_players == 2:
        return extreme_equilibria(game, exact=exact)
    choosing = [i for i, m in enumerate(game.n_actions) if m > 1]
    if len(choosing) <= 1:
        return pure_equilibria(game)
    if len(choosing) == 2:
        return _between_two(game, choosing)
    n_profiles = game.payoffs[0].size
    if n_profiles <= _MAX_SEARCHED_PROFILES:
        max_cells = min(_MAX_CELLS, _CELLS_TIMES_PROFILES // n_profiles)
        return isolated_equilibria(game, max_cells=max_cells)
    return some_equilibria(game)


def _between_two(game: NormalFormGame, choosing: list[int]) -> EquilibriumList:
    """The same for a game of more players, all but two of whom have a single action."""
    payoffs = game.payoffs[choosing].reshape(2, *(game.n_actions[i] for i in choosing))
    listed = extreme_equilibria(NormalFormGame(payoffs))
    profiles = []
    for found in listed.equilibria:
        strategies = [np.ones(1) for _ in range(game.n_players)]
        for i, strategy in zip(choosing, found.strategies, strict=True):
            strategies[i] = strategy
        profiles.append(tuple(strategies))
    return replace(listed, equilibria=certified(game, profiles))
