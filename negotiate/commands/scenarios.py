"""``negotiate scenarios``: the shipped treaty files."""

from __future__ import annotations

from typing import Annotated

import typer

from negotiate.commands.options import AsJson
from negotiate.commands.output import print_json, print_lines, print_table

__all__ = ["scenarios"]


def scenarios(
    name: Annotated[str, typer.Argument(help="Scenario whose file to print.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the shipped scenarios, or print the treaty file of one."""
    from negotiate.reading import read_treaty
    from negotiate.scenarios import scenario_names, scenario_path

    if name:
        path = scenario_path(name)
        if as_json:
            treaty = read_treaty(path)
            print_json(treaty.model_dump(mode="json", by_alias=True, exclude_unset=True))
        else:
            print_lines([path.read_text(encoding="utf-8").rstrip("\n")])
        return
    rows = [(known, read_treaty(scenario_path(known))) for known in scenario_names()]
    if as_json:
        print_json(
            {
                "scenarios": [
                    {"name": known, "title": treaty.title, "parties": list(treaty.parties)}
                    for known, treaty in rows
                ]
            }
        )
    else:
        print_table(
            ["name", "parties", "title"],
            [[known, len(treaty.parties), treaty.title] for known, treaty in rows],
        )
