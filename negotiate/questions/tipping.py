"""Tipping: how many others must be in before joining pays.

With k others in and complying, a party compares joining (and complying) with staying out. Where
every feature depends on the others only through their number, that difference is linear in k and
crosses zero at the tipping point k°: below it a party stays out, above it it joins. With trade
measures τ, net cost c − b and N parties, k° = (N−1)/2 + (c−b)/(2τ) (Barrett, 1997).

References
----------
.. [1] S. Barrett, "The strategy of trade sanctions in international environmental agreements",
   Resource and Energy Economics 19(4), 1997, 345-361.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiate.answer import Answer, Certificate, Replay, Verdict, figure, listed, versions
from negotiate.errors import ModelError
from negotiate.incentives import ROUNDING
from negotiate.menu import STAY_OUT
from negotiate.readings.numbers import payoffs_at
from negotiate.situation import Situation, build_ledger

__all__ = ["tipping"]


def tipping(situation: Situation, *, digest: str = "") -> Answer:
    """Number of others in, from which joining pays, for each party.

    The others join in the order of the document. The gain from joining is computed at every
    k = 0, ..., N−1, and where it is linear in k the tipping point is exact, also between whole
    numbers.

    Parameters
    ----------
    situation : Situation
    digest : str

    Returns
    -------
    Answer
        Table ``tipping``: for each party the point ``tips_at`` (none if joining always or never
        pays) and whether ``nobody`` and ``everybody`` in are stable; table ``gain`` with the gain
        from joining for every number of others in.

    Raises
    ------
    ModelError
        If membership is not voluntary.
    """
    if not situation.membership.is_voluntary:
        raise ModelError("membership is given in this treaty: nobody can stay out")
    gains = _gains(situation)
    records = [_record(party, gains[i]) for i, party in enumerate(situation.parties)]
    nobody, everybody = (all(row[key] for row in records) for key in ("nobody", "everybody"))
    gaps = max(row["linearity_gap"] for row in records)
    return Answer(
        question="tipping",
        verdict=Verdict.HOLDS if everybody else Verdict.DOES_NOT_HOLD,
        sentences=tuple(_sentences(records, nobody=nobody, everybody=everybody)),
        records={
            "tipping": records,
            "gain": [
                {"party": party, "others_in": k, "gain": float(gain)}
                for party, row in zip(situation.parties, gains, strict=True)
                for k, gain in enumerate(row)
            ],
        },
        certificate=Certificate("distance of the gain from a line in k", gaps, np.inf),
        replay=Replay(
            "gain from joining at every number of others in", ROUNDING, digest, versions=versions()
        ),
    )


def _gains(situation: Situation) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Gain from joining by party and number of others in, shape ``(n_parties, n_parties)``."""
    menu, book = situation.menu, build_ledger(situation)
    n = menu.n_parties
    out = np.array([[o.name for o in row].index(STAY_OUT) for row in menu.options], dtype=np.intp)
    rows = []
    for i in range(n):
        others = np.array([j for j in range(n) if j != i], dtype=np.intp)
        profiles = np.tile(out, (2 * n, 1))
        for k in range(n):
            inside = others[:k]
            profiles[2 * k : 2 * k + 2, inside] = menu.full_compliance[inside]
            profiles[2 * k, i] = menu.full_compliance[i]
        payoffs = payoffs_at(book, profiles)[:, i]
        rows.append(payoffs[0::2] - payoffs[1::2])
    gains = np.array(rows)
    return np.where(np.abs(gains) <= 1e-12 * max(1.0, float(np.abs(gains).max())), 0.0, gains)


def _record(party: str, gains: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    k = np.arange(len(gains))
    steps = np.diff(gains)
    gap = float(np.ptp(steps)) if len(steps) else 0.0
    is_linear = gap <= 1e-9 * max(1.0, float(np.abs(gains).max()))
    crossings = np.flatnonzero((gains[:-1] < 0) & (gains[1:] >= 0))
    tips_at = None
    if crossings.size:
        first = int(crossings[0])
        rise = gains[first + 1] - gains[first]
        tips_at = float(first - gains[first] / rise) if is_linear else float(first + 1)
    return {
        "party": party,
        "tips_at": tips_at,
        "is_linear": bool(is_linear),
        "joins_from": int(k[gains >= 0][0]) if (gains >= 0).any() else None,
        "nobody": bool(gains[0] <= 0),
        "everybody": bool(gains[-1] >= 0),
        "gain_if_all_others_in": float(gains[-1]),
        "linearity_gap": gap,
    }


def _sentences(records: list[dict[str, Any]], *, nobody: bool, everybody: bool) -> list[str]:
    sentences = []
    if nobody:
        sentences.append("With nobody in, no party gains by joining alone.")
    if everybody:
        sentences.append("With everybody in, no party gains by leaving alone.")
    if not nobody and not everybody:
        sentences.append("Some party gains by joining first, and some by leaving last.")
    points = sorted({round(r["tips_at"], 9) for r in records if r["tips_at"] is not None})
    if len(points) == 1:
        sentences.append(f"Joining starts to pay with {points[0]:.4g} others in.")
    elif points:
        sentences.append(
            f"Joining starts to pay with {points[0]:.4g} to {points[-1]:.4g} others in."
        )
    never = [r["party"] for r in records if r["joins_from"] is None]
    if never:
        least = max(r["gain_if_all_others_in"] for r in records if r["joins_from"] is None)
        sentences.append(
            f"Joining never pays for {listed(never)}, not even with all others in "
            f"({figure(least)} at best)."
        )
    return sentences
