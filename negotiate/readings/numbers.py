"""The ledger as numbers: payoffs at every profile, or at the profiles asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from negotiate.errors import TooManyProfilesError
from negotiate.incentives import Values
from negotiate.ledger import Ledger

__all__ = ["payoff_tensor", "payoffs_at", "to_12_digits"]

MAX_NUMBERS = 20_000_000
"""Largest number of payoffs in a dense game (160 MB)."""


def payoffs_at(
    ledger: Ledger, profiles: NDArray[np.intp], values: Values | None = None
) -> NDArray[np.float64]:
    """Payoff of every party at each profile, shape ``(n_profiles, n_parties)``.

    Parameters
    ----------
    ledger : Ledger
    profiles : (n_profiles, n_parties) array of int
    values : mapping, optional
        Values by parameter name in place of the points.
    """
    regimes = ledger.regimes(profiles)
    coefficients = ledger.coefficients(values)
    payoffs = np.zeros(profiles.shape)
    # A sum of outer products, term by term: the features of all terms at once need not fit.
    for term, coefficient in zip(ledger.terms, coefficients, strict=True):
        payoffs += coefficient * term.feature.on_profiles(profiles, regimes)
    return payoffs


def payoff_tensor(ledger: Ledger, values: Values | None = None) -> NDArray[np.float64]:
    """Payoffs at all profiles, in the order ``payoffs[party, a_0, ..., a_{n-1}]``.

    Raises
    ------
    TooManyProfilesError
        If the game has too many profiles to write out.
    """
    menu = ledger.menu
    if menu.n_profiles * menu.n_parties > MAX_NUMBERS:
        raise TooManyProfilesError(
            f"{menu.n_parties} parties have {menu.n_profiles:.3g} profiles; at most "
            f"{MAX_NUMBERS:.0e} payoffs are written out (deterrence works for any number)"
        )
    payoffs = payoffs_at(ledger, menu.profiles(), values)
    return payoffs.T.reshape(menu.n_parties, *menu.shape)


def to_12_digits(payoffs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Payoffs rounded to 12 digits of the largest along the last axis.

    So a tie in the treaty is a tie in the game and not an accident of adding up.

    Examples
    --------
    >>> to_12_digits(np.array([0.1 + 0.2, 0.3])).tolist()
    [0.3, 0.3]
    """
    largest = np.abs(payoffs).max(axis=-1, initial=0.0, keepdims=True)
    digits = 12 - np.ceil(np.log10(np.where(largest > 0, largest, 1.0)))
    # Beyond 10^22 a power of ten is no exact number: so small payoffs are left as they are.
    up = 10.0 ** np.where((digits >= 0) & (digits <= 22), digits, 0.0)
    down = 10.0 ** np.where(digits < 0, -digits, 0.0)
    return np.where(digits > 22, payoffs, np.rint(payoffs * up / down) / up * down)
