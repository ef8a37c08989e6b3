"""Linear programs in exact rational arithmetic: the simplex method with integer pivoting.

Floating-point LP codes work to a tolerance, so they cannot decide a question whose answer turns
on a tie, nor one in which a payoff is 1e12 times another. This solver decides both. It is meant
for what is left over after a floating-point code could not tell: some tens of variables and rows.

Glossary: ``T`` the condensed tableau of integers, whose true entries are ``T / d``; ``d`` the
determinant of the basis, positive; the last column is the right-hand side and the last row the
objective. At first the variable enters that gains most beside what it changes, which is fast;
should that take long, entering and leaving variables follow Bland's rule, which cannot cycle.

References
----------
.. [1] R. G. Bland, "New finite pivoting rules for the simplex method", Mathematics of Operations
   Research 2(2), 1977, 103-107.
.. [2] J. Edmonds and J.-F. Maurras, "Note sur les Q-matrices d'Edmonds", RAIRO Recherche
   Opérationnelle 31(2), 1997, 203-209 (integer pivoting).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import lcm
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from games.errors import TooLargeError

__all__ = ["RationalSolution", "RationalStatus", "maximize_exactly"]

Number: TypeAlias = int | float | Fraction
_Tableau: TypeAlias = NDArray[Any]


class RationalStatus(Enum):
    """How an exact linear program ended."""

    OPTIMAL = "a best feasible point was found and proven best"
    INFEASIBLE = "no point satisfies the constraints"
    UNBOUNDED = "the objective grows without bound"


@dataclass(frozen=True)
class RationalSolution:
    """Result of an exact linear program.

    Parameters
    ----------
    status : RationalStatus
    point : tuple of Fraction
        The best point; empty unless optimal.
    value : Fraction
        The objective at ``point``; 0 unless optimal.
    multipliers : tuple of Fraction
        Of the upper rows and then of the equal rows: the proof that no point is better. Empty
        unless optimal.
    """

    status: RationalStatus
    point: tuple[Fraction, ...] = ()
    value: Fraction = Fraction(0)
    multipliers: tuple[Fraction, ...] = ()


def maximize_exactly(
    objective: Sequence[Number],
    upper_rows: Sequence[Sequence[Number]] = (),
    upper_limits: Sequence[Number] = (),
    equal_rows: Sequence[Sequence[Number]] = (),
    equal_values: Sequence[Number] = (),
    *,
    max_pivots: int = 20_000,
) -> RationalSolution:
    """Exact maximum of ``objective · x`` over ``x >= 0`` under linear constraints.

    Parameters
    ----------
    objective : (n,) sequence of numbers
        Floats are taken at their exact binary value.
    upper_rows, upper_limits : (m, n) and (m,) sequences of numbers
        Constraints ``row · x <= limit``.
    equal_rows, equal_values : (k, n) and (k,) sequences of numbers
        Constraints ``row · x == value``.
    max_pivots : int
        How many steps to take at most.

    Raises
    ------
    TooLargeError
        After ``max_pivots`` pivots without an answer.

    Examples
    --------
    >>> found = maximize_exactly([1, 1], [[3, 1], [1, 3]], [1, 1])
    >>> found.value, found.point, found.multipliers
    (Fraction(1, 2), (Fraction(1, 4), Fraction(1, 4)), (Fraction(1, 4), Fraction(1, 4)))
    """
    scaled = [_integers([*row, b]) for row, b in zip(upper_rows, upper_limits, strict=True)]
    n_upper = len(scaled)
    for row, value in zip(equal_rows, equal_values, strict=True):
        integers, scale = _integers([*row, value])
        scaled += [(integers, scale), ([-entry for entry in integers], scale)]
    rows = [integers for integers, _ in scaled]
    goal = [Fraction(c) for c in objective]
    goal_scale = lcm(1, *(c.denominator for c in goal))
    tableau = _Simplex(rows, len(goal), max_pivots)
    if not tableau.make_feasible():
        return RationalSolution(RationalStatus.INFEASIBLE)
    if not tableau.maximize([int(c * goal_scale) for c in goal]):
        return RationalSolution(RationalStatus.UNBOUNDED)
    point = tableau.point(len(goal))
    value = sum((c * x for c, x in zip(goal, point, strict=True)), Fraction(0))
    prices = tableau.multipliers(len(goal), len(rows))
    prices = [y * scale / goal_scale for y, (_, scale) in zip(prices, scaled, strict=True)]
    equal = [a - b for a, b in zip(prices[n_upper::2], prices[n_upper + 1 :: 2], strict=True)]
    return RationalSolution(RationalStatus.OPTIMAL, point, value, (*prices[:n_upper], *equal))


def _integers(row: Sequence[Number]) -> tuple[list[int], int]:
    """Row times the least positive number that makes all its entries integers, and that number."""
    fractions = [Fraction(entry) for entry in row]
    scale = lcm(1, *(entry.denominator for entry in fractions))
    return [int(entry * scale) for entry in fractions], scale


class _Simplex:
    """Condensed tableau; variables 0..n-1 are ``x``, n is auxiliary, n+1.. are slacks."""

    def __init__(self, rows: list[list[int]], n: int, max_pivots: int) -> None:
        m = len(rows)
        self.n = n
        self.d = 1
        self.T: _Tableau = np.zeros((m + 1, n + 2), dtype=object)
        for i, row in enumerate(rows):
            self.T[i, :n] = row[:n]
            self.T[i, n] = -1  # the auxiliary variable relaxes every row
            self.T[i, -1] = row[n]
        self.basic = [n + 1 + i for i in range(m)]
        self.nonbasic = list(range(n + 1))
        self.pivots, self.max_pivots = 0, max_pivots
        self.patience = 2 * (m + n)

    def make_feasible(self) -> bool:
        """Drive the auxiliary variable to zero and remove it; False if that cannot be done."""
        limits = self.T[:-1, -1]
        if len(limits) and min(limits) < 0:
            self.T[-1, self.n] = 1  # maximize minus the auxiliary variable
            self._pivot(int(np.argmin(limits)), self.n)
            self._run()
            if self.n in self.basic:
                row = self.basic.index(self.n)
                if self.T[row, -1] != 0:
                    return False
                # The slack columns have full rank, so the row has an entry to pivot on.
                self._pivot(row, next(j for j in range(self.n + 1) if self.T[row, j] != 0))
        column = self.nonbasic.index(self.n)
        self.T = np.delete(self.T, column, axis=1)
        del self.nonbasic[column]
        return True

    def maximize(self, goal: list[int]) -> bool:
        """Maximize ``goal · x`` from the present feasible basis; False if unbounded."""
        objective = np.zeros(self.T.shape[1], dtype=object)
        for variable, c in enumerate(goal):
            if variable in self.nonbasic:
                objective[self.nonbasic.index(variable)] -= c * self.d
            else:
                objective += c * self.T[self.basic.index(variable)]
        self.T[-1] = objective
        return self._run()

    def point(self, n: int) -> tuple[Fraction, ...]:
        values = [Fraction(0)] * n
        for row, variable in enumerate(self.basic):
            if variable < n:
                values[variable] = Fraction(self.T[row, -1], self.d)
        return tuple(values)

    def multipliers(self, n: int, n_rows: int) -> list[Fraction]:
        """What one more unit of each row's limit is worth; 0 for a row with slack."""
        prices = [Fraction(0)] * n_rows
        for column, variable in enumerate(self.nonbasic):
            if variable > n:
                prices[variable - n - 1] = Fraction(self.T[-1, column], self.d)
        return prices

    def _run(self) -> bool:
        while True:
            entering = [j for j in range(self.T.shape[1] - 1) if self.T[-1, j] < 0]
            if not entering:
                return True
            if self.pivots < self.patience:
                column = max(entering, key=lambda j: (self._steepness(j), -self.nonbasic[j]))
            else:
                column = min(entering, key=lambda j: self.nonbasic[j])
            row = self._leaving(column)
            if row < 0:
                return False
            self._pivot(row, column)

    def _steepness(self, column: int) -> Fraction:
        """Gain in the objective beside the largest change of a basic variable."""
        change = max((abs(entry) for entry in self.T[:-1, column]), default=0)
        return Fraction(-self.T[-1, column], change or 1)

    def _leaving(self, column: int) -> int:
        best = -1
        for i in range(len(self.basic)):
            if self.T[i, column] <= 0:
                continue
            if best >= 0:
                here = self.T[i, -1] * self.T[best, column]
                there = self.T[best, -1] * self.T[i, column]
                if here > there or (here == there and self.basic[i] > self.basic[best]):
                    continue
            best = i
        return best

    def _pivot(self, row: int, column: int) -> None:
        self.pivots += 1
        if self.pivots > self.max_pivots:
            raise TooLargeError(
                f"exact linear program: no answer after {self.max_pivots} pivots; "
                "use the floating-point method"
            )
        T, pivot = self.T, self.T[row, column]
        pivot_row, pivot_column = T[row].copy(), T[:, column].copy()
        T = (T * pivot - np.multiply.outer(pivot_column, pivot_row)) // self.d
        T[row] = pivot_row
        T[:, column] = -pivot_column
        T[row, column] = self.d
        if pivot < 0:
            T, pivot = -T, -pivot
        self.T, self.d = T, pivot
        self.basic[row], self.nonbasic[column] = self.nonbasic[column], self.basic[row]
