"""Agreements that must be ratified: win-sets and constrained bargaining.

A ratifier with ideal point L on a line, facing the status quo Q, approves what is no farther from
L than Q is: the *win-set* from Q to its mirror image 2L − Q. An agreement must lie in every
win-set. A ratifier's floor on payoffs limits the bargaining set but leaves the disagreement point
where it is, so a tight floor may help its own negotiator, until nothing satisfies all floors
(the paradox of weakness; Schelling, 1960).

References
----------
.. [1] R. D. Putnam, "Diplomacy and domestic politics: the logic of two-level games",
   International Organization 42(3), 1988, 427-460.
.. [2] G. Tsebelis, "Veto Players", Princeton University Press, 2002.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from games.bargaining.nash_bargaining import nash_bargaining_solution
from games.bargaining.problem import BargainingProblem
from games.errors import InvalidGameError, NoSolutionError
from games.normal_form import FloatArray

__all__ = [
    "WinSetOverlap",
    "ratification_probability",
    "ratified_shares",
    "win_set",
    "win_set_overlap",
]


@dataclass(frozen=True)
class WinSetOverlap:
    """Positions that every ratifier approves.

    Parameters
    ----------
    interval : (float, float)
        Ends of the overlap; it always contains the status quo.
    can_change : bool
        Whether the overlap holds anything but the status quo.
    lower_veto, upper_veto : tuple of int
        The ratifiers whose win-sets set the lower and the upper end.
    """

    interval: tuple[float, float]
    can_change: bool
    lower_veto: tuple[int, ...]
    upper_veto: tuple[int, ...]


def win_set(ideal: float, status_quo: float) -> tuple[float, float]:
    """Positions that a ratifier likes at least as well as the status quo.

    Examples
    --------
    >>> win_set(4, 1)
    (1.0, 7.0)
    """
    if not np.isfinite([ideal, status_quo]).all():
        raise InvalidGameError("win_set", f"ideal {ideal} and status quo {status_quo} not finite")
    mirror = float(2.0 * ideal - status_quo)
    return min(float(status_quo), mirror), max(float(status_quo), mirror)


def win_set_overlap(ideals: Sequence[float], status_quo: float) -> WinSetOverlap:
    """Overlap of the win-sets of all ratifiers, and who sets its ends.

    Parameters
    ----------
    ideals : sequence of float
        Ideal points, in the units of the issue.
    status_quo : float
        What holds if ratification fails.

    Returns
    -------
    WinSetOverlap

    Examples
    --------
    >>> win_set_overlap([4, 9], 1).interval
    (1.0, 7.0)
    """
    if not len(ideals):
        raise InvalidGameError("ideals", "is empty; at least one ratifier needed")
    sets = [win_set(ideal, status_quo) for ideal in ideals]
    lower, upper = max(s[0] for s in sets), min(s[1] for s in sets)
    return WinSetOverlap(
        (lower, upper),
        upper > lower,
        tuple(i for i, s in enumerate(sets) if s[0] == lower),
        tuple(i for i, s in enumerate(sets) if s[1] == upper),
    )


def ratified_shares(
    disagreement: ArrayLike, floors: ArrayLike, pie: float = 1.0, weights: ArrayLike | None = None
) -> FloatArray:
    """Nash bargaining shares of a pie when ratifiers demand at least ``floors``.

    Parameters
    ----------
    disagreement : (n_players,) array of float
        Payoffs if talks fail.
    floors : (n_players,) array of float
        Least shares that each player's ratifier approves; a floor below disagreement is none.
    pie : float
        What is divided.
    weights : (n_players,) array of float, optional
        Bargaining power.

    Returns
    -------
    (n_players,) array of float

    Raises
    ------
    NoSolutionError
        If floors and disagreement payoffs exceed the pie: no deal.

    Examples
    --------
    >>> ratified_shares([0.2, 0.2], [0.7, 0.0]).round(6)
    array([0.7, 0.3])
    """
    point = np.array(disagreement, dtype=float)
    n_players = point.size
    if not np.isfinite(pie):
        raise InvalidGameError("pie", f"is {pie}; must be a finite number")
    problem = BargainingProblem.polytope(np.ones((1, n_players)), [pie], point)
    problem = problem.with_floors(floors)
    needed = float(problem.floors.sum())
    if needed > pie + 1e-12 * max(1.0, abs(pie)):
        raise NoSolutionError(
            f"no deal: the floors and disagreement payoffs add up to {needed:.6g}, "
            f"more than the pie of {pie:.6g}"
        )
    return nash_bargaining_solution(problem, weights).payoffs


def ratification_probability(payoffs: ArrayLike, lowest: ArrayLike, highest: ArrayLike) -> float:
    """Probability that every ratifier approves, with independent uniform floors.

    Parameters
    ----------
    payoffs : (n_players,) array of float
        What the agreement gives each ratifier.
    lowest, highest : (n_players,) arrays of float
        Ends of the interval in which each ratifier's floor lies; equal ends mean it is known.

    Returns
    -------
    float
        One minus the risk of involuntary defection.

    Examples
    --------
    >>> ratification_probability([0.6, 0.4], [0.2, 0.3], [0.7, 0.5])
    0.4
    """
    gets, low, high = (np.array(values, dtype=float) for values in (payoffs, lowest, highest))
    if gets.ndim != 1 or not gets.shape == low.shape == high.shape:
        raise InvalidGameError("floors", "payoffs, lowest and highest must be of one length")
    if not np.isfinite(np.concatenate([gets, low, high])).all() or (low > high).any():
        raise InvalidGameError("floors", "must be finite, with lowest not above highest")
    width = high - low
    certain = (gets >= low).astype(float)
    share = np.divide(gets - low, width, out=certain, where=width > 0)
    return float(np.round(np.clip(share, 0.0, 1.0).prod(), 15))
