"""Joint attribution: ground truth G33, overlap of sources, who joins."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.attribution.joint_attribution import (
    CoSigner,
    joint_attribution,
    pooled_separation,
    separation_limit,
)
from games.errors import InvalidGameError


def test_four_partners():
    assert pooled_separation(1, 4, 0) == pytest.approx(2.0)
    assert pooled_separation(1, 4, 0.5) == pytest.approx(1.265, abs=5e-4)


@given(st.floats(0.1, 3), st.integers(1, 8), st.floats(0, 1))
@settings(derandomize=True, max_examples=80, deadline=None)
def test_pooling_is_the_mean_of_correlated_signals(d, m, correlation):
    covariance = np.full((m, m), correlation) + (1 - correlation) * np.eye(m)
    mean = np.full(m, 1 / m)
    spread = math.sqrt(float(mean @ covariance @ mean))
    assert pooled_separation(d, m, correlation) == pytest.approx(d / spread, rel=1e-9)
    assert pooled_separation(d, m, correlation) <= separation_limit(d, correlation) * (1 + 1e-12)


def test_the_same_report_five_times_is_one_report():
    assert pooled_separation(1, 5, 1) == 1
    steps = joint_attribution(1, 1, [CoSigner(str(i), 0, 1, 0.01) for i in range(4)], sanction=5)
    assert not any(step.joins for step in steps)
    assert all(step.added == 0 for step in steps)


def test_each_further_partner_adds_less_evidence():
    steps = joint_attribution(1, 0.3, [CoSigner(str(i), 0, 1, 0) for i in range(6)], sanction=1)
    added = [step.added for step in steps]
    assert all(step.joins for step in steps)
    assert added == sorted(added, reverse=True)


def test_partner_who_stays_out_adds_nothing_to_those_after():
    dear, cheap = CoSigner("dear", 1, 1, 100), CoSigner("cheap", 1, 1, 0)
    alone = joint_attribution(1, 0.2, [cheap], sanction=5)
    after = joint_attribution(1, 0.2, [dear, cheap], sanction=5)
    assert [step.joins for step in after] == [False, True]
    assert after[1].deterrence == alone[0].deterrence


@pytest.mark.parametrize("correlation", [1.1, -0.5, float("nan")])
def test_impossible_correlation(correlation):
    with pytest.raises(InvalidGameError, match="correlation"):
        pooled_separation(1, 3, correlation)


def test_bad_partner_is_named():
    with pytest.raises(InvalidGameError, match="exposure of B"):
        CoSigner("B", 1, 1, -1)
    with pytest.raises(InvalidGameError, match="correlation"):
        joint_attribution(1, -0.1, [], sanction=1)
