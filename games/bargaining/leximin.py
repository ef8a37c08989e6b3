"""Lexicographic max-min: raise the least of the players' values, then the next, and so on.

Shared by the egalitarian, Kalai–Smorodinsky and equal-loss solutions, which differ only in what
they level: gains, gains as a share of the largest possible gain, or losses from the ideal point.
The plain max-min point may be inefficient where a set is not comprehensive or finite; its
lexicographic extension (Imai, 1983) never is.

References
----------
.. [1] H. Imai, "Individual monotonicity and lexicographic maxmin solution", Econometrica 51(2),
   1983, 389-401.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from games.bargaining.linear_region import ROUNDING, LinearPoint, LinearRegion
from games.errors import CertificateError, NoSolutionError
from games.normal_form import FloatArray

__all__ = ["leximin_point", "leximin_rows"]

LEVEL_TOL = 1e-8
ROUNDINGS = (1e-10, 1e-9, 1e-8)
"""Slack by which a program keeps feasible what an earlier one has found, least first."""


def leximin_rows(values: FloatArray, errors: ArrayLike = 0.0) -> np.ndarray:
    """Rows of ``values`` whose sorted entries are lexicographically largest; all that tie.

    Parameters
    ----------
    values : (n_rows, n_players) array of float
    errors : (n_rows, n_players) array of float, or a number
        How far each entry may be off by rounding; entries closer than their errors are the same.

    Examples
    --------
    >>> leximin_rows(np.array([[1.0, 5.0], [2.0, 2.0], [3.0, 2.0]]))
    array([2])
    """
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    slack = np.take_along_axis(np.broadcast_to(errors, values.shape), order, axis=1)
    rows = np.arange(values.shape[0])
    for column in range(values.shape[1]):
        entries, off = ordered[rows, column], slack[rows, column]
        best = int(entries.argmax())
        rows = rows[entries >= entries[best] - off - off[best]]
    return rows


def leximin_point(region: LinearRegion, base: FloatArray, slope: FloatArray) -> LinearPoint:
    """Point of a convex region where ``(y - base) / slope`` is lexicographically max-min.

    Parameters
    ----------
    region : LinearRegion
    base, slope : (n_players,) arrays of float, normalised gains
        ``base`` is zero, or the ideal point, from which all fall short. Players of slope 0 are
        not compared; they are only held at their floors.

    Returns
    -------
    LinearPoint
        Its ``level`` is the least value, the level of the plain max-min point.
    """
    for rounding in ROUNDINGS[:-1]:
        try:
            return _raised(region, base, slope, rounding)
        except (CertificateError, NoSolutionError):
            continue  # a later program missed the point of an earlier one: allow more rounding
    return _raised(region, base, slope, ROUNDINGS[-1])


def _raised(
    region: LinearRegion, base: FloatArray, slope: FloatArray, rounding: float
) -> LinearPoint:
    """Lexicographic max-min point; each program is relaxed a little more than the one before."""
    zero = np.zeros(slope.size)
    fixed = np.full(slope.size, -np.inf)
    open_players = slope > 0
    levels: list[float] = []
    is_loss = bool(base.any())
    gap, slack = 0.0, rounding
    while open_players.any():
        active = np.where(open_players, slope, 0.0)
        # Slopes may differ by many powers of ten. The least gain is of the size of the smallest
        # player's gains, the largest loss of the size of the largest player's.
        unit = float(slope[open_players].min() if is_loss else active.max())
        point = region.maximise(zero, base=base, slope=active / unit, fixed=fixed - slack)
        levels.append(min(0.0, point.level / unit) if is_loss else point.level / unit)
        gap = max(gap, point.gap)
        # The steeper the slope, the less the level says; beyond all digits it says nothing.
        steepness = np.maximum(active / unit, 1.0)
        reached = base + slope * levels[-1] - (slack + rounding) * (steepness - 1)
        reached[steepness > 1 / ROUNDING] = -np.inf
        held = np.where(open_players, reached, fixed) - slack - rounding
        stuck = _players_at_their_best(region, held, reached, open_players)
        fixed[stuck] = reached[stuck]
        open_players &= ~stuck
        slack += 2 * rounding
    total = region.maximise(np.ones(slope.size), fixed=fixed - slack)
    return LinearPoint(
        total.gains, total.shares, levels[0] if levels else 0.0, max(gap, total.gap)
    )


def _players_at_their_best(
    region: LinearRegion,
    held: FloatArray,
    reached: FloatArray,
    open_players: np.ndarray,
) -> np.ndarray:
    """Open players who cannot rise above the level reached while the others keep theirs."""
    stuck = np.zeros_like(open_players)
    rises = np.full(reached.size, -np.inf)
    for player in np.flatnonzero(open_players):
        unit = np.zeros(reached.size)
        unit[player] = 1.0
        best = region.maximise(unit, fixed=held).gains[player]
        rises[player] = best - reached[player]
        stuck[player] = rises[player] <= LEVEL_TOL
    if not stuck.any():  # rounding only: one player is always at the best
        stuck[int(np.argmin(np.where(open_players, rises, np.inf)))] = True
    return stuck
