"""How far a payoff may be off by rounding, and so when two payoffs are the same.

Payoffs are sums and products of decimal numbers, each rounded to 53 bits. The error of a payoff
is of the size of that rounding: a few units in the last place of the payoff, or of a payoff of
ordinary size where terms cancel. It must not be measured by the *largest* payoff: beside a
penalty of 1e12 everything else would be the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from games.normal_form import FloatArray

__all__ = ["ROUNDING", "payoff_errors"]

ROUNDING = 2.0**-48
"""Sixteen units in the last place: what a sum of some dozens of terms may be off."""


def payoff_errors(payoffs: FloatArray, reference: ArrayLike = 0.0) -> FloatArray:
    """Bounds on the rounding in ``payoffs`` and in their differences from a reference point.

    Parameters
    ----------
    payoffs : (n_outcomes, n_players) array of float
    reference : (n_players,) array of float
        Disagreement point, floors or ideal point.

    Returns
    -------
    (max(1, n_outcomes), n_players) array of float
        Relative to the payoff itself, to the reference point, and to a payoff of ordinary size:
        the lower quartile of the player's payoffs that are not 0, or 1 if all these are less.

    Examples
    --------
    >>> payoff_errors(np.array([[0.5, 1e9], [-1e12, 1e9]]))[0] < 1e-5
    array([ True,  True])
    """
    point = np.abs(np.asarray(reference, dtype=float))
    sizes = np.abs(payoffs)
    if not sizes.shape[0]:
        return np.asarray(ROUNDING * point[None, :])
    sizes = np.maximum(sizes, point)
    ordinary = np.zeros(sizes.shape[1])
    for player, column in enumerate(sizes.T):
        present = column[column > 0]
        if present.size:
            place = (present.size - 1) // 4
            quartile = float(np.partition(present, place)[place])
            ordinary[player] = max(quartile, min(1.0, float(present.max())))
    return np.asarray(ROUNDING * np.maximum(sizes, ordinary))
