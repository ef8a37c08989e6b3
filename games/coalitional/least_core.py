"""The least core: efficient allocations whose largest excess is as small as can be.

The least largest excess t* is found by linear programming, and its multipliers prove it:
weights that sum to 1, with which the coalitions cover every player equally often, give
t* = sum of weights x v(S) - coverage x v(N), and no efficient allocation can do better
(Maschler, Peleg & Shapley, 1979). The weights are made exact fractions.

References
----------
.. [1] M. Maschler, B. Peleg, L. S. Shapley, "Geometric properties of the kernel, nucleolus, and
   related solution concepts", Mathematics of Operations Research 4(4), 1979, 303-338.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf

import numpy as np

from games.coalitional.exact_levels import MAX_EXACT_PLAYERS, exact_first_level
from games.coalitional.excess import excesses, whole_excesses
from games.coalitional.excess_lp import least_largest_excess
from games.coalitional.lattice import span_members, subset_sums
from games.coalitional.nucleolus import prenucleolus
from games.coalitional.rational import indicator, solve_exactly
from games.coalitional.tu_game import TUGame
from games.errors import CertificateError, NoSolutionError
from games.normal_form import FloatArray

__all__ = ["LeastCore", "exact_least_core", "least_core"]

GAP_TOL = 1e-12
"""Gap between the point's largest excess and the proven bound, as a share of the game's scale."""

WIDE_GAP_TOL = 1e-8
"""The same for games too large to be solved without floats, where the narrow one fails."""

ZERO_TOL = 1e-12
"""Shares of the gains from cooperation below this are the solver's rounding of a zero."""


@dataclass(frozen=True, eq=False)
class LeastCore:
    """The least largest excess, a point that has it and the proof that none does better.

    Parameters
    ----------
    epsilon : float
        The largest excess, over all coalitions but N; ``-inf`` for a single player. The core is
        empty exactly if it is positive.
    exact_epsilon : Fraction or None
        The same without rounding, where it was asked for.
    point : (n_players,) array
        A point of the least core, in general one of many.
    exact_point : tuple of Fraction
        Empty unless asked for.
    weights : dict of int to Fraction
        Coalitions with exact weights that sum to 1 and cover every player equally often.
    coverage : Fraction
        How often: the sum of the weights of the coalitions of any one player.
    """

    epsilon: float
    exact_epsilon: Fraction | None
    point: FloatArray
    exact_point: tuple[Fraction, ...]
    weights: dict[int, Fraction]
    coverage: Fraction


def least_core(game: TUGame) -> LeastCore:
    """Least core of a game in floats, certified from both sides.

    Raises
    ------
    CertificateError
        If the point's largest excess and the bound from the weights do not meet.

    Examples
    --------
    >>> round(least_core(TUGame([0, 0, 0, 1, 0, 1, 1, 1])).epsilon, 9)  # majority of three
    0.333333333
    """
    n = game.n_players
    if n == 1:
        return LeastCore(-inf, None, game.worths[[1]], (), {}, Fraction(0))
    try:
        return _least_core_in_floats(game, GAP_TOL)
    except CertificateError:
        # Worths too unlike for floats; a small game can be solved without any.
        if n > MAX_EXACT_PLAYERS:
            return _least_core_in_floats(game, WIDE_GAP_TOL)
    return replace(exact_least_core(game), exact_epsilon=None, exact_point=())


def _least_core_in_floats(game: TUGame, gap_tol: float) -> LeastCore:
    n = game.n_players
    worths = game.relevant_worths
    alone = worths[[1 << i for i in range(n)]]
    scale = game.scale if game.scale > game.rounding else 1.0
    scaled = (worths - subset_sums(alone)) / scale
    everyone = (1 << n) - 1
    pool = dict.fromkeys([1 << i for i in range(n)] + [everyone ^ 1 << i for i in range(n)])
    is_open = ~span_members([everyone], n)
    settled = [(everyone, float(scaled[-1]))]
    found = least_largest_excess(scaled, is_open, settled, list(pool), None)
    point = alone + scale * np.where(np.abs(found.point) < ZERO_TOL, 0.0, found.point)
    point += (game.grand_worth - point.sum()) / n
    weights, coverage = _exact_weights(found.binding, n)
    reached = float(excesses(game, point)[1:-1].max())
    bound = float(_bound(game, weights, coverage))
    if not abs(reached - bound) <= game.tolerance(gap_tol):
        raise CertificateError(f"least core: excess {reached:.12g}, bound {bound:.12g}")
    return LeastCore(bound, None, point + 0.0, (), weights, coverage)


def _bound(game: TUGame, weights: dict[int, Fraction], coverage: Fraction) -> Fraction:
    """What no efficient allocation's largest excess can fall below."""
    weighted = sum((w * game.exact_worth(mask) for mask, w in weights.items()), Fraction(0))
    return weighted - coverage * game.exact_worth((1 << game.n_players) - 1)


def exact_least_core(game: TUGame) -> LeastCore:
    """Least core in exact fractions; the point is the prenucleolus.

    Examples
    --------
    >>> found = exact_least_core(TUGame([0, 0, 0, 1, 0, 1, 1, 1]))
    >>> found.exact_epsilon, found.exact_point[0]
    (Fraction(1, 3), Fraction(1, 3))
    """
    n = game.n_players
    best = prenucleolus(game, exact=True)
    if n == 1:
        return LeastCore(-inf, None, best.point, best.exact_point, {}, Fraction(0))
    whole, denominator = whole_excesses(game, best.exact_point)
    epsilon = Fraction(int(whole[1:-1].max()), denominator)
    weights, coverage = _proof(game, epsilon)
    if _bound(game, weights, coverage) != epsilon:
        raise CertificateError(f"least core: no weights prove the excess {epsilon}")
    return LeastCore(float(epsilon), epsilon, best.point, best.exact_point, weights, coverage)


def _proof(game: TUGame, epsilon: Fraction) -> tuple[dict[int, Fraction], Fraction]:
    """Exact weights that prove ``epsilon``: found in floats, or without them if those fail."""
    n = game.n_players
    try:
        found = _least_core_in_floats(game, WIDE_GAP_TOL)
        if n > MAX_EXACT_PLAYERS or _bound(game, found.weights, found.coverage) == epsilon:
            return found.weights, found.coverage
    except CertificateError:
        if n > MAX_EXACT_PLAYERS:
            raise
    weights = exact_first_level(game).weights
    return weights, sum((w for mask, w in weights.items() if mask & 1), Fraction(0))


def _exact_weights(binding: dict[int, float], n: int) -> tuple[dict[int, Fraction], Fraction]:
    """Weights that sum to 1 and the coverage, from the multipliers' coalitions."""
    columns = [[*indicator(mask, n), 1] for mask in binding]
    rows = [[column[i] for column in columns] + [-1 if i < n else 0] for i in range(n + 1)]
    try:
        *solution, coverage = solve_exactly(rows, [0] * n + [1])
    except NoSolutionError as error:
        raise CertificateError(f"least core: weights could not be made exact: {error}") from None
    if min(solution) < 0:
        raise CertificateError("least core: a weight is negative")
    return dict(zip(binding, solution, strict=True)), coverage
