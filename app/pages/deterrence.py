"""Does it hold? Levers, verdict, slack, phase map, matrix, equilibria."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import state
from app.components.phase_map import draw_phase_map
from app.compute import analysis_of, closed_forms_of, phase_of, treaty_of
from app.levers import Lever, draw_levers, levers_of
from app.sidebar import draw_sidebar
from app.state import Study
from negotiate import Analysis, ModelError, figure, slack_chart, waterfall, waterfall_chart

__all__ = ["render"]

MOST_PARTIES_IN_CELL = 8
MAP_KEY = "phase map"
HOLDS, FAILS = ":material/check_circle:", ":material/cancel:"


def render() -> None:
    """Draw the page."""
    study = state.current()
    st.query_params.from_dict(study.query())
    draw_sidebar(study)
    found = analysis_of(study.source, study.changes)
    st.title(found.treaty.title)
    if found.treaty.note:
        st.caption(found.treaty.note)
    for warning in st.session_state.get("warnings", []):
        st.warning(warning)
    _verdict(found)
    levers = levers_of(found.treaty, treaty_of(study.source, ()))
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.subheader("Levers")
        draw_levers(levers)
    with right:
        _phase(study, levers)
        _slack(study, found)
    _inequalities(study, found)
    _game(found)
    _equilibria(found)
    _copy(study)


def _verdict(found: Analysis) -> None:
    first, *others = found.deterrence.sentences
    (st.success if found.holds else st.error)(first, icon=HOLDS if found.holds else FAILS)
    for sentence in others:
        st.markdown(sentence)
    for caveat in found.treaty.caveats:
        st.info(caveat, icon=":material/info:")


def _phase(study: Study, levers: list[Lever]) -> None:
    st.subheader("Where it holds")
    axes = _axes(levers)
    if axes is None:
        st.caption("A map needs two numbers that are the same for all parties.")
        return
    across, up = st.columns(2)
    paths = [lever.path for lever in axes]
    x = across.selectbox("across", paths, index=0, key="map x")
    y = up.selectbox("up", [p for p in paths if p != x], index=0, key="map y")
    try:
        plane = phase_of(study.source, study.changes, x, y)
    except ModelError as error:
        st.caption(f"No map: {error}")
        return
    known = {lever.path: lever for lever in axes}
    baseline = None
    if study.baseline is not None:
        base = phase_of(study.source, study.baseline, x, y)
        baseline = base.at
    draw_phase_map(
        plane,
        ((known[x].low, known[x].high), (known[y].low, known[y].high)),
        (known[x].label, known[y].label),
        baseline=baseline,
        key=f"{MAP_KEY} {x} {y}",
        on_release=lambda: _released(f"{MAP_KEY} {x} {y}", x, y),
    )


def _axes(levers: list[Lever]) -> list[Lever] | None:
    """Levers that can span a map, a sanction and its detection first."""
    usable = [lever for lever in levers if lever.low < lever.high]

    def rank(lever: Lever) -> tuple[bool, bool]:
        words = lever.path.split(".")
        return ("sanction" not in words and "schedule" not in words, "detection" not in words)

    usable.sort(key=rank)
    sanction = next((lv for lv in usable if rank(lv)[0] is False), None)
    detection = next((lv for lv in usable if rank(lv)[1] is False), None)
    first = [lever for lever in (sanction, detection) if lever is not None]
    ordered = first + [lever for lever in usable if lever not in first]
    return ordered if len(ordered) > 1 else None


def _released(key: str, x: str, y: str) -> None:
    point = st.session_state[key].point
    if point:
        state.apply({x: float(point["x"]), y: float(point["y"])})


def _slack(study: Study, found: Analysis) -> None:
    st.subheader("What each party has to spare")
    parties = found.deterrence.table("parties")
    before = None
    if study.baseline is not None:
        before = analysis_of(study.source, study.baseline).deterrence.table("parties")
    st.plotly_chart(slack_chart(parties.head(40), before), width="stretch", key="slack")
    if before is not None:
        st.markdown("**Against the baseline**")
        compared = pd.DataFrame(
            {
                "party": parties["party"],
                "baseline": [figure(value) for value in before["slack"]],
                "now": [figure(value) for value in parties["slack"]],
                "difference": [
                    figure(now - then)
                    for now, then in zip(parties["slack"], before["slack"], strict=True)
                ],
            }
        )
        st.dataframe(compared, hide_index=True, width="stretch")


def _inequalities(study: Study, found: Analysis) -> None:
    st.subheader("What decides it")
    parties = found.deterrence.table("parties")
    chosen = st.selectbox("Party", list(parties["party"]), key="party")
    form = next(f for f in closed_forms_of(study.source, study.changes) if f.party == chosen)
    formulas, numbers = st.columns(2, gap="large")
    with formulas:
        for option, (_, latex) in form.conditions.items():
            st.markdown(f"It does not choose *{option}* if and only if")
            st.latex(latex)
        for words, end in (("at least", form.low), ("at most", form.high)):
            if end is not None:
                st.markdown(f"so the sanction must be {words}")
                st.latex(end[1])
        if form.largest_false_alarm is not None:
            st.markdown("and there is such a sanction only while false alarms are at most")
            st.latex(form.largest_false_alarm[1])
        st.caption(
            "; ".join(f"{letter}: {about.lower()}" for letter, about in form.letters.items())
        )
    with numbers:
        table = found.deterrence.table("break_even")
        own = table[table["party"] == chosen]
        st.markdown("What would have to be true, one number at a time")
        st.dataframe(
            pd.DataFrame(
                {
                    "number": own["parameter"],
                    "stands at": [figure(value) for value in own["point"]],
                    "holds from": [
                        figure(low) if possible else "no value"
                        for low, possible in zip(own["holds_from"], own["possible"], strict=True)
                    ],
                    "to": [
                        figure(high) if possible else "would do"
                        for high, possible in zip(own["holds_to"], own["possible"], strict=True)
                    ],
                    "method": own["method"],
                }
            ),
            hide_index=True,
            width="stretch",
        )
    with st.expander("Who must carry out each clause, and does it hurt them?"):
        st.dataframe(found.deterrence.table("duties"), hide_index=True, width="stretch")


def _game(found: Analysis) -> None:
    st.subheader("Where a payoff comes from")
    menu = found.situation.menu
    if menu.n_parties == 2:
        st.table(_matrix(found))
    if menu.n_parties > MOST_PARTIES_IN_CELL:
        st.caption("With this many parties, the payoff shown is the one at full compliance.")
        profile = list(menu.full_compliance)
    else:
        columns = st.columns(menu.n_parties)
        profile = [
            column.selectbox(
                party,
                range(len(row)),
                index=int(menu.full_compliance[i]),
                format_func=lambda k, row=row: row[k].name,
                key=f"cell {party}",
            )
            for i, (column, party, row) in enumerate(
                zip(columns, menu.parties, menu.options, strict=True)
            )
        ]
    whose = st.radio(
        "Payoff of", range(menu.n_parties), format_func=lambda i: menu.parties[i], horizontal=True
    )
    steps = waterfall(found.ledger, whose, profile)
    table = pd.DataFrame([vars(step) for step in steps], columns=["clause", "label", "amount"])
    st.plotly_chart(waterfall_chart(table), width="stretch", key="waterfall")
    with st.expander("The same as a table, with the words of the clauses"):
        words = {clause.id: clause.text for clause in found.treaty.clauses}
        st.dataframe(
            table.assign(words=[words.get(clause, "") for clause in table["clause"]]),
            hide_index=True,
            width="stretch",
        )


def _matrix(found: Analysis) -> pd.DataFrame:
    """Two parties: both payoffs in each cell, equilibria marked."""
    menu, payoffs = found.situation.menu, found.payoffs
    pure = [row["profile"] for row in found.equilibria.records["equilibria"] if row["profile"]]
    stars = {tuple(profile.values()) for profile in pure}
    rows, columns = ([option.name for option in row] for row in menu.options)
    cells = [
        [
            f"{figure(payoffs[0, i, j])}, {figure(payoffs[1, i, j])}"
            + (" ★" if (row, column) in stars else "")
            for j, column in enumerate(columns)
        ]
        for i, row in enumerate(rows)
    ]
    names = menu.parties
    return pd.DataFrame(
        cells,
        index=[f"{names[0]}: {row}" for row in rows],
        columns=[f"{names[1]}: {column}" for column in columns],
    )


def _equilibria(found: Analysis) -> None:
    st.subheader("All equilibria")
    for sentence in found.equilibria.sentences:
        st.markdown(sentence)
    if found.tipping is not None:
        for sentence in found.tipping.sentences:
            st.markdown(sentence)
    rows = found.equilibria.records["equilibria"]
    st.dataframe(
        pd.DataFrame(
            [
                {
                    **{
                        party: " or ".join(
                            name if p == 1 else f"{name} ({figure(p)})" for name, p in mix.items()
                        )
                        for party, mix in row["strategies"].items()
                    },
                    "payoffs": ", ".join(figure(value) for value in row["payoffs"].values()),
                    "regret": figure(row["regret"]),
                    "labels": ", ".join(row["labels"]),
                }
                for row in rows[:200]
            ]
        ),
        hide_index=True,
        width="stretch",
    )
    extent = found.equilibria.records["extent"][0]
    st.caption(f"Method: {extent['method']}. {extent['note']}")


def _copy(study: Study) -> None:
    st.subheader("Take it with you")
    st.caption(
        "The link holds the name of the treaty and the numbers changed, and opens on this machine "
        "only. A file of your own is not in the link: pass on the YAML."
    )
    link, yaml, command, python = st.tabs(["Link", "YAML", "Command", "Python"])
    link.code(
        study.link(st.context.url or "http://127.0.0.1:8501/"), language=None, wrap_lines=True
    )
    yaml.code(study.yaml(), language="yaml", height=400)
    command.code(study.command(), language="bash", wrap_lines=True)
    python.code(study.python(), language="python")
