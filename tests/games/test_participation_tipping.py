"""Tipping, parallel agreements and farsighted stability."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.participation.effectivity_game import (
    EffectivityGame,
    indirect_dominance,
    membership_effectivity,
)
from games.participation.farsighted import (
    farsightedly_stable_sets,
    largest_consistent_set,
    myopically_stable_sets,
)
from games.participation.multiple_agreements import linear_benefit_clubs, stable_assignments
from games.participation.participation_game import ParticipationGame
from games.participation.stability import stability
from games.participation.stable_sets import stable_sets
from games.participation.tipping import (
    cascade,
    extreme_stable_coalitions,
    game_advantages,
    tipping_set,
    tipping_sizes,
)
from games.participation.trade_measures import (
    TradeMeasures,
    symmetric_trade_measures,
    tipping_size,
)


def test_tipping_sizes_of_like_players():
    for tau in (0.3, 0.4, 1):
        [size] = tipping_sizes(symmetric_trade_measures(10, 1, 3.5, tau))
        assert size - 1 <= tipping_size(10, 1, 3.5, tau) < size


@st.composite
def trade_models(draw, most=6):
    n = draw(st.integers(1, most))
    number = st.integers(0, 6)
    losses = draw(st.lists(st.lists(number, min_size=n, max_size=n), min_size=n, max_size=n))
    costs = draw(st.lists(st.integers(0, 20), min_size=n, max_size=n))
    return TradeMeasures([1] * n, costs, losses)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(trade_models())
def test_extreme_stable_coalitions_bound_all_others(model):
    n = model.n_players
    game = ParticipationGame.from_function(n, model.payoffs)
    stable = [set(game.members(m)) for m in stability(game).stable_masks]
    smallest, largest = extreme_stable_coalitions(n, model.advantages)
    assert set(smallest) in stable
    assert set(largest) in stable
    assert all(set(smallest) <= s <= set(largest) for s in stable)
    by_table = extreme_stable_coalitions(n, game_advantages(game))
    assert by_table == (smallest, largest)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(trade_models(5))
def test_tipping_set_is_the_smallest(model):
    n = model.n_players
    found = tipping_set(n, model.advantages)
    assert found.is_smallest
    size = len(found.recruits)
    tips = [
        r
        for k in range(size + 1)
        for r in combinations(range(n), k)
        if len(cascade(n, model.advantages, r).members) == n
    ]
    assert all(len(r) == size for r in tips)
    assert tips[0] == found.recruits
    assert len(tips) == found.n_ties + 1
    greedy = tipping_set(n, model.advantages, max_sets=0)
    assert not greedy.is_smallest
    assert len(cascade(n, model.advantages, greedy.recruits).members) == n


def test_a_chain_of_thresholds_tips_from_one_recruit():
    # Granovetter (1978): player k joins once k others have; recruiting the first brings in all.
    n = 50

    def advantages(members):
        others = members.sum(axis=0) - members
        return others - np.arange(n)[:, None] - 0.5 + (np.arange(n)[:, None] > 0)

    found = tipping_set(n, advantages)
    assert found.recruits == (0,)
    assert len(cascade(n, advantages, [0]).rounds) == n - 1
    assert cascade(n, advantages).members == ()
    with pytest.raises(InvalidGameError, match="start"):
        cascade(n, advantages, [n])


def test_games_without_complements_are_noticed():
    # Each signs only if the other does not: rounds of joining overshoot.
    game = ParticipationGame([[0, 1, 0, -1], [0, 0, 1, -1]])
    with pytest.raises(CertificateError, match="complements"):
        extreme_stable_coalitions(2, game_advantages(game))


def test_two_regional_clubs_sustain_twice_as_many():
    # Asheim et al. (2006), in the linear form: R clubs give R ceil(c / b) cooperators.
    clubs = linear_benefit_clubs(2, 1, 2.5)
    regional = stable_assignments(8, 2, clubs, [[1]] * 4 + [[2]] * 4)
    active = regional.assignments[~regional.is_idle]
    most = max(int((row > 0).sum()) for row in active)
    assert most == 2 * 3
    alone = stable_assignments(8, 1, linear_benefit_clubs(1, 1, 2.5))
    assert {int((row > 0).sum()) for row in alone.assignments[~alone.is_idle]} == {3}
    assert regional.method.startswith("complete")


@settings(derandomize=True, max_examples=30, deadline=None)
@given(st.integers(1, 3), st.integers(1, 2), st.data())
def test_assignments_by_definition(n, r, data):
    cases = (r + 1) ** n
    row = st.lists(st.integers(-3, 3), min_size=cases, max_size=cases)
    table = np.array(data.draw(st.lists(row, min_size=n, max_size=n)))
    weights = (r + 1) ** np.arange(n)
    found = stable_assignments(n, r, lambda a: table[:, weights @ a])
    listed = {tuple(row) for row in found.assignments.tolist()}
    for case in range(cases):
        at = [case // int(w) % (r + 1) for w in weights]
        gains = [
            table[i, case + (other - at[i]) * int(weights[i])] - table[i, case]
            for i in range(n)
            for other in range(r + 1)
        ]
        assert (max(gains) <= 0) == (tuple(at) in listed)


def test_one_agreement_is_a_participation_game():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(4, 16))
    game = ParticipationGame(table)
    found = stable_assignments(4, 1, lambda a: table[:, (1 << np.arange(4)) @ a])
    masks = sorted(int(row @ (1 << np.arange(4))) for row in found.assignments)
    assert tuple(masks) == stability(game).stable_masks


def test_assignments_check_their_input():
    with pytest.raises(TooLargeError):
        stable_assignments(20, 2, linear_benefit_clubs(2, 1, 2))
    with pytest.raises(InvalidGameError, match=r"allowed\[0\]"):
        stable_assignments(1, 1, linear_benefit_clubs(1, 1, 2), [[2]])
    with pytest.raises(InvalidGameError, match="allowed"):
        stable_assignments(2, 1, linear_benefit_clubs(1, 1, 2), [[1]])
    with pytest.raises(InvalidGameError, match="function"):
        stable_assignments(2, 1, lambda a: a[0])
    with pytest.raises(InvalidGameError, match="n_agreements"):
        stable_assignments(2, 0, lambda a: a)


# Chwe (1994), p. 306: player 1 ranks a < b < c < d, player 2 d < a < b < c.
CHWE = EffectivityGame(
    [[0, 1, 2, 3], [1, 2, 3, 0]],
    [(0, 1, 1), (1, 2, 2), (2, 3, 1), (3, 0, 2), (0, 2, 3)],
    "abcd",
)


def test_chwe_largest_consistent_set():
    found = largest_consistent_set(CHWE)
    assert [CHWE.outcomes[a] for a in found.outcomes] == ["c"]
    assert {a for a, _, _ in found.removed} == {0, 1, 3}
    assert found.ties == ()


def test_chwe_stable_sets_of_both_dominance_relations():
    # The set {b, d} is stable when movers look one step ahead. It is not when they look further:
    # d << b, by player 2 to a (expecting b) and player 1 to b.
    assert myopically_stable_sets(CHWE) == ((1, 3),)
    assert indirect_dominance(CHWE)[3, 1]
    assert farsightedly_stable_sets(CHWE) == ((2,),)


@st.composite
def effectivity_games(draw):
    n, outcomes = draw(st.integers(1, 3)), draw(st.integers(2, 5))
    row = st.lists(st.integers(0, 4), min_size=outcomes, max_size=outcomes)
    payoffs = draw(st.lists(row, min_size=n, max_size=n))
    pairs = [(a, b) for a in range(outcomes) for b in range(outcomes) if a != b]
    moves = draw(
        st.lists(st.tuples(st.sampled_from(pairs), st.integers(1, 2**n - 1)), max_size=12)
    )
    return EffectivityGame(payoffs, [(a, b, mask) for (a, b), mask in moves])


def dominates(game, a, b):
    """Indirect dominance by search over paths from a, one target at a time."""
    frontier, seen = [a], {a}
    while frontier:
        x = frontier.pop()
        for start, end, mask in game.moves:
            movers = [i for i in range(game.payoffs.shape[0]) if mask >> i & 1]
            if start == x and all(game.payoffs[i, x] < game.payoffs[i, b] for i in movers):
                if end == b:
                    return True
                if end not in seen:
                    seen.add(end)
                    frontier.append(end)
    return False


@settings(derandomize=True, max_examples=120, deadline=None)
@given(effectivity_games())
def test_farsighted_concepts_by_definition(game):
    n = game.n_outcomes
    dominance = indirect_dominance(game)
    for a in range(n):
        for b in range(n):
            assert dominance[a, b] == (a != b and dominates(game, a, b))
    largest = set(largest_consistent_set(game).outcomes)
    subsets = [set(s) for k in range(n + 1) for s in combinations(range(n), k)]

    def deterred(a, inside):
        return all(
            any(
                (e == d or dominance[d, e])
                and not all(
                    game.payoffs[i, a] < game.payoffs[i, e]
                    for i in range(game.payoffs.shape[0])
                    if mask >> i & 1
                )
                for e in inside
            )
            for start, d, mask in game.moves
            if start == a
        )

    consistent = [s for s in subsets if all(deterred(a, s) == (a in s) for a in range(n))]
    assert largest in consistent
    assert all(s <= largest for s in consistent)
    stable = [
        s
        for s in subsets
        if not any(dominance[a, b] for a in s for b in s)
        and all(any(dominance[a, b] for b in s) for a in range(n) if a not in s)
    ]
    found = farsightedly_stable_sets(game)
    assert sorted(map(sorted, stable)) == sorted(map(list, found))
    assert all(set(s) <= largest for s in found)  # Chwe's proposition 3


def test_ties_name_the_indifferent_mover():
    game = EffectivityGame([[0, 0]], [(0, 1, 1)])
    found = largest_consistent_set(game)
    assert found.outcomes == (0, 1)
    assert found.ties == ((0, 0, 1),)


def test_farsighted_prisoners_keep_what_myopic_ones_break():
    # Signing alone is worst, leaving the other to it best; with open moves of both, full
    # participation is the only outcome that survives deviations seen to their end.
    game = ParticipationGame([[0, -1, 3, 2], [0, 3, -1, 2]])
    assert stability(game).stable_masks == (0,)
    farsighted = membership_effectivity(game)
    assert 3 in largest_consistent_set(farsighted).outcomes
    assert (3,) in farsightedly_stable_sets(farsighted)
    assert farsighted.outcomes[3] == "{player 1, player 2}"
    one_at_a_time = membership_effectivity(game, largest_deviation=1)
    assert all(mask.bit_count() == 1 for _, _, mask in one_at_a_time.moves)


def test_stable_sets_of_circles():
    three = np.roll(np.eye(3, dtype=bool), 1, axis=1)
    assert stable_sets(three) == ()
    with pytest.raises(InvalidGameError, match="dominance"):
        stable_sets(np.eye(2, dtype=bool))


@pytest.mark.parametrize(
    ("payoffs", "moves", "place"),
    [
        ([[0, float("nan")]], [], "payoffs"),
        ([0, 1], [], "payoffs"),
        ([[0, 1]], [(0, 0, 1)], r"moves\[0\]"),
        ([[0, 1]], [(0, 2, 1)], r"moves\[0\]"),
        ([[0, 1]], [(0, 1, 2)], r"moves\[0\]"),
        ([[0, 1]], [(0, 1, 0)], r"moves\[0\]"),
    ],
)
def test_effectivity_games_check_their_input(payoffs, moves, place):
    with pytest.raises(InvalidGameError, match=place):
        EffectivityGame(payoffs, moves)
    with pytest.raises(InvalidGameError, match="outcomes"):
        EffectivityGame([[0, 1]], [], ["a", "a"])


def test_farsighted_participation_has_a_size_limit():
    game = ParticipationGame.from_function(11, lambda members: members)
    with pytest.raises(TooLargeError):
        membership_effectivity(game)
    with pytest.raises(InvalidGameError, match="largest_deviation"):
        membership_effectivity(ParticipationGame([[0, 1]]), largest_deviation=2)
