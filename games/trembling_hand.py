"""Trembling-hand perfect and proper equilibria of two-player games.

An equilibrium is *perfect* if it is a limit of profiles in which every action has positive
probability and the actions of the equilibrium stay best (Selten, 1975). With two players that is
so exactly if neither strategy is weakly dominated (van Damme, 1987, theorem 3.2.2). It is *proper*
if, besides, the trembles are ordered by their cost: an action worse than another is played at most
ε times as often, with ε going to zero (Myerson, 1978). Proper implies perfect.

How properness is decided. Suppose one ranks each player's actions into classes. Then "my
opponent's trembles follow its ranking and make my payoffs follow mine" is a system of *linear*
inequalities in the opponent's probabilities, separately for each player, for any given ε. Ties
in payoffs at the equilibrium leave finitely many rankings. Each is tested at ε = 2⁻⁴⁰⁰ in
rational arithmetic.

References
----------
.. [1] R. Selten, "Reexamination of the perfectness concept for equilibrium points in extensive
   games", IJGT 4(1), 1975, 25-55.
.. [2] R. B. Myerson, "Refinements of the Nash equilibrium concept", IJGT 7(2), 1978, 73-80.
.. [3] E. van Damme, "Stability and Perfection of Nash Equilibria", Springer, 1987.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, pairwise, product
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.normal_form import FloatArray, MixedProfile, NormalFormGame
from games.solvers.dominating_mixture import dominating_mixture
from games.solvers.rational_simplex import maximize_exactly

__all__ = ["PerfectnessResult", "PropernessResult", "is_perfect", "is_proper"]

Ranking: TypeAlias = tuple[tuple[int, ...], ...]
_Matrix: TypeAlias = list[list[Fraction]]

_EPSILON = Fraction(1, 2**400)
_NEAR = Fraction(1, 2**30)  # relative distance of a probability from the equilibrium's
_ZERO = Fraction(1, 2**100)  # allowed for a probability that is 0 in equilibrium
_MAX_RANKINGS = 5_000


@dataclass(frozen=True, eq=False)
class PerfectnessResult:
    """Whether an equilibrium is trembling-hand perfect, with the proof.

    Parameters
    ----------
    is_perfect : bool
    beliefs : tuple of (m_j,) arrays of float
        If perfect: for each player a strategy of the *other*, every action with positive
        probability, against which all actions of the equilibrium strategy are best.
    dominators : tuple of (m_i,) arrays of float
        If not perfect: for each player a strategy that weakly dominates its own, or its own
        strategy if there is none.
    """

    is_perfect: bool
    beliefs: tuple[FloatArray, ...]
    dominators: tuple[FloatArray, ...]


@dataclass(frozen=True)
class PropernessResult:
    """Whether an equilibrium is proper, with the rankings that prove it.

    Parameters
    ----------
    is_proper : bool
    rankings : tuple of Ranking
        If proper: for each player its actions in classes, from the most to the least likely
        tremble; empty if no ranking works.
    n_rankings : int
        How many pairs of rankings were tested: all that agree with the payoffs if none works.
    """

    is_proper: bool
    rankings: tuple[Ranking, ...]
    n_rankings: int


def is_perfect(game: NormalFormGame, profile: MixedProfile) -> PerfectnessResult:
    """Whether a Nash equilibrium of a two-player game is trembling-hand perfect.

    Parameters
    ----------
    game : NormalFormGame
        Two players.
    profile : pair of (m_i,) arrays of float
        A Nash equilibrium. An action belongs to it if its probability is not 0.

    Raises
    ------
    InvalidGameError
        If there are not two players or the profile is no equilibrium.
    CertificateError
        If neither a dominating strategy nor a supporting belief is found.

    Examples
    --------
    Two equilibria, (1, 1) and (2, 2); the second rests on weakly dominated actions:

    >>> game = NormalFormGame.from_bimatrix([[1, 0], [0, 0]], [[1, 0], [0, 0]])
    >>> [is_perfect(game, game.pure_profile(p)).is_perfect for p in [(0, 0), (1, 1)]]
    [True, False]
    """
    strategies = _checked_equilibrium(game, profile)
    beliefs, dominators = [], []
    for U, strategy in zip((game.payoffs[0], game.payoffs[1].T), strategies, strict=True):
        support = np.flatnonzero(strategy).tolist()
        mixture = dominating_mixture(U, support, strict=False)
        dominators.append(strategy if mixture is None else mixture)
        if mixture is None:
            beliefs.append(_supporting_belief(U, support))
    if len(beliefs) == 2:
        return PerfectnessResult(True, tuple(beliefs), ())
    return PerfectnessResult(False, (), tuple(dominators))


def is_proper(
    game: NormalFormGame, profile: MixedProfile, *, max_rankings: int = _MAX_RANKINGS
) -> PropernessResult:
    """Whether a Nash equilibrium of a two-player game is proper.

    Parameters
    ----------
    game : NormalFormGame
        Two players. Payoffs are read as the simplest fractions that round to them, so that
        0.1 means one tenth.
    profile : pair of (m_i,) arrays of float
        A Nash equilibrium. An action belongs to it if its probability is not 0.
    max_rankings : int
        Pairs of rankings to test before the question is given up.

    Raises
    ------
    InvalidGameError
        If there are not two players or the profile is no equilibrium.
    TooLargeError
        If ties leave more than 5,000 pairs of rankings and none of the first 5,000 works.

    Examples
    --------
    Myerson's game has three pure equilibria, of which two are perfect and one is proper:

    >>> A = [[1, 0, -9], [0, 0, -7], [-9, -7, -7]]
    >>> game = NormalFormGame.from_bimatrix(A, A)
    >>> [is_proper(game, game.pure_profile((k, k))).is_proper for k in range(3)]
    [True, False, False]
    """
    strategies = _checked_equilibrium(game, profile)
    matrices = [_fractions(game.payoffs[0]), _fractions(game.payoffs[1].T)]
    options = [
        list(islice(_rankings(U, own, other), max_rankings + 1))
        for U, own, other in zip(
            (game.payoffs[0], game.payoffs[1].T), strategies, strategies[::-1], strict=True
        )
    ]
    # Coarse rankings come first: where everything ties, the very first pair works.
    tested = 0
    for pair in islice(product(*options), max_rankings):
        tested += 1
        if all(
            _trembles_exist(matrices[i], pair[i], pair[1 - i], strategies[1 - i]) for i in range(2)
        ):
            return PropernessResult(True, pair, tested)
    if len(options[0]) * len(options[1]) > max_rankings:
        raise TooLargeError(
            f"more than {max_rankings} pairs of rankings agree with the payoffs, and none of the "
            f"first {max_rankings} works: break ties or remove duplicate actions"
        )
    return PropernessResult(False, (), tested)


def _checked_equilibrium(game: NormalFormGame, profile: MixedProfile) -> MixedProfile:
    if game.n_players != 2:
        raise InvalidGameError("game", f"has {game.n_players} players; this test is for two")
    strategies = tuple(np.asarray(s, dtype=float) for s in profile)
    if tuple(s.shape for s in strategies) != tuple((m,) for m in game.n_actions):
        raise InvalidGameError(
            "profile", f"need one vector per player, of lengths {game.n_actions}"
        )
    if any((s < 0).any() or abs(s.sum() - 1) > 1e-9 for s in strategies):
        raise InvalidGameError("profile", "needs a probability distribution per player")
    for i, U in enumerate((game.payoffs[0], game.payoffs[1].T)):
        used = strategies[i] > 0
        values = U @ strategies[1 - i]
        limit = 1e-9 * np.abs(U - U.max(axis=0))[used].max(initial=0.0)
        limit += 64 * np.finfo(float).eps * np.abs(U).max()
        if (values.max() - values[used]).max() > limit:
            raise InvalidGameError("profile", f"is no equilibrium: player {i} has regret")
    return strategies


def _supporting_belief(U: FloatArray, support: list[int]) -> FloatArray:
    """Belief with full support against which all actions of ``support`` are best."""
    gains = U * len(support) - U[support].sum(axis=0)
    slack = 64 * len(support) * np.finfo(float).eps * np.abs(U).sum() * (U % 1).any()
    # With y = 1 + z the belief is positive whatever its scale; the least total is the evenest.
    found = maximize_exactly(
        [-1] * U.shape[1], gains.tolist(), (slack - gains.sum(axis=1)).tolist()
    )
    if not found.point:
        raise CertificateError("neither a dominating strategy nor a supporting belief was found")
    belief = np.array([float(1 + z) for z in found.point])
    return np.asarray(belief / belief.sum())


def _rankings(U: FloatArray, own: FloatArray, other: FloatArray) -> Iterator[Ranking]:
    """Rankings of a player's actions that agree with its payoffs in equilibrium."""
    values = U @ other
    order = np.argsort(-values, kind="stable")
    tie = 1e-9 * float(np.abs(U - U.max(axis=0)).max()) if _has_mixing(other) else 0.0
    groups: list[list[int]] = [[int(order[0])]]
    for a, b in pairwise(order):
        if values[a] - values[b] <= tie:
            groups[-1].append(int(b))
        else:
            groups.append([int(b)])
    support = set(np.flatnonzero(own).tolist())
    best = (r for r in _ordered_partitions(groups[0]) if support <= set(r[0]))
    rest = [list(_ordered_partitions(group)) for group in groups[1:]]
    for parts in product(best, *rest):
        yield tuple(block for part in parts for block in part)


