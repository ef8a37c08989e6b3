"""Stochastic stability: which conventions survive rare mistakes in the long run.

Best replies lead a population to one of several *recurrent classes* (conventions); a rare mistake
can lead from one to another. The *resistance* from class i to class j is the least number of
mistakes that does. The *stochastic potential* of a class is the least total resistance of a tree
of transitions into it from all the others (a minimum arborescence), and as mistakes become rare
all the time is spent in the classes of least potential (Freidlin and Wentzell, 1984; Young, 1993).

References
----------
.. [1] H. P. Young, "The evolution of conventions", Econometrica 61(1), 1993, 57-84.
.. [2] M. Kandori, G. Mailath and R. Rob, "Learning, mutation, and long run equilibria in games",
       Econometrica 61(1), 1993, 29-56.
.. [3] J. Edmonds, "Optimum branchings", J. Res. Nat. Bur. Standards 71B, 1967, 233-240.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.learning.inputs import payoff_matrix, whole_number
from games.normal_form import FloatArray
from games.repeated.exact_numbers import Number, exact

__all__ = [
    "ConventionCosts",
    "StochasticStability",
    "mistake_costs",
    "stochastic_stability",
    "stochastically_stable_classes",
]

MAX_STATES = 1500
"""Largest number of states whose mistakes are compared pairwise."""

MAX_STRATEGIES = 12
"""Largest number of strategies of a population, whose 2^m sets are gone through."""


@dataclass(frozen=True)
class StochasticStability:
    """Recurrent classes, their stochastic potentials, and the stable ones.

    Parameters
    ----------
    classes : tuple of tuple of int
        States of each recurrent class.
    resistances : tuple of tuple of Fraction or infinity
        Least cost of the mistakes from class i to class j.
    potentials : tuple of Fraction or infinity
        Of each class; infinite if some other class never leads to it.
    trees : tuple of tuple of (int, int)
        For each class a tree of that cost: transitions from class to class, all leading to it.
        Empty if the potential is infinite.
    stable : tuple of int
        Classes of least potential, all of them in a tie.
    """

    classes: tuple[tuple[int, ...], ...]
    resistances: tuple[tuple[Fraction | float, ...], ...]
    potentials: tuple[Fraction | float, ...]
    trees: tuple[tuple[tuple[int, int], ...], ...]
    stable: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class ConventionCosts:
    """One-step costs of a population that replies best but for mistakes.

    Parameters
    ----------
    states : tuple of tuple of int
        Numbers of players of each strategy.
    costs : (n_states, n_states) array of float
        Least number of mistakes in a step from one state to another.
    """

    states: tuple[tuple[int, ...], ...]
    costs: FloatArray


def stochastic_stability(
    resistances: Sequence[Sequence[Number]], classes: Sequence[Sequence[int]] = ()
) -> StochasticStability:
    """Stochastic potentials and stable classes from the resistances between classes.

    Parameters
    ----------
    resistances : (k, k) numbers, not negative
        From class i (row) to class j; infinity where no mistakes lead there. The diagonal is not
        read.
    classes : sequence of sequences of int, optional
        Names of the states of each class; ``(0,), (1,), ...`` when left out.

    Raises
    ------
    InvalidGameError
        If the matrix is malformed or no class can be reached from all the others.
    CertificateError
        If a tree's cost is above the lower bound that Edmonds's contraction proves.

    Examples
    --------
    >>> stochastic_stability([[0, 3], [2, 0]]).stable
    (0,)
    """
    matrix = _checked_resistances(resistances)
    k = len(matrix)
    names = tuple(tuple(c) for c in classes) or tuple((i,) for i in range(k))
    if len(names) != k:
        raise InvalidGameError("classes", f"{len(names)} given for {k} rows of resistances")
    potentials: list[Fraction | float] = []
    trees: list[tuple[tuple[int, int], ...]] = []
    for root in range(k):
        tree = _cheapest_tree(matrix, root)
        potentials.append(math.inf if tree is None else _certified_cost(matrix, root, tree))
        trees.append(tree or ())
    least = min(potentials)
    if least == math.inf:
        raise InvalidGameError("resistances", "lead all the other classes to none of them")
    stable = tuple(i for i, cost in enumerate(potentials) if cost == least)
    return StochasticStability(names, matrix, tuple(potentials), tuple(trees), stable)


def stochastically_stable_classes(costs: ArrayLike) -> StochasticStability:
    """Recurrent classes of a process with rare mistakes, with their potentials.

    Parameters
    ----------
    costs : (n_states, n_states) array of float
        Mistakes needed for each one-step transition: 0 without, infinity where impossible.

    Raises
    ------
    InvalidGameError
        If the matrix is malformed or some state has no transition of cost 0.

    Examples
    --------
    >>> inf = math.inf
    >>> found = stochastically_stable_classes([[0, 1, inf], [0, inf, 0], [inf, 2, 0]])
    >>> found.classes, found.stable  # one mistake leads from 0 to 2, two lead back
    (((0,), (2,)), (1,))
    """
    import networkx
    from scipy.sparse.csgraph import csgraph_from_dense, dijkstra

    matrix, unit = _checked_costs(costs)
    n = len(matrix)
    free = networkx.DiGraph()
    free.add_nodes_from(range(n))
    free.add_edges_from(np.argwhere(matrix == 0).tolist())
    condensed = networkx.condensation(free)
    members = networkx.get_node_attributes(condensed, "members")
    classes = sorted(
        tuple(sorted(members[c])) for c, degree in condensed.out_degree() if degree == 0
    )
    # A null value of infinity keeps links of cost zero, which a dense matrix would drop.
    graph = csgraph_from_dense(matrix, null_value=np.inf)
    paths = dijkstra(graph, indices=[c[0] for c in classes])
    resistances = [
        [
            math.inf if x == math.inf else Fraction(float(x)) * unit
            for x in row[[c[0] for c in classes]]
        ]
        for row in paths
    ]
    return stochastic_stability(resistances, classes)


def mistake_costs(A: ArrayLike, size: int, *, may_stay: bool = False) -> ConventionCosts:
    """Costs of mistakes when all players of a population reply best to the others at once.

    Parameters
    ----------
    A : (m, m) array of float
        Payoff of the own strategy (row) against another player's, read as decimals: best replies
        tie exactly or not at all.
    size : int
        Number of players, at least 2; each plays all the others.
    may_stay : bool
        Whether keeping one's strategy is free as well (players revise now and then).

    Raises
    ------
    TooLargeError
        With more than 1,500 states or 12 strategies.

    Examples
    --------
    >>> costs = mistake_costs([[4, 0], [3, 2]], 10)
    >>> found = stochastically_stable_classes(costs.costs)
    >>> [costs.states[found.classes[i][0]] for i in found.stable]  # the risk-dominant convention
    [(0, 10)]
    """
    matrix = payoff_matrix(A)
    m, N = len(matrix), whole_number(size, "size", least=2)
    n = math.comb(N + m - 1, m - 1)
    if n > MAX_STATES:
        raise TooLargeError(f"{n} states of {N} players; at most {MAX_STATES} are compared")
    if m > MAX_STRATEGIES:
        raise TooLargeError(f"{m} strategies; at most {MAX_STRATEGIES} are handled")
    chosen = combinations_with_replacement(range(m), N)
    states = np.array([np.bincount(choice, minlength=m) for choice in chosen])[::-1]
    costs = np.empty((n, n))
    subsets = np.array([[mask >> k & 1 for k in range(m)] for mask in range(2**m)])
    filled = subsets @ states.T
    payoffs = _whole_multiples(matrix)
    for row, state in enumerate(states):
        allowed = _best_replies(payoffs, state)
        if may_stay:
            allowed |= np.eye(m, dtype=bool)
        # Fewest mistakes = N - largest flow from players to strategies that reply best; by
        # max-flow min-cut over the 2^m sets of strategies whose places are all filled.
        outside = (allowed[None, :, :] & (subsets[:, None, :] == 0)).any(axis=2)
        flow = (filled + (outside @ state)[:, None]).min(axis=0)
        costs[row] = N - flow
    return ConventionCosts(tuple(tuple(int(c) for c in s) for s in states), costs)


def _whole_multiples(matrix: FloatArray) -> NDArray[Any]:
    """Payoffs as Python integers, all multiplied by one number: sums of them are exact."""
    entries = [exact(float(x), "A") for x in matrix.ravel()]
    multiple = math.lcm(*(x.denominator for x in entries))
    whole = np.empty(matrix.size, dtype=object)
    whole[:] = [int(x * multiple) for x in entries]
    return whole.reshape(matrix.shape)


def _best_replies(payoffs: NDArray[Any], state: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether strategy k is a best reply of a player who now plays i to the others, ``[i, k]``."""
    others = state[None, :] - np.eye(len(payoffs), dtype=np.int64)
    worths = others.astype(object) @ payoffs.T
    return np.asarray(worths == worths.max(axis=1, keepdims=True), dtype=bool)


