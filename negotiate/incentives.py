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
from negotiate.menu import Menu
from negotiate.parameters import points
from negotiate.polynomial import Atom, Monomial, expand, is_multilinear

__all__ = ["Incentives", "Values", "incentives_at", "rounded"]

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
        False for the option that the profile itself plays, for another form of the same conduct
        with the same payoff, and for padding.
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
    def is_multilinear(self) -> bool:
        """Whether every slack is multilinear in the parameters."""
        return all(is_multilinear(monomial) for monomial in self.monomials)

    def slack(self, values: Values | None = None, *, is_partial: bool = False) -> Floats:
        """Slack of each party against each option, ``(..., n_parties, n_options)``.

        Options that do not constrain have infinite slack; what is only rounding is zero.

        Parameters
        ----------
        values : mapping, optional
        is_partial : bool
            Whether slack is NaN, instead of an error, where a coefficient has no finite value.
        """
        total = rounded(*self._sums(values or {}, is_partial=is_partial))
        return np.where(self.constrains, total, np.inf)

    def _sums(self, values: Values, *, is_partial: bool = False) -> tuple[Floats, Floats]:
        known = self._known(values)
        total: Floats = np.zeros(self.constrains.shape)
        size: Floats = np.zeros(self.constrains.shape)
        for monomial, weight in zip(self.monomials, self.weights, strict=True):
            part = _value(monomial, known, is_partial=is_partial)[..., None] * weight
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

        What is only rounding in A or in B is zero.

        Returns
        -------
        A, B : (..., n_parties, n_options) arrays
            Or nothing, if some slack is not linear in the parameter.
        """
        known = self._known(values or {})
        zero: Floats = np.zeros(self.constrains.shape)
        slope, slope_size, rest, rest_size = zero, zero, zero, zero
        target = Name(name)
        for monomial, weight in zip(self.monomials, self.weights, strict=True):
            inside = [atom for atom in monomial if name in names(atom)]
            others = tuple(atom for atom in monomial if atom != target)
            part = _value(others, known)[..., None] * weight if inside in ([], [target]) else None
            if part is None:
                return None
            if inside:
                slope, slope_size = slope + part, slope_size + np.abs(part)
            else:
                rest, rest_size = rest + part, rest_size + np.abs(part)
        return rounded(slope, slope_size), rounded(rest, rest_size)

    def batch(self, varied: Mapping[str, Floats]) -> tuple[Floats, NDArray[np.intp]]:
        """Slack at many parameter points, the binding constraints only of those that can bind.

        Parameters
        ----------
        varied : mapping of name to ``(n_points,)`` or ``(n_points, n_parties)`` array
            All other parameters stand at their points.

        Returns
        -------
        slack : (n_points, n_constraints) array of float
            What is only rounding is zero.
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
        n_points = max((len(v) for v in varied.values()), default=1)
        values = {monomial: _value(monomial, known) for monomial in parts}
        slack = _accumulate(parts, values, of[:, 0], n_points)
        # The size of what was added up is needed only where a tie is possible at all.
        most = sum(
            (np.abs(values[m]).max() * np.abs(weight) for m, weight in parts.items()),
            np.zeros(len(of)),
        )
        if (np.abs(slack) <= ROUNDING * most).any():
            sizes = {monomial: np.abs(weight) for monomial, weight in parts.items()}
            values = {monomial: np.abs(value) for monomial, value in values.items()}
            slack = rounded(slack, _accumulate(sizes, values, of[:, 0], n_points))
        return slack, of


def _two_axes(varied: Mapping[str, Floats]) -> dict[str, Floats]:
    return {n: v[:, None] if v.ndim == 1 else v for n, v in varied.items()}


def rounded(total: Floats, size: Floats) -> Floats:
    """Sums with those that are only rounding at zero; ``size`` sums the magnitudes added up."""
    return np.where(np.abs(total) <= ROUNDING * size, 0.0, total)


def _accumulate(
    parts: Mapping[Monomial, Floats],
    values: Mapping[Monomial, Floats],
    party: NDArray[np.intp],
    n_points: int,
) -> Floats:
    """Sum of values times weights: one matrix product where no value differs between parties."""
    shared, rows = [], []
    total: Floats = np.zeros((n_points, len(party)))
    for monomial, weight in parts.items():
        value = values[monomial]
        if value.shape[-1] == 1:
            shared.append(np.broadcast_to(value, (n_points, 1)))
            rows.append(weight)
        else:
            total += value[:, party] * weight
    if shared:
        total += np.hstack(shared) @ np.array(rows)
    return total


def _value(monomial: Iterable[Atom], known: Values, *, is_partial: bool = False) -> Floats:
    value: Floats = np.ones(1)
    for atom in monomial:
        value = value * evaluate(atom, known, is_partial=is_partial)
    return value


def _alike(menu: Menu, profile: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which options stand under every norm as the one that the profile plays.

    That is the one itself, and others in which complying, or violating, takes another form.
    """
    parties = np.arange(menu.n_parties)
    tables = [menu.table("joins")]
    for norm in menu.norms:
        tables += [menu.table("complies", norm), menu.table("intensity", norm)]
    alike = menu.exists.copy()
    for table in tables:
        alike &= table == table[parties, profile][:, None]
    return alike


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
    differs = sum((w != 0 for w in weights.values()), np.zeros(menu.exists.shape, dtype=bool))
    constrains = menu.exists & (differs | ~_alike(menu, at))
    kept = {m: np.where(constrains, w, 0.0) for m, w in weights.items()}
    kept = {m: w for m, w in kept.items() if w.any()}
    stacked = np.array(list(kept.values())).reshape(len(kept), *constrains.shape)
    return Incentives(ledger, at, tuple(kept), stacked, constrains)
