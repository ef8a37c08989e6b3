"""Inputs that once gave wrong answers: huge penalties not in use, ties, rare types, extremes."""

import math

import networkx as nx
import numpy as np
import pytest
from scipy.stats import norm

from games.attribution.accusation_timing import accusation_value, best_accusation_date
from games.attribution.blame import BlameGame, BlameRegime, blame_equilibrium
from games.attribution.evidence_standard import (
    most_deterring_standard,
    posterior_standards,
    sanction_that_deters,
    standard_at_threshold,
)
from games.attribution.misattribution import AttributionGame, attribution_equilibria
from games.attribution.red_line import RedLine, red_line_response
from games.attribution.stockpile_timing import StockpileProblem, best_stockpile_policy
from games.bayesian import BayesianGame, bayesian_equilibria
from games.cheap_talk import most_messages
from games.errors import CertificateError, InvalidGameError, NoSolutionError, TooLargeError
from games.inspection.inspection_game import InspectionGame, inspection_equilibria
from games.inspection.security_game import SecurityGame, optimal_coverage
from games.inspection.statistical_inspection import StatisticalInspection, statistical_equilibrium
from games.learning.fermi_imitation import fixation_probability, long_run_distribution
from games.learning.fictitious_play import fictitious_play
from games.learning.network_fixation import network_fixation
from games.learning.networks import network_cascade
from games.learning.probing import erosion_of_deterrence
from games.learning.regret_matching import correlated_regret
from games.learning.replicator import population_paths, replicator_path
from games.learning.rest_points import rest_points
from games.learning.stochastic_stability import mistake_costs, stochastically_stable_classes
from games.learning.thresholds import threshold_cascade, tipping_share
from games.normal_form import NormalFormGame
from games.repeated import critical_discount
from games.repeated.critical_discount import nash_reversion_discount
from games.repeated.dilemma import Dilemma
from games.signalling.audience_costs import bluff_removing_cost, threat_game
from games.signalling.crisis_bargaining import best_demand


