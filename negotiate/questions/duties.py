"""Duties: who must carry out each clause, and whether it hurts them.

A threat that hurts the one who must carry it out is believed only if the harm that it prevents
weighs more: with κ the cost of acting and v what deterrence is worth, κ ≤ v.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from negotiate.expression import evaluate
from negotiate.ledger import STAKES
from negotiate.parameters import points
from negotiate.readings.numbers import payoffs_at
from negotiate.situation import Situation, build_ledger

__all__ = ["duty_records"]


def duty_records(situation: Situation) -> list[dict[str, Any]]:
    """One row for each clause and party that must act.

    Each row has the ``cost`` of acting once, whether that ``hurts``, what one violation by one
    other party costs the carrier (``at_stake``: its harm and the compliance lost), and whether
    acting is ``credible`` on that account alone.
    """
    values = points(situation.parameters)
    n = len(situation.parties)
    if not situation.duties:
        return []
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
    """What the worst single violation by another party costs each party.

    In the lines of the ledger that the stakes cause (harm, others' compliance, payoffs typed in),
    full compliance against the profiles in which one other party alone does something else.
    """
    book, menu = build_ledger(situation), situation.menu
    stakes = replace(book, terms=tuple(t for t in book.terms if t.clause == STAKES))
    moves = [
        (j, o)
        for j, row in enumerate(menu.options)
        for o, option in enumerate(row)
        if option.joins and option.intensity
    ]
    profiles = np.tile(menu.full_compliance, (len(moves) + 1, 1))
    for row, (j, o) in enumerate(moves):
        profiles[row, j] = o
    payoffs = payoffs_at(stakes, profiles)
    losses = payoffs[-1] - payoffs[:-1]
    for row, (j, _) in enumerate(moves):
        losses[row, j] = 0.0
    worst: np.ndarray[Any, np.dtype[np.float64]] = losses.max(axis=0, initial=0.0)
    return worst
