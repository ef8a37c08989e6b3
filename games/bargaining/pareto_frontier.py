"""Pareto-efficient outcomes of a finite set, for any number of players.

An outcome is *efficient* when no other is at least as good for everybody and better for somebody.
Outcomes with the same payoffs are efficient together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from games.bargaining.rounding import ROUNDING, payoff_errors
from games.errors import InvalidGameError
from games.normal_form import FloatArray

__all__ = ["distinct_rows", "pareto_frontier", "snap", "undominated"]

BLOCK = 512
PREFILTER_FROM = 4096
LARGEST = 1e300


def pareto_frontier(payoffs: ArrayLike) -> np.ndarray:
    """Rows of ``payoffs`` that are Pareto-efficient, in ascending order.

    Parameters
    ----------
    payoffs : (n_outcomes, n_players) array of float, each player's own utility units

    Returns
    -------
    (n_efficient,) array of int

    Raises
    ------
    InvalidGameError
        If ``payoffs`` is not a table of finite numbers.

    Notes
    -----
    Payoffs that differ by no more than rounding are the same payoff, so that 0.1 + 0.2 does not
    dominate 0.3. Two players cost a sort; more cost a comparison with the
    frontier found so far.

    Examples
    --------
    >>> pareto_frontier([[3, 0], [2, 2], [0, 3], [1, 1], [2, 2]])
    array([0, 1, 2, 4])
    """
    try:
        table = np.asarray(payoffs, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError("payoffs", f"not a table of numbers ({error})") from None
    if table.ndim != 2 or table.shape[1] == 0 or not (np.abs(table) < LARGEST).all():
        raise InvalidGameError(
            "payoffs", f"needs shape (n_outcomes, n_players), finite numbers below {LARGEST:g}"
        )
    if not table.shape[0]:
        return np.empty(0, dtype=np.int64)
    rows = _prefilter(table)
    points, inverse = distinct_rows(snap(table[rows]))
    efficient = np.zeros(points.shape[0], dtype=bool)
    efficient[undominated(points)] = True
    return np.asarray(rows[efficient[inverse]])


def _prefilter(table: FloatArray) -> np.ndarray:
    """Rows left after the ones that a few strong rows clearly beat are dropped."""
    rows = np.arange(table.shape[0])
    if rows.size < PREFILTER_FROM:
        return rows
    spread = _spread(table)
    margin = 4 * ROUNDING * np.abs(table).max(axis=0)  # no payoff is off by more
    n_players = table.shape[1]
    directions = np.vstack([np.ones(n_players), np.eye(n_players) + 0.25, 2.0 - np.eye(n_players)])
    directions = np.vstack([directions, np.eye(n_players) * 4 + 0.25])
    for direction in directions / spread:
        champion = table[rows[np.argmax(table[rows] @ direction)]]
        rows = rows[~(table[rows] < champion - margin).all(axis=1)]
    return rows


def snap(table: FloatArray) -> FloatArray:
    """Table whose entries that differ only by rounding are made equal, column by column."""
    result = np.array(table, dtype=float)
    errors = payoff_errors(table)
    for column in range(table.shape[1]):
        order = np.argsort(table[:, column], kind="stable")
        values = table[order, column]
        is_near = np.diff(values) <= np.minimum(
            errors[order[1:], column], errors[order[:-1], column]
        )
        if not (is_near & (np.diff(values) > 0)).any():
            continue
        levels = values[np.flatnonzero(np.append(True, ~is_near))]
        index = np.searchsorted(levels, table[:, column], side="right") - 1
        result[:, column] = levels[index]
    return result


def undominated(points: FloatArray) -> np.ndarray:
    """Rows of distinct ``points`` that no other row dominates, in ascending order.

    Parameters
    ----------
    points : (n_points, n_players) array of float, rows distinct
    """
    if points.shape[1] == 1:
        return np.flatnonzero(points[:, 0] == points[:, 0].max())
    if points.shape[1] == 2:
        order = np.lexsort((-points[:, 1], -points[:, 0]))
        second = points[order, 1]
        before = np.append(-np.inf, np.maximum.accumulate(second)[:-1])
        return np.sort(order[second > before])
    # A dominating point has the larger sum: it comes first.
    order = np.argsort(-(points / _spread(points)).sum(axis=1), kind="stable")
    found = np.empty((0, points.shape[1]))
    kept = []
    position = 0
    while position < order.size:
        block = order[position : position + BLOCK]
        position += block.size
        block = block[_not_dominated_by(points[block], found)]
        block = block[_not_dominated_by(points[block], points[block])]
        found = np.vstack([found, points[block]])
        kept.append(block)
    return np.sort(np.concatenate(kept))


def _not_dominated_by(points: FloatArray, others: FloatArray) -> np.ndarray:
    """Positions of ``points`` that no different row of ``others`` weakly exceeds."""
    alive = np.arange(points.shape[0])
    start, size = 0, 64
    while start < others.shape[0] and alive.size:
        part = others[start : start + size]
        mine = points[alive]
        weak = np.ones((alive.size, part.shape[0]), dtype=bool)
        equal = np.ones_like(weak)
        for column in range(points.shape[1]):
            a, b = mine[:, column, None], part[None, :, column]
            weak &= b >= a
            equal &= b == a
        alive = alive[~(weak & ~equal).any(axis=1)]
        start += size
        size = min(2 * size, 4096)
    return alive


def distinct_rows(points: FloatArray) -> tuple[FloatArray, np.ndarray]:
    """Distinct rows, sorted, and for every row the position of its own.

    Examples
    --------
    >>> distinct_rows(np.array([[2.0, 1.0], [0.0, 3.0], [2.0, 1.0]]))[1]
    array([1, 0, 1])
    """
    order = np.lexsort(points.T[::-1])
    ordered = points[order]
    is_new = np.append(True, (ordered[1:] != ordered[:-1]).any(axis=1))
    inverse = np.empty(points.shape[0], dtype=np.int64)
    inverse[order] = np.cumsum(is_new) - 1
    return ordered[is_new], inverse


def _spread(points: FloatArray) -> FloatArray:
    spread = np.ptp(points, axis=0)
    return np.where(spread > 0, spread, 1.0)
