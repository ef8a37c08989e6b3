"""Values of games in partition function form, in exact fractions.

All share out what the grand coalition is worth, and equal the Shapley value when there are no
externalities. They differ in how a coalition's worth is averaged over the others' arrangements:
Myerson (1977) gives every embedded coalition its own weight, de Clippel & Serrano (2008) let the
others stay alone, and Macho-Stadler, Perez-Castrillo & Wettstein (2007) average over all
arrangements with weights that a random seating would give.

References
----------
.. [1] R. B. Myerson, "Values of games in partition function form", International Journal of Game
   Theory 6, 1977, 23-31.
.. [2] I. Macho-Stadler, D. Perez-Castrillo, D. Wettstein, "Sharing the surplus: an extension of
   the Shapley value for environments with externalities", Journal of Economic Theory 135, 2007,
   339-356.
.. [3] G. de Clippel, R. Serrano, "Marginal contributions and externalities in the value",
   Econometrica 76(6), 2008, 1413-1436.
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial, prod

from games.coalitional.lattice import members
from games.coalitional.shapley import exact_shapley_value
from games.coalitional.tu_game import TUGame
from games.errors import CertificateError
from games.partition_function.conjectures import Conjecture, conjectured_game
from games.partition_function.partition_game import PartitionFunctionGame
from games.partition_function.partitions import partitions, sorted_partition

__all__ = ["average_game", "average_value", "externality_free_value", "myerson_partition_value"]


def myerson_partition_value(game: PartitionFunctionGame) -> tuple[Fraction, ...]:
    """Myerson's (1977) value of every player, in the unit of the worths.

    Raises
    ------
    CertificateError
        If the values do not add up to the worth of the grand coalition.

    Notes
    -----
    Player i gets the sum over embedded coalitions (S, Q), with q = |Q|, of
    ``(-1)^(q-1) (q-1)! [1/n - sum of 1 / ((q-1) (n-|T|)) over T in Q other than S, without i]``
    times v(S, Q). It can reward a player whose presence only harms others.

    Examples
    --------
    >>> game = PartitionFunctionGame({(0b11,): [5], (0b01, 0b10): [1, 2]})
    >>> myerson_partition_value(game)
    (Fraction(2, 1), Fraction(3, 1))
    """
    n = game.n_players
    everybody = Fraction(0)
    outside = [Fraction(0)] * n  # by |T|: terms of those who are not in T
    inside = [[Fraction(0)] * n for _ in range(n)]
    for partition, worths in game.worths.items():
        q = len(partition)
        sign = (-1) ** (q - 1)
        total = sum(worths)
        everybody += sign * factorial(q - 1) * total
        for coalition, worth in zip(partition, worths, strict=True):
            if q > 1:
                size = coalition.bit_count()
                term = sign * factorial(q - 2) * (total - worth)
                outside[size] += term
                for i in members(coalition):
                    inside[i][size] += term
    values = tuple(
        everybody / n - sum((outside[t] - own[t]) / (n - t) for t in range(n)) for own in inside
    )
    return _efficient(game, values)


def externality_free_value(game: PartitionFunctionGame) -> tuple[Fraction, ...]:
    """Shapley value of the worths with the others alone (de Clippel & Serrano, 2008).

    Examples
    --------
    >>> game = PartitionFunctionGame({(0b11,): [5], (0b01, 0b10): [1, 2]})
    >>> externality_free_value(game)
    (Fraction(2, 1), Fraction(3, 1))
    """
    return _efficient(game, exact_shapley_value(conjectured_game(game, Conjecture.SINGLETONS)))


def average_value(game: PartitionFunctionGame) -> tuple[Fraction, ...]:
    """Shapley value of the average worths (Macho-Stadler et al., 2007)."""
    return _efficient(game, exact_shapley_value(average_game(game)))


def average_game(game: PartitionFunctionGame) -> TUGame:
    """TU game of each coalition's worth, averaged over the others' arrangements.

    An arrangement has the probability of being the cycles of a random permutation of the
    others: the product of (|T| - 1)! over its coalitions T, divided by (n - |S|)!.

    Examples
    --------
    >>> game = PartitionFunctionGame.from_function(lambda S, P: len(S) * len(P), 3)
    >>> average_game(game).worths
    array([0. , 2.5, 2.5, 4. , 2.5, 4. , 4. , 3. ])
    """
    worths = [Fraction(0)]
    for mask in range(1, game.everyone + 1):
        rest = game.everyone ^ mask
        total = Fraction(0)
        for outside in partitions(rest):
            weight = prod(factorial(block.bit_count() - 1) for block in outside)
            total += weight * game.worth(mask, sorted_partition(mask, *outside))
        worths.append(total / factorial(rest.bit_count()))
    return TUGame(worths, game.players)


def _efficient(game: PartitionFunctionGame, values: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    if sum(values) != game.worth(game.everyone, (game.everyone,)):
        raise CertificateError("values miss the grand coalition's worth")
    return values
