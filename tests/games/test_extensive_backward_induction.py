import itertools

import numpy as np
import pytest
from extensive_examples import centipede, chain_store, kuhn_poker, random_tree
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.backward_induction import backward_induction
from games.extensive_form.behavior import pure_behavior
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.subgames import subgame_regrets


def test_chain_store_entrant_enters():
    found = backward_induction(chain_store())
    assert [e.payoffs.tolist() for e in found.equilibria] == [[2, 2]]
    assert found.is_complete
    assert found.equilibria[0].regret == 0


@pytest.mark.parametrize("n_moves", [2, 6, 100])
def test_centipede_ends_at_once(n_moves):
    [found] = backward_induction(centipede(n_moves)).equilibria
    assert found.payoffs.tolist() == [2, 0]
    assert all(b.tolist() == [1, 0] for b in found.behavior)


def test_a_tree_of_five_thousand_moves_is_no_recursion():
    [found] = backward_induction(centipede(5_000)).equilibria
    assert found.payoffs.tolist() == [2, 0]


def test_ties_are_named_and_change_what_is_best_further_up():
    tree = TreeBuilder(["A", "B"])
    out, go = tree.move(0, "A", ["out", "go"])
    tree.end(out, [1, 0])
    kind, mean = tree.move(go, "B", ["kind", "mean"])
    tree.end(kind, [2, 3])
    tree.end(mean, [0, 3])
    found = backward_induction(tree.build())
    outcomes = {tuple(e.payoffs.tolist()): e for e in found.equilibria}
    assert set(outcomes) == {(2, 3), (1, 0)}
    assert {t.actions for e in found.equilibria for t in e.ties} == {("kind", "mean")}
    assert found.equilibria[0].ties[0].player == "B"


def test_exact_arithmetic_sees_ties_that_floats_do_not():
    tree = TreeBuilder(["A"])
    sums, direct = tree.move(0, "A", ["sum", "direct"])
    tree.end(direct, [0.3])
    for node, u in zip(tree.chance(sums, {"x": 0.5, "y": 0.5}), [0.2, 0.4], strict=True):
        tree.end(node, [u])
    assert 0.5 * 0.2 + 0.5 * 0.4 != 0.3  # in floats
    assert len(backward_induction(tree.build()).equilibria) == 2


def test_all_ties_are_counted_and_listed_up_to_the_limit():
    tree = TreeBuilder(["A"])
    for node in tree.chance(0, {str(k): "1/12" for k in range(12)}):
        for end in tree.move(node, "A", ["l", "r"]):
            tree.end(end, [0])
    found = backward_induction(tree.build(), limit=10)
    assert len(found.equilibria) == 10
    assert not found.is_complete
    assert found.note.startswith("4096 ")
    assert len({tuple(b.argmax() for b in e.behavior) for e in found.equilibria}) == 10


def test_imperfect_information_is_refused_by_name():
    with pytest.raises(InvalidGameError, match=r"information set 'J' of A.*perfect information"):
        backward_induction(kuhn_poker())
    with pytest.raises(InvalidGameError, match="limit"):
        backward_induction(chain_store(), limit=0)


def test_too_many_different_values_are_refused():
    tree = TreeBuilder(["A", "B"])
    for k, node in enumerate(tree.chance(0, {str(k): "1/20" for k in range(20)})):
        for end, u in zip(tree.move(node, "A", ["l", "r"]), [0, 3**k], strict=True):
            tree.end(end, [0, u])
    with pytest.raises(TooLargeError, match="20,000"):
        backward_induction(tree.build())


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_the_list_is_exactly_the_pure_profiles_without_regret_in_any_subgame(seed):
    game = random_tree(np.random.default_rng(seed), 5, payoffs=3, hide=False)
    sizes = [range(len(h.actions)) for h in game.information_sets]
    expected = {
        choices
        for choices in itertools.product(*sizes)
        if max(subgame_regrets(game, pure_behavior(game, choices)).values(), default=0) < 1e-12
    }
    found = backward_induction(game, limit=10_000)
    listed = [tuple(int(b.argmax()) for b in e.behavior) for e in found.equilibria]
    assert len(set(listed)) == len(listed)
    assert set(listed) == expected
    assert found.is_complete
