"""All basic stability concepts of a conflict side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from games.errors import CertificateError
from games.graph_model.conflict import BoolArray, Conflict
from games.graph_model.general_metarationality import general_metarational
from games.graph_model.nash_stability import nash_stable
from games.graph_model.sequential_stability import sequentially_stable
from games.graph_model.symmetric_metarationality import symmetric_metarational

__all__ = ["StabilityTable", "stability_table"]


@dataclass(frozen=True, eq=False)
class StabilityTable:
    """Stability of every state for every player, each field ``(n_players, n_states)`` bool."""

    conflict: Conflict
    nash: BoolArray
    seq: BoolArray
    gmr: BoolArray
    smr: BoolArray

    def equilibria(self, concept: str) -> tuple[int, ...]:
        """States stable for all players under ``nash``, ``seq``, ``gmr`` or ``smr``."""
        table: BoolArray = getattr(self, concept)
        return tuple(int(state) for state in np.flatnonzero(table.all(axis=0)))


def stability_table(conflict: Conflict) -> StabilityTable:
    """Nash, sequential, general and symmetric metarational stability.

    Returns
    -------
    StabilityTable

    Raises
    ------
    CertificateError
        If the results break a theorem: Nash implies all others, and all others imply general
        metarational (Fang, Hipel and Kilgour, 1993).

    Examples
    --------
    >>> conflict = Conflict.from_payoffs(
    ...     ["row", "column"],
    ...     ["CC", "CD", "DC", "DD"],
    ...     [{0: [2], 1: [3], 2: [0], 3: [1]}, {0: [1], 1: [0], 2: [3], 3: [2]}],
    ...     [[3, 1, 4, 2], [3, 4, 1, 2]],
    ... )
    >>> table = stability_table(conflict)
    >>> table.equilibria("nash"), table.equilibria("seq")
    ((3,), (0, 3))
    """
    table = StabilityTable(
        conflict,
        nash_stable(conflict),
        sequentially_stable(conflict),
        general_metarational(conflict),
        symmetric_metarational(conflict),
    )
    for name in ("seq", "smr"):
        middle: BoolArray = getattr(table, name)
        if (table.nash & ~middle).any() or (middle & ~table.gmr).any():
            raise CertificateError(
                f"stability {name} is not between Nash and general metarational"
            )
    return table
