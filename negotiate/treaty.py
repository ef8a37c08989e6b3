"""The treaty document: parties, conduct, stakes, clauses, variants, sources.

It is frozen data and computes nothing. ``docs/reference/treaty-file.md`` describes every field.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, WrapValidator, model_validator
from pydantic_core import PydanticCustomError

from negotiate.clauses.kinds import Clause
from negotiate.quantity import GIVEN, PLAIN, Real, Record, attribute

__all__ = ["Action", "Fact", "Party", "PayoffMatrix", "Source", "Stakes", "Treaty", "Variant"]

MAX_PARTIES = 512
MAX_ACTIONS = 16
MAX_CELLS = 256
MAX_VARIANTS = 100


class Source(Record):
    """Where a fact comes from."""

    text: str = Field(description="Author, title, date: enough to find it.")
    url: str | None = Field(default=None, description="Address, if it has one.")


class Fact(Record):
    """A dated fact on which the treaty's encoding rests."""

    text: str
    source: str = Field(description="Name of one of the sources.")


class Stakes(Record):
    """What is at stake for a party, per period, in its own utility."""

    gain: Annotated[Real | None, GIVEN] = attribute(
        None,
        symbol="g",
        unit="utility per period",
        about="Gain of a member from a violation of intensity 1.",
    )
    cost: Annotated[Real | None, GIVEN] = attribute(
        None, symbol="c", unit="utility per period", about="Cost of complying with a norm."
    )
    own_value: Annotated[Real | None, GIVEN] = attribute(
        None,
        symbol="w",
        unit="utility per period",
        about="Benefit of its own compliance to the party itself.",
    )
    value: Annotated[Real | None, GIVEN] = attribute(
        None,
        symbol="v",
        unit="utility per period and party",
        about="Value to the party of each other party's compliance.",
    )
    harm: Annotated[Real | None, GIVEN] = attribute(
        None,
        symbol="h",
        unit="utility per period",
        about="Harm that its violation of intensity 1 does to each other party.",
    )
    outside_option: Annotated[Real | None, GIVEN] = attribute(
        None,
        symbol="o",
        unit="utility per period",
        about="Payoff of a party that is not bound, others' conduct apart; minus the loss of "
        "being excluded.",
    )


def _is_scalar(value: Any) -> Any:
    if not isinstance(value, str | bool | int | float):
        raise PydanticCustomError("attribute", "text, a number, true or false expected")
    return value


Scalar = Annotated[str | bool | int | float, WrapValidator(lambda value, _: _is_scalar(value))]


class Party(Stakes):
    """A party; stakes given here replace the general ones."""

    discount: Annotated[float, Field(ge=0, lt=1), PLAIN] | None = Field(
        default=None, description="Discount factor per period."
    )
    weights: dict[str, Annotated[float, Field(ge=0, le=1e15), PLAIN]] = Field(
        default_factory=dict, description="Weights by name: emissions, population, votes."
    )
    attributes: dict[str, Scalar] = Field(
        default_factory=dict, description="Anything else worth knowing about the party."
    )


class Action(Record):
    """One kind of conduct, and what it is under the norms."""

    complies: tuple[str, ...] = Field(default=(), description="Norms with which it complies.")
    violates: dict[str, Annotated[float, Field(gt=0, le=1e6), PLAIN]] = Field(
        default_factory=dict,
        description="Norms that it violates, each with its intensity; 1 is the reference.",
    )
    open_to: tuple[str, ...] | None = Field(
        default=None, description="Parties that can do it; all if left out."
    )

    @model_validator(mode="before")
    @classmethod
    def _from_shorthand(cls, data: Any) -> Any:
        """Accept one norm, or a list of norms at intensity 1."""
        if not isinstance(data, dict):
            return data
        data = dict(data)
        if isinstance(data.get("complies"), str):
            data["complies"] = [data["complies"]]
        match data.get("violates"):
            case str() as norm:
                data["violates"] = {norm: 1.0}
            case list() as norms if all(isinstance(norm, str) for norm in norms):
                data["violates"] = dict.fromkeys(norms, 1.0)
        return data


class PayoffMatrix(Record):
    """Payoffs typed in, or read from CSV, in place of stakes."""

    csv: str | None = Field(
        default=None,
        description="CSV file beside the treaty: a column for each party's action, headed by the "
        "party's name, and a column 'payoff NAME' for each party's payoff.",
    )
    tables: dict[str, Any] = Field(
        default_factory=dict,
        description="For each party its payoffs, nested by the actions of the parties in order.",
    )


class Variant(Record):
    """A named set of changes against the treaty as it stands."""

    text: str = Field(default="", description="What the variant is, in words.")
    set: dict[str, Any] = Field(
        default_factory=dict, description="New values by path, as in clauses.penalty.sanction."
    )
    drop: tuple[str, ...] = Field(default=(), description="Clauses that it leaves out.")


class Treaty(Record):
    """A treaty, whole."""

    title: str = Field(min_length=1, max_length=300)
    summary: str = Field(default="", description="What it is about, in a few sentences.")
    note: str = Field(default="", description="How the numbers are to be read.")
    unit: str | None = Field(
        default=None,
        description="Common unit of all payoffs; without one they are not compared between "
        "parties.",
    )
    sources: dict[str, Source] = Field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    caveats: tuple[str, ...] = Field(
        default=(), description="What a reader of the verdict must know."
    )
    parties: Annotated[dict[str, Party], Field(min_length=2, max_length=MAX_PARTIES)]
    norms: dict[str, str] = Field(
        default={"norm": ""}, min_length=1, description="Norms, each with its words."
    )
    conduct: Annotated[dict[str, Action], Field(min_length=1, max_length=MAX_ACTIONS)]
    stakes: Stakes = Stakes()
    payoffs: PayoffMatrix | None = None
    clauses: Annotated[tuple[Clause, ...], Field(max_length=200)] = ()
    variants: dict[str, Variant] = Field(default_factory=dict, max_length=MAX_VARIANTS)

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, data: Any) -> Any:
        """Fill in the usual conduct, empty mappings for parties, and the ids of clauses."""
        if not isinstance(data, dict):
            return data
        data = dict(data)
        if isinstance(parties := data.get("parties"), dict):
            data["parties"] = {name: {} if p is None else p for name, p in parties.items()}
        if "conduct" not in data:
            norms = list(data["norms"]) if isinstance(data.get("norms"), dict) else ["norm"]
            data["conduct"] = {"comply": {"complies": norms}, "violate": {"violates": norms}}
        if isinstance(clauses := data.get("clauses"), list | tuple):
            data["clauses"] = [
                {"id": c.get("kind"), **c} if isinstance(c, dict) and "kind" in c else c
                for c in clauses
            ]
        return data

    def clause(self, id: str) -> Any:
        """Return the clause with this id."""
        return next(clause for clause in self.clauses if clause.id == id)
