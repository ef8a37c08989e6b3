"""Games in partition function form: input, conjectures, values, stability, best partitions."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.coalitional.core import exact_core
from games.coalitional.shapley import exact_shapley_value
from games.coalitional.tu_game import TUGame
from games.errors import InvalidGameError, TooLargeError
from games.partition_function.coalition_structure import (
    best_partitions,
    optimal_coalition_structure,
)
from games.partition_function.conjectures import Conjecture, conjectured_game
from games.partition_function.partition_game import PartitionFunctionGame
from games.partition_function.partition_values import (
    average_value,
    externality_free_value,
    myerson_partition_value,
)
from games.partition_function.partitions import bell_number, partitions, sorted_partition
from games.partition_function.stability import (
    equal_shares,
    partition_stability,
    stability_of_all,
)

F = Fraction
VALUES = (myerson_partition_value, externality_free_value, average_value)


def cournot(n):
    """Linear Cournot oligopoly with cartels: each of k cartels earns 1 / (k + 1)^2."""
    return PartitionFunctionGame.from_function(lambda S, P: F(1, (len(P) + 1) ** 2), n)


def random_game(n, seed):
    rng = np.random.default_rng(seed)
    return PartitionFunctionGame.from_function(lambda S, P: int(rng.integers(-9, 20)), n)


def test_partitions_are_all_and_distinct():
    for n in range(1, 9):
        found = list(partitions(2**n - 1))
        assert len(found) == len(set(found)) == bell_number(n)
        assert all(list(p) == sorted(p) and sum(p) == 2**n - 1 for p in found)
    assert list(partitions(0)) == [()]


@pytest.mark.parametrize("value", VALUES)
def test_without_externalities_every_value_is_the_shapley_value(value):
    rng = np.random.default_rng(1)
    for n in (1, 2, 3, 5):
        game = TUGame([0, *(F(int(w), 3) for w in rng.integers(-20, 40, 2**n - 1))])
        assert value(PartitionFunctionGame.from_tu_game(game)) == exact_shapley_value(game)


def test_externality_free_value_of_de_clippel_and_serrano():
    """Econometrica 76(6), 2008, first example: pairs 12, 13, 14, all 24, alone 0 or 9."""
    pairs = {(0, 1): 12, (0, 2): 13, (1, 2): 14}

    def worth(S, P):
        if len(S) == 1:
            return 9 if len(P) == 2 else 0
        return 24 if len(S) == 3 else pairs[S]

    game = PartitionFunctionGame.from_function(worth, 3)
    assert externality_free_value(game) == (F(15, 2), 8, F(17, 2))


def test_myerson_value_matches_the_formula_term_by_term():
    for n in (2, 3, 4):
        game = random_game(n, n)
        expected = [F(0)] * n
        for partition, worths in game.worths.items():
            q = len(partition)
            for coalition, worth in zip(partition, worths, strict=True):
                for i in range(n):
                    weight = F(1, n) - sum(
                        F(1, (q - 1) * (n - t.bit_count()))
                        for t in partition
                        if t != coalition and not t >> i & 1
                    )
                    expected[i] += (-1) ** (q - 1) * factorial(q - 1) * weight * worth
        assert myerson_partition_value(game) == tuple(expected)


def test_myerson_value_gives_nothing_outside_a_carrier():
    """Myerson 1977, second axiom: only the players' arrangement within the carrier counts."""
    inner = {p: random_game(2, 5).worths[p] for p in ((3,), (1, 2))}

    def worth(S, P):
        cut = [tuple(i for i in block if i < 2) for block in P]
        key = sorted_partition(*(sum(1 << i for i in block) for block in cut))
        own = sum(1 << i for i in S if i < 2)
        return inner[key][key.index(own)] if own else 0

    value = myerson_partition_value(PartitionFunctionGame.from_function(worth, 4))
    assert value[2:] == (0, 0)
    assert sum(value) == inner[(3,)][0]
    assert value[:2] == myerson_partition_value(PartitionFunctionGame(inner))


