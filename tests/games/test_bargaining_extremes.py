"""Bargaining beside catastrophes: payoffs of very different size, against exact references."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.bargaining.agreement_zone import agreement_zone
from games.bargaining.egalitarian import egalitarian_solution
from games.bargaining.equal_loss import equal_loss_solution
from games.bargaining.exact_region import ExactRegion
from games.bargaining.kalai_smorodinsky import kalai_smorodinsky_solution
from games.bargaining.linear_region import LinearRegion
from games.bargaining.nash_bargaining import nash_bargaining_solution
from games.bargaining.pareto_frontier import pareto_frontier
from games.bargaining.problem import BargainingProblem
from games.bargaining.rounding import payoff_errors
from games.bargaining.utilitarian import utilitarian_solution
from games.errors import InvalidGameError, NoSolutionError

SOLUTIONS = {
    "nash": nash_bargaining_solution,
    "shares": kalai_smorodinsky_solution,
    "gains": egalitarian_solution,
    "losses": equal_loss_solution,
    "sum": utilitarian_solution,
}
PENALTIES = [1e4, 1e8, 1e12]


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("fifth", [0.0, 5.0])
def test_an_outcome_that_nobody_accepts_changes_nothing(penalty, fifth):
    rows = [[0, 0], [10, 0], [0, 6]]
    plain = BargainingProblem.convex_hull(rows, [0, 0])
    beside = BargainingProblem.convex_hull([*rows, [-penalty, fifth - penalty]], [0, 0])
    for solution in SOLUTIONS.values():
        expected, found = solution(plain), solution(beside)
        assert found.payoffs == pytest.approx(expected.payoffs, abs=1e-8)
        assert found.note == expected.note


@pytest.mark.parametrize("penalty", PENALTIES)
def test_a_catastrophe_for_one_in_a_lottery(penalty):
    # Mixed with (3, 3), (penalty, -penalty) gives (about 6, 0): the edge falls by one for one.
    problem = BargainingProblem.convex_hull([[4, 0], [0, 4], [3, 3], [penalty, -penalty]], [0, 0])
    share = 3 / (3 + penalty)
    ideal = 3 * (1 - share) + penalty * share
    assert problem.ideal_point() == pytest.approx([ideal, 4], rel=1e-9)
    found = kalai_smorodinsky_solution(problem).payoffs
    assert found[0] / ideal == pytest.approx(found[1] / 4, rel=1e-9)
    assert found[1] == pytest.approx(3 - 3 * (found[0] - 3) / (ideal - 3), rel=1e-9)
    assert nash_bargaining_solution(problem).payoffs == pytest.approx([3, 3], rel=1e-6)


@pytest.mark.parametrize("penalty", PENALTIES)
def test_a_penalty_does_not_widen_ties(penalty):
    rows = [[0.25, 0.25], [-0.0005, 0.5], [0.2, 0.2], [-penalty, -penalty]]
    assert pareto_frontier(rows).tolist() == [0, 1]
    problem = BargainingProblem.finite(rows, [0, 0])
    assert problem.rational_rows().tolist() == [0, 2]
    assert agreement_zone(problem).rows.tolist() == [0, 2]
    for solution in SOLUTIONS.values():
        assert solution(problem).ties == (0,)


def test_rounding_is_told_from_payoffs():
    errors = payoff_errors(np.array([[0.1 + 0.2 - 0.3, 1e9], [1.0, 1e9 + 1], [-1e12, 1e9]]))
    assert errors[0, 0] > 0.1 + 0.2 - 0.3
    assert errors[1, 0] < 1e-14
    assert errors[1, 1] < 1e-5
    noisy = BargainingProblem.finite([[0.3 - 0.1 * 3, 1.0], [1.0, 0.5]], [0, 0])
    assert noisy.rational_rows().tolist() == [0, 1]


@pytest.mark.parametrize("scale", [1e11, 1e-11])
def test_gains_and_losses_in_units_far_apart_are_exact(scale):
    # The second player's gains are the first player's times the scale.
    problem = BargainingProblem.convex_hull([[0, 0], [1, 0], [0, scale]], [0, 0])
    equal = scale / (1 + scale)
    assert egalitarian_solution(problem).payoffs == pytest.approx([equal, equal], rel=1e-14)
    # Loss L for both where 1 - L + (scale - L) / scale = 1, unless that is more than a player has.
    loss = min(scale / (1 + scale), 1.0, scale)
    expected = [1 - loss, scale - loss]
    found = equal_loss_solution(problem).payoffs
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-15)


def attainable(points):
    """Pieces of segments between points on which both gains are at least 0, by exact ends."""
    pieces = []
    for p, q in [*combinations(points, 2), *((p, p) for p in points)]:
        low, high, is_open = Fraction(0), Fraction(1), True
        for a, b in zip(p, q, strict=True):
            if a == b:
                is_open &= a >= 0
            elif b > a:
                low = max(low, -a / (b - a))
            else:
                high = min(high, a / (a - b))
        if is_open and low <= high:
            pieces.append((p, q, low, high))
    return pieces


def best_level(pieces, base, slope):
    """Largest least value over the pieces: at an end or where both values are equal."""
    best = None
    for p, q, low, high in pieces:
        start = [(p[i] - base[i]) / slope[i] for i in range(2)]
        step = [(q[i] - p[i]) / slope[i] for i in range(2)]
        places = [low, high]
        if step[0] != step[1]:
            places.append(min(high, max(low, (start[1] - start[0]) / (step[0] - step[1]))))
        level = max(min(start[i] + t * step[i] for i in range(2)) for t in places)
        best = level if best is None else max(best, level)
    return best


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6), st.sampled_from(["plain", "loss", "units"]))
def test_two_players_against_exact_geometry(seed, n_points, kind):
    rng = np.random.default_rng(seed)
    points = rng.integers(-4, 9, (n_points, 2)).astype(float)
    point = rng.integers(-3, 4, 2).astype(float)
    if kind == "loss":
        points[rng.integers(n_points), rng.integers(2)] = -(10.0 ** rng.integers(2, 14))
    if kind == "units":
        factor = 10.0 ** rng.integers(-9, 10, 2)
        points, point = points * factor, point * factor
    problem = BargainingProblem.convex_hull(points, point)
    exact = [Fraction(d) for d in point.tolist()]
    gains = [
        tuple(Fraction(x) - d for x, d in zip(p, exact, strict=True)) for p in points.tolist()
    ]
    pieces = attainable(gains)
    if not pieces:
        for solution in SOLUTIONS.values():
            with pytest.raises(NoSolutionError, match="no zone of agreement"):
                solution(problem)
        return
    ends = [[p[i] + t * (q[i] - p[i]) for i in range(2)] for p, q, *ts in pieces for t in ts]
    ideal = [max(end[i] for end in ends) for i in range(2)]
    bases = {"gains": ([0, 0], [1, 1]), "losses": (ideal, [1, 1])}
    if min(ideal) > 0:
        bases["shares"] = ([0, 0], ideal)
    for name, (base, slope) in bases.items():
        found = SOLUTIONS[name](problem).payoffs
        values = [(found[i] - point[i] - float(base[i])) / float(slope[i]) for i in range(2)]
        level = float(best_level(pieces, base, slope))
        size = (np.abs(found) + np.abs(point) + [float(b) for b in base]) / np.array(
            slope, dtype=float
        )
        assert min(values) == pytest.approx(level, rel=1e-9, abs=1e-14 * size.max())
    total = (utilitarian_solution(problem).payoffs - point).sum()
    largest = max(float(sum(end)) for end in ends)
    assert total == pytest.approx(largest, rel=1e-9, abs=1e-14 * np.abs(point).sum())


@settings(derandomize=True, max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(2, 8), st.booleans())
def test_no_point_raises_the_log_product_beside_penalties(seed, n_players, n_points, with_penalty):
    rng = np.random.default_rng(seed)
    points = rng.integers(-3, 8, (n_points, n_players)).astype(float)
    if with_penalty:
        points[0, rng.integers(n_players)] = -1e10
    problem = BargainingProblem.convex_hull(points, np.zeros(n_players))
    try:
        found = nash_bargaining_solution(problem).gains
    except NoSolutionError:
        with pytest.raises(NoSolutionError):
            ExactRegion.of(problem)
        return
    region = ExactRegion.of(problem)
    can_gain = [gain > 0 for gain in region.ideal_gains]
    assert (found[can_gain] > 0).all()
    # The gradient's best point, by an exact program, is worth no more than the solution itself.
    slopes = [
        Fraction(1.0 / float(gain)) if can else Fraction(0)
        for gain, can in zip(found, can_gain, strict=True)
    ]
    best = float(region.value(slopes, region.best(slopes)))
    assert best <= sum(can_gain) * (1 + 1e-6)


def test_exact_and_floating_programs_agree(monkeypatch):
    rng = np.random.default_rng(7)
    problems = [BargainingProblem.convex_hull(rng.random((12, 3)), [0.1] * 3) for _ in range(4)]
    problems.append(BargainingProblem.polytope(rng.random((5, 3)) + 0.1, np.ones(5), [0.0] * 3))
    exact = [[solution(p).payoffs for solution in SOLUTIONS.values()] for p in problems]
    monkeypatch.setattr(ExactRegion, "is_called_for", staticmethod(lambda problem: False))
    for problem, expected in zip(problems, exact, strict=True):
        for solution, payoffs in zip(SOLUTIONS.values(), expected, strict=True):
            assert solution(problem).payoffs == pytest.approx(payoffs, abs=1e-6)
        ideal = [float(gain) for gain in ExactRegion.of(problem).ideal_gains]
        rough = LinearRegion.of(problem).ideal_point - problem.disagreement
        assert rough == pytest.approx(ideal, abs=1e-7)


def test_large_sets_with_a_catastrophe_are_solved_exactly():
    angles = np.linspace(0.0, np.pi / 2, 400)
    circle = np.column_stack([np.sin(angles), np.cos(angles)])
    assert not ExactRegion.is_called_for(BargainingProblem.convex_hull(circle, [0, 0]))
    problem = BargainingProblem.convex_hull([*circle, [1e9, -1e12]], [0, 0])
    assert ExactRegion.is_called_for(problem)
    for solution in SOLUTIONS.values():
        # All symmetric solutions divide a quarter of a circle alike, or nearly, by its 400 points.
        assert solution(problem).payoffs == pytest.approx([np.sqrt(0.5)] * 2, abs=2e-3)


@pytest.mark.parametrize("solution", SOLUTIONS.values())
def test_unbounded_gains_are_refused(solution):
    with pytest.raises(InvalidGameError, match="unbounded"):
        solution(BargainingProblem.polytope([[1, -1]], [1], [0, 0]))
