"""All vertices of a best-response polytope, in the quickest arithmetic that is sure.

See :mod:`games.solvers.best_response_polytopes` for the polytopes.
"""

from __future__ import annotations

from collections.abc import Iterable

from games.errors import TooLargeError
from games.normal_form import FloatArray
from games.solvers.best_response_polytopes import (
    IntMatrix,
    best_response_polytope,
    exact_integers,
)
from games.solvers.vertex_enumeration_exact import enumerate_vertices
from games.solvers.vertex_enumeration_float import enumerate_vertices_float, is_compiled
from games.solvers.vertices import Vertices, label_sets

__all__ = ["all_vertices", "vertices_within"]

_QUICK_BASES = 1500
"""Bases that exact integers settle in the time that loading the compiled loops would take."""

_MAX_EXACT_BASES = 2_000_000
"""Bases of one polytope after which an enumeration in integers is given up (many minutes)."""


def all_vertices(opponent_payoffs: FloatArray) -> Vertices:
    """Every vertex of the best-response polytope of one player.

    Parameters
    ----------
    opponent_payoffs : (n_variables, n_constraints) array of float
        Payoffs of the opponent; the player's own actions first.

    Raises
    ------
    TooLargeError
        If there are more bases than can be looked at.

    Examples
    --------
    >>> import numpy as np
    >>> found = all_vertices(np.array([[1.0, 1.0], [0.0, 2.0]]))
    >>> sorted([*found.simple.tolist(), *found.degenerate])
    [3, 9, 14]
    """
    if not is_compiled():
        vertices = enumerate_vertices(_coefficients(opponent_payoffs), _QUICK_BASES)
        if vertices is not None:
            return vertices
    vertices = enumerate_vertices_float(opponent_payoffs)
    if vertices is None:
        vertices = enumerate_vertices(_coefficients(opponent_payoffs), _MAX_EXACT_BASES)
    if vertices is None:
        raise TooLargeError(
            f"more than {_MAX_EXACT_BASES} bases to look at in exact integers; "
            "seek one equilibrium instead of all, or drop dominated actions"
        )
    return vertices


def _coefficients(opponent_payoffs: FloatArray) -> IntMatrix:
    return best_response_polytope(exact_integers(opponent_payoffs)[0])


def vertices_within(opponent_payoffs: FloatArray, supports: Iterable[int]) -> Vertices:
    """Vertices that use only actions of one of the supports (bit masks).

    If one player has far more actions than the other, few of them are best responses together.

    Parameters
    ----------
    opponent_payoffs : (n_variables, n_constraints) array of float
    supports : iterable of int

    Returns
    -------
    Vertices
    """
    n, k = opponent_payoffs.shape
    simple: set[int] = set()
    degenerate: dict[int, int] = {}
    n_bases = n_exact = 0
    done: list[int] = []
    for support in sorted(set(supports), key=int.bit_count, reverse=True):
        if not support or any(support & ~other == 0 for other in done):
            continue
        done.append(support)
        actions = [i for i in range(n) if support >> i & 1]
        part = all_vertices(opponent_payoffs[actions])
        n_bases, n_exact = n_bases + part.n_bases, n_exact + part.n_exact
        simple.update(_in_whole(mask, actions, n) for mask in part.simple.tolist())
        degenerate |= {
            _in_whole(tight, actions, n): _in_whole(basis, actions, n)
            for tight, basis in part.degenerate.items()
        }
    return Vertices(label_sets(simple, n + k), degenerate, n_bases, n_exact)


def _in_whole(mask: int, actions: list[int], n: int) -> int:
    """Labels in the whole polytope of a label set in the face of some actions."""
    unused = (1 << n) - 1
    for p, i in enumerate(actions):
        if not mask >> p & 1:
            unused ^= 1 << i
    return unused | mask >> len(actions) << n
