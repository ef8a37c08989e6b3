"""Imitation in finite populations by the Fermi rule: fixation and long-run frequencies.

Each step one player of N compares with another at random and takes over its strategy with
probability 1 / (1 + exp(-β (π_other - π_own))): pairwise comparison of intensity β. With i players
of strategy A against N - i of B, payoffs (without playing oneself) are

    π_A = [a (i - 1) + b (N - i)] / (N - 1),    π_B = [c i + d (N - i - 1)] / (N - 1),

and a single A takes over the population with probability 1 / Σ_{k<N} Π_{i<=k} exp(-β (π_A - π_B)).

References
----------
.. [1] A. Traulsen, M. Nowak and J. Pacheco, "Stochastic dynamics of invasion and fixation",
       Physical Review E 74, 2006, 011909.
.. [2] D. Fudenberg and L. Imhof, "Imitation processes with small mutations", JET 131(1), 2006,
       251-262.
.. [3] W. Grassmann, M. Taksar and D. Heyman, "Regenerative analysis and steady state
       distributions for Markov chains", Operations Research 33(5), 1985, 1107-1116.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.learning.inputs import at_least, payoff_matrix, whole_number
from games.normal_form import FloatArray

__all__ = [
    "Fixation",
    "fermi_probability",
    "fixation_probability",
    "imitation_payoffs",
    "long_run_distribution",
    "rare_mutation_distribution",
]


@dataclass(frozen=True, eq=False)
class Fixation:
    """Chance that a strategy takes over a population.

    Parameters
    ----------
    probability : float
        From the number of players asked for; 0 where it is below the smallest float.
    log_probability : float
        Its logarithm, which does not underflow.
    by_count : (N + 1,) array of float
        The chance from every number of players.
    residual : float
        Largest violation of the equations that the chances solve; the certificate.
    """

    probability: float
    log_probability: float
    by_count: FloatArray
    residual: float


def fermi_probability(difference: ArrayLike, intensity: float) -> FloatArray:
    """Chance to imitate a player whose payoff is larger by ``difference``; no overflow.

    Examples
    --------
    >>> fermi_probability([0.0, 1e9], 1.0)
    array([0.5, 1. ])
    """
    from scipy.special import expit

    return np.asarray(expit(intensity * np.asarray(difference, dtype=float)))


def imitation_payoffs(A: ArrayLike, size: int) -> tuple[FloatArray, FloatArray]:
    """Average payoffs of both strategies with 1, ..., N - 1 players of the first.

    Parameters
    ----------
    A : (2, 2) array of float
        Payoff of the own strategy (row) against the other's (column).
    size : int
        Number of players N, at least 2.
    """
    (a, b), (c, d) = payoff_matrix(A, size=2)
    N = whole_number(size, "size", least=2)
    i = np.arange(1, N)
    first = (a * (i - 1) + b * (N - i)) / (N - 1)
    second = (c * i + d * (N - i - 1)) / (N - 1)
    return first, second


def fixation_probability(
    A: ArrayLike, size: int, intensity: float, *, n_mutants: int = 1
) -> Fixation:
    """Chance that the first strategy takes over from ``n_mutants`` players by imitation.

    Parameters
    ----------
    A : (2, 2) array of float
    size : int
        Number of players N, at least 2.
    intensity : float
        Intensity of selection β >= 0; 0 is neutral drift.
    n_mutants : int
        Players of the first strategy at the start.

    Raises
    ------
    InvalidGameError
        If an input is malformed.
    CertificateError
        If the chances do not solve their equations.

    Examples
    --------
    >>> round(fixation_probability([[1, 1], [1, 1]], 20, 5.0).probability, 12)
    0.05
    """
    difference = _selection(A, size, intensity)
    start = whole_number(n_mutants, "n_mutants", least=1)
    if start > size:
        raise InvalidGameError("n_mutants", f"is {start}, of {size} players")
    sums = np.concatenate([[0.0], np.cumsum(-difference)])
    logs = np.logaddexp.accumulate(sums)
    by_count = np.concatenate([[0.0], np.exp(logs - logs[-1])])
    up, down = fermi_probability(difference, 1.0), fermi_probability(-difference, 1.0)
    left = up * (by_count[2:] - by_count[1:-1]) - down * (by_count[1:-1] - by_count[:-2])
    residual = float(np.abs(left).max(initial=0.0))
    # The logarithms are sums that round in proportion to their size.
    if residual > 1e-13 * (10 + np.abs(sums).max()) or (np.diff(by_count) < -1e-15).any():
        raise CertificateError(f"fixation probabilities leave a residual of {residual:.3g}")
    return Fixation(float(by_count[start]), float(logs[start - 1] - logs[-1]), by_count, residual)


def long_run_distribution(
    A: ArrayLike, size: int, intensity: float, *, mutation: float
) -> FloatArray:
    """Long-run chance of each number of players of the first strategy, with mutation.

    Each step one player is drawn; with probability ``mutation`` it takes one of the two
    strategies at random, otherwise it imitates.

    Returns
    -------
    (N + 1,) array of float

    Raises
    ------
    CertificateError
        If probability does not balance between neighbouring numbers.

    Examples
    --------
    >>> long_run_distribution([[0, 0], [0, 0]], 2, 1.0, mutation=1.0)
    array([0.25, 0.5 , 0.25])
    """
    N = whole_number(size, "size", least=2)
    difference = _selection(A, N, intensity)
    mu = at_least(mutation, "mutation", 0.0, 1.0)
    if mu == 0:
        raise InvalidGameError("mutation", "is 0; play is then absorbed: use fixation_probability")
    i = np.arange(N + 1)
    meet = i * (N - i) / (N * (N - 1))
    copy_up = np.concatenate([[0.0], fermi_probability(difference, 1.0), [0.0]])
    copy_down = np.concatenate([[0.0], fermi_probability(-difference, 1.0), [0.0]])
    up = (1 - mu) * meet * copy_up + mu * (N - i) / (2 * N)
    down = (1 - mu) * meet * copy_down + mu * i / (2 * N)
    logs = np.concatenate([[0.0], np.cumsum(np.log(up[:-1]) - np.log(down[1:]))])
    shares = np.exp(logs - logs.max())
    shares /= shares.sum()
    flow = np.abs(shares[:-1] * up[:-1] - shares[1:] * down[1:]).max()
    if flow > 1e-12:
        raise CertificateError(f"the long-run distribution is out of balance by {flow:.3g}")
    return np.asarray(shares)


def rare_mutation_distribution(A: ArrayLike, size: int, intensity: float) -> FloatArray:
    """Long-run share of time at each strategy, all players alike, as mutation becomes rare.

    Parameters
    ----------
    A : (m, m) array of float
        Payoff of the own strategy (row) against the other's (column).
    size : int
        Number of players.
    intensity : float
        Intensity of selection β >= 0.

    Returns
    -------
    (m,) array of float

    Raises
    ------
    TooLargeError
        If selection is so strong that even relative chances of fixation underflow.
    CertificateError
        If the distribution found is not stationary.

    Examples
    --------
    >>> rare_mutation_distribution([[1, 1], [1, 1]], 10, 1.0)
    array([0.5, 0.5])
    """
    matrix = payoff_matrix(A)
    m = matrix.shape[0]
    logs = np.full((m, m), -np.inf)
    for resident in range(m):
        for mutant in range(m):
            if mutant != resident:
                pair = [mutant, resident]
                found = fixation_probability(matrix[np.ix_(pair, pair)], size, intensity)
                logs[resident, mutant] = found.log_probability
    if m == 1:
        return np.ones(1)
    rates = np.exp(logs - logs.max())
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            shares = _stationary(rates)
    except FloatingPointError:
        raise TooLargeError(
            "intensity: chances of fixation differ by more than floats can tell; lower it"
        ) from None
    rates -= np.diag(rates.sum(axis=1))
    residual = np.abs(shares @ rates).max()
    if residual > 1e-12:
        raise CertificateError(f"the long-run distribution changes by {residual:.3g}")
    return shares


def _selection(A: ArrayLike, size: int, intensity: float) -> FloatArray:
    """β (π_A - π_B) with 1, ..., N - 1 players of A, from differences of payoffs.

    A constant in all payoffs would cost the digits of π_A - π_B.
    """
    (a, b), (c, d) = payoff_matrix(A, size=2)
    N = whole_number(size, "size", least=2)
    beta = at_least(intensity, "intensity")
    i = np.arange(1, N)
    with np.errstate(over="ignore", invalid="ignore"):
        total = (a - c) * (i - 1) + (b - d) * (N - i - 1) + (b - c)
        selection = beta * (total / (N - 1))
    if not np.isfinite(selection).all():
        raise InvalidGameError("intensity", "times the payoffs is too large to be represented")
    return np.asarray(selection)


def _stationary(rates: FloatArray) -> FloatArray:
    """Stationary distribution by state reduction (GTH): no subtraction, so no cancellation.

    Rates too small for floats raise FloatingPointError under ``np.errstate``.
    """
    Q = rates.copy()
    m = Q.shape[0]
    for k in range(m - 1, 0, -1):
        Q[:k, k] /= Q[k, :k].sum()
        Q[:k, :k] += np.outer(Q[:k, k], Q[k, :k])
    shares = np.ones(m)
    for k in range(1, m):
        shares[k] = shares[:k] @ Q[:k, k]
    return np.asarray(shares / shares.sum())
