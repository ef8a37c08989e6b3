"""Limited-move stability of two players: foresight of h moves, by backward induction.

Players alternate. The *anticipated state* G_h(i, s) is where play ends when player i is to move
at s with h moves left: i stays unless the best anticipated state after one of its moves is
strictly better than s. The game ends when somebody stays.

References
----------
.. [1] D. M. Kilgour, "Anticipation and stability in two-person non-cooperative games", in:
   Dynamic Models of International Conflict, Lynne Rienner, 1985.
.. [2] L. Fang, K. W. Hipel, D. M. Kilgour, "Interactive Decision Making", Wiley, 1993, chapter 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games.errors import InvalidGameError
from games.graph_model.conflict import BoolArray, Conflict

__all__ = ["anticipated_states", "limited_move_stable"]

MAX_HORIZON = 100_000


def limited_move_stable(conflict: Conflict, horizon: int) -> BoolArray:
    """Which states are stable for which player under foresight of ``horizon`` moves.

    Parameters
    ----------
    conflict : Conflict
        Of two players whose preferences are rankings.
    horizon : int
        Number of moves foreseen, at least 1; 1 gives Nash stability.

    Returns
    -------
    (2, n_states) array of bool

    Raises
    ------
    InvalidGameError
        If there are not two players: with more, who answers whom is not defined.

    Notes
    -----
    Where a player is indifferent between the anticipated ends of two moves, the move to the
    lower-numbered state is taken. The literature assumes that this does not happen.
    """
    if not 1 <= horizon <= MAX_HORIZON:
        raise InvalidGameError("horizon", f"is {horizon}; 1 to {MAX_HORIZON} moves")
    anticipated = np.tile(np.arange(conflict.n_states), (2, 1))
    for _ in range(horizon):
        anticipated = anticipated_states(conflict, anticipated)
    return np.asarray(anticipated == np.arange(conflict.n_states))


def anticipated_states(conflict: Conflict, shorter: NDArray[np.int64]) -> NDArray[np.int64]:
    """Anticipated states with one move more than in ``shorter``.

    Parameters
    ----------
    conflict : Conflict
    shorter : (2, n_states) array of int
        Anticipated state when each player is to move, with h − 1 moves left.

    Returns
    -------
    (2, n_states) array of int
    """
    if conflict.n_players != 2:
        raise InvalidGameError(
            "conflict", f"has {conflict.n_players} players; alternating foresight needs two"
        )
    longer = np.empty_like(shorter)
    for player in (0, 1):
        ranks = conflict.ranks(player)
        ends = shorter[1 - player]
        values = np.where(conflict.moves[player], ranks[ends], -1)
        best = values.argmax(axis=1)
        leaves = values.max(axis=1) > ranks
        longer[player] = np.where(leaves, ends[best], np.arange(conflict.n_states))
    return longer
