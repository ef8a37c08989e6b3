"""Deep, wide and crowded trees: an answer or a typed refusal, never a hang or a traceback."""

import numpy as np
import pytest
from extensive_examples import centipede, chain_store, kuhn_poker, random_tree, selten_horse

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form import strategic_form
from games.extensive_form.agent_logit import agent_quantal_response
from games.extensive_form.agent_responses import agent_quantal_responses
from games.extensive_form.backward_induction import backward_induction
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.sequential_equilibrium import sequential_equilibrium
from games.extensive_form.strategic_form import reduced_normal_form
from games.extensive_form.subgame_perfect import (
    nash_equilibria_of_tree,
    subgame_perfect_equilibria,
)


def row_of_moves(n_moves, n_players=1):
    """Players in turn stop or go on; stopping at move k pays k to all, so all go on."""
    names = [f"P{k}" for k in range(n_players)]
    tree = TreeBuilder(names)
    node = 0
    for k in range(n_moves):
        stop, node = tree.move(node, names[k % n_players], ["stop", "go"])
        tree.end(stop, [k] * n_players)
    tree.end(node, [n_moves] * n_players)
    return tree.build()


def test_three_thousand_moves_have_an_answer_where_the_method_suits():
    game = centipede(3_000)
    for found in (backward_induction(game), subgame_perfect_equilibria(game)):
        [equilibrium] = found.equilibria
        assert found.is_complete
        assert equilibrium.payoffs.tolist() == [2, 0]
        assert equilibrium.regret == 0


def test_a_deep_tree_is_solved_sequentially_stage_by_stage():
    found = sequential_equilibrium(centipede(1_000))
    assert found.payoffs.tolist() == [2, 0]
    assert "stage by stage" in found.method


def test_a_hidden_move_at_the_bottom_of_a_deep_tree():
    tree = TreeBuilder(["A", "B"])
    node = 0
    for k in range(600):
        stop, node = tree.move(node, "AB"[k % 2], ["stop", "go"])
        tree.end(stop, [0, 0])
    for after, row in zip(tree.move(node, "A", ["u", "d"]), [(3, 1), (1, 3)], strict=True):
        for end, u in zip(tree.move(after, "B", ["l", "r"], "hidden"), row, strict=True):
            tree.end(end, [u, 4 - u])
    found = sequential_equilibrium(tree.build())
    assert found.payoffs == pytest.approx([2, 2], abs=1e-6)  # matching pennies at the bottom


@pytest.mark.parametrize(
    ("game", "words"),
    [
        (centipede(3_000), "1,501 × 1,501 strategies"),
        (row_of_moves(3_000), "3,001 strategies of 3,000 choices for P0"),
        (row_of_moves(60, 60), "60 players"),
    ],
)
def test_a_normal_form_too_large_is_refused_before_it_is_built(game, words):
    with pytest.raises(TooLargeError, match=words):
        reduced_normal_form(game)
    with pytest.raises(TooLargeError, match="use a method for trees: backward induction"):
        nash_equilibria_of_tree(game)


def test_summands_are_counted_exactly_and_bounded(monkeypatch):
    tree = TreeBuilder(["A", "B"])
    for k, node in enumerate(tree.chance(0, {str(k): "1/30" for k in range(30)})):
        for after in tree.move(node, "A", [str(a) for a in range(10)], f"a{k % 3}"):
            for end in tree.move(after, "B", ["l", "r"], "b"):
                tree.end(end, [1, 2])
    game = tree.build()
    # 600 ends, each at 100 of A's 1,000 strategies and 1 of B's 2.
    monkeypatch.setattr(strategic_form, "MAX_SUMMANDS", 59_999)
    with pytest.raises(TooLargeError, match="sums of 60,000 terms"):
        reduced_normal_form(game)
    monkeypatch.setattr(strategic_form, "MAX_SUMMANDS", 60_000)
    form = reduced_normal_form(game)
    assert form.game.n_actions == (1000, 2)
    assert form.game.payoffs[0] == pytest.approx(np.ones((1000, 2)))


