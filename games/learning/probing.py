"""Probing an unknown red line, and what inconsistent enforcement teaches.

A challenger does not know the level θ up to which its acts are tolerated; all levels of a range
are equally likely. An act of size a is worth g a in its period and is punished by s if a > θ. An
unpunished probe shows θ >= a, a punished one θ < a: beliefs stay an interval, and the best policy
is a dynamic programme over intervals. Knowing θ >= l, the choices are to stay at l for good, to
probe some a > l, or to go all the way and take the punishment every time.

If responses come only with probability ρ even where the line is meant, an unpunished probe no
longer proves anything; it lowers the chance μ that the line is meant to
μ (1 - ρ) / [μ (1 - ρ) + 1 - μ], until deterrence μ ρ s >= g is lost.

References
----------
.. [1] T. Schelling, "Arms and Influence", 1966, ch. 2 (salami tactics).
.. [2] D. Fudenberg and D. Levine, "The Theory of Learning in Games", 1998, ch. 6 (experiments).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.learning.inputs import at_least, whole_number
from games.normal_form import FloatArray

__all__ = ["Erosion", "ProbingPath", "ProbingPolicy", "erosion_of_deterrence", "probing_policy"]

MAX_LEVELS = 400
"""Largest number of levels; the programme takes the cube of it in steps."""

MAX_PROBES = 100_000
"""Largest number of unpunished probes that is followed."""


@dataclass(frozen=True)
class ProbingPath:
    """What the challenger does when the line is at a given level.

    Parameters
    ----------
    acts : tuple of int
        Levels of the acts until they no longer change.
    punished : tuple of bool
        Whether each was punished.
    settles_at : int
        Level at which the acts stay.
    """

    acts: tuple[int, ...]
    punished: tuple[bool, ...]
    settles_at: int


@dataclass(frozen=True, eq=False)
class ProbingPolicy:
    """Best policy against an unknown line on the levels 0, ..., n.

    Parameters
    ----------
    values : (n + 1, n + 1) array of float
        Average discounted payoff knowing that the line is from l to h, at ``[l, h]``; nan below
        the diagonal.
    choices : (n + 1, n + 1) array of int
        Act chosen there: l to stay, n + 1 to go all the way and be punished; -1 below the
        diagonal.
    residual : float
        Largest violation of Bellman's equation, the certificate.
    """

    values: FloatArray
    choices: NDArray[np.int64]
    residual: float

    @property
    def n_levels(self) -> int:
        """Highest level n."""
        return len(self.values) - 1

    def path(self, line: int) -> ProbingPath:
        """What happens if the line is at level ``line``.

        Raises
        ------
        InvalidGameError
            If the line is not among the levels.
        """
        if not 0 <= line <= self.n_levels:
            raise InvalidGameError("line", f"is {line}; levels run from 0 to {self.n_levels}")
        low, high = 0, self.n_levels
        acts, punished = [], []
        for _ in range(self.n_levels + 2):
            act = int(self.choices[low, high])
            acts.append(act)
            punished.append(act > line)
            if act in (low, self.n_levels + 1):
                break
            low, high = (low, act - 1) if act > line else (act, high)
        return ProbingPath(tuple(acts), tuple(punished), acts[-1])


@dataclass(frozen=True)
class Erosion:
    """How unpunished probes wear deterrence out.

    Parameters
    ----------
    beliefs : tuple of float
        Chance that the line is meant before the first probe and after each unpunished one, up
        to the one that ends deterrence.
    free_probes : int or infinity
        Unpunished probes after which probing pays; 0 if it pays from the start, infinity if it
        never does.
    """

    beliefs: tuple[float, ...]
    free_probes: float


def probing_policy(
    n_levels: int, *, gain: float, sanction: float, discount: float
) -> ProbingPolicy:
    """Best policy of a challenger who does not know where the line is.

    Parameters
    ----------
    n_levels : int
        The line is at one of the levels 0 (nothing is tolerated), ..., n, equally likely; an act
        at n + 1 is always punished.
    gain : float
        Worth g of one level, per period, not negative.
    sanction : float
        Punishment s of an act above the line, not negative.
    discount : float
        Discount factor per period, at least 0 and less than 1.

    Raises
    ------
    InvalidGameError
        If a number is out of range.
    TooLargeError
        With more than 400 levels.
    CertificateError
        If the values do not satisfy Bellman's equation.

    Examples
    --------
    >>> probing_policy(4, gain=1, sanction=6, discount=0.9).path(2)
    ProbingPath(acts=(2, 3, 2), punished=(False, True, False), settles_at=2)
    >>> probing_policy(4, gain=1, sanction=9, discount=0).path(2).settles_at  # too dear to ask
    0
    """
    n = whole_number(n_levels, "n_levels", least=1)
    if n > MAX_LEVELS:
        raise TooLargeError(f"{n} levels; at most {MAX_LEVELS} are handled")
    g, s = at_least(gain, "gain"), at_least(sanction, "sanction")
    d = at_least(discount, "discount", 0.0, 1.0)
    if d == 1:
        raise InvalidGameError("discount", "is 1; it must be less than 1")
    values = np.full((n + 1, n + 1), np.nan)
    choices = np.full((n + 1, n + 1), -1, dtype=np.int64)
    for width in range(n + 1):
        for low in range(n + 1 - width):
            worth = _worth(values, low, low + width, (g, s, d))
            best = int(np.argmax(worth))
            values[low, low + width] = worth[best]
            choices[low, low + width] = low + best if best <= width else n + 1
    residual = _bellman_residual(values, (g, s, d))
    if residual > 1e-12 * max(g * n, s, 1e-300):
        raise CertificateError(f"values of probing leave a residual of {residual:.3g}")
    return ProbingPolicy(values, choices, residual)


def erosion_of_deterrence(
    prior: float, *, reliability: float, gain: float, sanction: float
) -> Erosion:
    """Number of unpunished probes after which deterrence is lost.

    Parameters
    ----------
    prior : probability
        That the line is meant.
    reliability : probability
        Of a response to a probe if the line is meant.
    gain, sanction : float
        Of a probe, and of being punished for it.

    Raises
    ------
    InvalidGameError
        If a number is out of range.
    TooLargeError
        If deterrence outlasts 100,000 probes; the message says how many about.

    Examples
    --------
    >>> erosion_of_deterrence(0.9, reliability=0.5, gain=1, sanction=4).free_probes
    4
    """
    mu = at_least(prior, "prior", 0.0, 1.0)
    rho = at_least(reliability, "reliability", 0.0, 1.0)
    g, s = at_least(gain, "gain"), at_least(sanction, "sanction")
    beliefs = [mu]
    if mu * rho * s < g:
        return Erosion((mu,), 0)
    if mu == 1 or rho == 0 or g == 0:
        return Erosion((mu,), math.inf)
    # Each round multiplies the odds by 1 - ρ, until they are g / (ρ s - g).
    if rho < 1:
        excess = (
            math.log(mu) - math.log1p(-mu) + math.log(max(rho * s - g, g * 1e-16)) - math.log(g)
        )
        rounds = excess / -math.log1p(-rho)
        if rounds > MAX_PROBES:
            raise TooLargeError(f"deterrence outlasts about {rounds:.3g} unpunished probes")
    while beliefs[-1] * rho * s >= g:
        kept = beliefs[-1] * (1 - rho)
        beliefs.append(kept / (kept + 1 - beliefs[-1]))
    return Erosion(tuple(beliefs), len(beliefs) - 1)


def _worth(
    values: FloatArray, low: int, high: int, terms: tuple[float, float, float]
) -> FloatArray:
    """Worth of staying, of each probe up to ``high``, and of going all the way."""
    gain, sanction, discount = terms
    width = high - low
    probes = np.arange(low + 1, high + 1)
    caught = (probes - low) / (width + 1)
    kept = values[probes, high]
    learnt = values[low, probes - 1]
    now = (1 - discount) * (gain * probes - caught * sanction)
    tries = now + discount * ((1 - caught) * kept + caught * learnt)
    stay, defy = gain * low, gain * len(values) - sanction
    return np.concatenate([[stay], tries, [defy]])


def _bellman_residual(values: FloatArray, terms: tuple[float, float, float]) -> float:
    """Largest gap between a value and the best choice, choices written out one by one."""
    gain, sanction, discount = terms
    n = len(values) - 1
    worst = 0.0
    for low in range(n + 1):
        for high in range(low, n + 1):
            best = max(gain * low, gain * (n + 1) - sanction)
            for act in range(low + 1, high + 1):
                chance = (high - act + 1) / (high - low + 1)
                later = chance * values[act, high] + (1 - chance) * values[low, act - 1]
                now = gain * act - (1 - chance) * sanction
                best = max(best, (1 - discount) * now + discount * later)
            worst = max(worst, abs(best - float(values[low, high])))
    return worst
