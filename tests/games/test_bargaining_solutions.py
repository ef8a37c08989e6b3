"""Bargaining solutions: textbook answers, axioms, and independent optimisation."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from games.bargaining.agreement_zone import agreement_zone, price_zone
from games.bargaining.egalitarian import egalitarian_solution
from games.bargaining.equal_loss import equal_loss_solution
from games.bargaining.kalai_smorodinsky import kalai_smorodinsky_solution
from games.bargaining.nash_bargaining import nash_bargaining_solution
from games.bargaining.pareto_frontier import pareto_frontier
from games.bargaining.problem import BargainingProblem
from games.bargaining.utilitarian import utilitarian_solution
from games.errors import GameError, InvalidGameError, NoSolutionError

SOLUTIONS = [
    nash_bargaining_solution,
    kalai_smorodinsky_solution,
    egalitarian_solution,
    utilitarian_solution,
    equal_loss_solution,
]
SCALE_FREE = [nash_bargaining_solution, kalai_smorodinsky_solution]


def pie_as_hull():
    return BargainingProblem.convex_hull([[0, 0], [10, 0], [0, 10]], [1, 2])


def pie_as_polytope():
    return BargainingProblem.polytope([[1, 1]], [10], [1, 2])


@pytest.mark.parametrize("pie", [pie_as_hull, pie_as_polytope])
@pytest.mark.parametrize("solution", SOLUTIONS)
def test_split_the_difference(pie, solution):
    # Every symmetric solution halves the surplus of a pie with transferable payoffs.
    assert solution(pie()).payoffs == pytest.approx([4.5, 5.5], abs=1e-8)


@pytest.mark.parametrize("pie", [pie_as_hull, pie_as_polytope])
def test_weighted_nash_divides_the_surplus_in_proportion(pie):
    solution = nash_bargaining_solution(pie(), [0.6, 0.4])
    assert solution.payoffs == pytest.approx([5.2, 4.8], abs=1e-8)
    assert solution.gap < 1e-8


def test_kalai_smorodinsky_differs_from_nash():
    # Kalai and Smorodinsky (1975): the hull of (0,0), (0,1), (.75,.75)... changes with the
    # ideal point; here ideal (10, 10) meets the edge from (10, 5) to (0, 10) at (20/3, 20/3),
    # while the product x (10 - x/2) is largest at x = 10.
    problem = BargainingProblem.convex_hull([[0, 0], [10, 0], [10, 5], [0, 10]], [0, 0])
    assert kalai_smorodinsky_solution(problem).payoffs == pytest.approx([20 / 3, 20 / 3])
    assert nash_bargaining_solution(problem).payoffs == pytest.approx([10, 5])


def test_two_losses_do_not_multiply_to_a_gain():
    problem = BargainingProblem.finite([[-9, -9], [2, 2], [3, 1]], [0, 0])
    for solution in SOLUTIONS:
        assert 0 not in solution(problem).ties
    assert nash_bargaining_solution(problem).ties == (1,)


def test_lotteries_may_mix_in_an_irrational_outcome():
    # (4, -1) alone is refused by player 2; mixed half and half with (0, 3) it gives (2, 1).
    problem = BargainingProblem.convex_hull([[4, -1], [0, 3]], [0, 0])
    solution = utilitarian_solution(problem)
    assert solution.payoffs.sum() == pytest.approx(3)
    nash = nash_bargaining_solution(problem)
    assert nash.payoffs == pytest.approx([1.5, 1.5])
    assert dict(nash.lottery) == pytest.approx({0: 0.375, 1: 0.625})


def test_ties_are_named():
    problem = BargainingProblem.finite([[1, 2], [2, 1], [0, 3]], [0, 0])
    assert nash_bargaining_solution(problem).ties == (0, 1)
    assert egalitarian_solution(problem).ties == (0, 1)
    assert utilitarian_solution(problem).ties == (0, 1, 2)


def test_rounding_does_not_break_ties():
    problem = BargainingProblem.finite([[0.1 + 0.2, 1.0], [0.3, 1.0], [1.0, 0.3]], [0, 0])
    assert nash_bargaining_solution(problem).ties == (0, 1, 2)
    assert pareto_frontier(problem.outcomes).tolist() == [0, 1, 2]


def test_product_zero_everywhere_is_said():
    problem = BargainingProblem.finite([[5, 0], [0, 5], [0, 1]], [0, 0])
    solution = nash_bargaining_solution(problem)
    assert solution.ties == (0, 1)
    assert "zero" in solution.note


@pytest.mark.parametrize("convex", [False, True])
def test_player_without_any_gain_is_left_out(convex):
    rows = [[1, 0, 0], [3, 1, 0], [2, 3, 0]]
    make = BargainingProblem.convex_hull if convex else BargainingProblem.finite
    solution = nash_bargaining_solution(make(rows, [0, 0, 0]))
    assert solution.payoffs == pytest.approx([2, 3, 0], abs=1e-6)
    assert "player 3" in solution.note
    assert "player 3" in kalai_smorodinsky_solution(make(rows, [0, 0, 0])).note


def test_one_point_and_no_gain_at_all():
    for make in (BargainingProblem.finite, BargainingProblem.convex_hull):
        for solution in SOLUTIONS:
            assert solution(make([[1, 1]], [1, 1])).payoffs == pytest.approx([1, 1])


def test_floors_limit_without_moving_disagreement():
    problem = pie_as_polytope().with_floors([6, 0])
    assert nash_bargaining_solution(problem).payoffs == pytest.approx([6, 4])
    assert nash_bargaining_solution(pie_as_polytope().with_floors([3, 0])).payoffs == (
        pytest.approx([4.5, 5.5])
    )


@pytest.mark.parametrize("solution", SOLUTIONS)
@pytest.mark.parametrize(
    "problem",
    [
        BargainingProblem.finite([[1, 0], [0, 1]], [1, 1]),
        BargainingProblem.convex_hull([[1, 0], [0, 1]], [1, 1]),
        BargainingProblem.polytope([[1, 1]], [1], [1, 1]),
    ],
)
def test_no_zone_of_agreement(solution, problem):
    with pytest.raises(NoSolutionError, match="no zone of agreement"):
        solution(problem)


def test_bad_input_names_the_place():
    with pytest.raises(InvalidGameError, match=r"payoffs\[1, 0\]"):
        BargainingProblem.finite([[1, 2], [float("nan"), 2]], [0, 0])
    with pytest.raises(InvalidGameError, match="disagreement"):
        BargainingProblem.finite([[1, 2]], [0, 0, 0])
    with pytest.raises(InvalidGameError, match="payoffs"):
        BargainingProblem.finite([], [])
    with pytest.raises(InvalidGameError, match=r"weights\[1\]"):
        nash_bargaining_solution(pie_as_hull(), [1, 0])
    with pytest.raises(InvalidGameError, match="unbounded"):
        nash_bargaining_solution(BargainingProblem.polytope([[1, -1]], [1], [0, 0]))
    with pytest.raises(InvalidGameError, match="payoffs"):
        pareto_frontier([[1, float("inf")]])
    with pytest.raises(InvalidGameError, match="below 1e"):
        pareto_frontier([[1e308, 1], [-1e308, 2]])


def test_zone_names_the_smallest_conflict():
    problem = BargainingProblem.finite([[3, 0, 5], [0, 3, 5], [2, 2, 0]], [2, 2, 1])
    zone = agreement_zone(problem)
    assert zone.is_empty
    assert zone.conflicts == ((0, 1, 2),)
    zone = agreement_zone(BargainingProblem.finite([[3, 2], [2, 3], [2, 2], [9, 0]], [1, 1]))
    assert zone.rows.tolist() == [0, 1, 2]
    assert zone.efficient_rows.tolist() == [0, 1]
    assert zone.least.tolist() == [2, 2]
    with pytest.raises(NoSolutionError, match="at least 100"):
        price_zone(100, 80)


def brute_frontier(points):
    points = np.asarray(points)
    return [
        k
        for k, mine in enumerate(points)
        if not any((other >= mine).all() and (other > mine).any() for other in points)
    ]


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(1, 40), st.integers(2, 9), st.integers(0, 10**6))
def test_frontier_agrees_with_the_definition(n_players, n_outcomes, levels, seed):
    points = np.random.default_rng(seed).integers(0, levels, size=(n_outcomes, n_players))
    assert pareto_frontier(points).tolist() == brute_frontier(points)


def test_frontier_of_many_points_across_blocks():
    points = np.random.default_rng(5).random((3000, 3))
    found = pareto_frontier(points)
    expected = [k for k in range(3000) if not (points > points[k]).all(axis=1).any()]
    assert found.tolist() == expected


def random_problem(seed, n_players, n_points):
    rng = np.random.default_rng(seed)
    points = rng.random((n_points, n_players)) * 10
    return points, points.mean(axis=0) * rng.uniform(0.3, 0.9)


@settings(derandomize=True, max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(2, 12), st.booleans())
def test_scale_invariance_and_symmetry(seed, n_players, n_points, convex):
    points, point = random_problem(seed, n_players, n_points)
    make = BargainingProblem.convex_hull if convex else BargainingProblem.finite
    rng = np.random.default_rng(seed + 1)
    factor, shift = rng.uniform(0.01, 100, n_players), rng.normal(size=n_players) * 50
    order = rng.permutation(n_players)
    for solution in SCALE_FREE:
        try:
            plain = solution(make(points, point)).payoffs
        except NoSolutionError:
            continue
        moved = solution(make(points * factor + shift, point * factor + shift)).payoffs
        assert moved == pytest.approx(plain * factor + shift, rel=1e-5, abs=1e-5)
        swapped = solution(make(points[:, order], point[order])).payoffs
        assert swapped == pytest.approx(plain[order], rel=1e-5, abs=1e-5)


@settings(derandomize=True, max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(3, 10))
def test_convex_solutions_beat_every_mixture(seed, n_players, n_points):
    points, point = random_problem(seed, n_players, n_points)
    problem = BargainingProblem.convex_hull(points, point)
    try:
        ideal = problem.ideal_point()
    except NoSolutionError:
        return
    mixes = np.random.default_rng(seed).dirichlet(np.full(n_points, 0.3), size=500) @ points
    mixes = mixes[(mixes >= point).all(axis=1)]
    gains = mixes - point
    nash = nash_bargaining_solution(problem).gains
    shares = (kalai_smorodinsky_solution(problem).gains / (ideal - point)).min()
    assert (gains.prod(axis=1) <= nash.prod() * (1 + 1e-6)).all()
    assert ((gains / (ideal - point)).min(axis=1) <= shares + 1e-6).all()
    assert (gains.min(axis=1) <= egalitarian_solution(problem).gains.min() + 1e-6).all()
    losses = (ideal - equal_loss_solution(problem).payoffs).max()
    assert ((ideal - mixes).max(axis=1) >= losses - 1e-6).all()
    assert (mixes.sum(axis=1) <= utilitarian_solution(problem).payoffs.sum() + 1e-6).all()


@pytest.mark.parametrize("seed", range(24, 34))
def test_gains_that_differ_by_a_billionth(seed):
    # Solvers' tolerances are of this size: an earlier program's point must stay feasible.
    rng = np.random.default_rng(seed)
    points = np.column_stack([rng.normal(size=4), 1 + 1e-9 * rng.normal(size=4)])
    point = points.min(axis=0) - rng.uniform(0.1, 2, size=2)
    problem = BargainingProblem.convex_hull(points, point)
    best = (points[:, 0].max() - point[0], 1 - point[1])
    assert egalitarian_solution(problem).gains.min() == pytest.approx(min(best), rel=1e-6)
    for solution in (nash_bargaining_solution, kalai_smorodinsky_solution, equal_loss_solution):
        assert solution(problem).gains == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_equal_loss_and_egalitarian_in_units_twelve_powers_of_ten_apart(seed):
    rng = np.random.default_rng(seed)
    points = rng.random((7, 3)) * [1.0, 1e6, 1e-6]
    problem = BargainingProblem.convex_hull(points, [0, 0, 0])
    # What the largest player loses and the smallest gains decides.
    losses = problem.ideal_point() - equal_loss_solution(problem).payoffs
    assert losses.max() <= 1e-6 * 1e6
    best = egalitarian_solution(problem).gains
    assert best.min() == pytest.approx(points[:, 2].max(), rel=1e-4)


def test_equal_loss_where_only_the_large_player_counts():
    points = np.array([[3, 3], [5, 0], [5, -2], [0, 0], [1, 1]]) * [1e-5, 1e7]
    found = equal_loss_solution(BargainingProblem.convex_hull(points, [0, 1e7])).payoffs
    assert found == pytest.approx([3e-5, 3e7])


def test_largest_sum_on_a_face_of_payoffs_in_trillions():
    points = np.array([[6, 4], [4, 6], [5, 5], [1, 1]]) * 1e12
    found = utilitarian_solution(BargainingProblem.convex_hull(points, [5e11, 5e11]))
    assert found.payoffs == pytest.approx([5e12, 5e12])
    assert "several" in found.note


@pytest.mark.parametrize("seed", range(5))
def test_nash_agrees_with_a_general_optimiser(seed):
    points, point = random_problem(seed, 3, 8)
    problem = BargainingProblem.convex_hull(points, point)
    weights = np.array([0.5, 0.3, 0.2])
    found = nash_bargaining_solution(problem, weights)
    start = np.full(8, 1 / 8)
    result = minimize(
        lambda mix: -weights @ np.log(np.maximum(mix @ points - point, 1e-12)),
        start,
        bounds=[(0, 1)] * 8,
        constraints=[{"type": "eq", "fun": lambda mix: mix.sum() - 1}],
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-14},
    )
    assert found.payoffs == pytest.approx(result.x @ points, abs=2e-3)
    assert weights @ np.log(found.gains) >= -result.fun - 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_two_player_nash_by_edges(seed):
    points, point = random_problem(seed, 2, 12)
    best = 0.0
    for a, b in combinations(points - point, 2):
        # Product along an edge is a parabola: its top is in closed form.
        step = b - a
        curve = step[0] * step[1]
        ends = [0.0, 1.0]
        if curve < 0:
            ends.append(float(np.clip(-(a[0] * step[1] + a[1] * step[0]) / (2 * curve), 0, 1)))
        best = max(best, *(g.prod() for t in ends if ((g := a + t * step) >= 0).all()), 0.0)
    problem = BargainingProblem.convex_hull(points, point)
    assert nash_bargaining_solution(problem).gains.prod() == pytest.approx(best, rel=1e-8)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(1, 30))
def test_finite_solutions_are_efficient_and_optimal(seed, n_players, n_outcomes):
    rng = np.random.default_rng(seed)
    rows = rng.integers(-3, 8, size=(n_outcomes, n_players)).astype(float)
    problem = BargainingProblem.finite(rows, np.zeros(n_players))
    rational = [k for k in range(n_outcomes) if (rows[k] >= 0).all()]
    if not rational:
        with pytest.raises(NoSolutionError):
            nash_bargaining_solution(problem)
        return
    efficient = set(pareto_frontier(rows).tolist())
    for solution in SOLUTIONS:
        assert set(solution(problem).ties) <= efficient & set(rational)
    assert nash_bargaining_solution(problem).gains.prod() == pytest.approx(
        max(rows[k].prod() for k in rational)
    )
    assert egalitarian_solution(problem).gains.min() == max(rows[k].min() for k in rational)
    assert utilitarian_solution(problem).payoffs.sum() == max(rows[k].sum() for k in rational)


def test_errors_are_value_errors():
    assert issubclass(GameError, ValueError)
