"""When two payoffs count as equal: within the rounding that computing them may have left."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from games.normal_form import FloatArray

__all__ = ["TIE_TOL", "indifference"]

TIE_TOL = 1e-12
"""Largest difference of two payoffs that counts as a tie, as a share of the larger."""


def indifference(first: ArrayLike, second: ArrayLike) -> FloatArray:
    """Largest difference of two payoffs that counts as indifference, by element.

    Notes
    -----
    Judged by the two payoffs alone: a huge penalty elsewhere in the game makes nobody indifferent
    here. Rescaling payoffs changes nothing; adding a constant that dwarfs them does.

    Examples
    --------
    >>> bool(abs(0.3 - (0.1 + 0.2)) <= indifference(0.3, 0.1 + 0.2))
    True
    """
    return np.asarray(TIE_TOL * np.maximum(np.abs(first), np.abs(second)))
