"""Payoffs typed in, or read from CSV: checked, and brought to one form.

The one form is ``tables``: for each party its payoffs nested by the actions of the parties in
the order of the document. A CSV file has one row for each action profile::

    Arland,Borland,payoff Arland,payoff Borland
    comply,comply,3,3
    comply,violate,0,5
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from negotiate.errors import Mistake, nearest
from negotiate.quantity import Quantity
from negotiate.treaty import MAX_CELLS
from negotiate.yaml_text import Location

__all__ = ["fill_tables"]


class _MatrixError(Exception):
    """A mistake that stops the reading of a matrix."""

    def __init__(self, location: Location, problem: str) -> None:
        super().__init__(problem)
        self.mistake = Mistake(location, problem)


def fill_tables(data: Any, folder: Path | None) -> tuple[Any, list[Mistake]]:
    """Document with its payoff tables read and checked, and the mistakes that they hold.

    Parameters
    ----------
    data : dict
        The document as plain data.
    folder : Path, optional
        Folder of the document, where a CSV file must lie.
    """
    payoffs = data.get("payoffs")
    parties, conduct = data.get("parties"), data.get("conduct", {"comply": 0, "violate": 0})
    if not (isinstance(payoffs, dict) and isinstance(parties, dict) and isinstance(conduct, dict)):
        return data, []
    actions = [_open_actions(conduct, party) for party in parties]
    try:
        shape = [len(row) for row in actions]
        size = 1
        for m in shape:
            size *= m
        if not 0 < size <= MAX_CELLS:
            raise _MatrixError(
                ("payoffs",), f"a matrix may have {MAX_CELLS} cells (got {size}); use stakes"
            )
        if ("csv" in payoffs) == ("tables" in payoffs):
            raise _MatrixError(("payoffs",), "give either 'tables' or 'csv'")
        if "csv" in payoffs:
            tables = _from_csv(payoffs["csv"], folder, list(parties), actions)
            data = {**data, "payoffs": {"tables": tables}}
        mistakes = _check_tables(data["payoffs"]["tables"], list(parties), shape)
    except _MatrixError as error:
        return data, [error.mistake]
    return data, mistakes


def _open_actions(conduct: dict[str, Any], party: str) -> list[str]:
    return [
        name
        for name, action in conduct.items()
        if not isinstance(action, dict)
        or action.get("open_to") is None
        or party in action["open_to"]
    ]


def _check_tables(tables: Any, parties: list[str], shape: list[int]) -> list[Mistake]:
    at: Location = ("payoffs", "tables")
    if not isinstance(tables, dict):
        return [Mistake(at, "a mapping from each party to its payoffs is needed")]
    mistakes = [
        Mistake((*at, party), f"no such party{nearest(party, parties)}")
        for party in tables
        if party not in parties
    ]
    for party in parties:
        if party not in tables:
            mistakes.append(Mistake(at, f"the payoffs of '{party}' are missing"))
        else:
            mistakes += _check_nested(tables[party], shape, (*at, party))
    return mistakes


def _check_nested(value: Any, shape: list[int], at: Location) -> list[Mistake]:
    if not shape:
        try:
            Quantity.model_validate(value)
        except ValidationError as error:
            message = error.errors()[0]["msg"]
            return [Mistake(at, f"{message[:1].lower()}{message[1:]} (got {value!r})")]
        return []
    if not isinstance(value, list | tuple) or len(value) != shape[0]:
        found = f"{len(value)} entries" if isinstance(value, list | tuple) else repr(value)
        return [Mistake(at, f"a list of {shape[0]} is needed, one for each action (got {found})")]
    return [
        mistake
        for k, item in enumerate(value)
        for mistake in _check_nested(item, shape[1:], (*at, k))
    ]


def _from_csv(
    name: Any, folder: Path | None, parties: list[str], actions: list[list[str]]
) -> dict[str, Any]:
    at: Location = ("payoffs", "csv")
    if not isinstance(name, str) or folder is None:
        raise _MatrixError(at, "a CSV file is read only from beside a treaty file on disk")
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise _MatrixError(at, f"the file must lie beside the treaty file (got '{name}')")
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = list(csv.DictReader(stream, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _MatrixError(at, f"'{name}' cannot be read: {error}") from None
    needed = [*parties, *(f"payoff {party}" for party in parties)]
    header = list(rows[0]) if rows else []
    if missing := [column for column in needed if column not in header]:
        raise _MatrixError(at, f"'{name}' lacks the column '{missing[0]}'")
    cells = _cells_of(rows, name, parties, actions)
    return {party: _nest(cells, f"payoff {party}", [], actions, name) for party in parties}


def _cells_of(
    rows: list[dict[str, str]], name: str, parties: list[str], actions: list[list[str]]
) -> dict[tuple[str, ...], dict[str, str]]:
    at: Location = ("payoffs", "csv")
    cells: dict[tuple[str, ...], dict[str, str]] = {}
    for number, row in enumerate(rows, start=2):
        for party, allowed in zip(parties, actions, strict=True):
            if row[party] not in allowed:
                near = nearest(str(row[party]), allowed)
                problem = f"'{name}' line {number}: {party}: no such action '{row[party]}'{near}"
                raise _MatrixError(at, problem)
        profile = tuple(row[party] for party in parties)
        if profile in cells:
            problem = f"'{name}' line {number}: {', '.join(profile)} stands twice"
            raise _MatrixError(at, problem)
        cells[profile] = row
    return cells


def _nest(
    cells: dict[tuple[str, ...], dict[str, str]],
    column: str,
    profile: list[str],
    actions: list[list[str]],
    name: str,
) -> Any:
    if len(profile) < len(actions):
        return [
            _nest(cells, column, [*profile, action], actions, name)
            for action in actions[len(profile)]
        ]
    row = cells.get(tuple(profile))
    if row is None:
        raise _MatrixError(("payoffs", "csv"), f"'{name}' lacks the row for {', '.join(profile)}")
    try:
        return float(row[column])
    except (TypeError, ValueError):
        where = f"'{name}': {column} at {', '.join(profile)}"
        raise _MatrixError(
            ("payoffs", "csv"), f"{where}: a number is needed (got {row[column]!r})"
        ) from None
