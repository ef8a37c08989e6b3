"""Adjusted Winner: two players divide issues by points, splitting at most one.

Each player spreads points over the issues. An issue first goes to whoever values it more; then
issues pass from the one who is ahead to the other, in the order of the ratio of their points,
until both hold the same number of their own points. The division is efficient, equitable and, for
two players, free of envy.

References
----------
.. [1] S. J. Brams, A. D. Taylor, "Fair Division: From Cake-Cutting to Dispute Resolution",
   Cambridge University Press, 1996, chapter 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from numbers import Rational, Real

from games.errors import CertificateError, InvalidGameError

__all__ = ["AdjustedWinner", "adjusted_winner"]


@dataclass(frozen=True)
class AdjustedWinner:
    """A division of issues between two players.

    Parameters
    ----------
    shares : tuple of Fraction
        What part of each issue player 0 gets; player 1 gets the rest.
    points : tuple of Fraction
        Points that each player holds, as a share of all of that player's points; both equal.
    split_issue : tuple of int
        The issue that is split, or empty when none is.
    """

    shares: tuple[Fraction, ...]
    points: tuple[Fraction, Fraction]
    split_issue: tuple[int, ...]


def adjusted_winner(
    first_points: Sequence[Rational | float], second_points: Sequence[Rational | float]
) -> AdjustedWinner:
    """Division of the issues by Adjusted Winner, in exact arithmetic.

    Parameters
    ----------
    first_points, second_points : sequences of numbers, one per issue
        Not negative; each is scaled to sum to 1 (100 points are usual).

    Returns
    -------
    AdjustedWinner

    Raises
    ------
    InvalidGameError
        If the lists differ in length, or a list has a negative number or nothing but zeros.

    Examples
    --------
    >>> division = adjusted_winner([6, 67, 27], [5, 34, 61])
    >>> division.split_issue, [str(share) for share in division.shares]
    ((1,), ['0', '100/101', '0'])
    """
    a = _scaled("first_points", first_points)
    b = _scaled("second_points", second_points)
    if len(a) != len(b):
        raise InvalidGameError("second_points", f"has {len(b)} issues, first_points {len(a)}")
    shares = [Fraction(int(x > y)) for x, y in zip(a, b, strict=True)]
    held_a = _held(a, shares)
    held_b = _held(b, [1 - s for s in shares])
    ahead = 0 if held_a >= held_b else 1
    mine, other = (a, b) if ahead == 0 else (b, a)
    owned = [k for k, s in enumerate(shares) if s == 1 - ahead]
    # The smallest ratio costs the giver least per point that the other gains. What the other
    # does not value at all never moves.
    movable = sorted((k for k in owned if other[k] > 0), key=lambda k: (mine[k] / other[k], k))
    lead = abs(held_a - held_b)
    for issue in movable:
        if lead == 0:
            break
        part = min(Fraction(1), lead / (mine[issue] + other[issue]))
        lead -= part * (mine[issue] + other[issue])
        shares[issue] += -part if ahead == 0 else part
    split = tuple(k for k, s in enumerate(shares) if 0 < s < 1)
    points = (_held(a, shares), _held(b, [1 - s for s in shares]))
    if points[0] != points[1] or points[0] < Fraction(1, 2) or len(split) > 1:
        raise CertificateError(f"adjusted winner ended at {points} with split issues {split}")
    return AdjustedWinner(tuple(shares), points, split)


def _held(points: list[Fraction], shares: list[Fraction]) -> Fraction:
    return sum((p * s for p, s in zip(points, shares, strict=True)), Fraction(0))


def _scaled(place: str, points: Sequence[Rational | float]) -> list[Fraction]:
    if not isinstance(points, Iterable):
        raise InvalidGameError(place, f"is {points}; a list of numbers, one per issue, needed")
    values = []
    for k, point in enumerate(points):
        if not isinstance(point, Real) or not isfinite(point) or point < 0:
            raise InvalidGameError(f"{place}[{k}]", f"is {point}; points are numbers from 0 up")
        values.append(Fraction(point))
    total = sum(values, Fraction(0))
    if total <= 0:
        raise InvalidGameError(place, "has no points to spread; give at least one issue some")
    return [value / total for value in values]
