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
    "MoveGroup",
    "direct_dominance",
    "indirect_dominance",
    "membership_effectivity",
    "move_groups",
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
        try:
            array = np.array(payoffs, dtype=float)
        except (TypeError, ValueError) as error:
            raise InvalidGameError("payoffs", f"not an array of numbers ({error})") from None
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
        found: set[tuple[int, int, int]] = set()
        for group in move_groups(self):
            for i in (i for i in range(self.payoffs.shape[0]) if group.mask >> i & 1):
                tied = self.payoffs[i, group.start] == self.payoffs[i, group.end]
                ends = zip(group.start[tied].tolist(), group.end[tied].tolist(), strict=True)
                found |= {(i, a, b) for a, b in ends}
        return tuple(sorted(found))


@dataclass(frozen=True, eq=False)
class MoveGroup:
    """All moves of one coalition, as arrays.

    Parameters
    ----------
    mask : int
    index : (k,) array of int
        Places of the moves in ``moves``.
    start, end : (k,) arrays of int
    gains : (k, n_outcomes / 8) array of bytes
        Packed bits: the outcomes that all of the coalition strictly prefers to ``start``.
    """

    mask: int
    index: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    gains: NDArray[np.uint8]


def move_groups(game: EffectivityGame) -> tuple[MoveGroup, ...]:
    """Moves of the game by coalition, for array operations; in the order of first mention."""
    listed: dict[int, list[tuple[int, int, int]]] = {}
    for k, (a, b, mask) in enumerate(game.moves):
        listed.setdefault(mask, []).append((k, a, b))
    prefers = [np.packbits(row[:, None] < row[None, :], axis=1) for row in game.payoffs]
    groups = []
    for mask, moves in listed.items():
        index, start, end = np.array(moves, dtype=np.int64).T
        chosen = [prefers[i][start] for i in range(len(prefers)) if mask >> i & 1]
        groups.append(MoveGroup(mask, index, start, end, np.bitwise_and.reduce(chosen)))
    return tuple(groups)


def direct_dominance(game: EffectivityGame) -> NDArray[np.bool_]:
    """``dominance[a, b]``: some coalition can move from a to b, and all of it prefers b."""
    dominance = np.zeros((game.n_outcomes, game.n_outcomes), dtype=bool)
    for group in move_groups(game):
        players = [i for i in range(game.payoffs.shape[0]) if group.mask >> i & 1]
        better = game.payoffs[players][:, group.end] > game.payoffs[players][:, group.start]
        kept = better.all(axis=0)
        dominance[group.start[kept], group.end[kept]] = True
    return dominance


def indirect_dominance(game: EffectivityGame) -> NDArray[np.bool_]:
    """``dominance[a, b]``: outcome b indirectly dominates outcome a.

    Notes
    -----
    For each b, outcomes are reached backwards from b by moves whose movers all prefer b.
    """
    n = game.n_outcomes
    groups = move_groups(game)
    # Packed bits of reached[a, b]: a chain of moves leads from a to b, every mover gaining at b.
    reached = np.packbits(np.eye(n, dtype=bool), axis=1)
    before = np.zeros_like(reached)
    while not np.array_equal(before, reached):
        before = reached.copy()
        for group in groups:
            np.bitwise_or.at(reached, group.start, reached[group.end] & group.gains)
    dominance = np.unpackbits(reached, axis=1, count=n).astype(bool)
    np.fill_diagonal(dominance, False)
    return dominance


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
