"""Positions, power and salience of the players of a spatial model, checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from games.errors import InvalidGameError
from games.normal_form import FloatArray

__all__ = ["Stakes"]

LARGEST_POSITION = 1e150
"""Positions beyond this size could overflow when they are subtracted or weighted."""


@dataclass(frozen=True, eq=False)
class Stakes:
    """What the players want and what they can do for it.

    Parameters
    ----------
    positions : (n_players,) array of float, in the units of the issue
    power : (n_players,) array of float, not negative
        Only ratios count.
    salience : (n_players,) array of float, from 0 to 1
        All 1 when left out.

    Raises
    ------
    InvalidGameError
        If lengths differ, a number is out of range, or nobody has any weight.
    """

    positions: FloatArray
    power: FloatArray
    salience: FloatArray

    def __init__(
        self, positions: ArrayLike, power: ArrayLike, salience: ArrayLike | None = None
    ) -> None:
        place = _numbers("positions", positions)
        if place.ndim != 1 or not place.size:
            raise InvalidGameError("positions", "needs one number per player")
        strength = _numbers("power", power)
        given = np.ones(place.size) if salience is None else _numbers("salience", salience)
        for name, values in (("power", strength), ("salience", given)):
            if values.shape != place.shape:
                raise InvalidGameError(name, f"has shape {values.shape}; {place.size} needed")
        for name, values, top in (("power", strength, np.inf), ("salience", given, 1.0)):
            bad = np.flatnonzero((values < 0) | (values > top))
            if bad.size:
                limit = "0 to 1" if top == 1.0 else "0 up"
                k = int(bad[0])
                raise InvalidGameError(f"{name}[{k}]", f"is {values[k]}; must be from {limit}")
        far = np.flatnonzero(np.abs(place) > LARGEST_POSITION)
        if far.size:
            k = int(far[0])
            raise InvalidGameError(
                f"positions[{k}]", f"is {place[k]}; must be at most {LARGEST_POSITION:g} in size"
            )
        if not (_scaled(strength) * given).any():
            raise InvalidGameError("power", "times salience is zero for everybody")
        object.__setattr__(self, "positions", place)
        object.__setattr__(self, "power", strength)
        object.__setattr__(self, "salience", given)

    @property
    def weights(self) -> FloatArray:
        """Power times salience, scaled to sum to 1."""
        weights = _scaled(self.power) * self.salience
        weights /= weights.max()
        return np.asarray(weights / weights.sum())


def _scaled(power: FloatArray) -> FloatArray:
    """Power as a share of the largest: sums and products of it cannot overflow."""
    largest = float(power.max())
    return np.asarray(power / largest) if largest > 0 else power


def _numbers(place: str, values: ArrayLike) -> FloatArray:
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(place, f"not a list of numbers ({error})") from None
    if not np.isfinite(array).all():
        index = ", ".join(str(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise InvalidGameError(f"{place}[{index}]", "is not a finite number")
    return array