def _has_mixing(strategy: FloatArray) -> bool:
    return int(np.count_nonzero(strategy)) > 1


def _ordered_partitions(items: list[int]) -> Iterator[Ranking]:
    if not items:
        yield ()
        return
    for size in range(len(items), 0, -1):
        for block in combinations(items, size):
            rest = [item for item in items if item not in block]
            for tail in _ordered_partitions(rest):
                yield (block, *tail)


def _trembles_exist(U: _Matrix, own: Ranking, other: Ranking, equilibrium: ArrayLike) -> bool:
    """Whether the other player can tremble by ``other`` and make payoffs follow ``own``."""
    n = len(U[0])
    shares = [Fraction(float(s)) for s in np.asarray(equilibrium)]
    total = sum(shares)
    rows: _Matrix = []
    for t, share in enumerate(shares):  # y_t close to its share of the sum of y
        low, high = share / total * (1 - _NEAR), share / total * (1 + _NEAR) or _ZERO
        rows.append([(j == t) - high for j in range(n)])
        if low:
            rows.append([low - (j == t) for j in range(n)])
    for block, worse in pairwise(other):
        for t, s in product(block, worse):
            rows.append([(j == s) - _EPSILON * (j == t) for j in range(n)])
    for k, block in enumerate(own):
        first = U[block[0]]
        for action in block[1:]:
            gain = [b - a for a, b in zip(first, U[action], strict=True)]
            rows += [gain, [-g for g in gain]]
        if k + 1 < len(own):
            below = U[own[k + 1][0]]
            rows.append([b - a for a, b in zip(first, below, strict=True)])
    # y = 1 + z keeps every probability positive; the system is homogeneous, so scale is free.
    return bool(maximize_exactly([0] * n, rows, [-sum(row) for row in rows]).point)


def _fractions(U: FloatArray) -> _Matrix:
    """Simplest fractions that round to the entries."""
    return [[_simplest(float(entry)) for entry in row] for row in U]


def _simplest(value: float) -> Fraction:
    exact = Fraction(value)
    short = exact.limit_denominator(10**6)
    return short if float(short) == value else exact
