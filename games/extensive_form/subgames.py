"""Subgames of a game in extensive form, and how much anyone could gain in one of them.

A *subgame* starts at a node that stands alone in its information set (or at a move of chance)
such that no information set has nodes both below and outside (Selten, 1965). The game is cut
into *stages*: a stage runs from the root of a subgame to the roots of the subgames inside it.

References
----------
.. [1] R. Selten, "Spieltheoretische Behandlung eines Oligopolmodells mit Nachfragetraegheit",
   Zeitschrift fuer die gesamte Staatswissenschaft 121, 1965, 301-324 and 667-689.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from games.errors import CertificateError
from games.extensive_form.behavior import (
    BehaviorEquilibrium,
    BehaviorProfile,
    Tie,
    branch_probabilities,
    node_values,
    payoff_scale,
)
from games.extensive_form.tree import ExtensiveGame
from games.normal_form import FloatArray

__all__ = [
    "Stage",
    "best_reply_values",
    "certified_behavior",
    "stages",
    "subgame_regrets",
    "subgame_roots",
    "whole_game",
]

REGRET_TOL = 1e-9
"""Largest regret of an equilibrium, relative to the spread of payoffs."""


@dataclass(frozen=True)
class Stage:
    """Part of a tree from the root of one subgame down to the subgames inside it.

    Parameters
    ----------
    root : int
    moves : tuple of int
        Nodes at which somebody or nature moves, in increasing order.
    exits : tuple of int
        Nodes at which the stage is over: ends of the game and roots of inner subgames.
    information_sets : tuple of int
        Those of the moves, in increasing order.
    """

    root: int
    moves: tuple[int, ...]
    exits: tuple[int, ...]
    information_sets: tuple[int, ...]


def subgame_roots(game: ExtensiveGame) -> tuple[int, ...]:
    """Nodes at which a subgame starts, in increasing order; ends are not counted.

    Examples
    --------
    >>> from games.extensive_form.builder import TreeBuilder
    >>> tree = TreeBuilder(["first", "second"])
    >>> for node in tree.move(0, "first", ["stop", "go"]):
    ...     for end in tree.move(node, "second", ["l", "r"]):
    ...         tree.end(end, [0, 0])
    >>> subgame_roots(tree.build())
    (0, 1, 2)
    """
    position, last = _preorder_intervals(game)
    low = np.arange(len(game.nodes))
    low[:] = position
    high = position.copy()
    for h in game.information_sets:
        members = list(h.nodes)
        low[members] = position[members].min()
        high[members] = position[members].max()
    roots = []
    for number in reversed(range(len(game.nodes))):
        node = game.nodes[number]
        if number and low[number] < low[node.parent]:
            low[node.parent] = low[number]
        if number and high[number] > high[node.parent]:
            high[node.parent] = high[number]
        inside = low[number] >= position[number] and high[number] <= last[number]
        if inside and not node.is_terminal:
            roots.append(number)
    return tuple(reversed(roots))


def whole_game(game: ExtensiveGame) -> Stage:
    """The game as one stage, as if it had no subgames."""
    moves = tuple(k for k, node in enumerate(game.nodes) if not node.is_terminal)
    return Stage(0, moves, game.terminals, tuple(range(len(game.information_sets))))


def stages(game: ExtensiveGame) -> tuple[Stage, ...]:
    """Stages of the game, inner subgames before those that contain them."""
    roots = set(subgame_roots(game))
    owner = [0] * len(game.nodes)
    moves: dict[int, list[int]] = defaultdict(list)
    exits: dict[int, list[int]] = defaultdict(list)
    for number, node in enumerate(game.nodes):
        above = owner[node.parent] if number else 0
        if number and (node.is_terminal or number in roots):
            exits[above].append(number)
        owner[number] = number if number in roots else above
        if not node.is_terminal:
            moves[owner[number]].append(number)
    if not roots:  # a game that is over before anybody moves
        exits[0].append(0)
    return tuple(
        Stage(root, tuple(moves[root]), tuple(exits[root]), _sets_of(game, moves[root]))
        for root in sorted(roots or {0}, reverse=True)
    )


def best_reply_values(
    game: ExtensiveGame,
    stage: Stage,
    branches: Callable[[int], Sequence[float | Fraction]],
    values: Mapping[int, Sequence[float | Fraction]],
) -> list[float | Fraction]:
    """What each player could get at most in ``stage`` against what the others do.

    Parameters
    ----------
    game : ExtensiveGame
    stage : Stage
    branches : callable
        Probabilities of the branches at a node; exact ones give exact values.
    values : mapping
        Each player's value at each exit of the stage.

    Notes
    -----
    One pass over the sequences of each player: by perfect recall the value of an information
    set adds up over the ends below it, weighted by what nature and the others do [1]_.

    References
    ----------
    .. [1] B. von Stengel, "Efficient computation of behavior strategies", Games and Economic
       Behavior 14(2), 1996, 220-246.
    """
    if not stage.moves:
        return list(values[stage.root])
    return [_best_reply_value(game, stage, branches, values, i) for i in range(game.n_players)]


def subgame_regrets(game: ExtensiveGame, behavior: BehaviorProfile) -> dict[int, float]:
    """Largest gain that a player could make alone in each subgame, by the subgame's root."""
    values = node_values(game, behavior)
    best: dict[int, Sequence[float | Fraction]] = {
        z: game.nodes[z].payoffs for z in game.terminals
    }
    regrets = {}
    for stage in stages(game):
        reply = best_reply_values(
            game, stage, lambda k: branch_probabilities(game, behavior, k), best
        )
        best[stage.root] = reply
        gain = np.array([float(v) for v in reply]) - values[stage.root]
        regrets[stage.root] = max(0.0, float(gain.max()))
    return regrets


