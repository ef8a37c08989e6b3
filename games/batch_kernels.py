"""Compiled loops of :mod:`games.batch`: extreme equilibria of many small two-player games.

See :mod:`games.batch_extreme_strategies` for the search and its labels. Importing this module
imports numba.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from games.batch_extreme_strategies import MAX_ACTIONS, extreme_strategies, is_integral
from games.normal_form import FloatArray

__all__ = ["equilibria_kernel"]

_MAX_STRATEGIES = 32
"""More extreme strategies than a player with 4 actions against 4 can have."""

_HUGE = 1e70
"""Products of four differences up to this do not overflow."""

_REGRET_TOL = 1e-10
"""Largest regret, as a share of the player's spread of payoffs, before integers take over."""


def _losses(V: FloatArray, losses: FloatArray) -> float:
    """Fill in what each reply j loses against i to the best one; the largest of these."""
    largest = 0.0
    for i in range(V.shape[0]):
        top = V[i, 0]
        for j in range(1, V.shape[1]):
            top = max(top, V[i, j])
        for j in range(V.shape[1]):
            losses[i, j] = top - V[i, j]
            largest = max(largest, losses[i, j])
    return largest


_losses_jit = numba.njit(cache=True, inline="always")(_losses)


def _regret(losses: FloatArray, points: FloatArray, v: int, replies: FloatArray, u: int) -> float:
    """What the player of ``replies[u]`` could gain at most against ``points[v]``."""
    least, loss = np.inf, 0.0
    for j in range(losses.shape[1]):
        value = 0.0
        for i in range(losses.shape[0]):
            value += points[v, i] * losses[i, j]
        least = min(least, value)
        loss += value * replies[u, j]
    return max(loss - least, 0.0)


_regret_jit = numba.njit(cache=True, inline="always")(_regret)


def _order(strategies: FloatArray, regrets: FloatArray, start: int, end: int) -> None:
    """Sort rows lexicographically, first actions first, by insertion: there are few."""
    n = strategies.shape[1]
    for e in range(start + 1, end):
        for f in range(e, start, -1):
            c = 0
            while c < n and strategies[f, c] == strategies[f - 1, c]:
                c += 1
            if c == n or strategies[f, c] < strategies[f - 1, c]:
                break
            for d in range(n):
                value = strategies[f, d]
                strategies[f, d] = strategies[f - 1, d]
                strategies[f - 1, d] = value
            value = regrets[f]
            regrets[f] = regrets[f - 1]
            regrets[f - 1] = value


_order_jit = numba.njit(cache=True)(_order)


def _pair(
    x_labels: NDArray[np.int64], y_labels: NDArray[np.int64], n_x: int, n_y: int,
    x_points: FloatArray, y_points: FloatArray, A_losses: FloatArray, B_losses: FloatArray,
    tols: tuple[float, float], strategies: FloatArray, regrets: FloatArray, start: int,
) -> tuple[int, bool]:  # fmt: skip
    """Write the pairs of best replies from ``start`` on; the end (-1 on regret), degeneracy."""
    m, total, is_degenerate = x_points.shape[1], start, False
    for v in range(n_x):
        x_support, x_replies = x_labels[v] >> MAX_ACTIONS, x_labels[v] & 15
        for u in range(n_y):
            y_support, y_replies = y_labels[u] >> MAX_ACTIONS, y_labels[u] & 15
            if x_support & ~y_replies or y_support & ~x_replies:
                continue
            is_degenerate |= x_support != y_replies or y_support != x_replies
            for i in range(m):
                strategies[total, i] = x_points[v, i]
            for j in range(y_points.shape[1]):
                strategies[total, m + j] = y_points[u, j]
            row_regret = _regret_jit(A_losses, y_points, u, x_points, v)
            column_regret = _regret_jit(B_losses, x_points, v, y_points, u)
            if not (row_regret <= tols[0] and column_regret <= tols[1]):
                return -1, False
            regrets[total] = max(row_regret, column_regret)
            total += 1
    _order_jit(strategies, regrets, start, total)
    return total, is_degenerate


_pair_jit = numba.njit(cache=True)(_pair)


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


def _equilibria(
    payoffs: FloatArray, subsets_of: NDArray[np.int64], limit: float, strategies: FloatArray,
    regrets: FloatArray, counts: NDArray[np.int64], is_degenerate: NDArray[np.bool_],
) -> tuple[int, int]:  # fmt: skip
    """Number of games solved and of their extreme equilibria, which are written one by one.

    Ends early when ``strategies`` (capacity, m + k) may be too short for the next game.
    ``limit`` is the largest spread of integers, or of sixteenths, of which every polynomial is
    exact. ``counts`` becomes -1 for a game that is left to exact arithmetic;
    ``is_degenerate`` says whether some equilibrium strategy has more best replies than actions
    in its support.
    """
    n_games, _, m, k = payoffs.shape
    x_labels, y_labels = np.empty(_MAX_STRATEGIES, np.int64), np.empty(_MAX_STRATEGIES, np.int64)
    x_points, y_points = np.empty((_MAX_STRATEGIES, m)), np.empty((_MAX_STRATEGIES, k))
    B, A, B_losses, A_losses = (np.empty((m, k)), np.empty((k, m)),
                                np.empty((m, k)), np.empty((k, m)))  # fmt: skip
    dominated = np.empty(MAX_ACTIONS, np.int64)
    total = 0
    for g in range(n_games):
        for i in range(m):
            for j in range(k):
                A[j, i] = payoffs[g, 0, i, j]
                B[i, j] = payoffs[g, 1, i, j]
        counts[g], is_degenerate[g] = -1, False
        A_spread, B_spread = _losses_jit(A, A_losses), _losses_jit(B, B_losses)
        if not (A_spread < _HUGE and B_spread < _HUGE):
            continue
        n_x = _solve_jit(B, -1, limit, subsets_of, dominated, x_labels, x_points)
        if n_x < 0:
            continue
        # A strategy of the opponent matters only if it mixes best replies to one of these.
        wanted = 0
        for v in range(n_x):
            wanted |= subsets_of[x_labels[v] & 15]
        n_y = _solve_jit(A, wanted, limit, subsets_of, dominated, y_labels, y_points)
        if n_y < 0:
            continue
        if total + n_x * n_y > regrets.size:
            return g, total
        end, is_degenerate[g] = _pair_jit(
            x_labels, y_labels, n_x, n_y, x_points, y_points, A_losses, B_losses,
            (_REGRET_TOL * A_spread, _REGRET_TOL * B_spread), strategies, regrets, total,
        )  # fmt: skip
        if end > total:
            counts[g] = end - total
            total = end
    return n_games, total


equilibria_kernel = numba.njit(cache=True)(_equilibria)
