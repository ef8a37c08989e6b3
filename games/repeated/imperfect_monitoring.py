"""Cooperation under false alarms: the punishment that is long enough, and no longer.

Two players cooperate (reward R), may gain γ = T - R by a violation, and see a bad public signal
with probability p after a violation and q < p without one. A bad signal starts L periods of the
stage equilibrium (P each). With r = R - P and discount factor δ, and X = δ (1 - δ^L):

* complying is a best reply if and only if X >= x* = γ (1 - δ) / den, den = (p - q) r - q γ > 0;
* the average payoff is P + r (1 - δ) / (1 - δ + q X), which falls with L, so the best length is
  the least L that deters: severity that is enough;
* with a public lottery over the length, X = x* exactly and the payoff is R - γ / (p/q - 1);
* some length deters if and only if δ >= γ / ((p - q) r + (1 - q) γ), the threshold of permanent
  punishment.

References
----------
.. [1] E. Green and R. Porter, "Noncooperative collusion under imperfect price information",
       Econometrica 52(1), 1984, 87-100.
.. [2] D. Abreu, P. Milgrom and D. Pearce, "Information and timing in repeated partnerships",
       Econometrica 59(6), 1991, 1713-1733.
.. [3] G. Downs and D. Rocke, "Optimal Imperfection?", 1995.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from games.errors import CertificateError, InvalidGameError, NoSolutionError
from games.repeated.automata import ProfileAutomaton
from games.repeated.dilemma import Dilemma
from games.repeated.exact_numbers import Number, discount_factor, exact, probability, whole_length

__all__ = [
    "Feasibility",
    "OptimalPunishment",
    "monitoring_automaton",
    "optimal_punishment",
    "punishment_payoff",
]

EXACT_LENGTH = 2000
"""Longest punishment that is compared in exact arithmetic; beyond it logarithms decide."""


class Feasibility(Enum):
    """Whether any punishment makes cooperation an equilibrium, and if not, why not."""

    FEASIBLE = "a long enough punishment deters"
    IMPATIENT = "even permanent punishment does not deter at this discount factor"
    UNINFORMATIVE = "the signal is too weak: no punishment deters at any discount factor"


@dataclass(frozen=True)
class OptimalPunishment:
    """The best punishment under imperfect public monitoring.

    Parameters
    ----------
    feasibility : Feasibility
        Whether cooperation can be sustained at all; if not, the stage equilibrium is all there is.
    length : int or infinity
        Least number of periods that deters, 0 when nobody is tempted or nothing deters.
    average_payoff : float
        Per period and player with that length; P when nothing deters.
    ceiling : float
        What a public lottery over the length attains at best; P when nothing deters.
    min_discount : float
        Least discount factor at which some length deters; infinity if none below 1 does.
    slack : float
        What complying is worth more than a violation, in average payoff; the certificate, not
        negative when feasible.
    loss_from_error : float
        R less the average payoff.
    """

    feasibility: Feasibility
    length: float
    average_payoff: float
    ceiling: float
    min_discount: float
    slack: float
    loss_from_error: float

    @property
    def is_feasible(self) -> bool:
        """Whether some length deters."""
        return self.feasibility is Feasibility.FEASIBLE


@dataclass(frozen=True)
class _Stakes:
    """The numbers of the model: r, γ, P as in the module's head."""

    loss: Fraction
    gain: Fraction
    floor: Fraction
    detection: Fraction
    false_alarm: Fraction

    @property
    def margin(self) -> Fraction:
        """The ``den`` of the module's head: what one unit of X deters, net of false alarms."""
        return (self.detection - self.false_alarm) * self.loss - self.false_alarm * self.gain


def optimal_punishment(
    temptation: Number,
    reward: Number,
    punishment: Number,
    *,
    detection: Number,
    false_alarm: Number,
    discount: Number,
) -> OptimalPunishment:
    """Length of punishment that deters at the least cost, with payoffs and thresholds.

    Parameters
    ----------
    temptation, reward, punishment : int, float or Fraction
        Stage payoffs T >= R > P: of a violation while the other complies, of mutual compliance,
        and of the stage equilibrium that punishes.
    detection, false_alarm : probability
        Of a bad signal if one player violates, and if nobody does.
    discount : float
        Discount factor per period, at least 0 and less than 1.

    Returns
    -------
    OptimalPunishment
        ``feasibility`` says whether and why not.

    Raises
    ------
    InvalidGameError
        If a number is out of range.
    CertificateError
        If the length found does not deter, or a shorter one does.

    Examples
    --------
    >>> best = optimal_punishment(5, 3, 1, detection=0.9, false_alarm=0.1, discount=0.9)
    >>> best.length, round(best.average_payoff, 4), best.ceiling, round(best.min_discount, 4)
    (2, 2.7079, 2.75, 0.5882)
    """
    stakes = _stakes(temptation, reward, punishment, detection, false_alarm)
    delta = discount_factor(discount)
    agreed = stakes.floor + stakes.loss
    threshold = _min_discount(stakes)
    if stakes.gain == 0:
        return OptimalPunishment(
            Feasibility.FEASIBLE, 0, float(agreed), float(agreed), 0.0, 0.0, 0.0
        )
    if threshold == math.inf or delta < threshold:
        weak = threshold == math.inf
        why = Feasibility.UNINFORMATIVE if weak else Feasibility.IMPATIENT
        floor = float(stakes.floor)
        slack = _slack(stakes, delta, math.inf)
        return OptimalPunishment(why, 0, floor, floor, float(threshold), slack, float(stakes.loss))
    length = _least_length(stakes, delta)
    slack = _slack(stakes, delta, length)
    small = 1e-12 * float(stakes.gain + stakes.loss)
    if slack < -small or (length > 1 and _slack(stakes, delta, _shorter(length)) > small):
        raise CertificateError(f"punishment for {length} periods is not the least that deters")
    payoff = punishment_payoff(
        reward, punishment, false_alarm=false_alarm, discount=discount, length=length
    )
    q, p = stakes.false_alarm, stakes.detection
    ceiling = float(agreed - stakes.gain * q / (p - q))
    return OptimalPunishment(
        Feasibility.FEASIBLE,
        length,
        payoff,
        ceiling,
        float(threshold),
        slack,
        float(agreed) - payoff,
    )


