"""Unilateral deterrence: a demand, a denial, and whether each side would fight.

The Challenger makes a demand or leaves the status quo; the Defender concedes or denies; the
Challenger then backs down or fights. A *hard* player prefers conflict to giving in, a *soft* one
does not, and each knows its own type only (after Zagare and Kilgour, 2000). A Challenger is
deterred iff the probability of a denial is at least

* ``(DC - SQ) / (DC - DD)`` if it is hard: a denial means conflict;
* ``(DC - SQ) / (DC - CD)`` if it is soft: a denial means a retreat.

Outcomes: ``SQ`` status quo, ``DC`` demand and concession, ``CD`` demand, denial and retreat,
``DD`` conflict.

References
----------
.. [1] F. C. Zagare and D. M. Kilgour, "Perfect Deterrence", Cambridge University Press, 2000.
"""

from __future__ import annotations

from dataclasses import dataclass

from games.errors import InvalidGameError
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.tree import ExtensiveGame
from games.signalling.checks import check_number, check_probability

__all__ = ["Challenger", "Defender", "deterrence_thresholds", "unilateral_deterrence"]


@dataclass(frozen=True)
class Challenger:
    """Payoffs of the Challenger: ``DC > SQ > CD``, and ``conflict_hard > CD > conflict_soft``.

    Parameters
    ----------
    concession, status_quo, retreat : float
        ``DC``, ``SQ`` and ``CD``.
    conflict_hard, conflict_soft : float
        ``DD`` for each type, both below ``SQ``.
    """

    concession: float
    status_quo: float
    retreat: float
    conflict_hard: float
    conflict_soft: float

    def __post_init__(self) -> None:
        _check_finite(self)
        ordered = self.concession > self.status_quo > self.conflict_hard
        if not ordered or not self.conflict_hard > self.retreat > self.conflict_soft:
            raise InvalidGameError(
                "challenger",
                "needs concession > status_quo > conflict_hard > retreat > conflict_soft",
            )


@dataclass(frozen=True)
class Defender:
    """Payoffs of the Defender: ``conflict_hard > concession > conflict_soft``.

    Parameters
    ----------
    status_quo, concession, retreat : float
        ``SQ``, ``DC`` (it concedes) and ``CD`` (the Challenger retreats).
    conflict_hard, conflict_soft : float
        ``DD`` for each type.
    """

    status_quo: float
    concession: float
    retreat: float
    conflict_hard: float
    conflict_soft: float

    def __post_init__(self) -> None:
        _check_finite(self)
        if not self.conflict_hard > self.concession > self.conflict_soft:
            rule = "needs conflict_hard > concession > conflict_soft"
            raise InvalidGameError("defender", rule)
        if not self.retreat > self.concession:
            raise InvalidGameError("defender", "needs retreat > concession")


def deterrence_thresholds(challenger: Challenger) -> tuple[float, float]:
    """Probability of a denial that deters a hard and a soft Challenger.

    Examples
    --------
    >>> ch = Challenger(concession=4, status_quo=2, retreat=0, conflict_hard=1, conflict_soft=-1)
    >>> hard, soft = deterrence_thresholds(ch)
    >>> round(hard, 6), soft
    (0.666667, 0.5)
    """
    gain = challenger.concession - challenger.status_quo
    return (
        gain / (challenger.concession - challenger.conflict_hard),
        gain / (challenger.concession - challenger.retreat),
    )


def unilateral_deterrence(
    challenger: Challenger, defender: Defender, hard_challenger: float, hard_defender: float
) -> ExtensiveGame:
    """The deterrence game with types drawn by chance, for ``sequential_equilibrium``.

    Parameters
    ----------
    challenger, defender : Challenger, Defender
    hard_challenger, hard_defender : float
        Probabilities of the hard types, strictly between 0 and 1.

    Returns
    -------
    ExtensiveGame
        Information sets ``hard``, ``soft`` (demand or not), ``hard, denied``, ``soft, denied`` of
        the Challenger; ``hard``, ``soft`` of the Defender.
    """
    for name, value in (("hard_challenger", hard_challenger), ("hard_defender", hard_defender)):
        check_probability(value, name)
        if value in (0, 1):
            raise InvalidGameError(name, f"is {value}; both types must be possible")
    tree = TreeBuilder(["Challenger", "Defender"], title="unilateral deterrence")
    types = ("hard", "soft")
    own_fights = {"hard": challenger.conflict_hard, "soft": challenger.conflict_soft}
    other_fights = {"hard": defender.conflict_hard, "soft": defender.conflict_soft}
    drawn = tree.chance(0, {"hard": hard_challenger, "soft": 1 - hard_challenger})
    for own, node in zip(types, drawn, strict=True):
        nodes = tree.chance(node, {"hard": hard_defender, "soft": 1 - hard_defender})
        for other, start in zip(types, nodes, strict=True):
            wait, demand = tree.move(start, "Challenger", ["wait", "demand"], own)
            tree.end(wait, [challenger.status_quo, defender.status_quo])
            concede, deny = tree.move(demand, "Defender", ["concede", "deny"], other)
            tree.end(concede, [challenger.concession, defender.concession])
            retreat, fight = tree.move(
                deny, "Challenger", ["back down", "fight"], f"{own}, denied"
            )
            tree.end(retreat, [challenger.retreat, defender.retreat])
            tree.end(fight, [own_fights[own], other_fights[other]])
    return tree.build()


def _check_finite(payoffs: Challenger | Defender) -> None:
    for name, value in vars(payoffs).items():
        check_number(value, name)
