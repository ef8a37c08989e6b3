"""Linkage: several issues under one threat, or one membership for several agreements.

On each issue j a player gains ``gain_j`` now by defecting and loses ``loss_j`` in every later
period. Alone, the issue is kept if ``gain_j <= loss_j d / (1 - d)`` for the discount factor d,
that is from ``d = gain_j / (gain_j + loss_j)``. Linked, defection on one issue ends all of them,
and only the sums count.

References
----------
.. [1] B. D. Bernheim and M. D. Whinston, "Multimarket contact and collusive behavior", RAND
   Journal of Economics 21(1), 1990, 1-26.
.. [2] G. Spagnolo, "On interdependent supergames: multimarket contact, concavity, and collusion",
   Journal of Economic Theory 89(1), 1999, 127-139.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from games.errors import InvalidGameError
from games.participation.indifference import indifference
from games.participation.participation_game import ParticipationGame
from games.voting.exact_number import exact_numbers

__all__ = ["Linkage", "LinkedMembership", "linkage", "linked_membership"]


@dataclass(frozen=True)
class Linkage:
    """Smallest discount factors that keep issues apart and together, exact.

    Parameters
    ----------
    alone : tuple of Fraction
        Per issue.
    linked : Fraction
        For all of them under one threat.
    helped, endangered : tuple of int
        Issues that linkage keeps at lower discount factors than alone, and those that it loses at
        discount factors at which they would be kept alone.
    """

    alone: tuple[Fraction, ...]
    linked: Fraction
    helped: tuple[int, ...]
    endangered: tuple[int, ...]


def linkage(gains: Iterable[Any], losses: Iterable[Any]) -> Linkage:
    """Smallest discount factors with issues apart and linked.

    Parameters
    ----------
    gains, losses : sequences of numbers
        Gain of defecting now and loss per later period, per issue; not negative, and not both
        zero.

    Examples
    --------
    >>> found = linkage([4, 1], [1, 4])
    >>> [str(d) for d in found.alone], str(found.linked)
    (['4/5', '1/5'], '1/2')
    """
    g, loss = exact_numbers(gains, "gains"), exact_numbers(losses, "losses")
    if not g or len(g) != len(loss):
        raise InvalidGameError("gains, losses", f"have {len(g)} and {len(loss)} issues")
    for name, values in (("gains", g), ("losses", loss)):
        for k, value in enumerate(values):
            if value < 0 or g[k] + loss[k] == 0:
                raise InvalidGameError(
                    f"{name}[{k}]", f"is {value}; needs to be 0 or more, and not both be 0"
                )
    alone = tuple(a / (a + b) for a, b in zip(g, loss, strict=True))
    linked = sum(g, Fraction(0)) / (sum(g, Fraction(0)) + sum(loss, Fraction(0)))
    return Linkage(
        alone,
        linked,
        tuple(k for k, d in enumerate(alone) if d > linked),
        tuple(k for k, d in enumerate(alone) if d < linked),
    )


@dataclass(frozen=True)
class LinkedMembership:
    """Incentives of a signatory of several agreements whose payoffs add up.

    Parameters
    ----------
    slacks : tuple of float
        What leaving each agreement alone would cost, in the order of the agreements that the
        player is in; a player who is indifferent within rounding stays.
    leaves_one : tuple of int
        Agreements that the player would leave if it could keep the others.
    leaves_all : bool
        Whether it would leave if it had to leave all of them.
    """

    slacks: tuple[float, ...]
    leaves_one: tuple[int, ...]
    leaves_all: bool


def linked_membership(
    layers: Sequence[ParticipationGame], masks: Sequence[int], player: int
) -> LinkedMembership:
    """Incentive of one player to leave one agreement or all of several layers.

    Parameters
    ----------
    layers : sequence of ParticipationGame
        One per agreement, over the same players; a player's payoff is the sum.
    masks : sequence of int
        Signatories of each.
    player : int
    """
    if not layers or len(layers) != len(masks):
        raise InvalidGameError("masks", f"has {len(masks)} coalitions for {len(layers)} layers")
    if len({game.n_players for game in layers}) != 1 or not 0 <= player < layers[0].n_players:
        raise InvalidGameError("layers, player", "need the same players throughout")
    for k, mask in enumerate(masks):
        if not 0 <= mask < 1 << layers[0].n_players:
            raise InvalidGameError(f"masks[{k}]", f"is {mask}; no coalition of these players")
    inside = [k for k, mask in enumerate(masks) if mask >> player & 1]
    stays = np.array([layers[k].payoffs[player, masks[k]] for k in inside])
    leaves = np.array([layers[k].payoffs[player, masks[k] ^ 1 << player] for k in inside])
    slacks, limits = stays - leaves, indifference(stays, leaves)
    return LinkedMembership(
        tuple(slacks.tolist()),
        tuple(k for k, gains in zip(inside, slacks < -limits, strict=True) if gains),
        bool(slacks.sum() < -limits.sum()),
    )
