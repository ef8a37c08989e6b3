"""Games in extensive form: a frozen tree of moves, chance and information sets.

A *decision node* belongs to an *information set*: its player cannot tell the nodes of the set
apart, and has the same actions at each. At a *chance node* nature moves with known
probabilities. A *terminal node* has a payoff for each player. A *history* is a path from the
root; a player's own *sequence* is what it saw and did on that path. In a game of *perfect
recall* all nodes of an information set have the same sequence of its player: nobody forgets
(Kuhn, 1953). Every game here has perfect recall.

Nodes are numbered so that a node comes after its parent; node 0 is the root.

References
----------
.. [1] H. W. Kuhn, "Extensive games and the problem of information", in Contributions to the
   Theory of Games II, Princeton, 1953, 193-216.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from games.errors import InvalidGameError, TooLargeError

__all__ = [
    "MAX_CELLS",
    "MAX_NODES",
    "ExtensiveGame",
    "ImperfectRecallError",
    "InformationSet",
    "Node",
]

MAX_NODES = 200_000
"""Largest game tree that is accepted."""

MAX_CELLS = 5_000_000
"""Largest product of the numbers of nodes and players of a tree."""


class ImperfectRecallError(InvalidGameError):
    """A player would have to forget what it saw or did.

    Parameters
    ----------
    place, problem : str
        As of :class:`games.errors.InvalidGameError`.
    node : int
        A node at which the player has forgotten something.
    """

    def __init__(self, place: str, problem: str, node: int) -> None:
        super().__init__(place, problem)
        self.node = node


@dataclass(frozen=True)
class Node:
    """One node of a tree: a decision, a move of chance or an end.

    Parameters
    ----------
    parent : int
        Number of the node above; -1 for the root.
    children : tuple of int
        One per action, in the order of the actions; empty at an end.
    information_set : int
        Index in ``ExtensiveGame.information_sets``; -1 at chance nodes and ends.
    chance_actions, probabilities : tuple of str, tuple of Fraction
        What nature may do and how probable it is; empty elsewhere.
    payoffs : tuple of Fraction
        One per player at an end; empty elsewhere.
    label : str
    """

    parent: int
    children: tuple[int, ...] = ()
    information_set: int = -1
    chance_actions: tuple[str, ...] = ()
    probabilities: tuple[Fraction, ...] = ()
    payoffs: tuple[Fraction, ...] = ()
    label: str = ""

    @property
    def is_terminal(self) -> bool:
        """Whether the game ends here."""
        return not self.children

    @property
    def is_chance(self) -> bool:
        """Whether nature moves here."""
        return bool(self.children) and self.information_set < 0


@dataclass(frozen=True)
class InformationSet:
    """Nodes that one player cannot tell apart, with the actions that it has there.

    Parameters
    ----------
    player : int
    label : str
        Distinct among the information sets of the player.
    actions : tuple of str
    nodes : tuple of int
        In increasing order.
    """

    player: int
    label: str
    actions: tuple[str, ...]
    nodes: tuple[int, ...]


@dataclass(frozen=True)
class ExtensiveGame:
    """A finite game in extensive form with perfect recall.

    Build one with :class:`games.extensive_form.builder.TreeBuilder` or read one with
    :func:`games.files.read_game`.

    Parameters
    ----------
    players : tuple of str
    nodes : tuple of Node
        The root first, every node after its parent.
    information_sets : tuple of InformationSet
        In the order in which a reader who goes down the first branches first meets them.
    title : str

    Raises
    ------
    InvalidGameError
        If the parts do not fit together, chance probabilities do not sum to 1, a payoff is
        missing, or a player would have to forget what it saw or did (then it is an
        :class:`ImperfectRecallError`).
    TooLargeError
        If there are more than ``MAX_NODES`` nodes.
    """

    players: tuple[str, ...]
    nodes: tuple[Node, ...]
    information_sets: tuple[InformationSet, ...]
    title: str = ""

    def __post_init__(self) -> None:
        _check_players(self.players)
        _check_nodes(self)
        _check_information_sets(self)
        _check_recall(self)

    @property
    def n_players(self) -> int:
        """Number of players, nature not counted."""
        return len(self.players)

    @cached_property
    def terminals(self) -> tuple[int, ...]:
        """Numbers of the ends, in increasing order."""
        return tuple(k for k, node in enumerate(self.nodes) if node.is_terminal)

    @cached_property
    def is_perfect_information(self) -> bool:
        """Whether every information set is a single node."""
        return all(len(h.nodes) == 1 for h in self.information_sets)

    @cached_property
    def first_sequence(self) -> tuple[int, ...]:
        """Number of the sequence that ends with the first action of each information set.

        A sequence of a player is named by the last own action on it. Sequence 0 is the empty
        one; action ``a`` of information set ``h`` ends sequence ``first_sequence[h] + a``.
        """
        counts = [len(h.actions) for h in self.information_sets]
        return tuple(int(k) for k in 1 + np.concatenate([[0], np.cumsum(counts[:-1])]))[
            : len(counts)
        ]

    @cached_property
    def sequences(self) -> NDArray[np.int64]:
        """Each player's own sequence at each node, shape ``(n_nodes, n_players)``."""
        found = np.zeros((len(self.nodes), self.n_players), dtype=np.int64)
        for number, node in enumerate(self.nodes):
            h = node.information_set
            for action, child in enumerate(node.children):
                found[child] = found[number]
                if h >= 0:
                    player = self.information_sets[h].player
                    found[child, player] = self.first_sequence[h] + action
        found.setflags(write=False)
        return found

    def actions_at(self, number: int) -> tuple[str, ...]:
        """Labels of what can happen at node ``number``; empty at an end."""
        node = self.nodes[number]
        if node.information_set >= 0:
            return self.information_sets[node.information_set].actions
        return node.chance_actions

    def sets_of(self, player: int) -> tuple[int, ...]:
        """Indices of the information sets of ``player``."""
        return tuple(k for k, h in enumerate(self.information_sets) if h.player == player)

    def preorder(self) -> Iterator[int]:
        """Nodes as a reader meets them: each before its children, first actions first."""
        stack = [0]
        while stack:
            number = stack.pop()
            yield number
            stack.extend(reversed(self.nodes[number].children))

    def history(self, number: int) -> str:
        """Actions that lead to node ``number``, as a reader would name the place."""
        taken: list[str] = []
        while self.nodes[number].parent >= 0 and len(taken) < 20:
            parent = self.nodes[number].parent
            taken.append(self.actions_at(parent)[self.nodes[parent].children.index(number)])
            number = parent
        start = ["..."] if self.nodes[number].parent >= 0 else []
        return " > ".join(start + taken[::-1]) or "the root"


