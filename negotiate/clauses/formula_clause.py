"""Formula: a payoff written as arithmetic in named parameters and in who does what.

The words for who does what, each a number for the party whose payoff it is:

===================  ==========================================================
``member``           1 if it is bound: joined, and the treaty is in force
``outside``          1 if it is not
``complies``         1 if it is a member and complies with the norm
``violates``         1 if it is a member and violates the norm
``intensity``        how intensely it violates the norm as a member
``others_members``   number of other members; likewise ``others_outside``,
                     ``others_complying``, ``others_violating``
``others_intensity`` sum of the other members' intensities
``n_parties``        number of parties
===================  ==========================================================

A product may mix parameters with these words; a function such as ``min`` must contain only the
ones or only the others, so that every payoff stays a sum of coefficient times feature.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from negotiate.clauses.clause import AbstractClause, Status, feature
from negotiate.errors import FormulaError, nearest
from negotiate.expression import (
    ZERO,
    Expr,
    Name,
    Number,
    add,
    evaluate,
    multiply,
    names,
    substitute,
)
from negotiate.features import AbstractFeature, ComposedFeature
from negotiate.formula import parse
from negotiate.ledger import PayoffTerm
from negotiate.menu import Menu
from negotiate.parameters import Parameter
from negotiate.polynomial import expand
from negotiate.quantity import Quantity
from negotiate.situation import Situation

__all__ = ["WORDS", "FormulaClause"]

WORDS = (
    "member",
    "outside",
    "complies",
    "violates",
    "intensity",
    "others_members",
    "others_outside",
    "others_complying",
    "others_violating",
    "others_intensity",
    "n_parties",
)
"""Words of a formula for who does what."""


class FormulaClause(AbstractClause):
    """A payoff written as a formula."""

    kind: Literal["formula"] = "formula"
    norm: str | None = Field(default=None, description="Norm meant by complies and violates.")
    payoff: str = Field(description="Arithmetic in the parameters and in who does what.")
    parameters_: dict[str, Quantity] = Field(
        default_factory=dict, alias="parameters", description="Numbers of the formula, by name."
    )
    label: str = Field(default="", description="What it is, in the waterfall of a payoff.")
    applies_to: tuple[str, ...] | None = Field(
        default=None, description="Parties whose payoff it changes; all if left out."
    )

    @field_validator("payoff")
    @classmethod
    def _parses(cls, payoff: str) -> str:
        try:
            parse(payoff)
        except FormulaError as error:
            raise PydanticCustomError("formula", "{error}", {"error": str(error)}) from None
        return payoff

    @model_validator(mode="after")
    def _check(self) -> FormulaClause:
        values = {name: quantity.value for name, quantity in self.parameters_.items()}
        try:
            for coefficient in self._pieces().values():
                if not np.isfinite(evaluate(coefficient, values)):
                    raise FormulaError("no finite value at the points of its parameters")
        except FormulaError as error:
            raise PydanticCustomError("formula", "{error}", {"error": str(error)}) from None
        return self

    def parties_named(self):  # type: ignore[no-untyped-def]  # noqa: D102
        yield from ((("applies_to", k), p) for k, p in enumerate(self.applies_to or ()))

    def parameters(self) -> dict[str, Parameter]:
        """Parameters of the formula, by their names in coefficients."""
        return {
            f"{self.id}.{name}": Parameter(
                name=f"{self.id}.{name}",
                symbol=name,
                about=f"{name} of clause {self.id}",
                unit=quantity.unit or "utility per period",
                paths=(f"clauses.{self.id}.parameters.{name}",),
                quantities=(quantity,),
            )
            for name, quantity in self.parameters_.items()
        }

    def apply(self, situation: Situation) -> Situation:
        """Add the payoff of the formula, one term for each feature."""
        known = _features(situation.menu, self.norm or situation.norms[0])
        applies = np.ones(situation.menu.exists.shape)
        if self.applies_to is not None:
            applies[~np.isin(situation.parties, self.applies_to)] = 0.0
        mask = feature(applies, own_lapsed=applies)
        scoped = {name: Name(f"{self.id}.{name}") for name in self.parameters_}
        terms = []
        for who, coefficient in self._pieces().items():
            parts = {name: known[name] for name in names(who)}
            terms.append(
                PayoffTerm(
                    self.id,
                    self.label or f"formula {self.id}",
                    substitute(coefficient, scoped),
                    ComposedFeature(who * Name("applies"), {**parts, "applies": mask}),
                )
            )
        return situation.plus(*terms, parameters=self.parameters())

    def _pieces(self) -> dict[Expr, Expr]:
        """Coefficient of every feature in the formula."""
        pieces: dict[Expr, Expr] = {}
        for monomial, constant in expand(parse(self.payoff)).terms.items():
            coefficient: list[Expr] = [Number(constant)]
            who: list[Expr] = []
            for atom in monomial:
                (who if self._is_feature(atom) else coefficient).append(atom)
            key = multiply(*who)
            pieces[key] = add(pieces.get(key, ZERO), multiply(*coefficient))
        return pieces

    def _is_feature(self, atom: Expr) -> bool:
        used = set(names(atom))
        for name in sorted(used - set(WORDS) - set(self.parameters_)):
            allowed = [*self.parameters_, *WORDS]
            raise FormulaError(
                f"'{name}' is neither a parameter of the clause nor a word for who does what"
                f"{nearest(name, allowed)} (allowed: {', '.join(allowed)})"
            )
        if used & set(WORDS) and used & set(self.parameters_):
            raise FormulaError(
                f"a function mixes parameters with who does what ({', '.join(sorted(used))}); "
                "write it as a sum of products"
            )
        return bool(used & set(WORDS))


def _features(menu: Menu, norm: str) -> dict[str, AbstractFeature]:
    status = Status.of(menu, norm)
    everyone = status.joined + status.out
    nobody = np.zeros_like(everyone)
    found: dict[str, AbstractFeature] = {
        "member": feature(status.joined),
        "outside": feature(status.out, own_lapsed=everyone),
        "complies": feature(status.complies),
        "violates": feature(status.violates),
        "intensity": feature(status.intensity),
        "n_parties": feature(everyone * menu.n_parties, own_lapsed=everyone * menu.n_parties),
    }
    counts = {
        "others_members": status.joined,
        "others_complying": status.complies,
        "others_violating": status.violates,
        "others_intensity": status.intensity,
    }
    for word, table in counts.items():
        found[word] = feature(everyone, table, own_lapsed=everyone, others_lapsed=nobody)
    found["others_outside"] = feature(
        everyone, status.out, own_lapsed=everyone, others_lapsed=everyone
    )
    return found
