"""Threatened retaliation in Chicken: how likely it must be for peace to hold.

Two players cooperate or preempt. Whoever is preempted retaliates with a probability that it has
made known; retaliation, like preemption by both, ends in the worst for both. Payoffs are ranked
as in Chicken: ``best`` for preempting unanswered, ``cooperation``, ``yielding`` to the other's
preemption, and ``worst``. Nobody preempts, and that is an equilibrium, iff each is threatened
with retaliation of probability ``(best - cooperation) / (best - worst)`` at least; with payoffs
scaled so that worst is 0 and best is 1 this is one minus the payoff of cooperation (after Brams
and Kilgour, 1988). The threat costs nothing while it works; to carry it out costs
``yielding - worst``, so it needs a commitment.

References
----------
.. [1] S. J. Brams and D. M. Kilgour, "Game Theory and National Security", Blackwell, 1988.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from games.errors import InvalidGameError
from games.normal_form import NormalFormGame
from games.signalling.checks import check_number, check_probability

__all__ = ["ChickenPayoffs", "deterring_retaliation", "retaliation_game"]


@dataclass(frozen=True)
class ChickenPayoffs:
    """One player's payoffs: ``best > cooperation > yielding > worst``, in its own units.

    Parameters
    ----------
    best : float
        It preempts and the other yields.
    cooperation : float
        Nobody preempts.
    yielding : float
        The other preempts and it does not retaliate.
    worst : float
        Both preempt, or preemption is answered.
    """

    best: float
    cooperation: float
    yielding: float
    worst: float

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            check_number(value, f"payoffs.{name}")
        if not self.best > self.cooperation > self.yielding > self.worst:
            raise InvalidGameError("payoffs", "need best > cooperation > yielding > worst")


def deterring_retaliation(threatened: ChickenPayoffs) -> float:
    """Least probability of retaliation that keeps a player with these payoffs from preempting.

    Examples
    --------
    >>> deterring_retaliation(ChickenPayoffs(best=4, cooperation=3, yielding=2, worst=1)) * 3
    1.0
    """
    # Quotients, so that no difference of payoffs overflows.
    p = threatened
    stake = p.best / 2 - p.worst / 2
    return float((p.best / 2 - p.cooperation / 2) / stake)


def retaliation_game(
    payoffs: Sequence[ChickenPayoffs], retaliation: Sequence[float]
) -> NormalFormGame:
    """The game of cooperating or preempting, given how each will answer preemption.

    Parameters
    ----------
    payoffs : pair of ChickenPayoffs
    retaliation : pair of float
        Probability that each player, if preempted, retaliates.

    Raises
    ------
    InvalidGameError
        If there are not two players, or a probability is not from 0 to 1.

    Examples
    --------
    >>> from games.nash_equilibria import nash_equilibria
    >>> chicken = ChickenPayoffs(best=1, cooperation=0.7, yielding=0.2, worst=0)
    >>> for threat in (0.29, 0.31):
    ...     game = retaliation_game([chicken] * 2, [threat] * 2)
    ...     found = nash_equilibria(game).equilibria
    ...     print(any(e.strategies[0][0] == e.strategies[1][0] == 1 for e in found))
    False
    True
    """
    if len(payoffs) != 2 or len(retaliation) != 2:
        raise InvalidGameError("payoffs, retaliation", "need one entry for each of two players")
    for i, probability in enumerate(retaliation):
        check_probability(probability, f"retaliation[{i}]")
    tables = []
    for own, answer, mine in zip(payoffs, retaliation[::-1], retaliation, strict=True):
        alone = (1 - answer) * own.best + answer * own.worst
        suffered = (1 - mine) * own.yielding + mine * own.worst
        tables.append([[own.cooperation, suffered], [alone, own.worst]])
    row, column = tables
    transposed = [list(entries) for entries in zip(*column, strict=True)]
    labels = ("cooperate", "preempt")
    return NormalFormGame.from_bimatrix(row, transposed, actions=[labels, labels])
