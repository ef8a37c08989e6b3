"""Negotiation domains and profiles in YAML or JSON.

A domain::

    name: Fisheries
    issues:
      Quota: [low, high]
      Patrols: [joint, none]

A profile with additive utility, ``weight * evaluation / largest evaluation`` summed over issues::

    player: North
    reservation: 0.2
    discount: 1.0
    weights: {Quota: 0.7, Patrols: 0.3}
    evaluations:
      Quota: {low: 2, high: 10}
      Patrols: {joint: 5, none: 1}

A profile with tabulated utility gives ``table`` instead of ``weights`` and ``evaluations``: one
number per package, the last issue turning fastest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from games.documents import Document, nearest, read_document
from games.errors import InvalidGameError
from games.multi_issue.domain import AdditiveUtility, Domain, Issue, Profile, TabulatedUtility

__all__ = ["read_yaml_domain", "read_yaml_profile"]

PROFILE_KEYS = ("player", "reservation", "discount", "weights", "evaluations", "table")


def read_yaml_domain(path: str | Path) -> Domain:
    """Domain in a YAML or JSON file.

    Raises
    ------
    InvalidGameError
        If the file cannot be read or is no domain; the place is ``file:line:column: field``.
    """
    document = read_document(path)
    data = document.mapping((), document.data)
    document.keys((), data, ("name", "issues"))
    if "issues" not in data:
        raise document.error((), "lacks issues; give a mapping of issue to options")
    issues = []
    for name, options in document.mapping(("issues",), data["issues"]).items():
        place = ("issues", str(name))
        if not isinstance(options, list):
            raise document.error(place, "must be a list of options")
        try:
            labels = tuple(document.label(place, option) for option in options)
            issues.append(Issue(document.label(("issues",), name), labels))
        except InvalidGameError as error:
            if error.place.startswith(document.name):
                raise
            raise document.error(place, error.problem) from None
    try:
        return Domain(tuple(issues), document.label(("name",), data.get("name", Path(path).stem)))
    except InvalidGameError as error:
        raise document.error(("issues",), error.problem) from None


def read_yaml_profile(path: str | Path, domain: Domain) -> Profile:
    """Profile in a YAML or JSON file, fitted to a domain.

    Returns
    -------
    Profile
        Named by ``player``, or after the file.

    Raises
    ------
    InvalidGameError
        If the file cannot be read, or lacks an issue, option, weight or evaluation or has one too
        many; the place is ``file:line:column: field``.
    """
    document = read_document(path)
    data = document.mapping((), document.data)
    document.keys((), data, PROFILE_KEYS)
    if ("table" in data) == ("evaluations" in data):
        raise document.error((), "needs either evaluations (with weights) or table")
    utility = _tabulated(document, data, domain) if "table" in data else None
    try:
        return Profile(
            document.label(("player",), data.get("player", Path(path).stem)),
            utility or _additive(document, data, domain),
            document.number(("reservation",), data.get("reservation", 0.0)),
            document.number(("discount",), data.get("discount", 1.0)),
        )
    except InvalidGameError as error:
        if error.place.startswith(document.name):
            raise
        raise document.error((error.place.rpartition(": ")[2],), error.problem) from None


def _tabulated(document: Document, data: Mapping[Any, Any], domain: Domain) -> TabulatedUtility:
    if "weights" in data:
        raise document.error(("weights",), "has no meaning beside table; remove it")
    table = data["table"]
    if not isinstance(table, list) or len(table) != domain.n_packages:
        found = len(table) if isinstance(table, list) else "no list"
        raise document.error(
            ("table",), f"needs one number for each of {domain.n_packages} packages (got {found})"
        )
    values = [document.number(("table", k), value) for k, value in enumerate(table)]
    return TabulatedUtility(np.array(values))


def _additive(document: Document, data: Mapping[Any, Any], domain: Domain) -> AdditiveUtility:
    evaluations = document.mapping(("evaluations",), data["evaluations"])
    weights = document.mapping(("weights",), data.get("weights"))
    names = {issue.name: None for issue in domain.issues}
    by_issue = _by_name(document, ("evaluations",), evaluations, names, "issue of the domain")
    weight_of = _by_name(document, ("weights",), weights, names, "issue of the domain")
    rows, factors = [], []
    for issue in domain.issues:
        if issue.name not in by_issue:
            raise document.error(("evaluations",), f"lacks issue {issue.name!r}; add it")
        if issue.name not in weight_of:
            raise document.error(("weights",), f"lacks issue {issue.name!r}; add it")
        factors.append(_not_negative(document, ("weights", issue.name), weight_of[issue.name]))
        rows.append(_row(document, issue, by_issue[issue.name]))
    return AdditiveUtility.weighted(factors, rows)


def _row(document: Document, issue: Issue, given: Any) -> list[float]:
    place = ("evaluations", issue.name)
    names = dict.fromkeys(issue.options)
    by_option = _by_name(
        document, place, document.mapping(place, given), names, "option of this issue"
    )
    missing = [option for option in issue.options if option not in by_option]
    if missing:
        raise document.error(place, f"lacks option {missing[0]!r}; add its evaluation")
    return [
        _not_negative(document, (*place, option), by_option[option]) for option in issue.options
    ]


def _by_name(
    document: Document,
    place: tuple[str | int, ...],
    given: Mapping[Any, Any],
    known: Collection[str],
    what: str,
) -> dict[str, Any]:
    """Entries keyed by the names of issues or options, each known and given once."""
    found: dict[str, Any] = {}
    for key, value in given.items():
        name = document.label(place, key)
        if name not in known:
            raise document.error((*place, name), f"is no {what}{nearest(name, known)}")
        if name in found:  # as the number 1 and the text "1"
            raise document.error((*place, name), "is given twice; give it once")
        found[name] = value
    return found


def _not_negative(document: Document, place: tuple[str | int, ...], value: Any) -> float:
    number = document.number(place, value)
    if number < 0:
        raise document.error(place, f"is {number}; must be from 0 up")
    return number