class TestHugePenaltyNotInUse:
    """A payoff of 1e12 that nobody risks must not make unequal things equal."""

    def test_stockpile_threshold(self):
        rare = 1e-13
        stakes, chances = [1, 2, 3, 1e12], [1 / 3 - rare, 1 / 3, 1 / 3, rare]
        policy = best_stockpile_policy(StockpileProblem(stakes, 0.5, 0.8, 0.9, chances))
        assert policy.restraint == pytest.approx(1.037, abs=1e-3)
        assert policy.threshold == 2  # a stake of 1 is below the restraint
        assert not policy.is_tied

    def test_attack_set(self):
        # Nobody would attack the last target, whatever it costs.
        bare, covered = [10, 8, 5, 2, -1e12], [-2, -2, -2, -2, -2e12]
        game = SecurityGame(bare, covered, [-10, -8, -5, -2, 0], [0] * 5)
        found = optimal_coverage(game, 1)
        assert (found.attack_set, found.target) == ((0, 1, 2), 2)
        assert found.defender_payoff == pytest.approx(-4.3796, abs=5e-5)

    def test_statistical_inspection(self):
        # 1 + fα = (B + 1)(1 - β), in which a huge B must not swallow the 1.
        for penalty in (1e9, 1e12, 1e15, 1e17):
            found = statistical_equilibrium(StatisticalInspection(0.2, 0.5, 0.4, penalty, 2))
            z = 2 + norm.isf(1 / (penalty + 1))  # fα is below 1e-10 here
            assert found.false_alarm == pytest.approx(norm.sf(z), rel=1e-8)
            ratio = math.exp(2 * z - 2)
            assert found.violation == pytest.approx(0.2 / (0.2 + 0.5 * ratio), rel=1e-8)

    def test_rest_points(self):
        found = rest_points([[4, 0, 0], [3, 2, 0], [-1e12] * 3])
        assert found.is_complete
        got = [(p.shares.round(6).tolist(), p.stability) for p in found.points]
        assert got == [
            ([1, 0, 0], "stable"),
            ([0, 1, 0], "stable"),
            ([0, 0, 1], "unstable"),
            ([0.666667, 0.333333, 0], "unstable"),
        ]
        assert max(p.residual for p in found.points) == 0

    @pytest.mark.parametrize("penalty", [1e9, 1e12])
    def test_replicator_path(self, penalty):
        plain = replicator_path([[4, 0], [3, 2]], [0.7, 0.3], [0, 5])
        A = [[4, 0, 0], [3, 2, 0], [-penalty] * 3]
        path = replicator_path(A, [0.7 * 0.9, 0.3 * 0.9, 0.1], [0, 5])
        assert path.shares[-1, :2] == pytest.approx(plain.shares[-1], abs=1e-6)
        pair = NormalFormGame.from_bimatrix(A, np.transpose(A))
        for own in population_paths(pair, [[0.63, 0.27, 0.1]] * 2, [0, 5]):
            assert own.shares[-1, :2] == pytest.approx(plain.shares[-1], abs=1e-6)

    def test_a_rest_point_of_small_share_is_kept(self):
        [*_, mixed] = rest_points([[0, 1], [-1e13, 2]]).points
        assert mixed.shares[0] == pytest.approx(1e-13, rel=1e-9)

    def test_stochastically_stable_convention(self):
        costs = mistake_costs([[4, 0, 0], [3, 2, 0], [-1e12] * 3], 6)
        found = stochastically_stable_classes(costs.costs)
        stable = [[costs.states[s] for s in found.classes[i]] for i in found.stable]
        assert stable == [[(0, 6, 0)]]  # as without the third strategy

    def test_fictitious_play(self):
        pennies = np.array([[1.0, -1], [-1, 1]])
        A, B = np.full((3, 3), -1e13), np.full((3, 3), -1e13)
        A[:2, :2], B[:2, :2] = pennies, -pennies
        A[:2, 2] = B[2, :2] = 0
        plain = fictitious_play(NormalFormGame.from_bimatrix(pennies, -pennies), 300)
        padded = fictitious_play(NormalFormGame.from_bimatrix(A, B), 300)
        assert (plain.actions == padded.actions).all()
        assert padded.regret < 0.2

    @pytest.mark.parametrize("wrong", [0.4, 0.6])
    def test_certificate_of_a_critical_discount_factor(self, wrong, monkeypatch):
        game = Dilemma(5, 3, 1, -1e12).game()
        both = ((0, 0), (1, 1))
        assert nash_reversion_discount(game, *both).value == 0.5
        monkeypatch.setattr(critical_discount, "_reversion_threshold", lambda *_: (wrong, None))
        with pytest.raises(CertificateError, match="threshold"):
            nash_reversion_discount(game, *both)

    def test_punishment_must_be_an_equilibrium_at_any_offset(self):
        payoffs = Dilemma(5, 3, 1, 0).game().payoffs / 8 + 2.0**40
        with pytest.raises(InvalidGameError, match="no Nash equilibrium"):
            nash_reversion_discount(NormalFormGame(payoffs), (0, 0), (0, 0))


class TestConstantsInThePayoffs:
    def test_fixation(self):
        A = np.array([[4, 0], [3, 2]])
        plain = fixation_probability(A, 20, 1.0).log_probability
        assert fixation_probability(A + 2.0**45, 20, 1.0).log_probability == pytest.approx(
            plain, rel=1e-12
        )
        shares = long_run_distribution(A, 20, 1.0, mutation=0.01)
        moved = long_run_distribution(A + 2.0**45, 20, 1.0, mutation=0.01)
        assert moved == pytest.approx(shares, rel=1e-9)

    def test_overflow_is_named(self):
        with pytest.raises(InvalidGameError, match="intensity"):
            fixation_probability([[1e308, 0], [0, -1e308]], 20, 1.0)

    def test_correlated_regret(self):
        chicken = NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
        joint = np.array([[0.6, 0.25], [0.15, 0.0]])
        moved = NormalFormGame(chicken.payoffs + 2.0**45)
        assert correlated_regret(moved, joint) == correlated_regret(chicken, joint) > 0


