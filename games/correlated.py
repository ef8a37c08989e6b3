"""Correlated and coarse correlated equilibria, by linear programming.

A mediator draws an action profile from a known distribution and tells each player its own part.
The distribution is a *correlated equilibrium* if no player gains by replacing any action that it
is told by another (Aumann, 1974); it is a *coarse correlated equilibrium* if no player gains by
deciding on one action before it is told anything (Moulin and Vial, 1978). Both sets are
polytopes, the second contains the first, and the product of any Nash equilibrium is in both.

References
----------
.. [1] R. J. Aumann, "Subjectivity and correlation in randomized strategies", Journal of
   Mathematical Economics 1(1), 1974, 67-96.
.. [2] H. Moulin and J.-P. Vial, "Strategically zero-sum games: the class of games whose
   completely mixed equilibria cannot be improved upon", IJGT 7(3-4), 1978, 201-221.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.normal_form import FloatArray, MixedProfile, NormalFormGame
from games.solvers.column_generation import best_distribution
from games.solvers.equilibration import equilibrated
from games.solvers.incentive_rows import incentive_rows, largest_probabilities

__all__ = [
    "CorrelatedEquilibrium",
    "correlated_equilibrium",
    "incentive_violation",
    "product_distribution",
    "weighted_payoffs",
]

_VIOLATION_TOL = 1e-9  # as a share of what the player has at stake under the distribution
_GAP_TOL = 1e-7  # as a share of what the objective has at stake
_MAX_ENTRIES = 5_000_000
_MAX_EXACT_ENTRIES = 2_500
_NEGLIGIBLE = (1e-12, 1e-8)  # probabilities that may be left behind by rounding
_ORDINARY = 0.1  # the quantile of losses that tells an ordinary loss from an enormous one


@dataclass(frozen=True, eq=False)
class CorrelatedEquilibrium:
    """A correlated or coarse correlated equilibrium that maximizes a linear objective.

    Parameters
    ----------
    distribution : (m_0, ..., m_{n-1}) array of float
        Probability of each action profile.
    payoffs : (n_players,) array of float
        Expected payoffs, in each player's own units.
    value : float
        Expected objective.
    incentive_violation : float
        Certificate: the largest expected gain from a deviation, 0 if nobody gains.
    optimality_gap : float
        Certificate: how far ``value`` may lie below the maximum, in units of the objective.
    is_coarse : bool
        Whether only deviations decided beforehand were ruled out.
    method : str
        The linear-programming code and its arithmetic.
    """

    distribution: FloatArray
    payoffs: FloatArray
    value: float
    incentive_violation: float
    optimality_gap: float
    is_coarse: bool
    method: str


def weighted_payoffs(game: NormalFormGame, weights: ArrayLike) -> FloatArray:
    """Weighted sum of the players' payoffs at every action profile: an objective.

    Parameters
    ----------
    weights : (n_players,) array of float
        Units of the objective per unit of each player's payoff. Equal weights presume that the
        payoffs are in one common unit.

    Returns
    -------
    (m_0, ..., m_{n-1}) array of float
    """
    array = np.asarray(weights, dtype=float)
    if array.shape != (game.n_players,) or not np.isfinite(array).all():
        raise InvalidGameError(
            "weights", f"need {game.n_players} finite numbers, one per player (got {array})"
        )
    return np.asarray(np.tensordot(array, game.payoffs, axes=(0, 0)), dtype=float)


def product_distribution(profile: MixedProfile) -> FloatArray:
    """Distribution over action profiles when every player draws independently.

    Examples
    --------
    >>> product_distribution((np.array([0.5, 0.5]), np.array([1.0, 0.0])))
    array([[0.5, 0. ],
           [0.5, 0. ]])
    """
    distribution = np.ones(())
    for strategy in profile:
        distribution = np.multiply.outer(distribution, np.asarray(strategy, dtype=float))
    return distribution


def incentive_violation(
    game: NormalFormGame, distribution: ArrayLike, *, coarse: bool = False
) -> float:
    """Largest expected gain from a deviation when actions are drawn from ``distribution``.

    Parameters
    ----------
    distribution : (m_0, ..., m_{n-1}) array of float
        Probabilities of the action profiles.
    coarse : bool
        Only deviations decided before the draw.

    Returns
    -------
    float
        0 if the distribution is a (coarse) correlated equilibrium. A gain from replacing one
        action counts with the probability of being told it.

    Raises
    ------
    InvalidGameError
        If the array has another shape or is no probability distribution.

    Examples
    --------
    >>> chicken = NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> incentive_violation(chicken, [[1 / 3, 1 / 3], [1 / 3, 0]])
    0.0
    >>> incentive_violation(chicken, [[1, 0], [0, 0]])
    1.0
    """
    array = _checked_distribution(game, distribution)
    return max(
        0.0, *(float(_largest_gains(game, array, i, coarse).max()) for i in range(game.n_players))
    )


def correlated_equilibrium(
    game: NormalFormGame, objective: ArrayLike, *, coarse: bool = False
) -> CorrelatedEquilibrium:
    """Correlated equilibrium with the largest expected ``objective``.

    Parameters
    ----------
    game : NormalFormGame
    objective : (m_0, ..., m_{n-1}) array of float
        Value of each action profile to whoever chooses the distribution: one player's payoffs
        ``game.payoffs[i]``, a :func:`weighted_payoffs`, or anything else that is linear in the
        distribution. Negate it for a minimum.
    coarse : bool
        Optimize over the larger set of coarse correlated equilibria.

    Returns
    -------
    CorrelatedEquilibrium
        One optimum; another may have the same value.

    Raises
    ------
    InvalidGameError
        If the objective has another shape or is not finite.
    TooLargeError
        If the incentive constraints have more than five million entries.
        So has the exact program that follows where floating point is not enough.
    CertificateError
        If the result fails its own certificate.

    Notes
    -----
    HiGHS solves the program, its rows and columns scaled so that an enormous payoff does not
    hide the others. When its answer still leaves an incentive, or a doubt about the optimum, that
    is not small compared with what is at stake under the distribution found, a small program is
    solved again in rational arithmetic.

    Examples
    --------
    The best symmetric mediation in Aumann's game of chicken pays 5.25 to each:

    >>> chicken = NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> best = correlated_equilibrium(chicken, weighted_payoffs(chicken, [1, 1]))
    >>> best.payoffs.round(6).tolist()
    [5.25, 5.25]
    """
    goal = np.asarray(objective, dtype=float)
    if goal.shape != game.n_actions or not np.isfinite(goal).all():
        raise InvalidGameError(
            "objective",
            f"has shape {goal.shape}; a finite number per action profile is needed, "
            f"shape {game.n_actions}",
        )
    entries = sum(m if coarse else m - 1 for m in game.n_actions) * goal.size
    if entries > _MAX_ENTRIES:
        raise TooLargeError(
            f"{entries} entries in the incentive constraints; at most {_MAX_ENTRIES} are solved: "
            "merge actions or players that are alike"
        )
    reason: str | None = "HiGHS gave up"
    start = {int(goal.argmax())}
    for attempt in _solve_by_highs(game, goal, coarse):
        reason = _shortfall(game, goal, attempt)
        if reason is None:
            return attempt
        start |= set(np.flatnonzero(attempt.distribution).tolist())
    if entries > _MAX_EXACT_ENTRIES:
        raise CertificateError(f"linear programming in floating point is not enough: {reason}")
    found = _solve_exactly(game, goal, coarse, start)
    reason = _shortfall(game, goal, found)
    if reason is not None:
        raise CertificateError(reason)
    return found


def _checked_distribution(game: NormalFormGame, distribution: ArrayLike) -> FloatArray:
    array = np.asarray(distribution, dtype=float)
    if array.shape != game.n_actions:
        raise InvalidGameError(
            "distribution", f"has shape {array.shape}; the game has shape {game.n_actions}"
        )
    if not (array >= 0).all() or abs(array.sum() - 1) > 1e-9:
        raise InvalidGameError(
            "distribution",
            f"probabilities must be at least 0 and sum to 1 (they sum to {array.sum():.12g})",
        )
    return array


def _largest_gains(
    game: NormalFormGame, distribution: FloatArray, player: int, coarse: bool
) -> FloatArray:
    """Best gain from each action told, or one in all if ``coarse``, from the payoffs alone."""
    payoffs, weights = _by_own_action(game, distribution, player)
    gains = [(weights * (alternative - payoffs)).sum(axis=1) for alternative in payoffs]
    return np.asarray(np.max([g.sum(keepdims=True) if coarse else g for g in gains], axis=0))


def _by_own_action(
    game: NormalFormGame, distribution: FloatArray, player: int
) -> tuple[FloatArray, FloatArray]:
    """A player's payoffs and the probabilities, own actions by rows, the others' by columns."""
    m = game.n_actions[player]
    return (
        np.moveaxis(game.payoffs[player], player, 0).reshape(m, -1),
        np.moveaxis(distribution, player, 0).reshape(m, -1),
    )


def _solve_by_highs(
    game: NormalFormGame, goal: FloatArray, coarse: bool
) -> Iterator[CorrelatedEquilibrium]:
    """Best equilibrium as HiGHS sees it, then without its tiniest probabilities, if it has one."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    rows = incentive_rows(game, coarse)
    losses = goal.max() - goal.ravel()
    of_row, of_column = equilibrated(vstack([rows, csr_array(losses[None, :])], format="csr"))
    scaled = rows.multiply(of_row[:-1, None]).multiply(of_column[None, :]).tocsr()
    for tolerance in (1e-10, 1e-7):
        result = linprog(
            losses * of_column * of_row[-1],
            A_ub=-scaled,
            b_ub=np.zeros(rows.shape[0]),
            A_eq=of_column[None, :],
            b_eq=[1.0],
            method="highs",
            options={
                "primal_feasibility_tolerance": tolerance,
                "dual_feasibility_tolerance": tolerance,
            },
        )
        if result.status == 0:
            break
    else:
        return
    # Any multipliers >= 0 bound the optimum: with them added, a cell is worth `value` at most,
    # unless incentives keep its probability so low that what it is worth beyond counts little.
    multipliers = np.maximum(-result.ineqlin.marginals, 0.0) * of_row[:-1] / of_row[-1]
    worth = rows.T @ multipliers - losses
    most = largest_probabilities(rows)
    value = float(worth[most > _GAP_TOL].max())
    bound = value + float((np.maximum(worth - value, 0.0) * most).sum())
    for negligible in _NEGLIGIBLE:
        point = np.where(result.x > negligible, result.x, 0.0) * of_column
        point /= point.sum()
        gap = max(0.0, bound + float(losses @ point))
        yield _equilibrium(game, point, goal, gap, coarse, "linear programming (HiGHS), float")


