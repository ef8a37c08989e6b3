"""The ledger as algebra: incentive constraints in symbols, solved in closed form.

Slack that is linear in a parameter θ is A·θ + B, so its threshold is −B/A: no equation is handed
to a general solver. The sign of A, known at the point, says which side holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negotiate.expression import Apply, Expr, Name, Number, names
from negotiate.incentives import Incentives
from negotiate.ledger import Ledger
from negotiate.polynomial import Polynomial

__all__ = [
    "expression",
    "grouped",
    "inequality",
    "largest_root",
    "payoff_expression",
    "slack_expression",
    "slack_polynomial",
    "symbols",
    "threshold",
]


def symbols(ledger: Ledger) -> dict[str, Any]:
    """SymPy symbol of every parameter: its letter, and its clause or party if two share one."""
    import sympy

    letters = [parameter.symbol for parameter in ledger.parameters.values()]
    found = {}
    for name, parameter in ledger.parameters.items():
        letter = parameter.symbol
        if letters.count(letter) > 1:
            owner = name.partition(".")[0] if "." in name else name.partition(":")[2]
            letter = f"{letter}_{owner}" if owner else letter
        found[name] = sympy.Symbol(letter, real=True)
    return found


def expression(expr: Expr, known: Mapping[str, Any]) -> Any:
    """SymPy expression for one of ours, with names replaced as in ``known``."""
    match expr:
        case Number(value):
            return _exact(value)
        case Name(id):
            return known[id]
        case Apply(operator, arguments):
            return _rules()[operator](*(expression(a, known) for a in arguments))


def _exact(value: float) -> Any:
    """Return a rational that reads as the number was written: 0.05 is 1/20."""
    import sympy

    rational = sympy.nsimplify(repr(value), rational=True)
    return rational if rational.q <= 10**6 else sympy.Float(value)


def _rules() -> dict[str, Callable[..., Any]]:
    import sympy

    return {
        "+": sympy.Add,
        "*": sympy.Mul,
        "/": lambda a, b: a / b,
        "**": sympy.Pow,
        "min": sympy.Min,
        "max": sympy.Max,
        "abs": sympy.Abs,
        "exp": sympy.exp,
        "log": sympy.log,
        "sqrt": sympy.sqrt,
        "normal_cdf": lambda x: (1 + sympy.erf(x / sympy.sqrt(2))) / 2,
        **{
            op: _indicator(relation)
            for op, relation in {
                "<": sympy.Lt,
                "<=": sympy.Le,
                ">": sympy.Gt,
                ">=": sympy.Ge,
            }.items()
        },
    }


def _indicator(relation: Callable[..., Any]) -> Callable[..., Any]:
    import sympy

    return lambda a, b: sympy.Piecewise((1, relation(a, b)), (0, True))


def payoff_expression(ledger: Ledger, party: int, profile: NDArray[np.intp]) -> Any:
    """Payoff of a party at a profile, in symbols."""
    import sympy

    profiles = np.asarray(profile, dtype=np.intp)[None, :]
    regimes = ledger.regimes(profiles)
    known = symbols(ledger)
    return sympy.Add(
        *(
            _exact(float(term.feature.on_profiles(profiles, regimes)[0, party]))
            * expression(term.coefficient, known)
            for term in ledger.terms
        )
    )


def slack_polynomial(system: Incentives, party: int, option: int) -> Polynomial:
    """Slack of a party against an option, as a polynomial in parameters."""
    weights = system.weights[:, party, option]
    return Polynomial(
        {m: float(w) for m, w in zip(system.monomials, weights, strict=True) if w != 0}
    )


def slack_expression(system: Incentives, party: int, option: int) -> Any:
    """Slack of a party against an option, in symbols."""
    return expression(slack_polynomial(system, party, option).expr(), symbols(system.ledger))


def threshold(system: Incentives, party: int, option: int, name: str) -> Any:
    """Value of a parameter at which the slack is zero, in the other symbols.

    Returns
    -------
    sympy.Expr
        −B/A, divided out: ``(c + g)/(p - q) - b``.

    Raises
    ------
    ValueError
        If the slack does not depend on the parameter, or not linearly.
    """
    import sympy

    known = symbols(system.ledger)
    slope: list[Any] = []
    rest: list[Any] = []
    for monomial, weight in slack_polynomial(system, party, option).terms.items():
        inside = [atom for atom in monomial if name in names(atom)]
        if inside and inside != [Name(name)]:
            raise ValueError(f"slack is not linear in {name}")
        factors = [expression(a, known) for a in monomial if a not in inside]
        (slope if inside else rest).append(sympy.Mul(_exact(weight), *factors))
    if not slope:
        raise ValueError(f"slack does not depend on {name}")
    return grouped(_divided(-sympy.Add(*rest), sympy.Add(*slope)))


def _divided(numerator: Any, denominator: Any) -> Any:
    """Quotient with its whole part split off, which is how a person would write it."""
    import sympy

    numerator, denominator = sympy.expand(numerator), sympy.expand(denominator)
    if denominator.could_extract_minus_sign():
        numerator, denominator = -numerator, -denominator
    letters = sorted(denominator.free_symbols, key=str)
    if not letters or not denominator.is_polynomial(*letters):
        return numerator / denominator
    [whole], remainder = sympy.reduced(numerator, [denominator], *letters)
    return whole + sympy.factor_terms(remainder) / denominator


def grouped(expr: Any) -> Any:
    """Sum with its products factored together: ``(b + s)*(p - q) - c``."""
    import sympy

    terms = sympy.Add.make_args(expr)
    if not expr.is_polynomial(*expr.free_symbols):
        return expr
    single = [t for t in terms if len(t.free_symbols) < 2]
    return sympy.Add(*single, sympy.factor(sympy.Add(*(t for t in terms if t not in single))))


def inequality(system: Incentives, party: int, option: int) -> Any:
    """Condition that a party does not switch to an option: what speaks for it ≥ what against.

    Returns
    -------
    sympy.Ge
        Such as ``(b + s)*(p - q) >= c + g``.
    """
    import sympy

    terms = sympy.Add.make_args(grouped(slack_expression(system, party, option)))
    against = [-term for term in terms if term.could_extract_minus_sign()]
    kept = [term for term in terms if not term.could_extract_minus_sign()]
    return sympy.Ge(sympy.Add(*kept), sympy.Add(*against), evaluate=False)


def largest_root(lower: Any, upper: Any, letter: Any) -> Any:
    """Value of a symbol up to which a window ``lower ≤ upper`` is open, if it is one fraction.

    Raises
    ------
    ValueError
        If the edge is not where a polynomial linear in the symbol vanishes.
    """
    import sympy

    numerator = sympy.numer(sympy.together(upper - lower))
    roots = []
    for factor, _ in sympy.factor_list(sympy.expand(numerator))[1]:
        if sympy.degree(factor, letter) == 1:
            slope, rest = sympy.Poly(factor, letter).all_coeffs()
            roots.append(-rest / slope)
        elif factor.has(letter):
            raise ValueError("the edge of the window is no single fraction")
    if len(roots) != 1:
        raise ValueError("the edge of the window is no single fraction")
    return sympy.factor(roots[0])
