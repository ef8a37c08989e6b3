"""Cached calls of negotiate: the same treaty with the same numbers is computed once."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.study import Changes, Source
from negotiate import (
    Analysis,
    ClosedForm,
    PhaseMap,
    Treaty,
    analyze,
    closed_forms,
    parse_treaty,
    phase_map,
    with_values,
)

__all__ = ["analysis_of", "closed_forms_of", "phase_of", "treaty_of"]


@st.cache_resource(max_entries=64, show_spinner=False)
def treaty_of(source: Source, changes: Changes) -> Treaty:
    """Treaty of a source with numbers changed; the file is read once."""
    if changes:
        return with_values(treaty_of(source, ()), dict(changes))
    folder = Path(source.folder) if source.folder else None
    return parse_treaty(source.text, file=source.name, folder=folder)


@st.cache_resource(max_entries=64, show_spinner=False)
def analysis_of(source: Source, changes: Changes) -> Analysis:
    """Answers to the first questions."""
    return analyze(treaty_of(source, changes))


@st.cache_resource(max_entries=16, show_spinner=False)
def closed_forms_of(source: Source, changes: Changes) -> list[ClosedForm]:
    """Conditions in symbols."""
    return closed_forms(analysis_of(source, changes).situation)


@st.cache_resource(max_entries=64, show_spinner=False)
def phase_of(source: Source, changes: Changes, x: str, y: str) -> PhaseMap:
    """Slack over the plane of two numbers."""
    return phase_map(treaty_of(source, changes), x, y)
