"""Linear programs over a convex bargaining set in exact rational arithmetic.

Floating-point programs are right to a tolerance of the largest number in them. Beside a penalty
of 1e8 that nobody would ever accept, gains of ordinary size are rounding to them; so are the
gains of one player beside those of another who counts in units 1e11 times larger. Payoffs are
therefore taken at their exact value as long as the set is small.

Letters: ``y`` gains over the disagreement point, in payoff units; ``z >= 0`` the variables of
the program: shares of the hull's points, or what a polytope gives above the floors.

References
----------
.. [1] H. Imai, "Individual monotonicity and lexicographic maxmin solution", Econometrica 51(2),
   1983, 389-401.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from games.bargaining.problem import BargainingProblem
from games.bargaining.rounding import ROUNDING, payoff_errors
from games.errors import CertificateError, InvalidGameError, NoSolutionError
from games.normal_form import FloatArray
from games.solvers.rational_simplex import RationalStatus, maximize_exactly

__all__ = ["ExactPoint", "ExactRegion"]

MAX_COLUMNS = 300
MAX_ROWS = 50
WELL_SCALED = 1e4
"""Losses above this many times the largest gain need exact programs, however many points."""
SLIVER = 1e-9
"""What is feasible only within rounding leaves no gains above this share of the payoffs."""
Row = list[Fraction]


@dataclass(frozen=True)
class ExactPoint:
    """Gains of all players, and the shares of the hull's efficient points (none of a polytope)."""

    gains: tuple[Fraction, ...]
    shares: tuple[Fraction, ...]


