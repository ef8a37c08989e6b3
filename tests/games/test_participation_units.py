"""Participation: players' own units, brute force over all sets, bad input."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from games.errors import InvalidGameError
from games.participation.effectivity_game import (
    EffectivityGame,
    direct_dominance,
    indirect_dominance,
    membership_effectivity,
)
from games.participation.farsighted import (
    farsightedly_stable_sets,
    largest_consistent_set,
    myopically_stable_sets,
)
from games.participation.linear_benefit import linear_pledges
from games.participation.linkage import linked_membership
from games.participation.participation_game import ParticipationGame
from games.participation.potential_internal_stability import potential_internal_stability
from games.participation.search import search_stable
from games.participation.tipping import (
    cascade,
    extreme_stable_coalitions,
    game_advantages,
    tipping_set,
)
from games.participation.trade_measures import TradeMeasures
from games.participation.typed_game import TypedGame

# Tipping ------------------------------------------------------------------------------------


def bits(mask, n):
    return tuple(i for i in range(n) if mask >> i & 1)


@pytest.mark.parametrize("seed", range(25))
def test_tipping_does_not_compare_the_units_of_players(seed):
    """Complements in whole numbers, each player with a unit of its own; brute force."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 6))
    pull, cost = rng.integers(0, 4, (n, n)), rng.integers(-2, 8, n)
    np.fill_diagonal(pull, 0)
    unit = 10.0 ** rng.integers(-13, 14, n)

    def advantages(members):
        return (pull @ members - cost[:, None]) * unit[:, None]

    def gain(mask, i):
        return sum(int(pull[i, j]) for j in bits(mask, n)) - int(cost[i])

    def end(mask):
        while joins := sum(1 << i for i in range(n) if not mask >> i & 1 and gain(mask, i) > 0):
            mask |= joins
        return mask

    for start in range(1 << n):
        assert cascade(n, advantages, bits(start, n)).members == bits(end(start), n)
    stable = [
        mask
        for mask in range(1 << n)
        if all(
            gain(mask & ~(1 << i), i) >= 0 if mask >> i & 1 else gain(mask, i) <= 0
            for i in range(n)
        )
    ]
    smallest, largest = extreme_stable_coalitions(n, advantages)
    assert smallest == bits(min(stable, key=int.bit_count), n)
    assert largest == bits(max(stable, key=int.bit_count), n)
    tipping = [mask for mask in range(1 << n) if end(mask) == (1 << n) - 1]
    least = min(mask.bit_count() for mask in tipping)
    found = tipping_set(n, advantages)
    assert len(found.recruits) == least
    assert found.n_ties == sum(mask.bit_count() == least for mask in tipping) - 1


def test_rounding_makes_nobody_join():
    """0.1 + 0.2 against 0.3: indifferent, although floats differ."""
    game = ParticipationGame([[0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2], [0, 0, 1, 1]])
    assert cascade(2, game_advantages(game)).members == (1,)
    model = TradeMeasures([0.1, 0.3], [0.0, 0.1], [[0, 0.1], [0.2, 0]])
    assert model.advantages(np.zeros((2, 1), dtype=bool)).ravel().tolist() == [0.0, 0.0]


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_advantages_must_be_finite(bad):
    with pytest.raises(InvalidGameError, match="advantages"):
        cascade(2, lambda members: np.full(members.shape, bad))
    with pytest.raises(InvalidGameError, match="advantages"):
        tipping_set(2, lambda members: np.zeros(3))
    with pytest.raises(InvalidGameError, match="n_players"):
        tipping_set(0, lambda members: members)


# Farsighted sets ----------------------------------------------------------------------------


def random_effectivity(seed):
    rng = np.random.default_rng(seed)
    n, players = int(rng.integers(1, 7)), int(rng.integers(1, 4))
    moves = [
        (a, b, int(rng.integers(1, 1 << players)))
        for a in range(n)
        for b in range(n)
        for _ in range(2)
        if a != b and rng.random() < 0.35
    ]
    return EffectivityGame(rng.integers(0, 4, (players, n)), moves)


def all_gain(game, mask, a, b):
    return all(game.payoffs[i, a] < game.payoffs[i, b] for i in bits(mask, len(game.payoffs)))


