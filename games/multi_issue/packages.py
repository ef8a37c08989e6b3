"""Pareto frontier and bargaining solutions over all packages of a negotiation.

With additive utilities the frontier of a set of issues is the frontier of the sums of the
frontiers of its two halves: a package that is inefficient in one half is inefficient whatever the
other half holds. So millions of packages are never listed. With a tabulated utility the packages
are gone through in chunks.

All solutions lie on the frontier, and so does every player's best individually rational package;
they are computed from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike

from games.bargaining.agreement_zone import MAX_CONFLICT_PLAYERS, agreement_zone
from games.bargaining.egalitarian import egalitarian_solution
from games.bargaining.equal_loss import equal_loss_solution
from games.bargaining.kalai_smorodinsky import kalai_smorodinsky_solution
from games.bargaining.nash_bargaining import nash_bargaining_solution
from games.bargaining.pareto_frontier import distinct_rows, snap
from games.bargaining.problem import BargainingProblem, BargainingSolution
from games.bargaining.utilitarian import utilitarian_solution
from games.errors import CertificateError, NoSolutionError, TooLargeError
from games.multi_issue.chunked_frontier import chunked_frontier, package_chunks
from games.multi_issue.domain import Negotiation, TabulatedUtility
from games.normal_form import FloatArray

__all__ = [
    "PackageFrontier",
    "PackageSolution",
    "PackageSolutions",
    "package_frontier",
    "solve_packages",
]

MAX_PAIRS = 2_000_000_000


@dataclass(frozen=True, eq=False)
class _Node:
    """Distinct efficient points of some neighbouring issues, and the ways to reach each."""

    points: FloatArray
    first: np.ndarray
    counts: FloatArray
    size: int
    offsets: np.ndarray
    ways: np.ndarray
    halves: tuple[_Node, ...] = ()

    def packages(self, point: int) -> Iterator[int]:
        """Numbers of the packages (of these issues alone) at a point."""
        for way in self.ways[self.offsets[point] : self.offsets[point + 1]]:
            if not self.halves:
                yield int(way)
                continue
            left, right = self.halves
            i, j = divmod(int(way), right.points.shape[0])
            for a in left.packages(i):
                for b in right.packages(j):
                    yield a * right.size + b


@dataclass(frozen=True, eq=False)
class PackageFrontier:
    """Pareto-efficient packages of a negotiation.

    Parameters
    ----------
    utilities : (n_points, n_players) array of float
        Distinct efficient utility vectors, the first player's best first.
    first : (n_points,) array of int
        Lowest package with these utilities.
    counts : (n_points,) array of float
        Number of packages with these utilities (rounded above 2**53).
    """

    utilities: FloatArray
    first: np.ndarray
    counts: FloatArray
    _node: _Node
    _order: np.ndarray

    @property
    def n_packages(self) -> int:
        """Number of efficient packages, ties included."""
        return int(self.counts.sum())

    def packages(self, point: int, limit: int = 1000) -> tuple[int, ...]:
        """Packages with the utilities of a point, ascending; at most ``limit`` of them."""
        found = islice(self._node.packages(int(self._order[point])), limit)
        return tuple(sorted(found))


@dataclass(frozen=True, eq=False)
class PackageSolution:
    """A bargaining solution over packages.

    Parameters
    ----------
    name : str
    utilities : (n_players,) array of float
    package : int
        The lowest package that solves the problem.
    ties : tuple of int
        The lowest package of every point that solves it (more than one: an exact tie).
    note : str
    """

    name: str
    utilities: FloatArray
    package: int
    ties: tuple[int, ...]
    note: str = ""


@dataclass(frozen=True, eq=False)
class PackageSolutions:
    """Frontier and all solutions of one negotiation.

    ``utilitarian``, ``egalitarian`` and ``equal_loss`` compare utilities between players: they
    mean something only in a common unit.
    """

    frontier: PackageFrontier
    nash_bargaining: PackageSolution
    kalai_smorodinsky: PackageSolution
    egalitarian: PackageSolution
    utilitarian: PackageSolution
    equal_loss: PackageSolution


def solve_packages(negotiation: Negotiation, weights: ArrayLike | None = None) -> PackageSolutions:
    """Pareto frontier and bargaining solutions among the individually rational packages.

    Parameters
    ----------
    negotiation : Negotiation
        Reservation values are the disagreement point.
    weights : (n_players,) array of float, optional
        Bargaining power in the Nash product.

    Returns
    -------
    PackageSolutions

    Raises
    ------
    NoSolutionError
        If no package gives everybody the reservation value; the message names the players whose
        reservation values conflict.
    TooLargeError
        If the frontier is too large.
    """
    frontier = package_frontier(negotiation)
    problem = BargainingProblem.finite(frontier.utilities, negotiation.reservations)
    try:
        problem.rational_rows()
    except NoSolutionError:
        raise NoSolutionError(_conflict(negotiation, problem)) from None

    def over_packages(solution: BargainingSolution) -> PackageSolution:
        packages = tuple(sorted(int(frontier.first[point]) for point in solution.ties))
        utilities = negotiation.utilities(packages[:1])[0]
        return PackageSolution(solution.name, utilities, packages[0], packages, solution.note)

    return PackageSolutions(
        frontier,
        over_packages(nash_bargaining_solution(problem, weights)),
        over_packages(kalai_smorodinsky_solution(problem)),
        over_packages(egalitarian_solution(problem)),
        over_packages(utilitarian_solution(problem)),
        over_packages(equal_loss_solution(problem)),
    )


def package_frontier(negotiation: Negotiation) -> PackageFrontier:
    """Pareto-efficient packages.

    Parameters
    ----------
    negotiation : Negotiation

    Returns
    -------
    PackageFrontier

    Raises
    ------
    TooLargeError
        If the frontier has too many points, or tabulated utilities too many packages.
    CertificateError
        If the frontier misses the largest weighted sum in some direction.

    Notes
    -----
    Utilities that differ by no more than rounding are the same, so that packages equal but for
    rounding tie.
    """
    if negotiation.is_additive:
        parts = negotiation.contributions()
        node = _merged(parts)
        _check_support(node.points, parts)
    else:
        points, numbers = chunked_frontier(package_chunks(negotiation), len(negotiation.profiles))
        node = _grouped(points, numbers, negotiation.domain.n_packages)
        _check_best(negotiation, node.points)
    order = np.lexsort(tuple(-node.points[:, i] for i in reversed(range(node.points.shape[1]))))
    utilities = negotiation.utilities(node.first[order])
    return PackageFrontier(utilities, node.first[order], node.counts[order], node, order)


def _merged(parts: list[FloatArray]) -> _Node:
    """Frontier of the sums of ``parts``, by halves."""
    if len(parts) == 1:
        points, numbers = chunked_frontier([(0, parts[0])], parts[0].shape[1])
        return _grouped(points, numbers, parts[0].shape[0])
    middle = len(parts) // 2
    left, right = _merged(parts[:middle]), _merged(parts[middle:])
    a, b = left.points.shape[0], right.points.shape[0]
    if a * b > MAX_PAIRS:
        raise TooLargeError(
            f"the frontier has too many points ({a} times {b} sums to compare); "
            "leave out a player or merge options"
        )
    points, ways = chunked_frontier(_sums(left.points, right.points), left.points.shape[1])
    i, j = np.divmod(ways, b)
    return _grouped(
        points,
        ways,
        left.size * right.size,
        first=left.first[i] * right.size + right.first[j],
        counts=left.counts[i] * right.counts[j],
        halves=(left, right),
    )


def _sums(left: FloatArray, right: FloatArray) -> Iterator[tuple[int, FloatArray]]:
    step = max(1, (1 << 18) // right.shape[0])
    for start in range(0, left.shape[0], step):
        block = left[start : start + step, None, :] + right[None, :, :]
        yield start * right.shape[0], block.reshape(-1, right.shape[1])


def _grouped(
    points: FloatArray,
    ways: np.ndarray,
    size: int,
    *,
    first: np.ndarray | None = None,
    counts: FloatArray | None = None,
    halves: tuple[_Node, ...] = (),
) -> _Node:
    """Node with equal points put together."""
    first = ways if first is None else first
    counts = np.ones(ways.size) if counts is None else counts
    distinct, inverse = distinct_rows(snap(points))
    order = np.argsort(inverse, kind="stable")
    offsets = np.append(0, np.cumsum(np.bincount(inverse)))
    return _Node(
        distinct,
        np.minimum.reduceat(first[order], offsets[:-1]),
        np.add.reduceat(counts[order], offsets[:-1]),
        size,
        offsets,
        ways[order],
        halves,
    )


def _check_support(points: FloatArray, parts: list[FloatArray]) -> None:
    """Raise if the frontier misses the largest weighted sum, known issue by issue."""
    n_players = points.shape[1]
    directions = np.vstack([np.eye(n_players), np.ones(n_players), np.arange(1, n_players + 1)])
    for direction in directions:
        wanted = sum(float((part @ direction).max()) for part in parts)
        size = sum(float(np.abs(part @ direction).max()) for part in parts)
        found = float((points @ direction).max())
        if abs(found - wanted) > 1e-9 * max(size, 1e-300):
            raise CertificateError(
                f"frontier attains {found} of {wanted} in direction {direction}"
            )


def _check_best(negotiation: Negotiation, points: FloatArray) -> None:
    """Raise if a player's largest tabulated utility is not on the frontier."""
    for player, profile in enumerate(negotiation.profiles):
        if isinstance(profile.utility, TabulatedUtility):
            wanted = float(profile.utility.table.max()) * profile.utility.factor
            found = float(points[:, player].max())
            if abs(found - wanted) > 1e-9 * max(abs(wanted), 1e-300):
                raise CertificateError(
                    f"frontier attains {found} of {wanted} for {profile.player}"
                )


def _conflict(negotiation: Negotiation, problem: BargainingProblem) -> str:
    message = "no package gives every player the reservation value"
    if problem.n_players > MAX_CONFLICT_PLAYERS:
        return message
    groups = agreement_zone(problem).conflicts
    names = [" with ".join(negotiation.players[i] for i in group) for group in groups]
    return f"{message}; in conflict: {'; '.join(names)}"
