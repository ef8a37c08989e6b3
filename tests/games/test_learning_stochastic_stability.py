"""Stochastic stability by minimum trees (Young 1993; Kandori, Mailath and Rob 1993)."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.learning import stochastic_stability as module
from games.learning.stochastic_stability import (
    mistake_costs,
    stochastic_stability,
    stochastically_stable_classes,
)


def cheapest_by_trying_all(resistances: list[list[float]], root: int) -> float:
    k = len(resistances)
    best = math.inf
    others = [i for i in range(k) if i != root]
    for choice in product(range(k), repeat=k - 1):
        leads = dict(zip(others, choice, strict=True))
        for start in others:
            node = start
            for _ in range(k):
                node = leads.get(node, root)
            if node != root:
                break
        else:
            best = min(best, sum(resistances[i][j] for i, j in leads.items()))
    return best


@given(
    values=st.lists(st.sampled_from([0, 1, 2, 3, 5, 8, math.inf]), min_size=25, max_size=25),
    k=st.integers(1, 5),
)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_potentials_by_trying_all_trees(values: list[float], k: int) -> None:
    matrix = [values[i * k : (i + 1) * k] for i in range(k)]
    for i in range(k):
        matrix[i][i] = math.inf
    expected = [cheapest_by_trying_all(matrix, root) for root in range(k)]
    if min(expected) == math.inf:
        with pytest.raises(InvalidGameError):
            stochastic_stability(matrix)
        return
    found = stochastic_stability(matrix)
    assert list(found.potentials) == expected
    assert found.stable == tuple(i for i in range(k) if expected[i] == min(expected))


@given(seed=st.integers(0, 10_000), k=st.integers(2, 4))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_stable_classes_carry_the_limit_of_the_stationary_distribution(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    resistances = rng.integers(1, 5, (k, k))
    found = stochastic_stability(resistances.tolist())
    shares = []
    for epsilon in (1e-3, 1e-4):
        chain = epsilon ** resistances.astype(float)
        np.fill_diagonal(chain, 0)
        np.fill_diagonal(chain, 1 - chain.sum(axis=1))
        # Markov chain tree theorem: shares are in proportion to these minors.
        trees = np.array(
            [
                abs(np.linalg.det(np.delete(np.delete(np.eye(k) - chain, i, 0), i, 1)))
                for i in range(k)
            ]
        )
        shares.append(trees / trees.sum())
    stable = list(found.stable)
    assert shares[1][stable].sum() > 0.99


def test_risk_dominance_selects_in_two_by_two() -> None:
    """Kandori, Mailath and Rob (1993): the risk-dominant convention, not the efficient one."""
    costs = mistake_costs([[4, 0], [3, 2]], 20)
    found = stochastically_stable_classes(costs.costs)
    names = [costs.states[c[0]] for c in found.classes]
    assert sorted(names) == [(0, 20), (20, 0)]
    assert [names[i] for i in found.stable] == [(0, 20)]
    # 2/3 of the 19 others must cooperate; leaving cooperation takes 7 mistakes of 20.
    to_efficient = found.resistances[names.index((0, 20))][names.index((20, 0))]
    to_safe = found.resistances[names.index((20, 0))][names.index((0, 20))]
    assert to_safe < to_efficient
    assert {found.potentials[names.index((20, 0))], found.potentials[names.index((0, 20))]} == {
        to_efficient,
        to_safe,
    }


def test_equal_conventions_are_both_stable() -> None:
    costs = mistake_costs([[1, 0], [0, 1]], 10)
    assert len(stochastically_stable_classes(costs.costs).stable) == 2


def test_three_conventions_need_a_chain_of_transitions() -> None:
    """A three-way coordination game in the form of Young (1993, section 7).

    Shares of mistakes that tip: first to second 1/8; second to third 2/5; third to second 3/8,
    by mistakes in favour of the first, cheaper than 3/5 by mistakes in favour of the second. So
    the second has the least potential, 1/8 + 3/8 against 1/8 + 2/5, though it is neither the
    efficient convention nor pairwise risk dominant over the third.
    """
    A = [[6, 0, 0], [5, 7, 5], [0, 5, 8]]
    costs = mistake_costs(A, 41)
    found = stochastically_stable_classes(costs.costs)
    names = [costs.states[c[0]] for c in found.classes]
    first, second, third = (names.index(s) for s in ((41, 0, 0), (0, 41, 0), (0, 0, 41)))
    assert found.stable == (second,)
    assert set(found.trees[second]) == {(first, second), (third, second)}
    # Of the 40 others: 1/8 is 5, 3/8 is 15, 2/5 is 16.
    assert found.resistances[first][second] == 5
    assert found.resistances[third][second] == 15
    assert found.resistances[second][third] == 16


def test_mistakes_counted_one_player_at_a_time() -> None:
    A = np.array([[4.0, 0.0], [3.0, 2.0]])
    costs = mistake_costs(A, 4)
    for s, (mine, others) in enumerate(costs.states):
        replies = []
        for strategy, count in enumerate((mine, others)):
            rest = np.array([mine, others]) - np.eye(2)[strategy]
            replies += [set(np.flatnonzero(A @ rest == (A @ rest).max()))] * count
        for t, target in enumerate(costs.states):
            plan = [0] * target[0] + [1] * target[1]
            best = min(
                sum(k not in r for k, r in zip(order, replies, strict=True))
                for order in set(product((0, 1), repeat=4))
                if sorted(order) == plan
            )
            assert costs.costs[s, t] == best


def test_staying_for_free_breaks_the_cycle_of_anticoordination() -> None:
    cycle = stochastically_stable_classes(mistake_costs([[0, 1], [1, 0]], 6).costs)
    staying = stochastically_stable_classes(
        mistake_costs([[0, 1], [1, 0]], 6, may_stay=True).costs
    )
    assert any(len(c) > 1 for c in cycle.classes)
    assert len(staying.stable) >= 1


def test_ties_of_decimal_costs_are_ties() -> None:
    # 0.1 + 0.2 against 0.3.
    costs = [
        [0, 0.1, math.inf, math.inf],
        [math.inf, math.inf, 0.2, math.inf],
        [math.inf, math.inf, 0, math.inf],
        [0, 0, 0, 0],
    ]
    costs[1][0] = 0
    costs[2][0] = 0.3
    found = stochastically_stable_classes(costs)
    assert found.resistances[0][1] == found.resistances[1][0] == Fraction(3, 10)
    assert found.stable == (0, 1)


def test_an_absorbing_class_takes_all() -> None:
    found = stochastic_stability([[0, 5], [math.inf, 0]])
    assert found.stable == (1,)
    assert found.potentials == (math.inf, 5)


def test_a_tree_that_is_not_cheapest_fails_its_certificate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_cheapest_tree", lambda *_: ((1, 0), (2, 0)))
    with pytest.raises(CertificateError, match="would do"):
        stochastic_stability([[0, 1, 1], [1, 0, 1], [9, 1, 0]])


def test_bad_input_is_named() -> None:
    with pytest.raises(InvalidGameError, match="square"):
        stochastic_stability([[0, 1]])
    with pytest.raises(InvalidGameError, match=r"resistances\[0, 1\]"):
        stochastic_stability([[0, -1], [1, 0]])
    with pytest.raises(InvalidGameError, match="classes"):
        stochastic_stability([[0, 1], [1, 0]], [(0,)])
    with pytest.raises(InvalidGameError, match=r"costs\[1\]"):
        stochastically_stable_classes([[0, 1], [1, 1]])
    with pytest.raises(InvalidGameError, match="costs"):
        stochastically_stable_classes([[0, np.nan], [0, 0]])
    with pytest.raises(InvalidGameError, match="size"):
        mistake_costs([[1, 0], [0, 1]], 1)
    with pytest.raises(TooLargeError):
        mistake_costs(np.eye(4), 40)
