"""Rest points of the replicator dynamics in one population, exactly, with their stability.

A share vector rests if all strategies that are present earn the same: one linear system for each
support. The systems are solved in exact arithmetic, so that neither a tie nor a payoff 1e12 times
another can hide a rest point. Against an absent strategy a rest point is stable iff that strategy
earns less, which is decided exactly too; among the present ones the eigenvalues of the linearised
dynamics tell.

References
----------
.. [1] J. Hofbauer and K. Sigmund, "Evolutionary Games and Population Dynamics", 1998, ch. 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import lcm

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import CertificateError, NoSolutionError, TooLargeError
from games.learning.inputs import payoff_matrix
from games.normal_form import FloatArray
from games.repeated.exact_numbers import exact
from games.solvers.fraction_free_elimination import solve_integers

__all__ = ["RestPoint", "RestPoints", "rest_points"]

MAX_STRATEGIES = 12
"""Largest number of strategies whose 2^m - 1 supports are enumerated."""

EIGENVALUE_TOL = 1e-9
"""Real parts smaller than this, relative to the payoff differences in use, do not tell."""


@dataclass(frozen=True, eq=False)
class RestPoint:
    """A rest point of the replicator dynamics.

    Parameters
    ----------
    shares : (n_strategies,) array of float
    stability : str
        ``stable`` (attracts all that start near), ``unstable``, or ``undecided`` when the
        linearisation does not tell (an eigenvalue on the imaginary axis).
    eigenvalues : (n_strategies - 1,) array of complex
        Of the linearised dynamics within the simplex, those of the strategies present first.
    residual : float
        Largest speed left at the exact point, the certificate.
    """

    shares: FloatArray
    stability: str
    eigenvalues: NDArray[np.complex128]
    residual: float


@dataclass(frozen=True, eq=False)
class RestPoints:
    """Rest points, and whether the list is all of them.

    Parameters
    ----------
    points : tuple of RestPoint
        Smaller supports first.
    is_complete : bool
        False if some support carries a continuum, of which only the ends appear.
    """

    points: tuple[RestPoint, ...]
    is_complete: bool


def rest_points(A: ArrayLike, *, share_tol: float = 0.0) -> RestPoints:
    """Rest points of the replicator dynamics in one population, with their stability.

    Parameters
    ----------
    A : (m, m) array of float
        Payoff of the own strategy (row) against another (column), read as decimals.
    share_tol : float
        Share up to which a strategy counts as absent.

    Raises
    ------
    TooLargeError
        With more than 12 strategies: all supports are tried.
    CertificateError
        If a point found does not rest.

    Examples
    --------
    >>> [(p.shares.round(4).tolist(), p.stability) for p in rest_points([[4, 0], [3, 2]]).points]
    [([1.0, 0.0], 'stable'), ([0.0, 1.0], 'stable'), ([0.6667, 0.3333], 'unstable')]
    """
    matrix = payoff_matrix(A)
    m = matrix.shape[0]
    if m > MAX_STRATEGIES:
        raise TooLargeError(f"{m} strategies; rest points are enumerated up to {MAX_STRATEGIES}")
    rows = [[exact(entry, "A") for entry in row] for row in matrix]
    points = []
    is_complete = True
    for size in range(1, m + 1):
        for support in combinations(range(m), size):
            shares = _equal_payoffs(rows, support)
            if shares is None:
                is_complete = is_complete and not _is_continuum(rows, support)
            elif min(shares) > share_tol:
                points.append(_rest_point(rows, support, shares))
    return RestPoints(tuple(points), is_complete)


def _differences(
    rows: Sequence[Sequence[Fraction]], support: Sequence[int]
) -> list[list[Fraction]]:
    """Payoffs of each strategy present less those of the first one, against each present."""
    first = rows[support[0]]
    return [[rows[i][j] - first[j] for j in support] for i in support[1:]]


def _equal_payoffs(
    rows: Sequence[Sequence[Fraction]], support: Sequence[int]
) -> list[Fraction] | None:
    """Weights that sum to one and give all of the support one payoff; None if not unique."""
    system = [*_differences(rows, support), [Fraction(1)] * len(support)]
    scales = [lcm(*(entry.denominator for entry in row)) for row in system]
    whole = [[int(x * scale) for x in row] for row, scale in zip(system, scales, strict=True)]
    try:
        weights, total = solve_integers(whole, [0] * (len(support) - 1) + [1])
    except NoSolutionError:
        return None
    return [Fraction(weight, total) for weight in weights]


def _is_continuum(rows: Sequence[Sequence[Fraction]], support: Sequence[int]) -> bool:
    """Whether a singular system has a solution in the inside of the simplex."""
    from games.solvers.rational_simplex import RationalStatus, maximize_exactly

    size = len(support)
    # x = y + t with y >= 0 and the least share t as large as can be.
    equal = [[*row, sum(row, Fraction(0))] for row in _differences(rows, support)]
    solved = maximize_exactly(
        [0] * size + [1],
        equal_rows=[*equal, [Fraction(1)] * size + [Fraction(size)]],
        equal_values=[0] * (size - 1) + [1],
    )
    return solved.status is RationalStatus.OPTIMAL and solved.value > 0


def _rest_point(
    rows: Sequence[Sequence[Fraction]], support: Sequence[int], present: Sequence[Fraction]
) -> RestPoint:
    m = len(rows)
    shares = np.zeros(m)
    shares[list(support)] = [float(x) for x in present]
    payoffs = [
        sum((row[j] * x for j, x in zip(support, present, strict=True)), Fraction(0))
        for row in rows
    ]
    average = sum((payoffs[j] * x for j, x in zip(support, present, strict=True)), Fraction(0))
    speeds = [x * (payoffs[j] - average) for j, x in zip(support, present, strict=True)]
    residual = max(abs(speed) for speed in speeds)
    if residual > 0:
        raise CertificateError(f"the point {shares} moves with speed {float(residual):.3g}")
    within, size = _within_support(rows, support, present)
    invasion = [payoffs[k] - average for k in range(m) if k not in support]
    if any(gain > 0 for gain in invasion) or (within.real > EIGENVALUE_TOL * size).any():
        stability = "unstable"
    elif any(gain == 0 for gain in invasion) or (within.real >= -EIGENVALUE_TOL * size).any():
        stability = "undecided"
    else:
        stability = "stable"
    eigenvalues = np.concatenate([within, np.array([float(gain) for gain in invasion])])
    return RestPoint(shares, stability, eigenvalues.astype(complex), float(residual))


def _within_support(
    rows: Sequence[Sequence[Fraction]], support: Sequence[int], present: Sequence[Fraction]
) -> tuple[NDArray[np.complex128], float]:
    """Eigenvalues in directions among the strategies present, and the size of their matrix."""
    if len(support) == 1:
        return np.zeros(0, dtype=complex), 0.0
    # Constants in a column change no difference of payoffs and would cost digits.
    centred = np.array([[0.0] * len(support), *_differences(rows, support)], dtype=float)
    x = np.array([float(share) for share in present])
    jacobian = x[:, None] * (centred - centred.T @ x)
    basis = np.linalg.svd(np.ones((1, len(support))))[2][1:]
    inner = basis @ jacobian @ basis.T
    return np.linalg.eigvals(inner).astype(complex), float(np.abs(inner).max())
