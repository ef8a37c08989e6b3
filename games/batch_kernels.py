"""Compiled loops of :mod:`games.batch`: extreme equilibria of many small two-player games.

Most games take the quick path of :mod:`games.batch_equal_supports`; the others, and those with
ties, the search of :mod:`games.batch_extreme_strategies`, where the labels are explained.
Importing this module imports numba.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from games.batch_equal_supports import (
    MAX_PAIRS,
    UNCLEAR,
    mixed_equilibria,
    preferences,
    pure_equilibria,
)
from games.batch_extreme_strategies import MAX_ACTIONS, extreme_strategies, is_integral
from games.batch_regrets import certify, sort_rows
from games.batch_signs import HUGE
from games.normal_form import FloatArray

__all__ = ["equilibria_kernel"]

_MAX_STRATEGIES = 32
"""More extreme strategies than a player with 4 actions against 4 can have."""
_FULL = -2
"""There may be more equilibria than there is room for."""


def _read(payoffs: FloatArray, g: int, A: FloatArray, B: FloatArray) -> bool:
    """Fill in the payoffs of game g; whether one is not finite or so large that it overflows."""
    is_huge = False
    for i in range(B.shape[0]):
        for j in range(B.shape[1]):
            A[j, i], B[i, j] = payoffs[g, 0, i, j], payoffs[g, 1, i, j]
            is_huge |= not ((abs(A[j, i]) < HUGE) & (abs(B[i, j]) < HUGE))
    return is_huge


_read_jit = numba.njit(cache=True, inline="always")(_read)


def _solve(
    V: FloatArray, wanted: int, limit: float, subsets_of: NDArray[np.int64],
    dominated: NDArray[np.int64], labels: NDArray[np.int64], points: FloatArray,
) -> int:  # fmt: skip
    """Extreme strategies by clear signs, else by exact ones if nothing is rounded."""
    # One place of call only: each is compiled anew.
    exact = False
    while True:
        count = extreme_strategies(V, wanted, exact, subsets_of, dominated, labels, points)
        if count >= 0 or exact or not is_integral(V, limit):
            return int(count)
        exact = True


_solve_jit = numba.njit(cache=True)(_solve)


def _pair(
    x_labels: NDArray[np.int64], y_labels: NDArray[np.int64], n_x: int, n_y: int,
    x_points: FloatArray, y_points: FloatArray, x: FloatArray, y: FloatArray, start: int,
) -> tuple[int, bool]:  # fmt: skip
    """Write the pairs of best replies from ``start`` on; the end of the rows, degeneracy."""
    end, is_degenerate = start, False
    for v in range(n_x):
        x_support, x_replies = x_labels[v] >> MAX_ACTIONS, x_labels[v] & 15
        for u in range(n_y):
            y_support, y_replies = y_labels[u] >> MAX_ACTIONS, y_labels[u] & 15
            if x_support & ~y_replies or y_support & ~x_replies:
                continue
            is_degenerate |= x_support != y_replies or y_support != x_replies
            for i in range(x.shape[1]):
                x[end, i] = x_points[v, i]
            for j in range(y.shape[1]):
                y[end, j] = y_points[u, j]
            end += 1
    return end, is_degenerate


_pair_jit = numba.njit(cache=True)(_pair)


def _search(
    A: FloatArray, B: FloatArray, subsets_of: NDArray[np.int64], limit: float,
    x: FloatArray, y: FloatArray, start: int,
    labels: tuple[NDArray[np.int64], NDArray[np.int64]], points: tuple[FloatArray, FloatArray],
) -> tuple[int, bool]:  # fmt: skip
    """Write the pairs of extreme strategies; the end (or ``UNCLEAR``, ``_FULL``), degeneracy."""
    dominated = np.empty(MAX_ACTIONS, np.int64)
    n_x = _solve_jit(B, -1, limit, subsets_of, dominated, labels[0], points[0])
    if n_x < 0:
        return UNCLEAR, False
    # A strategy of the opponent matters only if it mixes best replies to one of these.
    wanted = 0
    for v in range(n_x):
        wanted |= subsets_of[labels[0][v] & 15]
    n_y = _solve_jit(A, wanted, limit, subsets_of, dominated, labels[1], points[1])
    if n_y < 0:
        return UNCLEAR, False
    if start + n_x * n_y > x.shape[0]:
        return _FULL, False
    return _pair_jit(*labels, n_x, n_y, *points, x, y, start)


_search_jit = numba.njit(cache=True)(_search)


def _equilibria(
    payoffs: FloatArray, subsets_of: NDArray[np.int64], limit: float, strategies: FloatArray,
    regrets: FloatArray, start: int, counts: NDArray[np.int64], is_degenerate: NDArray[np.bool_],
) -> tuple[int, int]:  # fmt: skip
    """Number of games solved and the end of the rows of their extreme equilibria.

    Writes rows of ``strategies`` (capacity, m + k) from ``start`` on, and ends early when there
    may be too few left for the next game. ``limit`` is the largest spread of integers, or of
    sixteenths, of which every polynomial is exact. ``counts`` becomes -1 for a game that is left
    to exact arithmetic, among them all with a payoff that is not finite; ``is_degenerate`` says
    whether some equilibrium strategy has more best replies than actions in its support.
    """
    n_games, _, m, k = payoffs.shape
    x, y = strategies[:, :m], strategies[:, m:]
    A, A_losses, A_better = np.empty((k, m)), np.empty((k, m)), np.empty((m, m), np.int64)
    B, B_losses, B_better = np.empty((m, k)), np.empty((m, k)), np.empty((k, k), np.int64)
    A_best, B_best = np.empty(k, np.int64), np.empty(m, np.int64)
    wins = np.empty(MAX_ACTIONS, np.int64)
    labels = np.empty(_MAX_STRATEGIES, np.int64), np.empty(_MAX_STRATEGIES, np.int64)
    points = np.empty((_MAX_STRATEGIES, m)), np.empty((_MAX_STRATEGIES, k))
    total = start
    for g in range(n_games):
        if total + MAX_PAIRS > regrets.size:
            return g, total
        counts[g], is_degenerate[g] = -1, False
        if _read_jit(payoffs, g, A, B):
            continue
        pure_end, end, has_excess = total, UNCLEAR, False
        has_tie = preferences(B, B_better, wins, B_best)
        if not (has_tie or preferences(A, A_better, wins, A_best)):
            pure_end = pure_equilibria(A_best, B_best, x, y, regrets, total)
            end = mixed_equilibria(A, B, A_better, B_better, B_best, x, y, pure_end)
        if end == UNCLEAR:
            pure_end = total
            end, has_excess = _search_jit(A, B, subsets_of, limit, x, y, total, labels, points)
            if end == _FULL:
                return g, total
        # Of an equilibrium in pure strategies without ties there is nothing to certify.
        if end > pure_end and not certify(A, B, A_losses, B_losses, x, y, regrets, pure_end, end):
            continue
        if end > total:
            sort_rows(strategies, regrets, total, end)
            counts[g], is_degenerate[g] = end - total, has_excess
            total = end
    return n_games, total


equilibria_kernel = numba.njit(cache=True, nogil=True, error_model="numpy")(_equilibria)
