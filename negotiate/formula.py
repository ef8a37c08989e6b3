"""Formulas: a small grammar of arithmetic, and the expressions that it builds.

Treaty files come from other people, so formulas in them are parsed here and nowhere else: no
``eval``, no ``sympify``. The grammar, loosest binding first::

    comparison := sum [("<" | "<=" | ">" | ">=") sum]         1 if true, 0 if not
    sum        := product {("+" | "-") product}
    product    := unary {("*" | "/") unary}
    unary      := "-" unary | "+" unary | power
    power      := atom [("**" | "^") unary]
    atom       := number | name | function "(" comparison {"," comparison} ")" | "(" comparison ")"
    function   := "min" | "max" | "abs" | "exp" | "log" | "sqrt" | "normal_cdf"

An expression is read in four ways: as numbers here (:func:`evaluate`), as bounds in
:mod:`negotiate.intervals`, as a polynomial in :mod:`negotiate.polynomial`, and as algebra in
:mod:`negotiate.readings.algebra`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from negotiate.errors import FormulaError, nearest

__all__ = [
    "FUNCTIONS",
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
    "parse",
    "substitute",
]

MAX_LENGTH = 2000
MAX_DEPTH = 40


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
            constant *= factor.value
        elif isinstance(factor, Apply) and factor.operator == "*":
            inner = [f for f in factor.arguments if not isinstance(f, Number)]
            constant *= float(
                np.prod([f.value for f in factor.arguments if isinstance(f, Number)])
            )
            kept.extend(inner)
        else:
            kept.append(factor)
    if constant != 1.0 or not kept:
        kept.insert(0, Number(constant))
    return kept[0] if len(kept) == 1 else Apply("*", tuple(kept))


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

FUNCTIONS: Mapping[str, tuple[int, int]] = {
    "min": (1, 16),
    "max": (1, 16),
    "abs": (1, 1),
    "exp": (1, 1),
    "log": (1, 1),
    "sqrt": (1, 1),
    "normal_cdf": (1, 1),
}
"""Functions of the grammar, each with the least and largest number of arguments."""


def evaluate(expr: Expr, values: Mapping[str, ArrayLike]) -> NDArray[np.float64]:
    """Value of an expression, broadcast over the arrays in ``values``.

    Raises
    ------
    FormulaError
        If a name has no value, or the arithmetic has no finite result (division by zero, the
        logarithm of a negative number, overflow).

    Examples
    --------
    >>> evaluate(parse("-p * max(s, 2)"), {"p": [0.5, 1.0], "s": 4.0})
    array([-2., -4.])
    """
    try:
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            return np.asarray(_evaluate(expr, values), dtype=float)
    except FloatingPointError as error:
        raise FormulaError(f"no finite value: {error}") from None


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


# --- parsing -----------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<symbol>\*\*|<=|>=|[-+*/^(),<>]))"
)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int


def _tokens(text: str) -> list[_Token]:
    found, position = [], 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            column = position + len(text[position:]) - len(text[position:].lstrip()) + 1
            raise FormulaError(
                f"'{text[column - 1]}' is not part of a formula; allowed are numbers, names, "
                "+ - * / ** < <= > >= ( ) and " + ", ".join(FUNCTIONS),
                column,
            )
        kind = match.lastgroup or ""
        found.append(_Token(kind, match[kind], match.start(kind) + 1))
        position = match.end()
    return [*found, _Token("end", "", len(text) + 1)]


def parse(text: str) -> Expr:
    """Expression written in the grammar of this module.

    Raises
    ------
    FormulaError
        With the column of the first mistake.

    Examples
    --------
    >>> sorted(names(parse("2 * reputation - min(fee, 3)")))
    ['fee', 'reputation']
    >>> parse("__import__('os')")
    Traceback (most recent call last):
    negotiate.errors.FormulaError: column 12: ''' is not part of a formula; allowed are ...
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"a formula may have {MAX_LENGTH} characters (got {len(text)})")
    return _Parser(_tokens(text)).whole()


class _Parser:
    """Recursive descent over the grammar of this module."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.depth = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.position]

    def take(self, *texts: str) -> str:
        """Text of the token under the cursor if it is one of ``texts``, else nothing."""
        if self.token.kind == "symbol" and self.token.text in texts:
            self.position += 1
            return self.tokens[self.position - 1].text
        return ""

    def expect(self, text: str) -> None:
        if not self.take(text):
            found = self.token.text or "the end"
            raise FormulaError(f"'{text}' expected (got {found})", self.token.column)

    def whole(self) -> Expr:
        expr = self.comparison()
        if self.token.kind != "end":
            raise FormulaError(
                f"an operator or the end expected (got '{self.token.text}')", self.token.column
            )
        return expr

    def comparison(self) -> Expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError(f"nested more than {MAX_DEPTH} deep", self.token.column)
        left = self.sum()
        if operator := self.take("<", "<=", ">", ">="):
            left = Apply(operator, (left, self.sum()))
        self.depth -= 1
        return left

    def sum(self) -> Expr:
        terms = [self.product()]
        while operator := self.take("+", "-"):
            term = self.product()
            terms.append(term if operator == "+" else -term)
        return add(*terms)

    def product(self) -> Expr:
        left = self.unary()
        while operator := self.take("*", "/"):
            right = self.unary()
            left = multiply(left, right) if operator == "*" else Apply("/", (left, right))
        return left

    def unary(self) -> Expr:
        signs = 0
        column = self.token.column
        while sign := self.take("-", "+"):
            signs += sign == "-"
            if self.token.column - column > MAX_DEPTH:
                raise FormulaError("too many signs", column)
        operand = self.power()
        return -operand if signs % 2 else operand

    def power(self) -> Expr:
        base = self.atom()
        if self.take("**", "^"):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise FormulaError(f"nested more than {MAX_DEPTH} deep", self.token.column)
            base = Apply("**", (base, self.unary()))
            self.depth -= 1
        return base

    def atom(self) -> Expr:
        token = self.token
        if token.kind == "number":
            self.position += 1
            value = float(token.text)
            if not np.isfinite(value):
                raise FormulaError(f"{token.text} is too large a number", token.column)
            return Number(value)
        if token.kind == "name":
            self.position += 1
            return self.call(token) if self.take("(") else Name(token.text)
        if self.take("("):
            inner = self.comparison()
            self.expect(")")
            return inner
        raise FormulaError(
            f"a number, a name or '(' expected (got {token.text or 'the end'})", token.column
        )

    def call(self, token: _Token) -> Expr:
        if token.text not in FUNCTIONS:
            raise FormulaError(
                f"'{token.text}' is not a function; allowed are {', '.join(FUNCTIONS)}"
                f"{nearest(token.text, FUNCTIONS)}",
                token.column,
            )
        arguments = [self.comparison()]
        while self.take(","):
            arguments.append(self.comparison())
        self.expect(")")
        least, most = FUNCTIONS[token.text]
        if not least <= len(arguments) <= most:
            raise FormulaError(
                f"'{token.text}' takes {least} to {most} arguments (got {len(arguments)})",
                token.column,
            )
        return Apply(token.text, tuple(arguments))
