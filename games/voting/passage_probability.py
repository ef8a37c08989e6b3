"""Probability that a proposal passes, or that enough players join for an agreement to bind.

Players say yes independently, each with its own probability. For one rule of equal weights this is
the upper tail of a (Poisson-)binomial distribution, Pr(Bin(N, p) >= m).

References
----------
.. [1] Y. H. Wang, "On the number of successes in independent trials", Statistica Sinica 3(2),
   1993, 295-312.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from games.errors import InvalidGameError, TooLargeError
from games.normal_form import FloatArray
from games.voting.weighted_game import VotingGame, WeightedRule

__all__ = ["passage_probability"]

MAX_CELLS = 4_000_000
MAX_HALF_PLAYERS = 21
MAX_LISTED_PLAYERS = 20


def passage_probability(game: VotingGame, yes_probabilities: float | Iterable[float]) -> float:
    """Probability that the players who say yes form a winning coalition.

    Parameters
    ----------
    game : VotingGame
    yes_probabilities : float or (n_players,) sequence of float
        One probability for all, or one for each player; votes are independent.

    Returns
    -------
    float
        All terms are positive, so the relative error is of the order of n times the rounding.

    Raises
    ------
    InvalidGameError
        If a probability is missing or outside 0 to 1.
    TooLargeError
        If the weights are too large and the players too many.

    Examples
    --------
    >>> thirty_nine_more = VotingGame.weighted(40, [1] * 193)
    >>> round(passage_probability(thirty_nine_more, 0.20), 4)
    0.4288
    """
    p = _checked(yes_probabilities, game.n_players)
    rules = list(dict.fromkeys(game.rules))
    if prod(rule.quota + 1 for rule in rules) <= MAX_CELLS:
        return _by_saturated_sums(rules, p)
    counts = [rule for rule in rules if rule.is_count]
    heavy = [rule for rule in rules if not rule.is_count]
    if len(heavy) == 1 and np.count_nonzero(heavy[0].weights) <= 2 * MAX_HALF_PLAYERS:
        least = max([0, *(-(-rule.quota // rule.weights[0]) for rule in counts)])
        return _by_halves(heavy[0], least, p)
    if game.n_players <= MAX_LISTED_PLAYERS:
        return _by_list(rules, p)
    raise TooLargeError(
        f"{game.n_players} players with quotas up to {max(r.quota for r in rules)} are too many; "
        "round the weights to larger units"
    )


def _checked(given: float | Iterable[float], n_players: int) -> FloatArray:
    try:
        p = np.array(given if np.isscalar(given) else list(given), dtype=float)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise InvalidGameError("yes_probabilities", f"are not numbers ({given!r})") from None
    if p.ndim == 0:
        p = np.full(n_players, float(p))
    if p.shape != (n_players,):
        raise InvalidGameError(
            "yes_probabilities", f"has shape {p.shape}; one per player needs ({n_players},)"
        )
    wrong = np.flatnonzero(~((p >= 0) & (p <= 1)))
    if wrong.size:
        raise InvalidGameError(
            f"yes_probabilities[{wrong[0]}]", f"is {p[wrong[0]]}; it must be between 0 and 1"
        )
    return p


def _by_saturated_sums(rules: list[WeightedRule], p: FloatArray) -> float:
    # mass[min(sum_1, quota_1), min(sum_2, quota_2), ...]; the last cell of every axis is "enough".
    mass = np.zeros([rule.quota + 1 for rule in rules])
    mass[(0,) * len(rules)] = 1.0
    for i, chance in enumerate(p):
        moved: NDArray[np.float64] = mass * chance
        for axis, rule in enumerate(rules):
            moved = _shifted(moved, min(rule.weights[i], rule.quota), axis)
        mass = mass * (1 - chance) + moved
    return float(min(1.0, mass[(-1,) * len(rules)]))


def _shifted(mass: FloatArray, by: int, axis: int) -> FloatArray:
    if by == 0:
        return mass
    source = np.moveaxis(mass, axis, 0)
    out = np.zeros_like(source)
    out[by:] = source[: source.shape[0] - by]
    out[-1] += source[source.shape[0] - by :].sum(axis=0)
    return np.moveaxis(out, 0, axis)


def _by_halves(rule: WeightedRule, least: int, p: FloatArray) -> float:
    heavy = [i for i, w in enumerate(rule.weights) if w]
    lights = _count_distribution(p[[i for i, w in enumerate(rule.weights) if not w]])
    # enough[j]: chance that the unweighted players bring j members up to the least number.
    tail = np.append(np.cumsum(lights[::-1])[::-1], 0.0)
    enough = [tail[min(max(least - j, 0), tail.size - 1)] for j in range(len(heavy) + 1)]
    left = _subsets(rule, heavy[::2], p)
    right = _subsets(rule, heavy[1::2], p)
    total = 0.0
    for size in range(len(heavy[1::2]) + 1):
        of_size = right[1] == size
        order = np.argsort(right[0][of_size], kind="stable")
        cumulated = np.append(np.cumsum(right[2][of_size][order][::-1])[::-1], 0.0)
        found = cumulated[np.searchsorted(right[0][of_size][order], rule.quota - left[0])]
        total += float(np.sum(found * left[2] * np.array(enough)[left[1] + size]))
    return min(1.0, total)


def _by_list(rules: list[WeightedRule], p: FloatArray) -> float:
    players = list(range(p.size))
    wins = np.ones(1 << p.size, dtype=bool)
    for rule in rules:
        wins &= (_subsets(rule, players, p)[0] >= rule.quota).astype(bool)
    return min(1.0, float(_subsets(rules[0], players, p)[2][wins].sum()))


def _count_distribution(p: FloatArray) -> FloatArray:
    mass = np.ones(1)
    for chance in p:
        mass = np.append(mass * (1 - chance), 0.0) + np.append(0.0, mass * chance)
    return mass


def _subsets(rule: WeightedRule, players: list[int], p: FloatArray) -> tuple[Any, Any, FloatArray]:
    weights = np.zeros(1, dtype=np.int64 if rule.total < 2**62 else object)
    sizes, chances = np.zeros(1, dtype=np.int64), np.ones(1)
    for i in players:
        weights = np.concatenate([weights, weights + rule.weights[i]])
        sizes = np.concatenate([sizes, sizes + 1])
        chances = np.concatenate([chances * (1 - p[i]), chances * p[i]])
    return weights, sizes, chances
