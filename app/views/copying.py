"""Take it with you: link, YAML, command and Python of exactly this study."""

from __future__ import annotations

import streamlit as st

from app.study import Study
from app.words import plain
from negotiate import NegotiateError

__all__ = ["draw_copying"]


@st.fragment
def draw_copying(study: Study) -> None:
    """Draw what reproduces the study elsewhere; the YAML is written when it is looked at."""
    st.header("Take it with you")
    st.caption(
        "The link holds the name of the treaty and the numbers changed, and opens on this machine "
        "only. A file of your own is not in the link: pass on the YAML."
    )
    names = ["Link", "YAML", "Command", "Python"]
    link, yaml, command, python = st.tabs(names, key="copy", on_change="rerun")
    address = st.context.url or "http://127.0.0.1:8501/"
    link.code(study.link(address), language=None, wrap_lines=True)
    if yaml.open:
        try:
            yaml.code(study.yaml(), language="yaml", height=400)
        except NegotiateError as error:
            yaml.caption(f"The changes cannot be written into the file: {plain(str(error))}")
    command.code(study.command(), language="bash", wrap_lines=True)
    python.code(study.python(), language="python")
