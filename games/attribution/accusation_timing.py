"""When to accuse: timely, but not premature.

Evidence accumulates like independent observations, d'_τ = d'_1√τ after τ periods, while the
effect of an accusation is discounted by δ per period. An accusation at τ at the most deterring
standard is worth δ^τ [2Φ(d'_1√τ/2) − 1] s. The alternative is not to fix the date: Wald's
sequential test (1947) stops when the log-likelihood ratio leaves (ln(β/(1−α)), ln((1−β)/α)), for
error rates α (accusing the innocent) and β (clearing the guilty).

References
----------
.. [1] A. Wald, Sequential Analysis, Wiley, 1947.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from games.errors import CertificateError, InvalidGameError
from games.parameters import check_finite, check_nonnegative, check_positive, check_probability

__all__ = [
    "AccusationDate",
    "SequentialTest",
    "Verdict",
    "accusation_value",
    "best_accusation_date",
    "sequential_test",
    "sequential_verdict",
]

OPTIMALITY_TOL = 1e-9
"""Largest relative value by which a neighbouring date may beat the one returned."""


def accusation_value(
    date: float, first_separation: float, discount: float, sanction: float = 1.0
) -> float:
    """Present value of an accusation at ``date``, in units of the sanction.

    Parameters
    ----------
    date : float
        τ ≥ 0, in periods since the incident.
    first_separation : float
        d'_1, separation of one period's evidence.
    discount : float
        δ in (0, 1], per period.
    sanction : float
        s ≥ 0.

    Examples
    --------
    >>> round(accusation_value(8.2, 0.5, 0.95), 4)
    0.3454
    """
    from scipy.special import erf

    τ = check_nonnegative("date", date)
    d = check_positive("first_separation", first_separation)
    δ = check_probability("discount", discount, allow_zero=False)
    s = check_nonnegative("sanction", sanction)
    # 2Φ(x) - 1 = erf(x/√2), which keeps its digits where Φ(x) is near ½.
    certainty = float(erf(d * math.sqrt(τ) / math.sqrt(8)))
    return float(δ**τ * certainty * s)


@dataclass(frozen=True)
class AccusationDate:
    """Best date of an accusation and what it is worth.

    Parameters
    ----------
    date : float
        τ*, in periods.
    value : float
        Present value there, in units of the sanction.
    separation : float
        d' of the evidence at that date.
    optimality_gap : float
        Certificate: by how much the better of two neighbouring dates exceeds ``value``.
    """

    date: float
    value: float
    separation: float
    optimality_gap: float


def best_accusation_date(
    first_separation: float, discount: float, sanction: float = 1.0
) -> AccusationDate:
    """Date at which an accusation is worth most.

    Parameters
    ----------
    first_separation, discount, sanction : float
        As in :func:`accusation_value`; ``discount`` below 1 (without discounting it is always
        better to wait).

    Returns
    -------
    AccusationDate

    Notes
    -----
    The logarithm of the value is concave in τ, so the date is unique. The price of a delay is
    ``value - accusation_value(date + delay, ...)``.

    Examples
    --------
    >>> best = best_accusation_date(0.5, 0.95)
    >>> round(best.date, 2), round(best.value, 4)
    (8.19, 0.3454)
    """
    from scipy.optimize import brentq
    from scipy.special import erf

    d = check_positive("first_separation", first_separation)
    δ = check_probability("discount", discount, allow_zero=False, allow_one=False)
    s = check_nonnegative("sanction", sanction)
    if s == 0:
        raise InvalidGameError("sanction", "is 0; every date is worth the same, nothing")
    # With y = d√τ/√8 the first-order condition is h(y) = r y², h(y) = y e^(-y²)/(√π erf(y)), in
    # logarithms, since r = -8 ln(δ)/d² may be larger or smaller than floats hold.
    log_r = math.log(-math.log(δ)) + math.log(8) - 2 * math.log(d)

    def slope(log_y: float) -> float:
        y = math.exp(log_y)
        return -log_y - y * y - math.log(math.sqrt(math.pi) * float(erf(y))) - log_r

    # h falls from ½ on, so that y is at most √(1/2r); it is at least half that, or half of 1.
    most = -(math.log(2) + log_r) / 2
    bracket = (min(most, 0.0) - math.log(2), min(most + 1e-9, math.log(60.0)))
    y = math.exp(float(brentq(slope, *bracket, xtol=1e-14)))
    τ = 8 * (y / d) ** 2
    if τ < sys.float_info.min:
        raise InvalidGameError("first_separation", f"is {d:g}; too large to tell a date from now")
    value = accusation_value(τ, d, δ, s)
    nearby = max(accusation_value(τ * factor, d, δ, s) for factor in (0.999, 1.001))
    gap = max(0.0, nearby - value)
    if gap > OPTIMALITY_TOL * value:
        raise CertificateError(f"a date near {τ:g} is worth {gap:.3g} more")
    return AccusationDate(τ, value, d * math.sqrt(τ), gap)


@dataclass(frozen=True)
class SequentialTest:
    """Wald's test of guilt for normal evidence.

    Parameters
    ----------
    upper, lower : float
        Log-likelihood ratios at which to accuse and to clear.
    periods_if_guilty, periods_if_innocent : float
        Expected periods (Wald's approximation, which ignores the overshoot).
    fixed_periods : float
        Periods that a test of fixed length needs for the same error rates.
    """

    upper: float
    lower: float
    periods_if_guilty: float
    periods_if_innocent: float
    fixed_periods: float


def sequential_test(
    first_separation: float, false_accusation: float, missed: float
) -> SequentialTest:
    """Bounds and expected length of the sequential test.

    Parameters
    ----------
    first_separation : float
        d'_1 > 0.
    false_accusation, missed : float
        α and β, both above 0, with α + β < 1.

    Examples
    --------
    >>> test = sequential_test(1, 0.05, 0.1)
    >>> round(test.periods_if_guilty, 2), round(test.fixed_periods, 2)
    (4.75, 8.56)
    """
    from scipy.special import ndtri

    d = check_positive("first_separation", first_separation)
    α = check_probability("false_accusation", false_accusation, allow_zero=False)
    β = check_probability("missed", missed, allow_zero=False)
    if α + β >= 1:
        rule = f"is {α:g} with missed {β:g}; their sum must be below 1 (a coin does that)"
        raise InvalidGameError("false_accusation", rule)
    upper, lower = math.log((1 - β) / α), math.log(β / (1 - α))
    drift = d * d / 2
    return SequentialTest(
        upper=upper,
        lower=lower,
        periods_if_guilty=((1 - β) * upper + β * lower) / drift,
        periods_if_innocent=-(α * upper + (1 - α) * lower) / drift,
        fixed_periods=float((ndtri(α) + ndtri(β)) / d) ** 2,
    )


class Verdict(Enum):
    """Where a sequential test stands."""

    ACCUSE = "the evidence of guilt has reached its bound"
    CLEAR = "the evidence of innocence has reached its bound"
    OPEN = "neither bound is reached; keep looking"


def sequential_verdict(
    observations: Iterable[float], first_separation: float, false_accusation: float, missed: float
) -> tuple[Verdict, int]:
    """Verdict of the sequential test and the number of observations that it used.

    Parameters
    ----------
    observations : iterable of float
        One per period; standard normal if innocent, shifted by d'_1 if guilty.
    first_separation, false_accusation, missed : float
        As in :func:`sequential_test`.

    Examples
    --------
    >>> sequential_verdict([2.0, 2.5, 3.0], 1, 0.05, 0.1)
    (<Verdict.ACCUSE: 'the evidence of guilt has reached its bound'>, 2)
    """
    test = sequential_test(first_separation, false_accusation, missed)
    ratio, used = 0.0, 0
    for used, x in enumerate(observations, start=1):
        ratio += first_separation * (check_finite(f"observations[{used - 1}]", x)) - (
            first_separation**2 / 2
        )
        if ratio >= test.upper:
            return Verdict.ACCUSE, used
        if ratio <= test.lower:
            return Verdict.CLEAR, used
    return Verdict.OPEN, used
