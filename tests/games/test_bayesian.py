import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.bayesian import (
    BayesianGame,
    agent_form,
    bayesian_equilibria,
    interim_payoffs,
    strategic_form,
    to_tree,
)
from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.strategic_form import reduced_normal_form
from games.nash_equilibria import nash_equilibria


def meet_or_avoid() -> BayesianGame:
    """Osborne (2004), example 273.1: player 2 wants to meet or to avoid player 1."""
    meet = [[[2, 0], [0, 1]], [[1, 0], [0, 2]]]
    avoid = [[[2, 0], [0, 1]], [[0, 2], [1, 0]]]
    payoffs = np.stack([meet, avoid], axis=1)[:, np.newaxis]
    return BayesianGame([[0.5, 0.5]], payoffs, actions=[["B", "S"], ["B", "S"]])


def random_game(rng: np.random.Generator, n_players: int = 2) -> BayesianGame:
    n_types = tuple(int(k) for k in rng.integers(1, 3, n_players))
    n_actions = tuple(int(m) for m in rng.integers(2, 4, n_players))
    prior = rng.integers(1, 9, n_types).astype(float)
    payoffs = rng.integers(0, 9, (n_players, *n_types, *n_actions))
    return BayesianGame(prior / prior.sum(), payoffs)


def test_meet_or_avoid():
    found = bayesian_equilibria(meet_or_avoid())
    assert found.is_complete
    pure = [e for e in found.equilibria if all((s % 1 == 0).all() for s in e.strategies)]
    assert [[s.tolist() for s in e.strategies] for e in pure] == [[[[1, 0]], [[1, 0], [0, 1]]]]
    # Osborne's mixed one: 1 plays B with 1/3, the type that avoids plays B with 2/3 ...
    mixed = {
        tuple(np.concatenate([s[:, 0] for s in e.strategies]).round(6)) for e in found.equilibria
    }
    assert (round(2 / 3, 6), round(2 / 3, 6), 0.0) in mixed
    assert (round(1 / 3, 6), 0.0, round(2 / 3, 6)) in mixed
    assert max(e.regret for e in found.equilibria) < 1e-12


def test_public_goods_with_private_costs():
    """Contribute at cost c in {0.4, 1.2}, each 1/2; a good worth 1 if anybody does."""
    costs = (0.4, 1.2)
    payoffs = np.zeros((2, 2, 2, 2, 2))
    for s, t, a, b in itertools.product(range(2), repeat=4):
        good = 1.0 if a == 0 or b == 0 else 0.0
        payoffs[0, s, t, a, b] = good - (costs[s] if a == 0 else 0)
        payoffs[1, s, t, a, b] = good - (costs[t] if b == 0 else 0)
    game = BayesianGame(np.full((2, 2), 0.25), payoffs, actions=[["give", "keep"]] * 2)
    found = bayesian_equilibria(game)
    # A cheap type gives if the other's cheap type does (gain 1/2 > 0.4): symmetric equilibrium.
    symmetric = [e for e in found.equilibria if np.allclose(e.strategies[0], e.strategies[1])]
    assert [e.strategies[0].tolist() for e in symmetric] == [[[1, 0], [0, 1]]]
    assert symmetric[0].type_payoffs[0] == pytest.approx([0.6, 0.5])
    assert symmetric[0].payoffs == pytest.approx([0.55, 0.55])


def test_one_type_each_is_the_ordinary_game():
    payoffs = np.array([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], dtype=float)
    game = BayesianGame([[1.0]], payoffs[:, np.newaxis, np.newaxis])
    assert (agent_form(game).payoffs == payoffs).all()
    assert (strategic_form(game)[0].payoffs == payoffs).all()


def test_correlated_types_weigh_the_others_by_what_is_known():
    game = BayesianGame([[0.5, 0.0], [0.1, 0.4]], np.zeros((2, 2, 2, 1, 1)))
    payoffs = np.zeros((2, 2, 2, 1, 1))
    payoffs[0, :, 1] = 10.0
    game = BayesianGame(game.prior, payoffs)
    strategies = (np.ones((2, 1)), np.ones((2, 1)))
    assert interim_payoffs(game, strategies, 0)[:, 0] == pytest.approx([0, 8])


