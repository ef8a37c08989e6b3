"""Ground truth of models.md, section 4, by its numbers, for games of strategy and information.

One test per line, named by its number: the values are those printed there, to the digits printed.
"""

import math

import numpy as np
import pytest

from games.attribution.accusation_timing import best_accusation_date, sequential_test
from games.attribution.evidence_standard import (
    most_deterring_standard,
    positive_predictive_value,
    sanction_that_deters,
    standard_at_false_accusation,
)
from games.attribution.joint_attribution import pooled_separation
from games.attribution.misattribution import AttributionGame, attribution_equilibria
from games.attribution.red_line import RedLine, red_line_response
from games.attribution.stockpile_timing import StockpileProblem, best_stockpile_policy
from games.bargaining.rubinstein import rubinstein_shares
from games.cheap_talk import most_messages
from games.correlated import correlated_equilibrium, weighted_payoffs
from games.inspection.inspection_game import (
    InspectionGame,
    announced_inspection,
    inspection_equilibria,
    quantal_inspection,
)
from games.inspection.security_game import SecurityGame, optimal_coverage
from games.inspection.sequential_inspection import inspection_stage, inspection_value
from games.inspection.stackelberg import commitment_to_mixed_strategy, commitment_to_pure_action
from games.inspection.statistical_inspection import StatisticalInspection, statistical_equilibrium
from games.learning.replicator import rest_points
from games.learning.thresholds import tipping_share
from games.normal_form import NormalFormGame
from games.repeated.critical_discount import (
    generosity_limit,
    grim_trigger_discount,
    limited_punishment_discount,
    tit_for_tat_discount,
)
from games.repeated.dilemma import Dilemma
from games.repeated.escape_clause import UniformShock, escape_option, rigid_agreement
from games.repeated.imperfect_monitoring import optimal_punishment
from games.signalling.crisis_bargaining import best_demand

AXELROD = Dilemma(5, 3, 1, 0)


def digits(value, n):
    """Value to within half a unit of the n-th decimal printed."""
    return pytest.approx(value, abs=0.5000001 * 10.0**-n)


def inspection(penalty):
    return InspectionGame(1, 10, 0.8, gain=4, penalty=penalty)


def test_g01_critical_discount_factors():
    for length, value in ((2, 0.618034), (3, 0.543689), (5, 0.508660)):
        assert limited_punishment_discount(AXELROD, length).value == digits(value, 6)
    assert grim_trigger_discount(AXELROD).value == 0.5
    assert tit_for_tat_discount(AXELROD).value == digits(2 / 3, 12)
    assert limited_punishment_discount(AXELROD, 1).value == 1


@pytest.mark.parametrize(
    ("detection", "false_alarm", "discount", "length", "payoff"),
    [(0.9, 0.1, 0.9, 2, 2.7079), (0.6, 0.1, 0.9, 4, 2.5273), (0.9, 0.3, 0.9, 5, 1.9498)],
)
def test_g02_punishment_under_false_alarms(detection, false_alarm, discount, length, payoff):
    best = optimal_punishment(
        5, 3, 1, detection=detection, false_alarm=false_alarm, discount=discount
    )
    assert (best.length, best.average_payoff) == (length, digits(payoff, 4))


def test_g02_ceiling_threshold_and_the_infeasible_case():
    best = optimal_punishment(5, 3, 1, detection=0.9, false_alarm=0.1, discount=0.9)
    assert (best.ceiling, best.min_discount) == (pytest.approx(2.75), digits(0.5882, 4))
    assert not optimal_punishment(
        5, 3, 1, detection=0.9, false_alarm=0.5, discount=0.95
    ).is_feasible


@pytest.mark.parametrize(("penalty", "inspect"), [(20, 0.25), (40, 0.125)])
def test_g04_inspection_equilibrium(penalty, inspect):
    [found] = inspection_equilibria(inspection(penalty)).equilibria
    assert (found.strategies[0][0], found.strategies[1][1]) == pytest.approx((inspect, 0.125))


def test_g05_leadership_costs_less_than_the_equilibrium():
    announced = announced_inspection(inspection(20))
    assert (announced.inspection, announced.violation) == (pytest.approx(0.25), 0)
    assert announced.inspector_payoff == pytest.approx(-0.25)
    [simultaneous] = inspection_equilibria(inspection(20)).equilibria
    assert simultaneous.payoffs[0] == pytest.approx(-1.25)


