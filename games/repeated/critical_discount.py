"""Critical discount factors: how patient the players must be for a strategy to hold.

Closed forms, exact where the answer is rational, each checked against the strategy's automaton
on both sides of the threshold. With stage payoffs c when all cooperate, n in the Nash equilibrium
that punishes, and d for the best departure from cooperation (T, R, P, S in the prisoner's
dilemma: c = R, n = P, d = T):

* Nash reversion for L periods: d - c <= (c - n) (δ + δ² + ... + δ^L), per player; grim trigger
  (L infinite): δ >= (d - c) / (d - n).
* Generous tit-for-tat that forgives with probability f: δ >= max{(T-R)/(T-P), (T-R)/(R-S)} /
  (1 - f), as a Nash equilibrium (f = 0: tit-for-tat). Subgame perfect is another matter.
* A ladder of Nash reversions holds if and only if its shortest rung does.

References
----------
.. [1] J. Friedman, "A non-cooperative equilibrium for supergames", REStud 38(1), 1971, 1-12.
.. [2] R. Axelrod, "The Evolution of Cooperation", 1984, app. B.
.. [3] P. Molander, "The optimal level of generosity in a selfish, uncertain environment",
       Journal of Conflict Resolution 29(4), 1985, 611-618.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from games.errors import CertificateError, InvalidGameError
from games.normal_form import NormalFormGame
from games.repeated.deviations import best_reply_check, one_shot_check
from games.repeated.dilemma import COOPERATE, DEFECT, Dilemma
from games.repeated.exact_numbers import Number, exact, probability, whole_length
from games.repeated.numeric_discount import numeric_critical_discount
from games.repeated.strategies import (
    generous_tit_for_tat,
    limited_punishment,
)

__all__ = [
    "CriticalDiscount",
    "generosity_limit",
    "generous_tit_for_tat_discount",
    "grim_trigger_discount",
    "ladder_discount",
    "limited_punishment_discount",
    "nash_reversion_discount",
    "numeric_critical_discount",
    "tit_for_tat_discount",
]

CHECK_GAP = 1e-6
"""Distance from a threshold at which the automaton must agree on either side."""

MAX_CHECKED_LENGTH = 150
"""Longest punishment whose automaton is solved as a check (its size is the square)."""


@dataclass(frozen=True)
class CriticalDiscount:
    """Smallest discount factor at which a strategy is an equilibrium.

    Parameters
    ----------
    value : float
        The threshold; 1 when it is only approached (no discount factor below 1 suffices),
        infinity when even the limit does not suffice.
    exact : Fraction or None
        The same, when it is a rational number found in closed form; None otherwise.
    strategy : str
        What the players do.
    concept : str
        ``subgame perfect`` or ``Nash equilibrium``.
    """

    value: float
    exact: Fraction | None
    strategy: str
    concept: str

    @property
    def is_attainable(self) -> bool:
        """Whether some discount factor below 1 suffices."""
        return self.value < 1


def nash_reversion_discount(
    game: NormalFormGame,
    cooperate: Sequence[int],
    punish: Sequence[int],
    length: float = math.inf,
) -> CriticalDiscount:
    """Smallest discount factor at which ``length`` periods of a stage equilibrium deter.

    Parameters
    ----------
    game : NormalFormGame
        Any number of players.
    cooperate : action profile
        To be sustained.
    punish : action profile
        A pure Nash equilibrium of the stage game.
    length : int or infinity
        Periods of punishment, from 1 on; infinity is the grim trigger.

    Returns
    -------
    CriticalDiscount
        Of the least patient player.

    Raises
    ------
    InvalidGameError
        If a profile is not valid, ``punish`` is no Nash equilibrium of the stage game, or the
        length is no number of periods.
    CertificateError
        If the automaton disagrees.

    Examples
    --------
    >>> game = Dilemma(5, 3, 1, 0).game()
    >>> nash_reversion_discount(game, (0, 0), (1, 1)).exact
    Fraction(1, 2)
    """
    periods = whole_length(length, "length", least=1)
    # Profiles are checked by building the automaton; a long one is not solved.
    is_solved = periods <= MAX_CHECKED_LENGTH or periods == math.inf
    automaton = limited_punishment(game, cooperate, punish, periods if is_solved else 1)
    if any(_gain(game, punish, i) > 0 for i in range(game.n_players)):
        raise InvalidGameError(
            "punish", f"{tuple(punish)} is no Nash equilibrium of the stage game"
        )
    stakes = [_stakes(game, cooperate, punish, i) for i in range(game.n_players)]
    found = [_reversion_threshold(gain, loss, periods) for gain, loss in stakes]
    value, fraction = max(found, key=lambda pair: pair[0])
    name = "grim trigger" if periods == math.inf else f"punishment for {periods} periods"
    critical = CriticalDiscount(value, fraction, name, "subgame perfect")

    def worst_gain(delta: float) -> float:
        if is_solved:
            return one_shot_check(game, automaton, delta).worst_gain
        kept = delta * -math.expm1(periods * math.log(delta))
        return max((1 - delta) * float(gain) - kept * float(loss) for gain, loss in stakes)

    in_use = [payoffs[tuple(p)] for payoffs in game.payoffs for p in (cooperate, punish)]
    largest = float(np.abs(in_use).max())
    _certify(critical, worst_gain, max(gain + loss for gain, loss in stakes), largest)
    return critical


def grim_trigger_discount(dilemma: Dilemma) -> CriticalDiscount:
    """Critical discount factor of the grim trigger, (T - R) / (T - P).

    Examples
    --------
    >>> grim_trigger_discount(Dilemma(5, 3, 1, 0)).exact
    Fraction(1, 2)
    """
    return limited_punishment_discount(dilemma, math.inf)


def limited_punishment_discount(dilemma: Dilemma, length: float) -> CriticalDiscount:
    """Critical discount factor of ``length`` periods of mutual defection.

    Examples
    --------
    >>> [round(limited_punishment_discount(Dilemma(5, 3, 1, 0), L).value, 6) for L in (1, 2, 3)]
    [1.0, 0.618034, 0.543689]
    """
    both = (DEFECT, DEFECT)
    return nash_reversion_discount(dilemma.game(), (COOPERATE, COOPERATE), both, length)


def ladder_discount(dilemma: Dilemma, lengths: Sequence[float]) -> CriticalDiscount:
    """Critical discount factor of a strike ladder of mutual defection without false alarms.

    Parameters
    ----------
    dilemma : Dilemma
    lengths : sequence of int or infinity
        Periods of each rung, mildest first; 0 is a warning.

    Notes
    -----
    Without error nobody is on a rung by accident: whoever departs at k strikes is punished for
    ``lengths[k]`` periods and then as well off as before. So the shortest rung decides, and a
    ladder that begins with a mere warning never holds: the first departure would be free.

    Examples
    --------
    >>> round(ladder_discount(Dilemma(5, 3, 1, 0), [2, 5, 50]).value, 6)
    0.618034
    >>> ladder_discount(Dilemma(5, 3, 1, 0), [0, 5]).value
    inf
    """
    if len(lengths) == 0:
        raise InvalidGameError("lengths", "are empty; a ladder needs one rung or more")
    shortest = min(whole_length(length, "lengths") for length in lengths)
    name = "ladder of " + ", ".join(f"{length:g}" for length in lengths) + " periods"
    if shortest == 0:
        return CriticalDiscount(math.inf, None, name, "subgame perfect")
    rung = limited_punishment_discount(dilemma, shortest)
    return CriticalDiscount(rung.value, rung.exact, name, rung.concept)


def tit_for_tat_discount(dilemma: Dilemma) -> CriticalDiscount:
    """Smallest discount factor at which tit-for-tat is a Nash equilibrium.

    Examples
    --------
    >>> tit_for_tat_discount(Dilemma(5, 3, 1, 0)).exact
    Fraction(2, 3)
    """
    return generous_tit_for_tat_discount(dilemma, 0)


def generous_tit_for_tat_discount(dilemma: Dilemma, generosity: Number) -> CriticalDiscount:
    """Smallest discount factor at which nobody gains against generous tit-for-tat.

    Parameters
    ----------
    dilemma : Dilemma
    generosity : probability
        Of cooperating after the other's defection.

    Notes
    -----
    Whether the first departure pays is all that is checked, as is right where nobody ever
    defects on the path: a Nash equilibrium. The best departure is to defect once, or for ever.

    Raises
    ------
    InvalidGameError
        If the generosity is not a probability.
    CertificateError
        If the automaton disagrees.
    """
    forgive = probability(generosity, "generosity")
    T, R, P, S = dilemma.temptation, dilemma.reward, dilemma.punishment, dilemma.sucker
    name = f"generous tit-for-tat ({float(forgive):g})" if forgive else "tit-for-tat"
    strict = max((T - R) / (T - P), (T - R) / (R - S))
    bound = strict / (1 - forgive) if forgive < 1 else None
    if bound is None or bound > 1:
        critical = CriticalDiscount(math.inf, None, name, "Nash equilibrium")
    else:
        critical = CriticalDiscount(float(bound), bound, name, "Nash equilibrium")
    game, automaton = dilemma.game(), generous_tit_for_tat(forgive)
    _certify(
        critical,
        lambda d: best_reply_check(game, automaton, d).worst_gain,
        T - R + min(T - P, R - S),
        # Who never forgives meets S only by going back to cooperation, the second departure.
        max(abs(float(x)) for x in ((T, R, P, S) if forgive or R - S <= T - P else (T, R, P))),
    )
    return critical


def generosity_limit(dilemma: Dilemma) -> Fraction:
    """Largest chance to forgive a defection that patient players can afford (δ towards 1).

    min{1 - (T - R)/(R - S), (R - P)/(T - P)}, or 0 if that is negative (Molander, 1985; Nowak
    and Sigmund, 1992).

    Examples
    --------
    >>> generosity_limit(Dilemma(5, 3, 1, 0))
    Fraction(1, 3)
    """
    T, R, P, S = dilemma.temptation, dilemma.reward, dilemma.punishment, dilemma.sucker
    return max(Fraction(0), min(1 - (T - R) / (R - S), (R - P) / (T - P)))


def _stakes(
    game: NormalFormGame, cooperate: Sequence[int], punish: Sequence[int], player: int
) -> tuple[Fraction, Fraction]:
    """Gain from the best departure, and loss per period of punishment, of one player."""
    payoffs = game.payoffs[player]
    loss = exact(payoffs[tuple(cooperate)], "payoffs") - exact(payoffs[tuple(punish)], "payoffs")
    return _gain(game, cooperate, player), loss


def _gain(game: NormalFormGame, profile: Sequence[int], player: int) -> Fraction:
    """Gain of one player from the best departure from a profile, exact."""
    payoffs = game.payoffs[player]
    row = payoffs[tuple(slice(None) if i == player else a for i, a in enumerate(profile))]
    return exact(row.max(), "payoffs") - exact(payoffs[tuple(profile)], "payoffs")


def _reversion_threshold(
    gain: Fraction, loss: Fraction, periods: float
) -> tuple[float, Fraction | None]:
    """Smallest δ with gain <= loss (δ + ... + δ^periods), and as a fraction if it is one."""
    if gain <= 0:
        return 0.0, Fraction(0)
    if loss <= 0:
        return math.inf, None
    if periods == math.inf:
        bound = gain / (gain + loss)
        return float(bound), bound
    ratio = gain / loss
    if ratio >= periods:
        return (1.0, Fraction(1)) if ratio == periods else (math.inf, None)
    low, high = 0.0, 1.0
    while (middle := (low + high) / 2) not in (low, high):
        enough = _discounted_periods(middle, int(periods)) >= float(ratio)
        low, high = (low, middle) if enough else (middle, high)
    guess = Fraction(high).limit_denominator(10**4)
    if (
        periods <= MAX_CHECKED_LENGTH
        and sum(guess**k for k in range(1, int(periods) + 1)) == ratio
    ):
        return float(guess), guess
    return high, None


def _discounted_periods(delta: float, periods: int) -> float:
    """δ + δ² + ... + δ^periods without loss of digits as δ comes near 1."""
    if delta in (0.0, 1.0):
        return delta * periods
    return delta * -math.expm1(periods * math.log(delta)) / (1 - delta)


def _certify(
    critical: CriticalDiscount,
    worst_gain: Callable[[float], float],
    stake: Fraction,
    largest: float,
) -> None:
    """Compare with the automaton a little above and a little below the threshold.

    ``stake`` is what the players gain and lose by departing, ``largest`` the largest payoff that
    they get on the way; a huge penalty elsewhere excuses nothing.
    """
    # A payoff of the game is the nearest float to the decimal that the closed form reads.
    rounding = 16 * float(np.finfo(float).eps) * float(largest)
    above, below = critical.value + CHECK_GAP, min(critical.value, 1.0) - CHECK_GAP
    small = 1e-9 * float(stake)
    if above < 1 and worst_gain(above) > small * (1 - above) + rounding:
        raise CertificateError(f"{critical.strategy} fails above its threshold {critical.value}")
    if below > 0 and worst_gain(below) < -small * (1 - below) - rounding:
        raise CertificateError(f"{critical.strategy} holds below its threshold {critical.value}")
