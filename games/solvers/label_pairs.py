"""Pairs of label sets that contain every label between the two."""

from __future__ import annotations

import numpy as np

__all__ = ["completely_labelled_pairs"]

_CHUNK = 1 << 22
"""Pairs tested in one array operation, a bound on memory."""


def completely_labelled_pairs(
    rows: list[int], columns: list[int], n_labels: int, n_column_variables: int
) -> list[tuple[int, int]]:
    """Every pair of a set from ``rows`` and one from ``columns`` whose union has all labels.

    Parameters
    ----------
    rows, columns : list of int
        Distinct bit masks over the same labels. Those of ``columns`` have at least
        ``n_column_variables`` bits, those of ``rows`` at least the rest.
    n_labels, n_column_variables : int

    Returns
    -------
    list of (int, int)

    Notes
    -----
    Sets of the least size match only their complement, which a dictionary finds; only the
    larger ones, of degenerate vertices, are compared with all others.

    Examples
    --------
    >>> completely_labelled_pairs([0b0011, 0b0101], [0b1100, 0b1110], 4, 2)
    [(3, 12), (3, 14), (5, 14)]
    """
    everything = (1 << n_labels) - 1
    n_row_variables = n_labels - n_column_variables
    plain = {label for label in columns if label.bit_count() == n_column_variables}
    special = [label for label in columns if label not in plain]
    pairs = [
        (label, everything ^ label)
        for label in rows
        if label.bit_count() == n_row_variables and everything ^ label in plain
    ]
    pairs += _compared(rows, special, everything)
    crowded = [label for label in rows if label.bit_count() > n_row_variables]
    pairs += _compared(crowded, list(plain), everything)
    return pairs


def _compared(rows: list[int], columns: list[int], everything: int) -> list[tuple[int, int]]:
    """Pairs with all labels, every one of ``rows`` compared with every one of ``columns``."""
    if not rows or not columns:
        return []
    if everything.bit_length() > 62 or len(rows) * len(columns) < 256:
        return [(x, y) for x in rows for y in columns if x | y == everything]
    X, Y = np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)
    step = max(1, _CHUNK // Y.size)
    pairs: list[tuple[int, int]] = []
    for start in range(0, X.size, step):
        i, j = np.nonzero((X[start : start + step, None] | Y) == everything)
        pairs += zip(X[start + i].tolist(), Y[j].tolist(), strict=True)
    return pairs
