"""Club benefit: something that members have and others have not, lost when punished.

Buchanan (1965): a good from which non-members can be shut out holds a club together. To lose it
is a sanction that costs nobody anything to impose, so the threat is credible.

References
----------
.. [1] J. M. Buchanan, "An Economic Theory of Clubs", Economica 32(125), 1965, 1-14.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from negotiate.clauses.clause import AbstractClause, Status, feature
from negotiate.expression import Expr
from negotiate.ledger import PayoffTerm
from negotiate.quantity import NonNegative, attribute
from negotiate.situation import Duty, Situation, detection, false_alarm

__all__ = ["ClubBenefit"]


class ClubBenefit(AbstractClause):
    """A benefit for members only, withdrawn from a member that is punished."""

    kind: Literal["club_benefit"] = "club_benefit"
    norm: str | None = Field(default=None, description="Norm whose violation forfeits it.")
    benefit: NonNegative = attribute(
        0.0,
        symbol="b",
        unit="utility per period",
        about="Benefit of each member, however many there are.",
    )
    per_member: NonNegative = attribute(
        0.0,
        symbol="β",
        unit="utility per period and member",
        about="Benefit of each member for every other member.",
    )
    dues: NonNegative = attribute(
        0.0, symbol="f", unit="utility per period", about="Dues that each member pays."
    )
    lost_when_punished: bool = Field(
        default=True, description="Whether a member that is punished goes without it."
    )

    def apply(self, situation: Situation) -> Situation:
        """Add the benefit of members, and its loss by those who are punished."""
        norm = self.norm or situation.norms[0]
        status = Status.of(situation.menu, norm)
        flat, each = self.expr("benefit"), self.expr("per_member")
        terms = [
            PayoffTerm(self.id, "club benefit", flat, feature(status.joined)),
            PayoffTerm(
                self.id, "club benefit from members", each, feature(status.joined, status.joined)
            ),
            PayoffTerm(self.id, "dues", -self.expr("dues"), feature(status.joined)),
        ]
        if self.lost_when_punished:
            terms += self._losses(detection(norm), status.violates, status, "")
            terms += self._losses(false_alarm(norm), status.clear, status, " by false alarm")
        duties: tuple[Duty, ...] = ()
        if self.lost_when_punished:
            carriers = tuple(range(situation.menu.n_parties))
            duties = (Duty(self.id, "withhold the benefit", carriers),)
        return situation.plus(*terms, parameters=self.parameters(), duties=duties)

    def _losses(
        self, chance: Expr, who: NDArray[np.float64], status: Status, how: str
    ) -> list[PayoffTerm]:
        flat, each = self.expr("benefit"), self.expr("per_member")
        label = f"benefit lost{how}"
        return [
            PayoffTerm(self.id, label, -chance * flat, feature(who)),
            PayoffTerm(self.id, label, -chance * each, feature(who, status.joined)),
        ]
