"""How far a spatial forecast moves when its inputs are a little off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from games.errors import InvalidGameError
from games.normal_form import FloatArray
from games.spatial.stakes import Stakes

__all__ = ["ForecastSpread", "forecast_spread"]

MAX_SAMPLES = 1_000_000


@dataclass(frozen=True, eq=False)
class ForecastSpread:
    """Forecasts under errors of the inputs.

    Parameters
    ----------
    point : float
        Forecast from the inputs as given.
    samples : (n_samples,) array of float
        Forecasts from inputs with random errors.
    """

    point: float
    samples: FloatArray

    def interval(self, share: float = 0.9) -> tuple[float, float]:
        """Central interval that holds this share of the samples."""
        if not 0 < share <= 1:
            raise InvalidGameError("share", f"is {share}; must be above 0 and at most 1")
        low, high = np.quantile(self.samples, [(1 - share) / 2, (1 + share) / 2])
        return float(low), float(high)

    def share_within(self, distance: float) -> float:
        """Share of the samples no farther from the point forecast than ``distance``."""
        return float(np.mean(np.abs(self.samples - self.point) <= distance))


def forecast_spread(
    stakes: Stakes,
    forecast: Callable[[Stakes], float],
    *,
    relative_error: float = 0.1,
    n_samples: int = 200,
    seed: int = 0,
) -> ForecastSpread:
    """Forecasts when every input is off by up to a relative error.

    Parameters
    ----------
    stakes : Stakes
    forecast : callable
        From stakes to a number, such as ``lambda s: challenge_model(s).outcome``.
    relative_error : float
        Positions are off by up to this share of their range, power and salience by up to this
        share of themselves (salience never above 1); uniformly and independently.
    n_samples : int
    seed : int

    Returns
    -------
    ForecastSpread

    Examples
    --------
    >>> from games.spatial.compromise_model import compromise_position
    >>> spread = forecast_spread(Stakes([0, 10], [1, 1]), compromise_position)
    >>> spread.point, spread.share_within(2.0)
    (5.0, 1.0)
    """
    if not 0 <= relative_error < 1:
        raise InvalidGameError("relative_error", f"is {relative_error}; must be from 0, below 1")
    if not 1 <= n_samples <= MAX_SAMPLES:
        raise InvalidGameError("n_samples", f"is {n_samples}; 1 to {MAX_SAMPLES}")
    rng = np.random.default_rng(seed)
    width = float(np.ptp(stakes.positions))
    samples = np.empty(n_samples)
    for k in range(n_samples):
        error = rng.uniform(-relative_error, relative_error, (3, stakes.positions.size))
        samples[k] = forecast(
            Stakes(
                stakes.positions + width * error[0],
                stakes.power * (1 + error[1]),
                np.minimum(1.0, stakes.salience * (1 + error[2])),
            )
        )
    return ForecastSpread(float(forecast(stakes)), samples)
