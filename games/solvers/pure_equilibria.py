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

__all__ = ["pure_equilibria", "pure_equilibrium_mask"]


def pure_equilibrium_mask(payoffs: FloatArray) -> NDArray[np.bool_]:
    """Which action profiles are pure equilibria.

    Parameters
    ----------
    payoffs : (n_players, m_0, ..., m_{n-1}) array of float

    Returns
    -------
    (m_0, ..., m_{n-1}) array of bool

    Examples
    --------
    >>> pure_equilibrium_mask(np.array([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]))
    array([[False, False],
           [False,  True]])
    """
    mask = np.ones(payoffs.shape[1:], dtype=bool)
    for player, values in enumerate(payoffs):
        mask &= values == values.max(axis=player, keepdims=True)
    return mask


def pure_equilibria(game: NormalFormGame) -> EquilibriumList:
    """All pure equilibria of a game, each with regret 0.

    Parameters
    ----------
    game : NormalFormGame

    Returns
    -------
    EquilibriumList
        In lexicographic order of the action profiles. Every pure equilibrium is in it, but it
        is complete as a list of equilibria only for one player (for whom the mixtures of the
        best actions are no extreme points) and for games with one action each.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> [e.payoffs.tolist() for e in pure_equilibria(game).equilibria]
    [[1.0, 1.0]]
    """
    profiles = np.argwhere(pure_equilibrium_mask(game.payoffs))
    found = tuple(
        Equilibrium(game.pure_profile(profile), game.payoffs[(slice(None), *profile)].copy(), 0.0)
        for profile in profiles.tolist()
    )
    is_complete = sum(m > 1 for m in game.n_actions) <= 1
    note = "" if is_complete else "Only pure equilibria were sought; mixed ones may exist too."
    return EquilibriumList(found, is_complete, "pure equilibria by best responses, exact", note)
