"""Fixation of a strategy on a small network, exactly.

Each step a random node compares with a random neighbour and imitates by the Fermi rule. The
chances that the first strategy takes over from each of the 2^n sets of nodes solve one linear
system. On a complete network they depend on the number of nodes only and are those of
:mod:`games.learning.fermi_imitation`.

Under strong selection a population can stay for e^100 steps between the two ends, and ordinary
elimination loses the rates at which it leaves. So states are eliminated one number of players
after the other, each block by state reduction, which only adds: every digit of the rates counts.

References
----------
.. [1] E. Lieberman, C. Hauert and M. Nowak, "Evolutionary dynamics on graphs", Nature 433, 2005.
.. [2] W. Grassmann, M. Taksar and D. Heyman, "Regenerative analysis and steady state
       distributions for Markov chains", Operations Research 33(5), 1985, 1107-1116.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.learning.fermi_imitation import fermi_probability
from games.learning.inputs import at_least, payoff_matrix
from games.learning.networks import checked_graph, neighbour_lists
from games.normal_form import FloatArray

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["network_fixation"]

MAX_FIXATION_NODES = 12
"""Largest network whose 2^n states are solved exactly."""


def network_fixation(graph: nx.Graph, A: ArrayLike, intensity: float) -> FloatArray:
    """Chance that the first strategy takes over from each set of nodes, exactly.

    Parameters
    ----------
    graph : networkx Graph
        Connected, of at most 12 nodes.
    A : (2, 2) array of float
    intensity : float

    Returns
    -------
    (2**n_nodes,) array of float
        By bit mask of the nodes that play the first strategy, the first node the lowest bit.

    Raises
    ------
    TooLargeError
        With more than 12 nodes, or under selection so strong that rates underflow.
    CertificateError
        If the chances do not solve their equations.

    Examples
    --------
    >>> import networkx as nx
    >>> network_fixation(nx.path_graph(3), [[1, 1], [1, 1]], 1.0)[[1, 2, 4]].round(4)
    array([0.25, 0.5 , 0.25])
    """
    import networkx

    matrix = payoff_matrix(A, size=2)
    links = neighbour_lists(checked_graph(graph))
    beta, n = at_least(intensity, "intensity"), len(links)
    if n > MAX_FIXATION_NODES:
        raise TooLargeError(f"{n} nodes; fixation is solved exactly up to {MAX_FIXATION_NODES}")
    if not networkx.is_connected(graph):
        raise InvalidGameError("graph", "is not connected; neither strategy need ever take over")
    return _solve_fixation(matrix, links, beta)


def _flip_rates(matrix: FloatArray, links: list[NDArray[np.int64]], beta: float) -> FloatArray:
    """Rate at which each node changes its strategy in each state, ``(2**n, n)``."""
    n = len(links)
    # Strategy 0 is the first one, so a set bit means 0.
    played = 1 - (np.arange(2**n)[:, None] >> np.arange(n) & 1)
    payoffs = np.zeros(played.shape)
    for i, others in enumerate(links):
        for j in others:
            payoffs[:, i] += matrix[played[:, i], played[:, j]] / len(others)
    rates = np.zeros(played.shape)
    for i, others in enumerate(links):
        for j in others:
            with np.errstate(over="ignore", invalid="ignore"):
                chance = fermi_probability(payoffs[:, j] - payoffs[:, i], beta)
            rates[:, i] += np.where(played[:, i] != played[:, j], chance, 0.0) / len(others)
    if not np.isfinite(rates).all():
        raise InvalidGameError("A", "has payoffs whose differences are too large to represent")
    return rates


def _solve_fixation(matrix: FloatArray, links: list[NDArray[np.int64]], beta: float) -> FloatArray:
    n = len(links)
    rates = _flip_rates(matrix, links, beta)
    sizes = np.array([mask.bit_count() for mask in range(2**n)])
    levels = [np.flatnonzero(sizes == k) for k in range(n + 1)]
    within, extinct = np.zeros((n, n)), rates[levels[1], range(n)] if n > 1 else np.zeros(0)
    steps = []
    for k in range(1, n):
        up = _between(rates, levels[k], levels[k + 1])
        # Chances to be next with one player more, state by state, or to die out before.
        onward = _absorption(within, np.column_stack([up, extinct]))
        steps.append(onward)
        down = _between(rates, levels[k + 1], levels[k])
        within, extinct = down @ onward[:, :-1], down @ onward[:, -1]
    chances, extinction = np.zeros(2**n), np.zeros(2**n)
    chances[-1] = extinction[0] = 1
    for k in range(n - 1, 0, -1):
        ahead, dies = steps[k - 1][:, :-1], steps[k - 1][:, -1]
        chances[levels[k]] = ahead @ chances[levels[k + 1]]
        extinction[levels[k]] = ahead @ extinction[levels[k + 1]] + dies
    _certify(rates, chances, extinction)
    return chances


def _between(
    rates: FloatArray, source: NDArray[np.int64], target: NDArray[np.int64]
) -> FloatArray:
    """Rates from the states of one number of players to those of the next or the last."""
    found = np.zeros((len(source), len(target)))
    for node in range(rates.shape[1]):
        changed = source ^ (1 << node)
        at = np.flatnonzero(np.isin(changed, target))
        found[at, np.searchsorted(target, changed[at])] = rates[source[at], node]
    return found


def _absorption(within: FloatArray, outside: FloatArray) -> FloatArray:
    """Chances to leave a set of states for each state outside, from rates, without subtraction."""
    from scipy.linalg import solve_triangular

    W, left = within.copy(), outside.sum(axis=1)
    n = len(W)
    lower, upper = np.eye(n), np.zeros((n, n))
    for k in range(n):
        upper[k, k] = left[k] + W[k, k + 1 :].sum()
        if upper[k, k] <= 0:
            raise TooLargeError(
                "intensity: rates of change differ by more than floats can tell; lower it"
            )
        share = W[k + 1 :, k] / upper[k, k]
        upper[k, k + 1 :], lower[k + 1 :, k] = -W[k, k + 1 :], -share
        W[k + 1 :, k + 1 :] += np.outer(share, W[k, k + 1 :])
        left[k + 1 :] += share * left[k]
    # Entries off the diagonals are not positive, so that both substitutions only add.
    first = solve_triangular(lower, outside, lower=True, unit_diagonal=True)
    return np.asarray(solve_triangular(upper, first))


def _certify(rates: FloatArray, chances: FloatArray, extinction: FloatArray) -> None:
    """Both ends take up all the chance, and the chances solve their equations."""
    if np.abs(chances + extinction - 1)[1:].max(initial=0.0) > 1e-9:
        raise CertificateError("chances of fixation and of extinction do not sum to one")
    states = np.arange(len(chances))
    residual = np.zeros(len(chances))
    for node in range(rates.shape[1]):
        inner = rates[:, node] * (chances[states ^ (1 << node)] - chances)
        residual[1:-1] += inner[1:-1]
    if np.abs(residual).max() > 1e-9:
        worst = float(np.abs(residual).max())
        raise CertificateError(f"fixation probabilities leave a residual of {worst:.3g}")
