from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import NoSolutionError
from games.solvers.fraction_free_elimination import solve_integers


@settings(derandomize=True, max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(0, 6), size=st.sampled_from([1, 9, 10**15]))
def test_agrees_with_sympy_or_says_that_the_equations_are_singular(
    seed: int, n: int, size: int
) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-size, size + 1, (n, n)).tolist()
    right = rng.integers(-size, size + 1, n).tolist()
    exact = sympy.Matrix(n, n, [entry for row in matrix for entry in row])
    if exact.det() == 0:
        with pytest.raises(NoSolutionError):
            solve_integers(matrix, right)
        return
    numerators, denominator = solve_integers(matrix, right)
    assert denominator == abs(exact.det())
    expected = exact.LUsolve(sympy.Matrix(n, 1, right)) if n else []
    assert [Fraction(k, denominator) for k in numerators] == [
        Fraction(int(z.p), int(z.q)) for z in expected
    ]
