"""The study of this session: kept in the address of the page, changed step by step."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.compute import treaty_of
from app.study import Changes, Source, Study
from negotiate import NegotiateError, scenario_names, scenario_path

__all__ = [
    "Study",
    "apply",
    "current",
    "notices",
    "open_source",
    "pin",
    "redo",
    "reset",
    "sync_address",
    "tell",
    "undo",
    "unpin",
]

TREATY_VARIABLE = "NEGOTIATE_TREATY"
FIRST = "us-china-2015"


def current() -> Study:
    """Study of this session; the first time the one of the address or of the command line."""
    if "study" not in st.session_state:
        st.session_state.study = _of_address(_first_source())
    study: Study = st.session_state.study
    return study


def sync_address() -> None:
    """Keep the address and the study the same; call once a run, before anything is drawn.

    After a step the address follows the study; where the reader went back or forward in the
    browser, the study follows the address.
    """
    study = current()
    if _went_through_history() and _address() != study.query():
        there = _of_address(study.source)
        same = there.source == study.source
        _keep(study.at(there.changes) if same else there, *notices())
        study = current()
    if _address() != study.query():
        st.query_params.from_dict(study.query())


def _went_through_history() -> bool:
    """Whether this run is because of Back or Forward.

    The address alone does not tell: it may only be late, behind a step that was just made.
    """
    context = get_script_run_ctx()
    return context is not None and bool(context.is_history_navigation)


def notices() -> tuple[str, ...]:
    """What the reader must be told since the last step."""
    found: tuple[str, ...] = st.session_state.get("notices", ())
    return found


def tell(notice: str) -> None:
    """Tell the reader something, until the next step."""
    st.session_state.notices = (*notices(), notice)


def apply(values: Mapping[str, float]) -> bool:
    """Change numbers, as one step that can be undone.

    Returns
    -------
    bool
        Whether they could be changed; if not, the reader is told why.
    """
    study = current().with_changes(values)
    try:
        treaty_of(study.source, study.changes)
    except NegotiateError as error:
        _keep(current(), f"Not changed. {_lines(error)}")
        return False
    _keep(study)
    return True


def open_source(source: Source | str) -> None:
    """Open another treaty; scenarios by name."""
    _keep(Study(_scenario(source) if isinstance(source, str) else source))


def undo() -> None:
    """Take the last step back."""
    _keep(current().undo())


def redo() -> None:
    """Make the step again that was taken back."""
    _keep(current().redo())


def reset() -> None:
    """Go back to the numbers of the file, as one step."""
    _keep(current().reset())


def pin() -> None:
    """Make what is shown the baseline."""
    _keep(replace(current(), baseline=current().changes))


def unpin() -> None:
    """Compare with nothing."""
    _keep(replace(current(), baseline=None))


def _keep(study: Study, *told: str) -> None:
    st.session_state.study = study
    st.session_state.notices = told


def _address() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in ("treaty", "set")}


def _first_source() -> Source:
    """Treaty that the command line asked for."""
    name = os.environ.get(TREATY_VARIABLE, "")
    if not name or name in scenario_names():
        return _scenario(name or FIRST)
    path = Path(name)
    try:
        text = path.read_text(encoding="utf-8-sig")
        source = Source(path.name, text, str(path.parent))
        treaty_of(source, ())
    except (OSError, UnicodeDecodeError, NegotiateError) as error:
        tell(f"{path.name} cannot be opened, {FIRST} is shown instead. {_lines(error)}")
        return _scenario(FIRST)
    return source


def _scenario(name: str) -> Source:
    path = scenario_path(name)
    return Source(name, path.read_text(encoding="utf-8"), str(path.parent), is_scenario=True)


def _of_address(source: Source) -> Study:
    """Study that the address names; ``source`` if it names no treaty, or one not here."""
    asked = st.query_params.get("treaty", "")
    if asked and asked != source.name:
        if asked not in scenario_names():
            tell(f"The link names the treaty '{asked}', which is not here; upload its file.")
            return Study(source)
        source = _scenario(asked)
    return Study(source, _linked_changes(source))


def _linked_changes(source: Source) -> Changes:
    """Numbers of the address; those that cannot be used are told."""
    given = st.query_params.get_all("set")
    try:
        # Together first: one alone may be refused for want of another.
        changes = tuple(dict(map(_parsed, given)).items())
        treaty_of(source, changes)
    except ValueError:
        changes = ()
    else:
        return changes
    for text in given:
        try:
            tried = tuple({**dict(changes), **dict([_parsed(text)])}.items())
            treaty_of(source, tried)
        except ValueError as error:
            tell(f"The link has a number that cannot be used, '{text}': {_lines(error)}")
        else:
            changes = tried
    return changes


def _parsed(text: str) -> tuple[str, float]:
    path, sign, value = text.rpartition("=")
    try:
        return path, float(value)
    except ValueError:
        rule = f"not a number: '{value}'" if sign else "path=number expected"
        raise ValueError(rule) from None


def _lines(error: Exception) -> str:
    return "; ".join(str(error).splitlines())
