"""Compiled loops of :mod:`games.solvers.vertex_enumeration_float`.

Importing this module imports numba, and the first call ever compiles (the result is kept on
disk), so it is imported only for games that are large enough to repay it.

A vertex other than 0 is scaled to sum 1; with one of its tight rows, r, as the reference, the
others are the equations ``sum_i (C[j, i] - C[r, i]) z_i + s_j - s_r = 0``. Differences of payoffs
are all that enters, each rounded once, so that neither a constant nor a huge entry in a row that
is not tight costs any digits.

Glossary: ``D`` (k, k, m) with ``D[r, j] = C[j] - C[r]``, columns scaled; ``T`` (k, m + 2) tableau,
the right-hand side last; ``row_label`` and ``col_label`` name its basic and nonbasic variables
(``z_i`` is i, ``s_j`` is m + j, the equation of the sum ``SUM``; column m starts as ``s_r``).
``N`` is the square matrix of a basis: tight equations by support variables, which stand in the
columns ``tight`` and the rows ``support`` of T. ``X``, there in T, is its approximate inverse.
"""

from __future__ import annotations

from math import frexp, ldexp

import numba
import numpy as np
from numpy.typing import NDArray

from games.normal_form import FloatArray
from games.solvers.basis_table_kernels import IntArray, add_basis, grown_table
from games.solvers.feasibility_proof_kernels import (
    SUM,
    TINY,
    is_strictly_feasible,
    relative_error,
)

__all__ = ["explore", "prepare"]

_TIE_TOL = 1e-7
"""Ratios closer than this, relatively, are told apart by a proof of which basis is feasible."""

_MAX_DRIFT = 1e-9
"""Relative error of a tableau above which it is computed afresh before it is called unclear."""

_NONE, _TO_ORIGIN = -1, -2
_UNPROVED, _TIED, _CLEAR = 0, 1, 2


