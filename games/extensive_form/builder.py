"""Builder of game trees: one call for each move, each move of chance and each end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.exact_numbers import NumberLike, exact_number, handy_number
from games.extensive_form.tree import MAX_CELLS, MAX_NODES, ExtensiveGame, InformationSet, Node

__all__ = ["TreeBuilder"]

PROBABILITY_SUM_TOL = Fraction(1, 10**9)
"""Chance probabilities given as decimals may miss 1 by this much; they are then rescaled."""


@dataclass
class _Draft:
    """A node while it is being built."""

    parent: int
    children: tuple[int, ...] = ()
    information_set: int = -1
    chance_actions: tuple[str, ...] = ()
    probabilities: tuple[Fraction, ...] = ()
    payoffs: tuple[Fraction, ...] = ()
    label: str = ""
    is_done: bool = False


@dataclass
class _DraftSet:
    """An information set while it is being built."""

    player: int
    label: str
    actions: tuple[str, ...]
    nodes: list[int] = field(default_factory=list)


class TreeBuilder:
    """Builder of an :class:`~games.extensive_form.tree.ExtensiveGame`.

    Parameters
    ----------
    players : sequence of str
    title : str

    Examples
    --------
    Matching pennies: the second player moves without having seen the first one's coin.

    >>> tree = TreeBuilder(["even", "odd"], title="matching pennies")
    >>> heads, tails = tree.move(0, "even", ["heads", "tails"])
    >>> for node, payoff in [(heads, 1), (tails, -1)]:
    ...     same, other = tree.move(node, "odd", ["heads", "tails"], information_set="odd")
    ...     tree.end(same, [payoff, -payoff])
    ...     tree.end(other, [-payoff, payoff])
    >>> game = tree.build()
    >>> len(game.nodes), len(game.information_sets), game.is_perfect_information
    (7, 2, False)
    """

    def __init__(self, players: Sequence[str], title: str = "") -> None:
        self._players = tuple(players)
        self._title = title
        self._nodes = [_Draft(-1)]
        self._sets: list[_DraftSet] = []
        self._set_of: dict[tuple[int, str], int] = {}
        self._n_fresh = [0] * len(self._players)

    def move(
        self,
        node: int,
        player: str,
        actions: Sequence[str],
        information_set: str | None = None,
        label: str = "",
    ) -> tuple[int, ...]:
        """New nodes after each action of ``player`` at ``node``.

        Parameters
        ----------
        node : int
            0 for the root, or a node that this builder returned.
        player : str
        actions : sequence of str
        information_set : str, optional
            Nodes of one player with the same label here are one information set; a set of its
            own when left out.
        label : str
            Name of the node, for people.

        Raises
        ------
        InvalidGameError
            If the node has been used already, the player is unknown, there is no action, or
            the information set has other actions elsewhere.
        """
        self._check_free(node)
        if player not in self._players:
            rule = f"{player!r} is none of the players {self._players}"
            raise InvalidGameError(f"node {node}", rule)
        owner = self._players.index(player)
        if information_set is None:
            information_set = self._fresh_label(owner)
        place = f"node {node}: information set {information_set!r} of {player}"
        actions = tuple(actions)
        if not actions:
            raise InvalidGameError(place, "has no action; give the player one")
        index = self._set_of.setdefault((owner, information_set), len(self._sets))
        if index == len(self._sets):
            self._sets.append(_DraftSet(owner, information_set, actions))
        elif self._sets[index].actions != actions:
            rule = f"has actions {self._sets[index].actions} elsewhere, {actions} here"
            raise InvalidGameError(place, rule)
        self._sets[index].nodes.append(node)
        self._nodes[node].information_set = index
        return self._grow(node, len(actions), label)

    def chance(
        self, node: int, probabilities: Mapping[str, NumberLike], label: str = ""
    ) -> tuple[int, ...]:
        """New nodes after each branch of a move of nature at ``node``.

        Raises
        ------
        InvalidGameError
            If the node has been used already, a probability is negative, or they do not sum to
            1 (within 1e-9: decimals such as 0.333333333333 are rescaled to sum to 1 exactly).
        """
        self._check_free(node)
        place = f"node {node}: chance"
        if not probabilities:
            raise InvalidGameError(place, "has no branch; give it one")
        exact = [exact_number(p, f"{place} {a!r}") for a, p in probabilities.items()]
        total = Fraction(0)
        for p in exact:
            total = handy_number(total + p, f"{place}: sum of probabilities")
        if any(p < 0 for p in exact) or abs(total - 1) > PROBABILITY_SUM_TOL:
            raise InvalidGameError(
                place,
                f"probabilities {[str(p) for p in exact]} sum to {float(total):.12g}; "
                "they must be >= 0 and sum to 1",
            )
        draft = self._nodes[node]
        draft.chance_actions = tuple(probabilities)
        draft.probabilities = tuple(p / total for p in exact)
        return self._grow(node, len(exact), label)

    def end(self, node: int, payoffs: Sequence[NumberLike], label: str = "") -> None:
        """End of the game at ``node`` with one payoff per player."""
        self._check_free(node)
        if len(payoffs) != len(self._players):
            raise InvalidGameError(
                f"node {node}: payoffs",
                f"{len(payoffs)} given; each of the {len(self._players)} players needs one",
            )
        draft = self._nodes[node]
        draft.payoffs = tuple(
            exact_number(u, f"node {node}: payoff of {p}")
            for p, u in zip(self._players, payoffs, strict=True)
        )
        draft.label = label
        draft.is_done = True

    def build(self) -> ExtensiveGame:
        """The finished, checked and frozen game.

        Raises
        ------
        InvalidGameError
            If a node has neither a move nor an end, or the game lacks perfect recall.
        """
        for number, draft in enumerate(self._nodes):
            if not draft.is_done:
                raise InvalidGameError(f"node {number}", "has neither a move nor an end")
        order = self._sets_as_met()
        rank = {old: new for new, old in enumerate(order)} | {-1: -1}
        nodes = tuple(
            Node(
                d.parent,
                d.children,
                rank[d.information_set],
                d.chance_actions,
                d.probabilities,
                d.payoffs,
                d.label,
            )
            for d in self._nodes
        )
        drafts = [self._sets[k] for k in order]
        sets = tuple(
            InformationSet(d.player, d.label, d.actions, tuple(sorted(d.nodes))) for d in drafts
        )
        return ExtensiveGame(self._players, nodes, sets, self._title)

    def _sets_as_met(self) -> list[int]:
        """Information sets as a reader who goes down the first branches first meets them."""
        met: dict[int, None] = {}
        stack = [0]
        while stack:
            draft = self._nodes[stack.pop()]
            met.setdefault(draft.information_set)
            stack.extend(reversed(draft.children))
        return [k for k in met if k >= 0]

    def _check_free(self, node: int) -> None:
        if not 0 <= node < len(self._nodes):
            raise InvalidGameError(f"node {node}", f"there are nodes 0 to {len(self._nodes) - 1}")
        if self._nodes[node].is_done:
            raise InvalidGameError(f"node {node}", "has a move or an end already")

    def _fresh_label(self, player: int) -> str:
        while True:
            self._n_fresh[player] += 1
            label = str(self._n_fresh[player])
            if (player, label) not in self._set_of:
                return label

    def _grow(self, node: int, n_branches: int, label: str) -> tuple[int, ...]:
        first = len(self._nodes)
        if first + n_branches > MAX_NODES:
            raise TooLargeError(f"the tree would have more than {MAX_NODES:,} nodes (the limit)")
        if (first + n_branches) * len(self._players) > MAX_CELLS:
            raise TooLargeError(
                f"the tree would have {first + n_branches:,} nodes and {len(self._players):,} "
                f"players; the limit of their product is {MAX_CELLS:,}"
            )
        self._nodes.extend(_Draft(node) for _ in range(n_branches))
        draft = self._nodes[node]
        draft.children = tuple(range(first, first + n_branches))
        draft.label = label
        draft.is_done = True
        return draft.children
