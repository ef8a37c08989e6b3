"""Expressions as polynomials: sums of products of parameters.

A coefficient of the payoff ledger is *multilinear* when every monomial has each parameter at
most once. Then three things are exact: the threshold in one parameter is −B/A, the least value
over a box is at a corner, and with one decision variable a condition is a linear row
(``docs/theory/ledger.md``). Whatever is no sum or product (Φ, min, a quotient by a parameter)
stays whole, as one *atom*.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from negotiate.errors import FormulaError
from negotiate.expression import Apply, Expr, Name, Number, add, multiply, names

__all__ = ["Atom", "Monomial", "Polynomial", "expand"]

Atom: TypeAlias = Name | Apply
Monomial: TypeAlias = tuple[Atom, ...]
"""Product of atoms in a fixed order; repeated atoms are powers. The empty product is 1."""

MAX_POWER = 8
MAX_MONOMIALS = 2000


@dataclass(frozen=True)
class Polynomial:
    """Sum of monomials, each with a constant.

    Parameters
    ----------
    terms : mapping of monomial to float
        Without zeros.
    """

    terms: Mapping[Monomial, float]

    @property
    def is_multilinear(self) -> bool:
        """Whether every monomial is a product of distinct parameters."""
        return all(is_multilinear(monomial) for monomial in self.terms)

    def expr(self) -> Expr:
        """Return the same sum as an expression."""
        return add(*(multiply(Number(c), *m) for m, c in self.terms.items()))


def is_multilinear(monomial: Monomial) -> bool:
    """Whether a monomial is a product of distinct parameters, without powers or functions."""
    return len(set(monomial)) == len(monomial) and all(isinstance(a, Name) for a in monomial)


def expand(expr: Expr) -> Polynomial:
    """Multiply out an expression.

    Examples
    --------
    >>> from negotiate.formula import parse
    >>> [([a.id for a in m], c) for m, c in expand(parse("-p * (s + 3)")).terms.items()]
    [(['p', 's'], -1.0), (['p'], -3.0)]
    """
    terms = _expand(expr)
    if not all(math.isfinite(constant) for constant in terms.values()):
        raise FormulaError("no finite value: its constants add up to more than 1.8e308")
    return Polynomial({m: c for m, c in terms.items() if c != 0})


def _expand(expr: Expr) -> dict[Monomial, float]:
    match expr:
        case Number(value):
            return {(): value}
        case Apply("+", arguments):
            return _sum(_expand(a) for a in arguments)
        case Apply("*", arguments):
            product: dict[Monomial, float] = {(): 1.0}
            for argument in arguments:
                product = _product(product, _expand(argument))
            return product
        case Apply("/", (numerator, Number(value))) if value != 0:
            return {m: c / value for m, c in _expand(numerator).items()}
        case Apply("/", (numerator, denominator)) if any(names(denominator)):
            inverse = Apply("/", (Number(1.0), denominator))
            return _product(_expand(numerator), {(inverse,): 1.0})
        case Apply("**", (base, Number(value))) if value in range(1, MAX_POWER + 1):
            product = _expand(base)
            for _ in range(int(value) - 1):
                product = _product(product, _expand(base))
            return product
        case _:
            return {(expr,): 1.0}


def _sum(parts: Iterable[dict[Monomial, float]]) -> dict[Monomial, float]:
    total: dict[Monomial, float] = {}
    for part in parts:
        for monomial, constant in part.items():
            total[monomial] = total.get(monomial, 0.0) + constant
    return total


def _product(a: dict[Monomial, float], b: dict[Monomial, float]) -> dict[Monomial, float]:
    if len(a) * len(b) > MAX_MONOMIALS:
        raise FormulaError(f"multiplies out to more than {MAX_MONOMIALS} products")
    return _sum({tuple(sorted(m + n, key=str)): c * d} for m, c in a.items() for n, d in b.items())
