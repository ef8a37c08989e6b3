"""Writer of game files of any known format."""

from __future__ import annotations

from pathlib import Path

from games.errors import InvalidGameError
from games.extensive_form.tree import ExtensiveGame
from games.files.efg import efg_text
from games.files.gbt import gbt_text
from games.files.nfg import nfg_text
from games.files.table import csv_text, json_text
from games.normal_form import NormalFormGame

__all__ = ["write_game"]


def write_game(game: ExtensiveGame | NormalFormGame, path: str | Path) -> None:
    """Write ``game`` to a file in the format that the suffix names.

    A tree goes to ``.efg`` or ``.gbt``; a normal form to ``.nfg``, ``.gbt``, ``.json`` or
    ``.csv``.

    Raises
    ------
    InvalidGameError
        If the suffix is not one for this kind of game, or the file cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".gbt":
        text = gbt_text(game)
    elif suffix == ".efg" and isinstance(game, ExtensiveGame):
        text = efg_text(game)
    elif suffix in (".nfg", ".json", ".csv") and isinstance(game, NormalFormGame):
        text = {".nfg": nfg_text, ".json": json_text, ".csv": csv_text}[suffix](game)
    else:
        fits = ".efg, .gbt" if isinstance(game, ExtensiveGame) else ".nfg, .gbt, .json, .csv"
        raise InvalidGameError(str(path), f"suffix {suffix!r} does not fit; choose {fits}")
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise InvalidGameError(str(path), f"cannot be written ({error.strerror})") from None
