"""Scaling of linear programs by geometric means of the extreme entries of rows and columns.

Floating-point codes ignore entries a billion times smaller than others. Multiplying rows and
columns by factors leaves the program what it is and may bring its entries together (Curtis and
Reid, 1972; here the cheaper rule of geometric means, in turn for rows and for columns).

References
----------
.. [1] A. R. Curtis and J. K. Reid, "On the automatic scaling of matrices for Gaussian
   elimination", IMA Journal of Applied Mathematics 10(1), 1972, 118-124.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from games.normal_form import FloatArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["equilibrated"]

_ROUNDS = 10


def equilibrated(rows: csr_array) -> tuple[FloatArray, FloatArray]:
    """Factors of rows and of columns that bring the entries near 1.

    Parameters
    ----------
    rows : (m, n) sparse array without stored zeros

    Returns
    -------
    of_row : (m,) array of float
    of_column : (n,) array of float
        The largest is 1.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> of_row, of_column = equilibrated(csr_array([[1.0, 1e12], [2.0, 2e12]]))
    >>> of_column.round(15).tolist()
    [1.0, 1e-12]
    """
    entries = rows.tocoo()
    i, j, logs = entries.row, entries.col, np.log(np.abs(entries.data))
    of_row, of_column = np.zeros(rows.shape[0]), np.zeros(rows.shape[1])
    for _ in range(_ROUNDS):
        of_row = _balance(i, logs + of_column[j], len(of_row))
        of_column = _balance(j, logs + of_row[i], len(of_column))
    of_column -= of_column.max(initial=-np.inf)
    return np.exp(of_row), np.exp(of_column)


def _balance(index: NDArray[np.int32], logs: FloatArray, n: int) -> FloatArray:
    """What to add to the logarithms with each index so that their extremes lie about 0."""
    low, high = np.full(n, np.inf), np.full(n, -np.inf)
    np.minimum.at(low, index, logs)
    np.maximum.at(high, index, logs)
    used = low <= high
    return -np.where(used, low, 0.0) / 2 - np.where(used, high, 0.0) / 2
