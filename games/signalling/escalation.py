"""Escalation: ladders of growing risk, off-ramps and wars of attrition.

On a *ladder* two players move in turn: to press on carries the rung's risk of disaster for both;
who backs down lets the other win. Pressing on to victory is worth a risk of at most the
*critical risk* ``(win - quit) / (win - disaster)`` (Ellsberg, 1959; Powell, 1987). In a *war of
attrition* each player keeps the other indifferent: player i quits at the rate
``cost_j / prize_j`` (after Maynard Smith, 1974).

References
----------
.. [1] D. Ellsberg, "The theory and practice of blackmail" (1959), in O. Young (ed.),
   Bargaining, University of Illinois Press, 1975, 343-363.
.. [2] R. Powell, "Crisis bargaining, escalation, and MAD", American Political Science Review
   81(3), 1987, 717-735.
.. [3] J. Maynard Smith, "The theory of games and the evolution of animal conflicts", Journal of
   Theoretical Biology 47(1), 1974, 209-221.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from games.errors import InvalidGameError
from games.extensive_form.behavior import BehaviorProfile, reach_probabilities
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.tree import ExtensiveGame
from games.signalling.checks import check_number, check_probability

__all__ = [
    "Stakes",
    "attrition_hazards",
    "critical_risk",
    "escalation_ladder",
    "rung_probabilities",
]

_PLAYERS = ("first", "second")


@dataclass(frozen=True)
class Stakes:
    """What one player has at stake on a ladder.

    Parameters
    ----------
    win, quit, disaster : float
        Payoffs, ``win > quit > disaster``.
    face_saved : float, optional
        With an off-ramp: what a settlement saves compared with quitting; both get off the
        ladder, the other player as if it had won.
    """

    win: float
    quit: float
    disaster: float
    face_saved: float | None = None

    def __post_init__(self) -> None:
        for name in ("win", "quit", "disaster"):
            check_number(getattr(self, name), name)
        if not self.win > self.quit > self.disaster:
            rule = f"are {self.win}, {self.quit}, {self.disaster}; win > quit > disaster needed"
            raise InvalidGameError("win, quit, disaster", rule)
        if self.face_saved is not None:
            check_number(self.face_saved, "face_saved")


def critical_risk(stakes: Stakes) -> float:
    """Largest risk of disaster at which pressing on to victory is no worse than quitting.

    Examples
    --------
    >>> critical_risk(Stakes(win=1, quit=0, disaster=-9))
    0.1
    """
    return (stakes.win - stakes.quit) / (stakes.win - stakes.disaster)


def escalation_ladder(risks: Sequence[float], first: Stakes, second: Stakes) -> ExtensiveGame:
    """Ladder on which the players press on or back down in turn.

    Parameters
    ----------
    risks : sequence of float
        Probability of disaster of pressing on at each rung, the first player's first.
    first, second : Stakes

    Returns
    -------
    ExtensiveGame
        Of perfect information, for
        :func:`~games.extensive_form.backward_induction.backward_induction`; at rung ``k`` the
        mover's information set is ``rung k``. Who survives pressing on at the top rung wins.

    Raises
    ------
    InvalidGameError
        If there is no rung or a risk is no probability.
    """
    if not len(risks):
        raise InvalidGameError("risks", "is empty; a ladder needs a rung")
    stakes = (first, second)
    tree = TreeBuilder(_PLAYERS, title="escalation ladder")
    node = 0
    for rung, risk in enumerate(risks):
        check_probability(risk, f"risks[{rung}]")
        mover = rung % 2
        own, other = stakes[mover], stakes[1 - mover]
        actions = ["press on", "back down"] + ["off-ramp"] * (own.face_saved is not None)
        label = f"rung {rung + 1}"
        press, *exits = tree.move(node, _PLAYERS[mover], actions, label, label)
        quits = [own.quit, own.quit + (own.face_saved or 0.0)]
        for end, payoff in zip(exits, quits, strict=False):
            tree.end(end, _in_order(mover, payoff, other.win))
        disaster, node = tree.chance(press, {"disaster": risk, "none": 1 - risk})
        tree.end(disaster, [first.disaster, second.disaster])
    tree.end(node, _in_order(mover, own.win, other.quit))
    return tree.build()


def rung_probabilities(game: ExtensiveGame, behavior: BehaviorProfile) -> tuple[float, ...]:
    """Probability that play comes to each rung of a ladder, the first rung first.

    Examples
    --------
    >>> import numpy as np
    >>> ladder = escalation_ladder([0.5, 0.5], Stakes(1, 0, -9), Stakes(1, 0, -9))
    >>> rung_probabilities(ladder, (np.array([1.0, 0.0]), np.array([0.0, 1.0])))
    (1.0, 0.5)
    """
    reach = reach_probabilities(game, behavior)
    return tuple(float(reach[h.nodes[0]]) for h in game.information_sets)


def attrition_hazards(
    costs: tuple[float, float], prizes: tuple[float, float]
) -> tuple[float, float]:
    """Rates at which the two players of a war of attrition quit in its mixed equilibrium.

    Parameters
    ----------
    costs : pair of float
        What staying costs each player per unit of time; positive.
    prizes : pair of float
        What each player gets if the other quits; positive.

    Returns
    -------
    pair of float
        Player i quits at rate ``cost_j / prize_j``, which leaves player j indifferent: a
        player with more at stake makes the *other* stay longer.

    Examples
    --------
    >>> attrition_hazards(costs=(1, 2), prizes=(10, 5))
    (0.4, 0.1)
    """
    for name, pair in (("costs", costs), ("prizes", prizes)):
        for k, value in enumerate(pair):
            check_number(value, f"{name}[{k}]", above=0)
    return costs[1] / prizes[1], costs[0] / prizes[0]


def _in_order(mover: int, own: float, other: float) -> list[float]:
    return [own, other] if mover == 0 else [other, own]
