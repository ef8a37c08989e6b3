"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from negotiate.errors import PathError, TreatyError

__all__ = ["AsJson", "File", "Set", "Variant", "parsed_changes", "treaty_from"]

File = Annotated[
    str, typer.Argument(metavar="FILE", help="Treaty file, or name of a shipped scenario.")
]
Set = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Try a number: --set parties.Borland.gain=5 (may be repeated).",
    ),
]
Variant = Annotated[
    str, typer.Option("--variant", metavar="NAME", help="A variant that the file names.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def parsed_changes(changes: list[str]) -> dict[str, Any]:
    """Values by path from ``PATH=VALUE`` texts.

    Raises
    ------
    PathError
        If a text has no ``=`` or its value cannot be read, or a path is given twice.
    """
    from negotiate.yaml_text import parse_value

    found: dict[str, Any] = {}
    mistakes = []
    for change in changes:
        path, sign, value = change.partition("=")
        if not sign or not path.strip():
            mistakes.append(f"--set: PATH=VALUE expected (got '{change}')")
            continue
        if path.strip() in found:
            mistakes.append(f"--set: {path.strip()} is given twice; keep one of the two")
        try:
            found[path.strip()] = parse_value(value)
        except TreatyError as error:
            mistakes.append(f"--set: {path.strip()}: {error.mistakes[0].problem} (got '{value}')")
    if mistakes:
        raise PathError("\n".join(mistakes))
    return found


def treaty_from(file: str, changes: list[str], variant_name: str = "") -> Any:
    """Treaty of a file with a variant and changes made."""
    from negotiate.reading import read_treaty, variant, with_values

    if not variant_name:
        return read_treaty(file, parsed_changes(changes))
    treaty = variant(read_treaty(file), variant_name)
    return with_values(treaty, parsed_changes(changes)) if changes else treaty