@pytest.mark.parametrize("value", VALUES)
def test_values_are_efficient_additive_and_symmetric(value):
    for n in (2, 3, 4):
        a, b = random_game(n, 10 * n), random_game(n, 10 * n + 1)
        both = PartitionFunctionGame(
            {p: [x + y for x, y in zip(a.worths[p], b.worths[p], strict=True)] for p in a.worths}
        )
        assert value(both) == tuple(x + y for x, y in zip(value(a), value(b), strict=True))
        assert sum(value(a)) == a.worth(a.everyone, (a.everyone,))
        for order in permutations(range(n)):

            def image(mask, order=order):
                return sum(1 << order[i] for i in range(len(order)) if mask >> i & 1)

            moved = PartitionFunctionGame(
                {tuple(image(m) for m in p): worths for p, worths in a.worths.items()}
            )
            assert all(value(moved)[order[i]] == value(a)[i] for i in range(n))


def test_cournot_cartels():
    """The gamma core exists (Chander & Tulkens 1997); a lone firm beside a cartel gains most."""
    game = cournot(3)
    alone = conjectured_game(game, Conjecture.SINGLETONS)
    assert [F(int(w), alone.rational.denominator) for w in alone.rational.numerators] == [
        0, F(1, 16), F(1, 16), F(1, 9), F(1, 16), F(1, 9), F(1, 9), F(1, 4),
    ]  # fmt: skip
    assert not exact_core(alone).is_empty
    assert exact_core(conjectured_game(game, Conjecture.TOGETHER)).is_empty
    assert best_partitions(game) == (((7,),), F(1, 4))
    grand = partition_stability(game, (7,))
    assert not grand.is_internally_stable
    assert grand.exits[0].gain == F(1, 9) - F(1, 12)
    pair = partition_stability(game, (1, 6))
    assert not pair.is_internally_stable  # 1/18 in the pair, 1/16 alone
    apart = partition_stability(game, (1, 2, 4))
    assert apart.is_nash_stable
    assert apart.is_merger_proof


@settings(derandomize=True, max_examples=20, deadline=None)
@given(st.integers(1, 4), st.integers(0, 10**6))
def test_conjectures_match_their_definitions(n, seed):
    game = random_game(n, seed)
    tables = {c: conjectured_game(game, c).worths for c in Conjecture}
    for mask in range(1, 2**n):
        embedded = [(p, game.worth(mask, p)) for p in game.worths if mask in p]
        worths = [float(w) for _, w in embedded]
        assert tables[Conjecture.PESSIMISTIC][mask] == min(worths)
        assert tables[Conjecture.OPTIMISTIC][mask] == max(worths)
        finest = max(embedded, key=lambda e: len(e[0]))
        coarsest = min(embedded, key=lambda e: len(e[0]))
        assert tables[Conjecture.SINGLETONS][mask] == finest[1]
        assert tables[Conjecture.TOGETHER][mask] == coarsest[1]
        most = max(game.total(p) - w for p, w in embedded)
        assert tables[Conjecture.RATIONAL][mask] == min(
            w for p, w in embedded if game.total(p) - w == most
        )


