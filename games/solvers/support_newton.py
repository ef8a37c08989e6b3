"""Newton's method on the support: from nearly an equilibrium to one.

On a given support the probabilities of an equilibrium make each player indifferent between the
actions that it uses: as many equations as unknowns, polynomial of degree n - 1. Newton's method
solves them from a start nearby. What it finds is an equilibrium only if no probability is
negative and no unused action is better, which is checked without a tolerance that one enormous
payoff could make worthless.

Glossary: ``p`` all probabilities, players one after the other; ``u`` the payoffs of all actions
against ``p``, less what the best reply to each profile of the others would pay: never positive,
so that sums do not cancel.

References
----------
.. [1] S. Govindan and R. Wilson, "A global Newton method to compute Nash equilibria", Journal of
   Economic Theory 110(1), 2003, 65-86 (the indifference equations and their derivatives).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from games.normal_form import FloatArray, MixedProfile, NormalFormGame
from games.solvers.logit_tracing import LogitSystem

__all__ = ["SupportNewton"]

_MAX_ITERATIONS = 40
_THRESHOLDS = (1e-2, 1e-4, 1e-7, 1e-11, 1e-16)


class SupportNewton:
    """Polishing of approximate equilibria of one game.

    Parameters
    ----------
    system : LogitSystem
        Supplies payoffs and derivatives by array operations.
    """

    def __init__(self, system: LogitSystem) -> None:
        self.system = system

    def polish(self, profile: MixedProfile) -> MixedProfile | None:
        """Equilibrium on one of the supports that ``profile`` suggests; ``None`` if on none."""
        p = np.concatenate(profile)
        for support in self._supports(p):
            found = self._solve(np.where(support, p, 0.0), support)
            if found is not None and self.is_equilibrium(found):
                return tuple(np.split(found, self.system.starts[1:]))
        return None

    def is_equilibrium(self, p: FloatArray) -> bool:
        """Whether every action in use is best, up to the rounding of its own payoff."""
        u, _ = self.system.action_payoffs(p)
        starts, owner = self.system.starts, self.system.owner
        best = np.maximum.reduceat(u, starts)[owner]
        used = p > 0
        size = np.maximum.reduceat(np.where(used, -u, 0.0), starts)[owner]
        rounding = 1000 * np.finfo(float).eps * np.maximum(size, -best)
        return bool((p >= 0).all() and (best - u <= rounding)[used].all())

    def _supports(self, p: FloatArray) -> Iterator[NDArray[np.bool_]]:
        seen = set()
        best = np.maximum.reduceat(p, self.system.starts)[self.system.owner]
        for threshold in _THRESHOLDS:
            support = p >= threshold * best
            if support.tobytes() not in seen:
                seen.add(support.tobytes())
                yield support

    def _solve(self, p: FloatArray, support: NDArray[np.bool_]) -> FloatArray | None:
        starts, owner = self.system.starts, self.system.owner
        n = len(starts)
        rows = np.flatnonzero(support)
        k = len(rows)
        p = p / np.add.reduceat(p, starts)[owner]
        if k == n:
            return p
        member = (owner[rows][:, None] == np.arange(n)).astype(float)
        values = np.zeros(n)
        for _ in range(_MAX_ITERATIONS):
            u, du = self.system.action_payoffs(p)
            matrix = np.zeros((k + n, k + n))
            matrix[:k, :k] = du[np.ix_(rows, rows)] / p[rows]
            matrix[:k, k:] = -member
            matrix[k:, :k] = member.T
            gaps = np.concatenate([u[rows] - member @ values, 1.0 - np.add.reduceat(p, starts)])
            gaps[k:] *= -1
            scale = np.abs(matrix).max(axis=1)
            step = np.linalg.lstsq(matrix / scale[:, None], -gaps / scale, rcond=None)[0]
            q = p.copy()
            q[rows] += step[:k]
            if not (q[rows] > 0).all() or q.max() > 1.5:
                return None
            done = bool((np.abs(step[:k]) <= 4 * np.finfo(float).eps * q[rows]).all())
            p, values = q, values + step[k:]
            if done:
                break
        return p


def best_reply_regrets(game: NormalFormGame, profile: MixedProfile) -> FloatArray:
    """Regrets computed without cancellation; see :class:`SupportNewton`."""
    return game.regrets(profile)
