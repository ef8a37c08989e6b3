import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.best_responses import best_response_table
from games.errors import InvalidGameError
from games.extensive_form.agent_logit import agent_quantal_response
from games.extensive_form.backward_induction import backward_induction
from games.extensive_form.sequential_equilibrium import sequential_equilibrium
from games.nash_equilibria import nash_equilibria
from games.normal_form import NormalFormGame
from games.signalling.audience_costs import PublicThreat, bluff_removing_cost, threat_game
from games.signalling.crisis_bargaining import best_demand, crisis_tree, preventive_incentive
from games.signalling.deterrence import (
    Challenger,
    Defender,
    deterrence_thresholds,
    unilateral_deterrence,
)
from games.signalling.dollar_auction import dollar_auction
from games.signalling.escalation import (
    Stakes,
    attrition_hazards,
    critical_risk,
    escalation_ladder,
    rung_probabilities,
)
from games.signalling.perfect_bayesian import perfect_bayesian_equilibria
from games.signalling.reassurance import reassurance_game, reassurance_window
from games.signalling.retaliation_threat import (
    ChickenPayoffs,
    deterring_retaliation,
    retaliation_game,
)


class TestReassurance:
    @pytest.mark.parametrize("size", [0.5, 1.49, 1.5, 2, 3, 3.01, 4])
    def test_the_solved_game_separates_exactly_in_the_window(self, size):
        window = reassurance_window(1, 4, 3, 6)
        game = reassurance_game(size, costs=(1, 4), benefits=(3, 6), prior_good=0.4)
        signals = [
            e
            for e in perfect_bayesian_equilibria(game).equilibria
            if e.kind == "separating" and e.sender[0, 0] == 1
        ]
        assert bool(signals) == (window.smallest <= size <= window.largest)

    def test_an_empty_window_is_talk(self):
        assert reassurance_window(2, 1, 3, 6).is_empty
        assert not reassurance_window(1, 4, 3, 6).is_empty

    def test_bad_numbers_are_named(self):
        with pytest.raises(InvalidGameError, match="cost_bad: is 0"):
            reassurance_window(1, 0, 1, 1)
        with pytest.raises(InvalidGameError, match="prior_good"):
            reassurance_game(1, (1, 4), (3, 6), 1.5)


class TestAudienceCosts:
    def test_the_cost_that_removes_bluffs(self):
        # B = .3, rho = .4 -> .45 (after Fearon 1994, 1997)
        assert bluff_removing_cost(0.3, 0.4) == pytest.approx(0.45)
        for cost, pays in ((0.44, True), (0.46, False)):
            threat = PublicThreat(0.3, 0.4, cost, value_of_acting=-10)
            assert (threat.gain_from_bluffing > 0) == pays

    @given(st.floats(0.1, 5), st.floats(0.05, 0.95), st.floats(0, 5), st.floats(-5, 5))
    @settings(derandomize=True, max_examples=30, deadline=None)
    def test_the_solved_tree_agrees_with_the_formulas(self, benefit, rho, cost, value):
        threat = PublicThreat(benefit, rho, cost, value)
        found = backward_induction(threat.to_tree()).equilibria
        best = max(0.0, threat.value)
        assert all(e.payoffs[0] == pytest.approx(best, abs=1e-9) for e in found)
        if abs(value + cost) > 1e-6:
            assert all((e.behavior[1][1] == 1) == threat.backs_down for e in found)

    def test_lock_in(self):
        assert PublicThreat(1, 0.5, 2, -1).is_locked_in
        assert not PublicThreat(1, 0.5, 0.5, -1).is_locked_in
        assert not PublicThreat(1, 0.5, 2, 1).is_locked_in

    def test_bluffing_in_equilibrium_meets_the_formula(self):
        game = threat_game(
            benefit=1,
            audience_cost=0.5,
            values_of_acting=(1, -3),
            prior_resolute=0.2,
            target_stake=1,
            target_war_cost=3,
        )
        bluffs = [
            e
            for e in perfect_bayesian_equilibria(game).equilibria
            if e.kind == "semi-separating" and e.sender[0, 0] == 1
        ]
        assert bluffs  # several: what the target does after silence makes no difference
        for found in bluffs:
            assert bluff_removing_cost(1, found.receiver[0, 1]) == pytest.approx(0.5)
            # Indifferent where the threat is real with probability stake / war cost.
            assert found.beliefs[0, 0] == pytest.approx(1 / 3)

    def test_bad_numbers_are_named(self):
        with pytest.raises(InvalidGameError, match="resist_probability"):
            bluff_removing_cost(1, 0)
        with pytest.raises(InvalidGameError, match="audience_cost: is -1"):
            PublicThreat(1, 0.5, -1, 0)