def test_g06_dresher():
    values = {(2, 1): -1 / 3, (3, 1): -1 / 2, (3, 2): -1 / 7, (4, 2): -3 / 11, (10, 3): -21 / 44}
    for (n, m), value in values.items():
        assert float(inspection_value(n, m)) == pytest.approx(value, abs=1e-15)
    assert float(inspection_value(10, 3)) == digits(-0.47727, 5)
    assert float(inspection_value(12, 6)) == digits(-0.184064, 6)
    for (n, m), chance in {(2, 1): 1 / 3, (3, 1): 1 / 4}.items():
        assert float(inspection_stage(n, m).inspect) == pytest.approx(chance, abs=1e-15)
    assert float(inspection_stage(10, 3).inspect) == digits(0.261364, 6)


def test_g07_statistical_inspection():
    found = statistical_equilibrium(StatisticalInspection(0.2, 0.5, 0.4, 2, 2))
    assert (found.false_alarm, found.missed) == (digits(0.0075923, 7), digits(0.66565, 5))
    assert found.violation == digits(0.022485, 6)
    assert found.announced_payoff == digits(-0.0015185, 7)
    assert found.inspector_payoff == digits(-0.0202102, 7)
    harsher = statistical_equilibrium(StatisticalInspection(0.2, 0.5, 0.4, 4, 2))
    assert (harsher.false_alarm, harsher.missed) == (digits(0.0022488, 7), digits(0.79982, 5))


@pytest.mark.parametrize(
    ("stakes", "stealth", "persistence", "threshold", "value", "places"),
    [
        (range(1, 7), 0.5, 0.8, 2, 6.60066, 5),
        (range(1, 7), 0.2, 0.8, 3, 4.6875, 4),
        (range(1, 7), 0.8, 0.8, 1, 12.5, 1),
        (range(1, 7), 0.5, 0.4, 1, None, 0),
        (range(1, 7), 0.2, 0.95, 4, 5.18135, 5),
        ([1, 2, 4, 8, 16, 32], 0.5, 0.8, 8, 22.49, 2),
        ([1, 2, 4, 8, 16, 32], 0.2, 0.8, 16, None, 0),
    ],
)
def test_g08_timing_of_use(stakes, stealth, persistence, threshold, value, places):
    policy = best_stockpile_policy(StockpileProblem(stakes, stealth, persistence, 0.9))
    assert policy.threshold == threshold
    assert value is None or policy.value == digits(value, places)


def test_g09_crisis_bargaining():
    best = best_demand(0.6, 0.1, 0.4)
    assert (best.demand, best.conflict_probability) == pytest.approx((0.75, 0.375))


@pytest.mark.parametrize(("penalty", "point"), [(20, (0.405, 0.077)), (40, (0.280, 0.007))])
def test_g10_quantal_inspection(penalty, point):
    found = quantal_inspection(inspection(penalty), 1.0)
    assert (found.inspection, found.violation) == (digits(point[0], 3), digits(point[1], 3))


G11 = {
    # retaliation, row given as null/own/other, false alarm each, x*, P(attack), digits of x*
    "a": (lambda b: b**4, (0.5, 0.5, 0), 0, 0.4999, 0.400, 4),
    "b": (lambda b: b**4, (0.2, 0.65, 0.15), 0, 0.2834, 0.573, 4),
    "c": (lambda b: b**4, (0.2, 0.8, 0), 0, 0.8, 0.160, 3),
    "d, base": (lambda b: 1 - (1 - b) ** 4, (0.1, 0.7, 0.2), 0.1, 0.538, 0.370, 3),
    "d, surer": (lambda b: 1 - (1 - b) ** 4, (0.45, 0.5, 0.05), 0.02, 0.135, 0.692, 3),
    "linear": (lambda b: b, (0.4, 0.42, 0.18), 0.05, 0.1558, 0.675, 4),
    "fewer alarms": (lambda b: b, (0.4, 0.42, 0.18), 0.01, 0.2126, 0.630, 4),
    "non-detection": (lambda b: b, (0.49, 0.42, 0.09), 0.05, 0.1781, 0.658, 4),
}


def suspects(rule, row, alarm, second=0.4):
    null, own, other = row
    rows = [[null, own, other], [null, other, own]]
    return AttributionGame([0.4, second], rows, [1 - 2 * alarm, alarm, alarm], rule)


@pytest.mark.parametrize("name", G11)
def test_g11_misattribution(name):
    rule, row, alarm, cutoff, attack, places = G11[name]
    [found] = attribution_equilibria(suspects(rule, row, alarm)).equilibria
    assert found.cutoffs == digits(np.full(2, cutoff), places)
    assert found.attack == digits(attack, 3)


def test_g11_attackers_are_complements():
    for second, cutoff in ((0.2, 0.2110), (0.4, 0.1558), (0.55, 0.1072)):
        game = suspects(lambda b: b, (0.4, 0.42, 0.18), 0.05, second)
        [found] = attribution_equilibria(game).equilibria
        assert found.cutoffs[0] == digits(cutoff, 4)


