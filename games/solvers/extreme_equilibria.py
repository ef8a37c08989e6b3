"""All extreme equilibria of a two-player game, by pairs of vertices that have every label.

See :mod:`games.solvers.best_response_polytopes` for the definitions. Every pair is checked in
exact integers to be an equilibrium before it is rounded to floats.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from games.equilibrium import Equilibrium, EquilibriumList
from games.errors import CertificateError, TooLargeError
from games.normal_form import FloatArray, MixedProfile, NormalFormGame
from games.solvers.best_response_polytopes import (
    BestResponsePolytope,
    IntMatrix,
    best_response_polytope,
    exact_integers,
)
from games.solvers.label_pairs import completely_labelled_pairs
from games.solvers.vertex_enumeration_exact import Dictionary, Vertices, enumerate_vertices
from games.solvers.vertex_enumeration_float import (
    VerifiedVertices,
    enumerate_vertices_float,
    is_compiled,
)

__all__ = ["ExactEquilibrium", "ExactStrategy", "extreme_equilibria"]

ExactStrategy = tuple[Fraction, ...]
"""Probabilities of a player's actions as fractions; they sum to exactly 1."""


_QUICK_BASES = 1500
"""Bases that exact integers settle in the time that loading the compiled loops would take."""

_LEAST_SIZE_FOR_FLOATS = 36
"""Number of action profiles from which loaded compiled loops are quicker than integers."""

_MAX_EXACT_BASES = 2_000_000
"""Bases of one polytope after which an enumeration in integers is given up (many minutes)."""

_DEGENERATE = (
    "The game is degenerate and has infinitely many equilibria: the corners of its sets of "
    "equilibria are listed. games.solvers.maximal_nash_subsets gives the sets."
)


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


@dataclass(frozen=True)
class _ExactGame:
    """Integer payoffs, each player's own actions first, and their units."""

    payoffs: tuple[IntMatrix, IntMatrix]
    units: tuple[Fraction, Fraction]


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
    A, unit_a = exact_integers(game.payoffs[0])
    B, unit_b = exact_integers(game.payoffs[1])
    exact_game = _ExactGame((A, _transposed(B)), (unit_a, unit_b))
    P = best_response_polytope(B)
    Q = best_response_polytope(_transposed(A))
    m, k = game.n_actions
    if m > 2 * k:
        columns = _vertices(Q)
        rows = _vertices_within(P, {tight >> k for tight in columns.vertices})
    else:
        rows = _vertices(P)
        if k > 2 * m:
            columns = _vertices_within(Q, {tight >> m for tight in rows.vertices})
        else:
            columns = _vertices(Q)
    profiles = _profiles(P, rows.vertices, Q, columns.vertices)
    found = tuple(
        _certified(game, exact_game, x, y, exact) for x, y in sorted(profiles, reverse=True)
    )
    is_continuum = any(len({p[i] for p in profiles}) < len(profiles) for i in range(2))
    note = _DEGENERATE if is_continuum else ""
    return EquilibriumList(found, True, _method(rows, columns), note)


def _vertices(polytope: BestResponsePolytope) -> VerifiedVertices:
    """All vertices: in integers while that is quick, else in floats as far as these are sure."""
    coefficients = polytope.coefficients
    size = len(coefficients) * len(coefficients[0])
    if size < _LEAST_SIZE_FOR_FLOATS or not is_compiled():
        vertices = enumerate_vertices(coefficients, _QUICK_BASES)
        if vertices is not None:
            return VerifiedVertices(vertices, len(vertices), len(vertices))
    verified = enumerate_vertices_float(coefficients)
    if verified is not None:
        return verified
    vertices = enumerate_vertices(coefficients, _MAX_EXACT_BASES)
    if vertices is None:
        raise TooLargeError(
            f"more than {_MAX_EXACT_BASES} bases to look at in exact integers; "
            "seek one equilibrium instead of all, or drop dominated actions"
        )
    return VerifiedVertices(vertices, len(vertices), len(vertices))


def _vertices_within(polytope: BestResponsePolytope, supports: set[int]) -> VerifiedVertices:
    """Vertices that use only actions of one of the supports (bit masks).

    If one player has far more actions than the other, few of them are best responses together.
    """
    n = len(polytope.divisors)
    everything = (1 << n) - 1
    found: Vertices = {}
    n_bases = n_exact = 0
    done: list[int] = []
    for support in sorted(supports, key=int.bit_count, reverse=True):
        if not support or any(support & ~other == 0 for other in done):
            continue
        done.append(support)
        actions = [i for i in range(n) if support >> i & 1]
        part = _vertices(
            BestResponsePolytope(
                [[row[i] for i in actions] for row in polytope.coefficients], [1] * len(actions)
            )
        )
        n_bases, n_exact = n_bases + part.n_bases, n_exact + part.n_exact

        def whole(mask: int, actions: list[int] = actions, support: int = support) -> int:
            own = sum(1 << i for p, i in enumerate(actions) if mask >> p & 1)
            return everything & ~support | own | mask >> len(actions) << n

        found |= {whole(tight): whole(basis) for tight, basis in part.vertices.items()}
    return VerifiedVertices(found, n_bases, n_exact)


