"""The limit of agent logit play: an assessment read off from the principal branch.

Agent logit play is fully mixed; every limit of it as precision grows is a sequential
equilibrium (McKelvey and Palfrey, 1998), also if the precisions of the players grow in fixed
proportions. The branch is followed to a large precision and the limit extrapolated; rationality
and consistency of what comes out are measured [2]_.

References
----------
.. [1] R. D. McKelvey and T. R. Palfrey, "Quantal response equilibria for extensive form games",
   Experimental Economics 1(1), 1998, 9-41.
.. [2] T. L. Turocy, "Computing sequential equilibria using agent quantal response equilibria",
   Economic Theory 42(1), 2010, 255-269.
"""

from __future__ import annotations

import numpy as np

from games.errors import CertificateError, NoSolutionError
from games.extensive_form.agent_logit import (
    LogitEquations,
    action_ways,
    log_chance,
    logit_equations,
    traced_branch,
)
from games.extensive_form.assessment import (
    Beliefs,
    SequentialEquilibrium,
    bayes_gap,
    regret_limits,
    sequential_regret,
    sequential_regrets,
)
from games.extensive_form.behavior import BehaviorProfile, node_values
from games.extensive_form.tree import ExtensiveGame
from games.normal_form import FloatArray

__all__ = ["limit_of_logit_play"]

PRECISIONS = (1e4, 1e6, 1e8, 1e10, 1e12)
"""Precisions, in units of each player's scale, from which the limit is taken.

Rounding grows with them, so the smallest that will do is best; large ones are needed where
some payoffs are millions of times larger than the differences that decide.
"""

CONSISTENCY_TOL = 1e-2
"""Largest distance between the limit and the fully mixed assessment that stands behind it."""

_SMALL_EXCESS = 1e-5
_NEGLIGIBLE_SHARE = 1e-3


def limit_of_logit_play(game: ExtensiveGame, scales: FloatArray) -> SequentialEquilibrium:
    """Certified limit of the principal branch with each player's payoffs in units of its scale.

    Parameters
    ----------
    game : ExtensiveGame
    scales : (n_players,) array of float, positive, in each player's payoff units

    Raises
    ------
    CertificateError
        If the extrapolated limit fails sequential rationality or consistency.
    NoSolutionError
        If the branch cannot be followed to any of ``PRECISIONS`` where beliefs settle.
    InvalidGameError, TooLargeError
        As for :func:`~games.extensive_form.agent_logit.logit_equations`.
    """
    equations = logit_equations(game, scales)
    limits = regret_limits(game)
    best: SequentialEquilibrium | None = None
    least = np.inf
    wanted = [precision / share for precision in PRECISIONS for share in (4, 2, 1)]
    branch = traced_branch(equations, wanted)
    for precision in PRECISIONS:
        try:
            points = [next(branch) for _ in range(3)]
        except NoSolutionError:
            if best is None:
                raise
            break
        if any(y is None for y in points):
            continue
        found = _assessment(game, equations, [y for y in points if y is not None], precision)
        excess = float(
            np.max(sequential_regrets(game, found.behavior, found.beliefs) / limits, initial=0.0)
        )
        is_consistent = max(found.consistency, found.bayes_gap) <= CONSISTENCY_TOL
        if is_consistent and excess < least:
            best, least = found, excess
        if least <= _SMALL_EXCESS:
            break
    if best is None or least > 1:
        regret = "no consistent beliefs" if best is None else f"regret {best.regret:.3g}"
        raise CertificateError(f"the limit of agent logit play is not certified: {regret}")
    return best


def _assessment(
    game: ExtensiveGame, equations: LogitEquations, points: list[FloatArray], precision: float
) -> SequentialEquilibrium:
    """Limit as seen from points at λ/4, λ/2 and λ, with its measures."""
    mixed, mixed_beliefs = equations.behavior(points[-1]), _beliefs(game, points[-1])
    behavior = _limit([equations.behavior(y) for y in points])
    beliefs = _limit([_beliefs(game, y) for y in points])
    differences = zip((*behavior, *beliefs), (*mixed, *mixed_beliefs), strict=True)
    return SequentialEquilibrium(
        behavior,
        beliefs,
        payoffs=node_values(game, behavior)[0],
        regret=sequential_regret(game, behavior, beliefs),
        consistency=max((float(np.abs(a - b).max()) for a, b in differences), default=0.0),
        bayes_gap=bayes_gap(game, behavior, beliefs),
        precision=precision,
    )


def _beliefs(game: ExtensiveGame, y: FloatArray) -> Beliefs:
    logs = action_ways(game) @ y + log_chance(game)
    beliefs = []
    for members in game.information_sets:
        own = logs[list(members.nodes)]
        weights = np.exp(own - own.max())
        beliefs.append(weights / weights.sum())
    return tuple(beliefs)


def _limit(points: list[BehaviorProfile]) -> BehaviorProfile:
    """Limit of probabilities at precisions λ/4, λ/2 and λ, exact up to terms of order 1/λ²."""
    limits = []
    for quarter, half, full in zip(*points, strict=True):
        limit = np.clip((8 * full - 6 * half + quarter) / 3, 0.0, 1.0)
        # Compared with itself only: next to a huge penalty a tiny probability is no rounding.
        vanishes = (full < half / 2.5) | (limit < _NEGLIGIBLE_SHARE * full)
        limit[vanishes] = 0.0
        limits.append(limit / limit.sum() if limit.any() else full)
    return tuple(limits)
