"""The phase map: a canvas that answers while it is dragged, confirmed by Python on release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from negotiate import PhaseMap

__all__ = ["draw_phase_map"]

_FOLDER = Path(__file__).parent

_component = st.components.v2.component(
    "negotiate_phase_map",
    html=(_FOLDER / "phase_map.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "phase_map.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "phase_map.js").read_text(encoding="utf-8"),
)


def draw_phase_map(
    plane: PhaseMap,
    ends: tuple[tuple[float, float], tuple[float, float]],
    labels: tuple[str, str],
    *,
    baseline: tuple[float, float] | None,
    key: str,
    on_release: Any,
) -> None:
    """Draw where in the plane of two numbers the treaty holds.

    Parameters
    ----------
    plane : PhaseMap
    ends : ((low, high), (low, high))
        Of the horizontal and the vertical axis.
    labels : (str, str)
    baseline : (float, float), optional
        A second point, to compare with.
    key : str
    on_release : function
        Called when the point was let go; the point is in ``st.session_state[key].point``, with
        ``x``, ``y`` and the ``time`` at which it was let go.
    """
    last = st.session_state.get(key, {}).get("point") or {}
    _component(
        data={
            "coefficients": plane.coefficients.tolist(),
            "constraints": [
                f"{party}, against '{against}'" for party, _kind, against in plane.constraints
            ],
            "at": list(plane.at),
            "x": list(ends[0]),
            "y": list(ends[1]),
            "labels": list(labels),
            "heard": last.get("time", 0),
            "baseline": None if baseline is None else list(baseline),
        },
        key=key,
        on_point_change=on_release,
    )
