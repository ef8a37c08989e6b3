"""At least one certified Nash equilibrium of a game with any number of players.

All equilibria of a game with more than two players are solutions of polynomial systems, and to
list them is hopeless beyond small games. One is enough for many questions. Pure equilibria are
found by comparing payoffs. Otherwise the curve of logit equilibria is followed from a start
that favours no action (or a random one) towards its end, which is a Nash equilibrium, and Newton's
method finishes what the curve approaches. Should rounding spoil all curves, parts of the strategy
space are searched.

References
----------
.. [1] R. D. McKelvey and T. R. Palfrey, "Quantal response equilibria for normal form games",
   Games and Economic Behavior 10(1), 1995, 6-38.
.. [2] T. L. Turocy, "A dynamic homotopy interpretation of the logistic quantal response
   equilibrium correspondence", Games and Economic Behavior 51(2), 2005, 243-263.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from games.best_responses import best_response_table
from games.equilibrium import EquilibriumList, certified
from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray, MixedProfile, NormalFormGame
from games.solvers.branch_and_prune import branch_and_prune
from games.solvers.logit_tracing import FAST, LogitSystem, trace
from games.solvers.support_newton import polish

__all__ = ["distinct_profiles", "some_equilibria"]

_MAX_STEPS = 2_000
_MAX_TRACES = 6
_MAX_CELLS = 5_000
_MAX_PURE = 1_000
_MAX_PURE_CELLS = 20_000_000  # profiles of the game times pure equilibria listed
_MAX_LAMBDA = 1e24  # in units of one over the game's scale: an end even for payoffs of 1e12


def some_equilibria(
    game: NormalFormGame, *, n_random_starts: int = 0, seed: int = 0
) -> EquilibriumList:
    """Certified equilibria, at least one, of a game with any number of players.

    Parameters
    ----------
    game : NormalFormGame
    n_random_starts : int
        Logit curves to follow from random starts in search of more equilibria. At 0, curves
        are followed only if the game has no pure equilibrium.
    seed : int
        Of the random starts.

    Returns
    -------
    EquilibriumList
        The pure equilibria (all of them, unless ``note`` says otherwise) and the mixed ones that
        were found, never claimed to be complete.

    Raises
    ------
    InvalidGameError
        If ``n_random_starts`` is negative.
    TooLargeError
        If a game without pure equilibria is too large to trace.
    CertificateError
        If six curves and a search of the strategy space found no equilibrium.

    Examples
    --------
    Three players of matching pennies, each against the next (Jordan, 1993): nobody can be
    predictable.

    >>> a, b, c = np.indices((2, 2, 2))
    >>> game = NormalFormGame([(a == b) * 1, (b == c) * 1, (c != a) * 1])
    >>> [found] = some_equilibria(game).equilibria
    >>> [s.round(12).tolist() for s in found.strategies]
    [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]
    """
    if n_random_starts < 0:
        raise InvalidGameError("n_random_starts", f"is {n_random_starts}; give 0 or more")
    profiles, pure_note = _pure_profiles(game)
    if profiles and not n_random_starts:
        note = f"{pure_note}; mixed ones were not sought"
        return EquilibriumList(certified(game, profiles), False, "comparison of payoffs", note)
    n_traces = 0
    rng = np.random.default_rng(seed)
    bias: FloatArray | None = None
    while n_traces < n_random_starts + 1 or (not profiles and n_traces < _MAX_TRACES):
        found = _follow(LogitSystem(game, bias))
        if found is not None:
            profiles = distinct_profiles([*profiles, found])
        bias = rng.normal(scale=2.0, size=sum(game.n_actions))
        n_traces += 1
    if not profiles:
        profiles = distinct_profiles(branch_and_prune(game, _MAX_CELLS).profiles)
    if not profiles:
        raise CertificateError(f"{n_traces} logit curves and a search ended at no equilibrium")
    note = f"{pure_note}; mixed ones from {n_traces} start(s), others may exist"
    method = "comparison of payoffs, logit tracing and Newton's method on supports, float"
    return EquilibriumList(certified(game, profiles), False, method, note)


def distinct_profiles(profiles: Iterable[MixedProfile]) -> list[MixedProfile]:
    """Profiles in lexicographic order, first actions first; those within 1e-9 of one left out."""
    kept: list[MixedProfile] = []
    for profile in profiles:
        if not any(
            all(np.abs(a - b).max() <= 1e-9 for a, b in zip(profile, known, strict=True))
            for known in kept
        ):
            kept.append(profile)
    return sorted(kept, key=lambda profile: [-x for s in profile for x in s.tolist()])


def _pure_profiles(game: NormalFormGame) -> tuple[list[MixedProfile], str]:
    """Pure equilibria up to a limit that keeps their certificates affordable, and which."""
    pure = np.argwhere(best_response_table(game).all(axis=0))
    limit = max(1, min(_MAX_PURE, _MAX_PURE_CELLS // game.payoffs[0].size))
    note = "every pure equilibrium"
    if len(pure) > limit:
        note = f"the first {limit} of {len(pure)} pure equilibria"
    return [game.pure_profile(tuple(p)) for p in pure[:limit].tolist()], note


def _follow(system: LogitSystem) -> MixedProfile | None:
    """Equilibrium near the first stretch of a logit curve from which Newton's method finds one."""
    next_attempt = 8.0
    try:
        for step, z in enumerate(trace(system, _MAX_STEPS, FAST), start=1):
            if z[-1] >= next_attempt or step % 20 == 0:
                found = polish(system, system.profile(z[:-1]))
                if found is not None:
                    return found
                next_attempt = max(next_attempt, 4 * float(z[-1]))
            if z[-1] > _MAX_LAMBDA:
                return None
    except CertificateError:
        return None  # this curve is lost: the caller tries another start
    return None
