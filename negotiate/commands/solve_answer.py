"""What the methods of ``negotiate solve`` are asked and what they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Request", "Solved", "joined"]


@dataclass(frozen=True)
class Request:
    """What the user asked for besides the method.

    Parameters
    ----------
    exact : bool
        Add fractions.
    rationality : tuple of float
        Values of λ for logit equilibria; empty for a ladder of them.
    weights : tuple of float
        Of the players in the objective of a correlated equilibrium; empty for equal ones.
    leader : str
        Label of the player who commits; empty for the first.
    """

    exact: bool = False
    rationality: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    leader: str = ""


@dataclass(frozen=True)
class Solved:
    """Answer of a method.

    Parameters
    ----------
    actions : sequence of sequence of str
        Labels per player, in the order of the probabilities in ``strategies``.
    equilibria : sequence of mapping
        Each with at least ``strategies``, ``payoffs`` and ``regret``.
    complete : bool
        Whether the list is proven to be all that there is of its kind.
    method : str
    note : str
    more : mapping
        What else the method has to say.
    """

    actions: Sequence[Sequence[str]]
    equilibria: Sequence[Mapping[str, Any]]
    complete: bool
    method: str
    note: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def joined(*notes: str) -> str:
    """Notes as sentences, empty ones left out."""
    return " ".join(f"{n[0].upper()}{n[1:].rstrip('.')}." for n in notes if n)
