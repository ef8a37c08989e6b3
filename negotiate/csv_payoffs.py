"""Payoffs read from a CSV file: one row for each action profile.

::

    Arland,Borland,payoff Arland,payoff Borland
    comply,comply,3,3
    comply,violate,0,5
"""

from __future__ import annotations

import csv
import io
import itertools
from pathlib import Path
from typing import Any

from negotiate.errors import Mistake, nearest
from negotiate.yaml_text import MAX_BYTES, Location

__all__ = ["csv_tables"]

AT: Location = ("payoffs", "csv")


def csv_tables(
    name: str, folder: Path | None, parties: list[str], actions: list[list[str]]
) -> tuple[dict[str, Any], list[Mistake]]:
    """Payoffs of each party, nested by the actions of the parties in order, and all mistakes.

    Parameters
    ----------
    name : str
        Name of the file, within ``folder``.
    folder : Path, optional
        Folder of the treaty file; none where the treaty is no file on disk.
    parties : list of str
    actions : list of list of str
        Names of the actions open to each party.
    """
    rows, problem = _rows(name, folder)
    if problem:
        return {}, [Mistake(AT, problem)]
    header = [cell.strip() for cell in rows[0]] if rows else []
    needed = [*parties, *(f"payoff {party}" for party in parties)]
    problems = [
        f"'{name}' line 1: the column '{column}' {fault}"
        for column in needed
        if (fault := {0: "is missing", 1: ""}.get(header.count(column), "stands twice"))
    ]
    if problems:
        return {}, [Mistake(AT, problem) for problem in problems]
    columns = [header.index(column) for column in needed]
    cells, problems = _cells(rows, columns, parties, actions)
    profiles = list(itertools.product(*actions))
    problems += [
        f": lacks the row for {', '.join(profile)}"
        for profile in profiles
        if profile not in cells and not problems
    ]
    if problems:
        return {}, [Mistake(AT, f"'{name}'{problem}") for problem in problems]
    return {
        party: _nest(actions, lambda profile, i=i: cells[profile][i])
        for i, party in enumerate(parties)
    }, []


def _rows(name: str, folder: Path | None) -> tuple[list[list[str]], str]:
    """Rows of the file, or what is wrong with it."""
    if folder is None:
        return [], "a CSV file is read only from beside a treaty file on disk"
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            return [], f"the file must lie beside the treaty file (got '{name}')"
        if not path.is_file():
            return [], f"there is no file '{name}' beside the treaty file"
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            return [], f"'{name}' is larger than 1 MiB"
        text = content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline=""), strict=True)), ""
    except OSError as error:
        return [], f"'{name}' cannot be read: {(error.strerror or str(error)).lower()}"
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        return [], f"'{name}' cannot be read: {error}"


def _cells(
    rows: list[list[str]], columns: list[int], parties: list[str], actions: list[list[str]]
) -> tuple[dict[tuple[str, ...], list[float]], list[str]]:
    """Payoffs by action profile, and what is wrong with rows."""
    n = len(parties)
    cells: dict[tuple[str, ...], list[float]] = {}
    problems: list[str] = []
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(rows[0]):
            problems.append(f" line {line}: {len(rows[0])} values are needed (got {len(row)})")
            continue
        entries = [row[k].strip() for k in columns]
        profile = tuple(entries[:n])
        problems += [
            f" line {line}: {party}: no such action '{action}'{nearest(action, allowed)}"
            for party, action, allowed in zip(parties, profile, actions, strict=True)
            if action not in allowed
        ]
        if profile in cells:
            problems.append(f" line {line}: {', '.join(profile)} stands twice")
        cells[profile] = [0.0] * n
        for i, text in enumerate(entries[n:]):
            try:
                cells[profile][i] = float(text)
            except ValueError:
                problems.append(
                    f" line {line}: payoff {parties[i]}: a number is needed (got '{text}')"
                )
    return cells, problems


def _nest(actions: list[list[str]], cell: Any, profile: tuple[str, ...] = ()) -> Any:
    if len(profile) == len(actions):
        return cell(profile)
    return [_nest(actions, cell, (*profile, action)) for action in actions[len(profile)]]
