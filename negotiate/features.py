"""Features: the part of a payoff that depends only on who does what.

A feature f(i, a) gives a number for every party i and action profile a. It never contains an
estimate: those stand in the coefficients. Two evaluators give the same numbers:

* ``on_profiles`` at a list of profiles (dense games);
* ``on_deviations`` at one profile and all unilateral deviations from it, without enumeration.

Which of two *regimes* a profile is in, the treaty in force or lapsed, is decided by the
membership rule and given to both.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from negotiate.expression import Expr, evaluate

__all__ = ["AbstractFeature", "CellFeature", "ComposedFeature", "ProductFeature"]

Floats = NDArray[np.float64]
Profiles = NDArray[np.intp]
Regimes = NDArray[np.intp]


class AbstractFeature(ABC):
    """A number for every party and action profile."""

    @abstractmethod
    def on_profiles(self, profiles: Profiles, regimes: Regimes) -> Floats:
        """Values at many profiles.

        Parameters
        ----------
        profiles : (n_profiles, n_parties) array of int
        regimes : (n_profiles,) array of int
            1 where the treaty is in force, 0 where it has lapsed.

        Returns
        -------
        (n_profiles, n_parties) array of float
        """

    @abstractmethod
    def on_deviations(self, profile: Profiles, regimes: Regimes, shape: tuple[int, int]) -> Floats:
        """Values for each party at each of its options, the others as in ``profile``.

        Parameters
        ----------
        profile : (n_parties,) array of int
        regimes : (n_parties, n_options) array of int
            Regime after party i alone takes option o.
        shape : tuple
            ``(n_parties, n_options)``.

        Returns
        -------
        (n_parties, n_options) array of float
        """


@dataclass(frozen=True, eq=False)
class ProductFeature(AbstractFeature):
    """What a party does, times a sum over what the others do.

    Parameters
    ----------
    own : (2, n_parties, n_options) array of float
        By regime: lapsed, in force.
    others : (2, n_parties, n_options) array of float, optional
        Summed over the other parties; the factor is 1 when left out.
    """

    own: Floats
    others: Floats | None = None

    def on_profiles(self, profiles: Profiles, regimes: Regimes) -> Floats:
        """See :meth:`AbstractFeature.on_profiles`."""
        values = self._at(self.own, profiles, regimes)
        if self.others is None:
            return values
        each = self._at(self.others, profiles, regimes)
        product: Floats = values * (each.sum(axis=1, keepdims=True) - each)
        return product

    @staticmethod
    def _at(table: Floats, profiles: Profiles, regimes: Regimes) -> Floats:
        values: Floats = table[regimes[:, None], np.arange(profiles.shape[1]), profiles]
        return values

    def on_deviations(self, profile: Profiles, regimes: Regimes, shape: tuple[int, int]) -> Floats:
        """See :meth:`AbstractFeature.on_deviations`."""
        parties = np.arange(shape[0])[:, None]
        values: Floats = self.own[regimes, parties, np.arange(shape[1])]
        if self.others is None:
            return values
        each = self.others[:, parties[:, 0], profile]  # (regime, party)
        sums = each.sum(axis=1, keepdims=True) - each
        product: Floats = values * sums[regimes, parties]
        return product


@dataclass(frozen=True, eq=False)
class CellFeature(AbstractFeature):
    """One where the profile is ``cell``, for one party; zero elsewhere (a typed-in matrix)."""

    party: int
    cell: tuple[int, ...]

    def on_profiles(self, profiles: Profiles, regimes: Regimes) -> Floats:
        """See :meth:`AbstractFeature.on_profiles`."""
        values = np.zeros(profiles.shape)
        values[:, self.party] = (profiles == np.array(self.cell)).all(axis=1)
        return values

    def on_deviations(self, profile: Profiles, regimes: Regimes, shape: tuple[int, int]) -> Floats:
        """See :meth:`AbstractFeature.on_deviations`."""
        values = np.zeros(shape)
        differs = profile != np.array(self.cell)
        differs[self.party] = False
        if not differs.any():
            values[self.party, self.cell[self.party]] = 1.0
        return values


@dataclass(frozen=True, eq=False)
class ComposedFeature(AbstractFeature):
    """An expression in other features, such as ``min(others_complying, 3)``."""

    expr: Expr
    parts: Mapping[str, AbstractFeature]

    def on_profiles(self, profiles: Profiles, regimes: Regimes) -> Floats:
        """See :meth:`AbstractFeature.on_profiles`."""
        values = {n: f.on_profiles(profiles, regimes) for n, f in self.parts.items()}
        whole: Floats = np.broadcast_to(evaluate(self.expr, values), profiles.shape)
        return whole

    def on_deviations(self, profile: Profiles, regimes: Regimes, shape: tuple[int, int]) -> Floats:
        """See :meth:`AbstractFeature.on_deviations`."""
        values = {n: f.on_deviations(profile, regimes, shape) for n, f in self.parts.items()}
        whole: Floats = np.broadcast_to(evaluate(self.expr, values), shape)
        return whole
