"""Conflicts in JSON or YAML files.

Keys: ``decision_makers`` (names, with ``options``), ``states`` (patterns such as ``NYNNN``,
labels, numbers, or how many there are) or ``infeasible`` patterns, ``moves`` or ``reversibility``,
``preferences`` (ranking, statements or comparisons), ``coalitions``, ``status_quo``, ``name``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from games.documents import Document, nearest, read_document
from games.graph_model.conflict import BoolArray, Conflict, check_size
from games.graph_model.options import Direction, option_moves
from games.graph_model.preference_statements import statement_payoffs
from games.graph_model.rankings import comparison_payoffs, ranking_payoffs
from games.graph_model.state_names import StateNames, placed, read_states, state_patterns
from games.normal_form import FloatArray

__all__ = ["ConflictFile", "read_conflict"]

KEYS = (
    "name",
    "decision_makers",
    "states",
    "infeasible",
    "moves",
    "reversibility",
    "preferences",
    "coalitions",
    "status_quo",
)
DIRECTIONS: dict[object, Direction] = {
    True: "both",
    False: "N->Y",
    "both": "both",
    "reversible": "both",
    "irreversible": "N->Y",
    "N->Y": "N->Y",
    "Y->N": "Y->N",
}


@dataclass(frozen=True, eq=False)
class ConflictFile:
    """A conflict as a file describes it.

    Parameters
    ----------
    name : str
    conflict : Conflict
    references : tuple of int or str
        How the file calls each state: its number (from 1 when the file numbers by position) or
        its label.
    coalitions : tuple of tuple of int
        Groups of players that the file wants looked at as one.
    status_quo : tuple of int
        The state where the conflict stands, or empty when the file does not say.
    """

    name: str
    conflict: Conflict
    references: tuple[int | str, ...]
    coalitions: tuple[tuple[int, ...], ...]
    status_quo: tuple[int, ...]


@dataclass(frozen=True)
class _Option:
    name: str
    owner: int
    direction: Direction


def read_conflict(path: str | Path) -> ConflictFile:
    """Conflict described by a JSON (``.json``) or YAML file.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    ConflictFile

    Raises
    ------
    InvalidGameError
        If the file cannot be read or does not describe a conflict: unknown states, options or
        decision makers, a preference cycle, a state left out of a ranking and the like; the place
        is ``file:line:column: field``.
    TooLargeError
        If there are more than 3000 states, or too many decision makers for them.
    """
    document = read_document(path)
    data = document.mapping((), document.data)
    document.keys((), data, KEYS)
    for key in ("decision_makers", "preferences"):
        if key not in data:
            raise document.error((), f"lacks {key}")
    players, options = _players(document, data)
    states = read_states(document, data, len(options))
    placed(document, ("states",), lambda: check_size(len(players), len(states.labels)))
    patterns = (
        state_patterns(document, states, len(options))
        if states.patterns
        else np.zeros((len(states.labels), 0), dtype=bool)
    )
    moves = _moves(document, data, players, options, states, patterns)
    payoffs = _preferences(document, data, players, options, states, patterns)
    prefers = payoffs[:, None, :] > payoffs[:, :, None]
    conflict = placed(
        document, (), lambda: Conflict(tuple(players), tuple(states.labels), moves, prefers)
    )
    status_quo = (
        (states.number(document, ("status_quo",), data["status_quo"]),)
        if "status_quo" in data
        else ()
    )
    return ConflictFile(
        document.label(("name",), data.get("name", Path(path).stem)),
        conflict,
        states.references("states" not in data),
        _coalitions(document, data, players),
        status_quo,
    )


def _players(document: Document, data: Mapping[Any, Any]) -> tuple[list[str], list[_Option]]:
    players: dict[str, None] = {}
    options: list[_Option] = []
    given = data["decision_makers"]
    if isinstance(given, Mapping):
        given = [{"name": name, "options": listed} for name, listed in given.items()]
    entries = document.listed(("decision_makers",), given)
    for k, entry in enumerate(entries):
        path = ("decision_makers", k)
        if isinstance(entry, str):
            entry = {"name": entry}
        document.keys(path, document.mapping(path, entry), ("name", "options"))
        name = document.label((*path, "name"), entry["name"]) if "name" in entry else ""
        if not name or name in players:
            raise document.error(path, "needs a name of its own")
        players[name] = None
        own: set[str] = set()
        for j, option in enumerate(document.listed((*path, "options"), entry.get("options", []))):
            found = _option(document, (*path, "options", j), option, k)
            if found.name in own:
                raise document.error((*path, "options", j), f"{found.name!r} is given twice")
            own.add(found.name)
            options.append(found)
    if not players:
        raise document.error(("decision_makers",), "is empty; give at least one")
    return list(players), _with_reversibility(document, data, options)


def _option(document: Document, path: tuple[str | int, ...], option: Any, owner: int) -> _Option:
    if not isinstance(option, Mapping):
        return _Option(document.label(path, option), owner, "both")
    document.keys(path, option, ("name", "reversible"))
    if "name" not in option:
        raise document.error(path, "needs a name")
    direction = _direction(document, (*path, "reversible"), option.get("reversible", True))
    return _Option(document.label(path, option["name"]), owner, direction)


def _direction(document: Document, path: tuple[str | int, ...], value: Any) -> Direction:
    if not isinstance(value, str | bool) or value not in DIRECTIONS:
        allowed = "true, false, reversible, irreversible, N->Y or Y->N"
        raise document.error(path, f"must be {allowed} (got {value!r})")
    return DIRECTIONS[value]


def _with_reversibility(
    document: Document, data: Mapping[Any, Any], options: list[_Option]
) -> list[_Option]:
    """Options with the directions that the key ``reversibility`` gives."""
    if "reversibility" not in data:
        return options
    names = [option.name for option in options]
    result = list(options)
    for name, value in document.mapping(("reversibility",), data["reversibility"]).items():
        path = ("reversibility", str(name))
        if names.count(str(name)) != 1:
            hint = nearest(str(name), names)
            raise document.error(path, f"must be the name of one option{hint}")
        k = names.index(str(name))
        result[k] = _Option(names[k], options[k].owner, _direction(document, path, value))
    return result


def _moves(
    document: Document,
    data: Mapping[Any, Any],
    players: list[str],
    options: list[_Option],
    states: StateNames,
    patterns: BoolArray,
) -> BoolArray:
    if "moves" not in data:
        if not states.patterns:
            raise document.error((), "lacks moves; only states as patterns of options imply them")
        owners = [option.owner for option in options]
        directions = [option.direction for option in options]
        return option_moves(patterns, owners, directions, len(players))
    if "reversibility" in data:
        raise document.error(("reversibility",), "has no meaning beside moves; remove one of them")
    n_states = len(states.labels)
    moves = np.zeros((len(players), n_states, n_states), dtype=bool)
    for name, given in _per_player(document, "moves", data["moves"], players).items():
        path: tuple[str | int, ...] = ("moves", str(name))
        player = _player(document, path, name, players)
        pairs = (
            [((*path, str(start)), start, ends) for start, ends in given.items()]
            if isinstance(given, Mapping)
            else [
                ((*path, k), *_pair(document, (*path, k), pair))
                for k, pair in enumerate(document.listed(path, given))
            ]
        )
        for place, start, ends in pairs:
            origin = states.number(document, place, start)
            for end in ends if isinstance(ends, list) else [ends]:
                target = states.number(document, place, end)
                if target == origin:
                    raise document.error(place, f"state {start} leads to itself; remove the move")
                moves[player, origin, target] = True
    return moves


def _pair(document: Document, path: tuple[str | int, ...], value: Any) -> tuple[Any, Any]:
    if not isinstance(value, list) or len(value) != 2:
        raise document.error(path, f"must be a pair [state, state] (got {value!r:.60})")
    return value[0], value[1]


def _player(document: Document, path: tuple[str | int, ...], name: Any, players: list[str]) -> int:
    if str(name) not in players:
        hint = nearest(str(name), players)
        raise document.error(path, f"unknown decision maker {name!r}{hint}")
    return players.index(str(name))


def _per_player(document: Document, key: str, given: Any, players: list[str]) -> Mapping[Any, Any]:
    """Entries by decision maker, from a mapping or from a list in their order."""
    if not isinstance(given, list):
        found: dict[str, Any] = {}
        for name, value in document.mapping((key,), given).items():
            if str(name) in found:  # as the number 1 and the text "1"
                raise document.error((key, str(name)), "is given twice; give it once")
            found[str(name)] = value
        return found
    if len(given) != len(players):
        raise document.error(
            (key,), f"has {len(given)} entries for {len(players)} decision makers; give one each"
        )
    return dict(zip(players, given, strict=True))


def _preferences(
    document: Document,
    data: Mapping[Any, Any],
    players: list[str],
    options: list[_Option],
    states: StateNames,
    patterns: BoolArray,
) -> FloatArray:
    given = _per_player(document, "preferences", data["preferences"], players)
    rows: dict[int, FloatArray] = {}
    names = [option.name for option in options]
    for name, value in given.items():
        path = ("preferences", str(name))
        player = _player(document, path, name, players)
        if isinstance(value, Mapping) and "statements" in value:
            document.keys(path, value, ("statements",))
            if not states.patterns:
                raise document.error(path, "statements need states as patterns of options")
            listed = document.listed((*path, "statements"), value["statements"])
            texts = [str(text) for text in listed]
            rows[player] = placed(
                document, path, lambda texts=texts: statement_payoffs(texts, names, patterns)
            )
        elif isinstance(value, Mapping):
            rows[player] = _compared(document, path, value, states)
        else:
            rows[player] = _ranked(document, path, value, states)
    missing = [name for k, name in enumerate(players) if k not in rows]
    if missing:
        raise document.error(("preferences",), f"lacks decision maker {missing[0]!r}; add them")
    return np.array([rows[k] for k in range(len(players))])


def _ranked(
    document: Document, path: tuple[str | int, ...], value: Any, states: StateNames
) -> FloatArray:
    ranking = []
    for k, entry in enumerate(document.listed(path, value)):
        group = entry if isinstance(entry, list) else [entry]
        ranking.append([states.number(document, (*path, k), state) for state in group])
    payoffs: FloatArray = placed(document, path, lambda: ranking_payoffs(ranking, states.labels))
    return payoffs


def _compared(
    document: Document, path: tuple[str | int, ...], value: Mapping[Any, Any], states: StateNames
) -> FloatArray:
    document.keys(path, value, ("better", "equal"))
    pairs: dict[str, list[tuple[int, int]]] = {"better": [], "equal": []}
    for kind, found in pairs.items():
        for k, entry in enumerate(document.listed((*path, kind), value.get(kind, []))):
            place = (*path, kind, k)
            first, second = _pair(document, place, entry)
            found.append(
                (states.number(document, place, first), states.number(document, place, second))
            )
    payoffs: FloatArray = placed(
        document, path, lambda: comparison_payoffs(pairs["better"], pairs["equal"], states.labels)
    )
    return payoffs


def _coalitions(
    document: Document, data: Mapping[Any, Any], players: list[str]
) -> tuple[tuple[int, ...], ...]:
    groups = []
    seen: set[int] = set()
    for k, group in enumerate(document.listed(("coalitions",), data.get("coalitions", []))):
        path = ("coalitions", k)
        found = [_player(document, path, name, players) for name in document.listed(path, group)]
        if not found:
            raise document.error(path, "is empty; leave it out")
        for player in found:
            if player in seen:
                raise document.error(path, f"{players[player]!r} is in a coalition already")
            seen.add(player)
        groups.append(tuple(found))
    return tuple(groups)
