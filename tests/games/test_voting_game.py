"""Weighted rules and games: what they accept, and the errors of what they do not."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from games.errors import InvalidGameError
from games.voting.exact_number import exact_number
from games.voting.weighted_game import VotingGame, WeightedRule


@pytest.mark.parametrize(
    ("quota", "weights", "place"),
    [
        (-1, [1, 2], "quota"),
        (0, [1, 2], "quota"),
        (3.5, [1, 2], "quota"),
        ("101%", [1, 2], "quota"),
        (float("nan"), [1, 2], "quota"),
        ("many", [1, 2], "quota"),
        (None, [1, 2], "quota"),
        (1, [1, -2], "weights[1]"),
        (1, [1, float("nan")], "weights[1]"),
        (1, [float("inf"), 1], "weights[0]"),
        (1, [1, "x"], "weights[1]"),
        (1, [1, True], "weights[1]"),
        (1, [], "weights"),
        (1, 7, "weights"),
        (1, [0, 0], "quota"),
        ("1e999999999", [1], "quota"),
    ],
)
def test_wrong_rules_name_their_place(quota, weights, place):
    with pytest.raises(InvalidGameError) as caught:
        WeightedRule(quota, weights)
    assert caught.value.place == place


def test_rules_of_different_lengths_and_repeated_names_are_refused():
    with pytest.raises(InvalidGameError, match=r"rules\[1\].weights"):
        VotingGame([WeightedRule(1, [1, 1]), WeightedRule(1, [1, 1, 1])])
    with pytest.raises(InvalidGameError, match="players"):
        VotingGame.weighted(1, [1, 1], ["A", "A"])
    with pytest.raises(InvalidGameError, match="empty label"):
        VotingGame.weighted(1, [1, 1], ["A", " "])
    with pytest.raises(InvalidGameError, match="rules"):
        VotingGame([])


def test_decimals_mean_what_they_print_as():
    # 0.1 + 0.2 exceeds 0.3 in binary; as decimals the three tenths just meet the quota.
    game = VotingGame.weighted(0.3, [0.1, 0.2, 0.7])
    assert game.rules[0] == WeightedRule(3, [1, 2, 7])
    assert game.wins([0, 1])
    assert exact_number(np.float64(0.1), "x") == exact_number(Decimal("0.1"), "x")
    assert exact_number(np.int64(3), "x") == 3
    assert exact_number("1/3", "x") == Fraction(1, 3)


def test_a_percentage_is_a_share_of_the_total():
    assert WeightedRule("55%", [3, 4, 13]).quota == 11
    assert WeightedRule("50%", [1, 1, 1]).quota == 2


def test_veto_dictator_and_blocking_agree_with_the_definition():
    game = VotingGame([WeightedRule(7, [4, 3, 2, 1]), WeightedRule(2, [1, 1, 1, 0])])
    players = range(game.n_players)
    for i in players:
        always = all(
            i in members
            for k in range(5)
            for members in combinations(players, k)
            if game.wins(members)
        )
        assert (i in game.veto_players) == always
    assert game.veto_players == (0,)
    assert game.dictator is None
    assert game.blocks([0])
    assert game.blocks([1, 2])
    assert not game.blocks([1])
    assert VotingGame.weighted(5, [5, 2, 2]).dictator == 0
    assert game.types == ((0,), (1,), (2,), (3,))
