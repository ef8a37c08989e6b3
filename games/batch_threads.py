"""Large stacks of :mod:`games.batch`, shared by threads; the compiled loops run side by side.

Importing this module imports numba.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from games.batch_extreme_strategies import subsets_of_masks
from games.batch_kernels import equilibria_kernel
from games.batch_two_by_two import two_by_two_kernel
from games.normal_form import FloatArray

__all__ = ["available_processors", "solved_stack"]

Solved: TypeAlias = tuple[FloatArray, FloatArray, NDArray[np.int64], NDArray[np.bool_]]
"""Strategies side by side, regrets, counts (-1: not solved), whether degenerate."""

_GAMES_OF_A_THREAD = 20_000
"""Fewer are solved in about the time that another thread takes to start and to join."""
_ROOM = 1000
"""Rows beyond two for each game; a game has dozens at most."""
_INTEGRAL_LIMITS = {1: 2.0**50, 2: 2.0**25, 3: 1e5, 4: 4000.0}
"""Spread of integers of which determinants of this order and their products stay below 2**53."""


def available_processors() -> int:
    """Number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def solved_stack(stack: FloatArray, n_threads: int | None = None) -> Solved:
    """What the compiled loops find in a stack of games, whatever the number of threads."""
    n_games = stack.shape[0]
    most = available_processors() if n_threads is None else n_threads
    n_parts = max(1, min(most, n_games // _GAMES_OF_A_THREAD))
    if n_parts == 1:
        return _solved_part(stack)
    bounds = [n_games * p // n_parts for p in range(n_parts + 1)]
    parts = [stack[a:b] for a, b in pairwise(bounds)]
    with ThreadPoolExecutor(n_parts) as pool:
        strategies, regrets, counts, flags = zip(*pool.map(_solved_part, parts), strict=True)
    return (
        np.concatenate(strategies),
        np.concatenate(regrets),
        np.concatenate(counts),
        np.concatenate(flags),
    )


def _solved_part(stack: FloatArray) -> Solved:
    """What one call after another of the compiled loops finds, until all games are done.

    Memory of rows that are never written is not taken from the system.
    """
    n_games, _, m, k = stack.shape
    subsets_of, limit = subsets_of_masks(), _INTEGRAL_LIMITS[min(m, k)]
    capacity = 2 * n_games + _ROOM
    strategies, regrets = np.empty((capacity, m + k)), np.empty(capacity)
    counts, flags = np.empty(n_games, dtype=np.int64), np.empty(n_games, dtype=bool)
    done, total = 0, 0
    while True:
        rest, n, f = stack[done:], counts[done:], flags[done:]
        if m == k == 2:
            n_solved, total = two_by_two_kernel(rest, strategies, regrets, total, n, f)
        else:
            n_solved, total = equilibria_kernel(
                rest, subsets_of, limit, strategies, regrets, total, n, f
            )
        done += n_solved
        if done == n_games:
            return strategies[:total], regrets[:total], counts, flags
        strategies, regrets = _longer(strategies, total), _longer(regrets, total)


def _longer(rows: FloatArray, n_written: int) -> FloatArray:
    """The rows written so far, with twice the room."""
    longer = np.empty((2 * rows.shape[0], *rows.shape[1:]))
    longer[:n_written] = rows[:n_written]
    return longer
