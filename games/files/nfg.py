"""Gambit's ``.nfg`` files: games in normal form as text, in and out.

A file is ``NFG 1 R "title" { "player" ... }``, the numbers of actions ``{ 2 3 }`` or their
names ``{ { "a" "b" } { "c" "d" "e" } }``, perhaps a comment, and then either all payoffs (the
*payoff version*) or ``{ { "outcome" payoff ... } ... }`` and the number of the outcome of each
action profile, 0 for none (the *outcome version*). The first player's action varies fastest.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from games.errors import InvalidGameError, TooLargeError
from games.files.tokens import MAX_PLAYERS, TokenReader, quoted
from games.normal_form import NormalFormGame

__all__ = ["nfg_text", "parse_nfg"]

MAX_PAYOFFS = 5_000_000
"""Largest number of payoffs (players × profiles) that is read."""

_MAX_ACTIONS = 10**6


def parse_nfg(text: str, name: str = "game.nfg") -> NormalFormGame:
    """Game in normal form from the text of an ``.nfg`` file, either version.

    Raises
    ------
    InvalidGameError
        With ``file:line:column`` if the text is malformed or payoffs are missing or left over.
    TooLargeError
        If the text or the game is too large.

    Examples
    --------
    >>> game = parse_nfg('NFG 1 R "" { "A" "B" } { 2 2 } 1 1 0 2 2 0 1 1')
    >>> game.payoffs[0].tolist()
    [[1.0, 2.0], [0.0, 1.0]]
    """
    tokens = TokenReader(text, name)
    tokens.word("NFG")
    tokens.integer("the version of the format", 1, 1)
    tokens.word("R", "D")
    tokens.text("the title")
    start = tokens.place()
    players = [p or f"player {k + 1}" for k, p in enumerate(tokens.texts("the players"))]
    if not players or len(set(players)) != len(players):
        raise InvalidGameError(start, f"players need distinct names, at least one ({players})")
    if len(players) > MAX_PLAYERS:
        raise TooLargeError(f"{start}: {len(players):,} players; the limit is {MAX_PLAYERS}")
    actions = _actions(tokens, players)
    shape = tuple(len(a) for a in actions)
    if tokens.kind == "text":
        tokens.take()
    read = _read_outcomes if tokens.at_mark("{") else _read_payoffs
    flat = read(tokens, players, math.prod(shape))
    tokens.finish()
    columns = np.array(flat, dtype=float).T
    payoffs = [column.reshape(shape, order="F") for column in columns]
    return NormalFormGame(payoffs, players, actions)


def _actions(tokens: TokenReader, players: list[str]) -> list[list[str]]:
    start = tokens.offset
    tokens.mark("{", "the actions")
    found: list[list[str]] = []
    n_payoffs = len(players)
    while not tokens.at_mark("}"):
        place = tokens.offset
        if tokens.at_mark("{"):
            labels = tokens.texts("the actions")
        else:
            n_actions = tokens.integer("the number of actions", 0, _MAX_ACTIONS)
            _check_size(tokens, n_payoffs * n_actions)
            labels = [str(k + 1) for k in range(n_actions)]
        if not labels:
            raise InvalidGameError(tokens.place(place), "the player has no action; give it one")
        if len(set(labels)) != len(labels) or not all(labels):
            labels = [str(k + 1) for k in range(len(labels))]
        found.append(labels)
        n_payoffs *= len(labels)
        _check_size(tokens, n_payoffs)
    tokens.mark("}", "the actions")
    if len(found) != len(players):
        raise InvalidGameError(
            tokens.place(start), f"actions of {len(found)} players; {len(players)} needed"
        )
    return found


def _check_size(tokens: TokenReader, n_payoffs: int) -> None:
    if n_payoffs > MAX_PAYOFFS:
        raise TooLargeError(
            f"{tokens.place()}: the game has {n_payoffs:,} payoffs or more; the limit is "
            f"{MAX_PAYOFFS:,}"
        )


def _read_payoffs(tokens: TokenReader, players: list[str], n_profiles: int) -> list[list[float]]:
    rows = []
    for profile in range(n_profiles):
        row = []
        for player in players:
            if tokens.kind == "end":
                tokens.fail(
                    f"payoffs are cut off at profile {profile + 1} of {n_profiles}: "
                    f"{n_profiles * len(players)} payoffs are needed"
                )
            row.append(float(tokens.number(f"the payoff of {player}")))
        rows.append(row)
    return rows


def _read_outcomes(tokens: TokenReader, players: list[str], n_profiles: int) -> list[list[float]]:
    outcomes: list[list[float]] = [[0.0] * len(players)]
    tokens.mark("{", "the outcomes")
    while not tokens.at_mark("}"):
        start = tokens.offset
        tokens.mark("{", "an outcome")
        tokens.text("the name of an outcome")
        row = []
        while not tokens.at_mark("}"):
            row.append(float(tokens.number("a payoff")))
        tokens.mark("}", "an outcome")
        if len(row) != len(players):
            rule = f"{len(row)} payoffs; each of the {len(players)} players needs one"
            raise InvalidGameError(tokens.place(start), rule)
        outcomes.append(row)
    tokens.mark("}", "the outcomes")
    rows = []
    for profile in range(n_profiles):
        if tokens.kind == "end":
            tokens.fail(f"outcomes are cut off at profile {profile + 1} of {n_profiles}")
        rows.append(outcomes[tokens.integer("the number of an outcome", 0, len(outcomes) - 1)])
    return rows


def nfg_text(game: NormalFormGame, title: str = "") -> str:
    """Text of an ``.nfg`` file, payoff version; :func:`parse_nfg` gives the same game back.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0]], [[1, 0.5]], players=["A", "B"])
    >>> print(nfg_text(game, "small"))
    NFG 1 R "small" { "A" "B" }
    { { "1" } { "1" "2" } }
    ""
    <BLANKLINE>
    3 1
    0 1/2
    <BLANKLINE>
    """
    names = " ".join(quoted(p) for p in game.players)
    actions = " ".join(f"{{ {' '.join(quoted(a) for a in own)} }}" for own in game.actions)
    rows = np.stack([game.payoffs[i].ravel(order="F") for i in range(game.n_players)], axis=1)
    lines = [" ".join(_number(u) for u in row) for row in rows]
    head = [f"NFG 1 R {quoted(title)} {{ {names} }}", f"{{ {actions} }}", '""', ""]
    return "\n".join(head + lines) + "\n"


def _number(value: float) -> str:
    return str(Fraction(repr(float(value))))
