"""Commitment in two-player games: the leader moves first, in pure or in mixed strategies.

The leader announces a strategy and the follower, who sees it, answers with a best reply. In a
*strong Stackelberg equilibrium* the follower breaks ties for the leader, which is the limit of
announcements that make the answer strictly best. An announcement of a mixed strategy is found by
one linear program per answer (Conitzer and Sandholm, 2006): the best mixture among those to
which this answer is a best reply. The best of these is at least the leader's payoff in any Nash
equilibrium (von Stengel and Zamir, 2010).

Glossary: ``C[l, t]`` leader's and ``F[l, t]`` follower's payoffs, leader's action l, follower's
answer t; ``x`` the announced mixture; ``y`` the multipliers of the follower's incentives.

References
----------
.. [1] V. Conitzer, T. Sandholm, "Computing the optimal strategy to commit to", EC 2006, 82-90.
.. [2] B. von Stengel, S. Zamir, "Leadership games with convex strategy sets", Games and
   Economic Behavior 69(2), 2010, 446-457.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray, NormalFormGame
from games.solvers.rational_simplex import RationalStatus, maximize_exactly

__all__ = ["Commitment", "commitment_to_mixed_strategy", "commitment_to_pure_action"]

REGRET_TOL = 1e-9
"""Largest regret of the follower's answer, as a share of what the follower has at stake.

