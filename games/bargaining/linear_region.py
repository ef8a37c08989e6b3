"""Linear programs over the individually rational part of a convex bargaining set.

Payoffs are normalised before anything is solved: the disagreement point becomes 0 and the
largest gain of each player about 1, so that tolerances mean the same in all units. Every optimum
is checked by its dual before it is used.

Letters: ``y`` normalised gains, ``z`` the variables of the program (shares of the hull's points,
or ``y`` itself for a polytope), ``t`` a common level to be raised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from games.bargaining.problem import BargainingProblem
from games.errors import CertificateError, InvalidGameError, NoSolutionError
from games.normal_form import FloatArray

__all__ = ["ROUNDING", "LinearPoint", "LinearRegion"]

DUAL_TOL = 1e-7
ROUNDING = 1e-9
"""Normalised gains below this are rounding; the solver would drop such coefficients anyhow."""


@dataclass(frozen=True, eq=False)
class LinearPoint:
    """An optimal point: normalised gains, shares of the hull's points, level and dual gap."""

    gains: FloatArray
    shares: FloatArray
    level: float
    gap: float


@dataclass(frozen=True, eq=False)
class LinearRegion:
    """Normalised gains ``y = M @ z`` with ``R @ z <= r``; for a hull, ``z / sizes`` are shares."""

    problem: BargainingProblem
    scale: FloatArray
    M: FloatArray
    R: FloatArray
    r: FloatArray
    lower: FloatArray
    sizes: FloatArray
    ideal: FloatArray
    """Largest normalised gains, about 1 where a player can gain anything."""

    @classmethod
    def of(cls, problem: BargainingProblem) -> LinearRegion:
        """Region of a convex problem, scaled by each player's largest possible gain."""
        return cls._scaled(problem, cls._rough_scale(problem))

    @classmethod
    def _rough_scale(cls, problem: BargainingProblem) -> FloatArray:
        if not problem.A.shape[0]:
            gains = problem.outcomes[problem.efficient_rows] - problem.disagreement
            return _positive(gains.max(axis=0))
        ones = np.ones(problem.n_players)
        floor = problem.floors - problem.disagreement
        raw = cls._scaled(problem, ones, with_ideal=False)
        raw = replace(raw, lower=floor - ROUNDING * np.abs(floor))
        best = np.array([raw.maximise(e).gains[i] for i, e in enumerate(np.diag(ones))])
        # What the relaxed floors add is no gain.
        size = np.maximum(np.abs(problem.floors), np.abs(problem.disagreement))
        return np.where(best > 100 * ROUNDING * size, best, _positive(size))

    @classmethod
    def _scaled(
        cls, problem: BargainingProblem, scale: FloatArray, *, with_ideal: bool = True
    ) -> LinearRegion:
        lower = (problem.floors - problem.disagreement) / scale - ROUNDING
        none = np.zeros(scale.size)
        if problem.A.shape[0]:
            M, R, r = _polytope_rows(problem, scale)
            region = cls(problem, scale, M, R, r, lower, np.ones(scale.size), none)
        else:
            gains = problem.outcomes[problem.efficient_rows] - problem.disagreement
            M = (gains / scale).T
            # A point with a huge loss can have but a tiny share: count it in shares that small.
            sizes = np.maximum(1.0, np.abs(M).max(axis=0))
            M = M / sizes
            M[np.abs(M) < ROUNDING] = 0.0
            region = cls(
                problem, scale, M, np.empty((0, sizes.size)), np.empty(0), lower, sizes, none
            )
        if not with_ideal:
            return region
        best = [region.maximise(unit).gains[i] for i, unit in enumerate(np.eye(scale.size))]
        return replace(region, ideal=np.array(best))

    @property
    def can_gain(self) -> np.ndarray:
        """Which players can gain more than rounding."""
        return np.asarray(self.ideal > 1e-7)

    @property
    def ideal_point(self) -> FloatArray:
        """Largest payoff of each player over the region, in payoff units."""
        return np.asarray(self.problem.disagreement + self.ideal * self.scale)

    def payoffs(self, point: LinearPoint) -> FloatArray:
        """Payoffs of a point, rounding below the floors removed."""
        mixed = self.lottery(point.shares)
        values = (
            np.asarray(sum(share * self.problem.outcomes[row] for row, share in mixed))
            if mixed
            else self.problem.disagreement + point.gains * self.scale
        )
        return np.maximum(values, self.problem.floors)

    def lottery(self, shares: FloatArray) -> tuple[tuple[int, float], ...]:
        """Rows of the hull with positive probability; empty for a polytope."""
        if self.problem.A.shape[0]:
            return ()
        kept = np.where(shares > 1e-12, shares, 0.0) / self.sizes
        kept /= kept.sum()
        rows = self.problem.efficient_rows
        return tuple((int(rows[k]), float(kept[k])) for k in np.flatnonzero(kept))

    def maximise(
        self,
        direction: FloatArray,
        *,
        base: FloatArray | None = None,
        slope: FloatArray | None = None,
        fixed: FloatArray | None = None,
    ) -> LinearPoint:
        """Point with the largest ``direction @ y``, plus ``t`` when ``slope`` is given.

        Parameters
        ----------
        direction : (n_players,) array of float
        base, slope : (n_players,) arrays of float, optional
            Require ``y >= base + slope * t``; players of slope 0 are left out.
        fixed : (n_players,) array of float, optional
            Require ``y >= fixed`` on top of the floors.

        Raises
        ------
        NoSolutionError
            If nothing is individually rational.
        InvalidGameError
            If gains are unbounded.
        CertificateError
            If the optimum fails its dual check.
        """
        lower = self.lower if fixed is None else np.maximum(self.lower, fixed)
        kept = np.isfinite(lower)
        A = np.vstack([-self.M[kept], self.R])
        bounds = np.concatenate([-lower[kept], self.r])
        cost = -(direction @ self.M)
        has_level = slope is not None and base is not None
        if slope is not None and base is not None:
            raised = slope > 0
            size = np.maximum(slope[raised], 1.0)
            rows = self.M[raised] / size[:, None]
            rows[np.abs(rows) < ROUNDING] = 0.0
            A = np.vstack([A, -rows])
            column = np.append(np.zeros(bounds.size), slope[raised] / size)
            A = np.hstack([A, column[:, None]])
            bounds = np.concatenate([bounds, -base[raised] / size])
            cost = np.append(cost, -1.0)
        z, gap = _solve(cost, A, bounds, self._share_weights, int(has_level))
        shares = z[: self.M.shape[1]]
        return LinearPoint(self.M @ shares, shares, float(z[-1]) if has_level else 0.0, gap)

    @property
    def _share_weights(self) -> FloatArray | None:
        return None if self.problem.A.shape[0] else 1 / self.sizes


