"""TU games: input, exact worths, structures, dividends, excess tables."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.coalitional.excess import excess_table, excesses, whole_excesses
from games.coalitional.harsanyi import exact_harsanyi_dividends, harsanyi_dividends
from games.coalitional.lattice import size_sums, span_members, subset_sums
from games.coalitional.rational import indicator, null_basis, solve_exactly, to_fraction
from games.coalitional.shapley import exact_shapley_value
from games.coalitional.structures import (
    airport_game,
    bankruptcy_game,
    cost_game,
    glove_game,
    market_game,
    savings_game,
    unanimity_sum,
    weighted_majority_game,
)
from games.coalitional.tu_game import TUGame
from games.errors import InvalidGameError, NoSolutionError, TooLargeError

whole_games = st.integers(1, 6).flatmap(
    lambda n: st.lists(st.integers(-50, 50), min_size=2**n - 1, max_size=2**n - 1).map(
        lambda worths: TUGame([0, *worths])
    )
)


@pytest.mark.parametrize(
    ("worths", "place"),
    [
        ([0, 1, 2], "worths"),
        ([], "worths"),
        ([0], "worths"),
        ([1, 2], r"worths\[0\]"),
        ([0, 1, float("nan"), 2], r"worths\[2\]"),
        ([0, 1, 2, float("inf")], r"worths\[3\]"),
        ([0, 1, 2, 10**400], "worths"),
        ([0, 1, 2, 1e200], r"worths\[3\]"),
        ([0, "one", 2, 3], r"worths\[1\]"),
        ([0, None, 2, 3], r"worths\[1\]"),
        ([0, Decimal("NaN"), 2, 3], r"worths\[1\]"),
        (np.zeros((2, 2)), "worths"),
    ],
)
def test_bad_worths_are_refused_with_their_place(worths, place):
    with pytest.raises(InvalidGameError, match=f"^{place}:"):
        TUGame(worths)


@pytest.mark.parametrize(
    ("players", "place"),
    [(["A"], "worths"), (["A", "A"], r"players\[1\]"), (["A", " "], r"players\[1\]")],
)
def test_bad_players_are_refused(players, place):
    with pytest.raises(InvalidGameError, match=f"^{place}:"):
        TUGame([0, 1, 2, 3], players)


@pytest.mark.parametrize(
    ("worths", "problem"),
    [
        ({"A,X": 1}, "names 'X', who is no player"),
        ({"A,A": 1}, "twice"),
        ({"A,B": 1, "B,A": 2}, "again"),
        ({"": 3}, "empty coalition is worth 0"),
    ],
)
def test_bad_coalition_names_are_refused(worths, problem):
    with pytest.raises(InvalidGameError, match=problem):
        TUGame.from_coalitions(worths, ["A", "B"])


def test_too_many_players_name_the_sampler():
    with pytest.raises(TooLargeError, match="sampled_shapley"):
        TUGame.from_function(lambda coalition: 0, 29)


def test_names_functions_and_lists_agree():
    by_name = TUGame.from_coalitions({"A,B": 5, ("B", "C"): 7, frozenset("CBA"): 9}, "ABC")
    by_function = TUGame.from_function(
        lambda S: {(0, 1): 5, (1, 2): 7, (0, 1, 2): 9}.get(S, 0), ["A", "B", "C"]
    )
    assert by_name.worths.tolist() == by_function.worths.tolist() == [0, 0, 0, 5, 0, 0, 7, 9]
    assert by_name.worth(["A", "B"]) == by_name.worth([1, 0]) == 5
    with pytest.raises(InvalidGameError, match="no player 3"):
        by_name.worth([3])


def test_worths_keep_their_exact_value():
    game = TUGame([0, Fraction(1, 3), "1/7", Decimal("0.1")])
    assert [Fraction(int(w), game.rational.denominator) for w in game.rational.numerators] == [
        0, Fraction(1, 3), Fraction(1, 7), Fraction(1, 10),
    ]  # fmt: skip
    assert TUGame([0.0, 0.1, 0.2, 0.3]).rational.denominator == 10
    big = TUGame([0, 10**30, 1, 10**30 + 1])
    assert int(big.rational.numerators[3]) == 10**30 + 1


def test_game_is_frozen_and_does_not_share_its_input():
    worths = np.array([0.0, 1.0])
    game = TUGame(worths)
    worths[1] = 5
    assert game.grand_worth == 1
    with pytest.raises(ValueError, match="read-only"):
        game.worths[1] = 2


def test_structures_match_their_definitions():
    def members(mask, n):
        return [i for i in range(n) if mask >> i & 1]

    claims = [30, 40, 50]
    estate = 70
    for mask, worth in enumerate(bankruptcy_game(estate, claims).worths):
        rest = sum(claims) - sum(claims[i] for i in members(mask, 3))
        assert worth == max(0, estate - rest)
    costs = [3, 1, 4, 1]
    for mask, worth in enumerate(airport_game(costs).worths):
        assert worth == -max((costs[i] for i in members(mask, 4)), default=0)
    for mask, worth in enumerate(weighted_majority_game(5, [1, 2, 3, 4]).worths):
        assert worth == (sum(i + 1 for i in members(mask, 4)) >= 5)
    for mask, worth in enumerate(glove_game([0, 0, 1, 1, 1]).worths):
        left = sum(1 for i in members(mask, 5) if i < 2)
        assert worth == min(left, mask.bit_count() - left)
    assert market_game([["1/2", 1], ["1/2", 0]]).worths.tolist() == [0, 0.5, 0, 1]
    costs = [0, 1, 2, 2.5]
    assert savings_game(costs).worths.tolist() == [0, 0, 0, 0.5]
    assert cost_game(costs).worths.tolist() == [0, -1, -2, -2.5]
    game = unanimity_sum({"A": 1, "B,C": "1/2", "A,B,C": 3}, "ABC")
    assert game.worths.tolist() == [0, 1, 0, 1, 0, 1, 0.5, 4.5]


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda: bankruptcy_game(-1, [1, 2]), "estate"),
        (lambda: bankruptcy_game(4, [1, 2]), "estate"),
        (lambda: bankruptcy_game(1, [1, -2]), r"claims\[1\]"),
        (lambda: bankruptcy_game(1, []), "players"),
        (lambda: airport_game([1, float("nan")]), r"costs\[1\]"),
        (lambda: weighted_majority_game(0, [1, 2]), "quota"),
        (lambda: weighted_majority_game(-3, [1, 2]), "quota"),
        (lambda: weighted_majority_game(2, [1, -2]), r"weights\[1\]"),
        (lambda: glove_game([0, 2]), r"sides\[1\]"),
        (lambda: market_game([[1, 2], [1]]), "endowments"),
    ],
)
def test_bad_structures_are_refused(make, place):
    with pytest.raises(InvalidGameError, match=f"^{place}:"):
        make()


@settings(derandomize=True, max_examples=60, deadline=None)
@given(whole_games)
def test_dividends_rebuild_the_game_and_share_out_as_shapley(game):
    dividends = exact_harsanyi_dividends(game)
    assert np.allclose(harsanyi_dividends(game), [float(d) for d in dividends])
    shares = [Fraction(0)] * game.n_players
    for mask, dividend in enumerate(dividends):
        for i in range(game.n_players):
            if mask >> i & 1:
                shares[i] += dividend / mask.bit_count()
    assert tuple(shares) == exact_shapley_value(game)
    named = {game.coalition(m): d for m, d in enumerate(dividends) if m}
    assert unanimity_sum(named, game.players).worths.tolist() == game.worths.tolist()


@settings(derandomize=True, max_examples=60, deadline=None)
@given(whole_games)
def test_sums_by_size_are_those_of_the_definition(game):
    with_player, total = size_sums(game.rational.numerators)
    n = game.n_players
    for size in range(n + 1):
        masks = [m for m in range(2**n) if m.bit_count() == size]
        assert total[size] == sum(game.worths[m] for m in masks)
        for i in range(n):
            assert with_player[i, size] == sum(game.worths[m] for m in masks if m >> i & 1)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(1, 6), st.data())
def test_span_of_coalitions_is_that_of_matrix_rank(n, data):
    masks = data.draw(st.lists(st.integers(1, 2**n - 1), max_size=n))
    rows = np.array([indicator(mask, n) for mask in masks], dtype=float).reshape(-1, n)
    rank = np.linalg.matrix_rank(rows) if len(masks) else 0
    inside = span_members(masks, n)
    for mask in range(2**n):
        extended = np.vstack([rows, indicator(mask, n)])
        assert inside[mask] == (np.linalg.matrix_rank(extended) == rank)
    for vector in null_basis([indicator(mask, n) for mask in masks], n):
        assert not (rows @ np.array(vector)).any()


def test_exact_solutions_and_contradictions():
    assert solve_exactly([[2, 1], [0, 3], [2, 4]], [1, 1, 2]) == [Fraction(1, 3)] * 2
    with pytest.raises(NoSolutionError, match="contradict"):
        solve_exactly([[1, 0], [0, 1], [1, 1]], [1, 1, 3])
    with pytest.raises(NoSolutionError, match="1 independent"):
        solve_exactly([[1, 1], [2, 2]], [1, 2])
    assert to_fraction(np.float64(0.1)) == Fraction(1, 10)


def test_excesses_floats_and_fractions_agree():
    game = TUGame([0, 1, 2, 5, 3, 4, 6, 12], "ABC")
    shares = [Fraction(7, 3), Fraction(11, 3), Fraction(6)]
    whole, denominator = whole_excesses(game, shares)
    floats = excesses(game, [float(x) for x in shares])
    assert np.allclose(floats, [int(w) / denominator for w in whole])
    rows = excess_table(game, [4, 4, 4])
    assert [row.excess for row in rows] == sorted((row.excess for row in rows), reverse=True)
    assert rows[0].coalition == ("C",)
    assert rows[0].excess == -1
    assert subset_sums(np.array([1, 10])).tolist() == [0, 1, 10, 11]
    with pytest.raises(InvalidGameError, match="allocation"):
        excesses(game, [1, 2])
    with pytest.raises(InvalidGameError, match="limit"):
        excess_table(game, [4, 4, 4], limit=0)
