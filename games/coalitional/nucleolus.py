"""Nucleolus and prenucleolus, by a sequence of linear programs.

Order the excesses of all coalitions at x from the largest down. The *prenucleolus* is the one
efficient allocation whose ordered excesses are lexicographically least, the *nucleolus* the
one imputation (Schmeidler, 1969). Each program lowers the largest excess that is not yet
settled; the coalitions that bind at every optimum (positive multipliers) are settled, with
all in their linear span (Maschler, Peleg & Shapley, 1979). The settled coalitions give a
linear system whose one solution is the answer, in fractions where asked; Kohlberg's criterion
then certifies it.

References
----------
.. [1] D. Schmeidler, "The nucleolus of a characteristic function game", SIAM Journal on Applied
   Mathematics 17(6), 1969, 1163-1170.
.. [2] M. Maschler, B. Peleg, L. S. Shapley, "Geometric properties of the kernel, nucleolus, and
   related solution concepts", Mathematics of Operations Research 4(4), 1979, 303-338.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from games.coalitional.exact_levels import MAX_EXACT_PLAYERS, exact_nucleolus_point
from games.coalitional.excess_lp import LeastExcess, least_largest_excess
from games.coalitional.kohlberg import KohlbergCertificate, exact_kohlberg_check, kohlberg_check
from games.coalitional.lattice import span_members, subset_sums
from games.coalitional.rational import independent_rows, indicator, solve_exactly
from games.coalitional.tu_game import TUGame
from games.errors import CertificateError, InvalidGameError, NoSolutionError, TooLargeError
from games.normal_form import FloatArray

__all__ = ["MAX_NUCLEOLUS_PLAYERS", "Nucleolus", "nucleolus", "prenucleolus"]

MAX_NUCLEOLUS_PLAYERS = 22
"""Most players: every level passes several times over all coalitions."""

TIE_TOL = 1e-12
"""Excesses closer than this share of the game's scale count as ties."""

WIDE_TIE_TOL = 1e-9
"""The same where input is too rough for the narrow one."""

ZERO_TOL = 1e-14
"""Shares of the gains from cooperation below this are the rounding of a zero."""


@dataclass(frozen=True, eq=False)
class Nucleolus:
    """The (pre)nucleolus and its certificate.

    Parameters
    ----------
    point : (n_players,) array of float, in the unit of the worths
    exact_point : tuple of Fraction
        The same without rounding; empty unless asked for.
    is_imputation : bool
        Whether every player gets at least what it is worth alone.
    certificate : KohlbergCertificate
        Proof, found independently of the linear programs.
    note : str
        What a reader must know, such as that the game has no imputation.
    """

    point: FloatArray
    exact_point: tuple[Fraction, ...]
    is_imputation: bool
    certificate: KohlbergCertificate
    note: str = ""


@dataclass(frozen=True)
class _Level:
    coalitions: tuple[int, ...]
    at_bound: tuple[int, ...]


def nucleolus(game: TUGame, *, exact: bool = False) -> Nucleolus:
    """The nucleolus; where the game has no imputation, the prenucleolus with a note.

    Parameters
    ----------
    exact : bool
        Also solve and certify in fractions (floats are read as the decimals they print as).

    Raises
    ------
    TooLargeError
        With more than 22 players.
    CertificateError
        If the result fails Kohlberg's criterion.

    Examples
    --------
    >>> from games.coalitional.structures import bankruptcy_game
    >>> nucleolus(bankruptcy_game(300, [100, 200, 300])).point.round(9)
    array([ 50., 100., 150.])
    """
    surplus, tol = _surplus(game, exact or game.is_exact)
    if surplus < -tol:
        found = prenucleolus(game, exact=exact)
        note = (
            f"no imputation: the grand coalition is worth {game.grand_worth:.9g}, less than its "
            f"members alone ({game.individual_worths.sum():.9g}); this is the prenucleolus"
        )
        return Nucleolus(found.point, found.exact_point, False, found.certificate, note)
    if surplus <= tol:
        only = _only_imputation(game) if exact else ()
        share = (game.grand_worth - float(game.individual_worths.sum())) / game.n_players
        return _certified(game, game.individual_worths + share, only, True, "only imputation")
    return _solve(game, individually_rational=True, exact=exact)


