"""Backward induction: all subgame-perfect pure equilibria of games of perfect information.

From the ends backwards, each player takes a best action given what follows. Where actions tie,
each choice leads to an equilibrium of its own, and may change what is best further up; all
combinations are counted, and listed up to a limit (Kuhn, 1953; Selten, 1965).

The possible values of a node are kept instead of the equilibria below it: their number stays
small when that of the equilibria does not. Any equilibrium can then be read off by its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.behavior import (
    BehaviorEquilibriumList,
    BehaviorProfile,
    Tie,
    pure_behavior,
)
from games.extensive_form.subgames import certified_behavior
from games.extensive_form.tree import ExtensiveGame, Node

__all__ = ["backward_induction"]

MAX_VALUES = 20_000
"""Largest number of different payoff vectors that equilibria may give at one node."""

Value: TypeAlias = tuple[Fraction, ...]


@dataclass(frozen=True)
class _Recipe:
    """One way to get a value at a node.

    ``action`` is taken and continues with value ``chosen``; the other branches may continue in
    any way that gives the mover at most ``chosen``. At a move of chance ``chosen`` holds one
    value for each branch instead and ``action`` is -1.
    """

    action: int
    chosen: tuple[Value, ...]
    count: int


_Table: TypeAlias = dict[Value, list[_Recipe]]


def backward_induction(game: ExtensiveGame, limit: int = 1000) -> BehaviorEquilibriumList:
    """All subgame-perfect equilibria in pure strategies of a game of perfect information.

    Parameters
    ----------
    game : ExtensiveGame
        Every information set a single node.
    limit : int
        Largest number of equilibria to list; ``note`` has the exact number of them.

    Returns
    -------
    BehaviorEquilibriumList
        Complete if there are at most ``limit``. Each names the ties behind it.

    Raises
    ------
    InvalidGameError
        If a player cannot see all that happened: use
        :func:`~games.extensive_form.subgame_perfect.subgame_perfect_equilibria`.
    TooLargeError
        If ties give more than ``MAX_VALUES`` different payoffs at some node.

    Notes
    -----
    Payoffs are compared as exact fractions: a tie is a tie. An equilibrium says what is done at
    every node, also off its path, so equilibria with one path may be many.

    Examples
    --------
    >>> from games.extensive_form.builder import TreeBuilder
    >>> tree = TreeBuilder(["entrant", "incumbent"], title="chain store")
    >>> out, enter = tree.move(0, "entrant", ["stay out", "enter"])
    >>> tree.end(out, [1, 5])
    >>> yields, fights = tree.move(enter, "incumbent", ["yield", "fight"])
    >>> tree.end(yields, [2, 2])
    >>> tree.end(fights, [0, 0])
    >>> found = backward_induction(tree.build())
    >>> [(e.payoffs.tolist(), e.regret) for e in found.equilibria]
    [([2.0, 2.0], 0.0)]
    """
    if limit < 1:
        raise InvalidGameError("limit", f"is {limit}; at least 1 needed")
    for h in game.information_sets:
        if len(h.nodes) > 1:
            raise InvalidGameError(
                f"information set {h.label!r} of {game.players[h.player]}",
                f"has {len(h.nodes)} nodes; backward induction needs perfect information",
            )
    tables: list[_Table] = [{} for _ in game.nodes]
    for number in reversed(range(len(game.nodes))):
        tables[number] = _table(game, game.nodes[number], tables)
    total = sum(_count(table) for table in tables[0].values())
    listed: list[tuple[tuple[int, ...], tuple[Tie, ...]]] = []
    for value, recipes in tables[0].items():
        for rank in range(min(_count(recipes), limit - len(listed))):
            listed.append(_unranked(game, tables, value, rank))
    listed.sort(key=lambda found: found[0])
    equilibria = tuple(
        certified_behavior(game, _behavior(game, choices), ties) for choices, ties in listed
    )
    return BehaviorEquilibriumList(
        equilibria,
        is_complete=total <= limit,
        method="backward induction, exact",
        note=f"{total} subgame-perfect equilibria in pure strategies, {len(listed)} listed",
    )


def _behavior(game: ExtensiveGame, choices: tuple[int, ...]) -> BehaviorProfile:
    return pure_behavior(game, choices)


def _count(recipes: list[_Recipe]) -> int:
    return sum(recipe.count for recipe in recipes)


def _table(game: ExtensiveGame, node: Node, tables: list[_Table]) -> _Table:
    if node.is_terminal:
        return {node.payoffs: [_Recipe(-1, (), 1)]}
    below = [tables[child] for child in node.children]
    if node.is_chance:
        return _chance_table(node, below)
    player = game.information_sets[node.information_set].player
    found: _Table = {}
    for action, table in enumerate(below):
        for value, recipes in table.items():
            count = _count(recipes)
            for other, alternatives in enumerate(below):
                if other != action:
                    count *= sum(
                        _count(r) for v, r in alternatives.items() if v[player] <= value[player]
                    )
            if count:
                found.setdefault(value, []).append(_Recipe(action, (value,), count))
    return found


def _chance_table(node: Node, below: list[_Table]) -> _Table:
    zero = tuple(Fraction(0) for _ in next(iter(below[0])))
    sums: dict[Value, list[tuple[tuple[Value, ...], int]]] = {zero: [((), 1)]}
    for p, table in zip(node.probabilities, below, strict=True):
        longer: dict[Value, list[tuple[tuple[Value, ...], int]]] = {}
        n_ways = sum(len(ways) for ways in sums.values()) * len(table)
        if n_ways > MAX_VALUES:
            raise TooLargeError(
                f"ties give {n_ways:,} combinations at one move of chance; the limit is "
                f"{MAX_VALUES:,}; break some ties"
            )
        for partial, ways in sums.items():
            for value, recipes in table.items():
                total = tuple(u + p * v for u, v in zip(partial, value, strict=True))
                count = _count(recipes)
                longer.setdefault(total, []).extend(
                    ((*chosen, value), c * count) for chosen, c in ways
                )
        sums = longer
    return {
        value: [_Recipe(-1, chosen, count) for chosen, count in ways]
        for value, ways in sums.items()
    }


def _unranked(
    game: ExtensiveGame, tables: list[_Table], value: Value, rank: int
) -> tuple[tuple[int, ...], tuple[Tie, ...]]:
    """Equilibrium number ``rank`` among those that give ``value``: its choices and its ties."""
    choices = [0] * len(game.information_sets)
    ties: dict[int, Tie] = {}
    stack = [(0, value, rank)]
    while stack:
        number, value, rank = stack.pop()
        node = game.nodes[number]
        for recipe in tables[number][value]:
            if rank < recipe.count:
                break
            rank -= recipe.count
        if recipe.action < 0:
            continuations = list(recipe.chosen)
            for child, chosen in zip(node.children, continuations, strict=False):
                rank, below = divmod(rank, _count(tables[child][chosen]))
                stack.append((child, chosen, below))
            continue
        h = game.information_sets[node.information_set]
        continuations = []
        for action, child in enumerate(node.children):
            ceiling = value[h.player]
            chosen, rank, below = _continuation(
                tables[child], recipe, action, h.player, ceiling, rank
            )
            continuations.append(chosen)
            stack.append((child, chosen, below))
        choices[node.information_set] = recipe.action
        best = tuple(
            label
            for label, v in zip(h.actions, continuations, strict=True)
            if v[h.player] == value[h.player]
        )
        if len(best) > 1:
            ties[node.information_set] = Tie(game.players[h.player], h.label, best)
    return tuple(choices), tuple(ties[k] for k in sorted(ties))


def _continuation(
    table: _Table, recipe: _Recipe, action: int, player: int, ceiling: Fraction, rank: int
) -> tuple[Value, int, int]:
    """Value that a branch continues with, the rank that is left, and the rank below it."""
    if action == recipe.action:
        allowed = {recipe.chosen[0]: _count(table[recipe.chosen[0]])}
    else:
        allowed = {v: _count(r) for v, r in table.items() if v[player] <= ceiling}
    rank, below = divmod(rank, sum(allowed.values()))
    for value, count in allowed.items():
        if below < count:
            return value, rank, below
        below -= count
    raise AssertionError("a rank beyond the number of equilibria")
