"""Participation games of like players: stable numbers of signatories, decided exactly.

With N like players only the number k of signatories matters. A signatory gets ``member(k)``, an
outsider ``outsider(k)``. A size k is stable if ``member(k) >= outsider(k - 1)`` and
``outsider(k) >= member(k + 1)``. Payoffs given as fractions are compared exactly, so that a tie
is a tie and never a rounding error.

References
----------
.. [1] C. d'Aspremont, A. Jacquemin, J. J. Gabszewicz and J. A. Weymark, "On the stability of
   collusive price leadership", Canadian Journal of Economics 16(1), 1983, 17-25.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from games.errors import InvalidGameError
from games.voting.exact_number import exact_numbers

__all__ = ["StableSize", "SymmetricGame"]


@dataclass(frozen=True)
class StableSize:
    """One stable number of signatories.

    Parameters
    ----------
    size : int
    leave_slack, join_slack : Fraction or None
        What a signatory would lose by leaving and an outsider by joining; None where there is no
        signatory or no outsider.
    tied : tuple of str
        Who is indifferent: ``members``, ``outsiders``, both or none.
    is_idle : bool
        Everybody gets what it would get with no signatory: stable because nothing is done.
    """

    size: int
    leave_slack: Fraction | None
    join_slack: Fraction | None
    tied: tuple[str, ...]
    is_idle: bool


@dataclass(frozen=True)
class SymmetricGame:
    """Payoffs of signatories and outsiders by the number of signatories, exact.

    Parameters
    ----------
    member : (n_players,) sequence of numbers
        ``member[k - 1]`` is a signatory's payoff when k players sign, k = 1, ..., N.
    outsider : (n_players,) sequence of numbers
        ``outsider[k]`` is an outsider's payoff when k players sign, k = 0, ..., N - 1.

    Raises
    ------
    InvalidGameError
        If lengths differ or a payoff is not a finite number.

    Examples
    --------
    >>> game = SymmetricGame(member=[-1, 1, 3], outsider=[0, 2, 4])
    >>> [found.size for found in game.stable_sizes()]
    [0]
    """

    member: tuple[Fraction, ...]
    outsider: tuple[Fraction, ...]

    def __init__(self, member: Iterable[Any], outsider: Iterable[Any]) -> None:
        inside, outside = exact_numbers(member, "member"), exact_numbers(outsider, "outsider")
        if not inside or len(inside) != len(outside):
            raise InvalidGameError(
                "member, outsider",
                f"have {len(inside)} and {len(outside)} payoffs; one each per player is needed, "
                "members from size 1 and outsiders from size 0",
            )
        object.__setattr__(self, "member", inside)
        object.__setattr__(self, "outsider", outside)

    @classmethod
    def from_functions(
        cls, n_players: int, member: Callable[[int], Any], outsider: Callable[[int], Any]
    ) -> SymmetricGame:
        """Game from the payoffs as functions of the number of signatories."""
        if n_players < 1:
            raise InvalidGameError("n_players", f"is {n_players}; one player at least is needed")
        return cls(
            [member(k) for k in range(1, n_players + 1)], [outsider(k) for k in range(n_players)]
        )

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.member)

    def leave_slack(self, size: int) -> Fraction:
        """What one of ``size`` signatories would lose by leaving alone."""
        if not 1 <= size <= self.n_players:
            raise InvalidGameError("size", f"is {size}; nobody can leave")
        return self.member[size - 1] - self.outsider[size - 1]

    def join_slack(self, size: int) -> Fraction:
        """What an outsider would lose by joining ``size`` signatories."""
        if not 0 <= size < self.n_players:
            raise InvalidGameError("size", f"is {size}; nobody can join")
        return self.outsider[size] - self.member[size]

    def welfare(self, size: int) -> Fraction:
        """Sum of all payoffs with ``size`` signatories."""
        if not 0 <= size <= self.n_players:
            raise InvalidGameError("size", f"is {size}; it must be from 0 to {self.n_players}")
        inside = size * self.member[size - 1] if size else Fraction(0)
        outsiders = self.n_players - size
        return inside + (outsiders * self.outsider[size] if outsiders else Fraction(0))

    def gap_closed(self, size: int) -> Fraction:
        """Share of the welfare gap between nobody and everybody signing that ``size`` closes.

        Raises
        ------
        InvalidGameError
            If full participation is worth no more than none.
        """
        none, full = self.welfare(0), self.welfare(self.n_players)
        if full == none:
            raise InvalidGameError("size", "closes no gap: all signing is worth what none is")
        return (self.welfare(size) - none) / (full - none)

    def is_idle(self, size: int) -> bool:
        """Whether all payoffs with ``size`` signatories are those with none."""
        idle = self.outsider[0]
        return (size == 0 or self.member[size - 1] == idle) and (
            size == self.n_players or self.outsider[size] == idle
        )

    def stable_sizes(self) -> tuple[StableSize, ...]:
        """All stable sizes, idle ones included and marked; proves that there are no others."""
        found = []
        for size in range(self.n_players + 1):
            leave = self.leave_slack(size) if size else None
            join = self.join_slack(size) if size < self.n_players else None
            if (leave is None or leave >= 0) and (join is None or join >= 0):
                tied = tuple(
                    who for who, slack in (("members", leave), ("outsiders", join)) if slack == 0
                )
                found.append(StableSize(size, leave, join, tied, self.is_idle(size)))
        return tuple(found)

    def effective_sizes(self) -> tuple[int, ...]:
        """Stable sizes at which something is done."""
        return tuple(found.size for found in self.stable_sizes() if not found.is_idle)
