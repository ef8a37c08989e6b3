"""Robustness: whether a verdict holds over all that is thought possible, and how often.

Over the box of stated ranges the least slack of a multilinear constraint is at a corner, so
"holds over the whole box" is then a proof, not a sample. Where a constraint is not multilinear,
each atom (such as Φ(d′ − k)) is bounded by interval arithmetic and treated as a variable of its
own: the bound may be too low, never too high, so it can prove but not refute.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from negotiate.errors import FormulaError
from negotiate.expression import Name, names
from negotiate.incentives import Incentives, Values, rounded
from negotiate.intervals import bounds
from negotiate.parameters import draw
from negotiate.polynomial import Atom

__all__ = ["BoxSlack", "least_slack", "sampled_slack"]

Floats = NDArray[np.float64]

MAX_CORNER_ATOMS = 12
"""Most atoms whose corners are enumerated; the sign of a derivative settles the others."""


@dataclass(frozen=True, eq=False)
class BoxSlack:
    """Least slack over the box of stated ranges.

    Parameters
    ----------
    slack : (n_parties, n_options) array of float
        Infinite where an option does not constrain.
    is_exact : bool
        Whether it is attained at a corner of the box; otherwise it is a lower bound.
    """

    slack: Floats
    is_exact: bool


def least_slack(system: Incentives) -> BoxSlack:
    """Least slack of every constraint over the box of stated ranges."""
    atoms = list(dict.fromkeys(atom for m in system.monomials for atom in m))
    repeated = any(len(set(m)) < len(m) for m in system.monomials)
    lows, highs = (
        zip(*(_atom_bounds(system, atom) for atom in atoms), strict=True)
        if atoms
        else (
            (),
            (),
        )
    )
    moving = [k for k in range(len(atoms)) if (lows[k] < highs[k]).any()]
    is_exact = not repeated and all(isinstance(atoms[k], Name) for k in moving)
    found = None if repeated else _corner_minimum(system, atoms, list(lows), list(highs), moving)
    if found is None:
        box = dict(zip(atoms, zip(lows, highs, strict=True), strict=True))
        found, is_exact = _interval_sum(system, box), False
    return BoxSlack(np.where(system.constrains, rounded(*found), np.inf), is_exact)


def _atom_bounds(system: Incentives, atom: Atom) -> tuple[Floats, Floats]:
    parameters = system.ledger.parameters
    if isinstance(atom, Name):
        return parameters[atom.id].box
    used = [parameters[name] for name in names(atom)]
    n = max((len(p.paths) for p in used), default=1)
    ends = []
    for i in range(n):
        box = {
            p.name: (float(p.box[0][i % len(p.paths)]), float(p.box[1][i % len(p.paths)]))
            for p in used
        }
        try:
            ends.append(bounds(atom, box))
        except FormulaError as error:
            ranges = ", ".join(
                f"{name} in [{low:g}, {high:g}]" for name, (low, high) in box.items()
            )
            raise FormulaError(f"{error.problem} (a formula of {ranges})") from None
    low, high = np.array(ends).T
    return low, high


def _corner_minimum(
    system: Incentives,
    atoms: list[Atom],
    lows: list[Floats],
    highs: list[Floats],
    moving: list[int],
) -> tuple[Floats, Floats] | None:
    """Least value over the corners, none if there are too many of them.

    Atoms in which a constraint is monotone sit at one end.
    """
    shape = system.constrains.shape
    ends = {k: (_column(lows[k]), _column(highs[k])) for k in range(len(atoms))}
    at = dict(ends)
    free = []
    for k in moving:
        slope = _slope_bounds(system, atoms, ends, k)
        rising, falling = slope[0] >= 0, slope[1] <= 0
        settled = rising | falling | ~system.constrains
        low, high = (np.broadcast_to(end, shape) for end in ends[k])
        worst = np.where(rising, low, high)
        if settled.all():
            at[k] = (worst, worst)
        else:
            free.append(k)
            at[k] = (np.where(settled, worst, low), np.where(settled, worst, high))
    if len(free) > MAX_CORNER_ATOMS:
        return None
    least: Floats = np.full(shape, np.inf)
    size: Floats = np.zeros(shape)
    for corner in itertools.product((0, 1), repeat=len(free)):
        chosen = {atom: at[k][0] for k, atom in enumerate(atoms)}
        chosen.update({atoms[k]: at[k][side] for k, side in zip(free, corner, strict=True)})
        total: Floats = np.zeros(shape)
        for monomial, weight in zip(system.monomials, system.weights, strict=True):
            part = weight
            for atom in monomial:
                part = part * chosen[atom]
            total = total + part
            size = np.maximum(size, np.abs(part))
        least = np.minimum(least, total)
    return least, size


def _column(values: Floats) -> Floats:
    return values[:, None]


def _slope_bounds(
    system: Incentives,
    atoms: list[Atom],
    ends: dict[int, tuple[Floats, Floats]],
    k: int,
) -> tuple[Floats, Floats]:
    """Bounds of the derivative of every slack in one atom, over the box."""
    low: Floats = np.zeros(system.constrains.shape)
    high: Floats = np.zeros(system.constrains.shape)
    number = {atom: j for j, atom in enumerate(atoms)}
    for monomial, weight in zip(system.monomials, system.weights, strict=True):
        if atoms[k] not in monomial:
            continue
        part = (weight, weight)
        for atom in monomial:
            if atom != atoms[k]:
                part = _times(part, ends[number[atom]])
        low, high = low + part[0], high + part[1]
    return low, high


def _times(a: tuple[Floats, Floats], b: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    products = [x * y for x in a for y in b]
    return np.minimum.reduce(products), np.maximum.reduce(products)


def _interval_sum(
    system: Incentives, box: dict[Atom, tuple[Floats, Floats]]
) -> tuple[Floats, Floats]:
    """Lower bound of every slack by interval arithmetic over its monomials."""
    total: Floats = np.zeros(system.constrains.shape)
    size: Floats = np.zeros(system.constrains.shape)
    for monomial, weight in zip(system.monomials, system.weights, strict=True):
        part = (weight, weight)
        for atom in monomial:
            low, high = box[atom]
            part = _times(part, (_column(low), _column(high)))
        total = total + part[0]
        size = size + np.maximum(np.abs(part[0]), np.abs(part[1]))
    return total, size


def sampled_slack(
    system: Incentives, *, samples: int, seed: int
) -> tuple[Floats, NDArray[np.intp]]:
    """Slack of every constraint at seeded draws of all uncertain numbers.

    Returns
    -------
    slack : (samples, n_constraints) array of float
    of : (n_constraints, 2) array of int
        Party and option of each constraint.
    """
    draws: Values = draw(system.ledger.parameters, np.random.default_rng(seed), samples)
    varied = {n: np.asarray(v) for n, v in draws.items() if n in system.names}
    return system.batch(varied)
