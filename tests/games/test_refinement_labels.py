"""Labels of the refinements, on games of which the literature says what they are."""

import numpy as np
import pytest

from games.nash_equilibria import nash_equilibria
from games.normal_form import NormalFormGame
from games.refinement_labels import refined


def labels_of(game):
    found = refined(game, nash_equilibria(game))
    return {
        tuple(int(s.argmax()) for s in e.strategies): set(e.labels)
        for e in found.equilibria
        if e.is_pure
    }


def test_myerson_1978_has_a_perfect_equilibrium_that_is_not_proper():
    A = [[1, 0, -9], [0, 0, -7], [-9, -7, -7]]
    labels = labels_of(NormalFormGame.from_bimatrix(A, np.transpose(A)))
    assert "strict" in labels[0, 0]
    assert "perfect, not proper" in labels[1, 1]
    assert "not perfect" in labels[2, 2]


def test_stag_hunt_tells_payoff_dominance_from_risk_dominance():
    labels = labels_of(NormalFormGame.from_bimatrix([[4, 0], [3, 2]], [[4, 3], [0, 2]]))
    assert labels[0, 0] == {"strict", "payoff dominant", "strong", "coalition-proof"}
    assert labels[1, 1] == {"strict", "risk dominant"}


def test_dilemma_is_coalition_proof_but_not_strong():
    [labels] = labels_of(NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])).values()
    assert labels == {"strict", "coalition-proof"}


def test_bernheim_peleg_whinston_1987_three_players():
    # The only coalition-proof equilibrium pays everybody less than the other equilibrium.
    payoffs = np.empty((3, 2, 2, 2))
    payoffs[:, 0, 0, 0], payoffs[:, 0, 1, 0] = (0, 0, 10), (-5, -5, 0)
    payoffs[:, 1, 0, 0], payoffs[:, 1, 1, 0] = (-5, -5, 0), (1, 1, -5)
    payoffs[:, 0, 0, 1], payoffs[:, 0, 1, 1] = (-2, -2, 0), (-5, -5, 0)
    payoffs[:, 1, 0, 1], payoffs[:, 1, 1, 1] = (-5, -5, 0), (-1, -1, 5)
    labels = labels_of(NormalFormGame(payoffs))
    assert set(labels) == {(0, 0, 0), (1, 1, 1)}
    assert "coalition-proof" not in labels[0, 0, 0]
    assert "coalition-proof" in labels[1, 1, 1]
    assert not any("strong" in held for held in labels.values())


@pytest.mark.parametrize("shape", [(2, 7, 7), (3, 17, 17, 17)])
def test_tests_left_out_are_named(shape):
    game = NormalFormGame(np.random.default_rng(1).normal(size=shape))
    found = refined(game, nash_equilibria(game))
    assert ("trembles" if shape[0] == 2 else "joint deviations") in found.note
