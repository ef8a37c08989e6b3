"""The egalitarian solution: equal gains, as large as they can be (Kalai, 1977).

It compares gains between players, so it means something only in a common unit.

References
----------
.. [1] E. Kalai, "Proportional solutions to bargaining situations", Econometrica 45(7), 1977,
   1623-1630.
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

__all__ = ["egalitarian_solution"]

NAME = "egalitarian"


def egalitarian_solution(problem: BargainingProblem) -> BargainingSolution:
    """Individually rational payoffs whose least gain is largest.

    Parameters
    ----------
    problem : BargainingProblem
        Payoffs of all players in one common unit.

    Returns
    -------
    BargainingSolution

    Raises
    ------
    NoSolutionError
        If nothing is individually rational.

    Notes
    -----
    Where equal gains are inefficient or, in a finite set, unattainable, the gains above the
    least are raised too (lexicographic max-min).

    Examples
    --------
    >>> pie = BargainingProblem.convex_hull([[0, 0], [10, 0], [0, 10]], [1, 2])
    >>> egalitarian_solution(pie).payoffs.round(6)
    array([4.5, 5.5])
    """
    if problem.is_convex:
        region = LinearRegion.of(problem)
        zero = np.zeros(problem.n_players)
        point = leximin_point(region, zero, 1 / region.scale)
        return checked_solution(
            problem,
            NAME,
            region.payoffs(point),
            lottery=region.lottery(point.shares),
            gap=point.gap,
        )
    rows = problem.rational_rows()
    gains = problem.outcomes[rows] - problem.disagreement
    best = rows[leximin_rows(gains, TIE_TOL * float(np.abs(gains).max()))]
    ties = tuple(int(row) for row in best)
    return checked_solution(
        problem, NAME, problem.outcomes[ties[0]], ties=ties, lottery=((ties[0], 1.0),)
    )
