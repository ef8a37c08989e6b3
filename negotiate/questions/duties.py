"""Duties: who must carry out each clause, and whether it hurts them.

A threat that hurts the one who must carry it out is believed only if the harm that it prevents
weighs more: with κ the cost of acting and v what deterrence is worth, κ ≤ v.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negotiate.expression import evaluate
from negotiate.ledger import STAKES
from negotiate.parameters import points
from negotiate.readings.numbers import payoffs_at
from negotiate.situation import Situation, build_ledger

__all__ = ["duty_records"]

Floats = NDArray[np.float64]


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


def _at_stake(situation: Situation) -> Floats:
    """What the worst single violation by another party costs each party, at full compliance."""
    if not situation.membership.is_voluntary:
        return _at_stake_typed_in(situation)
    menu, parameters = situation.menu, situation.parameters
    n = menu.n_parties
    value = np.broadcast_to(
        parameters["value"].point if "value" in parameters else np.zeros(1), (n,)
    )
    harm = [parameters.get(f"harm:{party}", parameters.get("harm")) for party in situation.parties]
    worst: Floats = np.zeros(n)
    for j, (row, by) in enumerate(zip(menu.options, harm, strict=True)):
        complies = len(row[menu.full_compliance[j]].complies)
        for option in (option for option in row if option.joins and option.intensity):
            does = by.point[0] * sum(option.intensity.values()) if by is not None else 0.0
            loss = does + value * (complies - len(option.complies))
            loss[j] = 0.0
            worst = np.maximum(worst, loss)
    return worst


def _at_stake_typed_in(situation: Situation) -> Floats:
    """Return the same where payoffs are typed in: they say it cell by cell."""
    book, menu = build_ledger(situation), situation.menu
    typed = replace(book, terms=tuple(t for t in book.terms if t.clause == STAKES))
    moves = [(j, o) for j, row in enumerate(menu.options) for o in range(len(row))]
    moves = [(j, o) for j, o in moves if menu.options[j][o].intensity]
    profiles = np.tile(menu.full_compliance, (len(moves) + 1, 1))
    for row, (j, o) in enumerate(moves):
        profiles[row, j] = o
    payoffs = payoffs_at(typed, profiles)
    losses = payoffs[-1] - payoffs[:-1]
    for row, (j, _) in enumerate(moves):
        losses[row, j] = 0.0
    return np.asarray(losses.max(axis=0, initial=0.0))