@settings(derandomize=True, max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_stability_matches_a_search_over_all_partitions(seed):
    n = 4
    game = random_game(n, seed)
    pay = {p: equal_shares(game, p) for p in game.worths}

    def home(partition, player):
        return next(c for c in partition if c >> player & 1)

    def without(partition, player):
        return sorted_partition(*(c & ~(1 << player) for c in partition))

    for found in stability_of_all(game):
        p = found.partition
        exits = set()
        moves = set()
        for player in range(n):
            for other in game.worths:
                if other == p or without(other, player) != without(p, player):
                    continue
                if pay[other][player] > pay[p][player]:
                    alone = home(other, player) == 1 << player
                    (exits if alone else moves).add((1 << player, other))
        assert {(m.players, m.result) for m in found.exits} == exits
        assert {(m.players, m.result) for m in found.moves} == moves
        for move in found.moves:
            hosts = home(move.result, move.players.bit_length() - 1) ^ move.players
            welcome = all(pay[move.result][j] >= pay[p][j] for j in range(n) if hosts >> j & 1)
            assert move.is_welcome == welcome
        mergers = {
            q
            for q in game.worths
            if len(q) == len(p) - 1
            for union in set(q) - set(p)
            if set(p) - set(q) and sum(set(p) - set(q)) == union
            if all(pay[q][i] > pay[p][i] for i in range(n) if union >> i & 1)
        }
        assert {m.result for m in found.mergers} == mergers


def test_own_rules_of_division():
    game = cournot(3)

    def first_takes_all(game, partition):
        pay = [F(0)] * 3
        for coalition, worth in zip(partition, game.worths[partition], strict=True):
            pay[(coalition & -coalition).bit_length() - 1] = worth
        return tuple(pay)

    assert not partition_stability(game, (7,), first_takes_all).is_internally_stable
    with pytest.raises(InvalidGameError, match="2 payoffs"):
        partition_stability(game, (7,), lambda game, partition: (F(1), F(2)))
    with pytest.raises(InvalidGameError, match="no finite number"):
        partition_stability(game, (7,), lambda game, partition: (F(1), F(2), float("nan")))
    with pytest.raises(InvalidGameError, match="no partition"):
        partition_stability(game, (1, 2))


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.integers(-20, 40), min_size=2**n - 1, max_size=2**n - 1)
    )
)
def test_best_structure_matches_all_partitions(worths):
    game = TUGame([0, *worths])
    found = optimal_coalition_structure(game)
    best, most = best_partitions(PartitionFunctionGame.from_tu_game(game))
    assert found.worth == most
    assert found.partition in best
    assert found.gain == float(most) - game.grand_worth
    assert found.n_best == len(best)
    assert (found.partition == (2**game.n_players - 1,)) == (found.gain == 0)


def test_best_structure_of_fourteen_players():
    rng = np.random.default_rng(14)
    planted = sorted_partition(0b111, 0b11000, 0b1111100000, 0b11110000000000)
    worths = rng.random(2**14)
    worths[0] = 0
    worths[list(planted)] = 100
    assert optimal_coalition_structure(TUGame(worths)).partition == planted
    with pytest.raises(TooLargeError, match="limit is 16"):
        optimal_coalition_structure(TUGame(np.zeros(2**17)))


@pytest.mark.parametrize(
    ("worths", "problem"),
    [
        ({}, "empty"),
        ({(3,): [1]}, r"1 partitions; 2 players have 2, and \(1, 2\) is missing"),
        ({(3,): [1], (1, 2): [1]}, "1 worths for 2 coalitions"),
        ({(3,): [1], (1, 1): [1, 2]}, "no partition"),
        ({(3,): [1], (1, 2): [1, 2], (2, 1): [2, 1]}, "twice"),
        ({(3,): [1], (1, 2): [1, float("nan")]}, "finite number"),
        ({(3,): [1], (1, 2): [1, None]}, "finite number"),
        ({(5,): [1], (1, 4): [1, 2]}, "every player"),
        (5, "mapping"),
        ({3: [1]}, "tuple of bit masks"),
        ({"ab": [1]}, "tuple of bit masks"),
        ({(3.0,): [1]}, "tuple of bit masks"),
        ({(3,): [1], (1, 2): 5}, "one worth per coalition"),
        ({(3,): [1], (1, 2): "12"}, "one worth per coalition"),
        ({(3,): ["1e999999999"], (1, 2): [1, 2]}, "finite number"),
    ],
)
def test_bad_games_are_refused(worths, problem):
    with pytest.raises(InvalidGameError, match=problem):
        PartitionFunctionGame(worths)


def test_sizes_and_lookups_are_checked():
    with pytest.raises(TooLargeError, match="limit is 10"):
        cournot(11)
    with pytest.raises(InvalidGameError, match="at least one"):
        cournot(0)
    with pytest.raises(InvalidGameError, match="holds no coalition 2"):
        cournot(2).worth(2, (3,))
    assert cournot(2).players == ("player 1", "player 2")
