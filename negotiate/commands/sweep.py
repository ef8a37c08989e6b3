"""``negotiate sweep``: the incentives of a treaty over a grid of numbers, as a table in a file."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from negotiate.commands.options import AsJson, File, Set, Variant, treaty_from
from negotiate.commands.output import print_json, print_lines
from negotiate.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["sweep"]

MAX_VALUES = 1_000_000


def sweep(
    file: File,
    vary: Annotated[
        list[str],
        typer.Option(
            metavar="PATH=FROM:TO:COUNT",
            help="Values to take: clauses.penalty.sanction=0:20:101, or a list 1,2,5.",
        ),
    ],
    out: Annotated[
        str, typer.Option(metavar="PATH", help="Table to write: .parquet or .csv.")
    ] = "",
    measure: Annotated[
        list[str],
        typer.Option(help="slack, complies, joins, verdict or equilibria; may be repeated."),
    ] = ["slack", "verdict"],  # noqa: B006 - Typer reads the default, nobody changes it
    changes: Set = [],  # noqa: B006
    variant: Variant = "",
    as_json: AsJson = False,
) -> None:
    """Evaluate every combination of values, one row a case, and write them to a file."""
    from negotiate.whatif.sweep import sweep as swept

    if out and Path(out).suffix not in (".parquet", ".csv"):
        raise ModelError(f"--out: a name that ends in .parquet or .csv is needed (got '{out}')")
    if out and not Path(out).resolve().parent.is_dir():
        raise ModelError(f"--out: there is no folder {Path(out).parent}")
    if out and Path(out).is_dir():
        raise ModelError(f"--out: '{out}' is a folder")
    treaty = treaty_from(file, changes, variant)
    values: dict[str, NDArray[np.float64]] = {}
    for path, column in map(_values, vary):
        if path in values:
            raise ModelError(f"--vary: {path} is given twice; keep one of the two")
        values[path] = column
    table = swept(treaty, values, measure, progress=True)
    if out:
        _write(table, Path(out))
    holding = float(table["verdict"].mean()) if "verdict" in table else None
    if as_json:
        summary = {"cases": len(table), "columns": list(table.columns), "share_holding": holding}
        print_json({**summary, "out": out or None})
        return
    share = "" if holding is None else f", the treaty holds in {100 * holding:.1f} % of them"
    print_lines([f"{len(table)} cases{share}" + (f"; written to {out}" if out else "")])
    if not out:
        print_lines([table.head(20).to_string(index=False)])


def _values(text: str) -> tuple[str, NDArray[np.float64]]:
    import numpy as np

    path, sign, given = text.partition("=")
    rule = "PATH=FROM:TO:COUNT or PATH=1,2,5 expected"
    try:
        if not sign:
            raise ValueError(rule)
        if ":" not in given:
            return path.strip(), np.array([float(v) for v in given.split(",")])
        low, high, count = given.split(":")
        if not 1 <= int(count) <= MAX_VALUES:
            raise ValueError(rule)
        return path.strip(), np.linspace(float(low), float(high), int(count))
    except ValueError:
        raise ModelError(f"--vary: {rule} (got '{text}')") from None


def _write(table: pd.DataFrame, out: Path) -> None:
    """Write whole or not at all: a half-written table would pass for a result."""
    partial = out.with_name(f".{out.name}.partial")
    try:
        with _stopped_in_order():
            try:
                if out.suffix == ".csv":
                    table.to_csv(partial, index=False)
                else:
                    table.to_parquet(partial, index=False)
                partial.replace(out)
            finally:
                partial.unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ModelError(f"--out: '{out}' cannot be written: {reason}") from None


@contextmanager
def _stopped_in_order() -> Iterator[None]:
    """Make a request to terminate unwind the stack, so that nothing half-written stays."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
