"""Imperfect public monitoring (model 7; G2): the least punishment that deters."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, NoSolutionError
from games.repeated.automata import automaton_values
from games.repeated.deviations import one_shot_check
from games.repeated.dilemma import Dilemma
from games.repeated.imperfect_monitoring import (
    Feasibility,
    monitoring_automaton,
    optimal_punishment,
    punishment_payoff,
)

AXELROD = Dilemma(5, 3, 1, 0)


@pytest.mark.parametrize(
    ("detection", "false_alarm", "discount", "length", "average"),
    [(0.9, 0.1, 0.9, 2, 2.7079), (0.6, 0.1, 0.9, 4, 2.5273), (0.9, 0.3, 0.9, 5, 1.9498)],
)
def test_ground_truth_grid(
    detection: float, false_alarm: float, discount: float, length: int, average: float
) -> None:
    """Ground truth G2."""
    best = optimal_punishment(
        5, 3, 1, detection=detection, false_alarm=false_alarm, discount=discount
    )
    assert best.is_feasible
    assert best.length == length
    assert best.average_payoff == pytest.approx(average, abs=5e-5)
    assert best.loss_from_error == pytest.approx(3 - best.average_payoff)


def test_ground_truth_ceiling_and_threshold() -> None:
    best = optimal_punishment(5, 3, 1, detection=0.9, false_alarm=0.1, discount=0.9)
    assert best.ceiling == 2.75
    assert best.min_discount == pytest.approx(10 / 17)
    better = optimal_punishment(5, 3, 1, detection=0.9, false_alarm=0.05, discount=0.9)
    assert better.ceiling == pytest.approx(2.882, abs=5e-4)  # model 17


def test_ground_truth_infeasible() -> None:
    best = optimal_punishment(5, 3, 1, detection=0.9, false_alarm=0.5, discount=0.95)
    assert best.feasibility is Feasibility.UNINFORMATIVE
    assert best.min_discount == math.inf
    assert best.average_payoff == 1
    assert best.slack < 0


def test_too_impatient_is_told_from_too_weak_a_signal() -> None:
    best = optimal_punishment(5, 3, 1, detection=0.9, false_alarm=0.1, discount=0.58)
    assert best.feasibility is Feasibility.IMPATIENT
    assert best.min_discount == pytest.approx(10 / 17)


def test_ties_are_exact() -> None:
    # At the threshold itself only permanent punishment deters; just above, a long finite one.
    at = optimal_punishment(5, 3, 1, detection=0.9, false_alarm=0.1, discount=Fraction(10, 17))
    assert at.length == math.inf
    # Perfect monitoring, d + d^2 + d^3 = 7/8 at d = 1/2: the third period is just enough.
    tie = optimal_punishment(15, 8, 0, detection=1, false_alarm=0, discount=0.5)
    assert tie.length == 3
    assert tie.slack == pytest.approx(0, abs=1e-12)
    assert (
        optimal_punishment(15.000001, 8, 0, detection=1, false_alarm=0, discount=0.5).length == 4
    )


def test_no_temptation_needs_no_punishment() -> None:
    best = optimal_punishment(3, 3, 1, detection=0.2, false_alarm=0.2, discount=0)
    assert (best.is_feasible, best.length, best.average_payoff) == (True, 0, 3)


signals = st.tuples(st.floats(0.05, 1), st.floats(0, 0.6))


@given(signal=signals, discount=st.floats(0.05, 0.98), gain=st.integers(1, 6))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_the_automaton_agrees_on_every_length(
    signal: tuple[float, float], discount: float, gain: int
) -> None:
    """Brute force: one-shot checks of the automata with 1, 2, ... periods and for ever."""
    dilemma = Dilemma(3 + gain, 3, 1, 0)
    detection, false_alarm = signal
    terms = {"detection": detection, "false_alarm": false_alarm}
    best = optimal_punishment(3 + gain, 3, 1, discount=discount, **terms)
    lengths = [*range(1, 11), math.inf]
    checks = {
        L: one_shot_check(
            dilemma.game(), monitoring_automaton(dilemma, length=L, **terms), discount
        )
        for L in lengths
    }
    deters = [L for L in lengths if checks[L].is_equilibrium]
    if not deters:
        assert not best.is_feasible
        return
    assert best.is_feasible
    if deters[0] == math.inf:
        assert best.length > 10
        return
    assert best.length == deters[0]
    assert best.average_payoff == pytest.approx(checks[deters[0]].values[0, 0])
    # Longer punishments pay less, and nothing beats the ceiling.
    payoffs = [checks[L].values[0, 0] for L in deters]
    assert (np.diff(payoffs) <= 1e-12).all()
    assert best.average_payoff <= best.ceiling + 1e-9


@given(
    detection=st.floats(0.5, 1),
    alarms=st.tuples(st.floats(0, 0.3), st.floats(0, 0.3)),
    discount=st.floats(0.3, 0.95),
)
@settings(derandomize=True, max_examples=40, deadline=None)
def test_more_false_alarms_never_help(
    detection: float, alarms: tuple[float, float], discount: float
) -> None:
    few, many = (
        optimal_punishment(5, 3, 1, detection=detection, false_alarm=q, discount=discount)
        for q in sorted(alarms)
    )
    assert many.average_payoff <= few.average_payoff + 1e-12
    assert many.ceiling <= few.ceiling + 1e-12
    assert many.min_discount >= few.min_discount - 1e-12


@given(scale=st.sampled_from([1e-6, 2.5, 1e9]), offset=st.sampled_from([-1e6, 0, 13]))
@settings(derandomize=True, max_examples=9, deadline=None)
def test_affine_rescaling(scale: float, offset: float) -> None:
    base = optimal_punishment(5, 3, 1, detection=0.9, false_alarm=0.3, discount=0.9)
    T, R, P = (Fraction(repr(float(scale))) * x + Fraction(offset) for x in (5, 3, 1))
    other = optimal_punishment(T, R, P, detection=0.9, false_alarm=0.3, discount=0.9)
    assert other.length == base.length
    assert other.min_discount == base.min_discount
    assert other.average_payoff == pytest.approx(base.average_payoff * scale + offset)


def test_very_patient_players_and_very_long_punishments() -> None:
    best = optimal_punishment(
        5, 3, 1, detection=0.9, false_alarm=0.1, discount=Fraction(10**9 - 1, 10**9)
    )
    assert best.length == 2
    # A temptation so large that 10^5 periods are needed.
    long = optimal_punishment(
        10**5, 3, 1, detection=1, false_alarm=0, discount=Fraction(10**6 - 1, 10**6)
    )
    assert 49_999 <= long.length <= 60_000
    assert long.slack >= 0


def test_payoff_agrees_with_the_automaton_without_asking_for_incentives() -> None:
    automaton = monitoring_automaton(AXELROD, detection=0.5, false_alarm=0.4, length=3)
    value = automaton_values(AXELROD.game(), automaton, 0.6)[0, 0]
    formula = punishment_payoff(3, 1, false_alarm=0.4, discount=0.6, length=3)
    assert formula == pytest.approx(value)


def test_bad_input_is_named() -> None:
    good = {"detection": 0.9, "false_alarm": 0.1, "discount": 0.9}
    for change, place in [
        ({"detection": 1.2}, "detection"),
        ({"false_alarm": -0.1}, "false_alarm"),
        ({"discount": 1}, "discount"),
        ({"discount": math.nan}, "discount"),
    ]:
        with pytest.raises(InvalidGameError, match=place):
            optimal_punishment(5, 3, 1, **{**good, **change})
    with pytest.raises(InvalidGameError, match="payoffs"):
        optimal_punishment(5, 1, 3, **good)
    with pytest.raises(InvalidGameError, match="reward"):
        optimal_punishment(5, "3", 1, **good)
    with pytest.raises(NoSolutionError):
        monitoring_automaton(AXELROD, detection=0.9, false_alarm=0.1, length=0)
