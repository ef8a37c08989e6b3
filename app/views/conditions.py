"""What decides it: the conditions of one party in symbols, and what would have to be true."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.compute import closed_forms_of
from app.study import Study
from app.words import plain
from negotiate import Analysis, ClosedForm, figure

__all__ = ["draw_conditions"]


@st.fragment
def draw_conditions(study: Study, found: Analysis) -> None:
    """Draw the conditions of a party that the reader chooses."""
    st.header("What decides it")
    forms = {form.party: form for form in closed_forms_of(study.source, study.changes)}
    chosen = st.selectbox("Party", list(forms), key="party")
    formulas, numbers = st.columns([2, 3], gap="large")
    with formulas:
        _formulas(forms[chosen])
    with numbers:
        st.markdown("What would have to be true, one number at a time")
        st.dataframe(
            _break_even(found, chosen),
            hide_index=True,
            width="stretch",
            alt="Table: for each number from where to where the party stays in line.",
        )
    with st.expander("Who must carry out each clause, and does it hurt them?"):
        duties = found.deterrence.table("duties")
        if duties.empty:
            st.caption("No clause has to be carried out by anyone.")
        else:
            st.dataframe(
                duties,
                hide_index=True,
                width="stretch",
                alt="Table: who must carry out which clause, at what cost.",
            )


def _formulas(form: ClosedForm) -> None:
    for option, (_, latex) in form.conditions.items():
        st.markdown(f"It does not choose *{plain(option)}* if and only if")
        st.latex(latex)
    if not form.conditions:
        st.markdown("It has nothing else to choose.")
    for words, end in (("at least", form.low), ("at most", form.high)):
        if end is not None:
            st.markdown(f"so the sanction must be {words}")
            st.latex(end[1])
    if form.largest_false_alarm is not None:
        st.markdown("and there is such a sanction only while false alarms are at most")
        st.latex(form.largest_false_alarm[1])
    letters = (
        f"{letter}: {about[:1].lower()}{about[1:].rstrip('.')}"
        for letter, about in form.letters.items()
    )
    st.caption(plain("; ".join(letters)))


def _break_even(found: Analysis, party: str) -> pd.DataFrame:
    """For each number from where to where the party stays in line, the others as they are."""
    rows = [row for row in found.deterrence.records["break_even"] if row["party"] == party]
    ends = [
        (figure(row["holds_from"]), figure(row["holds_to"]))
        if row["possible"]
        else ("no value", "would do")
        for row in rows
    ]
    return pd.DataFrame(
        {
            "number": [row["parameter"] for row in rows],
            "stands at": [figure(row["point"]) for row in rows],
            "holds from": [low for low, _ in ends],
            "to": [high for _, high in ends],
            "method": [row["method"] for row in rows],
        }
    )
