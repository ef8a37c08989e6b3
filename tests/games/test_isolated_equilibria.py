import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, TooLargeError
from games.isolated_equilibria import isolated_equilibria
from games.nash_equilibria import nash_equilibria
from games.normal_form import NormalFormGame
from games.random_games import coordination_game, covariant_game
from games.some_equilibria import distinct_profiles, some_equilibria


def nine_equilibria():
    """After McKelvey & McLennan (1996): no regular 2 × 2 × 2 game has more than nine."""
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 0, 0, 0] = (9, 8, 12)
    payoffs[:, 1, 1, 0] = (9, 8, 2)
    payoffs[:, 0, 1, 1] = (3, 4, 6)
    payoffs[:, 1, 0, 1] = (3, 4, 4)
    return NormalFormGame(payoffs)


def is_listed(profile, found):
    return any(
        all(np.abs(a - b).max() <= 1e-8 for a, b in zip(profile, e.strategies, strict=True))
        for e in found.equilibria
    )


def test_nine_equilibria_of_a_three_player_game():
    found = isolated_equilibria(nine_equilibria())
    assert found.is_complete
    assert len(found.equilibria) == 9
    mixed = [e for e in found.equilibria if min(s.min() for s in e.strategies) > 0]
    assert len(mixed) == 2
    expected = ([0.5, 0.5], [1 / 3, 2 / 3], [0.25, 0.75])
    assert is_listed([np.array(s) for s in expected], found)


def test_cyclic_matching_pennies_has_one_equilibrium():
    # Jordan (1993): the unique equilibrium is fully mixed.
    a = np.indices((2, 2, 2))
    game = NormalFormGame([(a[0] == a[1]) * 1.0, (a[1] == a[2]) * 1.0, (a[2] != a[0]) * 1.0])
    found = isolated_equilibria(game)
    assert found.is_complete
    [only] = found.equilibria
    np.testing.assert_allclose(only.strategies, np.full((3, 2), 0.5), atol=1e-12)


@settings(derandomize=True, max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), exponent=st.sampled_from([-6, 0, 9]))
def test_two_player_lists_equal_the_exact_ones(seed, exponent):
    rng = np.random.default_rng(seed)
    game = covariant_game(tuple(rng.integers(1, 5, 2)), rng, correlation=0.0)
    found = isolated_equilibria(NormalFormGame(game.payoffs * 10.0**exponent))
    exact = nash_equilibria(game)
    assert found.is_complete
    assert len(found.equilibria) == len(exact.equilibria)
    assert all(is_listed(e.strategies, found) for e in exact.equilibria)


@settings(derandomize=True, max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), shape=st.sampled_from([(2, 2, 2), (2, 3, 2), (2, 2, 2, 2)]))
def test_complete_lists_are_odd_and_hold_whatever_else_is_found(seed, shape):
    # Wilson (1971), Harsanyi (1973): a regular game has an odd number of equilibria.
    game = covariant_game(shape, seed, correlation=0.0)
    found = isolated_equilibria(game)
    if found.is_complete:
        assert len(found.equilibria) % 2 == 1
        others = some_equilibria(game, n_random_starts=4, seed=seed)
        assert all(is_listed(e.strategies, found) for e in others.equilibria)


def test_most_random_games_are_settled():
    games = [covariant_game((2, 2, 3), seed, correlation=0.0) for seed in range(8)]
    assert all(isolated_equilibria(game).is_complete for game in games)


@settings(derandomize=True, max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_invariant_to_rescaling_and_relabelling(seed):
    rng = np.random.default_rng(seed)
    game = covariant_game((2, 2, 2), rng, correlation=0.0)
    factors = rng.uniform(0.01, 100, (3, 1, 1, 1))
    order = rng.permutation(3)
    moved = (factors * game.payoffs - 3)[order].transpose((0, *(order + 1)))
    here, there = isolated_equilibria(game), isolated_equilibria(NormalFormGame(moved))
    assert here.is_complete
    assert there.is_complete
    assert len(here.equilibria) == len(there.equilibria)
    for equilibrium in here.equilibria:
        assert is_listed([equilibrium.strategies[i] for i in order], there)


def test_coordination_game_lists_all_pure_equilibria():
    found = isolated_equilibria(coordination_game(3, 2, seed=5))
    assert found.is_complete
    assert sum(e.is_pure for e in found.equilibria) == 2


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 3, 3), (2, 2)])
def test_degenerate_game_is_never_called_complete(shape):
    found = isolated_equilibria(NormalFormGame(np.zeros((len(shape), *shape))))
    assert not found.is_complete
    assert "continua" in found.note
    assert len(found.equilibria) >= np.prod(shape)


def test_continuum_beside_a_strict_equilibrium():
    # Entry deterrence: (in, accommodate) is strict, (out, any threat >= 1/2) a continuum.
    game = NormalFormGame.from_bimatrix([[1, 1], [2, 0]], [[5, 5], [2, 0]])
    found = isolated_equilibria(game)
    assert not found.is_complete
    assert is_listed(game.pure_profile((1, 0)), found)


def test_search_that_stops_early_says_so():
    game = covariant_game((3, 3, 3), 1, correlation=0.0)
    found = isolated_equilibria(game, max_cells=3)
    assert not found.is_complete
    assert "stopped after 3 cells" in found.note
    assert len(found.equilibria) >= 1


def test_distinct_profiles_are_sorted_and_merged():
    first, second = (np.array([1.0, 0.0]),), (np.array([0.5, 0.5]),)
    merged = distinct_profiles([second, first, (np.array([0.5 + 1e-12, 0.5 - 1e-12]),)])
    assert [p[0][0] for p in merged] == [1.0, 0.5]


def test_bad_input():
    with pytest.raises(InvalidGameError, match="max_cells"):
        isolated_equilibria(nine_equilibria(), max_cells=0)
    with pytest.raises(TooLargeError, match="50000"):
        isolated_equilibria(NormalFormGame(np.zeros((3, 30, 30, 30))))
