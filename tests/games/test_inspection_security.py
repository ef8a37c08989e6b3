"""Security games: ground truth G16, one linear program per target, rotas."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from games.errors import InvalidGameError
from games.inspection.security_game import SecurityGame, coverage_mixture, optimal_coverage

SITES = SecurityGame([10, 8, 5, 2], [-2] * 4, [-10, -8, -5, -2], [0] * 4)


@pytest.mark.parametrize(
    ("resources", "value", "coverage"),
    [
        (1, -4.3796, [0.4891, 0.3869, 0.1241, 0]),
        (2, -1.7355, [0.7107, 0.6529, 0.5041, 0.1322]),
    ],
)
def test_ground_truth(resources, value, coverage):
    found = optimal_coverage(SITES, resources)
    assert found.defender_payoff == pytest.approx(value, abs=5e-5)
    assert found.coverage == pytest.approx(coverage, abs=5e-5)


def by_linear_programs(game, resources):
    """Best defender payoff over attacked targets, one linear program each."""
    n = game.n_targets
    fall = game.attacker_uncovered - game.attacker_covered
    rise = game.defender_covered - game.defender_uncovered
    best = -np.inf
    for t in range(n):
        rows, limits = [np.ones(n)], [resources]
        for other in range(n):
            if other != t:
                row = np.zeros(n)
                row[t], row[other] = fall[t], -fall[other]
                rows.append(row)
                limits.append(game.attacker_uncovered[t] - game.attacker_uncovered[other])
        goal = np.zeros(n)
        goal[t] = -rise[t]
        solved = linprog(goal, A_ub=rows, b_ub=limits, bounds=[(0, 1)] * n)
        if solved.status == 0:
            best = max(best, game.defender_uncovered[t] - solved.fun)
    return best


@given(st.integers(0, 10**6), st.integers(1, 6), st.floats(0, 6), st.booleans())
@settings(derandomize=True, max_examples=80, deadline=None)
def test_agrees_with_one_linear_program_per_target(seed, n, resources, is_coarse):
    rng = np.random.default_rng(seed)
    round_to = 0 if is_coarse else 6  # coarse payoffs tie often
    bare = rng.uniform(1, 10, n).round(round_to)
    covered = bare - rng.uniform(1, 9, n).round(round_to)
    loss = rng.uniform(-9, 0, n).round(round_to)
    game = SecurityGame(bare, covered, loss, loss + rng.uniform(0, 9, n).round(round_to))
    found = optimal_coverage(game, resources)
    assert found.defender_payoff == pytest.approx(by_linear_programs(game, resources), abs=1e-6)
    assert found.coverage.sum() <= resources + 1e-9
    assert found.target in found.attack_set


def test_more_resources_never_hurt_and_displace_the_attack():
    values = [optimal_coverage(SITES, m).defender_payoff for m in np.linspace(0, 5, 51)]
    assert all(later >= earlier - 1e-12 for earlier, later in pairwise(values))
    assert optimal_coverage(SITES, 0).attack_set == (0,)
    assert optimal_coverage(SITES, 1).attack_set == (0, 1, 2)
    assert optimal_coverage(SITES, 5).resources_left == 1


@pytest.mark.parametrize("penalty", [1e6, 1e12])
def test_huge_penalty_ties_nothing_that_differs(penalty):
    # Nothing to inspect with: the attacker takes 10, though the defender would rather lose 8.
    game = SecurityGame([10, 9.5], [-penalty, -2], [-10, -8], [0, 0])
    found = optimal_coverage(game, 0)
    assert (found.target, found.attack_set) == (0, (0,))
    # The threat is so large that hardly any cover diverts the attack to the other target.
    found = optimal_coverage(game, 0.001)
    assert found.target == 1
    assert found.attacker_regret < 1e-8


def test_constant_added_to_payoffs_changes_nothing():
    shifted = SecurityGame(
        np.array([10, 8, 5, 2]) + 1e9, [1e9 - 2] * 4, [-10, -8, -5, -2], [0] * 4
    )
    assert optimal_coverage(shifted, 1).coverage == pytest.approx(
        optimal_coverage(SITES, 1).coverage
    )
    assert optimal_coverage(shifted, 1).attack_set == (0, 1, 2)


def test_imperfect_detection_is_weaker_cover():
    half = SecurityGame([10], [-2], [-10], [0], detection=0.5)
    assert optimal_coverage(half, 1).attacker_payoff == pytest.approx(4)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_rota_yields_the_coverage(coverage):
    mixture = coverage_mixture(coverage)
    assert sum(p for p, _ in mixture) == pytest.approx(1)
    for target, chance in enumerate(coverage):
        assert sum(p for p, s in mixture if target in s) == pytest.approx(chance, abs=1e-9)
    teams = np.ceil(sum(coverage) - 1e-9)
    assert all(len(targets) <= teams for p, targets in mixture if p > 1e-9)


@pytest.mark.parametrize(
    ("arrays", "place"),
    [
        (([1, 2], [0], [0, 0], [0, 0]), "attacker_covered"),
        (([1], [1], [0], [0]), r"attacker_covered\[0\]"),
        (([1], [0], [0], [-1]), r"defender_covered\[0\]"),
        (([float("nan")], [0], [0], [0]), r"attacker_uncovered\[0\]"),
        (([], [], [], []), "attacker_uncovered"),
        ((["x"], [0], [0], [0]), "attacker_uncovered"),
    ],
)
def test_bad_targets(arrays, place):
    with pytest.raises(InvalidGameError, match=place):
        SecurityGame(*arrays)


def test_bad_resources_and_coverage():
    with pytest.raises(InvalidGameError, match="resources"):
        optimal_coverage(SITES, -1)
    with pytest.raises(InvalidGameError, match=r"coverage\[1\]"):
        coverage_mixture([0.5, 1.5])
