"""Best responses, security levels and Pareto-efficient profiles of a game in normal form.

A player's *best responses* to what the others do are its actions with the largest expected
payoff. Its *security level* is the most that it can guarantee itself whatever the others do
(von Neumann, 1928), which is the same as the least to which the others can hold it when they
may correlate their actions. A profile is *Pareto efficient* if no other gives somebody more and
nobody less; it is *weakly* efficient if no other gives everybody more.

References
----------
.. [1] J. von Neumann, "Zur Theorie der Gesellschaftsspiele", Mathematische Annalen 100, 1928,
   295-320.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray, MixedProfile, NormalFormGame
from games.solvers.rational_simplex import maximize_exactly

__all__ = [
    "SecurityLevel",
    "best_response_table",
    "best_responses",
    "pareto_efficient_mask",
    "pareto_efficient_profiles",
    "pure_security_level",
    "security_level",
]

_GAP_TOL = 1e-9  # between what is guaranteed and what is enforced, as a share of the payoffs
_MAX_EXACT_CELLS = 900


@dataclass(frozen=True, eq=False)
class SecurityLevel:
    """What a player can guarantee itself, with the strategies that prove it.

    Parameters
    ----------
    player : int
    value : float
        The guaranteed expected payoff, in the player's own units.
    strategy : (m_player,) array of float
        Guarantees ``value`` against every action profile of the others.
    punishment : array of float, one axis per other player
        Joint distribution over the others' actions that holds the player to ``bound``.
    bound : float
        Certificate: no strategy guarantees more. Equals ``value`` up to rounding.
    """

    player: int
    value: float
    strategy: FloatArray
    punishment: FloatArray
    bound: float


def best_responses(
    game: NormalFormGame, player: int, profile: MixedProfile, *, regret_tol: float = 1e-9
) -> tuple[int, ...]:
    """Actions of ``player`` that are best against the others in ``profile``, ties included.

    Parameters
    ----------
    game : NormalFormGame
    player : int
    profile : tuple of (m_i,) arrays of float
        The player's own strategy in it is not looked at.
    regret_tol : float
        An action counts as best if it falls short by at most this share of the spread of the
        player's payoffs against ``profile``.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> best_responses(game, 0, game.pure_profile((0, 0)))
    (1,)
    """
    _check_player(game, player)
    _check_profile(game, profile)
    values = game.action_payoffs(player, profile)
    rounding = 8 * float(np.finfo(float).eps) * float(np.abs(values).max())
    limit = values.max() - regret_tol * float(np.ptp(values)) - rounding
    return tuple(np.flatnonzero(values >= limit).tolist())


def best_response_table(game: NormalFormGame) -> NDArray[np.bool_]:
    """Which players' actions are best responses at every action profile.

    Returns
    -------
    (n_players, m_0, ..., m_{n-1}) array of bool
        Entry ``[i, a_0, ...]`` says whether ``a_i`` is best against the others' actions. Payoffs
        are compared as they are stored. Profiles where all are True are the pure equilibria.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> best_response_table(game)[0]
    array([[False, False],
           [ True,  True]])
    """
    return np.stack([u == u.max(axis=i, keepdims=True) for i, u in enumerate(game.payoffs)])


def pure_security_level(game: NormalFormGame, player: int) -> tuple[float, tuple[int, ...]]:
    """Largest payoff that a single action guarantees, and all the actions that guarantee it.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> pure_security_level(game, 0)
    (2.0, (0,))
    """
    worst = _own_matrix(game, player).min(axis=1)
    return float(worst.max()), tuple(np.flatnonzero(worst == worst.max()).tolist())


def security_level(game: NormalFormGame, player: int) -> SecurityLevel:
    """Largest expected payoff that ``player`` can guarantee itself by a mixed strategy.

    Raises
    ------
    InvalidGameError
        If there is no such player.
    CertificateError
        If the strategies found do not prove the value to within rounding.

    Notes
    -----
    With three or more players the others may correlate their actions in ``punishment``. If they
    cannot, they may be unable to hold the player down to its security level.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> level = security_level(game, 0)
    >>> round(level.value, 9), level.strategy.round(9).tolist()
    (0.0, [0.5, 0.5])
    """
    U = _own_matrix(game, player)
    offset, spread = float(U.min()), float(np.ptp(U))
    scaled = (U - offset) / (spread or 1.0)
    pair = _matrix_game(scaled)
    if pair is None or not _prove_each_other(U, *pair):
        if U.size > _MAX_EXACT_CELLS:
            raise CertificateError("linear programming in floating point proves no security level")
        pair = _matrix_game_exactly(U)
    strategy, punishment = pair
    value = float((strategy @ U).min())
    bound = float((U @ punishment).max())
    if bound - value > _GAP_TOL * spread + 8 * np.finfo(float).eps * np.abs(U).max():
        raise CertificateError(f"guaranteed {value:.12g}, but enforced only {bound:.12g}")
    others = tuple(m for i, m in enumerate(game.n_actions) if i != player)
    return SecurityLevel(player, value, strategy, punishment.reshape(others), bound)


def pareto_efficient_mask(game: NormalFormGame, *, weak: bool = False) -> NDArray[np.bool_]:
    """Which action profiles are Pareto efficient, as an array of shape ``n_actions``.

    Parameters
    ----------
    game : NormalFormGame
    weak : bool
        Accept profiles that no other makes better for everybody at once.

    Notes
    -----
    Payoffs are compared as they are stored. Mixtures of profiles are not considered: a profile
    that is efficient here may be worse for all than a lottery over others.
    """
    points = game.payoffs.reshape(game.n_players, -1).T
    unique, inverse = np.unique(points, axis=0, return_inverse=True)
    # A dominated point has no larger sum, and if rounding ties the sums it is the smaller in
    # lexicographic order: sorted like this, nobody is dominated by a point further back.
    order = np.argsort(-unique[::-1].sum(axis=1), kind="stable")
    efficient = np.zeros(len(unique), dtype=bool)
    efficient[(len(unique) - 1 - order)[_undominated(unique[::-1][order], weak)]] = True
    return efficient[inverse].reshape(game.n_actions)


def pareto_efficient_profiles(
    game: NormalFormGame, *, weak: bool = False
) -> tuple[tuple[int, ...], ...]:
    """Pareto-efficient action profiles in lexicographic order; see the mask for the terms.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> pareto_efficient_profiles(game)
    ((0, 0), (0, 1), (1, 0))
    """
    cells = np.argwhere(pareto_efficient_mask(game, weak=weak)).tolist()
    return tuple(tuple(cell) for cell in cells)


def _check_player(game: NormalFormGame, player: int) -> None:
    if not 0 <= player < game.n_players:
        raise InvalidGameError(
            "player", f"is {player}; players are numbered 0 to {game.n_players - 1}"
        )


def _check_profile(game: NormalFormGame, profile: MixedProfile) -> None:
    if tuple(np.shape(s) for s in profile) != tuple((m,) for m in game.n_actions):
        raise InvalidGameError(
            "profile", f"need one vector per player, of lengths {game.n_actions}"
        )


def _own_matrix(game: NormalFormGame, player: int) -> FloatArray:
    _check_player(game, player)
    moved = np.moveaxis(game.payoffs[player], player, 0)
    return np.asarray(moved.reshape(game.n_actions[player], -1))


def _matrix_game(U: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Optimal strategies of the zero-sum game in which rows want ``U`` large, if HiGHS can."""
    from scipy.optimize import linprog

    m, n = U.shape
    result = linprog(
        np.append(np.zeros(m), -1.0),
        A_ub=np.column_stack([-U.T, np.ones(n)]),
        b_ub=np.zeros(n),
        A_eq=np.append(np.ones(m), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * m + [(None, None)],
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if result.status != 0:
        return None
    return _distribution(result.x[:m]), _distribution(-result.ineqlin.marginals)


def _matrix_game_exactly(U: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same by rational arithmetic, both players' programs."""
    shifted = (U - U.min() + (np.ptp(U) or 1.0)).tolist()  # positive: the value is positive
    columns = [list(column) for column in zip(*shifted, strict=True)]
    # min sum(x) with x U >= 1 is the dual of max sum(y) with U y <= 1; both are normalised after.
    y = maximize_exactly([1] * len(columns), shifted, [1] * len(shifted)).point
    negated = [[-entry for entry in column] for column in columns]
    x = maximize_exactly([-1] * len(shifted), negated, [-1] * len(columns)).point
    return (
        _distribution(np.array([float(v / sum(x)) for v in x])),
        _distribution(np.array([float(v / sum(y)) for v in y])),
    )


def _prove_each_other(U: FloatArray, strategy: FloatArray, punishment: FloatArray) -> bool:
    """Whether both are optimal up to a small share of what is at stake when both are played."""
    value, bound = float((strategy @ U).min()), float((U @ punishment).max())
    stake = float(strategy @ np.abs(U - value) @ punishment)
    rounding = 8 * float(np.finfo(float).eps) * float(strategy @ np.abs(U) @ punishment)
    return bound - value <= _GAP_TOL * stake + rounding


def _distribution(weights: FloatArray) -> FloatArray:
    clipped = np.maximum(np.asarray(weights, dtype=float), 0.0)
    return np.asarray(clipped / clipped.sum())


def _undominated(points: FloatArray, weak: bool) -> list[int]:
    """Efficient rows of ``points``, in which nobody is dominated by a later row."""
    left, index, kept = points, np.arange(len(points)), []
    while len(left):
        kept.append(int(index[0]))
        best, left, index = left[0], left[1:], index[1:]
        survives = (left >= best).any(axis=1) if weak else (left > best).any(axis=1)
        left, index = left[survives], index[survives]
    return kept
