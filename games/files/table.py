"""Games in normal form as JSON and CSV tables, in and out.

JSON is either of

* ``{"players": ["A", "B"], "actions": [["u", "d"], ["l", "r"]], "payoffs": [[[3, 0], [5, 1]],
  [[3, 5], [0, 1]]]}``: ``payoffs[player][a_0]...[a_{n-1}]``; labels may be left out;
* ``{"A": [[3, 0], [5, 1]], "B": [[3, 5], [0, 1]]}``: the matrices of two players, labels as
  above if wanted.

A number may also be text such as ``"1/3"``. ``title`` and ``comment`` are allowed and ignored.

CSV has a header and one line per action profile, in any order: for n players first n columns
with the players' actions, headed by the players' names, then n columns with their payoffs in
the same order::

    row,column,row payoff,column payoff
    u,l,3,3
    u,r,0,5
    d,l,5,0
    d,r,1,1
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import re
from typing import Any

import numpy as np

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.exact_numbers import exact_number
from games.files.tokens import MAX_CHARACTERS, MAX_PLAYERS
from games.normal_form import FloatArray, NormalFormGame

__all__ = ["csv_text", "json_text", "parse_csv", "parse_json"]

MAX_PAYOFFS = 5_000_000
"""Largest number of payoffs (players × profiles) that is read."""

_LABEL_KEYS = {"players", "actions", "title", "comment"}


def parse_json(text: str, name: str = "game.json") -> NormalFormGame:
    """Game in normal form from JSON.

    Raises
    ------
    InvalidGameError
        With ``file:line:column`` if it is no JSON; with the key, such as ``payoffs[0][1]``, if
        it is no game.
    TooLargeError
        If it is larger than 64 million characters.

    Examples
    --------
    >>> parse_json('{"A": [[3, 0], [5, 1]], "B": [[3, 5], [0, 1]]}').n_actions
    (2, 2)
    """
    if len(text) > MAX_CHARACTERS:
        raise TooLargeError(f"{name}: has {len(text):,} characters; limit {MAX_CHARACTERS:,}")
    try:
        data = json.loads(text, object_pairs_hook=lambda pairs: _unique(pairs, name))
    except json.JSONDecodeError as error:
        place = f"{name}:{error.lineno}:{error.colno}"
        raise InvalidGameError(place, f"is not JSON ({error.msg})") from None
    except RecursionError:
        raise InvalidGameError(name, "is nested too deeply for a game") from None
    except InvalidGameError:
        raise
    except ValueError as error:  # whole numbers of thousands of digits
        raise InvalidGameError(name, f"has a number that is too long ({error})") from None
    if not isinstance(data, dict):
        raise InvalidGameError(name, "must be an object with 'payoffs', or with 'A' and 'B'")
    keys = {"payoffs"} if "payoffs" in data else {"A", "B"}
    for key in sorted(keys - data.keys()):
        raise InvalidGameError(name, f"lacks {key!r}; give 'payoffs', or 'A' and 'B'")
    for key in sorted(data.keys() - keys - _LABEL_KEYS):
        known = ", ".join(sorted(keys | _LABEL_KEYS))
        raise InvalidGameError(f"{name}: {key}", f"is not a known key ({known})")
    matrices = data["payoffs"] if keys == {"payoffs"} else [data["A"], data["B"]]
    is_bimatrix = keys != {"payoffs"}
    tops = [f"{name}: A", f"{name}: B"] if is_bimatrix else []
    players = _labels(data.get("players", []), f"{name}: players")
    rows = data.get("actions", [])
    if not isinstance(rows, list):
        raise InvalidGameError(f"{name}: actions", "must be a list with one list per player")
    actions = [_labels(own, f"{name}: actions[{k}]") for k, own in enumerate(rows)]
    try:
        return NormalFormGame(_payoff_array(matrices, f"{name}: payoffs", tops), players, actions)
    except InvalidGameError as error:
        if error.place.startswith(name):
            raise
        raise InvalidGameError(f"{name}: {error.place}", error.problem) from None


def json_text(game: NormalFormGame) -> str:
    """Game in normal form as JSON; :func:`parse_json` gives the same game back."""
    data = {
        "players": list(game.players),
        "actions": [list(own) for own in game.actions],
        "payoffs": game.payoffs.tolist(),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def parse_csv(text: str, name: str = "game.csv") -> NormalFormGame:
    r"""Game in normal form from a table with one line per action profile.

    Actions are numbered in the order in which they first occur.

    Raises
    ------
    InvalidGameError
        With ``file:line`` or ``file:line:column`` (the column of the table): if columns are not
        two per player, a payoff is no number, or a profile is missing or given twice.
    TooLargeError
        If it is larger than 64 million characters or 5 million payoffs.

    Examples
    --------
    >>> game = parse_csv("A,B,A payoff,B payoff\nu,l,3,1\nd,l,0,2\n")
    >>> game.players, game.actions, game.payoffs.tolist()
    (('A', 'B'), (('u', 'd'), ('l',)), [[[3.0], [0.0]], [[1.0], [2.0]]])
    """
    if len(text) > MAX_CHARACTERS:
        raise TooLargeError(f"{name}: has {len(text):,} characters; limit {MAX_CHARACTERS:,}")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines = []
    try:
        for row in reader:
            if any(field.strip() for field in row):
                lines.append((reader.line_num, [field.strip() for field in row]))
    except csv.Error as error:
        raise InvalidGameError(f"{name}:{reader.line_num}", f"is not CSV ({error})") from None
    if not lines:
        raise InvalidGameError(name, "is empty; a header and one line per profile are needed")
    (header_line, header), *rows = lines
    n_players = len(header) // 2
    if len(header) % 2 or not header:
        rule = f"has {len(header)} columns; each player needs two, for its action and its payoff"
        raise InvalidGameError(f"{name}:{header_line}", rule)
    if n_players > MAX_PLAYERS:
        raise TooLargeError(f"{name}:{header_line}: {n_players} players; limit {MAX_PLAYERS}")
    _check_order(header, f"{name}:{header_line}")
    return _game_of_rows(header[:n_players], rows, name)


def csv_text(game: NormalFormGame) -> str:
    """Table with one line per action profile; :func:`parse_csv` gives the same game back."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*game.players, *(f"{p} payoff" for p in game.players)])
    for profile in itertools.product(*(range(m) for m in game.n_actions)):
        labels = [own[a] for own, a in zip(game.actions, profile, strict=True)]
        writer.writerow([*labels, *(float(u[profile]) for u in game.payoffs)])
    return out.getvalue()


