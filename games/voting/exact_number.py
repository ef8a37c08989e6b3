"""Numbers as exact fractions, so that thresholds and ties are decided without rounding."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Rational, Real
from typing import Any

from games.errors import InvalidGameError

__all__ = ["exact_number", "exact_numbers"]

MAX_EXPONENT = 400
"""Largest power of ten read from text: ``1e999999999`` would fill the memory."""


def exact_number(value: object, place: str) -> Fraction:
    """Value as the fraction that its decimal notation means.

    Parameters
    ----------
    value : int, Fraction, Decimal, float, NumPy number or str
        A float means the shortest decimal that prints as it: 0.1 is one tenth.
    place : str
        Where the number stands, for the error message.

    Raises
    ------
    InvalidGameError
        If it is no finite number.

    Examples
    --------
    >>> exact_number(0.1, "c")
    Fraction(1, 10)
    """
    if isinstance(value, bool):
        raise InvalidGameError(place, f"is {value}; a number is needed")
    if isinstance(value, Integral):
        return Fraction(int(value))
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, Real):
        number = float(value)
        if not math.isfinite(number):
            raise InvalidGameError(place, f"is {number}; a finite number is needed")
        return Fraction(repr(number))
    if isinstance(value, str | Decimal):
        return _from_text(str(value).strip(), place)
    raise InvalidGameError(place, f"is {value!r}; a number is needed")


def exact_numbers(values: Iterable[Any], place: str) -> tuple[Fraction, ...]:
    """Values as fractions; errors name the position, counted from 0.

    Examples
    --------
    >>> exact_numbers([1, 2.5], "weights")
    (Fraction(1, 1), Fraction(5, 2))
    """
    try:
        items = list(values)
    except TypeError:
        raise InvalidGameError(place, f"is {values!r}; a list of numbers is needed") from None
    return tuple(exact_number(value, f"{place}[{k}]") for k, value in enumerate(items))


def _from_text(text: str, place: str) -> Fraction:
    problem = f"is {text[:40]!r}; a finite number such as 7, 2.5 or 1/3 is needed"
    _, _, exponent = text.lower().partition("e")
    try:
        if len(text) > MAX_EXPONENT or (exponent and abs(int(exponent)) > MAX_EXPONENT):
            raise InvalidGameError(place, problem)
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise InvalidGameError(place, problem) from None
