"""Replicator dynamics: strategies that do better than average spread.

In one population that plays a symmetric game with payoffs A, shares x move by

    dx_i/dt = x_i [(A x)_i - x'A x]                                     (Taylor and Jonker, 1978)

and, generation by generation with background fitness b, by

    x_i(t+1) = x_i(t) [b + (A x)_i] / [b + x'A x].

With one population per player each compares its own payoffs. Continuous paths are computed in
logarithms of the shares, so shares stay positive and sum to one, and extinct strategies stay
extinct.

References
----------
.. [1] P. Taylor and L. Jonker, "Evolutionarily stable strategies and game dynamics",
       Mathematical Biosciences 40, 1978, 145-156.
.. [2] J. Hofbauer and K. Sigmund, "Evolutionary Games and Population Dynamics", 1998, ch. 7-10.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.learning.inputs import at_least, payoff_matrix, population_shares, whole_number
from games.learning.rest_points import RestPoint, RestPoints, rest_points
from games.normal_form import FloatArray, NormalFormGame

__all__ = [
    "ReplicatorPath",
    "RestPoint",
    "RestPoints",
    "discrete_replicator_path",
    "population_paths",
    "replicator_path",
    "rest_points",
]

PATH_TOL = 1e-6
"""Largest difference of two integrators at which a path is believed."""

LONG_HORIZON = 1e4
"""Horizon, in units of one over payoff, from which on implicit integrators are tried as well."""

MAX_EVALUATIONS = 300_000
"""Largest number of payoff evaluations along a path."""

FEW_EVALUATIONS = 20_000
"""The same before implicit integrators are tried over a long horizon."""


@dataclass(frozen=True, eq=False)
class ReplicatorPath:
    """Shares along a path.

    Parameters
    ----------
    times : (n_times,) array of float
    shares : (n_times, n_strategies) array of float
        Non-negative, each row summing to 1.
    error : float
        Largest difference to a second integrator of another kind; 0 in discrete time.
    """

    times: FloatArray
    shares: FloatArray
    error: float


def replicator_path(A: ArrayLike, start: ArrayLike, times: ArrayLike) -> ReplicatorPath:
    """Path of the continuous replicator dynamics in one population.

    Parameters
    ----------
    A : (m, m) array of float
        Payoff of the own strategy (row) against another (column).
    start : (m,) array of float
        Shares at ``times[0]``.
    times : (n_times,) increasing array of float
        When the shares are wanted, in units of one over payoff.

    Raises
    ------
    InvalidGameError
        If an input is malformed.
    CertificateError
        If two integrators disagree: too long a horizon for a path this sensitive.

    Examples
    --------
    >>> stag_hunt = [[4, 0], [3, 2]]
    >>> [float(replicator_path(stag_hunt, [x, 1 - x], [0, 60]).shares[-1, 0].round(6))
    ...  for x in (0.66, 0.67)]
    [0.0, 1.0]
    """
    matrix = payoff_matrix(A)
    x0 = population_shares(start, matrix.shape[0])
    moments = _times(times)
    alive = x0 > 0
    small = _centred(matrix[np.ix_(alive, alive)], 0)

    def velocity(_time: float, y: FloatArray) -> FloatArray:
        x = _softmax(y)
        payoffs = small @ x
        return np.asarray(payoffs - x @ payoffs)

    logs, error = _integrate(velocity, np.log(x0[alive]), moments, np.ptp(small, axis=0).max())
    shares = np.zeros((len(moments), len(x0)))
    shares[:, alive] = _softmax(logs)
    return ReplicatorPath(moments, shares, error)


def population_paths(
    game: NormalFormGame, starts: Sequence[ArrayLike], times: ArrayLike
) -> tuple[ReplicatorPath, ...]:
    """Paths of the replicator dynamics with one population per player of a game.

    Parameters
    ----------
    game : NormalFormGame
    starts : one array of shares per player
    times : (n_times,) increasing array of float

    Returns
    -------
    tuple of ReplicatorPath
        One per player.
    """
    if len(starts) != game.n_players:
        raise InvalidGameError("starts", f"{len(starts)} given; {game.n_players} are needed")
    first = [
        population_shares(s, m, f"starts[{i}]")
        for i, (s, m) in enumerate(zip(starts, game.n_actions, strict=True))
    ]
    moments = _times(times)
    cuts = np.cumsum(game.n_actions)[:-1]
    game = NormalFormGame(np.stack([_centred(u, i) for i, u in enumerate(game.payoffs)]))
    alive = np.concatenate(first) > 0

    def profile(y: FloatArray) -> tuple[FloatArray, ...]:
        # exp(-inf) is 0: an extinct strategy stays extinct.
        return tuple(_softmax(part) for part in np.split(np.where(alive, y, -np.inf), cuts))

    def velocity(_time: float, y: FloatArray) -> FloatArray:
        shares = profile(y)
        payoffs = [game.action_payoffs(i, shares) for i in range(game.n_players)]
        return np.concatenate([p - p @ x for p, x in zip(payoffs, shares, strict=True)])

    y0 = np.log(np.where(alive, np.concatenate(first), 1.0))
    logs, error = _integrate(velocity, y0, moments, game.scale)
    rows = [profile(row) for row in logs]
    return tuple(
        ReplicatorPath(moments, np.array([row[i] for row in rows]), error)
        for i in range(game.n_players)
    )


def discrete_replicator_path(
    A: ArrayLike, start: ArrayLike, n_steps: int, *, background: float = 0.0
) -> ReplicatorPath:
    """Path of the replicator dynamics in generations.

    Parameters
    ----------
    A : (m, m) array of float
    start : (m,) array of float
    n_steps : int
        Number of generations.
    background : float
        Fitness that all have besides the game; with it every payoff must be positive.

    Raises
    ------
    InvalidGameError
        If some payoff with the background is not positive, or an input is malformed.

    Examples
    --------
    >>> discrete_replicator_path([[4, 1], [3, 2]], [0.5, 0.5], 1).shares[-1]
    array([0.5, 0.5])
    """
    matrix = payoff_matrix(A) + at_least(background, "background", -np.inf)
    steps = whole_number(n_steps, "n_steps")
    if matrix.min() <= 0:
        raise InvalidGameError(
            "background",
            f"is {background}; it must exceed {background - matrix.min():g}, "
            "so that every fitness is positive",
        )
    shares = np.empty((steps + 1, matrix.shape[0]))
    shares[0] = population_shares(start, matrix.shape[0])
    for t in range(steps):
        grown = shares[t] * (matrix @ shares[t])
        shares[t + 1] = grown / grown.sum()
    return ReplicatorPath(np.arange(steps + 1.0), shares, 0.0)


def _centred(payoffs: FloatArray, own: int) -> FloatArray:
    """Payoffs less, against each play of the others, the own one nearest to zero.

    No difference of own payoffs changes, and a common constant costs no digits; nor does a huge
    penalty, as it would if the mean were taken.
    """
    nearest = np.expand_dims(np.abs(payoffs).argmin(axis=own), own)
    return np.asarray(payoffs - np.take_along_axis(payoffs, nearest, axis=own))


def _integrate(
    velocity: Callable[[float, FloatArray], FloatArray],
    y0: FloatArray,
    times: FloatArray,
    scale: float,
) -> tuple[FloatArray, float]:
    """Logarithms of shares at the times, and the error that a second integrator shows."""
    if len(times) == 1:
        return y0[None, :], 0.0
    # Explicit steps stay below one over the payoffs in use: too many of them over a long horizon,
    # unless the large payoffs are those of strategies that die out at once.
    is_long = scale * (times[-1] - times[0]) > LONG_HORIZON
    try:
        budget = FEW_EVALUATIONS if is_long else MAX_EVALUATIONS
        return _compared(velocity, y0, times, ("DOP853", "RK45"), budget)
    except (TooLargeError, CertificateError):
        if not is_long:
            raise
    return _compared(velocity, y0, times, ("Radau", "BDF"), MAX_EVALUATIONS)


def _compared(
    velocity: Callable[[float, FloatArray], FloatArray],
    y0: FloatArray,
    times: FloatArray,
    methods: tuple[str, str],
    budget: int,
) -> tuple[FloatArray, float]:
    """Path by the first method, and the largest difference in a share to the second."""
    from scipy.integrate import solve_ivp

    n_calls = 0

    def counted(time: float, y: FloatArray) -> FloatArray:
        nonlocal n_calls
        n_calls += 1
        if n_calls > budget:
            raise TooLargeError(
                f"times: the path needs more than {budget} steps; shorten the horizon"
            )
        return velocity(time, y)

    runs = []
    span = (times[0], times[-1])
    for method, tol in zip(methods, (1e-10, 1e-8), strict=True):
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                run = solve_ivp(counted, span, y0, method=method, t_eval=times, rtol=tol, atol=tol)
        except TooLargeError:
            raise
        except ValueError as broken:
            raise CertificateError(f"integration by {method} broke down: {broken}") from None
        if not run.success:
            raise CertificateError(f"integration by {method} stopped: {run.message}")
        runs.append(np.asarray(run.y.T, dtype=float))
    error = float(np.abs(np.exp(runs[0]) - np.exp(runs[1])).max())
    if not error <= PATH_TOL:
        raise CertificateError(
            f"two integrators differ by {error:.2g} in a share; shorten the horizon"
        )
    return runs[0], error


def _softmax(y: FloatArray) -> FloatArray:
    weights = np.exp(y - y.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def _times(times: ArrayLike) -> FloatArray:
    array = np.array(times, dtype=float)
    if array.ndim != 1 or array.size == 0 or not np.isfinite(array).all():
        raise InvalidGameError("times", "must be a list of finite numbers")
    if (np.diff(array) <= 0).any():
        raise InvalidGameError("times", "must increase")
    return array
