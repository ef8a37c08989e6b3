"""Swings of every player by size of coalition: the counts that all power indices need.

Glossary: ``s_i(k)`` is the number of losing coalitions of k players without i that win once i
joins; ``W(k)`` the number of winning coalitions of k players. Three exact methods count them, and
the one with the smallest estimated cost is used.

The counts are certified by the identity ``sum_i s_i(k) = (k+1) W(k+1) - (n-k) W(k)``, in which
each winning coalition is counted once per member and once per outsider.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import comb

from games.errors import CertificateError, TooLargeError
from games.voting.swings_by_generating_function import (
    generating_function_seconds,
    swings_by_generating_function,
)
from games.voting.swings_by_halves import halves_seconds, swings_by_halves
from games.voting.swings_by_types import swings_by_types, types_seconds
from games.voting.weighted_game import VotingGame

__all__ = ["SwingCounts", "count_swings"]

MAX_SECONDS = 120.0
"""Estimated time beyond which a game is refused rather than started."""

Counts = tuple[dict[int, list[int]], list[int]]


@dataclass(frozen=True)
class SwingCounts:
    """Exact swing counts of one voting game.

    Parameters
    ----------
    swings : tuple of (n_players,) tuples of int
        ``swings[i][k]`` is the number of coalitions of k other players that i swings.
    winning : (n_players + 1,) tuple of int
        Number of winning coalitions by size.
    method : str
        How they were counted; all methods are exact.
    """

    swings: tuple[tuple[int, ...], ...]
    winning: tuple[int, ...]
    method: str

    @property
    def n_winning(self) -> int:
        """Number of winning coalitions."""
        return sum(self.winning)

    @property
    def totals(self) -> tuple[int, ...]:
        """Number of swings of each player (the raw Banzhaf count)."""
        return tuple(sum(row) for row in self.swings)

    @property
    def smallest_winning(self) -> int:
        """Fewest members of a winning coalition."""
        return next(k for k, count in enumerate(self.winning) if count)

    @property
    def smallest_blocking(self) -> int:
        """Fewest members of a coalition without which nobody can win."""
        n = len(self.winning) - 1
        return next(k for k in range(n + 1) if self.winning[n - k] < comb(n, k))


@lru_cache(maxsize=16)
def count_swings(game: VotingGame) -> SwingCounts:
    """Swings by player and size of coalition, exact and certified.

    Raises
    ------
    TooLargeError
        If no method can answer in reasonable time.
    CertificateError
        If the counts contradict each other (a defect).

    Examples
    --------
    >>> counts = count_swings(VotingGame.weighted(3, [2, 1, 1]))
    >>> counts.totals, counts.n_winning
    ((3, 1, 1), 3)
    """
    methods: list[tuple[float, str, Callable[[VotingGame], Counts]]] = [
        (
            generating_function_seconds(game),
            "generating function modulo primes, joined to big integers",
            swings_by_generating_function,
        ),
        (types_seconds(game), "enumeration of types of players", swings_by_types),
        (halves_seconds(game), "two halves met in the middle", swings_by_halves),
    ]
    seconds, name, method = min(methods, key=lambda entry: entry[0])
    if seconds > MAX_SECONDS:
        heaviest = max(max(rule.weights) for rule in game.rules)
        raise TooLargeError(
            f"{game.n_players} players with weights up to {heaviest}"
            " are too many to count exactly; round the weights to larger units (percent, "
            "millions), or estimate with shapley_shubik_sampled"
        )
    by_type, winning = method(game)
    swings: list[tuple[int, ...]] = [()] * game.n_players
    for group in game.types:
        row = tuple(by_type[group[0]])
        for i in group:
            swings[i] = row
    counts = SwingCounts(tuple(swings), tuple(winning), name)
    _certify(game, counts)
    return counts


def _certify(game: VotingGame, counts: SwingCounts) -> None:
    n = game.n_players
    W = counts.winning
    if W[n] != 1 or W[0] != 0 or min(W) < 0 or min(min(row) for row in counts.swings) < 0:
        raise CertificateError("swing counts: a count is negative or the grand coalition loses")
    for k in range(n):
        total = sum(row[k] for row in counts.swings)
        if total != (k + 1) * W[k + 1] - (n - k) * W[k]:
            raise CertificateError(
                f"swing counts: {total} swings of coalitions of {k} players contradict the "
                f"winning coalitions {W[k]} and {W[k + 1]}"
            )