class TestRareTypes:
    """A type of probability 1e-13 does what is best for it, like any other."""

    @pytest.mark.parametrize("offset", [0.0, 1e6])
    @pytest.mark.parametrize("chance", [0.1, 1e-13])
    def test_each_type_plays_its_dominant_action(self, chance, offset):
        payoffs = np.zeros((2, 1, 2, 2, 2))
        payoffs[0, 0, :, 0] = 1.0  # player 1: the first action
        payoffs[1, 0, 0, :, 0] = 0.3  # player 2: the first action of its first type,
        payoffs[1, 0, 1, :, 1] = 0.3  # the second one of its rare type
        found = bayesian_equilibria(BayesianGame([[1 - chance, chance]], payoffs + offset))
        [equilibrium] = found.equilibria
        assert equilibrium.strategies[1].tolist() == [[1, 0], [0, 1]]
        assert equilibrium.regret == 0

    def test_a_type_with_little_at_stake(self):
        payoffs = np.zeros((2, 1, 2, 2, 2))
        payoffs[1, 0, 0] = [[2, 0], [0, 1]]
        payoffs[0, 0, :] = [[2, 0], [0, 1]]
        payoffs[1, 0, 1, :, 1] = 1e-12
        found = bayesian_equilibria(BayesianGame([[0.5, 0.5]], payoffs))
        assert found.is_complete
        assert all(e.strategies[1][1].tolist() == [0, 1] for e in found.equilibria)


class TestEvidence:
    def test_the_fixed_point_next_to_one_is_found(self):
        # Between the one that deters and guilt for all lies one that play runs away from.
        found = posterior_standards(2, 0.9, lambda j: max(0.0, 1 - 2 * j))
        assert len(found) == 3
        assert 1 - found[1].prior == pytest.approx(7.625e-7, rel=1e-3)
        for point in found:
            guilt = max(0.0, 1 - 2 * point.standard.deterrence)
            assert guilt == pytest.approx(point.prior, abs=1e-12)

    def test_weak_evidence_keeps_its_digits(self):
        for separation in (1e-6, 1e-10, 1e-17):
            # 2Φ(d/2) - 1 is d φ(0) for small d.
            needed = sanction_that_deters(most_deterring_standard(separation), 1)
            assert needed * separation == pytest.approx(math.sqrt(2 * math.pi), rel=1e-9)

    @pytest.mark.parametrize("threshold", [-9.0, 11.0])
    def test_lenient_and_strict_thresholds_are_mirror_images(self, threshold):
        # k and d' - k have the same difference of errors.
        standard = standard_at_threshold(2, threshold)
        assert standard.deterrence == pytest.approx(norm.sf(9) - norm.sf(11), rel=1e-9)

    def test_best_date_at_extremes(self):
        # As d → 0 the value is proportional to δ^τ √τ, best at 1/(2 ln(1/δ)).
        best = best_accusation_date(1e-70, 0.95)
        assert best.date == pytest.approx(-0.5 / math.log(0.95), rel=1e-9)
        sharp = best_accusation_date(1e80, 0.95)
        assert sharp.value == pytest.approx(1, abs=1e-12)
        for factor in (0.9, 1.1):
            assert accusation_value(sharp.date * factor, 1e80, 0.95) <= sharp.value
        with pytest.raises(InvalidGameError, match="first_separation"):
            best_accusation_date(1e170, 0.95)

    def test_steep_but_continuous_retaliation_has_an_equilibrium(self):
        game = AttributionGame(
            [0.4, 0.4],
            [[0.2, 0.6, 0.2], [0.2, 0.2, 0.6]],
            [0.8, 0.1, 0.1],
            lambda belief: 1 / (1 + np.exp(-400 * (belief - 0.55))),
        )
        found = attribution_equilibria(game)
        assert found.n_converged == found.n_starts
        assert max(e.residual for e in found.equilibria) < 1e-10


