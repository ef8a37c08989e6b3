"""Compiled loops of :mod:`games.batch`: equilibria of games in which no sign is in doubt.

The quick path for the games that are almost all of a sweep. No two payoffs that a player chooses
between may be equal; each pair of supports of equal size is looked at, and is passed over as
soon as one sign rules it out for certain. A pair that is neither ruled out nor an equilibrium by
clear signs makes the game ``UNCLEAR``: it is left to :mod:`games.batch_extreme_strategies`.

Nothing is missed. Let (x, y) be an extreme equilibrium whose strategies use different numbers of
actions, x fewer. Then x uses two actions at least, for a pure action has one best reply here;
and the actions of x can be filled up with other best replies to y to as many as y uses, such
that y is the one solution of their equations (y is extreme; up to 4 actions, those of x are
independent). The equations of that pair of supports for x have the solution x, in which an
action has no weight: a sign is 0, or all are, and no sign rules the pair out. So the game is
unclear, and a game that is clear has equilibria with supports of equal size only, all looked at.

Importing this module imports numba.

Glossary: ``A[j, i]`` what the row player gets from i against j, ``B[i, j]`` what the column
player gets from j against i, ``V`` either of them; ``better[j, r]``, for j < r, the bit mask of
the actions against which j is better than r; ``best[i]`` the best reply to i.

References
----------
.. [1] R. Porter, E. Nudelman and Y. Shoham, "Simple search methods for finding a Nash
   equilibrium", Games and Economic Behavior 63(2), 2008, 642-662 (supports of equal size first).
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from games.batch_signs import clear_sign, gains_minor, weights_of_three
from games.normal_form import FloatArray

__all__ = ["MAX_PAIRS", "UNCLEAR", "mixed_equilibria", "preferences", "pure_equilibria"]

MAX_PAIRS = 69
"""Pairs of supports of equal size of two players with 4 actions: 16 + 36 + 16 + 1."""
UNCLEAR = -1
_NO, _YES, _UNKNOWN = 0, 1, 2


def _preferences(
    V: FloatArray, better: NDArray[np.int64], wins: NDArray[np.int64], best: NDArray[np.int64]
) -> bool:
    """Fill in which replies are better than which and the best ones; whether any two tie.

    ``wins[j]`` becomes the bit mask of the actions against which j is best. All is done without
    branches, which processors cannot foresee here.
    """
    m, k = V.shape
    has_tie = False
    for j in range(k):
        wins[j] = (1 << m) - 1
    for j in range(k):
        for r in range(j + 1, k):
            mask = 0
            for i in range(m):
                mask |= (V[i, j] > V[i, r]) << i
                has_tie |= V[i, j] == V[i, r]
            better[j, r] = mask
            wins[j] &= mask
            wins[r] &= ~mask
    for i in range(m):
        best[i] = 0
        for j in range(1, k):
            best[i] += j * ((wins[j] >> i) & 1)
    return has_tie


preferences = numba.njit(cache=True, inline="always")(_preferences)


def _clear(x: FloatArray, y: FloatArray, e: int) -> None:
    """Set row e to zeros, in loops: a slice would cost more than they do."""
    for i in range(x.shape[1]):
        x[e, i] = 0.0
    for j in range(y.shape[1]):
        y[e, j] = 0.0


_clear_jit = numba.njit(cache=True)(_clear)


def _pure_equilibria(
    A_best: NDArray[np.int64], B_best: NDArray[np.int64],
    x: FloatArray, y: FloatArray, regrets: FloatArray, start: int,
) -> int:  # fmt: skip
    """Write the pairs of actions that are best replies to each other; the end of the rows."""
    end = start
    for i in range(B_best.size):
        j = B_best[i]
        if A_best[j] == i:
            _clear_jit(x, y, end)
            regrets[end] = 0.0
            x[end, i], y[end, j] = 1.0, 1.0
            end += 1
    return end


pure_equilibria = numba.njit(cache=True, inline="always")(_pure_equilibria)


def _mix_of_two(V: FloatArray, a: int, b: int, j: int, r: int) -> tuple[int, float, float]:
    """Whether j and r alone are best against a mix of a and b, and the weights of a and b.

    Preference between j and r must turn from a to b.
    """
    wa, wb = abs(V[b, r] - V[b, j]), abs(V[a, r] - V[a, j])
    verdict = _YES
    for h in range(V.shape[1]):
        if h != j and h != r:
            p, q = wa * (V[a, h] - V[a, j]), wb * (V[b, h] - V[b, j])
            sign = clear_sign(p + q, abs(p) + abs(q))
            if sign == 1:
                return _NO, wa, wb
            if sign == 0:
                verdict = _UNKNOWN
    return verdict, wa, wb


_mix_of_two_jit = numba.njit(cache=True)(_mix_of_two)


def _mix_of_three(
    V: FloatArray, a: int, b: int, c: int, j: int, r: int, h: int
) -> tuple[int, float, float, float]:
    """Whether j, r and h alone are best against a mix of a, b and c, and the weights."""
    wa, wb, wc, sa, sb, sc = weights_of_three(V, a, b, c, j, r, h)
    ta, tb, tc = clear_sign(wa, sa), clear_sign(wb, sb), clear_sign(wc, sc)
    wa, wb, wc = abs(wa), abs(wb), abs(wc)
    if min(ta, tb, tc) == -1 and max(ta, tb, tc) == 1:
        return _NO, wa, wb, wc
    if ta == 0 or tb == 0 or tc == 0:
        return _UNKNOWN, wa, wb, wc
    verdict = _YES
    for g in range(V.shape[1]):
        if g != j and g != r and g != h:
            xa, xb, xc = V[a, g] - V[a, j], V[b, g] - V[b, j], V[c, g] - V[c, j]
            size = sa * abs(xa) + sb * abs(xb) + sc * abs(xc)
            sign = clear_sign(wa * xa + wb * xb + wc * xc, size)
            if sign == 1:
                return _NO, wa, wb, wc
            if sign == 0:
                verdict = _UNKNOWN
    return verdict, wa, wb, wc


_mix_of_three_jit = numba.njit(cache=True)(_mix_of_three)


def _mix_of_four(V: FloatArray) -> tuple[int, float, float, float, float]:
    """Whether all 4 replies are best against a mix of all 4 actions, and the weights."""
    wa, sa = gains_minor(V, 1, 2, 3)
    wb, sb = gains_minor(V, 0, 2, 3)
    wc, sc = gains_minor(V, 0, 1, 3)
    wd, sd = gains_minor(V, 0, 1, 2)
    ta, tb, tc, td = (
        clear_sign(wa, sa),
        -clear_sign(wb, sb),
        clear_sign(wc, sc),
        -clear_sign(wd, sd),
    )
    verdict = _YES
    if min(ta, tb, tc, td) == -1 and max(ta, tb, tc, td) == 1:
        verdict = _NO
    elif ta == 0 or tb == 0 or tc == 0 or td == 0:
        verdict = _UNKNOWN
    return verdict, abs(wa), abs(wb), abs(wc), abs(wd)


_mix_of_four_jit = numba.njit(cache=True)(_mix_of_four)


def _twos(
    A: FloatArray, B: FloatArray, A_better: NDArray[np.int64], B_better: NDArray[np.int64],
    B_best: NDArray[np.int64], x: FloatArray, y: FloatArray, start: int,
) -> int:  # fmt: skip
    """Write the equilibria in which both players mix two actions; the end, or ``UNCLEAR``."""
    m, k = B.shape
    end = start
    for a in range(m):
        for b in range(a + 1, m):
            if B_best[a] == B_best[b]:
                continue  # It is then the one best reply to every mix of a and b.
            rows_turn = A_better[a, b]
            for j in range(k):
                for r in range(j + 1, k):
                    turns = (B_better[j, r] >> a) ^ (B_better[j, r] >> b)
                    if not turns & ((rows_turn >> j) ^ (rows_turn >> r)) & 1:
                        continue
                    is_x, wa, wb = _mix_of_two_jit(B, a, b, j, r)
                    if is_x == _NO:
                        continue
                    is_y, wj, wr = _mix_of_two_jit(A, j, r, a, b)
                    if is_y == _NO:
                        continue
                    if is_x == _UNKNOWN or is_y == _UNKNOWN:
                        return UNCLEAR
                    _clear_jit(x, y, end)
                    share = 1.0 / (wa + wb)
                    x[end, a], x[end, b] = wa * share, wb * share
                    share = 1.0 / (wj + wr)
                    y[end, j], y[end, r] = wj * share, wr * share
                    end += 1
    return end


_twos_jit = numba.njit(cache=True, error_model="numpy", inline="always")(_twos)


def _turns(better: NDArray[np.int64], actions: int, j: int, r: int, h: int) -> bool:
    """Whether no two of j, r and h compare alike against all of the actions of a bit mask."""
    p, q, s = better[j, r] & actions, better[j, h] & actions, better[r, h] & actions
    return bool((p != 0) & (p != actions) & (q != 0) & (q != actions) & (s != 0) & (s != actions))


_turns_jit = numba.njit(cache=True)(_turns)


def _threes(
    A: FloatArray, B: FloatArray, A_better: NDArray[np.int64], B_better: NDArray[np.int64],
    x: FloatArray, y: FloatArray, start: int,
) -> int:  # fmt: skip
    """Write the equilibria in which both players mix three actions; the end, or ``UNCLEAR``."""
    m, k = B.shape
    end = start
    # All three actions other than the one left out; of three actions only the fourth can be.
    for row_left in range(0 if m == 4 else 3, 4 if m >= 3 else 0):
        a, b, c = int(row_left == 0), 1 + int(row_left <= 1), 2 + int(row_left <= 2)
        for left in range(0 if k == 4 else 3, 4 if k >= 3 else 0):
            j, r, h = int(left == 0), 1 + int(left <= 1), 2 + int(left <= 2)
            if not _turns_jit(B_better, 15 ^ (1 << row_left), j, r, h):
                continue
            if not _turns_jit(A_better, 15 ^ (1 << left), a, b, c):
                continue
            is_x, wa, wb, wc = _mix_of_three_jit(B, a, b, c, j, r, h)
            if is_x == _NO:
                continue
            is_y, wj, wr, wh = _mix_of_three_jit(A, j, r, h, a, b, c)
            if is_y == _NO:
                continue
            if is_x == _UNKNOWN or is_y == _UNKNOWN:
                return UNCLEAR
            _clear_jit(x, y, end)
            share = 1.0 / (wa + wb + wc)
            x[end, a], x[end, b], x[end, c] = wa * share, wb * share, wc * share
            share = 1.0 / (wj + wr + wh)
            y[end, j], y[end, r], y[end, h] = wj * share, wr * share, wh * share
            end += 1
    return end


_threes_jit = numba.njit(cache=True, error_model="numpy")(_threes)


def _fours(
    A: FloatArray, B: FloatArray, A_better: NDArray[np.int64], B_better: NDArray[np.int64],
    x: FloatArray, y: FloatArray, start: int,
) -> int:  # fmt: skip
    """Write the equilibrium in which both players mix four actions; the end, or ``UNCLEAR``."""
    if B.size != 16:
        return start
    for j in range(4):
        for r in range(j + 1, 4):
            p, q = A_better[j, r], B_better[j, r]
            if p == 0 or p == 15 or q == 0 or q == 15:
                return start
    is_x, wa, wb, wc, wd = _mix_of_four_jit(B)
    if is_x == _NO:
        return start
    is_y, wj, wr, wh, wg = _mix_of_four_jit(A)
    if is_y == _NO:
        return start
    if is_x == _UNKNOWN or is_y == _UNKNOWN:
        return UNCLEAR
    share = 1.0 / (wa + wb + wc + wd)
    x[start, 0], x[start, 1], x[start, 2], x[start, 3] = (
        wa * share,
        wb * share,
        wc * share,
        wd * share,
    )
    share = 1.0 / (wj + wr + wh + wg)
    y[start, 0], y[start, 1], y[start, 2], y[start, 3] = (
        wj * share,
        wr * share,
        wh * share,
        wg * share,
    )
    return start + 1


_fours_jit = numba.njit(cache=True, error_model="numpy")(_fours)


def _mixed_equilibria(
    A: FloatArray, B: FloatArray, A_better: NDArray[np.int64], B_better: NDArray[np.int64],
    B_best: NDArray[np.int64], x: FloatArray, y: FloatArray, start: int,
) -> int:  # fmt: skip
    """Write the equilibria in which both players mix; the end of the rows, or ``UNCLEAR``."""
    end = _twos_jit(A, B, A_better, B_better, B_best, x, y, start)
    if end != UNCLEAR and min(B.shape) > 2:
        end = _threes_jit(A, B, A_better, B_better, x, y, end)
    if end != UNCLEAR and min(B.shape) > 3:
        end = _fours_jit(A, B, A_better, B_better, x, y, end)
    return end


mixed_equilibria = numba.njit(cache=True, inline="always")(_mixed_equilibria)
