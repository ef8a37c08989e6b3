import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.equilibrium import EquilibriumList, certified
from games.errors import InvalidGameError
from games.normal_form import NormalFormGame
from games.quantal_response import logit_equilibrium
from games.refinements import (
    deviation_losses,
    is_strict,
    labelled,
    p_dominance,
    payoff_dominates,
    risk_dominance,
)

# Payoffs R, T, P, S = 4, 3, 2, 0 (models.md 17).
STAG_HUNT = NormalFormGame.from_bimatrix([[4, 0], [3, 2]], [[4, 3], [0, 2]])


def coordination_game(seed):
    """Random 2×2 game in which both diagonal profiles are strict."""
    rng = np.random.default_rng(seed)
    base = rng.uniform(-5, 5, (2, 2, 2))
    for i in range(2):
        base[i, 0, 0] = base[i][(1, 0) if i == 0 else (0, 1)] + rng.uniform(0.1, 4)
        base[i, 1, 1] = base[i][(0, 1) if i == 0 else (1, 0)] + rng.uniform(0.1, 4)
    return NormalFormGame(base)


def listed(game, profiles, is_complete=True):
    return EquilibriumList(certified(game, profiles), is_complete, "by hand")


def test_stag_hunt_tips_at_two_thirds():
    # models.md G20: (P - S) / (R - T + P - S) = 2/3 for stag, 1/3 for hare.
    np.testing.assert_allclose(p_dominance(STAG_HUNT, (0, 0)), [2 / 3, 2 / 3])
    np.testing.assert_allclose(p_dominance(STAG_HUNT, (1, 1)), [1 / 3, 1 / 3])


def test_stag_hunt_labels():
    mixed = (np.array([2, 1]) / 3, np.array([2, 1]) / 3)
    profiles = [STAG_HUNT.pure_profile((0, 0)), mixed, STAG_HUNT.pure_profile((1, 1))]
    found = labelled(STAG_HUNT, listed(STAG_HUNT, profiles))
    assert [e.labels for e in found.equilibria] == [
        ("strict", "payoff dominant"),
        (),
        ("strict", "risk dominant"),
    ]
    again = labelled(STAG_HUNT, found)
    assert [e.labels for e in again.equilibria] == [e.labels for e in found.equilibria]


def test_labels_of_an_incomplete_list_say_so():
    profiles = [STAG_HUNT.pure_profile((0, 0)), STAG_HUNT.pure_profile((1, 1))]
    found = labelled(STAG_HUNT, listed(STAG_HUNT, profiles, is_complete=False))
    assert "payoff dominant among those listed" in found.equilibria[0].labels
    assert "risk dominant among those listed" in found.equilibria[1].labels


def test_battle_of_the_sexes_has_no_dominant_equilibrium():
    game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    assert risk_dominance(game, (0, 0), (1, 1)).dominant is None
    profiles = [game.pure_profile((0, 0)), game.pure_profile((1, 1))]
    for equilibrium in labelled(game, listed(game, profiles)).equilibria:
        assert equilibrium.labels == ("strict",)


def test_dominant_action_needs_no_trust():
    dilemma = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    assert p_dominance(dilemma, (1, 1)).tolist() == [0, 0]
    assert is_strict(dilemma, (1, 1))


def test_weak_equilibrium_is_not_strict_and_needs_certainty():
    game = NormalFormGame.from_bimatrix([[1, 0], [1, 1]], [[1, 1], [1, 1]])
    assert not is_strict(game, (0, 0))
    assert p_dominance(game, (0, 0))[0] == 1


def test_three_player_minimum_effort():
    # Van Huyck, Battalio & Beil (1990) in kind: payoff 2 min(effort) - own effort.
    a = np.indices((2, 2, 2))
    game = NormalFormGame([2 * a.min(axis=0) - own for own in a])
    assert is_strict(game, (0, 0, 0))
    assert is_strict(game, (1, 1, 1))
    np.testing.assert_allclose(p_dominance(game, (1, 1, 1)), [0.5] * 3)
    with pytest.raises(InvalidGameError, match="two"):
        risk_dominance(game, (0, 0, 0), (1, 1, 1))


@settings(derandomize=True, max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_risk_dominance_is_a_sum_of_thresholds_below_one(seed):
    game = coordination_game(seed)
    compared = risk_dominance(game, (0, 0), (1, 1))
    total = p_dominance(game, (0, 0)).sum()
    assert compared.dominant == ((0, 0) if total < 1 else (1, 1))
    larger = compared.first_product > compared.second_product
    assert compared.dominant == ((0, 0) if larger else (1, 1))


@settings(derandomize=True, max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), scale=st.sampled_from([1e-6, 0.1, 1e9, 1e170]))
def test_invariant_to_rescaling_and_relabelling(seed, scale):
    game = coordination_game(seed)
    factors = np.array([scale, 3.0]).reshape(2, 1, 1)
    with np.errstate(over="ignore"):
        rescaled = risk_dominance(NormalFormGame(game.payoffs * factors), (0, 0), (1, 1))
    assert rescaled.dominant == risk_dominance(game, (0, 0), (1, 1)).dominant
    swapped = NormalFormGame.from_bimatrix(game.payoffs[1].T, game.payoffs[0].T)
    there = risk_dominance(swapped, (1, 1), (0, 0))
    assert there.dominant == risk_dominance(game, (0, 0), (1, 1)).dominant


@settings(derandomize=True, max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_symmetric_logit_branch_selects_the_risk_dominant_equilibrium(seed):
    # Turocy (2005): in symmetric 2×2 coordination games the principal branch does.
    rng = np.random.default_rng(seed)
    a, d = rng.uniform(0.2, 4, 2)
    if abs(a - d) < 0.1:
        return
    game = NormalFormGame.from_bimatrix([[a, 0], [0, d]], [[a, 0], [0, d]])
    expected = risk_dominance(game, (0, 0), (1, 1)).dominant
    strategies = logit_equilibrium(game, 60.0).strategies
    assert tuple(int(s.argmax()) for s in strategies) == expected


def test_payoff_dominance_is_for_every_player_and_beyond_rounding():
    game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[2, 0], [0, 1]])
    high, low = certified(game, [game.pure_profile((0, 0)), game.pure_profile((1, 1))])
    assert payoff_dominates(high, low)
    assert not payoff_dominates(low, high)
    assert not payoff_dominates(high, high)


def test_deviation_losses():
    assert deviation_losses(STAG_HUNT, (0, 1)).tolist() == [-2, -1]
    assert deviation_losses(NormalFormGame(np.zeros((2, 1, 2))), (0, 0)).tolist() == [np.inf, 0]


def test_bad_input_names_the_place():
    with pytest.raises(InvalidGameError, match="profile"):
        deviation_losses(STAG_HUNT, (0, 2))
    with pytest.raises(InvalidGameError, match="profile"):
        deviation_losses(STAG_HUNT, (0,))
    with pytest.raises(InvalidGameError, match="no equilibrium"):
        p_dominance(STAG_HUNT, (0, 1))
    with pytest.raises(InvalidGameError, match="differ"):
        risk_dominance(STAG_HUNT, (0, 0), (0, 1))
    dilemma = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    with pytest.raises(InvalidGameError, match="strict"):
        risk_dominance(dilemma, (1, 1), (0, 0))
