"""Formulas: a small grammar of arithmetic.

Treaty files come from other people, so formulas in them are parsed here and nowhere else: no
``eval``, no ``sympify``. The grammar, loosest binding first::

    comparison := sum [("<" | "<=" | ">" | ">=") sum]         1 if true, 0 if not
    sum        := product {("+" | "-") product}
    product    := unary {("*" | "/") unary}
    unary      := "-" unary | "+" unary | power
    power      := atom [("**" | "^") unary]
    atom       := number | name | function "(" comparison {"," comparison} ")" | "(" comparison ")"
    function   := "min" | "max" | "abs" | "exp" | "log" | "sqrt" | "normal_cdf"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from negotiate.errors import FormulaError, nearest
from negotiate.expression import Apply, Expr, Name, Number, add, multiply

__all__ = ["FUNCTIONS", "parse"]

MAX_LENGTH = 2000
MAX_DEPTH = 40

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
    >>> parse("2 * fee")
    Apply(operator='*', arguments=(Number(value=2.0), Name(id='fee')))
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
