"""The core: efficient allocations at which no coalition could do better on its own.

x is in the core if x(N) = v(N) and x(S) >= v(S) for every S. The core is empty exactly if some
*balanced* collection of coalitions, whose weights cover every player once, is worth more than
v(N) (Bondareva, 1963; Shapley, 1967). Either answer comes with its proof: a point, or such a
collection with exact weights.

References
----------
.. [1] O. N. Bondareva, "Some applications of linear programming methods to the theory of
   cooperative games", Problemy Kibernetiki 10, 1963, 119-139.
.. [2] L. S. Shapley, "On balanced sets and cores", Naval Research Logistics Quarterly 14, 1967,
   453-460.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from games.coalitional.excess import checked_allocation, excesses
from games.coalitional.least_core import LeastCore, exact_least_core, least_core
from games.coalitional.tu_game import TUGame
from games.errors import CertificateError
from games.normal_form import FloatArray

__all__ = ["BalancedCollection", "Core", "core", "core_of", "exact_core", "is_in_core"]


@dataclass(frozen=True)
class BalancedCollection:
    """Coalitions whose weights cover every player exactly once and together beat v(N).

    Parameters
    ----------
    weights : dict of int to Fraction
    worth : float
        Weighted sum of the coalitions' worths.
    grand_worth : float
        v(N), which is less: no allocation of it can satisfy them all.
    """

    weights: dict[int, Fraction]
    worth: float
    grand_worth: float


@dataclass(frozen=True, eq=False)
class Core:
    """Whether the core is empty, with the proof.

    Parameters
    ----------
    is_empty : bool
    point : tuple of float
        A point of the core, as deep inside as can be; empty if there is none.
    exact_point : tuple of Fraction
        The same without rounding, where it was asked for.
    objection : BalancedCollection or None
        Proof that the core is empty; None if it is not.
    largest_excess : float
        At ``point``, or the least that any allocation can have if the core is empty.
    """

    is_empty: bool
    point: tuple[float, ...]
    exact_point: tuple[Fraction, ...]
    objection: BalancedCollection | None
    largest_excess: float


def core(game: TUGame) -> Core:
    """Whether the core is empty, up to the rounding of worths given as floats, and the proof.

    Examples
    --------
    >>> found = core(TUGame([0, 0, 0, 1, 0, 1, 1, 1]))
    >>> found.is_empty, found.objection.worth, found.objection.grand_worth
    (True, 1.5, 1.0)
    """
    return core_of(game, least_core(game))


def exact_core(game: TUGame) -> Core:
    """Whether the core is empty, decided in exact fractions, and the proof."""
    return core_of(game, exact_least_core(game))


def core_of(game: TUGame, least: LeastCore) -> Core:
    """The core's answer from a least core already at hand."""
    is_exact = bool(least.exact_point)
    # The bound on the excess is exact: only floats leave room for a different verdict.
    is_empty = least.epsilon > (0 if is_exact or game.is_exact else game.rounding)
    if not is_empty:
        return Core(False, tuple(least.point.tolist()), least.exact_point, None, least.epsilon)
    weights = {mask: weight / least.coverage for mask, weight in least.weights.items()}
    worth = sum((w * game.exact_worth(mask) for mask, w in weights.items()), Fraction(0))
    for i, label in enumerate(game.players):
        if sum(weight for mask, weight in weights.items() if mask >> i & 1) != 1:
            raise CertificateError(f"the collection does not cover {label} once")
    if not worth > game.exact_worth((1 << game.n_players) - 1):
        raise CertificateError("the balanced collection does not beat the grand coalition")
    objection = BalancedCollection(weights, float(worth), game.grand_worth)
    return Core(True, (), (), objection, least.epsilon)


def is_in_core(game: TUGame, allocation: ArrayLike) -> bool:
    """Whether an allocation is efficient and no coalition has a positive excess, up to rounding.

    Examples
    --------
    >>> is_in_core(TUGame([0, 0, 0, 1]), [0.5, 0.5]), is_in_core(TUGame([0, 1, 0, 1]), [0, 1])
    (True, False)
    """
    x: FloatArray = checked_allocation(game, allocation)
    tol = game.tolerance()
    efficient = abs(float(x.sum()) - game.grand_worth) <= tol
    return efficient and bool(np.all(excesses(game, x) <= tol))
