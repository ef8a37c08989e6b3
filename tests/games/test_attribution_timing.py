"""Dates of accusation, sequential tests (G14), stockpiles (G8) and red lines (G31)."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.attribution.accusation_timing import (
    Verdict,
    accusation_value,
    best_accusation_date,
    sequential_test,
    sequential_verdict,
)
from games.attribution.red_line import RedLine, most_useful_blur, red_line_response
from games.attribution.stockpile_timing import StockpileProblem, best_stockpile_policy
from games.errors import InvalidGameError, NoSolutionError


@pytest.mark.parametrize(
    # models.md gives τ* = 8.20 (from a grid); the exact maximizer is 8.1945.
    ("first", "date", "value"),
    [(0.5, 8.1945, 0.3454), (1, 5.852, 0.573)],
)
def test_best_date(first, date, value):
    best = best_accusation_date(first, 0.95)
    assert best.date == pytest.approx(date, abs=5e-4)
    assert best.value == pytest.approx(value, abs=5e-5)


@given(st.floats(0.01, 10), st.floats(0.01, 0.999))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_no_other_date_is_better(first, discount):
    best = best_accusation_date(first, discount, 3.0)
    for factor in np.geomspace(0.01, 100, 81):
        value = accusation_value(best.date * factor, first, discount, 3.0)
        assert value <= best.value * (1 + 1e-12)


def test_faster_forensics_and_impatience_bring_the_date_forward():
    assert best_accusation_date(1, 0.95).date < best_accusation_date(0.5, 0.95).date
    assert best_accusation_date(0.5, 0.9).date < best_accusation_date(0.5, 0.95).date


def test_sequential_test():
    test = sequential_test(1, 0.05, 0.1)
    assert test.periods_if_guilty == pytest.approx(4.75, abs=5e-3)
    assert test.fixed_periods == pytest.approx(8.56, abs=5e-3)
    assert (test.upper, test.lower) == pytest.approx((math.log(18), math.log(0.1 / 0.95)))


@pytest.mark.parametrize(("shift", "wrong"), [(0.0, Verdict.ACCUSE), (0.3, Verdict.CLEAR)])
def test_sequential_error_rates_hold_in_simulation(shift, wrong):
    # Wald's bounds: the errors stay near the nominal rates, below them but for chance.
    rng = np.random.default_rng(11)
    runs = [
        sequential_verdict(rng.normal(shift, 1, 2000).tolist(), 0.3, 0.05, 0.1) for _ in range(800)
    ]
    share = sum(verdict is wrong for verdict, _ in runs) / len(runs)
    nominal = {Verdict.ACCUSE: 0.05, Verdict.CLEAR: 0.1}[wrong]
    assert 0.3 * nominal < share < nominal + 3 * math.sqrt(nominal / len(runs))
    test = sequential_test(0.3, 0.05, 0.1)
    expected = test.periods_if_guilty if shift else test.periods_if_innocent
    assert np.mean([used for _, used in runs]) == pytest.approx(expected, rel=0.25)


def test_short_evidence_leaves_the_case_open():
    assert sequential_verdict([0.5], 1, 0.05, 0.1) == (Verdict.OPEN, 1)
    assert sequential_verdict([], 1, 0.05, 0.1) == (Verdict.OPEN, 0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: best_accusation_date(0, 0.9),
        lambda: best_accusation_date(1, 1.0),
        lambda: best_accusation_date(1, 0.9, 0),
        lambda: accusation_value(-1, 1, 0.9),
        lambda: sequential_test(1, 0.6, 0.5),
        lambda: sequential_test(1, 0, 0.1),
        lambda: sequential_verdict([float("nan")], 1, 0.05, 0.1),
    ],
)
def test_bad_timing(call):
    with pytest.raises(InvalidGameError):
        call()


DIE = range(1, 7)
DOUBLING = (1, 2, 4, 8, 16, 32)
AXELROD_ILIEV = [
    (DIE, 0.5, 0.8, 2, 6.60066),
    (DIE, 0.2, 0.8, 3, 4.6875),
    (DIE, 0.8, 0.8, 1, 12.5),
    (DIE, 0.5, 0.4, 1, None),
    (DIE, 0.2, 0.95, 4, 5.18135),
    (DOUBLING, 0.5, 0.8, 8, 22.49),
    (DOUBLING, 0.2, 0.8, 16, None),
]


@pytest.mark.parametrize(("stakes", "stealth", "persistence", "threshold", "value"), AXELROD_ILIEV)
def test_stockpile(stakes, stealth, persistence, threshold, value):
    policy = best_stockpile_policy(StockpileProblem(stakes, stealth, persistence, 0.9))
    assert policy.threshold == threshold
    if value is not None:
        assert policy.value == pytest.approx(value, abs=5e-3 if value > 20 else 5e-5)


def by_value_iteration(problem):
    value = 0.0
    w, S, keep = problem.discount, problem.stealth, problem.persistence
    for _ in range(5000):
        options = np.maximum(problem.stakes + w * S * value, w * keep * value)
        value = float(problem.probabilities @ options)
    return value


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.98))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_stockpile_agrees_with_value_iteration(seed, stealth, persistence, discount):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 7))
    stakes = np.cumsum(rng.random(n) + 0.01)
    problem = StockpileProblem(stakes, stealth, persistence, discount, rng.dirichlet(np.ones(n)))
    assert best_stockpile_policy(problem).value == pytest.approx(
        by_value_iteration(problem), rel=1e-7
    )


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 0.95), st.floats(0.1, 1))
@settings(derandomize=True, max_examples=80, deadline=None)
def test_persistence_says_wait_and_stealth_says_go(stealth, persistence, discount, share):
    def threshold(S, keep):
        return best_stockpile_policy(StockpileProblem(DIE, S, keep, discount)).threshold

    base = threshold(stealth, persistence)
    assert threshold(stealth, persistence * share) <= base  # disclosure hastens use
    assert threshold(stealth * share, persistence) >= base


def test_tie_between_use_and_waiting_is_named():
    # One stake of 1 only, S = 0, Π = 1: waiting gains nothing but loses nothing if w were 1.
    # With stakes 1 and 2, w(Π − S)V = 1 at w = 2/3: V(2) = 1/(1/3 + 1/3) = 3/2 = V(1).
    policy = best_stockpile_policy(StockpileProblem([1, 2], 0, 1, 2 / 3))
    assert policy.value == pytest.approx(1.5)
    assert policy.is_tied
    assert policy.threshold == 1


@pytest.mark.parametrize(
    ("stakes", "more"),
    [
        ([], {}),
        ([2, 1], {}),
        ([-1, 1], {}),
        ([0], {}),
        ([1, float("inf")], {}),
        (["x"], {}),
        ([1, 2], {"probabilities": [0.5, 0.4]}),
        ([1, 2], {"probabilities": [1.0]}),
    ],
)
def test_bad_stakes(stakes, more):
    with pytest.raises(InvalidGameError, match=r"stakes|probabilities"):
        StockpileProblem(stakes, 0.5, 0.8, 0.9, **more)


def test_bad_survival():
    with pytest.raises(InvalidGameError, match="discount"):
        StockpileProblem(DIE, 0.5, 0.8, 1.0)
    with pytest.raises(InvalidGameError, match="stealth"):
        StockpileProblem(DIE, 1.5, 0.8, 0.9)


@pytest.mark.parametrize(
    ("blur", "act", "punished"), [(0, 0.5, 0), (0.25, 0.25, 0), (0.45, 0.05, 0), (0.6, 1, 0.917)]
)
def test_red_line(blur, act, punished):
    found = red_line_response(RedLine(0.5, blur, 1, 1))
    assert found.act == pytest.approx(act)
    assert found.punished == pytest.approx(punished, abs=5e-4)
    assert found.deters == (punished == 0)


@given(st.floats(0, 1), st.floats(0, 2), st.floats(0.1, 5), st.floats(0, 10), st.floats(0, 1))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_no_act_is_better(line, blur, gain, sanction, act):
    red_line = RedLine(line, blur, gain, sanction)
    assert red_line.payoff(act) <= red_line_response(red_line).payoff + 1e-9


@given(st.floats(0.01, 1), st.floats(0.1, 5), st.floats(0, 10))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_most_useful_blur_is_the_border(line, gain, sanction):
    try:
        blur = most_useful_blur(line, gain, sanction)
    except NoSolutionError:
        assert red_line_response(RedLine(line, 0, gain, sanction)).act == 1
        return
    inside, beyond = blur * 0.999, blur * 1.001 + 1e-6
    assert red_line_response(RedLine(line, inside, gain, sanction)).deters
    response = red_line_response(RedLine(line, beyond, gain, sanction))
    assert not response.deters or beyond > line


def test_huge_sanction_leaves_ties_exact():
    # Any act over 0.5 is ruined; 0.4 and 0.5 must not count as equal beside 1e12.
    found = red_line_response(RedLine(0.5, 0.1, 1, 1e12))
    assert found.tied_acts == (0.4,)


def test_bad_red_line():
    with pytest.raises(InvalidGameError, match="line"):
        RedLine(1.5, 0, 1, 1)
    with pytest.raises(InvalidGameError, match="blur"):
        RedLine(0.5, -1, 1, 1)
