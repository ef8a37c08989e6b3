"""The study on the screen: which treaty, which numbers were changed, what is pinned.

It lives in the session, is kept in the address of the page, and can be undone step by step.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from negotiate import NegotiateError, edit_text, scenario_names, scenario_path

__all__ = ["Source", "Study", "apply", "current", "open_source", "redo", "undo"]

TREATY_VARIABLE = "NEGOTIATE_TREATY"
FIRST = "us-china-2015"
MOST_STEPS = 200

Changes = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Source:
    """Where the treaty came from.

    Parameters
    ----------
    name : str
        Scenario or file name.
    text : str
        The YAML as it stands in the file.
    folder : str, optional
        Where CSV files that it names lie; none for an upload.
    is_scenario : bool
    """

    name: str
    text: str
    folder: str | None = None
    is_scenario: bool = False


@dataclass(frozen=True)
class Study:
    """A treaty with numbers changed, and a baseline to compare with.

    Parameters
    ----------
    source : Source
    changes : tuple of (path, value)
        In the order in which they were first made.
    baseline : tuple of (path, value), optional
    past, future : tuples of changes
        For undo and redo.
    """

    source: Source
    changes: Changes = ()
    baseline: Changes | None = None
    past: tuple[Changes, ...] = field(default=(), repr=False)
    future: tuple[Changes, ...] = field(default=(), repr=False)

    def with_changes(self, values: Mapping[str, float]) -> Study:
        """Return the study after one more step."""
        changes = tuple({**dict(self.changes), **values}.items())
        if changes == self.changes:
            return self
        past = (*self.past, self.changes)[-MOST_STEPS:]
        return replace(self, changes=changes, past=past, future=())

    def reset(self) -> Study:
        """Return the study with the numbers of the file, as one more step."""
        past = (*self.past, self.changes)[-MOST_STEPS:]
        return replace(self, changes=(), past=past, future=())

    def yaml(self) -> str:
        """Return the treaty file with the changes made."""
        return (
            edit_text(self.source.text, dict(self.changes)) if self.changes else self.source.text
        )

    def command(self) -> str:
        """Return the command that prints what the screen shows."""
        sets = [part for path, value in self.changes for part in ("--set", f"{path}={value:g}")]
        return shlex.join(["negotiate", "analyze", self.source.name, *sets])

    def python(self) -> str:
        """Return the Python that computes what the screen shows."""
        changes = "".join(f"    {path!r}: {value!r},\n" for path, value in self.changes)
        given = f", {{\n{changes}}}" if changes else ""
        return (
            "import negotiate\n\n"
            f"treaty = negotiate.read_treaty({self.source.name!r}{given})\n"
            "found = negotiate.analyze(treaty)\n"
            'print("\\n".join(found.sentences))\n'
        )

    def query(self) -> dict[str, Any]:
        """Return the study as query parameters; an upload is not in a link, only its name."""
        return {
            "treaty": self.source.name,
            "set": [f"{path}={value!r}" for path, value in self.changes],
        }

    def link(self, address: str) -> str:
        """Return the address of this study."""
        return f"{address.partition('?')[0]}?{urlencode(self.query(), doseq=True)}"


def current() -> Study:
    """Study of this session; the first time the one of the address or of the command line."""
    if "study" not in st.session_state:
        st.session_state.study = _first_study()
    study: Study = st.session_state.study
    return study


def _first_study() -> Study:
    asked = st.query_params.get("treaty", "")
    source = None
    if asked in scenario_names():
        source = _scenario(asked)
    opened = _opened()
    if source is None:
        source = opened or _scenario(FIRST)
        if asked and asked != source.name:
            _warn(f"The link names the treaty '{asked}', which is not here; upload its file.")
            return Study(source)
    return _with_link(Study(source))


def _opened() -> Source | None:
    """Treaty that the command line asked for."""
    name = os.environ.get(TREATY_VARIABLE, "")
    if not name:
        return None
    if name in scenario_names():
        return _scenario(name)
    path = Path(name)
    return Source(path.name, path.read_text(encoding="utf-8-sig"), str(path.parent))


def _scenario(name: str) -> Source:
    path = scenario_path(name)
    return Source(name, path.read_text(encoding="utf-8"), str(path.parent), is_scenario=True)


def _with_link(study: Study) -> Study:
    """Study with the numbers of the address; those that cannot be used are told."""
    from app.compute import treaty_of

    for change in st.query_params.get_all("set"):
        path, _, value = change.partition("=")
        try:
            changed = replace(study, changes=(*study.changes, (path, float(value))))
            treaty_of(changed.source, changed.changes)
        except (NegotiateError, ValueError) as error:
            _warn(f"The link has a number that cannot be used, '{change}': {error}")
        else:
            study = changed
    return study


def _warn(message: str) -> None:
    st.session_state.setdefault("warnings", []).append(message)


def _keep(study: Study) -> None:
    st.session_state.study = study
    # Widgets show what the study says: their own memory would go stale.
    for key in [key for key in st.session_state if str(key).startswith("lever:")]:
        del st.session_state[key]


def apply(values: Mapping[str, float]) -> None:
    """Change numbers, as one step that can be undone."""
    _keep(current().with_changes(values))


def open_source(source: Source | str) -> None:
    """Open another treaty; scenarios by name."""
    _keep(Study(_scenario(source) if isinstance(source, str) else source))


def undo() -> None:
    """Take the last step back."""
    study = current()
    if study.past:
        *past, changes = study.past
        future = (study.changes, *study.future)
        _keep(replace(study, changes=changes, past=tuple(past), future=future))


def redo() -> None:
    """Make the step again that was taken back."""
    study = current()
    if study.future:
        changes, *future = study.future
        past = (*study.past, study.changes)
        _keep(replace(study, changes=changes, past=past, future=tuple(future)))


def reset() -> None:
    """Go back to the numbers of the file, as one step."""
    _keep(current().reset())


def pin() -> None:
    """Make what is shown the baseline."""
    _keep(replace(current(), baseline=current().changes))


def unpin() -> None:
    """Compare with nothing."""
    _keep(replace(current(), baseline=None))
