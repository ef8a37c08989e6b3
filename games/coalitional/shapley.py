"""The Shapley value, in floats and in exact fractions.

The Shapley value of player i is the mean of i's marginal contribution v(S + i) - v(S) over
all orders in which the players may arrive: S of size s precedes i with probability
s! (n - s - 1)! / n!. It is the one efficient, symmetric, additive value that gives null
players nothing (Shapley, 1953).

References
----------
.. [1] L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II,
   1953, 307-317.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from games.coalitional.lattice import player_sums, size_sums, weighted_sum
from games.coalitional.tu_game import TUGame
from games.errors import CertificateError
from games.normal_form import FloatArray

__all__ = ["exact_shapley_value", "shapley_sums", "shapley_value"]


def shapley_value(game: TUGame) -> FloatArray:
    """Shapley value of every player, shape ``(n_players,)``, in the unit of the worths.

    Raises
    ------
    CertificateError
        If the values do not add up to the worth of the grand coalition.

    Notes
    -----
    Every coalition is read twice, whatever the number of players: 0.1 s at 24 players. Beyond
    28 players see :mod:`games.coalitional.sampled_shapley`.

    Examples
    --------
    >>> shapley_value(TUGame([0, 0, 0, 90, 0, 100, 120, 220])).round(9)
    array([65., 75., 80.])
    """
    n = game.n_players
    # A coalition of size s precedes a given player from outside with this probability.
    before = np.array([1 / (n * comb(n - 1, s)) for s in range(n)] + [0.0])
    joined = np.concatenate([[0.0], before[:-1]])
    # Sum over S with i of v(S) joined(s), less the sum over S without i of v(S) before(s).
    with_player = player_sums(game.worths, joined + before)
    values: FloatArray = with_player - weighted_sum(game.worths, before)
    gap = abs(float(values.sum()) - game.grand_worth)
    if not gap <= 1e-9 * float(np.abs(game.worths).max()):
        raise CertificateError(f"Shapley values miss the grand coalition's worth by {gap:.3g}")
    return values


def exact_shapley_value(game: TUGame) -> tuple[Fraction, ...]:
    """Shapley value of every player as exact fractions.

    Raises
    ------
    CertificateError
        If the values do not add up to the worth of the grand coalition.

    Examples
    --------
    >>> exact_shapley_value(TUGame([0, 0, 0, 1, 0, 1, 0, 1]))
    (Fraction(2, 3), Fraction(1, 6), Fraction(1, 6))
    """
    table = game.rational
    denominator = table.denominator * factorial(game.n_players)
    values = tuple(Fraction(whole, denominator) for whole in shapley_sums(table.numerators))
    if sum(values) != Fraction(int(table.numerators[-1]), table.denominator):
        raise CertificateError("exact Shapley values miss the grand coalition's worth")
    return values


def shapley_sums(numerators: NDArray[Any]) -> list[int]:
    """Shapley values of whole-number worths, times n!, as unbounded whole numbers."""
    n = len(numerators).bit_length() - 1
    with_player, total = size_sums(numerators)
    before = [factorial(s) * factorial(n - s - 1) for s in range(n)]
    sums = []
    for row in with_player.tolist():
        gained = sum(before[s - 1] * row[s] for s in range(1, n + 1))
        lost = sum(before[s] * (int(total[s]) - row[s]) for s in range(n))
        sums.append(gained - lost)
    return sums
