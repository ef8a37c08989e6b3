"""Membership rules: who decides whether an outsider may join.

Under *open* membership every outsider may join. Under *exclusive* membership the signatories vote:
an outsider who wants to join is admitted only if all of them, or a majority, would not lose by it.
Exclusive rules make more coalitions externally stable; leaving is always free.

References
----------
.. [1] M. Finus and B. Rundshagen, "Endogenous coalition formation in global pollution control",
   FEEM working paper 43.2001, 2001.
.. [2] J. Eyckmans and M. Finus, "Coalition formation in a global warming game", Natural Resource
   Modeling 19(3), 2006, 323-358.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from games.participation.indifference import indifference
from games.participation.participation_game import ParticipationGame
from games.participation.stability import Stability, advantages, stability

__all__ = ["Membership", "membership_stability"]


class Membership(Enum):
    """Rule by which outsiders may join."""

    OPEN = "open"
    MAJORITY = "exclusive, majority consent"
    UNANIMITY = "exclusive, unanimous consent"


def membership_stability(game: ParticipationGame, membership: Membership) -> Stability:
    """Stability of all coalitions when outsiders need the signatories' consent to join.

    Parameters
    ----------
    game : ParticipationGame
    membership : Membership
        A signatory consents if it does not lose by the accession; a majority is more than half.
        Nobody's consent is needed to be the first signatory.

    Examples
    --------
    >>> game = ParticipationGame([[0, 1, 2, 0], [0, 2, 1, 3]])
    >>> membership_stability(game, Membership.OPEN).stable_masks
    (2,)
    >>> membership_stability(game, Membership.UNANIMITY).stable_masks
    (1, 2)
    """
    found = stability(game)
    if membership is Membership.OPEN:
        return found
    n = game.n_players
    sizes = game.sizes()
    is_external = np.ones(1 << n, dtype=bool)
    for j in range(n):
        shape = (-1, 2, 1 << j)
        own = game.payoffs[j].reshape(shape)
        wants = advantages(game, j) > indifference(own[:, 1], own[:, 0])
        consents = np.zeros(wants.shape, dtype=np.int64)
        for i in range(n):
            if i != j:
                split = game.payoffs[i].reshape(shape)
                limit = indifference(split[:, 1], split[:, 0])
                gains = split[:, 1] - split[:, 0] >= -limit
                consents += gains & _is_member(i, n).reshape(shape)[:, 0]
        votes = sizes.reshape(shape)[:, 0]
        needed = votes if membership is Membership.UNANIMITY else votes // 2 + (votes > 0)
        is_external.reshape(shape)[:, 0] &= ~(wants & (consents >= needed))
    return replace(found, is_external=is_external, membership=membership.value)


def _is_member(player: int, n_players: int) -> NDArray[np.bool_]:
    inside = np.zeros(1 << n_players, dtype=bool)
    inside.reshape(-1, 2, 1 << player)[:, 1] = True
    return inside
