"""The three ways to count swings agree with each other and with the definition."""

from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import CertificateError, TooLargeError
from games.voting.modular import chinese_remainder, large_primes
from games.voting.swings import SwingCounts, _certify, count_swings
from games.voting.swings_by_generating_function import swings_by_generating_function
from games.voting.swings_by_halves import halves_seconds, swings_by_halves
from games.voting.swings_by_types import swings_by_types
from games.voting.weighted_game import VotingGame, WeightedRule


@st.composite
def voting_games(draw):
    n = draw(st.integers(1, 7))
    rules = []
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            weights = [1] * n
        else:
            weights = draw(st.lists(st.sampled_from([0, 1, 2, 3, 5, 8]), min_size=n, max_size=n))
            weights[0] = max(weights[0], 1)
        rules.append(WeightedRule(draw(st.integers(1, sum(weights))), weights))
    return VotingGame(rules)


def swings_by_definition(game):
    n = game.n_players
    swings = [[0] * n for _ in range(n)]
    winning = [0] * (n + 1)
    for mask in range(1 << n):
        members = [i for i in range(n) if mask >> i & 1]
        if game.wins(members):
            winning[len(members)] += 1
            continue
        for i in set(range(n)) - set(members):
            swings[i][len(members)] += game.wins([*members, i])
    return swings, winning


@settings(derandomize=True, max_examples=150, deadline=None)
@given(voting_games())
def test_all_methods_agree_with_the_definition(game):
    swings, winning = swings_by_definition(game)
    expected = ({group[0]: swings[group[0]] for group in game.types}, winning)
    assert swings_by_generating_function(game) == expected
    assert swings_by_types(game) == expected
    if halves_seconds(game) < 1e9:
        assert swings_by_halves(game) == expected
    counts = count_swings(game)
    assert [list(row) for row in counts.swings] == swings
    assert list(counts.winning) == winning


@settings(derandomize=True, max_examples=40, deadline=None)
@given(voting_games())
def test_smallest_winning_and_blocking_coalitions(game):
    counts = count_swings(game)
    n = game.n_players
    masks = [[i for i in range(n) if m >> i & 1] for m in range(1 << n)]
    assert counts.smallest_winning == min(len(m) for m in masks if game.wins(m))
    assert counts.smallest_blocking == min(len(m) for m in masks if game.blocks(m))


@pytest.mark.parametrize("n", [40, 70, 193])
def test_large_assemblies_agree_between_methods(n):
    # Few types, so that enumeration is possible too; counts far beyond 64 bits.
    weights = [[9, 4, 1][i % 3] for i in range(n)]
    game = VotingGame([WeightedRule("60%", weights), WeightedRule(n // 2, [1] * n)])
    assert swings_by_generating_function(game) == swings_by_types(game)


def test_halves_agree_with_the_generating_function_on_thirty_players():
    weights = [(7 * i * i + 3) % 101 for i in range(30)] + [0] * 6
    game = VotingGame([WeightedRule("55%", weights), WeightedRule(20, [1] * 36)])
    assert swings_by_halves(game) == swings_by_generating_function(game)


def test_all_but_one_out_of_many_equal_players():
    counts = count_swings(VotingGame.weighted(97, [1] * 193))
    assert counts.winning[97] == comb(193, 97)
    assert counts.swings[0] == tuple(comb(192, 96) if k == 96 else 0 for k in range(193))


def test_too_many_large_weights_are_refused_with_a_way_out():
    weights = [10**9 + 7 * k**3 for k in range(193)]
    with pytest.raises(TooLargeError, match="round the weights"):
        count_swings(VotingGame.weighted("50%", weights))


def test_wrong_counts_fail_the_certificate():
    game = VotingGame.weighted(3, [2, 1, 1])
    right = count_swings(game)
    wrong = ((0, 2, 2), *right.swings[1:])
    with pytest.raises(CertificateError):
        _certify(game, SwingCounts(wrong, right.winning, "none"))


def test_residues_determine_large_numbers():
    import numpy as np

    primes = large_primes(193)
    assert len(primes) == 4
    numbers = [0, 1, 2**193, comb(193, 96)]
    residues = [np.array([[x % p for x in numbers]], dtype=np.uint64) for p in primes]
    assert chinese_remainder(residues, primes) == [numbers]
