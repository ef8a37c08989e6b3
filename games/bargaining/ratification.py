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

from games.bargaining.problem import finite_vector, player_weights
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
    best, here = finite_vector("ideal and status quo", [ideal, status_quo], 2).tolist()
    mirror = best + (best - here)
    if not np.isfinite(mirror):
        raise InvalidGameError(
            "ideal and status quo", f"{best} and {here} are too large to mirror"
        )
    return min(here, mirror), max(here, mirror)


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
    if not np.size(ideals) or not np.ndim(ideals):
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
    point = finite_vector("disagreement", disagreement, np.size(disagreement))
    floor = np.maximum(finite_vector("floors", floors, point.size), point)
    shares = player_weights(weights, point.size)
    total = float(finite_vector("pie", [pie], 1)[0])
    needed = float(floor.sum())
    if needed > total + 1e-12 * max(1.0, abs(total)):
        raise NoSolutionError(
            f"no deal: the floors and disagreement payoffs add up to {needed:.6g}, "
            f"more than the pie of {total:.6g}"
        )
    # Whoever is above the floor gets gains in proportion to power: point + shares * t. Players
    # leave their floors in the order of the t at which that happens.
    leaves = (floor - point) / shares
    is_free = np.zeros(point.size, dtype=bool)
    t = 0.0
    for player in np.argsort(leaves, kind="stable"):
        if is_free.any() and leaves[player] >= t:
            break
        is_free[player] = True
        t = float((total - floor[~is_free].sum() - point[is_free].sum()) / shares[is_free].sum())
    return np.asarray(np.where(is_free, np.maximum(point + shares * t, floor), floor))


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
    gets = finite_vector("payoffs", payoffs, np.size(payoffs))
    low = finite_vector("lowest", lowest, gets.size)
    high = finite_vector("highest", highest, gets.size)
    if (low > high).any():
        player = int(np.argmax(low > high))
        raise InvalidGameError(f"lowest[{player}]", f"is above highest[{player}]; exchange them")
    # Halves, so that no difference overflows.
    gets, low, high = gets / 2, low / 2, high / 2
    width = high - low
    certain = (gets >= low).astype(float)
    with np.errstate(over="ignore"):
        share = np.divide(gets - low, width, out=certain, where=width > 0)
    return float(np.round(np.clip(share, 0.0, 1.0).prod(), 15))
