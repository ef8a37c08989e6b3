"""What each party has to spare, beside the baseline."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.compute import analysis_of
from app.study import Study
from app.words import plain
from negotiate import Analysis, figure, percent, slack_chart

__all__ = ["draw_slack"]

MOST_BARS = 40


def draw_slack(study: Study, found: Analysis) -> None:
    """Draw the slack of every party: bars, a sentence, a table."""
    st.header("What each party has to spare")
    parties = found.deterrence.table("parties")
    before = None
    if study.baseline is not None:
        before = analysis_of(study.source, study.baseline).deterrence.table("parties")
    words = _words(parties)
    shown = None if before is None else before.head(MOST_BARS)
    chart = slack_chart(parties.head(MOST_BARS), shown)
    st.plotly_chart(chart, width="stretch", key="slack", alt=f"Bar chart. {words}")
    cut = f" The bars show the first {MOST_BARS} parties." if len(parties) > MOST_BARS else ""
    st.caption(plain(words + cut))
    comparison = st.container()
    if before is not None:
        comparison.markdown("**Against the baseline**")
        comparison.dataframe(
            _compared(parties, before),
            hide_index=True,
            width="stretch",
            alt="Table of each party's slack in the baseline and now.",
        )
    with st.expander("The same as a table"):
        st.dataframe(
            _table(parties), hide_index=True, width="stretch", alt="Table of each party's slack."
        )


def _words(parties: pd.DataFrame) -> str:
    """Least and most in words, for those who do not see the bars."""
    ordered = parties.sort_values("slack", kind="stable")
    ends = [ordered.iloc[0], ordered.iloc[-1]] if len(ordered) > 1 else [ordered.iloc[0]]
    said = [f"{row['party']} {figure(row['slack'])}, against '{row['against']}'" for row in ends]
    return f"Least: {'; most: '.join(said)}."


def _table(parties: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "party": parties["party"],
            "complies": ["yes" if yes else "no" for yes in parties["complies"]],
            "joins": ["yes" if yes else "no" for yes in parties["joins"]],
            "to spare in complying": [figure(value) for value in parties["compliance_slack"]],
            "to spare in joining": [figure(value) for value in parties["participation_slack"]],
            "binds": parties["against"],
            "over the stated ranges": parties["over_box"],
            "share of draws": [percent(share) for share in parties["share"]],
        }
    )


def _compared(parties: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    pairs = list(zip(parties["slack"], before["slack"], strict=True))
    return pd.DataFrame(
        {
            "party": parties["party"],
            "baseline": [figure(then) for _, then in pairs],
            "now": [figure(now) for now, _ in pairs],
            "difference": [figure(0.0 if now == then else now - then) for now, then in pairs],
        }
    )