def _solve_exactly(
    game: NormalFormGame, goal: FloatArray, coarse: bool, start: set[int]
) -> CorrelatedEquilibrium:
    """The same from the payoffs as exact fractions: scaled rows would not be exact."""
    worth = [Fraction(v) for v in goal.ravel().tolist()]
    best = best_distribution(worth, _exact_incentive_rows(game, coarse), start)
    point = np.zeros(goal.size)
    for cell, share in best.shares.items():
        point[cell] = float(share)
    method = "linear programming (simplex, column generation), rational"
    return _equilibrium(game, point / point.sum(), goal, 0.0, coarse, method)


def _exact_incentive_rows(game: NormalFormGame, coarse: bool) -> list[dict[int, Fraction]]:
    """What obedience to each action brings more than each other one, by action profile."""
    cells = np.arange(game.payoffs[0].size).reshape(game.n_actions)
    rows = []
    for i, m in enumerate(game.n_actions):
        payoffs = [Fraction(u) for u in game.payoffs[i].ravel().tolist()]
        index = np.moveaxis(cells, i, 0).reshape(m, -1).tolist()
        for deviation in range(m):
            by_action = [
                {
                    here: payoffs[here] - payoffs[there]
                    for here, there in zip(index[a], index[deviation], strict=True)
                    if payoffs[here] != payoffs[there]
                }
                for a in range(m)
            ]
            if coarse:
                rows.append({cell: gain for row in by_action for cell, gain in row.items()})
            else:
                rows += by_action
    return [row for row in rows if row]


