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
    D: FloatArray, rank: NDArray[np.int64], basis: int, T: FloatArray, scale: FloatArray,
    equations: NDArray[np.int64], support: NDArray[np.int64],
) -> tuple[int, int]:  # fmt: skip
    """Tableau of a basis in ``T``; its reference row and size, or a size of 0 if singular.

    ``equations[p]`` becomes the tight row that was exchanged with variable ``support[p]``.
    """
    k, m = D.shape[1:]
    size = n_tight = 0
    reference = -1
    for c in range(m):
        if not (basis >> c) & 1:
            support[size] = c
            size += 1
    for r in range(k):
        if (basis >> (m + r)) & 1:
            equations[n_tight] = r
            n_tight += 1
            if reference < 0 or rank[r] < rank[reference]:
                reference = r
    for r in range(k):
        for c in range(m):
            T[r, c] = 1.0 if r == reference else D[reference, r, c]
        T[r, m] = 0.0 if r == reference else -1.0
        T[r, m + 1] = 1.0 if r == reference else 0.0
    for q in range(size):
        norm = 0.0
        for p in range(size):
            norm = max(norm, abs(T[equations[q], support[p]]))
        scale[q] = 1.0 / norm if norm > 0 else 0.0
    for p in range(size):
        c = support[p]
        chosen, largest = p, 0.0
        for q in range(p, size):
            value = abs(T[equations[q], c]) * scale[q]
            if value > largest:
                chosen, largest = q, value
        if not largest > 1e-13:
            return reference, 0
        leaving = equations[chosen]
        equations[chosen], scale[chosen] = equations[p], scale[p]
        equations[p] = leaving
        _pivot_jit(T, leaving, c)
    return reference, size


def _pivot(T: FloatArray, leaving: int, entering: int) -> None:
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


_pivot_jit = numba.njit(cache=True, error_model="numpy")(_pivot)
_fill_tableau_jit = numba.njit(cache=True, error_model="numpy")(_fill_tableau)


def _relative_error(
    D: FloatArray, T: FloatArray, reference: int, size: int, equations: NDArray[np.int64],
    support: NDArray[np.int64], N: FloatArray, work: FloatArray,
) -> float:  # fmt: skip
    """Bound on the relative error of every z_i of the basis, infinite if none can be proved.

    The entries of N may themselves be rounded once from the exact ones. With the residual r of
    the computed z and ``E = I - X N``, both enclosed with their rounding errors, the exact
    solution differs from z in component i by at most ``b / (1 - a) * z_i``, where a bounds E in
    the maximum norm weighted by z and b bounds ``(|X| r)_i / z_i``.
    """
    last = D.shape[2] + 1
    unit = 2 * (size + 8) * _U
    z, radius, product, magnitude = work[0], work[1], work[2], work[3]
    for p in range(size):
        z[p] = T[equations[p], last]
        if not z[p] > 0.0:
            return np.inf
    for q in range(size):
        right = 1.0 if equations[q] == reference else 0.0
        total, absolute = -right, right
        for p in range(size):
            entry = 1.0 if equations[q] == reference else D[reference, equations[q], support[p]]
            N[q, p] = entry
            total += entry * z[p]
            absolute += abs(entry * z[p])
        radius[q] = abs(total) + unit * absolute
    a, b = 0.0, 0.0
    for i in range(size):
        for p in range(size):
            product[p], magnitude[p] = 0.0, 1.0
        product[i] = -1.0
        spread = 0.0
        for q in range(size):
            # The column of a support variable stands for the equation exchanged with it.
            x = T[equations[i], support[q]]
            spread += abs(x) * radius[q]
            for p in range(size):
                term = x * N[q, p]
                product[p] += term
                magnitude[p] += abs(term)
        weighted = 0.0
        for p in range(size):
            weighted += (abs(product[p]) + unit * magnitude[p]) * z[p]
        # Written so that a number that is no number fails as well.
        if not (weighted / z[i] < 0.4 and spread / z[i] < 0.4):
            return np.inf
        a = max(a, weighted / z[i] * 1.001)
        b = max(b, spread / z[i] * 1.001)
    return b / (1.0 - a) * 1.001


_relative_error_jit = numba.njit(cache=True, error_model="numpy")(_relative_error)


def _is_strictly_feasible(
    D: FloatArray, T: FloatArray, basis: int, reference: int, size: int,
    equations: NDArray[np.int64], support: NDArray[np.int64], N: FloatArray, work: FloatArray,
) -> bool:  # fmt: skip
    """Whether all basic variables are proved positive, whatever was rounded on the way."""
    k, m = D.shape[1:]
    relative = _relative_error_jit(D, T, reference, size, equations, support, N, work)
    if not relative < 0.5:
        return False
    z = work[0]
    for r in range(k):
        if not (basis >> (m + r)) & 1:
            total, magnitude = 0.0, 0.0
            for p in range(size):
                term = D[reference, r, support[p]] * z[p]
                total += term
                magnitude += abs(term)
            if not -total > magnitude * (relative * 1.001 + 4 * (m + 8) * _U):
                return False
    return True


