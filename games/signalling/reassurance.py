"""Reassurance: how large a gesture must be so that only good faith makes it.

A signal of size ``z`` costs ``k_good z`` to a sender of good faith and ``k_bad z`` to a cheater,
who gain ``B_good`` and ``B_bad`` from being believed. It separates them iff
``B_bad / k_bad <= z <= B_good / k_good`` (after Spence, 1973; Kydd, 2000); if no ``z`` does,
gestures are talk.

References
----------
.. [1] A. M. Spence, "Job market signaling", Quarterly Journal of Economics 87(3), 1973, 355-374.
.. [2] A. Kydd, "Trust, reassurance, and cooperation", International Organization 54(2), 2000,
   325-357.
"""

from __future__ import annotations

from dataclasses import dataclass

from games.signalling.checks import check_number, check_probability
from games.signalling.game import SignallingGame

__all__ = ["SignalWindow", "reassurance_game", "reassurance_window"]


@dataclass(frozen=True)
class SignalWindow:
    """Sizes of a signal that separate good faith from bad.

    Parameters
    ----------
    smallest : float
        From here on a cheater does not copy the signal.
    largest : float
        Up to here good faith is willing to make it.
    """

    smallest: float
    largest: float

    @property
    def is_empty(self) -> bool:
        """Whether no signal separates."""
        return self.smallest > self.largest


def reassurance_window(
    cost_good: float, cost_bad: float, benefit_good: float, benefit_bad: float
) -> SignalWindow:
    """Sizes of a signal that separate good faith from bad.

    Parameters
    ----------
    cost_good, cost_bad : float
        Cost of a signal per unit of size; positive.
    benefit_good, benefit_bad : float
        Gain from being believed; positive.

    Raises
    ------
    InvalidGameError
        If a number is not positive and finite.

    Examples
    --------
    >>> reassurance_window(cost_good=1, cost_bad=4, benefit_good=3, benefit_bad=6)
    SignalWindow(smallest=1.5, largest=3.0)
    """
    for name, value in (
        ("cost_good", cost_good),
        ("cost_bad", cost_bad),
        ("benefit_good", benefit_good),
        ("benefit_bad", benefit_bad),
    ):
        check_number(value, name, above=0)
    return SignalWindow(benefit_bad / cost_bad, benefit_good / cost_good)


def reassurance_game(
    size: float,
    costs: tuple[float, float],
    benefits: tuple[float, float],
    prior_good: float,
    trust_payoffs: tuple[float, float] = (1.0, -1.0),
) -> SignallingGame:
    """Signalling game in which a sender may make a gesture of a given size.

    Parameters
    ----------
    size : float
        At least 0.
    costs, benefits : pairs of float
        Of good and of bad faith, as in :func:`reassurance_window`.
    prior_good : float
        Probability of good faith, strictly between 0 and 1.
    trust_payoffs : pair of float
        What the receiver gets from trusting good and bad faith; doubting gives 0.

    Returns
    -------
    SignallingGame
        Types ``good``, ``bad``; messages ``signal``, ``nothing``; actions ``trust``, ``doubt``.
    """
    check_number(size, "size")
    check_probability(prior_good, "prior_good")
    sender = [
        [[benefit - cost * size, -cost * size], [benefit, 0.0]]
        for cost, benefit in zip(costs, benefits, strict=True)
    ]
    receiver = [[[trust, 0.0], [trust, 0.0]] for trust in trust_payoffs]
    return SignallingGame(
        [prior_good, 1 - prior_good],
        sender,
        receiver,
        ("good", "bad"),
        ("signal", "nothing"),
        ("trust", "doubt"),
    )
