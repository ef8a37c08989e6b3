"""The tau-value: a compromise between what players can hope for and what they can enforce.

The *utopia payoff* of i is M_i = v(N) - v(N - i); the *minimal right* is
m_i = max over S with i of v(S) - sum of M_j over S - i. A game is *quasi-balanced* if m <= M and
m(N) <= v(N) <= M(N); the tau-value is then the efficient point on the line from m to M
(Tijs, 1981).

References
----------
.. [1] S. H. Tijs, "Bounds for the core and the tau-value", in Game Theory and Mathematical
   Economics, 1981, 123-132.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from games.coalitional.lattice import halves, subset_sums
from games.coalitional.tu_game import TUGame
from games.errors import CertificateError, NoSolutionError
from games.normal_form import FloatArray

__all__ = ["TauValue", "exact_tau_value", "tau_value"]


@dataclass(frozen=True, eq=False)
class TauValue:
    """The tau-value with the bounds between which it lies, each of shape ``(n_players,)``."""

    point: FloatArray
    minimal_rights: FloatArray
    utopia: FloatArray


def tau_value(game: TUGame) -> TauValue:
    """The tau-value, in the unit of the worths.

    Raises
    ------
    NoSolutionError
        If the game is not quasi-balanced; the message says where it fails.

    Examples
    --------
    >>> tau_value(TUGame([0, 0, 0, 0, 0, 0, 6, 8])).point.round(9)
    array([0.88888889, 3.55555556, 3.55555556])
    """
    n = game.n_players
    everyone = (1 << n) - 1
    utopia = game.grand_worth - game.worths[[everyone ^ 1 << i for i in range(n)]]
    tol = game.tolerance()
    if 16 * n * float(np.finfo(float).eps) * float(np.abs(utopia).max()) > tol:
        return _tau_value_in_fractions(game)
    left = game.worths - subset_sums(utopia)
    rights = utopia + np.array([float(halves(left, i)[1].max()) for i in range(n)])
    _check_quasi_balanced(game, rights.tolist(), utopia.tolist(), game.grand_worth, tol)
    span = float((utopia - rights).sum())
    share = 0.0 if span <= tol else (game.grand_worth - float(rights.sum())) / span
    point = rights + share * (utopia - rights)
    if not abs(float(point.sum()) - game.grand_worth) <= n * tol:
        raise CertificateError(f"tau-value {point.tolist()} does not share out v(N)")
    return TauValue(point, rights, utopia)


def exact_tau_value(game: TUGame) -> tuple[Fraction, ...]:
    """The tau-value as exact fractions."""
    return _exact_parts(game)[0]


def _tau_value_in_fractions(game: TUGame) -> TauValue:
    """The tau-value where utopia payoffs are too unlike the worths for floats to subtract."""
    parts = (np.array([float(x) for x in part]) for part in _exact_parts(game))
    return TauValue(*parts)


def _exact_parts(game: TUGame) -> tuple[tuple[Fraction, ...], ...]:
    """Exact tau-value, minimal rights and utopia payoffs."""
    n = game.n_players
    everyone = (1 << n) - 1
    worths = game.rational.numerators.astype(object)
    utopia = worths[-1] - worths[[everyone ^ 1 << i for i in range(n)]]
    left = worths - subset_sums(utopia)
    rights = [int(utopia[i]) + int(halves(left, i)[1].max()) for i in range(n)]
    total = int(worths[-1])
    _check_quasi_balanced(game, rights, utopia.tolist(), total, 0)
    span = sum(utopia) - sum(rights)
    share = Fraction(total - sum(rights), span) if span else Fraction(0)
    unit = game.rational.denominator
    point = tuple(
        (low + share * (int(high) - low)) / unit
        for low, high in zip(map(Fraction, rights), utopia, strict=True)
    )
    if sum(point) != Fraction(total, unit):
        raise CertificateError("exact tau-value does not share out v(N)")
    return (
        point,
        tuple(Fraction(low, unit) for low in rights),
        tuple(Fraction(int(high), unit) for high in utopia),
    )


def _check_quasi_balanced(
    game: TUGame, rights: Sequence[float], utopia: Sequence[float], total: float, tol: float
) -> None:
    unit = 1 if isinstance(total, float) else game.rational.denominator
    for label, low, high in zip(game.players, rights, utopia, strict=True):
        if low > high + tol:
            raise NoSolutionError(
                f"tau-value: the game is not quasi-balanced; {label} has the minimal right "
                f"{low / unit:.9g}, above its utopia payoff {high / unit:.9g}"
            )
    if not sum(rights) - tol <= total <= sum(utopia) + tol:
        raise NoSolutionError(
            f"tau-value: the game is not quasi-balanced; v(N) = {total / unit:.9g} is outside "
            f"[{sum(rights) / unit:.9g}, {sum(utopia) / unit:.9g}], the sums of minimal rights "
            "and of utopia payoffs"
        )
