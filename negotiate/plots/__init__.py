"""Charts: functions from a DataFrame to a Plotly figure, shared by app, notebooks and reports.

The palette is that of Okabe and Ito (2008), which colour-blind readers can tell apart; no chart
relies on colour alone.
"""

from negotiate.plots.charts import slack_chart, sweep_chart, waterfall_chart

__all__ = ["slack_chart", "sweep_chart", "waterfall_chart"]
