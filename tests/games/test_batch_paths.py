"""The quick path for games without ties against the general search, and threads against none."""

from __future__ import annotations

import numpy as np
import pytest

from games.batch import BatchEquilibria, all_equilibria, pure_equilibria
from games.batch_threads import available_processors, solved_stack
from games.errors import InvalidGameError
from games.nash_equilibria import nash_equilibria
from games.normal_form import FloatArray, NormalFormGame

SHAPES = [(2, 2), (2, 3), (3, 3), (3, 4), (4, 4)]
FAMILIES = [
    "normal", "0..3", "0..9", "zero", "times 1e-6", "times 1e9", "plus 1e9",
    "penalty 1e8", "penalty 1e12", "same rows", "same columns", "nearly same rows", "mean row",
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """Load the compiled loops, so that small stacks go through them too."""
    all_equilibria(np.random.default_rng(0).normal(size=(600, 2, 3, 3)))


def stack_of(family: str, shape: tuple[int, int], n_games: int, seed: int) -> FloatArray:
    """Games of a family of which some make solvers lose equilibria."""
    rng = np.random.default_rng([seed, *shape, FAMILIES.index(family)])
    kind, _, number = family.rpartition(" ")
    if ".." in family:
        return rng.integers(0, int(family[3:]) + 1, (n_games, 2, *shape)).astype(float)
    payoffs = rng.normal(size=(n_games, 2, *shape))
    if family == "zero":
        payoffs[:] = 0.0
    elif kind == "times":
        payoffs *= float(number)
    elif kind == "plus":
        payoffs += float(number)
    elif kind == "penalty":
        payoffs[:, 0, 0, 0] = payoffs[:, 1, -1, -1] = -float(number)
    elif family == "same rows":
        payoffs[:, :, -1] = payoffs[:, :, 0]
    elif family == "same columns":
        payoffs[..., -1] = payoffs[..., 0]
    elif family == "nearly same rows":
        payoffs[:, :, -1] = payoffs[:, :, 0] + 1e-11 * rng.normal(size=(n_games, 2, shape[1]))
    elif family == "mean row":
        payoffs[:, :, -1] = (payoffs[:, :, 0] + payoffs[:, :, -2]) / 2
    return payoffs


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("shape", SHAPES)
def test_families_agree_with_exact_fractions(family: str, shape: tuple[int, int]) -> None:
    payoffs = stack_of(family, shape, 1 if family == "zero" else 4, seed=1)
    found = all_equilibria(payoffs)
    for number, game_payoffs in enumerate(payoffs):
        game = NormalFormGame(game_payoffs)
        exact = nash_equilibria(game, exact=True).equilibria
        own = found.game == number
        assert found.counts[number] == own.sum() == len(exact)
        ours = np.hstack([found.row_strategies[own], found.column_strategies[own]])
        expected = np.array([np.concatenate(e.strategies) for e in exact])
        is_same = np.isclose(ours[:, None], expected, rtol=1e-6, atol=1e-12).all(axis=2)
        assert is_same.any(axis=0).all()
        assert is_same.any(axis=1).all()
        assert (found.regrets[own] <= 1e-9 * game.scale).all()


def test_the_quick_path_agrees_with_the_general_search() -> None:
    # A row that is never played, against which two replies tie, changes no equilibrium, but
    # its tie sends the game to the general search.
    rng = np.random.default_rng(2)
    small = rng.normal(size=(3000, 2, 3, 3))
    quick = all_equilibria(small)
    worst = small.min(axis=(2, 3)) - 1.0
    wide = np.empty((3000, 2, 4, 3))
    wide[:, :, :3] = small
    wide[:, 0, 3], wide[:, 1, 3] = worst[:, :1], [0.0, 0.0, 1.0]
    general = all_equilibria(wide)
    np.testing.assert_array_equal(quick.counts, general.counts)
    np.testing.assert_array_equal(quick.is_degenerate, general.is_degenerate)
    np.testing.assert_allclose(quick.row_strategies, general.row_strategies[:, :3], rtol=1e-12)
    np.testing.assert_allclose(quick.column_strategies, general.column_strategies, rtol=1e-12)
    assert (general.row_strategies[:, 3] == 0).all()
    assert not general.is_exact.any()


@pytest.mark.parametrize("kind", ["integers", "normals"])
@pytest.mark.parametrize("shape", [(2, 3), (3, 3), (4, 4)])
def test_a_tie_at_a_mixture_is_not_missed(shape: tuple[int, int], kind: str) -> None:
    # All of column's replies tie at half and half of the first two rows, and nowhere else do
    # two payoffs: that only a mixture ties must be enough to leave the quick path.
    rng = np.random.default_rng(3)
    payoffs = rng.normal(size=(100, 2, *shape))
    if kind == "integers":
        numbers = np.tile(np.arange(1.0, 2 * shape[0] * shape[1] + 1), (100, 1))
        payoffs = rng.permuted(numbers, axis=1).reshape(payoffs.shape)
    payoffs[:, 1, 1] = -payoffs[:, 1, 0]
    for stack in (payoffs, payoffs[:, ::-1].swapaxes(2, 3)):
        found = all_equilibria(stack)
        odd = np.flatnonzero(found.is_degenerate)
        assert odd.size > 5
        assert found.is_exact[odd].all() == (kind == "normals")
        for number in odd[:8]:
            exact = nash_equilibria(NormalFormGame(stack[number]), exact=True).equilibria
            assert found.counts[number] == len(exact)


def test_every_two_of_three_replies_tie_at_a_mixture_of_two_rows() -> None:
    # All of column's three replies are best against half and half, no two payoffs are equal.
    A = [[0.0, 6.0, 5.0], [4.0, 1.0, 3.0]]
    B = [[0.0, 1.0, 2.0], [8.0, 7.0, 6.0]]
    found = all_equilibria([[A, B]])
    exact = nash_equilibria(NormalFormGame([A, B]), exact=True).equilibria
    assert found.counts[0] == len(exact) > 1
    assert found.is_degenerate[0]


def fields_of(found: BatchEquilibria) -> list[np.ndarray]:
    return [
        found.game, found.row_strategies, found.column_strategies, found.regrets,
        found.counts, found.is_degenerate, found.is_exact,
    ]  # fmt: skip


@pytest.mark.parametrize("shape", [(2, 2), (3, 3)])
def test_threads_do_not_change_the_answer(shape: tuple[int, int]) -> None:
    payoffs = np.random.default_rng(4).integers(0, 9, (60_001, 2, *shape)).astype(float)
    payoffs[::5] += 0.1 * np.random.default_rng(5).normal(size=payoffs[::5].shape)
    one, three = (fields_of(all_equilibria(payoffs, n_threads=n)) for n in (1, 3))
    for left, right in zip(one, three, strict=True):
        np.testing.assert_array_equal(left, right)
    assert available_processors() >= 1


@pytest.mark.parametrize("shape", [(2, 2), (4, 4)])
def test_room_for_rows_grows_as_needed(shape: tuple[int, int]) -> None:
    # A game of zeros has every pair of actions as an equilibrium.
    n_pairs = shape[0] * shape[1]
    strategies, regrets, counts, is_degenerate = solved_stack(np.zeros((3000, 2, *shape)), 1)
    assert (counts == n_pairs).all()
    assert is_degenerate.all()
    assert strategies.shape == (3000 * n_pairs, sum(shape))
    assert (strategies.sum(axis=1) == 2).all()
    assert (regrets == 0).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (3, 3)])
