"""Mistakes in a document, in our words: what is allowed, what was found, what is nearest."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from negotiate.clauses.kinds import KINDS
from negotiate.errors import Mistake, nearest
from negotiate.quantity import Quantity, Record
from negotiate.treaty import Action, Fact, Party, PayoffMatrix, Source, Stakes, Treaty, Variant
from negotiate.yaml_text import Location

__all__ = ["MOST_MISTAKES", "mistakes_of", "worded"]

_SECTIONS: dict[str, tuple[int, type[Record]]] = {
    "parties": (2, Party),
    "conduct": (2, Action),
    "sources": (2, Source),
    "variants": (2, Variant),
    "facts": (2, Fact),
    "stakes": (1, Stakes),
    "payoffs": (1, PayoffMatrix),
}
"""For each section how deep its records lie, and their model."""


MOST_MISTAKES = 2000
"""Most mistakes that are told one by one: a file with more is no treaty with slips."""


def mistakes_of(error: ValidationError, data: Any) -> list[tuple[Mistake, bool]]:
    """Mistakes that validation found, without positions, and whether the key is meant."""
    found = []
    for details in error.errors(include_url=False)[:MOST_MISTAKES]:
        location, problem = _placed(details, data)
        found.append((Mistake(location, problem), details["type"] == "extra_forbidden"))
    return found


def _placed(details: ErrorDetails, data: Any) -> tuple[Location, str]:
    location = _in_document(details["loc"])
    match details["type"]:
        case "union_tag_invalid":
            tag = str(details["ctx"]["tag"])
            allowed = _alternatives(list(KINDS))
            problem = f"input should be {allowed} (got '{tag}'){nearest(tag, KINDS)}"
            return (*location, "kind"), problem
        case "extra_forbidden":
            fields = _fields(location[:-1], data)
            allowed = f"; allowed are {', '.join(fields)}" if fields else ""
            return location, f"no such field{nearest(str(location[-1]), fields)}{allowed}"
        case _:
            return location, worded(details)


def worded(details: ErrorDetails) -> str:
    """What is allowed, and what was found."""
    given = details.get("input")
    match details["type"]:
        case "union_tag_not_found":
            return f"a clause needs a kind: {_alternatives(list(KINDS))}"
        case "missing":
            return "this field is needed and missing"
        case "finite_number":
            message = "a finite number is needed"
        case "dict_type" | "model_type" | "model_attributes_type" | "dataclass_type":
            message = "a mapping is needed"
        case "tuple_type" | "list_type":
            message = "a list is needed"
        case "string_type":
            message = "text is needed"
            if isinstance(given, bool | int | float):
                message += "; put it in quotes"
        case "float_type" | "float_parsing" | "int_type" | "int_parsing":
            message = "a number is needed"
        case "too_short" | "too_long":
            given = len(given) if hasattr(given, "__len__") else given
            if details["type"] == "too_short":
                message = f"at least {details['ctx']['min_length']} items needed"
            else:
                message = f"at most {details['ctx']['max_length']} items allowed"
        case _:
            message = details["msg"][:1].lower() + details["msg"][1:]
    return message if "(got" in message else f"{message} (got {_brief(given)})"


def _in_document(location: tuple[int | str, ...]) -> Location:
    """Location without the markers that the validator adds."""
    kept = list(location)
    if len(kept) > 2 and kept[0] == "clauses" and kept[2] in KINDS:
        del kept[2]
    return tuple(part for part in kept if part != "[key]")


def _fields(location: Location, data: Any) -> list[str]:
    """Fields allowed at a location."""
    model: type[Record] = Quantity
    if not location:
        model = Treaty
    elif location[0] == "clauses" and len(location) == 2:
        model = KINDS[data["clauses"][location[1]]["kind"]]
    elif str(location[0]) in _SECTIONS:
        depth, section = _SECTIONS[str(location[0])]
        model = section if len(location) == depth else Quantity
    return [info.alias or name for name, info in model.model_fields.items()]


def _alternatives(words: list[str]) -> str:
    quoted = [f"'{word}'" for word in words]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]])


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
