"""Compiled proofs that a basis of a best-response polytope is strictly feasible.

Rigorous a-posteriori bounds on all rounding errors: see
:mod:`games.solvers.vertex_enumeration_float`. The letters are those of
:mod:`games.solvers.vertex_enumeration_kernels`.
"""

from __future__ import annotations

import numba
import numpy as np

from games.normal_form import FloatArray
from games.solvers.basis_table_kernels import IntArray

__all__ = ["SUM", "TINY", "is_strictly_feasible", "relative_error"]

SUM = -3
"""Label of the equation of the sum in a tableau."""

TINY = 1e-150
"""Products with smaller numbers may lose digits to underflow."""

_U = 2.0**-53


def _relative_error(
    D: FloatArray, T: FloatArray, row_label: IntArray, col_label: IntArray, reference: int,
    support: IntArray, tight: IntArray, N: FloatArray, work: FloatArray,
) -> tuple[int, float, float]:  # fmt: skip
    """Size of the support, a bound on the relative error of every z_i, and that of T.

    Nothing is assumed of T, and the entries of N may themselves be rounded once from the exact
    ones. With the residual r of the computed z and ``E = I - X N``, both enclosed with their
    rounding errors, the exact solution differs from z in component i by at most
    ``b / (1 - a) * z_i``, where a bounds E in the maximum norm weighted by z and b bounds
    ``(|X| r)_i / z_i``. The bounds are infinite if none can be proved; a tells how far T has
    drifted.
    """
    k, m = D.shape[1:]
    size = n_tight = 0
    z, radius, absolute, product = work[0], work[1], work[2], work[3]
    for r in range(k):
        if 0 <= row_label[r] < m:
            support[size] = r
            z[size] = T[r, m + 1]
            if not z[size] > TINY:
                return size, np.inf, np.inf
            size += 1
    for c in range(m + 1):
        if col_label[c] == SUM or (col_label[c] >= m and col_label[c] != m + reference):
            tight[n_tight] = c
            n_tight += 1
    unit = 2 * (size + 8) * _U
    for q in range(size):
        label = col_label[tight[q]]
        right = 1.0 if label == SUM else 0.0
        total, absolute[q] = -right, right
        for p in range(size):
            entry = 1.0 if label == SUM else D[reference, label - m, row_label[support[p]]]
            N[q, p] = entry
            total += entry * z[p]
            absolute[q] += abs(entry * z[p])
        radius[q] = abs(total) + unit * absolute[q]
    a, b = 0.0, 0.0
    for i in range(size):
        for p in range(size):
            product[p] = 0.0
        product[i] = -1.0
        spread, magnitude = 0.0, z[i]
        for q in range(size):
            x = T[support[i], tight[q]]
            spread += abs(x) * radius[q]
            magnitude += abs(x) * absolute[q]
            for p in range(size):
                product[p] += x * N[q, p]
        weighted = unit * magnitude
        for p in range(size):
            weighted += abs(product[p]) * z[p]
        # Written so that a number that is no number fails as well.
        if not (weighted / z[i] < 0.4 and spread / z[i] < 0.4):
            return size, np.inf, np.inf
        a = max(a, weighted / z[i] * 1.001)
        b = max(b, spread / z[i] * 1.001)
    return size, b / (1.0 - a) * 1.001, a


relative_error = numba.njit(cache=True, error_model="numpy")(_relative_error)


def _is_strictly_feasible(
    D: FloatArray, T: FloatArray, row_label: IntArray, reference: int, support: IntArray,
    size: int, relative: float, z: FloatArray,
) -> bool:  # fmt: skip
    """Whether all basic slacks are proved positive; their values in T are refreshed."""
    k, m = D.shape[1:]
    for r in range(k):
        if row_label[r] >= m:
            total, magnitude = 0.0, 0.0
            for p in range(size):
                term = D[reference, row_label[r] - m, row_label[support[p]]] * z[p]
                total += term
                magnitude += abs(term)
            if not -total > magnitude * (relative * 1.001 + 4 * (m + 8) * _U):
                return False
            T[r, m + 1] = -total
    return True


is_strictly_feasible = numba.njit(cache=True, error_model="numpy")(_is_strictly_feasible)
