"""Harsanyi dividends: the coordinates of a game in the basis of unanimity games.

The dividends d are the only numbers with v(S) = sum of d(T) over all T within S; so
d(S) = sum over T within S of (-1)^(|S| - |T|) v(T) (Harsanyi, 1963). The Shapley value shares
each dividend equally among the coalition's members, which checks it.

References
----------
.. [1] J. C. Harsanyi, "A simplified bargaining model for the n-person cooperative game",
   International Economic Review 4(2), 1963, 194-220.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from games.coalitional.lattice import halves
from games.coalitional.tu_game import RationalWorths, TUGame
from games.normal_form import FloatArray

__all__ = ["exact_harsanyi_dividends", "game_from_dividends", "harsanyi_dividends"]


def harsanyi_dividends(game: TUGame) -> FloatArray:
    """Dividend of every coalition by bit mask, shape ``(2**n_players,)``, unit of the worths.

    Notes
    -----
    Up to 2^|S| worths of alternating sign are added, so rounding grows with the coalition;
    :func:`exact_harsanyi_dividends` has none.

    Examples
    --------
    >>> harsanyi_dividends(TUGame([0, 1, 2, 10]))
    array([0., 1., 2., 7.])
    """
    dividends = game.worths.copy()
    for player in range(game.n_players):
        without, with_player = halves(dividends, player)
        with_player -= without
    return dividends


def exact_harsanyi_dividends(game: TUGame) -> tuple[Fraction, ...]:
    """Dividend of every coalition by bit mask, as exact fractions."""
    dividends = game.rational.numerators.copy()
    for player in range(game.n_players):
        without, with_player = halves(dividends, player)
        with_player -= without
    return tuple(Fraction(int(d), game.rational.denominator) for d in dividends)


def game_from_dividends(dividends: RationalWorths, players: Sequence[str]) -> TUGame:
    """Game whose Harsanyi dividends, by bit mask, are given: the inverse transform."""
    worths = dividends.numerators.copy()
    for player in range(len(players)):
        without, with_player = halves(worths, player)
        with_player += without
    if dividends.denominator == 1:
        return TUGame(worths, players)
    return TUGame([Fraction(int(w), dividends.denominator) for w in worths], players)
