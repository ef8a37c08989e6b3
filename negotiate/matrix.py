"""Payoffs typed in, or read from CSV: checked, and brought to one form.

The one form is ``tables``: for each party its payoffs nested by the actions of the parties in
the order of the document. A CSV file has one row for each action profile::

    Arland,Borland,payoff Arland,payoff Borland
    comply,comply,3,3
    comply,violate,0,5
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from negotiate.csv_payoffs import csv_tables
from negotiate.errors import Mistake, nearest
from negotiate.messages import worded
from negotiate.quantity import Quantity
from negotiate.treaty import MAX_CELLS
from negotiate.yaml_text import Location

__all__ = ["fill_tables"]


def fill_tables(data: Any, folder: Path | None) -> tuple[Any, list[Mistake]]:
    """Document with its payoff tables read and checked, and the mistakes that they hold.

    What is of the wrong type is passed over: validation tells it.

    Parameters
    ----------
    data : dict
        The document as plain data.
    folder : Path, optional
        Folder of the document, where a CSV file must lie.
    """
    payoffs, parties = data.get("payoffs"), data.get("parties")
    conduct = data.get("conduct", {"comply": None, "violate": None})
    if not (isinstance(payoffs, dict) and isinstance(parties, dict) and _is_conduct(conduct)):
        return data, []
    actions = [_open_actions(conduct, party) for party in parties]
    shape = [len(row) for row in actions]
    at: Location = ("payoffs",)
    if not 0 < (size := math.prod(shape)) <= MAX_CELLS:
        problem = f"a matrix may have {MAX_CELLS} cells (got {size}); use stakes"
        return data, [Mistake(at, problem)] if size else []
    if ("csv" in payoffs) == ("tables" in payoffs):
        return data, [Mistake(at, "give either 'tables' or 'csv'")]
    if isinstance(payoffs.get("csv"), str):
        tables, mistakes = csv_tables(payoffs["csv"], folder, list(parties), actions)
        if mistakes:
            return data, mistakes
        others = {key: value for key, value in payoffs.items() if key != "csv"}
        data = {**data, "payoffs": {**others, "tables": tables}}
    elif not isinstance(payoffs.get("tables"), dict):
        return data, []
    return data, _check_tables(data["payoffs"]["tables"], list(parties), shape)


def _is_conduct(conduct: Any) -> bool:
    return isinstance(conduct, dict) and all(
        action is None
        or (isinstance(action, dict) and isinstance(action.get("open_to"), list | tuple | None))
        for action in conduct.values()
    )


def _open_actions(conduct: dict[str, Any], party: str) -> list[str]:
    return [
        name
        for name, action in conduct.items()
        if action is None or action.get("open_to") is None or party in action["open_to"]
    ]


def _check_tables(tables: dict[str, Any], parties: list[str], shape: list[int]) -> list[Mistake]:
    at: Location = ("payoffs", "tables")
    mistakes = [
        Mistake((*at, party), f"no such party: '{party}'{nearest(party, parties)}")
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
            return [Mistake(at, worded(error.errors()[0]))]
        return []
    if not isinstance(value, list | tuple) or len(value) != shape[0]:
        found = f"{len(value)} entries" if isinstance(value, list | tuple) else repr(value)
        return [Mistake(at, f"a list of {shape[0]} is needed, one for each action (got {found})")]
    return [
        mistake
        for k, item in enumerate(value)
        for mistake in _check_nested(item, shape[1:], (*at, k))
    ]
