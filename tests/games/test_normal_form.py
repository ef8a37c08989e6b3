"""The normal form: shapes, labels, expectations, regret; and the record of equilibria."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.equilibrium import certified
from games.errors import CertificateError, InvalidGameError
from games.normal_form import NormalFormGame


@pytest.mark.parametrize(
    ("payoffs", "place"),
    [
        ([1, 2], "payoffs: has shape"),
        (np.zeros((3, 2, 2)), "payoffs: has shape"),
        (np.zeros((2, 2, 0)), "player 2: has no action"),
        ([[[1, np.nan]], [[0, 0]]], r"payoffs\[0, 0, 1\]"),
        ([[["x"]], [[0]]], "not an array of numbers"),
    ],
)
def test_bad_payoffs_name_the_place(payoffs, place) -> None:
    with pytest.raises(InvalidGameError, match=place):
        NormalFormGame(payoffs)


def test_bad_labels() -> None:
    zero = np.zeros((2, 2, 2))
    with pytest.raises(InvalidGameError, match="players: need 2 distinct"):
        NormalFormGame(zero, players=["A", "A"])
    with pytest.raises(InvalidGameError, match="actions of A: need 2 distinct"):
        NormalFormGame(zero, players=["A", "B"], actions=[["x"], ["x", "y"]])
    with pytest.raises(InvalidGameError, match="two matrices"):
        NormalFormGame.from_bimatrix([[1, 2]], [[1], [2]])


def test_payoffs_are_a_frozen_copy() -> None:
    mine = np.zeros((2, 2, 2))
    game = NormalFormGame(mine)
    mine[0, 0, 0] = 9
    assert game.payoffs[0, 0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        game.payoffs[0, 0, 0] = 1


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_expectations_are_sums_over_profiles(seed, n_players) -> None:
    rng = np.random.default_rng(seed)
    shape = tuple(int(m) for m in rng.integers(1, 4, n_players))
    game = NormalFormGame(rng.normal(size=(n_players, *shape)))
    profile = tuple(rng.dirichlet(np.ones(m)) for m in shape)
    expected = np.zeros(n_players)
    for cell in np.ndindex(*shape):
        chance = np.prod([profile[i][a] for i, a in enumerate(cell)])
        expected += chance * game.payoffs[(slice(None), *cell)]
    np.testing.assert_allclose(game.expected_payoffs(profile), expected, atol=1e-12)
    gains = [game.action_payoffs(i, profile).max() - expected[i] for i in range(n_players)]
    np.testing.assert_allclose(game.regrets(profile), gains, atol=1e-12)


def test_an_offset_costs_no_digits() -> None:
    A = np.array([[1e9 + 3, 1e9], [1e9 + 5, 1e9 + 1]])
    game = NormalFormGame.from_bimatrix(A, A.T)
    third = np.array([1 / 3, 2 / 3])
    assert game.regrets((third, third))[0] == pytest.approx((2 / 3 + 2 / 3) / 3, rel=1e-14)


def test_a_near_equilibrium_is_refused() -> None:
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    half, near = np.array([0.5, 0.5]), np.array([0.5 + 1e-6, 0.5 - 1e-6])
    assert certified(pennies, [(half, half)])[0].regret == 0
    with pytest.raises(CertificateError, match="no equilibrium"):
        certified(pennies, [(near, half)])
    with pytest.raises(CertificateError, match="not a probability"):
        certified(pennies, [(np.array([1.5, -0.5]), half)])


def test_a_penalty_on_another_action_excuses_nothing() -> None:
    game = NormalFormGame.from_bimatrix([[3], [5], [-1e12]], [[0], [0], [0]])
    assert game.regrets(game.pure_profile((0, 0))).tolist() == [2, 0]
    with pytest.raises(CertificateError, match="regret 2 is no equilibrium"):
        certified(game, [game.pure_profile((0, 0))])
    [found] = certified(game, [game.pure_profile((1, 0))])
    assert found.regret == 0
