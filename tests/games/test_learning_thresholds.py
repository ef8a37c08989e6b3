"""Thresholds, tipping points and cascades, for crowds and on networks."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, NoSolutionError, TooLargeError
from games.learning.fermi_imitation import fixation_probability
from games.learning.network_fixation import network_fixation
from games.learning.networks import (
    ThresholdUnit,
    best_seed,
    imitation_on_network,
    network_cascade,
)
from games.learning.thresholds import (
    cascade_equilibria,
    cascade_odds,
    smallest_seed,
    threshold_cascade,
    tipping_share,
)

RIOT = list(range(100))
QUIET = [0, 2, *range(2, 100)]


def test_granovetters_two_crowds() -> None:
    """Ground truth G27; Granovetter (1978, p. 1424)."""
    assert threshold_cascade(RIOT).final == 100
    assert threshold_cascade(QUIET).final == 1
    assert cascade_equilibria(RIOT) == (100,)
    assert cascade_equilibria(QUIET) == (1, 100)


def test_one_more_person_tips_the_quiet_crowd() -> None:
    found = smallest_seed(QUIET, 100)
    assert len(found.people) == 1
    assert (found.final, found.final_with_one_less) == (100, 1)
    assert smallest_seed(RIOT, 100).people == ()


crowds = st.lists(st.integers(0, 8), min_size=1, max_size=7)


@given(thresholds=crowds, target=st.integers(0, 7))
@settings(derandomize=True, max_examples=80, deadline=None)
def test_smallest_seed_by_trying_all(thresholds: list[int], target: int) -> None:
    target = min(target, len(thresholds))
    found = smallest_seed(thresholds, target)
    people = range(len(thresholds))
    smallest = next(
        k
        for k in range(len(thresholds) + 1)
        if any(threshold_cascade(thresholds, s).final >= target for s in combinations(people, k))
    )
    assert len(found.people) == smallest
    assert threshold_cascade(thresholds, found.people).final == found.final >= target


@given(thresholds=crowds)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_the_cascade_stops_at_the_lowest_fixed_point(thresholds: list[int]) -> None:
    fixed = [a for a in range(len(thresholds) + 1) if sum(x <= a for x in thresholds) == a]
    assert cascade_equilibria(thresholds) == tuple(fixed)
    cascade = threshold_cascade(thresholds)
    assert cascade.final == fixed[0]
    assert list(cascade.counts) == sorted(set(cascade.counts))


@given(thresholds=crowds, seed=st.sets(st.integers(0, 6)))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_a_complete_network_differs_by_not_counting_oneself(
    thresholds: list[int], seed: set[int]
) -> None:
    """In a crowd one joins at a joiners; in a network at a joiners among the others: the same."""
    people = [p for p in seed if p < len(thresholds)]
    graph = nx.complete_graph(len(thresholds))
    network = network_cascade(graph, dict(enumerate(thresholds)), people, unit=ThresholdUnit.COUNT)
    crowd = threshold_cascade(thresholds, people)
    assert sorted(network.joined) == np.flatnonzero(crowd.joined).tolist()


def test_never_is_never() -> None:
    assert threshold_cascade([0, 1, np.inf]).final == 2
    assert smallest_seed([0, 1, np.inf], 3).people == (2,)


def test_odds_of_normal_thresholds() -> None:
    """Granovetter's normal crowds, mean 25 of 100: a deviation near 12 is needed to tip."""

    def draw(deviation: float):
        return lambda rng: rng.normal(25, deviation, 100)

    tight = cascade_odds(draw(5), 90, 200, np.random.default_rng(0))
    wide = cascade_odds(draw(18), 90, 200, np.random.default_rng(0))
    assert tight.share_tipped == 0
    assert tight.band[0] == 0
    assert 0 < tight.band[1] < 0.05
    assert wide.band[0] > tight.band[1]
    again = cascade_odds(draw(18), 90, 200, np.random.default_rng(0))
    assert (again.finals == wide.finals).all()


def test_tipping_share() -> None:
    """Ground truth G20."""
    assert tipping_share(4, 0, 3, 2) == Fraction(2, 3)
    for payoffs, why in [
        ((3, 0, 5, 1), "dies out"),
        ((5, 2, 3, 1), "spreads"),
        ((3, 1, 4, 0), "coexist"),
        ((1, 0, 1, 0), "equally well"),
    ]:
        with pytest.raises(NoSolutionError, match=why):
            tipping_share(*payoffs)


