"""Answers: a verdict, the numbers behind it, and what is needed to replay it."""

from __future__ import annotations

import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Answer",
    "Certificate",
    "Replay",
    "Verdict",
    "figure",
    "figures",
    "listed",
    "percent",
    "versions",
]


class Verdict(Enum):
    """Whether the treaty holds."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does not hold"

    @property
    def sentence(self) -> str:
        """What the verdict means."""
        return {
            Verdict.HOLDS: "Every party joins and complies.",
            Verdict.DOES_NOT_HOLD: "Some party would rather violate or stay out.",
        }[self]


@dataclass(frozen=True)
class Certificate:
    """What shows that an answer is right, checked before the answer was given.

    Parameters
    ----------
    name : str
        What was checked, in words.
    value, limit : float
        The value found, and the largest allowed.
    """

    name: str
    value: float
    limit: float


@dataclass(frozen=True)
class Replay:
    """What a third party needs to repeat an answer.

    Parameters
    ----------
    digest : str
        SHA-256 of the treaty's content; empty if the question was asked of a bare situation.
    method : str
    tolerance : float
    seed : int, optional
    samples : int, optional
    versions : mapping of str to str
    """

    method: str
    tolerance: float
    digest: str = ""
    seed: int | None = None
    samples: int | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain data."""
        return {
            "digest": self.digest,
            "method": self.method,
            "tolerance": self.tolerance,
            "seed": self.seed,
            "samples": self.samples,
            "versions": dict(self.versions),
        }


@dataclass(frozen=True, eq=False)
class Answer:
    """What a question returns.

    Parameters
    ----------
    question : str
    verdict : Verdict
    sentences : tuple of str
        The verdict in words first, then why.
    records : mapping of str to sequence of mappings
        The numbers behind it: rows by the name of their table.
    certificate : Certificate
    replay : Replay
    """

    question: str
    verdict: Verdict
    sentences: tuple[str, ...]
    records: Mapping[str, Sequence[Mapping[str, Any]]]
    certificate: Certificate
    replay: Replay

    def table(self, name: str) -> pd.DataFrame:
        """One table of the answer as a DataFrame.

        Raises
        ------
        KeyError
            If the answer has no table of this name.
        """
        import pandas as pd

        return pd.DataFrame.from_records([dict(row) for row in self.records[name]])

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(self.records)


def versions() -> dict[str, str]:
    """Versions of Python, of this package and of the libraries that compute."""
    return dict(_versions())


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    """Read once: each lookup opens a file."""
    from importlib.metadata import version

    names = ("negotiate", "numpy", "scipy", "sympy")
    return (("python", platform.python_version()), *((name, version(name)) for name in names))


def figure(value: float) -> str:
    """Number as a negotiator sees it: two significant digits, no more precise than a judgment.

    Examples
    --------
    >>> figure(19.2222), figure(0.04545), figure(1234.5), figure(0.0)
    ('19', '0.045', '1200', '0')
    """
    if value == 0 or value != value:
        return "0" if value == 0 else "undefined"
    if value in (float("inf"), float("-inf")):
        return "∞" if value > 0 else "-∞"
    rounded = float(f"{value:.1e}")
    return f"{rounded:.0f}" if abs(rounded) >= 10 else f"{rounded:.10g}"


def percent(share: float) -> str:
    """Share as a percentage; 100 % is said only of all, and 0 % only of none.

    Examples
    --------
    >>> percent(0.583), percent(1.0), percent(0.9995), percent(0.0)
    ('58 %', '100 %', 'over 99 %', '0 %')
    """
    return "over 99 %" if 0.995 <= share < 1 else f"{figure(100 * share)} %"


def figures(low: float, high: float) -> str:
    """Interval in as few digits as possible, rounded inwards: every value named lies in it.

    Examples
    --------
    >>> figures(19.2222, 21.0), figures(2.5, float("inf")), figures(19.22, 19.31)
    ('from 20 to 21', 'from 2.5 on', 'from 19.3 to 19.3')
    """
    if low == float("-inf"):
        return "whatever it is" if high == float("inf") else f"up to {_towards(high, 2, up=False)}"
    if high == float("inf"):
        return f"from {_towards(low, 2, up=True)} on"
    for digits in range(2, 12):
        ends = _towards(low, digits, up=True), _towards(high, digits, up=False)
        if float(ends[0]) <= float(ends[1]):
            return f"from {ends[0]} to {ends[1]}"
    return f"at {low:.12g} only"


def _towards(value: float, digits: int, *, up: bool) -> str:
    """Value with so many digits, rounded up or down, rounding errors apart."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
    steps = value / unit
    whole = math.ceil(steps - 1e-6) if up else math.floor(steps + 1e-6)
    return f"{float(f'{whole * unit:.{digits}g}'):.10g}"


def listed(names: Sequence[str], most: int = 4) -> str:
    """Names as a person lists them, the rest counted.

    Examples
    --------
    >>> listed(["Arland", "Borland"]), listed(["A", "B", "C", "D", "E", "F"])
    ('Arland and Borland', 'A, B, C, D and 2 more')
    """
    names = list(names)
    if len(names) > most + 1:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
