"""The Myerson value: the Shapley value when only linked players can work together.

In the graph-restricted game a coalition is worth the sum of its connected parts' worths; the
Myerson value is the Shapley value of that game. In every component of the graph it shares out
the component's worth, and cutting a link costs both its ends the same (Myerson, 1977).

References
----------
.. [1] R. B. Myerson, "Graphs and cooperation in games", Mathematics of Operations Research 2(3),
   1977, 225-229.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from games.coalitional.shapley import exact_shapley_value, shapley_value
from games.coalitional.tu_game import TUGame
from games.errors import InvalidGameError
from games.normal_form import FloatArray

__all__ = ["exact_myerson_value", "myerson_value", "restricted_game"]


def myerson_value(game: TUGame, links: Sequence[tuple[int, int]]) -> FloatArray:
    """Myerson value of every player, shape ``(n_players,)``, in the unit of the worths.

    Parameters
    ----------
    links : sequence of pairs of player numbers
        Undirected; players without a link stand alone.

    Raises
    ------
    InvalidGameError
        If a link joins a player to itself or names an unknown player.

    Examples
    --------
    >>> myerson_value(TUGame([0, 0, 0, 6, 0, 6, 6, 6]), [(0, 1), (1, 2)])
    array([1., 4., 1.])
    """
    return shapley_value(restricted_game(game, links))


def exact_myerson_value(game: TUGame, links: Sequence[tuple[int, int]]) -> tuple[Fraction, ...]:
    """Myerson value of every player as exact fractions."""
    return exact_shapley_value(restricted_game(game, links))


def restricted_game(game: TUGame, links: Sequence[tuple[int, int]]) -> TUGame:
    """Game in which a coalition is worth the sum of its connected parts.

    Examples
    --------
    >>> restricted_game(TUGame([0, 0, 0, 6, 0, 6, 6, 6]), [(0, 1), (1, 2)]).worths
    array([0., 0., 0., 6., 0., 0., 6., 6.])
    """
    part = _top_components(game.n_players, _neighbours(game, links))
    if game.is_exact:
        table = game.rational
        whole = _restricted(table.numerators, part)
        if table.denominator == 1:
            return TUGame(whole, game.players)
        return TUGame([Fraction(int(w), table.denominator) for w in whole], game.players)
    return TUGame(_restricted(game.worths, part), game.players)


def _neighbours(game: TUGame, links: Sequence[tuple[int, int]]) -> list[int]:
    neighbours = [0] * game.n_players
    for k, (a, b) in enumerate(links):
        for player in (a, b):
            if not 0 <= player < game.n_players:
                raise InvalidGameError(
                    f"links[{k}]", f"names player {player}; players are 0 to {game.n_players - 1}"
                )
        if a == b:
            raise InvalidGameError(f"links[{k}]", f"joins player {a} to itself; a link joins two")
        neighbours[a] |= 1 << b
        neighbours[b] |= 1 << a
    return neighbours


def _top_components(n: int, neighbours: Sequence[int]) -> NDArray[np.int64]:
    """Connected part with the highest player of every coalition, as bit masks."""
    reach = np.zeros(1 << n, dtype=np.int64)
    for i, mask in enumerate(neighbours):
        reach[1 << i : 2 << i] = reach[: 1 << i] | mask
    coalitions = np.arange(1 << n, dtype=np.int64)
    part = np.zeros(1 << n, dtype=np.int64)
    for i in range(n):
        part[1 << i : 2 << i] = 1 << i
    for _ in range(n):
        grown = part | (reach[part] & coalitions)
        if np.array_equal(grown, part):
            break
        part = grown
    return part


def _restricted(worths: NDArray[Any], part: NDArray[np.int64]) -> NDArray[Any]:
    """Worth of the highest player's part plus that of the rest, which has a smaller mask."""
    restricted = worths[part].copy()
    for i in range(len(worths).bit_length() - 1):
        block = np.arange(1 << i, 2 << i)
        restricted[block] += restricted[block ^ part[block]]
    return restricted
