"""Transfer: payments from some parties to others, if wished only to those who comply.

A transfer moves the same amount from one account to another, so the treaty must name the common
unit of its payoffs (``unit``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from negotiate.clauses.clause import AbstractClause, Status, feature
from negotiate.ledger import PayoffTerm
from negotiate.quantity import NonNegative, attribute
from negotiate.situation import Duty, Situation

__all__ = ["Transfer"]


class Transfer(AbstractClause):
    """Payments from members to members."""

    kind: Literal["transfer"] = "transfer"
    norm: str | None = Field(default=None, description="Norm with which recipients must comply.")
    amount: NonNegative = attribute(
        0.0,
        symbol="t",
        unit="common unit per period",
        about="Amount that each recipient gets when all payers pay; they share it equally.",
    )
    payers: tuple[str, ...] = Field(min_length=1, description="Parties that pay.")
    recipients: tuple[str, ...] = Field(min_length=1, description="Parties that are paid.")
    condition: Literal["membership", "compliance"] = Field(
        default="membership", description="What a recipient must do to be paid."
    )

    def parties_named(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Payers and recipients."""
        yield from ((("payers", k), party) for k, party in enumerate(self.payers))
        yield from ((("recipients", k), party) for k, party in enumerate(self.recipients))

    def apply(self, situation: Situation) -> Situation:
        """Add what is paid and what is received; the sum over all parties is zero."""
        norm = self.norm or situation.norms[0]
        status = Status.of(situation.menu, norm)
        earns = status.complies if self.condition == "compliance" else status.joined

        def only(parties: tuple[str, ...], table: NDArray[np.float64]) -> NDArray[np.float64]:
            rows = [situation.parties.index(party) for party in parties]
            kept = np.zeros_like(table)
            kept[rows] = table[rows]
            return kept

        pays = only(self.payers, status.joined)
        is_paid = only(self.recipients, earns)
        share = self.expr("amount") * (1.0 / len(self.payers))
        payers = tuple(situation.parties.index(party) for party in self.payers)
        duty = Duty(self.id, "pay the transfer", payers, share * float(len(self.recipients)))
        return situation.plus(
            PayoffTerm(self.id, "transfer paid", -share, feature(pays, is_paid)),
            PayoffTerm(self.id, "transfer received", share, feature(is_paid, pays)),
            parameters=self.parameters(),
            duties=(duty,),
        )