def dominated_indirectly(game, b):
    reached, before = {b}, set()
    while reached != before:
        before = set(reached)
        reached |= {a for a, d, m in game.moves if d in before and all_gain(game, m, a, b)}
    return reached - {b}


@pytest.mark.parametrize("seed", range(40))
def test_farsighted_sets_match_a_search_over_all_sets(seed):
    game = random_effectivity(seed)
    n = game.n_outcomes
    far = np.zeros((n, n), dtype=bool)
    for b in range(n):
        far[sorted(dominated_indirectly(game, b)), b] = True
    near = np.zeros((n, n), dtype=bool)
    for a, b, m in game.moves:
        near[a, b] |= all_gain(game, m, a, b)
    assert (indirect_dominance(game) == far).all()
    assert (direct_dominance(game) == near).all()

    def deterred(a, d, m, inside):
        return any((d == e or far[d, e]) and not all_gain(game, m, a, e) for e in inside)

    subsets = [s for k in range(n + 1) for s in combinations(range(n), k)]
    consistent = [
        s
        for s in subsets
        if all(
            (a in s) == all(deterred(a, d, m, s) for b, d, m in game.moves if b == a)
            for a in range(n)
        )
    ]
    found = largest_consistent_set(game)
    assert set(found.outcomes) == set().union(*consistent)
    assert {a for a, _, _ in found.removed} == set(range(n)) - set(found.outcomes)
    for relation, sets in ((far, farsightedly_stable_sets), (near, myopically_stable_sets)):
        stable = [
            s
            for s in subsets
            if not relation[np.ix_(s, s)].any()
            and all(relation[a, list(s)].any() for a in range(n) if a not in s)
        ]
        assert sets(game) == tuple(sorted(stable))
    ties = {
        (i, a, b)
        for a, b, m in game.moves
        for i in bits(m, len(game.payoffs))
        if game.payoffs[i, a] == game.payoffs[i, b]
    }
    assert found.ties == tuple(sorted(ties))


def test_largest_consistent_set_of_all_coalitions_of_eight_players():
    """65,280 moves; with a dominant pledge only full participation survives."""
    game = ParticipationGame.from_function(8, linear_pledges([2] * 8, [1] * 8))
    assert largest_consistent_set(membership_effectivity(game)).outcomes == (255,)


# Bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mask", [-1, 0, 4, 99])
def test_transfers_name_a_coalition_that_does_not_exist(mask):
    found = potential_internal_stability(ParticipationGame([[0, -1, 5, 6], [0, 5, -1, 6]]))
    with pytest.raises(InvalidGameError, match="mask"):
        found.transfers(mask)


def test_search_refuses_payoffs_that_are_no_numbers_anywhere():
    """A size whose payoffs are nan must not be left out of a list that is called complete."""

    def payoffs(members):
        return np.where(members.all(axis=0), np.nan, -1.0 * members)

    with pytest.raises(InvalidGameError, match="finite payoffs"):
        search_stable(3, payoffs, seed=1)


def test_linked_membership_stays_when_indifferent():
    """0.1 + 0.2 against 0.3 is no reason to leave."""
    layer = ParticipationGame([[0.1 + 0.2, 0.3, 0, 0], [0, 0, 0, 0]])
    found = linked_membership([layer, layer], [1, 1], 0)
    assert found.leaves_one == ()
    assert not found.leaves_all
    with pytest.raises(InvalidGameError, match=r"masks\[1\]"):
        linked_membership([layer, layer], [1, 4], 0)


def test_typed_payoffs_may_be_lists_and_must_be_two():
    game = TypedGame.from_function([2], lambda inside, counts: ([[0, 0, 1]], [[0, 1, 0]]))
    assert [found.members for found in game.stable()] == [(0,), (1,), (2,)]
    with pytest.raises(InvalidGameError, match="1 arrays"):
        TypedGame.from_function([2], lambda inside, counts: [inside])


def test_texts_are_refused_with_their_place():
    with pytest.raises(InvalidGameError, match="benefits"):
        TradeMeasures(["a"], [1], [[0]])
    with pytest.raises(InvalidGameError, match="benefits"):
        linear_pledges(["a"], [1])
    with pytest.raises(InvalidGameError, match="payoffs"):
        EffectivityGame([["a", "b"]], [])
