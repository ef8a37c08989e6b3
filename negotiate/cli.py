"""The command ``negotiate``.

Exit codes: 0 the treaty holds (or the command did what was asked), 1 it does not hold, 2 the
input is bad. Mistakes go to standard error, one line each.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

import typer

from negotiate.commands.analyze import analyze
from negotiate.commands.app import app as open_app
from negotiate.commands.bargain import bargain
from negotiate.commands.check import check
from negotiate.commands.conflict import conflict
from negotiate.commands.power import power
from negotiate.commands.scenarios import scenarios
from negotiate.commands.schema import schema
from negotiate.commands.solve import solve
from negotiate.commands.sweep import sweep
from negotiate.commands.values import values

__all__ = ["cli", "main"]

BAD_INPUT = 2

cli = typer.Typer(
    name="negotiate",
    help="Game-theoretic analyzer of treaties. FILE is a path or the name of a shipped scenario.",
    epilog="Exit codes: 0 holds, 1 does not hold, 2 bad input.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

cli.command("analyze")(analyze)
cli.command("check")(check)
cli.command("schema")(schema)
cli.command("scenarios")(scenarios)
cli.command("app")(open_app)
cli.command("sweep")(sweep)
cli.command("solve")(solve)
cli.command("values")(values)
cli.command("power")(power)
cli.command("bargain")(bargain)
cli.command("conflict")(conflict)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; mistakes in the input are printed without a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a letter shows its number.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        cli(list(arguments) if arguments is not None else None)
    except ValueError as error:
        # Errors of negotiate and games are ValueErrors that name place, value, rule and fix;
        # any other ValueError is a defect and keeps its traceback.
        if type(error).__module__.partition(".")[0] not in ("negotiate", "games"):
            raise
        sys.stderr.write(f"{error}\n")
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
