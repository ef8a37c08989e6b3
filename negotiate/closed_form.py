"""Closed forms: the window and every condition of a party, in symbols and LaTeX.

Parties whose conditions have the same form share one derivation, and so do treaties that differ
in their numbers only: this stays quick for hundreds of parties and while a lever is moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from negotiate.questions.study import Deterrence, study
from negotiate.readings.algebra import inequality, largest_root, symbols, threshold
from negotiate.situation import Situation

__all__ = ["ClosedForm", "closed_forms"]

MOST_KEPT = 1024
_DERIVED: dict[tuple[Any, ...], tuple[Any, ...]] = {}
"""Derivations by the form of the conditions: another value of a number needs no new one."""


@dataclass(frozen=True)
class ClosedForm:
    """Conditions of one party in symbols; each formula as text and as LaTeX.

    Parameters
    ----------
    party : str
    conditions : mapping of option to (text, LaTeX)
        That the party does not switch to it.
    low, high : (text, LaTeX), optional
        Ends of the window, the constraints that bind at the point; none where there is no such
        end.
    largest_false_alarm : (text, LaTeX), optional
        Up to where the window is open.
    letters : mapping of str to str
        What each symbol stands for.
    """

    party: str
    conditions: dict[str, tuple[str, str]]
    low: tuple[str, str] | None
    high: tuple[str, str] | None
    largest_false_alarm: tuple[str, str] | None
    letters: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return the formulas as plain data."""

        def plain(formula: tuple[str, str] | None) -> dict[str, str] | None:
            return None if formula is None else {"text": formula[0], "latex": formula[1]}

        return {
            "conditions": {name: plain(formula) for name, formula in self.conditions.items()},
            "low": plain(self.low),
            "high": plain(self.high),
            "largest_false_alarm": plain(self.largest_false_alarm),
            "letters": self.letters,
        }


def closed_forms(situation: Situation, lever: str | None = None) -> list[ClosedForm]:
    """Conditions and window of every party in symbols.

    Parameters
    ----------
    situation : Situation
    lever : str, optional
        Path of the parameter of the window; the sanction if left out.

    Examples
    --------
    >>> from negotiate.compiling import compile_treaty
    >>> from negotiate.reading import read_treaty
    >>> forms = closed_forms(compile_treaty(read_treaty({
    ...     "title": "Two states", "parties": {"Arland": {}, "Borland": {}},
    ...     "stakes": {"gain": 8, "cost": 2},
    ...     "clauses": [{"kind": "penalty", "sanction": 20},
    ...                 {"kind": "evidence", "detection": 0.5, "false_alarm": 0.05}]})))
    >>> forms[0].low[0]
    '(c + g)/(p - q)'
    """
    found = study(situation, lever)
    forms = []
    for i, party in enumerate(situation.parties):
        ends = _binding_ends(found, i)
        key = _form(found, i, ends)
        if key not in _DERIVED:
            if len(_DERIVED) >= MOST_KEPT:
                _DERIVED.clear()
            _DERIVED[key] = _derive(found, i, ends)
        forms.append(ClosedForm(party, *_DERIVED[key]))
    return forms


def _form(found: Deterrence, party: int, ends: tuple[int | None, int | None]) -> tuple[Any, ...]:
    """All on which a derivation depends: no number but those inside the formulas."""
    system = found.system
    parameters = system.ledger.parameters.items()
    return (
        found.lever,
        ends,
        tuple(option.name for option in found.situation.menu.options[party]),
        tuple((name, parameter.symbol, parameter.about) for name, parameter in parameters),
        system.names,
        system.monomials,
        system.weights[:, party].tobytes(),
        system.constrains[party].tobytes(),
    )


def _binding_ends(found: Deterrence, party: int) -> tuple[int | None, int | None]:
    """Options whose constraints give the lower and the upper end of the window at the point."""
    if found.lever is None:
        return None, None
    split = found.system.split(found.lever)
    if split is None:
        return None, None
    slope, rest = (np.broadcast_to(part, found.system.constrains.shape)[party] for part in split)
    options = np.flatnonzero(found.system.constrains[party])
    with np.errstate(over="ignore"):  # an end beyond all numbers is still an end
        lower = [(-rest[o] / slope[o], int(o)) for o in options if slope[o] > 0]
        upper = [(-rest[o] / slope[o], int(o)) for o in options if slope[o] < 0]
    return (max(lower)[1] if lower else None), (min(upper)[1] if upper else None)


def _derive(found: Deterrence, party: int, ends: tuple[int | None, int | None]) -> tuple[Any, ...]:
    system = found.system
    options = found.situation.menu.options[party]
    conditions = {
        options[o].name: _written(inequality(system, party, int(o)))
        for o in np.flatnonzero(system.constrains[party])
    }
    low, high = (
        None if o is None or found.lever is None else threshold(system, party, o, found.lever)
        for o in ends
    )
    letters = {
        str(symbol): system.ledger.parameters[name].about
        for name, symbol in symbols(system.ledger).items()
        if name in system.names
    }
    return (
        conditions,
        None if low is None else _written(low),
        None if high is None else _written(high),
        _edge(found, low, high),
        letters,
    )


def _edge(found: Deterrence, low: Any, high: Any) -> tuple[str, str] | None:
    names = [name for name in found.system.names if name.endswith(".false_alarm")]
    if low is None or high is None or len(names) != 1:
        return None
    try:
        return _written(largest_root(low, high, symbols(found.system.ledger)[names[0]]))
    except ValueError:
        return None  # the edge is no single fraction; the number is still in the answer


def _written(formula: Any) -> tuple[str, str]:
    import sympy

    return str(formula), sympy.latex(formula)
