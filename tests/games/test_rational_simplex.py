from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from games.errors import TooLargeError
from games.solvers.rational_simplex import RationalStatus, maximize_exactly

SCIPY_STATUS = {
    0: RationalStatus.OPTIMAL,
    2: RationalStatus.INFEASIBLE,
    3: RationalStatus.UNBOUNDED,
}


@settings(derandomize=True, max_examples=120, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_agrees_with_highs_on_random_programs(seed):
    rng = np.random.default_rng(seed)
    n, m, k = rng.integers(1, 6), rng.integers(0, 6), rng.integers(0, 3)
    A, b = rng.integers(-3, 4, (m, n)), rng.integers(-3, 6, m)
    E, f = rng.integers(-2, 3, (k, n)), rng.integers(-2, 4, k)
    c = rng.integers(-3, 4, n)
    found = maximize_exactly(c.tolist(), A.tolist(), b.tolist(), E.tolist(), f.tolist())
    peer = linprog(-c, A if m else None, b if m else None, E if k else None, f if k else None)
    assert found.status is SCIPY_STATUS[peer.status]
    if found.status is RationalStatus.OPTIMAL:
        assert float(found.value) == pytest.approx(-peer.fun, abs=1e-7)
        x = found.point
        assert all(v >= 0 for v in x)
        assert all(np.dot(row, x) <= limit for row, limit in zip(A.tolist(), b, strict=True))
        assert all(np.dot(row, x) == value for row, value in zip(E.tolist(), f, strict=True))


def test_decides_what_a_tolerance_cannot():
    # x = 1e-30 is feasible and best; every floating-point code calls it 0.
    found = maximize_exactly([1], [[1e12]], [Fraction(1, 10**18)])
    assert found.value == Fraction(1, 10**30)


def test_beale_example_does_not_cycle():
    # Beale (1955): the textbook pivot rule cycles for ever on this degenerate program.
    rows = [[0.25, -60, -0.04, 9], [0.5, -90, -0.02, 3], [0, 0, 1, 0]]
    found = maximize_exactly([0.75, -150, 0.02, -6], rows, [0, 0, 1])
    assert float(found.value) == pytest.approx(0.05)


def test_redundant_equalities_are_no_obstacle():
    found = maximize_exactly([1, 2], [], [], [[1, 1], [2, 2], [0, 0]], [1, 2, 0])
    assert found.point == (0, 1)


def test_pivots_are_bounded():
    with pytest.raises(TooLargeError, match="after 1 pivots"):
        maximize_exactly([1, 1], [[3, 1], [1, 3]], [1, 1], max_pivots=1)
