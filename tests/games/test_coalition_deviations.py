from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.coalition_deviations import (
    coalition_proof_equilibria,
    resilience,
    strong_equilibria,
)
from games.errors import InvalidGameError, TooLargeError
from games.normal_form import NormalFormGame

DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])


def random_game(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    return NormalFormGame(rng.integers(0, 4, (n, *rng.integers(1, 4, n))))


def payoff(game, player, cell):
    return game.payoffs[(player, *cell)]


def deviations(game, cell, members):
    for actions in product(*(range(game.n_actions[i]) for i in members)):
        after = list(cell)
        for i, a in zip(members, actions, strict=True):
            after[i] = a
        yield tuple(after)


def withstands(game, cell, k, one_gains):
    """The definition, by enumeration."""
    for size in range(1, k + 1):
        for members in combinations(range(game.n_players), size):
            for after in deviations(game, cell, members):
                gains = [payoff(game, i, after) > payoff(game, i, cell) for i in members]
                if any(gains) if one_gains else all(gains):
                    return False
    return True


def coalition_proof(game, members, cell):
    """The recursive definition of Bernheim, Peleg & Whinston, by enumeration."""
    if not self_enforcing(game, members, cell):
        return False
    return not any(
        self_enforcing(game, members, after)
        and all(payoff(game, i, after) > payoff(game, i, cell) for i in members)
        for after in deviations(game, cell, members)
    )


def self_enforcing(game, members, cell):
    return all(
        coalition_proof(game, part, cell)
        for size in range(1, len(members))
        for part in combinations(members, size)
    )


def test_dilemma_has_a_coalition_proof_but_no_strong_equilibrium():
    assert coalition_proof_equilibria(DILEMMA) == ((1, 1),)
    assert strong_equilibria(DILEMMA) == ()
    assert strong_equilibria(DILEMMA, k=1) == ((1, 1),)
    found = resilience(DILEMMA, (1, 1))
    assert (found.level, found.coalition, found.deviation) == (1, 0b11, (0, 0))


def test_bernheim_peleg_whinston_example():
    # Bernheim, Peleg & Whinston (1987), section 2: of the two Nash equilibria (U, L, A) and
    # (D, R, B), the second, which pays everybody less, is the coalition-proof one: from the
    # first, players 1 and 2 would move together.
    A = [[(0, 0, 10), (-5, -5, 0)], [(-5, -5, 0), (1, 1, -5)]]
    B = [[(-2, -2, 0), (-5, -5, 0)], [(-5, -5, 0), (-1, -1, 5)]]
    game = NormalFormGame(np.moveaxis(np.array([A, B]), 0, 2).transpose(3, 0, 1, 2))
    nash = [c for c in np.ndindex(2, 2, 2) if game.regrets(game.pure_profile(c)).max() == 0]
    assert nash == [(0, 0, 0), (1, 1, 1)]
    assert payoff(game, 0, (0, 0, 0)) > payoff(game, 0, (1, 1, 1))
    assert coalition_proof_equilibria(game) == ((1, 1, 1),)
    assert strong_equilibria(game) == ()


def test_secret_sharing_is_not_resilient_to_two():
    # Three players who reveal (0) or withhold (1); who alone learns the secret gains. With
    # withholding costly only if somebody else withholds as well, one alone does not gain.
    a = np.indices((2, 2, 2))
    n_withheld = a.sum(axis=0)
    game = NormalFormGame([np.where(n_withheld == 2, 3 * own, 1 - own) for own in a])
    assert resilience(game, (0, 0, 0)).level == 1
    assert resilience(game, (0, 0, 0)).coalition == 0b110


def test_one_member_may_serve_another():
    # Player 2 can give up 1 to hand player 1 a gain: harmless only if all members must gain.
    game = NormalFormGame.from_bimatrix([[1, 5], [0, 0]], [[1, 0], [1, 0]])
    assert resilience(game, (0, 0)).level == 2
    sharper = resilience(game, (0, 0), one_gains=True)
    assert (sharper.level, sharper.coalition, sharper.deviation) == (1, 0b11, (0, 1))
    assert sharper.gains == (4, -1)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), one_gains=st.booleans())
def test_resilience_is_the_definition(seed, one_gains):
    game = random_game(seed)
    for cell in list(np.ndindex(*game.n_actions))[:8]:
        found = resilience(game, cell, one_gains=one_gains)
        for k in range(1, game.n_players + 1):
            assert withstands(game, cell, k, one_gains) == (k <= found.level)
        if found.coalition:
            members = [i for i in range(game.n_players) if found.coalition >> i & 1]
            assert len(members) == found.level + 1
            moved = {i for i in range(game.n_players) if found.deviation[i] != cell[i]}
            assert moved <= set(members)
            gained = [found.gains[i] > 0 for i in members]
            assert any(gained) if one_gains else all(gained)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_coalition_proof_is_the_definition(seed):
    game = random_game(seed)
    everybody = tuple(range(game.n_players))
    expected = tuple(
        cell for cell in np.ndindex(*game.n_actions) if coalition_proof(game, everybody, cell)
    )
    assert coalition_proof_equilibria(game) == expected
    assert set(strong_equilibria(game)) <= set(expected)
    assert set(expected) <= set(strong_equilibria(game, k=1))
    assert set(strong_equilibria(game, one_gains=True)) <= set(strong_equilibria(game))


@settings(derandomize=True, max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_invariant_to_rescaling_and_relabelling(seed):
    game = random_game(seed)
    order = np.random.default_rng(seed).permutation(game.n_players)
    moved = NormalFormGame(4 * game.payoffs[order].transpose((0, *(order + 1))) - 1)
    for concept in (coalition_proof_equilibria, strong_equilibria):
        there = {tuple(cell[i] for i in order) for cell in concept(game)}
        assert set(concept(moved)) == there


def test_many_players():
    # Twelve players, a public good that needs all: contributing together is strong.
    a = np.indices((2,) * 12)
    game = NormalFormGame([3.0 * a.min(axis=0) - own for own in a])
    assert resilience(game, (1,) * 12).level == 12
    assert resilience(game, (0,) * 12).level == 11
    assert strong_equilibria(game) == ((1,) * 12,)


def test_bad_input_names_the_place():
    with pytest.raises(InvalidGameError, match="profile"):
        resilience(DILEMMA, (0, 0, 0))
    with pytest.raises(InvalidGameError, match="k"):
        strong_equilibria(DILEMMA, k=3)
    with pytest.raises(TooLargeError, match="comparisons"):
        coalition_proof_equilibria(NormalFormGame(np.zeros((14, *[2] * 14))))
    with pytest.raises(TooLargeError, match="resilience"):
        strong_equilibria(NormalFormGame(np.zeros((14, *[2] * 14))))
