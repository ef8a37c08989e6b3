"""Entry into force: obligations bind only once enough parties have joined.

Thresholds may be set by number, by a share of some weight (emissions, dues, population), by
name, and in any conjunction: the Kyoto Protocol needed 55 parties and 55 % of emissions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from negotiate.clauses.clause import AbstractClause
from negotiate.ledger import Threshold
from negotiate.quantity import PLAIN
from negotiate.situation import Situation

__all__ = ["EntryIntoForce"]


class EntryIntoForce(AbstractClause):
    """What must be met before the obligations bind anyone."""

    kind: Literal["entry_into_force"] = "entry_into_force"
    count: Annotated[int, Field(ge=0, le=512), PLAIN] = Field(
        default=0, description="Number of parties that must join."
    )
    shares: dict[str, Annotated[float, Field(ge=0, le=1), PLAIN]] = Field(
        default_factory=dict,
        description="For each weight of the parties, the share of its total that must join.",
    )
    named: tuple[str, ...] = Field(
        default=(), description="Parties without which it does not enter into force."
    )

    def parties_named(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Parties that must all join."""
        yield from ((("named", k), party) for k, party in enumerate(self.named))

    def apply(self, situation: Situation) -> Situation:
        """Add the thresholds to those that stand already; all must be met."""
        n = situation.menu.n_parties
        thresholds = []
        if self.count:
            label = f"{self.count} parties"
            thresholds.append(Threshold(label, np.ones(n), float(self.count)))
        for weight, least in self.shares.items():
            weights = situation.weights[weight]
            label = f"{100 * least:g} % of {weight}"
            thresholds.append(Threshold(label, weights / weights.sum(), least))
        if self.named:
            must = np.isin(situation.parties, self.named).astype(float)
            thresholds.append(Threshold(", ".join(self.named), must, float(must.sum())))
        kept = tuple(t for t in thresholds if t.least > 0)
        membership = replace(
            situation.membership, thresholds=situation.membership.thresholds + kept
        )
        return replace(situation, membership=membership)
