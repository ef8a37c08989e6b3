"""Pure equilibria of a game with any number of players, by array operations.

An action profile is a pure equilibrium if no player has a better action against the actions
of the others. All comparisons are of the payoffs as they are stored, so ties count as best
responses and no tolerance is needed.

References
----------
.. [1] J. F. Nash, "Non-cooperative games", Annals of Mathematics 54(2), 1951, 286-295.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games.equilibrium import Equilibrium, EquilibriumList
from games.normal_form import FloatArray, NormalFormGame

__all__ = ["pure_equilibria", "pure_equilibrium_masks"]


def pure_equilibrium_masks(payoffs: FloatArray) -> NDArray[np.bool_]:
    """Which action profiles are pure equilibria, for a stack of games.

    Parameters
    ----------
    payoffs : (n_games, n_players, m_0, ..., m_{n-1}) array of float

    Returns
    -------
    (n_games, m_0, ..., m_{n-1}) array of bool

    Examples
    --------
    >>> pure_equilibrium_masks(np.array([[[[3, 0], [5, 1]], [[3, 5], [0, 1]]]]))
    array([[[False, False],
            [False,  True]]])
    """
    mask = np.ones((payoffs.shape[0], *payoffs.shape[2:]), dtype=bool)
    for player in range(payoffs.shape[1]):
        # The player's own actions first: a maximum over whole blocks is faster than along them.
        values = np.moveaxis(payoffs[:, player], player + 1, 0)
        best = values[0]
        for other in values[1:]:
            best = np.maximum(best, other)
        own = np.moveaxis(mask, player + 1, 0)
        for action in range(values.shape[0]):
            own[action] &= values[action] == best
    return mask


def pure_equilibria(game: NormalFormGame) -> EquilibriumList:
    """All pure equilibria of a game, each with regret 0.

    Parameters
    ----------
    game : NormalFormGame

    Returns
    -------
    EquilibriumList
        In lexicographic order of the action profiles. Every pure equilibrium is in it; as a list
        of extreme equilibria it is complete only if at most one player has a choice.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> [e.payoffs.tolist() for e in pure_equilibria(game).equilibria]
    [[1.0, 1.0]]
    """
    profiles = np.argwhere(pure_equilibrium_masks(game.payoffs[None])[0])
    units = [np.eye(m) for m in game.n_actions]
    payoffs = game.payoffs[(slice(None), *profiles.T)].T
    found = tuple(
        Equilibrium(tuple(u[a].copy() for u, a in zip(units, profile, strict=True)), values, 0.0)
        for profile, values in zip(profiles.tolist(), payoffs, strict=True)
    )
    is_complete = sum(m > 1 for m in game.n_actions) <= 1
    note = "" if is_complete else "Only pure equilibria were sought; mixed ones may exist too."
    return EquilibriumList(found, is_complete, "pure equilibria by best responses, exact", note)
