from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.sequential_equilibrium import (
    bayes_gap,
    sequential_equilibrium,
    sequential_regret,
)
from games.extensive_form.subgame_perfect import nash_equilibria_of_tree
from games.signalling.game import SignallingGame
from games.signalling.perfect_bayesian import perfect_bayesian_equilibria

SENDER = [[[1, 3], [0, 2]], [[0, 2], [1, 3]]]
RECEIVER = [[[0, 1], [0, 1]], [[1, 0], [1, 0]]]


def beer_quiche(strong: object) -> SignallingGame:
    """Cho and Kreps (1987), figure 1: actions duel and leave."""
    return SignallingGame(
        [strong, 1 - strong],
        SENDER,
        RECEIVER,
        ("strong", "weak"),
        ("beer", "quiche"),
        ("duel", "leave"),
    )


def spence(education: float, low_cost: float) -> SignallingGame:
    """Spence (1973) with two types: wage 2 or 1 by what the firm believes."""
    costs = (1.0, low_cost)
    sender = [[[2 - c * education, 1 - c * education], [2, 1]] for c in costs]
    receiver = [[[1, 0], [1, 0]], [[0, 1], [0, 1]]]
    return SignallingGame(["1/3", "2/3"], sender, receiver, messages=("school", "none"))


def test_beer_and_quiche_pool_when_the_strong_are_many():
    found = perfect_bayesian_equilibria(beer_quiche(Fraction(9, 10)))
    assert {e.kind for e in found.equilibria} == {"pooling"}
    on_beer = [e for e in found.equilibria if e.sender[0, 0] == 1]
    on_quiche = [e for e in found.equilibria if e.sender[0, 0] == 0]
    assert all(e.passes_intuitive_criterion for e in on_beer)
    assert not any(e.passes_intuitive_criterion for e in on_quiche)
    # The unsent breakfast is met by a duel if weakness is believed with at least 1/2.
    duel = next(e for e in on_beer if e.receiver[1].tolist() == [1, 0])
    assert duel.belief_ranges[1].tolist() == [[0, 0.5], [0.5, 1]]
    assert duel.sender_payoffs.tolist() == [3, 2]


def test_beer_and_quiche_semi_separate_when_the_strong_are_few():
    [found] = perfect_bayesian_equilibria(beer_quiche(Fraction(1, 4))).equilibria
    assert found.kind == "semi-separating"
    # The strong drink beer; a third of the weak do, so that beer says 1/2; a duel half the time.
    assert found.sender == pytest.approx(np.array([[1, 0], [1 / 3, 2 / 3]]))
    assert found.receiver == pytest.approx(np.array([[1 / 2, 1 / 2], [1, 0]]))
    assert found.beliefs[0].tolist() == [0.5, 0.5]
    assert found.regret == 0
    assert found.bayes_gap == 0


@pytest.mark.parametrize(
    ("education", "separates"), [(0.4, False), (0.5, True), (0.8, True), (1.0, True), (1.1, False)]
)
def test_education_separates_in_the_range_of_spence(education, separates):
    # Of cost c e with c = 1 and 2: separating iff 1/2 <= e <= 1.
    found = perfect_bayesian_equilibria(spence(education, low_cost=2))
    separating = [e for e in found.equilibria if e.kind == "separating"]
    assert bool(separating) == separates
    if separates:
        assert [1.0, 0.0] in [e.sender[0].tolist() for e in separating]


def test_patterns_of_a_game_without_stakes_are_all_equilibria():
    found = perfect_bayesian_equilibria(
        SignallingGame(["1/2", "1/2"], np.zeros((2, 2, 2)), np.zeros((2, 2, 2)))
    )
    # 3 message sets for each of 2 types, 3 action sets after each of 2 messages.
    assert len(found.equilibria) == 81
    kinds = [e.kind for e in found.equilibria]
    assert {k: kinds.count(k) for k in set(kinds)} == {
        "separating": 18,
        "semi-separating": 36,
        "pooling": 27,
    }


def test_a_huge_penalty_is_exact():
    # A lie is punished with 1e12 where it is met by action 1; it still mixes exactly.
    sender = [[[1, 0], [0, 0]], [[1, -1e12], [0, 0]]]
    receiver = [[[1, 0], [0, 0]], [[-1, 1], [0, 0]]]
    found = perfect_bayesian_equilibria(SignallingGame([0.25, 0.75], sender, receiver))
    mixed = [e for e in found.equilibria if e.kind == "semi-separating" and e.sender[0, 0] == 1]
    assert any(e.receiver[0, 1] == pytest.approx(1 / (1e12 + 1), rel=1e-12) for e in mixed)


