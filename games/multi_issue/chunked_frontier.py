"""Pareto frontier of a stream of points that is never held in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from games.bargaining.pareto_frontier import pareto_frontier
from games.errors import TooLargeError
from games.multi_issue.domain import AdditiveUtility, Negotiation
from games.normal_form import FloatArray

__all__ = ["chunked_frontier", "package_chunks"]

CHUNK = 1 << 18
MAX_TABLE = 500_000_000
MAX_KEPT = 20_000_000


def chunked_frontier(
    chunks: Iterable[tuple[int, FloatArray]], n_players: int
) -> tuple[FloatArray, np.ndarray]:
    """Efficient points of a stream, ties included, with their numbers ascending.

    Parameters
    ----------
    chunks : iterable of (number of the first point, (k, n_players) array of float)
    n_players : int

    Returns
    -------
    points : (m, n_players) array of float
    numbers : (m,) array of int

    Raises
    ------
    TooLargeError
        If more than 20 million points are efficient.
    """
    points, numbers = np.empty((0, n_players)), np.empty(0, dtype=np.int64)
    for start, chunk in chunks:
        rows = pareto_frontier(chunk)
        joined = np.vstack([points, chunk[rows]])
        labels = np.concatenate([numbers, rows + start])
        kept = pareto_frontier(joined) if numbers.size else np.arange(rows.size)
        points, numbers = joined[kept], labels[kept]
        if numbers.size > MAX_KEPT:
            raise TooLargeError(
                f"more than {MAX_KEPT} efficient points; merge options or leave out a player"
            )
    return points, numbers


def package_chunks(negotiation: Negotiation) -> Iterator[tuple[int, FloatArray]]:
    """Utilities of all packages in order, some hundred thousand at a time.

    Raises
    ------
    TooLargeError
        If there are more than 500 million packages to go through.
    """
    total = negotiation.domain.n_packages
    if total > MAX_TABLE:
        raise TooLargeError(
            f"{total} packages with tabulated utilities; at most {MAX_TABLE} can be gone through "
            "(additive utilities of all players have no such limit)"
        )
    shape = negotiation.domain.shape
    tail, split = 1, len(shape)
    while split > 0 and tail * shape[split - 1] <= CHUNK:
        split -= 1
        tail *= shape[split]
    # Additive parts of the fast issues are the same in every chunk.
    fast = [
        _outer_sum(profile.utility.contributions[split:])
        if isinstance(profile.utility, AdditiveUtility)
        else np.empty(0)
        for profile in negotiation.profiles
    ]
    heads = _rows(shape[:split])
    for number, head in enumerate(heads):
        start = number * tail
        columns = []
        for profile, part in zip(negotiation.profiles, fast, strict=True):
            utility = profile.utility
            if isinstance(utility, AdditiveUtility):
                offset = sum(utility.contributions[k][option] for k, option in enumerate(head))
                columns.append(part + offset)
            else:
                rows = np.asarray(utility.table[start : start + tail], dtype=float)
                columns.append(rows * utility.factor)
        yield start, np.stack(columns, axis=1)


def _outer_sum(parts: tuple[FloatArray, ...]) -> FloatArray:
    total = np.zeros(1)
    for part in parts:
        total = np.add.outer(total, part).ravel()
    return total


def _rows(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    return iter(np.ndindex(*shape)) if shape else iter([()])
