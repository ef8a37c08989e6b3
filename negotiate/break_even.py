"""Break-even values: what would have to be true of one number for a party to stay in line.

For each party and parameter, the values of that parameter at which all the party's incentive
constraints hold, the other numbers at their points. Where slack is linear in the parameter this
is an interval with ends −B/A, exactly. Elsewhere (a standard of evidence, a power) the ends are
bracketed on a grid and bisected, and the result says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from negotiate.incentives import ROUNDING, Incentives, Values

__all__ = ["Span", "span"]

Floats = NDArray[np.float64]

GRID = 513
FAR, FAR_GRID = 1e4, 64
"""How far beyond the near grid ends are looked for, in multiples of it, and at how many points."""

BISECTIONS = 90


@dataclass(frozen=True, eq=False)
class Span:
    """Values of one parameter at which each party stays in line.

    Parameters
    ----------
    name : str
        Name of the parameter.
    low, high : (n_parties,) array of float
        Ends of the interval, within the range that the parameter must keep to; ``low > high``
        where no value will do.
    is_exact : bool
        Whether the ends follow from a fraction; otherwise they are bracketed roots, and the
        interval is the one nearest to the point.
    """

    name: str
    low: Floats
    high: Floats
    is_exact: bool

    @property
    def is_empty(self) -> NDArray[np.bool_]:
        """For which parties no value will do; an interval that rounding turns over is a point."""
        with np.errstate(invalid="ignore"):  # between infinities
            gap = self.low - self.high
        size = np.maximum(np.abs(self.low), np.abs(self.high))
        is_rounding = np.isfinite(size) & (gap <= ROUNDING * size)
        return (self.low > self.high) & ~is_rounding


def span(
    system: Incentives,
    name: str,
    values: Values | None = None,
    among: NDArray[np.bool_] | None = None,
) -> Span:
    """Values of the parameter ``name`` at which each party's constraints hold.

    Parameters
    ----------
    system : Incentives
    name : str
    values : mapping, optional
        Values of other parameters in place of their points.
    among : (n_parties, n_options) array of bool, optional
        Constraints to look at; all if left out.
    """
    looked_at = system.constrains if among is None else system.constrains & among
    split = system.split(name, values)
    if split is None:
        return _bracketed(system, name, dict(values or {}), looked_at)
    return _exact(system, name, *split, looked_at)


def _exact(
    system: Incentives, name: str, slope: Floats, rest: Floats, looked_at: NDArray[np.bool_]
) -> Span:
    parameter = system.ledger.parameters[name]
    shape = np.broadcast_shapes(slope.shape, rest.shape)
    slope, rest = np.broadcast_to(slope, shape), np.broadcast_to(rest, shape)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        edge = np.where(slope == 0, 0.0, -rest / slope)
    low = np.where(looked_at & (slope > 0), edge, -np.inf).max(axis=-1)
    high = np.where(looked_at & (slope < 0), edge, np.inf).min(axis=-1)
    hopeless = (looked_at & (slope == 0) & (rest < 0)).any(axis=-1)
    low = np.where(hopeless, np.inf, np.maximum(low, parameter.low))
    high = np.where(hopeless, -np.inf, np.minimum(high, parameter.high))
    return Span(name, low, high, True)


def _bracketed(
    system: Incentives, name: str, values: dict[str, object], looked_at: NDArray[np.bool_]
) -> Span:
    """Interval nearest to the point, searched on a grid; its ends by bisection."""
    parameter = system.ledger.parameters[name]
    n = system.ledger.menu.n_parties
    point = np.broadcast_to(parameter.point, (n,))
    reach = 10 * np.maximum(1.0, np.abs(parameter.box[1] - parameter.box[0]) + np.abs(point))
    far = np.geomspace(1, FAR, FAR_GRID)[1:]
    steps = np.concatenate([-far[::-1], np.linspace(-1, 1, GRID), far])
    grid = np.clip(point + steps[:, None] * reach, parameter.low, parameter.high)

    def holds(at: Floats) -> NDArray[np.bool_]:
        slack = system.slack({**values, name: at}, is_partial=True)  # type: ignore[dict-item]
        return np.asarray((np.where(looked_at, slack, np.inf) >= 0).all(axis=-1))

    fits = holds(grid)
    low, high = np.full(n, np.inf), np.full(n, -np.inf)
    inner = np.full((4, n), np.nan)  # outside and inside of the lower end, then of the upper
    for party in range(n):
        good = np.flatnonzero(fits[:, party])
        if good.size == 0:
            inner[:, party] = point[party]
            continue
        nearest = good[np.abs(grid[good, party] - point[party]).argmin()]
        bad = np.flatnonzero(~fits[:, party])
        below, above = bad[bad < nearest], bad[bad > nearest]
        first = below[-1] + 1 if below.size else 0
        last = above[0] - 1 if above.size else len(grid) - 1
        low[party], high[party] = grid[first, party], grid[last, party]
        inner[:, party] = (
            grid[max(first - 1, 0), party],
            grid[first, party],
            grid[min(last + 1, len(grid) - 1), party],
            grid[last, party],
        )
    found = np.isfinite(low)
    for side, end in ((0, low), (2, high)):
        outside, inside = inner[side].copy(), inner[side + 1].copy()
        for _ in range(BISECTIONS):
            middle = (outside + inside) / 2
            good_middle = holds(middle[None, :])[0]
            inside = np.where(good_middle, middle, inside)
            outside = np.where(good_middle, outside, middle)
        end[found] = inside[found]
    # What holds as far as was looked holds up to where the parameter itself ends.
    low[found & fits[0] & (low <= grid[0])] = parameter.low
    high[found & fits[-1] & (high >= grid[-1])] = parameter.high
    return Span(name, low, high, False)
