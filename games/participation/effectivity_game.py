"""Effectivity games: outcomes, preferences over them, and who can move from one to another.

A coalition S can move from outcome a to outcome b where the *effectivity relation* has (a, b, S).
Outcome b *directly dominates* a, written a < b, if some coalition can move from a to b and all of
it prefers b. Outcome b *indirectly dominates* a, written a << b, if coalitions can move from a to
b step by step, each preferring the final b to the outcome at which it moves.

References
----------
.. [1] M. S.-Y. Chwe, "Farsighted coalitional stability", Journal of Economic Theory 63(2), 1994,
   299-325.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import InvalidGameError, TooLargeError
from games.normal_form import FloatArray
from games.participation.participation_game import ParticipationGame

__all__ = [
    "EffectivityGame",
    "direct_dominance",
    "indirect_dominance",
    "membership_effectivity",
]

MAX_OUTCOMES = 1024


@dataclass(frozen=True, eq=False)
class EffectivityGame:
    """Outcomes, what players think of them, and who can move from one to another.

    Parameters
    ----------
    payoffs : (n_players, n_outcomes) array of float
        Only their order matters.
    moves : sequence of (int, int, int)
        ``(a, b, mask)``: the players in ``mask`` together can move from outcome a to outcome b.
    outcomes : sequence of str, optional
        Labels.

    Raises
    ------
    InvalidGameError
        If a payoff is not finite or a move names no outcome or no players.
    """

    payoffs: FloatArray
    moves: tuple[tuple[int, int, int], ...]
    outcomes: tuple[str, ...] = ()

    def __init__(
        self,
        payoffs: ArrayLike,
        moves: Iterable[tuple[int, int, int]],
        outcomes: Sequence[str] = (),
    ) -> None:
        array = np.array(payoffs, dtype=float)
        if array.ndim != 2 or array.size == 0 or not np.isfinite(array).all():
            raise InvalidGameError("payoffs", "needs finite numbers of shape (players, outcomes)")
        n_players, n_outcomes = array.shape
        if n_outcomes > MAX_OUTCOMES:
            raise TooLargeError(f"{n_outcomes} outcomes; up to {MAX_OUTCOMES} are supported")
        listed = tuple((int(a), int(b), int(mask)) for a, b, mask in moves)
        for k, (a, b, mask) in enumerate(listed):
            if not (0 <= a < n_outcomes and 0 <= b < n_outcomes and a != b):
                raise InvalidGameError(f"moves[{k}]", f"goes from {a} to {b}, not two outcomes")
            if not 0 < mask < 1 << n_players:
                raise InvalidGameError(f"moves[{k}]", f"coalition {mask} is empty or unknown")
        labels = tuple(outcomes) or tuple(str(k + 1) for k in range(n_outcomes))
        if len(labels) != n_outcomes or len(set(labels)) != n_outcomes:
            raise InvalidGameError("outcomes", f"need {n_outcomes} distinct labels")
        array.setflags(write=False)
        object.__setattr__(self, "payoffs", array)
        object.__setattr__(self, "moves", listed)
        object.__setattr__(self, "outcomes", labels)

    @property
    def n_outcomes(self) -> int:
        """Number of outcomes."""
        return int(self.payoffs.shape[1])

    def gains(self, mask: int) -> NDArray[np.bool_]:
        """``gains[a, b]``: every player in the coalition strictly prefers b to a."""
        players = [i for i in range(self.payoffs.shape[0]) if mask >> i & 1]
        chosen = self.payoffs[players]
        return np.asarray((chosen[:, :, None] < chosen[:, None, :]).all(axis=0))

    def ties(self) -> tuple[tuple[int, int, int], ...]:
        """Moves ``(player, a, b)`` that an indifferent player could make or is needed for."""
        found = {
            (i, a, b)
            for a, b, mask in self.moves
            for i in range(self.payoffs.shape[0])
            if mask >> i & 1 and self.payoffs[i, a] == self.payoffs[i, b]
        }
        return tuple(sorted(found))


def direct_dominance(game: EffectivityGame) -> NDArray[np.bool_]:
    """``dominance[a, b]``: some coalition can move from a to b, and all of it prefers b."""
    dominance = np.zeros((game.n_outcomes, game.n_outcomes), dtype=bool)
    gains = {mask: game.gains(mask) for _, _, mask in game.moves}
    for a, b, mask in game.moves:
        dominance[a, b] |= gains[mask][a, b]
    return dominance


def indirect_dominance(game: EffectivityGame) -> NDArray[np.bool_]:
    """``dominance[a, b]``: outcome b indirectly dominates outcome a.

    Notes
    -----
    For each b, outcomes are reached backwards from b by moves whose movers all prefer b.
    """
    n = game.n_outcomes
    gains = {mask: game.gains(mask) for _, _, mask in game.moves}
    # reached[a, b]: a chain of moves leads from a to b, every mover gaining at b.
    reached = np.eye(n, dtype=bool)
    changed = True
    while changed:
        changed = False
        for a, d, mask in game.moves:
            new = reached[d] & gains[mask][a] & ~reached[a]
            if new.any():
                reached[a] |= new
                changed = True
    np.fill_diagonal(reached, False)
    return reached


def membership_effectivity(
    game: ParticipationGame, *, largest_deviation: int | None = None
) -> EffectivityGame:
    """Effectivity game of a participation game: outcomes are coalitions of signatories.

    Parameters
    ----------
    game : ParticipationGame
        At most ten players (1024 coalitions).
    largest_deviation : int, optional
        Most players that change sides together; 1 for one at a time, any number by default.

    Notes
    -----
    Membership is open: players in or out change sides without anybody's consent.
    """
    n = game.n_players
    if 1 << n > MAX_OUTCOMES:
        raise TooLargeError(f"{n} players have {1 << n} coalitions; up to {MAX_OUTCOMES}")
    most = n if largest_deviation is None else largest_deviation
    if not 1 <= most <= n:
        raise InvalidGameError("largest_deviation", f"is {most}; it must be from 1 to {n}")
    masks = [mask for mask in range(1, 1 << n) if mask.bit_count() <= most]
    moves = [(a, a ^ mask, mask) for a in range(1 << n) for mask in masks]
    labels = [
        "{" + ", ".join(game.players[i] for i in game.members(a)) + "}" for a in range(1 << n)
    ]
    return EffectivityGame(game.payoffs, moves, labels)
