"""Plain rules of division to set beside the values: equal, and in proportion to worth alone."""

from __future__ import annotations

import numpy as np

from games.coalitional.tu_game import TUGame
from games.errors import NoSolutionError
from games.normal_form import FloatArray

__all__ = ["equal_division", "equal_surplus_division", "proportional_division"]


def equal_division(game: TUGame) -> FloatArray:
    """The same share of v(N) for everyone, shape ``(n_players,)``.

    Examples
    --------
    >>> equal_division(TUGame([0, 1, 3, 8]))
    array([4., 4.])
    """
    return np.full(game.n_players, game.grand_worth / game.n_players)


def equal_surplus_division(game: TUGame) -> FloatArray:
    """Each player's individual worth and the same share of what is left of v(N).

    Examples
    --------
    >>> equal_surplus_division(TUGame([0, 1, 3, 8]))
    array([3., 5.])
    """
    alone = game.individual_worths
    shares: FloatArray = alone + (game.grand_worth - alone.sum()) / game.n_players
    return shares


def proportional_division(game: TUGame) -> FloatArray:
    """Shares of v(N) in proportion to the individual worths.

    Raises
    ------
    NoSolutionError
        If the individual worths add up to nothing or differ in sign.

    Examples
    --------
    >>> proportional_division(TUGame([0, 1, 3, 8]))
    array([2., 6.])
    """
    alone = game.individual_worths
    if (alone > 0).any() and (alone < 0).any():
        raise NoSolutionError("proportional division: individual worths differ in sign")
    total = float(alone.sum())
    if total == 0:
        raise NoSolutionError("proportional division: no player is worth anything alone")
    shares: FloatArray = alone / total * game.grand_worth
    return shares
