"""Several parallel agreements: each player joins one of them, or none.

An assignment gives every player a number: 0 for none, 1 to R for an agreement. It is stable if no
player gains by moving alone to another agreement or to none. Two agreements can hold together more
players than one: with a linear benefit each club sustains ``ceil(c / b)`` of them.

References
----------
.. [1] G. B. Asheim, C. B. Froyn, J. Hovi and F. C. Menz, "Regional versus global cooperation for
   climate control", Journal of Environmental Economics and Management 51(1), 2006, 93-109.
.. [2] A. Hagen and K. Eisenack, "Climate clubs versus single coalitions: the ambition of
   international environmental agreements", Climate Change Economics 10(3), 2019.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.normal_form import FloatArray
from games.participation.indifference import indifference
from games.participation.linear_benefit import smallest_effective_size
from games.voting.exact_number import exact_number

__all__ = ["AssignmentPayoffs", "StableAssignments", "linear_benefit_clubs", "stable_assignments"]

MAX_ASSIGNMENTS = 4_000_000

AssignmentPayoffs = Callable[[NDArray[np.int64]], Any]
"""From ``agreement[player, case]`` (0 for none) to ``payoffs[player, case]``."""


@dataclass(frozen=True, eq=False)
class StableAssignments:
    """All stable assignments of players to agreements.

    Parameters
    ----------
    assignments : (n_stable, n_players) array of int
        Agreement of each player, 0 for none.
    slacks : (n_stable,) array of float
        Smallest loss of any player from its best move elsewhere.
    is_tied : (n_stable,) array of bool
        Some player is indifferent to moving.
    is_idle : (n_stable,) array of bool
        Everybody gets what it would with no agreement at all.
    method : str
    """

    assignments: NDArray[np.int64]
    slacks: FloatArray
    is_tied: NDArray[np.bool_]
    is_idle: NDArray[np.bool_]
    method: str = "complete: all assignments scanned"


def stable_assignments(
    n_players: int,
    n_agreements: int,
    function: AssignmentPayoffs,
    allowed: Sequence[Sequence[int]] | None = None,
) -> StableAssignments:
    """Stable assignments, by a scan of all of them.

    Parameters
    ----------
    n_players, n_agreements : int
    function : callable
        Payoffs by player and case from agreements by player and case.
    allowed : sequence of sequences of int, optional
        Agreements open to each player (regional clubs); all of them by default.

    Raises
    ------
    TooLargeError
        If there are over four million assignments.

    Examples
    --------
    >>> clubs = stable_assignments(6, 2, linear_benefit_clubs(2, 1, 2.5))
    >>> sorted({int((row > 0).sum()) for row in clubs.assignments[~clubs.is_idle]})
    [3, 4, 6]
    """
    if n_players < 1 or n_agreements < 1:
        raise InvalidGameError(
            "n_players, n_agreements", f"are {n_players}, {n_agreements}; one each is needed"
        )
    base = n_agreements + 1
    if base**n_players > MAX_ASSIGNMENTS:
        raise TooLargeError(
            f"{base}**{n_players} assignments are too many; up to {MAX_ASSIGNMENTS} are scanned"
        )
    codes = np.arange(base**n_players)
    agreement = codes[None, :] // base ** np.arange(n_players)[:, None] % base
    payoffs = np.asarray(function(agreement), dtype=float)
    if payoffs.shape != agreement.shape or not np.isfinite(payoffs).all():
        raise InvalidGameError(
            "function", f"must return finite payoffs of shape {agreement.shape}"
        )
    open_to = _checked_allowed(allowed, n_players, n_agreements)
    stable, slack, tied = _scan(payoffs, open_to, base)
    keep = np.flatnonzero(stable)
    here, nothing = payoffs[:, keep], payoffs[:, :1]
    idle = (np.abs(here - nothing) <= indifference(here, nothing)).all(axis=0)
    found = StableAssignments(agreement[:, keep].T.copy(), slack[keep], tied[keep], idle)
    _certify(found, payoffs, open_to, base)
    return found


def _scan(
    payoffs: FloatArray, open_to: NDArray[np.bool_], base: int
) -> tuple[NDArray[np.bool_], FloatArray, NDArray[np.bool_]]:
    n_players, n_cases = payoffs.shape
    stable = np.ones(n_cases, dtype=bool)
    slack = np.full(n_cases, np.inf)
    tied = np.zeros(n_cases, dtype=bool)
    for i in range(n_players):
        shape = (-1, base, base**i)
        cube = payoffs[i].reshape(shape)
        open_cube = np.where(open_to[i][None, :, None], cube, -np.inf)
        for r in range(base):
            others = np.delete(open_cube, r, axis=1).max(axis=1)
            loss = cube[:, r] - others
            limit = np.where(np.isinf(loss), 0.0, indifference(cube[:, r], others))
            stable.reshape(shape)[:, r] &= (loss >= -limit) & open_to[i][r]
            tied.reshape(shape)[:, r] |= np.abs(loss) <= limit
            view = slack.reshape(shape)[:, r]
            np.minimum(view, loss, out=view)
    return stable, slack, tied


def linear_benefit_clubs(n_agreements: int, benefit: Any, cost: Any) -> AssignmentPayoffs:
    """Payoffs with linear benefit and cost; each agreement abates if that pays its members.

    Every abating player gives ``benefit`` to everybody and bears ``cost``; the members of an
    agreement abate if their number reaches ``ceil(cost / benefit)``.
    """
    least = smallest_effective_size(benefit, cost)
    b, c = float(exact_number(benefit, "benefit")), float(exact_number(cost, "cost"))

    def payoffs(agreement: NDArray[np.int64]) -> FloatArray:
        abates = np.zeros(agreement.shape, dtype=bool)
        for r in range(1, n_agreements + 1):
            members = agreement == r
            abates |= members & (members.sum(axis=0) >= least)
        if b >= c:
            abates[:] = True
        return np.asarray(b * abates.sum(axis=0) - c * abates)

    return payoffs


def _checked_allowed(
    allowed: Sequence[Sequence[int]] | None, n_players: int, n_agreements: int
) -> NDArray[np.bool_]:
    open_to = np.ones((n_players, n_agreements + 1), dtype=bool)
    if allowed is None:
        return open_to
    if len(allowed) != n_players:
        raise InvalidGameError("allowed", f"has {len(allowed)} entries for {n_players} players")
    open_to[:, 1:] = False
    for i, agreements in enumerate(allowed):
        for r in agreements:
            if not 1 <= r <= n_agreements:
                raise InvalidGameError(
                    f"allowed[{i}]", f"has {r}; agreements are numbered from 1 to {n_agreements}"
                )
            open_to[i, r] = True
    return open_to


def _certify(
    found: StableAssignments, payoffs: FloatArray, open_to: NDArray[np.bool_], base: int
) -> None:
    # Every stable assignment again, move by move, for the first and the last thousand.
    rows = range(found.assignments.shape[0])
    for row in [*rows[:1000], *rows[1000:][-1000:]]:
        places = found.assignments[row]
        code = sum(int(r) * base**i for i, r in enumerate(places))
        for i, r in enumerate(places):
            for other in np.flatnonzero(open_to[i]):
                moved = payoffs[i, code + (int(other) - int(r)) * base**i]
                if moved - payoffs[i, code] > indifference(moved, payoffs[i, code]):
                    raise CertificateError(f"assignment {places.tolist()} is not stable")
