"""The equal-loss solution: everybody falls short of the best they could get by the same amount.

It compares losses between players, so it means something only in a common unit.

References
----------
.. [1] Y. Chun, "The equal-loss principle for bargaining problems", Economics Letters 26(2), 1988,
   103-106.
.. [2] C. Herrero, M. C. Marco, "Rational equal-loss solutions for bargaining problems",
   Mathematical Social Sciences 26(3), 1993, 273-286.
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

__all__ = ["equal_loss_solution"]

NAME = "equal loss"


def equal_loss_solution(problem: BargainingProblem) -> BargainingSolution:
    """Individually rational payoffs whose largest loss from the ideal point is least.

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
    With three or more players plain equal losses may push somebody below disagreement; here
    individual rationality comes first (Herrero and Marco, 1993). Losses below the largest are
    lowered too (lexicographic min-max).

    Examples
    --------
    >>> problem = BargainingProblem.convex_hull([[0, 0], [10, 0], [0, 6]], [0, 0])
    >>> equal_loss_solution(problem).payoffs.round(6)
    array([6.25, 2.25])
    """
    ideal = problem.ideal_point()
    if problem.is_convex:
        region = LinearRegion.of(problem)
        base = (ideal - problem.disagreement) / region.scale
        point = leximin_point(region, base, 1 / region.scale)
        return checked_solution(
            problem,
            NAME,
            region.payoffs(point),
            lottery=region.lottery(point.shares),
            gap=point.gap,
        )
    rows = problem.rational_rows()
    losses = ideal - problem.outcomes[rows]
    best = rows[leximin_rows(-losses, TIE_TOL * float(np.abs(losses).max(initial=0.0)))]
    ties = tuple(int(row) for row in best)
    return checked_solution(
        problem, NAME, problem.outcomes[ties[0]], ties=ties, lottery=((ties[0], 1.0),)
    )
