"""Alternating offers, ratification and Adjusted Winner."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from games.bargaining.adjusted_winner import adjusted_winner
from games.bargaining.ratification import (
    ratification_probability,
    ratified_shares,
    win_set,
    win_set_overlap,
)
from games.bargaining.rubinstein import (
    rubinstein_limit_shares,
    rubinstein_shares,
    stahl_shares,
)
from games.errors import InvalidGameError, NoSolutionError

FACTORS = st.floats(0.0, 0.99)


def test_rubinstein_published_value():
    # Rubinstein (1982): (1 - d2) / (1 - d1 d2) for the first proposer.
    assert rubinstein_shares([0.9, 0.8]) == pytest.approx([0.714286, 0.285714], abs=1e-6)
    assert rubinstein_shares([0.9, 0.8], first=1)[1] == pytest.approx(0.1 / 0.28)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(FACTORS, FACTORS)
def test_no_one_gains_by_waiting(d1, d2):
    first = rubinstein_shares([d1, d2], first=0)
    second = rubinstein_shares([d1, d2], first=1)
    # Each responder is offered exactly what proposing next is worth: no single deviation pays.
    assert first[1] == pytest.approx(d2 * second[1], abs=1e-12)
    assert second[0] == pytest.approx(d1 * first[0], abs=1e-12)
    assert first.sum() == pytest.approx(1)


def test_finite_horizon_converges_to_the_infinite_game():
    assert stahl_shares([0.9, 0.8], 400) == pytest.approx(rubinstein_shares([0.9, 0.8]))
    assert stahl_shares([0.9, 0.8], 1, [0.1, 0.2]) == pytest.approx([0.8, 0.2])
    assert stahl_shares([0.9, 0.8], 3) == pytest.approx([1 - 0.8 * (1 - 0.9), 0.08])


def test_fast_offers_split_by_impatience():
    delay = 1e-6
    shares = rubinstein_shares(np.exp(-np.array([0.1, 0.3]) * delay))
    assert shares == pytest.approx(rubinstein_limit_shares([0.1, 0.3]), abs=1e-6)


def test_outside_option_principle():
    # Shaked and Sutton (1984): an option below the bargaining share changes nothing.
    plain = rubinstein_shares([0.9, 0.9])
    assert rubinstein_shares([0.9, 0.9], outside_options=[0, 0.4]) == pytest.approx(plain)
    assert rubinstein_shares([0.9, 0.9], outside_options=[0, 0.7]) == pytest.approx([0.3, 0.7])
    with pytest.raises(NoSolutionError):
        rubinstein_shares([0.9, 0.9], outside_options=[0.5, 0.5])


@pytest.mark.parametrize("bad", [[1.0, 0.5], [-0.1, 0.5], [0.5], [float("nan"), 0.5]])
def test_bad_discounts(bad):
    with pytest.raises(InvalidGameError, match="discounts"):
        rubinstein_shares(bad)


def test_other_bad_input():
    with pytest.raises(InvalidGameError, match="first"):
        rubinstein_shares([0.5, 0.5], first=2)
    with pytest.raises(InvalidGameError, match="n_rounds"):
        stahl_shares([0.5, 0.5], 0)
    with pytest.raises(InvalidGameError, match="rates"):
        rubinstein_limit_shares([0.0, 1.0])


@pytest.mark.parametrize(("floor", "other"), [(0.0, 0.5), (0.4, 0.5), (0.6, 0.4), (0.7, 0.3)])
def test_tied_hands_help(floor, other):
    # A pie of 1, disagreement 0.2 each: the other side gets min(.5, 1 - floor).
    assert ratified_shares([0.2, 0.2], [floor, 0])[1] == pytest.approx(other)


def test_tied_hands_break_the_deal():
    assert ratified_shares([0.2, 0.2], [0.8, 0])[1] == pytest.approx(0.2)
    with pytest.raises(NoSolutionError, match="no deal"):
        ratified_shares([0.2, 0.2], [0.81, 0])


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_ratified_shares_against_bisection(seed, n_players):
    # With power w, whoever is above the floor gets d + w t; t makes the shares add up.
    rng = np.random.default_rng(seed)
    point, floors = rng.random(n_players) * 0.3, rng.random(n_players) * 0.6
    point[rng.integers(n_players)] -= 10.0 ** rng.integers(-1, 7)
    power = rng.random(n_players) + 0.1
    power /= power.sum()
    floor, pie = np.maximum(point, floors), float(rng.random() * 2)
    if floor.sum() > pie:
        with pytest.raises(NoSolutionError, match="no deal"):
            ratified_shares(point, floors, pie, power)
        return
    low, high = 0.0, 1e9
    for _ in range(200):
        middle = (low + high) / 2
        enough = np.maximum(floor, point + power * middle).sum() <= pie
        low, high = (middle, high) if enough else (low, middle)
    found = ratified_shares(point, floors, pie, power)
    assert found.sum() == pytest.approx(pie, rel=1e-9)
    assert found == pytest.approx(np.maximum(floor, point + power * low), rel=1e-6, abs=1e-8)


def test_no_pie_and_an_enemy_far_below():
    assert ratified_shares([0, 0], [0, 0], 0.0).tolist() == [0, 0]
    assert ratified_shares([-1e6, 0.2], [0, 0]) == pytest.approx([0, 1])


@pytest.mark.parametrize(
    ("call", "place"),
    [
        (lambda: rubinstein_shares(["a", 0.5]), "discounts"),
        (lambda: rubinstein_shares([0.5, 0.5], first=True), "first"),
        (lambda: rubinstein_shares([0.5, 0.5], outside_options=[[1], [2, 3]]), "outside_options"),
        (lambda: stahl_shares([0.5, 0.5], 2.5), "n_rounds"),
        (lambda: stahl_shares([0.5, 0.5], 2, ["a", 0]), "disagreement"),
        (lambda: rubinstein_limit_shares(["a", 1]), "rates"),
        (lambda: win_set("a", 1), "ideal and status quo"),
        (lambda: win_set(9e299, -9e299) and win_set(float("inf"), 0), "ideal and status quo"),
        (lambda: win_set_overlap(None, 1), "ideals"),
        (lambda: ratified_shares([], []), "disagreement"),
        (lambda: ratified_shares([0.1], [0.1], "x"), "pie"),
        (lambda: ratification_probability(["a"], [1], [1]), "payoffs"),
        (lambda: ratification_probability([0.5, 0.5], [0, 1], [1, 0]), r"lowest\[1\]"),
        (lambda: adjusted_winner(None, [1]), "first_points"),
    ],
)
def test_what_is_no_number_is_named(call, place):
    with pytest.raises(InvalidGameError, match=place):
        call()


def test_win_sets():
    assert win_set(0.4, 0.1) == pytest.approx((0.1, 0.7))
    assert win_set(0.0, 1.0) == (-1.0, 1.0)
    overlap = win_set_overlap([0.4, 0.9, 0.3], 0.1)
    assert overlap.interval == pytest.approx((0.1, 0.5))
    assert overlap.can_change
    assert overlap.upper_veto == (2,)
    opposed = win_set_overlap([0.4, -0.5], 0.1)
    assert opposed.interval == (0.1, 0.1)
    assert not opposed.can_change
    with pytest.raises(InvalidGameError, match="ideals"):
        win_set_overlap([], 0.1)


def test_ratification_probability():
    assert ratification_probability([0.5], [0.5], [0.5]) == 1.0
    assert ratification_probability([0.4], [0.5], [0.5]) == 0.0
    assert ratification_probability([0.5, 0.5], [0, 0.25], [1, 0.75]) == 0.25
    with pytest.raises(InvalidGameError):
        ratification_probability([0.5], [0.6], [0.4])


def test_adjusted_winner_trump_divorce():
    # Brams and Taylor (1996): estate, mansion, apartment, triplex, cash and jewellery; the
    # mansion is the issue that is split.
    division = adjusted_winner([10, 40, 10, 38, 2], [38, 20, 30, 10, 2])
    assert division.split_issue == (1,)
    assert division.points == (Fraction(109, 150), Fraction(109, 150))


def test_adjusted_winner_bad_points():
    with pytest.raises(InvalidGameError, match=r"first_points\[1\]"):
        adjusted_winner([1, -1], [1, 1])
    with pytest.raises(InvalidGameError, match="second_points"):
        adjusted_winner([1, 1], [0, 0])
    with pytest.raises(InvalidGameError, match="issues"):
        adjusted_winner([1, 1], [1, 1, 1])


@settings(derandomize=True, max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=7).filter(
        lambda rows: any(a for a, _ in rows) and any(b for _, b in rows)
    )
)
def test_adjusted_winner_is_the_best_equitable_division(rows):
    a, b = [row[0] for row in rows], [row[1] for row in rows]
    division = adjusted_winner(a, b)
    assert division.points[0] == division.points[1] >= Fraction(1, 2)
    # The largest common level over all divisions, by a linear program.
    a_share, b_share = np.array(a) / sum(a), np.array(b) / sum(b)
    best = linprog(
        np.append(np.zeros(len(a)), -1.0),
        A_ub=[np.append(-a_share, 1.0), np.append(b_share, 1.0)],
        b_ub=[0.0, 1.0],
        bounds=[(0, 1)] * len(a) + [(None, None)],
    )
    assert float(division.points[0]) == pytest.approx(-best.fun, abs=1e-9)
