"""Parameters: the named numbers θ in the coefficients of the payoff ledger."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from negotiate.quantity import Quantity, sample

__all__ = ["Parameter", "draw", "points"]


@dataclass(frozen=True)
class Parameter:
    """One named number, the same for all parties or one for each.

    Parameters
    ----------
    name : str
        Name in coefficients: ``gain``, ``penalty.sanction``, ``harm:Borland``.
    symbol : str
        Letter in formulas: ``g``, ``s``.
    about, unit : str
        What it is, and in what it is counted.
    paths : tuple of str
        Where it stands in the document: one path, or one for each party (parties that share a
        number share its path).
    quantities : tuple of Quantity
        As many as ``paths``.
    low, high : float
        Range that the number must keep to whatever the estimates (0 and 1 for probabilities).
    """

    name: str
    symbol: str
    about: str
    unit: str
    paths: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    low: float = -math.inf
    high: float = math.inf

    @cached_property
    def point(self) -> NDArray[np.float64]:
        """Point values, shape ``(1,)`` or ``(n_parties,)``."""
        return np.array([quantity.value for quantity in self.quantities])

    @cached_property
    def box(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lowest and highest values, each of the shape of :attr:`point`."""
        lows = np.array([quantity.low for quantity in self.quantities])
        return lows, np.array([quantity.high for quantity in self.quantities])

    @property
    def is_certain(self) -> bool:
        """Whether no party's number has a range."""
        return all(quantity.is_certain for quantity in self.quantities)

    def path_of(self, party: int) -> str:
        """Path of the number that applies to a party."""
        return self.paths[party if len(self.paths) > 1 else 0]


def points(parameters: Mapping[str, Parameter]) -> dict[str, NDArray[np.float64]]:
    """Point value of every parameter, by name."""
    return {name: parameter.point for name, parameter in parameters.items()}


def draw(
    parameters: Mapping[str, Parameter], rng: np.random.Generator, size: int
) -> dict[str, NDArray[np.float64]]:
    """Draw values of all uncertain parameters, ``(size, 1)`` or ``(size, n_parties)`` by name.

    One number of the document is one random variable: parties that share a path share the draw.
    Numbers at different paths are drawn independently, in the order of the document.
    """
    draws: dict[str, NDArray[np.float64]] = {}
    for parameter in parameters.values():
        for path, quantity in zip(parameter.paths, parameter.quantities, strict=True):
            if path not in draws and not quantity.is_certain:
                draws[path] = sample(quantity, rng, size)
    return {
        name: np.stack(
            [
                draws.get(path, np.full(size, quantity.value))
                for path, quantity in zip(parameter.paths, parameter.quantities, strict=True)
            ],
            axis=1,
        )
        for name, parameter in parameters.items()
        if not parameter.is_certain
    }
