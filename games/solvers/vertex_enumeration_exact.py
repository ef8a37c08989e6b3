r"""All vertices of a polytope {z >= 0 : C z <= 1} in exact integers.

The vertices of a bounded polytope form a connected graph, whose edges are pivots between
feasible bases (dictionaries) of the linear system. Where more inequalities than dimensions
meet in a vertex, it has several bases; perturbing the right-hand side by
:math:`(\epsilon, \epsilon^2, \ldots)`, compared lexicographically, makes the polytope simple
without touching a number, and its graph of lexicographically feasible bases is connected as
well and reaches every vertex (Avis 2000). The bases are visited depth first. Tableaus hold
integers over one common denominator, the determinant of the basis, so that each division of a
pivot is exact (Edmonds 1967, Bareiss 1968).

References
----------
.. [1] D. Avis, "A revised implementation of the reverse search vertex enumeration algorithm",
   in G. Kalai and G. Ziegler (eds), Polytopes: Combinatorics and Computation, 2000, 177-198.
.. [2] E. H. Bareiss, "Sylvester's identity and multistep integer-preserving Gaussian
   elimination", Mathematics of Computation 22, 1968, 565-578.
"""

from __future__ import annotations

from dataclasses import dataclass

from games.solvers.best_response_polytopes import IntMatrix

__all__ = ["Dictionary", "Vertex", "enumerate_vertices"]


@dataclass(frozen=True, slots=True)
class Vertex:
    """A vertex of {z >= 0 : C z <= 1}.

    Parameters
    ----------
    tight : int
        Bit mask of the inequalities that hold with equality: bit i for ``z[i] >= 0``, bit
        ``n_variables + j`` for row j of C.
    point : tuple of int
        The vertex times ``denominator``.
    denominator : int
    """

    tight: int
    point: tuple[int, ...]
    denominator: int


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A basis of ``C z + s = 1`` and its simplex tableau times the basis determinant.

    Parameters
    ----------
    rows : lists of int
        One row per basic variable; one column per nonbasic variable, the right-hand side last.
    denominator : int
        Positive.
    basic, nonbasic : list of int
        Variable i < n_variables is ``z[i]``, variable ``n_variables + j`` the slack of row j.
    """

    rows: IntMatrix
    denominator: int
    basic: list[int]
    nonbasic: list[int]

    @classmethod
    def start(cls, coefficients: IntMatrix) -> Dictionary:
        """Dictionary of the vertex 0, in which every slack is basic."""
        n = len(coefficients[0])
        rows = [[*row, 1] for row in coefficients]
        return cls(rows, 1, list(range(n, n + len(rows))), list(range(n)))

    def pivot(self, leaving: int, entering: int) -> Dictionary:
        """Dictionary after the exchange of a row and a column, whose entry must be positive."""
        pivot_row = self.rows[leaving]
        head = pivot_row[entering]
        old = self.denominator
        rows = []
        for i, row in enumerate(self.rows):
            if i == leaving:
                new = pivot_row.copy()
                new[entering] = old
            elif factor := row[entering]:
                new = [(a * head - factor * b) // old for a, b in zip(row, pivot_row, strict=True)]
                new[entering] = -factor
            elif head == old:
                new = row
            else:
                new = [a * head // old for a in row]
            rows.append(new)
        basic, nonbasic = self.basic.copy(), self.nonbasic.copy()
        basic[leaving], nonbasic[entering] = nonbasic[entering], basic[leaving]
        return Dictionary(rows, head, basic, nonbasic)

    def leaving_row(self, entering: int) -> int:
        """Row of the lexicographic ratio test: the one basis that shares this column's edge."""
        best, tied = -1, False
        rows = self.rows
        for i, row in enumerate(rows):
            if row[entering] <= 0:
                continue
            if best < 0:
                best = i
                continue
            order = row[-1] * rows[best][entering] - rows[best][-1] * row[entering]
            if order < 0:
                best, tied = i, False
            elif order == 0:
                tied = True
        return self._break_tie(entering, best) if tied else best

    def _break_tie(self, entering: int, best: int) -> int:
        """Least row among those tied with ``best``, by the columns of the first slacks."""
        rows = self.rows
        ratio_row = rows[best]
        tied = [
            i
            for i, row in enumerate(rows)
            if row[entering] > 0 and row[-1] * ratio_row[entering] == ratio_row[-1] * row[entering]
        ]
        n_variables = len(self.nonbasic)
        column_of = {label: c for c, label in enumerate(self.nonbasic)}
        row_of = {label: i for i, label in enumerate(self.basic)}
        for slack in range(n_variables, n_variables + len(rows)):
            if slack in column_of:
                c = column_of[slack]
                values = [rows[i][c] for i in tied]
            else:
                values = [self.denominator * (i == row_of[slack]) for i in tied]
            low = 0
            for i in range(1, len(tied)):
                if values[i] * rows[tied[low]][entering] < values[low] * rows[tied[i]][entering]:
                    low = i
            tied = [
                row
                for row, value in zip(tied, values, strict=True)
                if value * rows[tied[low]][entering] == values[low] * rows[row][entering]
            ]
            if len(tied) == 1:
                break
        return tied[0]

    def vertex(self) -> Vertex:
        """Vertex of this basis, with every inequality that is tight there."""
        n_variables = len(self.nonbasic)
        tight = sum(1 << label for label in self.nonbasic)
        point = [0] * n_variables
        for label, row in zip(self.basic, self.rows, strict=True):
            if not row[-1]:
                tight |= 1 << label
            elif label < n_variables:
                point[label] = row[-1]
        return Vertex(tight, tuple(point), self.denominator)


def enumerate_vertices(coefficients: IntMatrix) -> list[Vertex]:
    """Every vertex of {z >= 0 : C z <= 1}, for a matrix C of positive integers.

    Parameters
    ----------
    coefficients : (n_constraints, n_variables) lists of int
        All positive, so that the polytope is bounded.

    Returns
    -------
    list of Vertex
        Each once, the vertex 0 first.

    Examples
    --------
    >>> [vertex.point for vertex in enumerate_vertices([[1, 1]])]
    [(0, 0), (0, 1), (1, 0)]
    """
    first = Dictionary.start(coefficients)
    seen = {(1 << len(first.nonbasic)) - 1}
    vertices: dict[int, Vertex] = {}
    stack = [first]
    while stack:
        dictionary = stack.pop()
        vertex = dictionary.vertex()
        vertices.setdefault(vertex.tight, vertex)
        basis = sum(1 << label for label in dictionary.nonbasic)
        for entering, label in enumerate(dictionary.nonbasic):
            leaving = dictionary.leaving_row(entering)
            neighbour = basis ^ (1 << label) ^ (1 << dictionary.basic[leaving])
            if neighbour not in seen:
                seen.add(neighbour)
                stack.append(dictionary.pivot(leaving, entering))
    return list(vertices.values())
