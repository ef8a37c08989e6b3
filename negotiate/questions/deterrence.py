"""Deterrence: whether each party complies, and whether it joins.

At the profile in which everyone joins and complies, no party must gain by violating
(*compliance*) or by staying out (*participation*). With a penalty, both together confine the
sanction to a window [s_lo, s_hi]: below it violating pays, above it the risk of being punished
without cause makes joining too dear. With gain g, cost c, club benefit b, detection p, false
alarm q and outside option o,

    s_lo = (g + c)/(p − q) − b,        s_hi = (b − c − o)/q − b.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from negotiate.answer import Answer, Certificate, Replay, Verdict, versions
from negotiate.break_even import span
from negotiate.incentives import ROUNDING
from negotiate.questions.deterrence_words import sentences
from negotiate.questions.duties import duty_records
from negotiate.questions.study import Deterrence, study
from negotiate.readings.numbers import payoffs_at
from negotiate.robustness import least_slack, sampled_slack
from negotiate.situation import Situation

__all__ = ["deterrence"]

Floats = NDArray[np.float64]

SAMPLES = 2000
"""Draws behind a share; its standard error is at most 1.2 percentage points."""


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
    said = tuple(sentences(found, records))
    return Answer("deterrence", verdict, said, records, certificate, replay)


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
            "binding": "compliance" if found.system.joins[i, binding] else "participation",
            "against": _option(found, i, binding),
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
            possible = not values.is_empty[i]
            records.append(
                {
                    "party": party,
                    "parameter": parameter.path_of(i),
                    "about": parameter.about,
                    "unit": parameter.unit,
                    "point": point,
                    "holds_from": low,
                    "holds_to": high,
                    "possible": possible,
                    "break_even": min(ends, key=lambda e: abs(e - point))
                    if ends and possible
                    else None,
                    "method": "exact" if values.is_exact else "bracketed root",
                }
            )
    return records
