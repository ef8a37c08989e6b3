"""Gambit's ``.efg`` files: games in extensive form as text, in and out.

A file is ``EFG 2 R "title" { "player" ... } "comment"`` and then one record per node, each
node before its subtrees:

* ``c "node" set "set's name" { "branch" probability ... } outcome`` for a move of chance;
* ``p "node" player set "set's name" { "action" ... } outcome`` for a move of a player;
* ``t "node" outcome`` for an end.

An outcome is ``0`` (nothing) or ``number "name" { payoff ... }``; a set or an outcome is spelt
out where its number first occurs, and may be afterwards. Payoffs may also stand at moves; they
are then paid when play passes there, and are added to those of the ends below.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.exact_numbers import handy_number
from games.extensive_form.tree import ExtensiveGame, ImperfectRecallError
from games.files.tokens import TokenReader, quoted

__all__ = ["efg_text", "parse_efg"]

_MAX_NUMBER = 10**9

_Payoffs = tuple[Fraction, ...]


@dataclass
class _State:
    """What a reader of records must remember."""

    tokens: TokenReader
    players: list[str]
    builder: TreeBuilder
    moves: dict[tuple[int, int], tuple[str, list[str]]] = field(default_factory=dict)
    set_labels: set[tuple[int, str]] = field(default_factory=set)
    chances: dict[int, dict[str, Fraction]] = field(default_factory=dict)
    outcomes: dict[int, _Payoffs] = field(default_factory=dict)


def parse_efg(text: str, name: str = "game.efg") -> ExtensiveGame:
    """Game in extensive form from the text of an ``.efg`` file.

    Parameters
    ----------
    text : str
    name : str
        The file's name, for messages.

    Raises
    ------
    InvalidGameError
        With ``file:line:column``: if the text is malformed or cut off, numbers do not fit,
        chance does not sum to 1, or a player would have to forget (imperfect recall).
    TooLargeError
        If the text or the tree is too large.

    Notes
    -----
    Labels of actions that are empty or repeated are replaced by 1, 2, ..., since actions are
    told apart by their labels here.

    Examples
    --------
    >>> game = parse_efg('EFG 2 R "" { "A" } p "" 1 1 "" { "l" "r" } 0 '
    ...                  't "" 1 "" { 3 } t "" 2 "" { 1/2 }')
    >>> [str(game.nodes[z].payoffs[0]) for z in game.terminals]
    ['3', '1/2']
    """
    tokens = TokenReader(text, name)
    tokens.word("EFG")
    tokens.integer("the version of the format", 2, 2)
    tokens.word("R", "D")
    title = tokens.text("the title")
    start = tokens.place()
    players = [p or f"player {k + 1}" for k, p in enumerate(tokens.texts("the players"))]
    if not players or len(set(players)) != len(players):
        raise InvalidGameError(start, f"players need distinct names, at least one ({players})")
    if tokens.kind == "text":
        tokens.take()
    state = _State(tokens, players, TreeBuilder(players, title))
    offsets = _read_nodes(state)
    tokens.finish()
    try:
        return state.builder.build()
    except ImperfectRecallError as error:
        place = f"{tokens.place(offsets[error.node])}: {error.place}"
        raise ImperfectRecallError(place, error.problem, error.node) from None
    except InvalidGameError as error:
        raise InvalidGameError(f"{name}: {error.place}", error.problem) from None


def _read_nodes(state: _State) -> dict[int, int]:
    """Read all records; the offset in the file of each node of the builder."""
    tokens = state.tokens
    nothing = tuple(Fraction(0) for _ in state.players)
    pending: list[tuple[int, _Payoffs]] = [(0, nothing)]
    offsets = {}
    while pending:
        node, paid = pending.pop()
        if tokens.kind == "end":
            tokens.fail(f"the tree is cut off: {len(pending) + 1} more nodes are needed")
        offsets[node] = tokens.offset
        place = tokens.place
        kind = tokens.word("c", "p", "t")
        label = tokens.text("the node's name")
        try:
            if kind == "t":
                payoffs = _outcome(state)
                total = [u + v for u, v in zip(paid, payoffs, strict=True)] if payoffs else paid
                state.builder.end(node, total, label)
                continue
            children, here = _move(state, node, label, is_chance=kind == "c")
            below = paid
            if here:
                below = tuple(
                    handy_number(u + v, "payoffs so far") for u, v in zip(paid, here, strict=True)
                )
        except TooLargeError as error:
            raise TooLargeError(f"{place(offsets[node])}: {error}") from None
        except InvalidGameError as error:
            if error.place.startswith("node "):  # the builder's own words: say where in the file
                where = place(offsets[node])
                raise InvalidGameError(f"{where}: {error.place}", error.problem) from None
            raise
        pending.extend((child, below) for child in reversed(children))
    return offsets


def _move(
    state: _State, node: int, label: str, *, is_chance: bool
) -> tuple[tuple[int, ...], _Payoffs]:
    if is_chance:
        branches = _chance_set(state)
        return state.builder.chance(node, branches, label), _outcome(state)
    player, set_label, actions = _move_set(state)
    children = state.builder.move(node, state.players[player], actions, set_label, label)
    return children, _outcome(state)


def _chance_set(state: _State) -> dict[str, Fraction]:
    tokens = state.tokens
    number = tokens.integer("the number of the chance set", 0, _MAX_NUMBER)
    if tokens.kind == "text":
        tokens.take()
    if not tokens.at_mark("{"):
        if number not in state.chances:
            tokens.fail(f"chance set {number} occurs first here: its branches are needed")
        return state.chances[number]
    start = tokens.offset
    tokens.take()
    labels, probabilities = [], []
    while not tokens.at_mark("}"):
        labels.append(tokens.text("the name of a branch"))
        probabilities.append(tokens.number(f"the probability of branch {labels[-1]!r}"))
    tokens.take()
    branches = dict(zip(_distinct(labels), probabilities, strict=True))
    if state.chances.setdefault(number, branches) != branches:
        rule = f"chance set {number} has other branches elsewhere"
        raise InvalidGameError(tokens.place(start), rule)
    return branches


def _move_set(state: _State) -> tuple[int, str, list[str]]:
    tokens = state.tokens
    player = tokens.integer("the player's number", 1, len(state.players)) - 1
    number = tokens.integer("the number of the information set", 0, _MAX_NUMBER)
    label = tokens.text("the name") if tokens.kind == "text" else ""
    start = tokens.offset
    actions = _distinct(tokens.texts("the actions")) if tokens.at_mark("{") else None
    if (player, number) not in state.moves:
        if actions is None:
            tokens.fail(f"information set {number} occurs first here: its actions are needed")
        if not actions:
            rule = f"information set {number} has no action; give the player one"
            raise InvalidGameError(tokens.place(start), rule)
        chosen = label if label and (player, label) not in state.set_labels else str(number)
        while (player, chosen) in state.set_labels:
            chosen += "'"
        state.set_labels.add((player, chosen))
        state.moves[player, number] = chosen, actions
    set_label, known = state.moves[player, number]
    if actions is not None and actions != known:
        rule = f"information set {number} has actions {known} elsewhere, {actions} here"
        raise InvalidGameError(tokens.place(start), rule)
    return player, set_label, known


def _outcome(state: _State) -> _Payoffs:
    """Payoffs of the outcome that comes next; empty for outcome 0."""
    tokens = state.tokens
    number = tokens.integer("the number of the outcome", 0, _MAX_NUMBER)
    if tokens.kind == "text":
        tokens.take()
    if tokens.at_mark("{"):
        start = tokens.offset
        payoffs = tuple(tokens.numbers("payoffs"))
        if len(payoffs) != len(state.players):
            rule = f"{len(payoffs)} payoffs; each of the {len(state.players)} players needs one"
            raise InvalidGameError(tokens.place(start), rule)
        if number == 0:
            raise InvalidGameError(
                tokens.place(start), "outcome 0 has no payoffs; give it another number"
            )
        if state.outcomes.setdefault(number, payoffs) != payoffs:
            raise InvalidGameError(
                tokens.place(start), f"outcome {number} has other payoffs elsewhere"
            )
    elif number and number not in state.outcomes:
        tokens.fail(f"outcome {number} occurs first here: its payoffs in {{ }} are needed")
    return state.outcomes[number] if number else ()


def _distinct(labels: list[str]) -> list[str]:
    if len(set(labels)) == len(labels) and all(labels):
        return labels
    return [str(k + 1) for k in range(len(labels))]


def efg_text(game: ExtensiveGame) -> str:
    """Text of an ``.efg`` file; :func:`parse_efg` gives the same game back.

    Examples
    --------
    >>> from games.extensive_form.builder import TreeBuilder
    >>> tree = TreeBuilder(["A"], title="choice")
    >>> for node, payoff in zip(tree.move(0, "A", ["l", "r"]), [3, "1/2"]):
    ...     tree.end(node, [payoff])
    >>> print(efg_text(tree.build()))
    EFG 2 R "choice" { "A" }
    ""
    <BLANKLINE>
    p "" 1 1 "1" { "l" "r" } 0
    t "" 1 "" { 3 }
    t "" 2 "" { 1/2 }
    <BLANKLINE>
    """
    names = " ".join(quoted(p) for p in game.players)
    lines = [f"EFG 2 R {quoted(game.title)} {{ {names} }}", '""', ""]
    rank: dict[int, int] = {}
    for player in range(game.n_players):
        rank |= {h: k for k, h in enumerate(game.sets_of(player), start=1)}
    n_chances = n_outcomes = 0
    for number in game.preorder():
        node = game.nodes[number]
        if node.is_terminal:
            n_outcomes += 1
            payoffs = ", ".join(str(u) for u in node.payoffs)
            lines.append(f't {quoted(node.label)} {n_outcomes} "" {{ {payoffs} }}')
        elif node.is_chance:
            n_chances += 1
            branches = " ".join(
                f"{quoted(a)} {p}"
                for a, p in zip(node.chance_actions, node.probabilities, strict=True)
            )
            lines.append(f'c {quoted(node.label)} {n_chances} "" {{ {branches} }} 0')
        else:
            h = game.information_sets[node.information_set]
            actions = " ".join(quoted(a) for a in h.actions)
            head = f"p {quoted(node.label)} {h.player + 1} {rank[node.information_set]}"
            lines.append(f"{head} {quoted(h.label)} {{ {actions} }} 0")
    return "\n".join(lines) + "\n"
