"""Participation games of many players of few types: stable numbers of signatories per type.

Players of one type are alike, so that a coalition matters only through its number of members per
type. All vectors of numbers are scanned, which settles every one of the ``2**n`` coalitions: 193
players of three types need some 300,000 cases.

References
----------
.. [1] M. Finus and P. Pintassilgo, "The role of uncertainty and learning for the success of
   international climate agreements", Journal of Public Economics 103, 2013, 29-43.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb, prod

import numpy as np

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.normal_form import FloatArray
from games.participation.indifference import indifference

__all__ = ["StableTypeCounts", "TypedGame"]

MAX_PROFILES = 20_000_000

TypedPayoffs = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]


@dataclass(frozen=True)
class StableTypeCounts:
    """One stable number of signatories per type.

    Parameters
    ----------
    members : (n_types,) tuple of int
    n_coalitions : int
        Coalitions that these numbers stand for.
    leave_slacks, join_slacks : (n_types,) tuples of float
        What a member of each type would lose by leaving and an outsider by joining; infinite
        where there is none.
    tied : tuple of str
        Who is indifferent: ``members of <type>``, ``outsiders of <type>``.
    """

    members: tuple[int, ...]
    n_coalitions: int
    leave_slacks: tuple[float, ...]
    join_slacks: tuple[float, ...]
    tied: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class TypedGame:
    """Payoffs of a member and of an outsider of each type, for all numbers of signatories.

    Parameters
    ----------
    counts : tuple of int
        Players of each type.
    member, outsider : (n_types, counts[0] + 1, ..., counts[-1] + 1) arrays of float
        ``member[t, k_0, k_1, ...]`` is the payoff of a member of type t when ``k_s`` players of
        each type s are members. Ignored where no such player exists.
    types : tuple of str
        Labels.
    """

    counts: tuple[int, ...]
    member: FloatArray
    outsider: FloatArray
    types: tuple[str, ...]

    method = "complete: all numbers of signatories per type"

    @classmethod
    def from_function(
        cls, counts: Sequence[int], function: TypedPayoffs, types: Sequence[str] = ()
    ) -> TypedGame:
        """Game from a function of the numbers of members.

        Parameters
        ----------
        counts : sequence of int
            Players of each type, at least one.
        function : callable
            Takes ``inside``, a (n_types, m) array with the members of each type per case, and
            ``counts``; returns the payoffs of a member and of an outsider of each type, both
            (n_types, m).
        types : sequence of str, optional
        """
        sizes = tuple(int(c) for c in counts)
        if not sizes or min(sizes) < 1:
            raise InvalidGameError("counts", f"is {list(counts)}; every type needs a player")
        labels = tuple(types) or tuple(f"type {t + 1}" for t in range(len(sizes)))
        if len(labels) != len(sizes) or len(set(labels)) != len(labels):
            raise InvalidGameError("types", f"need {len(sizes)} distinct labels")
        shape = tuple(c + 1 for c in sizes)
        if prod(shape) * len(sizes) > MAX_PROFILES:
            raise TooLargeError(
                f"{prod(shape)} numbers of signatories are too many; merge types, or use "
                "games.participation.search"
            )
        inside = np.indices(shape).reshape(len(sizes), -1).astype(float)
        arrays = []
        for given in function(inside, np.array(sizes, dtype=float)):
            array = np.asarray(given, dtype=float)
            if array.shape != inside.shape or not np.isfinite(array).all():
                raise InvalidGameError(
                    "function", f"must return two finite arrays of shape {inside.shape}"
                )
            arrays.append(array.reshape(len(sizes), *shape))
        if len(arrays) != 2:
            raise InvalidGameError(
                "function", f"returned {len(arrays)} arrays; payoffs of members and of outsiders"
            )
        return cls(sizes, arrays[0], arrays[1], labels)

    def advantages(self, kind: int) -> FloatArray:
        """Gain of a player of one type from signing, by the numbers of members before it does."""
        axis = kind
        joined = np.moveaxis(self.member[kind], axis, 0)[1:]
        before = np.moveaxis(self.outsider[kind], axis, 0)[:-1]
        return np.moveaxis(joined - before, 0, axis)

    def stable(self) -> tuple[StableTypeCounts, ...]:
        """All stable numbers of signatories per type; proves that there are no others."""
        shape = self.member.shape[1:]
        stable = np.ones(shape, dtype=bool)
        for t in range(len(self.counts)):
            gain = np.moveaxis(self.advantages(t), t, 0)
            joined = np.moveaxis(self.member[t], t, 0)[1:]
            limit = indifference(joined, np.moveaxis(self.outsider[t], t, 0)[:-1])
            by_type = np.moveaxis(stable, t, 0)
            by_type[1:] &= gain >= -limit
            by_type[:-1] &= gain <= limit
        return tuple(self._report(tuple(int(k) for k in at)) for at in np.argwhere(stable))

    def _report(self, at: tuple[int, ...]) -> StableTypeCounts:
        leaves: list[float] = []
        joins: list[float] = []
        tied: list[str] = []
        for t, k in enumerate(at):
            fewer, more = list(at), list(at)
            fewer[t], more[t] = k - 1, k + 1
            sides = [
                ("members", leaves, k > 0, self.member, self.outsider, fewer),
                ("outsiders", joins, k < self.counts[t], self.outsider, self.member, more),
            ]
            for who, slacks, exists, here, there, after in sides:
                if not exists:
                    slacks.append(float("inf"))
                    continue
                stay, go = float(here[(t, *at)]), float(there[(t, *after)])
                slacks.append(stay - go)
                limit = float(indifference(stay, go))
                if stay - go < -limit:
                    raise CertificateError(f"numbers {at} are not stable for {self.types[t]}")
                if abs(stay - go) <= limit:
                    tied.append(f"{who} of {self.types[t]}")
        n_coalitions = prod(comb(c, k) for c, k in zip(self.counts, at, strict=True))
        return StableTypeCounts(at, n_coalitions, tuple(leaves), tuple(joins), tuple(tied))
