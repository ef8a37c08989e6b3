"""Farsighted stability: Chwe's largest consistent set and the farsightedly stable sets.

A set of outcomes is *consistent* if it holds exactly the outcomes at which every move is deterred:
the deviation may end, by indirect dominance, at an outcome of the set where not all deviators are
better off. There is a *largest* consistent set. *Farsightedly stable sets* are von Neumann and
Morgenstern's stable sets of indirect dominance; each lies within the largest consistent set (Chwe,
proposition 3).

References
----------
.. [1] M. S.-Y. Chwe, "Farsighted coalitional stability", Journal of Economic Theory 63(2), 1994,
   299-325.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from games.errors import CertificateError
from games.participation.effectivity_game import (
    EffectivityGame,
    direct_dominance,
    indirect_dominance,
    move_groups,
)
from games.participation.stable_sets import stable_sets

__all__ = [
    "ConsistentSet",
    "farsightedly_stable_sets",
    "largest_consistent_set",
    "myopically_stable_sets",
]


@dataclass(frozen=True)
class ConsistentSet:
    """Chwe's largest consistent set with the reason why each other outcome is out.

    Parameters
    ----------
    outcomes : tuple of int
    removed : tuple of (int, int, int)
        ``(a, d, mask)``: outcome a was removed because nothing deters the coalition from moving to
        d; in the order of removal.
    ties : tuple of (int, int, int)
        ``(player, a, b)``: moves from a to b that need a player who is indifferent; such a player
        does not move, and the answer may hang on it.
    """

    outcomes: tuple[int, ...]
    removed: tuple[tuple[int, int, int], ...]
    ties: tuple[tuple[int, int, int], ...]


def largest_consistent_set(game: EffectivityGame) -> ConsistentSet:
    """Chwe's largest consistent set, by removing outcomes that some deviation leaves for good.

    Examples
    --------
    Chwe's figure 2: player 1 moves a-b and c-d, player 2 b-c and d-a, both together a-c.

    >>> game = EffectivityGame(
    ...     [[0, 1, 2, 3], [1, 2, 3, 0]],
    ...     [(0, 1, 1), (1, 2, 2), (2, 3, 1), (3, 0, 2), (0, 2, 3)], "abcd")
    >>> largest_consistent_set(game).outcomes
    (2,)
    """
    n = game.n_outcomes
    ends = indirect_dominance(game) | np.eye(n, dtype=bool)
    packed = np.packbits(ends, axis=1)
    groups = move_groups(game)
    alive = np.ones(n, dtype=bool)
    removed: list[tuple[int, int, int]] = []
    while True:
        undeterred: list[int] = []
        for group in groups:
            # Where the move may end and not all of the coalition is better off.
            deterring = packed[group.end] & np.packbits(alive) & ~group.gains
            is_free = alive[group.start] & ~deterring.any(axis=1)
            undeterred += group.index[is_free].tolist()
        if not undeterred:
            break
        first: dict[int, tuple[int, int, int]] = {}
        for k in sorted(undeterred):
            first.setdefault(game.moves[k][0], game.moves[k])
        removed += first.values()
        alive[list(first)] = False
    found = ConsistentSet(
        tuple(int(a) for a in np.flatnonzero(alive)), tuple(removed), game.ties()
    )
    _certify_consistent(game, found, ends)
    return found


def _certify_consistent(
    game: EffectivityGame, found: ConsistentSet, ends: NDArray[np.bool_]
) -> None:
    # An outcome is in the set if and only if each of its moves is deterred within the set.
    inside = list(found.outcomes)
    moves_from: list[list[tuple[int, int]]] = [[] for _ in game.outcomes]
    for a, d, mask in game.moves:
        moves_from[a].append((d, mask))
    players = range(game.payoffs.shape[0])
    for a, moves in enumerate(moves_from):
        worse = game.payoffs[:, inside] <= game.payoffs[:, [a]]
        members = np.array([[mask >> i & 1 for i in players] for _, mask in moves], dtype=float)
        somebody = members.reshape(len(moves), len(players)) @ worse > 0
        after = np.array([d for d, _ in moves], dtype=np.int64)
        deterred = bool((ends[after][:, inside] & somebody).any(axis=1).all())
        if deterred != (a in inside):
            raise CertificateError(f"outcome {game.outcomes[a]}: the set is not consistent")
    if not inside:
        raise CertificateError("the largest consistent set of a finite game is never empty")


def farsightedly_stable_sets(game: EffectivityGame) -> tuple[tuple[int, ...], ...]:
    """All stable sets of indirect dominance; there may be none or several.

    Raises
    ------
    TooLargeError
        If the search for all of them takes too many steps.
    """
    return stable_sets(indirect_dominance(game))


def myopically_stable_sets(game: EffectivityGame) -> tuple[tuple[int, ...], ...]:
    """All stable sets of direct dominance, in which movers look one step ahead.

    Examples
    --------
    >>> game = EffectivityGame(
    ...     [[0, 1, 2, 3], [1, 2, 3, 0]],
    ...     [(0, 1, 1), (1, 2, 2), (2, 3, 1), (3, 0, 2), (0, 2, 3)], "abcd")
    >>> myopically_stable_sets(game), farsightedly_stable_sets(game)
    (((1, 3),), ((2,),))
    """
    return stable_sets(direct_dominance(game))
