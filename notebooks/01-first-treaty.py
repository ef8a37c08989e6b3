# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A first treaty, from file to verdict to sweep to plot
#
# Two states consider a text: neither shall damage the other's grid. We write the text as a treaty
# file, ask whether it holds, ask what would have to be true for it to hold, and map where it does.

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import negotiate

# %% [markdown]
# ## The file
#
# What is at stake, then the clauses in order. A number is a point, an interval `[low, high]`, or a
# mapping with its unit, source and rationale. Payoffs are judgments: these are illustrative.

# %%
TEXT = """\
title: Grid safety between Arland and Borland
note: Payoffs are illustrative.
parties:
  Arland:
  Borland: {gain: [4, 6]}
norms:
  spare_the_grid: Neither party shall damage the other's electricity grid.
stakes:
  gain: [7, 9]
  cost: 2
  harm: 6
  outside_option: -0.5
clauses:
  - kind: evidence
    text: A joint team examines every outage and reports within a month.
    detection: [0.45, 0.55]
    false_alarm: 0.05
  - kind: penalty
    text: A party found in breach loses access to the transit pipeline for a year.
    sanction: 12
  - kind: club_benefit
    text: The parties share early warnings of attacks on grids.
    benefit: 3
"""
folder = TemporaryDirectory()
path = Path(folder.name) / "grid.yaml"
path.write_text(TEXT)
treaty = negotiate.read_treaty(path)

# %% [markdown]
# ## The verdict
#
# The sentences say it first; the tables are behind them.

# %%
found = negotiate.analyze(treaty)
print("\n".join(found.sentences))

# %%
found.deterrence.table("parties")[
    ["party", "complies", "joins", "slack", "against", "window", "over_box", "share"]
]

# %% [markdown]
# Arland would violate. What would have to be true, one number at a time?

# %%
table = found.deterrence.table("break_even")
table[table.party == "Arland"][["parameter", "point", "holds_from", "holds_to", "method"]]

# %% [markdown]
# The condition behind it, in symbols:

# %%
[form, _] = negotiate.closed_forms(found.situation)
print("does not violate iff", form.conditions["violate"][0])
print("sanction at least   ", form.low[0])
print("sanction at most    ", form.high[0])

# %% [markdown]
# ## Another number
#
# Try a sanction within the window without touching the file.

# %%
stricter = negotiate.with_values(treaty, {"clauses.penalty.sanction": 22})
print(negotiate.analyze(stricter).sentences[0])

# %% [markdown]
# ## A sweep, and its map
#
# Ten thousand treaties at once: a tidy table, one row a case.

# %%
runs = negotiate.sweep(
    treaty,
    {
        "clauses.penalty.sanction": np.linspace(0, 40, 101),
        "clauses.evidence.detection": np.linspace(0.1, 1, 101),
    },
)
runs.describe().loc[["mean", "min", "max"]]

# %%
negotiate.sweep_chart(runs, "clauses.penalty.sanction", "clauses.evidence.detection")

# %% [markdown]
# The edge on the left is compliance: too small a sanction for the evidence there is. The edge on the
# right is participation: too large a sanction for a party that may be punished without cause.

# %%
print(f"The treaty holds in {100 * runs.verdict.mean():.0f} % of the cases of this map.")
folder.cleanup()