def _cheapest_tree(
    matrix: tuple[tuple[Fraction | float, ...], ...], root: int
) -> tuple[tuple[int, int], ...] | None:
    """Minimum tree of transitions into the root, None if some class does not lead there."""
    import networkx

    k = len(matrix)
    if k == 1:
        return ()
    # Turned round: an arborescence that grows from the root.
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(k))
    for i in range(k):
        for j in range(k):
            if i != root and i != j and matrix[i][j] != math.inf:
                graph.add_edge(j, i, weight=matrix[i][j])
    if len(networkx.descendants(graph, root)) < k - 1:
        return None
    tree = networkx.minimum_spanning_arborescence(graph)
    return tuple(sorted((i, j) for j, i in tree.edges))


def _certified_cost(
    matrix: tuple[tuple[Fraction | float, ...], ...], root: int, tree: tuple[tuple[int, int], ...]
) -> Fraction:
    """Cost of a tree, after the check that it is one and that none is cheaper."""
    leads = dict(tree)
    if len(tree) != len(matrix) - 1 or len(leads) != len(tree) or root in leads:
        raise CertificateError(f"{tree} is no tree into class {root}")
    for start in leads:
        node = start
        for _ in tree:
            node = leads.get(node, root)
        if node != root:
            raise CertificateError(f"class {start} does not lead to class {root} in {tree}")
    cost = sum((Fraction(matrix[i][j]) for i, j in tree), Fraction(0))
    bound = _lower_bound(matrix, root)
    if cost != bound:
        raise CertificateError(f"tree into class {root} costs {cost}, but {bound} would do")
    return cost


