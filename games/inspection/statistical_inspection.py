"""Inspection by a statistical test: how often to cry wolf.

The inspector's test raises an alarm at a rate α when all is legal and misses a violation with
probability β(α). For evidence that is standard normal when legal and shifted by d' standard
deviations in a violation, the best test (Neyman and Pearson, 1933) has
β(α) = Φ(z − d') with z = Φ⁻¹(1 − α).

==================  =========  =========
outcome             inspector  inspectee
==================  =========  =========
legal, no alarm     0          0
legal, alarm        −e         −f
violation, alarm    −a         −B
violation, missed   −1         +1
==================  =========  =========

with 0 < e < a < 1 and 0 < f < B. In equilibrium α* makes the inspectee indifferent,
B − fα = (B+1)β(α), and violations q = e/(e − (1−a)β'(α*)) make α* the best rate. An inspector
who announces α* (in practice a little more) induces legal behaviour.

References
----------
.. [1] R. Avenhaus, B. von Stengel, S. Zamir, "Inspection games", Handbook of Game Theory 3,
   2002, ch. 51 (after; re-derived).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from games.errors import CertificateError, InvalidGameError
from games.parameters import check_finite, check_nonnegative

__all__ = ["StatisticalEquilibrium", "StatisticalInspection", "statistical_equilibrium"]

INDIFFERENCE_TOL = 1e-9
"""Largest gap between the inspectee's two payoffs; what is missed when caught is worth 1 or more.

Not relative to B: a huge penalty would excuse any gap.
"""


@dataclass(frozen=True)
class StatisticalInspection:
    """Payoffs and evidence of a statistical inspection.

    Parameters
    ----------
    false_alarm_cost : float
        e, what a false alarm costs the inspector (a missed violation costs it 1).
    detected_cost : float
        a, what a violation that is found costs the inspector; e < a < 1.
    accusation_cost : float
        f, what a false alarm costs the inspectee (a violation missed is worth 1 to it).
    penalty : float
        B, what a violation that is found costs the inspectee; f < B.
    separation : float
        d' ≥ 0, distance between guilty and innocent evidence in standard deviations.
    """

    false_alarm_cost: float
    detected_cost: float
    accusation_cost: float
    penalty: float
    separation: float

    def __post_init__(self) -> None:
        e = check_finite("false_alarm_cost", self.false_alarm_cost)
        a = check_finite("detected_cost", self.detected_cost)
        f = check_finite("accusation_cost", self.accusation_cost)
        B = check_finite("penalty", self.penalty)
        check_nonnegative("separation", self.separation)
        if not 0 < e < a < 1:
            rule = f"is {e:g} with detected_cost {a:g}; 0 < false_alarm_cost < detected_cost < 1"
            raise InvalidGameError("false_alarm_cost", rule)
        if not 0 < f < B:
            rule = f"is {f:g} with penalty {B:g}; 0 < accusation_cost < penalty"
            raise InvalidGameError("accusation_cost", rule)


@dataclass(frozen=True)
class StatisticalEquilibrium:
    """Equilibrium without announcement, and what an announcement changes.

    Parameters
    ----------
    false_alarm : float
        α*, the same with and without announcement.
    missed : float
        β(α*), probability that a violation raises no alarm.
    violation : float
        q, probability of violation without announcement; 0 with it.
    inspector_payoff : float
        Without announcement.
    announced_payoff : float
        Inspector's payoff −eα* when α* is announced and the inspectee stays legal.
    inspectee_payoff : float
        −fα*, with and without announcement.
    residual : float
        Certificate: gap between the inspectee's payoffs from legal and illegal behaviour.
    """

    false_alarm: float
    missed: float
    violation: float
    inspector_payoff: float
    announced_payoff: float
    inspectee_payoff: float
    residual: float


def statistical_equilibrium(game: StatisticalInspection) -> StatisticalEquilibrium:
    """The unique equilibrium of the statistical inspection game.

    Parameters
    ----------
    game : StatisticalInspection

    Returns
    -------
    StatisticalEquilibrium

    Notes
    -----
    Unique because β is convex: the inspectee's indifference has one root, and the inspector's
    payoff is concave in α, so that the first-order condition that sets q suffices.

    Examples
    --------
    >>> found = statistical_equilibrium(StatisticalInspection(0.2, 0.5, 0.4, 2, separation=2))
    >>> round(found.false_alarm, 7), round(found.violation, 6)
    (0.0075923, 0.022485)
    """
    from scipy.optimize import brentq
    from scipy.special import ndtr

    e, a = game.false_alarm_cost, game.detected_cost
    f, B, d = game.accusation_cost, game.penalty, game.separation

    def gap(z: float) -> float:
        # B − fα = (B+1)β written with 1 − β, whose digits a huge penalty needs.
        return float(1 + f * ndtr(-z) - (B + 1) * ndtr(d - z))

    # The root is sought in z, not in α, which may be far below what 1 - α can hold.
    z = float(brentq(gap, -40.0, d + 40.0, xtol=1e-14, rtol=8.9e-16, maxiter=200))
    residual = abs(gap(z))
    if residual > INDIFFERENCE_TOL * (1 + f * float(ndtr(-z))):
        raise CertificateError(f"the inspectee is not indifferent: gap {residual:.3g}")
    α, β = float(ndtr(-z)), float(ndtr(z - d))
    # q = e / (e + (1-a) LR) with LR = -β'(α), the likelihood ratio at the threshold.
    exponent = d * (z - d / 2) + math.log((1 - a) / e)
    q = 1 / (1 + math.exp(min(exponent, 700.0)))
    payoff = (1 - q) * (-e * α) + q * (-a * (1 - β) - β)
    return StatisticalEquilibrium(α, β, q, payoff, -e * α, -f * α, residual)
