"""Shapley–Shubik index: the chance of being pivotal when all orders of joining are equally likely.

References
----------
.. [1] L. S. Shapley and M. Shubik, "A method for evaluating the distribution of power in a
   committee system", American Political Science Review 48(3), 1954, 787-792.
.. [2] W. Hoeffding, "Probability inequalities for sums of bounded random variables", Journal of
   the American Statistical Association 58, 1963, 13-30.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray
from games.voting.swings import count_swings
from games.voting.weighted_game import VotingGame

__all__ = ["SampledIndex", "shapley_shubik", "shapley_shubik_sampled"]


def shapley_shubik(game: VotingGame) -> tuple[Fraction, ...]:
    """Shapley–Shubik index of every player, exact; the shares sum to exactly 1.

    Raises
    ------
    TooLargeError
        If the swings cannot be counted exactly in reasonable time.

    Examples
    --------
    >>> council = VotingGame.weighted(39, [7] * 5 + [1] * 10)
    >>> index = shapley_shubik(council)
    >>> print(index[0], index[-1])
    421/2145 4/2145
    """
    n = game.n_players
    swings = count_swings(game).swings
    orders = [math.factorial(k) * math.factorial(n - 1 - k) for k in range(n)]
    shares = [Fraction(0)] * n
    for group in game.types:
        pivots = sum(o * count for o, count in zip(orders, swings[group[0]], strict=True))
        share = Fraction(pivots, math.factorial(n))
        for i in group:
            shares[i] = share
    if sum(len(group) * shares[group[0]] for group in game.types) != 1:
        raise CertificateError("the Shapley-Shubik shares do not sum to 1")
    return tuple(shares)


@dataclass(frozen=True, eq=False)
class SampledIndex:
    """Estimated index with a margin that holds for all players at once.

    Parameters
    ----------
    shares : (n_players,) array of float
        Estimated shares, summing to 1.
    margin : float
        Each true share lies within this distance of its estimate, with the given confidence.
    confidence : float
        Probability that all margins hold.
    n_samples : int
    """

    shares: FloatArray
    margin: float
    confidence: float
    n_samples: int


def shapley_shubik_sampled(
    game: VotingGame,
    *,
    seed: int | np.random.Generator,
    n_samples: int = 100_000,
    confidence: float = 0.99,
) -> SampledIndex:
    """Shapley–Shubik index estimated from random orders, for weights too large to count.

    Notes
    -----
    The margin is Hoeffding's, corrected for the number of players; it assumes nothing of the game.
    """
    if n_samples < 1 or not 0 < confidence < 1:
        raise InvalidGameError(
            "n_samples, confidence",
            f"are {n_samples}, {confidence}; at least one sample and a confidence between 0 and 1 "
            "are needed",
        )
    rng = np.random.default_rng(seed)
    n = game.n_players
    weights = [np.array(rule.weights, dtype=object) for rule in game.rules]
    if all(rule.total < 2**62 for rule in game.rules):
        weights = [w.astype(np.int64) for w in weights]
    pivots = np.zeros(n, dtype=np.int64)
    chunk = max(1, 2_000_000 // n)
    for start in range(0, n_samples, chunk):
        rows = min(chunk, n_samples - start)
        orders = rng.permuted(np.tile(np.arange(n), (rows, 1)), axis=1)
        position = np.zeros(rows, dtype=np.int64)
        for rule, w in zip(game.rules, weights, strict=True):
            reached = (np.cumsum(w[orders], axis=1) >= rule.quota).astype(bool)
            position = np.maximum(position, reached.argmax(axis=1))
        pivots += np.bincount(orders[np.arange(rows), position], minlength=n)
    margin = math.sqrt(math.log(2 * n / (1 - confidence)) / (2 * n_samples))
    return SampledIndex(pivots / n_samples, margin, confidence, n_samples)
