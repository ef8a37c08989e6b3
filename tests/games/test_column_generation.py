"""Exact best distributions against the whole program solved at once."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.correlated import correlated_equilibrium, incentive_violation, weighted_payoffs
from games.errors import CertificateError
from games.normal_form import NormalFormGame
from games.solvers.column_generation import best_distribution
from games.solvers.rational_simplex import RationalStatus, maximize_exactly


@settings(derandomize=True, max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6), n=st.integers(1, 9), n_rows=st.integers(0, 6), start=st.integers(0)
)
def test_columns_one_by_one_reach_the_optimum_of_the_whole(
    seed: int, n: int, n_rows: int, start: int
) -> None:
    rng = np.random.default_rng(seed)
    goal = [Fraction(int(v)) for v in rng.integers(-5, 6, n)]
    dense = [[Fraction(int(v)) for v in row] for row in rng.integers(-3, 4, (n_rows, n))]
    rows = [{j: v for j, v in enumerate(row) if v} for row in dense]
    whole = maximize_exactly(
        goal, [[-v for v in row] for row in dense], [0] * n_rows, [[1] * n], [1]
    )
    if whole.status is RationalStatus.INFEASIBLE:
        with pytest.raises(CertificateError):
            best_distribution(goal, rows, [start % n])
        return
    best = best_distribution(goal, rows, [start % n])
    assert best.value == whole.value == sum(goal[j] * p for j, p in best.shares.items())
    assert sum(best.shares.values()) == 1
    assert all(sum(p * row.get(j, 0) for j, p in best.shares.items()) >= 0 for row in rows)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_multipliers_prove_the_optimum(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, 6, 2)
    goal = [Fraction(int(v), 7) for v in rng.integers(-5, 6, n)]
    upper = [[Fraction(int(v), 3) for v in row] for row in rng.integers(-1, 4, (m, n))]
    limits = [Fraction(int(v)) for v in rng.integers(0, 5, m)]
    found = maximize_exactly(goal, upper, limits, [[1] * int(n)], [1])
    if found.status is not RationalStatus.OPTIMAL:
        assert not found.multipliers
        return
    *y, price = found.multipliers
    assert all(multiplier >= 0 for multiplier in y)
    worth = [sum(y[i] * upper[i][j] for i in range(m)) + price for j in range(n)]
    assert all(w >= g for w, g in zip(worth, goal, strict=True))
    assert found.value == sum(a * b for a, b in zip(y, limits, strict=True)) + price


@pytest.mark.parametrize("penalty", [1e6, 1e9, 1e12])
@pytest.mark.parametrize("shape", [(6, 6), (4, 4, 4)])
def test_mediation_among_huge_penalties(shape: tuple[int, ...], penalty: float) -> None:
    rng = np.random.default_rng(5)
    payoffs = rng.normal(size=(len(shape), *shape))
    payoffs[rng.random(payoffs.shape) < 0.05] = -penalty
    game = NormalFormGame(payoffs)
    best = correlated_equilibrium(game, weighted_payoffs(game, np.ones(len(shape))))
    assert incentive_violation(game, best.distribution) <= 1e-9
    least = correlated_equilibrium(game, -weighted_payoffs(game, np.ones(len(shape))))
    assert best.value >= -least.value
