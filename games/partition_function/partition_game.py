"""Games in partition function form.

References
----------
.. [1] R. M. Thrall, W. F. Lucas, "N-person games in partition function form", Naval Research
   Logistics Quarterly 10, 1963, 281-298.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral
from typing import Any

from games.coalitional.lattice import members
from games.coalitional.rational import to_fraction
from games.coalitional.tu_game import TUGame
from games.errors import InvalidGameError, TooLargeError
from games.partition_function.partitions import (
    Partition,
    bell_number,
    partitions,
    sorted_partition,
)

__all__ = ["MAX_PARTITION_PLAYERS", "PartitionFunctionGame"]

MAX_PARTITION_PLAYERS = 10
"""Most players: 115,975 partitions and 678,569 embedded coalitions."""


@dataclass(frozen=True, eq=False)
class PartitionFunctionGame:
    """A game in partition function form, with a worth for every embedded coalition.

    Parameters
    ----------
    worths : mapping
        From every partition (tuple of bit masks) to the worths of its coalitions in the same
        order, one common money unit.
    players : sequence of str, optional
        Labels; ``player 1``, ``player 2``, ... when left out.

    Raises
    ------
    InvalidGameError
        If a partition is missing, is none, stands twice, or has a worth that is no number.
    TooLargeError
        With more than 10 players.

    Examples
    --------
    >>> game = PartitionFunctionGame({(0b11,): [5], (0b01, 0b10): [1, 2]})
    >>> game.worth(0b10, (0b01, 0b10))
    Fraction(2, 1)
    """

    worths: Mapping[Partition, tuple[Fraction, ...]]
    players: tuple[str, ...] = ()

    def __init__(
        self, worths: Mapping[Partition, Sequence[Any]], players: Sequence[str] = ()
    ) -> None:
        table = _checked(worths)
        everyone = sum(next(iter(table)))
        n_players = everyone.bit_length()
        _check_size(n_players)
        missing = next((p for p in partitions(everyone) if p not in table), None)
        if missing is not None or len(table) != bell_number(n_players):
            raise InvalidGameError(
                "worths",
                f"hold {len(table)} partitions; {n_players} players have {bell_number(n_players)}"
                + (f", and {missing} is missing" if missing else ""),
            )
        labels = TUGame([0] * (1 << n_players), players).players
        object.__setattr__(self, "worths", table)
        object.__setattr__(self, "players", labels)

    @classmethod
    def from_function(
        cls,
        worth: Callable[[tuple[int, ...], tuple[tuple[int, ...], ...]], Any],
        players: int | Sequence[str],
    ) -> PartitionFunctionGame:
        """Game whose worths are a function of the members and the partition, as player numbers.

        Examples
        --------
        >>> game = PartitionFunctionGame.from_function(lambda S, P: len(S) / len(P), 2)
        >>> [str(w) for w in game.worths[(1, 2)]]
        ['1/2', '1/2']
        """
        labels = () if isinstance(players, int) else tuple(players)
        n_players = players if isinstance(players, int) else len(labels)
        _check_size(n_players)
        table = {}
        for partition in partitions((1 << n_players) - 1):
            named = tuple(members(mask) for mask in partition)
            table[partition] = [worth(block, named) for block in named]
        return cls(table, labels)

    @classmethod
    def from_tu_game(cls, game: TUGame) -> PartitionFunctionGame:
        """Game without externalities: a coalition is worth the same whatever the others do."""
        _check_size(game.n_players)
        exact = [Fraction(int(w), game.rational.denominator) for w in game.rational.numerators]
        table = {
            partition: [exact[mask] for mask in partition]
            for partition in partitions(len(exact) - 1)
        }
        return cls(table, game.players)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def everyone(self) -> int:
        """Bit mask of the grand coalition."""
        return (1 << self.n_players) - 1

    def worth(self, coalition: int, partition: Sequence[int]) -> Fraction:
        """Worth of a coalition in a partition that holds it, both as bit masks."""
        key = sorted_partition(*partition)
        if key not in self.worths or coalition not in key:
            raise InvalidGameError(
                "partition",
                f"{tuple(partition)} holds no coalition {coalition}, or is no partition",
            )
        return self.worths[key][key.index(coalition)]

    def total(self, partition: Sequence[int]) -> Fraction:
        """Sum of the worths of all coalitions of a partition."""
        return sum(self.worths[sorted_partition(*partition)], Fraction(0))


def _check_size(n_players: int) -> None:
    if n_players < 1:
        raise InvalidGameError("players", "are none; a game needs at least one")
    if n_players > MAX_PARTITION_PLAYERS:
        raise TooLargeError(
            f"{n_players} players have {bell_number(n_players)} partitions; the limit is "
            f"{MAX_PARTITION_PLAYERS} players: group players that act together"
        )


def _checked(
    worths: Mapping[Partition, Sequence[Any]],
) -> dict[Partition, tuple[Fraction, ...]]:
    if not isinstance(worths, Mapping):
        raise InvalidGameError("worths", "are no mapping from every partition to its worths")
    if not worths:
        raise InvalidGameError("worths", "are empty; every partition needs its worths")
    for given in worths:
        if not isinstance(given, tuple) or not all(isinstance(b, Integral) for b in given):
            raise InvalidGameError(f"worths[{given!r}]", "is no tuple of bit masks, as (1, 2) is")
    everyone = max(sum(partition) for partition in worths)
    table: dict[Partition, tuple[Fraction, ...]] = {}
    for given, numbers in worths.items():
        place = f"worths[{tuple(given)}]"
        union = 0
        for block in given:
            if block <= 0 or union & block:
                raise InvalidGameError(place, "is no partition: blocks are disjoint, not empty")
            union |= block
        if union != everyone or everyone & (everyone + 1):
            raise InvalidGameError(place, "does not hold every player once")
        if isinstance(numbers, str) or not isinstance(numbers, Collection):
            raise InvalidGameError(place, f"is {numbers!r}; one worth per coalition is needed")
        if len(numbers) != len(given):
            raise InvalidGameError(place, f"has {len(numbers)} worths for {len(given)} coalitions")
        key = sorted_partition(*given)
        if key in table:
            raise InvalidGameError(place, "stands twice, in another order")
        by_block = dict(zip(given, numbers, strict=True))
        table[key] = tuple(_number(place, by_block[block]) for block in key)
    return table


def _number(place: str, value: Any) -> Fraction:
    try:
        return to_fraction(value)
    except (TypeError, ValueError, ArithmeticError):
        raise InvalidGameError(place, f"holds {value!r}; a worth is a finite number") from None