def _method(rows: VerifiedVertices, columns: VerifiedVertices) -> str:
    n_bases, n_exact = rows.n_bases + columns.n_bases, rows.n_exact + columns.n_exact
    if n_exact == n_bases:
        return "vertex enumeration, exact integers"
    if n_exact:
        return (
            "vertex enumeration, floating point with verified signs, "
            f"exact integers for {n_exact} of {n_bases} bases"
        )
    return "vertex enumeration, floating point with verified signs"


def _transposed(matrix: IntMatrix) -> IntMatrix:
    return [list(column) for column in zip(*matrix, strict=True)]


def _profiles(
    P: BestResponsePolytope, rows: Vertices, Q: BestResponsePolytope, columns: Vertices
) -> list[tuple[ExactStrategy, ExactStrategy]]:
    """Strategies of the pairs that have every label, but the pair (0, 0)."""
    m, k = len(Q.coefficients), len(P.coefficients)
    everything, origin = (1 << (m + k)) - 1, (1 << m) - 1
    own = (1 << k) - 1
    # In Q the columns' own actions come first; among the game's labels they come after the rows.
    of_game = {((tight & own) << m) | (tight >> k): tight for tight in columns}
    pairs = completely_labelled_pairs(list(rows), list(of_game), m + k, k)
    pairs.remove((origin, everything ^ origin))
    x = {tight: _strategy(P, rows[tight]) for tight in {tight for tight, _ in pairs}}
    y = {tight: _strategy(Q, columns[of_game[tight]]) for tight in {tight for _, tight in pairs}}
    return [(x[i], y[j]) for i, j in pairs]


def _strategy(polytope: BestResponsePolytope, basis: int) -> ExactStrategy:
    """Strategy of a basis, from the equations of its tight rows in its support alone."""
    n = len(polytope.divisors)
    support = [i for i in range(n) if not basis >> i & 1]
    equations = [
        [row[i] for i in support]
        for j, row in enumerate(polytope.coefficients)
        if basis >> (n + j) & 1
    ]
    every_slack = ((1 << len(support)) - 1) << len(support)
    point = [0] * n
    for i, value in zip(support, Dictionary.at(equations, every_slack).point(), strict=True):
        point[i] = value
    return polytope.strategy(point)


def _certified(
    game: NormalFormGame,
    exact_game: _ExactGame,
    x: ExactStrategy,
    y: ExactStrategy,
    exact: bool,
) -> Equilibrium:
    """Equilibrium record of a profile, after a check of its best responses in integers."""
    values = (
        _best_response_value(exact_game.payoffs[0], x, y) * exact_game.units[0],
        _best_response_value(exact_game.payoffs[1], y, x) * exact_game.units[1],
    )
    payoffs = np.array([float(value) for value in values])
    strategies = (_rounded(x), _rounded(y))
    if exact:
        return ExactEquilibrium(strategies, payoffs, 0.0, (), (x, y), values)
    return Equilibrium(strategies, payoffs, _regret(game, strategies))


def _best_response_value(payoffs: IntMatrix, own: ExactStrategy, other: ExactStrategy) -> Fraction:
    """Expected payoff of ``own``, every action of which must be a best response to ``other``."""
    scale = lcm(*(p.denominator for p in other))
    weights = [p.numerator * (scale // p.denominator) for p in other]
    values = [sum(map(int.__mul__, row, weights)) for row in payoffs]
    best = max(values)
    if any(p < 0 or (p and value != best) for p, value in zip(own, values, strict=True)):
        raise CertificateError(f"not a best response: {own} to {other}")
    return Fraction(best, scale)


def _rounded(strategy: ExactStrategy) -> FloatArray:
    return np.array([float(p) for p in strategy])


def _regret(game: NormalFormGame, profile: MixedProfile) -> float:
    """Largest regret of the rounded profile, from differences of payoffs.

    Payoffs against each pure reply are first measured from the best one, which loses nothing
    when a large constant has been added to all of them.
    """
    x, y = profile
    # Quarters, so that no difference of payoffs overflows.
    A, B = game.payoffs / 4
    row_losses = (A.max(axis=0) - A) @ y
    column_losses = x @ (B.max(axis=1, keepdims=True) - B)
    return 4 * max(
        float((row_losses - row_losses.min()) @ x),
        float((column_losses - column_losses.min()) @ y),
    )
