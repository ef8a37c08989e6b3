"""Widgets that show a value kept elsewhere, and may be moved by the reader."""

from __future__ import annotations

import streamlit as st

__all__ = ["key_showing"]


def key_showing(name: str, value: object) -> str:
    """Key for a widget that must show a value: a new one if under the old it would not.

    A widget with a new key starts at the value that it is given. To set the old one from here
    would not do: until the browser has heard of it, it reports the old value with the next
    event, as if the reader had entered it. For the same reason a callback must do nothing when
    the value that it is told is the one that its widget was drawn with.
    """
    turns: dict[str, int] = st.session_state.setdefault("turns", {})
    key = f"{name}:{turns.get(name, 0)}"
    if st.session_state.get(key, value) != value:
        turns[name] = turns.get(name, 0) + 1
        key = f"{name}:{turns[name]}"
    return key
