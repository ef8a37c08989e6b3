"""A game in which players know their own type only, and what each type expects.

Nature draws a *type* for each player from a common prior; each player sees its own type only and
acts (Harsanyi, 1967-68). The equilibria are in :mod:`games.bayesian`.

References
----------
.. [1] J. C. Harsanyi, "Games with incomplete information played by Bayesian players", parts
   I-III, Management Science 14, 1967-68, 159-182, 320-334, 486-502.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from games.errors import InvalidGameError
from games.normal_form import FloatArray, NormalFormGame

__all__ = ["BayesianGame", "TypeStrategies", "interim_payoffs", "marginal", "type_losses"]

PRIOR_SUM_TOL = 1e-9
"""How far the probabilities of the types may be from a sum of one."""

TypeStrategies = tuple[FloatArray, ...]
"""For each player an array (n_types, n_actions): what each of its types does."""


@dataclass(frozen=True, eq=False)
class BayesianGame:
    """A finite Bayesian game.

    Parameters
    ----------
    prior : (T_0, ..., T_{n-1}) array of float
        Joint probability of the players' types; need not be independent.
    payoffs : (n_players, T_0, ..., T_{n-1}, m_0, ..., m_{n-1}) array of float
        First the player, then all types, then all actions.
    players : sequence of str, optional
    types, actions : sequences of sequences of str, optional
        Labels of each player's types and actions.

    Raises
    ------
    InvalidGameError
        If shapes do not agree, the prior is no probability distribution, a type has probability
        0, a player has no action, a payoff is not finite, or labels do not fit.

    Examples
    --------
    >>> game = BayesianGame([[0.5, 0.5]], np.zeros((2, 1, 2, 2, 2)))
    >>> game.n_types, game.n_actions
    ((1, 2), (2, 2))
    """

    prior: FloatArray
    payoffs: FloatArray
    players: tuple[str, ...]
    types: tuple[tuple[str, ...], ...]
    actions: tuple[tuple[str, ...], ...]

    def __init__(
        self,
        prior: ArrayLike,
        payoffs: ArrayLike,
        players: Sequence[str] = (),
        types: Sequence[Sequence[str]] = (),
        actions: Sequence[Sequence[str]] = (),
    ) -> None:
        chances, array = _numbers(prior, "prior"), _numbers(payoffs, "payoffs")
        n = chances.ndim
        if n < 1 or array.ndim != 2 * n + 1 or array.shape[: n + 1] != (n, *chances.shape):
            raise InvalidGameError(
                "payoffs",
                f"have shape {array.shape}; a prior of shape {chances.shape} needs "
                "(players, types of each player, actions of each player)",
            )
        if 0 in array.shape:
            raise InvalidGameError("payoffs", "every player needs a type and an action")
        if (chances < 0).any() or abs(chances.sum() - 1) > PRIOR_SUM_TOL:
            rule = f"sums to {chances.sum():.12g}; probabilities >= 0 that sum to 1 are needed"
            raise InvalidGameError("prior", rule)
        chances = chances / chances.sum()
        for i in range(n):
            margin = marginal(chances, i)
            if (margin == 0).any():
                rule = "has probability 0; leave the type out"
                raise InvalidGameError(f"prior: type {int(margin.argmin())} of player {i}", rule)
        for part in (chances, array):
            part.setflags(write=False)
        object.__setattr__(self, "prior", chances)
        object.__setattr__(self, "payoffs", array)
        labels = NormalFormGame(np.zeros((n, *array.shape[n + 1 :])), players, actions)
        typed = NormalFormGame(np.zeros((n, *chances.shape)), labels.players, types)
        object.__setattr__(self, "players", labels.players)
        object.__setattr__(self, "types", typed.actions)
        object.__setattr__(self, "actions", labels.actions)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return self.prior.ndim

    @property
    def n_types(self) -> tuple[int, ...]:
        """Number of types of each player."""
        return self.prior.shape

    @property
    def n_actions(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return self.payoffs.shape[self.n_players + 1 :]


def interim_payoffs(game: BayesianGame, strategies: TypeStrategies, player: int) -> FloatArray:
    """What each type of ``player`` expects from each action, shape ``(n_types, n_actions)``."""
    return _interim(game, game.payoffs[player], strategies, player)


def type_losses(
    game: BayesianGame, strategies: TypeStrategies, player: int
) -> tuple[FloatArray, FloatArray]:
    """What each type loses by each action against its best one, and what that action changes.

    Returns
    -------
    two (n_types, n_actions) arrays of float
        Expected differences of payoffs, and the expectation of their absolute values. From
        differences: a constant in the payoffs costs no digits.
    """
    payoffs = game.payoffs[player] / 4  # differences of the largest floats would overflow
    axis = game.n_players + player
    best = interim_payoffs(game, strategies, player).argmax(axis=1)
    for _ in range(payoffs.shape[axis] + 1):
        shape = [1] * payoffs.ndim
        shape[player] = len(best)
        gaps = np.take_along_axis(payoffs, best.reshape(shape), axis) - payoffs
        losses = _interim(game, gaps, strategies, player)
        if (losses >= 0).all():
            break
        best = losses.argmin(axis=1)
    return 4 * losses, 4 * _interim(game, np.abs(gaps), strategies, player)


def _interim(
    game: BayesianGame, payoffs: FloatArray, strategies: TypeStrategies, player: int
) -> FloatArray:
    n = game.n_players
    weighted = payoffs * game.prior.reshape(game.prior.shape + (1,) * n)
    operands: list[object] = [weighted, list(range(2 * n))]
    for j in range(n):
        if j != player:
            operands += [strategies[j], [j, n + j]]
    joint = np.einsum(*operands, [player, n + player], optimize=True)  # type: ignore[call-overload]
    return np.asarray(joint / marginal(game.prior, player)[:, np.newaxis], dtype=float)


def _numbers(values: ArrayLike, name: str) -> FloatArray:
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(name, f"is not an array of numbers ({error})") from None
    if not np.isfinite(array).all():
        place = ", ".join(str(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise InvalidGameError(f"{name}[{place}]", "is not a finite number")
    return array


def marginal(prior: FloatArray, player: int) -> FloatArray:
    """Probability of each type of one player."""
    others = tuple(j for j in range(prior.ndim) if j != player)
    return np.asarray(prior.sum(axis=others), dtype=float)
