"""Games in normal (strategic) form, for any number of players.

A game in normal form lists, for each of n players, a finite set of actions and a payoff at
every action profile. A *best response* to what the others do has the largest payoff; the
*regret* of a strategy is what its best response would have gained on top of it. A profile
in which nobody has regret is a *Nash equilibrium* (Nash, 1950).

References
----------
.. [1] J. F. Nash, "Equilibrium points in n-person games", PNAS 36(1), 1950, 48-49.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import InvalidGameError

__all__ = ["FloatArray", "MixedProfile", "NormalFormGame", "expected_by_action"]

FloatArray: TypeAlias = NDArray[np.float64]
MixedProfile: TypeAlias = tuple[FloatArray, ...]
"""One probability vector per player, of that player's number of actions."""


@dataclass(frozen=True, eq=False)
class NormalFormGame:
    """A finite game in normal form.

    Parameters
    ----------
    payoffs : (n_players, m_0, ..., m_{n-1}) array of float, each player's own utility units
        ``payoffs[i, a_0, ..., a_{n-1}]`` is the payoff of player i; copied and made read-only.
    players : sequence of str, optional
        Labels; ``player 1``, ``player 2``, ... when left out.
    actions : sequence of sequence of str, optional
        Labels of each player's actions; ``1``, ``2``, ... when left out.

    Raises
    ------
    InvalidGameError
        If the shape fits no game, a payoff is not finite, a player has no action, or labels
        are too many, too few or repeated.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> game.n_players, game.n_actions
    (2, (2, 2))
    """

    payoffs: FloatArray
    players: tuple[str, ...] = ()
    actions: tuple[tuple[str, ...], ...] = ()

    def __init__(
        self,
        payoffs: ArrayLike,
        players: Sequence[str] = (),
        actions: Sequence[Sequence[str]] = (),
    ) -> None:
        array = _checked_payoffs(payoffs)
        n_players = array.shape[0]
        shape = array.shape[1:]
        players = tuple(players) or tuple(f"player {i + 1}" for i in range(n_players))
        labels = tuple(tuple(a) for a in actions) or tuple(
            tuple(str(k + 1) for k in range(m)) for m in shape
        )
        _check_labels(players, labels, shape)
        object.__setattr__(self, "payoffs", array)
        object.__setattr__(self, "players", players)
        object.__setattr__(self, "actions", labels)

    @classmethod
    def from_bimatrix(
        cls,
        A: ArrayLike,
        B: ArrayLike,
        players: Sequence[str] = (),
        actions: Sequence[Sequence[str]] = (),
    ) -> NormalFormGame:
        """Two-player game from the row player's matrix ``A`` and the column player's ``B``."""
        try:
            stacked = np.stack([np.asarray(A, dtype=float), np.asarray(B, dtype=float)])
        except (TypeError, ValueError) as error:
            rule = f"two matrices of numbers of one shape needed ({error})"
            raise InvalidGameError("payoffs", rule) from None
        return cls(stacked, players, actions)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return int(self.payoffs.shape[0])

    @property
    def n_actions(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return self.payoffs.shape[1:]

    @cached_property
    def scale(self) -> float:
        """Largest spread of payoffs that one player can cause alone, at least the smallest float.

        Tolerances on regret are relative to it, so that adding a constant to a player's payoffs
        or multiplying them leaves every answer as it is.
        """
        spreads = [np.ptp(self.payoffs[i], axis=i).max() for i in range(self.n_players)]
        return max(float(max(spreads)), float(np.finfo(float).tiny))

    def action_payoffs(self, player: int, profile: MixedProfile) -> FloatArray:
        """Expected payoff of each pure action of ``player`` against the others in ``profile``.

        Returns
        -------
        (m_player,) array of float
        """
        return expected_by_action(self.payoffs[player], player, profile)

    def expected_payoffs(self, profile: MixedProfile) -> FloatArray:
        """Expected payoff of every player at a mixed profile, shape ``(n_players,)``."""
        return np.array(
            [self.action_payoffs(i, profile) @ profile[i] for i in range(self.n_players)]
        )

    def regrets(self, profile: MixedProfile) -> FloatArray:
        """What each player could gain by a unilateral change from ``profile``; never negative.

        Examples
        --------
        >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
        >>> game.regrets((np.array([1.0, 0.0]), np.array([1.0, 0.0])))
        array([2., 2.])
        """
        regrets = np.empty(self.n_players)
        for i in range(self.n_players):
            _, used, losses = self.losses_of_used(i, profile)
            if np.isfinite(losses).all():
                gain = float(expected_by_action(losses, i, profile) @ profile[i][used])
            else:
                values = self.action_payoffs(i, profile)
                gain = float(values.max() - values @ profile[i])
            regrets[i] = max(0.0, gain)
        return regrets

    def losses_of_used(
        self, player: int, profile: MixedProfile
    ) -> tuple[int, NDArray[np.intp], FloatArray]:
        """What a best response gets more than each action in use, whatever the others do.

        Differences to the best response are what a deviation is about: a constant in the
        payoffs, or a penalty on an action that is not used, would swallow their digits.

        Returns
        -------
        best : int
            A best response of ``player`` to the others in ``profile``.
        used : (n_used,) array of int
            The actions that ``player`` plays with positive probability.
        losses : (m_0, ..., n_used, ..., m_{n-1}) array of float
            Payoff of ``best`` less that of each action in ``used``, along the player's own
            axis; infinite where the difference exceeds the range of floats.
        """
        best = int(self.action_payoffs(player, profile).argmax())
        used = np.flatnonzero(profile[player] > 0)
        own = self.payoffs[player]
        with np.errstate(over="ignore"):
            losses = own.take([best], axis=player) - own.take(used, axis=player)
        return best, used, losses

    def pure_profile(self, profile: Sequence[int]) -> MixedProfile:
        """Action profile as probability vectors, all the weight on the action played."""
        return tuple(np.eye(m)[a] for a, m in zip(profile, self.n_actions, strict=True))


def expected_by_action(payoffs: FloatArray, player: int, profile: MixedProfile) -> FloatArray:
    """Average of one player's payoffs over what the others do, by the player's own action."""
    for other in reversed(range(len(profile))):
        if other != player:
            payoffs = np.tensordot(payoffs, profile[other], axes=(other, 0))
    return np.asarray(payoffs, dtype=float)


def _checked_payoffs(payoffs: ArrayLike) -> FloatArray:
    try:
        array = np.array(payoffs, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError("payoffs", f"not an array of numbers ({error})") from None
    if array.ndim < 2 or array.shape[0] != array.ndim - 1:
        raise InvalidGameError(
            "payoffs",
            f"has shape {array.shape}; n players need shape (n, m_0, ..., m_(n-1)), "
            "the player first and then one axis per player",
        )
    for player, m in enumerate(array.shape[1:]):
        if m == 0:
            raise InvalidGameError(f"payoffs: player {player + 1}", "has no action; give it one")
    if not np.isfinite(array).all():
        place = ", ".join(str(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise InvalidGameError(
            f"payoffs[{place}]", "is not a finite number; payoffs must be finite"
        )
    array.setflags(write=False)
    return array


def _check_labels(
    players: tuple[str, ...], actions: tuple[tuple[str, ...], ...], shape: tuple[int, ...]
) -> None:
    if len(players) != len(shape) or len(set(players)) != len(players):
        raise InvalidGameError("players", f"need {len(shape)} distinct labels (got {players})")
    if len(actions) != len(shape):
        raise InvalidGameError("actions", f"need labels for {len(shape)} players")
    for player, labels, m in zip(players, actions, shape, strict=True):
        if len(labels) != m or len(set(labels)) != m:
            raise InvalidGameError(
                f"actions of {player}", f"need {m} distinct labels (got {labels})"
            )
