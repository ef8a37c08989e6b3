"""From externalities to a TU game: what a coalition expects the others to do.

A coalition that thinks of forming must guess the others' reaction. Each guess turns the game
into a TU game, whose core, values and other solutions then apply:

* ``SINGLETONS``: the others stay alone (the gamma core of Chander & Tulkens, 1997; the
  externality-free worths of de Clippel & Serrano, 2008);
* ``TOGETHER``: the others join in one coalition (the delta core);
* ``PESSIMISTIC``: the arrangement that is worst for the coalition (the alpha core);
* ``OPTIMISTIC``: the one that is best for it;
* ``RATIONAL``: the others arrange themselves for their largest joint worth, of several such
  the worst for the coalition (the efficient reaction of Hafalir, 2007).

References
----------
.. [1] P. Chander, H. Tulkens, "The core of an economy with multilateral environmental
   externalities", International Journal of Game Theory 26, 1997, 379-401.
.. [2] I. E. Hafalir, "Efficiency in coalition games with externalities", Games and Economic
   Behavior 61, 2007, 242-258.
.. [3] G. de Clippel, R. Serrano, "Marginal contributions and externalities in the value",
   Econometrica 76(6), 2008, 1413-1436.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

from games.coalitional.lattice import members
from games.coalitional.tu_game import TUGame
from games.partition_function.partition_game import PartitionFunctionGame
from games.partition_function.partitions import partitions, sorted_partition

__all__ = ["Conjecture", "conjectured_game"]


class Conjecture(Enum):
    """What a coalition expects of those outside it."""

    SINGLETONS = "the others stay alone"
    TOGETHER = "the others form one coalition"
    PESSIMISTIC = "the others do their worst to the coalition"
    OPTIMISTIC = "the others do their best for the coalition"
    RATIONAL = "the others get the most for themselves together"


def conjectured_game(game: PartitionFunctionGame, conjecture: Conjecture) -> TUGame:
    """TU game of what each coalition can expect under a conjecture.

    Examples
    --------
    >>> game = PartitionFunctionGame.from_function(lambda S, P: len(S) * len(P), 3)
    >>> conjectured_game(game, Conjecture.SINGLETONS).worths
    array([0., 3., 3., 4., 3., 4., 4., 3.])
    >>> conjectured_game(game, Conjecture.TOGETHER).worths
    array([0., 2., 2., 4., 2., 4., 4., 3.])
    """
    worths = [Fraction(0)]
    worths += [_expected(game, mask, conjecture) for mask in range(1, game.everyone + 1)]
    return TUGame(worths, game.players)


def _expected(game: PartitionFunctionGame, mask: int, conjecture: Conjecture) -> Fraction:
    rest = game.everyone ^ mask
    if conjecture is Conjecture.SINGLETONS:
        return game.worth(mask, (mask, *(1 << i for i in members(rest))))
    if conjecture is Conjecture.TOGETHER:
        return game.worth(mask, sorted_partition(mask, rest))
    reactions = []
    for outside in partitions(rest):
        whole = sorted_partition(mask, *outside)
        worth = game.worth(mask, whole)
        reactions.append((game.total(whole) - worth, worth))
    if conjecture is Conjecture.PESSIMISTIC:
        return min(worth for _, worth in reactions)
    if conjecture is Conjecture.OPTIMISTIC:
        return max(worth for _, worth in reactions)
    best = max(others for others, _ in reactions)
    return min(worth for others, worth in reactions if others == best)