def as_behavior(game, found):
    tree = game.to_tree()
    rows = {("sender", t): found.sender[k] for k, t in enumerate(game.types)}
    rows |= {("receiver", m): found.receiver[k] for k, m in enumerate(game.messages)}
    return tree, tuple(rows[tree.players[h.player], h.label] for h in tree.information_sets)


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=12, deadline=None)
def test_every_equilibrium_is_sequentially_rational_in_the_tree(seed):
    rng = np.random.default_rng(seed)
    shape = [(2, 2, 2), (3, 2, 2), (2, 3, 2), (2, 2, 3)][seed % 4]
    payoffs = rng.integers(0, 5, (2, *shape))
    weights = rng.integers(1, 5, shape[0])
    prior = [Fraction(int(w), int(weights.sum())) for w in weights]
    game = SignallingGame(prior, payoffs[0], payoffs[1])
    found = perfect_bayesian_equilibria(game)
    assert found.equilibria  # a sequential equilibrium exists (Kreps and Wilson, 1982)
    for equilibrium in found.equilibria[:20]:
        tree, behavior = as_behavior(game, equilibrium)
        types = [
            game.types.index(tree.history(h.nodes[0]).split(" > ")[0])
            for h in tree.information_sets
            if tree.players[h.player] == "sender"
        ]
        assert sorted(types) == list(range(game.n_types))
        beliefs = tuple(
            np.array([1.0])
            if tree.players[h.player] == "sender"
            else np.array(
                [
                    equilibrium.beliefs[
                        game.messages.index(h.label),
                        game.types.index(tree.history(x).split(" > ")[0]),
                    ]
                    for x in h.nodes
                ]
            )
            for h in tree.information_sets
        )
        assert sequential_regret(tree, behavior, beliefs) < 1e-12
        assert bayes_gap(tree, behavior, beliefs) < 1e-12


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_no_equilibrium_is_missed(seed):
    # Generic payoffs: every Nash equilibrium whose unsent messages can be answered sensibly and
    # every sequential equilibrium must be among the patterns.
    rng = np.random.default_rng(seed)
    payoffs = rng.integers(0, 1000, (2, 2, 2, 2))
    game = SignallingGame(["2/5", "3/5"], payoffs[0], payoffs[1])
    found = perfect_bayesian_equilibria(game)
    patterns = {
        (tuple((e.sender > 0).ravel()), tuple((e.receiver > 0).ravel())) for e in found.equilibria
    }
    tree = game.to_tree()
    named = [(tree.players[h.player], h.label) for h in tree.information_sets]
    candidates = [e.behavior for e in nash_equilibria_of_tree(tree).equilibria]
    candidates = [
        rows
        for behavior in candidates
        if (rows := dict(zip(named, behavior, strict=True)))
        and all(sum(rows["sender", t][m] for t in game.types) > 0 for m in range(game.n_messages))
    ]  # all messages sent: Nash and perfect Bayesian equilibria are the same
    sequential = sequential_equilibrium(tree).behavior
    candidates.append(dict(zip(named, sequential, strict=True)))
    for rows in candidates:
        sent = tuple(bool(p > 1e-9) for t in game.types for p in rows["sender", t])
        replies = tuple(bool(p > 1e-9) for m in game.messages for p in rows["receiver", m])
        assert (sent, replies) in patterns


class TestBadGames:
    @pytest.mark.parametrize(
        ("prior", "words"),
        [
            ([0.5, 0.4], "sum to 1"),
            ([1, 0], "> 0"),
            ([0.5, 0.25, 0.25], "2 types"),
            ([float("nan"), 1], r"prior\[0\]"),
        ],
    )
    def test_prior(self, prior, words):
        with pytest.raises(InvalidGameError, match=words):
            SignallingGame(prior, SENDER, RECEIVER)

    def test_shapes_and_labels(self):
        with pytest.raises(InvalidGameError, match="shapes"):
            SignallingGame([0.5, 0.5], SENDER, [RECEIVER])
        with pytest.raises(InvalidGameError, match="at least one"):
            SignallingGame([0.5, 0.5], np.zeros((2, 2, 0)), np.zeros((2, 2, 0)))
        with pytest.raises(InvalidGameError, match="rows differ"):
            SignallingGame([0.5, 0.5], [[[1], [2, 3]], [[1], [2]]], RECEIVER)
        with pytest.raises(InvalidGameError, match=r"sender\[0, 0, 0\]"):
            SignallingGame([1], [[[float("inf")]]], [[[0]]])
        with pytest.raises(InvalidGameError, match="messages: need 2 distinct"):
            SignallingGame([0.5, 0.5], SENDER, RECEIVER, messages=("a", "a"))

    def test_too_many_patterns(self):
        zeros = np.zeros((5, 4, 2))
        with pytest.raises(TooLargeError, match="200,000"):
            perfect_bayesian_equilibria(SignallingGame([0.2] * 5, zeros, zeros))
