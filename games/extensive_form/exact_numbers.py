"""Numbers of a game tree as exact fractions, so that ties are seen and sums are sums."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real
from typing import TypeAlias

from games.errors import InvalidGameError, TooLargeError

__all__ = ["NumberLike", "about", "exact_number", "handy_number"]

NumberLike: TypeAlias = int | float | str | Fraction | Decimal
"""What a payoff or a probability may be given as."""

_NUMBER = re.compile(r"[+-]?(\d+/\d+|(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?)")
_MAX_CHARACTERS = 700
_LARGEST = 10**300
"""Beyond it a number no longer fits a float, in which mixed strategies are computed."""

MAX_BITS = 10_000
"""Longest numerator or denominator: sums along a deep tree would otherwise grow out of hand."""

_MANY = 10**12


def exact_number(value: NumberLike, place: str) -> Fraction:
    """Exact value of ``value``; a float is read as the shortest decimal that prints like it.

    Parameters
    ----------
    value : int, float, str, Fraction or Decimal
        Text may be an integer, a decimal, ``1e-3`` or a fraction ``1/3``.
    place : str
        What the number is, for the message when it is none.

    Raises
    ------
    InvalidGameError
        If it is no finite number, or larger than 1e300.

    Examples
    --------
    >>> exact_number(0.1, "payoff"), exact_number("1/3", "payoff")
    (Fraction(1, 10), Fraction(1, 3))
    """
    if type(value) is Fraction:  # the common case, and abstract classes are slow to check
        return _small_enough(value, place)
    if isinstance(value, bool) or not isinstance(value, str | Decimal | Real):
        raise InvalidGameError(place, f"is {value!r}; a number is needed")
    if isinstance(value, Rational):
        number = Fraction(int(value.numerator), int(value.denominator))
    else:
        number = _from_text(value if isinstance(value, str) else str(value), place)
    return _small_enough(number, place)


def handy_number(value: Fraction, place: str) -> Fraction:
    """``value`` itself, a result of exact arithmetic that is short enough to go on with.

    Raises
    ------
    TooLargeError
        If numerator or denominator have more than ``MAX_BITS`` bits.
    """
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise TooLargeError(
            f"{place}: the exact value is a fraction of more than {MAX_BITS * 3 // 10:,} digits; "
            "use payoffs and probabilities with small denominators"
        )
    return value


def about(count: int) -> str:
    """``count`` in words for people: digits, or a power of ten when there are too many.

    Examples
    --------
    >>> about(4096), about(2**40_000)
    ('4,096', 'about 10^12,041')
    """
    if count < _MANY:
        return f"{count:,}"
    # Python refuses to print thousands of digits, and nobody would read them.
    return f"about 10^{int(count.bit_length() * math.log10(2)):,}"


def _small_enough(number: Fraction, place: str) -> Fraction:
    if abs(number.numerator) > _LARGEST * number.denominator:
        raise InvalidGameError(place, "is larger than 1e300; choose larger units")
    return number


def _from_text(text: str, place: str) -> Fraction:
    text = text.strip()
    if len(text) > _MAX_CHARACTERS or not _NUMBER.fullmatch(text):
        raise InvalidGameError(place, f"is {text[:40]!r}; a finite number is needed")
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise InvalidGameError(place, f"is {text!r}; it divides by zero") from None
