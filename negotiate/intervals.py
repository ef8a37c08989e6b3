"""Bounds of an expression over a box, by interval arithmetic.

Every operation takes intervals to an interval that holds all its values (Moore, 1966). A name
that occurs twice is treated as two, so bounds may be wide, but they are never wrong.

References
----------
.. [1] R. E. Moore, "Interval Analysis", Prentice-Hall, 1966.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

from negotiate.errors import FormulaError
from negotiate.expression import Apply, Expr, Name, Number, evaluate

__all__ = ["Interval", "bounds"]

Interval: TypeAlias = tuple[float, float]


def bounds(expr: Expr, box: Mapping[str, Interval]) -> Interval:
    """Lower and upper bound of an expression over the box ``name -> (low, high)``.

    Raises
    ------
    FormulaError
        If a name has no interval, or the expression has no value somewhere in the box.

    Examples
    --------
    >>> from negotiate.formula import parse
    >>> bounds(parse("p * (s - 1)"), {"p": (0.5, 1.0), "s": (0.0, 3.0)})
    (-1.0, 2.0)
    """
    match expr:
        case Number(value):
            return value, value
        case Name(id):
            if id not in box:
                raise FormulaError(f"'{id}' has no interval")
            return box[id]
        case Apply(operator, arguments):
            return _RULES[operator](*(bounds(a, box) for a in arguments))


def _at(operator: str, *values: float) -> float:
    return float(evaluate(Apply(operator, tuple(Number(v) for v in values)), {}))


def _corners(operator: str) -> Callable[..., Interval]:
    """Rule for an operator whose extremes are at the ends of its arguments."""

    def rule(*intervals: Interval) -> Interval:
        values = [_at(operator, *ends) for ends in itertools.product(*intervals)]
        return min(values), max(values)

    return rule


def _add(*intervals: Interval) -> Interval:
    return math.fsum(low for low, _ in intervals), math.fsum(high for _, high in intervals)


def _multiply(*intervals: Interval) -> Interval:
    low, high = 1.0, 1.0
    for a, b in intervals:
        ends = (low * a, low * b, high * a, high * b)
        low, high = min(ends), max(ends)
    return low, high


def _divide(numerator: Interval, denominator: Interval) -> Interval:
    if denominator[0] <= 0 <= denominator[1]:
        raise FormulaError("no finite value: divides by an interval that holds zero")
    return _corners("/")(numerator, denominator)


def _power(base: Interval, exponent: Interval) -> Interval:
    if base[0] <= 0 and exponent[0] != exponent[1]:
        raise FormulaError("no finite value: a power of a base that may be negative")
    if base[0] <= 0 <= base[1] and exponent[0] < 0:
        raise FormulaError("no finite value: divides by an interval that holds zero")
    low, high = _corners("**")(base, exponent)
    return (min(low, 0.0) if base[0] < 0 < base[1] else low), high


def _absolute(x: Interval) -> Interval:
    ends = (abs(x[0]), abs(x[1]))
    return (0.0 if x[0] <= 0 <= x[1] else min(ends)), max(ends)


def _comparison(operator: str) -> Callable[..., Interval]:
    # The truth of a comparison is monotone in both sides.
    return _corners(operator)


_RULES: dict[str, Callable[..., Interval]] = {
    "+": _add,
    "*": _multiply,
    "/": _divide,
    "**": _power,
    "abs": _absolute,
    **{op: _corners(op) for op in ("min", "max", "exp", "log", "sqrt", "normal_cdf")},
    **{op: _comparison(op) for op in ("<", "<=", ">", ">=")},
}
