"""Does it hold? Verdict, levers, phase map, slack, what decides it, payoffs, equilibria."""

from __future__ import annotations

import streamlit as st

from app import state
from app.compute import analysis_of, treaty_of
from app.levers import draw_levers, levers_of
from app.sidebar import draw_sidebar
from app.study import Study
from app.views.conditions import draw_conditions
from app.views.copying import draw_copying
from app.views.equilibria import draw_equilibria
from app.views.payoff import draw_payoff
from app.views.phase import draw_phase
from app.views.slack import draw_slack
from app.words import plain
from negotiate import Analysis, NegotiateError

__all__ = ["render"]

HOLDS, FAILS = ":material/check_circle:", ":material/cancel:"


def render() -> None:
    """Draw the page."""
    state.sync_address()
    study = state.current()
    draw_sidebar(study)
    try:
        # In the sidebar the wait does not push the page down.
        with st.sidebar, st.spinner("Solving ..."):
            found = analysis_of(study.source, study.changes)
    except NegotiateError as error:
        st.error(f"No answer: {plain(str(error))}", icon=FAILS)
        return
    st.title(plain(found.treaty.title))
    if found.treaty.note:
        st.caption(plain(found.treaty.note))
    # What varies in number stands in a container: were the parts below to change their places,
    # the browser would build them anew, and lose the focus.
    with st.container():
        _verdict(study, found)
    levers = levers_of(found.treaty, treaty_of(study.source, ()))
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.header("Levers")
        draw_levers(levers)
    with right:
        draw_phase(study, levers)
        draw_slack(study, found)
    draw_conditions(study, found)
    draw_payoff(found)
    draw_equilibria(found)
    draw_copying(study)


def _verdict(study: Study, found: Analysis) -> None:
    first, *others = found.deterrence.sentences
    (st.success if found.holds else st.error)(plain(first), icon=HOLDS if found.holds else FAILS)
    for notice in state.notices():
        st.warning(plain(notice))
    for sentence in others:
        st.markdown(plain(sentence))
    if study.baseline is not None:
        before = analysis_of(study.source, study.baseline)
        st.markdown(f"The baseline: {plain(before.deterrence.sentences[0])}")
    for caveat in found.treaty.caveats:
        st.info(plain(caveat), icon=":material/info:")
