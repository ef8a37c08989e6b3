"""All vertices of a polytope {z >= 0 : C z <= 1} in machine integers.

The search of :mod:`games.solvers.vertex_enumeration_exact`, compiled, for numbers that stay
below 54 bits: with few different payoffs, where ties abound, determinants are small. Before each
pivot all new entries are bounded; if one might be larger the search fails, and nothing is lost
but time.
"""

from __future__ import annotations

from math import log2

import numpy as np

from games.solvers.best_response_polytopes import IntMatrix
from games.solvers.vertices import MAX_LABELS, Vertices

__all__ = ["enumerate_vertices_int64", "is_promising"]

_MAX_BASES = 20_000_000
_MAX_BITS = 54

_PROMISING_BITS = 70
"""Hadamard's bound on determinants is so many bits too large, or more."""


def is_promising(coefficients: IntMatrix) -> bool:
    """Whether determinants are expected to be small enough: a guess, not a bound.

    Examples
    --------
    >>> is_promising([[1, 2], [3, 4]]), is_promising([[10**9, 10**12]] * 3)
    (True, False)
    """
    k, m = len(coefficients), len(coefficients[0])
    order = min(k, m)
    bits = sorted(log2(max(column)) for column in zip(*coefficients, strict=True))
    return (
        sum(bits[m - order :]) + order * log2(order) / 4 < _PROMISING_BITS and k + m <= MAX_LABELS
    )


def enumerate_vertices_int64(coefficients: IntMatrix) -> Vertices | None:
    """Every vertex of {z >= 0 : C z <= 1}, for a matrix C of positive integers.

    Returns
    -------
    Vertices or None
        None if a number might exceed the machine's, or there are more bases than memory.

    Examples
    --------
    >>> enumerate_vertices_int64([[1, 1]]).simple
    array([3, 6, 5])
    """
    from games.solvers.vertex_enumeration_int64_kernels import explore_exactly

    largest = max(max(row) for row in coefficients)
    if len(coefficients) + len(coefficients[0]) > MAX_LABELS or largest >= 1 << _MAX_BITS:
        return None
    bases, tight, is_complete = explore_exactly(np.array(coefficients, np.int64), _MAX_BASES)
    if not is_complete:
        return None
    is_simple = bases == tight
    # Of several bases of a vertex, one.
    degenerate = dict(zip(tight[~is_simple].tolist(), bases[~is_simple].tolist(), strict=True))
    return Vertices(bases[is_simple], degenerate, bases.size, bases.size)
