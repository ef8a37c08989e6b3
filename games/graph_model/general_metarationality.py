"""General metarationality: every improvement can be answered by moves that undo the gain.

The others may answer by any legal sequence, even one that hurts them.

References
----------
.. [1] N. Howard, "Paradoxes of Rationality", MIT Press, 1971.
"""

from __future__ import annotations

import numpy as np

from games.graph_model.conflict import BoolArray, Conflict
from games.graph_model.reachability import boolean_product, reachable

__all__ = ["every_improvement_sanctioned", "general_metarational"]


def general_metarational(conflict: Conflict) -> BoolArray:
    """Which states are general metarational for which player.

    Returns
    -------
    (n_players, n_states) array of bool
        True if from every unilateral improvement the others can reach a state that the player
        does not prefer to the starting one.
    """
    rows = []
    for player in range(conflict.n_players):
        answers = reachable(conflict, conflict.others(player))
        rows.append(
            every_improvement_sanctioned(conflict, player, answers, ~conflict.prefers[player])
        )
    return np.array(rows)


def every_improvement_sanctioned(
    conflict: Conflict, player: int, answers: BoolArray, punishes: BoolArray
) -> BoolArray:
    """Whether all improvements from a state meet an answer that punishes.

    Parameters
    ----------
    conflict : Conflict
    player : int
    answers : (n_states, n_states) array of bool
        ``[s1, s2]``: after the player's move to s1 the others can bring about s2.
    punishes : (n_states, n_states) array of bool
        ``[s, s2]``: being in s2 deters the player from having left s.

    Returns
    -------
    (n_states,) array of bool
    """
    sanctioned = boolean_product(punishes, answers.T)
    return np.asarray(~(conflict.improvements[player] & ~sanctioned).any(axis=1))
