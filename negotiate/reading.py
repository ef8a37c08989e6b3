"""Reading: a treaty file becomes a treaty, or a list of all its mistakes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from negotiate.errors import Mistake, PathError, TreatyError, nearest
from negotiate.matrix import fill_tables
from negotiate.paths import locate, replaced
from negotiate.treaty import Treaty
from negotiate.validating import all_mistakes
from negotiate.yaml_text import (
    MAX_BYTES,
    TOO_LARGE,
    Location,
    YamlText,
    edit_yaml,
    parse_yaml,
)

__all__ = ["digest", "edit_text", "parse_treaty", "read_treaty", "variant", "with_values"]


def read_treaty(
    source: str | Path | Mapping[str, Any], changes: Mapping[str, Any] | None = None
) -> Treaty:
    """Read a treaty from a file, a shipped scenario, or plain data.

    Parameters
    ----------
    source : path, name or mapping
        Path of a YAML file, name of a shipped scenario, or the document as plain data.
    changes : mapping of path to value, optional
        Numbers to try: ``{"clauses.penalty.sanction": 8}``.

    Raises
    ------
    TreatyError
        With one line for each mistake, all mistakes of the document at once.

    Examples
    --------
    >>> two = {"title": "Two", "parties": {"A": {}, "B": {}}, "stakes": {"gain": 1}}
    >>> treaty = read_treaty(two)
    >>> list(treaty.conduct)
    ['comply', 'violate']
    """
    if isinstance(source, Mapping):
        return _validated(YamlText(data=dict(source)), "", None, changes)
    try:
        path = _find(source)
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise TreatyError([Mistake((), TOO_LARGE, file=str(source))])
        text = content.decode("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise TreatyError([Mistake((), reason, file=str(source))]) from None
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 text (byte {error.start})"
        raise TreatyError([Mistake((), problem, file=str(source))]) from None
    return parse_treaty(text, file=path.name, folder=path.parent, changes=changes)


def _find(source: str | Path) -> Path:
    from negotiate.scenarios import scenario_names, scenario_path

    path = Path(source)
    known = scenario_names()
    if "\0" in str(source):
        problem = "no name of a file"
    elif path.is_dir():
        problem = "is a folder; name a treaty file"
    elif path.is_file():
        return path
    elif path.exists():
        problem = "is no file that can be read from start to end"
    elif str(source) in known:
        return scenario_path(str(source))
    else:
        near = nearest(str(source), known)
        problem = f"no such file, nor a shipped scenario ({', '.join(known)}){near}"
    raise TreatyError([Mistake((), problem, file=str(source))])


def parse_treaty(
    text: str,
    *,
    file: str = "",
    folder: Path | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Treaty:
    """Read a treaty from YAML text.

    Parameters
    ----------
    text : str
    file : str
        Name of the file, for messages.
    folder : Path, optional
        Where CSV files that the text names are looked for; without it they are refused.
    changes : mapping of path to value, optional

    Raises
    ------
    TreatyError
    """
    return _validated(parse_yaml(text, file), file, folder, changes)


def _validated(
    document: YamlText,
    file: str,
    folder: Path | None,
    changes: Mapping[str, Any] | None,
    option: str = "--set",
) -> Treaty:
    """Treaty of a document; ``option`` is what mistakes in ``changes`` are put down to."""
    if not isinstance(document.data, dict):
        found = "nothing" if document.data is None else type(document.data).__name__
        problem = f"a treaty is a mapping with title, parties, stakes and clauses (got {found})"
        raise TreatyError([Mistake((), problem, file=file)])
    mistakes = list(document.mistakes)
    # Once before the changes, so that they find the payoffs of a CSV file, and once after.
    data, _ = fill_tables(document.data, folder)
    tried = {}
    for path, value in (changes or {}).items():
        try:
            location = locate(data, path)
        except PathError as error:
            mistakes.append(Mistake((), str(error), file=option))
            continue
        data = replaced(data, location, value)
        tried[location] = path
    data, matrix_mistakes = fill_tables(data, folder)
    found_mistakes = [(m, m.problem.startswith("no such party")) for m in matrix_mistakes]
    mistakes += _placed(found_mistakes, document, file, tried, option)
    treaty, found_mistakes = all_mistakes(data, document.unread)
    mistakes += _placed(found_mistakes, document, file, tried, option)
    if mistakes or treaty is None:
        unique = dict.fromkeys(mistakes)
        raise TreatyError(sorted(unique, key=lambda m: (m.line, m.column)))
    return treaty


def _placed(
    found: list[tuple[Mistake, bool]],
    document: YamlText,
    file: str,
    tried: Mapping[Location, str],
    option: str,
) -> list[Mistake]:
    """Mistakes with their line and column, or with the option that gave the value."""
    placed = []
    for mistake, of_key in found:
        at = mistake.location
        changed = next((p for t, p in tried.items() if at[: len(t)] == t), None)
        # A mistake of a clause as a whole: the number that is tried does not fit the others.
        changed = changed or next((p for t, p in tried.items() if at and t[: len(at)] == at), None)
        if changed is not None:
            placed.append(replace(mistake, location=(changed,), file=option))
            continue
        line, column = document.position(mistake.location, of_key=of_key)
        placed.append(replace(mistake, line=line, column=column, file=file))
    return placed


def with_values(treaty: Treaty, changes: Mapping[str, Any]) -> Treaty:
    """Treaty with numbers replaced.

    Parameters
    ----------
    treaty : Treaty
    changes : mapping of path to value

    Raises
    ------
    PathError
        If a path names nothing, with the nearest that exists.
    TreatyError
        If a value is not allowed there.

    Examples
    --------
    >>> two = {"title": "Two", "parties": {"A": {}, "B": {}}, "stakes": {"gain": 1}}
    >>> treaty = read_treaty(two)
    >>> with_values(treaty, {"parties.B.gain": 5}).parties["B"].gain.value
    5.0
    """
    data: Any = treaty.model_dump(by_alias=True, exclude_unset=True)
    unknown = []
    for path in changes:
        try:
            locate(data, path)
        except PathError as error:
            unknown.append(str(error))
    if unknown:
        raise PathError("\n".join(unknown))
    return _validated(YamlText(data=data), "", None, changes, option="")


def variant(treaty: Treaty, name: str) -> Treaty:
    """Return a named variant of a treaty: its changes made, its dropped clauses left out."""
    if name not in treaty.variants:
        known = ", ".join(treaty.variants) or "none"
        raise PathError(f"variants.{name}: no such variant (known: {known})")
    chosen = treaty.variants[name]
    changed = with_values(treaty, chosen.set) if chosen.set else treaty
    kept = tuple(clause for clause in changed.clauses if clause.id not in chosen.drop)
    return changed.model_copy(update={"clauses": kept})


def edit_text(text: str, changes: Mapping[str, Any]) -> str:
    """YAML text of a treaty with numbers replaced; comments and order stay as they are."""
    data = parse_yaml(text).data
    located = {locate(data, path): value for path, value in changes.items()}
    for location, value in located.items():
        data = replaced(data, location, value)
    values = {location: _value_at(data, location) for location in located}
    return edit_yaml(text, values)


def _value_at(data: Any, location: Location) -> Any:
    for part in location:
        data = data[part]
    return data


def digest(treaty: Treaty) -> str:
    """SHA-256 of what a treaty says, the same however its file is laid out."""
    data = treaty.model_dump(by_alias=True, exclude_unset=True, mode="json")
    text = json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
