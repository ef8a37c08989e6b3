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
from games.solvers.vertices import Vertices, label_sets

__all__ = ["Dictionary", "enumerate_vertices"]


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

    @classmethod
    def at(cls, coefficients: IntMatrix, basis: int) -> Dictionary:
        """Dictionary of the basis whose nonbasic variables are the bits of ``basis``."""
        dictionary = cls.start(coefficients)
        n = len(dictionary.nonbasic)
        for entering in range(n):
            if not basis >> entering & 1:
                leaving = next(
                    i
                    for i, label in enumerate(dictionary.basic)
                    if basis >> label & 1 and dictionary.rows[i][entering]
                )
                dictionary = dictionary.pivot(leaving, entering)
        return dictionary

    def pivot(self, leaving: int, entering: int) -> Dictionary:
        """Dictionary after the exchange of a row and a column, whose entry must not be 0."""
        pivot_row, old = self.rows[leaving], self.denominator
        head = pivot_row[entering]
        if head < 0:
            # A negative denominator would reverse every comparison: change all signs at once.
            head, pivot_row, corner = -head, [-value for value in pivot_row], -old
        else:
            corner = old
        rows = []
        for i, row in enumerate(self.rows):
            if i == leaving:
                new = pivot_row.copy()
                new[entering] = corner
            elif factor := row[entering]:
                new = [(a * head - factor * b) // old for a, b in zip(row, pivot_row, strict=True)]
                new[entering] = -factor if corner > 0 else factor
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

    def tight(self) -> int:
        """Bit mask of the inequalities that hold with equality at this basis."""
        return self.basis() | sum(
            1 << label for label, row in zip(self.basic, self.rows, strict=True) if not row[-1]
        )

    def basis(self) -> int:
        """Bit mask of the nonbasic variables."""
        return sum(1 << label for label in self.nonbasic)

    def point(self) -> list[int]:
        """Values of z times ``denominator``."""
        point = [0] * len(self.nonbasic)
        for label, row in zip(self.basic, self.rows, strict=True):
            if label < len(point):
                point[label] = row[-1]
        return point

    def is_lexicographically_feasible(self) -> bool:
        """Whether the basis is feasible for the perturbed right-hand side."""
        first_slack = len(self.nonbasic)
        column_of = {label: c for c, label in enumerate(self.nonbasic)}
        for label, row in zip(self.basic, self.rows, strict=True):
            value = row[-1]
            slack = first_slack
            while not value:
                # A basic slack's own column is a unit vector: 1 in its row, 0 in the others.
                value = row[column_of[slack]] if slack in column_of else int(slack == label)
                slack += 1
            if value < 0:
                return False
        return True


def enumerate_vertices(coefficients: IntMatrix, max_bases: int | None = None) -> Vertices | None:
    """Every vertex of {z >= 0 : C z <= 1}, for a matrix C of positive integers.

    Parameters
    ----------
    coefficients : (n_constraints, n_variables) lists of int
        All positive, so that the polytope is bounded.
    max_bases : int, optional
        Give up when there are more bases than this.

    Returns
    -------
    Vertices or None
        None if it gave up.

    Examples
    --------
    >>> enumerate_vertices([[1, 1]]).simple
    array([3, 5, 6])
    """
    first = Dictionary.start(coefficients)
    seen = {first.basis()}
    simple: list[int] = []
    degenerate: dict[int, int] = {}
    stack = [first]
    while stack:
        dictionary = stack.pop()
        basis, tight = dictionary.basis(), dictionary.tight()
        if basis == tight:
            simple.append(basis)
        else:
            degenerate.setdefault(tight, basis)
        for entering, label in enumerate(dictionary.nonbasic):
            leaving = dictionary.leaving_row(entering)
            neighbour = basis ^ (1 << label) ^ (1 << dictionary.basic[leaving])
            if neighbour not in seen:
                seen.add(neighbour)
                stack.append(dictionary.pivot(leaving, entering))
        if max_bases is not None and len(seen) > max_bases:
            return None
    n_labels = len(first.rows) + len(first.nonbasic)
    return Vertices(label_sets(simple, n_labels), degenerate, len(seen), len(seen))
