import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import trembling_hand
from games.errors import InvalidGameError, TooLargeError
from games.normal_form import NormalFormGame
from games.refinements import is_strict
from games.trembling_hand import is_perfect, is_proper

MYERSON = NormalFormGame.from_bimatrix(
    [[1, 0, -9], [0, 0, -7], [-9, -7, -7]], [[1, 0, -9], [0, 0, -7], [-9, -7, -7]]
)


def random_game(seed, low=0, high=3):
    rng = np.random.default_rng(seed)
    return NormalFormGame(rng.integers(low, high, (2, *rng.integers(1, 4, 2))))


def pure_equilibria(game):
    cells = np.ndindex(*game.n_actions)
    return [c for c in cells if game.regrets(game.pure_profile(c)).max() == 0]


def nearby_trembles_support(game, profile, belief, player):
    """Whether the player's strategy is best against the equilibrium shifted to the belief."""
    U = game.payoffs[0] if player == 0 else game.payoffs[1].T
    for epsilon in (1e-1, 1e-3, 1e-6):
        values = U @ ((1 - epsilon) * profile[1 - player] + epsilon * belief)
        if values.max() - values @ profile[player] > 1e-12:
            return False
    return True


def test_myerson_1978_two_perfect_one_proper():
    # Myerson (1978): (1,1) proper; (2,2) perfect, not proper; (3,3) not perfect.
    profiles = [MYERSON.pure_profile((k, k)) for k in range(3)]
    assert [is_perfect(MYERSON, p).is_perfect for p in profiles] == [True, True, False]
    assert [is_proper(MYERSON, p).is_proper for p in profiles] == [True, False, False]


def test_perfectness_is_not_kept_when_a_dominated_action_is_added():
    # Myerson (1978): without the third actions (2,2) is not perfect, with them it is.
    small = NormalFormGame(MYERSON.payoffs[:, :2, :2])
    assert not is_perfect(small, small.pure_profile((1, 1))).is_perfect
    assert is_perfect(MYERSON, MYERSON.pure_profile((1, 1))).is_perfect


def test_proofs_can_be_checked():
    profile = MYERSON.pure_profile((1, 1))
    result = is_perfect(MYERSON, profile)
    for player, belief in enumerate(result.beliefs):
        assert belief.min() > 0
        assert nearby_trembles_support(MYERSON, profile, belief, player)
    result = is_perfect(MYERSON, MYERSON.pure_profile((2, 2)))
    gain = result.dominators[0] @ (MYERSON.payoffs[0] - MYERSON.payoffs[0][2])
    assert gain.min() >= 0
    assert gain.max() > 0


def test_rankings_prove_properness():
    result = is_proper(MYERSON, MYERSON.pure_profile((0, 0)))
    assert result.rankings[0] == ((0,), (1,), (2,))


def test_entry_deterrence_needs_an_incredible_threat():
    # Selten's chain store, one market: (out, fight) is Nash, imperfect; (in, accommodate) proper.
    game = NormalFormGame.from_bimatrix([[1, 1], [2, 0]], [[5, 5], [2, 0]])
    assert not is_perfect(game, game.pure_profile((0, 1))).is_perfect
    assert is_proper(game, game.pure_profile((1, 0))).is_proper
    half = (np.array([1.0, 0.0]), np.array([0.25, 0.75]))  # out against a mixed threat
    assert not is_perfect(game, half).is_perfect


def test_mixed_strategy_dominated_as_a_whole():
    # Each of the first two actions is undominated, their mixture is not (van Damme 1987, ch. 3).
    U = np.array([[2, 0, 0, 0], [0, 0, 2, 0], [1, 0, 1, 0.0], [1, 1, 1, 1]])[:, :4]
    game = NormalFormGame.from_bimatrix(U, np.zeros((4, 4)))
    mixed = (np.array([0.5, 0.5, 0, 0]), np.array([0.5, 0, 0.5, 0]))
    assert not is_perfect(game, mixed).is_perfect
    assert is_perfect(game, (np.array([1.0, 0, 0, 0]), np.array([1.0, 0, 0, 0]))).is_perfect


def test_completely_mixed_equilibrium_is_proper():
    # Inspection game, models.md G4.
    game = NormalFormGame.from_bimatrix([[-3, -1], [-10, 0]], [[-12, 0], [4, 0]])
    mixed = (np.array([0.25, 0.75]), np.array([0.125, 0.875]))
    assert is_perfect(game, mixed).is_perfect
    assert is_proper(game, mixed).is_proper


