"""Sequential stability: every improvement can be answered credibly.

The others answer by a legal sequence of their own unilateral improvements.

References
----------
.. [1] N. M. Fraser, K. W. Hipel, "Solving complex conflicts", IEEE Transactions on Systems, Man,
   and Cybernetics 9(12), 1979, 805-816.
"""

from __future__ import annotations

import numpy as np

from games.graph_model.conflict import BoolArray, Conflict
from games.graph_model.general_metarationality import every_improvement_sanctioned
from games.graph_model.reachability import reachable

__all__ = ["sequentially_stable"]


def sequentially_stable(conflict: Conflict) -> BoolArray:
    """Which states are sequentially stable for which player.

    Returns
    -------
    (n_players, n_states) array of bool
        True if from every unilateral improvement the others can reach, by their own unilateral
        improvements, a state that the player does not prefer to the starting one.
    """
    rows = []
    for player in range(conflict.n_players):
        answers = reachable(conflict, conflict.others(player), improvements_only=True)
        rows.append(
            every_improvement_sanctioned(conflict, player, answers, ~conflict.prefers[player])
        )
    return np.array(rows)
