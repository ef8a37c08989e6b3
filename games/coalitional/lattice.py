"""Passes over the lattice of all coalitions, vectorised.

Glossary: n players; S, T coalitions as bit masks; s = |S|. An array "over the lattice" has
length 2^n and is indexed by the mask.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from games.coalitional.rational import indicator, null_basis

__all__ = [
    "coalition_sizes",
    "halves",
    "members",
    "player_sums",
    "size_sums",
    "span_members",
    "subset_sums",
    "weighted_sum",
]

BLOCK_BITS = 16
"""Blocks of 2^16 floats, half a megabyte, stay in the cache."""


def members(mask: int) -> tuple[int, ...]:
    """Player numbers in the coalition ``mask``, ascending.

    Examples
    --------
    >>> members(0b1011)
    (0, 1, 3)
    """
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def coalition_sizes(n_players: int) -> NDArray[np.uint8]:
    """Number of members of every coalition, shape ``(2**n_players,)``."""
    return np.bitwise_count(np.arange(1 << n_players, dtype=np.uint32))


def subset_sums(x: NDArray[Any]) -> NDArray[Any]:
    """Sum of ``x`` over every coalition, shape ``(2**len(x),)``, same dtype as ``x``.

    Examples
    --------
    >>> subset_sums(np.array([1, 2, 4]))
    array([0, 1, 2, 3, 4, 5, 6, 7])
    """
    sums = np.zeros(1 << len(x), dtype=x.dtype)
    for i, value in enumerate(x):
        np.add(sums[: 1 << i], value, out=sums[1 << i : 2 << i])
    return sums


def halves(values: NDArray[Any], player: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Views of the coalitions without and with ``player``, matched to one another."""
    cube = values.reshape(-1, 2, 1 << player)
    return cube[:, 0, :], cube[:, 1, :]


def size_sums(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Sums of an array over the lattice by size of coalition: with each player, and in all.

    Parameters
    ----------
    values : (2**n,) array of any number type

    Returns
    -------
    with_player : (n, n + 1) array
        ``with_player[i, s]`` is the sum over coalitions of size s that contain player i.
    total : (n + 1,) array
        ``total[s]`` is the sum over all coalitions of size s.

    Notes
    -----
    One pass: the lattice is a rectangle (upper bits, lower bits) whose rows and columns are
    summed by size; what remains has the square root of its size.
    """
    n = len(values).bit_length() - 1
    n_low = (n + 1) // 2
    n_high = n - n_low
    low, high = coalition_sizes(n_low), coalition_sizes(n_high)
    order = np.argsort(low, kind="stable")
    starts = np.searchsorted(low[order], np.arange(n_low + 1))
    by_low = np.zeros((n_high + 1, 1 << n_low), dtype=values.dtype)
    by_high = np.zeros((1 << n_high, n_low + 1), dtype=values.dtype)
    for upper, row in enumerate(values.reshape(1 << n_high, 1 << n_low)):
        by_low[high[upper]] += row
        by_high[upper] = np.add.reduceat(row[order], starts)
    with_player = np.zeros((n, n + 1), dtype=values.dtype)
    for i in range(n_low):
        for lower in np.flatnonzero(np.arange(1 << n_low) >> i & 1):
            size = int(low[lower])
            with_player[i, size : size + n_high + 1] += by_low[:, lower]
    total = np.zeros(n + 1, dtype=values.dtype)
    for upper in range(1 << n_high):
        size = int(high[upper])
        total[size : size + n_low + 1] += by_high[upper]
        for i in members(upper):
            with_player[n_low + i, size : size + n_low + 1] += by_high[upper]
    return with_player, total


def player_sums(values: NDArray[Any], by_size: NDArray[Any]) -> NDArray[Any]:
    """Sum over the coalitions with each player of ``values``, weighted by the coalition's size.

    Parameters
    ----------
    values : (2**n,) array of float
    by_size : (n + 1,) array of float

    Returns
    -------
    (n,) array

    Notes
    -----
    One pass in blocks that fit the cache: weighted blocks are added up for the players of the
    lower bits, and their totals kept for those of the upper bits.

    Examples
    --------
    >>> player_sums(np.array([0.0, 1.0, 2.0, 4.0]), np.array([0.0, 1.0, 10.0]))
    array([41., 42.])
    """
    n = len(values).bit_length() - 1
    n_low = min(n, BLOCK_BITS)
    sizes = coalition_sizes(n_low)
    weights = [by_size[sizes + upper] for upper in range(n - n_low + 1)]
    lower = np.zeros(1 << n_low)
    upper = np.zeros(1 << (n - n_low))
    for block, row in enumerate(values.reshape(-1, 1 << n_low)):
        weighted = row * weights[block.bit_count()]
        lower += weighted
        upper[block] = weighted.sum()
    return np.concatenate([_folded(lower), _folded(upper)])


def weighted_sum(values: NDArray[Any], by_size: NDArray[Any]) -> float:
    """Sum over all coalitions of ``values``, weighted by the coalition's size.

    Examples
    --------
    >>> weighted_sum(np.array([0.0, 1.0, 2.0, 4.0]), np.array([0.0, 1.0, 10.0]))
    43.0
    """
    n = len(values).bit_length() - 1
    n_low = min(n, BLOCK_BITS)
    sizes = coalition_sizes(n_low)
    weights = [by_size[sizes + upper] for upper in range(n - n_low + 1)]
    blocks = enumerate(values.reshape(-1, 1 << n_low))
    # Not a dot product: the threads of BLAS cost more here than they save.
    return float(sum((row * weights[block.bit_count()]).sum() for block, row in blocks))


def _folded(sums: NDArray[Any]) -> NDArray[Any]:
    """Sum over the coalitions with each player; the array is taken apart from the top."""
    result = np.empty(len(sums).bit_length() - 1)
    for i in reversed(range(len(result))):
        without, with_player = sums[: 1 << i], sums[1 << i :]
        result[i] = with_player.sum()
        sums = without + with_player
    return result


def span_members(coalitions: Sequence[int], n_players: int) -> NDArray[np.bool_]:
    """Which coalitions' indicator vectors are linear combinations of the given ones.

    Returns
    -------
    (2**n_players,) array of bool

    Notes
    -----
    Exact: membership is orthogonality to a whole-number basis of the null space. Minors of 0-1
    matrices of up to 24 columns are below 2^35 (Hadamard), so 64 bits hold every sum.

    Examples
    --------
    >>> np.flatnonzero(span_members([0b111, 0b001], 3)).tolist()
    [0, 1, 6, 7]
    """
    rows = [indicator(mask, n_players) for mask in coalitions]
    split = n_players // 2
    survivors = None
    for vector in null_basis(rows, n_players):
        z = np.array(vector, dtype=np.int64)
        low, high = subset_sums(z[:split]), subset_sums(z[split:])
        if survivors is None:
            survivors = np.flatnonzero(np.equal.outer(high, -low))
        else:
            dots = low[survivors & ((1 << split) - 1)] + high[survivors >> split]
            survivors = survivors[dots == 0]
    inside = np.zeros(1 << n_players, dtype=bool)
    inside[survivors if survivors is not None else slice(None)] = True
    return inside
