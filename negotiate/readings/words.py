"""The ledger in words: where a payoff comes from, clause by clause."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from negotiate.incentives import Values
from negotiate.ledger import Ledger

__all__ = ["Step", "waterfall"]


@dataclass(frozen=True)
class Step:
    """One step of a waterfall: what a clause adds to, or takes from, a payoff.

    Parameters
    ----------
    clause : str
        Id of the clause, or ``stakes``.
    label : str
    amount : float
        In the party's own utility.
    """

    clause: str
    label: str
    amount: float


def waterfall(
    ledger: Ledger, party: int, profile: NDArray[np.intp], values: Values | None = None
) -> tuple[Step, ...]:
    """Steps from zero to the payoff of a party at a profile; they sum to the payoff exactly.

    Lines of one clause with one label are one step; steps of nothing are left out.
    """
    profiles = np.asarray(profile, dtype=np.intp)[None, :]
    regimes = ledger.regimes(profiles)
    coefficients = ledger.coefficients(values)[:, party]
    amounts: dict[tuple[str, str], float] = {}
    for term, coefficient in zip(ledger.terms, coefficients, strict=True):
        value = term.feature.on_profiles(profiles, regimes)[0, party]
        key = (term.clause, term.label)
        amounts[key] = amounts.get(key, 0.0) + float(coefficient * value)
    return tuple(
        Step(clause, label, amount) for (clause, label), amount in amounts.items() if amount
    )
