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
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import CertificateError, InvalidGameError
from games.learning.inputs import at_least, payoff_matrix, whole_number
from games.normal_form import FloatArray

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "BestSeed",
    "ImitationPath",
    "NetworkCascade",
    "ThresholdUnit",
    "average_payoff",
    "best_seed",
    "checked_graph",
    "imitation_on_network",
    "neighbour_lists",
    "network_cascade",
]

MAX_SEEDS = 20_000
"""Largest number of seed sets that are tried one by one."""


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
    needed = _needed(checked_graph(graph), thresholds, unit)
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
    nodes = list(checked_graph(graph))
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
    links = neighbour_lists(checked_graph(graph))
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
            theirs, own = (average_payoff(matrix, state, links, k) for k in (model, node))
            # The Fermi rule, written so that it cannot overflow.
            copies = 0.5 * (1 + math.tanh(0.5 * beta * (theirs - own)))
            if state[model] != state[node] and rng.random() < copies:
                counts[state[node]] -= 1
                counts[state[model]] += 1
                state[node] = state[model]
        shares[t + 1] = counts / len(state)
    return ImitationPath(state.astype(np.int64), shares)


def average_payoff(
    matrix: FloatArray, state: NDArray[Any], links: list[NDArray[np.int64]], node: int
) -> float:
    """Payoff of a node, averaged over the games with its neighbours."""
    return float(matrix[state[node], state[links[node]]].mean())


def neighbour_lists(graph: nx.Graph) -> list[NDArray[np.int64]]:
    """Positions of each node's neighbours, in the order of ``graph.nodes``."""
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
            given: object = thresholds[node]
        else:
            given = thresholds
        if not isinstance(given, Real) or math.isnan(given):
            raise InvalidGameError("thresholds", f"node {node!r} has {given!r}; no number")
        value = float(given)
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


def checked_graph(graph: nx.Graph) -> nx.Graph:
    """Network itself, if it is undirected, simple and not empty; InvalidGameError otherwise."""
    import networkx

    if not isinstance(graph, networkx.Graph) or graph.is_directed() or graph.is_multigraph():
        raise InvalidGameError("graph", "must be an undirected networkx Graph")
    if graph.number_of_nodes() == 0:
        raise InvalidGameError("graph", "has no nodes")
    if networkx.number_of_selfloops(graph):
        raise InvalidGameError("graph", "has a loop from a node to itself; remove it")
    return graph
