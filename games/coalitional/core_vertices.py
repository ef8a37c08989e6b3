"""Vertices of the core, by cutting the imputation simplex coalition by coalition.

The double description method (Motzkin, Raiffa, Thompson & Thrall, 1953) in exact fractions:
each constraint keeps the vertices that satisfy it and adds one on every edge that it cuts. Two
vertices share an edge exactly if no third one meets all the constraints that both meet. A core
has at most n! vertices (Derks & Kuipers, 2002), which convex games reach.

References
----------
.. [1] T. S. Motzkin, H. Raiffa, G. L. Thompson, R. M. Thrall, "The double description method",
   in Contributions to the Theory of Games II, 1953, 51-73.
.. [2] J. Derks, J. Kuipers, "On the number of extreme points of the core of a transferable
   utility game", in Chapters in Game Theory, 2002, 83-97.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np

from games.coalitional.lattice import members
from games.coalitional.rational import independent_rows, indicator
from games.coalitional.tu_game import TUGame
from games.errors import CertificateError, NoSolutionError, TooLargeError

__all__ = ["MAX_VERTEX_PLAYERS", "core_vertices"]

MAX_VERTEX_PLAYERS = 6
"""Most players: 6! = 720 vertices in dimension 5; each further player costs 50 times as much."""

Vertex = tuple[Fraction, ...]


def core_vertices(game: TUGame) -> tuple[Vertex, ...]:
    """All vertices of the core as exact fractions, in lexicographic order.

    Raises
    ------
    NoSolutionError
        If the core is empty.
    TooLargeError
        With more than 6 players.

    Notes
    -----
    Floats are read as the decimals that they print as. Rounded worths can leave a core empty by
    their last digit, or split a vertex in two: give fractions where that matters.

    Examples
    --------
    >>> [[str(x) for x in vertex] for vertex in core_vertices(TUGame([0, 1, 1, 4]))]
    [['1', '3'], ['3', '1']]
    """
    n = game.n_players
    if n > MAX_VERTEX_PLAYERS:
        raise TooLargeError(
            f"core vertices of {n} players: the limit is {MAX_VERTEX_PLAYERS}; core() decides "
            "emptiness and gives a point"
        )
    table = game.rational
    worths = [Fraction(int(w), table.denominator) for w in table.numerators]
    vertices = _imputation_vertices(worths, n)
    singles = [1 << i for i in range(n)]
    rows = {mask: k for k, mask in enumerate(singles)}
    everyone = (1 << n) - 1
    proper = [m for m in range(1, everyone) if m not in rows]
    for mask in sorted(proper, key=lambda m: (m.bit_count(), m)):
        rows[mask] = len(rows)
        vertices = _cut(vertices, mask, worths[mask], rows[mask], n)
        if not vertices:
            raise NoSolutionError("the core is empty; core() gives a proof")
    found = tuple(sorted(vertices))
    _check(found, worths, n)
    return found


def _imputation_vertices(worths: list[Fraction], n: int) -> dict[Vertex, int]:
    """Vertices of the imputation simplex, each with the set of constraints that it meets."""
    alone = [worths[1 << i] for i in range(n)]
    surplus = worths[-1] - sum(alone)
    if surplus < 0:
        raise NoSolutionError("the core is empty: not even one imputation exists")
    vertices = {}
    for i in range(n):
        vertex = tuple(a + (surplus if i == j else 0) for j, a in enumerate(alone))
        vertices[vertex] = ((1 << n) - 1) ^ ((1 << i) if surplus else 0)
    return vertices


def _cut(
    vertices: dict[Vertex, int], mask: int, worth: Fraction, row: int, n: int
) -> dict[Vertex, int]:
    """Vertices of the polytope intersected with x(S) >= worth."""
    points = list(vertices)
    met = np.array(list(vertices.values()), dtype=np.uint64)
    slack = [sum((x[i] for i in members(mask)), -worth) for x in points]
    kept = {
        x: constraints | (1 << row if s == 0 else 0)
        for (x, constraints), s in zip(vertices.items(), slack, strict=True)
        if s >= 0
    }
    above = [k for k, s in enumerate(slack) if s > 0]
    for a in (k for k, s in enumerate(slack) if s < 0):
        shared = met[above] & met[a]
        for position in np.flatnonzero(np.bitwise_count(shared) >= max(n - 2, 0)):
            b = above[position]
            both = shared[position]
            if np.count_nonzero((met & both) == both) > 2:
                continue  # a third vertex meets them too: no edge
            share = slack[b] / (slack[b] - slack[a])
            new = tuple(q + share * (p - q) for p, q in zip(points[a], points[b], strict=True))
            kept[new] = int(both) | 1 << row
    return kept


def _check(vertices: tuple[Vertex, ...], worths: list[Fraction], n: int) -> None:
    """Raise unless each point is in the core, and the only one at its binding coalitions."""
    if any(a == b for a, b in pairwise(vertices)):
        raise CertificateError("a vertex of the core is listed twice")
    for x in vertices:
        binding = []
        for mask in range(1, 1 << n):
            slack = sum((x[i] for i in members(mask)), -worths[mask])
            if slack < 0 or (mask == (1 << n) - 1 and slack):
                raise CertificateError(f"a vertex misses the worth of coalition {mask}")
            if slack == 0:
                binding.append(indicator(mask, n))
        if len(independent_rows(binding)) < n:
            raise CertificateError("a point listed as a vertex of the core is none")