def test_three_players_are_solved_in_pure_strategies_of_the_agent_form():
    found = bayesian_equilibria(random_game(np.random.default_rng(3), 3))
    assert not found.is_complete
    assert "agent form" in found.method
    assert all(e.regret == 0 for e in found.equilibria)


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=30, deadline=None)
def test_both_forms_agree_on_the_pure_equilibria(seed):
    game = random_game(np.random.default_rng(seed))
    solved = bayesian_equilibria(game)
    pure = {
        tuple(int(a) for own in e.strategies for a in own.argmax(axis=1))
        for e in solved.equilibria
        if all((s.max(axis=1) == 1).all() for s in e.strategies)
    }
    agents = agent_form(game)
    expected = {
        profile
        for profile in np.ndindex(*agents.n_actions)
        if agents.regrets(agents.pure_profile(profile)).max() < 1e-9
    }
    assert pure == expected


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=20, deadline=None)
def test_the_tree_has_the_same_strategic_form(seed):
    game = random_game(np.random.default_rng(seed))
    tree = reduced_normal_form(to_tree(game)).game
    plans = strategic_form(game)[0]
    assert tree.n_actions == plans.n_actions
    np.testing.assert_allclose(tree.payoffs, plans.payoffs, atol=1e-9)


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=20, deadline=None)
def test_every_strategic_equilibrium_gives_the_types_no_regret(seed):
    game = random_game(np.random.default_rng(seed))
    found = bayesian_equilibria(game)
    assert found.is_complete
    assert len(found.equilibria) <= len(nash_equilibria(strategic_form(game)[0]).equilibria)
    for e in found.equilibria:
        for i in range(2):
            worth = interim_payoffs(game, e.strategies, i)
            assert (worth.max(axis=1) - e.type_payoffs[i]).max() < 1e-8


class TestBadGames:
    @pytest.mark.parametrize(
        ("prior", "shape", "words"),
        [
            ([[0.5, 0.4]], (2, 1, 2, 2, 2), "sums to 0.9"),
            ([[1.5, -0.5]], (2, 1, 2, 2, 2), ">= 0"),
            ([[1.0, 0.0]], (2, 1, 2, 2, 2), "type 1 of player 1"),
            ([[0.5, 0.5]], (2, 2, 1, 2, 2), "have shape"),
            ([[0.5, 0.5]], (2, 1, 2, 2), "have shape"),
            ([[0.5, 0.5]], (2, 1, 2, 0, 2), "a type and an action"),
            ([[0.5, float("nan")]], (2, 1, 2, 2, 2), r"prior\[0, 1\]"),
        ],
    )
    def test_shapes_and_priors(self, prior, shape, words):
        with pytest.raises(InvalidGameError, match=words):
            BayesianGame(prior, np.zeros(shape))

    def test_payoffs_and_labels(self):
        payoffs = np.zeros((1, 1, 2))
        payoffs[0, 0, 1] = np.inf
        with pytest.raises(InvalidGameError, match=r"payoffs\[0, 0, 1\]"):
            BayesianGame([1.0], payoffs)
        with pytest.raises(InvalidGameError, match="not an array"):
            BayesianGame([1.0], [["x"]])
        with pytest.raises(InvalidGameError, match="actions of player 1"):
            BayesianGame([1.0], np.zeros((1, 1, 2)), actions=[["a", "a"]])

    def test_too_many_types(self):
        game = BayesianGame(np.full((30, 1), 1 / 30), np.zeros((2, 30, 1, 2, 1)))
        with pytest.raises(TooLargeError, match="2,000,000"):
            strategic_form(game)
        with pytest.raises(TooLargeError, match="agent form"):
            bayesian_equilibria(game)
