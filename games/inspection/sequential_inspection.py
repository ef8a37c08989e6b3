"""Inspections spread over time: Dresher's recursive game.

In n periods an inspector may inspect m times and an inspectee may violate once, or never. A
violation in an inspected period is caught (inspector +1), in another it succeeds (−1); no
violation counts 0. Both know how many inspections are left. The value to the inspector is

    I(n, m) = −C(n−1, m) / Σ_{i ≤ m} C(n, i)

(Dresher, 1962; closed form after von Stengel, 2016). All arithmetic is exact.

References
----------
.. [1] M. Dresher, "A sampling inspector problem in arms control agreements", RAND RM-2972, 1962.
.. [2] B. von Stengel, "Recursive inspection games", Mathematics of Operations Research 41(3),
   2016, 935-952.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb

from games.errors import CertificateError
from games.parameters import check_count

__all__ = ["InspectionStage", "inspection_schedule", "inspection_stage", "inspection_value"]


@dataclass(frozen=True)
class InspectionStage:
    """Optimal play of both sides in the first of the periods that remain.

    Parameters
    ----------
    n_periods, n_inspections : int
        What remains, before this period.
    value : Fraction
        Of the game that remains, to the inspector, between −1 and 0.
    inspect : Fraction
        Probability of inspecting in this period.
    violate : Fraction
        Probability of violating in this period, given none before.
    """

    n_periods: int
    n_inspections: int
    value: Fraction
    inspect: Fraction
    violate: Fraction


def inspection_value(n_periods: int, n_inspections: int) -> Fraction:
    """Value of the game to the inspector, exact.

    Parameters
    ----------
    n_periods : int
        At least 0.
    n_inspections : int
        At least 0; more than there are periods are no use.

    Examples
    --------
    >>> inspection_value(2, 1), inspection_value(10, 3)
    (Fraction(-1, 3), Fraction(-21, 44))
    """
    n = check_count("n_periods", n_periods)
    m = check_count("n_inspections", n_inspections)
    if m >= n:
        return Fraction(0)
    return Fraction(-comb(n - 1, m), sum(comb(n, i) for i in range(m + 1)))


def inspection_stage(n_periods: int, n_inspections: int) -> InspectionStage:
    """Optimal first-period probabilities, certified as a saddle point in exact arithmetic.

    Parameters
    ----------
    n_periods : int
        At least 1.
    n_inspections : int
        At least 0.

    Returns
    -------
    InspectionStage

    Notes
    -----
    With no inspection left the violation is certain to succeed (``violate`` is 1, now as good
    as later); with one for every period the inspector inspects always and ``violate`` is 0.

    Examples
    --------
    >>> inspection_stage(3, 1).inspect
    Fraction(1, 4)
    """
    n = check_count("n_periods", n_periods, least=1)
    m = check_count("n_inspections", n_inspections)
    value = inspection_value(n, m)
    if m == 0:
        inspect, violate = Fraction(0), Fraction(1)
    elif m >= n:
        inspect, violate = Fraction(1), Fraction(0)
    else:
        spent, kept = inspection_value(n - 1, m - 1), inspection_value(n - 1, m)
        # Rows: inspect (1, spent), do not (-1, kept); columns: violate, comply.
        inspect = (1 + kept) / (2 + kept - spent)
        violate = (kept - spent) / (2 + kept - spent)
    _check_saddle_point(n, m, value, inspect, violate)
    return InspectionStage(n, m, value, inspect, violate)


def inspection_schedule(n_periods: int, n_inspections: int) -> tuple[Fraction, ...]:
    """Probability of an inspection in each period, as long as no violation has occurred.

    Parameters
    ----------
    n_periods : int
        At least 1.
    n_inspections : int
        At least 0.

    Returns
    -------
    tuple of n_periods Fraction
        Before anything is known; they sum to the expected number of inspections used.

    Examples
    --------
    >>> [str(chance) for chance in inspection_schedule(3, 1)]
    ['1/4', '1/4', '1/2']
    """
    n = check_count("n_periods", n_periods, least=1)
    m = check_count("n_inspections", n_inspections)
    left = {m: Fraction(1)}
    schedule = []
    for period in range(n):
        after: dict[int, Fraction] = {}
        chance = Fraction(0)
        for inspections, weight in left.items():
            inspect = inspection_stage(n - period, inspections).inspect
            chance += weight * inspect
            if inspect > 0:
                after[inspections - 1] = after.get(inspections - 1, Fraction(0)) + weight * inspect
            if inspect < 1:
                after[inspections] = after.get(inspections, Fraction(0)) + weight * (1 - inspect)
        schedule.append(chance)
        left = after
    return tuple(schedule)


def _check_saddle_point(n: int, m: int, value: Fraction, x: Fraction, y: Fraction) -> None:
    kept = inspection_value(n - 1, m)
    if m == 0:  # no inspection left: only the row "do not inspect" exists
        safe = value <= min(Fraction(-1), kept if n > 1 else Fraction(0))
        best = value >= -y + (1 - y) * kept
    else:
        spent = inspection_value(n - 1, m - 1)
        safe = value <= min(x - (1 - x), x * spent + (1 - x) * kept)
        best = value >= max(y + (1 - y) * spent, -y + (1 - y) * kept)
    if not (safe and best and 0 <= x <= 1 and 0 <= y <= 1):
        raise CertificateError(f"({n}, {m}): x = {x}, y = {y} is no saddle point of value {value}")
