"""The inspection game: ground truth G4 and G5, ties, the effect of a penalty."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError
from games.inspection.inspection_game import (
    InspectionGame,
    announced_inspection,
    inspection_equilibria,
    quantal_inspection,
)
from games.inspection.stackelberg import commitment_to_mixed_strategy
from games.quantal_response import logit_equilibrium

amounts = st.floats(0.01, 100)
chances = st.floats(0.05, 1)


def games():
    return st.builds(InspectionGame, amounts, amounts, chances, amounts, st.floats(0, 100))


@pytest.mark.parametrize(("penalty", "inspect"), [(20, 0.25), (40, 0.125)])
def test_larger_penalty_lowers_inspections_not_violations(penalty, inspect):
    # After Tsebelis (1990): violations stay at κ/(pD) whatever the penalty.
    [found] = inspection_equilibria(InspectionGame(1, 10, 0.8, 4, penalty)).equilibria
    assert found.strategies[0][0] == pytest.approx(inspect, abs=1e-12)
    assert found.strategies[1][1] == pytest.approx(0.125, abs=1e-12)
    assert found.payoffs[0] == pytest.approx(-1.25, abs=1e-12)


def test_announcement_costs_less_than_the_equilibrium_loses():
    announced = announced_inspection(InspectionGame(1, 10, 0.8, 4, 20))
    assert (announced.inspection, announced.violation) == (pytest.approx(0.25), 0.0)
    assert announced.inspector_payoff == pytest.approx(-0.25)
    assert announced.is_limit


def test_violation_is_allowed_where_deterrence_costs_more_than_the_harm():
    # κ i* = 9 · 0.9 = 8.1 > D = 5 and an inspection is not worth its cost either.
    announced = announced_inspection(InspectionGame(9, 5, 1, 9, 10))
    assert (announced.inspection, announced.violation) == (0.0, 1.0)
    assert announced.inspector_payoff == -5
    assert not announced.is_limit


def test_undeterrable_inspectee_is_inspected_only_if_that_pays():
    assert announced_inspection(InspectionGame(1, 10, 0.5, 10, 5)).inspection == 1.0
    assert announced_inspection(InspectionGame(6, 10, 0.5, 10, 5)).inspection == 0.0


TIES = {
    "ps = g": (InspectionGame(1, 10, 0.5, 4, 8), {(1.0, 0.2), (1.0, 1.0)}),
    "κ = pD": (InspectionGame(5, 10, 0.5, 4, 16), {(0.0, 1.0), (0.5, 1.0)}),
    "both": (InspectionGame(5, 10, 0.5, 4, 8), {(0.0, 1.0), (1.0, 1.0)}),
    "κ = pD, undeterred": (InspectionGame(5, 10, 0.5, 4, 4), {(0.0, 1.0), (1.0, 1.0)}),
    "ps = g, κ > pD": (InspectionGame(6, 10, 0.5, 4, 8), {(0.0, 1.0)}),
    "no penalty": (InspectionGame(1, 10, 0.5, 4, 0), {(1.0, 1.0)}),
}


@pytest.mark.parametrize("name", TIES)
def test_ties_give_the_ends_of_every_continuum(name):
    game, expected = TIES[name]
    found = inspection_equilibria(game)
    pairs = {(float(e.strategies[0][0]), float(e.strategies[1][1])) for e in found.equilibria}
    assert pairs == expected
    assert bool(found.note) == (len(expected) > 1)


def grid_equilibria(form):
    """Extreme equilibria of a 2×2 game by trying all ends and indifference points."""

    def points(payoffs):  # opponent's first-action weight that makes the two rows equal
        (a, b), (c, d) = payoffs
        slope = (a - c) - (b - d)
        return {0.0, 1.0} | ({(d - b) / slope} if slope and 0 <= (d - b) / slope <= 1 else set())

    A, B = form.payoffs
    found = []
    for x in points(B.T):
        for y in points(A):
            profile = (np.array([x, 1 - x]), np.array([y, 1 - y]))
            if form.regrets(profile).max() <= 1e-9 * form.scale:
                found.append((x, y))
    return found


@given(games())
@settings(derandomize=True, max_examples=150, deadline=None)
def test_list_is_complete(game):
    ours = inspection_equilibria(game).equilibria
    ours_set = {
        (round(float(e.strategies[0][0]), 6), round(float(e.strategies[1][0]), 6)) for e in ours
    }
    other = {(round(x, 6), round(y, 6)) for x, y in grid_equilibria(game.normal_form)}
    assert ours_set == other


@given(games(), st.floats(1, 3))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_raising_the_penalty_never_raises_violations_under_leadership(game, factor):
    harsher = InspectionGame(
        game.inspection_cost,
        game.undetected_loss,
        game.detection,
        game.gain,
        game.penalty * factor,
    )
    before, after = announced_inspection(game), announced_inspection(harsher)
    assert after.violation <= before.violation
    assert after.inspector_payoff >= before.inspector_payoff - 1e-9


@given(games(), st.floats(1, 3), st.floats(0, 20))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_raising_the_penalty_never_raises_violations_under_noise(game, factor, precision):
    harsher = InspectionGame(
        game.inspection_cost,
        game.undetected_loss,
        game.detection,
        game.gain,
        game.penalty * factor,
    )
    before = quantal_inspection(game, precision)
    assert quantal_inspection(harsher, precision).violation <= before.violation + 1e-9


def test_noise_vanishes_towards_the_equilibrium():
    game = InspectionGame(1, 10, 0.8, 4, 20)
    near = quantal_inspection(game, 2000)
    assert near.inspection == pytest.approx(0.25, abs=1e-3)
    assert near.violation == pytest.approx(0.125, abs=1e-3)


@given(games(), st.floats(0, 5))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_noise_agrees_with_the_traced_branch(game, precision):
    found = quantal_inspection(game, precision)
    traced = logit_equilibrium(game.normal_form, precision).strategies
    assert traced[0][0] == pytest.approx(found.inspection, abs=1e-5)
    assert traced[1][1] == pytest.approx(found.violation, abs=1e-5)


def test_noisy_responses_are_logit_responses_of_the_normal_form():
    game, precision = InspectionGame(1, 10, 0.8, 4, 20), 0.7
    found = quantal_inspection(game, precision)
    profile = (
        np.array([found.inspection, 1 - found.inspection]),
        np.array([1 - found.violation, found.violation]),
    )
    for player in (0, 1):
        weights = np.exp(precision * game.normal_form.action_payoffs(player, profile))
        assert profile[player] == pytest.approx(weights / weights.sum(), abs=1e-9)


@given(games())
@settings(derandomize=True, max_examples=80, deadline=None)
def test_announcement_agrees_with_the_linear_programs(game):
    general = commitment_to_mixed_strategy(game.normal_form)
    special = announced_inspection(game)
    scale = game.inspection_cost + game.undetected_loss
    assert special.inspector_payoff == pytest.approx(general.leader_payoff, abs=1e-7 * scale)


@pytest.mark.parametrize("penalty", [1e6, 1e12, 1e15])
def test_huge_penalty_needs_tiny_inspections(penalty):
    game = InspectionGame(1, 10, 0.5, 4, penalty)
    [found] = inspection_equilibria(game).equilibria
    assert found.strategies[0][0] == pytest.approx(8 / penalty, rel=1e-12)
    assert found.strategies[1][1] == pytest.approx(0.2, rel=1e-12)
    announced = announced_inspection(game)
    assert announced.violation == 0
    assert announced.follower_regret < 1e-11


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("inspection_cost", 0),
        ("undetected_loss", -1),
        ("detection", 1.5),
        ("detection", 0),
        ("gain", float("nan")),
        ("penalty", float("inf")),
        ("penalty", "much"),
    ],
)
def test_bad_parameter_is_named(field, value):
    good = {
        "inspection_cost": 1,
        "undetected_loss": 10,
        "detection": 0.8,
        "gain": 4,
        "penalty": 20,
    }
    with pytest.raises(InvalidGameError, match=field):
        InspectionGame(**{**good, field: value})
