"""Status quo analysis: what can be reached from where the conflict stands, and how.

References
----------
.. [1] K. W. Li, D. M. Kilgour, K. W. Hipel, "Status quo analysis in the graph model for conflict
   resolution", Journal of the Operational Research Society 56(6), 2005, 699-707.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from games.errors import InvalidGameError
from games.graph_model.conflict import Conflict

__all__ = ["Path", "status_quo_paths"]


@dataclass(frozen=True)
class Path:
    """A shortest legal sequence of moves.

    Parameters
    ----------
    states : tuple of int
        From the status quo to the end.
    movers : tuple of int
        Who makes each move; one fewer than ``states``.
    """

    states: tuple[int, ...]
    movers: tuple[int, ...]

    @property
    def n_moves(self) -> int:
        """Length of the path."""
        return len(self.movers)


def status_quo_paths(
    conflict: Conflict, status_quo: int, *, improvements_only: bool = False
) -> dict[int, Path]:
    """A shortest path from the status quo to every state that can be reached.

    Parameters
    ----------
    conflict : Conflict
    status_quo : int
        Where the conflict stands.
    improvements_only : bool
        Whether every move must be a unilateral improvement of its mover.

    Returns
    -------
    dict of int to Path
        Keyed by state, the status quo itself with an empty path; states out of reach are not in
        it. Of several shortest paths the one with the lowest players and states first is given.

    Raises
    ------
    InvalidGameError
        If the status quo is not a state.
    """
    if not 0 <= status_quo < conflict.n_states:
        raise InvalidGameError("status_quo", f"unknown state number {status_quo}")
    steps = conflict.improvements if improvements_only else conflict.moves
    start = (status_quo, -1)
    came_from: dict[tuple[int, int], tuple[int, int]] = {}
    reached = {start}
    first_at: dict[int, tuple[int, int]] = {status_quo: start}
    queue = deque([start])
    while queue:
        place = queue.popleft()
        state, last = place
        for player in range(conflict.n_players):
            if player == last:
                continue
            for to in np.flatnonzero(steps[player, state]):
                node = (int(to), player)
                if node not in reached:
                    reached.add(node)
                    came_from[node] = place
                    first_at.setdefault(node[0], node)
                    queue.append(node)
    return {state: _path(came_from, node) for state, node in sorted(first_at.items())}


def _path(came_from: dict[tuple[int, int], tuple[int, int]], node: tuple[int, int]) -> Path:
    nodes = [node]
    while nodes[-1] in came_from:
        nodes.append(came_from[nodes[-1]])
    nodes.reverse()
    return Path(tuple(state for state, _ in nodes), tuple(player for _, player in nodes[1:]))
