"""Blame: thresholds of models.md 12, equilibrium by brute force, publicity."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.attribution.blame import (
    BlameGame,
    BlameRegime,
    Publicity,
    blame_equilibrium,
    preferred_publicity,
)
from games.errors import InvalidGameError

open_shares = st.floats(0.02, 0.98)
amounts = st.floats(0.1, 20)


def test_thresholds():
    game = BlameGame(0.5, 0.1, 5, 3, 2, 6)
    assert game.belief_needed == 0.375
    assert game.deterring_blame == 0.25


@pytest.mark.parametrize(
    ("vulnerable", "knowledgeable", "false_flag", "regime"),
    [
        (0.5, 0.3, 0, BlameRegime.PEACE),
        (0.3, 0.1, 0, BlameRegime.TOLERANCE),
        (0.5, 0.1, 0, BlameRegime.BLAME),
        (0.5, 0.1, 0.5, BlameRegime.TOLERANCE),  # a false flag dilutes the belief
    ],
)
def test_regimes(vulnerable, knowledgeable, false_flag, regime):
    game = BlameGame(vulnerable, knowledgeable, 5, 3, 2, 6, false_flag)
    assert blame_equilibrium(game).regime is regime


def test_partial_blame_leaves_both_indifferent():
    found = blame_equilibrium(BlameGame(0.5, 0.1, 5, 3, 2, 6))
    assert found.belief == pytest.approx(0.375)
    assert found.blamed == pytest.approx(0.25)
    assert not found.is_boundary


@given(open_shares, st.floats(0, 1), amounts, amounts, amounts, amounts, st.floats(0, 0.9))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_nobody_gains_by_a_pure_deviation(v, k, gain, cost, g, loss, f):
    game = BlameGame(v, k, gain, cost, g, loss, f)
    found = blame_equilibrium(game)
    blamed = k + (1 - k) * found.blame
    attack_worth = (1 - blamed) * g - blamed * loss
    assert max(0, attack_worth) <= found.attack * attack_worth + 1e-9 * (g + loss)
    blame_worth = found.belief * gain - (1 - found.belief) * cost
    assert max(0, blame_worth) <= found.blame * blame_worth + 1e-9 * (gain + cost)


def test_border_is_marked():
    assert blame_equilibrium(BlameGame(0.5, 0.25, 5, 3, 2, 6)).is_boundary
    assert blame_equilibrium(BlameGame(0.375, 0.1, 5, 3, 2, 6)).is_boundary


def test_publicity_rises_with_belief():
    order = [Publicity.TOLERATE, Publicity.PRIVATE, Publicity.PUBLIC]
    chosen = [
        preferred_publicity(
            i / 100, public_gain=5, public_cost=3, private_gain=2, private_cost=0.5
        )
        for i in range(101)
    ]
    assert [order.index(choice) for choice in chosen] == sorted(map(order.index, chosen))
    assert set(chosen) == set(order)
    assert chosen[20] is Publicity.TOLERATE  # 0.2 is the very border: 0.2·2 = 0.8·0.5


def test_bad_parameters():
    with pytest.raises(InvalidGameError, match="vulnerable"):
        BlameGame(1, 0.1, 5, 3, 2, 6)
    with pytest.raises(InvalidGameError, match="blame_loss"):
        BlameGame(0.5, 0.1, 5, 3, 2, 0)
    with pytest.raises(InvalidGameError, match="false_flag"):
        BlameGame(0.5, 0.1, 5, 3, 2, 6, 1)
    with pytest.raises(InvalidGameError, match="private_cost"):
        preferred_publicity(0.5, public_gain=5, public_cost=3, private_gain=2, private_cost=4)
