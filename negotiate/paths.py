"""Paths: how a number in a treaty is named, as in ``clauses.penalty.sanction``.

::

    stakes.gain                       a stake of all parties
    parties.Borland.gain              the same stake of one party
    clauses.penalty.sanction          an attribute of a clause, by its id (or its number from 0)
    clauses.penalty.schedule.Borland  an entry of a mapping
    payoffs.tables.Arland.0.1         a payoff typed in

Names of parties may contain dots and spaces; the longest name that fits is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from negotiate.clauses.clause import quantity_fields
from negotiate.clauses.kinds import KINDS
from negotiate.errors import PathError, nearest
from negotiate.treaty import Party, Stakes
from negotiate.yaml_text import Location

__all__ = ["locate", "number_paths", "replaced"]


def locate(data: Mapping[str, Any], path: str) -> Location:
    """Location in the document's data that a path names.

    Parameters
    ----------
    data : mapping
        The document, as read or as dumped; the field itself may be absent, its holder may not.
    path : str

    Raises
    ------
    PathError
        With the nearest path that exists.
    """
    head, _, rest = path.partition(".")
    if head == "stakes" and rest in quantity_fields(Stakes):
        return ("stakes", rest)
    if head == "parties":
        parties = _mapping(data.get("parties"))
        party, field = _split_name(rest, parties)
        if party and field in (*quantity_fields(Party), "discount"):
            return ("parties", party, field)
        if party and field.startswith("weights."):
            return ("parties", party, "weights", field.removeprefix("weights."))
    if head == "clauses" and (found := _in_clause(data, rest)):
        return found
    if head == "payoffs" and (found := _in_payoffs(data, rest)):
        return found
    raise PathError(f"{path}: names nothing in this treaty{nearest(path, number_paths(data))}")


def _split_name(rest: str, names: Iterable[str]) -> tuple[str, str]:
    fits = [name for name in names if rest == name or rest.startswith(f"{name}.")]
    name = max(fits, key=len, default="")
    return name, rest[len(name) + 1 :]


def _in_clause(data: Mapping[str, Any], rest: str) -> Location | None:
    clauses = _clauses(data)
    head, _, field = rest.partition(".")
    index = next((k for k, c in enumerate(clauses) if c.get("id", c.get("kind")) == head), None)
    if index is None:
        of_kind = [k for k, clause in enumerate(clauses) if clause.get("kind") == head]
        if len(of_kind) == 1:
            index = of_kind[0]
        elif head.isdecimal() and int(head) < len(clauses):
            index = int(head)
        else:
            return None
    model = KINDS.get(str(clauses[index].get("kind")))
    if model is None:
        return None
    name, _, entry = field.partition(".")
    known = {info.alias or name: info for name, info in model.model_fields.items()}
    if name not in known or name in ("kind", "id"):
        return None
    is_mapping = name in ("schedule", "shares", "parameters")
    if bool(entry) != is_mapping:
        return None
    return ("clauses", index, name, entry) if is_mapping else ("clauses", index, name)


def _in_payoffs(data: Mapping[str, Any], rest: str) -> Location | None:
    tables = _mapping(_mapping(data.get("payoffs")).get("tables"))
    party, cell = _split_name(rest.removeprefix("tables."), tables)
    indices = cell.split(".")
    if not party or not all(index.isdecimal() for index in indices):
        return None
    at = tables[party]
    for index in map(int, indices):
        if not isinstance(at, list | tuple) or index >= len(at):
            return None
        at = at[index]
    return ("payoffs", "tables", party, *map(int, indices))


def number_paths(data: Mapping[str, Any]) -> list[str]:
    """Paths of all numbers of a document that can be set, swept or solved for."""
    found = [f"stakes.{stake}" for stake in quantity_fields(Stakes)]
    for party in _mapping(data.get("parties")):
        found += [f"parties.{party}.{stake}" for stake in quantity_fields(Party)]
    for clause in _clauses(data):
        kind = str(clause.get("kind"))
        if kind not in KINDS:
            continue
        id = clause.get("id", kind)
        found += [f"clauses.{id}.{name}" for name in quantity_fields(KINDS[kind])]
        for mapping in ("schedule", "shares", "parameters"):
            found += [f"clauses.{id}.{mapping}.{key}" for key in _mapping(clause.get(mapping))]
        if kind == "entry_into_force":
            found.append(f"clauses.{id}.count")
    return found


def _mapping(value: Any) -> Mapping[Any, Any]:
    """Mapping, or an empty one for what should be one and is not: validation tells it."""
    return value if isinstance(value, Mapping) else {}


def _clauses(data: Mapping[str, Any]) -> list[Mapping[Any, Any]]:
    clauses = data.get("clauses")
    return [_mapping(c) for c in clauses] if isinstance(clauses, list | tuple) else []


def replaced(data: Any, location: Location, value: Any) -> Any:
    """Copy of plain data with the value at a location replaced.

    A number that stands as a mapping keeps its unit; its range, source and rationale were those
    of the old value, and go.
    """
    if not location:
        is_number = isinstance(data, Mapping) and ("value" in data or "range" in data)
        if is_number and data.get("unit") and isinstance(value, int | float | list | tuple):
            key = "range" if isinstance(value, list | tuple) else "value"
            return {key: value, "unit": data["unit"]}
        return value
    head, *rest = location
    if isinstance(data, list | tuple) and isinstance(head, int):
        items = list(data)
        items[head] = replaced(items[head], tuple(rest), value)
        return items
    if not isinstance(data, Mapping | None):
        return data  # no place for a value; validation tells what is wrong with it
    mapping = dict(data or {})
    mapping[head] = replaced(mapping.get(head), tuple(rest), value)
    return mapping
