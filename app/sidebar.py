"""The sidebar: which treaty, undo and redo, the baseline, the list of changes."""

from __future__ import annotations

import streamlit as st

from app import state
from app.compute import treaty_of
from app.study import Source, Study
from app.widgets import key_showing
from app.words import plain
from negotiate import TreatyError, number_levers, scenario_names

__all__ = ["draw_sidebar"]

MAX_UPLOAD_MB = 1


def draw_sidebar(study: Study) -> None:
    """Draw the sidebar."""
    with st.sidebar:
        _choose_treaty(study)
        _steps(study)
        with st.container():
            _changes(study)


def _choose_treaty(study: Study) -> None:
    names = scenario_names()
    options = names if study.source.name in names else [*names, study.source.name]
    key = key_showing("treaty", study.source.name)
    st.selectbox(
        "Treaty",
        options,
        index=options.index(study.source.name),
        key=key,
        on_change=_open_chosen,
        args=(key, study.source.name),
        help="A shipped scenario; payoffs in them are illustrative.",
    )
    st.file_uploader(
        "or a treaty file of your own (YAML, 1 MiB)",
        type=["yaml", "yml"],
        key="upload",
        on_change=_open_upload,
        max_upload_size=MAX_UPLOAD_MB,
        help="Read on this machine only.",
    )
    with st.container():
        if error := st.session_state.pop("upload error", None):
            st.error(error)


def _open_chosen(key: str, before: str) -> None:
    chosen = st.session_state[key]
    if chosen != before and chosen in scenario_names():
        state.open_source(chosen)


def _open_upload() -> None:
    upload = st.session_state.upload
    if upload is None:
        return
    try:
        source = Source(upload.name, upload.getvalue().decode("utf-8-sig"))
        treaty_of(source, ())
    except UnicodeDecodeError:
        st.session_state["upload error"] = f"{plain(upload.name)}: not UTF-8 text"
    except TreatyError as error:
        lines = "\n".join(f"- {plain(line)}" for line in str(error).splitlines())
        st.session_state["upload error"] = f"The file has mistakes, nothing was opened:\n{lines}"
    else:
        state.open_source(source)


def _steps(study: Study) -> None:
    undo, redo, reset = st.columns(3)
    undo.button("Undo", on_click=state.undo, disabled=not study.past, width="stretch")
    redo.button("Redo", on_click=state.redo, disabled=not study.future, width="stretch")
    reset.button("Reset", on_click=state.reset, disabled=not study.changes, width="stretch")
    if study.baseline is None:
        st.button("Pin as baseline", on_click=state.pin, width="stretch")
    else:
        st.button("Unpin the baseline", on_click=state.unpin, width="stretch")


def _changes(study: Study) -> None:
    if not study.changes:
        st.caption("Nothing changed against the file.")
        return
    st.markdown("Changed against the file:")
    levers = number_levers(treaty_of(study.source, ()))
    before = {lever["path"]: lever["value"] for lever in levers}
    for path, value in study.changes:
        was = f"{before[path]:.6g} → " if path in before else ""
        st.markdown(f"- {plain(path)}: {was}{value:.6g}")
