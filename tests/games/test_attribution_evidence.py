"""Evidence standards: ground truth G12 and G13, ROC laws, endogenous priors."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from games.attribution.evidence_standard import (
    most_deterring_standard,
    positive_predictive_value,
    posterior_standards,
    roc_curve,
    sanction_that_deters,
    standard_at_false_accusation,
    standard_at_posterior,
    standard_at_threshold,
)
from games.errors import CertificateError, InvalidGameError, NoSolutionError


def test_most_deterring_standard():
    standard = most_deterring_standard(2)
    assert standard.deterrence == pytest.approx(0.6827, abs=5e-5)
    assert sanction_that_deters(standard, 1) == pytest.approx(1.465, abs=5e-4)


@pytest.mark.parametrize(
    ("false_accusation", "detection", "sanction"), [(0.01, 0.372, 2.76), (0.001, 0.138, 7.31)]
)
def test_fewer_false_accusations_need_larger_sanctions(false_accusation, detection, sanction):
    standard = standard_at_false_accusation(2, false_accusation)
    assert standard.detection == pytest.approx(detection, abs=5e-4)
    assert sanction_that_deters(standard, 1) == pytest.approx(sanction, abs=6e-3)


def test_positive_predictive_value():
    assert positive_predictive_value(0.1, 0.9, 0.05) == pytest.approx(2 / 3)
    with pytest.raises(NoSolutionError):
        positive_predictive_value(0.0, 0.9, 0.0)


@given(st.floats(0, 5), st.floats(-5, 10))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_no_threshold_deters_more_than_half_the_separation(separation, threshold):
    best = most_deterring_standard(separation).deterrence
    assert standard_at_threshold(separation, threshold).deterrence <= best + 1e-12
    assert best == pytest.approx(2 * norm.cdf(separation / 2) - 1)


@given(st.floats(0.1, 4), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_posterior_at_the_threshold_is_the_standard(separation, prior, posterior):
    k = standard_at_posterior(separation, prior, posterior).threshold
    log_guilty = math.log(prior) + norm.logpdf(k - separation)
    log_innocent = math.log(1 - prior) + norm.logpdf(k)
    found = 1 / (1 + math.exp(log_innocent - log_guilty))
    assert found == pytest.approx(posterior, rel=1e-6)


def test_roc_curve_rises_from_corner_to_corner_and_is_concave():
    curve = roc_curve(1.5, 101)
    assert curve[0].tolist() == [0, 0]
    assert curve[-1].tolist() == [1, 1]
    steps = np.diff(curve[:, 1])
    assert (steps > 0).all()
    assert (np.diff(steps) < 1e-12).all()
    for share, detection in curve[1:-1:20]:
        standard = standard_at_false_accusation(1.5, share)
        assert standard.detection == pytest.approx(detection)


def test_benefit_lost_on_accusation_replaces_sanction():
    standard = most_deterring_standard(2)
    full = sanction_that_deters(standard, 8, 2)
    assert sanction_that_deters(standard, 8, 2, lost_benefit=3) == pytest.approx(full - 3)
    assert sanction_that_deters(standard, 8, 2, lost_benefit=100) == 0
    assert sanction_that_deters(standard, -1) == 0


def test_evidence_that_tells_nothing_deters_nobody():
    with pytest.raises(NoSolutionError, match="separation 0"):
        sanction_that_deters(most_deterring_standard(0), 1)


def test_prior_reacts_to_the_standard():
    # Gains uniform on [0, 1], sanction 0.8: guilt(j) = 1 - 0.8 j never falls below 0.2.
    found = posterior_standards(2, 0.9, lambda j: 1 - 0.8 * j)
    for point in found:
        j = standard_at_posterior(2, point.prior, 0.9).deterrence
        assert 1 - 0.8 * j == pytest.approx(point.prior, abs=1e-8)
    assert found[-1].prior == 1.0  # all thought guilty, all accused, nobody deterred
    assert 0.2 < found[0].prior < 1


def test_jumping_guilt_is_refused():
    with pytest.raises(CertificateError, match="continuous"):
        posterior_standards(2, 0.9, lambda j: 0.9 if j < 0.5 else 0.05)


@pytest.mark.parametrize(
    "call",
    [
        lambda: standard_at_threshold(-1, 0),
        lambda: standard_at_threshold(1, float("nan")),
        lambda: standard_at_false_accusation(1, 1.5),
        lambda: standard_at_posterior(0, 0.5, 0.5),
        lambda: standard_at_posterior(1, 0.5, 1.0),
        lambda: positive_predictive_value(2, 0.5, 0.5),
        lambda: roc_curve(1, 1),
        lambda: posterior_standards(1, 0.5, lambda j: 2.0),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidGameError):
        call()
