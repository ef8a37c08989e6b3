"""Agent logit equilibria at several precisions, each with the residual that certifies it.

In the agent form of a tree each information set is played by an agent of its own who errs on
its own (McKelvey and Palfrey, 1998): errors are made at each move, not in the choice of a whole
strategy, so the answer differs from logit play of the normal form.

References
----------
.. [1] R. D. McKelvey and T. R. Palfrey, "Quantal response equilibria for extensive form games",
   Experimental Economics 1(1), 1998, 9-41.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from games.errors import CertificateError, InvalidGameError, NoSolutionError
from games.extensive_form.agent_logit import LogitEquations, logit_equations, traced_branch
from games.extensive_form.behavior import (
    BehaviorProfile,
    branch_probabilities,
    node_values,
    payoff_scale,
)
from games.extensive_form.subgames import best_reply_values, whole_game
from games.extensive_form.tree import ExtensiveGame
from games.normal_form import FloatArray

__all__ = ["MAX_PRECISION", "AgentQuantalResponse", "agent_quantal_responses"]

MAX_PRECISION = 1e12
"""Largest precision, in units of one over the largest spread of payoffs."""

RESIDUAL_TOL = 1e-7
"""Largest difference between a probability and the logit response to the profile."""


@dataclass(frozen=True, eq=False)
class AgentQuantalResponse:
    """An agent logit equilibrium with its certificate.

    Parameters
    ----------
    precision : float
        ``λ`` in units of 1 / payoff.
    behavior : tuple of (n_actions,) arrays of float
        One probability vector per information set.
    payoffs : (n_players,) array of float
    regret : float
        Largest gain of a player who alone errs no more, in payoff units.
    residual : float
        Largest difference between a probability and the logit response.
    """

    precision: float
    behavior: BehaviorProfile
    payoffs: FloatArray
    regret: float
    residual: float


def agent_quantal_responses(
    game: ExtensiveGame, precisions: Sequence[float]
) -> tuple[AgentQuantalResponse, ...]:
    """Agent logit equilibria on the principal branch, in the order of ``precisions``.

    Parameters
    ----------
    game : ExtensiveGame
    precisions : sequence of float
        ``λ`` in units of 1 / payoff, the same for all players.

    Raises
    ------
    InvalidGameError
        If a precision is negative, not finite or above ``MAX_PRECISION``, or a branch of chance
        has probability 0.
    NoSolutionError
        If the branch cannot be followed that far.
    TooLargeError
        As :func:`~games.extensive_form.agent_logit.logit_equations`.
    CertificateError
        If a point of the branch is no logit response to itself.

    Examples
    --------
    >>> from games.extensive_form.builder import TreeBuilder
    >>> tree = TreeBuilder(["A"])
    >>> for node, payoff in zip(tree.move(0, "A", ["l", "r"]), [1, 0]):
    ...     tree.end(node, [payoff])
    >>> found = agent_quantal_responses(tree.build(), [np.log(3), 0])
    >>> [f.behavior[0].round(6).tolist() for f in found]
    [[0.75, 0.25], [0.5, 0.5]]
    """
    scale = payoff_scale(game)
    for place, precision in enumerate(precisions):
        if not (np.isfinite(precision) and precision >= 0):
            rule = f"is {precision}; a finite number >= 0 is needed"
            raise InvalidGameError(f"precisions[{place}]", rule)
        if precision > MAX_PRECISION / max(scale, 1e-290):
            raise InvalidGameError(
                f"precisions[{place}]",
                f"is {precision:.6g}; payoffs that differ by up to {scale:.6g} allow at most "
                f"{MAX_PRECISION / scale:.6g}; ask for a sequential equilibrium instead",
            )
    equations = logit_equations(game, np.full(game.n_players, scale))
    ascending = sorted({float(p) for p in precisions})
    found: dict[float, AgentQuantalResponse] = {}
    branch = traced_branch(equations, [p * scale for p in ascending])
    for precision, y in zip(ascending, branch, strict=True):
        if y is None:
            raise NoSolutionError(f"logit play does not settle at precision {precision:.4g}")
        found[precision] = _certified(game, equations, y, precision, scale)
    return tuple(found[float(p)] for p in precisions)


def _certified(
    game: ExtensiveGame, equations: LogitEquations, y: FloatArray, precision: float, scale: float
) -> AgentQuantalResponse:
    behavior = equations.behavior(y)
    u, _ = equations.action_values(y)
    residual = 0.0
    for own, start, stop in zip(behavior, equations.first[:-1], equations.first[1:], strict=True):
        weights = np.exp(precision * scale * (u[start:stop] - u[start:stop].max()))
        residual = max(residual, float(np.abs(own - weights / weights.sum()).max()))
    # The precision multiplies payoffs, and with them their rounding.
    limit = RESIDUAL_TOL + 64 * float(np.finfo(float).eps) * precision * scale
    if residual > limit:
        raise CertificateError(
            f"residual {residual:.3g} (limit {limit:.3g}) at precision {precision:.6g}: no logit "
            "equilibrium"
        )
    ends = {z: game.nodes[z].payoffs for z in game.terminals}
    reply = best_reply_values(
        game, whole_game(game), lambda k: branch_probabilities(game, behavior, k), ends
    )
    payoffs: FloatArray = node_values(game, behavior)[0]
    regret = max(0.0, float((np.array([float(v) for v in reply]) - payoffs).max()))
    return AgentQuantalResponse(precision, behavior, payoffs, regret, residual)
