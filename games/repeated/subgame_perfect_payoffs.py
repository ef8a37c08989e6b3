"""All subgame-perfect payoffs of a repeated two-player game, by Abreu and Sannikov (2014).

The players observe each other's actions, discount by δ and see a public lottery before each
period; strategies are pure given the lotteries. A convex set W of payoffs is *self-generating*
if each extreme point is (1 - δ) g(a) + δ w for an action profile a and a continuation w in W that
keeps both players from deviating when a deviation is answered by the worst point of W: with u
the least payoffs in W and h(a) the gains from the best deviation,

    δ (w - u) >= (1 - δ) h(a).

The payoffs of all subgame-perfect equilibria are the largest self-generating set (Abreu, Pearce
and Stacchetti, 1990). Abreu and Sannikov find it from outside: in place of all admissible
continuations w they keep g(a) if it is admissible itself, and otherwise those extreme points at
which a constraint binds; at most four per action profile.

Two additions. An action profile that no continuation makes admissible is dropped for good, so
that a huge penalty that is never played does not set the scale. And since whoever is to play a
can have d(a) = g(a) + h(a) now and u ever after, u >= (1 - δ) d(a) + δ u for some a that is left,
so the threats start from the least d(a), not from the least payoff: the iteration then settles
fast for patient players as well.

The set may be a polygon, a segment, a point, or empty (no equilibrium in pure actions, as in
matching pennies).

References
----------
.. [1] D. Abreu and Y. Sannikov, "An algorithm for two-player repeated games with perfect
       monitoring", Theoretical Economics 9(2), 2014, 313-338.
.. [2] D. Abreu, D. Pearce and E. Stacchetti, "Toward a theory of discounted repeated games with
       imperfect monitoring", Econometrica 58(5), 1990, 1041-1063.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.normal_form import FloatArray, NormalFormGame
from games.repeated.polygons import clip, convex_hull, distance_to_hull, hausdorff_distance

__all__ = [
    "Generator",
    "PayoffSet",
    "deviation_payoffs",
    "subgame_perfect_payoffs",
]

MERGE_TOL = 1e-13
"""Distance at which two extreme points are one, in units of the payoffs' range."""

INCENTIVE_TOL = 1e-12
"""Shortfall of an incentive constraint taken for rounding, same units."""

STOP_TOL = 1e-13
"""Change of the set, same units, from which on it stops as soon as it no longer shrinks."""

CERTIFICATE_TOL = 1e-9
"""Largest distance between the set and what it generates, same units."""

MAX_ITERATIONS = 20_000

_Point: TypeAlias = tuple[FloatArray, int, FloatArray]
"""A generated payoff pair, the index of its action profile, and its continuation."""


@dataclass(frozen=True)
class Generator:
    """How one extreme point is an equilibrium payoff: play now, and what follows.

    Parameters
    ----------
    payoffs : (float, float)
        The extreme point.
    action_profile : (int, int)
        Played in the first period.
    continuation : (float, float)
        Average payoff from the second period on if nobody deviates; a point of the set.
    slack : float
        Least over the players of δ (w - u) - (1 - δ) h, in payoff units: what the tightest
        incentive constraint leaves. Not negative but for rounding.
    """

    payoffs: tuple[float, float]
    action_profile: tuple[int, int]
    continuation: tuple[float, float]
    slack: float


@dataclass(frozen=True, eq=False)
class PayoffSet:
    """The set of subgame-perfect payoffs, with its certificate.

    Parameters
    ----------
    game : NormalFormGame
        The stage game.
    discount : float
    vertices : (k, 2) array of float, in stage payoff units
        Extreme points, counterclockwise; k is 0 for the empty set, 1 for a point, 2 for a
        segment.
    threats : (2,) array of float
        Worst equilibrium payoff of each player; nan if the set is empty.
    generators : tuple of Generator
        One per extreme point: the set is self-generating, so each of its points is the payoff
        of an equilibrium.
    gap : float
        Distance between the set and what it generates, in ``units``.
    units : (2,) array of float
        Range of each player's payoffs over the action profiles that could be played.
    n_iterations : int
        Steps from the feasible set; every step contains all equilibrium payoffs.
    """

    game: NormalFormGame
    discount: float
    vertices: FloatArray
    threats: FloatArray
    generators: tuple[Generator, ...]
    gap: float
    units: FloatArray
    n_iterations: int

    @property
    def shape(self) -> str:
        """``empty``, ``point``, ``segment`` or ``polygon``."""
        return ("empty", "point", "segment", "polygon")[min(len(self.vertices), 3)]

    @property
    def area(self) -> float:
        """Area enclosed; 0 for degenerate sets."""
        if len(self.vertices) < 3:
            return 0.0
        x, y = (self.vertices - self.vertices[0]).T
        return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)

    def contains(self, payoffs: tuple[float, float], *, distance_tol: float = 1e-9) -> bool:
        """Whether a payoff pair is in the set, up to a distance in ``units``."""
        if len(self.vertices) == 0:
            return False
        origin = self.vertices[0]
        point = (np.asarray(payoffs, dtype=float) - origin) / self.units
        return distance_to_hull(point, (self.vertices - origin) / self.units) <= distance_tol


