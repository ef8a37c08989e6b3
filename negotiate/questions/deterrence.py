"""Deterrence: whether each party complies, and whether it joins.

At the profile in which everyone joins and complies, no party must gain by violating
(*compliance*) or by staying out (*participation*). With a penalty, both together confine the
sanction to a window [s_lo, s_hi]: below it violating pays, above it the risk of being punished
without cause makes joining too dear. With gain g, cost c, club benefit b, detection p, false
alarm q and outside option o,

    s_lo = (g + c)/(p − q) − b,        s_hi = (b − c − o)/q − b.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negotiate.answer import Answer, Certificate, Replay, Verdict, figure, listed, versions
from negotiate.break_even import Span, span
from negotiate.errors import PathError, nearest
from negotiate.incentives import ROUNDING, Incentives, incentives_at
from negotiate.questions.duties import duty_records
from negotiate.readings.numbers import payoffs_at
from negotiate.robustness import least_slack, sampled_slack
from negotiate.situation import Situation, build_ledger

__all__ = ["Deterrence", "deterrence", "study"]

Floats = NDArray[np.float64]

SAMPLES = 2000
"""Draws behind a share; its standard error is at most 1.2 percentage points."""


@dataclass(frozen=True, eq=False)
class Deterrence:
    """Incentives at full compliance, and what is derived from them when asked.

    Parameters
    ----------
    situation : Situation
    system : Incentives
    lever : str, optional
        Name of the parameter of the window; none if no clause has a sanction.
    """

    situation: Situation
    system: Incentives
    lever: str | None

    @cached_property
    def slack(self) -> Floats:
        """Slack at the point, ``(n_parties, n_options)``."""
        return self.system.slack()

    @cached_property
    def compliance(self) -> Floats:
        """Least slack against the options that mean membership, by party."""
        least: Floats = np.where(self.system.joins, self.slack, np.inf).min(axis=1)
        return least

    @cached_property
    def participation(self) -> Floats:
        """Slack against staying out, by party; infinite where membership is given."""
        least: Floats = np.where(self.system.joins, np.inf, self.slack).min(axis=1)
        return least

    @cached_property
    def binding(self) -> NDArray[np.intp]:
        """Option with the least slack, by party."""
        return np.asarray(self.slack.argmin(axis=1))

    @cached_property
    def window(self) -> Span | None:
        """Values of the lever at which each party stays in line."""
        return None if self.lever is None else span(self.system, self.lever)

    @cached_property
    def spans(self) -> dict[str, Span]:
        """Values of every parameter at which each party stays in line."""
        return {name: span(self.system, name) for name in self.system.names}

    @property
    def holds(self) -> bool:
        """Whether every party joins and complies."""
        return bool((self.slack >= 0).all())


def study(situation: Situation, lever: str | None = None) -> Deterrence:
    """Incentives at full compliance.

    Parameters
    ----------
    situation : Situation
    lever : str, optional
        Path of the parameter whose window is wanted; the sanction of the first penalty if left
        out.

    Raises
    ------
    PathError
        If no parameter stands at ``lever``.
    """
    system = incentives_at(build_ledger(situation))
    parameters = situation.parameters
    if lever is None:
        sanctions = [name for name in parameters if name.endswith(".sanction")]
        return Deterrence(situation, system, _known(system, sanctions[:1]))
    names = [n for n, p in parameters.items() if n == lever or lever in p.paths]
    if not names:
        paths = [path for p in parameters.values() for path in p.paths]
        raise PathError(f"{lever}: no number of this treaty{nearest(lever, paths)}")
    return Deterrence(situation, system, _known(system, names[:1]))


def _known(system: Incentives, names: list[str]) -> str | None:
    return next((name for name in names if name in system.ledger.parameters), None)


def deterrence(
    situation: Situation,
    *,
    lever: str | None = None,
    seed: int = 0,
    samples: int = SAMPLES,
    digest: str = "",
) -> Answer:
    """Whether each party complies and joins, by how much, and what would change it.

    Parameters
    ----------
    situation : Situation
    lever : str, optional
        Path of the parameter whose window is wanted.
    seed, samples : int
        Of the draws behind the share of cases in which each party stays in line.
    digest : str
        Of the treaty, for the replay record.

    Returns
    -------
    Answer
        Tables ``parties``, ``constraints``, ``break_even`` and ``duties``.
    """
    found = study(situation, lever)
    parties = _party_records(found, seed, samples)
    certificate = _certify(found)
    verdict = Verdict.HOLDS if found.holds else Verdict.DOES_NOT_HOLD
    records = {
        "parties": parties,
        "constraints": _constraint_records(found),
        "break_even": _break_even_records(found),
        "duties": duty_records(situation),
    }
    replay = Replay(
        method="slack of the unilateral deviations from full compliance",
        tolerance=ROUNDING,
        digest=digest,
        seed=seed,
        samples=samples,
        versions=versions(),
    )
    sentences = tuple(_sentences(found, records))
    return Answer("deterrence", verdict, sentences, records, certificate, replay)


def _certify(found: Deterrence) -> Certificate:
    """Hold the slack to payoffs computed anew, profile by profile, for the binding options."""
    system = found.system
    n = len(found.situation.parties)
    profiles = np.tile(system.profile, (n + 1, 1))
    profiles[np.arange(n), np.arange(n)] = found.binding
    payoffs = payoffs_at(system.ledger, profiles)
    anew = payoffs[n] - payoffs[np.arange(n), np.arange(n)]
    gaps = np.abs(anew - found.slack[np.arange(n), found.binding])
    size = np.abs(payoffs).max(initial=1.0)
    gap, limit = float(gaps[np.isfinite(gaps)].max(initial=0.0)), float(1e-9 * size)
    if gap > limit:
        raise ArithmeticError(f"slack differs from payoffs by {gap:.3g}: a defect of negotiate")
    return Certificate("slack agrees with payoffs at the deviations", gap, limit)


def _option(found: Deterrence, party: int, option: int) -> str:
    return found.situation.menu.options[party][option].name


def _party_records(found: Deterrence, seed: int, samples: int) -> list[dict[str, Any]]:
    system = found.system
    n = len(found.situation.parties)
    box = least_slack(system)
    uncertain = [n_ for n_ in system.names if not system.ledger.parameters[n_].is_certain]
    shares = np.where(found.slack.min(axis=1) >= 0, 1.0, 0.0)
    if uncertain and samples:
        slack, of = sampled_slack(system, samples=samples, seed=seed)
        fails = np.zeros((samples, n), dtype=bool)
        np.logical_or.at(fails.T, of[:, 0], (slack < 0).T)
        shares = 1.0 - fails.mean(axis=0)
    window, quality = found.window, _largest_false_alarm(found)
    records = []
    for i, party in enumerate(found.situation.parties):
        binding = int(found.binding[i])
        least = float(box.slack[i].min())
        record: dict[str, Any] = {
            "party": party,
            "complies": bool(found.compliance[i] >= 0),
            "joins": bool(found.participation[i] >= 0),
            "slack": float(found.slack[i].min()),
            "compliance_slack": float(found.compliance[i]),
            "participation_slack": float(found.participation[i]),
            "binding": _option(found, i, binding),
            "tie": bool(found.slack[i].min() == 0),
            "window": None if window is None else (float(window.low[i]), float(window.high[i])),
            "window_empty": window is not None and bool(window.is_empty[i]),
            "largest_false_alarm": None if quality is None else float(quality[i]),
            "box_slack": least,
            "over_box": _over_box(least, box.is_exact, bool(uncertain)),
            "share": float(shares[i]),
        }
        records.append(record)
    return records


def _over_box(least: float, is_exact: bool, is_uncertain: bool) -> str:
    if not is_uncertain:
        return "no ranges given"
    if least >= 0:
        return "holds, proved at the corners" if is_exact else "holds, proved by bounds"
    return "fails at a corner" if is_exact else "not proved"


def _largest_false_alarm(found: Deterrence) -> Floats | None:
    """Largest false alarm at which some value of the lever would do; NaN if none or not asked.

    The window closes as false alarms rise, so its edge is bisected, for all parties at once.
    """
    system, window = found.system, found.window
    names = [name for name in system.names if name.endswith(".false_alarm")]
    if found.lever is None or window is None or len(names) != 1 or not window.is_empty.any():
        return None
    [name] = names
    n = len(found.situation.parties)

    def is_open(q: Floats) -> NDArray[np.bool_]:
        assert found.lever is not None
        return ~span(system, found.lever, {name: q}).is_empty

    low, high = np.zeros(n), np.broadcast_to(system.ledger.parameters[name].point, (n,)).copy()
    possible = is_open(low) & window.is_empty
    for _ in range(60):
        middle = (low + high) / 2
        opens = is_open(middle)
        low, high = np.where(opens, middle, low), np.where(opens, high, middle)
    return np.where(possible, low, np.nan)


def _constraint_records(found: Deterrence) -> list[dict[str, Any]]:
    records = []
    for i, o in np.argwhere(found.system.constrains):
        joins = bool(found.system.joins[i, o])
        records.append(
            {
                "party": found.situation.parties[i],
                "kind": "compliance" if joins else "participation",
                "against": _option(found, i, o),
                "slack": float(found.slack[i, o]),
            }
        )
    return records


def _break_even_records(found: Deterrence) -> list[dict[str, Any]]:
    """For each party and parameter the values that keep it in line, and the nearest edge."""
    records = []
    for name, values in found.spans.items():
        parameter = found.system.ledger.parameters[name]
        for i, party in enumerate(found.situation.parties):
            point = float(parameter.point[i if len(parameter.point) > 1 else 0])
            low, high = float(values.low[i]), float(values.high[i])
            ends = [e for e in (low, high) if parameter.low < e < parameter.high]
            records.append(
                {
                    "party": party,
                    "parameter": parameter.path_of(i),
                    "about": parameter.about,
                    "unit": parameter.unit,
                    "point": point,
                    "holds_from": low,
                    "holds_to": high,
                    "possible": low <= high,
                    "break_even": min(ends, key=lambda e: abs(e - point))
                    if ends and low <= high
                    else None,
                    "method": "exact" if values.is_exact else "bracketed root",
                }
            )
    return records


def _sentences(found: Deterrence, records: dict[str, list[dict[str, Any]]]) -> list[str]:
    parties = records["parties"]
    tight = min(parties, key=lambda row: row["slack"])
    where = _against(found, tight)
    if found.holds:
        spare = (
            f"{figure(tight['slack'])} to spare" if tight["slack"] else "nothing to spare, a tie"
        )
        first = f"Holds: every party joins and complies, {spare} ({tight['party']}, {where})"
        sentences = [f"{first}{_fails_if(records['break_even'], tight)}."]
    else:
        failing = [row for row in parties if row["slack"] < 0]
        sentences = ["Does not hold: " + "; ".join(_who_fails(found, failing)) + "."]
    sentences += _window_sentences(found, parties)
    if any(row["over_box"] != "no ranges given" for row in parties):
        sentences.append(_range_sentence(parties))
    return sentences


def _against(found: Deterrence, row: dict[str, Any]) -> str:
    joins = row["compliance_slack"] <= row["participation_slack"]
    return f"against '{row['binding']}'" if joins else "against staying out"


def _who_fails(found: Deterrence, failing: list[dict[str, Any]]) -> list[str]:
    said = []
    for key, verb in (("complies", "violate"), ("joins", "stay out")):
        names = [row["party"] for row in failing if not row[key]]
        if names:
            slack = "compliance_slack" if key == "complies" else "participation_slack"
            worst = min(row[slack] for row in failing if not row[key])
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
    side = "falls below" if row["break_even"] <= row["point"] else "rises above"
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
    if len(set(found.system.ledger.parameters[found.lever].paths)) > 1:
        each = [f"{row['party']} {_inside(*row['window'])}" for row in parties]
        return [f"The sanction that holds each party: {listed(each)}."]
    low = max(row["window"][0] for row in parties)
    high = min(row["window"][1] for row in parties)
    if low > high:
        return [f"Each party has a window for {what}, but no one value serves all."]
    return [f"{what} holds every party {_inside(low, high)}."]


def _inside(low: float, high: float) -> str:
    """Interval in as few digits as possible, rounded inwards: every value named holds."""
    if not np.isfinite(high):
        return f"from {_rounded(low, 2, up=True)} on"
    for digits in range(2, 12):
        ends = _rounded(low, digits, up=True), _rounded(high, digits, up=False)
        if float(ends[0]) <= float(ends[1]):
            return f"from {ends[0]} to {ends[1]}"
    return f"at {low:.12g} only"


def _rounded(value: float, digits: int, *, up: bool) -> str:
    if value == 0:
        return "0"
    unit = 10.0 ** (np.floor(np.log10(abs(value))) - digits + 1)
    steps = value / unit
    whole = np.ceil(steps - 1e-6) if up else np.floor(steps + 1e-6)
    return f"{float(whole * unit):.{digits}g}" if abs(value) < 1e6 else f"{whole * unit:.0f}"


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
        f"{figure(100 * worst['share'])} % of the draws."
    )
