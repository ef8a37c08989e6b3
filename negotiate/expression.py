"""Expressions: sums, products and functions of named numbers.

An expression is read in four ways: as numbers here (:func:`evaluate`), as bounds in
:mod:`negotiate.intervals`, as a polynomial in :mod:`negotiate.polynomial`, and as algebra in
:mod:`negotiate.readings.algebra`. Text becomes an expression in :mod:`negotiate.formula`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from negotiate.errors import FormulaError, nearest

__all__ = [
    "ONE",
    "ZERO",
    "Apply",
    "Expr",
    "Name",
    "Number",
    "add",
    "evaluate",
    "multiply",
    "names",
    "normal_cdf",
    "substitute",
]


class _Arithmetic:
    """Python operators that build expressions."""

    def __add__(self, other: Expr | float) -> Expr:
        return add(cast("Expr", self), _lift(other))

    def __sub__(self, other: Expr | float) -> Expr:
        return add(cast("Expr", self), -_lift(other))

    def __mul__(self, other: Expr | float) -> Expr:
        return multiply(cast("Expr", self), _lift(other))

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Expr:
        return multiply(Number(-1.0), cast("Expr", self))


@dataclass(frozen=True)
class Number(_Arithmetic):
    """A constant."""

    value: float


@dataclass(frozen=True)
class Name(_Arithmetic):
    """A parameter or a feature, by its name."""

    id: str


@dataclass(frozen=True)
class Apply(_Arithmetic):
    """An operator or a function applied to arguments."""

    operator: str
    arguments: tuple[Expr, ...]


Expr: TypeAlias = Number | Name | Apply

ZERO = Number(0.0)
ONE = Number(1.0)


def _lift(value: Expr | float) -> Expr:
    return value if isinstance(value, Number | Name | Apply) else Number(float(value))


def add(*terms: Expr) -> Expr:
    """Sum of ``terms``, zeros left out."""
    kept = tuple(term for term in terms if term != ZERO)
    if not kept:
        return ZERO
    return kept[0] if len(kept) == 1 else Apply("+", kept)


def multiply(*factors: Expr) -> Expr:
    """Product of ``factors``, ones left out; zero if any factor is zero."""
    if ZERO in factors:
        return ZERO
    constant = 1.0
    kept: list[Expr] = []
    for factor in factors:
        if isinstance(factor, Number):
            constant = _finite(constant * factor.value)
        elif isinstance(factor, Apply) and factor.operator == "*":
            inner = [f for f in factor.arguments if not isinstance(f, Number)]
            for f in factor.arguments:
                constant = _finite(constant * f.value) if isinstance(f, Number) else constant
            kept.extend(inner)
        else:
            kept.append(factor)
    if constant != 1.0 or not kept:
        kept.insert(0, Number(constant))
    return kept[0] if len(kept) == 1 else Apply("*", tuple(kept))


def _finite(constant: float) -> float:
    if not math.isfinite(constant):
        raise FormulaError("no finite value: its constants multiply to more than 1.8e308")
    return constant


def normal_cdf(x: Expr) -> Expr:
    """Probability that a standard normal variable is at most ``x``."""
    return Apply("normal_cdf", (x,))


# --- numbers -----------------------------------------------------------------------------------


def _normal_cdf(x: ArrayLike) -> Any:
    from scipy.special import ndtr

    return ndtr(x)


_EVALUATE: dict[str, Callable[..., Any]] = {
    "+": lambda *a: sum(a[1:], a[0]),
    "*": lambda *a: np.prod(np.broadcast_arrays(*a), axis=0),
    "/": np.divide,
    "**": np.power,
    "min": lambda *a: np.minimum.reduce(np.broadcast_arrays(*a)),
    "max": lambda *a: np.maximum.reduce(np.broadcast_arrays(*a)),
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "normal_cdf": _normal_cdf,
    "<": lambda a, b: np.less(a, b).astype(float),
    "<=": lambda a, b: np.less_equal(a, b).astype(float),
    ">": lambda a, b: np.greater(a, b).astype(float),
    ">=": lambda a, b: np.greater_equal(a, b).astype(float),
}


def evaluate(
    expr: Expr, values: Mapping[str, ArrayLike], *, is_partial: bool = False
) -> NDArray[np.float64]:
    """Value of an expression, broadcast over the arrays in ``values``.

    Parameters
    ----------
    expr : Expr
    values : mapping of str to array
    is_partial : bool
        Whether to give NaN, instead of raising, where there is no finite value.

    Raises
    ------
    FormulaError
        If a name has no value, or the arithmetic has no finite result (division by zero, the
        logarithm of a negative number, overflow).

    Examples
    --------
    >>> evaluate(-Name("p") * Name("s"), {"p": [0.5, 1.0], "s": 4.0})
    array([-2., -4.])
    """
    if is_partial:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            value = np.asarray(_evaluate(expr, values), dtype=float)
        return np.where(np.isfinite(value), value, np.nan)
    try:
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            return np.asarray(_evaluate(expr, values), dtype=float)
    except FloatingPointError as error:
        of = f" in a formula of {', '.join(used)}" if (used := dict.fromkeys(names(expr))) else ""
        raise FormulaError(f"no finite value: {error}{of}") from None


def _evaluate(expr: Expr, values: Mapping[str, ArrayLike]) -> Any:
    match expr:
        case Number(value):
            return value
        case Name(id):
            if id not in values:
                raise FormulaError(f"'{id}' has no value{nearest(id, values)}")
            return np.asarray(values[id], dtype=float)
        case Apply(operator, arguments):
            return _EVALUATE[operator](*(_evaluate(a, values) for a in arguments))


def names(expr: Expr) -> Iterator[str]:
    """Names in an expression, in order of appearance, repeats included."""
    match expr:
        case Name(id):
            yield id
        case Apply(_, arguments):
            for argument in arguments:
                yield from names(argument)
        case _:
            return


def substitute(expr: Expr, definitions: Mapping[str, Expr]) -> Expr:
    """Replace each name that ``definitions`` defines by its expression, throughout ``expr``."""
    match expr:
        case Name(id):
            return definitions.get(id, expr)
        case Apply("*", arguments):
            return multiply(*(substitute(a, definitions) for a in arguments))
        case Apply("+", arguments):
            return add(*(substitute(a, definitions) for a in arguments))
        case Apply(operator, arguments):
            return Apply(operator, tuple(substitute(a, definitions) for a in arguments))
        case _:
            return expr
