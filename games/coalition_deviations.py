"""Equilibria that withstand coalitions: strong, k-resilient and coalition-proof.

A pure profile is a *strong equilibrium* if no coalition has a joint deviation that makes every
member better off (Aumann, 1959), and *k-resilient* if no coalition of up to k players has one.
The sharper reading of k-resilience (Abraham, Dolev, Gonen and Halpern, 2006) forbids deviations
from which even one member gains, the others serving its purpose. A *coalition-proof* equilibrium
(Bernheim, Peleg and Whinston, 1987) need only withstand deviations that are themselves immune to
deviations by sub-coalitions. Profiles and deviations here are in pure actions, and payoffs are
compared as they are stored. Every coalition-proof equilibrium is a Nash equilibrium, every strong
one is coalition-proof. Coalitions are bit masks, the first player the lowest bit.

References
----------
.. [1] R. J. Aumann, "Acceptable points in general cooperative n-person games", Contributions to
   the Theory of Games IV, Princeton University Press, 1959, 287-324.
.. [2] B. D. Bernheim, B. Peleg and M. D. Whinston, "Coalition-proof Nash equilibria I: concepts",
   Journal of Economic Theory 42(1), 1987, 1-12.
.. [3] I. Abraham, D. Dolev, R. Gonen and J. Halpern, "Distributed computing meets game theory",
   PODC 2006, 53-62.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from games.best_responses import best_response_table
from games.errors import InvalidGameError, TooLargeError
from games.normal_form import NormalFormGame

__all__ = [
    "Resilience",
    "coalition_proof_equilibria",
    "resilience",
    "strong_equilibria",
]

_MAX_WORK = 500_000_000


@dataclass(frozen=True)
class Resilience:
    """How large the coalitions are that a profile withstands.

    Parameters
    ----------
    level : int
        The profile is k-resilient for every k up to this: 0 if a single player gains by
        deviating, ``n_players`` if no coalition gains.
    coalition : int
        Certificate: bit mask of a smallest coalition that gains; 0 if there is none.
    deviation : tuple of int
        The action profile after its joint deviation; the profile itself if there is none.
    gains : tuple of float
        What each player gains by it, in player order.
    """

    level: int
    coalition: int
    deviation: tuple[int, ...]
    gains: tuple[float, ...]


def resilience(
    game: NormalFormGame, profile: Sequence[int], *, one_gains: bool = False
) -> Resilience:
    """Largest k such that no coalition of up to k players gains by deviating from ``profile``.

    Parameters
    ----------
    game : NormalFormGame
    profile : sequence of int
        One action per player.
    one_gains : bool
        Count a deviation if at least one member gains, even if others in the coalition lose;
        otherwise every member must gain.

    Returns
    -------
    Resilience
        With the first deviation, in lexicographic order, of a smallest coalition.

    Examples
    --------
    The dilemma withstands single players at mutual defection, but not both together:

    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> resilience(game, (1, 1))
    Resilience(level=1, coalition=3, deviation=(0, 0), gains=(2.0, 2.0))
    """
    n = game.n_players
    cell = tuple(int(a) for a in profile)
    if len(cell) != n or any(not 0 <= a < m for a, m in zip(cell, game.n_actions, strict=False)):
        raise InvalidGameError(
            "profile", f"{cell} is no action profile of a game with {game.n_actions} actions"
        )
    payoffs = game.payoffs.reshape(n, -1)
    here = int(np.ravel_multi_index(cell, game.n_actions))
    gains = payoffs > payoffs[:, here, None]
    size = np.zeros(gains.shape[1], dtype=int)
    refused = np.zeros(gains.shape[1], dtype=bool)
    tempted = np.zeros(gains.shape[1], dtype=bool)
    for i, actions in enumerate(_actions_at_cells(game)):
        moves = actions != cell[i]
        size += moves
        refused |= moves & ~gains[i]
        tempted |= moves & gains[i]
    # Whoever does not move may join only to gain: nobody needs such a member if all must gain.
    needed = np.where(refused, n + 1, size)
    if one_gains:
        bystander = np.where(gains.any(axis=0), size + 1, n + 1)
        needed = np.where(tempted, size, bystander)
    needed[here] = n + 1
    best = int(np.argmin(needed))
    if needed[best] > n:
        return Resilience(n, 0, cell, (0.0,) * n)
    after = tuple(int(a) for a in np.unravel_index(best, game.n_actions))
    members = {i for i in range(n) if after[i] != cell[i]}
    if one_gains and not tempted[best]:
        members.add(int(np.argmax(gains[:, best])))
    change = payoffs[:, best] - payoffs[:, here]
    coalition = sum(1 << i for i in members)
    return Resilience(int(needed[best]) - 1, coalition, after, tuple(change.tolist()))


def strong_equilibria(
    game: NormalFormGame, *, k: int | None = None, one_gains: bool = False
) -> tuple[tuple[int, ...], ...]:
    """Strong (or k-resilient) pure equilibria in lexicographic order; often there are none.

    Parameters
    ----------
    game : NormalFormGame
    k : int, optional
        Largest coalition to withstand, at least 1; all coalitions when left out.
    one_gains : bool
        As in :func:`resilience`.

    Examples
    --------
    >>> stag_hunt = NormalFormGame.from_bimatrix([[4, 0], [3, 2]], [[4, 3], [0, 2]])
    >>> strong_equilibria(stag_hunt)
    ((0, 0),)
    """
    level = game.n_players if k is None else k
    if not 1 <= level <= game.n_players:
        raise InvalidGameError("k", f"is {k}; coalitions have 1 to {game.n_players} members")
    # Only equilibria withstand single players; each is then tested against all deviations.
    candidates = np.argwhere(best_response_table(game).all(axis=0)).tolist()
    if len(candidates) * game.payoffs.size > _MAX_WORK:
        raise TooLargeError(
            f"{len(candidates)} equilibria with {game.payoffs[0].size} deviations each; "
            "test single profiles by resilience()"
        )
    return tuple(
        tuple(cell)
        for cell in candidates
        if resilience(game, cell, one_gains=one_gains).level >= level
    )


def coalition_proof_equilibria(game: NormalFormGame) -> tuple[tuple[int, ...], ...]:
    """Coalition-proof equilibria in pure actions, in lexicographic order.

    Raises
    ------
    TooLargeError
        If the comparisons between profiles exceed half a billion.

    Notes
    -----
    For every coalition and every profile, the smaller coalitions first: the coalition's actions
    are *self-enforcing* if they are coalition-proof for each of its proper sub-coalitions, and
    coalition-proof if no other self-enforcing choice is better for all its members.

    Examples
    --------
    >>> dilemma = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> coalition_proof_equilibria(dilemma)
    ((1, 1),)
    """
    n = game.n_players
    work = game.payoffs[0].size
    for m in game.n_actions:
        work *= 1 + m
    if work > _MAX_WORK:
        raise TooLargeError(
            f"about {work:.2g} comparisons between profiles; at most {_MAX_WORK:.2g} are made: "
            "look for strong equilibria instead"
        )
    proof: dict[int, NDArray[np.bool_]] = {}
    for size in range(1, n + 1):
        for members in combinations(range(n), size):
            coalition = sum(1 << i for i in members)
            enforcing = np.ones(game.n_actions, dtype=bool)
            if size > 1:  # coalition-proof for these implies the same for all their parts
                for i in members:
                    enforcing &= proof[coalition ^ (1 << i)]
            proof[coalition] = enforcing & ~_improvable(game, members, enforcing)
    return tuple(tuple(cell) for cell in np.argwhere(proof[(1 << n) - 1]).tolist())


def _improvable(
    game: NormalFormGame, members: tuple[int, ...], allowed: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Profiles that the members can jointly leave for an allowed one that is better for each."""
    others = [i for i in range(game.n_players) if i not in members]
    order = (*others, *members)
    n_fibres = int(np.prod([game.n_actions[i] for i in others], dtype=int))
    payoffs = [game.payoffs[i].transpose(order).reshape(n_fibres, -1) for i in members]
    targets = allowed.transpose(order).reshape(n_fibres, -1)
    improvable = np.zeros_like(targets)
    for choice in np.flatnonzero(targets.any(axis=0)):
        better = np.repeat(targets[:, choice, None], targets.shape[1], axis=1)
        for u in payoffs:
            better &= u[:, choice, None] > u
        improvable |= better
    shape = [game.n_actions[i] for i in order]
    return np.asarray(improvable.reshape(shape).transpose(np.argsort(order)))


def _actions_at_cells(game: NormalFormGame) -> list[NDArray[np.intp]]:
    """Each player's action at every action profile, profiles in the order of the payoffs."""
    return [axis.ravel() for axis in np.indices(game.n_actions)]
