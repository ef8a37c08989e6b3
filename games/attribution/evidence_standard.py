"""The standard of evidence: detection against false accusation on a ROC curve.

Evidence is standard normal for the innocent and shifted by d' (the *separation*) for the guilty;
whoever exceeds a threshold k is accused (Green and Swets, 1966):

    P_D = Φ(d' − k),   P_F = Φ(−k).

An act worth g whose avoidance costs c is deterred iff (P_D − P_F)(s + b) ≥ g + c, with s the
sanction and b a benefit lost on accusation. The difference P_D − P_F is largest at k = d'/2,
where it is J = 2Φ(d'/2) − 1: no standard deters when s + b < (g + c)/J. A standard stated as a
posterior π̄ depends on the prior guilt μ, and μ itself falls when deterrence works.

References
----------
.. [1] D. Green, J. Swets, Signal Detection Theory and Psychophysics, Wiley, 1966.
.. [2] L. Kaplow, "On the optimal burden of proof", Journal of Political Economy 119(6), 2011.
.. [3] D. Demougin, C. Fluet, "Preponderance of evidence", European Economic Review 50(4), 2006.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from games.errors import CertificateError, InvalidGameError, NoSolutionError
from games.normal_form import FloatArray
from games.parameters import (
    check_count,
    check_finite,
    check_nonnegative,
    check_positive,
    check_probability,
)

__all__ = [
    "EvidenceStandard",
    "PosteriorStandard",
    "most_deterring_standard",
    "positive_predictive_value",
    "posterior_standards",
    "roc_curve",
    "sanction_that_deters",
    "standard_at_false_accusation",
    "standard_at_posterior",
    "standard_at_threshold",
]

FIXED_POINT_TOL = 1e-8
"""Largest miss of a prior at its own fixed point, in probability."""


@dataclass(frozen=True)
class EvidenceStandard:
    """A threshold on evidence and the point of the ROC curve that it picks.

    Parameters
    ----------
    separation : float
        d', distance of guilty from innocent evidence in standard deviations.
    threshold : float
        k, evidence above which an accusation is made.
    detection : float
        P_D, probability of accusing the guilty.
    false_accusation : float
        P_F, probability of accusing the innocent.
    """

    separation: float
    threshold: float
    detection: float
    false_accusation: float

    @property
    def deterrence(self) -> float:
        """P_D − P_F: what one unit of sanction adds to the expected cost of the act."""
        return _difference(self.separation, self.threshold)


def standard_at_threshold(separation: float, threshold: float) -> EvidenceStandard:
    """Standard that accuses above ``threshold``; infinite thresholds accuse all or nobody.

    Examples
    --------
    >>> round(standard_at_threshold(2, 1).deterrence, 4)
    0.6827
    """
    from scipy.special import ndtr

    d = check_nonnegative("separation", separation)
    k = float(threshold)
    if math.isnan(k):
        raise InvalidGameError("threshold", "is nan; a number is needed")
    return EvidenceStandard(d, k, float(ndtr(d - k)), float(ndtr(-k)))


def standard_at_false_accusation(separation: float, false_accusation: float) -> EvidenceStandard:
    """Strictest detection possible when at most this share of the innocent may be accused.

    Examples
    --------
    >>> round(standard_at_false_accusation(2, 0.01).detection, 3)
    0.372
    """
    from scipy.special import ndtr, ndtri

    d = check_nonnegative("separation", separation)
    share = check_probability("false_accusation", false_accusation)
    k = -float(ndtri(share))
    return EvidenceStandard(d, k, float(ndtr(d - k)), share)


def standard_at_posterior(separation: float, prior: float, posterior: float) -> EvidenceStandard:
    """Standard that accuses when guilt is at least ``posterior`` likely, given ``prior`` guilt.

    Parameters
    ----------
    separation : float
        d' > 0.
    prior : float
        μ, share of the guilty before any evidence.
    posterior : float
        π̄ in (0, 1).

    Returns
    -------
    EvidenceStandard
        The threshold solves exp(d'k − d'²/2) = [(1−μ)/μ]·π̄/(1−π̄); it is infinite at μ = 0.

    Examples
    --------
    >>> round(standard_at_posterior(2, 0.5, 0.5).threshold, 9)
    1.0
    """
    d = check_positive("separation", separation)
    μ = check_probability("prior", prior)
    level = check_probability("posterior", posterior, allow_zero=False, allow_one=False)
    if μ in (0, 1):
        return standard_at_threshold(d, math.inf if μ == 0 else -math.inf)
    odds = math.log1p(-μ) - math.log(μ) + math.log(level) - math.log1p(-level)
    return standard_at_threshold(d, d / 2 + odds / d)


def most_deterring_standard(separation: float) -> EvidenceStandard:
    """Standard with the largest P_D − P_F: the threshold d'/2, likelihood ratio 1.

    Examples
    --------
    >>> standard = most_deterring_standard(2)
    >>> round(sanction_that_deters(standard, gain=1), 3)
    1.465
    """
    d = check_nonnegative("separation", separation)
    return standard_at_threshold(d, d / 2)


def sanction_that_deters(
    standard: EvidenceStandard,
    gain: float,
    compliance_cost: float = 0.0,
    lost_benefit: float = 0.0,
) -> float:
    """Smallest sanction that deters under ``standard``; 0 when the lost benefit does it alone.

    Parameters
    ----------
    standard : EvidenceStandard
    gain, compliance_cost : float
        g and c, in the units of the sanction.
    lost_benefit : float
        b, benefit lost on accusation besides the sanction.

    Raises
    ------
    NoSolutionError
        If the evidence does not separate at all (P_D = P_F), so that no sanction deters.
    """
    g = check_finite("gain", gain)
    c = check_finite("compliance_cost", compliance_cost)
    b = check_finite("lost_benefit", lost_benefit)
    if g + c <= 0:
        return 0.0
    with np.errstate(over="ignore", divide="ignore"):
        needed = float(np.divide(g + c, standard.deterrence))
    if not math.isfinite(needed):
        raise NoSolutionError(
            f"threshold {standard.threshold:g} at separation {standard.separation:g}: accuses the "
            "innocent as often as the guilty, so no sanction deters; better evidence is needed"
        )
    return max(0.0, needed - b)


def positive_predictive_value(prior: float, detection: float, false_accusation: float) -> float:
    """Share of the accused who are guilty.

    Parameters
    ----------
    prior, detection, false_accusation : float
        μ, P_D and P_F.

    Raises
    ------
    NoSolutionError
        If nobody is ever accused.

    Examples
    --------
    >>> round(positive_predictive_value(0.1, 0.9, 0.05), 6)
    0.666667
    """
    μ = check_probability("prior", prior)
    right = μ * check_probability("detection", detection)
    wrong = (1 - μ) * check_probability("false_accusation", false_accusation)
    if right + wrong == 0:
        raise NoSolutionError("nobody is ever accused, so the share of the guilty is undefined")
    return right / (right + wrong)


def roc_curve(separation: float, n_points: int = 201) -> FloatArray:
    """Points of the ROC curve from (0, 0) to (1, 1).

    Returns
    -------
    (n_points, 2) array of float
        Columns P_F and P_D, rising; spaced evenly in P_F.
    """
    from scipy.special import ndtr, ndtri

    d = check_nonnegative("separation", separation)
    shares = np.linspace(0.0, 1.0, check_count("n_points", n_points, least=2))
    return np.column_stack([shares, ndtr(d + ndtri(shares))])


def _difference(separation: float, threshold: float) -> float:
    """Φ(d − k) − Φ(−k) without cancellation, from the integral of the density where d is small."""
    from scipy.special import erf, ndtr

    d, k = separation, threshold
    if math.isinf(k):
        return 0.0
    if 0 <= k <= d:
        return float(erf((d - k) / math.sqrt(2)) + erf(k / math.sqrt(2))) / 2
    if k < 0:  # the density is even, so the interval may be turned round
        k = d - k
    if d >= 1:
        return float(ndtr(d - k) - ndtr(-k))
    nodes, weights = np.polynomial.legendre.leggauss(20)
    x = d * (nodes + 1) / 2 - k
    return float(weights @ np.exp(-x * x / 2)) * d / math.sqrt(8 * math.pi)


@dataclass(frozen=True)
class PosteriorStandard:
    """A posterior standard together with the guilt that it provokes.

    Parameters
    ----------
    prior : float
        μ, share of the guilty that results from this very standard.
    standard : EvidenceStandard
    residual : float
        Certificate: |share of the guilty under this standard − μ|.
    """

    prior: float
    standard: EvidenceStandard
    residual: float


def posterior_standards(
    separation: float,
    posterior: float,
    guilt: Callable[[float], float],
    *,
    n_cells: int = 2000,
) -> tuple[PosteriorStandard, ...]:
    """Fixed points of a posterior standard whose prior reacts to deterrence.

    Parameters
    ----------
    separation, posterior : float
        d' > 0 and π̄ in (0, 1).
    guilt : callable
        Share of the guilty as a continuous function of P_D − P_F, falling where deterrence
        works: for gains with distribution F, ``lambda j: 1 - F(j * (s + b) - c)``.
    n_cells : int
        Cells of the prior, and as many of its log-odds, in which sign changes are sought.

    Returns
    -------
    tuple of PosteriorStandard
        By rising prior. At least one; there may be several. Pairs closer than one cell are
        missed, and so are those within 1e-12 of 0 or 1.

    Notes
    -----
    Deterrence that works lowers the prior, which raises the evidence needed, which weakens
    deterrence: a posterior standard undermines itself, a threshold does not. If everybody is
    thought guilty everybody is accused, which deters nobody: if guilt(0) = 1 that is a fixed
    point, and between it and one that deters lies a third from which play runs off to either.

    Examples
    --------
    >>> found = posterior_standards(2, 0.9, lambda j: max(0.0, 1 - 2 * j))
    >>> [round(point.prior, 7) for point in found]
    [0.343199, 0.9999992, 1.0]
    """
    from scipy.optimize import brentq

    def miss(prior: float) -> float:
        share = float(guilt(standard_at_posterior(separation, prior, posterior).deterrence))
        return check_probability("guilt(deterrence)", share) - prior

    cells = check_count("n_cells", n_cells, least=1)
    # Even in log-odds as well: near 0 and 1 a fixed point may lie within any even cell.
    odds = np.geomspace(1e-12, 1e12, cells + 1)
    grid = np.unique(np.concatenate([np.linspace(0.0, 1.0, cells + 1), odds / (1 + odds)]))
    misses = [miss(float(prior)) for prior in grid]
    roots = [float(prior) for prior, m in zip(grid, misses, strict=True) if m == 0]
    for i in range(len(grid) - 1):
        if misses[i] * misses[i + 1] < 0:
            roots.append(float(brentq(miss, grid[i], grid[i + 1], xtol=1e-14)))
    found = []
    for prior in sorted(roots):
        residual = abs(miss(prior))
        if residual > FIXED_POINT_TOL:
            raise CertificateError(
                f"guilt jumps across the prior {prior:g}: no fixed point there ({residual:.3g}); "
                "guilt(deterrence) must be continuous"
            )
        standard = standard_at_posterior(separation, prior, posterior)
        found.append(PosteriorStandard(prior, standard, residual))
    return tuple(found)
