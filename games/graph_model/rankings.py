"""Preferences as rankings with ties or as pairwise comparisons, turned into ordinal payoffs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from games.errors import InvalidGameError
from games.normal_form import FloatArray

__all__ = ["comparison_payoffs", "ranking_payoffs"]


def ranking_payoffs(ranking: Sequence[Sequence[int]], labels: Sequence[str]) -> FloatArray:
    """Ordinal payoffs from a ranking, best first.

    Parameters
    ----------
    ranking : sequence of groups of state numbers
        States of one group tie.
    labels : sequence of str
        Names of all states, for messages.

    Returns
    -------
    (n_states,) array of float
        From the number of groups down to 1.

    Raises
    ------
    InvalidGameError
        If a state is missing or ranked twice (a cycle), or a group is empty.

    Examples
    --------
    >>> ranking_payoffs([[2], [0, 1]], ["a", "b", "c"])
    array([1., 1., 2.])
    """
    place: dict[int, int] = {}
    for position, group in enumerate(ranking):
        if not group:
            raise InvalidGameError("ranking", "holds an empty tie; remove it")
        for state in group:
            if state in place:
                raise InvalidGameError("ranking", _twice(state, place[state], position, labels))
            place[state] = position
    missing = [label for k, label in enumerate(labels) if k not in place]
    if missing:
        some = ", ".join(missing[:12]) + (", …" if len(missing) > 12 else "")
        raise InvalidGameError("ranking", f"leaves out state {some}; rank every one")
    return np.array([float(len(ranking) - place[k]) for k in range(len(labels))])


def comparison_payoffs(
    better: Sequence[tuple[int, int]],
    equal: Sequence[tuple[int, int]],
    labels: Sequence[str],
) -> FloatArray:
    """Ordinal payoffs from pairwise comparisons, closed under transitivity.

    Parameters
    ----------
    better : sequence of (better state, worse state)
    equal : sequence of (state, state)
    labels : sequence of str
        Names of all states, for messages.

    Returns
    -------
    (n_states,) array of float

    Raises
    ------
    InvalidGameError
        If the comparisons run in a cycle, which the message spells out, or leave two states
        uncompared.

    Examples
    --------
    >>> comparison_payoffs([(0, 1), (1, 2)], [], ["a", "b", "c"])
    array([3., 2., 1.])
    """
    group = _merged(len(labels), equal)
    below: dict[int, list[tuple[int, int, int]]] = {g: [] for g in group}
    for top, low in better:
        below[group[top]].append((group[low], top, low))
    order = _sorted_groups(below, labels)
    for above, under in pairwise(order):
        if under not in (target for target, _, _ in below[above]):
            raise InvalidGameError(
                "comparisons",
                f"leave open which of {labels[above]} and {labels[under]} is better; add a pair",
            )
    level = {g: float(len(order) - k) for k, g in enumerate(order)}
    return np.array([level[g] for g in group])


def _merged(n_states: int, equal: Sequence[tuple[int, int]]) -> list[int]:
    """For every state the representative of those it is equal to."""
    parent = list(range(n_states))

    def root(state: int) -> int:
        while parent[state] != state:
            parent[state] = parent[parent[state]]
            state = parent[state]
        return state

    for first, second in equal:
        parent[root(first)] = root(second)
    return [root(state) for state in range(n_states)]


def _sorted_groups(
    below: dict[int, list[tuple[int, int, int]]], labels: Sequence[str]
) -> list[int]:
    """Groups from the best down, or an error that spells out a cycle."""
    n_above = dict.fromkeys(below, 0)
    for targets in below.values():
        for target, _, _ in targets:
            n_above[target] += 1
    ready = [g for g, count in n_above.items() if not count]
    order = []
    while ready:
        g = ready.pop()
        order.append(g)
        for target, _, _ in below[g]:
            n_above[target] -= 1
            if not n_above[target]:
                ready.append(target)
    if len(order) == len(below):
        return order
    raise InvalidGameError("comparisons", _cycle(below, set(below) - set(order), labels))


def _cycle(
    below: dict[int, list[tuple[int, int, int]]], left: set[int], labels: Sequence[str]
) -> str:
    above: dict[int, tuple[int, int, int]] = {}
    for g in left:
        for target, top, low in below[g]:
            if target in left:
                above[target] = (g, top, low)
    # Every group that is left has one above it that is left: walking up must come round.
    walk: list[int] = []
    g = next(iter(above))
    while g not in walk:
        walk.append(g)
        g = above[g][0]
    steps = [above[g][1:] for g in reversed(walk[walk.index(g) :])]
    start = steps.index(min(steps))
    steps = steps[start:] + steps[:start]
    words = ", ".join(f"{labels[top]} over {labels[low]}" for top, low in steps)
    return f"run in a preference cycle: {words}; remove one of them"


def _twice(state: int, first: int, second: int, labels: Sequence[str]) -> str:
    if first == second:
        return f"lists state {labels[state]} twice in one tie; list it once"
    return (
        f"ranks state {labels[state]} twice, at places {first + 1} and {second + 1}: a preference "
        "cycle (better than itself); list it once"
    )
