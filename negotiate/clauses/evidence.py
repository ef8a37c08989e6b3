"""Evidence: how likely a violation is to be punished, and how likely an innocent party is.

Either the two probabilities are given, or a *standard* on a signal (Green and Swets, 1966): the
evidence is a normal variable with mean 0 if the party complied and mean d′ if it violated; the
party is punished when the evidence exceeds the threshold k. Then p = Φ(d′ − k), q = Φ(−k).

References
----------
.. [1] D. M. Green and J. A. Swets, "Signal Detection Theory and Psychophysics", Wiley, 1966.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from negotiate.clauses.clause import AbstractClause
from negotiate.expression import Expr, evaluate, normal_cdf
from negotiate.quantity import GIVEN, NonNegative, Probability, Quantity, Real, attribute
from negotiate.situation import Evidence, Situation

__all__ = ["EvidenceStandard"]


class EvidenceStandard(AbstractClause):
    """The probabilities of punishment, given as numbers or as a standard on a signal."""

    kind: Literal["evidence"] = "evidence"
    norm: str | None = Field(default=None, description="Norm whose violation it proves.")
    detection: Probability = attribute(
        1.0,
        symbol="p",
        unit="probability",
        about="Probability to be punished after a violation.",
    )
    false_alarm: Probability = attribute(
        0.0,
        symbol="q",
        unit="probability",
        about="Probability to be punished without a violation.",
    )
    separation: Annotated[NonNegative | None, GIVEN] = attribute(
        None,
        symbol="d'",
        unit="standard deviations",
        about="How far the evidence of a violation stands from that of innocence.",
    )
    threshold: Annotated[Real | None, GIVEN] = attribute(
        None,
        symbol="k",
        unit="standard deviations",
        about="Evidence needed to punish; half the separation if left out, where both errors "
        "weigh the same.",
    )

    @model_validator(mode="after")
    def _check(self) -> EvidenceStandard:
        given = self.model_fields_set
        numbers = given & {"detection", "false_alarm"}
        if self.separation is None:
            if self.threshold is not None:
                raise PydanticCustomError("evidence", "a threshold needs a separation")
            if self.detection.value < self.false_alarm.value:
                raise PydanticCustomError(
                    "evidence",
                    "detection must be at least false_alarm, or complying is punished more than "
                    f"violating (got {self.detection.value:g} < {self.false_alarm.value:g})",
                )
        elif numbers:
            raise PydanticCustomError(
                "evidence",
                "give detection and false_alarm, or separation and threshold, not both "
                f"(got {', '.join(sorted(given & set(self._numbers)))})",
            )
        return self

    _numbers = ("detection", "false_alarm", "separation", "threshold")

    def apply(self, situation: Situation) -> Situation:
        """Set detection and false alarm of the norm."""
        norm = self.norm or situation.norms[0]
        p, q = self._probabilities()
        evidence = Evidence(p, q, self.id)
        return replace(
            situation.plus(parameters=self.parameters()),
            information={**situation.information, norm: evidence},
        )

    def _probabilities(self) -> tuple[Expr, Expr]:
        if self.separation is None:
            return self.expr("detection"), self.expr("false_alarm")
        d = self.expr("separation")
        k = d * 0.5 if self.threshold is None else self.expr("threshold")
        return normal_cdf(d - k), normal_cdf(-k)

    def probabilities(self) -> tuple[float, float]:
        """Detection and false alarm at the point values."""
        if self.separation is None:
            return self.detection.value, self.false_alarm.value
        values = {
            f"{self.id}.{name}": quantity.value
            for name in ("separation", "threshold")
            if isinstance(quantity := getattr(self, name), Quantity)
        }
        p, q = (float(evaluate(e, values)) for e in self._probabilities())
        return p, q
