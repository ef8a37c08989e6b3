"""Least largest excess by linear programming, with coalitions generated as they are needed.

The program is: minimise t over allocations x with x(S) + t >= v(S) for every open coalition S,
x(S) = a(S) for the settled ones, and optionally x_i >= lower_i. Only violated rows are ever
handed to the solver (HiGHS); the others are checked in one pass over the lattice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from games.coalitional.lattice import subset_sums
from games.errors import CertificateError
from games.normal_form import FloatArray

__all__ = ["LeastExcess", "least_largest_excess", "make_solver", "run"]

ROW_TOL = 1e-9
"""Largest violation of a row that is not handed to the solver (worths are scaled to 1)."""

DUAL_TOL = 1e-8
"""Multipliers below this are rounding: true ones are ratios of small determinants."""

MAX_ROUNDS = 500
"""Rounds of row generation; each adds a violated row, and typical games need under 20."""


@dataclass(frozen=True, eq=False)
class LeastExcess:
    """Optimum of one program.

    Parameters
    ----------
    point : (n,) array
    excess : float
        The least largest excess t of the open coalitions.
    binding : dict of int to float
        Coalitions with a positive multiplier; these sum to 1. They have excess t at every
        optimal point.
    at_bound : tuple of int
        Players whose lower bound has a positive multiplier.
    pool : tuple of int
        Coalitions that were handed to the solver.
    """

    point: FloatArray
    excess: float
    binding: dict[int, float]
    at_bound: tuple[int, ...]
    pool: tuple[int, ...]


def make_solver() -> Any:
    """Silent, serial HiGHS instance with tight tolerances."""
    import highspy

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("presolve", "off"),
        ("solver", "simplex"),
        ("primal_feasibility_tolerance", 1e-10),
        ("dual_feasibility_tolerance", 1e-10),
    ):
        solver.setOptionValue(option, value)
    return solver


def run(solver: Any) -> Any:
    """Solution of a solver's program; raises CertificateError unless it is proven optimal."""
    import highspy

    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        # A stalled warm start is cured by a fresh one.
        solver.clearSolver()
        solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        status = solver.modelStatusToString(solver.getModelStatus())
        raise CertificateError(f"the linear program ended as {status!r}, not optimal")
    return solver.getSolution()


def least_largest_excess(
    worths: FloatArray,
    is_open: NDArray[np.bool_],
    settled: Sequence[tuple[int, float]],
    pool: Sequence[int],
    lower: FloatArray | None,
) -> LeastExcess:
    """Point with the least largest excess over the open coalitions.

    Parameters
    ----------
    worths : (2**n,) array, scaled to about 1
    is_open : (2**n,) array of bool
        Coalitions that count; at least one.
    settled : sequence of (mask, amount)
        What certain coalitions get, linearly independent.
    pool : sequence of int
        Open coalitions to start from; t must be bounded on them.
    lower : (n,) array, optional
    """
    n = len(worths).bit_length() - 1
    solver = _program(n, worths, settled, pool, lower)
    rows = list(pool)
    open_worths = np.where(is_open, worths, -np.inf)
    for _ in range(MAX_ROUNDS):
        solution = run(solver)
        columns = np.array(solution.col_value)
        violated = _violated(open_worths, columns[:n], float(columns[n]), n)
        if not len(violated):
            break
        for mask in violated.tolist():
            _add_row(solver, mask, n, float(worths[mask]), with_excess=True)
        rows += violated.tolist()
    else:
        raise CertificateError(f"row generation did not end in {MAX_ROUNDS} rounds")
    duals = np.array(solution.row_dual)[len(settled) :]
    binding = {mask: float(d) for mask, d in zip(rows, duals, strict=True) if d > DUAL_TOL}
    reduced = np.array(solution.col_dual)[:n]
    at_bound = () if lower is None else tuple(np.flatnonzero(reduced > DUAL_TOL).tolist())
    return LeastExcess(columns[:n], float(columns[n]), binding, at_bound, tuple(rows))


def _program(
    n: int,
    worths: FloatArray,
    settled: Sequence[tuple[int, float]],
    pool: Sequence[int],
    lower: FloatArray | None,
) -> Any:
    solver = make_solver()
    for i in range(n):
        solver.addVar(-np.inf if lower is None else float(lower[i]), np.inf)
    solver.addVar(-np.inf, np.inf)
    solver.changeColCost(n, 1.0)
    for mask, amount in settled:
        _add_row(solver, mask, n, amount, with_excess=False)
    for mask in pool:
        _add_row(solver, mask, n, float(worths[mask]), with_excess=True)
    return solver


def _add_row(solver: Any, mask: int, n: int, amount: float, *, with_excess: bool) -> None:
    columns = [i for i in range(n) if mask >> i & 1] + ([n] if with_excess else [])
    upper = np.inf if with_excess else amount
    indices = np.array(columns, dtype=np.int32)
    solver.addRow(amount, upper, len(columns), indices, np.ones(len(columns)))


def _violated(open_worths: FloatArray, x: FloatArray, t: float, n: int) -> NDArray[np.int64]:
    """Coalitions among the worst whose excess is above ``t``."""
    excess = open_worths - subset_sums(x)
    worst = float(excess.max()) - t
    if worst <= ROW_TOL:
        return np.empty(0, dtype=np.int64)
    found = np.flatnonzero(excess > t + max(0.5 * worst, ROW_TOL))
    n_most = 4 * n
    if len(found) > n_most:
        found = found[np.argpartition(-excess[found], n_most)[:n_most]]
    return found
