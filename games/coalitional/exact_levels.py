"""Nucleolus of a small game wholly in exact arithmetic: for worths too unlike for floats.

With worths of 1e12 beside worths of 1, floats cannot tell ties from differences. Here every
program is solved by the exact simplex method, in its dual form: weights on the open coalitions
that sum to 1 and cancel in every direction in which the settled coalitions leave freedom. The
coalitions with a positive weight are settled next.

Glossary: x0 any point that satisfies the settled equations; B a basis of the directions that
they leave free; t the least largest excess of the open coalitions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from games.coalitional.lattice import members
from games.coalitional.rational import (
    common_denominator,
    independent_rows,
    indicator,
    null_basis,
    reduced_echelon,
)
from games.coalitional.tu_game import TUGame
from games.errors import CertificateError
from games.solvers.rational_simplex import RationalStatus, maximize_exactly

__all__ = ["MAX_EXACT_PLAYERS", "ExactLevel", "exact_first_level", "exact_nucleolus_point"]

MAX_EXACT_PLAYERS = 11
"""Most players: 2,046 columns in the exact simplex tableau, a second or two."""


@dataclass(frozen=True)
class ExactLevel:
    """Optimum of one program.

    Parameters
    ----------
    excess : Fraction
        The least largest excess of the open coalitions.
    weights : dict of int to Fraction
        Coalitions that bind at every optimum, with weights that sum to 1.
    at_bound : tuple of int
        Players whose individual worth binds.
    """

    excess: Fraction
    weights: dict[int, Fraction]
    at_bound: tuple[int, ...]


def exact_first_level(game: TUGame) -> ExactLevel:
    """The least core's program: least largest excess of an efficient allocation, and weights.

    Examples
    --------
    >>> exact_first_level(TUGame([0, 0, 0, 1, 0, 1, 1, 1])).excess
    Fraction(1, 3)
    """
    worths = _worths(game)
    return _level(worths, [((1 << game.n_players) - 1, worths[-1])], False)


def exact_nucleolus_point(game: TUGame, *, individually_rational: bool) -> tuple[Fraction, ...]:
    """The nucleolus, or prenucleolus, of a game of at most 11 players."""
    n = game.n_players
    worths = _worths(game)
    settled = [((1 << n) - 1, worths[-1])]
    while len(settled) < n:
        level = _level(worths, settled, individually_rational)
        found = [(mask, worths[mask] - level.excess) for mask in level.weights]
        found += [(1 << i, worths[1 << i]) for i in level.at_bound]
        everything = settled + found
        chosen = independent_rows([indicator(mask, n) for mask, _ in everything])
        if len(chosen) == len(settled):
            raise CertificateError("a program of the nucleolus settled no coalition")
        settled = [everything[k] for k in chosen]
    return tuple(_particular_point(settled, n))


def _worths(game: TUGame) -> list[Fraction]:
    table = game.rational
    return [Fraction(int(worth), table.denominator) for worth in table.numerators]


def _level(
    worths: Sequence[Fraction], settled: Sequence[tuple[int, Fraction]], bounded: bool
) -> ExactLevel:
    n = len(worths).bit_length() - 1
    basis = null_basis([indicator(mask, n) for mask, _ in settled], n)
    x0 = _particular_point(settled, n)
    moves = {m: [sum(b[i] for i in members(m)) for b in basis] for m in range(1, len(worths))}
    open_masks = [mask for mask, move in moves.items() if any(move)]
    singles = [1 << i for i in range(n) if bounded and any(moves[1 << i])]
    columns = open_masks + singles
    goal = [worths[mask] - sum(x0[i] for i in members(mask)) for mask in columns]
    rows = [[moves[mask][k] for mask in columns] for k in range(len(basis))]
    rows.append([1] * len(open_masks) + [0] * len(singles))
    solution = maximize_exactly(goal, equal_rows=rows, equal_values=[0] * len(basis) + [1])
    if solution.status is not RationalStatus.OPTIMAL:
        raise CertificateError(f"exact program of the nucleolus: {solution.status.value}")
    used = list(zip(columns, solution.point, strict=True))
    weights = {mask: w for mask, w in used[: len(open_masks)] if w > 0}
    at_bound = tuple(mask.bit_length() - 1 for mask, w in used[len(open_masks) :] if w > 0)
    return ExactLevel(solution.value, weights, at_bound)


def _particular_point(settled: Sequence[tuple[int, Fraction]], n: int) -> list[Fraction]:
    """Solution of the settled equations with zeros where they leave a choice."""
    amounts, denominator = common_denominator([amount for _, amount in settled])
    rows = [[*indicator(m, n), a] for (m, _), a in zip(settled, amounts, strict=True)]
    echelon, pivots, _ = reduced_echelon(rows, n)
    point = [Fraction(0)] * n
    for row, pivot in zip(echelon, pivots, strict=True):
        point[pivot] = Fraction(row[-1], row[pivot] * denominator)
    return point
