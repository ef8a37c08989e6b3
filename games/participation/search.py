"""Stable coalitions of many players who all differ: what can be found without a scan.

All ``2**n`` coalitions of 193 unlike players cannot be scanned. Here all coalitions up to some
size are scanned, and larger ones are sought from many starts by letting the player with the
strongest incentive change sides until nobody wants to. Every coalition returned is certified
stable; the answer says which sizes are complete.

References
----------
.. [1] H. P. Young, "The evolution of conventions", Econometrica 61(1), 1993, 57-84 (better-reply
   paths).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np
from numpy.typing import NDArray

from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray
from games.participation.indifference import indifference
from games.participation.participation_game import PayoffFunction

__all__ = ["FoundCoalition", "SearchResult", "search_stable"]

CELLS = 4_000_000


@dataclass(frozen=True)
class FoundCoalition:
    """One stable coalition, certified by all players' slacks.

    Parameters
    ----------
    members : tuple of int
    internal_slack, external_slack : float
        Smallest loss of a member from leaving and of an outsider from joining; infinite where
        there is none.
    indifferent : tuple of int
        Players who lose nothing by changing sides, within rounding.
    is_idle : bool
        Everybody gets what it would with no signatory: stable because nothing is done.
    """

    members: tuple[int, ...]
    internal_slack: float
    external_slack: float
    indifferent: tuple[int, ...]
    is_idle: bool


@dataclass(frozen=True)
class SearchResult:
    """Stable coalitions found, and how far the list is known to be complete.

    Parameters
    ----------
    coalitions : tuple of FoundCoalition
        By size, then by members.
    complete_up_to : int
        All stable coalitions of at most this size are in the list.
    is_complete : bool
        Whether all sizes are covered.
    method : str
    """

    coalitions: tuple[FoundCoalition, ...]
    complete_up_to: int
    is_complete: bool
    method: str


def search_stable(
    n_players: int,
    function: PayoffFunction,
    *,
    seed: int | np.random.Generator,
    max_coalitions: int = 20_000,
    n_starts: int = 40,
    max_moves: int = 400,
) -> SearchResult:
    """Stable coalitions by scan of the small ones and better replies from many starts.

    Parameters
    ----------
    n_players : int
    function : callable
        Payoffs from membership, as for ``ParticipationGame.from_function``.
    seed : int or numpy Generator
        Draws the starts.
    max_coalitions : int
        Coalitions scanned, whole sizes at a time from the smallest.
    n_starts, max_moves : int
        Better-reply paths and their greatest length; full participation is one of the starts.
    """
    if n_players < 1:
        raise InvalidGameError("n_players", f"is {n_players}; one player at least is needed")
    rng = np.random.default_rng(seed)
    nothing = _payoffs(function, np.zeros((n_players, 1), dtype=bool))[:, 0]
    found: dict[tuple[int, ...], FoundCoalition] = {}
    scanned, complete = 0, -1
    for size in range(n_players + 1):
        scanned += comb(n_players, size)
        if scanned > max_coalitions:
            break
        complete = size
        for members in _combinations(n_players, size):
            _keep_stable(found, members, function, nothing)
    if complete < n_players:
        for start in range(n_starts):
            share = 1.0 if start == 0 else rng.random()
            inside = rng.random(n_players) < share
            _follow(found, inside, function, nothing, max_moves)
    coalitions = sorted(found.values(), key=lambda c: (len(c.members), c.members))
    method = (
        "complete: all coalitions scanned"
        if complete == n_players
        else f"all coalitions of up to {complete} signatories scanned; larger ones by search from "
        f"{n_starts} starts, so that others may exist"
    )
    return SearchResult(tuple(coalitions), complete, complete == n_players, method)


def _combinations(n: int, size: int) -> Iterator[NDArray[np.bool_]]:
    # Membership of all coalitions of one size, in chunks whose one-step neighbours fit in memory.
    chosen = combinations(range(n), size)
    while chunk := list(islice(chosen, max(1, CELLS // (n * (size + 1))))):
        members = np.zeros((n, len(chunk)), dtype=bool)
        if size:
            members[np.array(chunk).T, np.arange(len(chunk))] = True
        yield members


def _keep_stable(
    found: dict[tuple[int, ...], FoundCoalition],
    members: NDArray[np.bool_],
    function: PayoffFunction,
    nothing: FloatArray,
) -> None:
    # Internal stability of the whole chunk first: it takes one evaluation per member.
    m = members.shape[1]
    here = _payoffs(function, members)
    internal = np.ones(m, dtype=bool)
    size = int(members[:, 0].sum())
    rows = np.nonzero(members.T)[1].reshape(m, size)
    for k in range(size):
        leaver = rows[:, k]
        smaller = members.copy()
        smaller[leaver, np.arange(m)] = False
        alone = _payoffs(function, smaller)[leaver, np.arange(m)]
        stays = here[leaver, np.arange(m)]
        internal &= stays - alone >= -indifference(stays, alone)
    for case in np.flatnonzero(internal):
        at = _around(members[:, case], function)
        if (at.slack >= -at.tolerance).all():
            _record(found, members[:, case], at, nothing)


@dataclass(frozen=True, eq=False)
class _Around:
    # Payoffs at one coalition, and what each player would lose by changing sides alone.
    payoffs: FloatArray
    slack: FloatArray
    tolerance: FloatArray


def _around(inside: NDArray[np.bool_], function: PayoffFunction) -> _Around:
    n = inside.size
    neighbours = np.repeat(inside[:, None], n + 1, axis=1)
    neighbours[np.arange(n), np.arange(n)] ^= True
    payoffs = _payoffs(function, neighbours)
    moved, here = payoffs[np.arange(n), np.arange(n)], payoffs[:, n]
    return _Around(here, here - moved, indifference(here, moved))


def _payoffs(function: PayoffFunction, members: NDArray[np.bool_]) -> FloatArray:
    payoffs = np.asarray(function(members), dtype=float)
    if payoffs.shape != members.shape or not np.isfinite(payoffs).all():
        raise InvalidGameError("function", f"must return finite payoffs of shape {members.shape}")
    return payoffs


def _follow(
    found: dict[tuple[int, ...], FoundCoalition],
    start: NDArray[np.bool_],
    function: PayoffFunction,
    nothing: FloatArray,
    max_moves: int,
) -> None:
    inside = start.copy()
    for _ in range(max_moves):
        at = _around(inside, function)
        if (at.slack >= -at.tolerance).all():
            _record(found, inside, at, nothing)
            return
        relative = at.slack / np.maximum(at.tolerance, np.finfo(float).tiny)
        inside[int(relative.argmin())] ^= True


def _record(
    found: dict[tuple[int, ...], FoundCoalition],
    inside: NDArray[np.bool_],
    at: _Around,
    nothing: FloatArray,
) -> None:
    members = tuple(int(i) for i in np.flatnonzero(inside))
    if (at.slack < -at.tolerance).any():
        raise CertificateError(f"coalition {members} is not stable")
    found[members] = FoundCoalition(
        members,
        float(at.slack[inside].min()) if inside.any() else float("inf"),
        float(at.slack[~inside].min()) if not inside.all() else float("inf"),
        tuple(int(i) for i in np.flatnonzero(np.abs(at.slack) <= at.tolerance)),
        bool((np.abs(at.payoffs - nothing) <= indifference(at.payoffs, nothing)).all()),
    )
