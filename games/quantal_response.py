"""Logit quantal response equilibria: players who err, and err less when it costs more.

At rationality λ every player plays action a with probability proportional to
``exp(λ u(a))``, where ``u(a)`` is its expected payoff against the others, who do the same
(McKelvey and Palfrey, 1995). At λ = 0 all actions are equally likely. The *principal branch* is
the curve of equilibria that starts there; as λ grows it tends to a Nash equilibrium.

λ is measured per unit of payoff: a game with payoffs multiplied by α has at λ/α the equilibrium
that the game had at λ. A value of λ therefore means nothing without the units of the payoffs.
Fix them before quoting one, for instance by :func:`normalized`.

References
----------
.. [1] R. D. McKelvey and T. R. Palfrey, "Quantal response equilibria for normal form games",
   Games and Economic Behavior 10(1), 1995, 6-38.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.normal_form import FloatArray, MixedProfile, NormalFormGame
from games.solvers.logit_tracing import LogitSystem, locate, trace

__all__ = [
    "LogitBranch",
    "QuantalResponseEquilibrium",
    "logit_branch",
    "logit_equilibria",
    "logit_equilibrium",
    "normalized",
]

_MAX_STEPS = 20_000
_RESIDUAL_TOL = 1e-8


@dataclass(frozen=True, eq=False)
class QuantalResponseEquilibrium:
    """A logit equilibrium, with the residual that certifies it.

    Parameters
    ----------
    rationality : float
        λ, per unit of the game's payoffs.
    strategies : tuple of (m_i,) arrays of float
        One probability vector per player, all entries positive unless they underflow.
    payoffs : (n_players,) array of float
        Expected payoffs, in each player's own units.
    regret : float
        What a player would gain by erring no more: how far this is from a Nash equilibrium.
    residual : float
        Certificate: largest difference between a probability and the logit response to the
        others' strategies.
    """

    rationality: float
    strategies: MixedProfile
    payoffs: FloatArray
    regret: float
    residual: float


@dataclass(frozen=True, eq=False)
class LogitBranch:
    """The principal branch, from λ = 0 on, in the order in which it is traced.

    Parameters
    ----------
    points : tuple of QuantalResponseEquilibrium
        ``points[0]`` is the centroid.
    n_turns : int
        How often λ turns back or forth along the branch. If it is not 0, some λ have several
        equilibria on the branch; :func:`logit_equilibrium` gives the first one reached.
    """

    points: tuple[QuantalResponseEquilibrium, ...]
    n_turns: int


def normalized(game: NormalFormGame) -> NormalFormGame:
    """Strategically same game in which the most that a player can cause alone is 1.

    Every player's payoffs are divided by the largest difference that its own action can make
    and moved so that the least is 0. A player who can make no difference gets zeros.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[30, 10], [50, 20]], [[3, 5], [0, 1]])
    >>> normalized(game).payoffs[0]
    array([[1. , 0. ],
           [2. , 0.5]])
    """
    payoffs = np.zeros_like(game.payoffs)
    for i in range(game.n_players):
        spread = float(np.ptp(game.payoffs[i], axis=i).max())
        if spread > 0:
            payoffs[i] = (game.payoffs[i] - game.payoffs[i].min()) / spread
    return NormalFormGame(payoffs, game.players, game.actions)


def logit_equilibrium(game: NormalFormGame, rationality: float) -> QuantalResponseEquilibrium:
    """Equilibrium of the principal branch at a given λ.

    Parameters
    ----------
    game : NormalFormGame
    rationality : float
        λ, at least 0, per unit of the game's payoffs.

    Raises
    ------
    InvalidGameError
        If λ is negative or not finite.
    TooLargeError
        If the game is too large to trace or the branch does not reach λ in 20,000 steps.
    CertificateError
        If the result is no logit equilibrium.

    Notes
    -----
    The branch may turn back in λ; the equilibrium returned is the first at this λ.

    Examples
    --------
    An inspector (cost 1, loss 10 from an undetected violation, detection 0.8) and an inspectee
    (gain 4, sanction 20), at λ = 1; inspections are more and violations fewer than in the Nash
    equilibrium (1/4, 1/8):

    >>> game = NormalFormGame.from_bimatrix([[-3, -1], [-10, 0]], [[-12, 0], [4, 0]])
    >>> inspector, inspectee = logit_equilibrium(game, 1.0).strategies
    >>> round(float(inspector[0]), 3), round(float(inspectee[0]), 3)
    (0.405, 0.077)
    """
    return logit_equilibria(game, [rationality])[0]


def logit_equilibria(
    game: NormalFormGame, rationalities: Sequence[float]
) -> tuple[QuantalResponseEquilibrium, ...]:
    """Equilibria of the principal branch at several λ, in one trace and in the order given.

    Parameters
    ----------
    game : NormalFormGame
    rationalities : sequence of float
        Values of λ, each at least 0, per unit of the game's payoffs.

    Raises
    ------
    InvalidGameError, TooLargeError, CertificateError
        As :func:`logit_equilibrium`.
    """
    for place, lam in enumerate(rationalities):
        _check_rationality(f"rationalities[{place}]", lam)
    system = LogitSystem(game)
    waiting = sorted({float(lam) for lam in rationalities})
    found: dict[float, QuantalResponseEquilibrium] = {}
    previous = system.start()
    for z in trace(system, _MAX_STEPS):
        while waiting and z[-1] >= waiting[0] * system.unit:
            lam = waiting.pop(0)
            point = locate(system, previous, z, lam * system.unit)
            found[lam] = _certified(system, point, lam)
        if not waiting:
            return tuple(found[float(lam)] for lam in rationalities)
        previous = z
    raise TooLargeError(
        f"the principal branch does not reach lambda = {waiting[0]:.6g} in {_MAX_STEPS} steps; "
        "ask for a smaller lambda or for a Nash equilibrium"
    )


def logit_branch(game: NormalFormGame, max_rationality: float) -> LogitBranch:
    """Principal branch from λ = 0 until λ first reaches ``max_rationality``.

    Parameters
    ----------
    game : NormalFormGame
    max_rationality : float
        Largest λ, per unit of the game's payoffs.

    Raises
    ------
    InvalidGameError, TooLargeError, CertificateError
        As :func:`logit_equilibrium`.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> branch = logit_branch(game, 20.0)
    >>> branch.points[-1].rationality, branch.n_turns
    (20.0, 0)
    """
    _check_rationality("max_rationality", max_rationality)
    system = LogitSystem(game)
    end = max_rationality * system.unit
    points: list[QuantalResponseEquilibrium] = []
    previous, n_turns, direction = system.start(), 0, 1.0
    for z in trace(system, _MAX_STEPS):
        if z[-1] >= end:
            last = locate(system, previous, z, end)
            points.append(_certified(system, last, float(max_rationality)))
            return LogitBranch(tuple(points), n_turns)
        if (z[-1] - previous[-1]) * direction < 0:
            n_turns, direction = n_turns + 1, -direction
        points.append(_certified(system, z, float(z[-1]) / system.unit))
        previous = z
    raise TooLargeError(
        f"the principal branch does not reach lambda = {max_rationality:.6g} in "
        f"{_MAX_STEPS} steps; ask for a smaller lambda"
    )


def _check_rationality(place: str, lam: float) -> None:
    if not (math.isfinite(lam) and lam >= 0):
        raise InvalidGameError(
            place,
            f"is {lam}; lambda must be finite and at least 0 (for its limit as it grows, "
            "ask for a Nash equilibrium)",
        )


def _certified(system: LogitSystem, z: FloatArray, lam: float) -> QuantalResponseEquilibrium:
    """Equilibrium at ``z``, checked against the logit responses computed from the game."""
    game = system.game
    profile = system.profile(z[:-1])
    residual, limit = 0.0, _RESIDUAL_TOL
    for i, strategy in enumerate(profile):
        # What only the others decide is taken out first: with it, rounding grows with an offset.
        own = game.payoffs[i] - game.payoffs[i].max(axis=i, keepdims=True)
        for other in reversed(range(game.n_players)):
            if other != i:
                own = np.tensordot(own, profile[other], axes=(other, 0))
        weights = np.exp(lam * (own - own.max()))
        residual = max(residual, float(np.abs(weights / weights.sum() - strategy).max()))
        # Losses do not cancel: their rounding is relative to those of the actions that are used.
        used = float(np.abs(own[weights > 1e-16]).max())
        limit = max(limit, _RESIDUAL_TOL + 64 * float(np.finfo(float).eps) * lam * used)
    if residual > limit:
        raise CertificateError(
            f"logit responses differ by {residual:.3g} (limit {limit:.3g}) at lambda = {lam:.6g}"
        )
    regret = float(game.regrets(profile).max())
    return QuantalResponseEquilibrium(
        lam, profile, game.expected_payoffs(profile), regret, residual
    )
