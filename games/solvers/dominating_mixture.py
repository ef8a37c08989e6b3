"""Whether some mixture of actions dominates another, decided without a tolerance that matters.

Glossary: ``U`` one player's payoffs, its actions by the others' profiles; ``D[s, j]`` what action
j gains at profile s over the uniform mixture of ``support`` times the size of the support, so
that integers stay integers; ``w`` the size of each row of ``D``, which may differ by many orders
of magnitude when some profiles carry a penalty and others do not. A positive factor on a row does
not change what dominates what, so HiGHS gets rows of equal size. When its optimum is too close to
a tie to be told from one, the program is solved in rational arithmetic.

References
----------
.. [1] D. Pearce, "Rationalizable strategic behavior and the problem of perfection", Econometrica
   52(4), 1984, 1029-1050 (appendix B).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from games.errors import CertificateError
from games.normal_form import FloatArray
from games.solvers.rational_simplex import maximize_exactly

__all__ = ["dominating_mixture"]

_CLEAR = 1e-7  # an optimum of HiGHS further than this from 0 decides
_EPS = float(np.finfo(float).eps)


def dominating_mixture(
    U: FloatArray, support: Sequence[int], *, strict: bool, mixed: bool = True
) -> FloatArray | None:
    """Mixture of actions that dominates the uniform mixture of ``support``; ``None`` if none.

    Parameters
    ----------
    U : (m, n_profiles) array of float
        Payoffs of one player's actions at the others' action profiles.
    support : sequence of int
        One action, or several whose uniform mixture is looked at. Whether a mixed strategy is
        undominated depends on its support alone.
    strict : bool
        Whether it must be better at every profile, or nowhere worse and better somewhere.
    mixed : bool
        Whether mixtures may dominate or single actions only.

    Returns
    -------
    (m,) array of float or None

    Notes
    -----
    Pure actions are compared with each other as they are stored. For mixtures, differences
    below the rounding of payoffs count as ties unless all payoffs are integers.

    Examples
    --------
    >>> U = np.array([[3.0, 0.0], [0.0, 3.0], [1.0, 1.0]])
    >>> dominating_mixture(U, [2], strict=True)
    array([0.5, 0.5, 0. ])
    """
    others = [j for j in range(len(U)) if [j] != list(support)]
    D = np.column_stack(
        [U[j] * len(support) - U[list(support)].sum(axis=0) for j in others]
        or [np.zeros((U.shape[1], 0))]
    )
    slack = _rounding(U, len(support))
    exact_slack = np.zeros_like(slack) if len(support) == 1 else slack
    for column, j in enumerate(others):
        if _dominates(D[:, column], exact_slack, strict):
            return np.asarray(np.eye(len(U))[j])
    if not mixed or len(others) < 2:
        return None
    weights = _mixture(D, slack, strict)
    if weights is None:
        return None
    mixture = np.zeros(len(U))
    mixture[others] = weights
    return mixture


def _rounding(U: FloatArray, factor: int) -> FloatArray:
    """Differences of payoffs that cannot be told from 0, per profile; 0 for integers."""
    size = np.abs(U).max(axis=0)
    if not (U % 1).any() and size.max() * factor < 2.0**52:
        return np.zeros(U.shape[1])
    return np.asarray(16 * factor * _EPS * size)


def _dominates(gains: FloatArray, slack: FloatArray, strict: bool) -> bool:
    if strict:
        return bool((gains > slack).all())
    return bool((gains >= -slack).all() and (gains > slack).any())


def _mixture(D: FloatArray, slack: FloatArray, strict: bool) -> FloatArray | None:
    w = np.abs(D).max(axis=1)
    tied = w <= slack
    if strict and tied.any():
        return None
    D, slack, w = D[~tied], slack[~tied], w[~tied]
    best = D.max(axis=1)
    if (best <= slack).any() if strict else (best < -slack).any() or not len(D):
        return None  # at some profile nothing is better (or as good)
    least, weights = _largest_least_gain(D / w[:, None])
    if least < -_CLEAR:
        return None
    if least > _CLEAR and _dominates(D @ weights, slack, strict):
        return weights
    return _mixture_exactly(D, slack, w, strict)


def _largest_least_gain(rows: FloatArray) -> tuple[float, FloatArray]:
    """Largest t such that some mixture x has ``rows · x >= t``, and such a mixture."""
    from scipy.optimize import linprog

    n_rows, m = rows.shape
    result = linprog(
        np.append(np.zeros(m), -1.0),
        A_ub=np.column_stack([-rows, np.ones(n_rows)]),
        b_ub=np.zeros(n_rows),
        A_eq=np.append(np.ones(m), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * m + [(None, None)],
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if result.status != 0:
        raise CertificateError(f"HiGHS gave no answer to a program that has one: {result.message}")
    weights = np.maximum(result.x[:m], 0.0)
    return float(result.x[m]), np.asarray(weights / weights.sum())


def _mixture_exactly(
    D: FloatArray, slack: FloatArray, w: FloatArray, strict: bool
) -> FloatArray | None:
    n_rows, m = D.shape
    sums = [[1] * m]
    if strict:  # rows x - w t >= 0, t as large as possible; t >= 0 is no loss
        objective = [0.0] * m + [1.0]
        upper = np.column_stack([-D, w]).tolist()
        limits, sums = [0.0] * n_rows, [[1] * m + [0]]
    else:
        objective = (D / w[:, None]).sum(axis=0).tolist()
        upper, limits = (-D).tolist(), slack.tolist()
    solution = maximize_exactly(objective, upper, limits, sums, [1])
    if not solution.point:
        return None
    weights = np.array([float(p) for p in solution.point[:m]])
    weights /= weights.sum()
    gains = D @ weights
    if strict:
        return weights if solution.value > 0 and (gains > slack).all() else None
    # Rounding is forgiven as a loss; a gain must be more than what such losses could buy.
    needed = 1e-9 if slack.any() else 0.0
    return weights if (gains > needed * w).any() and solution.value > 0 else None
