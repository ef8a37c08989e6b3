"""``negotiate check``: all mistakes of a treaty file, one line each."""

from __future__ import annotations

from negotiate.commands.options import AsJson, File, Set, parsed_changes
from negotiate.commands.output import print_json, print_lines
from negotiate.errors import TreatyError

__all__ = ["check"]


def check(
    file: File,
    changes: Set = [],  # noqa: B006 - Typer reads the default, nobody changes it
    as_json: AsJson = False,
) -> None:
    """Read a treaty file and list its mistakes. Exit codes: 0 none, 2 some."""
    from negotiate.reading import digest, read_treaty

    try:
        treaty = read_treaty(file, parsed_changes(changes))
    except TreatyError as error:
        if as_json:
            print_json({"file": file, "ok": False, "mistakes": _records(error)})
        raise
    if as_json:
        print_json({"file": file, "ok": True, "mistakes": [], "digest": digest(treaty)})
        return
    counts = f"{len(treaty.parties)} parties, {len(treaty.clauses)} clauses"
    print_lines([f"{file}: no mistakes ({counts}, digest {digest(treaty)[:12]})"])


def _records(error: TreatyError) -> list[dict[str, object]]:
    return [
        {
            "file": mistake.file,
            "line": mistake.line,
            "column": mistake.column,
            "field": ".".join(str(part) for part in mistake.location),
            "problem": mistake.problem,
        }
        for mistake in error.mistakes
    ]
