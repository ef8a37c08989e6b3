"""What every clause has: a kind, an id, its words, and its effect on a situation."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field
from pydantic.fields import FieldInfo

from negotiate.expression import Expr, Name, Number
from negotiate.features import ProductFeature
from negotiate.menu import Menu
from negotiate.parameters import Parameter
from negotiate.quantity import Quantity, Record
from negotiate.situation import Situation

__all__ = ["AbstractClause", "Status", "attribute_of", "feature", "quantity_fields"]


class AbstractClause(Record, ABC):
    """A clause of a treaty: data, and a function from a situation to a situation."""

    kind: str
    id: str = Field(
        default="",
        pattern=r"^[^\W\d][\w-]*$|^$",
        description="Name of the clause in paths and answers; its kind if left out.",
    )
    text: str = Field(default="", description="The words of the clause as drafted.")
    source: str | None = Field(default=None, description="Name of one of the treaty's sources.")

    @abstractmethod
    def apply(self, situation: Situation) -> Situation:
        """Situation after this clause; the same one if all its parameters are zero (§2)."""

    def parties_named(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Parties that the clause names, each with the field that names it."""
        yield from ()

    def norm_named(self) -> str | None:
        """Norm that the clause names, if its kind has one and the document gives it."""
        return getattr(self, "norm", None)

    def expr(self, name: str) -> Expr:
        """Attribute as it enters coefficients: a name if the document gives it, else its default.

        What the document does not say is no parameter (§1), so formulas stay short.
        """
        if name in self.model_fields_set:
            return Name(f"{self.id}.{name}")
        default = getattr(self, name)
        return Number(default.value)

    def parameters(self) -> dict[str, Parameter]:
        """Parameters that the document gives, by their names in coefficients."""
        found = {}
        for name, info in quantity_fields(type(self)).items():
            if name in self.model_fields_set and isinstance(getattr(self, name), Quantity):
                found[f"{self.id}.{name}"] = attribute_of(
                    info,
                    f"{self.id}.{name}",
                    (f"clauses.{self.id}.{name}",),
                    (getattr(self, name),),
                )
        return found


def quantity_fields(model: type[Record]) -> dict[str, FieldInfo]:
    """Fields of a document part that are quantities with a symbol, in order."""
    return {
        name: info
        for name, info in model.model_fields.items()
        if isinstance(info.json_schema_extra, dict) and "symbol" in info.json_schema_extra
    }


def attribute_of(
    info: FieldInfo, name: str, paths: tuple[str, ...], quantities: tuple[Quantity, ...]
) -> Parameter:
    """Parameter for a quantity field of the document."""
    extra: Any = info.json_schema_extra
    low, high = natural_range(info)
    about = (info.description or "").rstrip(".")
    return Parameter(name, extra["symbol"], about, extra["unit"], paths, quantities, low, high)


def natural_range(info: FieldInfo) -> tuple[float, float]:
    """Range that a quantity field must keep to."""
    metadata = list(info.metadata)
    for part in get_args(info.annotation):  # of an optional field
        metadata += getattr(part, "__metadata__", ())
    for constraint in metadata:
        if isinstance(constraint, AfterValidator) and hasattr(constraint.func, "range"):
            low, high = constraint.func.range
            return float(low), float(high)
    return -math.inf, math.inf


@dataclass(frozen=True)
class Status:
    """Standing of every option under one norm, each ``(n_parties, n_options)``, 0 or 1.

    Parameters
    ----------
    joined, out : arrays
        Member of the treaty, or not.
    violates, clear : arrays
        Member that violates the norm, or member that does not.
    complies : array
        Member that complies with the norm.
    intensity : array of float
        How intensely a member violates it.
    """

    joined: NDArray[np.float64]
    out: NDArray[np.float64]
    violates: NDArray[np.float64]
    clear: NDArray[np.float64]
    complies: NDArray[np.float64]
    intensity: NDArray[np.float64]

    @classmethod
    def of(cls, menu: Menu, norm: str = "") -> Status:
        """Standing of the options of a menu; without a norm only ``joined`` and ``out`` count."""
        joined = menu.table("joins")
        violates = joined * menu.table("violates", norm)
        return cls(
            joined=joined,
            out=menu.exists - joined,
            violates=violates,
            clear=joined - violates,
            complies=joined * menu.table("complies", norm),
            intensity=joined * menu.table("intensity", norm),
        )


def feature(
    own: NDArray[np.float64],
    others: NDArray[np.float64] | None = None,
    *,
    own_lapsed: NDArray[np.float64] | None = None,
    others_lapsed: NDArray[np.float64] | None = None,
) -> ProductFeature:
    """Feature that counts while the treaty is in force, and is zero when it has lapsed (§4).

    Parameters
    ----------
    own, others : (n_parties, n_options) arrays
        In force; see :class:`negotiate.features.ProductFeature`.
    own_lapsed, others_lapsed : arrays, optional
        What counts instead when the treaty has lapsed.
    """
    own_tables = np.stack([np.zeros_like(own) if own_lapsed is None else own_lapsed, own])
    if others is None:
        return ProductFeature(own_tables)
    lapsed = others if others_lapsed is None else others_lapsed
    return ProductFeature(own_tables, np.stack([lapsed, others]))
