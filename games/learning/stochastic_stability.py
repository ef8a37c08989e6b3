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

import numpy as np
from numpy.typing import ArrayLike

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


@dataclass(frozen=True)
class StochasticStability:
    """Recurrent classes, their stochastic potentials, and the stable ones.

    Parameters
    ----------
    classes : tuple of tuple of int
        States of each recurrent class.
    resistances : tuple of tuple of Fraction or infinity
        Least cost of the mistakes from class i to class j.
    potentials : tuple of Fraction
        Of each class.
    trees : tuple of tuple of (int, int)
        For each class a tree of that cost: transitions from class to class, all leading to it.
    stable : tuple of int
        Classes of least potential, all of them in a tie.
    """

    classes: tuple[tuple[int, ...], ...]
    resistances: tuple[tuple[Fraction | float, ...], ...]
    potentials: tuple[Fraction, ...]
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
        If the matrix is malformed or some class cannot be reached from another.
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
    potentials, trees = [], []
    for root in range(k):
        tree = _cheapest_tree(matrix, root)
        cost = sum((Fraction(matrix[i][j]) for i, j in tree), Fraction(0))
        _certify_tree(matrix, root, tree, cost)
        potentials.append(cost)
        trees.append(tree)
    least = min(potentials)
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
    >>> found.classes, found.stable
    (((0,), (2,)), (1,))
    """
    import networkx
    from scipy.sparse.csgraph import dijkstra

    matrix = _checked_costs(costs)
    n = len(matrix)
    free = networkx.DiGraph()
    free.add_nodes_from(range(n))
    free.add_edges_from(np.argwhere(matrix == 0).tolist())
    condensed = networkx.condensation(free)
    classes = sorted(
        tuple(sorted(condensed.nodes[c]["members"])) for c in condensed if not condensed.out_degree(c)
    )
    # Zero-cost links vanish in sparse graphs, so costs are counted in mistakes plus one tiny
    # step: with n steps at most, the steps never add up to a mistake.
    step = float(matrix[(matrix > 0) & np.isfinite(matrix)].min(initial=1.0)) / (4 * n)
    paths = dijkstra(
        np.where(np.isfinite(matrix), matrix + step, np.inf), indices=[c[0] for c in classes]
    )
    raise NotImplementedError(paths)


def mistake_costs(A: ArrayLike, size: int) -> ConventionCosts:
    """Costs of mistakes when all players of a population reply best to the others at once.

    Parameters
    ----------
    A : (m, m) array of float
        Payoff of the own strategy (row) against another player's.
    size : int
        Number of players; each plays all the others.

    Raises
    ------
    TooLargeError
        With more than 1,500 states.

    Examples
    --------
    >>> costs = mistake_costs([[4, 0], [3, 2]], 4)
    >>> found = stochastically_stable_classes(costs.costs)
    >>> [costs.states[found.classes[i][0]] for i in found.stable]
    [(0, 4)]
    """
    raise NotImplementedError
