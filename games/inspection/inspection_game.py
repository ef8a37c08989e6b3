"""The inspection game of two players, with and without an announcement.

An inspector decides whether to inspect (cost κ), an inspectee whether to violate (gain g). An
inspection finds a violation with probability p; a violation found is punished by s and does no
harm, one not found costs the inspector D:

=============  =====================  =================
inspector      comply                 violate
=============  =====================  =================
inspect        −κ, 0                  −κ − (1−p)D, g − ps
do not         0, 0                   −D, g
=============  =====================  =================

Played *simultaneously* with κ < pD and g < ps there is one equilibrium, in mixed strategies:
inspections i* = g/(ps) and violations v* = κ/(pD). A larger penalty lowers inspections, not
violations (Tsebelis, 1990): each side's probability is set by the other side's payoffs. Under
*leadership* the inspector announces i* (in practice a little more) and the inspectee complies
(Maschler, 1966; Avenhaus, von Stengel and Zamir, 2002). With *noise* (logit quantal responses) a
larger penalty does lower violations.

References
----------
.. [1] M. Maschler, "A price leadership method for solving the inspector's non-constant-sum
   game", Naval Research Logistics Quarterly 13, 1966, 11-33.
.. [2] G. Tsebelis, "Penalty has no impact on crime?", Rationality and Society 2(3), 1990.
.. [3] R. Avenhaus, B. von Stengel, S. Zamir, "Inspection games", Handbook of Game Theory 3,
   2002, ch. 51.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from games.equilibrium import EquilibriumList, certified
from games.errors import CertificateError
from games.normal_form import MixedProfile, NormalFormGame
from games.parameters import check_nonnegative, check_positive, check_probability
from games.repeated.exact_numbers import exact

__all__ = [
    "AnnouncedInspection",
    "InspectionGame",
    "QuantalInspection",
    "announced_inspection",
    "inspection_equilibria",
    "quantal_inspection",
]

RESPONSE_TOL = 1e-9
"""Largest miss of a quantal response at its own fixed point, in probability."""
ANNOUNCEMENT_TOL = 1e-12
"""Largest regret of the answer to an announcement, relative to the gain of a violation."""


@dataclass(frozen=True)
class InspectionGame:
    """Parameters of the inspection game; each player's payoffs in that player's own units.

    Parameters
    ----------
    inspection_cost : float
        κ > 0, what one inspection costs the inspector.
    undetected_loss : float
        D > 0, what a violation that is not found costs the inspector.
    detection : float
        p in (0, 1], probability that an inspection finds a violation.
    gain : float
        g > 0, what the inspectee gains by a violation.
    penalty : float
        s ≥ 0, what the inspectee loses when the violation is found (it keeps the gain).
    """

    inspection_cost: float
    undetected_loss: float
    detection: float
    gain: float
    penalty: float

    def __post_init__(self) -> None:
        check_positive("inspection_cost", self.inspection_cost)
        check_positive("undetected_loss", self.undetected_loss)
        check_probability("detection", self.detection, allow_zero=False)
        check_positive("gain", self.gain)
        check_nonnegative("penalty", self.penalty)

    @property
    def normal_form(self) -> NormalFormGame:
        """Game of two actions each: inspect or not, comply or violate."""
        κ, D, p = (
            exact(x, "") for x in (self.inspection_cost, self.undetected_loss, self.detection)
        )
        g, s = exact(self.gain, ""), exact(self.penalty, "")
        return NormalFormGame.from_bimatrix(
            [[_rounded(-κ), _rounded(-κ - (1 - p) * D)], [0, _rounded(-D)]],
            [[0, _rounded(g - p * s)], [0, _rounded(g)]],
            players=("inspector", "inspectee"),
            actions=(("inspect", "do not inspect"), ("comply", "violate")),
        )

    @property
    def deterring_inspection(self) -> float:
        """Inspection probability at which a violation is worth nothing; infinite when s = 0."""
        return _quotient(self.gain, self.detection, self.penalty)

    @property
    def tolerated_violation(self) -> float:
        """Violation probability at which an inspection is worth its cost; may exceed 1."""
        return _quotient(self.inspection_cost, self.detection, self.undetected_loss)


def _quotient(number: float, share: float, amount: float) -> float:
    """number/(share · amount), exact in the decimals given and then rounded: ties are ties."""
    if amount == 0:
        return math.inf
    return _rounded(exact(number, "") / (exact(share, "") * exact(amount, "")))


def _rounded(number: Fraction) -> float:
    """Nearest float; infinite if there is none, which the game's own check then names."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def inspection_equilibria(game: InspectionGame) -> EquilibriumList:
    """All extreme Nash equilibria of the game without announcement.

    Parameters
    ----------
    game : InspectionGame

    Returns
    -------
    EquilibriumList
        One equilibrium, unless ps = g or κ = pD (a tie), when the extreme points of the
        continuum of equilibria are given and the note says so.

    Examples
    --------
    >>> game = InspectionGame(1, 10, 0.8, gain=4, penalty=20)
    >>> [found] = inspection_equilibria(game).equilibria
    >>> [strategy.round(6).tolist() for strategy in found.strategies]
    [[0.25, 0.75], [0.875, 0.125]]
    """
    i, v = game.deterring_inspection, game.tolerated_violation
    # A player mixes only where the other's mixture makes it indifferent, so these are all.
    if i > 1:  # even a sure inspection leaves a violation worth while
        pairs = [(float(v <= 1), 1.0)] if v != 1 else [(0.0, 1.0), (1.0, 1.0)]
    elif v > 1:  # even a sure violation leaves an inspection not worth while
        pairs = [(0.0, 1.0)]
    elif i == 1:
        pairs = sorted({(1.0, v), (1.0, 1.0)} | ({(0.0, 1.0)} if v == 1 else set()))
    else:
        pairs = [(i, v)] if v < 1 else [(0.0, 1.0), (i, 1.0)]
    profiles: list[MixedProfile] = [
        (np.array([inspect, 1 - inspect]), np.array([1 - violate, violate]))
        for inspect, violate in sorted(pairs, reverse=True)
    ]
    note = "" if len(pairs) == 1 else "a tie: these are the ends of a continuum of equilibria"
    found = certified(game.normal_form, profiles)
    return EquilibriumList(found, True, "closed form (floating point)", note)


