"""The Nash bargaining solution, with weights: the largest product of gains.

The solution maximises the product of (payoff − disagreement payoff) ** weight over the
individually rational set. It does not depend on the units of any player's utility. Equal weights
give Nash's symmetric solution.

Over a convex set the product is maximised by a column method: keep a few points of the set,
maximise over their mixtures by Newton's method with a barrier, ask a linear program for the point
that the gradient likes best, add it, until it gains nothing. The last linear program is the
certificate: by concavity no point of the set can raise the logarithm of the product by more.

References
----------
.. [1] J. F. Nash, "The bargaining problem", Econometrica 18(2), 1950, 155-162.
.. [2] E. Kalai, "Nonsymmetric Nash solutions and replications of 2-person bargaining",
   International Journal of Game Theory 6(3), 1977, 129-133.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from games.bargaining.exact_region import ExactPoint, ExactRegion
from games.bargaining.leximin import leximin_point
from games.bargaining.linear_region import LinearPoint, LinearRegion
from games.bargaining.pareto_frontier import pareto_frontier
from games.bargaining.problem import (
    BargainingProblem,
    BargainingSolution,
    checked_solution,
    player_weights,
)
from games.bargaining.rounding import payoff_errors
from games.errors import CertificateError
from games.normal_form import FloatArray

__all__ = ["nash_bargaining_solution"]

NAME = "Nash bargaining"
MAX_COLUMNS = 500
GAP_GOAL = 1e-11
EPS = float(np.finfo(float).eps)


def nash_bargaining_solution(
    problem: BargainingProblem, weights: ArrayLike | None = None
) -> BargainingSolution:
    """Individually rational payoffs with the largest weighted product of gains.

    Parameters
    ----------
    problem : BargainingProblem
    weights : (n_players,) array of float, optional
        Bargaining power, positive; scaled to sum to 1, equal when left out.

    Returns
    -------
    BargainingSolution

    Raises
    ------
    NoSolutionError
        If nothing is individually rational.

    Notes
    -----
    A player who can gain nothing anywhere is left out of the product. If the product is still
    zero at every outcome of a finite set, every efficient outcome ties and ``note`` says so.

    Examples
    --------
    >>> pie = BargainingProblem.convex_hull([[0, 0], [10, 0], [0, 10]], [1, 2])
    >>> nash_bargaining_solution(pie).payoffs.round(6)
    array([4.5, 5.5])
    >>> nash_bargaining_solution(pie, [0.6, 0.4]).payoffs.round(6)
    array([5.2, 4.8])
    """
    shares = player_weights(weights, problem.n_players)
    return _convex(problem, shares) if problem.is_convex else _finite(problem, shares)


def _finite(problem: BargainingProblem, shares: FloatArray) -> BargainingSolution:
    rows = problem.rational_rows()
    outcomes = problem.outcomes[rows]
    errors = payoff_errors(outcomes, problem.disagreement)
    gains = outcomes - problem.disagreement
    gains[gains <= errors] = 0.0
    can_gain = gains.any(axis=0)
    note = _note(can_gain)
    powers = shares[can_gain]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(gains[:, can_gain]) @ powers
        off = (errors / gains)[:, can_gain] @ powers + 64 * EPS * (1 + np.abs(logs))
    if np.isneginf(logs).all():
        rows = rows[pareto_frontier(outcomes)]
        note = "the product of gains is zero everywhere; every efficient outcome ties"
    else:
        best = int(logs.argmax())
        rows = rows[logs >= logs[best] - np.where(np.isneginf(logs), 0.0, off) - off[best]]
    ties = tuple(int(row) for row in rows)
    return checked_solution(
        problem, NAME, problem.outcomes[ties[0]], ties=ties, lottery=((ties[0], 1.0),), note=note
    )


def _note(can_gain: np.ndarray) -> str:
    held = ", ".join(str(i + 1) for i in np.flatnonzero(~can_gain))
    return f"no agreement gives player {held} any gain; left out of the product" if held else ""


@dataclass(frozen=True, eq=False)
class _Columns:
    """Where points of a convex set come from: gains in shares of the largest ones."""

    can_gain: np.ndarray
    start: Callable[[], LinearPoint]
    best: Callable[[FloatArray], LinearPoint]
    finish: Callable[[LinearPoint], tuple[FloatArray, tuple[tuple[int, float], ...]]]


def _exact_columns(problem: BargainingProblem) -> _Columns:
    region = ExactRegion.of(problem)
    ideal = np.array(region.ideal_gains, dtype=float)
    scale = np.where(ideal > 0, ideal, 1.0)

    def scaled(point: ExactPoint) -> LinearPoint:
        gains = np.array(point.gains, dtype=float) / scale
        return LinearPoint(gains, np.array(point.shares, dtype=float), 0.0, 0.0)

    def finish(point: LinearPoint) -> tuple[FloatArray, tuple[tuple[int, float], ...]]:
        payoffs = np.maximum(problem.disagreement + point.gains * scale, problem.floors)
        pairs = zip(region.labels, point.shares.tolist(), strict=True)
        return payoffs, tuple((row, share) for row, share in pairs if share)

    zero = [Fraction(0)] * problem.n_players
    return _Columns(
        ideal > 0,
        lambda: scaled(region.levelled(zero, region.ideal_gains)),
        lambda prices: scaled(region.best([Fraction(x) for x in (prices / scale).tolist()])),
        finish,
    )


def _large_columns(problem: BargainingProblem) -> _Columns:
    region = LinearRegion.of(problem)
    zero = np.zeros(problem.n_players)
    return _Columns(
        region.can_gain,
        lambda: leximin_point(region, zero, np.where(region.can_gain, region.ideal, 0.0)),
        region.maximise,
        lambda point: (region.payoffs(point), region.lottery(point.shares)),
    )


def _convex(problem: BargainingProblem, weights: FloatArray) -> BargainingSolution:
    is_exact = ExactRegion.is_called_for(problem)
    columns = _exact_columns(problem) if is_exact else _large_columns(problem)
    can_gain = columns.can_gain
    start = columns.start()
    points, shares = [start.gains], [start.shares]
    mix = np.ones(1)
    gap = start.gap
    for _ in range(MAX_COLUMNS):
        y = mix @ np.array(points)
        gradient = np.where(can_gain, weights / np.where(can_gain, y, 1.0), 0.0)
        column = columns.best(gradient)
        gap = float(gradient @ (column.gains - y))
        if gap <= GAP_GOAL or not can_gain.any():
            break
        points.append(column.gains)
        shares.append(column.shares)
        table = np.array(points)[:, can_gain]
        improved = _best_mixture(table, weights[can_gain], np.append(mix, 0.0))
        if _log_product(table, weights[can_gain], improved) <= (
            _log_product(table, weights[can_gain], np.append(mix, 0.0)) + 1e-16
        ):
            mix = np.append(mix, 0.0)
            break  # no progress within rounding; the gap decides
        mix = improved
    if gap > 1e-6:
        raise CertificateError(f"Nash product: gap {gap:.3g} after {len(points)} columns")
    final = LinearPoint(mix @ np.array(points), mix @ np.array(shares), 0.0, max(gap, 0.0))
    payoffs, lottery = columns.finish(final)
    return checked_solution(
        problem, NAME, payoffs, lottery=lottery, gap=final.gap, note=_note(can_gain)
    )


def _log_product(table: FloatArray, weights: FloatArray, mix: FloatArray) -> float:
    y = mix @ table
    return float(weights @ np.log(y)) if (y > 0).all() else -np.inf


def _best_mixture(table: FloatArray, weights: FloatArray, start: FloatArray) -> FloatArray:
    """Mixture of the rows of ``table`` with the largest log product, by barrier Newton steps."""
    mix = 0.99 * start + 0.01 / start.size
    barrier = 1e-2
    while barrier > 1e-15:
        for _ in range(50):
            step, decrement = _newton_step(table, weights, mix, barrier)
            if decrement <= 1e-3 * barrier:
                break
            mix = _line_search(table, weights, mix, step, barrier)
        barrier *= 0.1
    return np.asarray(mix / mix.sum())


def _newton_step(
    table: FloatArray, weights: FloatArray, mix: FloatArray, barrier: float
) -> tuple[FloatArray, float]:
    """Newton step on the simplex in coordinates scaled by the mixture, and its decrement."""
    y = mix @ table
    scaled = (table / y) * mix[:, None]
    gradient = scaled @ weights + barrier
    hessian = (scaled * weights) @ scaled.T + barrier * np.eye(mix.size)
    system = np.zeros((mix.size + 1, mix.size + 1))
    system[:-1, :-1] = hessian
    system[:-1, -1] = system[-1, :-1] = mix
    step = np.linalg.lstsq(system, np.append(gradient, 0.0), rcond=None)[0][:-1]
    return step, float(step @ hessian @ step)


def _line_search(
    table: FloatArray, weights: FloatArray, mix: FloatArray, step: FloatArray, barrier: float
) -> FloatArray:
    """Mixture moved along ``step`` (relative changes) as far as the barrier function rises."""

    def height(point: FloatArray) -> float:
        if (point <= 0).any():
            return -np.inf
        return _log_product(table, weights, point) + barrier * float(np.log(point).sum())

    length = min(1.0, 0.95 / max(1e-300, float(-step.min(initial=0.0))))
    here = height(mix)
    for _ in range(60):
        moved = mix * (1 + length * step)
        moved = moved / moved.sum()
        if height(moved) >= here:
            return np.asarray(moved)
        length /= 2
    return mix
