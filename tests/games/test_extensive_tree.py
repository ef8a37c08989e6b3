from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from extensive_examples import centipede, kuhn_poker, selten_horse

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.behavior import (
    checked_behavior,
    node_values,
    pure_behavior,
    reach_probabilities,
)
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.exact_numbers import exact_number
from games.extensive_form.tree import ImperfectRecallError


def test_information_sets_join_nodes_that_look_alike():
    game = kuhn_poker()
    assert len(game.information_sets) == 12
    assert {len(h.nodes) for h in game.information_sets} == {2}
    assert len(game.terminals) == 30
    assert not game.is_perfect_information


def test_sequences_name_the_last_own_action():
    game = selten_horse()
    player_3 = game.information_sets[2]
    assert game.first_sequence == (1, 3, 5)
    assert game.sequences[list(player_3.nodes)].tolist() == [[2, 0, 0], [1, 4, 0]]


def test_history_names_the_actions_on_the_way():
    game = selten_horse()
    assert game.history(0) == "the root"
    assert {game.history(z) for z in game.terminals} >= {"C > c", "C > d > L", "D > R"}


def test_nodes_come_before_their_children_in_preorder():
    game = kuhn_poker()
    order = list(game.preorder())
    assert sorted(order) == list(range(len(game.nodes)))
    rank = {number: k for k, number in enumerate(order)}
    assert all(rank[node.parent] < rank[k] for k, node in enumerate(game.nodes) if k)


def test_decimals_are_read_as_written():
    tree = TreeBuilder(["A"])
    one, two = tree.chance(0, {"x": 0.1, "y": 0.9})
    tree.end(one, [0.1])
    tree.end(two, ["1/3"])
    game = tree.build()
    assert game.nodes[0].probabilities == (Fraction(1, 10), Fraction(9, 10))
    assert game.nodes[two].payoffs == (Fraction(1, 3),)


def test_rounded_thirds_are_rescaled_to_sum_to_one_exactly():
    tree = TreeBuilder(["A"])
    for node in tree.chance(0, {"x": 1 / 3, "y": 1 / 3, "z": 1 / 3}):
        tree.end(node, [0])
    assert tree.build().nodes[0].probabilities == (Fraction(1, 3),) * 3


def test_reach_and_values_of_uniform_play():
    game = selten_horse()
    uniform = tuple(np.full(2, 0.5) for _ in range(3))
    reach = reach_probabilities(game, uniform)
    assert reach[list(game.terminals)].sum() == pytest.approx(1)
    assert node_values(game, uniform)[0] == pytest.approx(
        [0.25 + 0.125 * 4 + 0.25 * 3, 0.25 + 0.125 * 4 + 0.25 * 3, 0.25 + 0.125 + 0.25 * 2]
    )


def test_a_game_that_is_over_at_once_is_a_game():
    tree = TreeBuilder(["A"])
    tree.end(0, [7])
    assert tree.build().terminals == (0,)


