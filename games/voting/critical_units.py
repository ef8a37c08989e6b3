"""What players get when coalitions share a unit among critical members: the quickest method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm

from games.errors import CertificateError, TooLargeError
from games.voting.swings_by_halves import only_weighted_rule
from games.voting.weighted_game import VotingGame

__all__ = ["Method", "shared_equally", "shares_of_units", "units_by_quickest"]

Method = tuple[float, Callable[[VotingGame], dict[int, Fraction]]]
"""Estimated seconds, and a function from a game to the units of the first player of each type."""


def units_by_quickest(
    game: VotingGame, methods: Sequence[Method], max_seconds: float
) -> dict[int, Fraction]:
    """Units of the first player of each type, by the method with the smallest estimate.

    Raises
    ------
    TooLargeError
        If none is expected to answer in time.
    """
    seconds, method = min(methods, key=lambda entry: entry[0])
    if seconds <= max_seconds:
        return method(game)
    n, n_types = game.n_players, len(game.types)
    if seconds < float("inf"):
        raise TooLargeError(
            f"counting the critical members of {n} players would take some {seconds:.0f} s, more "
            f"than max_seconds ({max_seconds:g}); allow more, or round the weights to larger units"
        )
    if only_weighted_rule(game):
        raise TooLargeError(
            f"the weights of {n} players are too large to count critical members; round them to "
            "larger units (percent, millions)"
        )
    raise TooLargeError(
        f"two or more rules with unequal weights make {n_types} types of {n} players, and so too "
        "many coalitions to list; group players of nearly equal weight, or use Shapley-Shubik "
        "and Banzhaf, which need no list"
    )


def shared_equally(counts: Sequence[int]) -> Fraction:
    """Sum of ``counts[k - 1] / k``: a unit of each coalition shared by k players.

    Examples
    --------
    >>> shared_equally([1, 3])
    Fraction(5, 2)
    """
    # Over one denominator: adding fractions one by one would reduce each sum.
    multiple = lcm(*range(1, len(counts) + 1))
    return Fraction(sum(count * (multiple // k) for k, count in enumerate(counts, 1)), multiple)


def shares_of_units(game: VotingGame, units: dict[int, Fraction]) -> tuple[Fraction, ...]:
    """Units as shares that sum to 1.

    Raises
    ------
    CertificateError
        If the units do not add up to a whole number of coalitions, at least one (a defect).
    """
    n_coalitions = sum((len(group) * units[group[0]] for group in game.types), Fraction(0))
    if n_coalitions.denominator != 1 or n_coalitions < 1 or min(units.values()) < 0:
        raise CertificateError("the units shared out do not come from whole coalitions")
    shares = [Fraction(0)] * game.n_players
    for group in game.types:
        for i in group:
            shares[i] = units[group[0]] / n_coalitions
    return tuple(shares)