def prenucleolus(game: TUGame, *, exact: bool = False) -> Nucleolus:
    """The prenucleolus: as the nucleolus, among all efficient allocations.

    Examples
    --------
    >>> prenucleolus(TUGame([0, 3, 1, 2])).point.round(9)
    array([2., 0.])
    """
    return _solve(game, individually_rational=False, exact=exact)


def _surplus(game: TUGame, exact: bool) -> tuple[float, float]:
    """Grand worth less all individual worths, and the difference to be taken as none."""
    if exact:
        whole = game.rational.numerators
        alone = sum(int(whole[1 << i]) for i in range(game.n_players))
        left = int(whole[-1]) - alone
        return float((left > 0) - (left < 0)), 0.0
    return game.grand_worth - float(game.individual_worths.sum()), game.rounding


def _only_imputation(game: TUGame) -> tuple[Fraction, ...]:
    table = game.rational
    return tuple(
        Fraction(int(table.numerators[1 << i]), table.denominator) for i in range(game.n_players)
    )


def _solve(game: TUGame, *, individually_rational: bool, exact: bool) -> Nucleolus:
    if game.n_players > MAX_NUCLEOLUS_PLAYERS:
        raise TooLargeError(
            f"nucleolus of {game.n_players} players: the limit is {MAX_NUCLEOLUS_PLAYERS}; "
            "use the Shapley value or the least core"
        )
    try:
        return _solve_in_floats(game, individually_rational, exact, TIE_TOL)
    except CertificateError:
        # Worths too unlike for floats to tell ties: a small game can be solved without any, a
        # larger one with a wider tolerance, which its certificate states.
        if game.n_players > MAX_EXACT_PLAYERS:
            return _solve_in_floats(game, individually_rational, exact, WIDE_TIE_TOL)
    exact_point = exact_nucleolus_point(game, individually_rational=individually_rational)
    found = _certified(game, np.zeros(game.n_players), exact_point, individually_rational, "")
    return found if exact else replace(found, exact_point=())


def _solve_in_floats(
    game: TUGame, individually_rational: bool, exact: bool, tie_tol: float
) -> Nucleolus:
    worths = game.relevant_worths
    alone = worths[[1 << i for i in range(game.n_players)]]
    scale = game.scale if game.scale > game.rounding else 1.0
    scaled = (worths - subset_sums(alone)) / scale
    levels, point = _levels(scaled, individually_rational)
    if exact or (game.is_exact and tie_tol == TIE_TOL):
        exact_point = _exact_point(game, levels)
        point = np.array([float(x) for x in exact_point])
    else:
        exact_point = ()
        point = alone + scale * _polished(scaled, levels, point)
    proven = exact_point if exact else ()
    return _certified(game, point, proven, individually_rational, "", tie_tol)


def _certified(
    game: TUGame,
    point: FloatArray,
    exact_point: tuple[Fraction, ...],
    individually_rational: bool,
    note: str,
    tie_tol: float = WIDE_TIE_TOL,
) -> Nucleolus:
    if exact_point:
        point = np.array([float(x) for x in exact_point])
        proof = exact_kohlberg_check(
            game, exact_point, individually_rational=individually_rational
        )
    else:
        try:
            proof = kohlberg_check(
                game, point, individually_rational=individually_rational, tie_tol=tie_tol
            )
        except InvalidGameError as error:
            raise CertificateError(str(error)) from None  # the rounding of huge shares
    if not proof.holds:
        raise CertificateError(f"{point.tolist()} is not the nucleolus: {proof.reason}")
    rational = bool((point >= game.individual_worths - game.tolerance()).all())
    return Nucleolus(point, exact_point, rational, proof, note)


