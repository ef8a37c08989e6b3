"""Commitment to retaliation: against other optimizers and simulation, what it promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from games.attribution import committed_retaliation as module
from games.attribution.committed_retaliation import announced_payoff, committed_retaliation
from games.attribution.misattribution import AttributionGame, attribution_equilibria
from games.errors import CertificateError, InvalidGameError

BASE = AttributionGame(
    [0.4, 0.4], [[0.4, 0.42, 0.18], [0.4, 0.18, 0.42]], [0.9, 0.05, 0.05], lambda belief: belief
)
ONE = AttributionGame([0.7], [[0.3, 0.7]], [0.9, 0.1], lambda belief: belief**2)


def by_direct_search(game, harm, seed):
    """Largest payoff over all levels at once, from random starts."""
    rng = np.random.default_rng(seed)
    shape = game.signals.shape

    def loss(flat):
        return -announced_payoff(game, np.clip(flat.reshape(shape), 0, 1), harm)

    size = int(np.prod(shape))
    runs = [
        minimize(loss, rng.random(size), method="Powell", bounds=[(0, 1)] * size) for _ in range(2)
    ]
    return max(-run.fun for run in runs)


@pytest.mark.parametrize(("game", "harm"), [(BASE, 1.0), (ONE, 0.3), (ONE, 3.0)])
def test_no_other_announcement_found_is_better(game, harm):
    found = committed_retaliation(game, harm)
    assert found.payoff >= by_direct_search(game, harm, seed=3) - 1e-9
    assert announced_payoff(game, found.levels, harm) == pytest.approx(found.payoff, abs=1e-9)
    assert found.value_of_commitment >= -1e-12
    assert found.local_gain <= 1e-6 * (1 + harm)


def test_commitment_helps_but_not_by_more_retaliation_after_every_signal():
    # After Baliga, Bueno de Mesquita and Wolitzky (2020): more after the signals that an attack
    # makes likelier, less after the silence that it makes rarer.
    [without] = attribution_equilibria(BASE).equilibria
    found = committed_retaliation(BASE, harm=1)
    likelier = BASE.signals > BASE.quiet_signals
    assert (found.levels[likelier] > found.beliefs[likelier]).all()
    assert (found.levels[~likelier] < found.beliefs[~likelier]).all()
    assert found.attack < without.attack - 0.2
    assert found.value_of_commitment > 0.1


def test_payoff_in_simulation():
    """Types y uniform on [0, 1] retaliate iff y >= 1 - level, which is r(t) = t."""
    rng = np.random.default_rng(5)
    n, harm = 400_000, 1.5
    levels = np.array([[0.1, 0.8, 0.4], [0.0, 0.3, 0.9]])
    cutoffs = ((BASE.signals - BASE.quiet_signals) * levels).sum(axis=1)
    chance, gain = rng.random(n), rng.random(n)
    suspect = np.select([chance < 0.4, chance < 0.8], [0, 1], -1)
    attacker = np.where((suspect >= 0) & (gain >= cutoffs[suspect]), suspect, -1)
    rows = np.vstack([BASE.signals, BASE.quiet_signals]).cumsum(axis=1)
    signal = (rng.random(n)[:, None] > rows[attacker]).sum(axis=1).clip(0, 2)
    payoff = np.where(attacker >= 0, -harm, 0.0)
    for i in range(2):
        y = rng.random(n)
        payoff += np.where(y >= 1 - levels[i, signal], y - (attacker != i), 0.0)
    expected = announced_payoff(BASE, levels, harm)
    assert payoff.mean() == pytest.approx(expected, abs=4 * payoff.std() / np.sqrt(n))


@given(st.integers(0, 10**6), st.floats(0, 5))
@settings(derandomize=True, max_examples=4, deadline=None)
def test_beliefs_answered_in_equilibrium_are_an_announcement(seed, harm):
    rng = np.random.default_rng(seed)
    game = AttributionGame(
        [rng.random()], rng.dirichlet([1, 1], 1), rng.dirichlet([3, 1]), lambda belief: belief
    )
    found = committed_retaliation(game, harm)
    best = max(
        announced_payoff(game, e.beliefs, harm) for e in attribution_equilibria(game).equilibria
    )
    assert found.equilibrium_payoff == best
    assert found.payoff >= best - 1e-9 * (1 + harm)


def test_defect_of_the_search_is_an_error(monkeypatch):
    monkeypatch.setattr(module, "_levels", lambda game, x: np.zeros(game.signals.shape))
    with pytest.raises(CertificateError):
        committed_retaliation(ONE, 1)


def test_bad_input():
    with pytest.raises(InvalidGameError, match="harm"):
        committed_retaliation(ONE, -1)
    with pytest.raises(InvalidGameError, match="levels"):
        announced_payoff(ONE, [[0.5, 1.5]], 1)
    with pytest.raises(InvalidGameError, match="levels"):
        announced_payoff(ONE, [0.5], 1)
