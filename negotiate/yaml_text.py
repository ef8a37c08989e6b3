"""YAML 1.2 text as plain data with positions, within limits.

Country codes are why it is 1.2: in YAML 1.1 ``NO`` (Norway) is false. Dates stay text. Files come
from other people: size, depth and what aliases expand to are bounded, duplicate keys are
mistakes, and every value keeps the line and column at which it stands.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from negotiate.errors import Mistake, TreatyError

__all__ = ["Location", "YamlText", "edit_yaml", "parse_value", "parse_yaml"]

Location: TypeAlias = tuple[str | int, ...]

MAX_BYTES = 1 << 20
TOO_LARGE = "a treaty file may have 1 MiB (1,048,576 bytes), and this one has more"
MAX_DEPTH = 24
MAX_NODES = 100_000


@dataclass
class YamlText:
    """Plain data of a YAML text, and where everything stands.

    Parameters
    ----------
    data : object
        Dictionaries, lists, text, numbers, booleans and None.
    values, keys : dict of location to (line, column)
        Positions, from 1, of each value and of each key.
    mistakes : list of Mistake
        Duplicate keys and keys that are no text.
    unread : set of location
        Mappings in which a key, and what it names, was left out as no text.
    """

    data: Any = None
    values: dict[Location, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Location, tuple[int, int]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    unread: set[Location] = field(default_factory=set)
    nodes: int = 0

    def position(self, location: Location, *, of_key: bool = False) -> tuple[int, int]:
        """Line and column of a location, or of the nearest thing that holds it."""
        if of_key and location in self.keys:
            return self.keys[location]
        while location and location not in self.values:
            location = location[:-1]
        return self.values.get(location, (0, 0))


def parse_yaml(text: str, file: str = "") -> YamlText:
    """Read YAML text.

    Raises
    ------
    TreatyError
        If it is no YAML, too large, too deep, or its aliases expand to too much.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise TreatyError([Mistake((), TOO_LARGE, file=file)])
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = MAX_DEPTH
    yaml.composer.warn_double_anchors = False
    try:
        root = yaml.compose(io.StringIO(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problem = " ".join(str(p) for p in (error.context, error.problem) if p)
        if "maximum depth" in problem:
            problem = f"nested more than {MAX_DEPTH} levels deep"
        raise TreatyError([Mistake((), f"not YAML: {problem}", line, column, file)]) from None
    except (YAMLError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise TreatyError([Mistake((), f"not YAML: {reason}", file=file)]) from None
    found = YamlText()
    if root is not None:
        found.data = _build(root, (), found, file)
    return found


def _build(node: Any, location: Location, found: YamlText, file: str) -> Any:
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    found.values[location] = (line, column)
    found.nodes += 1
    if len(location) > MAX_DEPTH or found.nodes > MAX_NODES:
        limit = f"{MAX_DEPTH} levels" if len(location) > MAX_DEPTH else f"{MAX_NODES} values"
        problem = f"a treaty may have {limit}, aliases counted as what they stand for"
        raise TreatyError([Mistake(location[:3], problem, line, column, file)])
    if isinstance(node, SequenceNode):
        return [_build(item, (*location, k), found, file) for k, item in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return _build_mapping(node, location, found, file)
    if not _is_text(node.value):
        found.mistakes.append(Mistake(location, _NO_TEXT, line, column, file))
        return node.value.encode(errors="replace").decode()
    return _scalar(node.tag, node.value)


_NO_TEXT = "holds half a character (a lone surrogate), which is no text"


def _is_text(value: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _build_mapping(node: Any, location: Location, found: YamlText, file: str) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
        key = key_node.value
        if not isinstance(key, str):
            problem = f"a name must be text (got a {key_node.id})"
            found.mistakes.append(Mistake(location, problem, line, column, file))
            found.unread.add(location)
            continue
        if not isinstance(_scalar(key_node.tag, key), str):
            problem = f"a name must be text; put it in quotes (got {key})"
            found.mistakes.append(Mistake((*location, key), problem, line, column, file))
        if not _is_text(key):
            found.mistakes.append(Mistake(location, _NO_TEXT, line, column, file))
            found.unread.add(location)
            continue
        if key in mapping:
            first = found.keys[(*location, key)]
            problem = f"given twice (first in line {first[0]}); keep one of the two"
            found.mistakes.append(Mistake((*location, key), problem, line, column, file))
            continue
        found.keys[(*location, key)] = (line, column)
        mapping[key] = _build(value_node, (*location, key), found, file)
        if mapping[key] is None and not value_node.value:
            # Nothing is written after the key: the mark of the value is that of what follows.
            found.values[(*location, key)] = (line, column)
    return mapping


def _scalar(tag: Any, value: str) -> Any:
    match str(tag).rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return value.lower() == "true"
        case "int" | "float" as kind:
            try:
                return _number(value.replace("_", "").lower(), is_whole=kind == "int")
            except ValueError:
                return value  # a tag calls it a number, and it is none
        case _:
            return value


def _number(text: str, *, is_whole: bool) -> int | float:
    if not is_whole:
        return float(text.replace(".inf", "inf").replace(".nan", "nan"))
    if len(text) > 200:  # beyond any number that a treaty may have
        return float("inf")
    return int(text, {"0x": 16, "0o": 8, "0b": 2}.get(text.lstrip("+-")[:2], 10))


def parse_value(text: str) -> Any:
    """Value written on a command line: a number, an interval ``[1, 2]``, or text.

    Examples
    --------
    >>> parse_value("8"), parse_value("[1, 2.5]"), parse_value("NO")
    (8, [1, 2.5], 'NO')
    """
    return parse_yaml(text).data


def edit_yaml(text: str, changes: Mapping[Location, Any]) -> str:
    """Text with values replaced; comments, order and quotes stay as they are.

    A number that stands as a mapping keeps its unit; its range, source and rationale, which were
    those of the old value, go.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.composer.warn_double_anchors = False
    yaml.width = 100_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        data = yaml.load(text)
    except (YAMLError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise TreatyError([Mistake((), f"cannot be edited: {reason}")]) from None
    for location, value in changes.items():
        at = data
        for part, following in itertools.pairwise(location):
            if isinstance(part, str) and at.get(part) is None:
                at[part] = [] if isinstance(following, int) else {}
            at = at[part]
        at[location[-1]] = value
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()
