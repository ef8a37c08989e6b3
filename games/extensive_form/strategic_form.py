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
from games.extensive_form.exact_numbers import about, handy_number
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
"""Largest number of payoffs (players × strategy profiles) of a reduced normal form, and of
choices (strategies × information sets) in the strategies of one player."""

MAX_STRATEGIES_OF_ONE = 4_000
"""Largest number of reduced strategies of one player."""

MAX_SUMMANDS = 50_000_000
"""Largest number of times that an end of the tree is added to a payoff of the normal form."""

MAX_PLAYERS = 32
"""Largest number of players of a normal form: an array has one axis for each."""


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
        If it has more than ``MAX_ENTRIES`` payoffs, or more players, choices or summands than
        the other limits of this module; known before any of it is built.

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
    _check_size(game, stage, players, sets)
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


def _check_size(
    game: ExtensiveGame, stage: Stage, players: Sequence[int], sets: Sequence[Sequence[int]]
) -> None:
    if len(players) > MAX_PLAYERS:
        raise _too_large(f"{len(players):,} players", f"{MAX_PLAYERS} players")
    counts = [_n_strategies(game, stage, i, own) for i, own in zip(players, sets, strict=True)]
    if math.prod(counts) * len(players) > MAX_ENTRIES:
        shape = " × ".join(about(c) for c in counts)
        raise _too_large(f"{shape} strategies", f"{MAX_ENTRIES:,} payoffs")
    for i, own, count in zip(players, sets, counts, strict=True):
        if count > MAX_STRATEGIES_OF_ONE:
            found = f"{about(count)} strategies of {game.players[i]}"
            raise _too_large(found, f"{MAX_STRATEGIES_OF_ONE:,} strategies of one player")
        if count * len(own) > MAX_ENTRIES:
            found = f"{about(count)} strategies of {len(own):,} choices for {game.players[i]}"
            raise _too_large(found, f"{MAX_ENTRIES:,} choices")
    # Every end is paid at all profiles that let play come to it.
    if len(stage.exits) * math.prod(counts) > MAX_SUMMANDS:
        allowed = _n_allowing(game, stage, players, sets, counts)
        n_summands = sum(
            math.prod(n[int(game.sequences[z, i])] for n, i in zip(allowed, players, strict=True))
            for z in stage.exits
        )
        if n_summands > MAX_SUMMANDS:
            raise _too_large(f"sums of {about(n_summands)} terms", f"{MAX_SUMMANDS:,} terms")


def _too_large(found: str, limit: str) -> TooLargeError:
    return TooLargeError(
        f"the reduced normal form has {found}; the limit is {limit}; use a method for trees: "
        "backward induction (where all is seen), subgame-perfect or sequential equilibrium, or "
        "the sequence form (two players, zero sum: zero_sum_equilibrium)"
    )


def _below(
    game: ExtensiveGame, stage: Stage, player: int, own: Sequence[int]
) -> tuple[dict[int, int], int]:
    """Number of ways to go on after each sequence of a player, and that of strategies."""
    below: dict[int, int] = defaultdict(lambda: 1)
    for h in reversed(own):
        members = game.information_sets[h]
        first = game.first_sequence[h]
        n = sum(below[first + a] for a in range(len(members.actions)))
        below[int(game.sequences[members.nodes[0], player])] *= n
    return below, below[int(game.sequences[stage.root, player])]


def _n_strategies(game: ExtensiveGame, stage: Stage, player: int, own: Sequence[int]) -> int:
    return _below(game, stage, player, own)[1]


def _n_allowing(
    game: ExtensiveGame,
    stage: Stage,
    players: Sequence[int],
    sets: Sequence[Sequence[int]],
    counts: Sequence[int],
) -> list[dict[int, int]]:
    """Number of each player's strategies that let play follow each of its sequences."""
    found = []
    for player, own, count in zip(players, sets, counts, strict=True):
        below, _ = _below(game, stage, player, own)
        allowing = {int(game.sequences[stage.root, player]): count}
        for h in own:
            members = game.information_sets[h]
            first = game.first_sequence[h]
            n_here = sum(below[first + a] for a in range(len(members.actions)))
            before = allowing[int(game.sequences[members.nodes[0], player])]
            for a in range(len(members.actions)):
                allowing[first + a] = before // n_here * below[first + a]
        found.append(allowing)
    return found


def _strategies(game: ExtensiveGame, stage: Stage, player: int, own: Sequence[int]) -> np.ndarray:
    start = int(game.sequences[stage.root, player])
    column_of = {
        game.first_sequence[h] + a: (column, a)
        for column, h in enumerate(own)
        for a in range(len(game.information_sets[h].actions))
    }
    n_total = _n_strategies(game, stage, player, own)
    table = np.full((len(own), n_total), -1, dtype=np.int64)
    n = 1
    for column, h in enumerate(own):
        members = game.information_sets[h]
        n_actions = len(members.actions)
        before = int(game.sequences[members.nodes[0], player])
        is_met = np.ones(n, dtype=bool)
        if before != start:
            earlier, action = column_of[before]
            is_met = table[earlier, :n] == action
        if n_actions > 1 and is_met.any():
            copies = np.where(is_met, n_actions, 1)
            rows = np.repeat(np.arange(n), copies)
            n = len(rows)
            table[:column, :n] = table[:column, rows]
            starts = np.repeat(np.cumsum(copies) - copies, copies)
            table[column, :n] = np.where(is_met[rows], np.arange(n) - starts, -1)
        else:
            table[column, :n] = np.where(is_met, 0, -1)
    return table.T.copy()


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
            chance[child] = chance[number]
            if node.is_chance:
                longer = chance[number] * node.probabilities[k]
                chance[child] = handy_number(longer, "probability of a node")
    terms = {z: [chance[z] * values[z][i] for i in players] for z in stage.exits}
    scale = 1
    for denominator in {term.denominator for row in terms.values() for term in row}:
        scale = math.lcm(scale, denominator)
        handy_number(Fraction(1, scale), "common denominator of the payoffs")
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
