"""Stability of coalitions: published counts, definitions, laws, and bad input."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import CertificateError, InvalidGameError, NoSolutionError, TooLargeError
from games.participation.heterogeneous_quadratic import HeterogeneousQuadratic
from games.participation.linear_benefit import linear_pledges
from games.participation.linear_quadratic import linear_quadratic
from games.participation.membership import Membership, membership_stability
from games.participation.minimum_participation import (
    symmetric_minimum_participation,
    threshold_outcomes,
    with_minimum_participation,
)
from games.participation.participation_game import ParticipationGame, membership_matrix
from games.participation.potential_internal_stability import potential_internal_stability
from games.participation.stability import stability
from games.voting.weighted_game import VotingGame, WeightedRule

# Li and Rus, JAERE, tables B.5 and B.6: alpha, beta, phi of ten countries.
COUNTRIES = [
    (2726563.75, 254.92, 0.000535),
    (832838.63, 0.45, 0.026759),
    (1210438.38, 4.83, 0.002007),
    (1530063.75, 6.58, 0.009366),
    (232675760.0, 6619563.0, 4e-05),
    (6543675.5, 4941.58, 0.000401),
    (955863.94, 1.88, 0.004014),
    (1054546.0, 43.55, 0.000937),
    (1908327.88, 33.74, 0.001003),
    (444350.0, 12.3, 0.000669),
]
TEN = HeterogeneousQuadratic(*zip(*COUNTRIES, strict=True))


def coalition(*numbers):
    return np.array([[i + 1 in numbers] for i in range(10)])


@pytest.fixture(scope="module")
def ten_countries():
    return TEN.game()


def test_ten_countries_emissions():
    nobody, everybody = TEN.total_emissions(np.tile([[False, True]], (10, 1)))
    assert nobody == pytest.approx(2.79375e6, rel=2e-6)
    assert everybody == pytest.approx(2.58670e6, rel=2e-6)
    assert everybody / nobody - 1 == pytest.approx(-0.0741, abs=5e-5)
    assert TEN.total_emissions(coalition(2, 4, 5, 6))[0] == pytest.approx(2.72725e6, rel=2e-6)


def test_ten_countries_stable_coalitions(ten_countries):
    found = stability(ten_countries)
    several = ten_countries.sizes() >= 2
    assert (found.is_internal & several).sum() == 11
    assert (found.is_external & several).sum() == 69
    [mask] = [m for m in found.stable_masks if several[m]]
    assert found.effective_masks == (mask,)
    report = found.report(mask)
    assert report.members == (1, 3, 4, 5)
    assert report.indifferent == ()
    assert report.is_stable
    assert min(report.slacks[i] for i in report.members) == found.internal_slack[mask]
    assert min(report.slacks[i] for i in report.outsiders) == found.external_slack[mask]


def test_ten_countries_potentially_stable_under_transfers(ten_countries):
    found = potential_internal_stability(ten_countries)
    several = ten_countries.sizes() >= 2
    sizes = ten_countries.sizes()[found.is_internal & several]
    assert np.bincount(sizes, minlength=11).tolist() == [
        0,
        0,
        34,
        101,
        153,
        185,
        144,
        65,
        14,
        1,
        0,
    ]
    assert not (found.has_tie & several).any()


def test_ten_countries_by_first_order_conditions():
    # The linear system of the players' first-order conditions, solved without the aggregates.
    rng = np.random.default_rng(7)
    for inside in rng.random((20, 10)) < 0.5:
        slope = np.where(inside, TEN.phi[inside].sum(), TEN.phi)
        emissions = np.linalg.solve(np.diag(TEN.beta) + slope[:, None] * np.ones(10), TEN.alpha)
        np.testing.assert_allclose(TEN.emissions(inside[:, None])[:, 0], emissions, rtol=1e-9)


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (([1, 1], [1, 0], [1, 1]), r"beta\[1\]"),
        (([1, 1], [1, 1], [1, -1]), r"phi\[1\]"),
        (([float("nan"), 1], [1, 1], [1, 1]), r"alpha\[0\]"),
        (([1, 1], [1], [1, 1]), "beta"),
        (([], [], []), "alpha"),
        ((["x"], [1], [1]), "alpha"),
    ],
)
def test_heterogeneous_quadratic_checks_its_input(arguments, place):
    with pytest.raises(InvalidGameError, match=place):
        HeterogeneousQuadratic(*arguments)


def test_pledges_that_no_transfers_can_hold_together():
    # Benefits 3, 2, 1 and costs 4 each: the three get 6 and claim 12 (G34).
    game = ParticipationGame.from_function(3, linear_pledges([3, 2, 1], [4, 4, 4]))
    found = potential_internal_stability(game)
    assert game.payoffs[:, 7].sum() == 6
    assert sum(game.payoffs[i, 7 ^ 1 << i] for i in range(3)) == 12
    assert not found.is_internal[7]
    with pytest.raises(NoSolutionError, match="lacks 6"):
        found.transfers(7)


payoff_tables = st.integers(1, 4).flatmap(
    lambda n: st.lists(
        st.lists(st.integers(-5, 5), min_size=2**n, max_size=2**n), min_size=n, max_size=n
    )
)


@settings(derandomize=True, max_examples=120, deadline=None)
@given(payoff_tables)
def test_stability_by_definition(table):
    game = ParticipationGame(table)
    n = game.n_players
    found = stability(game)
    for mask in range(1 << n):
        leave = [table[i][mask ^ 1 << i] - table[i][mask] for i in game.members(mask)]
        join = [table[j][mask | 1 << j] - table[j][mask] for j in range(n) if not mask >> j & 1]
        assert found.is_internal[mask] == all(gain <= 0 for gain in leave)
        assert found.is_external[mask] == all(gain <= 0 for gain in join)
        assert found.has_tie[mask] == (0 in leave + join)
        assert found.internal_slack[mask] == -max(leave, default=-np.inf)
        assert found.external_slack[mask] == -max(join, default=-np.inf)
        report = found.report(mask)
        assert report.is_stable == found.is_stable[mask]
        surplus = sum(table[i][mask] - table[i][mask ^ 1 << i] for i in game.members(mask))
        assert potential_internal_stability(game).surplus[mask] == surplus


@settings(derandomize=True, max_examples=60, deadline=None)
@given(payoff_tables, st.floats(0.01, 1000), st.floats(-1e6, 1e6))
def test_units_and_zero_of_one_player_do_not_matter(table, factor, constant):
    game = ParticipationGame(table)
    scaled = game.payoffs.copy()
    scaled[0] = factor * scaled[0] + constant
    other = stability(ParticipationGame(scaled))
    found = stability(game)
    assert (found.is_internal == other.is_internal).all()
    assert (found.is_external == other.is_external).all()


def test_a_huge_penalty_elsewhere_makes_nobody_indifferent():
    # Leaving gains a hundredth; the penalty of minus a hundred million is for another coalition.
    game = ParticipationGame([[0, -1e8, 1.01, 1], [0, 0, -1e8, 1]])
    report = stability(game).report(3)
    assert report.leavers == (0,)
    assert report.indifferent == ()


@settings(derandomize=True, max_examples=60, deadline=None)
@given(payoff_tables)
def test_transfers_make_a_coalition_internally_stable(table):
    game = ParticipationGame(table)
    found = potential_internal_stability(game)
    for mask in np.flatnonzero(found.is_internal)[1:].tolist():
        transfers = found.transfers(mask)
        moved = game.payoffs.copy()
        moved[list(transfers.members), mask] += transfers.amounts
        assert stability(ParticipationGame(moved)).is_internal[mask]
        assert moved[:, mask].sum() == pytest.approx(game.payoffs[:, mask].sum())


def test_all_coalitions_of_twenty_players_agree_with_single_ones():
    rng = np.random.default_rng(3)
    model = HeterogeneousQuadratic(
        rng.uniform(1, 2, 20), rng.uniform(1, 2, 20), rng.uniform(0, 0.1, 20)
    )
    found = stability(model.game())
    assert found.is_stable.size == 2**20
    for mask in [*rng.integers(0, 2**20, 20).tolist(), *found.stable_masks[:5]]:
        inside = membership_matrix(np.array([mask]), 20)[:, 0]
        cases = np.repeat(inside[:, None], 21, axis=1)
        cases[np.arange(20), np.arange(20)] ^= True
        payoffs = model.payoffs(cases)
        slack = payoffs[:, 20] - payoffs[np.arange(20), np.arange(20)]
        assert found.report(mask).slacks == pytest.approx(slack.tolist(), abs=1e-12)


def test_a_report_that_contradicts_the_scan_is_a_defect():
    game = ParticipationGame([[0, -1, 2, 1], [0, 2, -1, 1]])
    right = stability(game)
    wrong = replace(right, is_internal=~right.is_internal)
    with pytest.raises(CertificateError):
        wrong.report(3)
    with pytest.raises(InvalidGameError, match="mask"):
        right.report(4)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(payoff_tables)
def test_membership_rules_by_definition(table):
    game = ParticipationGame(table)
    n = game.n_players
    majority = membership_stability(game, Membership.MAJORITY)
    unanimity = membership_stability(game, Membership.UNANIMITY)
    for mask in range(1 << n):
        members = game.members(mask)
        admitted_by = []
        for j in range(n):
            larger = mask | 1 << j
            if larger != mask and table[j][larger] > table[j][mask]:
                admitted_by.append(sum(table[i][larger] >= table[i][mask] for i in members))
        assert unanimity.is_external[mask] == all(yes < len(members) for yes in admitted_by)
        blocked = all(2 * yes <= len(members) and members for yes in admitted_by)
        assert majority.is_external[mask] == blocked
    open_rule = stability(game)
    assert (unanimity.is_external >= majority.is_external).all()
    assert (majority.is_external >= open_rule.is_external).all()
    assert (unanimity.is_internal == open_rule.is_internal).all()


def test_minimum_participation_makes_larger_agreements_stable():
    game = linear_quadratic(10)
    for least in range(4, 11):
        bound = symmetric_minimum_participation(game, least)
        assert least in bound.effective_sizes()
        assert bound.welfare(least) == game.welfare(least)
        assert bound.welfare(least - 1) == game.welfare(0)
    with pytest.raises(InvalidGameError, match="least"):
        symmetric_minimum_participation(game, 11)


def test_minimum_participation_by_number_weight_and_name(ten_countries):
    weights = [5, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    rule = VotingGame(
        [WeightedRule(3, [1] * 10), WeightedRule("50%", weights), WeightedRule(1, [0] * 9 + [1])]
    )
    bound = with_minimum_participation(ten_countries, rule)
    for mask in range(1 << 10):
        binds = rule.wins(ten_countries.members(mask))
        expected = ten_countries.payoffs[:, mask if binds else 0]
        np.testing.assert_array_equal(bound.payoffs[:, mask], expected)
    with pytest.raises(InvalidGameError, match="rule"):
        with_minimum_participation(ten_countries, VotingGame.weighted(1, [1, 1]))


def test_thresholds_trade_depth_against_chance():
    outcomes = threshold_outcomes(linear_quadratic(10), 0.6)
    chances = [found.entry_probability for found in outcomes]
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] == pytest.approx(0.6**10)
    assert [found.least for found in outcomes if found.is_stable] == list(range(2, 11))
    game = linear_quadratic(10)
    # With threshold 1 the expectation is over all sizes, since nobody is idle at size 0 anyway.
    mean = sum(
        (a.entry_probability - b) * game.welfare(a.least)
        for a, b in zip(outcomes, [*chances[1:], 0], strict=True)
    )
    assert outcomes[0].expected_welfare == mean + (1 - chances[0]) * game.welfare(0)
    with pytest.raises(InvalidGameError, match="sign_probability"):
        threshold_outcomes(game, 1.2)


@pytest.mark.parametrize(
    ("payoffs", "place"),
    [
        ([[0, 1, 2]], "payoffs"),
        ([0, 1], "payoffs"),
        ([["a", 1]], "payoffs"),
        ([[0, float("nan")]], r"payoffs\[0, 1\]"),
        ([], "payoffs"),
    ],
)
def test_games_check_their_payoffs(payoffs, place):
    with pytest.raises(InvalidGameError, match=place):
        ParticipationGame(payoffs)


def test_games_check_size_labels_and_functions():
    with pytest.raises(TooLargeError, match="typed_game"):
        ParticipationGame.from_function(193, lambda members: members)
    with pytest.raises(InvalidGameError, match="players"):
        ParticipationGame([[0, 1]], ["A", "B"])
    with pytest.raises(InvalidGameError, match="function"):
        ParticipationGame.from_function(2, lambda members: members.sum(axis=0))
    with pytest.raises(InvalidGameError, match="n_players"):
        ParticipationGame.from_function(0, lambda members: members)
    game = ParticipationGame([[0, 1]])
    with pytest.raises(InvalidGameError, match="members"):
        game.mask([1])
    with pytest.raises(InvalidGameError, match="shares"):
        potential_internal_stability(game).transfers(1, [2.0])
    with pytest.raises(InvalidGameError, match="mask"):
        potential_internal_stability(game).transfers(0)
