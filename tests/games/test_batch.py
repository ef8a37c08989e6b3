"""Stacks of games against the one-by-one solvers, which share no arithmetic with them."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.batch import BatchEquilibria, all_equilibria, pure_equilibria
from games.errors import GameError, InvalidGameError, TooLargeError
from games.nash_equilibria import nash_equilibria
from games.normal_form import FloatArray, NormalFormGame

SHAPES = [(1, 1), (1, 3), (2, 2), (2, 3), (4, 2), (3, 3), (3, 4), (4, 4)]


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """Load the compiled loops, so that small stacks go through them too."""
    all_equilibria(np.random.default_rng(0).normal(size=(600, 2, 3, 3)))


def check_stack(payoffs: FloatArray) -> BatchEquilibria:
    """Same equilibria as the exact solver finds game by game."""
    found = all_equilibria(payoffs)
    assert found.counts.sum() == found.game.size
    for number, game_payoffs in enumerate(payoffs):
        game = NormalFormGame(game_payoffs)
        exact = nash_equilibria(game, exact=True)
        own = found.game == number
        assert found.counts[number] == own.sum() == len(exact.equilibria)
        ours = np.hstack([found.row_strategies[own], found.column_strategies[own]])
        expected = np.array([np.concatenate(e.strategies) for e in exact.equilibria])
        # Rounding may swap two that differ in their last digits only: each has its partner.
        is_same = np.isclose(ours[:, None], expected, rtol=1e-7, atol=1e-12).all(axis=2)
        assert is_same.any(axis=0).all()
        assert is_same.any(axis=1).all()
        assert (found.regrets[own] <= 1e-9 * game.scale).all()
        assert bool(found.is_degenerate[number]) >= bool(exact.note)
    return found


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "family", ["normal", "0..1", "0..3", "0..999", "offset", "tenths", "penalty", "zero"]
)
def test_stack_agrees_with_exact_integers(shape: tuple[int, int], family: str) -> None:
    rng = np.random.default_rng([*shape, len(family)])
    size = (12, 2, *shape)
    if family == "normal":
        payoffs = rng.normal(size=size)
    elif family == "offset":
        payoffs = rng.normal(size=size) + 1e9
    elif family == "tenths":
        payoffs = rng.integers(0, 5, size) * 0.1
    elif family == "penalty":
        payoffs = rng.integers(0, 4, size).astype(float)
        payoffs[:, 0, 0, 0] = -1e12
        payoffs[:, 1, -1, -1] = -1e8
    elif family == "zero":
        payoffs = np.zeros((2, 2, *shape))
    else:
        payoffs = rng.integers(0, int(family[3:]) + 1, size).astype(float)
    check_stack(payoffs)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.data())
def test_any_small_numbers(data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from(SHAPES))
    numbers = st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.1, 0.3, 1 / 3, 1e-6, 1e12, -1e8, 1e300])
    values = data.draw(st.lists(numbers, min_size=2 * shape[0] * shape[1], max_size=32))
    check_stack(np.array(values[: 2 * shape[0] * shape[1]]).reshape(1, 2, *shape))


def test_games_that_floats_cannot_decide_are_solved_exactly() -> None:
    # Rows 1 and 2 are mixed just as well as row 3, up to the rounding of thirds.
    row = np.array([[0.1, 0.7, 0.3], [0.7, 0.1, 0.3], [0.4, 0.4, 0.3]])
    payoffs = np.array([[row, row.T[::-1]], [np.eye(3), -np.eye(3)]])
    found = check_stack(payoffs)
    assert found.is_exact.tolist() == [True, False]


def test_degenerate_integers_need_no_integers_of_python() -> None:
    payoffs = np.random.default_rng(5).integers(0, 4, (500, 2, 3, 3)).astype(float)
    found = all_equilibria(payoffs)
    assert not found.is_exact.any()
    assert found.is_degenerate.mean() > 0.5


def test_matching_pennies_and_the_battle_of_the_sexes_side_by_side() -> None:
    # Osborne and Rubinstein 1994, examples 15.3 and 17.1.
    found = all_equilibria(
        [[[[2, 0], [0, 1]], [[1, 0], [0, 2]]], [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]]
    )
    assert found.counts.tolist() == [3, 1]
    np.testing.assert_allclose(found.row_strategies[:, 0], [1, 2 / 3, 0, 1 / 2])
    np.testing.assert_allclose(found.column_strategies[:, 0], [1, 1 / 3, 0, 1 / 2])
    assert not found.is_degenerate.any()
    padded = found.padded()
    assert padded.shape == (2, 3, 2, 2)
    np.testing.assert_allclose(padded[0, 1], [[2 / 3, 1 / 3], [1 / 3, 2 / 3]])
    assert np.isnan(padded[1, 1:]).all()


def test_expected_payoffs_of_each_equilibrium() -> None:
    payoffs = np.array([[[[2, 0], [0, 1]], [[1, 0], [0, 2]]]])
    values = all_equilibria(payoffs).expected_payoffs(payoffs)
    np.testing.assert_allclose(values, [[2, 1], [2 / 3, 2 / 3], [1, 2]])


def test_tiny_probabilities_keep_their_digits() -> None:
    # Row must be deterred by a penalty of 1e12 with a probability of 1 to 1e12.
    payoffs = np.array([[[[-1e12, 1], [0, 0]], [[0, -1], [-1e-6, 0]]]])
    found = check_stack(payoffs)
    assert found.column_strategies[0, 0] == pytest.approx(1 / (1e12 + 1), rel=1e-12)
    assert found.row_strategies[0, 1] == pytest.approx(1 / (1 + 1e-6), rel=1e-12)


def test_chunks_do_not_change_the_answer() -> None:
    payoffs = np.random.default_rng(7).integers(0, 3, (9000, 2, 4, 3)).astype(float)
    whole = all_equilibria(payoffs)
    part = all_equilibria(payoffs[5000:5100])
    own = (whole.game >= 5000) & (whole.game < 5100)
    np.testing.assert_array_equal(whole.row_strategies[own], part.row_strategies)
    np.testing.assert_array_equal(whole.counts[5000:5100], part.counts)


def test_the_law_of_odd_numbers() -> None:
    # Wilson 1971: a game that is not degenerate has an odd number of equilibria.
    for k in (2, 3, 4):
        found = all_equilibria(np.random.default_rng(k).normal(size=(2000, 2, k, k)))
        assert not found.is_degenerate.any()
        assert (found.counts % 2 == 1).all()
        # Quint and Shubik 1997: at most 2^k - 1 up to 4 by 4.
        assert found.counts.max() <= 2**k - 1


@pytest.mark.parametrize("shape", [(2, 2), (3, 4)])
def test_rescaling_and_relabelling_change_nothing(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(11)
    payoffs = rng.integers(0, 4, (300, 2, *shape)).astype(float)
    found = all_equilibria(payoffs)
    scaled = payoffs * np.array([4.0, 0.5])[:, None, None] + np.array([-8.0, 100.0])[:, None, None]
    rescaled = all_equilibria(scaled)
    np.testing.assert_array_equal(found.counts, rescaled.counts)
    np.testing.assert_allclose(found.row_strategies, rescaled.row_strategies, atol=1e-12)
    swapped = all_equilibria(payoffs[:, ::-1].swapaxes(2, 3))
    np.testing.assert_array_equal(found.counts, swapped.counts)
    np.testing.assert_array_equal(found.is_degenerate, swapped.is_degenerate)
    backwards = all_equilibria(payoffs[:, :, ::-1])
    np.testing.assert_array_equal(found.counts, backwards.counts)


def test_an_empty_stack() -> None:
    found = all_equilibria(np.empty((0, 2, 3, 2)))
    assert found.counts.size == found.game.size == 0
    assert found.padded().shape == (0, 0, 2, 3)
    assert pure_equilibria(np.empty((0, 2, 3, 2))).shape == (0, 3, 2)


def test_a_few_games_do_not_load_the_compiler() -> None:
    program = (
        "import sys, numpy as np; from games.batch import all_equilibria;"
        "found = all_equilibria(np.arange(16.0).reshape(2, 2, 2, 2) % 5);"
        "assert found.counts.tolist() == [1, 1], found; assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.parametrize("shape", [(2,), (3, 2), (2, 2, 2), (2, 3, 1, 2)])
def test_pure_equilibria_by_definition(shape: tuple[int, ...]) -> None:
    n_players = len(shape)
    payoffs = np.random.default_rng(3).integers(0, 3, (40, n_players, *shape)).astype(float)
    masks = pure_equilibria(payoffs)
    for game, mask in zip(payoffs, masks, strict=True):
        for profile in np.ndindex(*shape):
            is_equilibrium = all(
                game[(i, *profile)] >= game[(i, *profile[:i], a, *profile[i + 1 :])]
                for i in range(n_players)
                for a in range(shape[i])
            )
            assert mask[profile] == is_equilibrium


@pytest.mark.parametrize(
    ("payoffs", "place"),
    [
        ([[1, 2], [3, 4]], "shape"),
        (np.zeros((5, 2, 2)), "shape"),
        (np.zeros((5, 2, 2, 0)), "shape"),
        ([[[["a", 1], [1, 1]], [[1, 1], [1, 1]]]], "not an array of numbers"),
        (np.full((3, 2, 2, 2), np.nan), r"payoffs\[0, 0, 0, 0\]"),
    ],
)
def test_bad_stacks_are_named(payoffs: object, place: str) -> None:
    for function in (pure_equilibria, all_equilibria):
        with pytest.raises(InvalidGameError, match=place):
            function(payoffs)  # type: ignore[operator]


def test_other_sizes_are_refused() -> None:
    with pytest.raises(InvalidGameError, match="3 players"):
        all_equilibria(np.zeros((1, 3, 2, 2, 2)))
    with pytest.raises(TooLargeError, match="5 by 2"):
        all_equilibria(np.zeros((1, 2, 5, 2)))
    assert issubclass(TooLargeError, GameError)


def test_differences_beyond_the_range_of_floats() -> None:
    top = np.finfo(float).max
    for game in (
        [[[top, 1], [-top, 0]], [[top, -top], [1, 0]]],
        [[[top, 1, 0], [-top, 0, 2]], [[top, -top, 0], [1, top, 0]]],
    ):
        found = all_equilibria([game])
        expected = nash_equilibria(NormalFormGame(game)).equilibria
        assert found.is_exact.all()
        assert found.counts.tolist() == [len(expected)]
        for number, equilibrium in enumerate(expected):
            np.testing.assert_array_equal(found.row_strategies[number], equilibrium.strategies[0])
            assert equilibrium.regret <= 1e-12 * top
