"""Fixation of a strategy on a small network, exactly.

Each step a random node compares with a random neighbour and imitates by the Fermi rule. The
chances that the first strategy takes over from each of the 2^n sets of nodes solve one linear
system. On a complete network they depend on the number of nodes only and are those of
:mod:`games.learning.fermi_imitation`.

References
----------
.. [1] E. Lieberman, C. Hauert and M. Nowak, "Evolutionary dynamics on graphs", Nature 433, 2005.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.learning.fermi_imitation import fermi_probability
from games.learning.inputs import at_least, payoff_matrix
from games.learning.networks import average_payoff, checked_graph, neighbour_lists
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
        With more than 12 nodes.
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


def _solve_fixation(matrix: FloatArray, links: list[NDArray[np.int64]], beta: float) -> FloatArray:
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import spsolve

    n = len(links)
    full = 2**n - 1
    rows, columns, weights = [], [], []
    right = np.zeros(full + 1)
    right[full] = 1
    for mask in range(full + 1):
        rows.append(mask)
        columns.append(mask)
        if mask in (0, full):
            weights.append(1.0)
            continue
        # Strategy 0 is the first one, so a set bit means 0.
        state = np.array([1 - (mask >> i & 1) for i in range(n)])
        payoffs = np.array([average_payoff(matrix, state, links, i) for i in range(n)])
        at, total = len(weights), 0.0
        weights.append(0.0)
        for i in range(n):
            models = [j for j in links[i] if state[j] != state[i]]
            chance = sum(float(fermi_probability(payoffs[j] - payoffs[i], beta)) for j in models)
            if chance > 0:
                rate = chance / len(links[i])
                rows.append(mask)
                columns.append(mask ^ (1 << i))
                weights.append(-rate)
                total += rate
        weights[at] = total
    system = csr_array((weights, (rows, columns)), shape=(full + 1, full + 1))
    chances = spsolve(system.tocsc(), right)
    residual = float(np.abs(system @ chances - right).max())
    if not residual <= 1e-9:
        raise CertificateError(f"fixation probabilities leave a residual of {residual:.3g}")
    return np.asarray(chances.clip(0, 1))
