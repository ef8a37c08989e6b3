"""Assessments of a game in extensive form: beliefs beside behavior, and what certifies them.

An *assessment* is a behavior profile together with *beliefs*: for each information set, how
probable each of its nodes is. It is a *sequential equilibrium* (Kreps and Wilson, 1982) if

* it is *sequentially rational*: nobody gains by changing what it does at any information set,
  given the beliefs there; and
* it is *consistent*: the limit of assessments in which every action has positive probability
  and beliefs follow from Bayes' rule.

References
----------
.. [1] D. M. Kreps and R. Wilson, "Sequential equilibria", Econometrica 50(4), 1982, 863-894.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from games.extensive_form.agent_logit import MAX_ENTRIES, action_ways
from games.extensive_form.behavior import BehaviorProfile, node_values, reach_probabilities
from games.extensive_form.tree import ExtensiveGame
from games.normal_form import FloatArray

__all__ = [
    "Beliefs",
    "SequentialEquilibrium",
    "bayes_gap",
    "regret_limits",
    "sequential_regret",
    "sequential_regrets",
]

Beliefs: TypeAlias = tuple[FloatArray, ...]
"""One probability vector over the nodes of each information set, in the game's order."""

GAP_TOL = 1e-3
"""Largest regret at an information set, as a share of the smallest difference between payoffs
that its player may still get: less than any mistake in what is best could cost."""

_SMALLEST_GAP = 1e-6
_NEGLIGIBLE = 1e-7


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
    method : str
        How it was found.
    """

    behavior: BehaviorProfile
    beliefs: Beliefs
    payoffs: FloatArray
    regret: float
    consistency: float
    bayes_gap: float
    precision: float
    method: str = "limit of agent logit play (floating point)"


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


def regret_limits(game: ExtensiveGame) -> FloatArray:
    """Largest regret allowed at each information set, shape ``(n_sets,)``."""
    ends = list(game.terminals)
    payoffs = np.array([[float(u) for u in game.nodes[z].payoffs] for z in ends])
    n_actions = sum(len(h.actions) for h in game.information_sets)
    if n_actions * len(ends) > MAX_ENTRIES:
        # All payoffs of the player instead of those behind the set: the limit is only stricter.
        of_player = [_regret_limit(payoffs[:, i]) for i in range(game.n_players)]
        return np.array([of_player[h.player] for h in game.information_sets])
    ways = action_ways(game)[ends]
    limits = np.empty(len(game.information_sets))
    first = 0
    for h, members in enumerate(game.information_sets):
        last = first + len(members.actions)
        limits[h] = _regret_limit(payoffs[ways[:, first:last].any(axis=1), members.player])
        first = last
    return limits


def _regret_limit(payoffs: FloatArray) -> float:
    own = np.unique(payoffs)
    gap = float(np.diff(own).min(initial=np.inf))
    gap = max(gap, _SMALLEST_GAP * float(np.ptp(own))) if np.isfinite(gap) else 0.0
    rounding = 64 * float(np.finfo(float).eps) * float(np.abs(own).max())
    return max(GAP_TOL * gap, rounding, float(np.finfo(float).tiny))
