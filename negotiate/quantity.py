"""Quantities: any number in a treaty, with what is known and what is not known about it.

A number is a point, an interval, or a distribution over an interval, and may carry its unit,
its source and the reason for it::

    gain: 8
    gain: [6, 10]
    gain: {value: 8, range: [6, 10], distribution: triangular, unit: utility per year,
           source: S1, rationale: "..."}

The *point* is ``value``, or the middle of the range. The *box* of a treaty is the product of its
ranges; a number without a range is known for certain.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticCustomError

__all__ = [
    "GIVEN",
    "PLAIN",
    "Factor",
    "NonNegative",
    "Probability",
    "Quantity",
    "Real",
    "Record",
    "attribute",
    "bounds_in_words",
    "is_number",
    "sample",
]

LARGEST = 1e15
"""Largest magnitude of a number in a treaty: beyond it, differences of 0.1 are lost."""


NUMBER_NEEDED = "a number, an interval [low, high] or a mapping with 'value' expected"


class Record(BaseModel):
    """Frozen part of a treaty document; a field that is not declared is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def is_number(value: Any) -> Any:
    """Refuse truth values and text, which pydantic would turn into numbers."""
    if isinstance(value, bool | str):
        raise PydanticCustomError("number", "a number is needed")
    return value


def _is_given(value: Any) -> Any:
    """Refuse a key with nothing after it: a number is left out by leaving out its key (§1)."""
    if value is None:
        raise PydanticCustomError("quantity", NUMBER_NEEDED)
    return value


GIVEN = BeforeValidator(_is_given)
"""Mark of a field that may be left out but not be empty."""

PLAIN = BeforeValidator(is_number)
"""Mark of a field that is a bare number, without range or unit; after its bounds."""


class Quantity(Record):
    """One number of a treaty, with its range, unit, source and rationale."""

    value: Annotated[float, Field(ge=-LARGEST, le=LARGEST), PLAIN] = Field(
        description="The point; the middle of the range if left out."
    )
    range: tuple[Annotated[float, PLAIN], Annotated[float, PLAIN]] | None = Field(
        default=None, description="Lowest and highest value thought possible."
    )
    distribution: Literal["uniform", "triangular", "normal"] | None = Field(
        default=None,
        description="How likely values within the range are: uniform (the default), triangular "
        "with its peak at the value, or normal around the value, cut off at the range.",
    )
    sd: Annotated[float, Field(gt=0), PLAIN] | None = Field(
        default=None, description="Standard deviation of a normal; a quarter of the range."
    )
    unit: str | None = Field(default=None, description="Unit, where it is not the usual one.")
    source: str | None = Field(default=None, description="Name of one of the treaty's sources.")
    rationale: str | None = Field(default=None, description="Why this number.")

    @model_validator(mode="before")
    @classmethod
    def _from_shorthand(cls, data: Any) -> Any:
        if isinstance(data, (bool, str)) or data is None:
            raise PydanticCustomError("quantity", NUMBER_NEEDED)
        if isinstance(data, int | float):
            return {"value": data}
        if isinstance(data, list | tuple):
            return {"range": data, **_middle(data)}
        if isinstance(data, dict) and "value" not in data and "range" in data:
            return {**data, **_middle(data["range"])}
        return data

    @model_validator(mode="after")
    def _check(self) -> Quantity:
        if self.range is None:
            if self.distribution is not None or self.sd is not None:
                raise PydanticCustomError("quantity", "a distribution needs a range [low, high]")
            return self
        low, high = self.range
        if max(abs(low), abs(high)) > LARGEST:
            raise PydanticCustomError("quantity", "a range may reach from -1e15 to 1e15")
        if not low <= self.value <= high:
            raise PydanticCustomError(
                "quantity", f"low ≤ value ≤ high expected (got {low:g}, {self.value:g}, {high:g})"
            )
        if self.sd is not None and self.distribution != "normal":
            raise PydanticCustomError("quantity", "'sd' goes with distribution: normal")
        return self

    @property
    def low(self) -> float:
        """Lowest value thought possible."""
        return self.value if self.range is None else self.range[0]

    @property
    def high(self) -> float:
        """Highest value thought possible."""
        return self.value if self.range is None else self.range[1]

    @property
    def is_certain(self) -> bool:
        """Whether the number is a point."""
        return self.low == self.high


def _middle(ends: Any) -> dict[str, Any]:
    """Point of an interval; nothing if ``ends`` is none, and the field's own check says so."""
    match ends:
        case [int() | float() as low, int() | float() as high] if _are_finite(low, high):
            if low > high:
                raise PydanticCustomError(
                    "quantity", f"[low, high] with low ≤ high expected (got [{low:g}, {high:g}])"
                )
            return {"value": (low + high) / 2}
        case _:
            raise PydanticCustomError(
                "quantity", "an interval is two finite numbers [low, high] with low ≤ high"
            )


def _are_finite(*values: float) -> bool:
    return all(
        not isinstance(value, bool) and abs(value) <= sys.float_info.max for value in values
    )


def sample(quantity: Quantity, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    """Draw ``size`` values of a quantity.

    Examples
    --------
    >>> draws = sample(Quantity.model_validate([2, 4]), np.random.default_rng(0), 1000)
    >>> bool(draws.min() >= 2), bool(draws.max() <= 4)
    (True, True)
    """
    low, high, value = quantity.low, quantity.high, quantity.value
    if quantity.is_certain:
        return np.full(size, value)
    if quantity.distribution == "triangular":
        return rng.triangular(low, value, high, size)
    if quantity.distribution == "normal":
        from scipy.stats import truncnorm

        sd = quantity.sd or (high - low) / 4
        ends = ((low - value) / sd, (high - value) / sd)
        draws = truncnorm.rvs(*ends, loc=value, scale=sd, size=size, random_state=rng)
        return np.asarray(draws, dtype=float)
    return rng.uniform(low, high, size)


def bounds_in_words(low: float, high: float) -> str:
    """Range that a number must keep to: ``at least 0``, ``between 0 and 1``."""
    return f"at least {low:g}" if math.isinf(high) else f"between {low:g} and {high:g}"


def _within(low: float, high: float) -> Callable[[Quantity], Quantity]:
    def check(quantity: Quantity) -> Quantity:
        if quantity.low < low or quantity.high > high:
            found = (
                f"{quantity.value:g}"
                if quantity.range is None
                else f"[{quantity.low:g}, {quantity.high:g}]"
            )
            allowed = bounds_in_words(low, high)
            raise PydanticCustomError("quantity_range", f"must be {allowed} (got {found})")
        return quantity

    check.range = (low, high)  # type: ignore[attr-defined]
    return check


Real = Annotated[Quantity, AfterValidator(_within(-math.inf, math.inf))]
NonNegative = Annotated[Quantity, AfterValidator(_within(0.0, math.inf))]
Probability = Annotated[Quantity, AfterValidator(_within(0.0, 1.0))]
Factor = Annotated[Quantity, AfterValidator(_within(0.0, 1.0))]


def attribute(
    default: float | None, *, symbol: str, unit: str, about: str, required: bool = False
) -> Any:
    """Field of a clause or of the stakes: a quantity with its symbol, unit and meaning.

    These fields are the attribute tables that validation, documentation and the app all read.
    """
    extra: dict[str, Any] = {"symbol": symbol, "unit": unit}
    if required or default is None:
        kwargs: dict[str, Any] = {} if required else {"default": None}
        return Field(description=about, json_schema_extra=extra, **kwargs)
    return Field(default=Quantity(value=default), description=about, json_schema_extra=extra)
