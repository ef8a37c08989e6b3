"""Thresholds and imitation on networks: people see only their neighbours.

A person joins once enough of the neighbours have (as a share or a number); imitation compares with
one random neighbour by the Fermi rule, payoffs being the average over games with the neighbours.
On a complete network both are the models of :mod:`games.learning.thresholds` and
:mod:`games.learning.fermi_imitation`.

References
----------
.. [1] D. Watts, "A simple model of global cascades on random networks", PNAS 99(9), 2002.
.. [2] D. Kempe, J. Kleinberg and E. Tardos, "Maximizing the spread of influence through a social
       network", KDD 2003.
.. [3] H. Ohtsuki, C. Hauert, E. Lieberman and M. Nowak, "A simple rule for the evolution of
       cooperation on graphs and social networks", Nature 441, 2006, 502-505.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.learning.fermi_imitation import fermi_probability
from games.learning.inputs import at_least, payoff_matrix, whole_number
from games.normal_form import FloatArray

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "BestSeed",
    "ImitationPath",
    "NetworkCascade",
    "ThresholdUnit",
    "best_seed",
    "imitation_on_network",
    "network_cascade",
    "network_fixation",
]

MAX_SEEDS = 20_000
"""Largest number of seed sets that are tried one by one."""

MAX_FIXATION_NODES = 12
"""Largest network whose 2^n states are solved exactly."""


class ThresholdUnit(Enum):
    """What a threshold counts: a share of the neighbours or their number."""

    SHARE = "share"
    COUNT = "count"


@dataclass(frozen=True)
class NetworkCascade:
    """A cascade on a network.

    Parameters
    ----------
    steps : tuple of frozenset
        Who joined at the start and in each round; the last round that moved somebody comes last.
    """

    steps: tuple[frozenset[Hashable], ...]

    @property
    def joined(self) -> frozenset[Hashable]:
        """All who have joined in the end."""
        return frozenset().union(*self.steps)


@dataclass(frozen=True)
class BestSeed:
    """A set of people to win over first, and what follows.

    Parameters
    ----------
    seed : frozenset
    cascade : NetworkCascade
    is_optimal : bool
        True if every set of that size was tried; False if found greedily.
    """

    seed: frozenset[Hashable]
    cascade: NetworkCascade
    is_optimal: bool


@dataclass(frozen=True, eq=False)
class ImitationPath:
    """Imitation on a network, one comparison per step.

    Parameters
    ----------
    strategies : (n_nodes,) array of int
        At the end, in the order of ``graph.nodes``.
    shares : (n_steps + 1, m) array of float
        Shares of the strategies along the way.
    """

    strategies: NDArray[np.int64]
    shares: FloatArray


def network_cascade(
    graph: nx.Graph,
    thresholds: float | Mapping[Hashable, float],
    seed: Sequence[Hashable],
    *,
    unit: ThresholdUnit = ThresholdUnit.SHARE,
) -> NetworkCascade:
    """Cascade on a network from the people in ``seed``, who never leave.

    Parameters
    ----------
    graph : networkx Graph
        Undirected, without loops from a node to itself.
    thresholds : float or mapping from node to float
        A node joins once this share (or number) of its neighbours has joined; a node without
        neighbours joins only at threshold 0 or less.
    seed : nodes
    unit : ThresholdUnit

    Raises
    ------
    InvalidGameError
        If the network is malformed or a node is unknown or has no threshold.
    CertificateError
        If somebody outside should join, or somebody joined without reason.

    Examples
    --------
    >>> import networkx as nx
    >>> ring = nx.cycle_graph(6)
    >>> len(network_cascade(ring, 0.5, [0]).joined), len(network_cascade(ring, 0.6, [0]).joined)
    (6, 1)
    """
    needed = _needed(_checked_graph(graph), thresholds, unit)
    unknown = [node for node in seed if node not in needed]
    if unknown:
        raise InvalidGameError("seed", f"{unknown[0]!r} is no node of the network")
    joined = set(seed)
    steps = [frozenset(seed)]
    while True:
        fresh = frozenset(
            node
            for node in graph
            if node not in joined and _support(graph, node, joined) >= needed[node]
        )
        if not fresh:
            break
        joined |= fresh
        steps.append(fresh)
    cascade = NetworkCascade(tuple(steps))
    _certify(graph, needed, cascade)
    return cascade


def best_seed(
    graph: nx.Graph,
    thresholds: float | Mapping[Hashable, float],
    size: int,
    *,
    unit: ThresholdUnit = ThresholdUnit.SHARE,
) -> BestSeed:
    """Set of ``size`` people whose cascade is largest.

    Every set is tried if there are at most 20,000 of them; otherwise people are added one by one,
    each the best addition, and the result says that it may not be optimal.

    Examples
    --------
    >>> import networkx as nx
    >>> sorted(best_seed(nx.star_graph(5), 0.5, 1).seed)
    [0]
    """
    nodes = list(_checked_graph(graph))
    count = whole_number(size, "size", least=1)
    if count > len(nodes):
        raise InvalidGameError("size", f"is {count}, of {len(nodes)} nodes")

    def spread(seed: tuple[Hashable, ...]) -> NetworkCascade:
        return network_cascade(graph, thresholds, seed, unit=unit)

    def reach(seed: tuple[Hashable, ...]) -> int:
        return len(spread(seed).joined)

    is_small = comb(len(nodes), count) <= MAX_SEEDS
    if is_small:
        best = max(combinations(nodes, count), key=reach)
    else:
        best = ()
        for _ in range(count):
            best = max(((*best, node) for node in nodes if node not in best), key=reach)
    return BestSeed(frozenset(best), spread(best), is_small)


def imitation_on_network(
    graph: nx.Graph,
    A: ArrayLike,
    start: Sequence[int],
    *,
    intensity: float,
    n_steps: int,
    rng: np.random.Generator,
) -> ImitationPath:
    """Path of Fermi imitation on a network.

    Parameters
    ----------
    graph : networkx Graph
        Undirected, without loops; nodes without neighbours never change.
    A : (m, m) array of float
        Payoff of the own strategy (row) against a neighbour's; averaged over the neighbours.
    start : (n_nodes,) sequence of int
        Strategies at the start, in the order of ``graph.nodes``.
    intensity : float
        Intensity of selection β >= 0.
    n_steps : int
        Comparisons.
    rng : numpy Generator
        Draws who compares with whom and whether to imitate.

    Examples
    --------
    >>> import networkx as nx
    >>> path = imitation_on_network(nx.cycle_graph(8), [[2, 2], [0, 0]], [0, 1] * 4,
    ...     intensity=10.0, n_steps=2000, rng=np.random.default_rng(0))
    >>> path.shares[-1]
    array([1., 0.])
    """
    matrix = payoff_matrix(A)
    links = _neighbours(_checked_graph(graph))
    beta, steps = at_least(intensity, "intensity"), whole_number(n_steps, "n_steps")
    state = np.array(start)
    if state.shape != (len(links),) or state.dtype.kind not in "iu":
        raise InvalidGameError("start", f"needs {len(links)} strategies, as whole numbers")
    if state.min() < 0 or state.max() >= len(matrix):
        raise InvalidGameError("start", f"strategies run from 0 to {len(matrix) - 1}")
    counts = np.bincount(state, minlength=len(matrix))
    shares = np.empty((steps + 1, len(matrix)))
    shares[0] = counts / len(state)
    for t in range(steps):
        node = int(rng.integers(len(state)))
        if len(links[node]):
            model = int(rng.choice(links[node]))
            gap = _payoff(matrix, state, links, model) - _payoff(matrix, state, links, node)
            # The Fermi rule, written so that it cannot overflow.
            copies = 0.5 * (1 + math.tanh(0.5 * beta * gap))
            if state[model] != state[node] and rng.random() < copies:
                counts[state[node]] -= 1
                counts[state[model]] += 1
                state[node] = state[model]
        shares[t + 1] = counts / len(state)
    return ImitationPath(state.astype(np.int64), shares)


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
    links = _neighbours(_checked_graph(graph))
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
        payoffs = np.array([_payoff(matrix, state, links, i) for i in range(n)])
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


def _payoff(
    matrix: FloatArray, state: NDArray[Any], links: list[NDArray[np.int64]], node: int
) -> float:
    return float(matrix[state[node], state[links[node]]].mean())


def _neighbours(graph: nx.Graph) -> list[NDArray[np.int64]]:
    position = {node: i for i, node in enumerate(graph)}
    return [np.array([position[other] for other in graph[node]], dtype=np.int64) for node in graph]


def _needed(
    graph: nx.Graph, thresholds: float | Mapping[Hashable, float], unit: ThresholdUnit
) -> dict[Hashable, float]:
    """Number of neighbours that each node waits for."""
    needed = {}
    for node in graph:
        if isinstance(thresholds, Mapping):
            if node not in thresholds:
                raise InvalidGameError("thresholds", f"node {node!r} has none")
            value = float(thresholds[node])
        else:
            value = float(thresholds)
        if np.isnan(value):
            raise InvalidGameError("thresholds", f"node {node!r} has nan")
        if unit is ThresholdUnit.SHARE and np.isfinite(value) and value > 0:
            # Rounding of a share such as 1/3 of 3 neighbours must not ask for one more.
            degree = graph.degree(node)
            value = max(math.ceil(value * degree - 1e-9), 1) if degree else math.inf
        needed[node] = value
    return needed


def _support(graph: nx.Graph, node: Hashable, joined: set[Hashable]) -> int:
    return sum(other in joined for other in graph[node])


def _certify(graph: nx.Graph, needed: dict[Hashable, float], cascade: NetworkCascade) -> None:
    """Everybody outside stays out for want of support, everybody inside had it in time."""
    before: set[Hashable] = set()
    for k, fresh in enumerate(cascade.steps):
        if k > 0 and any(_support(graph, node, before) < needed[node] for node in fresh):
            raise CertificateError(f"somebody joined in round {k} without enough neighbours")
        before |= fresh
    if any(_support(graph, node, before) >= needed[node] for node in set(graph) - before):
        raise CertificateError("somebody outside the cascade should have joined")


def _checked_graph(graph: nx.Graph) -> nx.Graph:
    import networkx

    if not isinstance(graph, networkx.Graph) or graph.is_directed() or graph.is_multigraph():
        raise InvalidGameError("graph", "must be an undirected networkx Graph")
    if graph.number_of_nodes() == 0:
        raise InvalidGameError("graph", "has no nodes")
    if networkx.number_of_selfloops(graph):
        raise InvalidGameError("graph", "has a loop from a node to itself; remove it")
    return graph
