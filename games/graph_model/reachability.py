"""What a group of players can reach by legal sequences of moves.

In a legal sequence nobody moves twice in a row; a player may move again after somebody else has.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from games.graph_model.conflict import BoolArray, Conflict

__all__ = ["boolean_product", "reachable"]


def reachable(
    conflict: Conflict, group: Sequence[int], *, improvements_only: bool = False
) -> BoolArray:
    """States that a group can reach from every state by legal sequences of its moves.

    Parameters
    ----------
    conflict : Conflict
    group : sequence of int
        Who moves.
    improvements_only : bool
        Whether every single move must be a unilateral improvement of the mover.

    Returns
    -------
    (n_states, n_states) array of bool
        ``[s, t]``: t can be reached from s; false on the diagonal, since where a sequence starts
        is no news.

    Notes
    -----
    Sequences are told apart only by where they are and who moved last: those are all that the
    next move depends on. Where every member can do in one move what it can do in two, as with
    reversible options, a shortest sequence never has a member move twice in a row, and the
    transitive closure of all moves is the answer.
    """
    key = (tuple(group), improvements_only)
    if key not in conflict.reach_cache:
        found = _search(conflict, key[0], improvements_only)
        np.fill_diagonal(found, False)
        found.setflags(write=False)
        conflict.reach_cache[key] = found
    return conflict.reach_cache[key]


def _search(conflict: Conflict, group: tuple[int, ...], improvements_only: bool) -> BoolArray:
    steps = conflict.improvements if improvements_only else conflict.moves
    if all(_is_transitive(steps[player]) for player in group):
        return _closure(np.asarray(steps[list(group)].any(axis=0)))
    # last[k][s, t]: the k-th member of the group can be the last to move on the way from s to t.
    last = [steps[player].copy() for player in group]
    fresh = [part.copy() for part in last]
    while any(part.any() for part in fresh):
        found = []
        for k, player in enumerate(group):
            before = np.zeros_like(last[k])
            for other, part in enumerate(fresh):
                if other != k:
                    before |= part
            found.append(boolean_product(before, steps[player]) & ~last[k])
        for k, part in enumerate(found):
            last[k] |= part
        fresh = found
    result = np.zeros((conflict.n_states, conflict.n_states), dtype=bool)
    for part in last:
        result |= part
    return result


def _is_transitive(step: BoolArray) -> bool:
    """Whether two steps can always be done in one, unless they lead back."""
    twice = boolean_product(step, step) & ~step
    np.fill_diagonal(twice, False)
    return not twice.any()


def _closure(step: BoolArray) -> BoolArray:
    """Transitive closure by repeated squaring."""
    reached = step
    while True:
        longer = reached | boolean_product(reached, reached)
        if (longer == reached).all():
            return longer
        reached = longer


def boolean_product(a: BoolArray, b: BoolArray) -> BoolArray:
    """Product of relations: ``[s, t]`` is true if some m has ``a[s, m]`` and ``b[m, t]``.

    Examples
    --------
    >>> boolean_product(np.array([[True, False]]), np.array([[False, True], [True, True]]))
    array([[False,  True]])
    """
    result = np.zeros((a.shape[0], b.shape[1]), dtype=bool)
    rows, middle = np.flatnonzero(a.any(axis=1)), np.flatnonzero(a.any(axis=0) & b.any(axis=1))
    if rows.size and middle.size:
        left, right = a[np.ix_(rows, middle)], b[middle]
        # Sums of at most 3000 ones are exact in single precision.
        result[rows] = left.astype(np.float32) @ right.astype(np.float32) > 0.5
    return result
