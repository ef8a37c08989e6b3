"""Compiled loops of :mod:`games.solvers.vertex_enumeration_float`.

Importing this module imports numba, and the first call ever compiles (the result is kept on
disk), so it is imported only for games that are large enough to repay it.

Glossary: ``C`` (k, m) constraints ``C z <= 1``; ``T`` (k, m + 1) simplex tableau; ``S`` the
variables z in the basis; ``J`` the rows that are tight; ``M = C[J, S]``; ``X`` its approximate
inverse; ``u`` the unit roundoff.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from games.normal_form import FloatArray

__all__ = ["explore"]

_U = 2.0**-53
_TIE_TOL = 1e-7
"""Ratios closer than this, relatively, are taken for a tie and left to exact arithmetic."""


def _fill_tableau(
    C: FloatArray,
    basis: int,
    T: FloatArray,
    row_of: NDArray[np.int64],
    column_of: NDArray[np.int64],
) -> bool:
    """Tableau of a basis in ``T``; ``row_of[i]`` is the row of z_i or -1. False if singular."""
    k, m = C.shape
    for r in range(k):
        column_of[r] = -1
        for c in range(m):
            T[r, c] = C[r, c]
        T[r, m] = 1.0
    for c in range(m):
        row_of[c] = -1
        if (basis >> c) & 1:
            continue
        leaving, largest = -1, 0.0
        for r in range(k):
            if (basis >> (m + r)) & 1 and column_of[r] < 0 and abs(T[r, c]) > largest:
                leaving, largest = r, abs(T[r, c])
        if leaving < 0 or largest < 1e-13:
            return False
        inverse = 1.0 / T[leaving, c]
        for j in range(m + 1):
            T[leaving, j] *= inverse
        T[leaving, c] = inverse
        for r in range(k):
            if r != leaving:
                factor = T[r, c]
                T[r, c] = 0.0
                for j in range(m + 1):
                    T[r, j] -= factor * T[leaving, j]
        row_of[c] = leaving
        column_of[leaving] = c
    return True


_fill_tableau_jit = numba.njit(cache=True)(_fill_tableau)


def _is_strictly_feasible(
    C: FloatArray,
    T: FloatArray,
    row_of: NDArray[np.int64],
    column_of: NDArray[np.int64],
    radius: FloatArray,
) -> bool:
    """Whether the basic solution is proved positive, whatever was rounded on the way.

    The entries of C may themselves be rounded once from the exact ones. With the residual
    ``r = 1 - M z`` and ``E = I - X M``, both enclosed with their rounding errors, the exact
    solution differs from z in component i by at most ``(|X| r)_i + a / (1 - a) * b * z_i``,
    where ``a`` bounds E in the maximum norm weighted by z and ``b = max (|X| r)_i / z_i``.
    """
    k, m = C.shape
    for c in range(m):
        if row_of[c] >= 0 and not T[row_of[c], m] > 0.0:
            return False
    # Residual bound of each tight row, kept for now in ``radius`` of the column paired with it.
    unit = (m + 8) * _U
    for r in range(k):
        if column_of[r] >= 0:
            total = 0.0
            for c in range(m):
                if row_of[c] >= 0:
                    total += C[r, c] * T[row_of[c], m]
            radius[column_of[r]] = abs(1.0 - total) + 2 * unit * (1.0 + total)
    worst_error, worst_ratio = 0.0, 0.0
    for i in range(m):
        if row_of[i] < 0:
            continue
        z_i = T[row_of[i], m]
        weighted, spread = 0.0, 0.0
        for p in range(m):
            if row_of[p] < 0:
                continue
            product, magnitude = 0.0, 0.0
            for q in range(m):
                if row_of[q] >= 0:
                    # X[i, row q of J] times M[row q, p]; column q of T stands for that slack.
                    term = T[row_of[i], q] * C[row_of[q], p]
                    product += term
                    magnitude += abs(term)
            gap = abs((1.0 if p == i else 0.0) - product) + 2 * unit * (1.0 + magnitude)
            weighted += gap * T[row_of[p], m]
            spread += abs(T[row_of[i], p]) * radius[p]
        worst_error = max(worst_error, weighted / z_i * 1.001)
        worst_ratio = max(worst_ratio, spread / z_i * 1.001)
    if not worst_error < 0.5:
        return False
    # (|X| r)_i <= b z_i, so the relative error of every z_i is at most b / (1 - a).
    relative = worst_ratio / (1.0 - worst_error) * 1.001
    if not relative < 0.5:
        return False
    for r in range(k):
        if column_of[r] < 0:
            total = 0.0
            for c in range(m):
                if row_of[c] >= 0:
                    total += C[r, c] * T[row_of[c], m]
            if not 1.0 - total > total * relative * 1.001 + 4 * unit * (1.0 + total):
                return False
    return True


_is_strictly_feasible_jit = numba.njit(cache=True)(_is_strictly_feasible)


def _leaving_row(T: FloatArray, entering: int) -> int:
    """Row of the ratio test, -1 if two ratios are too close to tell."""
    k, last = T.shape[0], T.shape[1] - 1
    best, least, second = -1, np.inf, np.inf
    for r in range(k):
        if T[r, entering] > 1e-12:
            ratio = T[r, last] / T[r, entering]
            if ratio < least:
                best, least, second = r, ratio, least
            elif ratio < second:
                second = ratio
    if best < 0 or not second - least > _TIE_TOL * second and second < np.inf:
        return -1
    return best


_leaving_row_jit = numba.njit(cache=True)(_leaving_row)


def _add(basis: int, bases: NDArray[np.int64], count: int, table: NDArray[np.int64]) -> int:
    """Append a basis unless it is in the hash table already; the new count."""
    size = table.size
    h = np.uint64(basis) * np.uint64(0x9E3779B97F4A7C15)
    slot = np.int64((h ^ (h >> np.uint64(29))) & np.uint64(size - 1))
    while table[slot] >= 0:
        if bases[table[slot]] == basis:
            return count
        slot = (slot + 1) & (size - 1)
    table[slot] = count
    bases[count] = basis
    return count + 1


_add_jit = numba.njit(cache=True)(_add)


def _explore(
    C: FloatArray, known: NDArray[np.int64], done: int, limit: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """All bases that are reached from the known ones by steps that are proved right.

    Parameters
    ----------
    C : (k, m) array of float, m + k <= 62
    known : (n,) array of int
        Bit masks of nonbasic variables, without repetition.
    done : int
        The first ``done`` of them have been explored before.
    limit : int
        Stop once there are this many bases.

    Returns
    -------
    bases : (n_bases,) array of int
        Beginning with ``known``.
    is_clear : (n_bases,) array of bool
        False where a sign or a tie could not be decided: its neighbours were not looked for.
        Not meaningful for the first ``done``.
    """
    k, m = C.shape
    capacity = max(1024, 2 * known.size)
    bases = np.empty(capacity, np.int64)
    table = np.full(4 * 2 ** int(np.ceil(np.log2(capacity))), -1, np.int64)
    count = 0
    for basis in known:
        count = _add_jit(basis, bases, count, table)
    is_clear = np.ones(capacity, np.bool_)
    T = np.empty((k, m + 1))
    row_of, column_of = np.empty(m, np.int64), np.empty(k, np.int64)
    radius = np.empty(m)
    reached = np.empty(m, np.int64)
    current = done
    while current < count < limit:
        if count + m > capacity:
            capacity *= 2
            bases = np.concatenate((bases[:count], np.empty(capacity - count, np.int64)))
            is_clear = np.concatenate((is_clear, np.ones(capacity - is_clear.size, np.bool_)))
            table = np.full(2 * table.size, -1, np.int64)
            n_old = count
            count = 0
            for index in range(n_old):
                count = _add_jit(bases[index], bases, count, table)
        basis = bases[current]
        clear = _fill_tableau_jit(C, basis, T, row_of, column_of)
        clear = clear and _is_strictly_feasible_jit(C, T, row_of, column_of, radius)
        for c in range(m):
            if not clear:
                break
            leaving = _leaving_row_jit(T, c)
            if leaving < 0:
                clear = False
            else:
                enters = c if row_of[c] < 0 else m + row_of[c]
                leaves = m + leaving if column_of[leaving] < 0 else column_of[leaving]
                reached[c] = basis ^ (1 << enters) ^ (1 << leaves)
        if clear:
            for c in range(m):
                count = _add_jit(reached[c], bases, count, table)
        is_clear[current] = clear
        current += 1
    return bases[:count].copy(), is_clear[:count].copy()


explore = numba.njit(cache=True)(_explore)
