"""A compiled set of bases that remembers the order in which they came."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["IntArray", "add_basis", "grown_table"]

IntArray = NDArray[np.int64]


def _add_basis(basis: int, bases: IntArray, count: int, table: IntArray) -> int:
    """Position of a basis, which becomes number ``count`` unless it is in the table already."""
    size = table.size
    h = np.uint64(basis) * np.uint64(0x9E3779B97F4A7C15)
    slot = np.int64((h ^ (h >> np.uint64(29))) & np.uint64(size - 1))
    while table[slot] >= 0:
        number = int(table[slot])
        if bases[number] == basis:
            return number
        slot = (slot + 1) & (size - 1)
    table[slot] = count
    bases[count] = basis
    return count


add_basis = numba.njit(cache=True)(_add_basis)


def _grown_table(known: IntArray, capacity: int) -> tuple[IntArray, IntArray]:
    """Room for ``capacity`` bases that begins with the known ones, and its hash table."""
    bases = np.empty(capacity, np.int64)
    table = np.full(4 * 2 ** int(np.ceil(np.log2(capacity))), -1, np.int64)
    for count, basis in enumerate(known):
        add_basis(basis, bases, count, table)
    return bases, table


grown_table = numba.njit(cache=True)(_grown_table)
