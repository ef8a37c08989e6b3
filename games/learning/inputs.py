"""Checks of the inputs that the models of learning and evolution share."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from games.errors import InvalidGameError
from games.normal_form import FloatArray

__all__ = ["at_least", "payoff_matrix", "population_shares", "whole_number"]


def payoff_matrix(A: ArrayLike, *, size: int | None = None) -> FloatArray:
    """Square payoff matrix of a symmetric game, ``A[own, other]``, checked.

    Raises
    ------
    InvalidGameError
        If it is not square, not finite, empty, or not of the size asked for.

    Examples
    --------
    >>> payoff_matrix([[4, 0], [3, 2]])
    array([[4., 0.],
           [3., 2.]])
    """
    try:
        matrix = np.array(A, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError("A", f"not a matrix of numbers ({error})") from None
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise InvalidGameError("A", f"has shape {matrix.shape}; a square matrix is needed")
    if size is not None and matrix.shape[0] != size:
        raise InvalidGameError("A", f"has {matrix.shape[0]} strategies; {size} are needed")
    if not np.isfinite(matrix).all():
        place = ", ".join(str(k) for k in np.argwhere(~np.isfinite(matrix))[0])
        raise InvalidGameError(f"A[{place}]", "is not a finite number")
    return matrix


def population_shares(shares: ArrayLike, size: int, place: str = "start") -> FloatArray:
    """Shares of the strategies in a population, checked and made to sum to one exactly.

    Raises
    ------
    InvalidGameError
        If there are not ``size`` shares, one is negative, or they do not sum to 1.
    """
    try:
        array = np.array(shares, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(place, f"not a list of numbers ({error})") from None
    if array.shape != (size,):
        raise InvalidGameError(place, f"has shape {array.shape}; {size} shares are needed")
    if not np.isfinite(array).all() or array.min() < 0 or abs(array.sum() - 1) > 1e-9:
        raise InvalidGameError(place, f"is {array.tolist()}; shares from 0 that sum to 1 needed")
    return np.asarray(array / array.sum())


def whole_number(value: int, place: str, *, least: int = 0) -> int:
    """Whole number of at least ``least``, or InvalidGameError."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise InvalidGameError(place, f"is {value!r}; a whole number from {least} on is needed")
    return int(value)


def at_least(value: float, place: str, least: float = 0.0, most: float = math.inf) -> float:
    """Finite number between two bounds, or InvalidGameError."""
    if isinstance(value, bool | str | Sequence) or not math.isfinite(value):
        raise InvalidGameError(place, f"is {value!r}; a finite number is needed")
    if not least <= value <= most:
        raise InvalidGameError(place, f"is {value}; must be from {least:g} to {most:g}")
    return float(value)
