"""All vertices of a polytope {z >= 0 : C z <= 1} in floats, with a proof that none is missed.

The basic solution of every basis is *proved* to be strictly positive by an a-posteriori bound on
all rounding errors (Rump 2010), whatever approximate inverse it came from. Where two ratios
nearly tie, as with one huge penalty, the neighbour is the candidate of which this can be proved.
A basis for which the proof fails or a tie stays open is handed to exact integers: its
feasibility and its neighbours are found there, ties broken lexicographically.

In the end each basis is known to be feasible, and each edge that leaves it is known to lead to
another basis in the list. Two strictly feasible bases that share all but one nonbasic variable
are the two ends of one edge, so a wrong guess of the ratio test in floats could only have led
to a basis that fails. A set of bases that is closed under all edges of a connected graph is the
whole graph: the list is complete, whatever was rounded.

References
----------
.. [1] S. M. Rump, "Verification methods: rigorous results using floating-point arithmetic",
   Acta Numerica 19, 2010, 287-449.
"""

from __future__ import annotations

import sys

import numpy as np

from games.errors import TooLargeError
from games.normal_form import FloatArray
from games.solvers.best_response_polytopes import (
    IntMatrix,
    best_response_polytope,
    exact_integers,
)
from games.solvers.vertex_enumeration_exact import Dictionary
from games.solvers.vertex_enumeration_int64 import enumerate_vertices_int64, is_promising
from games.solvers.vertices import MAX_LABELS, Vertices

__all__ = ["enumerate_vertices_float", "is_compiled"]

MAX_BASES = 20_000_000
"""Bases of one polytope that are kept before a game is called too large (about a gigabyte)."""

_TOO_LARGE = (
    f"more than {MAX_BASES} bases to look at; seek one equilibrium instead of all, "
    "or drop dominated actions"
)


def is_compiled() -> bool:
    """Whether the compiled loops have been loaded in this process already."""
    return "games.solvers.vertex_enumeration_kernels" in sys.modules


def enumerate_vertices_float(opponent_payoffs: FloatArray) -> Vertices | None:
    """Every vertex of the best-response polytope of one player.

    Parameters
    ----------
    opponent_payoffs : (n_variables, n_constraints) array of float
        Payoffs of the opponent; the player's own actions first.

    Returns
    -------
    Vertices or None
        None, for exact arithmetic to be used throughout, if many bases are unclear, if a step
        was wrong, or if labels or differences exceed the range of machine numbers.

    Raises
    ------
    TooLargeError
        If there are more bases than memory.

    Examples
    --------
    >>> enumerate_vertices_float(np.array([[0.0], [0.0]])).simple
    array([3, 6, 5])
    """
    from games.solvers.vertex_enumeration_kernels import explore, prepare

    if sum(opponent_payoffs.shape) > MAX_LABELS:
        return None
    # The compiled loops scale points to sum 1; the vertex 0 and its neighbours are given.
    D, rank, known = prepare(np.array(opponent_payoffs, dtype=float, order="C"))
    if not D.size:
        return None
    done = 1
    coefficients = None
    degenerate: dict[int, int] = {}
    crowded: list[int] = []
    n_exact = 0
    while done < known.size:
        bases, is_clear = explore(D, rank, known, done, MAX_BASES)
        if bases.size >= MAX_BASES:
            raise TooLargeError(_TOO_LARGE)
        fresh = bases[done:][~is_clear[done:]].tolist()
        n_exact += len(fresh)
        if not fresh:
            known = bases
            break
        if coefficients is None:
            coefficients = best_response_polytope(exact_integers(opponent_payoffs)[0])
            # Where ties are many, numbers are few and small, as a rule.
            if is_promising(coefficients):
                vertices = enumerate_vertices_int64(coefficients)
                if vertices is not None:
                    return vertices
        if n_exact > 50 + bases.size // 5:
            return None
        labels, reached = _settled(coefficients, fresh)
        if len(labels) < len(fresh):
            return None
        degenerate |= {tight: basis for tight, basis in labels if tight != basis}
        crowded += [basis for tight, basis in labels if tight != basis]
        done = bases.size
        new = np.array(sorted(reached), dtype=np.int64)
        known = np.concatenate((bases, new[~np.isin(new, bases)]))
    simple = known[~np.isin(known, crowded)] if crowded else known
    return Vertices(simple, degenerate, known.size, n_exact)


def _settled(coefficients: IntMatrix, bases: list[int]) -> tuple[list[tuple[int, int]], set[int]]:
    """Label set and basis of each basis, up to the first infeasible one; all neighbours."""
    labels: list[tuple[int, int]] = []
    reached: set[int] = set()
    for basis in bases:
        dictionary = Dictionary.at(coefficients, basis)
        if not dictionary.is_lexicographically_feasible():
            break
        labels.append((dictionary.tight(), basis))
        for entering, label in enumerate(dictionary.nonbasic):
            leaving = dictionary.basic[dictionary.leaving_row(entering)]
            reached.add(basis ^ (1 << label) ^ (1 << leaving))
    return labels, reached