def test_g12_standards_of_evidence():
    best = most_deterring_standard(2)
    assert best.deterrence == digits(0.6827, 4)
    assert sanction_that_deters(best, 1) == digits(1.465, 3)
    for share, detection, sanction in ((0.01, 0.372, 2.76), (0.001, 0.138, 7.31)):
        standard = standard_at_false_accusation(2, share)
        assert standard.detection == digits(detection, 3)
        assert sanction_that_deters(standard, 1) == digits(sanction, 2)


def test_g13_share_of_the_accused_who_are_guilty():
    assert positive_predictive_value(0.1, 0.9, 0.05) == pytest.approx(2 / 3)


def test_g14_date_of_an_accusation_and_sequential_test():
    slow, fast = best_accusation_date(0.5, 0.95), best_accusation_date(1, 0.95)
    # 8.20 is the best point of a grid; the value is flat there, the maximum at 8.1945.
    assert (slow.date, slow.value) == (pytest.approx(8.20, abs=6e-3), digits(0.3454, 4))
    assert (fast.date, fast.value) == (digits(5.85, 2), digits(0.573, 3))
    test = sequential_test(1, 0.05, 0.1)
    assert (test.periods_if_guilty, test.fixed_periods) == (digits(4.75, 2), digits(8.56, 2))


def test_g16_commitment_and_security():
    game = NormalFormGame.from_bimatrix([[2, 4], [1, 3]], [[1, 0], [0, 1]])
    assert commitment_to_pure_action(game).leader_payoff == 3
    mixed = commitment_to_mixed_strategy(game)
    assert mixed.leader_payoff == pytest.approx(3.5)
    assert mixed.strategy == pytest.approx([0.5, 0.5])
    [pure] = [p for p in np.ndindex(2, 2) if game.regrets(game.pure_profile(p)).max() == 0]
    assert game.payoffs[(0, *pure)] == 2
    sites = SecurityGame([10, 8, 5, 2], [-2] * 4, [-10, -8, -5, -2], [0] * 4)
    for m, value, coverage in (
        (1, -4.3796, [0.4891, 0.3869, 0.1241, 0]),
        (2, -1.7355, [0.7107, 0.6529, 0.5041, 0.1322]),
    ):
        found = optimal_coverage(sites, m)
        assert found.defender_payoff == digits(value, 4)
        assert found.coverage == digits(np.array(coverage), 4)


def test_g17_chicken_with_a_mediator():
    # Aumann (1974): 1/2, 1/4, 1/4, 0 is the best symmetric plan and pays each 5.25.
    chicken = NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    found = correlated_equilibrium(chicken, weighted_payoffs(chicken, [1, 1]))
    assert found.payoffs.sum() == pytest.approx(2 * 5.25)
    assert found.distribution == pytest.approx(np.array([[0.5, 0.25], [0.25, 0]]))


def test_g19_generosity():
    assert float(generosity_limit(AXELROD)) == pytest.approx(1 / 3, abs=1e-15)


def test_g20_stag_hunt_tips_at_two_thirds():
    assert float(tipping_share(4, 0, 3, 2)) == pytest.approx(2 / 3, abs=1e-15)
    assert rest_points([[4, 0], [3, 2]]).points[-1].shares[0] == pytest.approx(2 / 3)


def test_g23_escape_clause():
    shock = UniformShock(0, 4)
    options = [escape_option(shock, cooperation=1, harm=2, price=k) for k in range(5)]
    assert [option.average_payoff for option in options] == [1, 1.375, 1.5, 1.375, 1]
    assert options[2].min_discount == pytest.approx(4 / 7)
    assert rigid_agreement(shock, cooperation=1).min_discount == pytest.approx(0.8)


def test_g26_credible_messages():
    assert [most_messages(bias) for bias in (1 / 20, 1 / 5, 1 / 3)] == [3, 2, 1]


def test_g30_alternating_offers():
    first, second = rubinstein_shares([0.9, 0.8])
    assert (first, first + second) == (digits(0.714286, 6), pytest.approx(1))


@pytest.mark.parametrize(
    ("blur", "act"), [(0, 0.5), (0.25, 0.25), (0.45, 0.05), (0.6, 1)], ids=str
)
def test_g31_red_lines(blur, act):
    response = red_line_response(RedLine(0.5, blur, gain=1, sanction=1))
    assert response.act == pytest.approx(act, abs=1e-12)
    if blur == 0.6:
        assert response.punished == digits(0.917, 3)


def test_g33_joint_attribution():
    assert pooled_separation(1, 4, 0) == 2
    assert pooled_separation(1, 4, 0.5) == digits(1.265, 3)
    assert math.isclose(pooled_separation(1, 10**9, 0.5), math.sqrt(2), rel_tol=1e-8)
