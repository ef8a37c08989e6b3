"""Red lines: how far a challenger goes when the line is clear, and when it is blurred.

A challenger picks an act a in [0, 1] for a gain g·a and is punished by s if a exceeds the line θ,
which is uniform on [θ₀ − w, θ₀ + w] to it. A clear line (w = 0) invites salami tactics (Schelling,
1966): the act stops just at θ₀, provided that s ≥ g(1 − θ₀). A blurred one restrains more, to
θ₀ − w, as long as s > 2wg and g(θ₀ − w) ≥ g − s; blurred further, deterrence collapses.

References
----------
.. [1] T. C. Schelling, Arms and Influence, Yale University Press, 1966, ch. 2.
"""

from __future__ import annotations

from dataclasses import dataclass

from games.errors import CertificateError, NoSolutionError
from games.parameters import check_nonnegative, check_positive, check_probability

__all__ = ["RedLine", "RedLineResponse", "most_useful_blur", "red_line_response"]

PAYOFF_TOL = 1e-12
"""Payoffs nearer than this, relative to the gain and the punishment risked, count as equal."""


@dataclass(frozen=True)
class RedLine:
    """A line, how blurred it is, and what is at stake.

    Parameters
    ----------
    line : float
        θ₀ in [0, 1].
    blur : float
        w ≥ 0, half the width of the interval in which the line may lie.
    gain : float
        g > 0, what the largest act gains.
    sanction : float
        s ≥ 0.
    """

    line: float
    blur: float
    gain: float
    sanction: float

    def __post_init__(self) -> None:
        check_probability("line", self.line)
        check_nonnegative("blur", self.blur)
        check_positive("gain", self.gain)
        check_nonnegative("sanction", self.sanction)

    def punished(self, act: float) -> float:
        """Probability that ``act`` is over the line."""
        a = check_probability("act", act)
        # From the ends as they are rounded, so that the act θ₀ − w is never punished; a blur
        # below the rounding of the line is none.
        low, high = self.line - self.blur, self.line + self.blur
        if a <= low or high <= low:
            return float(a > self.line)
        return min(1.0, (a - low) / (high - low))

    def payoff(self, act: float) -> float:
        """Challenger's expected payoff of ``act``."""
        return self.gain * act - self.sanction * self.punished(act)


@dataclass(frozen=True)
class RedLineResponse:
    """What the challenger does.

    Parameters
    ----------
    act : float
        The smallest of the best acts.
    punished : float
        Probability of punishment.
    payoff : float
        Challenger's payoff.
    deters : bool
        Whether the challenger stays where it is never punished.
    tied_acts : tuple of float
        All best acts among the ends of the linear pieces of the payoff.
    regret : float
        Certificate: what any act of a grid could gain on top.
    """

    act: float
    punished: float
    payoff: float
    deters: bool
    tied_acts: tuple[float, ...]
    regret: float


def red_line_response(red_line: RedLine) -> RedLineResponse:
    """Challenger's best act; of equally good ones the smallest.

    Parameters
    ----------
    red_line : RedLine

    Returns
    -------
    RedLineResponse

    Notes
    -----
    The payoff is linear between 0, θ₀ − w, θ₀ + w and 1, so one of these is best.

    Examples
    --------
    >>> [red_line_response(RedLine(0.5, w, 1, 1)).act for w in (0, 0.25, 0.6)]
    [0.5, 0.25, 1.0]
    """
    low = max(0.0, red_line.line - red_line.blur)
    high = min(1.0, red_line.line + red_line.blur)
    ends = sorted({0.0, low, high, 1.0})
    payoffs = {a: red_line.payoff(a) for a in ends}
    tol = {a: PAYOFF_TOL * (red_line.gain + _risk(red_line, a)) for a in ends}
    best = max(payoffs.values())
    tied = tuple(a for a in ends if payoffs[a] >= best - tol[a])
    act = tied[0]
    regret = max(0.0, max(red_line.payoff(i / 100) for i in range(101)) - payoffs[act])
    # The act may itself fall short of the best by the tolerance for a tie.
    if regret > 2 * tol[act]:
        raise CertificateError(f"act {act:g} leaves a regret of {regret:.3g}")
    chance = red_line.punished(act)
    return RedLineResponse(act, chance, payoffs[act], chance == 0, tied, regret)


def _risk(red_line: RedLine, act: float) -> float:
    return red_line.sanction * red_line.punished(act)


def most_useful_blur(line: float, gain: float, sanction: float) -> float:
    """Largest blur that still deters: beyond it, more ambiguity undoes deterrence.

    Parameters
    ----------
    line, gain, sanction : float
        θ₀, g and s.

    Returns
    -------
    float
        w, in the units of the line; the challenger then stops at θ₀ − w.

    Raises
    ------
    NoSolutionError
        If not even a clear line deters, s < g(1 − θ₀).

    Notes
    -----
    With u = 1 − θ₀ and σ = s/g: σ − u as long as the line cannot lie beyond 1, else σ/2, and
    never more than θ₀. At the very bound the challenger is indifferent.

    Examples
    --------
    >>> most_useful_blur(0.5, gain=1, sanction=0.75), most_useful_blur(0.75, 1, sanction=1)
    (0.25, 0.5)
    """
    clear = RedLine(line, 0.0, gain, sanction)
    σ, u = clear.sanction / clear.gain, 1 - clear.line
    if σ < u:
        raise NoSolutionError(
            f"sanction: is {sanction:g}; even a clear line at {line:g} needs at least {gain * u:g}"
        )
    bound = σ - u if σ <= 2 * u else σ / 2
    return min(bound, clear.line)
