"""Compiling: a treaty becomes a situation, clause by clause.

``Treaty`` ──▶ base situation (menu and stakes) ──▶ clause 1 ──▶ clause 2 ──▶ ... ``Situation``
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from negotiate.ledger import Membership
from negotiate.menu import STAY_OUT, Menu, Option
from negotiate.situation import Evidence, Situation
from negotiate.stakes import matrix_terms, stakes_terms
from negotiate.treaty import Treaty

__all__ = ["base_situation", "build_menu", "compile_treaty"]


def compile_treaty(treaty: Treaty) -> Situation:
    """Situation that a treaty makes: its clauses applied in order to the base.

    Examples
    --------
    >>> from negotiate.reading import read_treaty
    >>> situation = compile_treaty(read_treaty({
    ...     "title": "Two states", "parties": {"Arland": {}, "Borland": {}},
    ...     "stakes": {"gain": 8, "cost": 2},
    ...     "clauses": [{"kind": "penalty", "sanction": 12}]}))
    >>> [term.label for term in situation.payoffs]
    ['gain from violating', 'cost of complying', 'expected sanction', 'sanction by false alarm']
    """
    return reduce(
        lambda situation, clause: clause.apply(situation), treaty.clauses, base_situation(treaty)
    )


def base_situation(treaty: Treaty) -> Situation:
    """Situation before any clause: the menu, the stakes, and no punishment."""
    menu = build_menu(treaty)
    build = matrix_terms if treaty.payoffs is not None else stakes_terms
    terms, parameters = build(treaty, menu)
    weights: dict[str, dict[str, float]] = {}
    for name, party in treaty.parties.items():
        for weight, value in party.weights.items():
            weights.setdefault(weight, {})[name] = value
    return Situation(
        payoffs=tuple(terms),
        information={norm: Evidence() for norm in menu.norms},
        timing={
            name: party.discount
            for name, party in treaty.parties.items()
            if party.discount is not None
        },
        menu=menu,
        membership=Membership(is_voluntary=treaty.payoffs is None),
        parameters=parameters,
        weights={
            weight: np.array([values.get(party, 0.0) for party in menu.parties])
            for weight, values in weights.items()
        },
        unit=treaty.unit,
    )


def build_menu(treaty: Treaty) -> Menu:
    """Options of every party: the conduct open to it, then staying out.

    Payoffs typed in have no cell for a party that stays out, so there membership is given.
    """
    rows = []
    stay_out = Option(STAY_OUT, False, frozenset(), {})
    for party in treaty.parties:
        row = [
            Option(name, True, frozenset(action.complies), dict(action.violates))
            for name, action in treaty.conduct.items()
            if action.open_to is None or party in action.open_to
        ]
        rows.append(tuple(row if treaty.payoffs is not None else [*row, stay_out]))
    return Menu(tuple(treaty.parties), tuple(treaty.norms), tuple(rows))
