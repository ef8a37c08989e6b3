"""The system of logit equations and the tracing of its solution curve.

Glossary: ``ell`` the logarithms of all probabilities, players one after the other (``T`` in
total); ``lam`` the rationality parameter in units of one over ``unit``, the largest loss that one
action can cause its player; a point of the curve is
``z = (ell, lam)``. The equations are, for every player, that the probabilities sum to 1 and that
``ell_j - ell_k = lam (u_j - u_k) + bias_j - bias_k`` for its likeliest action k and every j. With
``bias = 0`` the curve starts at the centroid and is the principal branch (McKelvey and Palfrey,
1995). Logarithms keep probabilities positive at any ``lam`` (Turocy, 2005). The curve is followed
by arc length, so it may turn back in ``lam`` (Allgower and Georg, 1990).

References
----------
.. [1] R. D. McKelvey and T. R. Palfrey, "Quantal response equilibria for normal form games",
   Games and Economic Behavior 10(1), 1995, 6-38.
.. [2] T. L. Turocy, "A dynamic homotopy interpretation of the logistic quantal response
   equilibrium correspondence", Games and Economic Behavior 51(2), 2005, 243-263.
.. [3] E. L. Allgower and K. Georg, "Numerical Continuation Methods", Springer, 1990.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from games.errors import CertificateError, TooLargeError
from games.normal_form import FloatArray, MixedProfile, NormalFormGame

__all__ = ["FAITHFUL", "FAST", "LogitSystem", "locate", "trace"]

FAITHFUL = 0.03
"""Allowed miss of a predicted point, as a share of the step, for staying on one branch."""

FAST = 0.3
"""The same for those who only want to arrive; a step may then cross to a close branch."""

_MAX_ENTRIES = 20_000_000
_FIRST_STEP = 0.05
_MIN_STEP = 1e-9
_MAX_GROWTH = 2.0
_MAX_NEWTON = 8
_STEP_TOL = 1e-10
_TRACE_TOL = 1e-6  # of the last Newton step, whose square is the error that is left
_LARGEST_LOG = 2.0  # no solution has a probability near e^2: Newton's method has gone astray


class LogitSystem:
    """The logit equations of one game, with derivatives by array operations.

    Parameters
    ----------
    game : NormalFormGame
    bias : (n_total_actions,) array of float, optional
        Added to the logarithmic odds; shifts the start of the curve away from the centroid.

    Raises
    ------
    TooLargeError
        If profiles times actions exceed twenty million.
    """

    def __init__(self, game: NormalFormGame, bias: FloatArray | None = None) -> None:
        sizes = game.n_actions
        n_cells = int(np.prod(sizes))
        self.n_total = sum(sizes)
        if self.n_total * n_cells > _MAX_ENTRIES:
            raise TooLargeError(
                f"{n_cells} profiles of {self.n_total} actions; logit tracing stops at "
                f"{_MAX_ENTRIES} entries: look for pure equilibria only"
            )
        self.game = game
        self.starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self.owner = np.repeat(np.arange(len(sizes)), sizes)
        self.same_owner = self.owner[:, None] == self.owner[None, :]
        self.bias = np.zeros(self.n_total) if bias is None else bias
        # What only the others decide cannot matter: measured from the best reply, payoffs are
        # losses, in which a common offset or somebody's enormous payoff does not cancel.
        losses = [
            game.payoffs[i] - game.payoffs[i].max(axis=i, keepdims=True) for i in range(len(sizes))
        ]
        flat = np.stack([u.ravel() for u in losses])
        self.unit = game.scale
        self.payoffs = flat / self.unit
        index = np.stack([g.ravel() for g in np.indices(sizes)])
        self.rows = index + self.starts[:, None]
        self.plays = np.zeros((self.n_total, n_cells))
        self.plays[self.rows, np.arange(n_cells)] = 1.0

    def start(self) -> FloatArray:
        """The solution at ``lam = 0``."""
        weights = self.bias - np.log(np.add.reduceat(np.exp(self.bias), self.starts))[self.owner]
        return np.append(weights, 0.0)

    def profile(self, ell: FloatArray) -> MixedProfile:
        """Probabilities, each player's normalised to sum to 1."""
        parts = np.split(np.exp(ell), self.starts[1:])
        return tuple(part / part.sum() for part in parts)

    def action_payoffs(self, p: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Payoffs of all pure actions, and their derivatives by the logarithms of ``p``.

        Returns
        -------
        u : (n_total,) array of float, in units of ``unit``
        du : (n_total, n_total) array of float
        """
        of_player = p[self.rows]
        n = len(of_player)
        before, after = np.ones_like(of_player), np.ones_like(of_player)
        for k in range(1, n):
            np.multiply(before[k - 1], of_player[k - 1], out=before[k])
            np.multiply(after[n - k], of_player[n - k], out=after[n - k - 1])
        weighted = self.payoffs * before * after
        cells = self.plays * weighted[self.owner]
        du = cells @ self.plays.T
        du[self.same_owner] = 0.0
        return cells.sum(axis=1), du

    def residual(self, z: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The equations at ``z`` and their Jacobian, ``(T,)`` and ``(T, T + 1)``."""
        ell, lam = z[:-1], z[-1]
        p = np.exp(ell)
        u, du = self.action_payoffs(p)
        # Compared with a hopeless action, whose logarithm is huge, likely ones would be rounded.
        tops = np.array(
            [
                a + part.argmax()
                for a, part in zip(self.starts, np.split(ell, self.starts[1:]), strict=True)
            ]
        )
        top = tops[self.owner]
        equations = (ell - ell[top]) - lam * (u - u[top])
        equations -= self.bias - self.bias[top]
        equations[tops] = np.add.reduceat(p, self.starts) - 1.0
        jacobian = np.empty((self.n_total, self.n_total + 1))
        body = -lam * (du - du[top])
        diagonal = np.arange(self.n_total)
        body[diagonal, diagonal] += 1.0
        body[diagonal, top] -= 1.0
        body[tops] = np.where(self.same_owner[tops], p, 0.0)
        jacobian[:, :-1] = body
        jacobian[:, -1] = -(u - u[top])
        jacobian[tops, -1] = 0.0
        return equations, jacobian

    def solve_at(self, z: FloatArray, lam: float) -> FloatArray | None:
        """Newton's method from ``z`` with ``lam`` held; ``None`` if it does not converge."""
        z = np.append(z[:-1], lam)
        previous = np.inf
        for _ in range(30):
            if z[:-1].max() > _LARGEST_LOG:
                return None
            equations, jacobian = self.residual(z)
            try:
                step = np.linalg.solve(jacobian[:, :-1], -equations)
            except np.linalg.LinAlgError:
                return None
            size = float((np.abs(step) / np.maximum(1.0, np.abs(z[:-1]))).max())
            if not np.isfinite(size) or size > max(2 * previous, 2.0):
                return None
            z[:-1] += step
            if size <= _STEP_TOL:
                return z
            previous = size
        return None


def trace(system: LogitSystem, max_steps: int, miss: float = FAITHFUL) -> Iterator[FloatArray]:
    """Points of the solution curve from ``lam = 0`` on, at most ``max_steps`` of them.

    The caller stops when it has seen enough. Steps lengthen while the tangent predicts well.

    Parameters
    ----------
    system : LogitSystem
    max_steps : int
    miss : float
        How far, as a share of the step, the curve may lie from the predicted point.

    Raises
    ------
    CertificateError
        If the step shrinks to nothing: the curve could not be followed.
    """
    z = system.start()
    upwards = np.zeros_like(z)
    upwards[-1] = 1.0
    begun = _correct(system, z, upwards)
    if begun is None:
        raise CertificateError("the logit curve has no direction at lambda = 0")
    tangent = begun[1]
    step = _FIRST_STEP
    yield z
    for _ in range(max_steps):
        while True:
            moved = _correct(system, z + step * tangent, tangent)
            if moved is not None and moved[0][-1] >= 0:
                point, ahead, distance = moved
                if distance <= miss * max(step, 1e-3) and ahead @ tangent > 1 - miss:
                    break
            step /= 2
            if step < _MIN_STEP * max(1.0, float(np.abs(z).max())):
                raise CertificateError(f"the logit curve is lost at lambda = {z[-1]:.6g}")
        z, tangent = point, ahead
        step *= float(np.clip(miss * step / (2 * distance + 1e-3 * step), 0.7, _MAX_GROWTH))
        yield z


def locate(system: LogitSystem, low: FloatArray, high: FloatArray, lam: float) -> FloatArray:
    """Point of the curve at ``lam`` between two neighbouring points of a trace.

    Raises
    ------
    CertificateError
        If there is none that Newton's method finds.
    """
    for _ in range(60):
        chord = high - low
        guess = low + chord * ((lam - low[-1]) / (chord[-1] or 1.0))
        found = system.solve_at(guess, lam)
        # The start of the curve is no further from itself than Newton's method rounds.
        reach = np.linalg.norm(chord) + _STEP_TOL
        if found is not None and np.linalg.norm(found - guess) <= reach:
            return found
        middle = _correct(system, (low + high) / 2, chord)
        if middle is None:
            break
        if (middle[0][-1] - lam) * (low[-1] - lam) > 0:
            low = middle[0]
        else:
            high = middle[0]
    raise CertificateError(f"no point of the logit curve was found at lambda = {lam:.6g}")


def _correct(
    system: LogitSystem, z: FloatArray, direction: FloatArray
) -> tuple[FloatArray, FloatArray, float] | None:
    """Point on the curve beside ``z``, its unit tangent, and how far ``z`` was from it.

    Newton's method in the plane through ``z`` across ``direction``. The same matrix gives the
    tangent, which points the way that ``direction`` does.
    """
    n = len(z) - 1
    matrix, right = np.empty((n + 1, n + 1)), np.zeros((n + 1, 2))
    matrix[n] = direction
    right[n, 1] = 1.0
    start, previous = z, np.inf
    for _ in range(_MAX_NEWTON):
        if z[:-1].max() > _LARGEST_LOG:
            return None
        equations, matrix[:n] = system.residual(z)
        right[:n, 0] = -equations
        try:
            change, ahead = np.linalg.solve(matrix, right).T
        except np.linalg.LinAlgError:
            return None
        z = z + change
        # Logarithms near 0 matter to 1e-6, far below 0 to a share of their size.
        size = float((np.abs(change) / np.maximum(_TRACE_TOL, _STEP_TOL * np.abs(z))).max())
        if not np.isfinite(size) or size > max(1.0, 0.7 * previous):
            return None
        if size <= 1:
            if z[:-1].max() > _LARGEST_LOG:
                return None
            return z, ahead / np.linalg.norm(ahead), float(np.linalg.norm(z - start))
        previous = size
    return None