class TestEscalation:
    STAKES = Stakes(win=1, quit=0, disaster=-9)

    def test_critical_risk(self):
        assert critical_risk(self.STAKES) == pytest.approx(0.1)

    @pytest.mark.parametrize(("risk", "presses"), [(0.09, True), (0.11, False)])
    def test_the_top_rung_is_pressed_iff_the_risk_is_below_the_critical_one(self, risk, presses):
        tree = escalation_ladder([risk], self.STAKES, self.STAKES)
        [found] = backward_induction(tree).equilibria
        assert (found.behavior[0][0] == 1) == presses

    def test_at_the_critical_risk_there_is_a_tie(self):
        found = backward_induction(escalation_ladder([0.1], self.STAKES, self.STAKES))
        assert len(found.equilibria) == 2
        assert found.equilibria[0].ties[0].actions == ("press on", "back down")

    def test_who_would_press_at_the_next_rung_stops_the_other_now(self):
        # The second player presses at rung 2 (5 % < 10 %): pressing at rung 1 only adds risk.
        tree = escalation_ladder([0.05, 0.05], self.STAKES, self.STAKES)
        [found] = backward_induction(tree).equilibria
        assert [b[0] for b in found.behavior] == [0, 1]
        assert rung_probabilities(tree, found.behavior) == (1, 0)

    def test_an_off_ramp_is_taken_where_it_saves_face(self):
        with_ramp = Stakes(win=1, quit=0, disaster=-9, face_saved=0.6)
        tree = escalation_ladder([0.05], with_ramp, self.STAKES)
        [found] = backward_induction(tree).equilibria
        assert found.behavior[0].tolist() == [0, 0, 1]
        assert found.payoffs.tolist() == [0.6, 1]

    def test_noise_makes_escalation_likely_where_it_was_not(self):
        tree = escalation_ladder([0.05, 0.05], self.STAKES, self.STAKES)
        noisy = rung_probabilities(tree, agent_quantal_response(tree, 1.0))
        assert 0 < noisy[1] < 1

    def test_attrition_is_the_limit_of_a_war_in_short_periods(self):
        costs, prizes = (1.0, 2.0), (10.0, 5.0)
        period = 1e-4
        # Stay or quit in one period, nothing expected afterwards (the mixed continuation).
        A = [[-costs[0] * period, prizes[0]], [0, 0]]
        B = [[-costs[1] * period, 0], [prizes[1], 0]]
        solved = nash_equilibria(NormalFormGame.from_bimatrix(A, B))
        [mixed] = [e for e in solved.equilibria if not e.is_pure]
        rates = [s[1] / period for s in mixed.strategies]
        assert rates == pytest.approx(attrition_hazards(costs, prizes), rel=1e-3)

    def test_bad_numbers_are_named(self):
        with pytest.raises(InvalidGameError, match="win > quit > disaster"):
            Stakes(0, 1, -1)
        with pytest.raises(InvalidGameError, match=r"risks\[1\]"):
            escalation_ladder([0.5, 1.5], self.STAKES, self.STAKES)
        with pytest.raises(InvalidGameError, match="needs a rung"):
            escalation_ladder([], self.STAKES, self.STAKES)
        with pytest.raises(InvalidGameError, match=r"prizes\[0\]"):
            attrition_hazards((1, 1), (0, 1))


