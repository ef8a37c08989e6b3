"""JSON and YAML files read as plain data, with the line of every mistake.

Files come from other people: they are limited in size, YAML is read as YAML 1.2 by the safe
loader, aliases are refused (a few nested ones expand to billions of items), and so are repeated
keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from games.errors import InvalidGameError

__all__ = ["Document", "nearest", "read_bytes", "read_document", "read_text"]

MAX_BYTES = {".json": 50_000_000, ".yaml": 1_000_000, ".xml": 20_000_000}
MAX_DEPTH = 100
MAX_SEARCHED = 200_000
"""Longer texts take too long to be searched for the line of a mistake."""
MAX_BITS = 10_000


@dataclass(frozen=True)
class Document:
    """Data of a file and how to name places in it.

    Parameters
    ----------
    name : str
        The file's name as the user gave it.
    data : object
        Mappings, lists, strings, numbers, booleans and None.
    text : str
        What was read.
    """

    name: str
    data: Any
    text: str

    def error(self, path: Iterable[str | int], problem: str) -> InvalidGameError:
        """Error at a field, for raising: ``file:line:column: field: problem``."""
        steps = tuple(path)
        return InvalidGameError(self.place(steps), problem)

    def place(self, path: Iterable[str | int]) -> str:
        """Name of a field with its line and column where they can be found."""
        steps = tuple(path)
        line = _position(self.text, steps)
        field = ".".join(str(step) for step in steps)
        return ": ".join(part for part in (f"{self.name}{line}", field) if part)

    def mapping(self, path: Iterable[str | int], value: Any) -> Mapping[Any, Any]:
        """The value, if it is a mapping."""
        if not isinstance(value, Mapping):
            raise self.error(path, f"must be a mapping (got {_short(value)})")
        return value

    def listed(self, path: Iterable[str | int], value: Any) -> list[Any]:
        """The value, if it is a list."""
        if not isinstance(value, list):
            raise self.error(path, f"must be a list (got {_short(value)})")
        return value

    def number(self, path: Iterable[str | int], value: Any) -> float:
        """The value as a float, if it is a finite number."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not abs(value) < 1e300:
            raise self.error(path, f"must be a finite number, below 1e300 (got {_short(value)})")
        return float(value)

    def label(self, path: Iterable[str | int], value: Any) -> str:
        """The value as a name: text or a number; booleans as JSON writes them."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, str | int | float):
            raise self.error(path, f"must be a name (got {_short(value)})")
        return str(value)

    def keys(
        self, path: Iterable[str | int], value: Mapping[Any, Any], allowed: Iterable[str]
    ) -> None:
        """Raise unless every key of a mapping is one of ``allowed``."""
        known = list(allowed)
        for key in value:
            if key not in known:
                raise self.error(
                    (*path, str(key)),
                    f"unknown key; allowed are {', '.join(known)}{nearest(str(key), known)}",
                )


def read_document(path: str | Path) -> Document:
    """Contents of a JSON (``.json``) or YAML (any other ending) file.

    Raises
    ------
    InvalidGameError
        If the file is missing, too large, not UTF-8, not well formed, repeats a key or uses
        aliases; the place is ``file:line:column``.
    """
    file = Path(path)
    is_json = file.suffix.lower() == ".json"
    text = read_text(file, ".json" if is_json else ".yaml")
    try:
        data = _load_json(str(path), text) if is_json else _load_yaml(str(path), text)
    except RecursionError:
        raise InvalidGameError(str(path), "is nested too deeply") from None
    return Document(str(path), data, text)


def read_text(path: str | Path, kind: str) -> str:
    """Text of a file of a ``kind`` (``.json`` or ``.yaml``) within its size limit."""
    try:
        return read_bytes(path, kind).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidGameError(str(path), f"is not UTF-8 text (byte {error.start})") from None


def read_bytes(path: str | Path, kind: str) -> bytes:
    """Contents of a file of a ``kind`` (``.json``, ``.yaml`` or ``.xml``) within its limit."""
    file = Path(path)
    try:
        # A device or a pipe tells no size, and may never end.
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES[kind] + 1)
        if len(content) > MAX_BYTES[kind]:
            size = max(len(content), file.stat().st_size)
            raise InvalidGameError(
                str(path), f"has {size} bytes; files of this kind may have {MAX_BYTES[kind]}"
            )
        return content
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InvalidGameError(str(path), f"cannot be read ({reason}); check the name") from None


def nearest(value: str, allowed: Iterable[str]) -> str:
    """Hint with the closest of the allowed words, or nothing.

    Examples
    --------
    >>> nearest("option", ["options", "name"])
    '; did you mean options?'
    """
    close = get_close_matches(value, [str(word) for word in allowed], n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _load_json(name: str, text: str) -> Any:
    def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise InvalidGameError(name, f"key {key!r} is given twice in one object")
            found[key] = value
        return found

    try:
        return json.loads(text, object_pairs_hook=distinct)
    except json.JSONDecodeError as error:
        place = f"{name}:{error.lineno}:{error.colno}"
        raise InvalidGameError(place, f"is not JSON ({error.msg})") from None
    except ValueError as error:
        if isinstance(error, InvalidGameError):
            raise
        raise InvalidGameError(name, "holds a number of too many digits") from None


def _load_yaml(name: str, text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        if "*" in text:
            _refuse_aliases(name, text)
        data = YAML(typ="safe", pure=True).load(text)
        _refuse_huge_numbers(name, data)
        return data
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise InvalidGameError(place, f"is not YAML 1.2 ({error.problem})") from None
    except YAMLError as error:
        raise InvalidGameError(name, f"is not YAML 1.2 ({error})") from None
    except ValueError as error:
        if isinstance(error, InvalidGameError):
            raise
        raise InvalidGameError(name, f"holds a value that YAML 1.2 rejects ({error})") from None


def _refuse_huge_numbers(name: str, data: Any) -> None:
    # Hexadecimal numbers of any length are read, but Python refuses to print them.
    if isinstance(data, Mapping):
        for key, value in data.items():
            _refuse_huge_numbers(name, key)
            _refuse_huge_numbers(name, value)
    elif isinstance(data, list | tuple):
        for value in data:
            _refuse_huge_numbers(name, value)
    elif isinstance(data, int) and data.bit_length() > MAX_BITS:
        raise InvalidGameError(name, "holds a number of too many digits")


def _refuse_aliases(name: str, text: str) -> None:
    from ruamel.yaml import YAML
    from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise InvalidGameError(name, "is nested too deeply")
        if isinstance(event, AliasEvent):
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            raise InvalidGameError(f"{name}:{line}:{column}", "aliases (*name) are refused")


def _position(text: str, path: tuple[str | int, ...]) -> str:
    """``:line:column`` of a field, or of the closest enclosing one that exists."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    if len(text) > MAX_SEARCHED:
        return ""
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except YAMLError:  # JSON that is not YAML, such as a tab before a key: the name must do
        return ""
    if node is None:
        return ""
    mark = node.start_mark
    for step in path:
        if isinstance(node, MappingNode):
            found = [(k, v) for k, v in node.value if k.value == str(step)]
            if not found:
                break
            mark, node = found[0][0].start_mark, found[0][1]
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            mark = node.start_mark
        else:
            break
    return f":{mark.line + 1}:{mark.column + 1}"


def _short(value: Any) -> str:
    words = repr(value)
    return words if len(words) <= 60 else f"{words[:57]}..."
