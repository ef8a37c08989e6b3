"""Linear equations in whole numbers, solved without fractions and without rounding.

Gauss-Jordan elimination in which every division comes out even, so that no entry grows beyond a
minor of the matrix (Bareiss, 1968).

References
----------
.. [1] E. H. Bareiss, "Sylvester's identity and multistep integer-preserving Gaussian
   elimination", Mathematics of Computation 22, 1968, 565-578.
"""

from __future__ import annotations

from collections.abc import Sequence

from games.errors import NoSolutionError

__all__ = ["solve_integers"]


def solve_integers(matrix: Sequence[Sequence[int]], right: Sequence[int]) -> tuple[list[int], int]:
    """Solution of ``matrix @ z = right`` as numerators over one positive denominator.

    Parameters
    ----------
    matrix : (n, n) nested sequence of int
    right : (n,) sequence of int

    Raises
    ------
    NoSolutionError
        If the matrix is singular.

    Examples
    --------
    >>> solve_integers([[1, 1], [1, -1]], [3, 0])
    ([3, 3], 2)
    """
    n = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    last = 1
    for column in range(n):
        place = next((r for r in range(column, n) if rows[r][column]), -1)
        if place < 0:
            raise NoSolutionError("the equations are singular")
        rows[column], rows[place] = rows[place], rows[column]
        pivot, *others = rows[column][column:]
        for r, row in enumerate(rows):
            if r != column:
                factor = row[column]
                # Columns to the left hold a multiple of the identity and are not kept up.
                row[column + 1 :] = [
                    (pivot * a - factor * b) // last
                    for a, b in zip(row[column + 1 :], others, strict=True)
                ]
        last = pivot
    sign = 1 if last > 0 else -1
    return [sign * row[n] for row in rows], sign * last