class TestCrisisBargaining:
    def test_fearon(self):
        # Fearon (1995), rho = .6, c_A = .1, C = .4: demand .75, conflict .375.
        best = best_demand(0.6, 0.1, 0.4)
        assert best.demand == pytest.approx(0.75)
        assert best.conflict_probability == pytest.approx(0.375)
        assert best.payoff == pytest.approx(0.625 * 0.75 + 0.375 * 0.5)

    def test_a_costly_conflict_is_not_risked(self):
        best = best_demand(0.6, 0.5, 0.4)
        assert (best.demand, best.conflict_probability) == (0.6, 0)

    def test_the_demand_is_at_most_the_pie(self):
        best = best_demand(0.9, 0.0, 1.0)
        assert best.demand == 1
        assert best.conflict_probability == pytest.approx(0.1)

    @pytest.mark.parametrize(
        ("rho", "cost", "largest"), [(0.6, 0.1, 0.4), (0.3, 0.05, 0.2), (0.5, 0.3, 0.2)]
    )
    def test_the_solved_tree_tends_to_the_formula(self, rho, cost, largest):
        n = 40
        costs = [largest * (k + 0.5) / n for k in range(n)]
        demands = [round(rho + largest * k / n, 6) for k in range(n)]
        solved = backward_induction(crisis_tree(rho, cost, costs, demands)).equilibria
        best = best_demand(rho, cost, largest)
        assert solved  # two demands next to each other may tie
        for found in solved:
            demanded = demands[int(found.behavior[0].argmax())]
            assert demanded == pytest.approx(best.demand, abs=1.01 * largest / n)
            assert found.payoffs[0] == pytest.approx(best.payoff, abs=0.01)

    def test_preventive_incentive(self):
        assert preventive_incentive(0.5, 0.9, (0.1, 0.2)) == pytest.approx(0.15)
        assert preventive_incentive(0.5, 0.9, (0.1, 0.2), transferable=0.2) < 0

    def test_bad_numbers_are_named(self):
        for arguments, name in (
            ((1.2, 0.1, 0.4), "win_share"),
            ((0.5, -0.1, 0.4), "cost"),
            ((0.5, 0.1, 0), "largest_cost"),
        ):
            with pytest.raises(InvalidGameError, match=name):
                best_demand(*arguments)
        with pytest.raises(InvalidGameError, match="power_shift"):
            preventive_incentive(-1, 0.9, (0, 0))
        with pytest.raises(InvalidGameError, match="at least one"):
            crisis_tree(0.5, 0.1, [], [0.5])


