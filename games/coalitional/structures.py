"""TU games built from a structure: bankruptcy, airport, voting, markets, unanimity, costs.

Amounts may be ``int``, ``float``, ``Fraction``, ``Decimal`` or text such as ``"1/3"``; the game
keeps their exact values.

References
----------
.. [1] R. J. Aumann, M. Maschler, "Game theoretic analysis of a bankruptcy problem from the
   Talmud", Journal of Economic Theory 36, 1985, 195-213.
.. [2] S. C. Littlechild, G. Owen, "A simple expression for the Shapley value in a special
   case", Management Science 20(3), 1973, 370-372.
.. [3] L. S. Shapley, M. Shubik, "On market games", Journal of Economic Theory 1, 1969, 9-25.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.coalitional.lattice import subset_sums
from games.coalitional.rational import common_denominator, to_fraction, whole_numbers
from games.coalitional.tu_game import RationalWorths, TUGame, check_table_size
from games.errors import InvalidGameError

__all__ = [
    "airport_game",
    "bankruptcy_game",
    "cost_game",
    "glove_game",
    "market_game",
    "savings_game",
    "unanimity_sum",
    "weighted_majority_game",
]


def bankruptcy_game(estate: Any, claims: Sequence[Any], players: Sequence[str] = ()) -> TUGame:
    """Game in which a coalition gets what is left once all others are paid in full.

    ``v(S) = max(0, estate - claims of those outside S)`` (Aumann & Maschler, 1985).

    Raises
    ------
    InvalidGameError
        If the estate or a claim is negative, or the estate exceeds the claims.

    Examples
    --------
    >>> bankruptcy_game(200, [100, 200, 300]).worths
    array([  0.,   0.,   0.,   0.,   0.,   0., 100., 200.])
    """
    amounts = _amounts("claims", claims)
    total = _amount("estate", estate)
    if total > sum(amounts):
        raise InvalidGameError(
            "estate", f"is {estate}, more than all claims ({float(sum(amounts)):g}): no bankruptcy"
        )
    (*numerators, left), denominator = common_denominator([*amounts, total])
    claimed = _whole_sums(numerators, left)
    # Coalition S leaves to the others what S itself claims in the complement's reversed table.
    return _game(np.maximum(left - claimed[::-1], 0), denominator, players)


def airport_game(costs: Sequence[Any], players: Sequence[str] = ()) -> TUGame:
    """Cost game in which a coalition pays for its dearest member's runway.

    ``c(S) = max of costs over S`` (Littlechild & Owen, 1973); worths are ``-c``, so that shares
    of the cost are the negatives of values.

    Examples
    --------
    >>> from games.coalitional.shapley import exact_shapley_value
    >>> [str(-x) for x in exact_shapley_value(airport_game([1, 2, 4]))]
    ['1/3', '5/6', '17/6']
    """
    numerators, denominator = common_denominator(_amounts("costs", costs))
    table = np.zeros(1 << len(numerators), dtype=whole_numbers(numerators, 2).dtype)
    for i, cost in enumerate(numerators):
        table[1 << i : 2 << i] = np.maximum(table[: 1 << i], cost)
    return _game(-table, denominator, players)


def cost_game(costs: ArrayLike | Sequence[Any], players: Sequence[str] = ()) -> TUGame:
    """Game with worths ``-c(S)``: shares of the cost are the negatives of its values.

    Parameters
    ----------
    costs : (2**n,) array of numbers
        Cost of serving every coalition, by bit mask.

    Examples
    --------
    >>> cost_game([0, 3, 4, 5]).worths
    array([ 0., -3., -4., -5.])
    """
    game = TUGame(costs, players)
    return _negated(game)


def savings_game(costs: ArrayLike | Sequence[Any], players: Sequence[str] = ()) -> TUGame:
    """Game of what each coalition saves: its members' stand-alone costs less its joint cost.

    Examples
    --------
    >>> savings_game([0, 3, 4, 5]).worths
    array([0., 0., 0., 2.])
    """
    table = TUGame(costs, players)
    numerators = table.rational.numerators
    alone = [int(numerators[1 << i]) for i in range(table.n_players)]
    saved = _whole_sums(alone, 0).astype(object) - numerators.astype(object)
    return _game(saved, table.rational.denominator, table.players)


def weighted_majority_game(
    quota: Any, weights: Sequence[Any], players: Sequence[str] = ()
) -> TUGame:
    """Simple game in which a coalition wins (worth 1) if its weights reach the quota.

    Raises
    ------
    InvalidGameError
        If the quota is not positive or a weight is negative.

    Examples
    --------
    >>> weighted_majority_game(3, [2, 1, 1]).worths
    array([0., 0., 0., 1., 0., 1., 0., 1.])
    """
    needed = _amount("quota", quota)
    if needed == 0:
        raise InvalidGameError("quota", "is 0: the empty coalition would win; it must be > 0")
    (*numerators, bar), _ = common_denominator([*_amounts("weights", weights), needed])
    return TUGame((_whole_sums(numerators, bar) >= bar).astype(np.int64), players)


def glove_game(sides: Sequence[int], players: Sequence[str] = ()) -> TUGame:
    """Market game of matching gloves: a coalition is worth its pairs (Shapley & Shubik, 1969).

    Parameters
    ----------
    sides : sequence of int
        0 for a player with a left glove, 1 for a right one.

    Examples
    --------
    >>> from games.coalitional.shapley import shapley_value
    >>> shapley_value(glove_game([0, 1, 1])).round(4)
    array([0.6667, 0.1667, 0.1667])
    """
    for i, side in enumerate(sides):
        if side not in (0, 1):
            raise InvalidGameError(f"sides[{i}]", f"is {side!r}; 0 is left and 1 is right")
    return market_game([[1 - side, side] for side in sides], players)


def market_game(endowments: Sequence[Sequence[Any]], players: Sequence[str] = ()) -> TUGame:
    """Market in which one unit of each good together makes a product worth 1.

    ``v(S) = min over goods of what S owns of it``.

    Parameters
    ----------
    endowments : (n_players, n_goods) nested sequence of non-negative numbers

    Examples
    --------
    >>> market_game([[2, 0], [1, 1], [0, 3]]).grand_worth
    3.0
    """
    rows = [_amounts(f"endowments[{i}]", row) for i, row in enumerate(endowments)]
    widths = {len(row) for row in rows}
    if len(widths) != 1 or widths == {0}:
        raise InvalidGameError("endowments", "need one row per player, of equal length, not empty")
    check_table_size(len(rows))
    n_goods = widths.pop()
    flat, denominator = common_denominator([amount for row in rows for amount in row])
    owned = [_whole_sums(flat[good::n_goods], 0) for good in range(n_goods)]
    return _game(np.minimum.reduce(owned), denominator, players)


def unanimity_sum(dividends: Mapping[Any, Any], players: Sequence[str]) -> TUGame:
    """Sum of unanimity games: a coalition is worth the dividends of all its subcoalitions.

    Parameters
    ----------
    dividends : mapping
        From a coalition (labels, or text with labels separated by commas) to its dividend.
    players : sequence of str

    Examples
    --------
    >>> unanimity_sum({"A": 1, "A,B": 5}, ["A", "B"]).worths
    array([0., 1., 0., 6.])
    """
    from games.coalitional.harsanyi import game_from_dividends

    table = TUGame.from_coalitions(dividends, players)
    return game_from_dividends(table.rational, table.players)


def _amount(place: str, value: Any) -> Fraction:
    try:
        number = to_fraction(value)
    except (TypeError, ValueError, ArithmeticError):
        raise InvalidGameError(place, f"is {value!r}; a finite number is needed") from None
    if number < 0:
        raise InvalidGameError(place, f"is {value}; it must not be negative")
    return number


def _amounts(place: str, values: Sequence[Any]) -> list[Fraction]:
    check_table_size(len(values))
    return [_amount(f"{place}[{i}]", value) for i, value in enumerate(values)]


def _whole_sums(numerators: list[int], other: int) -> NDArray[Any]:
    """Sums over every coalition, in a type that also holds the difference to ``other``."""
    widest = [*numerators, other]
    dtype = whole_numbers(widest, len(widest) + 1).dtype
    return subset_sums(np.array(numerators, dtype=dtype))


def _game(numerators: NDArray[Any], denominator: int, players: Sequence[str]) -> TUGame:
    if denominator == 1:
        return TUGame(numerators, players)
    return TUGame([Fraction(int(w), denominator) for w in numerators], players)


def _negated(game: TUGame) -> TUGame:
    table = game.rational
    negated = RationalWorths(-table.numerators, table.denominator)
    return _game(negated.numerators, negated.denominator, game.players)
