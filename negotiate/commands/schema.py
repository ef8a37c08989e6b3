"""``negotiate schema``: the JSON Schema of treaty files."""

from __future__ import annotations

from negotiate.commands.output import print_json

__all__ = ["schema"]


def schema() -> None:
    """Print the JSON Schema of treaty files, for editors and other programs."""
    from negotiate.schema import treaty_schema

    print_json(treaty_schema())
