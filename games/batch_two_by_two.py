"""Compiled loop of :mod:`games.batch` for games of two players with two actions, closed form.

A strategy is extreme if it is pure or, where the opponent's preference between two replies
turns with the player's action, the mixture that makes the opponent indifferent. All of this is
decided by comparing payoffs, which floats do exactly; so degenerate games need no other method.
Importing this module imports numba.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from games.normal_form import FloatArray

__all__ = ["two_by_two_kernel"]


def _has_tie(
    strategies: FloatArray, start: int, end: int, a0: bool, a1: bool, b0: bool, b1: bool
) -> bool:
    """Whether a pure strategy with two best replies (ties as given) is in an equilibrium."""
    for e in range(start, end):
        if (strategies[e, 0] == 1 and b0) or (strategies[e, 1] == 1 and b1):
            return True
        if (strategies[e, 2] == 1 and a0) or (strategies[e, 3] == 1 and a1):
            return True
    return False


_has_tie_jit = numba.njit(cache=True)(_has_tie)


def _shares(d0: float, d1: float) -> tuple[bool, float, float]:
    """Whether preference turns, and weights on both actions that make the opponent indifferent.

    Each of |d1| / (|d0| + |d1|) and |d0| / (|d0| + |d1|) has full relative accuracy.
    """
    if not ((d0 > 0 and d1 < 0) or (d0 < 0 and d1 > 0)):
        return False, 0.0, 0.0
    return True, 1.0 / (1.0 + abs(d0 / d1)), 1.0 / (1.0 + abs(d1 / d0))


_shares_jit = numba.njit(cache=True, error_model="numpy")(_shares)


def _two_by_two(
    payoffs: FloatArray, strategies: FloatArray, regrets: FloatArray,
    counts: NDArray[np.int64], is_degenerate: NDArray[np.bool_],
) -> tuple[int, int]:  # fmt: skip
    """Number of games and of their extreme equilibria, which are written one after the other.

    ``counts`` becomes -1 where a difference overflows or a probability is lost to rounding.
    """
    total = 0
    for g in range(payoffs.shape[0]):
        # How much better the first row is in each column, and the first column in each row.
        a0 = payoffs[g, 0, 0, 0] - payoffs[g, 0, 1, 0]
        a1 = payoffs[g, 0, 0, 1] - payoffs[g, 0, 1, 1]
        b0 = payoffs[g, 1, 0, 0] - payoffs[g, 1, 0, 1]
        b1 = payoffs[g, 1, 1, 0] - payoffs[g, 1, 1, 1]
        start = total
        has_mixed_x, x0, x1 = _shares_jit(b0, b1)
        has_mixed_y, y0, y1 = _shares_jit(a0, a1)
        for row in range(3):
            if row == 1 and not has_mixed_x:
                continue
            p0 = 1.0 if row == 0 else (x0 if row == 1 else 0.0)
            p1 = 1.0 if row == 2 else (x1 if row == 1 else 0.0)
            b = b0 if row == 0 else (0.0 if row == 1 else b1)
            for column in range(3):
                if column == 1 and not has_mixed_y:
                    continue
                a = a0 if column == 0 else (0.0 if column == 1 else a1)
                if (row != 2 and a < 0) or (row != 0 and a > 0):
                    continue
                if (column != 2 and b < 0) or (column != 0 and b > 0):
                    continue
                q0 = 1.0 if column == 0 else (y0 if column == 1 else 0.0)
                q1 = 1.0 if column == 2 else (y1 if column == 1 else 0.0)
                strategies[total, 0], strategies[total, 1] = p0, p1
                strategies[total, 2], strategies[total, 3] = q0, q1
                row_gain, column_gain = q0 * a0 + q1 * a1, p0 * b0 + p1 * b1
                regrets[total] = max(
                    p1 * row_gain, -p0 * row_gain, q1 * column_gain, -q0 * column_gain, 0.0
                )
                total += 1
        counts[g] = total - start
        size = abs(a0) + abs(a1) + abs(b0) + abs(b1)
        if not (size < np.inf and max(x0, x1) < 1 and max(y0, y1) < 1):
            counts[g], total = -1, start
        is_degenerate[g] = (a0 == 0 or a1 == 0 or b0 == 0 or b1 == 0) and _has_tie_jit(
            strategies, start, total, a0 == 0, a1 == 0, b0 == 0, b1 == 0
        )
    return payoffs.shape[0], total


two_by_two_kernel = numba.njit(cache=True, error_model="numpy")(_two_by_two)
