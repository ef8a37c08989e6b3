"""Counts of coalitions modulo primes: the arithmetic under the generating functions.

Residues modulo a prime below 2**63 are added in 64-bit arrays without overflow, and those modulo
a prime below 2**31 in 32-bit arrays; several primes together determine numbers of any size.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, count
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Residues",
    "add",
    "chinese_remainder",
    "divided_out",
    "falling",
    "large_primes",
    "let_in",
    "multiply",
    "rows_and_cells",
    "subtract",
]

Residues = NDArray[np.unsignedinteger[Any]]


def add(to: Residues, term: Residues, p: int | Residues, spare: Residues) -> None:
    """``to += term`` modulo p, in place; ``spare`` is room for as many residues."""
    to += term
    # The smaller of a and a - p in unsigned arithmetic is a modulo p, for a < 2 p.
    np.minimum(to, np.subtract(to, p, out=spare), out=to)


def subtract(to: Residues, term: Residues, p: int | Residues, spare: Residues) -> None:
    """``to -= term`` modulo p, in place; ``spare`` is room for as many residues."""
    to -= term
    # A negative difference has wrapped to the top of the unsigned range; adding p brings it back.
    np.minimum(to, np.add(to, p, out=spare), out=to)


def multiply(
    table: Residues, w: tuple[int, ...], least: list[int], p: int, spare: Residues
) -> None:
    """Let one more player take part: ``table[k, y] += table[k - 1, y - w]``, in place.

    Parameters
    ----------
    table : (n + 1, ...) array of residues
    w : tuple of int
        The player's weights.
    least : list of int
        Least weight by the last rule of k of the players so far, k = 0, 1, ...: below it the
        table is zero and is left alone.
    p : int
    spare : array of residues
        Room for one row.
    """
    *others, last = w
    top = table.shape[-1] - 1
    to = tuple(slice(v, None) for v in others)
    sizes = table.shape[1:-1]
    origin = tuple(slice(0, size - v) for v, size in zip(others, sizes, strict=True))
    for k in range(bisect_right(least, top - last), 0, -1):
        start = least[k - 1]
        here = (*origin, slice(start, top + 1 - last))
        add(table[k][(*to, slice(start + last, None))], table[k - 1][here], p, spare[here])


def let_in(table: Residues, w: int, least: list[int], p: Residues, spare: Residues) -> None:
    """Let one more player take part: ``table[k] += table[k - 1]``, shifted by w, in place.

    Parameters
    ----------
    table : (n_rows, n_primes, n_weights) array of residues
    w : int
        The player's weight.
    least : list of int
        Least weight of k of the players, this one included, for k = 0, 1, ...
    p : (n_primes, 1) array
    spare : array of residues
        Room for one row.
    """
    for k in range(len(least) - 1, 0, -1):
        start = least[k]
        source = table[k - 1][:, start - w : table.shape[2] - w]
        add(table[k][:, start:], source, p, spare[:, start:])


def falling(weights: Sequence[int]) -> list[list[int]]:
    """Least weights of 0, 1, ..., j of the first j players, for j = 0, ..., n.

    Parameters
    ----------
    weights : (n,) sequence of int
        In falling order, so that the lightest of the first j are the last of them.
    """
    sums = [0, *accumulate(weights)]
    return [[total - before for before in sums[j::-1]] for j, total in enumerate(sums)]


def rows_and_cells(weights: Sequence[int], top: int) -> tuple[int, int]:
    """Rows and cells that :func:`multiply` goes through for all players of falling weight."""
    n_rows = n_cells = 0
    for w, least in zip(weights, falling(weights), strict=False):
        rows = bisect_right(least, top - w)
        n_rows += rows
        n_cells += rows * (top + 1 - w) - sum(least[:rows])
    return n_rows, n_cells


def divided_out(
    table: Residues, w: tuple[int, ...], slacks: tuple[int, ...], p: int | Residues
) -> Residues:
    """Counts with one player divided out of a table, by size, modulo p.

    Parameters
    ----------
    table : (n + 1, ...) array of residues
        ``table[k, y]`` counts coalitions of k players, summed over weights up to y; or
        ``table[k, prime, y]``.
    w : tuple of int
        The player's weights.
    slacks : tuple of int
        Where to read the table.
    p : int or (n_primes,) array

    Returns
    -------
    (n,) or (n, n_primes) array of residues
        ``sum_t (-1)**(t - 1) table[k + 1 - t, slacks - t w]`` for t = 1, 2, ...: the coalitions
        that contain the player, by the number of their other members.
    """
    n = table.shape[0] - 1
    total = np.zeros((n, *table.shape[1 : table.ndim - len(w)]), dtype=table.dtype)
    for t in range(1, n + 1):
        y = tuple(slack - t * v for v, slack in zip(w, slacks, strict=True))
        if min(y) < 0:
            break
        index: tuple[Any, ...] = (slice(0, n - t + 1), ..., *y)
        term = table[index]
        part = total[t - 1 :]
        part += term if t % 2 else p - term
        np.minimum(part, part - p, out=part)
    return total


def chinese_remainder(residues: list[Residues], primes: tuple[int, ...]) -> list[list[int]]:
    """Rows of whole numbers from their residues by each prime, ``residues[prime][row, k]``."""
    product = prod(primes)
    total = np.zeros(residues[0].shape, dtype=object)
    for array, p in zip(residues, primes, strict=True):
        total += array.astype(object) * ((product // p) * pow(product // p, -1, p))
    rows: list[list[int]] = (total % product).tolist()
    return rows


@lru_cache(maxsize=8)
def large_primes(n: int, bits: int = 63) -> tuple[int, ...]:
    """Distinct primes just below ``2**bits`` whose product exceeds 2**n."""
    found: list[int] = []
    for offset in count(1, 2):
        if _is_prime(2**bits - offset):
            found.append(2**bits - offset)
            if len(found) > n // (bits - 1):
                break
    return tuple(found)


def _is_prime(candidate: int) -> bool:
    # Miller and Rabin's test with these bases decides every number below 2**64.
    bases = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
    if any(candidate % b == 0 for b in bases):
        return candidate in bases
    odd, twos = candidate - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(
        (x := pow(b, odd, candidate)) in (1, candidate - 1)
        or any(pow(x, 2**j, candidate) == candidate - 1 for j in range(1, twos))
        for b in bases
    )
