"""Backward induction: all subgame-perfect pure equilibria of games of perfect information.

From the ends backwards, each player takes a best action given what follows. Where actions tie,
each choice leads to an equilibrium of its own, and may change what is best further up; all
combinations are counted, and listed up to a limit (Kuhn, 1953; Selten, 1965).

The possible values of a node are kept instead of the equilibria below it: their number stays
small when that of the equilibria does not. Any equilibrium can then be read off by its number.
"""

from __future__ import annotations

import itertools
from collections import Counter
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
from games.extensive_form.exact_numbers import about, handy_number
from games.extensive_form.subgames import certified_behavior
from games.extensive_form.tree import ExtensiveGame, Node

__all__ = ["backward_induction"]

MAX_VALUES = 20_000
"""Largest number of different payoff vectors that equilibria may give at one node."""

MAX_RECIPES = 1_000_000
"""Largest number of different payoff vectors at all nodes together, and of ways to them."""

MAX_VISITS = 300_000
"""Largest number of equilibria × nodes of the tree that are listed and certified."""

Value: TypeAlias = tuple[Fraction, ...]


@dataclass(frozen=True)
class _Recipe:
    """One way to get a value at a node.

    ``action`` is taken and continues with the node's own value; the other branches may continue
    in any way that gives the mover at most that. At a move of chance ``action`` is -1 and
    ``chosen`` holds the values of the branches, last first: ``(value, (value, ... None))``.
    """

    action: int
    chosen: _Chosen
    count: int


@dataclass(frozen=True)
class _Ways:
    """All ways to get a value at a node, and how many equilibria of the subgame they make."""

    recipes: list[_Recipe]
    count: int


_Chosen: TypeAlias = "tuple[Value, _Chosen] | None"
_Table: TypeAlias = dict[Value, _Ways]


