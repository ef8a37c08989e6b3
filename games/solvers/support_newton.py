"""Newton's method on the support: from nearly an equilibrium to one.

On a given support the probabilities of an equilibrium make each player indifferent between the
actions that it uses: as many equations as unknowns, polynomials of degree n - 1. Newton's method
solves them from a start nearby. What it finds is an equilibrium only if no unused action is
better. That is checked up to the rounding of the payoffs involved, not relative to the largest
payoff of the game: one enormous payoff would make such a check worthless.

Glossary: ``p`` all probabilities, players one after the other; ``u`` the payoffs of all actions
against ``p``, less what the best reply to each profile of the others would have paid, so that no
term is positive and sums do not cancel; ``du`` their derivatives by the logarithms of ``p``.

References
----------
.. [1] J. Dickhaut and T. Kaplan, "A program for finding Nash equilibria", The Mathematica
   Journal 1(4), 1991, 87-93 (the equations on a support).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from games.normal_form import FloatArray, MixedProfile
from games.solvers.logit_tracing import LogitSystem

__all__ = ["has_only_rounding_regret", "polish", "solve_on_support"]

_MAX_ITERATIONS = 40
_THRESHOLDS = (1e-2, 1e-4, 1e-7, 1e-11, 1e-16)
_ROUNDING = 1000 * float(np.finfo(float).eps)


def polish(system: LogitSystem, profile: MixedProfile) -> MixedProfile | None:
    """Equilibrium on one of the supports that ``profile`` suggests; ``None`` if on none.

    Parameters
    ----------
    system : LogitSystem
        Of the game; supplies payoffs and derivatives by array operations.
    profile : tuple of (m_i,) arrays of float
        Close to an equilibrium; actions that the equilibrium does not use have small weights.
    """
    p = np.concatenate(profile)
    for support in _supports(system, p):
        found = solve_on_support(system, np.where(support, p, 0.0))
        if found is not None and has_only_rounding_regret(system, found):
            return tuple(np.split(found, system.starts[1:]))
    return None


def has_only_rounding_regret(system: LogitSystem, p: FloatArray) -> bool:
    """Whether every action in use is best, up to the rounding of the payoffs compared."""
    u, _ = system.action_payoffs(p)
    best = np.maximum.reduceat(u, system.starts)[system.owner]
    used = p > 0
    largest = np.maximum.reduceat(np.where(used, -u, 0.0), system.starts)[system.owner]
    return bool((p >= 0).all() and (best - u <= _ROUNDING * largest)[used].all())


def _supports(system: LogitSystem, p: FloatArray) -> Iterator[NDArray[np.bool_]]:
    seen = set()
    largest = np.maximum.reduceat(p, system.starts)[system.owner]
    for threshold in _THRESHOLDS:
        support = p >= threshold * largest
        if support.tobytes() not in seen:
            seen.add(support.tobytes())
            yield support


def solve_on_support(system: LogitSystem, p: FloatArray) -> FloatArray | None:
    """Probabilities that make the actions used by ``p`` indifferent; ``None`` if none is found.

    Parameters
    ----------
    system : LogitSystem
    p : (n_total_actions,) array of float
        Start; the actions of probability 0 keep it. Others are not compared with those used.
    """
    starts, owner = system.starts, system.owner
    rows, n = np.flatnonzero(p), len(starts)
    k = len(rows)
    p = p / np.add.reduceat(p, starts)[owner]
    member = (owner[rows][:, None] == np.arange(n)).astype(float)
    values = np.zeros(n)
    for _ in range(_MAX_ITERATIONS if k > n else 0):
        u, du = system.action_payoffs(p)
        # Unknowns are the relative changes of p: tiny probabilities are found as well as large.
        matrix = np.zeros((k + n, k + n))
        matrix[:k, :k] = du[np.ix_(rows, rows)]
        matrix[:k, k:] = -member
        matrix[k:, :k] = member.T * p[rows]
        gaps = np.concatenate([member @ values - u[rows], 1.0 - np.add.reduceat(p, starts)])
        scale = np.abs(matrix).max(axis=1)
        step = np.linalg.lstsq(matrix / scale[:, None], gaps / scale, rcond=None)[0]
        if not (np.isfinite(step).all() and np.abs(step[:k]).max() < 1):
            return None
        p[rows] *= 1 + step[:k]
        values = values + step[k:]
        if np.abs(step[:k]).max() <= 4 * np.finfo(float).eps:
            break
    return p / np.add.reduceat(p, starts)[owner]