def _lower_bound(matrix: tuple[tuple[Fraction | float, ...], ...], root: int) -> Fraction:
    """Cost below which no tree into the root exists (Edmonds's dual, exact).

    Every group of classes without the root must be left at least once: charge each the cheapest
    way out, reduce the costs, merge classes that now lead round in a circle, repeat.
    """
    costs = {i: {j: x for j, x in enumerate(row) if j != i} for i, row in enumerate(matrix)}
    bound = Fraction(0)
    while True:
        leads = {}
        for i, row in costs.items():
            if i != root:
                leads[i] = min(row, key=row.__getitem__)
                least = Fraction(row[leads[i]])
                bound += least
                costs[i] = {j: x - least for j, x in row.items()}
        cycle = _cycle(leads)
        if not cycle:
            return bound
        merged = min(cycle)
        out: dict[int, Fraction | float] = {}
        for i in cycle:
            for j, x in costs.pop(i).items():
                if j not in cycle:
                    out[j] = min(out.get(j, math.inf), x)
        for row in costs.values():
            ways = [row.pop(j) for j in cycle if j in row]
            if ways:
                row[merged] = min(ways)
        costs[merged] = out


def _cycle(leads: dict[int, int]) -> set[int]:
    """One circle of a map from classes to classes, empty if there is none."""
    done: set[int] = set()
    for start in leads:
        path: list[int] = []
        node = start
        while node in leads and node not in done and node not in path:
            path.append(node)
            node = leads[node]
        if node in path:
            return set(path[path.index(node) :])
        done |= set(path)
    return set()


def _checked_resistances(
    resistances: Sequence[Sequence[Number]],
) -> tuple[tuple[Fraction | float, ...], ...]:
    rows = [list(row) for row in resistances]
    if not rows or any(len(row) != len(rows) for row in rows):
        raise InvalidGameError("resistances", "must be a square matrix")
    return tuple(
        tuple(
            Fraction(0) if i == j else _cost(x, f"resistances[{i}, {j}]")
            for j, x in enumerate(row)
        )
        for i, row in enumerate(rows)
    )


def _cost(value: Number, place: str) -> Fraction | float:
    if value == math.inf:
        return math.inf
    number = exact(value, place)
    if number < 0:
        raise InvalidGameError(place, f"is {value}; a cost is not negative")
    return number


def _checked_costs(costs: ArrayLike) -> tuple[FloatArray, Fraction]:
    """Costs as whole multiples of a unit where floats can hold them, so that ties are ties."""
    try:
        matrix = np.array(costs, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError("costs", f"not a matrix of numbers ({error})") from None
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise InvalidGameError("costs", f"has shape {matrix.shape}; a square matrix is needed")
    if np.isnan(matrix).any() or matrix.min() < 0:
        raise InvalidGameError("costs", "has an entry that is no cost from 0 to infinity")
    stuck = np.flatnonzero((matrix != 0).all(axis=1))
    if len(stuck):
        raise InvalidGameError(
            f"costs[{stuck[0]}]", "has no transition of cost 0; without mistakes play must go on"
        )
    finite = {float(x): exact(float(x), "costs") for x in np.unique(matrix[np.isfinite(matrix)])}
    multiple = math.lcm(*(x.denominator for x in finite.values()))
    if max(finite.values()) * multiple * len(matrix) >= 2**53:
        return matrix, Fraction(1)
    return np.where(np.isfinite(matrix), np.round(matrix * multiple), np.inf), Fraction(
        1, multiple
    )
