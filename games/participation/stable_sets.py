"""Von Neumann and Morgenstern's stable sets of a dominance relation.

A set of outcomes is *stable* if no member dominates another (internal stability) and every
outcome outside is dominated by a member (external stability). There may be none, one or several.

References
----------
.. [1] J. von Neumann and O. Morgenstern, "Theory of Games and Economic Behavior", Princeton
   University Press, 1944.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from games.errors import CertificateError, InvalidGameError, TooLargeError

__all__ = ["stable_sets"]

MAX_STEPS = 200_000


def stable_sets(dominance: NDArray[np.bool_]) -> tuple[tuple[int, ...], ...]:
    """All stable sets of a dominance relation, by their outcomes; there may be none.

    Parameters
    ----------
    dominance : (n_outcomes, n_outcomes) array of bool
        ``dominance[a, b]``: outcome b dominates outcome a.

    Raises
    ------
    TooLargeError
        If the search for all of them takes too many steps.

    Examples
    --------
    >>> circle = np.array([[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0]], dtype=bool)
    >>> stable_sets(circle)
    ((0, 2), (1, 3))
    """
    n = dominance.shape[0]
    if dominance.shape != (n, n) or dominance.diagonal().any():
        raise InvalidGameError(
            "dominance", "needs a square array in which nothing dominates itself"
        )
    above = [_bits(dominance[a]) for a in range(n)]
    below = [_bits(dominance[:, b]) for b in range(n)]
    everything = (1 << n) - 1
    found: list[int] = []
    stack = [(0, 0)]  # outcomes that are in, outcomes that are out
    steps = 0
    while stack:
        steps += 1
        if steps > MAX_STEPS:
            raise TooLargeError(
                f"more than {MAX_STEPS} steps in the search for stable sets; reduce the outcomes"
            )
        state = _propagated(*stack.pop(), above, below, everything)
        if state is None:
            continue
        inside, outside = state
        undecided = everything & ~(inside | outside)
        if not undecided:
            found.append(inside)
            continue
        lowest = undecided & -undecided
        stack += [(inside, outside | lowest), (inside | lowest, outside)]
    sets = sorted(tuple(a for a in range(n) if mask >> a & 1) for mask in set(found))
    for members in sets:
        _certify_stable_set(members, dominance)
    return tuple(sets)


def _propagated(
    inside: int, outside: int, above: list[int], below: list[int], everything: int
) -> tuple[int, int] | None:
    # What follows from the choices so far: neighbours of members are out; an outcome that nothing
    # undecided or inside dominates is in; one that is out needs a dominator.
    while True:
        before = inside, outside
        for a in _members(inside):
            outside |= above[a] | below[a]
        if inside & outside:
            return None
        for a in _members(everything & ~inside):
            possible = above[a] & ~outside
            if outside >> a & 1:
                if not possible:
                    return None
                if not possible & inside and possible & (possible - 1) == 0:
                    inside |= possible  # the only dominator left
            elif not possible:
                inside |= 1 << a
        if (inside, outside) == before:
            return before


def _bits(row: NDArray[np.bool_]) -> int:
    return sum(1 << int(k) for k in np.flatnonzero(row))


def _members(mask: int) -> list[int]:
    return [k for k in range(mask.bit_length()) if mask >> k & 1]


def _certify_stable_set(members: tuple[int, ...], dominance: NDArray[np.bool_]) -> None:
    inside = np.zeros(dominance.shape[0], dtype=bool)
    inside[list(members)] = True
    internal = not dominance[np.ix_(inside, inside)].any()
    external = bool(dominance[~inside][:, inside].any(axis=1).all())
    if not (internal and external):
        raise CertificateError(f"{members} is no stable set")
