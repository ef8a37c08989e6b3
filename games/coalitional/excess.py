"""Excesses: what each coalition misses at an allocation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.coalitional.lattice import subset_sums
from games.coalitional.rational import common_denominator
from games.coalitional.tu_game import TUGame
from games.errors import InvalidGameError
from games.normal_form import FloatArray

__all__ = [
    "ExcessRow",
    "checked_allocation",
    "checked_efficient",
    "excess_table",
    "excesses",
    "whole_excesses",
]


@dataclass(frozen=True)
class ExcessRow:
    """One coalition at an allocation, in the unit of the worths.

    Parameters
    ----------
    mask : int
    coalition : tuple of str
    worth, allotted, excess : float
        v(S), x(S) and v(S) - x(S); a positive excess is a coalition that could do better.
    """

    mask: int
    coalition: tuple[str, ...]
    worth: float
    allotted: float
    excess: float


def checked_allocation(game: TUGame, allocation: ArrayLike) -> FloatArray:
    """Allocation as floats, shape ``(n_players,)``; raises InvalidGameError if it is none."""
    try:
        x = np.array(allocation, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError("allocation", f"is no array of numbers ({error})") from None
    if x.shape != (game.n_players,) or not np.isfinite(x).all():
        raise InvalidGameError(
            "allocation", f"is {x.tolist()}; {game.n_players} finite numbers needed, one each"
        )
    return x


def checked_efficient(game: TUGame, allocation: ArrayLike) -> FloatArray:
    """Allocation as floats; raises InvalidGameError unless it shares out v(N) exactly."""
    x = checked_allocation(game, allocation)
    gap = float(x.sum()) - game.grand_worth
    if abs(gap) > 1e-6 * game.scale + game.rounding:
        raise InvalidGameError(
            "allocation",
            f"adds up to {x.sum():.9g}, the grand coalition is worth {game.grand_worth:.9g}; "
            "share out exactly that",
        )
    return x


def excesses(game: TUGame, allocation: ArrayLike) -> FloatArray:
    """Excess of every coalition by bit mask, shape ``(2**n_players,)``.

    Examples
    --------
    >>> excesses(TUGame([0, 0, 0, 1]), [0.5, 0.5])
    array([ 0. , -0.5, -0.5,  0. ])
    """
    result: FloatArray = game.worths - subset_sums(checked_allocation(game, allocation))
    return result


def whole_excesses(game: TUGame, allocation: Sequence[Fraction]) -> tuple[NDArray[Any], int]:
    """Exact excesses by bit mask as whole numerators, and their denominator."""
    shares, denominator = common_denominator(list(allocation))
    table = game.rational
    largest = int(np.abs(table.numerators).max()) * denominator
    largest += sum(abs(share) for share in shares) * table.denominator
    dtype = np.int64 if largest < 2**62 else object
    allotted = subset_sums(np.array([s * table.denominator for s in shares], dtype=dtype))
    result = table.numerators.astype(dtype) * denominator - allotted
    return result, table.denominator * denominator


def excess_table(game: TUGame, allocation: ArrayLike, limit: int = 64) -> tuple[ExcessRow, ...]:
    """Coalitions with the largest excess at an allocation, largest first, ties by bit mask.

    Parameters
    ----------
    limit : int
        Most rows; the empty and the grand coalition are left out.

    Examples
    --------
    >>> [row.coalition for row in excess_table(TUGame([0, 0, 1, 2], "AB"), [1, 1])]
    [('B',), ('A',)]
    """
    if limit < 1:
        raise InvalidGameError("limit", f"is {limit}; at least one row is needed")
    values = excesses(game, allocation)
    order = np.argsort(-values[1:-1], kind="stable")[:limit] + 1
    return tuple(
        ExcessRow(
            mask=int(mask),
            coalition=game.coalition(int(mask)),
            worth=float(game.worths[mask]),
            allotted=float(game.worths[mask] - values[mask]),
            excess=float(values[mask]),
        )
        for mask in order
    )
