"""Nash stability: the player has no unilateral improvement.

References
----------
.. [1] J. F. Nash, "Equilibrium points in n-person games", PNAS 36(1), 1950, 48-49.
"""

from __future__ import annotations

import numpy as np

from games.graph_model.conflict import BoolArray, Conflict

__all__ = ["nash_stable"]


def nash_stable(conflict: Conflict) -> BoolArray:
    """Which states are Nash stable for which player.

    Returns
    -------
    (n_players, n_states) array of bool
    """
    return np.asarray(~conflict.improvements.any(axis=2))
