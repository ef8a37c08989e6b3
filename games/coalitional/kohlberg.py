"""Kohlberg's criterion: a check that an allocation is the nucleolus, apart from any solver of it.

For a level t let D(t) be the coalitions with excess at least t (without N). An efficient x is
the prenucleolus if and only if every non-empty D(t) is *balanced*: 1_N is a combination of the
indicator vectors of its members, all with positive weight. For the nucleolus the players held
at their individual worth may join with weights that are zero or more (Kohlberg, 1971).

Levels are taken from the top. A coalition in the linear span of those already balanced changes
nothing, so at most n - 1 levels count (Nguyen & Thomas, 2016). At each, balancedness is the
claim that no direction y raises some of the coalitions and lowers none; the multipliers of that
linear program are the weights, and they are checked in fractions.

References
----------
.. [1] E. Kohlberg, "On the nucleolus of a characteristic function game", SIAM Journal on Applied
   Mathematics 20(1), 1971, 62-66.
.. [2] T.-D. Nguyen, L. Thomas, "Finding the nucleoli of large cooperative games", European
   Journal of Operational Research 248(3), 2016, 1078-1092.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.coalitional.excess import checked_efficient, excesses, whole_excesses
from games.coalitional.excess_lp import make_solver, run
from games.coalitional.lattice import members, span_members, subset_sums
from games.coalitional.rational import independent_rows, indicator, solve_exactly
from games.coalitional.tu_game import TUGame
from games.errors import CertificateError, InvalidGameError, NoSolutionError
from games.normal_form import FloatArray

__all__ = [
    "KohlbergCertificate",
    "KohlbergLevel",
    "exact_kohlberg_check",
    "kohlberg_check",
]

GAIN_TOL = 1e-7
"""Mean gain of a direction that counts as one: true ones are ratios of small determinants."""

MULTIPLIER_TOL = 1e-9
"""Multipliers below this are rounding; the exact weights show whether that is so."""

MAX_ROUNDS = 500
"""Rounds of row generation; typical games need under 10."""


@dataclass(frozen=True)
class KohlbergLevel:
    """Coalitions that first count at one level of excess.

    Parameters
    ----------
    excess : float
        Their largest excess.
    n_coalitions : int
        How many there are, outside the span of the levels above.
    heavier : dict of int to Fraction
        Weights above the least; every other of the ``n_coalitions`` has weight 1. Together
        with players at their bound and a combination of the levels above they make 1_N, up to
        a factor. Empty if the level is not balanced.
    """

    excess: float
    n_coalitions: int
    heavier: dict[int, Fraction]


@dataclass(frozen=True)
class KohlbergCertificate:
    """Whether an allocation passes Kohlberg's criterion, with the proof.

    Parameters
    ----------
    holds : bool
    levels : tuple of KohlbergLevel
        From the largest excess down; if the criterion fails, it fails at the last of them.
    direction : tuple of float
        If it fails, a change of the allocation that lowers large excesses; else empty.
    reason : str
    tie_tol : float
        Excesses that differ by no more count as equal, in the unit of the worths; 0 if exact.
    """

    holds: bool
    levels: tuple[KohlbergLevel, ...]
    direction: tuple[float, ...] = ()
    reason: str = ""
    tie_tol: float = 0.0


def kohlberg_check(
    game: TUGame,
    allocation: ArrayLike,
    *,
    individually_rational: bool = True,
    tie_tol: float = 1e-9,
) -> KohlbergCertificate:
    """Whether ``allocation`` is the nucleolus, or the prenucleolus.

    Parameters
    ----------
    allocation : (n_players,) array, in the unit of the worths
    individually_rational : bool
        True for the nucleolus (among imputations), False for the prenucleolus.
    tie_tol : float
        Excesses that differ by less than this share of the game's scale are taken as equal.

    Raises
    ------
    InvalidGameError
        If the allocation does not share out the worth of the grand coalition.

    Examples
    --------
    >>> game = TUGame([0, 0, 0, 1])
    >>> kohlberg_check(game, [0.5, 0.5]).holds, kohlberg_check(game, [0.6, 0.4]).holds
    (True, False)
    """
    x = checked_efficient(game, allocation)
    tol = game.tolerance(tie_tol)
    above = x - game.individual_worths
    if individually_rational and float(above.min()) < -tol:
        return _no_imputation(game, int(above.argmin()))
    bound = np.flatnonzero(above <= tol).tolist() if individually_rational else []
    return _check(excesses(game, x), tol, bound, 1.0)


def exact_kohlberg_check(
    game: TUGame, allocation: Sequence[Fraction], *, individually_rational: bool = True
) -> KohlbergCertificate:
    """As :func:`kohlberg_check`, with excesses and ties in exact arithmetic."""
    table = game.rational
    if len(allocation) != game.n_players:
        raise InvalidGameError("allocation", f"needs {game.n_players} shares, one each")
    if sum(allocation) != Fraction(int(table.numerators[-1]), table.denominator):
        raise InvalidGameError("allocation", "does not add up to the grand coalition's worth")
    whole, denominator = whole_excesses(game, allocation)
    alone = [int(whole[1 << i]) for i in range(game.n_players)]
    if individually_rational and max(alone) > 0:
        return _no_imputation(game, alone.index(max(alone)))
    bound = [i for i, e in enumerate(alone) if e == 0] if individually_rational else []
    return _check(whole, 0, bound, denominator)


def _no_imputation(game: TUGame, player: int) -> KohlbergCertificate:
    reason = f"{game.players[player]} gets less than its individual worth"
    return KohlbergCertificate(False, (), reason=reason)


def _check(
    excess: NDArray[Any], tol: float, bound: Sequence[int], unit: float
) -> KohlbergCertificate:
    n = len(excess).bit_length() - 1
    span = [(1 << n) - 1]
    levels: list[KohlbergLevel] = []
    while len(span) < n:
        is_open = np.flatnonzero(~span_members(span, n))
        values = excess[is_open]
        largest = values.max()
        tied = is_open[values >= largest - tol]
        direction, support = _raising_direction(tied, span, bound, n)
        level_excess = float(Fraction(int(largest), int(unit))) if tol == 0 else float(largest)
        if direction is not None:
            levels.append(KohlbergLevel(level_excess, len(tied), {}))
            return KohlbergCertificate(
                False,
                tuple(levels),
                tuple(direction.tolist()),
                f"the level of excess {level_excess:.9g} is not balanced",
                float(tol),
            )
        heavier = _balancing_weights(tied, support, n)
        levels.append(KohlbergLevel(level_excess, len(tied), heavier))
        span = _extended(span, tied, n)
    return KohlbergCertificate(True, tuple(levels), tie_tol=float(tol))


class _Support(NamedTuple):
    """Coalitions and players with a multiplier other than 0, linearly independent.

    Those of ``raised`` and ``bound`` are positive, those of ``span`` have either sign.
    """

    raised: list[int]
    bound: list[int]
    span: list[int]


def _counts(tied: NDArray[np.int64], n: int) -> list[int]:
    return [int((tied >> i & 1).sum()) for i in range(n)]


def _raising_direction(
    tied: NDArray[np.int64], span: Sequence[int], bound: Sequence[int], n: int
) -> tuple[FloatArray | None, _Support]:
    """Direction that raises the sum over ``tied`` and lowers none; else the proof of none."""
    solver = make_solver()
    solver.changeObjectiveSense(_maximise())
    for i, count in enumerate(_counts(tied, n)):
        solver.addVar(0.0 if i in bound else -1.0, 1.0)
        solver.changeColCost(i, count / len(tied))
    for mask in span:
        _add_row(solver, mask, 0.0)
    rows: list[int] = []
    for _ in range(MAX_ROUNDS):
        solution = run(solver)
        y = np.array(solution.col_value)
        if solver.getObjectiveValue() <= GAIN_TOL:
            used = np.abs(np.array(solution.row_dual)) > MULTIPLIER_TOL
            reduced = np.abs(np.array(solution.col_dual)) > MULTIPLIER_TOL
            support = _Support(
                raised=[m for m, u in zip(rows, used[len(span) :], strict=True) if u],
                bound=[i for i in bound if reduced[i]],
                span=[m for m, u in zip(span, used, strict=False) if u],
            )
            return None, support
        lowered = subset_sums(y)[tied]
        worst = float(lowered.min())
        if worst >= -1e-9:
            return y, _Support([], [], [])
        found = np.flatnonzero(lowered <= 0.5 * worst)
        found = found[np.argsort(lowered[found], kind="stable")[: 4 * n]]
        for mask in tied[found].tolist():
            _add_row(solver, mask, np.inf)
            rows.append(mask)
    raise CertificateError(f"row generation did not end in {MAX_ROUNDS} rounds")


def _maximise() -> Any:
    import highspy

    return highspy.ObjSense.kMaximize


def _add_row(solver: Any, mask: int, upper: float) -> None:
    columns = np.array(members(mask), dtype=np.int32)
    solver.addRow(0.0, upper, len(columns), columns, np.ones(len(columns)))


def _balancing_weights(tied: NDArray[np.int64], support: _Support, n: int) -> dict[int, Fraction]:
    """Exact weights that balance ``tied``: 1 each, and more for those with a multiplier.

    They solve: sum over tied + weighted support = 0.
    """
    signed = [*support.raised, *(1 << i for i in support.bound)]
    columns = [indicator(mask, n) for mask in [*signed, *support.span]]
    matrix = [[column[i] for column in columns] for i in range(n)]
    try:
        solution = solve_exactly(matrix, [-count for count in _counts(tied, n)])
    except NoSolutionError as error:
        raise CertificateError(f"balancing weights could not be made exact: {error}") from None
    if min(solution[: len(signed)], default=Fraction(0)) < 0:
        raise CertificateError("a balancing weight is negative")
    return {mask: 1 + w for mask, w in zip(support.raised, solution, strict=False)}


def _extended(span: Sequence[int], tied: NDArray[np.int64], n: int) -> list[int]:
    """Independent coalitions that span ``span`` and all of ``tied``."""
    current = list(span)
    remaining = tied
    while len(remaining) and len(current) < n:
        batch = [*current, *remaining[: 4 * n].tolist()]
        chosen = independent_rows([indicator(mask, n) for mask in batch])
        current = [batch[k] for k in chosen]
        inside = span_members(current, n)
        remaining = remaining[~inside[remaining]]
    return current
