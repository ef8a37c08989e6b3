"""Reader of game files of any known format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.tree import ExtensiveGame
from games.files.efg import parse_efg
from games.files.gbt import parse_gbt
from games.files.nfg import parse_nfg
from games.files.table import parse_csv, parse_json
from games.files.tokens import MAX_CHARACTERS
from games.normal_form import NormalFormGame

__all__ = ["read_game"]

_PARSERS: dict[str, Callable[[str, str], ExtensiveGame | NormalFormGame]] = {
    ".csv": parse_csv,
    ".efg": parse_efg,
    ".gbt": parse_gbt,
    ".json": parse_json,
    ".nfg": parse_nfg,
}


def read_game(path: str | Path) -> ExtensiveGame | NormalFormGame:
    """Game in a file, by its suffix: ``.csv``, ``.efg``, ``.gbt``, ``.json`` or ``.nfg``.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    ExtensiveGame or NormalFormGame
        A ``.gbt`` workbook may hold either.

    Raises
    ------
    InvalidGameError
        If the file does not exist or cannot be read, is not UTF-8 text, has another suffix, or
        is malformed: then the place is ``path:line:column`` with the path as given.
    TooLargeError
        If the file or its game is too large.
    """
    path = Path(path)
    parse = _PARSERS.get(path.suffix.lower())
    if parse is None:
        known = ", ".join(sorted(_PARSERS))
        raise InvalidGameError(str(path), f"has suffix {path.suffix!r}; known are {known}")
    try:
        if not path.is_file():
            raise InvalidGameError(str(path), "is no file; check the path")
        if path.stat().st_size > 4 * MAX_CHARACTERS:
            raise TooLargeError(f"{path}: is larger than {4 * MAX_CHARACTERS:,} bytes; the limit")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        place = f"{path}: byte {error.start}"
        raise InvalidGameError(place, "is not UTF-8 text; save the file as UTF-8") from None
    except OSError as error:
        raise InvalidGameError(str(path), f"cannot be read ({error.strerror})") from None
    return parse(text, str(path))
