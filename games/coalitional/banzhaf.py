"""The Banzhaf value, raw and normalised, in floats and in exact fractions.

The Banzhaf value of player i is the mean of i's marginal contribution over all 2^(n-1)
coalitions of the others (Banzhaf, 1965; Owen, 1975 for general games). It need not add up to
v(N); the normalised index divides it by its sum.

References
----------
.. [1] J. F. Banzhaf, "Weighted voting doesn't work", Rutgers Law Review 19, 1965, 317-343.
.. [2] G. Owen, "Multilinear extensions and the Banzhaf value", Naval Research Logistics
   Quarterly 22(4), 1975, 741-750.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from games.coalitional.lattice import player_sums, size_sums
from games.coalitional.tu_game import TUGame
from games.errors import NoSolutionError
from games.normal_form import FloatArray

__all__ = [
    "banzhaf_value",
    "exact_banzhaf_value",
    "exact_normalised_banzhaf",
    "normalised_banzhaf",
]


def banzhaf_value(game: TUGame) -> FloatArray:
    """Banzhaf value of every player, shape ``(n_players,)``, in the unit of the worths.

    Examples
    --------
    >>> banzhaf_value(TUGame([0, 0, 0, 1, 0, 1, 0, 1]))
    array([0.75, 0.25, 0.25])
    """
    with_player = player_sums(game.worths, np.ones(game.n_players + 1))
    values: FloatArray = (2 * with_player - game.worths.sum()) / 2 ** (game.n_players - 1)
    return values


def exact_banzhaf_value(game: TUGame) -> tuple[Fraction, ...]:
    """Banzhaf value of every player as exact fractions."""
    with_player, total = size_sums(game.rational.numerators)
    everything = sum(int(t) for t in total)
    denominator = game.rational.denominator << (game.n_players - 1)
    return tuple(
        Fraction(2 * sum(int(w) for w in row) - everything, denominator) for row in with_player
    )


def normalised_banzhaf(game: TUGame) -> FloatArray:
    """Banzhaf values divided by their sum, shape ``(n_players,)``.

    Raises
    ------
    NoSolutionError
        If the values add up to nothing, as in a game where no coalition is worth anything.
    """
    values = banzhaf_value(game)
    total = float(values.sum())
    if abs(total) <= game.tolerance():
        raise _nothing_to_share()
    return values / total


def exact_normalised_banzhaf(game: TUGame) -> tuple[Fraction, ...]:
    """Exact fractions of :func:`normalised_banzhaf`.

    Examples
    --------
    >>> exact_normalised_banzhaf(TUGame([0, 0, 0, 1, 0, 1, 0, 1]))
    (Fraction(3, 5), Fraction(1, 5), Fraction(1, 5))
    """
    values = exact_banzhaf_value(game)
    total = sum(values)
    if total == 0:
        raise _nothing_to_share()
    return tuple(value / total for value in values)


def _nothing_to_share() -> NoSolutionError:
    return NoSolutionError(
        "normalised Banzhaf index: the Banzhaf values add up to 0, so shares of them do not "
        "exist; use the Banzhaf value itself"
    )
