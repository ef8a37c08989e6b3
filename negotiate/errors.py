"""Errors of negotiate: each names the place, the value, the rule and the fix.

Every one is a ``ValueError``: the mistake is in what was given, and the message says where.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = [
    "FormulaError",
    "Mistake",
    "ModelError",
    "NegotiateError",
    "PathError",
    "TooManyProfilesError",
    "TreatyError",
    "nearest",
]


class NegotiateError(ValueError):
    """Base of every error that negotiate raises on purpose."""


class FormulaError(NegotiateError):
    """A formula that our grammar does not accept, or that has no value.

    Parameters
    ----------
    problem : str
        What is wrong and what is allowed.
    column : int
        Where in the formula, from 1; 0 when the formula as a whole is meant.
    """

    def __init__(self, problem: str, column: int = 0) -> None:
        super().__init__(f"column {column}: {problem}" if column else problem)
        self.problem = problem
        self.column = column


class PathError(NegotiateError):
    """A path such as ``clauses.penalty.sanction`` that names nothing in the treaty."""


class ModelError(NegotiateError):
    """A treaty that is well formed but for which a question has no meaning."""


class TooManyProfilesError(NegotiateError):
    """A game too large to write out; the message names the limit and what works instead."""


@dataclass(frozen=True)
class Mistake:
    """One mistake in a treaty file.

    Parameters
    ----------
    location : tuple of str and int
        Path of the field in the document: ``("clauses", 0, "kind")``.
    problem : str
        What is allowed, and what was found: ``input should be ... (got 'sanktion')``.
    line, column : int
        Position in the file, from 1; 0 when the mistake is in no file.
    file : str
        Name of the file, or of the option that gave the value.
    """

    location: tuple[str | int, ...]
    problem: str
    line: int = 0
    column: int = 0
    file: str = ""

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        if self.line:
            place.append(f"{self.line}:{self.column}")
        field = ".".join(str(part) for part in self.location)
        parts = [*[":".join(place)] * bool(place), *[field] * bool(field), self.problem]
        return _one_line(": ".join(parts))


def _one_line(text: str) -> str:
    """Text with what cannot be printed written out, so that one mistake is one line."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


class TreatyError(NegotiateError):
    """All mistakes of one treaty file, one line each.

    Parameters
    ----------
    mistakes : iterable of Mistake
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def nearest(word: str, candidates: Iterable[str]) -> str:
    """Clause that names the candidate nearest to ``word``, empty when nothing is near.

    Examples
    --------
    >>> nearest("sanktion", ["sanction", "detection"])
    ", did you mean 'sanction'?"
    >>> nearest("x", ["sanction"])
    ''
    """
    matches = get_close_matches(word, list(candidates), n=1, cutoff=0.6)
    return f", did you mean '{matches[0]}'?" if matches else ""
