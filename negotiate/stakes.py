"""The stakes as lines of the payoff ledger: what is so before any clause.

A party is *bound* when it has joined and the treaty is in force. A bound party gains from
violating and pays for complying; others' compliance is worth something to everyone, and others'
violations harm everyone. A party that is not bound has its outside option, pays nothing, and
goes on as before: it harms the others as the worst violation open to it would (§5).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from negotiate.clauses.clause import Status, attribute_of, feature, quantity_fields
from negotiate.expression import Name
from negotiate.features import CellFeature
from negotiate.ledger import STAKES, PayoffTerm
from negotiate.menu import Menu
from negotiate.parameters import Parameter
from negotiate.quantity import Quantity
from negotiate.treaty import Stakes, Treaty

__all__ = ["matrix_terms", "stake_parameters", "stakes_terms"]

Table = NDArray[np.float64]


def stake_parameters(treaty: Treaty, stake: str) -> dict[str, Parameter]:
    """Parameter of one stake: one number for all, or one for each party; none if nobody has it."""
    general: Quantity | None = getattr(treaty.stakes, stake)
    own: list[Quantity | None] = [getattr(party, stake) for party in treaty.parties.values()]
    info = quantity_fields(Stakes)[stake]
    if all(quantity is None for quantity in own):
        if general is None:
            return {}
        return {stake: attribute_of(info, stake, (f"stakes.{stake}",), (general,))}
    fallback = general or Quantity(value=0.0)
    paths = tuple(
        f"stakes.{stake}" if quantity is None and general else f"parties.{party}.{stake}"
        for party, quantity in zip(treaty.parties, own, strict=True)
    )
    quantities = tuple(quantity or fallback for quantity in own)
    return {stake: attribute_of(info, stake, paths, quantities)}


def stakes_terms(treaty: Treaty, menu: Menu) -> tuple[list[PayoffTerm], dict[str, Parameter]]:
    """Lines of the ledger that the stakes cause, and their parameters."""
    standing = [Status.of(menu, norm) for norm in menu.norms]
    violations: Table = np.sum([s.intensity for s in standing], axis=0)
    compliance: Table = np.sum([s.complies for s in standing], axis=0)
    everyone: Table = menu.exists.astype(float)
    out = standing[0].out
    own = {
        "gain": ("gain from violating", 1.0, feature(violations)),
        "cost": ("cost of complying", -1.0, feature(compliance)),
        "own_value": ("benefit of own compliance", 1.0, feature(compliance)),
        "value": (
            "others' compliance",
            1.0,
            feature(
                everyone, compliance, own_lapsed=everyone, others_lapsed=np.zeros_like(everyone)
            ),
        ),
        "outside_option": ("outside option", 1.0, feature(out, own_lapsed=everyone)),
    }
    terms, parameters = [], {}
    for stake, (label, sign, shape) in own.items():
        found = stake_parameters(treaty, stake)
        if found:
            parameters.update(found)
            terms.append(PayoffTerm(STAKES, label, sign * Name(stake), shape))
    harm_terms, harms = _harm(treaty, menu, violations)
    return terms + harm_terms, {**parameters, **harms}


def _harm(
    treaty: Treaty, menu: Menu, violations: Table
) -> tuple[list[PayoffTerm], dict[str, Parameter]]:
    """Harm done by each party to every other: one line for each number in the document."""
    everyone: Table = menu.exists.astype(float)
    intensities = np.sum([menu.table("intensity", norm) for norm in menu.norms], axis=0)
    worst = intensities.max(axis=1, keepdims=True) * everyone
    joins = menu.table("joins")
    in_force = np.where(joins > 0, violations, worst)
    found = stake_parameters(treaty, "harm")
    if not found:
        return [], {}
    [parameter] = found.values()
    terms, parameters = [], {}
    for path in dict.fromkeys(parameter.paths):
        by = np.array([parameter.path_of(i) == path for i in range(menu.n_parties)])[:, None]
        quantity = parameter.quantities[parameter.paths.index(path)]
        first = int(by.argmax())
        name = "harm" if path == "stakes.harm" else f"harm:{menu.parties[first]}"
        parameters[name] = attribute_of(
            quantity_fields(Stakes)["harm"], name, (path,), (quantity,)
        )
        harm = feature(everyone, in_force * by, own_lapsed=everyone, others_lapsed=worst * by)
        terms.append(PayoffTerm(STAKES, "harm from others", -Name(name), harm))
    return terms, parameters


def matrix_terms(treaty: Treaty, menu: Menu) -> tuple[list[PayoffTerm], dict[str, Parameter]]:
    """Lines of the ledger for payoffs typed in: one for each party and cell."""
    assert treaty.payoffs is not None
    terms, parameters = [], {}
    for i, party in enumerate(menu.parties):
        for cell in np.ndindex(*menu.shape):
            at = treaty.payoffs.tables[party]
            for k in cell:
                at = at[k]
            indices = ".".join(str(k) for k in cell)
            name = f"payoffs:{party}.{indices}"
            words = ", ".join(menu.options[j][k].name for j, k in enumerate(cell))
            parameters[name] = Parameter(
                name=name,
                symbol=f"u_{i + 1}({words})",
                about=f"payoff of {party} at {words}",
                unit="utility per period",
                paths=(f"payoffs.tables.{party}.{indices}",),
                quantities=(Quantity.model_validate(at),),
            )
            terms.append(PayoffTerm(STAKES, "payoff typed in", Name(name), CellFeature(i, cell)))
    return terms, parameters
