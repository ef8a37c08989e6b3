"""Penalty: a sanction on members found in violation, and what it costs those who impose it.

Becker (1968): a violation is deterred when the expected sanction, certainty times severity,
outweighs the gain. Whoever is punished without having violated bears it too, with the
probability of a false alarm.

References
----------
.. [1] G. S. Becker, "Crime and Punishment: An Economic Approach", Journal of Political Economy
   76(2), 1968, 169-217.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from pydantic import Field

from negotiate.clauses.clause import (
    AbstractClause,
    Status,
    attribute_of,
    feature,
    quantity_fields,
)
from negotiate.expression import Expr, Name
from negotiate.ledger import PayoffTerm
from negotiate.parameters import Parameter
from negotiate.quantity import NonNegative, Quantity, attribute
from negotiate.situation import Duty, Situation, detection, false_alarm

__all__ = ["Penalty"]


class Penalty(AbstractClause):
    """A sanction on members that are found in violation of a norm."""

    kind: Literal["penalty"] = "penalty"
    norm: str | None = Field(default=None, description="Norm that it protects.")
    form: Literal["flat", "proportional"] = Field(
        default="flat", description="Flat, or proportional to the intensity of the violation."
    )
    sanction: NonNegative = attribute(
        0.0,
        symbol="s",
        unit="utility per period",
        about="Loss of a party that is punished; of intensity 1 where it is proportional.",
    )
    schedule: dict[str, NonNegative] = Field(
        default_factory=dict,
        description="Sanction on each violator named, in place of the general one.",
    )
    cost_to_impose: NonNegative = attribute(
        0.0,
        symbol="κ",
        unit="utility per period",
        about="Loss of each party that imposes the sanction, each time it does.",
    )
    imposed_by: tuple[str, ...] | None = Field(
        default=None, description="Parties that impose it; all other members if left out."
    )

    def parties_named(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Parties named in the schedule and among those who impose."""
        yield from ((("schedule", party), party) for party in self.schedule)
        yield from ((("imposed_by", k), p) for k, p in enumerate(self.imposed_by or ()))

    def apply(self, situation: Situation) -> Situation:
        """Add the expected sanction, and the cost of imposing it, to the payoffs."""
        norm = self.norm or situation.norms[0]
        status = Status.of(situation.menu, norm)
        p, q = detection(norm), false_alarm(norm)
        sanction = self._sanction()
        severity = status.intensity if self.form == "proportional" else status.violates
        imposers = self._imposers(situation)
        acts = np.zeros_like(status.joined)
        acts[list(imposers)] = status.joined[list(imposers)]
        cost = self.expr("cost_to_impose")
        return situation.plus(
            PayoffTerm(self.id, "expected sanction", -p * sanction, feature(severity)),
            PayoffTerm(self.id, "sanction by false alarm", -q * sanction, feature(status.clear)),
            PayoffTerm(
                self.id, "cost of imposing sanctions", -p * cost, feature(acts, status.violates)
            ),
            PayoffTerm(
                self.id,
                "cost of imposing by false alarm",
                -q * cost,
                feature(acts, status.clear),
            ),
            parameters=self._parameters(situation),
            duties=(Duty(self.id, "impose the sanction", imposers, cost),),
        )

    def _imposers(self, situation: Situation) -> tuple[int, ...]:
        if self.imposed_by is None:
            return tuple(range(situation.menu.n_parties))
        return tuple(situation.parties.index(party) for party in self.imposed_by)

    def _sanction(self) -> Expr:
        return Name(f"{self.id}.sanction") if self.schedule else self.expr("sanction")

    def _parameters(self, situation: Situation) -> dict[str, Parameter]:
        found = self.parameters()
        if self.schedule:
            name = f"{self.id}.sanction"
            paths, quantities = [], []
            for party in situation.parties:
                scheduled: Quantity | None = self.schedule.get(party)
                at = f"schedule.{party}" if scheduled else "sanction"
                paths.append(f"clauses.{self.id}.{at}")
                quantities.append(scheduled or self.sanction)
            info = quantity_fields(type(self))["sanction"]
            found[name] = attribute_of(info, name, tuple(paths), tuple(quantities))
        return found
