"""Pairs of label sets that contain every label between the two."""

from __future__ import annotations

import numpy as np

from games.solvers.vertices import LabelSets

__all__ = ["completely_labelled_pairs"]

_CHUNK = 1 << 22
"""Pairs tested in one array operation, a bound on memory."""


def completely_labelled_pairs(
    rows: LabelSets,
    crowded_rows: LabelSets,
    columns: LabelSets,
    crowded_columns: LabelSets,
    n_labels: int,
) -> list[tuple[int, int]]:
    """Every pair of a label set of a row strategy and one of a column strategy with all labels.

    Parameters
    ----------
    rows, columns : arrays of bit masks
        Distinct label sets of the least size: a set of ``rows`` and one of ``columns`` have
        ``n_labels`` labels together.
    crowded_rows, crowded_columns : arrays of bit masks
        Distinct larger ones, of degenerate vertices.
    n_labels : int

    Returns
    -------
    list of (int, int)

    Notes
    -----
    Sets of the least size match only their complement, which sorting finds; only the larger
    ones are compared with all others.

    Examples
    --------
    >>> rows, columns = np.array([0b0011, 0b0101]), np.array([0b1100])
    >>> completely_labelled_pairs(rows, rows[:0], columns, np.array([0b1110]), 4)
    [(3, 12), (3, 14), (5, 14)]
    """
    everything = (1 << n_labels) - 1
    matched = np.intersect1d(everything ^ rows, columns, assume_unique=True).tolist()
    pairs = [(everything ^ labels, labels) for labels in matched]
    for some_rows, some_columns in (
        (rows, crowded_columns),
        (crowded_rows, columns),
        (crowded_rows, crowded_columns),
    ):
        if some_rows.size and some_columns.size:
            pairs += _compared(some_rows, some_columns, everything)
    return pairs


def _compared(rows: LabelSets, columns: LabelSets, everything: int) -> list[tuple[int, int]]:
    """Pairs with all labels, every one of ``rows`` compared with every one of ``columns``."""
    pairs: list[tuple[int, int]] = []
    step = max(1, _CHUNK // columns.size)
    for start in range(0, rows.size, step):
        part = rows[start : start + step]
        i, j = np.nonzero((part[:, None] | columns) == everything)
        pairs += zip(part[i].tolist(), columns[j].tolist(), strict=True)
    return pairs
