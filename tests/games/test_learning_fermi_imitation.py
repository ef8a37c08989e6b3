"""Fermi imitation in finite populations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError
from games.learning.fermi_imitation import (
    fermi_probability,
    fixation_probability,
    imitation_payoffs,
    long_run_distribution,
    rare_mutation_distribution,
)

games = st.lists(st.floats(-5, 5), min_size=4, max_size=4).map(lambda x: np.array(x).reshape(2, 2))


def step_matrix(A: np.ndarray, size: int, beta: float, mutation: float = 0.0) -> np.ndarray:
    """Chain of the number of players of the first strategy, written out player by player."""
    chain = np.zeros((size + 1, size + 1))
    for i in range(size + 1):
        kinds = [0] * i + [1] * (size - i)
        payoffs = [
            sum(A[kinds[k], kinds[j]] for j in range(size) if j != k) / (size - 1)
            for k in range(size)
        ]
        for k in range(size):
            for kind in range(2):
                chain[i, i + (kinds[k] - kind)] += mutation / 2 / size
            for j in range(size):
                if j != k:
                    weight = (1 - mutation) / size / (size - 1)
                    copy = 1 / (1 + np.exp(-beta * (payoffs[j] - payoffs[k])))
                    chain[i, i + (kinds[k] - kinds[j])] += weight * copy
                    chain[i, i] += weight * (1 - copy)
    return chain


@given(A=games, size=st.integers(2, 8), beta=st.floats(0, 3))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_fixation_agrees_with_the_chain_written_out(A: np.ndarray, size: int, beta: float) -> None:
    chain = step_matrix(A, size, beta)
    inner = slice(1, size)
    expected = np.linalg.solve(np.eye(size - 1) - chain[inner, inner], chain[inner, size])
    found = fixation_probability(A, size, beta)
    assert found.by_count[1:size] == pytest.approx(expected, abs=1e-9)
    assert found.residual < 1e-12
    several = fixation_probability(A, size, beta, n_mutants=size)
    assert (several.probability, several.log_probability) == (1, 0)


@given(A=games, size=st.integers(2, 7), beta=st.floats(0, 3), mutation=st.floats(0.01, 1))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_long_run_distribution_is_stationary_for_the_chain_written_out(
    A: np.ndarray, size: int, beta: float, mutation: float
) -> None:
    shares = long_run_distribution(A, size, beta, mutation=mutation)
    assert shares @ step_matrix(A, size, beta, mutation) == pytest.approx(shares, abs=1e-12)


@pytest.mark.parametrize("size", [2, 10, 500])
def test_neutral_drift(size: int) -> None:
    found = fixation_probability([[1, 4], [0, 2]], size, 0.0)
    assert found.probability == pytest.approx(1 / size)


def test_closed_form_for_a_constant_advantage() -> None:
    """Traulsen, Nowak and Pacheco (2006): (1 - e^-βs) / (1 - e^-Nβs)."""
    beta, gain, N = 0.3, 0.2, 50
    found = fixation_probability([[1 + gain] * 2, [1.0] * 2], N, beta)
    expected = (1 - np.exp(-beta * gain)) / (1 - np.exp(-N * beta * gain))
    assert found.probability == pytest.approx(expected, rel=1e-12)


def test_the_ratio_of_the_two_fixation_chances() -> None:
    """φ_A/φ_B = exp(β Σ (π_A - π_B)); above 1 for the risk-dominant strategy in large N."""
    A = np.array([[4.0, 0], [3, 2]])
    first, second = imitation_payoffs(A, 30)
    ours = fixation_probability(A, 30, 0.5)
    theirs = fixation_probability(A[::-1, ::-1], 30, 0.5)
    expected = 0.5 * (first - second).sum()
    assert ours.log_probability - theirs.log_probability == pytest.approx(expected)
    assert ours.probability < theirs.probability


def test_strong_selection_neither_overflows_nor_loses_the_logarithm() -> None:
    found = fixation_probability([[3, 0], [5, 1]], 1000, 100.0)
    assert found.probability == 0
    assert -3e5 < found.log_probability < -1e5
    assert fermi_probability(1e300, 1.0) == 1
    sure = fixation_probability([[5, 5], [0, 0]], 1000, 100.0)
    assert sure.probability == pytest.approx(1)


def test_rare_mutations_find_the_limit_of_small_ones() -> None:
    A = [[4, 0], [3, 2]]
    limit = rare_mutation_distribution(A, 12, 0.4)
    small = long_run_distribution(A, 12, 0.4, mutation=1e-7)
    assert limit == pytest.approx([small[-1], small[0]], abs=1e-4)


def test_rare_mutations_in_a_cycle_and_in_three_strategies() -> None:
    cycle = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
    assert rare_mutation_distribution(cycle, 20, 0.5) == pytest.approx([1 / 3] * 3)
    # Defectors, cooperators, and cooperators who punish: most time where fixation is likely.
    shares = rare_mutation_distribution([[1, 5, 0], [0, 3, 3], [0, 3, 3]], 20, 0.2)
    assert shares.sum() == pytest.approx(1)
    assert shares[0] > shares[1]


@given(seed=st.integers(0, 1000))
@settings(derandomize=True, max_examples=15, deadline=None)
def test_relabelling_permutes_the_distribution(seed: int) -> None:
    rng = np.random.default_rng(seed)
    A, order = rng.normal(size=(4, 4)), rng.permutation(4)
    shares = rare_mutation_distribution(A, 15, 0.7)
    moved = rare_mutation_distribution(A[np.ix_(order, order)], 15, 0.7)
    assert moved == pytest.approx(shares[order], abs=1e-12)


def test_bad_input_is_named() -> None:
    A = [[1, 0], [0, 1]]
    for arguments, place in [
        ((A, 1, 1.0), "size"),
        ((A, 5, -1.0), "intensity"),
        ((A, 5, np.inf), "intensity"),
        (([[1]], 5, 1.0), "A"),
    ]:
        with pytest.raises(InvalidGameError, match=place):
            fixation_probability(*arguments)
    with pytest.raises(InvalidGameError, match="n_mutants"):
        fixation_probability(A, 5, 1.0, n_mutants=6)
    with pytest.raises(InvalidGameError, match="mutation"):
        long_run_distribution(A, 5, 1.0, mutation=0)
