"""The zone of possible agreement, and who stands in its way when it is empty."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from games.bargaining.pareto_frontier import pareto_frontier
from games.bargaining.problem import BargainingProblem
from games.errors import InvalidGameError, TooLargeError
from games.normal_form import FloatArray

__all__ = ["AgreementZone", "agreement_zone", "price_zone"]

MAX_CONFLICT_PLAYERS = 16


@dataclass(frozen=True, eq=False)
class AgreementZone:
    """Outcomes that everybody prefers to disagreement (weakly).

    Parameters
    ----------
    rows : (k,) array of int
        Individually rational outcomes, floors included, ascending.
    efficient_rows : (m,) array of int
        Those of them that are Pareto-efficient.
    least, largest : (n_players,) arrays of float
        Range of each player's payoff over the zone; empty arrays when the zone is empty.
    conflicts : tuple of tuple of int
        When the zone is empty: the smallest groups of players whose demands no outcome meets.
    """

    rows: np.ndarray
    efficient_rows: np.ndarray
    least: FloatArray
    largest: FloatArray
    conflicts: tuple[tuple[int, ...], ...]

    @property
    def is_empty(self) -> bool:
        """Whether no outcome is acceptable to all."""
        return self.rows.size == 0


def agreement_zone(problem: BargainingProblem) -> AgreementZone:
    """Zone of agreement of a finite problem.

    Parameters
    ----------
    problem : BargainingProblem
        Finite, or a hull, of which only the listed outcomes are looked at.

    Returns
    -------
    AgreementZone

    Raises
    ------
    InvalidGameError
        If the problem lists no outcomes.
    TooLargeError
        If the zone is empty and there are too many players to find out who conflicts.

    Examples
    --------
    >>> zone = agreement_zone(BargainingProblem.finite([[3, 0], [0, 3], [1, 1]], [2, 2]))
    >>> zone.is_empty, zone.conflicts
    (True, ((0, 1),))
    """
    if not problem.outcomes.shape[0]:
        raise InvalidGameError("problem", "lists no outcomes; a polytope has no finite zone")
    accepts = problem.acceptable()
    rows = np.flatnonzero(accepts.all(axis=1))
    if not rows.size:
        empty = np.empty(0)
        return AgreementZone(rows, rows, empty, empty, _conflicts(accepts))
    inside = problem.outcomes[rows]
    return AgreementZone(
        rows, rows[pareto_frontier(inside)], inside.min(axis=0), inside.max(axis=0), ()
    )


def price_zone(seller_reservation: float, buyer_reservation: float) -> tuple[float, float]:
    """Prices that both accept, from the least the seller takes to the most the buyer pays.

    Raises
    ------
    NoSolutionError
        If the seller asks more than the buyer pays.

    Examples
    --------
    >>> price_zone(80, 100)
    (80.0, 100.0)
    """
    from games.errors import NoSolutionError

    if not np.isfinite([seller_reservation, buyer_reservation]).all():
        raise InvalidGameError("reservations", "must be finite numbers")
    if seller_reservation > buyer_reservation:
        raise NoSolutionError(
            f"no zone of agreement: the seller asks at least {seller_reservation}, "
            f"the buyer pays at most {buyer_reservation}"
        )
    return float(seller_reservation), float(buyer_reservation)


def _conflicts(accepts: np.ndarray) -> tuple[tuple[int, ...], ...]:
    n_players = accepts.shape[1]
    if n_players > MAX_CONFLICT_PLAYERS:
        raise TooLargeError(
            f"no outcome is acceptable to all; finding which of {n_players} players conflict is "
            f"limited to {MAX_CONFLICT_PLAYERS}"
        )
    patterns = np.unique(accepts, axis=0)
    for size in range(1, n_players + 1):
        found = tuple(
            group
            for group in combinations(range(n_players), size)
            if not patterns[:, group].all(axis=1).any()
        )
        if found:
            return found
    return ()
