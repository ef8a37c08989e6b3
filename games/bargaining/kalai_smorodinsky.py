"""The Kalai–Smorodinsky solution: everybody gets the same share of the best they could get.

The *ideal gain* of a player is the largest gain over the individually rational set. The solution
gives all players the same, largest possible, share of their ideal gains.

References
----------
.. [1] E. Kalai, M. Smorodinsky, "Other solutions to Nash's bargaining problem", Econometrica
   43(3), 1975, 513-518.
"""

from __future__ import annotations

import numpy as np

from games.bargaining.leximin import leximin_point, leximin_rows
from games.bargaining.linear_region import LinearRegion
from games.bargaining.problem import (
    TIE_TOL,
    BargainingProblem,
    BargainingSolution,
    checked_solution,
)
from games.normal_form import FloatArray

__all__ = ["kalai_smorodinsky_solution"]

NAME = "Kalai–Smorodinsky"


def kalai_smorodinsky_solution(problem: BargainingProblem) -> BargainingSolution:
    """Individually rational payoffs whose least share of the ideal gain is largest.

    Parameters
    ----------
    problem : BargainingProblem
        Units need not be comparable between players.

    Returns
    -------
    BargainingSolution

    Raises
    ------
    NoSolutionError
        If nothing is individually rational.

    Notes
    -----
    With three or more players, or in a finite set, equal shares may be inefficient or
    unattainable (Roth, 1979); then the shares above the least are raised too (lexicographic
    max-min). A player who can gain nothing has no share and is only held at the disagreement
    payoff.

    Examples
    --------
    >>> problem = BargainingProblem.convex_hull([[0, 0], [10, 0], [10, 5], [0, 10]], [0, 0])
    >>> kalai_smorodinsky_solution(problem).payoffs.round(4)
    array([6.6667, 6.6667])
    """
    ideal_gains = problem.ideal_point() - problem.disagreement
    if problem.is_convex:
        return _convex(problem, ideal_gains)
    rows = problem.rational_rows()
    gains = problem.outcomes[rows] - problem.disagreement
    can_gain = _can_gain(ideal_gains, gains)
    if can_gain.any():
        shares = gains[:, can_gain] / ideal_gains[can_gain]
        rows = rows[leximin_rows(shares, TIE_TOL * 4)]
    ties = tuple(int(row) for row in rows)
    return checked_solution(
        problem,
        NAME,
        problem.outcomes[ties[0]],
        ties=ties,
        lottery=((ties[0], 1.0),),
        note=_note(can_gain),
    )


def _convex(problem: BargainingProblem, ideal_gains: FloatArray) -> BargainingSolution:
    region = LinearRegion.of(problem)
    ideal = ideal_gains / region.scale
    can_gain = ideal > 1e-7
    zero = np.zeros(problem.n_players)
    point = leximin_point(region, zero, np.where(can_gain, ideal, 0.0))
    return checked_solution(
        problem,
        NAME,
        region.payoffs(point),
        lottery=region.lottery(point.shares),
        gap=point.gap,
        note=_note(can_gain),
    )


def _can_gain(ideal_gains: FloatArray, gains: FloatArray) -> np.ndarray:
    """Which players' ideal gain is more than rounding."""
    return np.asarray(ideal_gains > TIE_TOL * np.maximum(1e-300, np.abs(gains).max(axis=0)))


def _note(can_gain: np.ndarray) -> str:
    held = ", ".join(str(i + 1) for i in np.flatnonzero(~can_gain))
    return f"no agreement gives player {held} any gain" if held else ""
