"""Seeded random games of known kinds, for tests, benchmarks and teaching.

Every generator takes an integer seed or a ``numpy`` generator; the same seed gives the same game.
The kinds follow the families used to compare solvers (Nudelman, Wortman, Shoham and
Leyton-Brown, 2004); :func:`covariant_game` is the one in which players' payoffs at a profile
correlate, from pure conflict to common interest (Rinott and Scarsini, 2000).

References
----------
.. [1] E. Nudelman, J. Wortman, Y. Shoham and K. Leyton-Brown, "Run the GAMUT: a comprehensive
   approach to evaluating game-theoretic algorithms", AAMAS 2004, 880-887.
.. [2] Y. Rinott and M. Scarsini, "On the number of pure strategy Nash equilibria in random
   games", Games and Economic Behavior 33(2), 2000, 274-293.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from games.errors import InvalidGameError
from games.normal_form import NormalFormGame

__all__ = [
    "Seed",
    "coordination_game",
    "covariant_game",
    "integer_game",
    "penalty_game",
    "potential_game",
    "symmetric_game",
    "uniform_game",
    "zero_sum_game",
]

Seed: TypeAlias = int | np.random.Generator
_MAX_PAYOFFS = 100_000_000


def uniform_game(n_actions: Sequence[int], seed: Seed) -> NormalFormGame:
    """Game with independent payoffs, uniform on [0, 1): almost surely without ties.

    Parameters
    ----------
    n_actions : sequence of int
        Number of actions of each player, each at least 1.
    seed : int or numpy.random.Generator

    Raises
    ------
    InvalidGameError
        If the shape is no game's or the game would have over a hundred million payoffs.

    Examples
    --------
    >>> uniform_game((2, 3), seed=1).n_actions
    (2, 3)
    """
    shape = _shape(n_actions)
    return NormalFormGame(_generator(seed).random((len(shape), *shape)))


def integer_game(
    n_actions: Sequence[int], seed: Seed, *, low: int = 0, high: int = 3
) -> NormalFormGame:
    """Game with independent integer payoffs from ``low`` to ``high``, both included.

    A small range makes ties and so degenerate games likely.
    """
    shape = _shape(n_actions)
    if low > high:
        raise InvalidGameError("low, high", f"are {low}, {high}; low must not exceed high")
    return NormalFormGame(_generator(seed).integers(low, high + 1, (len(shape), *shape)))


def covariant_game(n_actions: Sequence[int], seed: Seed, *, correlation: float) -> NormalFormGame:
    """Game with normal payoffs that correlate between players at every profile.

    Parameters
    ----------
    n_actions, seed
        As in :func:`uniform_game`.
    correlation : float
        Between any two players' payoffs, from -1/(n-1) (they sum to 0) to 1 (all the same).

    Examples
    --------
    >>> game = covariant_game((3, 3), seed=0, correlation=1.0)
    >>> bool(np.allclose(game.payoffs[0], game.payoffs[1]))
    True
    """
    shape = _shape(n_actions)
    n = len(shape)
    least = -1 / (n - 1) if n > 1 else -1.0
    if not least - 1e-12 <= correlation <= 1:
        raise InvalidGameError(
            "correlation", f"is {correlation}; {n} players can have {least:.6g} to 1"
        )
    draws = _generator(seed).normal(size=(n, *shape))
    common = draws.mean(axis=0)
    # The mean has variance 1/n, deviations from it (n-1)/n: weights give variance 1 again.
    own = np.sqrt(1 - correlation) * (draws - common)
    return NormalFormGame(own + np.sqrt(max(0.0, 1 + (n - 1) * correlation)) * common)


def zero_sum_game(n_actions: Sequence[int], seed: Seed) -> NormalFormGame:
    """Two-player game in which what one gains the other loses, payoffs uniform on [-1, 1)."""
    shape = _shape(n_actions)
    if len(shape) != 2:
        raise InvalidGameError(
            "n_actions", f"has {len(shape)} players; a zero-sum game here has two"
        )
    A = _generator(seed).uniform(-1, 1, shape)
    return NormalFormGame.from_bimatrix(A, -A)


def symmetric_game(n_players: int, n_actions: int, seed: Seed) -> NormalFormGame:
    """Game in which only one's own action and how many of the others do what matter.

    Examples
    --------
    >>> game = symmetric_game(3, 2, seed=0)
    >>> bool(game.payoffs[0, 1, 0, 1] == game.payoffs[2, 0, 1, 1] == game.payoffs[0, 1, 1, 0])
    True
    """
    shape = _shape([n_actions] * n_players)
    cells = np.indices(shape).reshape(n_players, -1)
    payoffs = np.empty((n_players, cells.shape[1]))
    values: dict[tuple[int, ...], float] = {}
    rng = _generator(seed)
    for column, actions in enumerate(cells.T.tolist()):
        for i, own in enumerate(actions):
            key = (own, *sorted(actions[:i] + actions[i + 1 :]))
            if key not in values:
                values[key] = float(rng.random())
            payoffs[i, column] = values[key]
    return NormalFormGame(payoffs.reshape(n_players, *shape))


def potential_game(n_actions: Sequence[int], seed: Seed) -> NormalFormGame:
    """Game with an exact potential: one function for all plus what only the others decide."""
    shape = _shape(n_actions)
    rng = _generator(seed)
    common = rng.normal(size=shape)
    payoffs = []
    for i in range(len(shape)):
        others = [1 if i == j else m for j, m in enumerate(shape)]
        payoffs.append(common + rng.normal(size=others))
    return NormalFormGame(payoffs)


def coordination_game(n_players: int, n_actions: int, seed: Seed) -> NormalFormGame:
    """Game in which all want the same action, each with its own preference between actions.

    Every profile in which all do the same is a strict equilibrium.
    """
    shape = _shape([n_actions] * n_players)
    payoffs = np.zeros((n_players, n_actions**n_players))
    agree = np.ravel_multi_index((np.arange(n_actions),) * n_players, shape)
    payoffs[:, agree] = _generator(seed).uniform(0.5, 1.5, (n_players, n_actions))
    return NormalFormGame(payoffs.reshape(n_players, *shape))


def penalty_game(n_actions: Sequence[int], seed: Seed, *, penalty: float = 1e9) -> NormalFormGame:
    """Uniform game with one payoff replaced by ``-penalty``: what breaks many solvers.

    Examples
    --------
    >>> float(penalty_game((3, 3), seed=0, penalty=1e12).payoffs.min())
    -1000000000000.0
    """
    rng = _generator(seed)
    payoffs = uniform_game(n_actions, rng).payoffs.copy()
    payoffs.flat[int(rng.integers(payoffs.size))] = -penalty
    return NormalFormGame(payoffs)


def _generator(seed: Seed) -> np.random.Generator:
    return np.random.default_rng(seed)


def _shape(n_actions: Sequence[int]) -> tuple[int, ...]:
    shape = tuple(int(m) for m in n_actions)
    if not shape or min(shape) < 1:
        raise InvalidGameError(
            "n_actions", f"is {shape}; need at least one player, each with at least one action"
        )
    total = len(shape)
    for m in shape:
        total *= m
    if total > _MAX_PAYOFFS:
        raise InvalidGameError("n_actions", f"asks for {total} payoffs; at most {_MAX_PAYOFFS}")
    return shape