def _positive(values: FloatArray) -> FloatArray:
    """Scales with zeros (a player who can gain nothing) replaced by 1."""
    return np.where(values > 0, values, 1.0)


def _polytope_rows(
    problem: BargainingProblem, scale: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    R = problem.A * scale
    r = problem.b - problem.A @ problem.disagreement
    size = _positive(np.abs(R).max(axis=1))
    return np.eye(scale.size), R / size[:, None], r / size


def _solve(
    cost: FloatArray,
    A: FloatArray,
    bounds: FloatArray,
    share_weights: FloatArray | None,
    n_levels: int,
) -> tuple[FloatArray, float]:
    """Least ``cost @ z`` with its duality gap; with weights, ``share_weights @ z = 1``."""
    from scipy.optimize import linprog

    is_hull = share_weights is not None
    n_shares = cost.size - n_levels
    limits = [(0.0, None) if is_hull else (None, None)] * n_shares
    limits += [(None, None)] * n_levels
    A_eq = None if share_weights is None else np.append(share_weights, np.zeros(n_levels))[None, :]
    options = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    result = linprog(
        cost, A, bounds, A_eq, [1.0] if is_hull else None, limits, "highs", options=options
    )
    if result.status == 2:
        raise NoSolutionError(
            "no attainable payoffs give every player the disagreement payoff or floor: "
            "there is no zone of agreement"
        )
    if result.status == 3:
        raise InvalidGameError("A", "leaves gains unbounded; add the inequalities that bound them")
    if result.status != 0:
        raise CertificateError(f"linear program ended with: {result.message}")
    z = np.asarray(result.x)
    return z, _dual_gap(cost, A, bounds, A_eq, n_shares if is_hull else 0, result)


def _dual_gap(
    cost: FloatArray,
    A: FloatArray,
    bounds: FloatArray,
    A_eq: FloatArray | None,
    n_signed: int,
    result: object,
) -> float:
    """Largest of infeasibility, dual infeasibility and difference of primal and dual value."""
    z = np.asarray(result.x)  # type: ignore[attr-defined]
    prices = np.minimum(np.asarray(result.ineqlin.marginals), 0.0)  # type: ignore[attr-defined]
    reduced = cost - A.T @ prices
    value = float(prices @ bounds)
    errors = [float((A @ z - bounds).max(initial=0.0))]
    if A_eq is not None:
        price = np.asarray(result.eqlin.marginals)  # type: ignore[attr-defined]
        reduced = reduced - A_eq.T @ price
        value += float(price.sum())
        errors += [float(np.abs(A_eq @ z - 1)[0])]
    errors.append(float((-reduced[:n_signed]).max(initial=0.0)))
    errors.append(float(np.abs(reduced[n_signed:]).max(initial=0.0)))
    errors.append(abs(float(cost @ z) - value) / (1 + abs(value)))
    gap = max(errors)
    if gap > DUAL_TOL:
        raise CertificateError(f"linear program fails its dual check by {gap:.3g}")
    return gap
