"""Compiled loops of :mod:`games.batch`: all extreme strategies of a player, up to 4 actions.

Every decision is the sign of a polynomial in payoff differences. It is taken from its float
value if that is large against the sum of the magnitudes of its terms, from its exact value
if the payoffs are small integers (then nothing is rounded), and otherwise not at all: the
game is left to exact arithmetic. Importing this module imports numba.

Glossary: ``V[i, j]`` what the opponent gets from j against the player's own action i; ``a, b,
c`` the actions of a support; ``wa, wb, wc`` weights on them that make as many replies equally
good, up to a factor; ``sa, sb, sc`` the same sums with absolute values; ``alive`` the replies
that no other reply beats against every action of the support; replies and supports are bit
masks. A label is a support, shifted by ``MAX_ACTIONS``, with all its best replies.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from games.batch_signs import CLEAR, TINY, gains_minor, weights_of_three
from games.normal_form import FloatArray

__all__ = ["MAX_ACTIONS", "UNCLEAR", "extreme_strategies", "is_integral", "subsets_of_masks"]

MAX_ACTIONS = 4
UNCLEAR = -1
_UNKNOWN = 2


def subsets_of_masks() -> NDArray[np.int64]:
    """Bit mask of the subsets of each bit mask of ``MAX_ACTIONS`` bits."""
    masks = range(1 << MAX_ACTIONS)
    return np.array([sum(1 << b for b in masks if not b & ~a) for a in masks])


def _sign(value: float, size: float, exact: bool) -> int:
    """Sign of a value with terms of total magnitude ``size``, or ``_UNKNOWN``."""
    if abs(value) > CLEAR * size + TINY:
        return 1 if value > 0 else -1
    if exact:
        return 0 if value == 0 else (1 if value > 0 else -1)
    return _UNKNOWN


_sign_jit = numba.njit(cache=True)(_sign)


def _is_integral(V: FloatArray, limit: float) -> bool:
    """Whether all payoffs are integers, or sixteenths, so small that nothing is rounded."""
    low = high = V[0, 0]
    unit = 1.0
    for i in range(V.shape[0]):
        for j in range(V.shape[1]):
            value = V[i, j]
            if value != np.floor(value):
                unit = 16.0
                if value * unit != np.floor(value * unit):
                    return False
            low, high = min(low, value), max(high, value)
    return bool((high - low) * unit <= limit)


is_integral = numba.njit(cache=True)(_is_integral)


def _add(labels: NDArray[np.int64], points: FloatArray, start: int, count: int, label: int) -> int:
    """Append a label unless it is there from ``start`` on; the new count, or ``UNCLEAR``."""
    for v in range(start, count):
        if labels[v] == label:
            return count
    if count == labels.size:
        return UNCLEAR
    labels[count] = label
    for i in range(points.shape[1]):
        points[count, i] = 0.0
    return count + 1


_add_jit = numba.njit(cache=True)(_add)


def _edge(
    V: FloatArray, a: int, b: int, alive: int, exact: bool,
    labels: NDArray[np.int64], points: FloatArray, start: int,
) -> int:  # fmt: skip
    """Extreme strategies of support {a, b}: for two replies, where preference turns."""
    n_other = V.shape[1]
    support = ((1 << a) | (1 << b)) << MAX_ACTIONS
    count = start
    for j in range(n_other - 1):
        if not (alive >> j) & 1:
            continue
        for r in range(j + 1, n_other):
            # Weights are single differences, of which floats always know the sign.
            wb, wa = V[a, r] - V[a, j], V[b, r] - V[b, j]
            if not (alive >> r) & 1 or not ((wa > 0 and wb < 0) or (wa < 0 and wb > 0)):
                continue
            wa, wb = abs(wa), abs(wb)
            best, is_unknown = (1 << j) | (1 << r), False
            for h in range(n_other):
                if h != j and h != r and (alive >> h) & 1:
                    p, q = wa * (V[a, h] - V[a, j]), wb * (V[b, h] - V[b, j])
                    sign = _sign_jit(p + q, abs(p) + abs(q), exact)
                    if sign == 1:
                        best = 0
                        break
                    best |= (sign == 0) << h
                    is_unknown |= sign == _UNKNOWN
            if best == 0:
                continue
            known = count
            count = _add_jit(labels, points, start, count, best | support)
            if is_unknown or count < 0:
                return UNCLEAR
            if count > known:
                share = 1.0 / (wa + wb)
                points[known, a], points[known, b] = wa * share, wb * share
    return count


_edge_jit = numba.njit(cache=True, error_model="numpy")(_edge)


def _triangle(
    V: FloatArray, a: int, b: int, c: int, j: int, r: int, h: int, alive: int, exact: bool,
    labels: NDArray[np.int64], points: FloatArray, start: int, count: int,
) -> int:  # fmt: skip
    """Extreme strategy of support {a, b, c} against which j, r and h are best, if there is."""
    wa, wb, wc, sa, sb, sc = weights_of_three(V, a, b, c, j, r, h)
    ta, tb, tc = _sign_jit(wa, sa, exact), _sign_jit(wb, sb, exact), _sign_jit(wc, sc, exact)
    if ta == 0 or tb == 0 or tc == 0:
        return count
    if ta == _UNKNOWN or tb == _UNKNOWN or tc == _UNKNOWN:
        is_mixed = min(ta, tb, tc) == -1 and (ta == 1 or tb == 1 or tc == 1)
        return count if is_mixed else UNCLEAR
    if ta != tb or ta != tc:
        return count
    wa, wb, wc = abs(wa), abs(wb), abs(wc)
    best, is_unknown = (1 << j) | (1 << r) | (1 << h), False
    for g in range(V.shape[1]):
        if g != j and g != r and g != h and (alive >> g) & 1:
            xa, xb, xc = V[a, g] - V[a, j], V[b, g] - V[b, j], V[c, g] - V[c, j]
            size = sa * abs(xa) + sb * abs(xb) + sc * abs(xc)
            sign = _sign_jit(wa * xa + wb * xb + wc * xc, size, exact)
            if sign == 1:
                return count
            best |= (sign == 0) << g
            is_unknown |= sign == _UNKNOWN
    if is_unknown:
        return UNCLEAR
    label = best | (((1 << a) | (1 << b) | (1 << c)) << MAX_ACTIONS)
    known = count
    count = _add_jit(labels, points, start, count, label)
    if count > known:
        share = 1.0 / (wa + wb + wc)
        points[known, a], points[known, b], points[known, c] = wa * share, wb * share, wc * share
    return count


_triangle_jit = numba.njit(cache=True, error_model="numpy")(_triangle)


def _triangles(
    V: FloatArray, a: int, b: int, c: int, alive: int, exact: bool,
    labels: NDArray[np.int64], points: FloatArray, start: int,
) -> int:  # fmt: skip
    """Extreme strategies of support {a, b, c}, one for each three replies at most."""
    count = start
    for left in range(3 if V.shape[1] == 3 else 0, 4):
        # The three replies other than ``left``; of three replies there are no other three.
        j, r, h = int(left == 0), 1 + int(left <= 1), 2 + int(left <= 2)
        triple = (1 << j) | (1 << r) | (1 << h)
        if not triple & ~alive:
            count = _triangle_jit(V, a, b, c, j, r, h, alive, exact, labels, points, start, count)
            if count < 0:
                return UNCLEAR
    return count


_triangles_jit = numba.njit(cache=True, error_model="numpy")(_triangles)


def _tetrahedron(
    V: FloatArray, exact: bool, labels: NDArray[np.int64], points: FloatArray, count: int
) -> int:
    """Extreme strategy of all 4 actions against which all 4 replies are best, if there is."""
    wa, sa = gains_minor(V, 1, 2, 3)
    wb, sb = gains_minor(V, 0, 2, 3)
    wc, sc = gains_minor(V, 0, 1, 3)
    wd, sd = gains_minor(V, 0, 1, 2)
    wb, wd = -wb, -wd
    ta, tb = _sign_jit(wa, sa, exact), _sign_jit(wb, sb, exact)
    tc, td = _sign_jit(wc, sc, exact), _sign_jit(wd, sd, exact)
    if ta == 0 or tb == 0 or tc == 0 or td == 0:
        return count
    is_mixed = min(ta, tb, tc, td) == -1 and (ta == 1 or tb == 1 or tc == 1 or td == 1)
    if is_mixed:
        return count
    if max(ta, tb, tc, td) == _UNKNOWN:
        return UNCLEAR
    known = count
    count = _add_jit(labels, points, known, count, 15 | (15 << MAX_ACTIONS))
    if count > known:
        share = 1.0 / (abs(wa) + abs(wb) + abs(wc) + abs(wd))
        points[known, 0], points[known, 1] = abs(wa) * share, abs(wb) * share
        points[known, 2], points[known, 3] = abs(wc) * share, abs(wd) * share
    return count


_tetrahedron_jit = numba.njit(cache=True, error_model="numpy")(_tetrahedron)


def _dominated(V: FloatArray, subsets_of: NDArray[np.int64], dominated: NDArray[np.int64]) -> None:
    """Fill in the bit mask of the supports on which some reply is always better than j."""
    for j in range(V.shape[1]):
        dominated[j] = 0
        for r in range(V.shape[1]):
            better = 0
            for i in range(V.shape[0]):
                better |= (V[i, r] > V[i, j]) << i
            dominated[j] |= subsets_of[better]


_dominated_jit = numba.njit(cache=True)(_dominated)


def _alive(dominated: NDArray[np.int64], n_other: int, support: int) -> int:
    alive = 0
    for j in range(n_other):
        alive |= (~(dominated[j] >> support) & 1) << j
    return alive


_alive_jit = numba.njit(cache=True)(_alive)


def _extreme_strategies(
    V: FloatArray, wanted: int, exact: bool, subsets_of: NDArray[np.int64],
    dominated: NDArray[np.int64], labels: NDArray[np.int64], points: FloatArray,
) -> int:  # fmt: skip
    """Fill in labels and probabilities of extreme strategies; their number, or ``UNCLEAR``.

    Only supports are looked at of which the bit is set in ``wanted``.
    """
    _dominated_jit(V, subsets_of, dominated)
    m, k = V.shape
    count = 0
    for a in range(m):
        if (wanted >> (1 << a)) & 1:
            # Against a pure action the best replies are those that are not dominated.
            label = _alive_jit(dominated, k, 1 << a) | (1 << (a + MAX_ACTIONS))
            count = _add_jit(labels, points, count, count, label)
            points[count - 1, a] = 1.0
    for a in range(m):
        for b in range(a + 1, m):
            support = (1 << a) | (1 << b)
            if (wanted >> support) & 1:
                alive = _alive_jit(dominated, k, support)
                count = _edge_jit(V, a, b, alive, exact, labels, points, count)
                if count < 0:
                    return UNCLEAR
            for c in range(b + 1, m):
                support = (1 << a) | (1 << b) | (1 << c)
                if k >= 3 and (wanted >> support) & 1:
                    alive = _alive_jit(dominated, k, support)
                    count = _triangles_jit(V, a, b, c, alive, exact, labels, points, count)
                    if count < 0:
                        return UNCLEAR
    if m == 4 and k == 4 and (wanted >> 15) & 1 and _alive_jit(dominated, 4, 15) == 15:
        count = _tetrahedron_jit(V, exact, labels, points, count)
    return count


extreme_strategies = numba.njit(cache=True, error_model="numpy")(_extreme_strategies)
