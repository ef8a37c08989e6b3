"""Pure equilibria: known games, certificates, and games with ties and many players."""

from __future__ import annotations

import numpy as np
import pytest

from games.normal_form import NormalFormGame
from games.solvers.pure_equilibria import pure_equilibria, pure_equilibrium_masks


def test_stag_hunt_has_two() -> None:
    # Skyrms 2004.
    found = pure_equilibria(NormalFormGame.from_bimatrix([[4, 1], [3, 3]], [[4, 3], [1, 3]]))
    assert [[s.tolist() for s in e.strategies] for e in found.equilibria] == [
        [[1, 0], [1, 0]],
        [[0, 1], [0, 1]],
    ]
    assert not found.is_complete
    assert "mixed" in found.note


def test_matching_pennies_has_none_and_says_that_mixed_ones_were_not_sought() -> None:
    found = pure_equilibria(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]))
    assert found.equilibria == ()
    assert not found.is_complete


def test_volunteers_dilemma_of_five() -> None:
    # Diekmann 1985: exactly one volunteers.
    payoffs = np.empty((5, *(2,) * 5))
    for profile in np.ndindex(*(2,) * 5):
        for i in range(5):
            payoffs[(i, *profile)] = (2 if any(profile) else 0) - profile[i]
    found = pure_equilibria(NormalFormGame(payoffs))
    volunteers = [tuple(int(s[1]) for s in e.strategies) for e in found.equilibria]
    assert volunteers == sorted(tuple(row) for row in np.eye(5, dtype=int).tolist())


@pytest.mark.parametrize("shape", [(4,), (1, 3), (1, 1, 1), (1, 2, 1)])
def test_one_chooser_is_complete(shape: tuple[int, ...]) -> None:
    payoffs = np.random.default_rng(1).normal(size=(len(shape), *shape))
    found = pure_equilibria(NormalFormGame(payoffs))
    assert found.is_complete
    [equilibrium] = found.equilibria
    assert NormalFormGame(payoffs).regrets(equilibrium.strategies).max() == 0


def test_ties_are_best_responses() -> None:
    assert len(pure_equilibria(NormalFormGame(np.zeros((3, 2, 3, 2)))).equilibria) == 12


def test_certificates_and_order_of_a_random_game() -> None:
    game = NormalFormGame(np.random.default_rng(2).integers(0, 3, (4, 2, 3, 2, 2)).astype(float))
    found = pure_equilibria(game)
    profiles = [tuple(int(s.argmax()) for s in e.strategies) for e in found.equilibria]
    assert profiles == sorted(profiles)
    assert len(profiles) == 3
    for equilibrium in found.equilibria:
        assert game.regrets(equilibrium.strategies).max() == equilibrium.regret == 0
        np.testing.assert_array_equal(
            equilibrium.payoffs, game.expected_payoffs(equilibrium.strategies)
        )


def test_sixteen_players_by_the_definition_at_a_sample_of_profiles() -> None:
    rng = np.random.default_rng(3)
    n = 16
    payoffs = rng.integers(0, 2, (n, *(2,) * n)).astype(float)
    mask = pure_equilibrium_masks(payoffs[None])[0]
    profiles = [*np.argwhere(mask)[:50].tolist(), *rng.integers(0, 2, (200, n)).tolist()]
    for profile in profiles:
        is_equilibrium = True
        for i in range(n):
            deviation = profile.copy()
            deviation[i] = 1 - profile[i]
            is_equilibrium &= bool(payoffs[(i, *deviation)] <= payoffs[(i, *profile)])
        assert mask[tuple(profile)] == is_equilibrium
    assert 0 < mask.sum() < mask.size
