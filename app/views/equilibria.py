"""All equilibria: strategies, payoffs, regret, and whether the list is complete."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from app.words import plain
from negotiate import Analysis, figure

__all__ = ["draw_equilibria"]

MOST_ROWS = 200
MOST_COLUMNS = 4
"""Parties up to which each has a column of its own."""


def draw_equilibria(found: Analysis) -> None:
    """Draw all equilibria, and where joining tips."""
    st.header("All equilibria")
    tipping = () if found.tipping is None else found.tipping.sentences
    for sentence in (*found.equilibria.sentences, *tipping):
        st.markdown(plain(sentence))
    rows = found.equilibria.records["equilibria"]
    if rows:
        st.dataframe(
            pd.DataFrame([_row(row) for row in rows[:MOST_ROWS]]),
            hide_index=True,
            width="stretch",
            alt="Table of equilibria: strategies, payoffs, regret and labels.",
        )
    if len(rows) > MOST_ROWS:
        st.caption(f"The first {MOST_ROWS} of {len(rows)}; the command prints them all.")
    extent = found.equilibria.records["extent"][0]
    st.caption(plain(f"Method: {extent['method']}."))


def _row(row: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
    mixes = {party: _mixed(mix) for party, mix in row["strategies"].items()}
    return {
        **(mixes if len(mixes) <= MOST_COLUMNS else {"who does what": _grouped(mixes)}),
        "payoffs": ", ".join(figure(value) for value in row["payoffs"].values()),
        "regret": figure(row["regret"]),
        "labels": ", ".join(row["labels"]),
    }


def _mixed(mix: Mapping[str, float]) -> str:
    return " or ".join(name if p == 1 else f"{name} ({figure(p)})" for name, p in mix.items())


def _grouped(mixes: Mapping[str, str]) -> str:
    """Parties by what they do: ``all: comply``, or ``A, B: comply; C: stay out``."""
    who: dict[str, list[str]] = {}
    for party, words in mixes.items():
        who.setdefault(words, []).append(party)
    if len(who) == 1:
        return f"all: {next(iter(who))}"
    return "; ".join(f"{', '.join(parties)}: {words}" for words, parties in who.items())
