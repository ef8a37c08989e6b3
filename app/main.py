"""The screen of negotiate. Started by ``negotiate app``; every page reads one study."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).resolve().parent
# Streamlit runs this file as a script, at every step: the project is found from here.
if str(FOLDER.parent) not in sys.path:
    sys.path.insert(0, str(FOLDER.parent))

from app.questions import deterrence  # noqa: E402 - found only now

# A file of our own: Streamlit fetches the named icons of a page from another host.
st.set_page_config(page_title="negotiate", page_icon=str(FOLDER / "icon.svg"), layout="wide")

PAGES = [
    st.Page(
        deterrence.render, title="Does it hold?", icon="⚖️", url_path="deterrence", default=True
    )
]

st.navigation(PAGES, position="top").run()
