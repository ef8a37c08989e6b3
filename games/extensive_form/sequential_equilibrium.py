"""A sequential equilibrium as the limit of agent logit play.

An *assessment* is a behavior profile together with *beliefs*: for each information set, how
probable each of its nodes is. It is a *sequential equilibrium* (Kreps and Wilson, 1982) if

* it is *sequentially rational*: nobody gains by changing what it does at any information set,
  given the beliefs there; and
* it is *consistent*: the limit of assessments in which every action has positive probability
  and beliefs follow from Bayes' rule.

Agent logit play is fully mixed; every limit of it as precision grows is a sequential
equilibrium (McKelvey and Palfrey, 1998). Both conditions are measured here.

References
----------
.. [1] D. M. Kreps and R. Wilson, "Sequential equilibria", Econometrica 50(4), 1982, 863-894.
.. [2] R. D. McKelvey and T. R. Palfrey, "Quantal response equilibria for extensive form games",
   Experimental Economics 1(1), 1998, 9-41.
.. [3] T. L. Turocy, "Computing sequential equilibria using agent quantal response equilibria",
   Economic Theory 42(1), 2010, 255-269.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from games.errors import CertificateError, NoSolutionError
from games.extensive_form.agent_logit import (
    LogitEquations,
    action_ways,
    log_chance,
    logit_equations,
    traced_branch,
)
from games.extensive_form.behavior import (
    BehaviorProfile,
    node_values,
    reach_probabilities,
)
from games.extensive_form.tree import ExtensiveGame
from games.normal_form import FloatArray

__all__ = [
    "Beliefs",
    "SequentialEquilibrium",
    "bayes_gap",
    "sequential_equilibrium",
    "sequential_regret",
    "sequential_regrets",
]

Beliefs: TypeAlias = tuple[FloatArray, ...]
"""One probability vector over the nodes of each information set, in the game's order."""

PRECISIONS = (1e4, 1e6, 1e8, 1e10, 1e12)
"""Precisions, in units of each player's spread of payoffs, from which the limit is taken.

Rounding grows with them, so the smallest that will do is best; large ones are needed where
some payoffs are millions of times larger than the differences that decide.
"""

GAP_TOL = 1e-3
"""Largest regret at an information set, as a share of the smallest difference between payoffs
that its player may still get: less than any mistake in what is best could cost."""

CONSISTENCY_TOL = 1e-2
"""Largest distance between the limit and the fully mixed assessment that stands behind it."""

_SMALLEST_GAP = 1e-6
_SMALL_EXCESS = 1e-5
_NEGLIGIBLE = 1e-7
_NEGLIGIBLE_SHARE = 1e-3


@dataclass(frozen=True, eq=False)
class SequentialEquilibrium:
    """An assessment with the measures that certify it.

    Parameters
    ----------
    behavior : tuple of (n_actions,) arrays of float
        One probability vector per information set.
    beliefs : tuple of (n_nodes_of_set,) arrays of float
        One probability vector per information set, over its nodes.
    payoffs : (n_players,) array of float
    regret : float
        Sequential rationality: the largest gain that a player could make from any information
        set on, given the beliefs there; in payoff units.
    consistency : float
        Largest difference between this assessment and the fully mixed one at ``precision``, the
        beliefs of which follow from Bayes' rule.
    bayes_gap : float
        Largest difference between the beliefs and Bayes' rule at information sets that are
        reached.
    precision : float
        In units of 1 / each player's spread of payoffs.
    """

    behavior: BehaviorProfile
    beliefs: Beliefs
    payoffs: FloatArray
    regret: float
    consistency: float
    bayes_gap: float
    precision: float


