"""Linear algebra in whole numbers: echelon forms, spans of coalitions, exact solutions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from games.errors import NoSolutionError

__all__ = [
    "common_denominator",
    "independent_rows",
    "indicator",
    "null_basis",
    "reduced_echelon",
    "solve_exactly",
    "to_fraction",
    "whole_numbers",
]

MAX_EXPONENT = 400
"""Largest power of ten, and most characters, read from text: ``1e999999999`` never ends."""


def to_fraction(number: Any) -> Fraction:
    """Rational number meant by ``number``; a float is read as the decimal that it prints as.

    Raises
    ------
    ValueError, TypeError, ArithmeticError
        If it is no finite number, or is text of more than 400 characters or powers of ten.

    Examples
    --------
    >>> to_fraction(0.1), to_fraction("1/3"), to_fraction(2)
    (Fraction(1, 10), Fraction(1, 3), Fraction(2, 1))
    """
    if isinstance(number, Fraction):
        return number
    if isinstance(number, float | np.floating):
        return Fraction(repr(float(number)))
    if isinstance(number, int | np.integer | np.bool_):
        return Fraction(int(number))
    if isinstance(number, str | Decimal):
        text = str(number)
        exponent = text.lower().partition("e")[2]
        if len(text) > MAX_EXPONENT or (exponent and abs(int(exponent)) > MAX_EXPONENT):
            raise ValueError(f"{text[:40]!r} has too many digits")
    return Fraction(number)


def common_denominator(numbers: Sequence[Fraction]) -> tuple[list[int], int]:
    """Whole numerators over one positive denominator, which comes second."""
    denominator = lcm(*(number.denominator for number in numbers)) if numbers else 1
    return [f.numerator * (denominator // f.denominator) for f in numbers], denominator


def whole_numbers(numbers: Sequence[int], n_terms: int) -> NDArray[Any]:
    """Array of whole numbers, 64 bits wide if sums of ``n_terms`` of them fit, else unbounded."""
    largest = max((abs(number) for number in numbers), default=0)
    dtype = np.int64 if largest * max(n_terms, 1) < 2**62 else object
    return np.array(numbers, dtype=dtype)


def indicator(mask: int, n_players: int) -> list[int]:
    """Row of zeros and ones: which players are in the coalition ``mask``."""
    return [mask >> i & 1 for i in range(n_players)]


def reduced_echelon(
    rows: Sequence[Sequence[int]], n_columns: int | None = None
) -> tuple[list[list[int]], list[int], list[int]]:
    """Reduced echelon form of an integer matrix, its pivot columns and the rows that made it.

    Parameters
    ----------
    rows : (m, k) nested sequence of int
    n_columns : int, optional
        Only the first ``n_columns`` columns may hold a pivot; a row that is zero there but not
        elsewhere is kept out, and makes the caller's system inconsistent.

    Returns
    -------
    echelon : list of list of int
        Each row has a positive pivot and zeros in the other rows' pivot columns.
    pivots : list of int
        Pivot column of each row of ``echelon``.
    chosen : list of int
        Rows of the input, the earliest possible, that are linearly independent.
    """
    echelon: list[list[int]] = []
    pivots: list[int] = []
    chosen: list[int] = []
    for index, given in enumerate(rows):
        row: list[int] = list(given)
        for other, pivot in zip(echelon, pivots, strict=True):
            if row[pivot]:
                row = _eliminated(row, other, pivot)
        width = len(row) if n_columns is None else n_columns
        column = next((j for j in range(width) if row[j]), None)
        if column is None:
            continue
        row = _primitive(row, column)
        echelon = [_eliminated(r, row, column) if r[column] else r for r in echelon]
        echelon = [_primitive(r, p) for r, p in zip(echelon, pivots, strict=True)]
        echelon.append(row)
        pivots.append(column)
        chosen.append(index)
    return echelon, pivots, chosen


def _eliminated(row: list[int], other: list[int], pivot: int) -> list[int]:
    divisor = gcd(row[pivot], other[pivot])
    keep, take = other[pivot] // divisor, row[pivot] // divisor
    return [keep * a - take * b for a, b in zip(row, other, strict=True)]


def _primitive(row: list[int], pivot: int) -> list[int]:
    divisor = gcd(*row) * (1 if row[pivot] > 0 else -1)
    return [a // divisor for a in row]


def independent_rows(rows: Sequence[Sequence[int]]) -> list[int]:
    """Indices of the earliest rows that are linearly independent."""
    return reduced_echelon(rows)[2]


def null_basis(rows: Sequence[Sequence[int]], n_columns: int) -> list[list[int]]:
    """Whole-number basis of the vectors that are orthogonal to every row.

    Examples
    --------
    >>> null_basis([[1, 1, 1]], 3)
    [[-1, 1, 0], [-1, 0, 1]]
    """
    echelon, pivots, _ = reduced_echelon(rows)
    basis = []
    for free in (j for j in range(n_columns) if j not in pivots):
        multiple = lcm(*(r[p] for r, p in zip(echelon, pivots, strict=True)))
        vector = [0] * n_columns
        vector[free] = multiple
        for row, pivot in zip(echelon, pivots, strict=True):
            vector[pivot] = -row[free] * (multiple // row[pivot])
        divisor = gcd(*vector)
        basis.append([entry // divisor for entry in vector])
    return basis


def solve_exactly(matrix: Sequence[Sequence[int]], right: Sequence[int]) -> list[Fraction]:
    """The unique rational solution z of ``matrix @ z = right``.

    Raises
    ------
    NoSolutionError
        If the system is inconsistent or leaves a variable free.

    Examples
    --------
    >>> solve_exactly([[1, 1], [1, -1]], [3, 0])
    [Fraction(3, 2), Fraction(3, 2)]
    """
    n_unknowns = len(matrix[0])
    augmented = [[*row, b] for row, b in zip(matrix, right, strict=True)]
    echelon, pivots, chosen = reduced_echelon(augmented, n_unknowns)
    if len(chosen) < n_unknowns:
        raise NoSolutionError(f"{len(chosen)} independent equations for {n_unknowns} unknowns")
    solution = [Fraction(0)] * n_unknowns
    for row, pivot in zip(echelon, pivots, strict=True):
        solution[pivot] = Fraction(row[-1], row[pivot])
    for given, b in zip(matrix, right, strict=True):
        if sum(a * z for a, z in zip(given, solution, strict=True) if a) != b:
            raise NoSolutionError("the equations contradict one another")
    return solution
