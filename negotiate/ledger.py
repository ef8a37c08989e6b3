"""The payoff ledger: one definition of every payoff, read in four ways.

The payoff of party i at action profile a with parameters θ is a sum of terms,

    u_i(a; θ) = Σ_k c_k(θ) · f_k(i, a),

a coefficient c_k that is an expression in named parameters times a feature f_k that depends only
on who does what. Each term knows its clause and its label. The readings are in
:mod:`negotiate.readings`: numbers, algebra, optimisation rows, words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from negotiate.expression import Expr, evaluate
from negotiate.features import AbstractFeature
from negotiate.menu import Menu
from negotiate.parameters import Parameter, points

__all__ = ["STAKES", "Ledger", "Membership", "PayoffTerm", "Threshold"]

STAKES = "stakes"
"""The clause of terms that stand before any clause."""


@dataclass(frozen=True, eq=False)
class PayoffTerm:
    """One line of the ledger.

    Parameters
    ----------
    clause : str
        Clause that causes it, or :data:`STAKES`.
    label : str
        What it is, in words: ``expected sanction``.
    coefficient : Expr
        In names of parameters; a name of a per-party parameter means that party's number.
    feature : AbstractFeature
    """

    clause: str
    label: str
    coefficient: Expr
    feature: AbstractFeature


@dataclass(frozen=True, eq=False)
class Threshold:
    """A condition for entry into force: the weights of those who join reach a sum.

    Parameters
    ----------
    label : str
    weights : (n_parties,) array of float
    least : float
        Sum needed, in the units of ``weights``.
    """

    label: str
    weights: NDArray[np.float64]
    least: float

    def is_met(self, sums: ArrayLike) -> NDArray[np.bool_]:
        """Whether sums of weights reach the threshold, rounding apart."""
        slack = 1e-12 * max(1.0, abs(self.least))
        return np.asarray(np.asarray(sums) >= self.least - slack, dtype=bool)


@dataclass(frozen=True)
class Membership:
    """Who is bound: whether joining is free, and what must be met to enter into force.

    Parameters
    ----------
    is_voluntary : bool
        Whether parties may stay out.
    thresholds : tuple of Threshold
        All must be met; none means in force for whoever joins.
    """

    is_voluntary: bool = True
    thresholds: tuple[Threshold, ...] = ()

    def in_force(self, joined: NDArray[np.float64]) -> NDArray[np.intp]:
        """1 where the treaty is in force, for membership rows ``(..., n_parties)``."""
        met = np.ones(joined.shape[:-1], dtype=bool)
        for threshold in self.thresholds:
            met &= threshold.is_met(joined @ threshold.weights)
        return met.astype(np.intp)


@dataclass(frozen=True, eq=False)
class Ledger:
    """All payoffs of a treaty.

    Parameters
    ----------
    menu : Menu
    membership : Membership
    terms : tuple of PayoffTerm
    parameters : mapping of str to Parameter
        Every name that a coefficient uses.
    """

    menu: Menu
    membership: Membership
    terms: tuple[PayoffTerm, ...]
    parameters: Mapping[str, Parameter]

    def coefficients(self, values: Mapping[str, ArrayLike] | None = None) -> NDArray[np.float64]:
        """Coefficient of every term for every party, shape ``(n_terms, n_parties)``.

        Parameters
        ----------
        values : mapping, optional
            Values by parameter name, of shape ``(1,)`` or ``(n_parties,)``, in place of points.
        """
        known = {**points(self.parameters), **(values or {})}
        return np.array(
            [
                np.broadcast_to(evaluate(term.coefficient, known), (self.menu.n_parties,))
                for term in self.terms
            ]
        ).reshape(len(self.terms), self.menu.n_parties)

    def features_at(self, profiles: NDArray[np.intp]) -> NDArray[np.float64]:
        """Features at profiles, shape ``(n_terms, n_profiles, n_parties)``."""
        regimes = self.regimes(profiles)
        return np.array(
            [term.feature.on_profiles(profiles, regimes) for term in self.terms]
        ).reshape(len(self.terms), *profiles.shape)

    def features_of_deviations(self, profile: NDArray[np.intp]) -> NDArray[np.float64]:
        """Features of each party at each of its options, shape ``(n_terms, n, n_options)``."""
        n, m = self.menu.exists.shape
        joins = self.menu.table("joins")
        joined = joins[np.arange(n), profile]
        regimes = np.ones((n, m), dtype=np.intp)
        for threshold in self.membership.thresholds:
            rest = joined @ threshold.weights - joined * threshold.weights
            sums = rest[:, None] + joins * threshold.weights[:, None]
            regimes &= threshold.is_met(sums).astype(np.intp)
        return np.array(
            [term.feature.on_deviations(profile, regimes, (n, m)) for term in self.terms]
        ).reshape(len(self.terms), n, m)

    def regimes(self, profiles: NDArray[np.intp]) -> NDArray[np.intp]:
        """1 for each profile at which the treaty is in force, else 0."""
        joins = self.menu.table("joins")
        return self.membership.in_force(joins[np.arange(self.menu.n_parties), profiles])
