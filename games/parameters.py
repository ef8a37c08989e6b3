"""Checks of the numbers that parametric models take: each error names the parameter."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from games.errors import InvalidGameError
from games.normal_form import FloatArray

__all__ = [
    "check_count",
    "check_finite",
    "check_nonnegative",
    "check_positive",
    "check_probability",
    "check_probability_vector",
]

SUM_TOL = 1e-9
"""How far probabilities may be from a sum of one before they are refused."""


def check_finite(name: str, value: float) -> float:
    """Value as a float, if it is a finite number."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InvalidGameError(name, f"is {value!r}; a number is needed") from None
    if not math.isfinite(number):
        raise InvalidGameError(name, f"is {number}; a finite number is needed")
    return number


def check_nonnegative(name: str, value: float) -> float:
    """Value as a float, if it is a finite number of at least 0."""
    number = check_finite(name, value)
    if number < 0:
        raise InvalidGameError(name, f"is {number:g}; must be at least 0")
    return number


def check_positive(name: str, value: float) -> float:
    """Value as a float, if it is a finite number above 0."""
    number = check_finite(name, value)
    if number <= 0:
        raise InvalidGameError(name, f"is {number:g}; must be above 0")
    return number


def check_probability(
    name: str, value: float, *, allow_zero: bool = True, allow_one: bool = True
) -> float:
    """Value as a float, if it lies between 0 and 1, ends included as the flags say.

    Examples
    --------
    >>> check_probability("detection", 1.2)
    Traceback (most recent call last):
    games.errors.InvalidGameError: detection: is 1.2; must lie in [0, 1]
    """
    number = check_finite(name, value)
    excluded = (number == 0 and not allow_zero) or (number == 1 and not allow_one)
    if excluded or not 0 <= number <= 1:
        ends = f"{'[' if allow_zero else '('}0, 1{']' if allow_one else ')'}"
        raise InvalidGameError(name, f"is {number:g}; must lie in {ends}")
    return number


def check_count(name: str, value: int, *, least: int = 0) -> int:
    """Value as an int, if it is a whole number of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise InvalidGameError(name, f"is {value!r}; a whole number of at least {least} is needed")
    return int(value)


def check_probability_vector(name: str, values: ArrayLike | Sequence[float]) -> FloatArray:
    """Read-only ``(n,)`` array, if its entries are probabilities that sum to one."""
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(name, f"not an array of numbers ({error})") from None
    if array.ndim != 1 or array.size == 0:
        raise InvalidGameError(name, f"has shape {array.shape}; a list of probabilities is needed")
    for index, number in enumerate(array):
        check_probability(f"{name}[{index}]", number)
    if abs(array.sum() - 1) > SUM_TOL:
        raise InvalidGameError(name, f"sums to {array.sum():g}; probabilities must sum to 1")
    array.setflags(write=False)
    return array
