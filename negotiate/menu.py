"""The menu: what each party can do, and what each option means under the norms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["STAY_OUT", "Menu", "Option"]

STAY_OUT = "stay out"
"""Name of the option not to join."""


@dataclass(frozen=True)
class Option:
    """One thing that a party can do.

    Parameters
    ----------
    name : str
    joins : bool
        Whether the party is then a member of the treaty.
    complies : frozenset of str
        Norms with which this conduct complies.
    intensity : mapping of str to float
        Norms that it violates, and how intensely (1 is the reference violation).
    """

    name: str
    joins: bool
    complies: frozenset[str]
    intensity: Mapping[str, float]


@dataclass(frozen=True)
class Menu:
    """The options of every party.

    Parameters
    ----------
    parties : tuple of str
    norms : tuple of str
    options : tuple of tuple of Option
        One row per party; rows may differ in length.
    """

    parties: tuple[str, ...]
    norms: tuple[str, ...]
    options: tuple[tuple[Option, ...], ...]

    @property
    def n_parties(self) -> int:
        """Number of parties."""
        return len(self.parties)

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Number of options of each party."""
        return tuple(len(row) for row in self.options)

    @cached_property
    def n_profiles(self) -> int:
        """Number of action profiles, as an exact integer."""
        return int(np.prod(np.array(self.shape, dtype=object)))

    @cached_property
    def exists(self) -> NDArray[np.bool_]:
        """Which ``[party, option]`` exist, in arrays padded to the longest row."""
        return np.arange(max(self.shape)) < np.array(self.shape)[:, None]

    def table(
        self, of: Literal["joins", "complies", "violates", "intensity"], norm: str = ""
    ) -> NDArray[np.float64]:
        """Attribute of every option as numbers, shape ``(n_parties, n_options)``, zero padded.

        Parameters
        ----------
        of : {"joins", "complies", "violates", "intensity"}
        norm : str
            The norm meant; not used by ``joins``.
        """

        def read(option: Option) -> float:
            intensity = option.intensity.get(norm, 0.0)
            if of == "intensity":
                return intensity
            return float(
                {"joins": option.joins, "complies": norm in option.complies}.get(of, intensity > 0)
            )

        filled = np.zeros(self.exists.shape)
        for i, row in enumerate(self.options):
            filled[i, : len(row)] = [read(option) for option in row]
        return filled

    @cached_property
    def full_compliance(self) -> NDArray[np.intp]:
        """The profile in which every party joins and complies with every norm.

        For each party the first option that complies with all norms, or the first that violates
        none where no option complies with all.
        """
        return np.array([_compliant(row, self.norms) for row in self.options], dtype=np.intp)

    def profiles(self) -> NDArray[np.intp]:
        """All action profiles in lexicographic order, shape ``(n_profiles, n_parties)``."""
        return np.indices(self.shape).reshape(self.n_parties, -1).T

    def names(self, profile: NDArray[np.intp]) -> tuple[str, ...]:
        """Return what each party does in a profile, in words."""
        return tuple(row[a].name for row, a in zip(self.options, profile, strict=True))


def _compliant(row: tuple[Option, ...], norms: tuple[str, ...]) -> int:
    def rank(index: int) -> tuple[bool, float, int, int]:
        option = row[index]
        return (
            not option.joins,
            sum(option.intensity.values()),
            -len(option.complies & set(norms)),
            index,
        )

    return min(range(len(row)), key=rank)
