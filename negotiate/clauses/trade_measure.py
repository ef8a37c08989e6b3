"""Trade measures on non-parties: members and non-members lose trade with each other.

Barrett (1997): with k others in, a party joins when b − c − τ(N−1−k) ≥ −τk, that is from the
tipping point k° = (N−1)/2 + (c−b)/(2τ) on; everybody in is an equilibrium when
τ ≥ (c−b)/(N−1), and nobody in always is one.

References
----------
.. [1] S. Barrett, "The strategy of trade sanctions in international environmental agreements",
   Resource and Energy Economics 19(4), 1997, 345-361.
"""

from __future__ import annotations

from typing import Literal

from negotiate.clauses.clause import AbstractClause, Status, feature
from negotiate.ledger import PayoffTerm
from negotiate.quantity import Factor, NonNegative, attribute
from negotiate.situation import Duty, Situation

__all__ = ["TradeMeasure"]


class TradeMeasure(AbstractClause):
    """Restrictions on trade between members and non-members."""

    kind: Literal["trade_measure"] = "trade_measure"
    tariff: NonNegative = attribute(
        0.0,
        symbol="τ",
        unit="utility per period and partner",
        about="Loss of a non-member for every member that it can no longer trade with.",
    )
    member_share: Factor = attribute(
        1.0,
        symbol="m",
        unit="share",
        about="What a member loses for every non-member, as a share of the tariff.",
    )

    def apply(self, situation: Situation) -> Situation:
        """Add the trade that is lost on both sides of the border of membership."""
        status = Status.of(situation.menu)
        tariff, share = self.expr("tariff"), self.expr("member_share")
        carriers = tuple(range(situation.menu.n_parties))
        return situation.plus(
            PayoffTerm(
                self.id, "trade lost with members", -tariff, feature(status.out, status.joined)
            ),
            PayoffTerm(
                self.id,
                "trade lost with non-members",
                -tariff * share,
                feature(status.joined, status.out),
            ),
            parameters=self.parameters(),
            duties=(Duty(self.id, "restrict trade with a non-member", carriers, tariff * share),),
        )
