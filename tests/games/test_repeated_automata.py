"""Automata: values, one-shot deviations, best replies, long-run shares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, TooLargeError
from games.normal_form import NormalFormGame
from games.repeated.automata import (
    Machine,
    ProfileAutomaton,
    automaton_values,
    long_run_shares,
    product_automaton,
)
from games.repeated.deviations import best_reply_check, one_shot_check
from games.repeated.dilemma import Dilemma
from games.repeated.strategies import (
    Rung,
    conflict_share,
    generous_tit_for_tat,
    graduated_ladder,
    grim_trigger,
    limited_punishment,
    tit_for_tat,
)

AXELROD = Dilemma(5, 3, 1, 0)
BOTH, NONE = (0, 0), (1, 1)


def random_automaton(seed: int, n_states: int = 4, shape: tuple[int, ...] = (2, 3)):
    rng = np.random.default_rng(seed)
    game = NormalFormGame(rng.normal(size=(len(shape), *shape)))
    outputs = [rng.dirichlet(np.ones(m), size=n_states) for m in shape]
    moves = rng.dirichlet(np.ones(n_states), size=(n_states, *shape))
    return game, ProfileAutomaton(outputs, moves)


def test_values_of_grim_and_of_the_alternating_feud() -> None:
    game = AXELROD.game()
    values = automaton_values(game, grim_trigger(game, BOTH, NONE), 0.8)
    assert values == pytest.approx(np.array([[3, 3], [1, 1]]))
    # Tit-for-tat after one defection alternates T and S: (T + dS)/(1 + d) and (S + dT)/(1 + d).
    automaton = tit_for_tat()
    values = dict(
        zip(automaton.states, automaton_values(game, automaton, 0.8).tolist(), strict=True)
    )
    assert sorted(values["1,0"]) == pytest.approx([4 / 1.8, 5 / 1.8])
    assert values["0,0"] == pytest.approx([3, 3])
    assert values["1,1"] == pytest.approx([1, 1])


@pytest.mark.parametrize("discount", [0.0, 0.3, 0.9])
def test_values_agree_with_the_discounted_sum(discount: float) -> None:
    game, automaton = random_automaton(1)
    path = automaton.path_matrix()
    stage = np.einsum("sab,iab->si", automaton.action_probabilities(), game.payoffs)
    total, weight = np.zeros_like(stage), np.eye(4)
    for t in range(400):
        total += (1 - discount) * discount**t * weight @ stage
        weight = weight @ path
    assert automaton_values(game, automaton, discount) == pytest.approx(total, abs=1e-12)


@given(seed=st.integers(0, 10_000), discount=st.floats(0, 0.99))
@settings(derandomize=True, max_examples=30, deadline=None)
def test_best_reply_is_never_worse_and_needs_more_than_one_shot(
    seed: int, discount: float
) -> None:
    game, automaton = random_automaton(seed)
    shot, reply = (
        one_shot_check(game, automaton, discount),
        best_reply_check(game, automaton, discount),
    )
    assert reply.worst_gain >= -1e-12
    # One-shot deviation principle: no gain in any state if and only if no best reply gains.
    gains = [
        best_reply_check(
            game,
            ProfileAutomaton(automaton.outputs, automaton.transitions, initial=s),
            discount,
        ).worst_gain
        for s in range(automaton.n_states)
    ]
    assert (max(gains) <= 1e-9) == (shot.worst_gain <= 1e-9)


@given(
    seed=st.integers(0, 10_000),
    scale=st.sampled_from([1e-6, 0.5, 3.0, 1e9]),
    offset=st.sampled_from([-1e9, 0.0, 7.0]),
)
@settings(derandomize=True, max_examples=25, deadline=None)
def test_affine_rescaling_changes_no_gain(seed: int, scale: float, offset: float) -> None:
    game, automaton = random_automaton(seed)
    other = NormalFormGame(game.payoffs * scale + offset)
    first, second = one_shot_check(game, automaton, 0.7), one_shot_check(other, automaton, 0.7)
    size = max(scale, abs(offset) * 1e-6)
    assert second.worst_gain == pytest.approx(first.worst_gain * scale, abs=1e-7 * size)


def test_one_shot_check_names_the_place_of_the_worst_gain() -> None:
    game = AXELROD.game()
    check = one_shot_check(game, grim_trigger(game, BOTH, NONE), 0.4)
    assert not check.is_equilibrium
    assert (check.worst_state, check.worst_action) == ("calm 0", 1)
    # (1 - d) (T - R) - d (R - P)
    assert check.worst_gain == pytest.approx(0.6 * 2 - 0.4 * 2)


def test_one_shot_check_is_not_lenient_to_patient_players() -> None:
    # At discount 1 - 1e-7 an average payoff hides a free gain of 2 in one period.
    game = AXELROD.game()
    always = ProfileAutomaton([[[1, 0]], [[1, 0]]], np.ones((1, 2, 2, 1)))
    assert not one_shot_check(game, always, 1 - 1e-7).is_equilibrium
    assert not best_reply_check(game, always, 1 - 1e-7).is_equilibrium


def test_tit_for_tat_is_nash_but_not_subgame_perfect() -> None:
    game = AXELROD.game()
    assert best_reply_check(game, tit_for_tat(), 0.8).is_equilibrium
    assert not one_shot_check(game, tit_for_tat(), 0.8).is_equilibrium
    # With T - R = P - S all constraints meet in one point, d = (T - R)/(R - S): 2/3 for 5,3,2,0.
    knife = Dilemma(5, 3, 2, 0)
    assert one_shot_check(knife.game(), tit_for_tat(), 2 / 3).is_equilibrium
    assert not one_shot_check(knife.game(), tit_for_tat(), 0.7).is_equilibrium


def test_simple_penal_code_with_restart_makes_a_costly_punishment_credible() -> None:
    # Abreu (1988): the stick hurts both (minmax profile), players return to it if one shirks.
    payoffs = np.array([[10.0, 3, 0], [15, 7, -4], [7, 5, -15]])
    game = NormalFormGame.from_bimatrix(payoffs, payoffs.T)
    stick = Rung((2, 2), 1)
    with_restart = graduated_ladder(game, BOTH, [stick], restart=True)
    without = graduated_ladder(game, BOTH, [stick])
    assert one_shot_check(game, with_restart, 0.7).is_equilibrium
    assert not one_shot_check(game, without, 0.7).is_equilibrium


def test_states_of_a_ladder_and_their_share_of_time() -> None:
    game = AXELROD.game()
    ladder = graduated_ladder(
        game, BOTH, [Rung(NONE, 0), Rung(NONE, 2)], decay=0.5, detection=0.9, false_alarm=0.2
    )
    assert ladder.states == ("calm 0", "calm 1", "rung 1.1", "rung 1.2")
    # calm 0 -> calm 1 (.2); calm 1 -> rung (.2), -> calm 0 (.8 * .5), stays (.4).
    chain = np.array([[0.8, 0.2, 0, 0], [0.4, 0.4, 0.2, 0], [0, 0, 0, 1], [0, 1, 0, 0]])
    assert ladder.path_matrix() == pytest.approx(chain)
    # Stationary: x0 * .2 = x1 * .4, rungs x1 * .2 each.
    shares = np.array([2, 1, 0.2, 0.2]) / 3.4
    assert long_run_shares(ladder) == pytest.approx(shares)
    assert conflict_share(ladder, BOTH) == pytest.approx(0.4 / 3.4)


def test_a_graduated_ladder_spends_less_time_in_conflict_than_a_harsh_one() -> None:
    game = AXELROD.game()
    harsh = graduated_ladder(game, BOTH, [Rung(NONE, 10)], detection=0.9, false_alarm=0.05)
    mild = graduated_ladder(
        game, BOTH, [Rung(NONE, 2), Rung(NONE, 10)], detection=0.9, false_alarm=0.05, decay=0.3
    )
    assert conflict_share(mild, BOTH) < conflict_share(harsh, BOTH)
    grim = graduated_ladder(game, BOTH, [Rung(NONE, np.inf)], false_alarm=0.01)
    assert conflict_share(grim, BOTH) == pytest.approx(1)


def test_long_run_shares_of_cycles_and_of_several_classes() -> None:
    moves = np.zeros((4, 1, 4))
    for s, t in [(1, 2), (2, 1), (3, 3)]:
        moves[s, 0, t] = 1
    moves[0, 0, [1, 3]] = 0.25, 0.75
    automaton = ProfileAutomaton([np.ones((4, 1))], moves)
    assert long_run_shares(automaton) == pytest.approx([0, 0.125, 0.125, 0.75])


def test_product_keeps_only_what_histories_reach() -> None:
    game = AXELROD.game()
    follow = np.zeros((2, 2, 2, 2))
    follow[1, ..., 1] = 1
    follow[0, ..., 1] = 1
    follow[0, 0, 0] = [1, 0]
    grim = Machine([[1, 0], [0, 1]], follow)
    joint = product_automaton([grim, grim])
    assert joint.states == ("0,0", "1,1")
    built = grim_trigger(game, BOTH, NONE)
    for discount in (0.3, 0.6):
        assert one_shot_check(game, joint, discount).worst_gain == pytest.approx(
            one_shot_check(game, built, discount).worst_gain
        )


def test_three_players_and_unequal_action_counts() -> None:
    rng = np.random.default_rng(5)
    game = NormalFormGame(rng.normal(size=(3, 2, 3, 2)))
    automaton = limited_punishment(game, (0, 1, 1), (1, 2, 0), 3)
    values = automaton_values(game, automaton, 0.6)
    good, bad = game.payoffs[:, 0, 1, 1], game.payoffs[:, 1, 2, 0]
    assert values[0] == pytest.approx(good)
    assert values[1] == pytest.approx((1 - 0.6**3) * bad + 0.6**3 * good)


@pytest.mark.parametrize(
    ("build", "place"),
    [
        (lambda: Machine([[0.5, 0.4]], np.ones((1, 2, 2, 1))), r"outputs\[0\]"),
        (lambda: Machine([[1.0, 0.0]], np.ones((2, 2, 2, 1))), "transitions"),
        (lambda: Machine([[np.nan, 1]], np.ones((1, 2, 2, 1))), "outputs"),
        (lambda: ProfileAutomaton([[[1, 0]]], np.ones((1, 3, 1))), "transitions"),
        (lambda: ProfileAutomaton([[[1.0]]], np.ones((1, 1, 1)), initial=1), "initial"),
        (lambda: ProfileAutomaton([[[1.0]]], np.ones((1, 1, 1)), ["a", "b"]), "states"),
        (lambda: generous_tit_for_tat(1.5), "generosity"),
        (lambda: Rung((1, 1), -1), "length"),
        (lambda: Rung((1, 1), 1.5), "length"),
        (lambda: graduated_ladder(AXELROD.game(), BOTH, []), "rungs"),
        (lambda: limited_punishment(AXELROD.game(), BOTH, (2, 0), 3), "profile"),
        (lambda: limited_punishment(AXELROD.game(), BOTH, NONE, 0), "length"),
        (lambda: automaton_values(AXELROD.game(), tit_for_tat(), 1), "discount"),
        (lambda: automaton_values(AXELROD.game(), random_automaton(0)[1], 0.5), "automaton"),
        (lambda: Dilemma(3, 5, 1, 0), "payoffs"),
        (lambda: Dilemma(5, 3, 1, float("nan")), "sucker"),
    ],
)
def test_bad_input_is_named(build, place: str) -> None:
    with pytest.raises(InvalidGameError, match=place):
        build()


def test_too_long_a_punishment_is_refused() -> None:
    with pytest.raises(TooLargeError):
        limited_punishment(AXELROD.game(), BOTH, NONE, 100_000)


def test_a_huge_penalty_elsewhere_excuses_no_deviation() -> None:
    payoffs = np.full((2, 3, 3), -1e12)
    payoffs[:, :2, :2] = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
    for order in ([0, 1, 2], [2, 0, 1]):  # the penalty last, then first
        game = NormalFormGame(payoffs[np.ix_([0, 1], order, order)])
        cooperate, punish = (order.index(0),) * 2, (order.index(1),) * 2
        grim = grim_trigger(game, cooperate, punish)
        for check in (one_shot_check, best_reply_check):
            verdicts = [check(game, grim, d).is_equilibrium for d in (0.3, 0.499, 0.5, 0.9)]
            assert verdicts == [False, False, True, True]
            assert check(game, grim, 0.3).worst_gain == pytest.approx(0.7 * 5 + 0.3 - 3)


def test_a_huge_penalty_that_play_does_not_reach_excuses_no_deviation() -> None:
    """Punishment of -1e12 follows action 1; action 2 gains 0.005 and is not punished at all."""
    A = np.array([[3, 0, 3], [5, -1e12, 5], [3.005, 0, 3.005]])
    game = NormalFormGame.from_bimatrix(A, A.T)
    grim = limited_punishment(game, BOTH, NONE, 3)
    moves = grim.transitions.copy()
    moves[0, 2, 0] = moves[0, 0, 2] = moves[0, 2, 2] = moves[0, 0, 0]
    lenient = ProfileAutomaton(grim.outputs, moves, grim.states, grim.initial)
    for check in (one_shot_check, best_reply_check):
        assert check(game, grim, 0.9).is_equilibrium is (check is best_reply_check)
        found = check(game, lenient, 0.9)
        assert not found.is_equilibrium
        assert found.worst_gain >= 0.0005
