"""How many pure equilibria a treaty's game has, at many values of its numbers in one call."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from games.batch import pure_equilibria
from negotiate.errors import ModelError
from negotiate.expression import evaluate
from negotiate.ledger import Ledger
from negotiate.parameters import points
from negotiate.readings.numbers import to_12_digits

__all__ = ["pure_equilibrium_counts"]

MAX_PAYOFFS = 100_000
"""Payoffs of one game; the games of a sweep are many."""

_AT_ONCE = 4_000_000


def pure_equilibrium_counts(
    ledger: Ledger, varied: Mapping[str, NDArray[np.float64]], n_points: int
) -> NDArray[np.int64]:
    """Number of pure equilibria at each of many points.

    Parameters
    ----------
    ledger : Ledger
    varied : mapping of name to ``(n_points,)`` or ``(n_points, n_parties)`` array
        All other parameters stand at their points.
    n_points : int

    Returns
    -------
    (n_points,) array of int
        Payoffs that agree in 12 digits of the party's largest count as tied.

    Raises
    ------
    ModelError
        If the game has more than 100,000 payoffs.
    """
    menu = ledger.menu
    per_game = menu.n_profiles * menu.n_parties
    if per_game > MAX_PAYOFFS:
        raise ModelError(
            f"equilibria: a swept game may have {MAX_PAYOFFS:,} payoffs (got {per_game:,}); "
            "leave out the measure 'equilibria', or parties"
        )
    features = ledger.features_at(menu.profiles())
    fixed = {name: value[None, :] for name, value in points(ledger.parameters).items()}
    counts = np.empty(n_points, dtype=np.int64)
    step = max(1, _AT_ONCE // per_game)
    for start in range(0, n_points, step):
        part = slice(start, start + step)
        some = {n: v[part, None] if v.ndim == 1 else v[part] for n, v in varied.items()}
        shape = (len(counts[part]), menu.n_parties)
        payoffs = np.zeros((shape[0], menu.n_parties, menu.n_profiles))
        for term, feature in zip(ledger.terms, features, strict=True):
            coefficient = np.broadcast_to(evaluate(term.coefficient, {**fixed, **some}), shape)
            payoffs += coefficient[:, :, None] * feature.T
        games = to_12_digits(payoffs).reshape(shape[0], menu.n_parties, *menu.shape)
        counts[part] = pure_equilibria(games).reshape(shape[0], -1).sum(axis=1)
    return counts
