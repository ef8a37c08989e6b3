"""Core, least core, core vertices and properties of TU games, against their definitions."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from games.coalitional.core import core, exact_core, is_in_core
from games.coalitional.core_vertices import core_vertices
from games.coalitional.least_core import exact_least_core, least_core
from games.coalitional.nucleolus import nucleolus
from games.coalitional.properties import is_convex, is_essential, is_monotone, is_superadditive
from games.coalitional.rational import indicator, solve_exactly
from games.coalitional.shapley import shapley_value
from games.coalitional.structures import bankruptcy_game, glove_game, weighted_majority_game
from games.coalitional.tu_game import TUGame
from games.errors import NoSolutionError, TooLargeError

F = Fraction


def games(max_players=5, top=0):
    return st.integers(1, max_players).flatmap(
        lambda n: st.lists(st.integers(-20, 40), min_size=2**n - 1, max_size=2**n - 1).map(
            lambda worths: TUGame([0, *worths[:-1], worths[-1] + top * n])
        )
    )


def reference_least_excess(game):
    n = game.n_players
    masks = range(1, 2**n - 1)
    found = linprog(
        [0] * n + [1],
        [[-(m >> i & 1) for i in range(n)] + [-1] for m in masks],
        [-game.worths[m] for m in masks],
        [[1] * n + [0]],
        [game.grand_worth],
        [(None, None)] * (n + 1),
    )
    assert found.status == 0
    return found.fun


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.one_of(games(), games(top=30)))
def test_core_and_least_core_match_a_full_program_and_carry_proofs(game):
    n = game.n_players
    exact = exact_core(game)
    found = core(game)
    assert found.is_empty == exact.is_empty
    if n > 1:
        expected = reference_least_excess(game)
        assert least_core(game).epsilon == pytest.approx(expected, abs=1e-7)
        assert float(exact_least_core(game).exact_epsilon) == pytest.approx(expected, abs=1e-7)
        assert exact.is_empty == (exact_least_core(game).exact_epsilon > 0)
    if exact.is_empty:
        for objection in (exact.objection, found.objection):
            weights = objection.weights
            assert all(weight > 0 for weight in weights.values())
            for i in range(n):
                assert sum(w for m, w in weights.items() if m >> i & 1) == 1
            worth = sum(w * int(game.worths[m]) for m, w in weights.items())
            assert worth > int(game.grand_worth)
            assert objection.worth == pytest.approx(float(worth))
            rows = [indicator(m, n) for m in weights]  # minimal: the weights are the only ones
            columns = [[row[i] for row in rows] for i in range(n)]
            assert solve_exactly(columns, [1] * n) == list(weights.values())
    else:
        assert is_in_core(game, found.point)
        assert sum(exact.exact_point) == int(game.grand_worth)
        assert all(
            sum((exact.exact_point[i] for i in range(n) if m >> i & 1), F(0)) >= int(worth)
            for m, worth in enumerate(game.worths)
        )


@pytest.mark.parametrize(
    ("worths", "epsilon"),
    [
        ([0, 8, -(10**12), 7], F(8 - 10**12 - 7, 2)),  # both alone, equally unhappy
        ([0, 0, 0, 10**12, 0, 10**12, 10**12, 1], 10**12 - F(2, 3)),  # every pair
    ],
)
def test_least_core_of_unlike_worths(worths, epsilon):
    game = TUGame(worths)
    found = exact_least_core(game)
    assert found.exact_epsilon == epsilon
    n = game.n_players
    bound = sum(w * int(game.worths[m]) for m, w in found.weights.items())
    assert found.exact_epsilon == bound - found.coverage * int(game.grand_worth)
    assert sum(found.weights.values()) == 1
    for i in range(n):
        assert sum(w for m, w in found.weights.items() if m >> i & 1) == found.coverage
    assert least_core(game).epsilon == pytest.approx(float(found.exact_epsilon), rel=1e-9)


def test_small_objections_beside_huge_worths_empty_the_core():
    worths = [0, 0, 3, 10**12, 4, 5, 7, 10**12]  # the third player can have nothing
    assert exact_core(TUGame(worths)).is_empty
    assert core(TUGame(worths)).is_empty
    worths[4] = worths[5] = worths[6] = 0
    assert not exact_core(TUGame(worths)).is_empty
    assert not core(TUGame(worths)).is_empty


def brute_force_vertices(game):
    """Every point at which n independent constraints bind and none is broken."""
    n = game.n_players
    worths = [int(w) for w in game.worths]
    full = 2**n - 1
    found = set()
    for masks in combinations(range(1, full), n - 1):
        try:
            point = solve_exactly(
                [indicator(m, n) for m in (*masks, full)], [worths[m] for m in (*masks, full)]
            )
        except NoSolutionError:
            continue
        if all(
            sum((point[i] for i in range(n) if m >> i & 1), F(0)) >= worths[m]
            for m in range(1, full)
        ):
            found.add(tuple(point))
    return tuple(sorted(found))


@settings(derandomize=True, max_examples=40, deadline=None)
@given(games(4, top=15))
def test_core_vertices_match_brute_force(game):
    expected = brute_force_vertices(game)
    if not expected:
        assert exact_core(game).is_empty
        with pytest.raises(NoSolutionError, match="core is empty"):
            core_vertices(game)
    else:
        assert core_vertices(game) == expected


def test_vertices_of_convex_games_are_the_marginal_vectors():
    """Shapley 1971."""
    rng = np.random.default_rng(4)
    for n in (1, 2, 4, 5):
        weights = rng.integers(1, 9, n)
        game = TUGame.from_function(lambda S, w=weights: int(sum(w[i] for i in S)) ** 2, n)
        assert is_convex(game).holds
        expected = set()
        for order in permutations(range(n)):
            x, mask = [F(0)] * n, 0
            for i in order:
                x[i] = F(int(game.worths[mask | 1 << i] - game.worths[mask]))
                mask |= 1 << i
            expected.add(tuple(x))
        assert set(core_vertices(game)) == expected
        assert is_in_core(game, shapley_value(game))


def test_six_players_have_all_720_vertices():
    game = TUGame.from_function(lambda S: sum(i + 1 for i in S) ** 2, 6)
    assert len(core_vertices(game)) == 720
    with pytest.raises(TooLargeError, match="limit is 6"):
        core_vertices(TUGame(np.zeros(128)))


def test_known_cores():
    assert core_vertices(glove_game([0, 1, 1])) == ((1, 0, 0),)
    majority = core(weighted_majority_game(2, [1, 1, 1]))
    assert majority.is_empty
    assert majority.objection.weights == {0b011: F(1, 2), 0b101: F(1, 2), 0b110: F(1, 2)}
    assert majority.largest_excess == pytest.approx(1 / 3)
    single = core(TUGame([0, 7]))
    assert single.point == (7,)
    assert single.largest_excess == -np.inf
    assert not core(weighted_majority_game(39, [7] * 5 + [1] * 10)).is_empty


def test_rounding_of_decimals_does_not_empty_a_core():
    game = TUGame([0, 0.1, 0.2, 0.3])  # 0.1 + 0.2 > 0.3 in floats
    assert not core(game).is_empty
    assert not exact_core(game).is_empty
    assert core_vertices(game) == ((F(1, 10), F(1, 5)),)
    assert exact_core(TUGame([0, "1/10", "1/5", "0.2999999999999"])).is_empty


def test_nucleolus_is_in_the_core_if_there_is_one():
    rng = np.random.default_rng(6)
    for n in (5, 9, 12):
        for _ in range(8):
            worths = rng.integers(0, 50, 2**n) * np.bitwise_count(np.arange(2**n)).astype(int)
            worths[-1] = 55 * n
            game = TUGame(worths)
            assert not core(game).is_empty
            assert is_in_core(game, nucleolus(game).point)


def test_core_of_seventeen_players_is_decided():
    rng = np.random.default_rng(9)
    sizes = np.bitwise_count(np.arange(2**17))
    worths = rng.random(2**17) * sizes
    worths[0] = 0
    for top, is_empty in ((30.0, False), (15.0, True)):
        worths[-1] = top
        assert core(TUGame(worths)).is_empty == is_empty


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.one_of(games(4), games(3, top=20)), st.booleans())
def test_properties_match_their_definitions(game, square):
    n = game.n_players
    v = [int(w) ** 2 for w in game.worths] if square else [int(w) for w in game.worths]
    game = TUGame(v)
    pairs = [(a, b) for a in range(2**n) for b in range(2**n)]
    convex = max(v[a] + v[b] - v[a | b] - v[a & b] for a, b in pairs)
    superadditive = max(v[a] + v[b] - v[a | b] for a, b in pairs if not a & b)
    monotone = max(v[a] - v[b] for a, b in pairs if a & b == a)
    assert is_convex(game).holds == (convex <= 0)
    assert is_superadditive(game).holds == (superadditive <= 0)
    assert is_monotone(game).holds == (monotone <= 0)
    assert is_essential(game) == (v[-1] > sum(v[1 << i] for i in range(n)))
    for check, loss in (
        (is_convex(game), lambda a, b: v[a] + v[b] - v[a | b] - v[a & b]),
        (is_superadditive(game), lambda a, b: v[a] + v[b] - v[a | b]),
        (is_monotone(game), lambda a, b: v[a] - v[b]),
    ):
        if not check.holds:
            assert loss(*check.witness) == check.shortfall > 0
    if not is_superadditive(game).holds:
        assert is_superadditive(game).shortfall == superadditive


def test_superadditivity_of_large_games():
    assert is_superadditive(bankruptcy_game(60, list(range(1, 13)))).holds
    sizes = np.bitwise_count(np.arange(2**18)).astype(float)
    assert is_superadditive(TUGame(sizes**2)).holds
    with pytest.raises(TooLargeError, match="limit is 17"):
        is_superadditive(TUGame(np.sqrt(sizes)))
    broken = sizes[: 2**12] ** 2
    broken[-1] -= 13
    assert is_superadditive(TUGame(broken)).holds
    broken[0b111] = 1
    assert not is_superadditive(TUGame(broken)).holds
