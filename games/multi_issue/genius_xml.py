"""Negotiation domains and profiles in the XML of the GENIUS platform.

A domain lists issues with discrete items; a profile repeats them with an ``evaluation`` of every
item, a ``weight`` per issue, and may give a ``reservation`` and a ``discount_factor``. Utility is
the sum over issues of weight times evaluation divided by the issue's largest evaluation: the
division is part of the format (files count in points of any size), and readers that leave it out
get utilities far above 1.

Integer issues are options from ``lowerbound`` to ``upperbound``; their evaluator is linear in the
value above the lower bound, cut off below 0 and above 1, and is not divided.

References
----------
.. [1] R. Lin, S. Kraus, T. Baarslag, D. Tykhonov, K. Hindriks, C. M. Jonker, "Genius: an
   integrated environment for supporting the design of generic automated negotiators",
   Computational Intelligence 30(1), 2014, 48-70.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from games.documents import nearest, read_bytes
from games.errors import InvalidGameError
from games.multi_issue.domain import AdditiveUtility, Domain, Issue, Profile

__all__ = ["read_genius_domain", "read_genius_profile"]

MAX_DEPTH = 100
MAX_INTEGER_OPTIONS = 100_000


@dataclass(eq=False)
class _Element:
    """An XML element with the line where it starts."""

    tag: str
    attributes: dict[str, str]
    file: str
    line: int
    children: list[_Element] = field(default_factory=list)

    def all(self, tag: str) -> Iterator[_Element]:
        """Elements of a tag at any depth, in document order."""
        for child in self.children:
            if child.tag == tag:
                yield child
            yield from child.all(tag)

    def error(self, problem: str) -> InvalidGameError:
        return InvalidGameError(f"{self.file}:{self.line}: <{self.tag}>", problem)

    def text(self, name: str) -> str:
        if name not in self.attributes:
            raise self.error(f"lacks attribute {name!r}")
        return self.attributes[name]

    def number(self, name: str) -> float:
        try:
            value = float(self.text(name))
        except ValueError as error:
            if isinstance(error, InvalidGameError):
                raise
            value = float("nan")
        if not np.isfinite(value):
            raise self.error(f"{name} must be a finite number (got {self.attributes[name]!r})")
        return value


def read_genius_domain(path: str | Path) -> Domain:
    """Domain in a GENIUS domain file.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Domain

    Raises
    ------
    InvalidGameError
        If the file cannot be read, is not well-formed XML, declares entities or refers to
        external ones, or is no domain; the place is ``file:line: <element>``.
    """
    root = _parse(Path(path), str(path))
    issues = []
    for element in root.all("issue"):
        try:
            issues.append(Issue(_name(element), _options(element)))
        except InvalidGameError as error:
            raise _placed(element, error) from None
    if not issues:
        raise root.error("has no <issue>; is this a GENIUS domain?")
    try:
        return Domain(tuple(issues), _title(root, Path(path)))
    except InvalidGameError as error:
        raise _placed(root, error) from None


def read_genius_profile(path: str | Path, domain: Domain) -> Profile:
    """Profile in a GENIUS utility file, fitted to a domain.

    Parameters
    ----------
    path : str or Path
    domain : Domain
        Issues and options are matched by name, not by position.

    Returns
    -------
    Profile
        Named after the file.

    Raises
    ------
    InvalidGameError
        If the file cannot be read, lacks an issue, an option, a weight or an evaluation, or has
        one too many; the place is ``file:line: <element>``.
    """
    root = _parse(Path(path), str(path))
    by_name: dict[str, _Element] = {}
    for element in root.all("issue"):
        if _name(element) in by_name:
            raise element.error(f"issue {_name(element)!r} is given twice")
        by_name[_name(element)] = element
    known = {issue.name: None for issue in domain.issues}
    for name, element in by_name.items():
        if name not in known:
            raise element.error(f"issue {name!r} is not in the domain{nearest(name, known)}")
    weights = _weights(root)
    _refuse_weighted_objectives(root, weights)
    parts = []
    for issue in domain.issues:
        if issue.name not in by_name:
            raise root.error(f"lacks issue {issue.name!r} of the domain; add it")
        parts.append(_contribution(by_name[issue.name], issue, weights))
    reservation, discount = _value(root, "reservation", 0.0), _value(root, "discount_factor", 1.0)
    try:
        return Profile(Path(path).stem, AdditiveUtility(tuple(parts)), reservation, discount)
    except InvalidGameError as error:
        raise _placed(root, error) from None


def _contribution(element: _Element, issue: Issue, weights: dict[str, float]) -> np.ndarray:
    index = element.text("index")
    if index not in weights:
        raise element.error(f"issue {issue.name!r} has no <weight index={index!r}>")
    if _is_integer(element):
        return np.asarray(weights[index] * _linear(element, issue))
    evaluations: dict[str, float] = {}
    known = set(issue.options)
    for item in element.all("item"):
        option = item.text("value")
        if option not in known:
            hint = nearest(option, issue.options)
            raise item.error(f"option {option!r} is not in issue {issue.name!r}{hint}")
        if option in evaluations:
            raise item.error(f"option {option!r} of issue {issue.name!r} is given twice")
        evaluations[option] = item.number("evaluation")
        if evaluations[option] < 0:
            raise item.error(f"evaluation must be from 0 up (got {evaluations[option]})")
    missing = [option for option in issue.options if option not in evaluations]
    if missing:
        raise element.error(f"issue {issue.name!r} lacks option {missing[0]!r}; add its <item>")
    row = [evaluations[option] for option in issue.options]
    return AdditiveUtility.weighted([weights[index]], [row]).contributions[0]


def _linear(element: _Element, issue: Issue) -> np.ndarray:
    """Evaluations of an integer issue by its linear evaluator."""
    evaluators = list(element.all("evaluator"))
    if len(evaluators) != 1 or evaluators[0].attributes.get("ftype", "linear") != "linear":
        raise element.error("an integer issue needs one <evaluator ftype='linear'>")
    if tuple(issue.options) != _options(element):
        raise element.error(f"bounds of issue {issue.name!r} differ from the domain's")
    offset, slope = evaluators[0].number("offset"), evaluators[0].number("slope")
    values = offset + slope * np.arange(len(issue.options))
    return np.asarray(np.clip(values, 0.0, 1.0))


def _weights(root: _Element) -> dict[str, float]:
    weights: dict[str, float] = {}
    for element in root.all("weight"):
        index, value = element.text("index"), element.number("value")
        if value < 0:
            raise element.error(f"value must be from 0 up (got {value})")
        if index in weights:
            raise element.error(f"weight of index {index!r} is given twice")
        weights[index] = value
    return weights


def _refuse_weighted_objectives(root: _Element, weights: dict[str, float]) -> None:
    """Raise if an objective inside another has a weight that would change utilities."""
    for outer in root.all("objective"):
        for element in outer.all("objective"):
            weight = weights.get(element.attributes.get("index", ""), 1.0)
            if weight != 1.0:
                raise element.error(
                    f"is an objective inside another with weight {weight:g}, which is not "
                    "supported; multiply it into the weights of its issues and make it 1"
                )


def _options(element: _Element) -> tuple[str, ...]:
    kind = element.attributes.get("type", "discrete")
    if _is_integer(element):
        lower, upper = _bounds(element)
        return tuple(str(value) for value in range(lower, upper + 1))
    if kind != "discrete":
        raise element.error(f"type {kind!r} is not supported; use 'discrete' or 'integer'")
    return tuple(item.text("value") for item in element.all("item"))


def _bounds(element: _Element) -> tuple[int, int]:
    holder = next(element.all("range"), element)
    lower, upper = holder.number("lowerbound"), holder.number("upperbound")
    if lower != int(lower) or upper != int(upper) or not 0 <= upper - lower < MAX_INTEGER_OPTIONS:
        raise element.error(
            f"bounds {lower} to {upper} must be whole numbers in order, "
            f"at most {MAX_INTEGER_OPTIONS} of them"
        )
    return int(lower), int(upper)


def _is_integer(element: _Element) -> bool:
    return element.attributes.get("type", "discrete") == "integer"


def _name(element: _Element) -> str:
    return element.text("name")


def _title(root: _Element, path: Path) -> str:
    objective = next(root.all("objective"), None)
    name = objective.attributes.get("name", "") if objective else ""
    return path.stem if name in ("", "any") else name


def _value(root: _Element, tag: str, default: float) -> float:
    found = list(root.all(tag))
    if len(found) > 1:
        raise found[1].error(f"<{tag}> is given twice")
    return found[0].number("value") if found else default


def _placed(element: _Element, error: InvalidGameError) -> InvalidGameError:
    if error.place.startswith(f"{element.file}:"):
        return error
    return InvalidGameError(f"{element.file}:{element.line}: {error.place}", error.problem)


def _parse(path: Path, name: str) -> _Element:
    """Tree of a file, read by a parser that refuses entities and external references."""
    from xml.sax import ContentHandler, SAXParseException

    from defusedxml import sax
    from defusedxml.common import DefusedXmlException

    content = read_bytes(path, ".xml")
    top = _Element("document", {}, name, 1)

    class Builder(ContentHandler):
        def __init__(self) -> None:
            super().__init__()
            self.open = [top]

        def setDocumentLocator(self, locator: object) -> None:  # noqa: N802
            self.locator = locator

        def startElement(self, tag: str, attrs: object) -> None:  # noqa: N802
            line = int(self.locator.getLineNumber())  # type: ignore[attr-defined]
            element = _Element(tag, dict(attrs.items()), name, line)  # type: ignore[attr-defined]
            if len(self.open) > MAX_DEPTH:
                raise element.error(f"is nested deeper than {MAX_DEPTH}")
            self.open[-1].children.append(element)
            self.open.append(element)

        def endElement(self, tag: str) -> None:  # noqa: N802
            self.open.pop()

    try:
        sax.parse(io.BytesIO(content), Builder(), forbid_dtd=False)
    except DefusedXmlException as error:
        kind = type(error).__name__
        rule = "entities and external references are refused; remove the declaration"
        raise InvalidGameError(name, f"{rule} ({kind})") from None
    except SAXParseException as error:
        place = f"{name}:{error.getLineNumber()}:{(error.getColumnNumber() or 0) + 1}"
        raise InvalidGameError(place, f"is not well-formed XML ({error.getMessage()})") from None
    except LookupError as error:
        raise InvalidGameError(name, f"declares an {error}; save the file as UTF-8") from None
    return top.children[0]
