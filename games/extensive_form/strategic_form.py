"""Reduced normal form of a game in extensive form, and the way back to behavior strategies.

A *reduced* strategy says nothing about information sets that it excludes itself. A mixed one
is worth as much as a behavior strategy (Kuhn, 1953), which this module computes.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.behavior import BehaviorProfile
from games.extensive_form.subgames import Stage, whole_game
from games.extensive_form.tree import ExtensiveGame
from games.normal_form import FloatArray, MixedProfile, NormalFormGame

__all__ = [
    "StrategicForm",
    "behavior_of_mixed",
    "complete_behavior",
    "reduced_normal_form",
    "stage_strategic_form",
]

MAX_ENTRIES = 2_000_000
"""Largest number of payoffs (players × strategy profiles) of a reduced normal form."""


@dataclass(frozen=True, eq=False)
class StrategicForm:
    """Reduced normal form of a stage, and what its strategies do in the tree.

    Parameters
    ----------
    game : NormalFormGame
    players : tuple of int
        The player of the tree behind each player of ``game``.
    information_sets : tuple of tuple of int
        For each of them, its information sets in the stage.
    strategies : tuple of (n_strategies, n_sets) arrays of int
        Action taken at each of those; -1 where the strategy itself keeps play away.
    """

    game: NormalFormGame
    players: tuple[int, ...]
    information_sets: tuple[tuple[int, ...], ...]
    strategies: tuple[np.ndarray, ...]


def reduced_normal_form(game: ExtensiveGame) -> StrategicForm:
    """Reduced normal form of the whole game, every player in it.

    Raises
    ------
    TooLargeError
        If it has more than ``MAX_ENTRIES`` payoffs.

    Notes
    -----
    Payoffs are summed as exact fractions and rounded once: what ties in the tree ties here.

    Examples
    --------
    >>> from games.extensive_form.builder import TreeBuilder
    >>> tree = TreeBuilder(["entrant", "incumbent"])
    >>> out, enter = tree.move(0, "entrant", ["stay out", "enter"])
    >>> tree.end(out, [1, 5])
    >>> yields, fights = tree.move(enter, "incumbent", ["yield", "fight"])
    >>> tree.end(yields, [2, 2])
    >>> tree.end(fights, [0, 0])
    >>> form = reduced_normal_form(tree.build())
    >>> form.game.actions
    (('stay out', 'enter'), ('yield', 'fight'))
    >>> form.game.payoffs.tolist()
    [[[1.0, 1.0], [2.0, 0.0]], [[5.0, 5.0], [2.0, 0.0]]]
    """
    ends = {z: game.nodes[z].payoffs for z in game.terminals}
    return stage_strategic_form(game, whole_game(game), ends, tuple(range(game.n_players)))


def stage_strategic_form(
    game: ExtensiveGame,
    stage: Stage,
    values: Mapping[int, Sequence[Fraction]],
    players: tuple[int, ...],
) -> StrategicForm:
    """Reduced normal form of one stage between ``players``, given the values at its exits.

    ``players`` must contain all that move in the stage.
    """
    sets = tuple(
        tuple(h for h in stage.information_sets if game.information_sets[h].player == i)
        for i in players
    )
    counts = [_n_strategies(game, stage, i, own) for i, own in zip(players, sets, strict=True)]
    if math.prod(counts) * len(players) > MAX_ENTRIES:
        shape = " × ".join(f"{c:,}" for c in counts)
        raise TooLargeError(
            f"the reduced normal form has {shape} strategies; the limit is {MAX_ENTRIES:,} "
            "payoffs; use the sequence form or the logit path"
        )
    strategies = tuple(
        _strategies(game, stage, i, own) for i, own in zip(players, sets, strict=True)
    )
    payoffs = _payoffs(game, stage, values, players, sets, strategies)
    labels = [_labels(game, own, s) for own, s in zip(sets, strategies, strict=True)]
    normal = NormalFormGame(payoffs, [game.players[i] for i in players], labels)
    return StrategicForm(normal, players, sets, strategies)


def behavior_of_mixed(
    game: ExtensiveGame, form: StrategicForm, profile: MixedProfile
) -> dict[int, FloatArray]:
    """Behavior at each information set of the form that is worth as much as ``profile``.

    Where a player's own strategy never lets play come to one of its information sets, what it
    would do there is not determined; it is the uniform choice.

    Raises
    ------
    InvalidGameError
        If the profile does not fit the form.
    """
    if len(profile) != len(form.players):
        raise InvalidGameError("profile", f"needs {len(form.players)} mixed strategies")
    behavior: dict[int, FloatArray] = {}
    for own, strategies, mixed in zip(
        form.information_sets, form.strategies, profile, strict=True
    ):
        for column, h in enumerate(own):
            n_actions = len(game.information_sets[h].actions)
            weights = np.array([mixed[strategies[:, column] == a].sum() for a in range(n_actions)])
            total = weights.sum()
            uniform = np.full(n_actions, 1 / n_actions)
            behavior[h] = weights / total if total > 0 else uniform
    return behavior


def complete_behavior(game: ExtensiveGame, parts: Mapping[int, FloatArray]) -> BehaviorProfile:
    """Profile of the whole game from the behavior at each information set."""
    return tuple(parts[h] for h in range(len(game.information_sets)))


def _n_strategies(game: ExtensiveGame, stage: Stage, player: int, own: Sequence[int]) -> int:
    below: dict[int, int] = defaultdict(lambda: 1)
    for h in reversed(own):
        members = game.information_sets[h]
        first = game.first_sequence[h]
        n = sum(below[first + a] for a in range(len(members.actions)))
        below[int(game.sequences[members.nodes[0], player])] *= n
    return below[int(game.sequences[stage.root, player])]


def _strategies(game: ExtensiveGame, stage: Stage, player: int, own: Sequence[int]) -> np.ndarray:
    start = int(game.sequences[stage.root, player])
    partial: list[tuple[int, ...]] = [()]
    action_of = {
        game.first_sequence[h] + a: (column, a)
        for column, h in enumerate(own)
        for a in range(len(game.information_sets[h].actions))
    }
    for h in own:
        members = game.information_sets[h]
        before = int(game.sequences[members.nodes[0], player])
        longer: list[tuple[int, ...]] = []
        for chosen in partial:
            column, action = action_of.get(before, (-1, -1))
            if before == start or chosen[column] == action:
                longer.extend((*chosen, a) for a in range(len(members.actions)))
            else:
                longer.append((*chosen, -1))
        partial = longer
    return np.array(partial, dtype=np.int64).reshape(len(partial), len(own))


def _payoffs(
    game: ExtensiveGame,
    stage: Stage,
    values: Mapping[int, Sequence[Fraction]],
    players: tuple[int, ...],
    sets: Sequence[Sequence[int]],
    strategies: Sequence[np.ndarray],
) -> FloatArray:
    chance = {stage.root: Fraction(1)}
    for number in stage.moves:
        node = game.nodes[number]
        for k, child in enumerate(node.children):
            chance[child] = chance[number] * (node.probabilities[k] if node.is_chance else 1)
    terms = {z: [chance[z] * values[z][i] for i in players] for z in stage.exits}
    scale = math.lcm(*{term.denominator for row in terms.values() for term in row})
    numerators = {z: [int(term * scale) for term in row] for z, row in terms.items()}
    reach = sum(max(map(abs, row)) for row in numerators.values())
    dtype = np.int64 if max(reach, scale) < 2**53 else object
    shape = tuple(len(s) for s in strategies)
    total = np.zeros((len(players), *shape), dtype=dtype)
    allows = [
        _compatible(game, stage, i, own, s)
        for i, own, s in zip(players, sets, strategies, strict=True)
    ]
    for z, row in numerators.items():
        where = np.ix_(
            *(a[int(game.sequences[z, i])] for a, i in zip(allows, players, strict=True))
        )
        for k, numerator in enumerate(row):
            total[k][where] += numerator
    if dtype is object:
        return np.array([float(Fraction(t, scale)) for t in total.flat]).reshape(total.shape)
    return np.asarray(total / scale, dtype=float)


def _compatible(
    game: ExtensiveGame, stage: Stage, player: int, own: Sequence[int], strategies: np.ndarray
) -> dict[int, np.ndarray]:
    """Strategies of a player that let play follow each of its sequences."""
    allows = {int(game.sequences[stage.root, player]): np.arange(len(strategies))}
    for column, h in enumerate(own):
        for a in range(len(game.information_sets[h].actions)):
            allows[game.first_sequence[h] + a] = np.flatnonzero(strategies[:, column] == a)
    return allows


def _labels(game: ExtensiveGame, own: Sequence[int], strategies: np.ndarray) -> list[str]:
    labels = [
        "/".join(
            "*" if a < 0 else game.information_sets[h].actions[a]
            for h, a in zip(own, row, strict=True)
        )
        for row in strategies
    ]
    if not own:
        return ["(no move)"]
    return labels if len(set(labels)) == len(labels) else [str(k + 1) for k in range(len(labels))]