Not of the spread of all payoffs: one huge penalty that nobody risks would excuse any regret.
"""
GAP_TOL = 1e-9
"""Largest shortfall from the proven optimum, as a share of the spread of what the leader risks."""


@dataclass(frozen=True, eq=False)
class Commitment:
    """A strategy announced by the leader and the follower's answer.

    Parameters
    ----------
    leader : int
        Player who announces.
    strategy : (m_leader,) array of float
        Announced probabilities.
    answer : int
        Follower's action; ties are broken for the leader, then for the lowest action.
    leader_payoff, follower_payoff : float
        In each player's own units.
    tied_answers : tuple of int
        All answers that are best replies; more than one is usual for a mixed announcement.
    worst_payoff : float
        Leader's payoff from this very announcement if ties were broken against the leader.
    follower_regret : float
        Certificate: what the follower could gain by another answer.
    optimality_gap : float
        Certificate: how much a better announcement could add at most; 0 when exact.
    method : str
        Algorithm and arithmetic.
    """

    leader: int
    strategy: FloatArray
    answer: int
    leader_payoff: float
    follower_payoff: float
    tied_answers: tuple[int, ...]
    worst_payoff: float
    follower_regret: float
    optimality_gap: float
    method: str


def commitment_to_pure_action(game: NormalFormGame, leader: int = 0) -> Commitment:
    """Best action to announce, the follower answering with a best reply.

    Parameters
    ----------
    game : NormalFormGame
        Of two players.
    leader : int
        0 or 1.

    Returns
    -------
    Commitment

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[2, 4], [1, 3]], [[1, 0], [0, 1]])
    >>> commitment_to_pure_action(game).leader_payoff
    3.0
    """
    C, F = _leader_first(game, leader)
    best = F.max(axis=1, keepdims=True) == F
    action = int(np.where(best, C, -np.inf).max(axis=1).argmax())
    answer = int(np.where(best[action], C[action], -np.inf).argmax())
    x = np.eye(C.shape[0])[action]
    return _certified(C, F, leader, x, answer, 0.0, "enumeration of pure announcements")


def commitment_to_mixed_strategy(
    game: NormalFormGame, leader: int = 0, *, exact: bool = False
) -> Commitment:
    """Strong Stackelberg equilibrium: the best mixed strategy to announce.

    Parameters
    ----------
    game : NormalFormGame
        Of two players.
    leader : int
        0 or 1.
    exact : bool
        Solve in rational arithmetic at once. Otherwise floating point is tried first and exact
        arithmetic takes over when its certificate fails (ties, payoffs of very unlike size).

    Returns
    -------
    Commitment

    Raises
    ------
    TooLargeError
        If exact arithmetic is needed and the game is too large for it.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[2, 4], [1, 3]], [[1, 0], [0, 1]])
    >>> found = commitment_to_mixed_strategy(game)
    >>> found.leader_payoff, found.strategy, found.tied_answers
    (3.5, array([0.5, 0.5]), (0, 1))
    """
    C, F = _leader_first(game, leader)
    if not exact:
        found = _solve_in_floats(C, F)
        if found is not None:
            x, answer, gap = found
            name = "multiple linear programs (floating point)"
            return _certified(C, F, leader, x, answer, gap, name)
    x, answer = _solve_exactly(C, F)
    name = "multiple linear programs (exact arithmetic)"
    return _certified(C, F, leader, x, answer, 0.0, name)


def _leader_first(game: NormalFormGame, leader: int) -> tuple[FloatArray, FloatArray]:
    if game.n_players != 2:
        raise InvalidGameError("players", f"there are {game.n_players}; commitment needs two")
    if leader not in (0, 1):
        raise InvalidGameError("leader", f"is {leader!r}; must be 0 or 1")
    payoffs = game.payoffs if leader == 0 else game.payoffs.transpose(0, 2, 1)
    return payoffs[leader], payoffs[1 - leader]


def _spread(payoffs: FloatArray) -> float:
    return float(np.ptp(payoffs / 2)) * 2 or 1.0


def _rounding(payoffs: ArrayLike) -> float:
    return 8 * float(np.finfo(float).eps) * float(np.abs(payoffs).max())


def _regret_limits(F: FloatArray, x: FloatArray, answer: int) -> FloatArray:
    """Largest gain taken for rounding from each other answer: a share of what it changes."""
    stakes = x @ np.abs(F - F[:, [answer]])
    sizes = x @ (np.abs(F) + np.abs(F[:, [answer]]))
    return np.asarray(REGRET_TOL * stakes + 8 * np.finfo(float).eps * sizes)


def _gap_limit(C: FloatArray, x: FloatArray, answer: int) -> float:
    """Largest shortfall allowed: a share of what the leader risks or of an ordinary difference."""
    value = float(x @ C[:, answer])
    differences = np.abs(C - value)
    positive = differences[differences > _rounding(value)]
    ordinary = float(np.quantile(positive, 0.1, method="lower")) if len(positive) else 0.0
    stake = float(x @ differences[:, answer]) + ordinary
    return GAP_TOL * stake + _rounding(x @ np.abs(C[:, answer]))


def _incentives(F: FloatArray, answer: int) -> FloatArray:
    """Rows ``F[:, t] - F[:, answer]``, each scaled to a largest entry of 1; zero rows dropped."""
    rows = (F - F[:, [answer]]).T
    size = np.abs(rows).max(axis=1)
    return np.asarray(rows[size > 0] / size[size > 0, None], dtype=float)


def _solve_in_floats(C: FloatArray, F: FloatArray) -> tuple[FloatArray, int, float] | None:
    """Announcement, answer and gap; None when floating point cannot certify them."""
    scale = _spread(C)
    best: tuple[float, FloatArray, int] | None = None
    ceiling = -np.inf
    for answer in range(F.shape[1]):
        if best is not None and C[:, answer].max() <= best[0]:
            continue  # no mixture can pay more than the best entry of this column
        goal = (C[:, answer] - C.min()) / scale
        A = _incentives(F, answer)
        solved = _solve_one(goal, A)
        if solved is None:
            return None
        x, bound = solved
        ceiling = max(ceiling, bound * scale + float(C.min()))
        if x is None:
            continue
        replies = x @ F
        if (replies - replies[answer] > _regret_limits(F, x, answer)).any():
            return None
        value = float(x @ C[:, answer])
        if best is None or value > best[0] + _rounding(value):
            best = (value, x, answer)
    if best is None:
        return None
    gap = max(0.0, ceiling - best[0])
    return (best[1], best[2], gap) if gap <= _gap_limit(C, best[1], best[2]) else None


def _solve_one(goal: FloatArray, A: FloatArray) -> tuple[FloatArray | None, float] | None:
    """Best mixture with ``A x <= 0`` and a proven bound; (None, -inf) if proven infeasible."""
    from scipy.optimize import linprog

    m = len(goal)
    options = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    solved = linprog(
        -goal,
        A_ub=A if len(A) else None,
        b_ub=np.zeros(len(A)) if len(A) else None,
        A_eq=np.ones((1, m)),
        b_eq=[1.0],
        method="highs",
        options=options,
    )
    if solved.status == 0:
        x = np.clip(solved.x, 0, None)
        x = x / x.sum()
        y = np.clip(-solved.ineqlin.marginals, 0, None) if len(A) else np.zeros(0)
        # Weak duality: for any y >= 0 no feasible mixture is worth more than this.
        return x, float((goal - y @ A).max())
    if solved.status == 2 and len(A):
        # Infeasible is proven by weights y on the other answers that beat this one everywhere.
        width = len(A)
        proof = linprog(
            np.append(np.zeros(width), -1.0),
            A_ub=np.hstack([-A.T, np.ones((m, 1))]),
            b_ub=np.zeros(m),
            A_eq=np.append(np.ones(width), 0.0)[None, :],
            b_eq=[1.0],
            bounds=[(0, None)] * width + [(None, None)],
            method="highs",
        )
        if proof.status == 0:
            y = np.clip(proof.x[:-1], 0, None)
            if float((y @ A).min()) > 1e-9 * y.sum():
                return None, -np.inf
    return None


def _solve_exactly(C: FloatArray, F: FloatArray) -> tuple[FloatArray, int]:
    m = C.shape[0]
    best = None
    for answer in range(F.shape[1]):
        rows = _exact_incentives(F, answer)
        solved = maximize_exactly(C[:, answer].tolist(), rows, [0] * len(rows), [[1] * m], [1])
        if solved.status is RationalStatus.OPTIMAL and (best is None or solved.value > best[0]):
            best = (solved.value, solved.point, answer)
    if best is None:  # some answer is a best reply to every announcement
        raise CertificateError("no answer of the follower is a best reply to any announcement")
    return np.array([float(p) for p in best[1]]), best[2]


def _exact_incentives(F: FloatArray, answer: int) -> list[list[Fraction]]:
    rows = [[Fraction(float(entry)) for entry in row] for row in F]
    n = F.shape[1]
    return [[row[t] - row[answer] for row in rows] for t in range(n) if t != answer]


def _certified(
    C: FloatArray, F: FloatArray, leader: int, x: FloatArray, answer: int, gap: float, name: str
) -> Commitment:
    replies = x @ F
    regret = max(0.0, float(replies.max() - replies[answer]))
    limits = _regret_limits(F, x, answer)
    has_regret = bool((replies - replies[answer] > limits).any())
    if has_regret or x.min() < 0 or abs(x.sum() - 1) > 1e-9:
        raise CertificateError(f"answer {answer} to {x.tolist()} has regret {regret:.3g}")
    tied = tuple(int(t) for t in np.flatnonzero(replies >= replies[answer] - limits))
    x.setflags(write=False)
    return Commitment(
        leader=leader,
        strategy=x,
        answer=answer,
        leader_payoff=float(x @ C[:, answer]),
        follower_payoff=float(replies[answer]),
        tied_answers=tied,
        worst_payoff=float((x @ C)[list(tied)].min()),
        follower_regret=regret,
        optimality_gap=gap,
        method=name,
    )
