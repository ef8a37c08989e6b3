"""Statistical inspection: ground truth G7, best replies by brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from games.errors import InvalidGameError
from games.inspection.statistical_inspection import (
    StatisticalInspection,
    statistical_equilibrium,
)


def test_ground_truth():
    found = statistical_equilibrium(StatisticalInspection(0.2, 0.5, 0.4, 2, 2))
    assert found.false_alarm == pytest.approx(0.0075923, abs=5e-8)
    assert found.missed == pytest.approx(0.66565, abs=5e-6)
    assert found.violation == pytest.approx(0.022485, abs=5e-7)
    assert found.announced_payoff == pytest.approx(-0.0015185, abs=5e-8)
    assert found.inspector_payoff == pytest.approx(-0.0202102, abs=5e-8)


def test_larger_penalty_needs_fewer_false_alarms():
    found = statistical_equilibrium(StatisticalInspection(0.2, 0.5, 0.4, 4, 2))
    assert found.false_alarm == pytest.approx(0.0022488, abs=5e-8)
    assert found.missed == pytest.approx(0.79982, abs=5e-6)


@given(
    st.floats(0.05, 0.4),
    st.floats(0.45, 0.9),
    st.floats(0.1, 1),
    st.floats(1.1, 20),
    st.floats(0, 4),
)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_both_sides_play_best_replies(e, a, f, B, d):
    game = StatisticalInspection(e, a, f, B, d)
    found = statistical_equilibrium(game)
    legal = -f * found.false_alarm
    illegal = -B * (1 - found.missed) + found.missed
    assert illegal == pytest.approx(legal, abs=1e-9 * (B + 1))
    # The inspector cannot gain by another false-alarm rate.
    α = np.append(np.geomspace(1e-12, 1, 2001)[:-1], found.false_alarm)
    β = norm.cdf(norm.isf(α) - d)
    q = found.violation
    payoffs = -(1 - q) * e * α + q * (-a * (1 - β) - β)
    assert payoffs.max() <= found.inspector_payoff + 1e-9
    assert found.announced_payoff >= found.inspector_payoff


def test_without_evidence_alarms_are_a_coin():
    # d' = 0: β = 1 − α, so that B − fα = (B + 1)(1 − α) gives α = 1/(B + 1 − f).
    found = statistical_equilibrium(StatisticalInspection(0.2, 0.5, 0.4, 2, 0))
    assert found.false_alarm == pytest.approx(1 / 2.6)
    assert found.violation == pytest.approx(0.2 / (0.2 + 0.5))


def test_tiny_false_alarm_rates_are_not_lost():
    found = statistical_equilibrium(StatisticalInspection(0.2, 0.5, 0.4, 2, 20))
    assert 0 < found.false_alarm < 1e-60


@pytest.mark.parametrize(
    "values",
    [(0.6, 0.5, 0.4, 2, 2), (0.2, 1.0, 0.4, 2, 2), (0.2, 0.5, 3, 2, 2), (0.2, 0.5, 0.4, 2, -1)],
)
def test_bad_parameters(values):
    with pytest.raises(InvalidGameError):
        StatisticalInspection(*values)
