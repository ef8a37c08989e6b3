"""Solutions that raise all players' values to one level: gains, shares of the best, or losses.

The egalitarian, Kalai–Smorodinsky and equal-loss solutions differ only in what they level. Player
i's value at gain ``y`` is ``(y - base) / slope``:

=========  ==========  ==========
what       base        slope
=========  ==========  ==========
gains      0           1
shares     0           ideal gain
losses     ideal gain  1
=========  ==========  ==========

where the *ideal gain* is the player's largest over the individually rational set. The values are
raised lexicographically (:mod:`games.bargaining.leximin`).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np

from games.bargaining.exact_region import ExactRegion
from games.bargaining.leximin import leximin_point, leximin_rows
from games.bargaining.linear_region import LinearRegion
from games.bargaining.problem import BargainingProblem, BargainingSolution, checked_solution
from games.bargaining.rounding import payoff_errors

__all__ = ["Levelled", "levelled_solution"]

Levelled: TypeAlias = Literal["gains", "shares", "losses"]


def levelled_solution(problem: BargainingProblem, name: str, what: Levelled) -> BargainingSolution:
    """Individually rational payoffs whose values ``what`` are lexicographically max-min.

    Raises
    ------
    NoSolutionError
        If nothing is individually rational.

    Notes
    -----
    Convex sets of at most 300 efficient points, polytopes of at most 50 inequalities and sets with
    losses far above all gains are solved in exact arithmetic, the others to about 1e-8 of the
    largest gain.
    """
    if not problem.is_convex:
        return _finite(problem, name, what)
    if ExactRegion.is_called_for(problem):
        return _exact(problem, name, what)
    region = LinearRegion.of(problem)
    can_gain = region.can_gain
    zero, one = np.zeros(problem.n_players), 1 / region.scale
    ideal = np.where(can_gain, region.ideal, 0.0)
    point = leximin_point(
        region, ideal if what == "losses" else zero, ideal if what == "shares" else one
    )
    return checked_solution(
        problem,
        name,
        region.payoffs(point),
        lottery=region.lottery(point.shares),
        gap=point.gap,
        note=_note(can_gain, what),
    )


def _exact(problem: BargainingProblem, name: str, what: Levelled) -> BargainingSolution:
    region = ExactRegion.of(problem)
    zero = [Fraction(0)] * problem.n_players
    base, slope = zero, [Fraction(1)] * problem.n_players
    can_gain = np.ones(problem.n_players, dtype=bool)
    if what != "gains":
        ideal = region.ideal_gains
        can_gain = np.array([gain > 0 for gain in ideal])
        base, slope = (list(ideal), slope) if what == "losses" else (zero, list(ideal))
    point = region.levelled(base, slope)
    return checked_solution(
        problem,
        name,
        region.payoffs(problem, point),
        lottery=region.lottery(point),
        note=_note(can_gain, what),
    )


def _finite(problem: BargainingProblem, name: str, what: Levelled) -> BargainingSolution:
    rows = problem.rational_rows()
    outcomes = problem.outcomes[rows]
    ideal = outcomes.max(axis=0)
    gains = outcomes - problem.disagreement
    errors = payoff_errors(outcomes, problem.disagreement)
    can_gain = np.ones(problem.n_players, dtype=bool)
    values = gains
    if what == "losses":
        values, errors = outcomes - ideal, payoff_errors(outcomes, ideal)
    elif what == "shares":
        can_gain = gains.max(axis=0) > errors[gains.argmax(axis=0), np.arange(ideal.size)]
        best = (ideal - problem.disagreement)[can_gain]
        values = gains[:, can_gain] / best
        errors = 2 * errors[:, can_gain] / best
    if values.shape[1]:
        rows = rows[leximin_rows(values, errors)]
    ties = tuple(int(row) for row in rows)
    return checked_solution(
        problem,
        name,
        problem.outcomes[ties[0]],
        ties=ties,
        lottery=((ties[0], 1.0),),
        note=_note(can_gain, what),
    )


def _note(can_gain: np.ndarray, what: Levelled) -> str:
    held = ", ".join(str(i + 1) for i in np.flatnonzero(~can_gain))
    return f"no agreement gives player {held} any gain" if held and what == "shares" else ""
