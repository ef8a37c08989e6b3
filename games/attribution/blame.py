"""The blame game: tolerate, blame quietly or blame in public.

After Edwards, Furnas, Forrest and Axelrod (2017); payoffs reconstructed. An attacker is
*vulnerable* to blame with probability v; a victim is *knowledgeable* (knows which) with
probability k. Blaming a vulnerable attacker is worth β to the victim, blaming an invulnerable one
costs it C, so an unsure victim blames iff Pr(vulnerable | attack) ≥ C/(β + C). A vulnerable
attacker gains g by an attack that is not blamed and loses L by one that is: it is deterred iff
Pr(blamed) ≥ g/(g + L). An invulnerable attacker always attacks. With probability f the act was
staged by somebody else, and blaming for it costs C as well: it dilutes the belief.

References
----------
.. [1] B. Edwards, A. Furnas, S. Forrest, R. Axelrod, "Strategic aspects of cyberattack,
   attribution, and blame", PNAS 114(11), 2017, 2825-2830.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from enum import Enum

from games.errors import CertificateError, InvalidGameError
from games.parameters import check_positive, check_probability

__all__ = [
    "BlameEquilibrium",
    "BlameGame",
    "BlameRegime",
    "Publicity",
    "blame_equilibrium",
    "preferred_publicity",
]

REGRET_TOL = 1e-9
"""Largest regret of either side, relative to the payoffs that it compares."""


class BlameRegime(Enum):
    """Who does what, in the words of the paper's questions."""

    PEACE = "knowledgeable victims alone deter the vulnerable"
    TOLERANCE = "unsure victims never blame and the vulnerable always attack"
    BLAME = "unsure victims blame at times and the vulnerable attack at times"


@dataclass(frozen=True)
class BlameGame:
    """Parameters of the blame game.

    Parameters
    ----------
    vulnerable : float
        v in (0, 1), share of attackers who are vulnerable to blame.
    knowledgeable : float
        k in [0, 1], probability that the victim knows the attacker's kind.
    blame_gain, blame_cost : float
        β > 0 and C > 0, in the victim's units.
    attack_gain, blame_loss : float
        g > 0 and L > 0, in the attacker's units.
    false_flag : float
        f in [0, 1), probability that the act was staged by somebody else.
    """

    vulnerable: float
    knowledgeable: float
    blame_gain: float
    blame_cost: float
    attack_gain: float
    blame_loss: float
    false_flag: float = 0.0

    def __post_init__(self) -> None:
        check_probability("vulnerable", self.vulnerable, allow_zero=False, allow_one=False)
        check_probability("knowledgeable", self.knowledgeable)
        check_positive("blame_gain", self.blame_gain)
        check_positive("blame_cost", self.blame_cost)
        check_positive("attack_gain", self.attack_gain)
        check_positive("blame_loss", self.blame_loss)
        check_probability("false_flag", self.false_flag, allow_one=False)

    @property
    def belief_needed(self) -> float:
        """Belief in vulnerability from which an unsure victim blames: C/(β + C)."""
        # Halves, for the sum of two huge numbers may overflow.
        return self.blame_cost / 2 / (self.blame_gain / 2 + self.blame_cost / 2)

    @property
    def deterring_blame(self) -> float:
        """Probability of blame from which a vulnerable attacker is deterred: g/(g + L)."""
        return self.attack_gain / 2 / (self.attack_gain / 2 + self.blame_loss / 2)

    def belief(self, attack: float) -> float:
        """Unsure victim's belief after an attack when the vulnerable attack with ``attack``."""
        vulnerable = self.vulnerable * attack
        return (1 - self.false_flag) * vulnerable / (vulnerable + 1 - self.vulnerable)


@dataclass(frozen=True)
class BlameEquilibrium:
    """Perfect Bayesian equilibrium of the blame game.

    Parameters
    ----------
    regime : BlameRegime
    attack : float
        Probability that a vulnerable attacker attacks.
    blame : float
        Probability that an unsure victim blames; a knowledgeable one blames the vulnerable.
    belief : float
        Unsure victim's belief that the attacker is vulnerable, after an attack.
    blamed : float
        Probability that a vulnerable attacker who attacks is blamed.
    is_boundary : bool
        Whether a parameter lies on the border of a regime, where other equilibria exist too.
    attacker_regret, victim_regret : float
        Certificates: what a vulnerable attacker and an unsure victim could gain.
    """

    regime: BlameRegime
    attack: float
    blame: float
    belief: float
    blamed: float
    is_boundary: bool
    attacker_regret: float
    victim_regret: float


