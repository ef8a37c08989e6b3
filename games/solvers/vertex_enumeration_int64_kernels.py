"""Compiled loops of :mod:`games.solvers.vertex_enumeration_int64`.

Glossary: ``T`` (k, m + 1) tableau times the determinant d of the basis, the right-hand side
last; ``where`` the column of each nonbasic variable, ``-1 - row`` of each basic one.
``_LIMIT`` bounds every entry, so that products of two entries have at most 108 bits. Those are
never formed: their low 64 bits decide a quotient that is known to be exact and small, and the
sign of a difference that floats have shown to be small.
"""

from __future__ import annotations

import numba
import numpy as np

from games.solvers.basis_table_kernels import IntArray, add_basis, grown_table

__all__ = ["explore_exactly"]

_LIMIT = 2.0**54


def _pivot(T: IntArray, denominator: int, leaving: int, entering: int) -> int:
    """Exchange a row and a column with a positive entry; the new denominator, 0 for overflow."""
    k, n = T.shape
    head = T[leaving, entering]
    factor_size = 0
    for r in range(k):
        factor_size = max(factor_size, abs(T[r, entering]))
    bound = 0.0
    for c in range(n):
        size = 0
        for r in range(k):
            size = max(size, abs(T[r, c]))
        if c != entering:
            bound = max(bound, float(size) * head + float(factor_size) * abs(T[leaving, c]))
    twos, odd = 0, denominator
    while odd & 1 == 0:
        odd >>= 1
        twos += 1
    # Newton's method doubles the number of right low digits, of which an odd number has three.
    inverse = odd
    for _ in range(5):
        inverse *= 2 - odd * inverse
    if not bound < min(_LIMIT, 2.0 ** (61 - twos)) * denominator:
        return 0
    for r in range(k):
        factor = T[r, entering]
        if r != leaving:
            for c in range(n):
                # Modulo 2**64 until the shift, which leaves the lower 64 - twos digits in place.
                value = ((T[r, c] * head - factor * T[leaving, c]) >> twos) * inverse
                T[r, c] = (value << twos) >> twos
            T[r, entering] = -factor
    T[leaving, entering] = denominator
    return int(head)


_pivot_jit = numba.njit(cache=True)(_pivot)


def _order(a: int, b: int, c: int, d: int) -> int:
    """Sign of ``a * b - c * d`` for numbers below ``_LIMIT``."""
    x, y = float(a) * b, float(c) * d
    difference = x - y
    if abs(difference) <= 1e-15 * (abs(x) + abs(y)):
        # Below 2**63 then, so that reduction modulo 2**64 does it no harm.
        exact = a * b - c * d
        return (exact > 0) - (exact < 0)
    return 1 if difference > 0 else -1


_order_jit = numba.njit(cache=True)(_order)


def _leaving_row(T: IntArray, denominator: int, where: IntArray, entering: int) -> int:
    """Row of the lexicographic ratio test, ties broken by the columns of the first slacks."""
    k, m = T.shape[0], T.shape[1] - 1
    best = -1
    for r in range(k):
        if T[r, entering] <= 0:
            continue
        if best < 0:
            best = r
            continue
        order = _order_jit(T[r, m], T[best, entering], T[best, m], T[r, entering])
        slack = m
        while order == 0:
            place = where[slack]
            if place >= 0:
                one, other = T[r, place], T[best, place]
            else:
                one = denominator if place == -1 - r else 0
                other = denominator if place == -1 - best else 0
            order = _order_jit(one, T[best, entering], other, T[r, entering])
            slack += 1
        if order < 0:
            best = r
    return best


_leaving_row_jit = numba.njit(cache=True)(_leaving_row)


def _tight(T: IntArray, basis: int, row_label: IntArray) -> int:
    """Bit mask of the inequalities that hold with equality."""
    last = T.shape[1] - 1
    for r in range(T.shape[0]):
        if T[r, last] == 0:
            basis |= 1 << row_label[r]
    return basis


_tight_jit = numba.njit(cache=True)(_tight)


def _exchange(
    row_label: IntArray, col_label: IntArray, where: IntArray, leaving: int, entering: int
) -> None:
    row_label[leaving], col_label[entering] = col_label[entering], row_label[leaving]
    where[row_label[leaving]], where[col_label[entering]] = -1 - leaving, entering


_exchange_jit = numba.njit(cache=True)(_exchange)


def _explore_exactly(C: IntArray, limit: int) -> tuple[IntArray, IntArray, bool]:
    """All lexicographically feasible bases, their tight inequalities, and whether it is so.

    Depth first; the way back undoes the pivots of the way in, so that one tableau suffices. The
    search fails if a number grows too large or there are more than ``limit`` bases.
    """
    k, m = C.shape
    T = np.ones((k, m + 1), np.int64)
    T[:, :m] = C
    row_label, col_label = np.arange(m, m + k), np.arange(m)
    where = np.concatenate((np.arange(m), -1 - np.arange(k)))
    capacity = 256
    basis = (1 << m) - 1
    bases, table = grown_table(np.full(1, basis), capacity)
    tight = np.full(capacity, basis)
    path = np.empty((capacity, 2), np.int64)
    count, depth, entering, denominator = 1, 0, 0, 1
    while entering < m or depth > 0:
        if entering == m:
            depth -= 1
            leaving, entering = path[depth]
            basis ^= (1 << row_label[leaving]) ^ (1 << col_label[entering])
            is_new = False
        else:
            leaving = _leaving_row_jit(T, denominator, where, entering)
            neighbour = basis ^ (1 << row_label[leaving]) ^ (1 << col_label[entering])
            is_new = add_basis(neighbour, bases, count, table) == count
            if not is_new:
                entering += 1
                continue
            basis = neighbour
            path[depth, 0], path[depth, 1] = leaving, entering
            depth += 1
        denominator = _pivot_jit(T, denominator, leaving, entering)
        if denominator == 0 or count > limit:
            return bases[:count], tight[:count], False
        _exchange_jit(row_label, col_label, where, leaving, entering)
        entering += 1
        if is_new:
            tight[count] = _tight_jit(T, basis, row_label)
            count += 1
            entering = 0
        if count == capacity:
            capacity *= 2
            bases, table = grown_table(bases, capacity)
            tight = np.concatenate((tight, np.empty_like(tight)))
            path = np.concatenate((path, np.empty_like(path)))
    return bases[:count].copy(), tight[:count].copy(), True


explore_exactly = numba.njit(cache=True)(_explore_exactly)
