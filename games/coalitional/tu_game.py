"""Cooperative games with transferable utility (TU games).

A TU game is a set N of n players and a worth v(S) for each of the 2^n coalitions S, with
v of the empty coalition 0 (von Neumann & Morgenstern, 1944).

References
----------
.. [1] J. von Neumann, O. Morgenstern, "Theory of Games and Economic Behavior", 1944.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.coalitional.lattice import members, subset_sums
from games.coalitional.rational import common_denominator, to_fraction, whole_numbers
from games.errors import InvalidGameError, TooLargeError
from games.normal_form import FloatArray

__all__ = ["MAX_PLAYERS", "RationalWorths", "TUGame"]

MAX_PLAYERS = 28
"""Most players of a table of 2^n worths (2 GiB); sample beyond it."""

LARGEST_WORTH = 1e150
"""Worths beyond this size could overflow when they are multiplied or summed."""


@dataclass(frozen=True, eq=False)
class RationalWorths:
    """Worths as whole numerators over one denominator.

    Parameters
    ----------
    numerators : (2**n,) array of int64 or of unbounded int
        Any sum of them fits the type.
    denominator : int
        Positive.
    """

    numerators: NDArray[Any]
    denominator: int


@dataclass(frozen=True, eq=False)
class TUGame:
    """A cooperative game with transferable utility.

    Parameters
    ----------
    worths : (2**n_players,) array of numbers, one common money unit
        ``worths[mask]`` is the worth of the coalition whose members are the bits of ``mask``,
        the first player the lowest bit; ``worths[0]`` must be 0. Whole numbers and fractions
        (``int``, ``Fraction``, ``Decimal``, text such as ``"1/3"``) keep their exact value for
        the exact solvers; floats are read there as the decimals that they print as.
    players : sequence of str, optional
        Labels; ``player 1``, ``player 2``, ... when left out.

    Raises
    ------
    InvalidGameError
        If the length is no power of two, a worth is no finite number, the empty coalition is
        worth something, or labels are too many, too few or repeated.
    TooLargeError
        With more than 28 players.

    Examples
    --------
    >>> game = TUGame([0, 0, 0, 90, 0, 100, 120, 220])
    >>> game.n_players, game.worth([1, 2])
    (3, 120.0)
    """

    worths: FloatArray
    players: tuple[str, ...] = ()
    is_exact: bool = field(init=False, repr=False)
    """Whether the worths were given as whole numbers or fractions, not as floats."""

    def __init__(self, worths: ArrayLike | Sequence[Any], players: Sequence[str] = ()) -> None:
        table, rational = _checked_worths(worths)
        n_players = len(table).bit_length() - 1
        labels = tuple(players) or tuple(f"player {i + 1}" for i in range(n_players))
        _check_players(labels)
        if len(labels) != n_players:
            raise InvalidGameError(
                "worths",
                f"has {len(table)} entries; {len(labels)} players need 2^{len(labels)} = "
                f"{1 << len(labels)}, one per coalition, the empty one first",
            )
        object.__setattr__(self, "worths", table)
        object.__setattr__(self, "players", labels)
        if rational is not None:
            self.__dict__["rational"] = rational
        object.__setattr__(self, "is_exact", rational is not None)

    @classmethod
    def from_function(
        cls, worth: Callable[[tuple[int, ...]], Any], players: int | Sequence[str]
    ) -> TUGame:
        """Game whose worths are a function of the members' numbers (from 0, ascending).

        Examples
        --------
        >>> TUGame.from_function(lambda S: len(S) ** 2, 2).worths
        array([0., 1., 1., 4.])
        """
        labels = () if isinstance(players, int) else tuple(players)
        n_players = players if isinstance(players, int) else len(labels)
        check_table_size(n_players)
        return cls([worth(members(mask)) for mask in range(1 << n_players)], labels)

    @classmethod
    def from_coalitions(
        cls, worths: Mapping[Any, Any], players: Sequence[str], *, default: Any = 0
    ) -> TUGame:
        """Game from the worths of named coalitions; those not named are worth ``default``.

        Parameters
        ----------
        worths : mapping
            Keys are collections of labels, or text with labels separated by commas.
        players : sequence of str
        default : number
            Worth of every other coalition but the empty one.

        Raises
        ------
        InvalidGameError
            If a key names an unknown player, a player twice, or a coalition named before.

        Examples
        --------
        >>> TUGame.from_coalitions({"A,B": 5, ("A",): 1}, ["A", "B"]).worths
        array([0., 1., 0., 5.])
        """
        labels = tuple(players)
        _check_players(labels)
        check_table_size(len(labels))
        table: list[Any] = [0] + [default] * ((1 << len(labels)) - 1)
        named: dict[int, Any] = {}
        for key, worth in worths.items():
            mask = _mask_of(key, labels, f"worths[{key!r}]")
            if mask in named:
                raise InvalidGameError(
                    f"worths[{key!r}]", f"is the coalition of {named[mask]!r} again; keep one"
                )
            named[mask] = key
            table[mask] = worth
        return cls(table, labels)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def grand_worth(self) -> float:
        """Worth of the coalition of all players."""
        return float(self.worths[-1])

    @property
    def individual_worths(self) -> FloatArray:
        """Worth of each player alone, shape ``(n_players,)``."""
        return self.worths[[1 << i for i in range(self.n_players)]]

    @cached_property
    def rational(self) -> RationalWorths:
        """Worths as exact fractions; floats are read as the decimals that they print as."""
        return _rational([to_fraction(worth) for worth in self.worths])

    def exact_worth(self, mask: int) -> Fraction:
        """Worth of one coalition as an exact fraction, as in :attr:`rational`."""
        if "rational" in self.__dict__:
            return Fraction(int(self.rational.numerators[mask]), self.rational.denominator)
        return to_fraction(self.worths[mask])

    @cached_property
    def relevant_worths(self) -> FloatArray:
        """Worths with hopeless ones, a million times worse than any good one, cut off.

        A penalty of 1e12 on a coalition keeps it out of every solution; left in, it would hide
        all else in its rounding.
        """
        good = max(float(self.worths.max()), abs(self.grand_worth))
        if good > 0 and float(self.worths.min()) < -1e6 * good:
            cut: FloatArray = np.maximum(self.worths, -10 * self.n_players * good)
            return cut
        return self.worths

    @cached_property
    def scale(self) -> float:
        """Largest worth, or gain from forming a coalition if that is less; never quite 0.

        Tolerances are relative to it.
        """
        worths = self.relevant_worths
        alone = worths[[1 << i for i in range(self.n_players)]]
        gains = worths - subset_sums(alone)
        sizes = [max(float(w.max()), abs(float(w[-1]))) for w in (worths, gains)]
        return max(min((s for s in sizes if s > 0), default=0.0), float(np.finfo(float).tiny))

    @cached_property
    def rounding(self) -> float:
        """Bound on what the rounding of stored floats does to a sum of worths."""
        largest = float(np.abs(self.relevant_worths).max())
        return 16 * self.n_players * float(np.finfo(float).eps) * largest

    def tolerance(self, relative: float = 1e-9) -> float:
        """Difference of worths below which two are taken as equal."""
        return relative * self.scale + self.rounding

    def worth(self, coalition: Iterable[int | str]) -> float:
        """Worth of a coalition given by player numbers or labels."""
        return float(self.worths[self.mask(coalition)])

    def mask(self, coalition: Iterable[int | str]) -> int:
        """Bit mask of a coalition given by player numbers or labels."""
        labels = [p if isinstance(p, str) else self._label(p) for p in coalition]
        return _mask_of(labels, self.players, "coalition")

    def _label(self, player: int) -> str:
        if not 0 <= player < self.n_players:
            raise InvalidGameError(
                "coalition", f"has no player {player}; players are 0 to {self.n_players - 1}"
            )
        return self.players[player]

    def coalition(self, mask: int) -> tuple[str, ...]:
        """Labels of the members of ``mask``.

        Examples
        --------
        >>> TUGame([0, 0, 0, 1], ["A", "B"]).coalition(3)
        ('A', 'B')
        """
        return tuple(self.players[i] for i in members(mask))


def check_table_size(n_players: int) -> None:
    """Raise unless a game of ``n_players`` can be a table of all worths."""
    if n_players < 1:
        raise InvalidGameError("players", "are none; a game needs at least one")
    if n_players > MAX_PLAYERS:
        raise TooLargeError(
            f"{n_players} players have 2^{n_players} coalitions; tables end at {MAX_PLAYERS} "
            "players: use games.coalitional.sampled_shapley"
        )


def _check_players(labels: tuple[str, ...]) -> None:
    check_table_size(len(labels))
    for i, label in enumerate(labels):
        if not isinstance(label, str) or not label.strip():
            raise InvalidGameError(f"players[{i}]", f"is {label!r}; a label is a text, not empty")
        if label in labels[:i]:
            raise InvalidGameError(f"players[{i}]", f"repeats {label!r}; labels must differ")


def _mask_of(key: Any, labels: tuple[str, ...], place: str) -> int:
    if isinstance(key, str):
        names = [name.strip() for name in key.split(",")] if key.strip() else []
    else:
        names = list(key)
    mask = 0
    for name in names:
        if name not in labels:
            raise InvalidGameError(
                place, f"names {name!r}, who is no player; players are {', '.join(labels)}"
            )
        bit = 1 << labels.index(name)
        if mask & bit:
            raise InvalidGameError(place, f"names {name!r} twice; name each member once")
        mask |= bit
    return mask


def _checked_worths(worths: Any) -> tuple[FloatArray, RationalWorths | None]:
    try:
        given = worths if isinstance(worths, np.ndarray) else list(worths)
    except TypeError:
        raise InvalidGameError("worths", f"are {worths!r}; a list of 2^n is needed") from None
    if isinstance(given, np.ndarray) and given.ndim != 1:
        raise InvalidGameError("worths", f"has shape {given.shape}; one axis of 2^n is needed")
    count = len(given)
    if count < 2 or count & (count - 1):
        raise InvalidGameError(
            "worths",
            f"has {count} entries; n players need 2^n (2, 4, 8, ...), the empty coalition first",
        )
    check_table_size(count.bit_length() - 1)
    table, rational = _as_table(given)
    bad = np.flatnonzero(~(np.abs(table) <= LARGEST_WORTH))
    if len(bad):
        raise InvalidGameError(
            f"worths[{bad[0]}]",
            f"is {table[bad[0]]}; worths must be finite and at most {LARGEST_WORTH:g} in size",
        )
    if table[0] != 0:
        raise InvalidGameError("worths[0]", f"is {table[0]:g}; the empty coalition is worth 0")
    table.setflags(write=False)
    return table, rational


def _as_table(given: Any) -> tuple[FloatArray, RationalWorths | None]:
    """Floats, and the exact worths where the input is not of floats."""
    if isinstance(given, np.ndarray) and given.dtype.kind in "bi":
        table = given.astype(float)
        if float(np.abs(table).max()) * len(table) < 2**61:
            return table, RationalWorths(given.astype(np.int64), 1)
    if isinstance(given, np.ndarray) and given.dtype.kind in "biuf":
        is_whole = given.dtype.kind != "f"
    else:
        kinds = {type(worth) for worth in given}
        is_whole = all(issubclass(kind, int | np.integer | np.bool_) for kind in kinds)
        real = int | float | np.integer | np.floating | np.bool_
        if not is_whole and not all(issubclass(kind, real) for kind in kinds):
            return _parsed_table(given)
    if is_whole:
        numbers = given.tolist() if isinstance(given, np.ndarray) else [int(w) for w in given]
        rational = RationalWorths(whole_numbers(numbers, len(numbers)), 1)
        try:
            return np.array(numbers, dtype=float), rational
        except OverflowError:
            raise InvalidGameError("worths", "hold a number too large for a float") from None
    try:
        return np.array(given, dtype=float), None
    except OverflowError:
        raise InvalidGameError("worths", "hold a number too large for a float") from None


def _parsed_table(given: Iterable[Any]) -> tuple[FloatArray, RationalWorths | None]:
    numbers = []
    for mask, worth in enumerate(given):
        try:
            numbers.append(to_fraction(worth))
        except (TypeError, ValueError, ArithmeticError):
            raise InvalidGameError(
                f"worths[{mask}]", f"is {worth!r}; a worth is a finite number"
            ) from None
    try:
        return np.array([float(number) for number in numbers]), _rational(numbers)
    except OverflowError:
        raise InvalidGameError("worths", "hold a number too large for a float") from None


def _rational(numbers: Sequence[Fraction]) -> RationalWorths:
    numerators, denominator = common_denominator(numbers)
    return RationalWorths(whole_numbers(numerators, len(numerators)), denominator)
