"""Optimal coalition structures: the partition with the largest sum of worths.

Without externalities the best worth f(S) of a set of players satisfies f(S) = max over T
within S, with the first player of S, of v(T) + f(S - T): dynamic programming over subsets, 3^n
steps (Yeh, 1986; Rothkopf, Pekec & Harstad, 1998). With externalities every partition is
compared.

References
----------
.. [1] D. Y. Yeh, "A dynamic programming approach to the complete set partitioning problem", BIT
   26, 1986, 467-474.
.. [2] M. H. Rothkopf, A. Pekec, R. M. Harstad, "Computationally manageable combinational
   auctions", Management Science 44(8), 1998, 1131-1147.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from games.coalitional.lattice import members, subset_sums
from games.coalitional.tu_game import TUGame
from games.errors import CertificateError, TooLargeError
from games.partition_function.partition_game import PartitionFunctionGame
from games.partition_function.partitions import Partition, sorted_partition

__all__ = [
    "MAX_STRUCTURE_PLAYERS",
    "CoalitionStructure",
    "best_partitions",
    "optimal_coalition_structure",
]

MAX_STRUCTURE_PLAYERS = 16
"""Most players of the dynamic program: 43 million steps."""


@dataclass(frozen=True)
class CoalitionStructure:
    """A partition with the largest sum of worths.

    Parameters
    ----------
    partition : tuple of int
        Bit masks; of several best ones the grand coalition if it is among them, else any.
        Worths given as whole numbers or fractions are compared exactly.
    worth : float
        Sum of the worths of its coalitions.
    gain : float
        How much more that is than the worth of the grand coalition.
    n_best : int
        How many partitions have that sum, up to the rounding of worths given as floats.
    """

    partition: Partition
    worth: float
    gain: float
    n_best: int


def optimal_coalition_structure(game: TUGame) -> CoalitionStructure:
    """The partition of the players with the largest sum of worths.

    Raises
    ------
    TooLargeError
        With more than 16 players.
    CertificateError
        If the partition found is not worth what the dynamic program says.

    Examples
    --------
    >>> optimal_coalition_structure(TUGame([0, 2, 2, 3]))
    CoalitionStructure(partition=(1, 2), worth=4.0, gain=1.0, n_best=1)
    """
    n = game.n_players
    if n > MAX_STRUCTURE_PLAYERS:
        raise TooLargeError(
            f"coalition structure of {n} players: the limit is {MAX_STRUCTURE_PLAYERS}"
        )
    worths = game.rational.numerators if game.is_exact else game.worths
    slack = 0 if game.is_exact else game.rounding
    best, first, n_best = _best_heads(worths, slack)
    everyone = (1 << n) - 1
    blocks, rest = [], 0 if worths[-1] >= best - slack else everyone
    while rest:
        blocks.append(int(first[rest]))
        rest ^= blocks[-1]
    blocks = blocks or [everyone]
    worth = fsum(game.worths[blocks])
    bound = float(Fraction(int(best), game.rational.denominator)) if game.is_exact else float(best)
    if not abs(worth - bound) <= game.rounding + 1e-9 * abs(worth):
        raise CertificateError(f"partition worth {worth:.12g}, bound {bound:.12g}")
    gain = fsum([*game.worths[blocks], -game.grand_worth])
    return CoalitionStructure(sorted_partition(*blocks), worth, gain, n_best)


def _best_heads(worths: NDArray[Any], slack: float) -> tuple[Any, NDArray[np.int64], int]:
    """Best sum of all players, the coalition of the first player that makes it, and ties."""
    best = worths.copy()
    first = np.arange(len(worths))
    count = np.zeros(len(worths), dtype=np.int64)
    count[0] = 1
    for mask in range(1, len(worths)):
        lowest = mask & -mask
        others = np.array([1 << i for i in members(mask ^ lowest)], dtype=np.int64)
        heads = subset_sums(others) | lowest
        sums = worths[heads] + best[mask ^ heads]
        split = int(sums.argmax())
        best[mask], first[mask] = sums[split], heads[split]
        # The head holds the first player, so every partition is counted once.
        is_best = (sums >= sums[split] - slack).astype(bool)
        count[mask] = count[(mask ^ heads)[is_best]].sum()
    return best[-1], first, int(count[-1])


def best_partitions(game: PartitionFunctionGame) -> tuple[tuple[Partition, ...], Fraction]:
    """All partitions with the largest sum of worths, and that sum, with externalities.

    Examples
    --------
    >>> game = PartitionFunctionGame.from_function(lambda S, P: 3 - len(P), 3)
    >>> best_partitions(game)
    (((1, 6), (2, 5), (3, 4), (7,)), Fraction(2, 1))
    """
    totals = {partition: game.total(partition) for partition in game.worths}
    most = max(totals.values())
    return tuple(sorted(p for p, total in totals.items() if total == most)), most
