"""All extreme equilibria of a two-player game, by pairs of vertices that have every label.

See :mod:`games.solvers.best_response_polytopes` for the definitions. Every pair is checked in
exact integers to be an equilibrium before it is rounded to floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from games.equilibrium import Equilibrium, EquilibriumList
from games.errors import CertificateError
from games.normal_form import FloatArray, NormalFormGame
from games.solvers.extreme_strategies import ExactStrategy, ExtremeStrategy, StrategySolver
from games.solvers.label_pairs import completely_labelled_pairs
from games.solvers.vertex_enumeration import all_vertices, vertices_within
from games.solvers.vertices import Vertices, label_sets

__all__ = ["ExactEquilibrium", "ExactStrategy", "extreme_equilibria"]

_DEGENERATE = (
    "The game is degenerate and has infinitely many equilibria: the corners of its sets of "
    "equilibria are listed. games.solvers.maximal_nash_subsets gives the sets."
)

Profile = tuple[ExtremeStrategy, ExtremeStrategy]


@dataclass(frozen=True, eq=False)
class ExactEquilibrium(Equilibrium):
    """An equilibrium with its probabilities and payoffs as fractions; its regret is exactly 0.

    Parameters
    ----------
    exact_strategies : tuple of tuple of Fraction
        One vector per player; ``strategies`` are these, rounded.
    exact_payoffs : tuple of Fraction
        ``payoffs`` are these, rounded.
    """

    exact_strategies: tuple[ExactStrategy, ...] = ()
    exact_payoffs: tuple[Fraction, ...] = ()


def extreme_equilibria(game: NormalFormGame, *, exact: bool = False) -> EquilibriumList:
    """Every extreme equilibrium of a two-player game.

    Parameters
    ----------
    game : NormalFormGame
        Two players, any numbers of actions, payoffs of any magnitude.
    exact : bool
        Return :class:`ExactEquilibrium` objects.

    Returns
    -------
    EquilibriumList
        Complete.

    Raises
    ------
    CertificateError
        If a pair found is not an equilibrium: a defect of this library.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[1, 0], [0, 3]], [[3, 0], [0, 1]])
    >>> _, mixed, _ = extreme_equilibria(game, exact=True).equilibria
    >>> mixed.exact_strategies[0], mixed.exact_payoffs[0]
    ((Fraction(1, 4), Fraction(3, 4)), Fraction(3, 4))
    """
    m, k = game.n_actions
    row_payoffs, column_payoffs = game.payoffs
    if m > 2 * k:
        columns = all_vertices(row_payoffs.T)
        rows = vertices_within(column_payoffs, (tight >> k for tight in _labels(columns)))
    else:
        rows = all_vertices(column_payoffs)
        if k > 2 * m:
            columns = vertices_within(row_payoffs.T, (tight >> m for tight in _labels(rows)))
        else:
            columns = all_vertices(row_payoffs.T)
    profiles = _profiles(game, rows, columns)
    is_continuum = any(len({id(p[i]) for p in profiles}) < len(profiles) for i in range(2))
    note = _DEGENERATE if is_continuum else ""
    return EquilibriumList(_records(game, profiles, exact), True, _method(rows, columns), note)


def _labels(vertices: Vertices) -> list[int]:
    return [*vertices.simple.tolist(), *vertices.degenerate]


def _method(rows: Vertices, columns: Vertices) -> str:
    n_bases, n_exact = rows.n_bases + columns.n_bases, rows.n_exact + columns.n_exact
    if n_exact == n_bases:
        return "vertex enumeration, exact integers"
    if n_exact:
        return (
            "vertex enumeration, floating point with verified signs, "
            f"exact integers for {n_exact} of {n_bases} bases"
        )
    return "vertex enumeration, floating point with verified signs"


def _profiles(game: NormalFormGame, rows: Vertices, columns: Vertices) -> list[Profile]:
    """Strategies of the pairs that have every label, but the pair (0, 0), in order.

    Raises
    ------
    CertificateError
        If a strategy uses an action that is not a best response to the other.
    """
    m, k = game.n_actions
    everything, origin = (1 << (m + k)) - 1, (1 << m) - 1
    own = (1 << k) - 1

    # In Q the columns' own actions come first; among the game's labels they come after the rows.
    columns_simple = ((columns.simple & own) << m) | (columns.simple >> k)
    of_polytope = {((tight & own) << m) | (tight >> k): tight for tight in columns.degenerate}
    pairs = completely_labelled_pairs(
        rows.simple,
        label_sets(rows.degenerate, m + k),
        columns_simple,
        label_sets(of_polytope, m + k),
        m + k,
    )
    pairs.remove((origin, everything ^ origin))
    solve_x, solve_y = StrategySolver(game.payoffs[1]), StrategySolver(game.payoffs[0].T)
    x = {tight: solve_x.strategy(rows.basis_of(tight)) for tight in {pair[0] for pair in pairs}}
    y = {}
    for tight in {pair[1] for pair in pairs}:
        of_columns = of_polytope.get(tight, (tight >> m) | ((tight & origin) << k))
        y[tight] = solve_y.strategy(columns.basis_of(of_columns))
    profiles = [(x[i], y[j]) for i, j in pairs]
    for row, column in profiles:
        if row.support & ~column.best_replies or column.support & ~row.best_replies:
            raise CertificateError(f"no equilibrium: {row.rounded()} and {column.rounded()}")
    return sorted(profiles, reverse=True)


def _records(
    game: NormalFormGame, profiles: Sequence[Profile], exact: bool
) -> tuple[Equilibrium, ...]:
    """Equilibrium records of profiles that are known to be equilibria."""
    X, Y = (np.array([profile[i].rounded() for profile in profiles]) for i in range(2))
    values = [(column.reply_payoff, row.reply_payoff) for row, column in profiles]
    payoffs = np.array([[a / b, c / d] for (a, b), (c, d) in values])
    if not exact:
        regrets = _regrets(game.payoffs, X, Y).tolist()
        return tuple(
            [
                Equilibrium((x, y), *rest)
                for x, y, *rest in zip(X, Y, payoffs, regrets, strict=True)
            ]
        )
    return tuple(
        ExactEquilibrium(
            (x, y),
            rounded,
            0.0,
            (),
            tuple(strategy.probabilities for strategy in profile),
            tuple(Fraction(*value) for value in pair),
        )
        for x, y, rounded, profile, pair in zip(X, Y, payoffs, profiles, values, strict=True)
    )


def _regrets(payoffs: FloatArray, X: FloatArray, Y: FloatArray) -> FloatArray:
    """Largest regret of each rounded profile, from differences of payoffs.

    Payoffs against each pure reply are first measured from the best one, which loses nothing
    when a large constant has been added to all of them.
    """
    # Quarters, so that no difference of payoffs overflows.
    A, B = payoffs / 4
    row_losses = Y @ (A.max(axis=0) - A).T
    column_losses = X @ (B.max(axis=1, keepdims=True) - B)
    row_losses -= row_losses.min(axis=1, keepdims=True)
    column_losses -= column_losses.min(axis=1, keepdims=True)
    regrets = np.maximum((row_losses * X).sum(axis=1), (column_losses * Y).sum(axis=1))
    return np.asarray(4 * regrets, dtype=float)
