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

from math import gcd

import numpy as np

from games.normal_form import FloatArray

__all__ = ["IntMatrix", "best_response_polytope", "exact_integers"]

IntMatrix = list[list[int]]
"""Rows of Python integers, which never overflow."""


def exact_integers(values: FloatArray) -> tuple[IntMatrix, int]:
    """A float matrix as integers over a common denominator, without any rounding.

    Returns
    -------
    integers : list of list of int
    denominator : int
        ``values == integers / denominator``; a power of two.

    Examples
    --------
    >>> exact_integers(np.array([[0.5, 3.0]]))
    ([[1, 6]], 2)
    """
    if np.abs(values).max() < 2.0**53 and (values == np.floor(values)).all():
        return values.astype(np.int64).tolist(), 1
    # All denominators are powers of two.
    ratios = [[value.as_integer_ratio() for value in row] for row in values.tolist()]
    largest = max([denominator for row in ratios for _, denominator in row])
    bits = largest.bit_length()
    return [[n << (bits - d.bit_length()) for n, d in row] for row in ratios], largest


def best_response_polytope(opponent_payoffs: IntMatrix) -> IntMatrix:
    """Coefficients C of the polytope {z >= 0 : C z <= 1} of one player's strategies.

    Parameters
    ----------
    opponent_payoffs : (n_variables, n_constraints) lists of int
        Payoffs of the *opponent*; the player's own actions first.

    Returns
    -------
    (n_constraints, n_variables) lists of int
        All positive. Which inequalities are tight at a vertex, and the order of the bases in a
        lexicographic rule, are those of the polytope of the payoffs themselves.

    Examples
    --------
    >>> best_response_polytope([[0, 10], [7, 7]])
    [[1, 1], [2, 1]]
    """
    columns = []
    for payoffs in opponent_payoffs:
        lowest = min(payoffs)
        gains = [value - lowest for value in payoffs]
        # Equal payoffs against this action: it tells nothing about the opponent's choice.
        divisor = gcd(*gains) or 1
        gains = [gain // divisor for gain in gains]
        shift = (max(gains) + 1) // 2 or 1
        columns.append([gain + shift for gain in gains])
    return [list(row) for row in zip(*columns, strict=True)]
