"""The record of a known game: payoffs, source, known equilibria and what it teaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

import numpy as np

from games.errors import InvalidGameError
from games.normal_form import MixedProfile, NormalFormGame

__all__ = ["CatalogEntry", "Coverage", "Source", "many_players", "two_players", "zero_sum"]


class Coverage(Enum):
    """Which equilibria an entry lists."""

    EXTREME = "every extreme equilibrium"
    PURE = "every pure equilibrium, and the mixed ones that are well known"


@dataclass(frozen=True)
class Source:
    """Where a game was published.

    Parameters
    ----------
    author : str
    year : int
    place : str
        Title and section, so that the game can be found there.
    """

    author: str
    year: int
    place: str

    def __str__(self) -> str:
        return f"{self.author} ({self.year}), {self.place}"


@dataclass(frozen=True, eq=False)
class CatalogEntry:
    """A known game.

    Parameters
    ----------
    name : str
        Unique in the catalog.
    game : NormalFormGame
    source : Source
    equilibria : tuple of profiles
        Each a tuple of probability vectors, one per player.
    exact_equilibria : tuple of tuple of tuple of Fraction
        The same as fractions.
    coverage : Coverage
        Which equilibria these are.
    teaches : str
        One sentence.
    """

    name: str
    game: NormalFormGame
    source: Source
    exact_equilibria: tuple[tuple[tuple[Fraction, ...], ...], ...]
    coverage: Coverage
    teaches: str

    @property
    def equilibria(self) -> tuple[MixedProfile, ...]:
        """Known equilibria as arrays of float."""
        return tuple(
            tuple(np.array([float(p) for p in strategy]) for strategy in profile)
            for profile in self.exact_equilibria
        )


def two_players(
    name: str,
    source: Source,
    teaches: str,
    *,
    players: Sequence[str] = ("row", "column"),
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[tuple[float, float]]],
    equilibria: Sequence[tuple[str, str]],
    coverage: Coverage = Coverage.EXTREME,
) -> CatalogEntry:
    """Entry of a two-player game from a table of pairs of payoffs.

    Parameters
    ----------
    cells : (m, n) sequence of pairs
        Row player's payoff first.
    equilibria : sequence of pairs of str
        Probabilities as fractions with spaces between: ``("1/3 2/3", "1 0")``.
    """
    payoffs = np.moveaxis(np.array(cells, dtype=float), 2, 0)
    game = NormalFormGame(payoffs, players, (rows, columns))
    return CatalogEntry(name, game, source, _profiles(name, game, equilibria), coverage, teaches)


def zero_sum(
    name: str,
    source: Source,
    teaches: str,
    *,
    players: Sequence[str] = ("row", "column"),
    rows: Sequence[str],
    columns: Sequence[str],
    matrix: Sequence[Sequence[float]],
    equilibria: Sequence[tuple[str, str]],
) -> CatalogEntry:
    """Entry of a zero-sum game from the row player's payoffs."""
    cells = [[(a, -a) for a in row] for row in matrix]
    return two_players(
        name,
        source,
        teaches,
        players=players,
        rows=rows,
        columns=columns,
        cells=cells,
        equilibria=equilibria,
    )


def many_players(
    name: str,
    source: Source,
    teaches: str,
    *,
    players: Sequence[str],
    actions: Sequence[Sequence[str]],
    cells: Sequence[Sequence[float]],
    equilibria: Sequence[Sequence[str]],
) -> CatalogEntry:
    """Entry of a game of three or more players, its pure equilibria listed.

    Parameters
    ----------
    cells : sequence of (n_players,) sequences of float
        Payoffs per action profile, the last player's action changing fastest.
    """
    shape = tuple(len(labels) for labels in actions)
    payoffs = np.moveaxis(np.array(cells, dtype=float).reshape(*shape, len(shape)), -1, 0)
    game = NormalFormGame(payoffs, players, actions)
    profiles = _profiles(name, game, equilibria)
    return CatalogEntry(name, game, source, profiles, Coverage.PURE, teaches)


def _profiles(
    name: str, game: NormalFormGame, equilibria: Sequence[Sequence[str]]
) -> tuple[tuple[tuple[Fraction, ...], ...], ...]:
    profiles = tuple(
        tuple(tuple(Fraction(p) for p in strategy.split()) for strategy in profile)
        for profile in equilibria
    )
    for profile in profiles:
        if tuple(map(len, profile)) != game.n_actions or any(sum(s) != 1 for s in profile):
            raise InvalidGameError(f"equilibria of {name}", f"{profile} is no profile of the game")
    return profiles