def sequential_equilibrium(game: ExtensiveGame) -> SequentialEquilibrium:
    """The sequential equilibrium to which the principal branch of agent logit play leads.

    Parameters
    ----------
    game : ExtensiveGame
        Any number of players; every branch of chance with positive probability.

    Returns
    -------
    SequentialEquilibrium
        One of possibly several. Payoffs are measured in each player's own spread, so it does
        not change when a player's payoffs are rescaled.

    Raises
    ------
    CertificateError
        If the extrapolated limit fails sequential rationality or consistency.
    NoSolutionError
        If the branch cannot be followed to any of ``PRECISIONS`` where beliefs settle.
    InvalidGameError, TooLargeError
        As for :func:`~games.extensive_form.agent_logit.logit_equations`.

    Examples
    --------
    Selten's horse has equilibria in which player 2 would not do what it announces; the
    sequential one is (C, c):

    >>> from games.extensive_form.builder import TreeBuilder
    >>> tree = TreeBuilder(["1", "2", "3"], title="Selten's horse")
    >>> C, D = tree.move(0, "1", ["C", "D"])
    >>> c, d = tree.move(C, "2", ["c", "d"])
    >>> tree.end(c, [1, 1, 1])
    >>> for node, ends in [(d, [(4, 4, 0), (0, 0, 1)]), (D, [(3, 3, 2), (0, 0, 0)])]:
    ...     for end, payoffs in zip(tree.move(node, "3", ["L", "R"], information_set="3"), ends):
    ...         tree.end(end, payoffs)
    >>> found = sequential_equilibrium(tree.build())
    >>> found.payoffs.round(4).tolist(), [b.round(3).tolist() for b in found.behavior[:2]]
    ([1.0, 1.0, 1.0], [[1.0, 0.0], [1.0, 0.0]])
    """
    payoffs = np.array([[float(u) for u in game.nodes[z].payoffs] for z in game.terminals])
    spreads = np.ptp(payoffs, axis=0)
    equations = logit_equations(game, np.where(spreads > 0, spreads, 1.0))
    limits = _regret_limits(game)
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


def sequential_regret(game: ExtensiveGame, behavior: BehaviorProfile, beliefs: Beliefs) -> float:
    """Largest gain from any information set on, given the beliefs there, in payoff units."""
    return float(np.max(sequential_regrets(game, behavior, beliefs), initial=0.0))


def sequential_regrets(
    game: ExtensiveGame, behavior: BehaviorProfile, beliefs: Beliefs
) -> FloatArray:
    """Gain from each information set on, given the beliefs there, shape ``(n_sets,)``.

    With perfect recall and consistent beliefs it is enough that nobody gains by changing a
    single action, which is what is measured.
    """
    values = node_values(game, behavior)
    regrets = np.zeros(len(game.information_sets))
    for h, members in enumerate(game.information_sets):
        worth = sum(
            weight * values[list(game.nodes[x].children), members.player]
            for x, weight in zip(members.nodes, beliefs[h], strict=True)
        )
        regrets[h] = max(0.0, float(np.max(worth) - behavior[h] @ worth))
    return regrets


def bayes_gap(game: ExtensiveGame, behavior: BehaviorProfile, beliefs: Beliefs) -> float:
    """Largest difference between beliefs and Bayes' rule where an information set is reached."""
    reach = reach_probabilities(game, behavior)
    largest = 0.0
    for h, members in enumerate(game.information_sets):
        weights = reach[list(members.nodes)]
        if weights.sum() > _NEGLIGIBLE:
            largest = max(largest, float(np.abs(weights / weights.sum() - beliefs[h]).max()))
    return largest


def _regret_limits(game: ExtensiveGame) -> FloatArray:
    """Largest regret allowed at each information set."""
    payoffs = np.array([[float(u) for u in game.nodes[z].payoffs] for z in game.terminals])
    ways = action_ways(game)[list(game.terminals)]
    limits = np.empty(len(game.information_sets))
    first = 0
    for h, members in enumerate(game.information_sets):
        last = first + len(members.actions)
        own = np.unique(payoffs[ways[:, first:last].any(axis=1), members.player])
        first = last
        gap = max(float(np.diff(own).min(initial=np.inf)), _SMALLEST_GAP * float(np.ptp(own)))
        gap = gap if np.isfinite(gap) else 0.0
        rounding = 64 * float(np.finfo(float).eps) * float(np.abs(own).max())
        limits[h] = max(GAP_TOL * gap, rounding, float(np.finfo(float).tiny))
    return limits


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