def test_payoffs_that_are_not_finite_are_named(shape: tuple[int, int], value: float) -> None:
    for place in np.ndindex(2, *shape):
        payoffs = np.random.default_rng(6).normal(size=(700, 2, *shape))
        payoffs[(613, *place)] = value
        payoffs[(650, *place)] = value
        name = r"payoffs\[" + ", ".join(map(str, (613, *place))) + r"\]"
        with pytest.raises(InvalidGameError, match=name):
            all_equilibria(payoffs)
        with pytest.raises(InvalidGameError, match=name):
            pure_equilibria(payoffs)


def test_sums_of_finite_payoffs_may_overflow() -> None:
    payoffs = np.full((3, 2, 2, 2), np.finfo(float).max)
    assert pure_equilibria(payoffs).all()
    assert (all_equilibria(payoffs).counts == 4).all()


def test_threads_are_counted_from_one() -> None:
    with pytest.raises(InvalidGameError, match="n_threads: is 0"):
        all_equilibria(np.zeros((1, 2, 2, 2)), n_threads=0)


def test_large_equal_payoffs_are_left_to_exact_arithmetic() -> None:
    found = all_equilibria(np.full((2, 2, 3, 3), 1e80))
    assert found.is_exact.all()
    assert (found.counts == 9).all()