def punishment_payoff(
    reward: Number,
    punishment: Number,
    *,
    false_alarm: Number,
    discount: Number,
    length: float,
) -> float:
    """Average payoff per period when all comply and each false alarm costs ``length`` periods.

    Whether complying is a best reply is not asked here; see :func:`optimal_punishment`.

    Examples
    --------
    >>> round(punishment_payoff(3, 1, false_alarm=0.1, discount=0.9, length=2), 4)
    2.7079
    """
    R, P = exact(reward, "reward"), exact(punishment, "punishment")
    q, delta = float(probability(false_alarm, "false_alarm")), discount_factor(discount)
    X = float(delta) * _forgone(delta, whole_length(length, "length"))
    rest = float(1 - delta)
    return float(P) + float(R - P) * rest / (rest + q * X)


def monitoring_automaton(
    dilemma: Dilemma, *, detection: Number, false_alarm: Number, length: float
) -> ProfileAutomaton:
    """The same agreement as an automaton, for the one-shot check of every state.

    Parameters
    ----------
    dilemma : Dilemma
        Stage payoffs; action 1 violates.
    detection, false_alarm : probability
        Of a bad signal after any violation, and without one.
    length : int or infinity
        Periods of mutual defection after a bad signal.

    Raises
    ------
    NoSolutionError
        If the length is 0: there is no punishment to write down.
    """
    from games.repeated.strategies import Rung, graduated_ladder

    periods = whole_length(length, "length")
    if periods == 0:
        raise NoSolutionError("length: is 0; an automaton of a punishment needs one period")
    return graduated_ladder(
        dilemma.game(),
        (0, 0),
        [Rung((1, 1), periods)],
        detection=detection,
        false_alarm=false_alarm,
    )


def _stakes(
    temptation: Number,
    reward: Number,
    punishment: Number,
    detection: Number,
    false_alarm: Number,
) -> _Stakes:
    T, R, P = (
        exact(temptation, "temptation"),
        exact(reward, "reward"),
        exact(punishment, "punishment"),
    )
    if not T >= R > P:
        raise InvalidGameError(
            "payoffs",
            f"are temptation {float(T):g}, reward {float(R):g}, punishment {float(P):g}; need "
            "temptation >= reward > punishment",
        )
    p, q = probability(detection, "detection"), probability(false_alarm, "false_alarm")
    return _Stakes(R - P, T - R, P, p, q)


def _min_discount(stakes: _Stakes) -> Fraction | float:
    """Threshold of permanent punishment; infinity if the signal is too weak at any patience."""
    if stakes.gain == 0:
        return Fraction(0)
    if stakes.margin <= 0:
        return math.inf
    return stakes.gain / (stakes.margin + stakes.gain)


def _least_length(stakes: _Stakes, delta: Fraction) -> float:
    """Least L with δ (1 - δ^L) >= x*, exactly at ties; infinite if only the limit suffices."""
    target = stakes.gain * (1 - delta) / stakes.margin
    remaining = 1 - target / delta
    if remaining == 0:
        return math.inf
    guess = _log(remaining) / _log(delta)
    if guess > EXACT_LENGTH:
        return math.ceil(guess)
    length = max(1, math.floor(guess) - 1)
    while delta**length > remaining:
        length += 1
    return length


def _shorter(length: float) -> float:
    return EXACT_LENGTH if length == math.inf else length - 1


def _forgone(delta: Fraction, length: float) -> float:
    """1 - δ^L without loss of digits."""
    if length == 0:
        return 0.0
    if length == math.inf or delta == 0:
        return 1.0
    return float(-math.expm1(length * _log(delta)))


def _log(number: Fraction) -> float:
    """Logarithm of a fraction in (0, 1] that may be too near 0 or 1 for a float."""
    if 2 * number > 1:
        return math.log1p(float(number - 1))
    return math.log(number.numerator) - math.log(number.denominator)


def _slack(stakes: _Stakes, delta: Fraction, length: float) -> float:
    """Value of complying less value of one violation, from the value equation itself."""
    d, r, q, p = (
        float(delta),
        float(stakes.loss),
        float(stakes.false_alarm),
        float(stakes.detection),
    )
    X = d * _forgone(delta, length)
    # V - P = v solves v = (1 - d) r + d v - q X v: a bad signal forgoes X of the value.
    value = (1 - d) * r / (1 - d + q * X)
    violation = (1 - d) * (r + float(stakes.gain)) + d * value - p * X * value
    return value - violation
