"""Where it holds: the map of two numbers, with the point where the treaty stands."""

from __future__ import annotations

import math

import streamlit as st

from app import state
from app.components.phase_map import draw_phase_map
from app.compute import phase_of
from app.levers import Lever
from app.study import Study
from app.words import plain
from negotiate import ModelError

__all__ = ["draw_phase"]

Point = tuple[float, float]


def draw_phase(study: Study, levers: list[Lever]) -> None:
    """Draw the phase map, and let its point be moved."""
    st.header("Where it holds")
    axes = {lever.path: lever for lever in _ordered(levers)}
    if len(axes) < 2:
        st.caption("A map needs two numbers on which payoffs depend.")
        return
    across, up = st.columns(2)
    x = across.selectbox("across", list(axes), key="map x")
    y = up.selectbox("up", [path for path in axes if path != x], key="map y")
    try:
        plane = phase_of(study.source, study.changes, x, y)
    except ModelError as error:
        st.caption(f"No map of these two: {plain(str(error))}")
        return
    key = f"phase map {x} {y}"
    draw_phase_map(
        plane,
        ((axes[x].low, axes[x].high), (axes[y].low, axes[y].high)),
        (axes[x].label, axes[y].label),
        baseline=_baseline(study, x, y),
        key=key,
        on_release=lambda: _released(key, x, y),
    )


def _ordered(levers: list[Lever]) -> list[Lever]:
    """Levers that can span a map, a sanction and its detection first."""
    usable = [lever for lever in levers if lever.low < lever.high]
    pairs = (("sanction", "schedule", "tariff"), ("detection", "separation"))
    first = [next((lever for lever in usable if lever.is_of(*kinds)), None) for kinds in pairs]
    front = [lever for lever in first if lever is not None]
    return front + [lever for lever in usable if lever not in front]


def _baseline(study: Study, x: str, y: str) -> Point | None:
    if study.baseline is None:
        return None
    at = phase_of(study.source, study.baseline, x, y).at
    return at if all(map(math.isfinite, at)) else None


def _released(key: str, x: str, y: str) -> None:
    point = st.session_state[key].point
    if point:
        state.apply({x: float(point["x"]), y: float(point["y"])})
