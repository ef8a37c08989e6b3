"""How commands print: JSON for programs, tables for people."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["print_json", "print_lines", "print_table", "to_plain"]


def to_plain(value: Any) -> Any:
    """Value with arrays, tuples and NumPy scalars as lists and numbers, infinities as null.

    JSON has no infinity: an unbounded end of an interval is ``null``.

    Examples
    --------
    >>> to_plain({"window": (1.5, float("inf"))})
    {'window': [1.5, None]}
    """
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return to_plain(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def print_json(payload: Mapping[str, Any]) -> None:
    """Print ``payload`` to standard output as one JSON object."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "utf8sig")
    plain = to_plain(payload)
    text = json.dumps(plain, indent=2, ensure_ascii=not is_unicode, allow_nan=False)
    if is_unicode and not text.isascii() and re.search("[\ud800-\udfff]", text):
        # Half of a surrogate pair cannot be written as UTF-8, only as its number.
        text = json.dumps(plain, indent=2, allow_nan=False)
    sys.stdout.write(f"{text}\n")


def print_lines(lines: Iterable[str]) -> None:
    """Print text lines to standard output as they are, without markup."""
    for line in lines:
        sys.stdout.write(f"{line}\n")


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None
) -> None:
    """Print a table to standard output; numbers are given as text by the caller."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console().print(table)
