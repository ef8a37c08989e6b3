"""Incentives to obey, as rows of a linear program over the action profiles.

A distribution over action profiles is a correlated equilibrium if, for every action that a player
may be told and every other action, obedience loses nothing on average (Aumann, 1974).

References
----------
.. [1] R. J. Aumann, "Subjectivity and correlation in randomized strategies", Journal of
   Mathematical Economics 1(1), 1974, 67-96.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from games.normal_form import FloatArray, NormalFormGame

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["incentive_rows", "largest_probabilities"]


def incentive_rows(game: NormalFormGame, coarse: bool) -> csr_array:
    """Rows ``r`` with ``r · distribution >= 0``, in units of payoff."""
    from scipy.sparse import csr_array, vstack

    cells = np.arange(game.payoffs[0].size).reshape(game.n_actions)
    blocks = []
    for i, m in enumerate(game.n_actions):
        payoffs = np.moveaxis(game.payoffs[i], i, 0).reshape(m, -1)
        index = np.moveaxis(cells, i, 0).reshape(m, -1)
        for deviation in range(m):
            losses = payoffs - payoffs[deviation]
            if coarse:
                pairs = [(losses.ravel(), index.ravel())]
            else:
                pairs = [(losses[a], index[a]) for a in range(m) if a != deviation]
            for entries, columns in pairs:
                used = entries != 0
                if used.any():
                    places = (np.zeros(int(used.sum()), dtype=int), columns[used])
                    blocks.append(csr_array((entries[used], places), shape=(1, cells.size)))
    return vstack(blocks, format="csr") if blocks else csr_array((0, cells.size))


def largest_probabilities(rows: csr_array) -> FloatArray:
    """Bound on each cell's probability from single incentives: its cost must be made up for."""
    most = np.ones(rows.shape[1])
    entries = rows.tocoo()
    largest = np.zeros(rows.shape[0])
    np.maximum.at(largest, entries.row, entries.data)
    costs = entries.data < 0
    i, j = entries.row[costs], entries.col[costs]
    np.minimum.at(most, j, largest[i] / -entries.data[costs])
    return most
