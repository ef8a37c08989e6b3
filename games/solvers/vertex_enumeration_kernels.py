"""Compiled loops of :mod:`games.solvers.vertex_enumeration_float`.

Importing this module imports numba, and the first call ever compiles (the result is kept on
disk), so it is imported only for games that are large enough to repay it.

A vertex other than 0 is scaled to sum 1; with one of its tight rows, r, as the reference, the
others are the equations ``sum_i (C[j, i] - C[r, i]) z_i = 0``. Differences of payoffs are all
that enters, each rounded once, so that neither a constant nor a huge entry in a row that is not
tight costs any digits.

Glossary: ``D`` (k, k, m) with ``D[r, j] = C[j] - C[r]``, columns scaled; ``T`` (k, m + 2) tableau:
one column per variable z, one for the slack of row r, the right-hand side; its row r is the
equation of the sum. ``N`` the square matrix of the basis, ``X`` its approximate inverse.
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

_NONE, _TO_ORIGIN = -1, -2


def _fill_tableau(
    D: FloatArray, rank: NDArray[np.int64], basis: int, T: FloatArray,
    row_of: NDArray[np.int64], column_of: NDArray[np.int64],
) -> int:  # fmt: skip
    """Tableau of a basis in ``T``; its reference row, or -1 if it looks singular.

    ``row_of[i]`` is the row of z_i or -1, ``column_of`` the inverse of that.
    """
    k, m = D.shape[1:]
    reference = -1
    for r in range(k):
        if (basis >> (m + r)) & 1 and (reference < 0 or rank[r] < rank[reference]):
            reference = r
    if reference < 0:
        return _NONE
    for r in range(k):
        column_of[r] = -1
        for c in range(m):
            T[r, c] = 1.0 if r == reference else D[reference, r, c]
        T[r, m] = 0.0 if r == reference else -1.0
        T[r, m + 1] = 1.0 if r == reference else 0.0
    for c in range(m):
        row_of[c] = -1
        if (basis >> c) & 1:
            continue
        leaving, largest = -1, 0.0
        for r in range(k):
            if (basis >> (m + r)) & 1 and column_of[r] < 0:
                norm = 0.0
                for j in range(c, m):
                    if not (basis >> j) & 1:
                        norm = max(norm, abs(T[r, j]))
                if abs(T[r, c]) > largest * norm:
                    leaving, largest = r, abs(T[r, c]) / norm
        if leaving < 0 or largest < 1e-13:
            return _NONE
        inverse = 1.0 / T[leaving, c]
        for j in range(m + 2):
            T[leaving, j] *= inverse
        T[leaving, c] = inverse
        for r in range(k):
            factor = T[r, c]
            if r != leaving and factor != 0.0:
                T[r, c] = 0.0
                for j in range(m + 2):
                    T[r, j] -= factor * T[leaving, j]
        row_of[c] = leaving
        column_of[leaving] = c
    return reference


_fill_tableau_jit = numba.njit(cache=True, error_model="numpy")(_fill_tableau)


def _relative_error(
    D: FloatArray, T: FloatArray, reference: int, row_of: NDArray[np.int64],
    column_of: NDArray[np.int64], radius: FloatArray,
) -> float:  # fmt: skip
    """Bound on the relative error of every z_i of the basis, infinite if none can be proved.

    The entries of N may themselves be rounded once from the exact ones. With the residual r of
    the computed z and ``E = I - X N``, both enclosed with their rounding errors, the exact
    solution differs from z in component i by at most ``b / (1 - a) * z_i``, where a bounds E in
    the maximum norm weighted by z and b bounds ``(|X| r)_i / z_i``.
    """
    k, m = D.shape[1:]
    last = m + 1
    unit = 2 * (m + 8) * _U
    # Bound of each equation's residual, kept at the column that is paired with the equation.
    for r in range(k):
        if column_of[r] >= 0:
            right = 1.0 if r == reference else 0.0
            total, magnitude = -right, right
            for c in range(m):
                if row_of[c] >= 0:
                    term = T[row_of[c], last] * (1.0 if r == reference else D[reference, r, c])
                    total += term
                    magnitude += abs(term)
            radius[column_of[r]] = abs(total) + unit * magnitude
    a, b = 0.0, 0.0
    for i in range(m):
        if row_of[i] < 0:
            continue
        z_i = T[row_of[i], last]
        if not z_i > 0.0:
            return np.inf
        weighted, spread = 0.0, 0.0
        for p in range(m):
            if row_of[p] < 0:
                continue
            product, magnitude = 0.0, 1.0
            for q in range(m):
                r = row_of[q]
                if r >= 0:
                    # Column q of T stands for equation r, with which it was exchanged.
                    term = T[row_of[i], q] * (1.0 if r == reference else D[reference, r, p])
                    product += term
                    magnitude += abs(term)
            gap = abs((1.0 if p == i else 0.0) - product) + unit * magnitude
            weighted += gap * T[row_of[p], last]
            spread += abs(T[row_of[i], p]) * radius[p]
        # Written so that a number that is no number fails as well.
        if not (weighted / z_i < 0.4 and spread / z_i < 0.4):
            return np.inf
        a = max(a, weighted / z_i * 1.001)
        b = max(b, spread / z_i * 1.001)
    return b / (1.0 - a) * 1.001


_relative_error_jit = numba.njit(cache=True, error_model="numpy")(_relative_error)


def _is_strictly_feasible(
    D: FloatArray, T: FloatArray, reference: int, row_of: NDArray[np.int64],
    column_of: NDArray[np.int64], radius: FloatArray,
) -> bool:  # fmt: skip
    """Whether all basic variables are proved positive, whatever was rounded on the way."""
    k, m = D.shape[1:]
    relative = _relative_error_jit(D, T, reference, row_of, column_of, radius)
    if not relative < 0.5:
        return False
    for r in range(k):
        if column_of[r] < 0:
            total, magnitude = 0.0, 0.0
            for c in range(m):
                if row_of[c] >= 0:
                    term = D[reference, r, c] * T[row_of[c], m + 1]
                    total += term
                    magnitude += abs(term)
            if not -total > magnitude * (relative * 1.001 + 4 * (m + 8) * _U):
                return False
    return True


_is_strictly_feasible_jit = numba.njit(cache=True, error_model="numpy")(_is_strictly_feasible)


def _leaving_row(T: FloatArray, entering: int) -> int:
    """Row of the ratio test, ``_NONE`` if two ratios are too close to tell."""
    k, last = T.shape[0], T.shape[1] - 1
    best, least, second = _TO_ORIGIN, np.inf, np.inf
    for r in range(k):
        if T[r, entering] > 1e-14:
            ratio = T[r, last] / T[r, entering]
            if ratio < least:
                best, least, second = r, ratio, least
            elif ratio < second:
                second = ratio
    if second < np.inf and not second - least > _TIE_TOL * second:
        return _NONE
    return best


_leaving_row_jit = numba.njit(cache=True, error_model="numpy")(_leaving_row)


def _neighbours(
    T: FloatArray, basis: int, reference: int, row_of: NDArray[np.int64],
    column_of: NDArray[np.int64], reached: NDArray[np.int64],
) -> bool:  # fmt: skip
    """Fill in the other ends of the edges of a basis; False if one is not clear."""
    m = T.shape[1] - 2
    for c in range(m):
        # The column paired with the reference row stands for the sum: its slack has its own.
        column = m if row_of[c] == reference else c
        leaving = _leaving_row_jit(T, column)
        enters = c if row_of[c] < 0 else m + row_of[c]
        if leaving == _TO_ORIGIN and row_of[c] == reference:
            reached[c] = (1 << m) - 1
        elif leaving < 0:
            return False
        else:
            leaves = m + leaving if column_of[leaving] < 0 else column_of[leaving]
            reached[c] = basis ^ (1 << enters) ^ (1 << leaves)
    return True


_neighbours_jit = numba.njit(cache=True)(_neighbours)


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
    D: FloatArray, rank: NDArray[np.int64], known: NDArray[np.int64], done: int, limit: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """All bases that are reached from the known ones by steps that are proved right.

    Parameters
    ----------
    D : (k, k, m) array of float, m + k <= 62
        Differences of rows, every one rounded once.
    rank : (k,) array of int
        Rows with the lowest rank are preferred as reference.
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
    k, m = D.shape[1:]
    capacity = max(1024, 2 * known.size)
    bases = np.empty(capacity, np.int64)
    table = np.full(4 * 2 ** int(np.ceil(np.log2(capacity))), -1, np.int64)
    count = 0
    for basis in known:
        count = _add_jit(basis, bases, count, table)
    is_clear = np.ones(capacity, np.bool_)
    T = np.empty((k, m + 2))
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
        reference = _fill_tableau_jit(D, rank, basis, T, row_of, column_of)
        clear = (
            reference >= 0
            and _is_strictly_feasible_jit(D, T, reference, row_of, column_of, radius)
            and _neighbours_jit(T, basis, reference, row_of, column_of, reached)
        )
        if clear:
            for c in range(m):
                count = _add_jit(reached[c], bases, count, table)
        is_clear[current] = clear
        current += 1
    return bases[:count].copy(), is_clear[:count].copy()


explore = numba.njit(cache=True, error_model="numpy")(_explore)
