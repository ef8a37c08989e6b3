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
from games.errors import CertificateError
from games.normal_form import FloatArray, MixedProfile, NormalFormGame
from games.solvers.best_response_polytopes import (
    BestResponsePolytope,
    IntMatrix,
    best_response_polytope,
    exact_integers,
)
from games.solvers.vertex_enumeration_exact import Vertex, enumerate_vertices

__all__ = ["ExactEquilibrium", "ExactStrategy", "extreme_equilibria"]

ExactStrategy = tuple[Fraction, ...]
"""Probabilities of a player's actions as fractions; they sum to exactly 1."""


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
    """Integer payoffs (row player's actions first) and the unit of each player's."""

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
    >>> [e.exact_strategies[0] for e in extreme_equilibria(game, exact=True).equilibria]
    [(Fraction(1, 1), Fraction(0, 1)), (Fraction(1, 4), Fraction(3, 4)), (Fraction(0, 1), Fraction(1, 1))]
    """
    A, unit_a = exact_integers(game.payoffs[0])
    B, unit_b = exact_integers(game.payoffs[1])
    exact_game = _ExactGame((A, B), (unit_a, unit_b))
    P = best_response_polytope(B)
    Q = best_response_polytope(_transposed(A))
    m, k = game.n_actions
    rows = enumerate_vertices(P.coefficients)
    columns = enumerate_vertices(Q.coefficients)
    pairs = _complementary_pairs(rows, columns, m, k)
    profiles = _strategies(pairs, P, Q)
    found = tuple(
        _certified(game, exact_game, x, y, exact) for x, y in sorted(profiles, reverse=True)
    )
    is_degenerate = any(v.tight.bit_count() > m for v in rows) or any(
        v.tight.bit_count() > k for v in columns
    )
    note = (
        "The game is degenerate: mixtures of the extreme equilibria listed may be equilibria too."
        if is_degenerate
        else ""
    )
    return EquilibriumList(found, True, "vertex enumeration, exact integers", note)


def _transposed(matrix: IntMatrix) -> IntMatrix:
    return [list(column) for column in zip(*matrix, strict=True)]


def _complementary_pairs(
    rows: list[Vertex], columns: list[Vertex], m: int, k: int
) -> list[tuple[Vertex, Vertex]]:
    """Pairs that have every label, but the pair (0, 0)."""
    everything = (1 << (m + k)) - 1
    low = (1 << k) - 1
    # Labels of Q's inequalities: the columns' own actions come after the m rows.
    labels = [((v.tight & low) << m) | (v.tight >> k) for v in columns]
    plain: dict[int, Vertex] = {}
    special: list[tuple[int, Vertex]] = []
    for label, vertex in zip(labels, columns, strict=True):
        if label.bit_count() == k:
            plain[label] = vertex
        else:
            special.append((label, vertex))
    pairs = []
    for vertex in rows:
        missing = everything & ~vertex.tight
        if vertex.tight.bit_count() == m:
            if missing in plain:
                pairs.append((vertex, plain[missing]))
        else:
            pairs += [(vertex, y) for label, y in plain.items() if not missing & ~label]
        pairs += [(vertex, y) for label, y in special if not missing & ~label]
    return [(x, y) for x, y in pairs if any(x.point)]


def _strategies(
    pairs: list[tuple[Vertex, Vertex]], P: BestResponsePolytope, Q: BestResponsePolytope
) -> list[tuple[ExactStrategy, ExactStrategy]]:
    x = {v.tight: P.strategy(list(v.point)) for v, _ in pairs}
    y = {v.tight: Q.strategy(list(v.point)) for _, v in pairs}
    return [(x[v.tight], y[w.tight]) for v, w in pairs]


def _certified(
    game: NormalFormGame,
    exact_game: _ExactGame,
    x: ExactStrategy,
    y: ExactStrategy,
    exact: bool,
) -> Equilibrium:
    """Equilibrium record of a profile, after a check of its best responses in integers."""
    A, B = exact_game.payoffs
    values = (
        _best_response_value(A, x, y) * exact_game.units[0],
        _best_response_value(_transposed(B), y, x) * exact_game.units[1],
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
    row_losses = (game.payoffs[0].max(axis=0) - game.payoffs[0]) @ y
    column_losses = x @ (game.payoffs[1].max(axis=1, keepdims=True) - game.payoffs[1])
    return max(
        float((row_losses - row_losses.min()) @ x),
        float((column_losses - column_losses.min()) @ y),
    )
