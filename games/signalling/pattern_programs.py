"""Exact linear programs behind one pattern of a signalling game.

A pattern has an equilibrium if three things exist: probabilities of the receiver's actions
that make every type's messages best for it; probabilities of the messages that make the
receiver's actions best where they are sent; and a belief that does so where they are not. Each
is a point inside a polytope, found by maximizing the smallest probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from games.errors import CertificateError
from games.signalling.game import FractionArray, SignallingGame
from games.solvers.rational_simplex import RationalStatus, maximize_exactly

__all__ = [
    "Support",
    "believable_supports",
    "is_best_for_some_belief",
    "off_path_belief",
    "receiver_mixture",
    "sender_weights",
]

Support: TypeAlias = tuple[int, ...]
"""Actions that follow a message with positive probability."""

_Row: TypeAlias = list[Fraction]


def believable_supports(game: SignallingGame, message: int) -> list[Support]:
    """Sets of actions that are all best after ``message`` for one and the same belief."""
    found: list[Support] = []
    everyone = range(game.n_types)
    for mask in range(1, 1 << game.n_actions):
        support = tuple(a for a in range(game.n_actions) if mask >> a & 1)
        if _belief_exists(game, message, support, everyone):
            found.append(support)
    return found


def is_best_for_some_belief(
    game: SignallingGame, message: int, action: int, types: Sequence[int]
) -> bool:
    """Whether ``action`` is best after ``message`` for a belief over ``types`` alone."""
    return _belief_exists(game, message, (action,), types)


def receiver_mixture(
    game: SignallingGame, sent: Sequence[frozenset[int]], replies: Sequence[Support]
) -> FractionArray | None:
    """Actions after each message that make ``sent[t]`` the best messages of each type, if any.

    Returns
    -------
    (n_messages, n_actions) array of Fraction, or None
        Positive exactly on ``replies``.
    """
    columns = [(m, a) for m, support in enumerate(replies) for a in support]
    upper: list[_Row] = []
    equal: list[_Row] = []
    for t, messages in enumerate(sent):
        first = min(messages)
        for m in range(game.n_messages):
            if m == first:
                continue
            row = [
                game.sender[t, m, a] if k == m else -game.sender[t, first, a] if k == first else 0
                for k, a in columns
            ]
            (equal if m in messages else upper).append([Fraction(u) for u in row])
    sums = [[Fraction(k == m) for k, _ in columns] for m in range(game.n_messages)]
    point = _inside(upper, [*equal, *sums], [Fraction(0)] * len(equal) + [Fraction(1)] * len(sums))
    if point is None:
        return None
    mixture = np.full((game.n_messages, game.n_actions), Fraction(0), dtype=object)
    for (m, a), p in zip(columns, point, strict=True):
        mixture[m, a] = p
    return mixture


def sender_weights(
    game: SignallingGame, sent: Sequence[frozenset[int]], replies: Sequence[Support]
) -> FractionArray | None:
    """Joint probabilities of types and messages that make ``replies`` best where sent, if any.

    Returns
    -------
    (n_types, n_messages) array of Fraction, or None
        Positive exactly on ``sent``; each row sums to the prior of its type.
    """
    columns = [(t, m) for t, messages in enumerate(sent) for m in sorted(messages)]
    upper: list[_Row] = []
    equal: list[_Row] = []
    for m in sorted(frozenset().union(*sent)):
        first = replies[m][0]
        for a in range(game.n_actions):
            if a == first:
                continue
            row = [
                game.receiver[t, m, a] - game.receiver[t, m, first] if k == m else Fraction(0)
                for t, k in columns
            ]
            (equal if a in replies[m] else upper).append(row)
    sums = [[Fraction(k == t) for k, _ in columns] for t in range(game.n_types)]
    point = _inside(upper, [*equal, *sums], [Fraction(0)] * len(equal) + list(game.prior))
    if point is None:
        return None
    weights = np.full((game.n_types, game.n_messages), Fraction(0), dtype=object)
    for (t, m), w in zip(columns, point, strict=True):
        weights[t, m] = w
    return weights


def off_path_belief(
    game: SignallingGame, message: int, support: Support
) -> tuple[list[Fraction], list[list[Fraction]]]:
    """Belief after a message not sent that makes ``support`` best, and the range of each entry.

    The belief is the midpoint of the extreme ones.
    """
    upper, equal, values = _belief_rows(game, message, support, range(game.n_types))
    corners: list[tuple[Fraction, ...]] = []
    ranges = []
    for t in range(game.n_types):
        bounds = []
        for sign in (-1, 1):
            objective = [Fraction(sign * (k == t)) for k in range(game.n_types)]
            solved = maximize_exactly(objective, upper, [0] * len(upper), equal, values)
            if solved.status is not RationalStatus.OPTIMAL:
                raise CertificateError(f"no belief supports the actions after message {message}")
            corners.append(solved.point)
            bounds.append(solved.point[t])
        ranges.append(bounds)
    belief = [sum(c[t] for c in corners) / len(corners) for t in range(game.n_types)]
    return [Fraction(b) for b in belief], ranges


def _belief_exists(
    game: SignallingGame, message: int, support: Support, types: Sequence[int]
) -> bool:
    upper, equal, values = _belief_rows(game, message, support, types)
    solved = maximize_exactly([0] * len(types), upper, [0] * len(upper), equal, values)
    return solved.status is RationalStatus.OPTIMAL


def _belief_rows(
    game: SignallingGame, message: int, support: Support, types: Sequence[int]
) -> tuple[list[_Row], list[_Row], list[Fraction]]:
    """Rows of ``u . belief <= 0`` and ``= values`` that make all of ``support`` best."""
    first = support[0]
    upper: list[_Row] = []
    equal: list[_Row] = [[Fraction(1)] * len(types)]
    for a in range(game.n_actions):
        if a != first:
            row = [game.receiver[t, message, a] - game.receiver[t, message, first] for t in types]
            (equal if a in support else upper).append(row)
    return upper, equal, [Fraction(1)] + [Fraction(0)] * (len(equal) - 1)


def _inside(
    upper: Sequence[_Row], equal: Sequence[_Row], values: Sequence[Fraction]
) -> tuple[Fraction, ...] | None:
    """Point ``x > 0`` with ``upper x <= 0`` and ``equal x = values``, if there is one.

    Written as ``x = y + e`` with ``y, e >= 0``, where the smallest entry ``e`` is maximized.
    """
    n = len(equal[0])
    solved = maximize_exactly(
        [0] * n + [1],
        [[*row, sum(row, Fraction(0))] for row in upper],
        [0] * len(upper),
        [[*row, sum(row, Fraction(0))] for row in equal],
        values,
    )
    if solved.status is not RationalStatus.OPTIMAL or solved.value <= 0:
        return None
    return tuple(y + solved.value for y in solved.point[:n])
