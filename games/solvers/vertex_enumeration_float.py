"""All vertices of a polytope {z >= 0 : C z <= 1} in floats, with a proof that none is missed.

Every basis is inverted afresh, so errors do not build up, and its basic solution is *proved*
to be strictly positive by an a-posteriori bound on all rounding errors (Rump 2010). A basis for
which this proof fails, or of which two ratios nearly tie, is handed to exact integers: its
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
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from games.errors import TooLargeError
from games.normal_form import FloatArray
from games.solvers.best_response_polytopes import IntMatrix
from games.solvers.vertex_enumeration_exact import Dictionary, Vertices

__all__ = ["VerifiedVertices", "enumerate_vertices_float", "is_compiled"]

MAX_BASES = 20_000_000
"""Bases of one polytope that are kept before a game is called too large (about a gigabyte)."""

_TOO_LARGE = (
    f"more than {MAX_BASES} bases to look at; seek one equilibrium instead of all, "
    "or drop dominated actions"
)

_TINY = 1e-150
"""Products with smaller numbers may lose digits to underflow."""

MAX_LABELS = 62
"""A set of labels must fit into a machine integer."""


@dataclass(frozen=True)
class VerifiedVertices:
    """Vertices, and how many bases had to be settled in exact integers.

    Parameters
    ----------
    vertices : Vertices
    n_bases, n_exact : int
    """

    vertices: Vertices
    n_bases: int
    n_exact: int


def is_compiled() -> bool:
    """Whether the compiled loops have been loaded in this process already."""
    return "games.solvers.vertex_enumeration_kernels" in sys.modules


def enumerate_vertices_float(coefficients: IntMatrix) -> VerifiedVertices | None:
    """Every vertex of {z >= 0 : C z <= 1}, for a matrix C of positive integers.

    Returns
    -------
    VerifiedVertices or None
        None, for exact arithmetic to be used throughout, if many bases are unclear, if a step
        was wrong, or if labels or differences exceed the range of machine numbers.

    Raises
    ------
    TooLargeError
        If there are more bases than memory.

    Examples
    --------
    >>> enumerate_vertices_float([[1, 1]]).vertices
    {3: 3, 5: 5, 6: 6}
    """
    from games.solvers.vertex_enumeration_kernels import explore

    try:
        D, rank = _scaled_differences(coefficients)
    except OverflowError:
        return None
    # The compiled loops scale points to sum 1, so the vertex 0 is left to integers.
    origin = Dictionary.start(coefficients)
    known = np.array([origin.basis(), *sorted(_neighbours(origin))])
    done, n_exact = 1, 0
    special: Vertices = {}
    unclear: set[int] = set()
    while done < known.size:
        bases, is_clear = explore(D, rank, known, done, MAX_BASES)
        if bases.size >= MAX_BASES:
            raise TooLargeError(_TOO_LARGE)
        fresh = bases[done:][~is_clear[done:]].tolist()
        n_exact += len(fresh)
        if n_exact > 50 + bases.size // 5:
            return None
        settled = [Dictionary.at(coefficients, basis) for basis in fresh]
        if not all(dictionary.is_lexicographically_feasible() for dictionary in settled):
            return None
        special |= {dictionary.tight(): dictionary.basis() for dictionary in settled}
        reached = {basis for dictionary in settled for basis in _neighbours(dictionary)}
        unclear.update(fresh)
        done = bases.size
        new = np.array(sorted(reached), dtype=np.int64)
        known = np.concatenate((bases, new[~np.isin(new, bases)]))
    vertices = {basis: basis for basis in known.tolist() if basis not in unclear}
    return VerifiedVertices(vertices | special, known.size, n_exact)


def _neighbours(dictionary: Dictionary) -> set[int]:
    basis = dictionary.basis()
    return {
        basis ^ (1 << label) ^ (1 << dictionary.basic[dictionary.leaving_row(entering)])
        for entering, label in enumerate(dictionary.nonbasic)
    }


def _scaled_differences(coefficients: IntMatrix) -> tuple[FloatArray, NDArray[np.int64]]:
    """Differences of rows, each rounded once, and the rows' rank by their largest entries.

    Returns
    -------
    (k, k, m) array of float
        ``[r, j, i]`` is ``(C[j][i] - C[r][i])`` over a power of two, the usual size of the
        deviations in column i: one huge entry must not drown the others.
    (k,) array of int

    Raises
    ------
    OverflowError
        If labels or differences exceed the range of machine numbers.
    """
    k = len(coefficients)
    if k + len(coefficients[0]) > MAX_LABELS:
        raise OverflowError("a set of labels does not fit into a machine integer")
    scales, deviations = [], []
    for column in zip(*coefficients, strict=True):
        middle = sorted(column)[k // 2]
        distances = [abs(value - middle) for value in column]
        usual = sorted(d for d in distances if d) or [1]
        scale = 1 << usual[len(usual) // 2].bit_length()
        scales.append(scale)
        deviations.append([d / scale for d in distances])
    D = np.zeros((k, k, len(scales)))
    for r, base in enumerate(coefficients):
        for j in range(r):
            D[r, j] = [
                (a - b) / scale for a, b, scale in zip(coefficients[j], base, scales, strict=True)
            ]
            D[j, r] = -D[r, j]
    if (np.abs(D[D != 0]) < _TINY).any():
        raise OverflowError("payoffs differ by more than the range of floats")
    rank = np.array(deviations).max(axis=0).argsort(kind="stable").argsort()
    return D, rank
