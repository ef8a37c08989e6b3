"""Chilling of harmless acts (Kaplow, 2011): least loss by brute force, laws, certificates."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from games.attribution import chilling as module
from games.attribution.chilling import Chilling, chilling_at, least_loss_standard
from games.errors import CertificateError, InvalidGameError

BASE = Chilling(2, 1, offence_share=0.5, harm=1, largest_gain=2, largest_value=2)

models = st.builds(
    Chilling,
    st.floats(0.05, 5),
    st.floats(0, 10),
    st.floats(0, 1),
    st.floats(0, 10),
    st.floats(0.05, 5),
    st.floats(0.05, 5),
)


def loss_by_integrals(m, k):
    """Straight from the definition, with densities of gains and values."""
    detected, accused = norm.sf(k - m.separation), norm.sf(k)
    cut = min((detected - accused) * m.sanction, m.largest_gain)
    harmful = m.harm * quad(lambda _: 1 / m.largest_gain, cut, m.largest_gain)[0]
    given_up = min(accused * m.sanction, m.largest_value)
    lost = quad(lambda v: v / m.largest_value, 0, given_up)[0]
    return m.offence_share * harmful + (1 - m.offence_share) * lost


@given(models)
@settings(derandomize=True, max_examples=40, deadline=None)
def test_no_threshold_loses_less(m):
    found = least_loss_standard(m)
    stakes = m.offence_share * m.harm + (1 - m.offence_share) * m.largest_value / 2
    for k in np.linspace(-8, 14, 89):
        assert loss_by_integrals(m, k) >= found.loss - 2e-6 * stakes - 1e-12
    assert found.loss_bound <= found.loss <= found.loss_bound + 2e-6 * stakes + 1e-15
    # Chilling never makes the best standard laxer than the one that deters most.
    assert found.standard.threshold >= m.separation / 2


@given(models, st.floats(-5, 8))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_loss_is_the_integral(m, k):
    assert chilling_at(m, k).loss == pytest.approx(loss_by_integrals(m, k), rel=1e-9, abs=1e-12)


def test_interior_optimum_balances_harm_against_chill():
    # With everything interior: likelihood ratio - 1 = [(1-ω)/V] P_F s / [ω h / G].
    found = least_loss_standard(BASE)
    k, share = found.standard.threshold, found.standard.false_accusation
    assert math.exp(2 * k - 2) - 1 == pytest.approx(share * 1, rel=1e-2)
    assert 1 < k < 1.2


def test_without_legitimate_acts_the_most_deterring_standard_is_best():
    found = least_loss_standard(replace(BASE, offence_share=1))
    assert found.standard.threshold == pytest.approx(1, abs=1e-3)
    nobody = least_loss_standard(replace(BASE, offence_share=0))
    assert nobody.loss == pytest.approx(0, abs=1e-6)


def test_more_at_stake_for_the_innocent_calls_for_stricter_evidence():
    strict = [
        least_loss_standard(replace(BASE, offence_share=share)).standard.threshold
        for share in (0.9, 0.5, 0.2, 0.05)
    ]
    assert strict == sorted(strict)
    assert strict[-1] > strict[0] + 0.2


def test_no_posterior_standard_gives_the_best_threshold():
    # The same evidence and occasions; only the harm differs, and with it the posterior.
    posteriors = [least_loss_standard(replace(BASE, harm=h)).posterior for h in (0.05, 0.5, 5)]
    assert posteriors[0] > posteriors[1] + 0.05 > posteriors[2] + 0.05


def test_posterior_at_the_threshold_by_bayes():
    found = chilling_at(BASE, 1.4)
    guilty = 0.5 * found.offences * norm.pdf(1.4 - 2)
    innocent = (0.5 * (1 - found.offences) + 0.5 * (1 - found.chilled)) * norm.pdf(1.4)
    assert found.posterior == pytest.approx(guilty / (guilty + innocent))


def test_a_search_cut_short_is_an_error(monkeypatch):
    monkeypatch.setattr(module, "MAX_CELLS", 1)
    with pytest.raises(CertificateError, match="in doubt"):
        least_loss_standard(BASE)


@pytest.mark.parametrize(
    "change",
    [
        {"separation": 0},
        {"sanction": -1},
        {"offence_share": 1.1},
        {"harm": math.nan},
        {"largest_gain": 0},
        {"largest_value": math.inf},
    ],
    ids=lambda change: next(iter(change)),
)
def test_bad_input_names_the_place(change):
    with pytest.raises(InvalidGameError, match=next(iter(change))):
        replace(BASE, **change)
