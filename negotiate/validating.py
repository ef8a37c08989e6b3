"""Validating: a document becomes a treaty, or the list of all its mistakes.

The validator stops at the first layer that fails: a field of the wrong type hides that a clause
names an unknown party. So what fails is told, then put right with something neutral, and the rest
is looked at again, until the whole can be checked across its parts. Mistakes that may only be
there because something was put right are left out: they would vanish with their cause.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from typing import Any

from pydantic import ValidationError

from negotiate.checks import cross_check
from negotiate.errors import Mistake
from negotiate.messages import MOST_MISTAKES, mistakes_of
from negotiate.treaty import Treaty
from negotiate.variants import variant_mistakes
from negotiate.yaml_text import Location

__all__ = ["all_mistakes"]

ROUNDS = 12


def all_mistakes(
    data: Any, unread: Collection[Location] = ()
) -> tuple[Treaty | None, list[tuple[Mistake, bool]]]:
    """Treaty, if there is no mistake; and all mistakes, each with whether the key is meant.

    Parameters
    ----------
    data : dict
        The document as plain data.
    unread : collection of Location
        Mappings and lists that lack something which could not be read.
    """
    found: list[tuple[Mistake, bool]] = []
    touched: set[Location] = set()
    cut: set[Location] = set()
    for _ in range(ROUNDS):
        try:
            treaty = Treaty.model_validate(data)
        except ValidationError as error:
            now = [(m, k) for m, k in mistakes_of(error, data) if m.location not in unread or k]
            if not now:
                return None, found
            if error.error_count() > MOST_MISTAKES:
                rest = f"{error.error_count() - MOST_MISTAKES} more mistakes are not listed"
                return None, [*found, *now, (Mistake((), rest), False)]
            found += [(m, k) for m, k in now if not any(_touch(t, m.location) for t in touched)]
            for location in dict.fromkeys(_still_there(m.location, data) for m, _ in now):
                if not _keeps_names(data, location) or location in touched:
                    cut.add(location)
                data = _put_right(data, location, already=location in touched)
                touched.add(location)
            continue
        across = itertools.chain(cross_check(treaty), variant_mistakes(treaty))
        crossed = [m for m in across if not _follows(m, cut, unread)]
        found += [(m, _means_key(m)) for m in crossed]
        return (None if found else treaty), found
    return None, found


def _keeps_names(data: Any, location: Location) -> bool:
    """Whether what is put in place of a part says which norm it was about, as an evidence does."""
    if location[:1] != ("clauses",) or len(location) != 2:
        return False
    clause = data["clauses"][location[1]]
    return isinstance(clause, dict) and clause.get("kind") == "evidence"


def _means_key(mistake: Mistake) -> bool:
    """Whether a mistake is about the name of a part and not about what it holds."""
    *holder, last = mistake.location or ("",)
    said = mistake.problem.partition(" (known")[0]
    return holder in (["parties"], ["norms"]) or f"'{last}'" in said or said.startswith(f"{last}:")


def _holds(outer: Location, inner: Location) -> bool:
    return inner[: len(outer)] == outer


def _touch(one: Location, other: Location) -> bool:
    return _holds(one, other) or _holds(other, one)


def _has(holder: Any, part: str | int) -> bool:
    if isinstance(holder, dict):
        return part in holder
    return isinstance(holder, list | tuple) and part in range(len(holder))


def _still_there(location: Location, data: Any) -> Location:
    """Nearest thing at or above a mistake that is in the document and can be put right."""
    kept: Location = ()
    for part in location:
        if not _has(data, part):
            break
        data = data[part]
        kept = (*kept, part)
    while len(kept) > 2 and isinstance(kept[-1], int):
        kept = kept[:-1]  # to leave out one item of a list would number the others anew
    return kept or location[:1]


_RECORDS: dict[str, Any] = {
    "parties": {},
    "norms": "",
    "conduct": {},
    "sources": {"text": ""},
    "variants": {},
    "facts": {"text": "", "source": ""},
    "caveats": "",
}
"""What stands in for one entry of a section."""

_SECTIONS: dict[str, Any] = {"title": "?", "parties": {"?": {}, "??": {}}}
"""What stands in for a needed section; the others are left out."""


def _put_right(data: Any, location: Location, *, already: bool) -> Any:
    """Document with something neutral at a location."""
    head, *rest = location
    if not rest:
        others = {key: value for key, value in data.items() if key != head}
        return {**others, head: _SECTIONS[str(head)]} if head in _SECTIONS else others
    section = data[head]
    if head == "clauses" and rest[1:] == ["id"]:
        new = _with(section, rest[0], {**section[rest[0]], "id": f"_{rest[0]}"})
    elif len(rest) > 1:
        new = _without(section, tuple(rest))
    elif head == "clauses":
        new = _with(section, rest[0], _neutral_clause(section[rest[0]], rest[0], whole=already))
    elif head in _RECORDS:
        new = _with(section, rest[0], _RECORDS[str(head)])
    else:
        new = _without(section, tuple(rest))
    return {**data, head: new}


def _with(holder: Any, key: Any, value: Any) -> Any:
    if isinstance(holder, dict):
        return {**holder, key: value}
    return [value if k == key else item for k, item in enumerate(holder)]


def _without(holder: Any, location: Location) -> Any:
    head, *rest = location
    if not _has(holder, head):
        return holder  # already left out, with something that held it
    if rest:
        return _with(holder, head, _without(holder[head], tuple(rest)))
    return {key: value for key, value in holder.items() if key != head}


def _neutral_clause(clause: Any, number: Any, *, whole: bool) -> dict[str, Any]:
    """Clause that does nothing, with what could be read of the names in the original."""
    given = clause if isinstance(clause, dict) else {}
    kind = given.get("kind")
    id = given.get("id", kind)
    if not isinstance(id, str) or not re.fullmatch(r"[^\W\d][\w-]*", id):
        id = f"_{number}"
    if whole or kind != "evidence":
        return {"kind": "formula", "id": id, "payoff": "0"}
    return {"kind": kind, "id": id, **{k: v for k, v in given.items() if k in ("norm", "source")}}


def _follows(mistake: Mistake, cut: Collection[Location], unread: Collection[Location]) -> bool:
    """Whether a mistake may only be there because something that failed was put right."""
    at, said = mistake.location, mistake.problem
    sections = {location[0] for location in (*cut, *unread) if location}
    if any(_holds(location, at) for location in cut):
        return True
    if at[:1] == ("norms",) or said.startswith(("no action in conduct", "every action")):
        return "conduct" in sections or ("norms",) in cut
    if at[:1] == ("stakes",):
        return bool(sections & {"stakes", "parties", "payoffs"})
    if at[:1] == ("variants",):
        return ("parties",) in cut or any(c[0] == "clauses" and len(c) < 3 for c in cut)
    for whole, starts in _FOLLOWING.items():
        if whole in cut and said.startswith(starts):
            return True
    return said.startswith(("no such weight", "the weights of")) and "parties" in sections


_FOLLOWING: dict[Location, tuple[str, ...]] = {
    ("norms",): ("no such norm", "the treaty has several norms"),
    ("parties",): ("no such party", "at most "),
    ("sources",): ("no such source",),
    ("unit",): ("a transfer moves",),
}
"""For each section what is said of other parts when the section as a whole is missing."""
