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


def _two_by_two(
    payoffs: FloatArray, strategies: FloatArray, regrets: FloatArray,
    counts: NDArray[np.int64], is_degenerate: NDArray[np.bool_],
) -> int:  # fmt: skip
    """Extreme equilibria of each game, one after the other; how many in all.

    Parameters
    ----------
    payoffs : (n_games, 2, 2, 2) array of float
    strategies : (capacity, 4) array of float, filled
    regrets : (capacity,) array of float, filled
    counts : (n_games,) array of int, filled
        -1 where a difference of payoffs overflows.
    is_degenerate : (n_games,) array of bool, filled
    """
    total = 0
    for g in range(payoffs.shape[0]):
        # How much better the first row is in each column, and the first column in each row.
        a0 = payoffs[g, 0, 0, 0] - payoffs[g, 0, 1, 0]
        a1 = payoffs[g, 0, 0, 1] - payoffs[g, 0, 1, 1]
        b0 = payoffs[g, 1, 0, 0] - payoffs[g, 1, 0, 1]
        b1 = payoffs[g, 1, 1, 0] - payoffs[g, 1, 1, 1]
        start = total
        has_mixed_x = (b0 > 0 and b1 < 0) or (b0 < 0 and b1 > 0)
        has_mixed_y = (a0 > 0 and a1 < 0) or (a0 < 0 and a1 > 0)
        # |b1| / (|b0| + |b1|), in a form in which nothing overflows.
        x = 1.0 / (1.0 + abs(b0) / abs(b1)) if has_mixed_x else 0.0
        y = 1.0 / (1.0 + abs(a0) / abs(a1)) if has_mixed_y else 0.0
        for row in range(3):
            if row == 1 and not has_mixed_x:
                continue
            p = 1.0 if row == 0 else (x if row == 1 else 0.0)
            b = b0 if row == 0 else (0.0 if row == 1 else b1)
            for column in range(3):
                if column == 1 and not has_mixed_y:
                    continue
                a = a0 if column == 0 else (0.0 if column == 1 else a1)
                if (
                    (row != 2 and a < 0)
                    or (row != 0 and a > 0)
                    or (column != 2 and b < 0)
                    or (column != 0 and b > 0)
                ):
                    continue
                q = 1.0 if column == 0 else (y if column == 1 else 0.0)
                strategies[total, 0], strategies[total, 1] = p, 1.0 - p
                strategies[total, 2], strategies[total, 3] = q, 1.0 - q
                row_gain = q * a0 + (1.0 - q) * a1 if column == 1 else a
                column_gain = p * b0 + (1.0 - p) * b1 if row == 1 else b
                regrets[total] = max(
                    (1.0 - p) * row_gain, -p * row_gain,
                    (1.0 - q) * column_gain, -q * column_gain, 0.0,
                )  # fmt: skip
                total += 1
        counts[g] = total - start
        # Indifference between two replies is degenerate where it is part of an equilibrium.
        is_degenerate[g] = False
        if a0 == 0 or a1 == 0 or b0 == 0 or b1 == 0:
            for e in range(start, total):
                p, q = strategies[e, 0], strategies[e, 2]
                is_degenerate[g] |= (p == 1 and b0 == 0) or (p == 0 and b1 == 0)
                is_degenerate[g] |= (q == 1 and a0 == 0) or (q == 0 and a1 == 0)
    return total


two_by_two_kernel = numba.njit(cache=True, error_model="numpy")(_two_by_two)
