"""Exact reading of the numbers that a repeated game is given by.

A float is read as the shortest decimal that it prints as, so that 0.9 means nine tenths: a
critical discount factor then comes out as the fraction that a textbook prints, and a tie is a
tie. Fractions and integers are taken as they are.
"""

from __future__ import annotations

import math
from fractions import Fraction
from numbers import Integral, Rational, Real
from typing import TypeAlias

from games.errors import InvalidGameError

__all__ = ["Number", "discount_factor", "exact", "probability", "whole_length"]

Number: TypeAlias = int | float | Fraction
"""What a user may write for a number."""


def exact(value: Number, place: str) -> Fraction:
    """Number as a fraction, a float being read as the decimal that it prints as.

    Parameters
    ----------
    value : int, float or Fraction
        Any real number; numpy scalars are taken too.
    place : str
        What the number is called in the caller's words, for the error.

    Raises
    ------
    InvalidGameError
        If the value is not a finite real number.

    Examples
    --------
    >>> exact(0.9, "discount")
    Fraction(9, 10)
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InvalidGameError(place, f"is {value!r}; a real number is needed")
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    number = float(value)
    if not math.isfinite(number):
        raise InvalidGameError(place, f"is {number}; a finite number is needed")
    return Fraction(repr(number))


def probability(value: Number, place: str) -> Fraction:
    """Probability as a fraction; InvalidGameError outside [0, 1].

    Examples
    --------
    >>> probability(0.25, "detection")
    Fraction(1, 4)
    """
    number = exact(value, place)
    if not 0 <= number <= 1:
        raise InvalidGameError(place, f"is {value}; a probability lies between 0 and 1")
    return number


def discount_factor(value: Number, place: str = "discount") -> Fraction:
    """Discount factor per period as a fraction; InvalidGameError outside [0, 1).

    Examples
    --------
    >>> discount_factor(0.5)
    Fraction(1, 2)
    """
    number = exact(value, place)
    if not 0 <= number < 1:
        raise InvalidGameError(
            place, f"is {value}; a discount factor is at least 0 and less than 1"
        )
    return number


def whole_length(value: float, place: str, *, least: int = 0) -> float:
    """Number of periods as a whole number, or infinity; InvalidGameError otherwise.

    Examples
    --------
    >>> whole_length(3, "length"), whole_length(math.inf, "length")
    (3, inf)
    """
    is_whole = isinstance(value, Integral) or (
        isinstance(value, float) and (value == math.inf or value.is_integer())
    )
    if isinstance(value, bool) or not is_whole or value < least:
        raise InvalidGameError(
            place, f"is {value!r}; a whole number of periods from {least} on, or infinity"
        )
    return math.inf if value == math.inf else int(value)