class TestBordersAndTies:
    def test_thresholds_that_round_are_still_borders(self):
        # g/(g + L) is 0.3 but for rounding, in which 0.3 lies on either side.
        for scale in (1, 3, 7, 1e-3, 1e200):
            game = BlameGame(0.5, 0.3, 5, 3, 0.3 * scale, 0.7 * scale)
            found = blame_equilibrium(game)
            assert (found.regime, found.is_boundary) == (BlameRegime.PEACE, True)

    def test_huge_stakes_do_not_overflow(self):
        found = blame_equilibrium(BlameGame(0.5, 0.1, 1e308, 1e308, 2, 6))
        assert found.belief == pytest.approx(0.5)

    @pytest.mark.parametrize("gain", [0.3, 0.7, 0.9])
    def test_decimal_ties_of_the_inspection_game(self, gain):
        # p s = g in decimals, whatever the rounding of the product.
        game = InspectionGame(0.01, 1, 0.1, gain=gain, penalty=10 * gain)
        found = inspection_equilibria(game)
        pairs = {(float(e.strategies[0][0]), float(e.strategies[1][1])) for e in found.equilibria}
        assert pairs == {(1.0, 0.1), (1.0, 1.0)}
        assert found.note

    def test_tiny_numbers_of_the_inspection_game(self):
        [found] = inspection_equilibria(InspectionGame(1e-200, 1e-200, 1e-200, 1, 1)).equilibria
        assert found.strategies[0].tolist() == [0, 1]

    def test_red_line_blurred_by_a_rounding(self):
        assert red_line_response(RedLine(1, 1e-12, 0.05, 0)).act == pytest.approx(1)

    @pytest.mark.parametrize(
        ("payoffs", "word"),
        [
            ((3, 1, 5, 1), "dies out"),  # R < T, S = P
            ((3, 2, 3, 1), "spreads"),  # R = T, S > P
            ((3, 0, 3, 1), "dies out"),
            ((5, 1, 3, 1), "spreads"),
            ((3, 2, 5, 1), "coexist"),
        ],
    )
    def test_why_there_is_no_tipping_point(self, payoffs, word):
        with pytest.raises(NoSolutionError, match=word):
            tipping_share(*payoffs)


class TestNamedErrors:
    def test_thresholds_of_a_network(self):
        with pytest.raises(InvalidGameError, match="thresholds"):
            network_cascade(nx.path_graph(3), "half", [0])

    def test_a_person_that_is_no_number(self):
        with pytest.raises(InvalidGameError, match="seed"):
            threshold_cascade([0, 1], [0.5])

    def test_numbers_of_the_templates(self):
        with pytest.raises(InvalidGameError, match="win_share"):
            best_demand("0.6", 0.1, 0.4)
        with pytest.raises(InvalidGameError, match="benefit"):
            bluff_removing_cost(None, 0.5)
        with pytest.raises(InvalidGameError, match="audience_cost"):
            threat_game(1, -1, (0.5, -2), 0.5, 1, 2)
        with pytest.raises(InvalidGameError, match=r"values_of_acting\[1\]"):
            threat_game(1, 1, (0.5, math.nan), 0.5, 1, 2)


class TestNothingRunsForEver:
    def test_tiny_bias(self):
        n = most_messages(1e-300)
        assert 2 * n * (n - 1) < 10**300 <= 2 * n * (n + 1) * (1 + 1e-9)

    def test_unreliable_responses(self):
        with pytest.raises(TooLargeError, match=r"2\.07e\+10"):
            erosion_of_deterrence(0.999999, reliability=1e-9, gain=1, sanction=1e12)

    def test_many_strategies(self):
        with pytest.raises(TooLargeError, match="40 strategies"):
            mistake_costs(np.eye(40), 2)


@pytest.mark.parametrize("intensity", [1, 30, 100, 200])
def test_fixation_from_a_state_that_lasts_for_ages(intensity):
    # Hawks and doves coexist for e^100 steps; on a complete network only numbers count.
    A = [[0, 3], [1, 0]]
    expected = fixation_probability(A, 6, intensity).by_count
    found = network_fixation(nx.complete_graph(6), A, intensity)
    counts = [mask.bit_count() for mask in range(64)]
    assert found == pytest.approx(expected[counts], abs=1e-9)
