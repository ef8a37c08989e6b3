"""Misattribution: every row of ground truth G11, effects of each parameter, certificates."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.attribution.misattribution import (
    AttributionGame,
    attribution_equilibria,
    move_signal,
)
from games.errors import InvalidGameError, NoSolutionError


def fourth_power(belief):
    return belief**4


def eager(belief):
    return 1 - (1 - belief) ** 4


def same(belief):
    return belief


def two_suspects(null, own, other, retaliation, false_alarm=0.0, second=0.4):
    """Symmetric signals of models.md, row G11: null, own and the other one's."""
    return AttributionGame(
        [0.4, second],
        [[null, own, other], [null, other, own]],
        [1 - 2 * false_alarm, false_alarm, false_alarm],
        retaliation,
    )


ROWS = {
    "base, no false alarms": (two_suspects(0.5, 0.5, 0, fourth_power), 0.4999, 0.400),
    "more detected, half misattributed": (
        two_suspects(0.2, 0.65, 0.15, fourth_power),
        0.2834,
        0.573,
    ),
    "more detected, all identified": (two_suspects(0.2, 0.8, 0, fourth_power), 0.8, 0.160),
    "eager defender": (two_suspects(0.1, 0.7, 0.2, eager, 0.1), 0.538, 0.370),
    "surer grade only": (two_suspects(0.45, 0.5, 0.05, eager, 0.02), 0.135, 0.692),
    "linear base": (two_suspects(0.4, 0.42, 0.18, same, 0.05), 0.1558, 0.675),
    "fewer false alarms": (two_suspects(0.4, 0.42, 0.18, same, 0.01), 0.2126, 0.630),
    "misidentified become undetected": (
        two_suspects(0.49, 0.42, 0.09, same, 0.05),
        0.1781,
        0.658,
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_ground_truth(name):
    game, cutoff, attack = ROWS[name]
    result = attribution_equilibria(game)
    [found] = result.equilibria
    assert found.cutoffs == pytest.approx([cutoff] * 2, abs=6e-4 if cutoff < 0.54 else 1e-3)
    assert found.attack == pytest.approx(attack, abs=6e-4)
    assert found.residual < 1e-10
    assert result.n_converged == result.n_starts
    assert not result.is_complete


@pytest.mark.parametrize(("second", "cutoff"), [(0.2, 0.2110), (0.4, 0.1558), (0.55, 0.1072)])
def test_attackers_are_strategic_complements(second, cutoff):
    game = two_suspects(0.4, 0.42, 0.18, same, 0.05, second)
    [found] = attribution_equilibria(game).equilibria
    assert found.cutoffs[0] == pytest.approx(cutoff, abs=6e-5)


def test_better_detection_can_backfire():
    attack = {
        name: attribution_equilibria(row[0]).equilibria[0].attack for name, row in ROWS.items()
    }
    assert attack["more detected, half misattributed"] > attack["base, no false alarms"]
    assert attack["surer grade only"] > attack["eager defender"]
    assert attack["misidentified become undetected"] < attack["linear base"]


def by_hand(game, cutoffs):
    """Answering cut-offs in plain loops, straight from the formulas."""
    n, m = game.signals.shape
    a = [game.opportunity[i] * (1 - min(1.0, max(0.0, cutoffs[i]))) for i in range(n)]
    answers = []
    for i in range(n):
        total = 0.0
        for s in range(m):
            seen = sum(a[j] * game.signals[j, s] for j in range(n))
            seen += (1 - sum(a)) * game.quiet_signals[s]
            belief = a[i] * game.signals[i, s] / seen if seen else 0.0
            weight = game.signals[i, s] - game.quiet_signals[s]
            total += weight * float(game.retaliation(np.array(belief)))
        answers.append(total)
    return answers


@given(st.integers(0, 10**6), st.integers(1, 4), st.sampled_from([same, fourth_power, eager]))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_cutoffs_answer_themselves(seed, n, retaliation):
    rng = np.random.default_rng(seed)
    opportunity = rng.dirichlet(np.ones(n + 1))[:n]
    signals = rng.dirichlet(np.ones(n + 1), n)
    quiet = rng.dirichlet(np.append(10.0, np.ones(n)))
    game = AttributionGame(opportunity, signals, quiet, retaliation)
    for found in attribution_equilibria(game, n_random_starts=1).equilibria:
        assert by_hand(game, found.cutoffs) == pytest.approx(found.cutoffs, abs=1e-9)
        assert (found.beliefs.sum(axis=0) <= 1 + 1e-12).all()
        assert ((found.wrongful_retaliation >= 0) & (found.wrongful_retaliation <= 1)).all()


def test_relabelling_suspects_permutes_the_answer():
    signals = np.array([[0.3, 0.5, 0.2], [0.4, 0.1, 0.5]])
    game = AttributionGame([0.5, 0.3], signals, [0.9, 0.05, 0.05], same)
    swapped = AttributionGame([0.3, 0.5], signals[::-1][:, [0, 2, 1]], [0.9, 0.05, 0.05], same)
    [found] = attribution_equilibria(game).equilibria
    [other] = attribution_equilibria(swapped).equilibria
    assert other.cutoffs == pytest.approx(found.cutoffs[::-1], abs=1e-9)


def test_several_equilibria_are_reported():
    # After the null signal, suspicion grows with attacks and deters less than it should: with
    # gains uniform on [0, ½] attacks are r(β₀), and a steep response has two stable fixed points.
    game = AttributionGame(
        [1.0],
        [[0.5, 0.5]],
        [1.0, 0.0],
        lambda belief: np.clip(4 * (belief - 0.25), 0, 1),
        types=lambda x: np.clip(2 * x, 0, 1),
    )
    cutoffs = [float(e.cutoffs[0]) for e in attribution_equilibria(game).equilibria]
    assert cutoffs[0] == pytest.approx(0, abs=1e-9)
    assert cutoffs[-1] == pytest.approx(0.5, abs=1e-9)


def test_signal_never_seen_has_the_limiting_belief():
    game = two_suspects(0.5, 0.5, 0, same)
    beliefs = game.beliefs(np.zeros(2))  # fully deterred, no false alarms
    assert beliefs[:, 1].tolist() == [1, 0]
    assert beliefs[:, 0].tolist() == [0, 0]


def test_wrongful_retaliation_counts_only_those_who_did_not_attack():
    game = two_suspects(0.5, 0.5, 0, same)
    [found] = attribution_equilibria(game).equilibria
    # Only the null signal can mislead: without an attack by i, with its belief after it.
    quiet = 1 - found.attack + 0.5 * found.attacks[1]
    assert found.wrongful_retaliation[0] == pytest.approx(quiet * found.beliefs[0, 0])


def test_false_flag_moves_mass_and_raises_the_rivals_cutoff():
    game = two_suspects(0.4, 0.5, 0.1, same, 0.05)
    forged = move_signal(game, attacker=0, source=1, target=2, amount=0.3)
    assert forged.signals[0].tolist() == pytest.approx([0.4, 0.2, 0.4])
    [before] = attribution_equilibria(game).equilibria
    [after] = attribution_equilibria(forged).equilibria
    assert after.cutoffs[0] < before.cutoffs[0]  # the forger attacks more
    assert after.attack > before.attack


def test_rule_with_a_jump_may_have_no_equilibrium():
    # Retaliation deters altogether, and once nobody attacks nobody is believed guilty.
    game = AttributionGame(
        [0.5],
        [[0.0, 1.0]],
        [0.5, 0.5],
        lambda belief: (belief > 0.4).astype(float),
        types=lambda x: (x > 0.1).astype(float),
    )
    with pytest.raises(NoSolutionError, match="jumps"):
        attribution_equilibria(game, n_random_starts=0)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"opportunity": [0.7, 0.7]}, "opportunity"),
        ({"opportunity": [-0.1, 0.4]}, r"opportunity\[0\]"),
        ({"signals": [[0.5, 0.5], [0.5, 0.5]]}, "signals"),
        ({"signals": [[0.5, 0.4, 0], [0.5, 0, 0.5]]}, r"signals\[0\]"),
        ({"quiet_signals": [0.5, 0.1, 0.1]}, "quiet_signals"),
        ({"quiet_signals": []}, "quiet_signals"),
    ],
)
def test_bad_input(change, place):
    good = {
        "opportunity": [0.4, 0.4],
        "signals": [[0.5, 0.5, 0], [0.5, 0, 0.5]],
        "quiet_signals": [1, 0, 0],
        "retaliation": same,
    }
    with pytest.raises(InvalidGameError, match=place):
        AttributionGame(**{**good, **change})


def test_response_outside_the_unit_interval_is_refused():
    game = two_suspects(0.5, 0.5, 0, lambda belief: 2 * belief)
    with pytest.raises(InvalidGameError, match="retaliation"):
        attribution_equilibria(game)


def test_more_than_the_signal_holds_cannot_be_moved():
    game = two_suspects(0.5, 0.5, 0, same)
    with pytest.raises(InvalidGameError, match="amount"):
        move_signal(game, 0, 1, 2, 0.6)
    with pytest.raises(InvalidGameError, match="attacker"):
        move_signal(game, 2, 1, 2, 0.1)