@dataclass(frozen=True)
class AnnouncedInspection:
    """What an inspector who announces the probability of inspection achieves.

    Parameters
    ----------
    inspection : float
        Announced probability of inspection.
    violation : float
        Probability of violation in answer: 0 or 1.
    inspector_payoff, inspectee_payoff : float
        Expected payoffs, in each player's own units.
    is_limit : bool
        Whether the answer rests on a tie broken for the inspector: the announcement must in
        practice lie a little above ``inspection``, at a little more cost.
    follower_regret : float
        Certificate: what the inspectee could gain by another answer.
    """

    inspection: float
    violation: float
    inspector_payoff: float
    inspectee_payoff: float
    is_limit: bool
    follower_regret: float


def announced_inspection(game: InspectionGame) -> AnnouncedInspection:
    """Best announcement of the inspector and the inspectee's answer (strong Stackelberg).

    Parameters
    ----------
    game : InspectionGame

    Returns
    -------
    AnnouncedInspection

    Notes
    -----
    Deterrence costs κi*, letting the violation happen costs D at most: the inspector deters
    iff i* ≤ 1 and κi* does not exceed what a violation would cost. Raising the penalty lowers
    i*, so it can only lower violations here, unlike in the game without announcement.

    Examples
    --------
    >>> announced = announced_inspection(InspectionGame(1, 10, 0.8, gain=4, penalty=20))
    >>> round(announced.inspection, 6), announced.violation, round(announced.inspector_payoff, 6)
    (0.25, 0.0, -0.25)
    """
    form = game.normal_form
    i_star = game.deterring_inspection
    # With i below i* the violation happens and the inspector's payoff is linear in i.
    options = [(0.0, 1.0), (min(1.0, i_star), 1.0)]
    if i_star <= 1:
        options.append((i_star, 0.0))
    results = []
    for inspect, violate in options:
        profile = (np.array([inspect, 1 - inspect]), np.array([1 - violate, violate]))
        results.append((form.expected_payoffs(profile), inspect, violate, form.regrets(profile)))
    # Of equal payoffs the one without violation, then the one with fewer inspections.
    payoffs, inspect, violate, regrets = max(results, key=lambda r: (r[0][0], -r[2], -r[1]))
    if regrets[1] > ANNOUNCEMENT_TOL * game.gain:
        raise CertificateError(f"the answer to the announcement has regret {regrets[1]:.3g}")
    return AnnouncedInspection(
        inspect,
        violate,
        float(payoffs[0]),
        float(payoffs[1]),
        inspect == i_star,
        float(regrets[1]),
    )


@dataclass(frozen=True)
class QuantalInspection:
    """Logit quantal response equilibrium of the inspection game.

    Parameters
    ----------
    inspection, violation : float
        Probabilities.
    precision : float
        λ of each player, per unit of that player's payoff.
    residual : float
        Certificate: largest miss of a player's logit response at this point.
    """

    inspection: float
    violation: float
    precision: float
    residual: float


def quantal_inspection(game: InspectionGame, precision: float) -> QuantalInspection:
    """Logit quantal response equilibrium at ``precision`` λ; it is unique.

    Parameters
    ----------
    game : InspectionGame
    precision : float
        λ ≥ 0, the same number for both, per unit of each one's own payoff: rescaling payoffs
        changes the answer, so fix the units before quoting it.

    Returns
    -------
    QuantalInspection

    Notes
    -----
    Inspections rise with violations and violations fall with inspections, so one point solves
    both; violations fall as the penalty rises, at every finite precision.

    References
    ----------
    .. [1] R. McKelvey, T. Palfrey, "Quantal response equilibria for normal form games", Games
       and Economic Behavior 10(1), 1995, 6-38.

    Examples
    --------
    >>> quantal_inspection(InspectionGame(1, 10, 0.8, gain=4, penalty=20), 0).violation
    0.5
    """
    from scipy.optimize import brentq
    from scipy.special import expit

    λ = check_nonnegative("precision", precision)
    κ, D, p = game.inspection_cost, game.undetected_loss, game.detection

    def inspection(violation: float) -> float:
        return float(expit(λ * (p * D * violation - κ)))

    def miss(violation: float) -> float:
        pull = λ * (game.gain - inspection(violation) * p * game.penalty)
        return float(expit(pull)) - violation

    violation = float(brentq(miss, 0.0, 1.0, xtol=1e-15, rtol=8.9e-16, maxiter=200))
    residual = abs(miss(violation))
    # Where responses are steep, one rounding of the violation moves the response far: the root
    # is then certified by the change of sign within a bracket of the tolerance's width.
    low, high = max(0.0, violation - RESPONSE_TOL), min(1.0, violation + RESPONSE_TOL)
    if residual > RESPONSE_TOL and not miss(low) >= 0 >= miss(high):
        raise CertificateError(f"quantal response misses its fixed point by {residual:.3g}")
    return QuantalInspection(inspection(violation), violation, λ, residual)
