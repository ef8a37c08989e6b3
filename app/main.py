"""The screen of negotiate. Started by ``negotiate app``; every page reads one study."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

# Streamlit runs this file as a script: the project is found from here.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.pages import deterrence

st.set_page_config(page_title="negotiate", page_icon=":material/balance:", layout="wide")

PAGES = [
    st.Page(
        deterrence.render, title="Does it hold?", icon="⚖️", url_path="deterrence", default=True
    )
]

st.navigation(PAGES, position="top").run()
