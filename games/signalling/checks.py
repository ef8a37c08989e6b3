"""Checks of the numbers that the templates take."""

from __future__ import annotations

import math
from numbers import Real

from games.errors import InvalidGameError

__all__ = ["check_number", "check_probability"]


def check_number(value: float, name: str, *, above: float = -math.inf) -> None:
    """Raise :class:`InvalidGameError` unless ``value`` is finite and larger than ``above``.

    Examples
    --------
    >>> check_number(-1.0, "cost", above=0)
    Traceback (most recent call last):
    games.errors.InvalidGameError: cost: is -1.0; a finite number > 0 is needed
    """
    if not isinstance(value, Real) or not math.isfinite(value) or value <= above:
        bound = "" if above == -math.inf else f" > {above:g}"
        raise InvalidGameError(name, f"is {value!r}; a finite number{bound} is needed")


def check_probability(value: float, name: str) -> None:
    """Raise :class:`InvalidGameError` unless ``value`` lies between 0 and 1, both allowed."""
    if not isinstance(value, Real) or not 0 <= value <= 1:
        raise InvalidGameError(name, f"is {value!r}; a probability from 0 to 1 is needed")