@dataclass(frozen=True, eq=False)
class _Stage:
    """Action profiles that could be played, with payoffs in units of their range, by profile."""

    profiles: tuple[tuple[int, int], ...]
    payoffs: FloatArray
    deviations: FloatArray
    offset: FloatArray
    width: FloatArray

    @property
    def gains(self) -> FloatArray:
        """Gains h from the best deviation."""
        return self.deviations - self.payoffs

    def keep(self, alive: list[int]) -> _Stage:
        """The same with some of the profiles only."""
        kept = tuple(self.profiles[k] for k in alive)
        return _Stage(kept, self.payoffs[alive], self.deviations[alive], self.offset, self.width)


def subgame_perfect_payoffs(game: NormalFormGame, discount: float) -> PayoffSet:
    """Set of the subgame-perfect payoffs of a repeated two-player game.

    Pure strategies with public randomization, perfect monitoring.

    Parameters
    ----------
    game : NormalFormGame
        Stage game of two players.
    discount : float
        Discount factor per period, at least 0 and less than 1.

    Returns
    -------
    PayoffSet
        ``shape`` says whether it is empty, a point, a segment or a polygon.

    Raises
    ------
    InvalidGameError
        If there are not two players or the discount factor is not in [0, 1).
    TooLargeError
        If the iteration does not settle in 20,000 steps.
    CertificateError
        If the set found does not generate itself.

    Notes
    -----
    At a discount factor within about 1e-11 of one where the set jumps, the larger set is
    returned: constraints that fail by rounding count as kept. Rounding is measured against the
    range of a player's payoffs over the action profiles that could be played at all, ``units``
    in the result: incentives smaller than 1e-12 of it are not seen.

    Examples
    --------
    >>> from games.repeated.dilemma import Dilemma
    >>> game = Dilemma(5, 3, 1, 0).game()
    >>> subgame_perfect_payoffs(game, 0.2).vertices
    array([[1., 1.]])
    >>> subgame_perfect_payoffs(game, 0.6).shape
    'polygon'
    """
    if game.n_players != 2:
        raise InvalidGameError("game", f"has {game.n_players} players; exactly 2 are needed")
    if not 0 <= discount < 1:
        raise InvalidGameError(
            "discount", f"is {discount}; a discount factor is at least 0 and less than 1"
        )
    stage = _stage(game, discount)
    W = convex_hull(stage.payoffs, merge_tol=MERGE_TOL)
    last_moved = np.inf
    threats = np.zeros(2)
    for n_iterations in range(MAX_ITERATIONS):
        if len(W) == 0:
            return _empty(game, stage, discount, n_iterations)
        raised = np.maximum(threats, np.maximum(W.min(axis=0), stage.deviations.min(axis=0)))
        found, alive = _generated(stage, discount, W, raised)
        smaller = convex_hull(_points(found), merge_tol=MERGE_TOL)
        moved = max(hausdorff_distance(W, smaller), float((raised - threats).max()))
        if moved <= STOP_TOL and (moved == 0 or moved >= last_moved):
            return _certified_set(game, stage, discount, smaller, n_iterations)
        W, threats, last_moved = smaller, raised, moved
        stage = stage.keep(alive)
    raise TooLargeError(
        f"the payoff set still changes after {MAX_ITERATIONS} steps at discount {discount}; "
        "lower the discount"
    )


def deviation_payoffs(game: NormalFormGame) -> FloatArray:
    """Payoffs d of both players' best deviations, by action profile, row by row.

    Returns
    -------
    (m_0 * m_1, 2) array of float

    Examples
    --------
    >>> deviation_payoffs(NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]))
    array([[5., 5.],
           [1., 5.],
           [5., 1.],
           [1., 1.]])
    """
    first, second = game.payoffs[0].max(axis=0), game.payoffs[1].max(axis=1)
    return np.array([(x, y) for y in second for x in first])


