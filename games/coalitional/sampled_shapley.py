"""Shapley value by sampling, with confidence intervals: for games too large for a table.

The mean marginal contribution over random orders is an unbiased estimate (Castro, Gomez &
Tejada, 2009). Each order is followed by its reverse, and a pair counts as one observation.

References
----------
.. [1] J. Castro, D. Gomez, J. Tejada, "Polynomial calculation of the Shapley value based on
   sampling", Computers & Operations Research 36(5), 2009, 1726-1730.
.. [2] A. Maurer, M. Pontil, "Empirical Bernstein bounds and sample variance penalization",
   Conference on Learning Theory, 2009.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, log

import numpy as np

from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray

__all__ = ["SampledShapley", "sampled_shapley_value"]


@dataclass(frozen=True, eq=False)
class SampledShapley:
    """Estimate of the Shapley value.

    Parameters
    ----------
    values, low, high : (n_players,) arrays
        Estimate and ends of each player's own confidence interval, in the unit of the worths.
    confidence : float
        Of each interval by itself.
    n_orders : int
        Orders drawn, reverses included.
    method : str
        Whether the intervals are large-sample (Student) or hold at any sample size (Bernstein).
    """

    values: FloatArray
    low: FloatArray
    high: FloatArray
    confidence: float
    n_orders: int
    method: str


def sampled_shapley_value(
    worth: Callable[[int], float],
    n_players: int,
    *,
    n_pairs: int,
    rng: np.random.Generator,
    confidence: float = 0.95,
    marginal_range: float | None = None,
) -> SampledShapley:
    """Shapley value from ``n_pairs`` random orders and their reverses.

    Parameters
    ----------
    worth : callable
        From a coalition's bit mask (an int of any size) to its worth.
    n_players : int
    n_pairs : int
        At least 2; ``2 n_players n_pairs`` worths are computed.
    rng : numpy.random.Generator
    confidence : float
        Between 0 and 1.
    marginal_range : float, optional
        Largest minus smallest marginal contribution that any player can make. With it the
        intervals hold at every sample size (Maurer & Pontil, 2009). Without it they are
        Student's, which are too narrow where rare contributions carry the value.

    Raises
    ------
    InvalidGameError
        If a parameter is out of its range or a worth is not finite.
    CertificateError
        If the estimates do not add up to the worth of the grand coalition.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> found = sampled_shapley_value(int.bit_count, 40, n_pairs=10, rng=rng)
    >>> bool((found.values == 1).all())
    True
    """
    _check_parameters(n_players, n_pairs, confidence, marginal_range)
    mean = np.zeros(n_players)
    square = np.zeros(n_players)
    largest = 0.0
    for k in range(1, n_pairs + 1):
        order = rng.permutation(n_players).tolist()
        forth, back = _marginals(worth, order), _marginals(worth, order[::-1])
        largest = max(largest, float(np.abs(forth).max()), float(np.abs(back).max()))
        seen = (forth + back) / 2
        step = seen - mean
        mean += step / k
        square += step * (seen - mean)
    grand = float(worth((1 << n_players) - 1))
    # Marginals telescope to v(N); their size, not that of their mean, bounds the rounding.
    if not abs(float(mean.sum()) - grand) <= 1e-9 * max(abs(grand), largest):
        raise CertificateError("sampled Shapley values miss v(N): is v of no one 0?")
    deviation = np.sqrt(square / (n_pairs - 1))
    half, name = _half_widths(deviation, n_pairs, confidence, marginal_range)
    method = f"antithetic permutation sampling, {name} intervals"
    return SampledShapley(mean, mean - half, mean + half, confidence, 2 * n_pairs, method)


def _half_widths(
    deviation: FloatArray, n_pairs: int, confidence: float, marginal_range: float | None
) -> tuple[FloatArray, str]:
    if marginal_range is None:
        from scipy.stats import t

        quantile = float(t.ppf((1 + confidence) / 2, n_pairs - 1))
        return deviation * (quantile / n_pairs**0.5), "Student"
    spread = log(4 / (1 - confidence))
    half = deviation * (2 * spread / n_pairs) ** 0.5
    return half + 7 * marginal_range * spread / (3 * (n_pairs - 1)), "empirical Bernstein"


def _marginals(worth: Callable[[int], float], order: list[int]) -> FloatArray:
    marginals = np.empty(len(order))
    mask, before = 0, float(worth(0))
    if before != 0:
        raise InvalidGameError("worth(0)", f"is {before:g}; the empty coalition is worth 0")
    for player in order:
        mask |= 1 << player
        after = float(worth(mask))
        if not isfinite(after):
            raise InvalidGameError(f"worth({mask})", f"is {after}; worths must be finite")
        marginals[player] = after - before
        before = after
    return marginals


def _check_parameters(
    n_players: int, n_pairs: int, confidence: float, marginal_range: float | None
) -> None:
    if n_players < 1:
        raise InvalidGameError("n_players", f"is {n_players}; at least one is needed")
    if n_pairs < 2:
        raise InvalidGameError("n_pairs", f"is {n_pairs}; an interval needs at least 2")
    if not 0 < confidence < 1:
        raise InvalidGameError("confidence", f"is {confidence}; it lies between 0 and 1")
    if marginal_range is not None and not (marginal_range >= 0 and isfinite(marginal_range)):
        raise InvalidGameError("marginal_range", f"is {marginal_range}; finite and not negative")
