"""Non-myopic stability: foresight without limit.

A state is non-myopically stable for a player if it is stable under foresight of h moves for every
h from some point on. With more than two players, :mod:`games.graph_model.limited_move_stability`
says who is expected to move next.

References
----------
.. [1] S. J. Brams, D. Wittman, "Nonmyopic equilibria in 2×2 games", Conflict Management and Peace
   Science 6(1), 1981, 39-62.
.. [2] D. M. Kilgour, "Equilibria for far-sighted players", Theory and Decision 16(2), 1984,
   135-157.
"""

from __future__ import annotations

import numpy as np

from games.errors import TooLargeError
from games.graph_model.conflict import BoolArray, Conflict
from games.graph_model.limited_move_stability import anticipated_states

__all__ = ["non_myopically_stable"]

MAX_STEPS = 100_000


def non_myopically_stable(conflict: Conflict) -> BoolArray:
    """Which states are non-myopically stable for which player.

    Parameters
    ----------
    conflict : Conflict
        Of players whose preferences are rankings.

    Returns
    -------
    (n_players, n_states) array of bool

    Raises
    ------
    InvalidGameError
        If a preference is no ranking.
    TooLargeError
        If anticipation has not become periodic after 100,000 moves.

    Notes
    -----
    Anticipation with one move more depends only on anticipation with one move less, so it runs
    into a cycle; what holds all along the cycle holds for ever.
    """
    here = np.arange(conflict.n_states)
    anticipated = np.tile(here, (conflict.n_players, 1))
    seen: dict[bytes, int] = {}
    history: list[BoolArray] = []
    for step in range(MAX_STEPS):
        key = anticipated.tobytes()
        if key in seen:
            return np.asarray(np.logical_and.reduce(history[seen[key] :]))
        seen[key] = step
        history.append(anticipated == here)
        anticipated = anticipated_states(conflict, anticipated)
    raise TooLargeError(
        f"anticipation is not periodic within {MAX_STEPS} moves; use limited_move_stable"
    )
