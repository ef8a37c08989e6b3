"""Data for a chart of a repeated game's payoffs: closed rings and the points that matter."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from games.normal_form import FloatArray
from games.repeated.polygons import convex_hull
from games.repeated.subgame_perfect_payoffs import MERGE_TOL, PayoffSet, deviation_payoffs

__all__ = ["PayoffSetDrawing", "drawing"]


@dataclass(frozen=True, eq=False)
class PayoffSetDrawing:
    """What a chart of the payoff set shows; rings are closed, first point repeated.

    Parameters
    ----------
    feasible : (k, 2) array
        Ring of all feasible payoffs.
    equilibrium : (k, 2) array
        Ring of the subgame-perfect payoffs, without rows if there are none.
    shape : str
        ``empty``, ``point``, ``segment`` or ``polygon``.
    action_profiles : (n, 2) array and labels
        Stage payoffs of the pure action profiles.
    labels : tuple of str
    stage_equilibria : (n, 2) array
        Stage payoffs of the pure Nash equilibria.
    minmax : (2,) array
        Pure minmax payoffs: no equilibrium pays less.
    """

    feasible: FloatArray
    equilibrium: FloatArray
    shape: str
    action_profiles: FloatArray
    labels: tuple[str, ...]
    stage_equilibria: FloatArray
    minmax: FloatArray


def drawing(payoff_set: PayoffSet) -> PayoffSetDrawing:
    """Data for a chart of a payoff set: rings, stage payoffs, stage equilibria, minmax.

    Examples
    --------
    >>> from games.repeated.dilemma import Dilemma
    >>> from games.repeated.subgame_perfect_payoffs import subgame_perfect_payoffs
    >>> chart = drawing(subgame_perfect_payoffs(Dilemma(5, 3, 1, 0).game(), 0.2))
    >>> chart.shape, chart.equilibrium.tolist(), chart.minmax.tolist()
    ('point', [[1.0, 1.0], [1.0, 1.0]], [1.0, 1.0])
    """
    game = payoff_set.game
    profiles = list(product(range(game.n_actions[0]), range(game.n_actions[1])))
    points = np.array([game.payoffs[:, a, b] for a, b in profiles])
    deviations = deviation_payoffs(game)
    offset, width = points.min(axis=0), np.ptp(points, axis=0)
    width = np.where(width > 0, width, 1.0)
    hull = convex_hull((points - offset) / width, merge_tol=MERGE_TOL) * width + offset
    return PayoffSetDrawing(
        _ring(hull),
        _ring(payoff_set.vertices),
        payoff_set.shape,
        points,
        tuple(f"{game.actions[0][a]}, {game.actions[1][b]}" for a, b in profiles),
        points[(points == deviations).all(axis=1)],
        deviations.min(axis=0),
    )


def _ring(vertices: FloatArray) -> FloatArray:
    return np.concatenate([vertices, vertices[:1]])
