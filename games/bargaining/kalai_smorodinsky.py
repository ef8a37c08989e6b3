"""The Kalai–Smorodinsky solution: everybody gets the same share of the best they could get.

The *ideal gain* of a player is the largest gain over the individually rational set. The solution
gives all players the same, largest possible, share of their ideal gains.

References
----------
.. [1] E. Kalai, M. Smorodinsky, "Other solutions to Nash's bargaining problem", Econometrica
   43(3), 1975, 513-518.
"""

from __future__ import annotations

from games.bargaining.levelled import levelled_solution
from games.bargaining.problem import BargainingProblem, BargainingSolution

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
    return levelled_solution(problem, NAME, "shares")
