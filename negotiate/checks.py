"""Checks across a document: names that must be known, numbers that must fit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from negotiate.clauses.clause import AbstractClause
from negotiate.clauses.entry_into_force import EntryIntoForce
from negotiate.clauses.evidence import EvidenceStandard
from negotiate.clauses.trade_measure import TradeMeasure
from negotiate.clauses.transfer import Transfer
from negotiate.errors import Mistake, nearest
from negotiate.menu import STAY_OUT
from negotiate.quantity import Quantity
from negotiate.treaty import Fact, Treaty
from negotiate.yaml_text import Location

__all__ = ["cross_check", "unknown_name"]


def cross_check(treaty: Treaty) -> Iterator[Mistake]:
    """Every mistake that shows only when the parts of a document are held to each other."""
    yield from _names(treaty)
    yield from _conduct(treaty)
    yield from _clauses(treaty)
    yield from _payoffs(treaty)
    yield from _sources(treaty)


def unknown_name(location: Location, name: str, known: Any, what: str) -> Iterator[Mistake]:
    """Mistake that something names what the document does not have, if it does not."""
    if name not in known:
        listed = ", ".join(list(known)[:8]) + (", ..." if len(known) > 8 else "")
        yield Mistake(
            location, f"no such {what}: '{name}'{nearest(name, known)} (known: {listed})"
        )


def _names(treaty: Treaty) -> Iterator[Mistake]:
    for section in ("parties", "norms", "conduct"):
        for name in getattr(treaty, section):
            if not name.strip() or name != name.strip() or len(name) > 100:
                rule = "a name is 1 to 100 characters, no spaces at its ends"
                yield Mistake((section, name), rule)
            elif not name.isprintable():
                rule = "a name is one line of letters that can be printed"
                yield Mistake((section, name), f"{rule} (got {name!r})")


def _conduct(treaty: Treaty) -> Iterator[Mistake]:
    for name, action in treaty.conduct.items():
        at = ("conduct", name)
        if name == STAY_OUT:
            yield Mistake(at, f"'{STAY_OUT}' is the option not to join; use another name")
        for k, norm in enumerate(action.complies):
            yield from unknown_name((*at, "complies", k), norm, treaty.norms, "norm")
        for norm in action.violates:
            yield from unknown_name((*at, "violates", norm), norm, treaty.norms, "norm")
            if norm in action.complies:
                yield Mistake(at, f"an action cannot both comply with and violate '{norm}'")
        for k, party in enumerate(action.open_to or ()):
            yield from unknown_name((*at, "open_to", k), party, treaty.parties, "party")
    for norm in treaty.norms:
        if not any(norm in action.violates for action in treaty.conduct.values()):
            yield Mistake(
                ("norms", norm),
                "nobody can violate this norm; give an action with 'violates: "
                f"{norm}' in conduct, or drop the norm",
            )
    for party in treaty.parties:
        open_ = [a for a in treaty.conduct.values() if a.open_to is None or party in a.open_to]
        if not open_:
            yield Mistake(("parties", party), "no action in conduct is open to this party")
        elif all(action.violates for action in open_):
            yield Mistake(
                ("parties", party),
                "every action open to this party violates a norm: it cannot comply; give it an "
                "action without 'violates' in conduct",
            )


def _clauses(treaty: Treaty) -> Iterator[Mistake]:
    ids = Counter(clause.id for clause in treaty.clauses)
    proven: dict[str, str] = {}
    for k, clause in enumerate(treaty.clauses):
        at: Location = ("clauses", k)
        if ids[clause.id] > 1:
            yield Mistake((*at, "id"), f"two clauses are named '{clause.id}'; give each an id")
        norm = clause.norm_named()
        if norm is not None:
            yield from unknown_name((*at, "norm"), norm, treaty.norms, "norm")
        elif "norm" in type(clause).model_fields and len(treaty.norms) > 1:
            norms = ", ".join(treaty.norms)
            yield Mistake((*at, "norm"), f"the treaty has several norms; name one of {norms}")
        named: set[Location] = set()
        for field, party in clause.parties_named():
            yield from unknown_name((*at, *field), party, treaty.parties, "party")
            if (field[0], party) in named:
                yield Mistake((*at, *field), f"'{party}' is named twice; keep one of the two")
            named.add((field[0], party))
        if isinstance(clause, EvidenceStandard):
            of = norm or next(iter(treaty.norms))
            if of in proven:
                yield Mistake(
                    at, f"'{proven[of]}' already sets the evidence for norm '{of}'; keep one"
                )
            proven.setdefault(of, clause.id)
        if isinstance(clause, Transfer):
            yield from _transfer(treaty, clause, at)
        if isinstance(clause, EntryIntoForce):
            yield from _entry(treaty, clause, at)
        if treaty.payoffs is not None and isinstance(clause, TradeMeasure | EntryIntoForce):
            yield Mistake(
                at, f"'{clause.kind}' needs parties that may stay out; a payoff matrix has none"
            )


def _transfer(treaty: Treaty, clause: Transfer, at: Location) -> Iterator[Mistake]:
    if treaty.unit is None:
        yield Mistake(
            at,
            "a transfer moves one amount between accounts: name the common unit of all payoffs "
            "('unit: million dollars per year' at the top)",
        )
    for k, party in enumerate(clause.recipients):
        if party in clause.payers:
            yield Mistake((*at, "recipients", k), f"'{party}' cannot pay itself")


def _entry(treaty: Treaty, clause: EntryIntoForce, at: Location) -> Iterator[Mistake]:
    if clause.count > len(treaty.parties):
        yield Mistake(
            (*at, "count"), f"at most {len(treaty.parties)} parties can join (got {clause.count})"
        )
    weights = sorted({weight for party in treaty.parties.values() for weight in party.weights})
    for weight in clause.shares:
        yield from unknown_name((*at, "shares", weight), weight, weights, "weight of a party")
        if weight in weights and not any(p.weights.get(weight) for p in treaty.parties.values()):
            yield Mistake((*at, "shares", weight), "the weights of all parties are zero")


def _payoffs(treaty: Treaty) -> Iterator[Mistake]:
    has_stakes = bool(treaty.stakes.model_fields_set) or any(
        party.model_fields_set & set(type(treaty.stakes).model_fields)
        for party in treaty.parties.values()
    )
    if treaty.payoffs is not None and has_stakes:
        yield Mistake(("payoffs",), "payoffs stand in place of stakes; give one of the two")
    if treaty.payoffs is None and not has_stakes:
        yield Mistake(("stakes",), "nothing is at stake: give stakes (gain, cost, ...) or payoffs")


def _sources(treaty: Treaty) -> Iterator[Mistake]:
    def walk(value: Any, at: Location) -> Iterator[tuple[Location, str]]:
        if isinstance(value, Quantity | Fact | AbstractClause) and value.source:
            yield (*at, "source"), value.source
        if isinstance(value, BaseModel):
            for name, info in type(value).model_fields.items():
                yield from walk(getattr(value, name), (*at, info.alias or name))
        elif isinstance(value, dict):
            for key, item in value.items():
                yield from walk(item, (*at, key))
        elif isinstance(value, tuple):
            for k, item in enumerate(value):
                yield from walk(item, (*at, k))

    for location, source in walk(treaty, ()):
        yield from unknown_name(location, source, treaty.sources, "source")