def certified_behavior(
    game: ExtensiveGame,
    behavior: BehaviorProfile,
    ties: tuple[Tie, ...] = (),
    *,
    in_every_subgame: bool = True,
    regret_tol: float = REGRET_TOL,
) -> BehaviorEquilibrium:
    """Equilibrium with its regret, in every subgame or in the whole game only.

    Raises
    ------
    CertificateError
        If somebody could gain more than ``regret_tol`` times the spread of payoffs.
    """
    payoffs: FloatArray = node_values(game, behavior)[0]
    if in_every_subgame:
        regret = max(subgame_regrets(game, behavior).values())
    else:
        ends = {z: game.nodes[z].payoffs for z in game.terminals}
        reply = best_reply_values(
            game, whole_game(game), lambda k: branch_probabilities(game, behavior, k), ends
        )
        regret = max(0.0, float((np.array([float(v) for v in reply]) - payoffs).max()))
    largest = max(abs(float(u)) for z in game.terminals for u in game.nodes[z].payoffs)
    limit = regret_tol * payoff_scale(game) + 64 * float(np.finfo(float).eps) * largest
    if regret > limit:
        raise CertificateError(
            f"a behavior profile with regret {regret:.3g} (limit {limit:.3g}) is no equilibrium: "
            f"{[b.tolist() for b in behavior]}"
        )
    return BehaviorEquilibrium(behavior, payoffs, regret, ties)


def _preorder_intervals(game: ExtensiveGame) -> tuple[np.ndarray, np.ndarray]:
    position = np.zeros(len(game.nodes), dtype=np.int64)
    for place, number in enumerate(game.preorder()):
        position[number] = place
    last = position.copy()
    for number in reversed(range(1, len(game.nodes))):
        parent = game.nodes[number].parent
        last[parent] = max(last[parent], last[number])
    return position, last


def _sets_of(game: ExtensiveGame, moves: Sequence[int]) -> tuple[int, ...]:
    found = {game.nodes[k].information_set for k in moves}
    return tuple(sorted(found - {-1}))


def _best_reply_value(
    game: ExtensiveGame,
    stage: Stage,
    branches: Callable[[int], Sequence[float | Fraction]],
    values: Mapping[int, Sequence[float | Fraction]],
    player: int,
) -> float | Fraction:
    others: dict[int, float | Fraction] = {stage.root: Fraction(1)}
    for number in stage.moves:
        node = game.nodes[number]
        h = node.information_set
        is_own = h >= 0 and game.information_sets[h].player == player
        for child, p in zip(node.children, branches(number), strict=True):
            others[child] = others[number] if is_own else others[number] * p
    worth: dict[int, float | Fraction] = defaultdict(Fraction)
    for number in stage.exits:
        worth[int(game.sequences[number, player])] += others[number] * values[number][player]
    for h in reversed(stage.information_sets):
        members = game.information_sets[h]
        if members.player == player:
            first = game.first_sequence[h]
            best = max(worth[first + a] for a in range(len(members.actions)))
            worth[int(game.sequences[members.nodes[0], player])] += best
    return worth[int(game.sequences[stage.root, player])]
