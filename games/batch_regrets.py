"""Compiled certificates of :mod:`games.batch`: what a player could gain; and the order of rows.

Importing this module imports numba. Throughout, ``V[i, j]`` is what the player gets from the
reply j against the opponent's action i.
"""

from __future__ import annotations

import numba
import numpy as np

from games.normal_form import FloatArray

__all__ = ["certify", "sort_rows"]

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


_losses_jit = numba.njit(cache=True)(_losses)


def _regret(losses: FloatArray, strategies: FloatArray, replies: FloatArray, e: int) -> float:
    """What the player of ``replies[e]`` could gain at most against ``strategies[e]``."""
    least, loss = np.inf, 0.0
    for j in range(losses.shape[1]):
        value = 0.0
        for i in range(losses.shape[0]):
            value += strategies[e, i] * losses[i, j]
        least = min(least, value)
        loss += value * replies[e, j]
    return max(loss - least, 0.0)


_regret_jit = numba.njit(cache=True)(_regret)


def _certify(
    A: FloatArray, B: FloatArray, A_losses: FloatArray, B_losses: FloatArray,
    x: FloatArray, y: FloatArray, regrets: FloatArray, start: int, end: int,
) -> bool:  # fmt: skip
    """Fill in the regrets of rows ``start`` to ``end``; whether all are below the tolerance."""
    A_tol = _REGRET_TOL * _losses_jit(A, A_losses)
    B_tol = _REGRET_TOL * _losses_jit(B, B_losses)
    is_good = True
    for e in range(start, end):
        row_regret = _regret_jit(A_losses, y, x, e)
        column_regret = _regret_jit(B_losses, x, y, e)
        is_good &= row_regret <= A_tol and column_regret <= B_tol
        regrets[e] = max(row_regret, column_regret)
    return is_good


certify = numba.njit(cache=True, inline="always")(_certify)


def _sort_rows(strategies: FloatArray, regrets: FloatArray, start: int, end: int) -> None:
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


sort_rows = numba.njit(cache=True)(_sort_rows)
