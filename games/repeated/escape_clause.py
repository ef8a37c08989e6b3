"""Escape options: the price at which an agreement lets a player off for one period.

Each period each of two players draws a private shock θ, what a departure would be worth to it
now; a departure harms the other by h; cooperation pays r. Under an escape option of price k the
player departs exactly if θ > k and pays k to the other. Payments cancel between the players, so
the average payoff is

    avg(k) = r + E[(θ - h) 1{θ > k}],   largest at k = h (the price of the harm).

The option enforces itself if paying (or, below the price, complying) beats walking away for good:
min(k, θ_max) <= δ/(1 - δ) avg(k). A rigid agreement is a price that nobody ever pays.

References
----------
.. [1] B. P. Rosendorff and H. Milner, "The optimal design of international trade institutions:
       uncertainty and escape", International Organization 55(4), 2001, 829-857.
.. [2] W. Schwartz and A. Sykes, "The economic structure of renegotiation and dispute resolution
       in the World Trade Organization", Journal of Legal Studies 31, 2002 (efficient breach).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from games.errors import CertificateError, InvalidGameError, NoSolutionError
from games.repeated.exact_numbers import Number, discount_factor, exact, probability

__all__ = [
    "AbstractShock",
    "DiscreteShock",
    "EscapeOption",
    "UniformShock",
    "best_price",
    "escape_option",
    "rigid_agreement",
]

BISECTIONS = 64
"""Halvings of the range in which an irrational price is sought."""


class AbstractShock(ABC):
    """Distribution of the gain from a departure."""

    @property
    @abstractmethod
    def largest(self) -> Fraction:
        """Largest possible shock."""

    @abstractmethod
    def tail(self, price: Fraction) -> tuple[Fraction, Fraction]:
        """Chance of a shock above ``price``, and E[θ 1{θ > price}]."""

    @abstractmethod
    def candidate_prices(
        self, cooperation: Fraction, harm: Fraction, ratio: Fraction
    ) -> tuple[Fraction, ...]:
        """Prices among which the best self-enforcing one is, ``ratio`` being δ/(1 - δ).

        The harm itself is left to the caller.
        """


@dataclass(frozen=True)
class UniformShock(AbstractShock):
    """Shock uniform between two numbers.

    Examples
    --------
    >>> UniformShock(0, 4).tail(Fraction(2))
    (Fraction(1, 2), Fraction(3, 2))
    """

    low: Fraction
    high: Fraction

    def __init__(self, low: Number, high: Number) -> None:
        object.__setattr__(self, "low", exact(low, "low"))
        object.__setattr__(self, "high", exact(high, "high"))
        if self.low >= self.high:
            raise InvalidGameError("shock", f"runs from {low} to {high}; need low < high")

    @property
    def largest(self) -> Fraction:
        """Upper end."""
        return self.high

    def tail(self, price: Fraction) -> tuple[Fraction, Fraction]:
        """Chance of a shock above ``price``, and E[θ 1{θ > price}]."""
        cut = min(max(price, self.low), self.high)
        width = self.high - self.low
        return (self.high - cut) / width, (self.high**2 - cut**2) / (2 * width)

    def candidate_prices(
        self, cooperation: Fraction, harm: Fraction, ratio: Fraction
    ) -> tuple[Fraction, ...]:
        """0, both ends, and the largest price on the support with price <= ratio avg(price).

        ratio avg(price) - price is a concave parabola there, so that price is its upper root; an
        irrational root is rounded down.
        """
        low, high = max(self.low, Fraction(0)), max(self.high, Fraction(0))

        def slack(price: Fraction) -> Fraction:
            chance, mean = self.tail(price)
            return ratio * (cooperation + mean - harm * chance) - price

        top = harm - (self.high - self.low) / ratio if ratio else low
        root = _last_nonnegative(slack, min(max(top, low), high), high)
        return (Fraction(0), low, high, root)


@dataclass(frozen=True)
class DiscreteShock(AbstractShock):
    """Shock with finitely many values.

    Examples
    --------
    >>> DiscreteShock([0, 1, 5], [0.5, 0.25, 0.25]).tail(Fraction(1))
    (Fraction(1, 4), Fraction(5, 4))
    """

    values: tuple[Fraction, ...]
    probabilities: tuple[Fraction, ...]

    def __init__(self, values: Sequence[Number], probabilities: Sequence[Number]) -> None:
        if len(values) != len(probabilities) or len(values) == 0:
            raise InvalidGameError(
                "shock", f"{len(values)} values and {len(probabilities)} probabilities"
            )
        chances = [probability(p, f"probabilities[{i}]") for i, p in enumerate(probabilities)]
        total = sum(chances, Fraction(0))
        if abs(total - 1) > Fraction(1, 10**9):
            raise InvalidGameError("probabilities", f"sum to {float(total):g}, not to 1")
        numbers = [exact(v, f"values[{i}]") for i, v in enumerate(values)]
        object.__setattr__(self, "values", tuple(numbers))
        object.__setattr__(self, "probabilities", tuple(p / total for p in chances))

    @property
    def largest(self) -> Fraction:
        """Largest value of positive probability."""
        return max(v for v, p in zip(self.values, self.probabilities, strict=True) if p > 0)

    def tail(self, price: Fraction) -> tuple[Fraction, Fraction]:
        """Chance of a shock above ``price``, and E[θ 1{θ > price}]."""
        above = [(v, p) for v, p in zip(self.values, self.probabilities, strict=True) if v > price]
        return sum((p for _, p in above), Fraction(0)), sum((v * p for v, p in above), Fraction(0))

    def candidate_prices(
        self, cooperation: Fraction, harm: Fraction, ratio: Fraction
    ) -> tuple[Fraction, ...]:
        """Every value and 0: between two values a lower price does the same and is safer."""
        del cooperation, harm, ratio
        return (Fraction(0), *(v for v in self.values if v > 0))


@dataclass(frozen=True)
class EscapeOption:
    """What an escape option of one price does.

    Parameters
    ----------
    price : float
        Payment to the other player for a departure; infinite in a rigid agreement.
    frequency : float
        Chance per period and player that the option is used.
    average_payoff : float
        Per period and player.
    min_discount : float
        Least discount factor at which the option enforces itself, 0 if nobody is tempted;
        infinity if none does.
    slack : float or None
        δ/(1 - δ) times the average payoff, less the temptation, at the discount factor asked
        for; the certificate: not negative when self-enforcing. None if none was asked for.
    """

    price: float
    frequency: float
    average_payoff: float
    min_discount: float
    slack: float | None

    @property
    def is_self_enforcing(self) -> bool:
        """Whether the option holds at the discount factor asked for."""
        return self.slack is not None and self.slack >= 0


def escape_option(
    shock: AbstractShock,
    *,
    cooperation: Number,
    harm: Number,
    price: Number,
    discount: Number | None = None,
) -> EscapeOption:
    """Use, payoff and critical discount factor of an escape option of a given price.

    Parameters
    ----------
    shock : UniformShock or DiscreteShock
        What a departure is worth to the player who departs.
    cooperation : float
        Payoff r of a period without departures; walking away for good pays 0.
    harm : float
        Loss h of the other player from a departure.
    price : float
        Payment k for a departure, not negative.
    discount : float, optional
        Discount factor at which the slack is wanted.

    Raises
    ------
    InvalidGameError
        If a number is out of range.

    Examples
    --------
    >>> option = escape_option(UniformShock(0, 4), cooperation=1, harm=2, price=2)
    >>> option.average_payoff, option.frequency, round(option.min_discount, 6)
    (1.5, 0.5, 0.571429)
    """
    r, h, k = exact(cooperation, "cooperation"), exact(harm, "harm"), exact(price, "price")
    if h < 0 or k < 0:
        raise InvalidGameError("harm and price", f"are {harm} and {price}; neither is negative")
    delta = None if discount is None else discount_factor(discount)
    return _option(shock, r, h, k, float(k), delta)


def rigid_agreement(
    shock: AbstractShock, *, cooperation: Number, discount: Number | None = None
) -> EscapeOption:
    """The same agreement without an escape option: nobody ever departs.

    Examples
    --------
    >>> rigid_agreement(UniformShock(0, 4), cooperation=1).min_discount
    0.8
    """
    delta = None if discount is None else discount_factor(discount)
    r = exact(cooperation, "cooperation")
    top = max(shock.largest, Fraction(0))
    return _option(shock, r, Fraction(0), top, math.inf, delta)


def best_price(
    shock: AbstractShock, *, cooperation: Number, harm: Number, discount: Number
) -> EscapeOption:
    """Self-enforcing escape option with the largest average payoff.

    Raises
    ------
    NoSolutionError
        If no price enforces itself at this discount factor.
    CertificateError
        If the option found does not.

    Notes
    -----
    The price is the harm where that enforces itself; otherwise as near to it from below as does
    (the payoff rises with the price up to the harm). An irrational price is rounded down by less
    than 2^-60 of the range of the shock.

    Examples
    --------
    >>> best_price(UniformShock(0, 4), cooperation=1, harm=2, discount=0.6).price
    2.0
    """
    r, h, delta = exact(cooperation, "cooperation"), exact(harm, "harm"), discount_factor(discount)
    if h < 0:
        raise InvalidGameError("harm", f"is {harm}; a harm is not negative")
    prices = {h, *shock.candidate_prices(r, h, delta / (1 - delta))}
    enforced = [k for k in prices if k >= 0 and _slack(shock, r, h, k, delta) >= 0]
    if not enforced:
        raise NoSolutionError(
            f"discount: at {float(delta):g} no price of an escape option enforces itself"
        )
    # Of prices that do equally well the harm itself is the plainest, then the lowest.
    price = max(enforced, key=lambda k: (_average(shock, r, h, k), k == h, -k))
    best = _option(shock, r, h, price, float(price), delta)
    if best.slack is None or best.slack < 0:
        raise CertificateError(f"escape option of price {best.price} has slack {best.slack}")
    return best


def _option(
    shock: AbstractShock,
    r: Fraction,
    h: Fraction,
    k: Fraction,
    shown: float,
    delta: Fraction | None,
) -> EscapeOption:
    average = _average(shock, r, h, k)
    temptation = _temptation(shock, k)
    if temptation == 0:
        least = 0.0 if average >= 0 else math.inf
    else:
        least = float(temptation / (temptation + average)) if average > 0 else math.inf
    slack = None if delta is None else float(_slack(shock, r, h, k, delta))
    return EscapeOption(shown, float(shock.tail(k)[0]), float(average), least, slack)


def _average(shock: AbstractShock, r: Fraction, h: Fraction, k: Fraction) -> Fraction:
    chance, mean = shock.tail(k)
    return r + mean - h * chance


def _temptation(shock: AbstractShock, k: Fraction) -> Fraction:
    """Gain from departing without paying: the payment, or below the price the shock itself."""
    return max(min(k, shock.largest), Fraction(0))


def _slack(
    shock: AbstractShock, r: Fraction, h: Fraction, k: Fraction, delta: Fraction
) -> Fraction:
    return delta / (1 - delta) * _average(shock, r, h, k) - _temptation(shock, k)


def _last_nonnegative(
    slack: Callable[[Fraction], Fraction], low: Fraction, high: Fraction
) -> Fraction:
    """Last point of a falling function that is not negative, exact if it is a simple fraction.

    ``low`` if the function is negative from the start.
    """
    if slack(low) < 0:
        return low
    if slack(high) >= 0:
        return high
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if slack(middle) >= 0 else (low, middle)
    guess = low.limit_denominator(10**6)
    return guess if slack(guess) == 0 else low
