"""Equilibria of many games at once: one call for a stack of games, no Python loop over them.

Pure equilibria for any number of players, by array operations; all extreme equilibria of
two-player games of up to 4 by 4 actions, by compiled loops over the supports of both players
that know of each sign whether rounding could have changed it. The few games in which it could
are solved in exact integers, one by one. For a game with infinitely many equilibria the corners
of the sets of equilibria are listed, as in :mod:`games.nash_equilibria`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.equilibrium import Equilibrium
from games.errors import InvalidGameError, TooLargeError
from games.normal_form import FloatArray, NormalFormGame
from games.solvers.extreme_equilibria import ExactEquilibrium, extreme_equilibria
from games.solvers.pure_equilibria import pure_equilibrium_masks

__all__ = ["BatchEquilibria", "all_equilibria", "pure_equilibria"]

_MAX_ACTIONS = 4
_FEW_GAMES = 500
"""So many games are solved one by one in the time that loading the compiled loops would take."""


@dataclass(frozen=True, eq=False)
class BatchEquilibria:
    """All extreme equilibria of a stack of two-player games, one row for each equilibrium.

    Parameters
    ----------
    game : (n_equilibria,) array of int
        Number of the game that the equilibrium belongs to, ascending; within a game equilibria
        are in lexicographic order, first actions first.
    row_strategies : (n_equilibria, m) array of float
    column_strategies : (n_equilibria, k) array of float
    regrets : (n_equilibria,) array of float
        Largest gain from a unilateral deviation, in the units of the payoffs.
    counts : (n_games,) array of int
        Number of extreme equilibria of each game, at least 1.
    is_degenerate : (n_games,) array of bool
        Whether some equilibrium strategy has more best responses than actions in its support;
        only then can there be infinitely many equilibria.
    is_exact : (n_games,) array of bool
        Whether floats could not decide and exact integers were used.
    """

    game: NDArray[np.int64]
    row_strategies: FloatArray
    column_strategies: FloatArray
    regrets: FloatArray
    counts: NDArray[np.int64]
    is_degenerate: NDArray[np.bool_]
    is_exact: NDArray[np.bool_]

    def padded(self) -> FloatArray:
        """Strategies as one array, filled up with nan.

        Returns
        -------
        (n_games, max(counts), 2, max(m, k)) array of float
        """
        m, k = self.row_strategies.shape[1], self.column_strategies.shape[1]
        most = int(self.counts.max(initial=0))
        padded = np.full((self.counts.size, most, 2, max(m, k)), np.nan)
        first = np.cumsum(self.counts) - self.counts
        place = np.arange(self.game.size) - first[self.game]
        padded[self.game, place, 0, :m] = self.row_strategies
        padded[self.game, place, 1, :k] = self.column_strategies
        return padded

    def expected_payoffs(self, payoffs: ArrayLike) -> FloatArray:
        """Payoffs of both players at each equilibrium, from the payoffs of the games.

        Parameters
        ----------
        payoffs : (n_games, 2, m, k) array of float

        Returns
        -------
        (n_equilibria, 2) array of float
        """
        chosen = np.asarray(payoffs, dtype=float)[self.game]
        x, y = self.row_strategies, self.column_strategies
        return np.asarray(np.einsum("ei,epij,ej->ep", x, chosen, y), dtype=float)


def pure_equilibria(payoffs: ArrayLike) -> NDArray[np.bool_]:
    """Which action profiles are pure equilibria, for a stack of games.

    Parameters
    ----------
    payoffs : (n_games, n_players, m_0, ..., m_{n-1}) array of float

    Returns
    -------
    (n_games, m_0, ..., m_{n-1}) array of bool

    Raises
    ------
    InvalidGameError
        If the shape fits no stack of games or a payoff is not finite.

    Examples
    --------
    >>> coordination = [[[2, 0], [0, 1]], [[2, 0], [0, 1]]]
    >>> pure_equilibria([coordination])
    array([[[ True, False],
            [False,  True]]])
    """
    stack = _checked_stack(payoffs)
    _check_finite(stack, np.arange(stack.shape[0]))
    return pure_equilibrium_masks(stack)


def all_equilibria(payoffs: ArrayLike, *, n_threads: int | None = None) -> BatchEquilibria:
    """Every extreme equilibrium of each game of a stack of two-player games.

    Parameters
    ----------
    payoffs : (n_games, 2, m, k) array of float, m and k at most 4
    n_threads : int, optional
        Most threads that share a large stack, at least 1; the default is one for each processor
        that this process may use. The result does not depend on it.

    Returns
    -------
    BatchEquilibria

    Raises
    ------
    InvalidGameError
        If the shape fits no stack of two-player games, a payoff is not finite or ``n_threads``
        is below 1.
    TooLargeError
        If a player has more than 4 actions.

    Notes
    -----
    The first large call loads compiled loops, and the first on a machine compiles them.

    Examples
    --------
    >>> pennies = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
    >>> dilemma = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
    >>> found = all_equilibria([pennies, dilemma])
    >>> found.counts, found.row_strategies
    (array([1, 1]), array([[0.5, 0.5], [0. , 1. ]]))
    """
    stack = _checked_stack(payoffs)
    if n_threads is not None and n_threads < 1:
        raise InvalidGameError("n_threads", f"is {n_threads}; at least one is needed")
    if stack.shape[1] != 2:
        raise InvalidGameError("payoffs", f"has {stack.shape[1]} players; two are needed")
    m, k = stack.shape[2:]
    if max(m, k) > _MAX_ACTIONS:
        raise TooLargeError(
            f"payoffs: {m} by {k} actions; a stack is solved up to {_MAX_ACTIONS} by "
            f"{_MAX_ACTIONS}, larger games one by one with games.nash_equilibria"
        )
    n_games = stack.shape[0]
    if n_games < _FEW_GAMES and "games.batch_kernels" not in sys.modules:
        counts = np.full(n_games, -1)
        return _completed(
            stack, np.empty((0, m + k)), np.empty(0), counts, np.zeros(n_games, dtype=bool)
        )
    from games.batch_threads import solved_stack

    return _completed(stack, *solved_stack(stack, n_threads))


def _checked_stack(payoffs: ArrayLike) -> FloatArray:
    try:
        stack = np.ascontiguousarray(payoffs, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError("payoffs", f"not an array of numbers ({error})") from None
    if stack.ndim < 3 or stack.shape[1] != stack.ndim - 2 or 0 in stack.shape[2:]:
        raise InvalidGameError(
            "payoffs",
            f"has shape {stack.shape}; a stack of games of n players has shape "
            "(n_games, n, m_0, ..., m_(n-1)), and every player has an action",
        )
    return stack


def _check_finite(stack: FloatArray, numbers: NDArray[np.int64]) -> None:
    """Refuse a payoff that is no finite number in the games of these numbers."""
    with np.errstate(over="ignore", invalid="ignore"):
        # A sum that is finite has no other terms, and takes no memory of the size of the stack.
        if numbers.size == stack.shape[0] and np.isfinite(stack.sum()):
            return
    places = np.argwhere(~np.isfinite(stack[numbers]))
    if places.size:
        game, *rest = places[0].tolist()
        place = ", ".join(str(i) for i in (numbers[game], *rest))
        raise InvalidGameError(f"payoffs[{place}]", "is not a finite number")


def _completed(
    stack: FloatArray,
    strategies: FloatArray,
    regrets: FloatArray,
    counts: NDArray[np.int64],
    is_degenerate: NDArray[np.bool_],
) -> BatchEquilibria:
    """Result in which every game with count -1 has been solved in exact integers."""
    is_exact = counts < 0
    if is_exact.any():
        # A game with a payoff that is not finite is among these: no comparison of it is sure.
        _check_finite(stack, np.flatnonzero(is_exact))
        exact_strategies, exact_regrets = [], []
        for number in np.flatnonzero(is_exact):
            found = extreme_equilibria(NormalFormGame(stack[number]), exact=True).equilibria
            counts[number] = len(found)
            is_degenerate[number] = any(_has_excess_replies(stack[number], e) for e in found)
            exact_strategies += [np.concatenate(e.strategies) for e in found]
            exact_regrets += [e.regret for e in found]
        of_exact = np.repeat(is_exact, counts)
        merged = np.empty((of_exact.size, strategies.shape[1]))
        merged[~of_exact], merged[of_exact] = strategies, np.array(exact_strategies)
        merged_regrets = np.empty(of_exact.size)
        merged_regrets[~of_exact], merged_regrets[of_exact] = regrets, exact_regrets
        strategies, regrets = merged, merged_regrets
    game = np.repeat(np.arange(counts.size), counts)
    m = stack.shape[2]
    return BatchEquilibria(
        game, strategies[:, :m], strategies[:, m:], regrets, counts, is_degenerate, is_exact
    )


def _has_excess_replies(payoffs: FloatArray, equilibrium: Equilibrium) -> bool:
    """Whether a strategy has more best responses than actions in its support, exactly."""
    assert isinstance(equilibrium, ExactEquilibrium)
    for player, other in enumerate(reversed(equilibrium.exact_strategies)):
        matrix = payoffs[player] if player == 0 else payoffs[player].T
        values = [
            sum(Fraction(v) * p for v, p in zip(row, other, strict=True))
            for row in matrix.tolist()
        ]
        if values.count(max(values)) > sum(p > 0 for p in other):
            return True
    return False
