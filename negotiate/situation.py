"""The situation: what the clauses make of the world, and the only thing that questions read.

A clause is a function of a situation. It may act on seven things, and the situation has one
field for each:

====  ===============  ==================================================================
T1    ``payoffs``      terms of the payoff ledger
T2    ``information``  detection and false alarm of each norm
T3    ``timing``       discount factors
T4    ``menu``         the options of each party
T5    ``membership``   who is bound, entry into force
T6    ``limits``       bounds that no design may break
T7    ``decision``     how the parties decide together
====  ===============  ==================================================================

How clauses combine is fixed in ``docs/reference/conventions.md``; comments cite its sections.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from negotiate.errors import ModelError
from negotiate.expression import ONE, ZERO, Expr, Name, names, substitute
from negotiate.ledger import Ledger, Membership, PayoffTerm
from negotiate.menu import Menu
from negotiate.parameters import Parameter

__all__ = [
    "Decision",
    "Duty",
    "Evidence",
    "Limit",
    "Situation",
    "build_ledger",
    "detection",
    "false_alarm",
]


@dataclass(frozen=True)
class Evidence:
    """How a violation of one norm is found out.

    Parameters
    ----------
    detection : Expr
        Probability to be punished after a violation; certain unless a clause says otherwise.
    false_alarm : Expr
        Probability to be punished all the same; zero unless a clause says otherwise.
    clause : str
        Clause that sets them, empty if none does.
    """

    detection: Expr = ONE
    false_alarm: Expr = ZERO
    clause: str = ""


@dataclass(frozen=True)
class Limit:
    """A bound that no design may break: ``expr`` must not be negative."""

    clause: str
    label: str
    expr: Expr


@dataclass(frozen=True)
class Decision:
    """How the parties decide together: the share of them that must agree (1: unanimity)."""

    quota: float = 1.0
    clause: str = ""


@dataclass(frozen=True)
class Duty:
    """Who must carry out a clause, and what it costs them.

    Parameters
    ----------
    clause : str
    act : str
        What they must do, in words.
    carriers : tuple of int
        Parties.
    cost : Expr
        Loss of a carrier each time it acts, in its own payoff; zero if it costs nothing.
    """

    clause: str
    act: str
    carriers: tuple[int, ...]
    cost: Expr = ZERO


@dataclass(frozen=True, eq=False)
class Situation:
    """What the clauses make of the world (see the module for T1 to T7).

    Parameters
    ----------
    payoffs : tuple of PayoffTerm
    information : mapping of norm to Evidence
    timing : mapping of party to discount factor
    menu : Menu
    membership : Membership
    limits : tuple of Limit
    decision : Decision
    parameters : mapping of str to Parameter
    duties : tuple of Duty
    weights : mapping of str to (n_parties,) array
        Weights of the parties by name: emissions, population, votes.
    unit : str, optional
        Common unit of all payoffs; without one they are not comparable between parties.
    """

    payoffs: tuple[PayoffTerm, ...]
    information: Mapping[str, Evidence]
    timing: Mapping[str, float]
    menu: Menu
    membership: Membership
    limits: tuple[Limit, ...] = ()
    decision: Decision = Decision()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    duties: tuple[Duty, ...] = ()
    weights: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    unit: str | None = None

    @property
    def parties(self) -> tuple[str, ...]:
        """Names of the parties."""
        return self.menu.parties

    @property
    def norms(self) -> tuple[str, ...]:
        """Names of the norms."""
        return self.menu.norms

    def plus(
        self,
        *payoffs: PayoffTerm,
        parameters: Mapping[str, Parameter] | None = None,
        duties: tuple[Duty, ...] = (),
    ) -> Situation:
        """Return this situation with more terms, parameters and duties."""
        kept = tuple(term for term in payoffs if term.coefficient != ZERO)
        return replace(
            self,
            payoffs=self.payoffs + kept,
            parameters={**self.parameters, **(parameters or {})},
            duties=self.duties + duties,
        )


def detection(norm: str) -> Name:
    """Name that stands for the probability to be punished after violating ``norm``.

    It is resolved when the ledger is written, so clauses may stand in any order (§3).
    """
    return Name(f"detection:{norm}")


def false_alarm(norm: str) -> Name:
    """Name that stands for the probability to be punished without violating ``norm``."""
    return Name(f"false_alarm:{norm}")


def build_ledger(situation: Situation) -> Ledger:
    """Payoff ledger of a situation: its terms, with what is known of detection filled in.

    Raises
    ------
    ModelError
        If a coefficient uses a name that no parameter defines.
    """
    definitions: dict[str, Expr] = {}
    for norm in situation.norms:
        evidence = situation.information.get(norm, Evidence())
        definitions[detection(norm).id] = evidence.detection
        definitions[false_alarm(norm).id] = evidence.false_alarm
    terms = tuple(
        replace(term, coefficient=substitute(term.coefficient, definitions))
        for term in situation.payoffs
    )
    terms = tuple(term for term in terms if term.coefficient != ZERO)
    used = {name for term in terms for name in names(term.coefficient)}
    if unknown := used - set(situation.parameters):
        raise ModelError(f"no parameter is named {', '.join(sorted(unknown))}")
    parameters = {n: p for n, p in situation.parameters.items() if n in used}
    return Ledger(situation.menu, situation.membership, terms, parameters)
