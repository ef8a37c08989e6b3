"""Alternating offers: Rubinstein's infinite game and Ståhl's finite one.

Two players divide a pie of size 1. They propose in turn; a rejected offer costs one round, and
player i's payoff falls to ``discounts[i]`` of it. Without an end the subgame-perfect equilibrium
is unique and agreement is immediate: whoever proposes offers exactly what the other would get,
discounted, by refusing and proposing next.

Letters: ``m`` what each player keeps when proposing.

References
----------
.. [1] A. Rubinstein, "Perfect equilibrium in a bargaining model", Econometrica
   50(1), 1982, 97-109.
.. [2] I. Ståhl, "Bargaining Theory", Stockholm School of Economics, 1972.
.. [3] A. Shaked, J. Sutton, "Involuntary unemployment as a perfect equilibrium in a bargaining
   model", Econometrica 52(6), 1984, 1351-1364.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from numbers import Integral

import numpy as np

from games.bargaining.problem import finite_vector
from games.errors import CertificateError, InvalidGameError, NoSolutionError
from games.normal_form import FloatArray

__all__ = ["rubinstein_limit_shares", "rubinstein_shares", "stahl_shares"]

MAX_ROUNDS = 10_000_000


def rubinstein_shares(
    discounts: Sequence[float],
    first: int = 0,
    outside_options: Sequence[float] = (0.0, 0.0),
) -> FloatArray:
    """Shares of the pie in the subgame-perfect equilibrium of alternating offers.

    Parameters
    ----------
    discounts : pair of float, at least 0 and below 1
        What a round later is worth to each player, as a share.
    first : int
        Who proposes first, 0 or 1.
    outside_options : pair of float, shares of the pie
        What a player may take instead of answering an offer; the sum must be below 1.

    Returns
    -------
    (2,) array of float

    Raises
    ------
    InvalidGameError
        If a discount factor or the first mover is out of range.
    NoSolutionError
        If the outside options leave nothing to agree on.

    Notes
    -----
    An outside option matters only if it exceeds what its owner would get by bargaining on
    (the outside option principle), unlike a disagreement payoff.

    Examples
    --------
    >>> rubinstein_shares([0.9, 0.8]).round(6)
    array([0.714286, 0.285714])
    """
    delta = _discounts(discounts)
    if isinstance(first, bool) or first not in (0, 1):
        raise InvalidGameError("first", f"is {first}; the first proposer is 0 or 1")
    option = finite_vector("outside_options", outside_options, 2)
    if (option < 0).any():
        raise InvalidGameError("outside_options", f"two shares from 0 up needed (got {option})")
    if option.sum() >= 1:
        raise NoSolutionError(f"outside options {option.tolist()} leave nothing to agree on")
    keep = _kept_by_proposers(delta, option)
    other = 1 - first
    shares = np.empty(2)
    shares[first], shares[other] = keep[first], 1 - keep[first]
    return shares


def rubinstein_limit_shares(rates: Sequence[float]) -> FloatArray:
    """Shares as the time between offers goes to zero, from the players' discount rates.

    Parameters
    ----------
    rates : pair of float, per unit of time, positive
        ``discount = exp(-rate * delay)``.

    Returns
    -------
    (2,) array of float
        Each player's share is the other's rate over the sum; it is the Nash bargaining solution
        with these weights (Binmore, Rubinstein and Wolinsky, 1986), and who starts is of no
        account.

    Examples
    --------
    >>> rubinstein_limit_shares([0.1, 0.3])
    array([0.75, 0.25])
    """
    values = finite_vector("rates", rates, 2)
    if (values <= 0).any():
        raise InvalidGameError("rates", f"two positive numbers needed (got {rates})")
    values = values / values.max()
    return np.asarray(values[::-1] / values.sum())


def stahl_shares(
    discounts: Sequence[float], n_rounds: int, disagreement: Sequence[float] = (0.0, 0.0)
) -> FloatArray:
    """Shares when offers alternate for ``n_rounds`` rounds, player 0 first, then talks fail.

    Parameters
    ----------
    discounts : pair of float, at least 0 and at most 1
    n_rounds : int
        At least 1; the last proposer makes a take-it-or-leave-it offer.
    disagreement : pair of float, shares of the pie
        Payoffs after the last round, counted in that round's value.

    Returns
    -------
    (2,) array of float

    Examples
    --------
    >>> stahl_shares([0.9, 0.8], 1)
    array([1., 0.])
    >>> stahl_shares([0.9, 0.8], 2).round(6)
    array([0.2, 0.8])
    """
    delta = _discounts(discounts, allow_one=True)
    if not isinstance(n_rounds, Integral) or not 1 <= n_rounds <= MAX_ROUNDS:
        raise InvalidGameError("n_rounds", f"is {n_rounds}; 1 to {MAX_ROUNDS} rounds")
    point = finite_vector("disagreement", disagreement, 2)
    if not point.sum() <= 1:
        raise InvalidGameError("disagreement", f"two shares with a sum of at most 1 (got {point})")
    later = point
    for round_number in reversed(range(int(n_rounds))):
        proposer = round_number % 2
        answer = 1 - proposer
        value = later[answer] * (1.0 if round_number == n_rounds - 1 else delta[answer])
        shares = np.empty(2)
        shares[proposer], shares[answer] = 1 - value, value
        later = shares
    return later


def _kept_by_proposers(delta: FloatArray, option: FloatArray) -> FloatArray:
    """What each keeps when proposing: the fixed point, found by cases and checked."""
    for takes_option in product((False, True), repeat=2):
        # m_i = 1 - (option_j if j would leave, else delta_j * m_j): two linear equations.
        system, right = np.eye(2), np.ones(2)
        for i, j in ((0, 1), (1, 0)):
            if takes_option[j]:
                right[i] -= option[j]
            else:
                system[i, j] += delta[j]
        m = np.linalg.solve(system, right)
        error = np.abs(m - (1 - np.maximum(delta * m, option)[::-1])).max()
        if error <= 1e-12:
            return np.asarray(m)
    raise CertificateError(f"no stationary equilibrium found for {delta} and options {option}")


def _discounts(discounts: Sequence[float], allow_one: bool = False) -> FloatArray:
    values = finite_vector("discounts", discounts, 2)
    upper = values <= 1 if allow_one else values < 1
    if not ((values >= 0) & upper).all():
        bound = "at most 1" if allow_one else "below 1"
        raise InvalidGameError("discounts", f"two factors from 0, {bound}, needed (got {values})")
    return values
