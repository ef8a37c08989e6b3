"""The ledger as rows of a linear program: clause levels become decision variables.

Each incentive constraint is a row, *slack ≥ margin*. A product of a level and a switch (a clause
that is in or out) is linearised exactly (McCormick, 1976); a product of two levels is no row and
is refused: enumerate one of them.

References
----------
.. [1] G. P. McCormick, "Computability of global solutions to factorable nonconvex programs",
   Mathematical Programming 10, 1976, 147-175.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negotiate.errors import ModelError
from negotiate.expression import Name, evaluate, names
from negotiate.incentives import Incentives
from negotiate.parameters import points
from negotiate.polynomial import Monomial

__all__ = ["add_incentive_rows", "linear_row"]


def linear_row(
    system: Incentives, party: int, option: int, decided: set[str]
) -> tuple[dict[Monomial, float], float]:
    """Slack as a sum over products of decided parameters, the others at their points.

    Parameters
    ----------
    system : Incentives
    party, option : int
    decided : set of str
        Names of the parameters that are decision variables, the same for all parties.

    Returns
    -------
    coefficients : dict of Monomial to float
        Of the products of decided parameters.
    constant : float
    """
    fixed = points(system.ledger.parameters)
    row: dict[Monomial, float] = {}
    for monomial, weight in zip(system.monomials, system.weights[:, party, option], strict=True):
        moving = tuple(atom for atom in monomial if decided & set(names(atom)))
        if any(not isinstance(atom, Name) for atom in moving):
            raise ModelError(f"slack is not linear in {', '.join(sorted(decided))}")
        still = [_at(evaluate(atom, fixed), party) for atom in monomial if atom not in moving]
        row[moving] = row.get(moving, 0.0) + float(weight) * float(np.prod(still))
    constant = row.pop((), 0.0)
    return {m: c for m, c in row.items() if c != 0.0}, constant


def _at(values: NDArray[np.float64], party: int) -> float:
    return float(values[party if values.size > 1 else 0])


def add_incentive_rows(
    problem: Any,
    system: Incentives,
    levels: Mapping[str, Any],
    switches: Mapping[str, Any] | None = None,
    *,
    margin: float = 0.0,
) -> None:
    """Add every incentive constraint to a PuLP problem.

    Parameters
    ----------
    problem : pulp.LpProblem
    system : Incentives
    levels : mapping of parameter name to pulp.LpVariable
        Continuous, with both bounds where a switch multiplies them.
    switches : mapping of parameter name to pulp.LpVariable, optional
        Binary.
    margin : float
        Slack that every constraint must keep, in the party's own utility.

    Raises
    ------
    ModelError
        If two levels are multiplied, or a level that a switch multiplies has no bounds.
    """
    switches = switches or {}
    products: dict[Monomial, Any] = {}
    for party, option in np.argwhere(system.constrains):
        row, constant = linear_row(system, party, option, {*levels, *switches})
        terms = [
            c * _variable(problem, monomial, levels, switches, products)
            for monomial, c in row.items()
        ]
        if terms:
            problem += sum(terms) + constant >= margin
        elif constant < margin:
            who = system.ledger.menu.parties[party]
            what = system.ledger.menu.options[party][option].name
            raise ModelError(
                f"no choice of {', '.join(levels)} keeps {who} from '{what}' "
                f"(slack {constant:.3g})"
            )


def _variable(
    problem: Any,
    monomial: Monomial,
    levels: Mapping[str, Any],
    switches: Mapping[str, Any],
    products: dict[Monomial, Any],
) -> Any:
    ids = [atom.id for atom in monomial if isinstance(atom, Name)]
    if len(ids) == 1:
        return levels[ids[0]] if ids[0] in levels else switches[ids[0]]
    level = [id for id in ids if id in levels]
    if len(ids) != 2 or len(level) != 1:
        raise ModelError(
            f"{' × '.join(ids)} is a product of levels, no linear row: enumerate one of them"
        )
    if monomial not in products:
        [name] = level
        [switch] = [id for id in ids if id != name]
        products[monomial] = _product(problem, levels[name], switches[switch])
    return products[monomial]


def _product(problem: Any, level: Any, switch: Any) -> Any:
    """Variable that equals level × switch for every 0/1 value of the switch."""
    low, high = level.lowBound, level.upBound
    if low is None or high is None:
        raise ModelError(
            f"{level.name} needs a lower and an upper bound, as a switch turns it off"
        )
    product = problem.add_variable(f"{level.name}_times_{switch.name}", min(low, 0), max(high, 0))
    problem += product <= high * switch
    problem += product >= low * switch
    problem += product <= level - low * (1 - switch)
    problem += product >= level - high * (1 - switch)
    return product