def test_numbers_of_strategies_beyond_printing():
    tree = TreeBuilder(["A"])
    for node in tree.chance(0, {str(k): "1/1500" for k in range(1_500)}):
        for end in tree.move(node, "A", ["l", "r"]):
            tree.end(end, [0])
    game = tree.build()
    with pytest.raises(TooLargeError, match=r"about 10\^451"):
        reduced_normal_form(game)
    with pytest.raises(TooLargeError, match="combinations of equilibria"):
        subgame_perfect_equilibria(game)
    found = backward_induction(game, limit=1)
    assert found.note == "about 10^451 subgame-perfect equilibria in pure strategies, 1 listed"
    assert not found.is_complete


def test_a_wide_move_takes_no_square_of_its_width():
    tree = TreeBuilder(["A", "B"])
    for k, end in enumerate(tree.move(0, "A", [str(k) for k in range(10_000)])):
        tree.end(end, [k, 0])
    game = tree.build()
    for found in (backward_induction(game), subgame_perfect_equilibria(game)):
        assert [e.payoffs.tolist() for e in found.equilibria] == [[9_999, 0]]
    with pytest.raises(TooLargeError, match="10,000 strategies of A"):
        reduced_normal_form(game)


def test_many_players_in_turn():
    found = backward_induction(row_of_moves(400, 200))
    assert found.equilibria[0].payoffs.tolist() == [400] * 200


def test_nodes_times_players_are_bounded():
    tree = TreeBuilder([f"P{k}" for k in range(5_000)])
    with pytest.raises(TooLargeError, match="2,001 nodes and 5,000 players"):
        tree.move(0, "P0", [str(k) for k in range(2_000)])


def test_exact_sums_that_grow_out_of_hand_are_refused():
    tree = TreeBuilder(["A"])
    node = 0
    for _ in range(7_000):
        stop, node = tree.chance(node, {"stop": "1/3", "go": "2/3"})
        tree.end(stop, [1])
    tree.end(node, [0])
    with pytest.raises(TooLargeError, match="3,000 digits"):
        backward_induction(tree.build())
    rng = np.random.default_rng(3)
    odd = {str(k): f"1/{10**200 + int(rng.integers(10**9))}" for k in range(100)}
    with pytest.raises(TooLargeError, match="sum of probabilities"):
        TreeBuilder(["A"]).chance(0, odd)


def test_the_logit_path_refuses_what_would_take_hours():
    with pytest.raises(TooLargeError, match="1,400 actions and 701 ends"):
        agent_quantal_response(centipede(700), 1.0)


def test_the_branch_keeps_its_direction():
    # At this length the path once turned round and came back to uniform play.
    assert sequential_equilibrium(centipede(40)).payoffs == pytest.approx([2, 0], abs=1e-6)


def test_the_branch_is_not_left_near_a_fork():
    # Two branches pass close by at precision 0.0075; the path once jumped from one to the other.
    game = random_tree(np.random.default_rng(1135), 4, payoffs=1000)
    found = agent_quantal_responses(game, [0.006, 0.007, 0.0075, 0.008, 0.01])
    up = [float(f.behavior[-2][0]) for f in found]
    assert up == pytest.approx([0.487, 0.434, 0.302, 0.221, 0.085], abs=1e-3)


@pytest.mark.parametrize("factory", [kuhn_poker, selten_horse, chain_store])
def test_agent_responses_at_several_precisions(factory):
    game = factory()
    found = agent_quantal_responses(game, [2.0, 0.0, 0.5])
    assert [f.precision for f in found] == [2.0, 0.0, 0.5]
    for response in found:
        assert response.residual <= 1e-7
        single = agent_quantal_response(game, response.precision)
        for one, other in zip(single, response.behavior, strict=True):
            assert one == pytest.approx(other, abs=1e-9)
    assert all(b == pytest.approx(1 / len(b)) for b in found[1].behavior)
    assert found[0].regret < found[1].regret


@pytest.mark.parametrize("precision", [-1.0, float("nan"), float("inf"), 1e308])
def test_precisions_without_an_answer_are_refused(precision):
    with pytest.raises(InvalidGameError, match=r"precisions\[1\]"):
        agent_quantal_responses(chain_store(), [1.0, precision])