def _check_players(players: Sequence[str]) -> None:
    if not players:
        raise InvalidGameError("players", "is empty; a game needs a player")
    if len(set(players)) != len(players) or not all(players):
        raise InvalidGameError("players", f"need distinct labels that are not empty ({players})")


def _check_nodes(game: ExtensiveGame) -> None:
    if not game.nodes:
        raise InvalidGameError("nodes", "is empty; a tree needs a root")
    if len(game.nodes) > MAX_NODES:
        raise TooLargeError(
            f"the tree has {len(game.nodes):,} nodes; the limit is {MAX_NODES:,}; "
            "leave out branches that nobody would take"
        )
    if len(game.nodes) * game.n_players > MAX_CELLS:
        raise TooLargeError(
            f"the tree has {len(game.nodes):,} nodes and {game.n_players:,} players; the limit of "
            f"their product is {MAX_CELLS:,}"
        )
    children_seen = 0
    for number, node in enumerate(game.nodes):
        children_seen += len(node.children)
        if (number == 0) != (node.parent == -1):
            raise InvalidGameError(f"nodes[{number}]", "node 0, and no other, is the root")
        for child in node.children:
            if not number < child < len(game.nodes) or game.nodes[child].parent != number:
                rule = f"child {child} must come later and name node {number} as its parent"
                raise InvalidGameError(f"nodes[{number}]", rule)
        _check_node_content(game, number, node)
    if children_seen != len(game.nodes) - 1:
        raise InvalidGameError("nodes", "every node but the root must be a child of one node")


