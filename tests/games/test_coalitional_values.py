"""Shapley, Banzhaf, Owen, Myerson and tau-values: published figures and exact enumeration."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.coalitional.banzhaf import (
    banzhaf_value,
    exact_banzhaf_value,
    exact_normalised_banzhaf,
    normalised_banzhaf,
)
from games.coalitional.division import (
    equal_division,
    equal_surplus_division,
    proportional_division,
)
from games.coalitional.myerson import exact_myerson_value, myerson_value, restricted_game
from games.coalitional.owen import exact_owen_value, owen_value
from games.coalitional.sampled_shapley import sampled_shapley_value
from games.coalitional.shapley import exact_shapley_value, shapley_value
from games.coalitional.structures import (
    airport_game,
    bankruptcy_game,
    glove_game,
    weighted_majority_game,
)
from games.coalitional.tau_value import exact_tau_value, tau_value
from games.coalitional.tu_game import TUGame
from games.errors import InvalidGameError, NoSolutionError

F = Fraction
SIX_CLAIMS = bankruptcy_game(176, [40, 32, 11, "73.3", "54.95", "81.1"])
THREE_PLAYERS = TUGame([0, 0, 0, 90, 0, 100, 120, 220])


def games(max_players=5):
    return st.integers(1, max_players).flatmap(
        lambda n: st.lists(st.integers(-50, 50), min_size=2**n - 1, max_size=2**n - 1).map(
            lambda worths: TUGame([0, *worths])
        )
    )


def mean_over_orders(game, orders):
    totals = [F(0)] * game.n_players
    orders = list(orders)
    for order in orders:
        mask = 0
        for player in order:
            totals[player] += int(game.worths[mask | 1 << player]) - int(game.worths[mask])
            mask |= 1 << player
    return tuple(total / len(orders) for total in totals)


@pytest.mark.parametrize(
    ("game", "expected"),
    [
        (airport_game([1, 2, 4]), (F(-1, 3), F(-5, 6), F(-17, 6))),  # Littlechild & Owen 1973
        (glove_game([0, 1, 1]), (F(2, 3), F(1, 6), F(1, 6))),
        (weighted_majority_game(50, [10, 10, 20, 30]), (F(1, 12), F(1, 12), F(1, 4), F(7, 12))),
        (THREE_PLAYERS, (65, 75, 80)),
        # EEC of 1958
        (
            weighted_majority_game(12, [4, 4, 4, 2, 2, 1]),
            (F(7, 30), F(7, 30), F(7, 30), F(3, 20), F(3, 20), 0),
        ),
    ],
)
def test_published_shapley_values(game, expected):
    assert exact_shapley_value(game) == expected
    assert shapley_value(game) == pytest.approx([float(x) for x in expected], abs=1e-12)


def test_security_council_shapley_shubik():
    """Shapley–Shubik index of the Security Council: 421/2145 for each permanent member."""
    game = weighted_majority_game(39, [7] * 5 + [1] * 10)
    assert exact_shapley_value(game) == (F(421, 2145),) * 5 + (F(4, 2145),) * 10
    banzhaf = normalised_banzhaf(game)
    assert banzhaf[0] == pytest.approx(0.166929, abs=5e-7)
    assert banzhaf[14] == pytest.approx(0.016535, abs=5e-7)


def test_six_claims():
    assert shapley_value(SIX_CLAIMS) == pytest.approx(
        [23.5175, 18.7483, 6.4950, 44.3008, 33.3317, 49.6067], abs=5e-5
    )
    assert tau_value(SIX_CLAIMS).point == pytest.approx(
        [24.0807, 19.2646, 6.6222, 44.1279, 33.0809, 48.8237], abs=5e-5
    )
    unions = [[0, 2], [1, 3, 4], [5]]
    assert owen_value(SIX_CLAIMS, unions) == pytest.approx(
        [21.7083, 21.0444, 6.4167, 47.5111, 36.1444, 43.1750], abs=5e-5
    )
    exact = exact_owen_value(SIX_CLAIMS, unions)
    assert owen_value(SIX_CLAIMS, unions) == pytest.approx([float(x) for x in exact], abs=1e-11)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(games())
def test_shapley_and_banzhaf_match_enumeration(game):
    n = game.n_players
    expected = mean_over_orders(game, permutations(range(n)))
    assert exact_shapley_value(game) == expected
    assert shapley_value(game) == pytest.approx([float(x) for x in expected], abs=1e-10)
    worths = game.worths
    for i, value in enumerate(exact_banzhaf_value(game)):
        gains = [worths[m | 1 << i] - worths[m] for m in range(2**n) if not m >> i & 1]
        assert value == F(int(sum(gains)), 2 ** (n - 1))
        assert banzhaf_value(game)[i] == pytest.approx(float(value), abs=1e-10)


@settings(derandomize=True, max_examples=50, deadline=None)
@given(games(), st.data())
def test_owen_matches_enumeration_of_orders_that_keep_unions_together(game, data):
    n = game.n_players
    labels = data.draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    unions = [[i for i in range(n) if labels[i] == k] for k in sorted(set(labels))]

    def keeps_unions(order):
        blocks = [labels[i] for i in order]
        return sum(a != b for a, b in pairwise(blocks)) == len(unions) - 1

    expected = mean_over_orders(game, filter(keeps_unions, permutations(range(n))))
    assert exact_owen_value(game, unions) == expected
    assert owen_value(game, unions) == pytest.approx([float(x) for x in expected], abs=1e-10)


@settings(derandomize=True, max_examples=50, deadline=None)
@given(games(), st.data())
def test_myerson_matches_enumeration_and_its_axioms(game, data):
    n = game.n_players
    pairs = [(a, b) for a in range(n) for b in range(a)]
    links = data.draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []

    def parts(mask, links):
        left, found = {i for i in range(n) if mask >> i & 1}, []
        while left:
            part = {left.pop()}
            while True:
                more = {b for a, b in [*links, *((b, a) for a, b in links)] if a in part} & left
                if not more:
                    break
                part |= more
                left -= more
            found.append(sum(1 << i for i in part))
        return found

    restricted = TUGame([sum(int(game.worths[p]) for p in parts(m, links)) for m in range(2**n)])
    assert restricted_game(game, links).worths.tolist() == restricted.worths.tolist()
    value = exact_myerson_value(game, links)
    assert value == mean_over_orders(restricted, permutations(range(n)))
    assert myerson_value(game, links) == pytest.approx([float(x) for x in value], abs=1e-10)
    for part in parts(2**n - 1, links):  # component efficiency
        assert sum(value[i] for i in range(n) if part >> i & 1) == int(game.worths[part])
    for link in links:  # fairness
        cut = exact_myerson_value(game, [other for other in links if other != link])
        assert value[link[0]] - cut[link[0]] == value[link[1]] - cut[link[1]]


def test_one_union_and_single_unions_give_the_shapley_value():
    expected = exact_shapley_value(SIX_CLAIMS)
    assert exact_owen_value(SIX_CLAIMS, [list(range(6))]) == expected
    assert exact_owen_value(SIX_CLAIMS, [[i] for i in range(6)]) == expected
    complete = [(a, b) for a in range(6) for b in range(a)]
    assert exact_myerson_value(SIX_CLAIMS, complete) == expected


@pytest.mark.parametrize(
    ("unions", "place"),
    [
        ([[0], [0, 1, 2]], r"unions\[1\]"),
        ([[0], [1]], "unions"),
        ([[0, 1, 2], []], r"unions\[1\]"),
        ([[0, 1, 5]], "coalition"),
    ],
)
def test_bad_unions_are_refused(unions, place):
    with pytest.raises(InvalidGameError, match=f"^{place}:"):
        owen_value(THREE_PLAYERS, unions)


@pytest.mark.parametrize("links", [[(0, 0)], [(0, 3)], [(-1, 0)]])
def test_bad_links_are_refused(links):
    with pytest.raises(InvalidGameError, match=r"^links\[0\]:"):
        myerson_value(THREE_PLAYERS, links)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(games(4))
def test_tau_value_matches_its_definition(game):
    n = game.n_players
    v = [int(w) for w in game.worths]
    full = 2**n - 1
    utopia = [v[full] - v[full ^ 1 << i] for i in range(n)]

    def right(i):
        return max(
            v[m] - sum(utopia[j] for j in range(n) if m >> j & 1 and j != i)
            for m in range(2**n)
            if m >> i & 1
        )

    rights = [right(i) for i in range(n)]
    balanced = all(a <= b for a, b in zip(rights, utopia, strict=True))
    if not balanced or not sum(rights) <= v[full] <= sum(utopia):
        with pytest.raises(NoSolutionError, match="not quasi-balanced"):
            tau_value(game)
        with pytest.raises(NoSolutionError, match="not quasi-balanced"):
            exact_tau_value(game)
        return
    value = exact_tau_value(game)
    assert sum(value) == v[full]
    span = [b - a for a, b in zip(rights, utopia, strict=True)]
    shares = {(x - a) / s for x, a, s in zip(value, rights, span, strict=True) if s}
    assert len(shares) <= 1
    assert tau_value(game).point == pytest.approx([float(x) for x in value], abs=1e-9)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(games(), st.randoms(use_true_random=False))
def test_relabelling_players_permutes_the_values(game, random):
    n = game.n_players
    order = list(range(n))
    random.shuffle(order)
    moved = [0] * 2**n
    for mask in range(2**n):
        image = sum(1 << order[i] for i in range(n) if mask >> i & 1)
        moved[image] = int(game.worths[mask])
    other = TUGame(moved)
    for value in (exact_shapley_value, exact_banzhaf_value):
        assert all(value(other)[order[i]] == value(game)[i] for i in range(n))


def test_shapley_in_floats_keeps_its_precision_at_20_players():
    rng = np.random.default_rng(7)
    worths = rng.integers(-1000, 1000, 2**16)
    worths[0] = 0
    game = TUGame(worths)
    exact = np.array([float(x) for x in exact_shapley_value(game)])
    assert np.abs(shapley_value(game) - exact).max() < 1e-11
    shifted = TUGame(worths + 10**9 * np.bitwise_count(np.arange(2**16)).astype(int))
    assert np.abs(shapley_value(shifted) - exact - 1e9).max() < 1e-4


def test_exact_values_beyond_64_bits():
    game = TUGame([0, 10**40, 1, 10**40 + 3])
    assert exact_shapley_value(game) == (10**40 + 1, 2)
    assert exact_banzhaf_value(game) == (10**40 + 1, 2)


def test_nothing_to_share_is_an_error_for_normalised_indices_only():
    game = TUGame([0, 1, -1, 0])
    assert exact_banzhaf_value(game) == (1, -1)
    for index in (normalised_banzhaf, exact_normalised_banzhaf):
        with pytest.raises(NoSolutionError, match="add up to 0"):
            index(game)
    with pytest.raises(NoSolutionError, match="differ in sign"):
        proportional_division(game)
    with pytest.raises(NoSolutionError, match="no player is worth"):
        proportional_division(TUGame([0, 0, 0, 1]))


def test_plain_divisions_share_out_everything():
    game = TUGame([0, 1, 3, 8])
    for rule in (equal_division, equal_surplus_division, proportional_division):
        assert rule(game).sum() == pytest.approx(8)


def test_sampled_values_cover_the_exact_ones():
    weights = [7] * 5 + [1] * 10
    exact = [float(x) for x in exact_shapley_value(weighted_majority_game(39, weights))]

    def worth(mask):
        return float(sum(w for i, w in enumerate(weights) if mask >> i & 1) >= 39)

    for bound in (None, 1.0):
        rng = np.random.default_rng(5)
        found = sampled_shapley_value(
            worth, 15, n_pairs=1000, rng=rng, confidence=0.999, marginal_range=bound
        )
        assert ((found.low <= exact) & (exact <= found.high)).all()
        assert found.values.sum() == pytest.approx(1)
        assert found.n_orders == 2000


def test_sampling_reaches_193_players():
    rng = np.random.default_rng(1)
    found = sampled_shapley_value(lambda m: m.bit_count() ** 2, 193, n_pairs=40, rng=rng)
    assert found.values.sum() == pytest.approx(193**2)
    assert found.values == pytest.approx([193.0] * 193)  # antithetic orders leave no error


def test_student_intervals_have_about_their_level():
    rng = np.random.default_rng(11)
    worths = rng.random(2**6)
    worths[0] = 0
    exact = shapley_value(TUGame(worths))
    hits = sum(
        (found.low <= exact) & (exact <= found.high)
        for found in (
            sampled_shapley_value(worths.__getitem__, 6, n_pairs=40, rng=rng, confidence=0.9)
            for _ in range(200)
        )
    )
    assert 0.85 < np.mean(hits) / 200 < 0.95


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"n_players": 0}, "n_players"),
        ({"n_pairs": 1}, "n_pairs"),
        ({"confidence": 1.0}, "confidence"),
        ({"marginal_range": float("nan")}, "marginal_range"),
        ({"worth": lambda mask: float("nan") if mask else 0.0}, "worth"),
        ({"worth": lambda mask: 1.0}, r"worth\(0\)"),
    ],
)
def test_bad_sampling_parameters_are_refused(change, place):
    given = {"worth": float, "n_players": 3, "n_pairs": 5} | change
    with pytest.raises(InvalidGameError, match=f"^{place}"):
        sampled_shapley_value(**given, rng=np.random.default_rng(0))
