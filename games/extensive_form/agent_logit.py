"""Agent logit quantal response: noisy play in which better actions are more likely.

At each information set an agent of its player chooses action ``a`` with probability
proportional to ``exp(λ u(a))``, where ``u(a)`` is what the player expects from it given what is
believed there and what all agents do [1]_. All actions have positive probability, so beliefs
follow from Bayes' rule everywhere. The solutions that start at ``λ = 0`` (uniform play) form the
*principal branch*; it is traced with predictor and corrector steps [2]_.

Letters: ``y`` the logarithms of all action probabilities, ``C`` which actions lie on the way to
which ends, ``λ`` the precision, ``u`` the expected payoff of each action. Everything is done with
logarithms: at large precision probabilities are far below the smallest float.

References
----------
.. [1] R. D. McKelvey and T. R. Palfrey, "Quantal response equilibria for extensive form games",
   Experimental Economics 1(1), 1998, 9-41.
.. [2] T. L. Turocy, "Computing sequential equilibria using agent quantal response equilibria",
   Economic Theory 42(1), 2010, 255-269.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from games.errors import InvalidGameError, NoSolutionError, TooLargeError
from games.extensive_form.behavior import BehaviorProfile, payoff_scale
from games.extensive_form.tree import ExtensiveGame
from games.normal_form import FloatArray

__all__ = ["LogitEquations", "agent_quantal_response", "logit_equations", "traced_branch"]

MAX_ENTRIES = 4_000_000
"""Largest product of the numbers of actions and ends."""

MAX_WORK = 300_000_000
"""Largest product of actions × actions × (actions + ends), which each of many steps costs."""

_MAX_STEPS = 2_000
_MAX_CORRECTIONS = 12
_FIRST_STEP = 0.05
_SMALLEST_STEP = 1e-10
_SMALLEST_SHARE = 1e-8
_SHARPEST_TURN = 0.9
_FARTHEST_CORRECTION = 0.25
_SMALL_STEP = 1e-4
_ROUNDING = 64 * float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class LogitEquations:
    """The equations of agent logit play in one game.

    Parameters
    ----------
    first : (n_sets + 1,) array of int
        Where the actions of each information set start among all K actions.
    C : (n_ends, K) array of 0 and 1
        Which actions lie on the way to which ends.
    end_chance : (n_ends,) array of float
        Logarithm of the probability that chance leads to the end.
    U : (K, n_ends) array of float
        Payoffs of the player of each action, in units of that player's scale, lowest 0.
    """

    first: NDArray[np.int64]
    C: FloatArray
    end_chance: FloatArray
    U: FloatArray

    def action_values(self, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Expected payoff ``u`` of each action and its derivatives by ``y``, (K,) and (K, K)."""
        # The weight of an end behind action k is its probability given that k is taken: the
        # factor of k itself is common to all of them and cancels.
        logs = np.where(self.C.T > 0, (self.C @ y + self.end_chance)[np.newaxis, :], -np.inf)
        weights = np.exp(logs - logs.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        u = (weights * self.U).sum(axis=1)
        gradient = (weights * (self.U - u[:, np.newaxis])) @ self.C
        return u, gradient

    def residual(self, y: FloatArray, precision: float) -> tuple[FloatArray, FloatArray]:
        """Left sides of the K equations and their derivatives by ``y`` and by ``λ``, (K, K+1).

        For each information set: log odds equal ``λ`` times the difference of payoffs, for each
        action but the first; and probabilities sum to 1.
        """
        u, gradient = self.action_values(y)
        excess = y - precision * u
        slopes = np.hstack([np.eye(len(y)) - precision * gradient, -u[:, np.newaxis]])
        F, J = np.empty_like(y), np.zeros_like(slopes)
        for start, stop in zip(self.first[:-1], self.first[1:], strict=True):
            own = slice(start, stop)
            top = y[own].max()
            weights = np.exp(y[own] - top)
            F[start] = top + np.log(weights.sum())
            J[start, own] = weights / weights.sum()
            F[start + 1 : stop] = excess[start + 1 : stop] - excess[start]
            J[start + 1 : stop] = slopes[start + 1 : stop] - slopes[start]
        return F, J

    def uniform(self) -> FloatArray:
        """Logarithms of uniform play, the solution at precision 0."""
        sizes = np.diff(self.first)
        return np.repeat(-np.log(sizes), sizes)

    def behavior(self, y: FloatArray) -> BehaviorProfile:
        """Probabilities of the actions of each information set."""
        parts = [np.exp(y[a:b]) for a, b in zip(self.first[:-1], self.first[1:], strict=True)]
        return tuple(part / part.sum() for part in parts)


def logit_equations(game: ExtensiveGame, scales: FloatArray) -> LogitEquations:
    """Equations of agent logit play with each player's payoffs measured in its scale.

    Raises
    ------
    InvalidGameError
        If a branch of chance has probability 0: beliefs behind it would have no reason.
    TooLargeError
        If the tree exceeds ``MAX_ENTRIES`` or ``MAX_WORK``.
    """
    sizes = [len(h.actions) for h in game.information_sets]
    n_actions, n_ends = sum(sizes), len(game.terminals)
    if n_actions * n_ends > MAX_ENTRIES or n_actions**2 * (n_actions + n_ends) > MAX_WORK:
        raise TooLargeError(
            f"{n_actions:,} actions and {n_ends:,} ends; the logit path is followed up to "
            f"{MAX_ENTRIES:,} actions × ends and {MAX_WORK:,} actions² × (actions + ends); where "
            "all is seen use backward induction"
        )
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    ways = action_ways(game)
    ends = list(game.terminals)
    owner = [h.player for h in game.information_sets for _ in h.actions]
    payoffs = np.array([[float(u) for u in game.nodes[z].payoffs] for z in ends])
    payoffs = (payoffs - payoffs.min(axis=0)) / scales
    return LogitEquations(
        first, ways[ends].astype(float), log_chance(game)[ends], payoffs[:, owner].T
    )


def action_ways(game: ExtensiveGame) -> NDArray[np.bool_]:
    """Whether each action lies on the way to each node, shape ``(n_nodes, K)``."""
    sizes = [len(h.actions) for h in game.information_sets]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    ways = np.zeros((len(game.nodes), int(first[-1])), dtype=bool)
    for number, node in enumerate(game.nodes):
        for k, child in enumerate(node.children):
            ways[child] = ways[number]
            if node.information_set >= 0:
                ways[child, first[node.information_set] + k] = True
    return ways


def log_chance(game: ExtensiveGame) -> FloatArray:
    """Logarithm of the product of the chance probabilities on the way to each node."""
    logs = np.zeros(len(game.nodes))
    for number, node in enumerate(game.nodes):
        for k, child in enumerate(node.children):
            logs[child] = logs[number]
            if node.is_chance:
                if node.probabilities[k] == 0:
                    rule = "has probability 0: nothing can be believed behind it; leave it out"
                    raise InvalidGameError(f"chance branch to {game.history(child)!r}", rule)
                logs[child] += math.log(node.probabilities[k])
    return logs


def agent_quantal_response(game: ExtensiveGame, precision: float) -> BehaviorProfile:
    """Agent logit equilibrium on the principal branch at a given precision.

    Parameters
    ----------
    game : ExtensiveGame
    precision : float
        ``λ`` in units of 1 / payoff, the same for all players: 0 is uniform play. Multiplying
        all payoffs by 10 is the same as multiplying ``λ`` by 10.

    Returns
    -------
    tuple of (n_actions,) arrays of float
        One probability vector per information set.

    Raises
    ------
    InvalidGameError
        If the precision is negative or not finite, or a branch of chance has probability 0.
    NoSolutionError
        If the branch cannot be followed that far.

    Examples
    --------
    One decision between payoffs 1 and 0 at ``λ = log 3``: odds of 3 to 1.

    >>> from games.extensive_form.builder import TreeBuilder
    >>> tree = TreeBuilder(["A"])
    >>> for node, payoff in zip(tree.move(0, "A", ["l", "r"]), [1, 0]):
    ...     tree.end(node, [payoff])
    >>> [probabilities] = agent_quantal_response(tree.build(), np.log(3))
    >>> probabilities.round(6).tolist()
    [0.75, 0.25]
    """
    if not (np.isfinite(precision) and precision >= 0):
        raise InvalidGameError("precision", f"is {precision}; a finite number >= 0 is needed")
    scale = payoff_scale(game)
    equations = logit_equations(game, np.full(game.n_players, scale))
    [y] = traced_branch(equations, [precision * scale])
    if y is None:
        raise NoSolutionError(f"logit play does not settle at precision {precision:.4g}")
    return equations.behavior(y)


def traced_branch(
    equations: LogitEquations, precisions: Sequence[float]
) -> Iterator[FloatArray | None]:
    """Logarithms of the probabilities on the principal branch at increasing precisions.

    Yields
    ------
    (K,) array of float, or None
        For each precision, when the branch comes to it; None if rounding keeps Newton's method
        from settling just there.

    Raises
    ------
    NoSolutionError
        If the steps become too small or too many (``_MAX_STEPS``) before the last precision.
    """
    if len(equations.first) == 1:
        yield from (equations.uniform() for _ in precisions)
        return
    point = np.append(equations.uniform(), 0.0)
    tangent = np.append(np.zeros(len(point) - 1), 1.0)
    tangent = _next_tangent(equations, point, tangent)
    orientation = _orientation(equations, point, tangent)
    step = _FIRST_STEP
    waiting = list(reversed(precisions))
    for _ in range(_MAX_STEPS):
        while waiting and waiting[-1] <= point[-1]:
            # Not on a point of the path but between two: solve again at that very precision.
            yield _at_precision(equations, point, tangent, waiting.pop())
        if not waiting:
            return
        guess = point + step * tangent
        corrected = _corrected(equations, guess, tangent)
        turned = None if corrected is None else _next_tangent(equations, corrected[0], tangent)
        # A sharp turn or a far correction may be a jump to another branch: look from closer by.
        if (
            corrected is None
            or turned is None
            or turned @ tangent < _SHARPEST_TURN
            or np.linalg.norm(corrected[0] - guess) > _FARTHEST_CORRECTION * step
            # Another orientation is another branch, or from very close a crossing of branches.
            or (
                step > _SMALL_STEP and _orientation(equations, corrected[0], turned) != orientation
            )
        ):
            step /= 2
            if step < _SMALLEST_STEP + _SMALLEST_SHARE * point[-1]:
                break
            continue
        point, n_corrections = corrected
        tangent = turned
        orientation = _orientation(equations, point, tangent)
        step *= 1.8 if n_corrections <= 3 else (0.7 if n_corrections > 6 else 1.0)
    raise NoSolutionError(
        f"the logit path is lost at precision {point[-1]:.4g} (in units of the spread of "
        "payoffs); ask for a smaller precision"
    )


def _next_tangent(
    equations: LogitEquations, point: FloatArray, previous: FloatArray
) -> FloatArray:
    """Unit vector along the branch, in the direction of ``previous``."""
    _, J = equations.residual(point[:-1], point[-1])
    bordered = np.vstack([J, previous])
    try:
        tangent = np.linalg.solve(bordered, np.append(np.zeros(len(J)), 1.0))
    except np.linalg.LinAlgError:
        return previous
    return np.asarray(tangent / np.linalg.norm(tangent))


def _orientation(equations: LogitEquations, point: FloatArray, tangent: FloatArray) -> float:
    """Sign that stays the same along one branch and differs where it is crossed."""
    _, J = equations.residual(point[:-1], point[-1])
    return float(np.linalg.slogdet(np.vstack([J, tangent]))[0])


def _tolerance(equations: LogitEquations, point: FloatArray) -> FloatArray:
    """Largest residual of each equation that rounding excuses."""
    y, precision = np.abs(point[:-1]), float(point[-1])
    # A huge penalty makes the logarithm of a probability huge, and its last digits with it.
    sizes = np.diff(equations.first)
    size = np.maximum(y, np.repeat(y[equations.first[:-1]], sizes))
    # Log probabilities grow like λ; their rounding enters payoffs, which λ multiplies again.
    return np.asarray(1e-10 + min(1e-14 * precision**2, 1e-3) + _ROUNDING * size)


def _corrected(
    equations: LogitEquations, guess: FloatArray, tangent: FloatArray
) -> tuple[FloatArray, int] | None:
    """Point of the branch across from ``guess`` and the number of Newton steps to it."""
    point = guess.copy()
    for n_corrections in range(_MAX_CORRECTIONS):
        if point[-1] < 0 or not np.isfinite(point).all():
            return None
        F, J = equations.residual(point[:-1], point[-1])
        if (np.abs(F) <= _tolerance(equations, point)).all():
            return point, n_corrections
        right = np.append(F, tangent @ (point - guess))
        try:
            point = point - np.linalg.solve(np.vstack([J, tangent]), right)
        except np.linalg.LinAlgError:
            return None
    return None


def _at_precision(
    equations: LogitEquations, point: FloatArray, tangent: FloatArray, precision: float
) -> FloatArray | None:
    if tangent[-1] != 0:
        point = point + tangent * ((precision - point[-1]) / tangent[-1])
    upright = np.append(np.zeros(len(point) - 1), 1.0)
    corrected = _corrected(equations, np.append(point[:-1], precision), upright)
    return None if corrected is None else corrected[0][:-1]
