"""The utilitarian solution: the largest sum of payoffs over the individually rational set.

A sum over players needs a declared common unit: between utilities on scales of each player's own
it is meaningless.

References
----------
.. [1] W. Thomson, "Cooperative models of bargaining", Handbook of Game Theory 2, 1994, 1237-1284.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from games.bargaining.exact_region import ExactRegion
from games.bargaining.linear_region import LinearRegion
from games.bargaining.problem import (
    BargainingProblem,
    BargainingSolution,
    checked_solution,
    player_weights,
)
from games.bargaining.rounding import payoff_errors

__all__ = ["utilitarian_solution"]

NAME = "utilitarian"
SEVERAL = "several points have the largest sum; this one has the largest least gain"


def utilitarian_solution(
    problem: BargainingProblem, weights: ArrayLike | None = None
) -> BargainingSolution:
    """Individually rational payoffs with the largest weighted sum.

    Parameters
    ----------
    problem : BargainingProblem
        Payoffs of all players in one common unit.
    weights : (n_players,) array of float, optional
        Positive; equal when left out.

    Returns
    -------
    BargainingSolution
        A convex problem with several maximisers returns the one whose least gain is largest among
        them, and says so in ``note``.

    Raises
    ------
    NoSolutionError
        If nothing is individually rational.

    Examples
    --------
    >>> problem = BargainingProblem.finite([[3, 1], [1, 4], [9, -1]], [0, 0])
    >>> utilitarian_solution(problem).ties
    (1,)
    """
    shares = player_weights(weights, problem.n_players)
    if problem.is_convex:
        return (
            _exact(problem, shares)
            if ExactRegion.is_called_for(problem)
            else _large(problem, shares)
        )
    rows = problem.rational_rows()
    sums = problem.outcomes[rows] @ shares
    errors = payoff_errors(problem.outcomes[rows]) @ shares
    best = int(sums.argmax())
    ties = tuple(int(row) for row in rows[sums >= sums[best] - errors - errors[best]])
    return checked_solution(
        problem, NAME, problem.outcomes[ties[0]], ties=ties, lottery=((ties[0], 1.0),)
    )


def _exact(problem: BargainingProblem, shares: np.ndarray) -> BargainingSolution:
    region = ExactRegion.of(problem)
    weights = [Fraction(share) for share in shares.tolist()]
    top = np.array(region.best(weights).gains, dtype=float)
    slack = float(payoff_errors(problem.disagreement + top[None, :])[0] @ shares)
    face = region.face(weights, Fraction(slack))
    several = float(face.widest()) > 1e-3 * float(np.abs(top).max(initial=slack))
    zero, one = [Fraction(0)] * problem.n_players, [Fraction(1)] * problem.n_players
    point = face.levelled(zero, one) if several else region.best(weights)
    return checked_solution(
        problem,
        NAME,
        region.payoffs(problem, point),
        lottery=region.lottery(point),
        note=SEVERAL if several else "",
    )


def _large(problem: BargainingProblem, shares: np.ndarray) -> BargainingSolution:
    region = LinearRegion.of(problem)
    prices = shares * region.scale
    prices = prices / prices.max()
    best = region.maximise(prices)
    value = float(prices @ best.gains)
    spread = 0.0
    for unit in np.eye(problem.n_players):
        # A small second goal slides along the optimal face, if there is one.
        moved = region.maximise(prices + 1e-5 * unit)
        if prices @ moved.gains >= value - 1e-9:
            spread = max(spread, float(np.abs(moved.gains - best.gains).max()))
    note = ""
    if spread > 1e-6:
        face = _face(region, prices, value)
        slope = region.scale.min() / region.scale
        best = face.maximise(np.zeros(shares.size), base=np.zeros(shares.size), slope=slope)
        note = SEVERAL
    return checked_solution(
        problem,
        NAME,
        region.payoffs(best),
        lottery=region.lottery(best.shares),
        gap=max(best.gap, value - float(prices @ best.gains)),
        note=note,
    )


def _face(region: LinearRegion, prices: np.ndarray, value: float) -> LinearRegion:
    """Region cut down to the points whose weighted sum is the largest."""
    row = -(prices @ region.M)[None, :]
    R = np.vstack([region.R, row])
    return replace(region, R=R, r=np.append(region.r, -(value - 1e-9)))