def blame_equilibrium(game: BlameGame) -> BlameEquilibrium:
    """Equilibrium of the blame game; unique but for boundary cases, where the most peaceful.

    Parameters
    ----------
    game : BlameGame

    Returns
    -------
    BlameEquilibrium

    Notes
    -----
    Better knowledge deters only from k = g/(g + L) on. Below it, the vulnerable attack just as
    often as leaves the unsure victim indifferent, which knowledge does not change.

    Examples
    --------
    >>> game = BlameGame(0.5, 0.1, blame_gain=5, blame_cost=3, attack_gain=2, blame_loss=6)
    >>> game.belief_needed, game.deterring_blame
    (0.375, 0.25)
    >>> found = blame_equilibrium(game)
    >>> found.regime.name, round(found.attack, 6), round(found.belief, 6)
    ('BLAME', 0.6, 0.375)
    """
    t, needed = game.belief_needed, game.deterring_blame
    k, v, f = game.knowledgeable, game.vulnerable, game.false_flag
    most = game.belief(1.0)
    # Thresholds are quotients that round: within rounding of one is on it.
    at_deterrence, at_blame = math.isclose(k, needed), math.isclose(most, t)
    is_boundary = at_deterrence or (k < needed and at_blame)
    if k >= needed or at_deterrence:
        attack, blame, regime = 0.0, 0.0, BlameRegime.PEACE
    elif most < t and not at_blame:
        attack, blame, regime = 1.0, 0.0, BlameRegime.TOLERANCE
    else:
        attack = 1.0 if at_blame else min(1.0, t * (1 - v) / (v * (1 - f - t)))
        blame, regime = (needed - k) / (1 - k), BlameRegime.BLAME
    return _certified(game, regime, attack, blame, is_boundary)


class Publicity(Enum):
    """What a victim does with an accusation."""

    TOLERATE = "say nothing"
    PRIVATE = "blame in private"
    PUBLIC = "blame in public"


def preferred_publicity(
    belief: float,
    *,
    public_gain: float,
    public_cost: float,
    private_gain: float,
    private_cost: float,
) -> Publicity:
    """Best use of an accusation at a belief; the less public one when two are equally good.

    Parameters
    ----------
    belief : float
        Probability that the accused is vulnerable to blame.
    public_gain, public_cost : float
        Gain if it is vulnerable and cost if not, of blame in public.
    private_gain, private_cost : float
        The same in private; neither may be larger than in public.

    Notes
    -----
    With smaller stakes in private the order by rising belief is tolerate, private, public;
    private blame is never best if it keeps more of the cost than of the gain.

    Examples
    --------
    >>> stakes = dict(public_gain=5, public_cost=3, private_gain=2, private_cost=0.5)
    >>> [preferred_publicity(belief, **stakes).name for belief in (0.1, 0.3, 0.6)]
    ['TOLERATE', 'PRIVATE', 'PUBLIC']
    """
    μ = check_probability("belief", belief)
    for name, private, public in (
        ("private_gain", private_gain, public_gain),
        ("private_cost", private_cost, public_cost),
    ):
        check_positive(name, private)
        check_positive(name.replace("private", "public"), public)
        if private > public:
            rule = f"is {private:g}; must not be larger than in public ({public:g})"
            raise InvalidGameError(name, rule)
    values = {
        Publicity.TOLERATE: 0.0,
        Publicity.PRIVATE: μ * private_gain - (1 - μ) * private_cost,
        Publicity.PUBLIC: μ * public_gain - (1 - μ) * public_cost,
    }
    return max(values, key=lambda choice: values[choice])  # max keeps the first of equals


def _certified(
    game: BlameGame, regime: BlameRegime, attack: float, blame: float, is_boundary: bool
) -> BlameEquilibrium:
    k, g, L = game.knowledgeable, game.attack_gain, game.blame_loss
    blamed = k + (1 - k) * blame
    worth = g * (1 - blamed) - L * blamed
    attacker_regret = max(0.0, worth) - attack * worth
    belief = game.belief(attack)
    gain = belief * game.blame_gain - (1 - belief) * game.blame_cost
    victim_regret = max(0.0, gain) - blame * gain
    # Relative to what is at stake here: a huge loss that is never risked excuses no regret.
    attacker_stake = g * (1 - blamed) + L * blamed
    victim_stake = belief * game.blame_gain + (1 - belief) * game.blame_cost
    eps = 8 * sys.float_info.epsilon  # of the probabilities, which may be next to 1
    attacker_limit = REGRET_TOL * attacker_stake + eps * (g + L * blamed)
    victim_limit = REGRET_TOL * victim_stake + eps * (belief * game.blame_gain + game.blame_cost)
    if attacker_regret > attacker_limit or victim_regret > victim_limit:
        raise CertificateError(
            f"{regime.name}: regrets {attacker_regret:.3g} and {victim_regret:.3g}"
        )
    return BlameEquilibrium(
        regime, attack, blame, belief, blamed, is_boundary, attacker_regret, victim_regret
    )
