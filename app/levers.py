"""Levers: the numbers of a treaty as sliders with exact entry, in groups, beside the clause."""

from __future__ import annotations

import math
from dataclasses import dataclass

import streamlit as st

from app import state
from negotiate import Treaty, number_levers

__all__ = ["Lever", "draw_levers", "levers_of"]

MOST_AT_ONCE = 8
FIRST_KINDS = ("sanction", "detection", "false_alarm", "benefit", "tariff", "threshold")
"""Attributes that come first on the screen."""


@dataclass(frozen=True)
class Lever:
    """One number on the screen.

    Parameters
    ----------
    path, label, group, unit, about : str
    words : str
        The words of the clause that it moves.
    value : float
        Where it stands now.
    low, high : float
        Ends of the slider.
    """

    path: str
    label: str
    group: str
    unit: str
    about: str
    words: str
    value: float
    low: float
    high: float


def levers_of(treaty: Treaty, base: Treaty) -> list[Lever]:
    """Levers of a treaty; the ends of their sliders are those of the file, and stay put."""
    first = {row["path"]: row for row in number_levers(base)}
    found = []
    for row in number_levers(treaty):
        stands = first.get(row["path"], row)
        low, high = _ends(stands)
        found.append(
            Lever(
                row["path"],
                row["label"],
                row["group"],
                row["unit"],
                row["about"],
                row["words"],
                row["value"],
                min(low, row["value"]),
                max(high, row["value"]),
            )
        )
    return found


def _ends(row: dict[str, float]) -> tuple[float, float]:
    low, high = row["low"], row["high"]
    reach = max(4 * abs(row["value"]), 2 * abs(row["range_high"]), 1.0)
    top = high if math.isfinite(high) else _rounded_up(reach)
    return (low if math.isfinite(low) else -top), top


def _rounded_up(value: float) -> float:
    unit = 10.0 ** math.floor(math.log10(value))
    return math.ceil(value / unit) * unit


def draw_levers(levers: list[Lever]) -> None:
    """Draw the levers: the most telling ones at once, the others folded away."""
    ranked = sorted(levers, key=_rank)
    first = {lever.path for lever in ranked[:MOST_AT_ONCE] if _rank(lever) < len(FIRST_KINDS)}
    groups: dict[str, list[Lever]] = {}
    for lever in levers:
        if lever.path in first:
            groups.setdefault(lever.group, []).append(lever)
    for group, members in groups.items():
        st.markdown(f"**{group}**")
        if members[0].words:
            st.caption(f"“{members[0].words}”")
        for lever in members:
            _draw(lever)
    rest = [lever for lever in levers if lever.path not in first]
    if rest:
        with st.expander(f"More numbers ({len(rest)})"):
            chosen = st.selectbox(
                "Number", [lever.path for lever in rest], key="more numbers", index=0
            )
            _draw(next(lever for lever in rest if lever.path == chosen))


def _rank(lever: Lever) -> int:
    words = lever.path.split(".")
    kinds = [k for k, kind in enumerate(FIRST_KINDS) if kind in words or "schedule" in words]
    return min(kinds, default=len(FIRST_KINDS))


def _draw(lever: Lever) -> None:
    slider, exact = st.columns([3, 2], vertical_alignment="bottom")
    step = (lever.high - lever.low) / 200
    key = f"lever:{lever.path}"
    slider.slider(
        f"{lever.label}",
        lever.low,
        lever.high,
        lever.value,
        step,
        key=f"{key}:slider",
        help=f"{lever.about}, in {lever.unit}. Path: {lever.path}",
        on_change=_moved,
        args=(lever.path, f"{key}:slider"),
    )
    exact.number_input(
        f"{lever.label}, exactly",
        value=lever.value,
        step=step,
        format="%.6g",
        key=f"{key}:exact",
        label_visibility="collapsed",
        on_change=_moved,
        args=(lever.path, f"{key}:exact"),
    )


def _moved(path: str, key: str) -> None:
    value = st.session_state[key]
    if value is not None:
        state.apply({path: float(value)})
