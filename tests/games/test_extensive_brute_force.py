"""Solvers of trees against enumeration that shares no code with them.

The reference below knows nothing of sequences, stages or certificates: it plays every pure
profile of a small tree from every node and compares all deviations, in exact fractions.
"""

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.extensive_form.backward_induction import backward_induction
from games.extensive_form.behavior import payoff_scale
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.sequence_form import zero_sum_equilibrium
from games.extensive_form.sequential_equilibrium import sequential_equilibrium
from games.extensive_form.subgame_perfect import (
    nash_equilibria_of_tree,
    subgame_perfect_equilibria,
)
from games.extensive_form.subgames import subgame_regrets

MAX_PROFILES = 150


def awkward_tree(rng, *, hide=True, zero_chance=True, n_moves=4):
    """Random tree with ties, single actions, improbable chance and hidden moves in the middle."""
    tree = TreeBuilder(["A", "B"])
    frontier = [0]
    for move in range(n_moves):
        node = frontier.pop(int(rng.integers(len(frontier))))
        kind = rng.random()
        if kind < 0.25:
            low = 0 if zero_chance else 1
            weights = rng.integers(low, 4, int(rng.integers(1, 4)))
            weights = [int(w) + (k == 0) for k, w in enumerate(weights)]
            chances = {str(k): f"{w}/{sum(weights)}" for k, w in enumerate(weights)}
            frontier.extend(tree.chance(node, chances))
        elif hide and kind < 0.5:
            first, second = ("A", "B") if rng.random() < 0.5 else ("B", "A")
            for after in tree.move(node, first, ["u", "d"], f"open {move}"):
                frontier.extend(tree.move(after, second, ["l", "r"], f"hidden {move}"))
        else:
            labels = [str(k) for k in range(int(rng.integers(1, 4)))]
            frontier.extend(tree.move(node, "AB"[int(rng.integers(2))], labels, f"move {move}"))
    for node in frontier:
        tree.end(node, [int(u) for u in rng.integers(0, 4, 2)])
    return tree.build()


def drawn(seed, **options):
    """First tree from the seed on that is small enough to enumerate."""
    rng = np.random.default_rng(seed)
    while True:
        game = awkward_tree(rng, **options)
        if np.prod([float(len(h.actions)) for h in game.information_sets]) <= MAX_PROFILES:
            return game


def played(game, choices, number):
    """Payoffs from node ``number`` on when everybody plays ``choices``."""
    node = game.nodes[number]
    if node.is_terminal:
        return node.payoffs
    if node.information_set >= 0:
        return played(game, choices, node.children[choices[node.information_set]])
    parts = [played(game, choices, child) for child in node.children]
    return tuple(
        sum((p * part[i] for p, part in zip(node.probabilities, parts, strict=True)), Fraction(0))
        for i in range(game.n_players)
    )


def below(game, root):
    found = {root}
    for number in range(root + 1, len(game.nodes)):
        if game.nodes[number].parent in found:
            found.add(number)
    return found


def subgames(game):
    for root, node in enumerate(game.nodes):
        inside = below(game, root)
        sets = [set(h.nodes) for h in game.information_sets]
        alone = node.information_set < 0 or len(sets[node.information_set]) == 1
        if not node.is_terminal and alone and all(s <= inside or not s & inside for s in sets):
            yield root


def profiles(game):
    return list(itertools.product(*(range(len(h.actions)) for h in game.information_sets)))


def is_equilibrium(game, everything, choices, root):
    here = played(game, choices, root)
    for other in everything:
        for i in range(game.n_players):
            mixed = tuple(
                other[h] if members.player == i else choices[h]
                for h, members in enumerate(game.information_sets)
            )
            if played(game, mixed, root)[i] > here[i]:
                return False
    return True


def pure_equilibria_in(game, roots):
    everything = profiles(game)
    return [c for c in everything if all(is_equilibrium(game, everything, c, r) for r in roots)]


def vectors(found):
    return {tuple(np.round(e.payoffs, 9).tolist()) for e in found.equilibria}


def exact_vectors(game, listed):
    return {tuple(round(float(u), 9) for u in played(game, c, 0)) for c in listed}


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=20, deadline=None)
def test_backward_induction_lists_exactly_the_subgame_perfect_pure_profiles(seed):
    game = drawn(seed, hide=False)
    expected = pure_equilibria_in(game, list(subgames(game)))
    listed = [
        tuple(int(b.argmax()) for b in e.behavior) for e in backward_induction(game).equilibria
    ]
    assert sorted(listed) == sorted(expected)


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=15, deadline=None)
def test_no_pure_subgame_perfect_or_nash_payoff_is_missing(seed):
    game = drawn(seed)
    perfect = exact_vectors(game, pure_equilibria_in(game, list(subgames(game))))
    nash = exact_vectors(game, pure_equilibria_in(game, [0]))
    assert perfect <= vectors(subgame_perfect_equilibria(game))
    assert nash <= vectors(nash_equilibria_of_tree(game))


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=15, deadline=None)
def test_a_sequential_equilibrium_is_subgame_perfect(seed):
    game = drawn(seed, zero_chance=False)
    found = sequential_equilibrium(game)
    assert max(subgame_regrets(game, found.behavior).values(), default=0) <= 1e-4
    assert found.regret <= 1e-4 * payoff_scale(game)


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=15, deadline=None)
def test_value_of_a_zero_sum_tree_lies_between_the_pure_guarantees(seed):
    game = drawn(seed)
    nodes = tuple(
        replace(n, payoffs=(n.payoffs[0], -n.payoffs[0])) if n.is_terminal else n
        for n in game.nodes
    )
    game = replace(game, nodes=nodes)
    own = [
        list(itertools.product(*(range(len(game.information_sets[h].actions)) for h in sets)))
        for sets in (game.sets_of(0), game.sets_of(1))
    ]
    table = np.empty((len(own[0]), len(own[1])))
    for r, row in enumerate(own[0]):
        for c, column in enumerate(own[1]):
            choices = dict(zip(game.sets_of(0), row, strict=True))
            choices |= dict(zip(game.sets_of(1), column, strict=True))
            table[r, c] = float(played(game, choices, 0)[0])
    value = zero_sum_equilibrium(game).payoffs[0]
    assert table.min(axis=1).max() - 1e-9 <= value <= table.max(axis=0).min() + 1e-9
    if table.min(axis=1).max() == table.max(axis=0).min():
        assert value == pytest.approx(table.min(axis=1).max(), abs=1e-9)
