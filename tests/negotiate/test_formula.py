"""The grammar of formulas, and expressions read as numbers, bounds and polynomials."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiate.errors import FormulaError
from negotiate.expression import Apply, Name, Number, evaluate
from negotiate.formula import parse
from negotiate.intervals import bounds
from negotiate.polynomial import expand

VALUES = {"p": 0.25, "s": 8.0, "k": -2.0}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("2 ** 3 ** 2", 512),
        ("-2 ** 2", -4),
        ("2 ** -1", 0.5),
        ("1e3 / 4", 250),
        ("8 - 3 - 2", 3),
        ("16 / 4 / 2", 2),
        ("--3", 3),
        ("p * s", 2),
        ("min(s, 3, p)", 0.25),
        ("max(k, -s)", -2),
        ("abs(k) + sqrt(s * 2)", 6),
        ("exp(0) + log(1)", 1),
        ("normal_cdf(0)", 0.5),
        ("(s > 3) + (s <= 3) + (k < k) + (k >= k)", 2),
    ],
)
def test_values(text, value) -> None:
    assert float(evaluate(parse(text), VALUES)) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "a number, a name or '(' expected (got the end)"),
        ("1 +", "expected (got the end)"),
        ("(1", "')' expected (got the end)"),
        ("1 2", "an operator or the end expected (got '2')"),
        ("a.b", "'.' is not part of a formula"),
        ("a[0]", "'[' is not part of a formula"),
        ("lambda: 0", "':' is not part of a formula"),
        ("__import__('os').system('x')", "''' is not part of a formula"),
        ("open(1)", "'open' is not a function"),
        ("mim(1, 2)", "did you mean 'min'?"),
        ("abs(1, 2)", "'abs' takes 1 to 1 arguments (got 2)"),
        ("1 = 2", "'=' is not part of a formula"),
        ("(" * 60 + "1" + ")" * 60, "nested more than 40 deep"),
        ("2" + "**2" * 60, "nested more than 40 deep"),
        ("x" * 3000, "a formula may have 2000 characters (got 3000)"),
        ("1e999", "too large a number"),
    ],
)
def test_refusals(text, problem) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert problem in str(caught.value)


def test_no_finite_value() -> None:
    for text in ("1 / 0", "log(0 - 1)", "sqrt(k)", "exp(1000)", "0 / 0"):
        with pytest.raises(FormulaError, match="no finite value"):
            evaluate(parse(text), VALUES)
    with pytest.raises(FormulaError, match="'q' has no value"):
        evaluate(parse("q"), VALUES)


names = st.sampled_from("psk").map(Name)
numbers = st.integers(-3, 3).map(lambda k: Number(float(k)))


def larger(inner):
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda pair: Apply("+", pair)),
        pairs.map(lambda pair: Apply("*", pair)),
        pairs.map(lambda pair: Apply("min", pair)),
        pairs.map(lambda pair: Apply("<", pair)),
        inner.map(lambda x: Apply("**", (x, Number(2.0)))),
        inner.map(lambda x: Apply("normal_cdf", (x,))),
        inner.map(lambda x: Apply("abs", (x,))),
    )


expressions = st.recursive(names | numbers, larger, max_leaves=8)
points = st.fixed_dictionaries({n: st.integers(-8, 8).map(lambda k: k / 4) for n in "psk"})


@settings(derandomize=True, max_examples=150, deadline=None)
@given(expressions, points)
def test_multiplying_out_changes_nothing(expr, at) -> None:
    whole, sum_of_products = evaluate(expr, at), evaluate(expand(expr).expr(), at)
    scale = 1 + sum(
        abs(c) * math.prod(abs(float(evaluate(a, at))) for a in m)
        for m, c in expand(expr).terms.items()
    )
    np.testing.assert_allclose(sum_of_products, whole, atol=1e-9 * scale)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(expressions, points, points)
def test_bounds_hold_every_value(expr, one, other) -> None:
    box = {n: (min(one[n], other[n]), max(one[n], other[n])) for n in one}
    low, high = bounds(expr, box)
    for at in (one, other, {n: (a + b) / 2 for n, (a, b) in box.items()}):
        value = float(evaluate(expr, at))
        assert low - 1e-9 * (1 + abs(low)) <= value <= high + 1e-9 * (1 + abs(high))


def test_bounds_refuse_what_has_no_value_in_the_box() -> None:
    for text in ("1 / p", "log(p)", "p ** -1", "p ** k"):
        with pytest.raises(FormulaError, match="no finite value"):
            bounds(parse(text), {"p": (-1.0, 1.0), "k": (0.0, 1.0)})
