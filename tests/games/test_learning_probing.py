"""Probing an unknown red line (model 47)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, TooLargeError
from games.learning.probing import erosion_of_deterrence, probing_policy


def test_one_level_by_hand() -> None:
    """Probing level 1 once: (1-d)(g - s/2) + d g/2 against 0 for staying."""
    for sanction, expected in [(2.0, 1), (20.0, 0)]:
        policy = probing_policy(1, gain=1, sanction=sanction, discount=0.5)
        value = 0.5 * (1 - sanction / 2) + 0.5 * 0.5
        defy = 2 - sanction
        assert policy.values[0, 1] == pytest.approx(max(0, value, defy))
        assert (policy.choices[0, 1] != 0) == bool(expected)


def test_a_sanction_too_small_is_ignored() -> None:
    policy = probing_policy(5, gain=1, sanction=0.5, discount=0.9)
    assert policy.path(2).settles_at == 6
    assert policy.values[0, 5] == pytest.approx(5.5)


def test_patience_probes_and_impatience_under_threat_does_not() -> None:
    patient = probing_policy(10, gain=1, sanction=20, discount=0.99)
    assert all(patient.path(line).settles_at <= line for line in range(11))
    assert patient.path(10).settles_at == 10
    timid = probing_policy(10, gain=1, sanction=1000, discount=0.2)
    assert timid.path(10).acts == (0,)


@given(
    n=st.integers(1, 7),
    sanction=st.floats(0, 30),
    discount=st.floats(0, 0.95),
)
@settings(derandomize=True, max_examples=25, deadline=None)
def test_the_value_is_what_the_paths_earn(n: int, sanction: float, discount: float) -> None:
    """Averaged over the lines, the discounted payoffs along the paths are the value."""
    policy = probing_policy(n, gain=1, sanction=sanction, discount=discount)
    earned = []
    for line in range(n + 1):
        path = policy.path(line)
        total = 0.0
        for t, (act, punished) in enumerate(zip(path.acts, path.punished, strict=True)):
            last = t == len(path.acts) - 1
            weight = discount**t * (1 if last else 1 - discount)
            total += weight * (act - sanction * punished)
        earned.append(total)
    assert np.mean(earned) == pytest.approx(policy.values[0, n], abs=1e-9)
    assert policy.values[0, n] >= max(0, n + 1 - sanction) - 1e-9


def test_erosion_by_hand() -> None:
    # Odds 9 -> 4.5 -> 2.25 -> 1.125 -> .5625: deterrence needs mu >= 1/2, odds of 1.
    found = erosion_of_deterrence(0.9, reliability=0.5, gain=1, sanction=4)
    odds = [mu / (1 - mu) for mu in found.beliefs]
    assert odds == pytest.approx([9, 4.5, 2.25, 1.125, 0.5625])
    assert found.free_probes == 4


def test_deterrence_that_never_was_and_that_never_ends() -> None:
    assert erosion_of_deterrence(0.5, reliability=0.5, gain=2, sanction=4).free_probes == 0
    assert erosion_of_deterrence(1.0, reliability=0.5, gain=1, sanction=4).free_probes == math.inf
    # Certain response: one unpunished probe proves that the line is not meant.
    sure = erosion_of_deterrence(0.9, reliability=1.0, gain=1, sanction=4)
    assert (sure.free_probes, sure.beliefs[-1]) == (1, 0)


def test_bad_input_is_named() -> None:
    good = {"gain": 1.0, "sanction": 2.0, "discount": 0.5}
    for change, place in [
        ({"gain": -1.0}, "gain"),
        ({"sanction": math.nan}, "sanction"),
        ({"discount": 1.0}, "discount"),
    ]:
        with pytest.raises(InvalidGameError, match=place):
            probing_policy(3, **{**good, **change})
    with pytest.raises(InvalidGameError, match="n_levels"):
        probing_policy(0, **good)
    with pytest.raises(InvalidGameError, match="line"):
        probing_policy(3, **good).path(4)
    with pytest.raises(TooLargeError):
        probing_policy(401, **good)
    with pytest.raises(InvalidGameError, match="prior"):
        erosion_of_deterrence(1.5, reliability=0.5, gain=1, sanction=2)
