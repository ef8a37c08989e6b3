"""Incentive constraints: for each party, why it does not do something else.

At a profile a*, the *slack* of party i against option o is what it would lose by switching to o
alone:  S(i, o) = u_i(a*) − u_i(o, a*_{−i}).  The party has no reason to leave a* when every slack
is at least 0. Slack is a polynomial in the parameters, kept here as arrays, so that a window, a
break-even value or a million parameter points are array operations for any number of parties.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from negotiate.expression import Name, evaluate, names
from negotiate.ledger import Ledger
from negotiate.parameters import points
from negotiate.polynomial import Atom, Monomial, expand, is_multilinear

__all__ = ["Incentives", "Values", "incentives_at"]

Floats = NDArray[np.float64]
Values = Mapping[str, ArrayLike]
"""Values by parameter name, broadcast against ``(..., n_parties)``: the last axis is the party."""

ROUNDING = 1e-12
"""Slack smaller than this share of the payoffs in it is a tie: it is rounding."""


@dataclass(frozen=True, eq=False)
class Incentives:
    """All incentive constraints at one profile.

    Parameters
    ----------
    ledger : Ledger
    profile : (n_parties,) array of int
    monomials : tuple of Monomial
    weights : (n_monomials, n_parties, n_options) array of float
        Slack is the sum over monomials of weight times value.
    constrains : (n_parties, n_options) array of bool
        False for the option that the profile itself plays, and for padding.
    """

    ledger: Ledger
    profile: NDArray[np.intp]
    monomials: tuple[Monomial, ...]
    weights: Floats
    constrains: NDArray[np.bool_]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Parameters on which some slack depends, in the order of the document."""
        used = {n for monomial in self.monomials for atom in monomial for n in names(atom)}
        return tuple(name for name in self.ledger.parameters if name in used)

    @cached_property
    def joins(self) -> NDArray[np.bool_]:
        """Which options mean membership, ``(n_parties, n_options)``."""
        return self.ledger.menu.table("joins") > 0

    @cached_property
    def size(self) -> float:
        """Magnitude of the largest part of any slack at the point; rounding is relative to it."""
        return float(self._sums({})[1].max(initial=0.0))

    @cached_property
    def is_multilinear(self) -> bool:
        """Whether every slack is multilinear in the parameters."""
        return all(is_multilinear(monomial) for monomial in self.monomials)

    def slack(self, values: Values | None = None) -> Floats:
        """Slack of each party against each option, ``(..., n_parties, n_options)``.

        Options that do not constrain have infinite slack; what is only rounding is zero.
        """
        total, size = self._sums(values or {})
        total = np.where(np.abs(total) <= ROUNDING * size, 0.0, total)
        return np.where(self.constrains, total, np.inf)

    def _sums(self, values: Values) -> tuple[Floats, Floats]:
        known = self._known(values)
        total: Floats = np.zeros(self.constrains.shape)
        size: Floats = np.zeros(self.constrains.shape)
        for monomial, weight in zip(self.monomials, self.weights, strict=True):
            part = _value(monomial, known)[..., None] * weight
            total = total + part
            size = size + np.abs(part)
        return total, size

    def sums(self, values: Values) -> Floats:
        """Slack before rounding is taken out; what polynomials are fitted to."""
        return self._sums(values)[0]

    def _known(self, values: Values) -> dict[str, ArrayLike]:
        return {**points(self.ledger.parameters), **values}

    def split(self, name: str, values: Values | None = None) -> tuple[Floats, Floats] | None:
        """Slack as ``A·θ + B`` in the parameter ``name``, the others at their values.

        Returns
        -------
        A, B : (..., n_parties, n_options) arrays
            Or nothing, if some slack is not linear in the parameter.
        """
        known = self._known(values or {})
        slope: Floats = np.zeros(self.constrains.shape)
        rest: Floats = np.zeros(self.constrains.shape)
        target = Name(name)
        for monomial, weight in zip(self.monomials, self.weights, strict=True):
            inside = [atom for atom in monomial if name in names(atom)]
            if not inside:
                rest = rest + _value(monomial, known)[..., None] * weight
            elif inside == [target]:
                others = tuple(atom for atom in monomial if atom != target)
                slope = slope + _value(others, known)[..., None] * weight
            else:
                return None
        return slope, rest

    def batch(self, varied: Mapping[str, Floats]) -> tuple[Floats, NDArray[np.intp]]:
        """Slack at many parameter points, the binding constraints only of those that can bind.

        Parameters
        ----------
        varied : mapping of name to ``(n_points,)`` or ``(n_points, n_parties)`` array
            All other parameters stand at their points.

        Returns
        -------
        slack : (n_points, n_constraints) array of float
        of : (n_constraints, 2) array of int
            Party and option of each constraint, parties in order.
        """
        of = np.argwhere(self.constrains)
        parts: dict[Monomial, Floats] = {}
        fixed = points(self.ledger.parameters)
        for monomial, weight in zip(self.monomials, self.weights, strict=True):
            moving = tuple(a for a in monomial if any(n in varied for n in names(a)))
            still = tuple(a for a in monomial if a not in moving)
            column = (_value(still, fixed)[..., None] * weight)[of[:, 0], of[:, 1]]
            parts[moving] = parts.get(moving, np.zeros(len(of))) + column
        known = {**{n: v[None, :] for n, v in fixed.items()}, **_two_axes(varied)}
        size = max((len(v) for v in varied.values()), default=1)
        return _accumulate(parts, known, of[:, 0], size), of


def _two_axes(varied: Mapping[str, Floats]) -> dict[str, Floats]:
    return {n: v[:, None] if v.ndim == 1 else v for n, v in varied.items()}


def _accumulate(
    parts: Mapping[Monomial, Floats],
    known: Mapping[str, Floats],
    party: NDArray[np.intp],
    size: int,
) -> Floats:
    """Sum of values times weights: one matrix product where no value differs between parties."""
    shared, rows = [], []
    total: Floats = np.zeros((size, len(party)))
    for monomial, weight in parts.items():
        value = _value(monomial, known)
        if value.shape[-1] == 1:
            shared.append(np.broadcast_to(value, (size, 1)))
            rows.append(weight)
        else:
            total += value[:, party] * weight
    if shared:
        total += np.hstack(shared) @ np.array(rows)
    return total


def _value(monomial: Iterable[Atom], known: Values) -> Floats:
    value: Floats = np.ones(1)
    for atom in monomial:
        value = value * evaluate(atom, known)
    return value


def incentives_at(ledger: Ledger, profile: NDArray[np.intp] | None = None) -> Incentives:
    """Incentive constraints of all parties at a profile, full compliance unless another is given.

    Works without enumeration, for hundreds of parties: only the profile and its unilateral
    deviations are looked at.
    """
    menu = ledger.menu
    at = menu.full_compliance if profile is None else profile
    features = ledger.features_of_deviations(at)
    parties = np.arange(menu.n_parties)
    delta = features[:, parties, at][:, :, None] - features
    weights: dict[Monomial, Floats] = {}
    for term, change in zip(ledger.terms, delta, strict=True):
        if not change.any():
            continue
        for monomial, constant in expand(term.coefficient).terms.items():
            weights[monomial] = weights.get(monomial, np.zeros(change.shape)) + constant * change
    constrains = menu.exists.copy()
    constrains[parties, at] = False
    kept = {m: np.where(constrains, w, 0.0) for m, w in weights.items()}
    kept = {m: w for m, w in kept.items() if w.any()}
    stacked = np.array(list(kept.values())).reshape(len(kept), *constrains.shape)
    return Incentives(ledger, at, tuple(kept), stacked, constrains)
