"""The JSON Schema of treaty files, from the same models that validate them."""

from __future__ import annotations

from typing import Any

from negotiate.treaty import Treaty

__all__ = ["treaty_schema"]

SCHEMA_FILE = "treaty.schema.json"
"""Name of the committed schema, at the root of the repository and beside the scenarios."""


def treaty_schema() -> dict[str, Any]:
    """JSON Schema of a treaty file, for editors and for other programs.

    Examples
    --------
    >>> treaty_schema()["title"]
    'Treaty'
    """
    schema = Treaty.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    definitions = schema["$defs"]
    # What the reader accepts in short, the schema accepts too.
    definitions["Quantity"] = {
        "description": "A number: a point, an interval, or a mapping with more about it.",
        "anyOf": [
            {"type": "number"},
            {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            {**definitions["Quantity"], "required": []},
        ],
    }
    for name, short in _SHORTHANDS.items():
        definitions["Action"]["properties"][name] = {
            "anyOf": [*short, definitions["Action"]["properties"][name]]
        }
    schema["properties"]["parties"]["additionalProperties"] = {
        "anyOf": [{"$ref": "#/$defs/Party"}, {"type": "null"}]
    }
    # These have defaults that the reader fills in.
    schema["required"] = [name for name in schema["required"] if name != "conduct"]
    return schema


_SHORTHANDS: dict[str, list[dict[str, Any]]] = {
    "complies": [{"type": "string"}],
    "violates": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
}