_is_strictly_feasible_jit = numba.njit(cache=True, error_model="numpy")(_is_strictly_feasible)


def _ratio_tests(T: FloatArray, work: FloatArray, leaving: NDArray[np.int64]) -> None:
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
            value = T[r, c] * inverse if T[r, c] > 1e-14 else 0.0
            is_best = value > best[c]
            second[c] = best[c] if is_best else max(second[c], value)
            best[c] = value if is_best else best[c]
            leaving[c] = r if is_best else leaving[c]
    for c in range(n):
        if leaving[c] >= 0 and not best[c] - second[c] > _TIE_TOL * best[c]:
            leaving[c] = _NONE


_ratio_tests_jit = numba.njit(cache=True, error_model="numpy")(_ratio_tests)


def _neighbours(
    T: FloatArray, basis: int, reference: int, size: int, equations: NDArray[np.int64],
    support: NDArray[np.int64], work: FloatArray, leaving: NDArray[np.int64],
    label_of: NDArray[np.int64], reached: NDArray[np.int64],
) -> bool:  # fmt: skip
    """Fill in the other ends of the edges of a basis; False if one is not clear."""
    k, m = T.shape[0], T.shape[1] - 2
    _ratio_tests_jit(T, work, leaving)
    for c in range(m):
        reached[c] = c
    for r in range(k):
        label_of[r] = m + r
    for p in range(size):
        label_of[equations[p]] = support[p]
        reached[support[p]] = m + equations[p]
    for c in range(m):
        # The column exchanged with the reference row stands for the sum; its slack has its own.
        enters = reached[c]
        row = leaving[m] if enters == m + reference else leaving[c]
        if row == _TO_ORIGIN and enters == m + reference:
            reached[c] = (1 << m) - 1
        elif row < 0:
            return False
        else:
            reached[c] = basis ^ (1 << enters) ^ (1 << label_of[row])
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


def _grown(known: NDArray[np.int64], capacity: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Room for ``capacity`` bases that begins with the known ones, and its hash table."""
    bases = np.empty(capacity, np.int64)
    table = np.full(4 * 2 ** int(np.ceil(np.log2(capacity))), -1, np.int64)
    count = 0
    for basis in known:
        count = _add_jit(basis, bases, count, table)
    return bases, table


_grown_jit = numba.njit(cache=True)(_grown)


def _explore(
    D: FloatArray, rank: NDArray[np.int64], known: NDArray[np.int64], done: int, limit: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """All bases that are reached from the known ones by steps that are proved right.

    ``D`` is as above, for m + k <= 62; rows of low ``rank`` are preferred as reference.
    ``known`` are bit masks of nonbasic variables without repetition, the first ``done`` of which
    were explored before. The bases returned begin with them; ``is_clear`` is False where a sign
    or a tie could not be decided, so that neighbours were not looked for, and without meaning
    for the first ``done``. The search stops at ``limit`` bases.
    """
    k, m = D.shape[1:]
    capacity = max(1024, 2 * known.size)
    bases, table = _grown_jit(known, capacity)
    count = known.size
    is_clear = np.ones(capacity, np.bool_)
    T, N, work = np.empty((k, m + 2)), np.empty((m, m)), np.empty((4, m + 2))
    equations, support = np.empty(k, np.int64), np.empty(m, np.int64)
    leaving, label_of = np.empty(m + 1, np.int64), np.empty(k, np.int64)
    reached = np.empty(m, np.int64)
    current = done
    while current < count < limit:
        if count + m > capacity:
            capacity *= 2
            bases, table = _grown_jit(bases[:count], capacity)
            is_clear = np.concatenate((is_clear, np.ones(capacity - is_clear.size, np.bool_)))
        basis = bases[current]
        reference, size = _fill_tableau_jit(D, rank, basis, T, work[0], equations, support)
        clear = (
            size > 0
            and _is_strictly_feasible_jit(
                D, T, basis, reference, size, equations, support, N, work
            )
            and _neighbours_jit(
                T, basis, reference, size, equations, support, work, leaving, label_of, reached
            )
        )
        if clear:
            for c in range(m):
                count = _add_jit(reached[c], bases, count, table)
        is_clear[current] = clear
        current += 1
    return bases[:count].copy(), is_clear[:count].copy()


explore = numba.njit(cache=True, error_model="numpy")(_explore)