def _check_node_content(game: ExtensiveGame, number: int, node: Node) -> None:
    if node.is_terminal:
        if len(node.payoffs) != game.n_players:
            raise InvalidGameError(
                _place(game, number),
                f"the game ends here with {len(node.payoffs)} payoffs; "
                f"each of the {game.n_players} players needs one",
            )
        return
    if node.payoffs:
        raise InvalidGameError(_place(game, number), "payoffs belong at ends only")
    if not node.is_chance:
        if node.information_set >= len(game.information_sets):
            raise InvalidGameError(_place(game, number), "names no information set of the game")
        return
    if not len(node.children) == len(node.probabilities) == len(node.chance_actions):
        rule = "chance needs one label and one probability for each branch"
        raise InvalidGameError(_place(game, number), rule)
    if len(set(node.chance_actions)) != len(node.chance_actions):
        raise InvalidGameError(_place(game, number), "branches of chance need distinct labels")
    if min(node.probabilities) < 0 or sum(node.probabilities) != 1:
        raise InvalidGameError(
            _place(game, number),
            f"probabilities {[str(p) for p in node.probabilities]} of chance sum to "
            f"{sum(node.probabilities)}; they must be >= 0 and sum to 1",
        )


def _check_information_sets(game: ExtensiveGame) -> None:
    members: list[list[int]] = [[] for _ in game.information_sets]
    for number, node in enumerate(game.nodes):
        if node.information_set >= 0:
            members[node.information_set].append(number)
    named = set()
    for found, h in zip(members, game.information_sets, strict=True):
        place = f"information set {h.label!r}"
        if not 0 <= h.player < game.n_players:
            raise InvalidGameError(place, f"player {h.player} is none of {game.players}")
        if tuple(found) != h.nodes or not found:
            raise InvalidGameError(place, f"lists nodes {h.nodes} but nodes {found} name it")
        if not h.actions or len(set(h.actions)) != len(h.actions):
            raise InvalidGameError(
                place, f"actions {h.actions}: at least one, with distinct labels"
            )
        for number in found:
            if len(game.nodes[number].children) != len(h.actions):
                rule = f"needs one branch for each of the actions {h.actions} of {place}"
                raise InvalidGameError(_place(game, number), rule)
        if (h.player, h.label) in named:
            rule = f"{game.players[h.player]} has two of this label; give each its own"
            raise InvalidGameError(place, rule)
        named.add((h.player, h.label))
    order = [game.nodes[k].information_set for k in game.preorder()]
    if [h for h in dict.fromkeys(order) if h >= 0] != list(range(len(game.information_sets))):
        rule = "must be in the order in which a reader of the tree first meets them"
        raise InvalidGameError("information_sets", rule)


def _check_recall(game: ExtensiveGame) -> None:
    # One step back is enough: if every set has one last own action, then by induction all its
    # nodes have one sequence; a path that meets a set twice breaks the rule at some set.
    for h in game.information_sets:
        own = game.sequences[list(h.nodes), h.player]
        if (own != own[0]).any():
            other = h.nodes[int(np.argmax(own != own[0]))]
            raise ImperfectRecallError(
                f"information set {h.label!r} of {game.players[h.player]}",
                "imperfect recall: the player saw or did different things on the way to "
                f"{game.history(h.nodes[0])!r} and to {game.history(other)!r}, and would have to "
                "forget it; split the information set",
                other,
            )


def _place(game: ExtensiveGame, number: int) -> str:
    label = game.nodes[number].label
    return f"node {number}{f' {label!r}' if label else ''} (after {_safe_history(game, number)})"


def _safe_history(game: ExtensiveGame, number: int) -> str:
    # The tree is not checked yet when errors are worded.
    try:
        return game.history(number)
    except (IndexError, ValueError):
        return "..."