class TestBadTrees:
    def test_absent_mindedness_is_imperfect_recall(self):
        tree = TreeBuilder(["driver"], title="Piccione and Rubinstein (1997)")
        first, on = tree.move(0, "driver", ["exit", "go on"], "junction")
        tree.end(first, [0])
        second, home = tree.move(on, "driver", ["exit", "go on"], "junction")
        tree.end(second, [4])
        tree.end(home, [1])
        with pytest.raises(ImperfectRecallError, match=r"'junction' of driver.*'go on'"):
            tree.build()

    def test_forgetting_an_own_action_is_imperfect_recall(self):
        tree = TreeBuilder(["A", "B"])
        for node in tree.move(0, "A", ["l", "r"]):
            for end in tree.move(node, "A", ["L", "R"], "later"):
                tree.end(end, [0, 0])
        with pytest.raises(ImperfectRecallError, match="'later' of A") as caught:
            tree.build()
        assert caught.value.node == 2

    def test_forgetting_what_was_seen_is_imperfect_recall(self):
        # A learns the coin, passes, and then is asked again as if it had not seen it.
        tree = TreeBuilder(["A"])
        for side, node in zip("ht", tree.chance(0, {"h": 0.5, "t": 0.5}), strict=True):
            for after in tree.move(node, "A", ["pass", "pass on"], f"sees {side}"):
                for end in tree.move(after, "A", ["say h", "say t"], "asked"):
                    tree.end(end, [0])
        with pytest.raises(ImperfectRecallError, match="would have to forget"):
            tree.build()

    def test_chance_must_sum_to_one(self):
        tree = TreeBuilder(["A"])
        with pytest.raises(InvalidGameError, match=r"node 0: chance: .*sum to 0.9"):
            tree.chance(0, {"x": 0.5, "y": 0.4})
        with pytest.raises(InvalidGameError, match="must be >= 0"):
            tree.chance(0, {"x": 1.5, "y": -0.5})

    def test_a_player_needs_an_action(self):
        with pytest.raises(InvalidGameError, match="has no action"):
            TreeBuilder(["A"]).move(0, "A", [])

    def test_open_ends_are_named(self):
        tree = TreeBuilder(["A"])
        left, _ = tree.move(0, "A", ["l", "r"])
        tree.end(left, [0])
        with pytest.raises(InvalidGameError, match="node 2: has neither a move nor an end"):
            tree.build()

    @pytest.mark.parametrize("payoff", [float("nan"), float("inf"), "1/0", "1e999", None, "x"])
    def test_payoffs_must_be_finite_numbers(self, payoff):
        with pytest.raises(InvalidGameError, match="payoff of A"):
            TreeBuilder(["A"]).end(0, [payoff])

    def test_each_player_needs_a_payoff(self):
        with pytest.raises(InvalidGameError, match="1 given; each of the 2 players"):
            TreeBuilder(["A", "B"]).end(0, [1])

    def test_unknown_player_used_node_and_other_actions(self):
        tree = TreeBuilder(["A", "B"])
        left, right = tree.move(0, "A", ["l", "r"])
        tree.move(left, "B", ["x", "y"], "B")
        with pytest.raises(InvalidGameError, match="none of the players"):
            tree.move(right, "C", ["x"])
        with pytest.raises(InvalidGameError, match="already"):
            tree.end(left, [0, 0])
        with pytest.raises(InvalidGameError, match="elsewhere"):
            tree.move(right, "B", ["x", "z"], "B")
        with pytest.raises(InvalidGameError, match="there are nodes 0 to"):
            tree.end(99, [0, 0])

    def test_repeated_labels(self):
        with pytest.raises(InvalidGameError, match="players"):
            end_at_once(["A", "A"])
        tree = TreeBuilder(["A"])
        for end in tree.move(0, "A", ["x", "x"]):
            tree.end(end, [0])
        with pytest.raises(InvalidGameError, match="distinct labels"):
            tree.build()

    def test_too_many_branches(self):
        with pytest.raises(TooLargeError, match="200,000"):
            TreeBuilder(["A"]).move(0, "A", [str(k) for k in range(200_001)])

    def test_a_tree_put_together_by_hand_is_checked(self):
        game = centipede(2)
        nodes = list(game.nodes)
        nodes[1] = replace(nodes[1], payoffs=())
        with pytest.raises(InvalidGameError, match=r"node 1 .*0 payoffs"):
            replace(game, nodes=tuple(nodes))
        nodes[1] = replace(game.nodes[1], parent=2)
        with pytest.raises(InvalidGameError, match="must come later"):
            replace(game, nodes=tuple(nodes))
        with pytest.raises(InvalidGameError, match="empty"):
            replace(game, nodes=())
        sets = (replace(game.information_sets[0], player=5), *game.information_sets[1:])
        with pytest.raises(InvalidGameError, match="player 5"):
            replace(game, information_sets=sets)
        with pytest.raises(InvalidGameError, match="order"):
            replace(
                game,
                nodes=tuple(
                    replace(n, information_set=1 - n.information_set) if n.children else n
                    for n in game.nodes
                ),
                information_sets=game.information_sets[::-1],
            )

    def test_behavior_is_checked(self):
        game = centipede(2)
        with pytest.raises(InvalidGameError, match="has 1 vectors"):
            checked_behavior(game, [np.array([1.0, 0.0])])
        with pytest.raises(InvalidGameError, match=r"information set '1' of A"):
            checked_behavior(game, [np.array([0.5, 0.4]), np.array([1.0, 0.0])])
        assert pure_behavior(game, (0, 1))[1].tolist() == [0, 1]


def end_at_once(players):
    tree = TreeBuilder(players)
    tree.end(0, [0] * len(players))
    return tree.build()


def test_numbers_of_hostile_size_are_refused_quickly():
    for text in ("9" * 5000, "1e400", "1e-99999", "1" + "0" * 301):
        with pytest.raises(InvalidGameError):
            exact_number(text, "x")
    assert exact_number("1e3", "x") == 1000
    assert exact_number(np.float64(0.5), "x") == Fraction(1, 2)
    assert exact_number(np.int64(3), "x") == 3
    with pytest.raises(InvalidGameError, match="True"):
        exact_number(True, "x")