def _check_order(header: list[str], place: str) -> None:
    """Refuse a header in which a column of payoffs names another player than it belongs to."""
    players = header[: len(header) // 2]
    words = [re.compile(rf"(?<!\w){re.escape(p)}(?!\w)") for p in players]
    for column, title in enumerate(header[len(players) :]):
        named = [p for p, word in zip(players, words, strict=True) if p and word.search(title)]
        if named and players[column] not in named:
            raise InvalidGameError(
                f"{place}:{len(players) + column + 1}",
                f"{title!r} stands where the payoff of {players[column]} is expected; give the "
                "payoffs in the order of the players",
            )


def _game_of_rows(
    players: list[str], rows: list[tuple[int, list[str]]], name: str
) -> NormalFormGame:
    n_players = len(players)
    numbering: list[dict[str, int]] = [{} for _ in players]
    payoffs: dict[tuple[int, ...], list[float]] = {}
    for line, row in rows:
        if len(row) != 2 * n_players:
            rule = f"has {len(row)} columns; the header has {2 * n_players}"
            raise InvalidGameError(f"{name}:{line}", rule)
        profile = tuple(
            known.setdefault(label, len(known))
            for known, label in zip(numbering, row[:n_players], strict=True)
        )
        if profile in payoffs:
            rule = f"gives the profile {', '.join(row[:n_players])} a second time"
            raise InvalidGameError(f"{name}:{line}", rule)
        payoffs[profile] = [
            float(exact_number(field, f"{name}:{line}:{column}"))
            for column, field in enumerate(row[n_players:], start=n_players + 1)
        ]
    shape = tuple(len(known) for known in numbering)
    labels = [list(known) for known in numbering]
    if 0 in shape:
        raise InvalidGameError(name, "has a header only; give one line per action profile")
    if math.prod(shape) * n_players > MAX_PAYOFFS:
        raise TooLargeError(f"{name}: more than {MAX_PAYOFFS:,} payoffs; the limit")
    array = np.empty((n_players, *shape))
    for profile in itertools.product(*(range(m) for m in shape)):
        if profile not in payoffs:
            missing = ", ".join(own[a] for own, a in zip(labels, profile, strict=True))
            raise InvalidGameError(name, f"has no line for the profile {missing}")
        for player, payoff in enumerate(payoffs[profile]):
            array[player][profile] = payoff
    try:
        return NormalFormGame(array, players, labels)
    except InvalidGameError as error:
        raise InvalidGameError(f"{name}: {error.place}", error.problem) from None


def _unique(pairs: list[tuple[str, Any]], name: str) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        keys = [key for key, _ in pairs]
        double = next(key for key in keys if keys.count(key) > 1)
        raise InvalidGameError(f"{name}: {double}", "is given twice")
    return data


def _labels(value: Any, place: str) -> list[str]:
    is_list = isinstance(value, list)
    if not is_list or not all(type(v) is str or type(v) is int for v in value):
        raise InvalidGameError(place, "must be a list of labels, each a text or a whole number")
    labels = [str(v) for v in value]
    for k, label in enumerate(labels):
        if not label.isascii() and re.search("[\ud800-\udfff]", label):
            rule = f"is {label!a}: half of a surrogate pair is no letter; write it out"
            raise InvalidGameError(f"{place}[{k}]", rule)
    return labels


def _payoff_array(value: Any, place: str, tops: list[str]) -> FloatArray:
    """Nested lists of numbers as an array; every list of one level must be of one length.

    ``tops`` are the places of the outermost items where they are not ``place[0]``, ``place[1]``.
    """
    shape: list[int] = []
    lists, places = [value], [place]
    while lists and isinstance(lists[0], list):
        if len(shape) > MAX_PLAYERS:
            rule = f"is nested in more than {MAX_PLAYERS + 1} lists; {MAX_PLAYERS} players at most"
            raise TooLargeError(f"{place}: {rule}")
        length = len(lists[0])
        for inner, where in zip(lists, places, strict=True):
            if not isinstance(inner, list) or len(inner) != length:
                found = f"a list of {len(inner)}" if isinstance(inner, list) else _shown(inner)
                rule = f"is {found}; {places[0]} is a list of {length}, and all must be alike"
                raise InvalidGameError(where, rule)
        shape.append(length)
        if math.prod(shape) > MAX_PAYOFFS:
            raise TooLargeError(f"{place}: more than {MAX_PAYOFFS:,} payoffs; the limit")
        inner_places = [f"{w}[{k}]" for w in places for k in range(length)]
        places = tops if len(shape) == 1 and tops else inner_places
        lists = [item for inner in lists for item in inner]
    numbers = [_number(item, where) for item, where in zip(lists, places, strict=True)]
    return np.array(numbers, dtype=float).reshape(shape)


def _number(value: Any, place: str) -> float:
    if isinstance(value, list | dict):
        raise InvalidGameError(place, f"is {_shown(value)}; a number is needed")
    return float(exact_number(value, place))


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "an object" if isinstance(value, dict) else repr(value)[:40]
