"""Compiled loop of :mod:`games.batch` for games of two players with two actions, closed form.

A strategy is extreme if it is pure or, where the opponent's preference between two replies
turns with the player's action, the mixture that makes the opponent indifferent. All of this is
decided by comparing payoffs, which floats do exactly; so degenerate games need no other method.
Importing this module imports numba.

Glossary: ``a0, a1`` how much better the first row is in each column, ``b0, b1`` how much better
the first column is in each row.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from games.normal_form import FloatArray

__all__ = ["two_by_two_kernel"]

_MAX_FOUND = 9
"""Pairs of three strategies of each player."""


def _shares(d0: float, d1: float) -> tuple[bool, float, float]:
    """Whether preference turns, and weights on both actions that make the opponent indifferent.

    Each of |d1| / (|d0| + |d1|) and |d0| / (|d0| + |d1|) has full relative accuracy.
    """
    if not ((d0 > 0 and d1 < 0) or (d0 < 0 and d1 > 0)):
        return False, 0.0, 0.0
    return True, 1.0 / (1.0 + abs(d0 / d1)), 1.0 / (1.0 + abs(d1 / d0))


_shares_jit = numba.njit(cache=True, error_model="numpy")(_shares)


def _write(
    strategies: FloatArray, regrets: FloatArray, e: int,
    p0: float, p1: float, q0: float, q1: float, row_gain: float, column_gain: float,
) -> None:  # fmt: skip
    """Write an equilibrium, and the most that a player gains by the better of two actions."""
    strategies[e, 0], strategies[e, 1] = p0, p1
    strategies[e, 2], strategies[e, 3] = q0, q1
    regrets[e] = max(p1 * row_gain, -p0 * row_gain, q1 * column_gain, -q0 * column_gain, 0.0)


_write_jit = numba.njit(cache=True)(_write)


def _without_ties(
    a0: float, a1: float, b0: float, b1: float,
    strategies: FloatArray, regrets: FloatArray, start: int,
) -> tuple[int, bool]:  # fmt: skip
    """Write the equilibria of a game without ties; their end, and whether digits suffice."""
    if ((a0 > 0) == (a1 > 0)) | ((b0 > 0) == (b1 > 0)):
        # An action dominates: best replies to best replies end in the one equilibrium. They are
        # chosen without branches, which processors cannot foresee here.
        column = int(b0 < 0)
        row = (column & (a1 < 0)) | ((1 - column) & (a0 < 0))
        column = (row & (b1 < 0)) | ((1 - row) & (b0 < 0))
        _write_jit(strategies, regrets, start, 1.0 - row, row, 1.0 - column, column, 0.0, 0.0)
        return start + 1, True
    _, x0, x1 = _shares_jit(b0, b1)
    _, y0, y1 = _shares_jit(a0, a1)
    end, middle = start + 1, start
    if (a0 > 0) == (b0 > 0):
        # Both rows have their own best column, and these their row: coordination.
        q = 1.0 if b0 > 0 else 0.0
        _write_jit(strategies, regrets, start, 1.0, 0.0, q, 1.0 - q, 0.0, 0.0)
        _write_jit(strategies, regrets, start + 2, 0.0, 1.0, 1.0 - q, q, 0.0, 0.0)
        end, middle = start + 3, start + 1
    row_gain, column_gain = y0 * a0 + y1 * a1, x0 * b0 + x1 * b1
    _write_jit(strategies, regrets, middle, x0, x1, y0, y1, row_gain, column_gain)
    return end, max(x0, x1) < 1 and max(y0, y1) < 1


_without_ties_jit = numba.njit(cache=True, error_model="numpy")(_without_ties)


def _with_ties(
    a0: float, a1: float, b0: float, b1: float,
    strategies: FloatArray, regrets: FloatArray, start: int,
) -> tuple[int, bool]:  # fmt: skip
    """Write the pairs of extreme strategies that are best replies; as :func:`_without_ties`."""
    end = start
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
            gains = q0 * a0 + q1 * a1, p0 * b0 + p1 * b1
            _write_jit(strategies, regrets, end, p0, p1, q0, q1, gains[0], gains[1])
            end += 1
    return end, max(x0, x1) < 1 and max(y0, y1) < 1


_with_ties_jit = numba.njit(cache=True, error_model="numpy")(_with_ties)


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


def _two_by_two(
    payoffs: FloatArray, strategies: FloatArray, regrets: FloatArray, start: int,
    counts: NDArray[np.int64], is_degenerate: NDArray[np.bool_],
) -> tuple[int, int]:  # fmt: skip
    """Number of games solved and the end of the rows of their extreme equilibria.

    Writes from row ``start`` on, and ends early when too few rows are left. ``counts`` becomes
    -1 where a difference overflows, a probability is lost to rounding or a payoff is not finite.
    """
    total = start
    for g in range(payoffs.shape[0]):
        if total + _MAX_FOUND > regrets.size:
            return g, total
        a0 = payoffs[g, 0, 0, 0] - payoffs[g, 0, 1, 0]
        a1 = payoffs[g, 0, 0, 1] - payoffs[g, 0, 1, 1]
        b0 = payoffs[g, 1, 0, 0] - payoffs[g, 1, 0, 1]
        b1 = payoffs[g, 1, 1, 0] - payoffs[g, 1, 1, 1]
        counts[g], is_degenerate[g] = -1, False
        if not abs(a0) + abs(a1) + abs(b0) + abs(b1) < np.inf:
            continue
        if (a0 == 0) | (a1 == 0) | (b0 == 0) | (b1 == 0):
            end, is_sure = _with_ties_jit(a0, a1, b0, b1, strategies, regrets, total)
            is_degenerate[g] = is_sure and _has_tie_jit(
                strategies, total, end, a0 == 0, a1 == 0, b0 == 0, b1 == 0
            )
        else:
            end, is_sure = _without_ties_jit(a0, a1, b0, b1, strategies, regrets, total)
        if is_sure:
            counts[g] = end - total
            total = end
    return payoffs.shape[0], total


two_by_two_kernel = numba.njit(cache=True, error_model="numpy", nogil=True)(_two_by_two)