def _equilibrium(
    game: NormalFormGame,
    point: NDArray[np.float64],
    goal: FloatArray,
    gap: float,
    coarse: bool,
    method: str,
) -> CorrelatedEquilibrium:
    distribution = point.reshape(game.n_actions)
    payoffs = (game.payoffs * distribution).reshape(game.n_players, -1).sum(axis=1)
    violation = incentive_violation(game, distribution, coarse=coarse)
    value = float((goal * distribution).sum())
    return CorrelatedEquilibrium(distribution, payoffs, value, violation, gap, coarse, method)


def _shortfall(game: NormalFormGame, goal: FloatArray, found: CorrelatedEquilibrium) -> str | None:
    """What the certificates leave open that matters beside what is at stake; ``None`` if nothing.

    At stake for a player who is told an action is what it forgoes, on average or ordinarily,
    against a best reply in hindsight. A huge penalty for what nobody does excuses nothing, nor
    does it that the action is told once in a billion times: enormous payoffs count even then.
    """
    for i in range(game.n_players):
        payoffs, weights = _by_own_action(game, found.distribution, i)
        losses = payoffs.max(axis=0) - payoffs
        limits = _VIOLATION_TOL * (weights * (losses + _ordinary(losses))).sum(axis=1)
        if found.is_coarse:
            limits = limits.sum(keepdims=True)
        gains = _largest_gains(game, found.distribution, i, found.is_coarse)
        worst = int(np.argmax(gains - limits))
        if gains[worst] > limits[worst]:
            return f"player {i} has an incentive of {gains[worst]:.3g} (limit {limits[worst]:.3g})"
    losses = goal.max() - goal
    limit = _GAP_TOL * (float((losses * found.distribution).sum()) + _ordinary(losses))
    limit += 8 * float(np.finfo(float).eps) * float((np.abs(goal) * found.distribution).sum())
    if found.optimality_gap > limit:
        return f"the optimum may be {found.optimality_gap:.3g} better (limit {limit:.3g})"
    return None


def _ordinary(losses: FloatArray) -> float:
    """A loss at the small end of those that occur."""
    positive = losses[losses > 0]
    return float(np.quantile(positive, _ORDINARY, method="lower")) if len(positive) else 0.0
