"""Nash equilibria of a game in normal form: the one entry point for every size of game.

For two players the answer is every *extreme* equilibrium: a pair of a vertex of each player's
best-response polytope. A game with finitely many equilibria has no others. In a degenerate
game equilibria may form continua; these are the *maximal Nash subsets*, products of two sets
of extreme strategies and of all mixtures of them (Winkels 1979, Jansen 1981), and their
corners are the extreme equilibria.

References
----------
.. [1] H.-M. Winkels, "An algorithm to determine all equilibrium points of a bimatrix game", in
   O. Moeschlin and D. Pallaschke (eds), Game Theory and Related Topics, 1979, 137-148.
.. [2] M. J. M. Jansen, "Maximal Nash subsets for bimatrix games", Naval Research Logistics
   Quarterly 28, 1981, 147-152.
"""

from __future__ import annotations

from games.equilibrium import EquilibriumList
from games.normal_form import NormalFormGame
from games.solvers.extreme_equilibria import extreme_equilibria
from games.solvers.pure_equilibria import pure_equilibria

__all__ = ["nash_equilibria"]


def nash_equilibria(game: NormalFormGame, *, exact: bool = False) -> EquilibriumList:
    """Every extreme equilibrium of a two-player game, every pure one of any other game.

    Parameters
    ----------
    game : NormalFormGame
        Payoffs of any magnitude: they are taken as the exact binary fractions that they are.
    exact : bool
        Return :class:`games.solvers.extreme_equilibria.ExactEquilibrium`, which carries the
        probabilities and the payoffs as fractions as well.

    Returns
    -------
    EquilibriumList
        ``is_complete`` is True for one and two players; ``method`` says which arithmetic was
        used and ``note`` whether the game is degenerate.

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
    return pure_equilibria(game)
