"""Write the reference pages that follow from the code: ``make docs``.

A test holds the committed pages to what this file writes.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from negotiate.clauses.kinds import KINDS, attribute_table
from negotiate.quantity import Quantity, Record
from negotiate.treaty import Action, Fact, Party, PayoffMatrix, Source, Stakes, Treaty, Variant

__all__ = ["pages"]

FOLDER = Path(__file__).parent / "reference"
GAMES = Path(__file__).parent.parent / "games"


def pages() -> dict[str, str]:
    """Text of each generated page by its file name."""
    return {"clauses.md": _clauses(), "treaty-file.md": _treaty_file(), "games.md": _games()}


def _clauses() -> str:
    lines = [
        "# Kinds of clause",
        "",
        "Written by `make docs` from the attribute tables that validation and the app read too.",
        "Every clause also has `id` (its name in paths; its kind if left out), `text` (the words as",
        "drafted) and `source`.",
    ]
    for kind, model in KINDS.items():
        summary = (model.__doc__ or "").strip().splitlines()[0]
        lines += ["", f"## `{kind}`", "", summary, ""]
        lines += [
            "| attribute | symbol | unit | default | range | meaning |",
            "|---|---|---|---|---|---|",
        ]
        for row in attribute_table(kind):
            cells = [
                f"`{row['name']}`",
                row["symbol"],
                row["unit"],
                _shown(row["default"]),
                _range(row["range"]),
                row["about"],
            ]
            lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    if value is None or value in ("", (), {}):
        return ""
    return "needed" if value == "—" else f"{value:g}" if isinstance(value, float) else str(value)


def _range(ends: Any) -> str:
    if ends is None:
        return ""
    low, high = ends
    if low == float("-inf"):
        return "any"
    return f"≥ {low:g}" if high == float("inf") else f"{low:g} to {high:g}"


def _treaty_file() -> str:
    lines = [
        "# The treaty file",
        "",
        "Written by `make docs` from the models that validate it. YAML 1.2; at most 1 MiB, 512 parties,",
        "16 actions, 256 cells in a payoff matrix, 100 variants. `negotiate schema` prints the JSON Schema.",
        "",
        "```yaml",
        "title: Two states",
        "parties:",
        "  Arland:",
        "  Borland: {gain: [4, 6]}          # a stake of its own, as an interval",
        "norms:",
        "  spare: Neither shall damage the other's grid.",
        "conduct:                            # the actions open to each party",
        "  refrain: {complies: spare}",
        "  probe: {violates: {spare: 0.3}}  # intensity 0.3",
        "  damage: {violates: spare}         # intensity 1",
        "stakes: {gain: 8, cost: 2}          # of every party that has none of its own",
        "clauses:                            # see clauses.md",
        "  - {kind: penalty, form: proportional, sanction: 20}",
        "```",
        "",
        "`norms` and `conduct` may be left out: then there is one norm, and each party may `comply` or",
        "`violate`. Every party may also `stay out`, unless payoffs are typed in.",
        "",
        "A number is named by its path: `stakes.gain`, `parties.Borland.gain`,",
        "`clauses.penalty.sanction`, `clauses.penalty.schedule.Borland`, `payoffs.tables.Arland.0.1`.",
    ]
    parts: list[tuple[str, str, type[Record]]] = [
        ("The document", "", Treaty),
        ("Stakes", "Under `stakes`, and under each party in place of the general ones.", Stakes),
        ("A party", "Under `parties`, by name: the stakes above and", Party),
        ("An action", "Under `conduct`, by name.", Action),
        ("A number", "Where a number is more than a number.", Quantity),
        ("Payoffs typed in", "Under `payoffs`, in place of `stakes`.", PayoffMatrix),
        ("A source", "Under `sources`, by name.", Source),
        ("A fact", "Under `facts`.", Fact),
        ("A variant", "Under `variants`, by name.", Variant),
    ]
    for title, where, model in parts:
        lines += ["", f"## {title}", ""] + ([where, ""] if where else [])
        lines += ["| field | meaning |", "|---|---|"]
        inherited = Stakes.model_fields if model is Party else {}
        for name, info in model.model_fields.items():
            if name not in inherited:
                needed = " (needed)" if info.is_required() and name != "conduct" else ""
                lines.append(f"| `{info.alias or name}` | {info.description or ''}{needed} |")
    return "\n".join(lines) + "\n"


def _games() -> str:
    lines = [
        "# The theory library",
        "",
        "Written by `make docs` from the modules themselves. Each mechanism is a module of its own, imported by its own",
        "name: `from games.coalitional.nucleolus import nucleolus`. Its docstrings state the definitions, the units, the",
        "errors and the sources; many carry an example. `games/__init__.py` states the conventions.",
    ]
    for folder in [GAMES, *sorted(p.parent for p in GAMES.glob("*/__init__.py"))]:
        package = ".".join(folder.relative_to(GAMES.parent).parts)
        if folder.name == "catalog":
            continue
        lines += ["", f"## `{package}`", "", _first_sentence(_parsed(folder / "__init__.py")), ""]
        lines += ["| module | what it does | names |", "|---|---|---|"]
        for path in sorted(folder.glob("*.py")):
            module = _parsed(path)
            if names := _public_names(module):
                shown = ", ".join(f"`{name}`" for name in names)
                lines.append(f"| `{path.stem}` | {_first_sentence(module)} | {shown} |")
    return "\n".join(lines) + "\n"


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _first_sentence(module: ast.Module) -> str:
    text = (ast.get_docstring(module) or "").split("\n\n")[0]
    return re.sub(r":\w+:`", "`", " ".join(text.split())).replace("|", "\\|")


def _public_names(module: ast.Module) -> list[str]:
    for node in module.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
