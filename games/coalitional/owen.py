"""The Owen value: the Shapley value when players come in a priori unions.

It is the mean marginal contribution over the orders in which the members of each union arrive
one after another (Owen, 1977). Equivalently, in two steps: a subset T of union k is worth, in
k's place among the unions, its Shapley value there; the Shapley value of that game on k
divides it.

References
----------
.. [1] G. Owen, "Values of games with a priori unions", in Mathematical Economics and Game
   Theory, 1977, 76-88.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from games.coalitional.lattice import coalition_sizes, subset_sums
from games.coalitional.shapley import shapley_sums, shapley_value
from games.coalitional.tu_game import TUGame
from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray

__all__ = ["exact_owen_value", "owen_value"]


def owen_value(game: TUGame, unions: Sequence[Sequence[int]]) -> FloatArray:
    """Owen value of every player, shape ``(n_players,)``, in the unit of the worths.

    Parameters
    ----------
    unions : sequence of sequences of player numbers
        Every player in exactly one.

    Raises
    ------
    InvalidGameError
        If the unions are no partition of the players.
    CertificateError
        If the values do not add up to the worth of the grand coalition.

    Examples
    --------
    >>> owen_value(TUGame([0, 0, 0, 1, 0, 1, 0, 1]), [[0], [1, 2]])
    array([0.5 , 0.25, 0.25])
    """
    masks = _union_masks(game, unions)
    values = np.zeros(game.n_players)
    for k, members in enumerate(unions):
        table = _worths_in_union(game.worths, masks, k, list(members), exact=False)
        values[list(members)] = shapley_value(TUGame(table))
    gap = abs(float(values.sum()) - game.grand_worth)
    if not gap <= 1e-9 * float(np.abs(game.worths).max()):
        raise CertificateError(f"Owen values miss the grand coalition's worth by {gap:.3g}")
    return values


def exact_owen_value(game: TUGame, unions: Sequence[Sequence[int]]) -> tuple[Fraction, ...]:
    """Owen value of every player as exact fractions."""
    masks = _union_masks(game, unions)
    values = [Fraction(0)] * game.n_players
    for k, members in enumerate(unions):
        table = _worths_in_union(game.rational.numerators, masks, k, list(members), exact=True)
        scale = game.rational.denominator * factorial(len(masks)) * factorial(len(members))
        for player, whole in zip(members, shapley_sums(table), strict=True):
            values[player] = Fraction(whole, scale)
    grand = Fraction(int(game.rational.numerators[-1]), game.rational.denominator)
    if sum(values) != grand:
        raise CertificateError("exact Owen values miss the grand coalition's worth")
    return tuple(values)


def _worths_in_union(
    worths: NDArray[Any], masks: Sequence[int], k: int, members: Sequence[int], *, exact: bool
) -> NDArray[Any]:
    """Shapley value among the unions of each subset of union k in its place, by local bit mask.

    Exact results are multiplied by m!, m the number of unions.
    """
    others = [mask for j, mask in enumerate(masks) if j != k]
    m = len(masks)
    joined = subset_sums(np.array(others, dtype=np.int64))
    inside = subset_sums(np.array([1 << i for i in members], dtype=np.int64))
    sizes = coalition_sizes(len(others)).tolist()
    whole = [factorial(s) * factorial(m - s - 1) for s in range(m)]
    dtype = object if exact else float
    table = np.zeros(len(inside), dtype=dtype)
    if len(inside) < len(joined):  # many small unions: one pass over the others' for each subset
        order = np.argsort(sizes, kind="stable")
        starts = np.searchsorted(np.array(sizes)[order], np.arange(m))
        without = worths[joined[order]]
        for k, part in enumerate(inside.tolist()):
            by_size = np.add.reduceat(worths[joined[order] | part] - without, starts).tolist()
            total = sum(w * gain for w, gain in zip(whole, by_size, strict=True))
            table[k] = total if exact else total / factorial(m)
        return table
    for outside, size in zip(joined.tolist(), sizes, strict=True):
        weight = whole[size] if exact else whole[size] / factorial(m)
        gains = worths[outside | inside].astype(dtype) - worths[outside].item()
        table += weight * gains
    return table


def _union_masks(game: TUGame, unions: Sequence[Sequence[int]]) -> list[int]:
    masks = []
    seen = 0
    for k, union in enumerate(unions):
        mask = game.mask(union)
        if not mask:
            raise InvalidGameError(f"unions[{k}]", "is empty; a union has at least one member")
        if mask & seen:
            twice = ", ".join(game.coalition(mask & seen))
            raise InvalidGameError(f"unions[{k}]", f"holds {twice}, already in another union")
        seen |= mask
        masks.append(mask)
    missing = ((1 << game.n_players) - 1) ^ seen
    if missing:
        raise InvalidGameError("unions", f"leave out {', '.join(game.coalition(missing))}")
    return masks