class TestDeterrence:
    CHALLENGER = Challenger(4, 2, 0, 1, -1)
    DEFENDER = Defender(status_quo=3, concession=1, retreat=4, conflict_hard=2, conflict_soft=0)

    def test_thresholds(self):
        # DC, SQ, DD+ = 4, 2, 1 -> 2/3 (after Zagare and Kilgour, 2000)
        hard, soft = deterrence_thresholds(self.CHALLENGER)
        assert hard == pytest.approx(2 / 3)
        assert soft == pytest.approx(1 / 2)

    @pytest.mark.parametrize(("hard_defender", "deters"), [(0.6, False), (0.7, True)])
    def test_a_hard_challenger_is_deterred_above_its_threshold(self, hard_defender, deters):
        # Almost all challengers are hard, so a soft defender gives in and only the hard deny.
        tree = unilateral_deterrence(self.CHALLENGER, self.DEFENDER, 0.95, hard_defender)
        found = sequential_equilibrium(tree)
        rows = {
            (tree.players[h.player], h.label): b
            for h, b in zip(tree.information_sets, found.behavior, strict=True)
        }
        assert rows["Defender", "hard"] == pytest.approx([0, 1], abs=1e-6)
        waits = rows["Challenger", "hard"][0]
        if deters:
            assert waits == pytest.approx(1, abs=1e-6)
        else:
            assert rows["Defender", "soft"][0] == pytest.approx(1, abs=1e-6)
            assert waits == pytest.approx(0, abs=1e-6)
        assert rows["Challenger", "hard, denied"] == pytest.approx([0, 1], abs=1e-6)
        assert rows["Challenger", "soft, denied"] == pytest.approx([1, 0], abs=1e-6)

    def test_a_better_status_quo_lowers_the_threshold(self):
        better = Challenger(4, 2.5, 0, 1, -1)
        before, after = (deterrence_thresholds(c) for c in (self.CHALLENGER, better))
        assert np.all(np.array(after) < np.array(before))

    def test_bad_numbers_are_named(self):
        with pytest.raises(InvalidGameError, match="challenger"):
            Challenger(1, 2, 0, 1, -1)
        with pytest.raises(InvalidGameError, match="defender"):
            Defender(3, 1, 4, 0, 0)
        with pytest.raises(InvalidGameError, match="hard_defender"):
            unilateral_deterrence(self.CHALLENGER, self.DEFENDER, 0.5, 1.0)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    order=st.lists(st.integers(-1000, 1000), min_size=4, max_size=4, unique=True),
    other=st.lists(st.integers(-1000, 1000), min_size=4, max_size=4, unique=True),
    threats=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_peace_holds_iff_both_threats_reach_their_thresholds(order, other, threats):
    # models.md 28, after Brams & Kilgour (1988): scaled to 0 and 1, retaliation of 1 - r3.
    players = [ChickenPayoffs(*sorted(own, reverse=True)) for own in (order, other)]
    game = retaliation_game(players, threats)
    slack = [threats[1 - i] - deterring_retaliation(p) for i, p in enumerate(players)]
    if min(map(abs, slack)) > 1e-9:
        peace = all(table.all() for table in best_response_table(game)[:, :1, :1])
        assert peace == (min(slack) > 0)


def test_retaliation_of_one_minus_the_payoff_of_cooperation():
    scaled = ChickenPayoffs(best=1, cooperation=0.75, yielding=0.5, worst=0)
    assert deterring_retaliation(scaled) == 0.25
    for wrong in ((1, 1, 0.5, 0), (1, 0.7, 0.8, 0), (np.nan, 3, 2, 1), ("1", 0.5, 0.2, 0)):
        with pytest.raises(InvalidGameError, match="payoffs"):
            ChickenPayoffs(*wrong)
    with pytest.raises(InvalidGameError, match=r"retaliation\[1\]"):
        retaliation_game([scaled] * 2, [0.5, 1.5])


@pytest.mark.parametrize("prize", [2, 3, 5, 20])
def test_dollar_auction_of_equal_budgets_opens_as_oneill_says(prize):
    # O'Neill (1986): (b - 1) mod (v - 1) + 1, and the other gives up.
    for budget in range(prize, 45):
        found = dollar_auction(prize, (budget, budget))
        opening = (budget - 1) % (prize - 1) + 1
        assert found.bids == (opening,)
        assert found.payoffs == (prize - opening, 0)


def test_dollar_auction_of_unequal_budgets():
    assert dollar_auction(20, (30, 29)).bids == (1,)
    assert dollar_auction(20, (29, 60)).bids == (19,)  # to top 19 gains nothing
    assert dollar_auction(20, (0, 60)).payoffs == (0, 0)
    for wrong in ((1, (5, 5)), (20, (5, -1)), (20, (5, 101)), (20, (5, 2.5))):
        with pytest.raises(InvalidGameError):
            dollar_auction(*wrong)
