import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError
from games.potential import is_symmetric, potential
from games.random_games import (
    coordination_game,
    covariant_game,
    integer_game,
    penalty_game,
    potential_game,
    symmetric_game,
    uniform_game,
    zero_sum_game,
)
from games.refinements import is_strict

SHAPES = st.lists(st.integers(1, 3), min_size=1, max_size=4)
SEEDS = st.integers(0, 10**6)


@pytest.mark.parametrize(
    "make",
    [
        lambda seed: uniform_game((2, 3), seed),
        lambda seed: integer_game((2, 3), seed, high=9),
        lambda seed: covariant_game((2, 3), seed, correlation=-0.4),
        lambda seed: zero_sum_game((2, 3), seed),
        lambda seed: symmetric_game(3, 2, seed),
        lambda seed: potential_game((2, 3), seed),
        lambda seed: coordination_game(3, 2, seed),
        lambda seed: penalty_game((2, 3), seed),
    ],
)
def test_a_seed_fixes_the_game(make):
    np.testing.assert_array_equal(make(3).payoffs, make(3).payoffs)
    np.testing.assert_array_equal(make(3).payoffs, make(np.random.default_rng(3)).payoffs)
    assert not np.array_equal(make(3).payoffs, make(4).payoffs)


@settings(derandomize=True, max_examples=30, deadline=None)
@given(shape=SHAPES, seed=SEEDS)
def test_shapes_and_ranges(shape, seed):
    uniform = uniform_game(shape, seed)
    assert uniform.n_actions == tuple(shape)
    assert uniform.payoffs.min() >= 0
    assert uniform.payoffs.max() < 1
    integers = integer_game(shape, seed, low=-1, high=1).payoffs
    assert set(np.unique(integers)) <= {-1, 0, 1}


@settings(derandomize=True, max_examples=30, deadline=None)
@given(shape=SHAPES, seed=SEEDS)
def test_potential_games_have_one(shape, seed):
    assert potential(potential_game(shape, seed)).residual <= 1e-12


@settings(derandomize=True, max_examples=20, deadline=None)
@given(n=st.integers(1, 4), m=st.integers(1, 3), seed=SEEDS)
def test_symmetric_and_coordination_games(n, m, seed):
    assert is_symmetric(symmetric_game(n, m, seed))
    if n > 1:
        game = coordination_game(n, m, seed)
        assert all(is_strict(game, (a,) * n) for a in range(m))


def test_zero_sum():
    game = zero_sum_game((4, 5), seed=0)
    np.testing.assert_array_equal(game.payoffs.sum(axis=0), np.zeros((4, 5)))


@pytest.mark.parametrize("correlation", [-0.5, -0.2, 0.0, 0.7, 1.0])
def test_covariant_games_have_the_correlation(correlation):
    payoffs = covariant_game((20, 20, 20), seed=7, correlation=correlation).payoffs.reshape(3, -1)
    measured = np.corrcoef(payoffs)
    np.testing.assert_allclose(measured[np.triu_indices(3, 1)], [correlation] * 3, atol=0.04)
    np.testing.assert_allclose(payoffs.std(axis=1), np.ones(3), atol=0.04)


def test_bad_input_names_the_place():
    with pytest.raises(InvalidGameError, match="n_actions"):
        uniform_game((), 0)
    with pytest.raises(InvalidGameError, match="n_actions"):
        uniform_game((2, 0), 0)
    with pytest.raises(InvalidGameError, match="payoffs"):
        uniform_game((2,) * 40, 0)
    with pytest.raises(InvalidGameError, match="correlation"):
        covariant_game((2, 2, 2), 0, correlation=-0.6)
    with pytest.raises(InvalidGameError, match="two"):
        zero_sum_game((2, 2, 2), 0)
    with pytest.raises(InvalidGameError, match="low"):
        integer_game((2, 2), 0, low=2, high=1)
