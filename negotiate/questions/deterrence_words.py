"""What the answer to deterrence says, in sentences."""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiate.answer import figure, figures, listed, percent
from negotiate.questions.study import Deterrence

__all__ = ["name_of", "sentences"]


def sentences(found: Deterrence, records: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Verdict first, then the window, then the stated ranges.

    Parameters
    ----------
    found : Deterrence
    records : dict
        Tables ``parties`` and ``break_even`` of the answer.
    """
    parties = records["parties"]
    tight = min(parties, key=lambda row: row["slack"])
    where = _against(found, tight)
    if found.holds:
        spare = (
            f"{figure(tight['slack'])} to spare" if tight["slack"] else "nothing to spare, a tie"
        )
        first = f"Holds: every party joins and complies, {spare} ({tight['party']}, {where})"
        said = [f"{first}{_fails_if(records['break_even'], tight)}."]
    else:
        failing = [row for row in parties if row["slack"] < 0]
        said = ["Does not hold: " + "; ".join(_who_fails(found, failing)) + "."]
    said += _window_sentences(found, parties)
    if any(row["over_box"] != "no ranges given" for row in parties):
        said.append(_range_sentence(parties))
    return said


def name_of(parameter: str) -> str:
    """Word for a parameter in a sentence: ``penalty.sanction`` is a sanction."""
    return parameter.rpartition(".")[2].partition(":")[0].replace("_", " ")


def _against(found: Deterrence, row: dict[str, Any]) -> str:
    joins = row["compliance_slack"] <= row["participation_slack"]
    return f"against '{row['against']}'" if joins else "against staying out"


def _who_fails(found: Deterrence, failing: list[dict[str, Any]]) -> list[str]:
    said = []
    menu = found.situation.menu
    members = np.where(found.system.joins, found.slack, np.inf).argmin(axis=1)
    violates = {
        party: bool(row[option].intensity)
        for party, row, option in zip(menu.parties, menu.options, members, strict=True)
    }
    tempted = [row for row in failing if not row["complies"]]
    for rows, slack, verb in (
        ([r for r in tempted if violates[r["party"]]], "compliance_slack", "violate"),
        ([r for r in tempted if not violates[r["party"]]], "compliance_slack", "comply otherwise"),
        ([r for r in failing if not r["joins"]], "participation_slack", "stay out"),
    ):
        names = [row["party"] for row in rows]
        if names:
            worst = min(row[slack] for row in rows)
            by = f"by {figure(-worst)}" if len(names) == 1 else f"by up to {figure(-worst)}"
            said.append(f"{listed(names)} would rather {verb} ({by})")
    return said


def _fails_if(break_even: list[dict[str, Any]], tight: dict[str, Any]) -> str:
    """Nearest single number that would flip the verdict of the tightest party."""
    rows = [
        row
        for row in break_even
        if row["party"] == tight["party"] and row["break_even"] is not None
    ]
    if not rows:
        return ""
    row = min(rows, key=lambda r: abs(r["break_even"] - r["point"]) / max(abs(r["point"]), 1e-9))
    side = "falls below" if row["break_even"] == row["holds_from"] else "rises above"
    return f"; fails if {row['parameter']} {side} {figure(row['break_even'])}"


def _window_sentences(found: Deterrence, parties: list[dict[str, Any]]) -> list[str]:
    if found.lever is None:
        return []
    what = found.system.ledger.parameters[found.lever].path_of(0)
    empty = [row for row in parties if row["window_empty"]]
    if empty:
        sentence = f"No value of {what} holds {listed([row['party'] for row in empty])}"
        limits = [row["largest_false_alarm"] for row in empty]
        known = [q for q in limits if q is not None and not np.isnan(q)]
        if known and len(known) == len(limits):
            sentence += f": it would take a false alarm of at most {min(known):.4g}"
        return [f"{sentence}."]
    parameter = found.system.ledger.parameters[found.lever]
    if len(set(parameter.paths)) > 1:
        each = [f"{row['party']} {figures(*row['window'])}" for row in parties]
        return [f"The {name_of(parameter.name)} that holds each party: {listed(each)}."]
    low = max(row["window"][0] for row in parties)
    high = min(row["window"][1] for row in parties)
    if low > high:
        return [f"Each party has a window for {what}, but no one value serves all."]
    return [f"{what} holds every party {figures(low, high)}."]


def _range_sentence(parties: list[dict[str, Any]]) -> str:
    if all(row["over_box"].startswith("holds") for row in parties):
        return "It holds over the whole box of stated ranges."
    worst = min(parties, key=lambda row: row["share"])
    if worst["share"] == 1:
        fails = [row["party"] for row in parties if not row["over_box"].startswith("holds")]
        return (
            f"It holds in every draw from the stated ranges, but at a corner of them "
            f"{listed(fails)} may not stay in line."
        )
    return (
        f"Over the stated ranges it does not always hold: {worst['party']} stays in line in "
        f"{percent(worst['share'])} of the draws."
    )
