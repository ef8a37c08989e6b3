"""Limited-move stability: foresight of h moves, by backward induction.

The *anticipated state* G_h(i, s) is where play ends when player i is to move at s with h moves
left: i stays unless the best anticipated state after one of its moves is strictly better than s.

With two players, the other one moves next, and play ends when somebody stays. With more, it is
open who moves next: i expects the worst, that is, of the players other than i who would not stay,
the one whose move ends worst for i; play ends when all of them stay. Nobody moves twice in a row.

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
        Of players whose preferences are rankings.
    horizon : int
        Number of moves foreseen, at least 1; 1 gives Nash stability.

    Returns
    -------
    (n_players, n_states) array of bool

    Raises
    ------
    InvalidGameError
        If a preference is no ranking or the horizon is out of range.

    Notes
    -----
    Where a player is indifferent between the anticipated ends of two moves, the move to the
    lower-numbered state is taken. The literature assumes that this does not happen. It defines
    the concept for two players; expecting the worst of several is the cautious extension.
    """
    if not 1 <= horizon <= MAX_HORIZON:
        raise InvalidGameError("horizon", f"is {horizon}; 1 to {MAX_HORIZON} moves")
    anticipated = np.tile(np.arange(conflict.n_states), (conflict.n_players, 1))
    for _ in range(horizon):
        anticipated = anticipated_states(conflict, anticipated)
    return np.asarray(anticipated == np.arange(conflict.n_states))


def anticipated_states(conflict: Conflict, shorter: NDArray[np.int64]) -> NDArray[np.int64]:
    """Anticipated states with one move more than in ``shorter``.

    Parameters
    ----------
    conflict : Conflict
    shorter : (n_players, n_states) array of int
        Anticipated state when each player is to move, with h − 1 moves left.

    Returns
    -------
    (n_players, n_states) array of int
    """
    here = np.arange(conflict.n_states)
    longer = np.empty_like(shorter)
    for player in range(conflict.n_players):
        ranks = conflict.ranks(player)
        ends = here.copy()
        worst = np.full(conflict.n_states, conflict.n_states)
        for other in conflict.others(player):
            is_worse = (shorter[other] != here) & (ranks[shorter[other]] < worst)
            ends = np.where(is_worse, shorter[other], ends)
            worst = np.where(is_worse, ranks[shorter[other]], worst)
        values = np.where(conflict.moves[player], ranks[ends], -1)
        best = values.argmax(axis=1)
        leaves = values.max(axis=1) > ranks
        longer[player] = np.where(leaves, ends[best], here)
    return longer
