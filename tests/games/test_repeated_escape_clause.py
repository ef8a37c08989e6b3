"""Escape clauses (model 8; G23)."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, NoSolutionError
from games.repeated.escape_clause import (
    DiscreteShock,
    UniformShock,
    best_price,
    escape_option,
    rigid_agreement,
)

SHOCK = UniformShock(0, 4)


@pytest.mark.parametrize(("price", "average"), [(0, 1), (1, 1.375), (2, 1.5), (3, 1.375), (4, 1)])
def test_ground_truth_payoffs(price: float, average: float) -> None:
    """Ground truth G23: shock uniform on [0, 4], r = 1, h = 2."""
    option = escape_option(SHOCK, cooperation=1, harm=2, price=price)
    assert option.average_payoff == average
    assert option.frequency == 1 - price / 4


def test_ground_truth_discount_factors() -> None:
    option = escape_option(SHOCK, cooperation=1, harm=2, price=2)
    assert option.min_discount == pytest.approx(4 / 7)
    assert rigid_agreement(SHOCK, cooperation=1).min_discount == 0.8


def test_a_price_nobody_pays_is_a_rigid_agreement() -> None:
    unused = escape_option(SHOCK, cooperation=1, harm=2, price=9, discount=0.5)
    rigid = rigid_agreement(SHOCK, cooperation=1, discount=0.5)
    assert (unused.frequency, unused.average_payoff) == (0, 1)
    assert (unused.min_discount, unused.slack) == (rigid.min_discount, rigid.slack)
    assert not rigid.is_self_enforcing


@given(price=st.floats(0, 5), discount=st.floats(0.05, 0.95))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_no_shock_pays_for_walking_away_exactly_above_the_threshold(
    price: float, discount: float
) -> None:
    """Every shock is checked for the best of complying, paying and walking away for good."""
    option = escape_option(SHOCK, cooperation=1, harm=2, price=price, discount=discount)
    future = discount / (1 - discount) * option.average_payoff
    shocks = np.linspace(0, 4, 4001)
    keeping = np.maximum(0, shocks - price) + future
    worst = float((keeping - shocks).min())
    assert worst == pytest.approx(option.slack, abs=2e-3)
    if abs(discount - option.min_discount) > 1e-9:
        assert option.is_self_enforcing == (discount > option.min_discount)


@given(seed=st.integers(0, 1000), harm=st.floats(0, 4), discount=st.floats(0.1, 0.9))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_best_price_beats_every_price_of_a_grid(seed: int, harm: float, discount: float) -> None:
    rng = np.random.default_rng(seed)
    if seed % 2:
        low = float(np.round(rng.uniform(-1, 1), 2))
        shock = UniformShock(low, low + float(np.round(rng.uniform(0.5, 4), 2)))
    else:
        shock = DiscreteShock(np.round(rng.uniform(-1, 4, 4), 2), np.full(4, 0.25))
    terms = {"cooperation": 0.5, "harm": harm, "discount": discount}
    others = [escape_option(shock, price=k / 12, **terms) for k in range(61)]
    enforced = [c.average_payoff for c in others if c.is_self_enforcing]
    try:
        best = best_price(shock, **terms)
    except NoSolutionError:
        assert enforced == []
        return
    assert best.is_self_enforcing
    assert best.average_payoff >= max(enforced, default=-math.inf) - 1e-12


def test_best_price_is_the_harm_when_that_holds_and_the_parabolas_root_otherwise() -> None:
    assert best_price(SHOCK, cooperation=1, harm=2, discount=0.6).price == 2
    # d = 1/2: k = avg(k) = 1 + k/2 - k^2/8, so k = -2 + 2 sqrt 3.
    found = best_price(SHOCK, cooperation=1, harm=2, discount=0.5)
    assert found.price == pytest.approx(-2 + math.sqrt(12), abs=1e-12)
    assert found.slack == pytest.approx(0, abs=1e-12)


def test_impatient_players_keep_a_free_exit_at_most() -> None:
    assert best_price(SHOCK, cooperation=1, harm=2, discount=0).price == 0
    with pytest.raises(NoSolutionError):
        best_price(SHOCK, cooperation=-1, harm=3, discount=0.5)


def test_discrete_shocks_by_hand() -> None:
    shock = DiscreteShock([1, 5], [Fraction(3, 4), Fraction(1, 4)])
    option = escape_option(shock, cooperation=1, harm=2, price=1)
    assert option.average_payoff == 1 + (5 - 2) / 4
    assert option.min_discount == pytest.approx(1 / (1 + 1.75))
    assert best_price(shock, cooperation=1, harm=2, discount=0.9).price == 2


def test_bad_input_is_named() -> None:
    with pytest.raises(InvalidGameError, match="shock"):
        UniformShock(4, 4)
    with pytest.raises(InvalidGameError, match="sum to"):
        DiscreteShock([0, 1], [0.5, 0.6])
    with pytest.raises(InvalidGameError, match="shock"):
        DiscreteShock([0, 1], [1])
    with pytest.raises(InvalidGameError, match="price"):
        escape_option(SHOCK, cooperation=1, harm=2, price=-1)
    with pytest.raises(InvalidGameError, match="discount"):
        escape_option(SHOCK, cooperation=1, harm=2, price=1, discount=1)
    with pytest.raises(InvalidGameError, match="harm"):
        best_price(SHOCK, cooperation=1, harm=-2, discount=0.5)
