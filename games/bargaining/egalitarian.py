"""The egalitarian solution: equal gains, as large as they can be (Kalai, 1977).

It compares gains between players, so it means something only in a common unit.

References
----------
.. [1] E. Kalai, "Proportional solutions to bargaining situations", Econometrica 45(7), 1977,
   1623-1630.
"""

from __future__ import annotations

from games.bargaining.levelled import levelled_solution
from games.bargaining.problem import BargainingProblem, BargainingSolution

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
    return levelled_solution(problem, NAME, "gains")
