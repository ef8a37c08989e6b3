"""Levers: the numbers of a treaty as sliders with exact entry, in groups, beside the clause."""

from __future__ import annotations

import math
from dataclasses import dataclass

import streamlit as st

from app import state
from app.widgets import key_showing
from app.words import plain
from negotiate import Treaty, number_levers

__all__ = ["Lever", "draw_levers", "levers_of"]

MOST_AT_ONCE = 8
FEW = 6
FIRST_KINDS = (
    "sanction",
    "schedule",
    "detection",
    "false_alarm",
    "benefit",
    "tariff",
    "separation",
    "threshold",
)
"""Attributes that come first on the screen."""
STEPS = 200


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

    def is_of(self, *kinds: str) -> bool:
        """Whether it is one of these attributes of a clause."""
        words = self.path.split(".")
        return words[0] == "clauses" and not set(kinds).isdisjoint(words[2:])


def levers_of(treaty: Treaty, base: Treaty) -> list[Lever]:
    """Levers of a treaty; the ends of their sliders are those of the file, and stay put."""
    first = {row["path"]: row for row in number_levers(base)}
    found = []
    for row in number_levers(treaty):
        low, high = _ends(first.get(row["path"], row))
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
    reach = max(4 * abs(row["value"]), 2 * abs(row["range_low"]), 2 * abs(row["range_high"]), 1.0)
    top = high if math.isfinite(high) else _rounded_up(reach)
    return (low if math.isfinite(low) else -_rounded_up(reach)), top


def _rounded_up(value: float) -> float:
    unit = 10.0 ** math.floor(math.log10(value))
    return math.ceil(value / unit) * unit


def draw_levers(levers: list[Lever]) -> None:
    """Draw the levers: the most telling ones at once, the others folded away."""
    first = _first(levers)
    groups: dict[str, list[Lever]] = {}
    for lever in levers:
        if lever in first:
            groups.setdefault(lever.group, []).append(lever)
    for group, members in groups.items():
        st.markdown(f"**{plain(group)}**")
        if members[0].words:
            st.caption(f"“{plain(members[0].words)}”")
        for lever in members:
            _draw(lever)
    rest = [lever for lever in levers if lever not in first]
    if rest:
        with st.expander(f"More numbers ({len(rest)})"):
            paths = [lever.path for lever in rest]
            chosen = st.selectbox("Number", paths, key="more numbers")
            lever = next((lever for lever in rest if lever.path == chosen), rest[0])
            if lever.words:
                st.caption(f"“{plain(lever.words)}”")
            _draw(lever)
    if not levers:
        st.caption("No payoff of this treaty depends on a number that can be moved.")


def _first(levers: list[Lever]) -> list[Lever]:
    """Levers shown at once: those of the first kinds, and others until there are a few."""
    ranked = sorted(levers, key=_rank)
    telling = [lever for lever in ranked if _rank(lever) < len(FIRST_KINDS)]
    return telling[:MOST_AT_ONCE] if len(telling) >= FEW else ranked[:FEW]


def _rank(lever: Lever) -> int:
    kinds = (k for k, kind in enumerate(FIRST_KINDS) if lever.is_of(kind))
    return min(kinds, default=len(FIRST_KINDS))


def _draw(lever: Lever) -> None:
    slider, exact = st.columns([3, 2], vertical_alignment="bottom")
    step = (lever.high - lever.low) / STEPS
    key = key_showing(f"lever:{lever.path}:slider", lever.value)
    slider.slider(
        plain(lever.label),
        lever.low,
        lever.high,
        lever.value,
        step,
        format="%.4g",
        key=key,
        help=_help(lever),
        on_change=_moved,
        args=(lever.path, key, lever.value),
    )
    key = key_showing(f"lever:{lever.path}:exact", lever.value)
    exact.number_input(
        plain(f"{lever.label}, exactly"),
        value=lever.value,
        step=step,
        format="%.6g",
        key=key,
        label_visibility="collapsed",
        on_change=_moved,
        args=(lever.path, key, lever.value),
    )


def _help(lever: Lever) -> str:
    ends = f"{lever.low:.4g} to {lever.high:.4g}"
    return plain(f"{lever.about} From {ends}, in {lever.unit}. Path: {lever.path}")


def _moved(path: str, key: str, before: float) -> None:
    value = st.session_state[key]
    if value == before:
        return  # a widget that was replaced meanwhile has reported once more
    if value is None or not state.apply({path: float(value)}):
        st.session_state[key] = before
