"""Spatial bargaining: medians, means, and the laws of the challenge model."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError
from games.spatial.challenge_model import challenge_model
from games.spatial.compromise_model import compromise_position, compromise_pull
from games.spatial.forecast_spread import forecast_spread
from games.spatial.stakes import Stakes
from games.spatial.weighted_median import weighted_median


def emissions():
    """Years of delay of European car emission standards, after Bueno de Mesquita (1994).

    Netherlands, Belgium, Luxembourg, Germany, France, Italy, United Kingdom, Ireland, Denmark,
    Greece; numbers from memory, not checked against the source. The expected values below follow
    from them by hand.
    """
    return Stakes(
        [4, 7, 4, 4, 10, 10, 10, 7, 4, 7],
        [0.08, 0.08, 0.03, 0.16, 0.16, 0.16, 0.16, 0.05, 0.05, 0.08],
        [0.8, 0.4, 0.2, 0.8, 0.6, 0.6, 0.9, 0.1, 1.0, 0.7],
    )


def random_stakes(seed, n_players):
    rng = np.random.default_rng(seed)
    return Stakes(rng.random(n_players) * 10, rng.random(n_players) + 0.1, rng.random(n_players))


def test_emissions_median_and_mean():
    # Weights .248 at 4, .093 at 7, .336 at 10, of .677.
    assert weighted_median(emissions()) == (7.0, 7.0)
    expected = (4 * 0.248 + 7 * 0.093 + 10 * 0.336) / 0.677
    assert compromise_position(emissions()) == pytest.approx(expected)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 8))
def test_nothing_beats_the_median(seed, n_players):
    stakes = random_stakes(seed, n_players)
    lower, upper = weighted_median(stakes)
    for median in (lower, upper):
        for rival in stakes.positions:
            closer = np.abs(stakes.positions - rival) < np.abs(stakes.positions - median)
            assert stakes.weights[closer].sum() <= 0.5 + 1e-9


def test_median_tie_and_weightless_players():
    assert weighted_median(Stakes([0, 1, 2, 3], [1, 1, 1, 1])) == (1.0, 2.0)
    assert weighted_median(Stakes([0, 1, 99], [1, 1, 5], [1, 1, 0])) == (0.0, 1.0)


def test_pull_on_the_compromise():
    stakes = Stakes([0, 6, 9], [1, 1, 1])
    assert compromise_pull(stakes) == pytest.approx([5 - 7.5, 5 - 4.5, 5 - 3])
    assert compromise_pull(Stakes([4], [1])).tolist() == [0.0]


@settings(derandomize=True, max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 7))
def test_challenge_model_laws(seed, n_players):
    stakes = random_stakes(seed, n_players)
    found = challenge_model(stakes, 6)
    # Units, a mirror and the order of the players change nothing.
    scaled = challenge_model(
        Stakes(stakes.positions * -3 + 7, stakes.power * 50, stakes.salience), 6
    )
    assert scaled.positions == pytest.approx(found.positions * -3 + 7, abs=1e-6)
    order = np.random.default_rng(seed).permutation(n_players)
    swapped = challenge_model(
        Stakes(stakes.positions[order], stakes.power[order], stakes.salience[order]), 6
    )
    assert swapped.positions == pytest.approx(found.positions[:, order], abs=1e-6)
    assert found.positions.min() >= stakes.positions.min() - 1e-9
    assert found.positions.max() <= stakes.positions.max() + 1e-9
    assert found.means == pytest.approx(found.positions @ stakes.weights)


def test_a_giant_gets_its_way():
    found = challenge_model(Stakes([0, 10, 9], [100, 1, 1], [1, 0.5, 0.5]), 20)
    assert found.outcome == 0.0
    assert found.positions[-1].max() < 10


def test_equals_do_not_move():
    found = challenge_model(Stakes([0, 10], [1, 1], [1, 1]), 5)
    assert found.is_settled
    assert found.positions[-1].tolist() == [0, 10]
    assert challenge_model(Stakes([3, 3], [1, 2]), 5).outcome == 3.0


def test_emissions_forecast_stays_in_range_and_is_reported_by_round():
    found = challenge_model(emissions(), 8)
    assert found.medians[0] == 7.0
    assert len(found.medians) == len(found.positions) <= 9
    assert 4 <= found.outcome <= 10


def test_spread_is_reproducible_and_exact_without_error():
    def outcome(stakes):
        return challenge_model(stakes, 4).outcome

    first = forecast_spread(emissions(), outcome, n_samples=20, seed=1)
    again = forecast_spread(emissions(), outcome, n_samples=20, seed=1)
    assert first.samples.tolist() == again.samples.tolist()
    low, high = first.interval(1.0)
    assert low == first.samples.min()
    assert high == first.samples.max()
    certain = forecast_spread(emissions(), outcome, relative_error=0, n_samples=3)
    assert set(certain.samples.tolist()) == {certain.point}
    mean = forecast_spread(emissions(), compromise_position, n_samples=400, relative_error=0.05)
    assert mean.samples.mean() == pytest.approx(mean.point, abs=0.05)


def test_median_forecast_can_flip():
    # The weights of the two sides are almost equal: a median cannot hide that.
    stakes = Stakes([0, 10], [1.0, 1.001])
    spread = forecast_spread(stakes, lambda s: weighted_median(s)[0], n_samples=200)
    assert spread.point == 10.0
    assert 0.3 < spread.share_within(3.0) < 0.7


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], [1]), "power"),
        (([], []), "positions"),
        (([1, float("nan")], [1, 1]), r"positions\[1\]"),
        (([1, 2], [1, -1]), r"power\[1\]"),
        (([1, 2], [1, 1], [0.5, 1.5]), r"salience\[1\]"),
        (([1, 2], [0, 0]), "zero for everybody"),
        ((["a"], [1]), "positions"),
    ],
)
def test_bad_stakes(arguments, message):
    with pytest.raises(InvalidGameError, match=message):
        Stakes(*arguments)


def test_bad_settings():
    with pytest.raises(InvalidGameError, match="n_rounds"):
        challenge_model(emissions(), 0)
    with pytest.raises(InvalidGameError, match="status_quo"):
        challenge_model(emissions(), status_quo_probability=2)
    with pytest.raises(InvalidGameError, match="relative_error"):
        forecast_spread(emissions(), compromise_position, relative_error=1)
    with pytest.raises(InvalidGameError, match="share"):
        forecast_spread(emissions(), compromise_position, n_samples=2).interval(0)
