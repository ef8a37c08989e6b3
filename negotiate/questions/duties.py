"""Duties: who must carry out each clause, and whether it hurts them.

A threat that hurts the one who must carry it out is believed only if the harm that it prevents
weighs more: with κ the cost of acting and v what deterrence is worth, κ ≤ v.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from negotiate.expression import evaluate
from negotiate.parameters import points
from negotiate.situation import Situation

__all__ = ["duty_records"]


def duty_records(situation: Situation) -> list[dict[str, Any]]:
    """One row for each clause and party that must act.

    Each row has the ``cost`` of acting once, whether that ``hurts``, what one violation by one
    other party costs the carrier (``at_stake``: its harm and the compliance lost), and whether
    acting is ``credible`` on that account alone.
    """
    values = points(situation.parameters)
    n = len(situation.parties)
    stake = _at_stake(situation)
    records = []
    for duty in situation.duties:
        cost = np.broadcast_to(evaluate(duty.cost, values), (n,))
        for party in duty.carriers:
            records.append(
                {
                    "clause": duty.clause,
                    "act": duty.act,
                    "party": situation.parties[party],
                    "cost": float(cost[party]),
                    "hurts": bool(cost[party] > 0),
                    "at_stake": float(stake[party]),
                    "credible": bool(cost[party] <= stake[party]),
                }
            )
    return records


def _at_stake(situation: Situation) -> np.ndarray[Any, np.dtype[np.float64]]:
    """What the worst single violation by another party costs each party."""
    parameters = situation.parameters
    n = len(situation.parties)
    value = parameters["value"].point if "value" in parameters else np.zeros(1)
    harm = np.zeros(n)
    for i, party in enumerate(situation.parties):
        name = f"harm:{party}" if f"harm:{party}" in parameters else "harm"
        harm[i] = parameters[name].point[0] if name in parameters else 0.0
    worst = np.array([np.delete(harm, i).max(initial=0.0) for i in range(n)])
    return worst + np.broadcast_to(value, (n,))
