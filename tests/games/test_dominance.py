import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from games.dominance import dominated_actions, iterated_dominance
from games.errors import InvalidGameError
from games.normal_form import NormalFormGame
from games.solvers.dominating_mixture import dominating_mixture


def random_game(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    shape = (n, *rng.integers(1, 5, n))
    return NormalFormGame(rng.integers(0, 5, shape) if seed % 2 else rng.normal(size=shape))


def largest_least_gain(U, row):
    """Independent: the value of the zero-sum game of gains over ``row``, by its dual program."""
    gains = np.delete(U, row, axis=0) - U[row]
    m, n = gains.shape
    dual = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=np.column_stack([gains, -np.ones(m)]),
        b_ub=np.zeros(m),
        A_eq=np.append(np.ones(n), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * n + [(None, None)],
    )
    return dual.fun


def test_order_of_elimination_in_a_textbook_game():
    # Gibbons, Game Theory for Applied Economists (1992), figure 1.1.1: right, down, left.
    game = NormalFormGame.from_bimatrix([[1, 1, 0], [0, 0, 2]], [[0, 2, 1], [3, 1, 0]])
    result = iterated_dominance(game)
    assert [(e.round, e.player, e.action) for e in result.eliminations] == [
        (1, 1, 2),
        (2, 0, 1),
        (3, 1, 0),
    ]
    assert result.survivors == ((0,), (1,))
    assert result.is_solved
    assert result.game.payoffs.ravel().tolist() == [1, 2]


def test_dominated_by_a_mixture_only():
    # Osborne & Rubinstein, A Course in Game Theory (1994), figure 61.1 in kind.
    game = NormalFormGame.from_bimatrix([[3, 0], [0, 3], [1, 1]], np.zeros((3, 2)))
    assert dominated_actions(game, 0, mixed=False) == ()
    [found] = dominated_actions(game, 0)
    assert found.action == 2
    assert found.least_gain == pytest.approx(0.5)


def test_weak_dominance_by_a_mixture_that_ties():
    # (1/2, 1/2) of the first two rows gives (2, 2, 1): never worse than (2, 2, 0).
    U = [[4, 0, 1], [0, 4, 1], [2, 2, 0]]
    game = NormalFormGame.from_bimatrix(U, np.zeros((3, 3)))
    assert dominated_actions(game, 0) == ()
    [found] = dominated_actions(game, 0, strict=False)
    assert found.action == 2
    np.testing.assert_array_equal(found.dominator, [0.5, 0.5, 0])
    assert (found.least_gain, found.largest_gain) == (0, 1)


def test_average_of_two_actions_and_duplicates_are_not_dominated():
    U = [[4, 0], [0, 4], [2, 2], [2, 2]]
    game = NormalFormGame.from_bimatrix(U, np.zeros((4, 2)))
    assert dominated_actions(game, 0, strict=False) == ()


def test_second_price_auction_leaves_truth_to_weak_dominance():
    # Vickrey (1961): bids 0..4, value 2, ties broken by a fair coin. Bidding 2 is weakly dominant.
    bids = np.arange(5)
    mine, other = np.meshgrid(bids, bids, indexing="ij")
    win = (mine > other) + 0.5 * (mine == other)
    U = win * (2.0 - other)
    game = NormalFormGame.from_bimatrix(U, U.T)
    gone = {e.action for e in dominated_actions(game, 0, strict=False)}
    assert gone == {0, 1, 3, 4}
    result = iterated_dominance(game, strict=False)
    assert result.survivors == ((2,), (2,))
    assert {e.round for e in result.eliminations} == {1}


def test_guessing_game_takes_many_rounds():
    # Two thirds of the average, two players, numbers 0..10 (Moulin, 1986; Nagel, 1995).
    n = 11
    a, b = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    U = -np.abs(3 * a - (a + b))
    result = iterated_dominance(NormalFormGame.from_bimatrix(U, U.T))
    rounds = [e.round for e in result.eliminations]
    assert rounds == sorted(rounds)
    assert result.survivors[0][0] == 0
    assert len(result.survivors[0]) < n


@pytest.mark.parametrize("penalty", [1e6, 1e9, 1e12])
def test_enormous_penalty_neither_hides_nor_invents_dominance(penalty):
    # The last row gains 1 where it matters; relative to the penalty that is nothing.
    U = np.array([[0, 5, -penalty], [1, 6, -penalty + 1], [2, 0, 0]])
    game = NormalFormGame.from_bimatrix(U, np.zeros((3, 3)))
    assert [e.action for e in dominated_actions(game, 0)] == [0]
    # Second row better by the penalty in one column, worse by 1 in another: no dominance by it.
    V = np.array([[0, -penalty, 0], [-1, 0, 0], [0, -2 * penalty, 5]])
    assert dominated_actions(NormalFormGame.from_bimatrix(V, np.zeros((3, 3))), 0) == ()
    # Only a mixture with a weight of at least 1/(penalty + 1) on the second row dominates.
    W = np.array([[1, -1], [-1, penalty], [0, 0]])
    [found] = dominated_actions(NormalFormGame.from_bimatrix(W, np.zeros((3, 2))), 0)
    assert found.action == 2


def test_three_players():
    payoffs = np.zeros((3, 2, 2, 2))
    for i in range(3):
        payoffs[i] = np.moveaxis(np.array([[[0, 1], [1, 2]], [[1, 2], [2, 4]]]), 0, i)
    result = iterated_dominance(NormalFormGame(payoffs))
    assert result.survivors == ((1,), (1,), (1,))
    assert [e.player for e in result.eliminations] == [0, 1, 2]


@settings(derandomize=True, max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_strict_dominance_is_the_sign_of_a_zero_sum_value(seed):
    game = random_game(seed)
    for player, m in enumerate(game.n_actions):
        U = np.moveaxis(game.payoffs[player], player, 0).reshape(m, -1)
        gone = {e.action for e in dominated_actions(game, player)}
        for row in range(m if m > 1 else 0):
            value = largest_least_gain(U, row)
            if abs(value) > 1e-9:
                assert (row in gone) == (value > 0)
        weakly = {e.action for e in dominated_actions(game, player, strict=False)}
        assert gone <= weakly
        assert len(weakly) < m


@settings(derandomize=True, max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_undominated_actions_are_best_replies_to_a_full_belief(seed):
    # Weakly undominated = best reply to some belief with full support (Pearce, 1984, lemma 4).
    game = random_game(seed)
    for player, m in enumerate(game.n_actions):
        U = np.moveaxis(game.payoffs[player], player, 0).reshape(m, -1)
        gone = {e.action for e in dominated_actions(game, player, strict=False)}
        for row in range(m):
            n = U.shape[1]
            feasible = linprog(
                np.zeros(n), A_ub=U - U[row], b_ub=np.zeros(m), bounds=[(1, None)] * n
            )
            assert (feasible.status == 0) == (row not in gone)


@settings(derandomize=True, max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), strict=st.booleans(), factor=st.sampled_from([0.3, 1e-6, 7e8]))
def test_invariant_to_rescaling_and_to_relabelling(seed, strict, factor):
    game = random_game(seed)
    here = iterated_dominance(game, strict=strict)
    rescaled = iterated_dominance(NormalFormGame(factor * game.payoffs), strict=strict)
    assert rescaled.survivors == here.survivors
    flipped = iterated_dominance(NormalFormGame(np.flip(game.payoffs, axis=1)), strict=strict)
    m = game.n_actions[0]
    assert flipped.survivors[0] == tuple(sorted(m - 1 - a for a in here.survivors[0]))
    assert flipped.survivors[1:] == here.survivors[1:]


@settings(derandomize=True, max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_pure_equilibria_survive_strict_dominance(seed):
    game = random_game(seed)
    survivors = iterated_dominance(game).survivors
    for profile in np.ndindex(*game.n_actions):
        if game.regrets(game.pure_profile(profile)).max() == 0:
            assert all(a in s for a, s in zip(profile, survivors, strict=True))


def test_mixtures_of_non_dyadic_payoffs_tie_within_rounding():
    U = np.array([[0.1, 0.7, 0.0], [0.3, 0.1, 0.0], [0.2, 0.4, -0.1]])
    mixture = dominating_mixture(U, [2], strict=False)
    np.testing.assert_allclose(mixture, [0.5, 0.5, 0])


def test_all_zero_game_and_single_actions_lose_nothing():
    result = iterated_dominance(NormalFormGame(np.zeros((2, 3, 1))), strict=False)
    assert result.survivors == ((0, 1, 2), (0,))
    assert not result.is_solved


def test_labels_are_kept():
    game = NormalFormGame.from_bimatrix(
        [[3, 0], [5, 1]], [[3, 5], [0, 1]], ["row", "column"], [["c", "d"], ["c", "d"]]
    )
    assert iterated_dominance(game).game.actions == (("d",), ("d",))


def test_bad_player_is_named():
    with pytest.raises(InvalidGameError, match="player"):
        dominated_actions(NormalFormGame(np.zeros((2, 2, 2))), 2)
