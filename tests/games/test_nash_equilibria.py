"""All extreme equilibria of two-player games against references that share no code with them."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from itertools import combinations, islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.equilibrium import EquilibriumList
from games.errors import InvalidGameError
from games.nash_equilibria import nash_equilibria
from games.normal_form import FloatArray, NormalFormGame
from games.solvers.extreme_equilibria import ExactEquilibrium

Strategy = tuple[Fraction, ...]
Profile = tuple[Strategy, Strategy]

FAMILIES = (
    "continuous",
    "integers 0..999",
    "integers 0..3",
    "integers 0..1",
    "zero",
    "times 1e-6",
    "times 1e9",
    "offset 1e9",
    "offset 1e9, continuous",
    "penalty 1e8",
    "penalty 1e12",
    "mixed scales",
    "repeated rows",
)


def random_game(number: int) -> tuple[str, FloatArray]:
    """Game ``number`` of the acceptance families, 2 to 5 actions each."""
    rng = np.random.default_rng([20240607, number])
    family = FAMILIES[number % len(FAMILIES)]
    shape = (2, *rng.integers(2, 6, 2))
    integers = rng.integers(0, 1000, shape).astype(float)
    normal = rng.normal(size=shape)
    if family == "continuous":
        payoffs = normal
    elif family == "integers 0..999":
        payoffs = integers
    elif family.startswith("integers"):
        payoffs = rng.integers(0, int(family[-1]) + 1, shape).astype(float)
    elif family == "zero":
        payoffs = np.zeros(shape)
    elif family.startswith("times"):
        payoffs = (integers if rng.integers(2) else normal) * float(family.split()[1])
    elif family.startswith("offset"):
        payoffs = (normal if "continuous" in family else integers) + 1e9
    elif family.startswith("penalty"):
        payoffs = rng.integers(0, 6, shape).astype(float) if rng.integers(2) else normal
        payoffs[tuple(rng.integers(0, shape))] = -float(family.split()[1])
    elif family == "mixed scales":
        payoffs = normal * 10.0 ** rng.integers(-6, 13, shape)
    else:
        payoffs = rng.integers(0, 9, shape).astype(float)
        payoffs[:, 0] = payoffs[:, -1]
    return family, payoffs


def solve(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """Solution of a square system by Gauss and Jordan, None if it is singular."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    n = len(rows)
    for c in range(n):
        pivot = next((r for r in range(c, n) if rows[r][c]), None)
        if pivot is None:
            return None
        rows[c], rows[pivot] = rows[pivot], rows[c]
        head = rows[c][c]
        rows[c] = [value / head for value in rows[c]]
        for r in range(n):
            if r != c and rows[r][c]:
                factor = rows[r][c]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[c], strict=True)]
    return [row[-1] for row in rows]


def extreme_strategies(opponent: list[list[Fraction]]) -> set[Strategy]:
    """Vertices of {(x, u): x >= 0, sum x = 1, x' opponent <= u}, from all bases by brute force."""
    m, k = len(opponent), len(opponent[0])
    found = set()
    for size in range(1, min(m, k) + 1):
        for support in combinations(range(m), size):
            for replies in combinations(range(k), size):
                matrix = [[opponent[i][j] for i in support] + [Fraction(-1)] for j in replies]
                matrix.append([Fraction(1)] * size + [Fraction(0)])
                solution = solve(matrix, [Fraction(0)] * size + [Fraction(1)])
                if solution is None or min(solution[:-1]) < 0:
                    continue
                x = [Fraction(0)] * m
                for i, p in zip(support, solution, strict=False):
                    x[i] = p
                values = [sum(x[i] * opponent[i][j] for i in range(m)) for j in range(k)]
                if max(values) == solution[-1]:
                    found.add(tuple(x))
    return found


def reference_equilibria(payoffs: FloatArray) -> set[Profile]:
    """Pairs of extreme strategies that are best responses to each other."""
    A = [[Fraction(v) for v in row] for row in payoffs[0].tolist()]
    B = [[Fraction(v) for v in row] for row in payoffs[1].tolist()]
    rows = extreme_strategies(B)
    columns = extreme_strategies([list(column) for column in zip(*A, strict=True)])
    replies_x = {x: _best([sum(map(Fraction.__mul__, x, c)) for c in zip(*B)]) for x in rows}  # noqa: B905
    replies_y = {y: _best([sum(map(Fraction.__mul__, r, y)) for r in A]) for y in columns}
    return {
        (x, y)
        for x in rows
        for y in columns
        if all(i in replies_y[y] for i, p in enumerate(x) if p)
        and all(j in replies_x[x] for j, p in enumerate(y) if p)
    }


def _best(values: list[Fraction]) -> set[int]:
    return {i for i, value in enumerate(values) if value == max(values)}


def exact_profiles(found: EquilibriumList) -> list[Profile]:
    profiles = []
    for equilibrium in found.equilibria:
        assert isinstance(equilibrium, ExactEquilibrium)
        x, y = equilibrium.exact_strategies
        profiles.append((x, y))
    return profiles


def check_game(payoffs: FloatArray) -> int:
    """Nothing missed and nothing wrong, in fractions and in floats; number of equilibria."""
    game = NormalFormGame(payoffs)
    exact = nash_equilibria(game, exact=True)
    profiles = exact_profiles(exact)
    assert exact.is_complete
    assert len(set(profiles)) == len(profiles)
    assert set(profiles) == reference_equilibria(payoffs)
    rounded = nash_equilibria(game)
    for ours, fractions in zip(rounded.equilibria, profiles, strict=True):
        for strategy, probabilities in zip(ours.strategies, fractions, strict=True):
            np.testing.assert_allclose(strategy, [float(p) for p in probabilities], rtol=1e-12)
        assert 0 <= ours.regret <= 1e-9 * game.scale
    return len(profiles)


@pytest.mark.parametrize("first", range(0, 260, 13))
def test_families_agree_with_brute_force(first: int) -> None:
    for number in range(first, first + 13):
        assert check_game(random_game(number)[1]) >= 1, FAMILIES[number % 13]
