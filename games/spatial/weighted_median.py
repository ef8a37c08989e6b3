"""The weighted median: the position that no other beats in a vote by weight.

With single-peaked preferences it is the Condorcet winner (Black, 1948).

References
----------
.. [1] D. Black, "On the rationale of group decision-making", Journal of Political Economy 56(1),
   1948, 23-34.
"""

from __future__ import annotations

import numpy as np

from games.spatial.stakes import Stakes

__all__ = ["weighted_median"]


def weighted_median(stakes: Stakes) -> tuple[float, float]:
    """Lowest and highest weighted median; equal unless the weight splits exactly in half.

    Parameters
    ----------
    stakes : Stakes

    Returns
    -------
    (float, float)
        In the units of the issue. Everything between is a median too.

    Examples
    --------
    >>> weighted_median(Stakes([1, 5, 9], [1, 1, 1]))
    (5.0, 5.0)
    >>> weighted_median(Stakes([1, 9], [1, 1]))
    (1.0, 9.0)
    """
    held = stakes.weights > 0
    order = np.argsort(stakes.positions[held], kind="stable")
    positions = stakes.positions[held][order]
    below = np.cumsum(stakes.weights[held][order])
    half, slack = below[-1] / 2, 1e-12
    lower = positions[np.argmax(below >= half - slack)]
    upper = positions[np.argmax(below > half + slack)]
    return float(lower), float(upper)
