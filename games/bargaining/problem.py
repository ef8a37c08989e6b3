"""Bargaining problems and the record of a solution.

The attainable set is a finite list of outcomes, the convex hull of such a list (lotteries over
outcomes, or shares of time), or a polytope given by inequalities.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from games.bargaining.pareto_frontier import pareto_frontier
from games.bargaining.rounding import payoff_errors
from games.errors import CertificateError, InvalidGameError, NoSolutionError
from games.normal_form import FloatArray

__all__ = [
    "BargainingProblem",
    "BargainingSolution",
    "checked_solution",
    "finite_vector",
    "player_weights",
]

LARGEST = 1e300
GAP_TOL = 1e-6
"""Largest certificate gap of a solution, in units of the normalised problem."""


@dataclass(frozen=True, eq=False)
class BargainingProblem:
    """Attainable payoffs and what everybody gets without agreement.

    Use :meth:`finite`, :meth:`convex_hull` or :meth:`polytope` to build one.

    Parameters
    ----------
    outcomes : (n_outcomes, n_players) array of float, each player's own utility units
        The outcomes of a finite set or the points whose hull is meant; no rows for a polytope.
    disagreement : (n_players,) array of float, same units
    floors : (n_players,) array of float, same units
        Least payoffs that can be accepted; never below ``disagreement``. A floor above it is a
        ratification constraint: it limits the set without moving the disagreement point.
    is_convex : bool
        Whether lotteries over the outcomes count, or the set is a polytope.
    A, b : (n_rows, n_players) and (n_rows,) arrays of float
        The polytope ``A @ x <= b``; no rows otherwise.

    Examples
    --------
    >>> problem = BargainingProblem.finite([[2, 2], [3, 1], [-2, -3]], [0, 0])
    >>> problem.rational_rows()
    array([0, 1])
    """

    outcomes: FloatArray
    disagreement: FloatArray
    floors: FloatArray
    is_convex: bool
    A: FloatArray
    b: FloatArray

    @classmethod
    def finite(cls, payoffs: ArrayLike, disagreement: ArrayLike) -> BargainingProblem:
        """Problem with a finite list of outcomes, one row of ``payoffs`` per outcome."""
        rows = _matrix("payoffs", payoffs)
        point = finite_vector("disagreement", disagreement, rows.shape[1])
        none = np.empty((0, rows.shape[1]))
        return cls(rows, point, point, False, none, np.empty(0))

    @classmethod
    def convex_hull(cls, payoffs: ArrayLike, disagreement: ArrayLike) -> BargainingProblem:
        """Problem whose set is the convex hull of the rows of ``payoffs``."""
        return replace(cls.finite(payoffs, disagreement), is_convex=True)

    @classmethod
    def polytope(cls, A: ArrayLike, b: ArrayLike, disagreement: ArrayLike) -> BargainingProblem:
        """Problem whose set is ``{x : A @ x <= b}``; it must be bounded above ``disagreement``."""
        rows = _matrix("A", A)
        point = finite_vector("disagreement", disagreement, rows.shape[1])
        bounds = finite_vector("b", b, rows.shape[0])
        return cls(np.empty((0, rows.shape[1])), point, point, True, rows, bounds)

    def with_floors(self, floors: ArrayLike) -> BargainingProblem:
        """The same problem where no player may accept less than ``floors``.

        A floor below the disagreement payoff is no constraint and is raised to it.
        """
        values = finite_vector("floors", floors, self.n_players)
        return replace(self, floors=np.maximum(values, self.disagreement))

    @property
    def n_players(self) -> int:
        """Number of players."""
        return int(self.disagreement.size)

    @cached_property
    def efficient_rows(self) -> np.ndarray:
        """Rows of ``outcomes`` that no other row dominates; no rows for a polytope.

        In a convex hull the others help nobody: in a lottery a dominating outcome does better.
        """
        return pareto_frontier(self.outcomes)

    def acceptable(self) -> np.ndarray:
        """Who accepts which outcome: whether it gives at least the floor, but for rounding.

        Returns
        -------
        (n_outcomes, n_players) array of bool
        """
        slack = payoff_errors(self.outcomes, self.floors)
        return np.asarray(self.outcomes >= self.floors - slack)

    def rational_rows(self) -> np.ndarray:
        """Rows of ``outcomes`` in which everybody gets at least the floor.

        Raises
        ------
        NoSolutionError
            If there is none.
        """
        rows = np.flatnonzero(self.acceptable().all(axis=1))
        if not rows.size:
            raise NoSolutionError(
                "no outcome gives every player at least the disagreement payoff or floor "
                f"{self.floors.tolist()}: there is no zone of agreement"
            )
        return rows

    def ideal_point(self) -> FloatArray:
        """Largest payoff of each player over the individually rational set (the utopia point).

        Returns
        -------
        (n_players,) array of float
        """
        if not self.is_convex:
            return np.asarray(self.outcomes[self.rational_rows()].max(axis=0))
        from games.bargaining.exact_region import ExactRegion
        from games.bargaining.linear_region import LinearRegion

        if ExactRegion.is_called_for(self):
            gains = np.array(ExactRegion.of(self).ideal_gains, dtype=float)
            return np.asarray(self.disagreement + gains)
        return LinearRegion.of(self).ideal_point


@dataclass(frozen=True, eq=False)
class BargainingSolution:
    """A solution of a bargaining problem with its certificate.

    Parameters
    ----------
    name : str
        The solution concept.
    payoffs : (n_players,) array of float, each player's own units
    gains : (n_players,) array of float
        Payoffs minus disagreement payoffs.
    ties : tuple of int
        Finite sets: every row that solves the problem, the lowest first; ``payoffs`` are those of
        the first. Empty for convex sets.
    lottery : tuple of (row, probability)
        Which outcomes to mix; one row with probability 1 for finite sets, empty for polytopes.
    gap : float
        Certificate: how much a better point could gain at most, in the normalised problem.
    note : str
        What a reader must know, such as a product that is zero everywhere.
    """

    name: str
    payoffs: FloatArray
    gains: FloatArray
    ties: tuple[int, ...]
    lottery: tuple[tuple[int, float], ...]
    gap: float
    note: str = ""


def checked_solution(
    problem: BargainingProblem,
    name: str,
    payoffs: FloatArray,
    *,
    ties: tuple[int, ...] = (),
    lottery: tuple[tuple[int, float], ...] = (),
    gap: float = 0.0,
    note: str = "",
) -> BargainingSolution:
    """Solution record, after checking that it is feasible, rational and optimal within the gap.

    Raises
    ------
    CertificateError
        If a check fails: the solver is at fault.
    """
    scale = np.maximum(1e-300, np.abs(payoffs) + np.abs(problem.disagreement))
    if problem.outcomes.shape[0]:
        scale = scale + np.ptp(problem.outcomes, axis=0)
    if (payoffs < problem.floors - 1e-7 * scale).any():
        raise CertificateError(f"{name}: payoffs {payoffs} below the floors {problem.floors}")
    if not gap <= GAP_TOL:
        raise CertificateError(f"{name}: certificate gap {gap:.3g} exceeds {GAP_TOL}")
    if lottery:
        mixed = sum(share * problem.outcomes[row] for row, share in lottery)
        if (np.abs(mixed - payoffs) > 1e-7 * scale).any():
            raise CertificateError(f"{name}: the lottery gives {mixed}, not {payoffs}")
    if problem.A.shape[0]:
        excess = problem.A @ payoffs - problem.b
        if (excess > 1e-7 * (np.abs(problem.A) @ scale + np.abs(problem.b))).any():
            raise CertificateError(f"{name}: payoffs {payoffs} leave the polytope")
    gains = payoffs - problem.disagreement
    return BargainingSolution(name, payoffs, gains, ties, lottery, gap, note)


def player_weights(weights: ArrayLike | None, n_players: int) -> FloatArray:
    """Bargaining weights that sum to 1; equal when ``weights`` is None.

    Raises
    ------
    InvalidGameError
        If a weight is not positive or their number is wrong.
    """
    if weights is None:
        return np.full(n_players, 1 / n_players)
    values = finite_vector("weights", weights, n_players)
    if (values <= 0).any():
        player = int(np.argmin(values))
        raise InvalidGameError(
            f"weights[{player}]", f"is {values[player]}; bargaining weights must be positive"
        )
    return np.asarray(values / values.sum())


def _matrix(place: str, values: ArrayLike) -> FloatArray:
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(place, f"not a table of numbers ({error})") from None
    if array.ndim != 2 or 0 in array.shape:
        raise InvalidGameError(
            place, f"has shape {array.shape}; a table with at least one row and one column needed"
        )
    _check_finite(place, array)
    array.setflags(write=False)
    return array


def finite_vector(place: str, values: ArrayLike, size: int) -> FloatArray:
    """Read-only array of ``size`` finite numbers, or an InvalidGameError that names the place."""
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(place, f"not a list of numbers ({error})") from None
    if array.shape != (size,) or not size:
        raise InvalidGameError(place, f"has shape {array.shape}; {max(1, size)} numbers needed")
    _check_finite(place, array)
    array.setflags(write=False)
    return array


def _check_finite(place: str, array: FloatArray) -> None:
    is_bad = ~(np.abs(array) < LARGEST)
    if is_bad.any():
        where = np.argwhere(is_bad)[0]
        index = ", ".join(str(k) for k in where)
        raise InvalidGameError(
            f"{place}[{index}]", f"is {array[tuple(where)]}; must be finite, below {LARGEST:g}"
        )
