"""The standard of evidence when wrongful accusation chills harmless acts.

After Kaplow (2011), in the terms of :mod:`games.attribution.evidence_standard`. Among occasions to
act a share ω is for an offence, worth x to whoever commits it (uniform up to G) and harmful by h;
the rest is for a legitimate act of a value v (uniform up to V) to whoever dares it. Whoever
refrains from an offence may still be accused, whoever gives up a legitimate act may not. So at a
threshold k, the sanction and the benefit lost together being s,

    offences happen iff x > (P_D − P_F) s,   legitimate acts iff v >= P_F s,

and the expected loss, counting the offenders' gains for nothing, is

    ω h Pr(x > (P_D − P_F) s) + (1 − ω) E[v; v < P_F s].

Without chilling the threshold d'/2 is best, where evidence is as likely from guilt as from
innocence. With it the best one is never laxer: accusing less costs no deterrence to the first
order there, and frees legitimate acts. The posterior guilt that this threshold amounts to moves
with the harm, the sanction and the values: no fixed standard of proof gives it.

References
----------
.. [1] L. Kaplow, "On the optimal burden of proof", Journal of Political Economy 119(6), 2011,
   1104-1140.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from games.attribution.evidence_standard import (
    EvidenceStandard,
    most_deterring_standard,
    standard_at_threshold,
)
from games.errors import CertificateError
from games.normal_form import FloatArray
from games.parameters import check_nonnegative, check_positive, check_probability

__all__ = ["Chilling", "ChillingStandard", "chilling_at", "least_loss_standard"]

GAP_TOL = 1e-6
"""Largest gap between the loss found and what is proven, relative to the losses at stake."""
MAX_CELLS = 200_000
_FARTHEST = 40.0
"""Standard deviations beyond which nobody is accused, to the precision of floats."""


@dataclass(frozen=True)
class Chilling:
    """Occasions, stakes and evidence.

    Parameters
    ----------
    separation : float
        d' > 0, distance of guilty from innocent evidence in standard deviations.
    sanction : float
        s >= 0, sanction and benefit lost on accusation.
    offence_share : float
        ω in [0, 1], share of occasions that are for an offence.
    harm : float
        h >= 0, of one offence.
    largest_gain : float
        G > 0, what an offence is worth at most; in units of the sanction.
    largest_value : float
        V > 0, what a legitimate act is worth at most; in units of the sanction and the harm.
    """

    separation: float
    sanction: float
    offence_share: float
    harm: float
    largest_gain: float
    largest_value: float

    def __post_init__(self) -> None:
        check_positive("separation", self.separation)
        check_nonnegative("sanction", self.sanction)
        check_probability("offence_share", self.offence_share)
        check_nonnegative("harm", self.harm)
        check_positive("largest_gain", self.largest_gain)
        check_positive("largest_value", self.largest_value)


@dataclass(frozen=True)
class ChillingStandard:
    """What one standard of evidence does.

    Parameters
    ----------
    standard : EvidenceStandard
    offences : float
        Share of the occasions for an offence that are used.
    chilled : float
        Share of the legitimate acts that are given up.
    loss : float
        Expected loss per occasion, from harm and from legitimate acts given up.
    posterior : float
        Guilt of somebody whose evidence is just at the threshold, among all who can be accused;
        nan if nobody can.
    loss_bound : float
        Certificate: no threshold has a smaller loss than this; minus infinity if not sought.
    """

    standard: EvidenceStandard
    offences: float
    chilled: float
    loss: float
    posterior: float
    loss_bound: float = -math.inf


def chilling_at(model: Chilling, threshold: float) -> ChillingStandard:
    """Offences, chilled acts and loss at a threshold on evidence.

    Examples
    --------
    >>> model = Chilling(2, 1, offence_share=0.5, harm=1, largest_gain=1, largest_value=1)
    >>> found = chilling_at(model, 1)
    >>> round(found.offences, 4), round(found.chilled, 4)
    (0.3173, 0.1587)
    """
    standard = standard_at_threshold(model.separation, threshold)
    k = np.array([standard.threshold])
    offences = 1 - min(1.0, standard.deterrence * model.sanction / model.largest_gain)
    chilled = min(1.0, standard.false_accusation * model.sanction / model.largest_value)
    harmful, lost = _losses(model, k, k)
    return ChillingStandard(
        standard,
        offences,
        chilled,
        float(harmful[0] + lost[0]),
        _posterior(model, standard, offences, chilled),
    )


def least_loss_standard(model: Chilling) -> ChillingStandard:
    """Standard of least loss, of equal ones the laxest found, with a proven bound.

    Parameters
    ----------
    model : Chilling

    Returns
    -------
    ChillingStandard
        Its threshold is never below d'/2.

    Raises
    ------
    CertificateError
        If the bound does not come near the loss.

    Notes
    -----
    Beyond d'/2 deterrence and false accusations both fall with the threshold. So on a cell of
    thresholds the harm at its lower end and the chill at its upper end bound the loss from
    below; cells that might hold less than the best point are halved until none does.

    Examples
    --------
    >>> mild, harsh = (
    ...     least_loss_standard(Chilling(2, s, 0.5, 1, largest_gain=2, largest_value=2))
    ...     for s in (1, 3)
    ... )
    >>> 1 < mild.standard.threshold < harsh.standard.threshold
    True
    """
    start = most_deterring_standard(model.separation).threshold
    stakes = model.offence_share * model.harm + (1 - model.offence_share) * model.largest_value / 2
    ends = np.linspace(start, start + model.separation + _FARTHEST, 2001)
    low, high = ends[:-1], ends[1:]
    # At the far end nobody is accused; beyond it nothing changes.
    best, at = math.inf, start
    bound = math.inf
    while len(low):
        points = np.concatenate([low, high])
        losses = np.add(*_losses(model, points, points))
        if losses.min() < best:
            best, at = float(losses.min()), float(points[losses.argmin()])
        cells = np.add(*_losses(model, low, high))
        settled = cells >= best - GAP_TOL * stakes
        bound = min(bound, float(cells[settled].min(initial=math.inf)))
        low, high = low[~settled], high[~settled]
        middle = (low + high) / 2
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
        if len(low) > MAX_CELLS:
            raise CertificateError(f"{len(low)} cells of thresholds are still in doubt")
    found = chilling_at(model, at)
    if found.loss - bound > 2 * GAP_TOL * stakes:
        raise CertificateError(f"loss {found.loss:.6g}, but only {bound:.6g} is proven")
    return ChillingStandard(
        found.standard, found.offences, found.chilled, found.loss, found.posterior, bound
    )


def _losses(model: Chilling, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Harm at the thresholds ``low`` and value given up at the thresholds ``high``."""
    from scipy.special import ndtr

    deterrence = ndtr(model.separation - low) - ndtr(-low)
    offences = 1 - np.minimum(deterrence * (model.sanction / model.largest_gain), 1.0)
    chilled = np.minimum(ndtr(-high) * (model.sanction / model.largest_value), 1.0)
    harmful = model.offence_share * model.harm * offences
    lost = (1 - model.offence_share) * model.largest_value * chilled**2 / 2
    return np.asarray(harmful, dtype=float), np.asarray(lost, dtype=float)


def _posterior(
    model: Chilling, standard: EvidenceStandard, offences: float, chilled: float
) -> float:
    ω, d, k = model.offence_share, standard.separation, standard.threshold
    guilty = ω * offences
    innocent = ω * (1 - offences) + (1 - ω) * (1 - chilled)
    if guilty + innocent == 0:
        return math.nan
    if guilty == 0 or innocent == 0:
        return float(guilty > 0)
    from scipy.special import expit

    return float(expit(math.log(guilty) - math.log(innocent) + d * (k - d / 2)))