@pytest.mark.parametrize("penalty", [1e6, 1e9, 1e12])
def test_enormous_penalty(penalty):
    # The second action avoids a crash that the column player never intends. Trembles of any size
    # make the first action worse only if the column trembles that way often enough.
    game = NormalFormGame.from_bimatrix([[1, -penalty], [0, 0]], [[1, 0], [1, 0]])
    safe = is_proper(game, game.pure_profile((0, 0)))
    assert safe.is_proper
    assert is_perfect(game, game.pure_profile((0, 0))).is_perfect
    tie = NormalFormGame.from_bimatrix([[1, -penalty], [1, 0]], [[1, 0], [1, 0]])
    assert not is_perfect(tie, tie.pure_profile((0, 0))).is_perfect
    assert is_proper(tie, tie.pure_profile((1, 0))).is_proper


@settings(derandomize=True, max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_strict_implies_proper_implies_perfect(seed):
    game = random_game(seed)
    for cell in pure_equilibria(game):
        profile = game.pure_profile(cell)
        try:
            proper = is_proper(game, profile).is_proper
        except TooLargeError:
            continue
        perfect = is_perfect(game, profile).is_perfect
        assert proper or not is_strict(game, cell)
        assert perfect or not proper


@settings(derandomize=True, max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_perfect_in_2x2_games_means_undominated_actions(seed):
    game = NormalFormGame(np.random.default_rng(seed).integers(0, 3, (2, 2, 2)))
    for cell in pure_equilibria(game):
        dominated = False
        for U, a in ((game.payoffs[0], cell[0]), (game.payoffs[1].T, cell[1])):
            gain = U[1 - a] - U[a]
            dominated |= bool((gain >= 0).all() and (gain > 0).any())
        assert is_perfect(game, game.pure_profile(cell)).is_perfect == (not dominated)


@settings(derandomize=True, max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_invariant_to_rescaling_and_relabelling(seed):
    game = random_game(seed)
    rescaled = NormalFormGame(game.payoffs * np.array([0.1, 3.0]).reshape(2, 1, 1))
    swapped = NormalFormGame.from_bimatrix(game.payoffs[1].T, game.payoffs[0].T)
    for cell in pure_equilibria(game)[:2]:
        here = game.pure_profile(cell)
        for test in (is_perfect, is_proper):
            flag = "is_perfect" if test is is_perfect else "is_proper"
            expected = getattr(test(game, here), flag)
            assert getattr(test(rescaled, here), flag) == expected
            assert getattr(test(swapped, here[::-1]), flag) == expected


def test_decimal_payoffs_tie_as_they_are_written():
    # 0.1 + 0.2 and 0.3 differ in floating point; the mean of the first two rows is the third.
    U = [[0.1, 0.5], [0.5, 0.1], [0.3, 0.3]]
    game = NormalFormGame.from_bimatrix(U, np.zeros((3, 2)))
    mixed = (np.array([0.0, 0.0, 1.0]), np.array([0.5, 0.5]))
    assert is_perfect(game, mixed).is_perfect
    assert is_proper(game, mixed).is_proper


def test_bad_input():
    with pytest.raises(InvalidGameError, match="two"):
        is_perfect(NormalFormGame(np.zeros((3, 1, 1, 1))), ())
    with pytest.raises(InvalidGameError, match="no equilibrium"):
        is_proper(MYERSON, MYERSON.pure_profile((0, 1)))
    with pytest.raises(InvalidGameError, match="lengths"):
        is_perfect(MYERSON, (np.ones(1), np.ones(3) / 3))
    with pytest.raises(InvalidGameError, match="distribution"):
        is_perfect(MYERSON, (np.ones(3), np.ones(3) / 3))


def test_every_profile_of_the_all_zero_game_is_proper():
    zero = NormalFormGame(np.zeros((2, 5, 5)))
    found = is_proper(zero, zero.pure_profile((0, 4)))
    assert found.is_proper
    assert found.n_rankings == 1


def test_rankings_beyond_the_limit_are_refused_only_if_none_of_the_first_works(monkeypatch):
    monkeypatch.setattr(trembling_hand, "_MAX_RANKINGS", 100)
    # The last action of the row player is weakly dominated, so it is not proper; all else ties.
    A, B = np.zeros((5, 5)), np.zeros((5, 5))
    A[4, 4] = -1.0
    game = NormalFormGame.from_bimatrix(A, B)
    with pytest.raises(TooLargeError, match="rankings"):
        is_proper(game, game.pure_profile((4, 0)))
