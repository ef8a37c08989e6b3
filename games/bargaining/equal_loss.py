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

from games.bargaining.levelled import levelled_solution
from games.bargaining.problem import BargainingProblem, BargainingSolution

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
    return levelled_solution(problem, NAME, "losses")
