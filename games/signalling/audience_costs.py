"""Audience costs: public threats, bluffs and being locked in.

A threat wins ``B`` if the target gives in. If it resists, with probability ``ρ``, the sender
acts (worth ``w``) or backs down before its audience at a cost ``a``. A sender that would back
down is bluffing; bluffing pays iff ``(1 - ρ) B > ρ a``, so ``a* = B (1 - ρ) / ρ`` removes bluffs;
it acts iff ``w >= -a``, so a large cost locks it in (after Fearon, 1994, 1997).

References
----------
.. [1] J. D. Fearon, "Domestic political audiences and the escalation of international
   disputes", American Political Science Review 88(3), 1994, 577-592.
.. [2] J. D. Fearon, "Signaling foreign policy interests: tying hands versus sinking costs",
   Journal of Conflict Resolution 41(1), 1997, 68-90.
"""

from __future__ import annotations

from dataclasses import dataclass

from games.errors import InvalidGameError
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.tree import ExtensiveGame
from games.signalling.checks import check_number, check_probability
from games.signalling.game import SignallingGame

__all__ = ["PublicThreat", "bluff_removing_cost", "threat_game"]


@dataclass(frozen=True)
class PublicThreat:
    """A sender's threat against a target that resists with a known probability.

    Parameters
    ----------
    benefit : float
        ``B``, what the sender gets if the target gives in; positive.
    resist_probability : float
        ``ρ``.
    audience_cost : float
        ``a``, cost of backing down after the threat; at least 0.
    value_of_acting : float
        ``w``, what carrying out the threat is worth; usually negative.

    Examples
    --------
    >>> threat = PublicThreat(0.3, 0.4, audience_cost=0.5, value_of_acting=-0.8)
    >>> threat.backs_down, round(threat.gain_from_bluffing, 3)
    (True, -0.02)
    """

    benefit: float
    resist_probability: float
    audience_cost: float
    value_of_acting: float

    def __post_init__(self) -> None:
        check_number(self.benefit, "benefit", above=0)
        check_probability(self.resist_probability, "resist_probability")
        check_number(self.audience_cost, "audience_cost")
        check_number(self.value_of_acting, "value_of_acting")
        if self.audience_cost < 0:
            raise InvalidGameError("audience_cost", f"is {self.audience_cost}; at least 0 needed")

    @property
    def backs_down(self) -> bool:
        """Whether the threat is a bluff: backing down is better than acting."""
        return self.value_of_acting < -self.audience_cost

    @property
    def is_locked_in(self) -> bool:
        """Whether the sender acts only because backing down before its audience costs more."""
        return -self.audience_cost <= self.value_of_acting < 0

    @property
    def gain_from_bluffing(self) -> float:
        """What a threat is worth to a sender that would back down: ``(1 - ρ) B - ρ a``."""
        rho = self.resist_probability
        return (1 - rho) * self.benefit - rho * self.audience_cost

    @property
    def value(self) -> float:
        """What the threat is worth given the better of acting and backing down."""
        rho = self.resist_probability
        end = max(self.value_of_acting, -self.audience_cost)
        return (1 - rho) * self.benefit + rho * end

    def to_tree(self) -> ExtensiveGame:
        """The sender's decisions as a tree, the target a move of chance."""
        tree = TreeBuilder(["sender"], title="public threat")
        silent, threat = tree.move(0, "sender", ["stay silent", "threaten"])
        tree.end(silent, [0])
        rho = self.resist_probability
        gives_in, resists = tree.chance(threat, {"gives in": 1 - rho, "resists": rho})
        tree.end(gives_in, [self.benefit])
        act, back_down = tree.move(resists, "sender", ["act", "back down"])
        tree.end(act, [self.value_of_acting])
        tree.end(back_down, [-self.audience_cost])
        return tree.build()


def bluff_removing_cost(benefit: float, resist_probability: float) -> float:
    """Smallest audience cost ``a* = B (1 - ρ) / ρ`` at which bluffing does not pay.

    Raises
    ------
    InvalidGameError
        If the benefit is not positive, or ``ρ`` is not in (0, 1]: against a target that never
        resists no cost removes bluffs.

    Examples
    --------
    >>> round(bluff_removing_cost(0.3, 0.4), 9)
    0.45
    """
    check_number(benefit, "benefit", above=0)
    check_probability(resist_probability, "resist_probability")
    check_number(resist_probability, "resist_probability", above=0)
    return benefit * (1 - resist_probability) / resist_probability


def threat_game(
    benefit: float,
    audience_cost: float,
    values_of_acting: tuple[float, float],
    prior_resolute: float,
    target_stake: float,
    target_war_cost: float,
) -> SignallingGame:
    """Signalling game in which the target decides whether to believe the threat.

    Parameters
    ----------
    benefit, audience_cost : float
        As in :class:`PublicThreat`.
    values_of_acting : pair of float
        What acting is worth to the resolute and to the irresolute type.
    prior_resolute : float
        Strictly between 0 and 1.
    target_stake : float
        What the target loses by giving in.
    target_war_cost : float
        What it loses if it resists a threat that is carried out.

    Returns
    -------
    SignallingGame
        Types ``resolute``, ``irresolute``; messages ``threaten``, ``stay silent``; actions
        ``give in``, ``resist`` (the latter two make no difference after silence).

    Notes
    -----
    Where the irresolute type bluffs sometimes, the target resists with the probability ``ρ`` for
    which ``audience_cost`` equals :func:`bluff_removing_cost`, namely ``B / (B + a)``.
    """
    check_number(benefit, "benefit", above=0)
    check_number(audience_cost, "audience_cost")
    if audience_cost < 0:
        raise InvalidGameError("audience_cost", f"is {audience_cost}; at least 0 needed")
    check_number(target_stake, "target_stake")
    check_number(target_war_cost, "target_war_cost")
    sender, receiver = [], []
    for k, value in enumerate(values_of_acting):
        check_number(value, f"values_of_acting[{k}]")
        acts = value >= -audience_cost
        sender.append([[benefit, max(value, -audience_cost)], [0.0, 0.0]])
        receiver.append([[-target_stake, -target_war_cost if acts else 0.0], [0.0, 0.0]])
    return SignallingGame(
        [prior_resolute, 1 - prior_resolute],
        sender,
        receiver,
        ("resolute", "irresolute"),
        ("threaten", "stay silent"),
        ("give in", "resist"),
    )
