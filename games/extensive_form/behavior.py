"""Behavior strategies and what they lead to: reach, payoffs and the records of equilibria.

A *behavior strategy* says, for each information set of a player, with which probability it
takes each action. With perfect recall it can do all that a mixed strategy can (Kuhn, 1953).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from games.errors import InvalidGameError
from games.extensive_form.tree import ExtensiveGame
from games.normal_form import FloatArray

__all__ = [
    "BehaviorEquilibrium",
    "BehaviorEquilibriumList",
    "BehaviorProfile",
    "Tie",
    "checked_behavior",
    "node_values",
    "payoff_scale",
    "pure_behavior",
    "reach_probabilities",
]

BehaviorProfile: TypeAlias = tuple[FloatArray, ...]
"""One probability vector for each information set of the game, in the game's order."""


@dataclass(frozen=True)
class Tie:
    """Actions of an information set between which its player is indifferent.

    Parameters
    ----------
    player, information_set : str
        Labels.
    actions : tuple of str
        All the best actions there, given what is played afterwards.
    """

    player: str
    information_set: str
    actions: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class BehaviorEquilibrium:
    """One equilibrium of a game in extensive form, with the regret that certifies it.

    Parameters
    ----------
    behavior : tuple of (n_actions,) arrays of float
        One probability vector per information set.
    payoffs : (n_players,) array of float
        Expected payoffs, in each player's own units.
    regret : float
        Largest gain that any player could make by deviating alone: in any subgame for a
        subgame-perfect equilibrium, in the whole game for a Nash equilibrium.
    ties : tuple of Tie
        Where a player might as well have done something else.
    """

    behavior: BehaviorProfile
    payoffs: FloatArray
    regret: float
    ties: tuple[Tie, ...] = ()

    @property
    def is_pure(self) -> bool:
        """Whether one action is certain at every information set."""
        return all(bool((s == 1).any()) for s in self.behavior)


@dataclass(frozen=True, eq=False)
class BehaviorEquilibriumList:
    """Equilibria of one game in extensive form, and whether the list is all of them.

    Parameters
    ----------
    equilibria : tuple of BehaviorEquilibrium
    is_complete : bool
        True only if the method proves that there is no other of the kind that it seeks.
    method : str
    note : str
        What a reader must know besides.
    """

    equilibria: tuple[BehaviorEquilibrium, ...]
    is_complete: bool
    method: str
    note: str = ""


def checked_behavior(game: ExtensiveGame, behavior: Sequence[FloatArray]) -> BehaviorProfile:
    """Behavior profile as arrays of float.

    Raises
    ------
    InvalidGameError
        If an information set lacks its probability vector or one does not sum to 1.
    """
    if len(behavior) != len(game.information_sets):
        rule = f"has {len(behavior)} vectors; the game has {len(game.information_sets)} sets"
        raise InvalidGameError("behavior", rule)
    profile = tuple(np.asarray(b, dtype=float) for b in behavior)
    for vector, h in zip(profile, game.information_sets, strict=True):
        fits = vector.shape == (len(h.actions),) and vector.min() >= 0
        if not fits or not abs(vector.sum() - 1) <= 1e-9:
            raise InvalidGameError(
                f"behavior at information set {h.label!r} of {game.players[h.player]}",
                f"is {vector.tolist()}; {len(h.actions)} probabilities that sum to 1 needed",
            )
    return profile


def pure_behavior(game: ExtensiveGame, choices: Sequence[int]) -> BehaviorProfile:
    """Behavior profile that takes action ``choices[h]`` at information set ``h``."""
    sizes = [len(h.actions) for h in game.information_sets]
    return tuple(certain(a, m) for a, m in zip(choices, sizes, strict=True))


def certain(action: int, n_actions: int) -> FloatArray:
    """Probability vector that is 1 at ``action``; a whole unit matrix would be too large."""
    vector = np.zeros(n_actions)
    vector[action] = 1.0
    return vector


def branch_probabilities(
    game: ExtensiveGame, behavior: BehaviorProfile, number: int
) -> Sequence[float]:
    """Probability of each branch at node ``number``."""
    node = game.nodes[number]
    if node.information_set >= 0:
        return [float(p) for p in behavior[node.information_set]]
    return [float(p) for p in node.probabilities]


def reach_probabilities(game: ExtensiveGame, behavior: BehaviorProfile) -> FloatArray:
    """Probability that play comes to each node, shape ``(n_nodes,)``."""
    reach = np.zeros(len(game.nodes))
    reach[0] = 1.0
    for number, node in enumerate(game.nodes):
        for child, p in zip(
            node.children, branch_probabilities(game, behavior, number), strict=True
        ):
            reach[child] = reach[number] * p
    return reach


def node_values(game: ExtensiveGame, behavior: BehaviorProfile) -> FloatArray:
    """Expected payoffs of the players from each node on, shape ``(n_nodes, n_players)``."""
    values = np.zeros((len(game.nodes), game.n_players))
    for number in reversed(range(len(game.nodes))):
        node = game.nodes[number]
        if node.is_terminal:
            values[number] = [float(u) for u in node.payoffs]
        else:
            weights = np.array(branch_probabilities(game, behavior, number))
            values[number] = weights @ values[list(node.children)]
    return values


def payoff_scale(game: ExtensiveGame) -> float:
    """Largest spread of one player's payoffs over the ends, at least the smallest float.

    Tolerances on regret are relative to it.
    """
    payoffs = np.array([[float(u) for u in game.nodes[z].payoffs] for z in game.terminals])
    return max(float(np.ptp(payoffs, axis=0).max()), float(np.finfo(float).tiny))
