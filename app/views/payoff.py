"""Where a payoff comes from: the game, and one payoff clause by clause."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app.words import plain
from negotiate import Analysis, figure, waterfall, waterfall_chart

__all__ = ["draw_payoff"]

MOST_PARTIES_IN_CELL = 8


@st.fragment
def draw_payoff(found: Analysis) -> None:
    """Draw the matrix of two parties, and the waterfall of a payoff that the reader chooses."""
    st.header("Where a payoff comes from")
    parties = found.situation.menu.parties
    if len(parties) == 2:
        st.table(_matrix(found))
        st.caption(f"Payoff of {plain(parties[0])}, then of {plain(parties[1])}. ★ equilibrium.")
    profile = _profile(found)
    numbers = range(len(parties))
    if len(parties) <= MOST_PARTIES_IN_CELL:
        whose = st.radio(
            "Payoff of", numbers, format_func=lambda i: plain(parties[i]), horizontal=True
        )
    else:
        whose = st.selectbox("Payoff of", numbers, format_func=lambda i: parties[i])
    steps = waterfall(found.ledger, whose, profile)
    table = pd.DataFrame([vars(step) for step in steps], columns=["clause", "label", "amount"])
    if table.empty:
        st.caption(f"Nothing adds to the payoff of {plain(parties[whose])} here: it is 0.")
        return
    words = "; ".join(f"{step.label} ({step.clause}) {figure(step.amount)}" for step in steps)
    total = figure(table["amount"].sum())
    words = f"Payoff of {parties[whose]}: {total}. {words}."
    chart = waterfall_chart(table)
    st.plotly_chart(chart, width="stretch", key="waterfall", alt=f"Waterfall chart. {words}")
    st.caption(plain(words))
    with st.expander("The same as a table, with the words of the clauses"):
        said = {clause.id: clause.text for clause in found.treaty.clauses}
        st.dataframe(
            table.assign(words=[said.get(clause, "") for clause in table["clause"]]),
            hide_index=True,
            width="stretch",
            alt="Table of the steps of the payoff, with the words of the clauses.",
        )


def _profile(found: Analysis) -> list[int]:
    """Profile that the reader chose: an option for each party."""
    menu = found.situation.menu
    if menu.n_parties > MOST_PARTIES_IN_CELL:
        st.caption("With this many parties, the payoff shown is the one at full compliance.")
        return list(menu.full_compliance)
    profile = []
    for i, column in enumerate(st.columns(menu.n_parties)):
        names = [option.name for option in menu.options[i]]
        chosen = column.selectbox(
            plain(menu.parties[i]),
            names,
            index=int(menu.full_compliance[i]),
            key=f"cell {menu.parties[i]}",
        )
        profile.append(names.index(chosen))
    return profile


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
        index=[plain(f"{names[0]}: {row}") for row in rows],
        columns=[plain(f"{names[1]}: {column}") for column in columns],
    )
