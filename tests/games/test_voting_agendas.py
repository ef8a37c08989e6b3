"""Agenda setting, division by a majority, and the chance that a rule is met."""

from fractions import Fraction
from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.voting import baron_ferejohn as baron_ferejohn_module
from games.voting.agenda_setter import agenda_setter
from games.voting.baron_ferejohn import baron_ferejohn
from games.voting.passage_probability import passage_probability
from games.voting.weighted_game import VotingGame, WeightedRule


def test_romer_rosenthal_setter_is_bound_by_the_median():
    # Romer and Rosenthal (1978): min(1, 2 M - Q) for M = .4, Q = .1.
    outcome = agenda_setter(1, 0.1, [0.2, 0.4, 0.9])
    assert outcome.policy == Fraction(7, 10)
    assert (outcome.pivot, outcome.in_favour) == (1, (1, 2))
    assert agenda_setter(0.5, 0.1, [0.4]).policy == Fraction(1, 2)
    assert agenda_setter(1, 0.6, [0.4]).policy == Fraction(3, 5)  # nothing better would pass
    assert agenda_setter(-1, 0.6, [0.4]).policy == Fraction(1, 5)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(
    st.integers(-10, 10),
    st.integers(-10, 10),
    st.lists(st.tuples(st.integers(-10, 10), st.integers(1, 4)), min_size=1, max_size=5),
    st.integers(1, 100),
)
def test_no_acceptable_policy_is_nearer_to_the_setter(ideal, quo, voters, share):
    points = [point for point, _ in voters]
    game = VotingGame.weighted(f"{share}%", [weight for _, weight in voters])
    outcome = agenda_setter(ideal, quo, points, game)
    for step in range(-60, 61):
        policy = Fraction(step, 2)
        yes = [i for i, x in enumerate(points) if abs(policy - x) <= abs(quo - x)]
        if game.wins(yes):
            assert abs(outcome.policy - ideal) <= abs(policy - ideal)


def test_agenda_setter_checks_its_input():
    with pytest.raises(InvalidGameError, match="ideals"):
        agenda_setter(1, 0, [])
    with pytest.raises(InvalidGameError, match="ideals"):
        agenda_setter(1, 0, [1, 2], VotingGame.weighted(1, [1]))
    with pytest.raises(InvalidGameError, match="status_quo"):
        agenda_setter(1, float("nan"), [1])


@pytest.mark.parametrize(("n", "share"), [(3, "2/3"), (5, "3/5"), (7, "4/7")])
def test_baron_ferejohn_proposer_shares(n, share):
    # Baron and Ferejohn (1989): 1 - delta (q - 1) / n.
    found = baron_ferejohn(n, n // 2 + 1)
    assert set(found.proposer_shares) == {Fraction(share)}
    assert set(found.values) == {Fraction(1, n)}


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=7).filter(any),
    st.sampled_from([0, Fraction(1, 2), Fraction(9, 10), Fraction(99, 100), 1]),
    st.data(),
)
def test_baron_ferejohn_is_a_stationary_equilibrium(weights, discount, data):
    n = len(weights)
    q = data.draw(st.integers(1, n))
    p = [Fraction(w, sum(weights)) for w in weights]
    found = baron_ferejohn(n, q, discount, p)
    assert sum(found.values) == 1
    prices = [discount * value for value in found.values]
    for i in range(n):
        cheapest = sum(sorted(prices[:i] + prices[i + 1 :])[: q - 1])
        assert found.proposer_shares[i] == 1 - cheapest
        assert found.values[i] == p[i] * (1 - cheapest) + found.inclusion[i] * prices[i]
    # Who is recognised more often expects no less (Eraslan, 2002).
    ranked = sorted(range(n), key=lambda i: p[i])
    assert [found.values[i] for i in ranked] == sorted(found.values)


def test_unanimity_pays_the_recognition_probabilities():
    # Merlo and Wilson (1995).
    p = [Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)]
    assert baron_ferejohn(3, 3, Fraction(4, 5), p).values == tuple(p)


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ((0, 1), "n_players"),
        ((3, 4), "quota"),
        ((3, 0), "quota"),
        ((3, 2, 1.5), "discount"),
        ((3, 2, 1, [0.5, 0.5]), "recognition"),
        ((2, 1, 1, [1.5, -0.5]), "recognition"),
    ],
)
def test_baron_ferejohn_checks_its_input(arguments, place):
    with pytest.raises(InvalidGameError, match=place):
        baron_ferejohn(*arguments)


def test_baron_ferejohn_certificate_notices_a_wrong_share():
    found = baron_ferejohn(3, 2)
    wrong = type(found)(found.values, (Fraction(1, 2),) * 3, found.inclusion)
    with pytest.raises(CertificateError):
        baron_ferejohn_module._certify(wrong, (Fraction(1, 3),) * 3, 2, Fraction(1))


@pytest.mark.parametrize(
    ("n", "p", "m", "expected"),
    [(193, 0.20, 40, 0.4288), (193, 0.25, 40, 0.9295), (44, 0.98, 44, 0.4111)],
)
def test_chance_of_entry_into_force(n, p, m, expected):
    chance = passage_probability(VotingGame.weighted(m, [1] * n), p)
    assert chance == pytest.approx(expected, abs=5e-5)
    assert chance == pytest.approx(binom.sf(m - 1, n, p), rel=1e-11)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1)), min_size=1, max_size=6),
    st.integers(1, 100),
    st.integers(1, 6),
)
def test_passage_probability_sums_over_winning_coalitions(voters, share, heads):
    n = len(voters)
    weights = [weight for weight, _ in voters]
    weights[0] = max(weights[0], 1)
    rules = [WeightedRule(f"{share}%", weights), WeightedRule(min(heads, n), [1] * n)]
    game, p = VotingGame(rules), [chance for _, chance in voters]
    expected = sum(
        prod(q if yes else 1 - q for q, yes in zip(p, votes, strict=True))
        for votes in product([False, True], repeat=n)
        if game.wins(i for i, yes in enumerate(votes) if yes)
    )
    assert passage_probability(game, p) == pytest.approx(expected, abs=1e-12)
    # The same weights in a unit too fine for an array of sums.
    fine = [w * 10**9 + 1 for w in weights]
    large = VotingGame([WeightedRule(10**9, fine), rules[1]])
    small = VotingGame([WeightedRule(1, weights), rules[1]])
    assert passage_probability(large, p) == pytest.approx(passage_probability(small, p), abs=1e-12)


def test_passage_of_two_rules_with_huge_weights():
    rules = [WeightedRule("50%", [10**12 + 1, 10**12, 3]), WeightedRule(6, [1, 10**13, 4])]
    # The second player and one of the others: all three, or two pairs.
    assert passage_probability(VotingGame(rules), 0.5) == pytest.approx(3 / 8)


def test_passage_probability_checks_its_input():
    game = VotingGame.weighted(2, [1, 1, 1])
    for wrong in ([0.5, 0.5], 1.5, [0.1, 0.2, float("nan")], "x"):
        with pytest.raises(InvalidGameError, match="yes_probabilities"):
            passage_probability(game, wrong)
    many = VotingGame.weighted("50%", [10**9 + k**3 for k in range(99)])
    with pytest.raises(TooLargeError, match="round"):
        passage_probability(many, 0.5)


def test_raising_a_probability_never_lowers_the_chance():
    game = VotingGame.weighted(5, [3, 2, 2, 1])
    base = np.array([0.3, 0.5, 0.7, 0.2])
    for i in range(4):
        raised = base.copy()
        raised[i] += 0.1
        assert passage_probability(game, raised) >= passage_probability(game, base)
