r"""The two best-response polytopes of a two-player game, in exact integers.

For the bimatrix game :math:`(A, B)` with m rows and k columns let

.. math:: P = \{x \ge 0 : B'x \le 1\}, \qquad Q = \{y \ge 0 : A y \le 1\}.

A point of P has label i < m if :math:`x_i = 0` and label m + j if column j is a best response
to x (its inequality holds with equality); a point of Q has label i if row i is a best response
to y and label m + j if :math:`y_j = 0`. A pair other than (0, 0) that has every label between
the two is, rescaled to probabilities, an equilibrium, and every equilibrium is such a pair
(von Stengel 2002). Adding a constant to a column of A or to a row of B changes no best response
and multiplying a variable by a positive number moves no label. Both freedoms are used to make
all coefficients positive (so that P and Q are bounded) and the integers small.

References
----------
.. [1] B. von Stengel, "Computing equilibria for two-person games", in R. J. Aumann and S. Hart
   (eds), Handbook of Game Theory 3, 2002, ch. 45.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from games.normal_form import FloatArray

__all__ = [
    "BestResponsePolytope",
    "IntMatrix",
    "best_response_polytope",
    "exact_integers",
]

_ZERO = Fraction(0)

IntMatrix = list[list[int]]
"""Rows of Python integers, which never overflow."""


@dataclass(frozen=True)
class BestResponsePolytope:
    """The points z >= 0 with ``coefficients @ z <= 1``, all coefficients positive integers.

    Parameters
    ----------
    coefficients : (n_constraints, n_variables) lists of int
    divisors : (n_variables,) list of int
        The strategy that a point z stands for is in proportion to ``z[i] / divisors[i]``.
    """

    coefficients: IntMatrix
    divisors: list[int]

    def strategy(self, point: list[int]) -> tuple[Fraction, ...]:
        """Probabilities of a point other than 0, given up to a common positive factor."""
        multiple = lcm(*(d for z, d in zip(point, self.divisors, strict=True) if z))
        weights = [
            z * (multiple // d) if z else 0 for z, d in zip(point, self.divisors, strict=True)
        ]
        total = sum(weights)
        return tuple(Fraction(w, total) if w else _ZERO for w in weights)


def exact_integers(values: FloatArray) -> tuple[IntMatrix, Fraction]:
    """A float matrix as integers times a unit, without any rounding.

    Returns
    -------
    integers : list of list of int
    unit : Fraction
        ``values == integers * unit``, a power of two.

    Examples
    --------
    >>> exact_integers(np.array([[0.5, 3.0]]))
    ([[1, 6]], Fraction(1, 2))
    """
    if (np.abs(values) < 2.0**53).all() and (values == np.floor(values)).all():
        return values.astype(np.int64).tolist(), Fraction(1)
    ratios = [[value.as_integer_ratio() for value in row] for row in values.tolist()]
    largest = max(denominator for row in ratios for _, denominator in row)
    integers = [[n * (largest // d) for n, d in row] for row in ratios]
    return integers, Fraction(1, largest)


def best_response_polytope(opponent_payoffs: IntMatrix) -> BestResponsePolytope:
    """Polytope of one player's strategies, cut by the best responses of the opponent.

    Parameters
    ----------
    opponent_payoffs : (n_variables, n_constraints) lists of int
        Payoffs of the *opponent*; the player's own actions first.

    Examples
    --------
    >>> best_response_polytope([[0, 10], [7, 7]])
    BestResponsePolytope(coefficients=[[1, 1], [2, 1]], divisors=[10, 1])
    """
    columns, divisors = [], []
    for payoffs in opponent_payoffs:
        lowest = min(payoffs)
        gains = [value - lowest for value in payoffs]
        # Equal payoffs against this action: it tells nothing about the opponent's choice.
        divisor = gcd(*gains) or 1
        gains = [gain // divisor for gain in gains]
        shift = (max(gains) + 1) // 2 or 1
        columns.append([gain + shift for gain in gains])
        divisors.append(divisor)
    return BestResponsePolytope([list(row) for row in zip(*columns, strict=True)], divisors)