def backward_induction(game: ExtensiveGame, limit: int = 1000) -> BehaviorEquilibriumList:
    """All subgame-perfect equilibria in pure strategies of a game of perfect information.

    Parameters
    ----------
    game : ExtensiveGame
        Every information set a single node.
    limit : int
        Largest number of equilibria to list; ``note`` says how many there are. In a large tree
        fewer are listed, at least one: at most ``MAX_VISITS`` over the number of nodes.

    Returns
    -------
    BehaviorEquilibriumList
        Complete if all are listed. Each names the ties behind it.

    Raises
    ------
    InvalidGameError
        If a player cannot see all that happened: use
        :func:`~games.extensive_form.subgame_perfect.subgame_perfect_equilibria`.
    TooLargeError
        If ties give more than ``MAX_VALUES`` different payoffs at some node, or more than
        ``MAX_RECIPES`` at all nodes, or exact payoffs become fractions of thousands of digits.

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
                f"has {len(h.nodes)} nodes; backward induction needs perfect information; seek "
                "subgame-perfect or sequential equilibria instead",
            )
    tables = _tables(game)
    total = sum(ways.count for ways in tables[0].values())
    limit = min(limit, max(1, MAX_VISITS // len(game.nodes)))
    listed: list[tuple[tuple[int, ...], tuple[Tie, ...]]] = []
    for value, ways in tables[0].items():
        for rank in range(min(ways.count, limit - len(listed))):
            listed.append(_unranked(game, tables, value, rank))
    listed.sort(key=lambda found: found[0])
    equilibria = tuple(
        certified_behavior(game, _behavior(game, choices), ties) for choices, ties in listed
    )
    note = "every subgame-perfect equilibrium in pure strategies is listed"
    if total > len(listed):
        note = (
            f"{_plain(total)} subgame-perfect equilibria in pure strategies, {len(listed)} listed"
        )
    return BehaviorEquilibriumList(
        equilibria,
        is_complete=total == len(listed),
        method="backward induction, exact",
        note=note,
    )


def _behavior(game: ExtensiveGame, choices: tuple[int, ...]) -> BehaviorProfile:
    return pure_behavior(game, choices)


def _plain(count: int) -> str:
    return about(count).replace(",", "")


def _tables(game: ExtensiveGame) -> list[_Table]:
    tables: list[_Table] = [{} for _ in game.nodes]
    n_recipes = 0
    for number in reversed(range(len(game.nodes))):
        table = _table(game, game.nodes[number], tables)
        if not game.nodes[number].is_terminal:
            n_recipes += sum(len(ways.recipes) for ways in table.values())
        if len(table) > MAX_VALUES or n_recipes > MAX_RECIPES:
            raise TooLargeError(
                f"ties give {len(table):,} payoffs at {game.history(number)!r} and {n_recipes:,} "
                f"ways to them so far; the limits are {MAX_VALUES:,} at one node and "
                f"{MAX_RECIPES:,} in all; break some ties"
            )
        tables[number] = table
    return tables


def _table(game: ExtensiveGame, node: Node, tables: list[_Table]) -> _Table:
    if node.is_terminal:
        return {node.payoffs: _Ways([_Recipe(-1, None, 1)], 1)}
    below = [tables[child] for child in node.children]
    if node.is_chance:
        return _chance_table(node, below)
    return _decision_table(game.information_sets[node.information_set].player, below)


def _decision_table(player: int, below: list[_Table]) -> _Table:
    """Values from which the mover does not want to go to another branch, and ways to them."""
    if all(len(table) == 1 for table in below):  # the common case: nothing ties further down
        return _table_of_sure_values(player, below)
    # An action can only be best with at least what every other branch gives at the least.
    least = max(min(value[player] for value in table) for table in below)
    numbers: list[Counter[Fraction]] = []
    candidates: list[tuple[Fraction, int, Value]] = []
    for action, table in enumerate(below):
        own: Counter[Fraction] = Counter()
        for value, ways in table.items():
            own[max(value[player], least)] += ways.count
            if value[player] >= least:
                candidates.append((value[player], action, value))
        numbers.append(own)
    # Going up, n_up_to[k] counts what branch k offers up to here; their product, what all do.
    n_up_to = [own[least] for own in numbers]
    steps = sorted((u, action) for action, own in enumerate(numbers) for u in own if u > least)
    product = _product(n_up_to)
    candidates.sort(key=lambda found: found[:2])
    position = 0
    found: dict[Value, list[_Recipe]] = {}
    for u, action, value in candidates:
        while position < len(steps) and steps[position][0] <= u:
            ceiling, branch = steps[position]
            larger = n_up_to[branch] + numbers[branch][ceiling]
            product = product // n_up_to[branch] * larger
            n_up_to[branch] = larger
            position += 1
        count = below[action][value].count * (product // n_up_to[action])
        found.setdefault(value, []).append(_Recipe(action, None, count))
    return {value: _Ways(r, sum(x.count for x in r)) for value, r in found.items()}


def _table_of_sure_values(player: int, below: list[_Table]) -> _Table:
    sure = [next(iter(table.items())) for table in below]
    best = max(value[player] for value, _ in sure)
    count = _product([ways.count for _, ways in sure])
    found: dict[Value, list[_Recipe]] = {}
    for action, (value, _) in enumerate(sure):
        if value[player] == best:
            found.setdefault(value, []).append(_Recipe(action, None, count))
    return {value: _Ways(r, count * len(r)) for value, r in found.items()}


def _product(factors: list[int]) -> int:
    """Product of positive whole numbers, pairwise so that long ones meet late."""
    factors = [f for f in factors if f != 1] or [1]
    while len(factors) > 1:
        pairs = itertools.zip_longest(factors[::2], factors[1::2], fillvalue=1)
        factors = [a * b for a, b in pairs]
    return factors[0]


def _chance_table(node: Node, below: list[_Table]) -> _Table:
    zero = tuple(Fraction(0) for _ in next(iter(below[0])))
    sums: dict[Value, list[tuple[_Chosen, int]]] = {zero: [(None, 1)]}
    for p, table in zip(node.probabilities, below, strict=True):
        longer: dict[Value, list[tuple[_Chosen, int]]] = {}
        n_ways = sum(len(ways) for ways in sums.values()) * len(table)
        if n_ways > MAX_VALUES:
            raise TooLargeError(
                f"ties give {n_ways:,} combinations at one move of chance; the limit is "
                f"{MAX_VALUES:,}; break some ties"
            )
        for partial, chosen_ways in sums.items():
            for value, ways in table.items():
                total = tuple(
                    handy_number(u + p * v, "expected payoff")
                    for u, v in zip(partial, value, strict=True)
                )
                longer.setdefault(total, []).extend(
                    ((value, chosen), c * ways.count) for chosen, c in chosen_ways
                )
        sums = longer
    return {
        value: _Ways([_Recipe(-1, chosen, c) for chosen, c in ways], sum(c for _, c in ways))
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
        for recipe in tables[number][value].recipes:
            if rank < recipe.count:
                break
            rank -= recipe.count
        if recipe.action < 0:
            remaining = recipe.chosen
            for child in reversed(node.children):
                assert remaining is not None
                chosen, remaining = remaining
                rank, below = divmod(rank, tables[child][chosen].count)
                stack.append((child, chosen, below))
            continue
        h = game.information_sets[node.information_set]
        continuations: list[Value] = []
        for action, child in enumerate(node.children):
            if action == recipe.action:
                allowed = {value: tables[child][value].count}
            else:
                allowed = {
                    v: ways.count
                    for v, ways in tables[child].items()
                    if v[h.player] <= value[h.player]
                }
            chosen, rank, below = _continuation(allowed, rank)
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


def _continuation(allowed: dict[Value, int], rank: int) -> tuple[Value, int, int]:
    """Value that a branch continues with, the rank that is left, and the rank below it."""
    rank, below = divmod(rank, sum(allowed.values()))
    for value, count in allowed.items():
        if below < count:
            return value, rank, below
        below -= count
    raise AssertionError("a rank beyond the number of equilibria")