def _levels(v: FloatArray, individually_rational: bool) -> tuple[list[_Level], FloatArray]:
    """Coalitions that each program settles, and the last program's point."""
    n = len(v).bit_length() - 1
    everyone = (1 << n) - 1
    point = np.full(n, v[-1] / n)
    settled: list[tuple[int, float]] = [(everyone, float(v[-1]))]
    levels: list[_Level] = []
    lower = np.zeros(n) if individually_rational else None
    pool = [1 << i for i in range(n)] + [everyone ^ 1 << i for i in range(n)]
    pool = list(dict.fromkeys(pool))
    while len(settled) < n:
        is_open = ~span_members([mask for mask, _ in settled], n)
        pool = [mask for mask in pool if is_open[mask]]
        pool = list(dict.fromkeys(pool + [everyone ^ mask for mask in pool]))
        found = least_largest_excess(v, is_open, settled, pool, lower)
        point = found.point
        level = _Level(tuple(found.binding), found.at_bound)
        settled = _extended(settled, found, level, v, n)
        levels.append(level)
        pool = _kept(found, v)
    return levels, point


def _kept(found: LeastExcess, v: FloatArray) -> list[int]:
    """Rows of one program that are near their bound, to start the next with."""
    slack = [
        (found.excess - v[m] + sum(found.point[i] for i in range(len(found.point)) if m >> i & 1))
        for m in found.pool
    ]
    n_most = 12 * len(found.point)
    order = np.argsort(slack, kind="stable")[:n_most]
    return [found.pool[k] for k in sorted(order.tolist())]


def _extended(
    settled: Sequence[tuple[int, float]], found: LeastExcess, level: _Level, v: FloatArray, n: int
) -> list[tuple[int, float]]:
    new = [(mask, float(v[mask]) - found.excess) for mask in level.coalitions]
    new += [(1 << i, 0.0) for i in level.at_bound]
    everything = [*settled, *new]
    chosen = independent_rows([indicator(mask, n) for mask, _ in everything])
    if len(chosen) == len(settled):
        raise CertificateError("a program of the nucleolus settled no coalition")
    return [everything[k] for k in chosen]


def _system(n: int, levels: Sequence[_Level]) -> tuple[list[list[int]], list[int], list[int]]:
    """Rows of the settled equations in (x, t_1, ..., t_k); their coalitions; which are bounds."""
    rows = [indicator((1 << n) - 1, n) + [0] * len(levels)]
    masks, bounds = [(1 << n) - 1], []
    for k, level in enumerate(levels):
        for mask in level.coalitions:
            rows.append(indicator(mask, n) + [int(j == k) for j in range(len(levels))])
            masks.append(mask)
    for level in levels:
        for i in level.at_bound:
            rows.append(indicator(1 << i, n) + [0] * len(levels))
            masks.append(1 << i)
            bounds.append(len(rows) - 1)
    return rows, masks, bounds


def _polished(v: FloatArray, levels: Sequence[_Level], point: FloatArray) -> FloatArray:
    """Solution of the settled equations, free of the solver's tolerances."""
    n = len(point)
    rows, masks, bounds = _system(n, levels)
    right = v[masks]
    right[bounds] = 0.0
    solution: FloatArray = np.linalg.lstsq(np.array(rows, dtype=float), right, rcond=None)[0][:n]
    solution += (v[-1] - solution.sum()) / n
    solution[np.abs(solution) < ZERO_TOL] = 0.0
    return solution


def _exact_point(game: TUGame, levels: Sequence[_Level]) -> tuple[Fraction, ...]:
    rows, masks, _ = _system(game.n_players, levels)
    table = game.rational
    try:
        solution = solve_exactly(rows, [int(table.numerators[mask]) for mask in masks])
    except NoSolutionError as error:
        raise CertificateError(
            f"excesses too close for 64-bit floats to tell apart ({error})"
        ) from None
    return tuple(x / table.denominator for x in solution[: game.n_players])
