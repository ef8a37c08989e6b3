"""Levers: the numbers that a treaty gives, with what a person needs to move them."""

from __future__ import annotations

from typing import Any

from negotiate.compiling import compile_treaty
from negotiate.treaty import Treaty

__all__ = ["number_levers"]


def number_levers(treaty: Treaty) -> list[dict[str, Any]]:
    """Numbers on which payoffs depend, clauses first, in the order of the document.

    Returns
    -------
    list of dict
        Each with ``path``, ``label``, ``group``, ``unit``, ``about``, ``words`` (of the clause),
        ``value``, ``low`` and ``high`` (what the number must keep to), ``range_low`` and
        ``range_high`` (what is thought possible).

    Examples
    --------
    >>> from negotiate.reading import read_treaty
    >>> two = read_treaty({"title": "Two", "parties": {"A": {}, "B": {}}, "stakes": {"gain": 8},
    ...     "clauses": [{"kind": "penalty", "sanction": [10, 20]}]})
    >>> [(lever["path"], lever["value"]) for lever in number_levers(two)]
    [('clauses.penalty.sanction', 15.0), ('stakes.gain', 8.0)]
    """
    words = {clause.id: clause.text for clause in treaty.clauses}
    found: dict[str, dict[str, Any]] = {}
    for parameter in compile_treaty(treaty).parameters.values():
        for path, quantity in zip(parameter.paths, parameter.quantities, strict=True):
            group, label = _named(path)
            found.setdefault(
                path,
                {
                    "path": path,
                    "label": label,
                    "group": group,
                    "unit": quantity.unit or parameter.unit,
                    "about": parameter.about,
                    "words": words.get(path.split(".")[1], "") if group != "stakes" else "",
                    "value": quantity.value,
                    "low": parameter.low,
                    "high": parameter.high,
                    "range_low": quantity.low,
                    "range_high": quantity.high,
                },
            )
    return sorted(found.values(), key=lambda lever: not lever["path"].startswith("clauses."))


def _named(path: str) -> tuple[str, str]:
    """Group and label of a number."""
    head, _, rest = path.partition(".")
    if head == "clauses":
        clause, _, name = rest.partition(".")
        attribute, _, entry = name.partition(".")
        label = f"{entry}: sanction" if attribute == "schedule" else entry or attribute
        return clause.replace("_", " "), label.replace("_", " ")
    if head == "parties":
        party, _, stake = rest.rpartition(".")
        return "stakes", f"{party}: {stake.replace('_', ' ')}"
    return "stakes", rest.replace("_", " ")