def _prepare(payoffs: FloatArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Differences ``D``, the rank of each row and the bases next to the vertex 0.

    The columns of D are divided by powers of two, the usual size of their deviations, so that
    one huge entry does not drown the others. D is empty if its entries exceed the range of
    floats. Rows rank by their largest entries. The first basis is that of the vertex 0; where
    several rows tie there, the last is its lexicographic neighbour.
    """
    m, k = payoffs.shape
    D = np.zeros((k, k, m))
    size_of_row = np.zeros(k)
    origin = (1 << m) - 1
    bases = np.full(m + 1, origin)
    for i in range(m):
        column = payoffs[i]
        best = 0
        for j in range(k):
            best = j if column[j] >= column[best] else best
        bases[i + 1] = origin ^ (1 << i) ^ (1 << (m + best))
        distances = np.abs(column - np.sort(column)[k // 2])
        usual = np.sort(distances[distances > 0.0])
        factor = ldexp(1.0, -frexp(usual[usual.size // 2])[1]) if usual.size else 1.0
        for r in range(k):
            size_of_row[r] = max(size_of_row[r], distances[r] * factor)
            for j in range(k):
                difference = column[j] - column[r]
                scaled = difference * factor
                if difference != 0.0 and not (TINY < abs(scaled) < 1.0 / TINY):
                    return D[:0], bases, bases
                D[r, j, i] = scaled
    return D, np.argsort(np.argsort(size_of_row, kind="mergesort")), bases


prepare = numba.njit(cache=True, error_model="numpy")(_prepare)


def _pivot(
    T: FloatArray, row_label: IntArray, col_label: IntArray, leaving: int, entering: int
) -> None:
    inverse = 1.0 / T[leaving, entering]
    for j in range(T.shape[1]):
        T[leaving, j] *= inverse
    T[leaving, entering] = inverse
    for r in range(T.shape[0]):
        factor = T[r, entering]
        if r != leaving and factor != 0.0:
            T[r, entering] = 0.0
            for j in range(T.shape[1]):
                T[r, j] -= factor * T[leaving, j]
    row_label[leaving], col_label[entering] = col_label[entering], row_label[leaving]


_pivot_jit = numba.njit(cache=True, error_model="numpy")(_pivot)


def _fill_tableau(
    D: FloatArray, rank: IntArray, basis: int, T: FloatArray, row_label: IntArray,
    col_label: IntArray, scale: FloatArray,
) -> int:  # fmt: skip
    """Tableau of a basis; its reference row, or ``_NONE`` if the basis looks singular."""
    k, m = D.shape[1:]
    reference = -1
    for r in range(k):
        row_label[r] = m + r
        if (basis >> (m + r)) & 1 and (reference < 0 or rank[r] < rank[reference]):
            reference = r
    for r in range(k):
        for c in range(m):
            T[r, c] = 1.0 if r == reference else D[reference, r, c]
        T[r, m] = 0.0 if r == reference else -1.0
        T[r, m + 1] = 1.0 if r == reference else 0.0
        norm = 0.0
        for c in range(m):
            if not (basis >> c) & 1:
                norm = max(norm, abs(T[r, c]))
        # Rows that are not tight, and later those that were exchanged, are not chosen.
        scale[r] = 1.0 / norm if (basis >> (m + r)) & 1 and norm > 0.0 else 0.0
    row_label[reference] = SUM
    for c in range(m):
        col_label[c] = c
    col_label[m] = m + reference
    for c in range(m):
        if not (basis >> c) & 1:
            chosen, largest = -1, 0.0
            for r in range(k):
                value = abs(T[r, c]) * scale[r]
                if value > largest:
                    chosen, largest = r, value
            if not largest > 1e-13:
                return _NONE
            scale[chosen] = 0.0
            _pivot_jit(T, row_label, col_label, chosen, c)
    return reference


_fill_tableau_jit = numba.njit(cache=True, error_model="numpy")(_fill_tableau)


def _ratio_tests(T: FloatArray, work: FloatArray, leaving: IntArray) -> None:
    """Fill in the leaving row of every entering column at once; the right-hand side is positive.

    ``_TO_ORIGIN`` where nothing limits the column, ``_NONE`` where two ratios nearly tie. The
    least ratio is sought as the largest reciprocal.
    """
    k, n = T.shape[0], T.shape[1] - 1
    best, second = work[0], work[1]
    for c in range(n):
        best[c], second[c], leaving[c] = 0.0, 0.0, _TO_ORIGIN
    for r in range(k):
        inverse = 1.0 / T[r, n]
        for c in range(n):
            value = T[r, c] * inverse
            second[c] = max(second[c], min(best[c], value))
            best[c] = max(best[c], value)
    for r in range(k):
        inverse = 1.0 / T[r, n]
        for c in range(n):
            if T[r, c] * inverse == best[c]:
                leaving[c] = r
    for c in range(n):
        if best[c] > 0.0 and not best[c] - second[c] > _TIE_TOL * best[c]:
            leaving[c] = _NONE
        elif best[c] == 0.0:
            leaving[c] = _TO_ORIGIN


_ratio_tests_jit = numba.njit(cache=True, error_model="numpy")(_ratio_tests)


def _neighbours(
    T: FloatArray, basis: int, row_label: IntArray, col_label: IntArray, reference: int,
    work: FloatArray, leaving: IntArray, reached: IntArray,
) -> int:  # fmt: skip
    """Fill in the other end of each column's edge; ``_TIED`` if one is not clear."""
    m = T.shape[1] - 2
    status = _CLEAR
    _ratio_tests_jit(T, work, leaving)
    for c in range(m + 1):
        enters, row = col_label[c], leaving[c]
        if enters == SUM:
            # Nothing enters in place of the equation of the sum: no edge.
            reached[c] = basis
        elif row == _TO_ORIGIN and enters == m + reference:
            reached[c] = (1 << m) - 1
        elif row < 0:
            status, leaving[c] = _TIED, _NONE
        else:
            reached[c] = basis ^ (1 << enters) ^ (1 << row_label[row])
    return status


_neighbours_jit = numba.njit(cache=True)(_neighbours)


def _examine(
    D: FloatArray, basis: int, reference: int, max_drift: float, T: FloatArray,
    row_label: IntArray, col_label: IntArray, rows: IntArray, columns: IntArray, N: FloatArray,
    work: FloatArray, reached: IntArray,
) -> int:  # fmt: skip
    """Whether a basis is proved feasible and its neighbours, ``reached``, are clear.

    The leaving row of each column is left in ``columns``.
    """
    size, relative, drift = relative_error(
        D, T, row_label, col_label, reference, rows, columns, N, work
    )
    if not (relative < max_drift and drift < max_drift):
        return _UNPROVED
    if not is_strictly_feasible(D, T, row_label, reference, rows, size, relative, work[0]):
        return _UNPROVED
    return _neighbours_jit(T, basis, row_label, col_label, reference, work, columns, reached)


_examine_jit = numba.njit(cache=True)(_examine)


def _settle_ties(
    D: FloatArray, rank: IntArray, basis: int, T: FloatArray, row_label: IntArray,
    col_label: IntArray, leaving: IntArray, reached: IntArray,
) -> bool:  # fmt: skip
    """Decide columns in which ratios nearly tie: the neighbour is the basis proved feasible."""
    k, m = D.shape[1:]
    T2, N, work = np.empty((k, m + 2)), np.empty((m, m)), np.empty((4, max(k, m + 2)))
    row_label2, col_label2 = np.empty(k, np.int64), np.empty(m + 1, np.int64)
    rows, columns, unused = (
        np.empty(k, np.int64),
        np.empty(m + 1, np.int64),
        np.empty(m + 1, np.int64),
    )
    for c in range(m + 1):
        if leaving[c] != _NONE or col_label[c] == SUM:
            continue
        best = 0.0
        for r in range(k):
            best = max(best, T[r, c] / T[r, m + 1])
        for r in range(k):
            candidate = basis ^ (1 << col_label[c]) ^ (1 << row_label[r])
            if not T[r, c] / T[r, m + 1] >= best * (1.0 - _TIE_TOL) or candidate >> m == 0:
                continue
            reference = _fill_tableau_jit(D, rank, candidate, T2, row_label2, col_label2, work[0])
            if reference >= 0 and _examine_jit(
                D, candidate, reference, 0.5, T2, row_label2, col_label2, rows, columns, N, work,
                unused,
            ) != _UNPROVED:  # fmt: skip
                leaving[c], reached[c] = r, candidate
                break
        if leaving[c] == _NONE:
            return False
    return True


_settle_ties_jit = numba.njit(cache=True, error_model="numpy")(_settle_ties)


def _examine_afresh(
    D: FloatArray, rank: IntArray, basis: int, T: FloatArray, row_label: IntArray,
    col_label: IntArray, rows: IntArray, leaving: IntArray, N: FloatArray, work: FloatArray,
    reached: IntArray,
) -> tuple[int, bool]:  # fmt: skip
    """Reference row of a basis, and whether all is clear about it once ties are settled."""
    reference = _fill_tableau_jit(D, rank, basis, T, row_label, col_label, work[0])
    if reference < 0:
        return reference, False
    status = _examine_jit(
        D, basis, reference, 0.5, T, row_label, col_label, rows, leaving, N, work, reached
    )
    if status == _TIED and _settle_ties_jit(
        D, rank, basis, T, row_label, col_label, leaving, reached
    ):
        status = _CLEAR
    return reference, status == _CLEAR


_examine_afresh_jit = numba.njit(cache=True)(_examine_afresh)


def _explore(
    D: FloatArray, rank: IntArray, known: IntArray, done: int, limit: int
) -> tuple[IntArray, NDArray[np.bool_]]:
    """All bases that are reached from the known ones by steps that are proved right.

    ``D`` is as above, for m + k <= 62; rows of low ``rank`` are preferred as reference.
    ``known`` are bit masks of nonbasic variables without repetition, the first ``done`` of which
    were explored before. The bases returned begin with them; ``is_clear`` is False where a sign
    or a tie could not be decided, so that neighbours were not looked for, and without meaning
    for the first ``done``. The search stops at ``limit`` bases.

    From a basis it moves on to a neighbour not yet visited, by a pivot, as long as there is one
    that shares the reference; else to the first such basis, whose tableau is computed afresh.
    """
    k, m = D.shape[1:]
    capacity = max(256, 4 * known.size)
    bases, table = grown_table(known, capacity)
    count = known.size
    is_clear, is_visited = np.zeros(capacity, np.bool_), np.zeros(capacity, np.bool_)
    is_visited[:done] = True
    T, N, work = np.empty((k, m + 2)), np.empty((m, m)), np.empty((4, max(k, m + 2)))
    row_label, col_label = np.empty(k, np.int64), np.empty(m + 1, np.int64)
    rows, leaving = np.empty(k, np.int64), np.empty(m + 1, np.int64)
    reached = np.empty(m + 1, np.int64)
    first, current, reference = done, -1, _NONE
    while count < limit:
        clear = current >= 0 and _examine_jit(
            D, bases[current], reference, _MAX_DRIFT, T, row_label, col_label, rows, leaving, N,
            work, reached,
        ) == _CLEAR  # fmt: skip
        if not clear:
            if current < 0:
                while first < count and is_visited[first]:
                    first += 1
                if first == count:
                    break
                current = first
            reference, clear = _examine_afresh_jit(
                D, rank, bases[current], T, row_label, col_label, rows, leaving, N, work, reached
            )
        is_visited[current], is_clear[current] = True, clear
        current = -1
        if clear:
            if count + m > capacity:
                capacity *= 2
                bases, table = grown_table(bases[:count], capacity)
                is_clear = np.concatenate((is_clear, np.zeros_like(is_clear)))
                is_visited = np.concatenate((is_visited, np.zeros_like(is_visited)))
            entering = -1
            for c in range(m + 1):
                number = add_basis(reached[c], bases, count, table)
                count = max(count, number + 1)
                if not is_visited[number] and col_label[c] != m + reference:
                    entering, current = c, number
            if entering >= 0:
                _pivot_jit(T, row_label, col_label, leaving[entering], entering)
    return bases[:count].copy(), is_clear[:count].copy()


explore = numba.njit(cache=True, error_model="numpy")(_explore)
