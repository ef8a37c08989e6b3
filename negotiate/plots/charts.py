"""The charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from negotiate.answer import figure

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["slack_chart", "sweep_chart", "waterfall_chart"]

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#8A8A8A"


def slack_chart(parties: pd.DataFrame, baseline: pd.DataFrame | None = None) -> Any:
    """Bars of each party's slack to compliance and to participation.

    Parameters
    ----------
    parties : DataFrame
        Table ``parties`` of the answer to ``deterrence``.
    baseline : DataFrame, optional
        The same table of another version, shown as open diamonds.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure_ = go.Figure()
    for column, name, pattern in (
        ("compliance_slack", "complying rather than violating", ""),
        ("participation_slack", "joining rather than staying out", "/"),
    ):
        values = parties[column].where(parties[column].abs() < float("inf"))
        if values.isna().all():
            continue
        figure_.add_bar(
            x=parties["party"],
            y=values,
            name=name,
            marker={
                "color": [BLUE if value >= 0 else ORANGE for value in values.fillna(0)],
                "pattern": {"shape": pattern},
            },
            text=[figure(value) for value in values.fillna(0)],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{x}: %{y:.4g}<extra>" + name + "</extra>",
        )
        if baseline is not None:
            figure_.add_scatter(
                x=baseline["party"],
                y=baseline[column].where(baseline[column].abs() < float("inf")),
                mode="markers",
                marker={"symbol": "diamond-open", "size": 10, "color": GREY},
                name=f"baseline: {name}",
            )
    figure_.add_hline(y=0, line={"width": 1, "color": GREY})
    figure_.update_layout(
        yaxis_title="slack (below zero: would rather not)",
        legend={"orientation": "h", "y": -0.2},
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        height=340,
        barmode="group",
        xaxis={"automargin": True},
    )
    return figure_


def waterfall_chart(steps: pd.DataFrame) -> Any:
    """Waterfall from zero to a payoff, one bar for each step.

    Parameters
    ----------
    steps : DataFrame
        Columns ``clause``, ``label``, ``amount``.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    labels = [f"{row.label}<br>({row.clause})" for row in steps.itertuples()]
    chart = go.Figure(
        go.Waterfall(
            x=[*labels, "payoff"],
            y=[*steps["amount"], 0],
            measure=["relative"] * len(steps) + ["total"],
            text=[figure(value) for value in [*steps["amount"], steps["amount"].sum()]],
            textposition="outside",
            cliponaxis=False,
            increasing={"marker": {"color": BLUE}},
            decreasing={"marker": {"color": ORANGE}},
            totals={"marker": {"color": GREY}},
        )
    )
    chart.update_layout(
        yaxis_title="payoff",
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        height=340,
        showlegend=False,
        xaxis={"automargin": True},
    )
    return chart


def sweep_chart(table: pd.DataFrame, x: str, y: str) -> Any:
    """Map of where a sweep holds: the least slack of any party over two numbers.

    Parameters
    ----------
    table : DataFrame
        From :func:`negotiate.sweep`, with the measure ``slack``.
    x, y : str
        Paths of the two numbers.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    slack = table.filter(like="slack.").min(axis=1)
    grid = table.assign(slack=slack).pivot_table(index=y, columns=x, values="slack")
    chart = go.Figure(
        go.Heatmap(
            x=grid.columns,
            y=grid.index,
            z=grid.to_numpy(),
            zmid=0,
            colorscale=[[0, ORANGE], [0.5, "#FFFFFF"], [1, BLUE]],
            colorbar={"title": "least slack"},
        )
    )
    chart.add_contour(
        x=grid.columns,
        y=grid.index,
        z=grid.to_numpy(),
        contours={"start": 0, "end": 0, "size": 1, "coloring": "lines"},
        line={"width": 2, "color": "black"},
        showscale=False,
        name="slack 0",
    )
    chart.update_layout(
        xaxis_title=x, yaxis_title=y, margin={"l": 10, "r": 10, "t": 10, "b": 10}, height=420
    )
    return chart
