"""Cheap talk: ground truth G26, indifference, losses in closed form."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.cheap_talk import most_messages, partition_equilibrium
from games.errors import InvalidGameError, NoSolutionError


@pytest.mark.parametrize(
    ("bias", "n_messages"),
    [(1 / 20, 3), (1 / 5, 2), (1 / 3, 1), (1 / 4, 1), (1 / 12, 2), (-1 / 20, 3), (100, 1)],
)
def test_number_of_credible_words(bias, n_messages):
    assert most_messages(bias) == n_messages


@given(st.floats(1e-9, 2))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_number_is_the_largest_that_fits(bias):
    n = most_messages(bias)
    assert n == 1 or 2 * n * (n - 1) * bias < 1
    assert 2 * (n + 1) * n * bias >= 1 - 1e-9


@given(st.floats(-0.3, 0.3).filter(lambda b: abs(b) > 1e-3), st.integers(1, 20))
@settings(derandomize=True, max_examples=100, deadline=None)
def test_partition_is_an_equilibrium(bias, wanted):
    n = min(wanted, most_messages(bias))
    found = partition_equilibrium(bias, n)
    assert found.boundaries[0] == 0
    assert found.boundaries[-1] == 1
    # No type prefers the action of another message.
    for state in np.linspace(0, 1, 101):
        own = min(int(np.searchsorted(found.boundaries, state, side="right")) - 1, n - 1)
        losses = (found.actions - state - bias) ** 2
        assert losses[own] <= losses.min() + 1e-9
    closed_form = 1 / (12 * n**2) + bias**2 * (n**2 - 1) / 3
    assert found.receiver_loss == pytest.approx(closed_form, rel=1e-9)


def test_more_words_are_better_for_both():
    losses = [
        partition_equilibrium(0.01, n).receiver_loss for n in range(1, most_messages(0.01) + 1)
    ]
    assert all(later < earlier for earlier, later in pairwise(losses))


def test_bias_sets_a_limit():
    with pytest.raises(NoSolutionError, match="at most 3"):
        partition_equilibrium(1 / 20, 4)
    assert partition_equilibrium(0, 50).receiver_loss == pytest.approx(1 / (12 * 50**2))
    with pytest.raises(NoSolutionError, match="truth"):
        most_messages(0)
    with pytest.raises(InvalidGameError, match="bias"):
        most_messages(float("nan"))
    with pytest.raises(InvalidGameError, match="n_messages"):
        partition_equilibrium(0.1, 0)
