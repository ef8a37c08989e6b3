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

import numpy as np

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.normal_form import FloatArray, NormalFormGame
from games.repeated.polygons import clip, convex_hull, distance_to_hull, hausdorff_distance

__all__ = [
    "Generator",
    "PayoffSet",
    "PayoffSetDrawing",
    "drawing",
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
        Distance between the set and what it generates, as a share of the range of the payoffs.
    n_iterations : int
        Steps from the feasible set; every step contains all equilibrium payoffs.
    """

    game: NormalFormGame
    discount: float
    vertices: FloatArray
    threats: FloatArray
    generators: tuple[Generator, ...]
    gap: float
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
        """Whether a payoff pair is in the set, up to a distance in units of the payoff ranges."""
        offset, width = _units(self.game)
        point = (np.asarray(payoffs, dtype=float) - offset) / width
        return distance_to_hull(point, (self.vertices - offset) / width) <= distance_tol


@dataclass(frozen=True, eq=False)
class PayoffSetDrawing:
    """What a chart of the payoff set shows; rings are closed, first point repeated.

    Parameters
    ----------
    feasible : (k, 2) array
        Ring of all feasible payoffs.
    equilibrium : (k, 2) array
        Ring of the subgame-perfect payoffs, without rows if there are none.
    shape : str
        ``empty``, ``point``, ``segment`` or ``polygon``.
    action_profiles : (n, 2) array and labels
        Stage payoffs of the pure action profiles.
    labels : tuple of str
    stage_equilibria : (n, 2) array
        Stage payoffs of the pure Nash equilibria.
    minmax : (2,) array
        Pure minmax payoffs: no equilibrium pays less.
    """

    feasible: FloatArray
    equilibrium: FloatArray
    shape: str
    action_profiles: FloatArray
    labels: tuple[str, ...]
    stage_equilibria: FloatArray
    minmax: FloatArray


@dataclass(frozen=True, eq=False)
class _Scaled:
    """The stage game in units of each player's range: g and h by action profile."""

    profiles: tuple[tuple[int, int], ...]
    payoffs: FloatArray
    gains: FloatArray
    minmax: FloatArray


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
    returned: constraints that fail by rounding count as kept.

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
    stage = _scaled(game)
    threats = stage.minmax
    W = convex_hull(stage.payoffs, merge_tol=MERGE_TOL)
    last_moved = np.inf
    for n_iterations in range(1, MAX_ITERATIONS + 1):
        found = _generated(stage, discount, W, threats)
        smaller = convex_hull(np.array([point for point, *_ in found]), merge_tol=MERGE_TOL)
        if len(smaller) == 0:
            return _empty(game, discount, n_iterations)
        moved = hausdorff_distance(W, smaller)
        higher = np.maximum(threats, smaller.min(axis=0))
        moved = max(moved, float((higher - threats).max()))
        W, threats = smaller, higher
        if moved <= STOP_TOL and (moved == 0 or moved >= last_moved):
            return _certified_set(game, stage, discount, W, n_iterations)
        last_moved = moved
    raise TooLargeError(
        f"the payoff set still changes after {MAX_ITERATIONS} steps; move the discount factor "
        f"{discount} a little"
    )


def drawing(payoff_set: PayoffSet) -> PayoffSetDrawing:
    """Data for a chart of a payoff set: rings, stage payoffs, stage equilibria, minmax.

    Examples
    --------
    >>> from games.repeated.dilemma import Dilemma
    >>> chart = drawing(subgame_perfect_payoffs(Dilemma(5, 3, 1, 0).game(), 0.2))
    >>> chart.shape, chart.equilibrium.tolist(), chart.minmax.tolist()
    ('point', [[1.0, 1.0], [1.0, 1.0]], [1.0, 1.0])
    """
    game = payoff_set.game
    stage = _scaled(game)
    offset, width = _units(game)
    points = np.array([game.payoffs[:, a, b] for a, b in stage.profiles])
    hull = convex_hull(stage.payoffs, merge_tol=MERGE_TOL) * width + offset
    labels = [f"{game.actions[0][a]}, {game.actions[1][b]}" for a, b in stage.profiles]
    return PayoffSetDrawing(
        _ring(hull),
        _ring(payoff_set.vertices),
        payoff_set.shape,
        points,
        tuple(labels),
        points[(stage.gains <= 0).all(axis=1)],
        np.array([game.payoffs[0].max(axis=0).min(), game.payoffs[1].max(axis=1).min()]),
    )


def _generated(
    stage: _Scaled, discount: float, W: FloatArray, threats: FloatArray
) -> list[tuple[FloatArray, int, FloatArray]]:
    """Points (1 - δ) g + δ w of the operator R, each with its action profile and its w."""
    found = []
    for k, (g, h) in enumerate(zip(stage.payoffs, stage.gains, strict=True)):
        if (discount * (g - threats) >= (1 - discount) * h - INCENTIVE_TOL).all():
            found.append((g, k, g))
            continue
        floors = _floors(discount, h, threats)
        for w in clip(W, floors, clip_tol=INCENTIVE_TOL):
            if (w <= np.array(floors) + INCENTIVE_TOL).any():
                found.append(((1 - discount) * g + discount * w, k, w))
    return found


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
    game: NormalFormGame, stage: _Scaled, discount: float, W: FloatArray, n_iterations: int
) -> PayoffSet:
    """Set in payoff units, after the check that it generates itself."""
    threats = W.min(axis=0)
    found = _generated(stage, discount, W, threats)
    again = convex_hull(np.array([point for point, *_ in found]), merge_tol=MERGE_TOL)
    gap = hausdorff_distance(W, again)
    if gap > CERTIFICATE_TOL:
        raise CertificateError(f"the payoff set generates another one, {gap:.3g} away")
    offset, width = _units(game)
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
        game, float(discount), vertices, vertices.min(axis=0), tuple(generators), gap, n_iterations
    )


def _empty(game: NormalFormGame, discount: float, n_iterations: int) -> PayoffSet:
    nothing = np.empty((0, 2))
    return PayoffSet(game, float(discount), nothing, np.full(2, np.nan), (), 0.0, n_iterations)


def _scaled(game: NormalFormGame) -> _Scaled:
    offset, width = _units(game)
    units = (game.payoffs - offset[:, None, None]) / width[:, None, None]
    n_rows, n_columns = game.n_actions
    profiles = tuple(product(range(n_rows), range(n_columns)))
    best = units[0].max(axis=0), units[1].max(axis=1)
    return _Scaled(
        profiles,
        np.array([units[:, a, b] for a, b in profiles]),
        np.array(
            [[best[0][b] - units[0, a, b], best[1][a] - units[1, a, b]] for a, b in profiles]
        ),
        np.array([best[0].min(), best[1].min()]),
    )


def _units(game: NormalFormGame) -> tuple[FloatArray, FloatArray]:
    """Least payoff of each player and range of payoffs, 1 where a player is never affected."""
    flat = game.payoffs.reshape(2, -1)
    offset, width = flat.min(axis=1), np.ptp(flat, axis=1)
    return offset, np.where(width > 0, width, 1.0)


def _ring(vertices: FloatArray) -> FloatArray:
    return np.concatenate([vertices, vertices[:1]])


def _pair(point: FloatArray) -> tuple[float, float]:
    return float(point[0]), float(point[1])
