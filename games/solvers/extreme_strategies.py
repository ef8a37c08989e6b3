r"""Strategies of vertices of a best-response polytope, in exact integers.

The strategy of a basis with support S and tight inequalities R solves the equations that say
that the replies R are equally good for the opponent, with common value u:

.. math:: \sum_{i \in S} b_{ij} x_i - u = 0 \; (j \in R), \qquad \sum_{i \in S} x_i = 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import mul

from games.errors import CertificateError, NoSolutionError
from games.normal_form import FloatArray
from games.solvers.best_response_polytopes import IntMatrix, exact_integers
from games.solvers.fraction_free_elimination import solve_integers

__all__ = ["ExactStrategy", "ExtremeStrategy", "StrategySolver"]

ExactStrategy = tuple[Fraction, ...]
"""Probabilities of a player's actions as fractions; they sum to exactly 1."""


@dataclass(frozen=True, eq=False)
class ExtremeStrategy:
    """A strategy and the best replies to it, without any rounding.

    Parameters
    ----------
    weights : list of int
        Probabilities times ``denominator``.
    denominator : int
    support : int
        Bit mask of the actions in use.
    best_replies : int
        Bit mask of the opponent's best responses.
    reply_payoff : tuple of int
        What a best response earns the opponent: numerator and denominator.
    """

    weights: list[int]
    denominator: int
    support: int
    best_replies: int
    reply_payoff: tuple[int, int]

    @cached_property
    def probabilities(self) -> ExactStrategy:
        """Probabilities as fractions."""
        return tuple(Fraction(weight, self.denominator) for weight in self.weights)

    def rounded(self) -> list[float]:
        """Probabilities, each rounded once."""
        return [weight / self.denominator for weight in self.weights]

    def __lt__(self, other: ExtremeStrategy) -> bool:
        """Whether the first probability that differs is smaller."""
        for mine, theirs in zip(self.weights, other.weights, strict=True):
            left, right = mine * other.denominator, theirs * self.denominator
            if left != right:
                return left < right
        return False


class StrategySolver:
    """Solves for the extreme strategies of one player.

    Parameters
    ----------
    opponent_payoffs : (n_variables, n_constraints) array of float
        Payoffs of the opponent; the player's own actions first.
    """

    def __init__(self, opponent_payoffs: FloatArray) -> None:
        self._rows: IntMatrix
        self._rows, self._scale = exact_integers(opponent_payoffs.T)

    def strategy(self, basis: int) -> ExtremeStrategy:
        """Strategy of the basis whose nonbasic variables are the bits of ``basis``.

        Raises
        ------
        CertificateError
            If there is none: a defect of this library.
        """
        n = len(self._rows[0])
        support = [i for i in range(n) if not basis >> i & 1]
        equations = [
            [*(row[i] for i in support), -1]
            for j, row in enumerate(self._rows, start=n)
            if basis >> j & 1
        ]
        equations.append([1] * len(support) + [0])
        try:
            solved, denominator = solve_integers(equations, [0] * len(support) + [1])
        except NoSolutionError:
            raise CertificateError(f"the set {basis:b} of labels is not a basis") from None
        weights, mask = [0] * n, 0
        for i, weight in zip(support, solved, strict=False):
            if weight < 0:
                raise CertificateError(f"the basis {basis:b} has negative probabilities")
            if weight:
                weights[i] = weight
                mask |= 1 << i
        return self._with_replies(weights, denominator, mask)

    def _with_replies(self, weights: list[int], denominator: int, support: int) -> ExtremeStrategy:
        values = [sum(map(mul, row, weights)) for row in self._rows]
        best = max(values)
        replies = 0
        for j, value in enumerate(values):
            if value == best:
                replies |= 1 << j
        payoff = (best, denominator * self._scale)
        return ExtremeStrategy(weights, denominator, support, replies, payoff)