@dataclass(frozen=True, eq=False)
class ExactRegion:
    """Gains ``y = M @ z + c`` with ``rows @ z <= limits``; for a hull, ``sum(z) = 1``.

    ``labels`` are the outcomes that the columns of a hull stand for; points that another outcome
    dominates are left out, since they never help anybody.
    """

    M: tuple[Row, ...]
    c: Row
    rows: tuple[Row, ...]
    limits: Row
    labels: tuple[int, ...]
    noise: FloatArray

    @classmethod
    def of(cls, problem: BargainingProblem) -> ExactRegion:
        """Individually rational part of a convex problem.

        Raises
        ------
        NoSolutionError
            If nothing is individually rational, even within rounding.
        """
        exact = [Fraction(floor) for floor in problem.floors.tolist()]
        region = cls._with_floors(problem, exact, ROUNDING)
        if region._is_feasible():
            return region
        errors = payoff_errors(problem.outcomes, problem.floors).min(axis=0).tolist()
        floors = [f - Fraction(error) for f, error in zip(exact, errors, strict=True)]
        region = cls._with_floors(problem, floors, SLIVER)
        if region._is_feasible():
            return region
        raise NoSolutionError(
            "no attainable payoffs give every player the disagreement payoff or floor: "
            "there is no zone of agreement"
        )

    @staticmethod
    def is_called_for(problem: BargainingProblem) -> bool:
        """Whether a convex problem is small, or too ill scaled for floating-point programs."""
        if problem.A.shape[0]:
            return bool(problem.A.shape[0] <= MAX_ROWS)
        gains = problem.outcomes[problem.efficient_rows] - problem.disagreement
        if gains.shape[0] <= MAX_COLUMNS:
            return True
        # What an outcome takes from a player is compared with what anybody could gain.
        return bool((-gains.min(axis=0) > WELL_SCALED * np.abs(gains.max(axis=0))).any())

    @classmethod
    def _with_floors(cls, problem: BargainingProblem, floors: Row, noise: float) -> ExactRegion:
        n = problem.n_players
        sizes = noise * np.maximum(np.abs(problem.disagreement), np.abs(problem.floors))
        start = [Fraction(d) for d in problem.disagreement.tolist()]
        if problem.A.shape[0]:
            unit = tuple([Fraction(int(i == k)) for k in range(n)] for i in range(n))
            rows = tuple([Fraction(a) for a in row] for row in problem.A.tolist())
            limits = [
                Fraction(b) - sum((a * f for a, f in zip(row, floors, strict=True)), Fraction(0))
                for row, b in zip(rows, problem.b.tolist(), strict=True)
            ]
            above = [f - d for f, d in zip(floors, start, strict=True)]
            return cls(unit, above, rows, limits, (), sizes)
        labels = tuple(problem.efficient_rows.tolist())
        points = [[Fraction(x) for x in problem.outcomes[k].tolist()] for k in labels]
        M = tuple([point[i] - start[i] for point in points] for i in range(n))
        rows = tuple([-gain for gain in row] for row in M)
        limits = [d - f for f, d in zip(floors, start, strict=True)]
        return cls(M, [Fraction(0)] * n, rows, limits, labels, sizes)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.M)

    @cached_property
    def ideal_gains(self) -> tuple[Fraction, ...]:
        """Largest gain of each player; 0 where it is no more than rounding."""
        gains = [self._top(player, []) for player in range(self.n_players)]
        return tuple(
            gain if gain > noise else Fraction(0)
            for gain, noise in zip(gains, self.noise.tolist(), strict=True)
        )

    def best(
        self, weights: Sequence[Fraction], least: Sequence[Fraction | None] = ()
    ) -> ExactPoint:
        """Point with the largest weighted sum of gains, each gain at least ``least``."""
        return self._solve(weights, least, [], [])[0]

    def levelled(self, base: Sequence[Fraction], slope: Sequence[Fraction]) -> ExactPoint:
        """Point where ``(y - base) / slope`` is lexicographically max-min.

        Players of slope 0 are not compared; they are only held at their floors.
        """
        n = self.n_players
        least: list[Fraction | None] = [None] * n
        open_players = [i for i in range(n) if slope[i] > 0]
        while open_players:
            _, level = self._solve(
                [Fraction(0)] * n,
                least,
                [base[i] for i in open_players],
                [(i, slope[i]) for i in open_players],
            )
            reached = {i: base[i] + slope[i] * level for i in open_players}
            held = [reached.get(i, least[i]) for i in range(n)]
            stuck = [i for i in open_players if self._top(i, held) == reached[i]]
            if not stuck:
                raise CertificateError("lexicographic max-min: nobody is at the best")
            for i in stuck:
                least[i] = reached[i]
            open_players = [i for i in open_players if i not in stuck]
        return self.best([Fraction(1)] * n, least)

    def face(self, weights: Sequence[Fraction], slack: Fraction) -> ExactRegion:
        """The part where the weighted sum of gains falls short of the largest by ``slack``."""
        value = self.value(weights, self.best(weights)) - slack
        row = [
            -sum((w * line[k] for w, line in zip(weights, self.M, strict=True)), Fraction(0))
            for k in range(len(self.M[0]))
        ]
        start = sum((w * c for w, c in zip(weights, self.c, strict=True)), Fraction(0))
        return replace(self, rows=(*self.rows, row), limits=[*self.limits, start - value])

    @staticmethod
    def value(weights: Sequence[Fraction], point: ExactPoint) -> Fraction:
        """Weighted sum of a point's gains."""
        return sum((w * y for w, y in zip(weights, point.gains, strict=True)), Fraction(0))

    def widest(self) -> Fraction:
        """How far the gains of a player differ over the region, at most."""
        widths = []
        for player in range(self.n_players):
            down = [Fraction(-int(i == player)) for i in range(self.n_players)]
            lowest = self.best(down).gains[player]
            widths.append(self._top(player, []) - lowest)
        return max(widths)

    def payoffs(self, problem: BargainingProblem, point: ExactPoint) -> FloatArray:
        """Payoffs of a point, rounding below the floors removed."""
        gains = np.array(point.gains, dtype=float)
        return np.asarray(np.maximum(problem.disagreement + gains, problem.floors))

    def lottery(self, point: ExactPoint) -> tuple[tuple[int, float], ...]:
        """Outcomes with positive probability; empty for a polytope."""
        pairs = zip(self.labels, point.shares, strict=True)
        return tuple((row, float(share)) for row, share in pairs if share)

    def _top(self, player: int, least: Sequence[Fraction | None]) -> Fraction:
        weights = [Fraction(int(i == player)) for i in range(self.n_players)]
        return self.best(weights, least).gains[player]

    def _is_feasible(self) -> bool:
        found = maximize_exactly(
            [0] * len(self.M[0]), self.rows, self.limits, *self._shares_sum_to_one(0)
        )
        return found.status is RationalStatus.OPTIMAL

    def _shares_sum_to_one(self, n_levels: int) -> tuple[list[list[int]], list[int]]:
        if not self.labels:
            return [], []
        return [[1] * len(self.labels) + [0] * n_levels], [1]

    def _solve(
        self,
        weights: Sequence[Fraction],
        least: Sequence[Fraction | None],
        base: Sequence[Fraction],
        slopes: Sequence[tuple[int, Fraction]],
    ) -> tuple[ExactPoint, Fraction]:
        """Largest weighted sum plus the level ``t``, with ``y_i >= base + slope * t``."""
        size, n_levels = len(self.M[0]), 2 if slopes else 0  # t is a difference of two numbers
        none = [Fraction(0)] * n_levels
        rows = [[*row, *none] for row in self.rows]
        limits = list(self.limits)
        for i, floor in enumerate(least):
            if floor is not None:
                rows.append([*(-m for m in self.M[i]), *none])
                limits.append(self.c[i] - floor)
        for start, (i, slope) in zip(base, slopes, strict=True):
            rows.append([*(-m for m in self.M[i]), slope, -slope])
            limits.append(self.c[i] - start)
        goal = [
            sum((w * self.M[i][k] for i, w in enumerate(weights) if w), Fraction(0))
            for k in range(size)
        ]
        goal += [Fraction(1), Fraction(-1)][:n_levels]
        found = maximize_exactly(goal, rows, limits, *self._shares_sum_to_one(n_levels))
        if found.status is RationalStatus.UNBOUNDED:
            raise InvalidGameError("A", "leaves gains unbounded; add inequalities that bound them")
        if found.status is not RationalStatus.OPTIMAL:
            raise CertificateError("an exact program lost a point that an earlier one found")
        z = found.point[:size]
        gains = tuple(
            sum((m * share for m, share in zip(row, z, strict=True) if share), c)
            for row, c in zip(self.M, self.c, strict=True)
        )
        level = found.point[size] - found.point[size + 1] if n_levels else Fraction(0)
        return ExactPoint(gains, z if self.labels else ()), level
