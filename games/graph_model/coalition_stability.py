"""Coalitions that move together.

A *coalition improvement* is a state that the coalition can reach by a legal sequence of its
members' moves and that every member strictly prefers.

References
----------
.. [1] D. M. Kilgour, K. W. Hipel, L. Fang, X. Peng, "Coalition analysis in group decision
   support", Group Decision and Negotiation 10(2), 2001, 159-175.
.. [2] T. Inohara, K. W. Hipel, "Coalition analysis in the graph model for conflict resolution",
   Systems Engineering 11(4), 2008, 343-359.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from games.errors import InvalidGameError, TooLargeError
from games.graph_model.conflict import BoolArray, Conflict
from games.graph_model.reachability import reachable

__all__ = ["coalesced", "coalition_nash_stable", "universally_coalition_stable"]

MAX_PLAYERS = 12


def coalesced(conflict: Conflict, coalitions: Sequence[Sequence[int]]) -> Conflict:
    """The conflict in which each coalition acts as one player.

    Parameters
    ----------
    conflict : Conflict
    coalitions : sequence of groups of players
        Must not overlap; players in none stay alone.

    Returns
    -------
    Conflict
        A coalition can move wherever its members can together, and prefers what every member
        strictly prefers. Every stability concept applies to the result.

    Raises
    ------
    InvalidGameError
        If a player is unknown or in two coalitions, or a coalition is empty.
    """
    listed = [player for group in coalitions for player in group]
    for group in coalitions:
        _check_coalition(conflict, group)
    for player in listed:
        if listed.count(player) > 1:
            raise InvalidGameError(
                "coalitions", f"{conflict.players[player]!r} is listed twice; coalitions are apart"
            )
    groups = [tuple(group) for group in coalitions]
    groups += [(player,) for player in range(conflict.n_players) if player not in listed]
    groups.sort(key=min)
    diagonal = np.eye(conflict.n_states, dtype=bool)
    moves = [
        conflict.moves[g[0]] if len(g) == 1 else reachable(conflict, g) & ~diagonal for g in groups
    ]
    prefers = [conflict.prefers[list(g)].all(axis=0) for g in groups]
    names = [" + ".join(conflict.players[player] for player in g) for g in groups]
    return Conflict(tuple(names), conflict.states, np.array(moves), np.array(prefers))


def coalition_nash_stable(conflict: Conflict, coalition: Sequence[int]) -> BoolArray:
    """States from which a coalition has no coalition improvement, shape ``(n_states,)``.

    Raises
    ------
    InvalidGameError
        If a player is unknown or the coalition is empty.
    """
    _check_coalition(conflict, coalition)
    joint = reachable(conflict, coalition) & conflict.prefers[list(coalition)].all(axis=0)
    return np.asarray(~joint.any(axis=1))


def universally_coalition_stable(conflict: Conflict) -> BoolArray:
    """States from which no coalition of any size has a coalition improvement.

    Returns
    -------
    (n_states,) array of bool

    Raises
    ------
    TooLargeError
        If there are more than 12 players.
    """
    if conflict.n_players > MAX_PLAYERS:
        raise TooLargeError(
            f"{conflict.n_players} players have too many coalitions; at most {MAX_PLAYERS}, or "
            "check chosen coalitions with coalition_nash_stable"
        )
    stable = np.ones(conflict.n_states, dtype=bool)
    for size in range(1, conflict.n_players + 1):
        for coalition in combinations(range(conflict.n_players), size):
            stable &= coalition_nash_stable(conflict, coalition)
    return stable


def _check_coalition(conflict: Conflict, coalition: Sequence[int]) -> None:
    if not len(coalition):
        raise InvalidGameError("coalitions", "holds an empty coalition; leave it out")
    for player in coalition:
        if not 0 <= player < conflict.n_players:
            raise InvalidGameError("coalitions", f"unknown player number {player}")