def test_a_share_of_one_third_of_three_neighbours_is_one() -> None:
    star = nx.star_graph(3)
    assert len(network_cascade(star, {0: 1 / 3, 1: 1, 2: 1, 3: 1}, [1]).joined) == 4
    # 0.1 * 10 neighbours, as added up by a computer, is one neighbour and not two.
    wheel = nx.star_graph(10)
    assert 0 in network_cascade(wheel, 0.1 + 0.1 + 0.1 - 0.2, [5]).joined


def test_isolated_nodes_and_thresholds_of_nothing() -> None:
    graph = nx.empty_graph(3)
    assert network_cascade(graph, 0.1, [0]).joined == {0}
    assert network_cascade(graph, 0.0, []).joined == {0, 1, 2}


def test_contagion_stops_at_a_tight_cluster() -> None:
    """Morris (2000): a cluster of cohesion above 1 - threshold keeps a norm out."""
    graph = nx.disjoint_union(nx.complete_graph(4), nx.complete_graph(4))
    graph.add_edge(3, 4)
    assert network_cascade(graph, 0.3, [0, 1]).joined == {0, 1, 2, 3}
    assert network_cascade(graph, 0.25, [0, 1]).joined == set(range(8))


def test_best_seed_is_best_or_says_that_it_may_not_be() -> None:
    graph = nx.karate_club_graph()
    pair = best_seed(graph, 0.4, 2)
    assert pair.is_optimal
    sizes = [len(network_cascade(graph, 0.4, s).joined) for s in combinations(graph.nodes, 2)]
    assert len(pair.cascade.joined) == max(sizes)
    greedy = best_seed(graph, 0.5, 5)
    assert not greedy.is_optimal
    assert len(greedy.seed) == 5


def test_fixation_on_a_complete_network_is_that_of_a_population() -> None:
    A = [[2, 0.5], [3, 1]]
    on_network = network_fixation(nx.complete_graph(6), A, 0.8)
    mixed = fixation_probability(A, 6, 0.8).by_count
    sizes = [bin(mask).count("1") for mask in range(64)]
    assert on_network == pytest.approx(mixed[sizes], abs=1e-9)


def test_neutral_fixation_on_a_network_is_proportional_to_degree() -> None:
    """Under 'pick, then copy a neighbour', weights are the degrees of the nodes."""
    graph = nx.star_graph(3)
    graph.add_edge(1, 2)
    single = network_fixation(graph, np.ones((2, 2)), 1.0)[[1, 2, 4, 8]]
    degrees = np.array([graph.degree(i) for i in range(4)])
    assert single == pytest.approx(degrees / degrees.sum())


def test_simulated_imitation_fixes_as_often_as_computed() -> None:
    graph, A = nx.cycle_graph(5), np.array([[2.0, 1.0], [1.2, 1.0]])
    expected = network_fixation(graph, A, 2.0)[1]
    rng = np.random.default_rng(11)
    ends = [
        imitation_on_network(
            graph, A, [0, 1, 1, 1, 1], intensity=2.0, n_steps=120, rng=rng
        ).shares[-1, 0]
        for _ in range(300)
    ]
    assert set(ends) <= {0.0, 1.0}
    assert np.mean(ends) == pytest.approx(expected, abs=4 * np.sqrt(0.25 / 300))


def test_bad_input_is_named() -> None:
    ring = nx.cycle_graph(4)
    loop = nx.Graph([(0, 0), (0, 1)])
    rng = np.random.default_rng(0)
    with pytest.raises(InvalidGameError, match="thresholds"):
        threshold_cascade([])
    with pytest.raises(InvalidGameError, match="thresholds"):
        threshold_cascade([0, np.nan])
    with pytest.raises(InvalidGameError, match="seed"):
        threshold_cascade([0, 1], [2])
    with pytest.raises(InvalidGameError, match="target"):
        smallest_seed([0, 1], 3)
    with pytest.raises(InvalidGameError, match="graph"):
        network_cascade(loop, 0.5, [0])
    with pytest.raises(InvalidGameError, match="graph"):
        network_cascade(nx.DiGraph([(0, 1)]), 0.5, [0])
    with pytest.raises(InvalidGameError, match="seed"):
        network_cascade(ring, 0.5, [9])
    with pytest.raises(InvalidGameError, match="thresholds"):
        network_cascade(ring, {0: 1.0}, [0])
    with pytest.raises(InvalidGameError, match="size"):
        best_seed(ring, 0.5, 5)
    with pytest.raises(InvalidGameError, match="start"):
        imitation_on_network(ring, np.eye(2), [0, 1, 2, 0], intensity=1, n_steps=1, rng=rng)
    with pytest.raises(InvalidGameError, match="connected"):
        network_fixation(nx.empty_graph(2), np.eye(2), 1.0)
    with pytest.raises(TooLargeError):
        network_fixation(nx.cycle_graph(13), np.eye(2), 1.0)