def _generated(
    stage: _Stage, discount: float, W: FloatArray, threats: FloatArray
) -> tuple[list[_Point], list[int]]:
    """Points (1 - δ) g + δ w of the operator R, and the profiles that some w in W admits."""
    found: list[_Point] = []
    alive = []
    for k, (g, h) in enumerate(zip(stage.payoffs, stage.gains, strict=True)):
        if (discount * (g - threats) >= (1 - discount) * h - INCENTIVE_TOL).all():
            found.append((g, k, g))
            alive.append(k)
            continue
        floors = _floors(discount, h, threats)
        admitted = clip(W, floors, clip_tol=INCENTIVE_TOL)
        if len(admitted):
            alive.append(k)
        for w in admitted:
            if (w <= np.array(floors) + INCENTIVE_TOL).any():
                found.append(((1 - discount) * g + discount * w, k, w))
    return found, alive


def _points(found: list[_Point]) -> FloatArray:
    return np.array([point for point, *_ in found], dtype=float).reshape(-1, 2)


def _floors(discount: float, gains: FloatArray, threats: FloatArray) -> tuple[float, float]:
    """Least continuation payoffs that keep the players from deviating."""
    first, second = (
        float(u)
        if h <= 0
        else float("inf")
        if discount == 0
        else float(u + (1 / discount - 1) * h)
        for u, h in zip(threats, gains, strict=True)
    )
    return first, second


def _certified_set(
    game: NormalFormGame, stage: _Stage, discount: float, W: FloatArray, n_iterations: int
) -> PayoffSet:
    """Set in payoff units, after the check that it generates itself."""
    threats = W.min(axis=0)
    found, _ = _generated(stage, discount, W, threats)
    again = convex_hull(_points(found), merge_tol=MERGE_TOL)
    gap = hausdorff_distance(W, again)
    if gap > CERTIFICATE_TOL:
        raise CertificateError(f"the payoff set generates another one, {gap:.3g} away")
    offset, width = stage.offset, stage.width
    generators = []
    for vertex in W:
        point, k, w = min(found, key=lambda entry: float(np.abs(entry[0] - vertex).max()))
        excess = discount * (w - threats) - (1 - discount) * stage.gains[k]
        if excess.min() < -10 * INCENTIVE_TOL or distance_to_hull(w, W) > CERTIFICATE_TOL:
            raise CertificateError(f"extreme point {point} of the payoff set is not generated")
        generators.append(
            Generator(
                _pair(vertex * width + offset),
                stage.profiles[k],
                _pair(w * width + offset),
                float((excess * width).min()),
            )
        )
    vertices = W * width + offset
    return PayoffSet(
        game,
        float(discount),
        vertices,
        vertices.min(axis=0),
        tuple(generators),
        gap,
        width,
        n_iterations,
    )


def _empty(game: NormalFormGame, stage: _Stage, discount: float, n_iterations: int) -> PayoffSet:
    nothing, unknown = np.empty((0, 2)), np.full(2, np.nan)
    return PayoffSet(game, float(discount), nothing, unknown, (), 0.0, stage.width, n_iterations)


def _stage(game: NormalFormGame, discount: float) -> _Stage:
    """Action profiles that the largest conceivable reward could make admissible."""
    profiles = list(product(range(game.n_actions[0]), range(game.n_actions[1])))
    payoffs = np.array([game.payoffs[:, a, b] for a, b in profiles])
    deviations = deviation_payoffs(game)
    alive = np.ones(len(profiles), dtype=bool)
    while alive.any():
        reward = payoffs[alive].max(axis=0) - deviations[alive].min(axis=0)
        gains = (1 - discount) * (deviations - payoffs)
        possible = (gains <= discount * reward * (1 + INCENTIVE_TOL)).all(axis=1) & alive
        if (possible == alive).all():
            break
        alive = possible
    if not alive.any():
        return _Stage((), np.empty((0, 2)), np.empty((0, 2)), np.zeros(2), np.ones(2))
    kept = payoffs[alive]
    offset = deviations[alive].min(axis=0)
    width = np.maximum(kept.max(axis=0) - offset, offset - kept.min(axis=0))
    width = np.where(width > 0, width, 1.0)
    return _Stage(
        tuple(p for p, is_alive in zip(profiles, alive, strict=True) if is_alive),
        (kept - offset) / width,
        (deviations[alive] - offset) / width,
        offset,
        width,
    )


def _pair(point: FloatArray) -> tuple[float, float]:
    return float(point[0]), float(point[1])
