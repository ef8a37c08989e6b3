"""Symmetric metarationality: an answer undoes every gain, and there is no escape from it.

References
----------
.. [1] N. Howard, "Paradoxes of Rationality", MIT Press, 1971.
"""

from __future__ import annotations

import numpy as np

from games.graph_model.conflict import BoolArray, Conflict
from games.graph_model.general_metarationality import every_improvement_sanctioned
from games.graph_model.reachability import boolean_product, reachable

__all__ = ["symmetric_metarational"]


def symmetric_metarational(conflict: Conflict) -> BoolArray:
    """Which states are symmetric metarational for which player.

    Returns
    -------
    (n_players, n_states) array of bool
        True if from every unilateral improvement the others can reach a state that the player
        does not prefer to the starting one and from which no move of the player's leads to a
        state that the player prefers to the starting one.
    """
    rows = []
    for player in range(conflict.n_players):
        answers = reachable(conflict, conflict.others(player))
        prefers = conflict.prefers[player]
        escapes = boolean_product(prefers, conflict.moves[player].T)
        rows.append(every_improvement_sanctioned(conflict, player, answers, ~prefers & ~escapes))
    return np.array(rows)
