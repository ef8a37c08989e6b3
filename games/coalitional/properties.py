"""Properties of a TU game, each with a witness where it fails.

A game is *monotone* if no one's joining lowers a worth, *superadditive* if disjoint coalitions
lose nothing by merging, *convex* if marginal contributions never fall as the coalition grows
(Shapley, 1971), and *essential* if the grand coalition beats its members alone.

References
----------
.. [1] L. S. Shapley, "Cores of convex games", International Journal of Game Theory 1, 1971,
   11-26.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from games.coalitional.lattice import halves
from games.coalitional.tu_game import TUGame
from games.errors import TooLargeError

__all__ = [
    "MAX_SUPERADDITIVE_PLAYERS",
    "PropertyCheck",
    "is_convex",
    "is_essential",
    "is_monotone",
    "is_superadditive",
    "plain_mergers",
]

MAX_SUPERADDITIVE_PLAYERS = 17
"""Most players for the 3^n pairs of disjoint coalitions; convex games need no such search."""


@dataclass(frozen=True)
class PropertyCheck:
    """Whether a property holds; if not, two coalitions at which it fails worst.

    Parameters
    ----------
    holds : bool
    witness : tuple of int
        Bit masks S and T: v(S) > v(T) with S inside T (monotone), or
        v(S) + v(T) > v(S or T) + v(S and T) (superadditive, convex). Empty if it holds.
    shortfall : float
        By how much, in the unit of the worths; 0 if it holds.
    """

    holds: bool
    witness: tuple[int, ...] = ()
    shortfall: float = 0.0


def is_essential(game: TUGame) -> bool:
    """Whether the grand coalition is worth more than its members alone.

    Examples
    --------
    >>> is_essential(TUGame([0, 1, 1, 3])), is_essential(TUGame([0, 1, 1, 2]))
    (True, False)
    """
    return game.grand_worth - float(game.individual_worths.sum()) > game.tolerance()


def is_monotone(game: TUGame) -> PropertyCheck:
    """Whether no coalition loses worth when a player joins.

    Examples
    --------
    >>> is_monotone(TUGame([0, 2, 1, 1]))
    PropertyCheck(holds=False, witness=(1, 3), shortfall=1.0)
    """
    worst = PropertyCheck(True)
    masks = np.arange(len(game.worths))
    for i in range(game.n_players):
        without, with_player = halves(game.worths, i)
        loss = without - with_player
        k = int(loss.argmax())
        pair = (int(halves(masks, i)[0].flat[k]), int(halves(masks, i)[1].flat[k]))
        worst = _worse(worst, float(loss.flat[k]), pair, game)
    return worst


def is_convex(game: TUGame) -> PropertyCheck:
    """Whether marginal contributions never fall: v(S) + v(T) <= v(S or T) + v(S and T).

    Examples
    --------
    >>> is_convex(TUGame([0, 0, 0, 1, 0, 1, 0, 1])).holds
    False
    """
    worst = PropertyCheck(True)
    n = game.n_players
    masks = np.arange(len(game.worths))
    for low, high in combinations(range(n), 2):
        shape = (-1, 2, 1 << (high - low - 1), 2, 1 << low)
        cube = game.worths.reshape(shape)
        loss = cube[:, 1, :, 0] + cube[:, 0, :, 1] - cube[:, 1, :, 1] - cube[:, 0, :, 0]
        k = int(loss.argmax())
        base = int(masks.reshape(shape)[:, 0, :, 0].flat[k])
        pair = (base | 1 << low, base | 1 << high)
        worst = _worse(worst, float(loss.flat[k]), pair, game)
    return worst


def is_superadditive(game: TUGame) -> PropertyCheck:
    """Whether disjoint coalitions lose nothing by merging: v(S) + v(T) <= v(S or T).

    Raises
    ------
    TooLargeError
        With more than 17 players, unless the game is convex (then it is superadditive);
        :func:`plain_mergers` may refute it all the same.

    Examples
    --------
    >>> is_superadditive(TUGame([0, 2, 2, 3]))
    PropertyCheck(holds=False, witness=(1, 2), shortfall=1.0)
    """
    n = game.n_players
    if n > MAX_SUPERADDITIVE_PLAYERS:
        if is_convex(game).holds:
            return PropertyCheck(True)
        raise TooLargeError(
            f"superadditivity of {n} players: the limit is {MAX_SUPERADDITIVE_PLAYERS} where the "
            "game is not convex; plain_mergers looks for a failure among the simplest mergers"
        )
    n_inner = min(n, 10)
    first, second = _disjoint_pairs(n_inner)
    outer_first, outer_second = _disjoint_pairs(n - n_inner)
    worst = PropertyCheck(True)
    for a, b in zip(
        (outer_first << n_inner).tolist(), (outer_second << n_inner).tolist(), strict=True
    ):
        v = game.worths
        loss = v[first | a] + v[second | b] - v[first | second | a | b]
        k = int(loss.argmax())
        pair = (int(first[k]) | a, int(second[k]) | b)
        pair = (min(pair), max(pair))
        worst = _worse(worst, float(loss[k]), pair, game)
    return worst


def plain_mergers(game: TUGame) -> PropertyCheck:
    """Whether nothing is lost by taking in one player, nor by merging two halves of everybody.

    Quick at any size; a failure shows that the game is not superadditive, success does not show
    that it is.

    Examples
    --------
    >>> plain_mergers(TUGame([0, 2, 2, 3]))
    PropertyCheck(holds=False, witness=(1, 2), shortfall=1.0)
    """
    v = game.worths
    everyone = len(v) - 1
    loss = v + v[::-1] - v[-1]
    k = int(loss.argmax())
    pair = (min(k, everyone ^ k), max(k, everyone ^ k))
    worst = _worse(PropertyCheck(True), float(loss[k]), pair, game)
    masks = np.arange(len(v))
    for i in range(game.n_players):
        without, with_player = halves(v, i)
        loss = without + v[1 << i] - with_player
        k = int(loss.argmax())
        other = int(halves(masks, i)[0].flat[k])
        pair = (min(other, 1 << i), max(other, 1 << i))
        worst = _worse(worst, float(loss.flat[k]), pair, game)
    return worst


def _disjoint_pairs(n: int) -> tuple[np.ndarray, np.ndarray]:
    """All ordered pairs of disjoint coalitions of n players."""
    first = second = np.zeros(1, dtype=np.int64)
    for i in range(n):
        bit = 1 << i
        first, second = (
            np.concatenate([first, first | bit, first]),
            np.concatenate([second, second, second | bit]),
        )
    return first, second


def _worse(
    worst: PropertyCheck, loss: float, pair: tuple[int, int], game: TUGame
) -> PropertyCheck:
    if loss <= max(worst.shortfall, game.tolerance()):
        return worst
    return PropertyCheck(False, pair, loss)
