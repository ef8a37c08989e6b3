"""When to use a secret capability: persistence says wait, stealth says go.

After Axelrod and Iliev (2014). Each period brings a stake s ≥ 0 drawn independently. A capability
that is used survives with probability S (*stealth*), one kept back with probability Π
(*persistence*); the future counts w per period. Using it on stakes of at least T is worth

    V(T) = Pr(s ≥ T) E[s | s ≥ T] / (1 − wΠ + w(Π − S) Pr(s ≥ T)),

and it pays to use it iff s ≥ w(Π − S)V, with V the best of the V(T). Persistence raises that
threshold, stealth lowers it: a duty to disclose, which lowers persistence, hastens use.

References
----------
.. [1] R. Axelrod, R. Iliev, "Timing of cyber conflict", PNAS 111(4), 2014, 1298-1303.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray
from games.parameters import check_probability, check_probability_vector

__all__ = ["StockpilePolicy", "StockpileProblem", "best_stockpile_policy"]

BELLMAN_TOL = 1e-9
"""Largest residual of the Bellman equation, relative to the value."""


@dataclass(frozen=True, eq=False)
class StockpileProblem:
    """A capability, the stakes at which it may be used, and how long it lasts.

    Parameters
    ----------
    stakes : (n,) array of float
        Distinct stakes, at least 0 and rising.
    probabilities : (n,) array of float
        Of each stake in a period; equal when left out.
    stealth : float
        S, probability of surviving use.
    persistence : float
        Π, probability of surviving a period without use.
    discount : float
        w in [0, 1).
    """

    stakes: FloatArray
    probabilities: FloatArray
    stealth: float
    persistence: float
    discount: float

    def __init__(
        self,
        stakes: ArrayLike,
        stealth: float,
        persistence: float,
        discount: float,
        probabilities: ArrayLike | None = None,
    ) -> None:
        try:
            values = np.array(stakes, dtype=float)
        except (TypeError, ValueError) as error:
            raise InvalidGameError("stakes", f"not an array of numbers ({error})") from None
        if values.ndim != 1 or not values.size or not np.isfinite(values).all():
            raise InvalidGameError("stakes", "a list of finite numbers is needed")
        if values[0] < 0 or not (np.diff(values) > 0).all() or values[-1] == 0:
            rule = "must be at least 0, rising without repetition, and not all 0"
            raise InvalidGameError("stakes", f"are {values.tolist()}; {rule}")
        given = np.full(values.size, 1 / values.size) if probabilities is None else probabilities
        chances = check_probability_vector("probabilities", given)
        if chances.shape != values.shape:
            rule = f"has {chances.size} entries; {values.size} stakes need as many"
            raise InvalidGameError("probabilities", rule)
        values.setflags(write=False)
        object.__setattr__(self, "stakes", values)
        object.__setattr__(self, "probabilities", chances)
        object.__setattr__(self, "stealth", check_probability("stealth", stealth))
        object.__setattr__(self, "persistence", check_probability("persistence", persistence))
        object.__setattr__(
            self, "discount", check_probability("discount", discount, allow_one=False)
        )


@dataclass(frozen=True)
class StockpilePolicy:
    """Best policy for a capability.

    Parameters
    ----------
    threshold : float
        Smallest stake at which the capability is used.
    value : float
        V, present value of holding the capability before the period's stake is known.
    restraint : float
        w(Π − S)V: a stake must be at least this for use to pay. Not above 0 means: use always.
    is_tied : bool
        Whether use and waiting are equally good at some stake.
    bellman_residual : float
        Certificate: |V − E max(s + wSV, wΠV)|.
    """

    threshold: float
    value: float
    restraint: float
    is_tied: bool
    bellman_residual: float


def best_stockpile_policy(problem: StockpileProblem) -> StockpilePolicy:
    """Threshold of use that is worth most, certified by the Bellman equation.

    Parameters
    ----------
    problem : StockpileProblem

    Returns
    -------
    StockpilePolicy

    Examples
    --------
    >>> die = StockpileProblem(range(1, 7), stealth=0.5, persistence=0.8, discount=0.9)
    >>> policy = best_stockpile_policy(die)
    >>> policy.threshold, round(policy.value, 5)
    (2.0, 6.60066)
    """
    s, p, w = problem.stakes, problem.probabilities, problem.discount
    keep, use = problem.persistence, problem.stealth
    above = np.cumsum(p[::-1])[::-1]
    gains = np.cumsum((p * s)[::-1])[::-1]
    values = gains / (1 - w * keep + w * (keep - use) * above)
    V = float(values.max())
    restraint = w * (keep - use) * V
    margin = s - restraint
    # Relative to the restraint: a rare huge stake must not make unequal stakes equal.
    near = BELLMAN_TOL * abs(restraint)
    usable = np.flatnonzero(margin >= -near)
    residual = abs(V - float(p @ np.maximum(s + w * use * V, w * keep * V)))
    if residual > BELLMAN_TOL * max(V, 1e-300) or not usable.size:
        raise CertificateError(f"value {V:g} misses its Bellman equation by {residual:.3g}")
    is_tied = bool((np.abs(margin) <= near).any())
    return StockpilePolicy(float(s[usable[0]]), V, restraint, is_tied, residual)
