"""Issues, options, packages, and the players' utilities over them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from games.errors import InvalidGameError, TooLargeError
from games.normal_form import FloatArray

__all__ = [
    "AdditiveUtility",
    "Domain",
    "Issue",
    "Negotiation",
    "Profile",
    "TabulatedUtility",
]

MAX_PACKAGES = 2**62
LARGEST = 1e300


@dataclass(frozen=True)
class Issue:
    """An issue and its options, both by name."""

    name: str
    options: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.options:
            raise InvalidGameError(f"issue {self.name!r}", "has no options; give it one")
        seen: set[str] = set()
        for option in self.options:
            if option in seen:
                raise InvalidGameError(f"issue {self.name!r}", f"lists option {option!r} twice")
            seen.add(option)


@dataclass(frozen=True)
class Domain:
    """What is negotiated: issues in order.

    Parameters
    ----------
    issues : tuple of Issue
    name : str

    Raises
    ------
    InvalidGameError
        If there are no issues or two have one name.
    TooLargeError
        If packages cannot be numbered by 62 bits.

    Examples
    --------
    >>> domain = Domain((Issue("tariff", ("cut", "keep")), Issue("aid", ("more", "less"))))
    >>> domain.n_packages, domain.package(1)
    (4, {'tariff': 'cut', 'aid': 'less'})
    """

    issues: tuple[Issue, ...]
    name: str = ""

    def __post_init__(self) -> None:
        names = [issue.name for issue in self.issues]
        if not names:
            raise InvalidGameError("domain", "has no issues; give it one")
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise InvalidGameError("domain", f"lists issue {twice[0]!r} twice")
        if self.n_packages > MAX_PACKAGES:
            raise TooLargeError(f"domain has {self.n_packages} packages; at most {MAX_PACKAGES}")

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of options of each issue."""
        return tuple(len(issue.options) for issue in self.issues)

    @property
    def n_packages(self) -> int:
        """Number of packages."""
        return prod(self.shape)

    def choices(self, indices: ArrayLike) -> np.ndarray:
        """Option numbers of packages, shape ``(n_indices, n_issues)``.

        Raises
        ------
        InvalidGameError
            If there is no such package.
        """
        numbers = np.asarray(indices)
        if not numbers.size:
            numbers = numbers.astype(np.int64)
        if not np.issubdtype(numbers.dtype, np.integer):
            raise InvalidGameError("package", f"numbers must be whole (got {indices!r:.60})")
        outside = (numbers < 0) | (numbers >= self.n_packages)
        if outside.any():
            raise InvalidGameError(
                "package", f"is {numbers[outside][0]}; packages are 0 to {self.n_packages - 1}"
            )
        columns = []
        for size in reversed(self.shape):
            numbers, column = np.divmod(numbers, size)
            columns.append(column)
        return np.stack(columns[::-1], axis=-1)

    def package(self, index: int) -> dict[str, str]:
        """Option of every issue in a package, by name."""
        row = self.choices([index])[0]
        return {issue.name: issue.options[k] for issue, k in zip(self.issues, row, strict=True)}

    def index(self, package: Mapping[str, str]) -> int:
        """Number of a package.

        Raises
        ------
        InvalidGameError
            If an issue is missing or an issue or option is unknown.
        """
        number = 0
        for issue in self.issues:
            if issue.name not in package:
                raise InvalidGameError("package", f"lacks issue {issue.name!r}")
            if package[issue.name] not in issue.options:
                raise InvalidGameError(
                    f"package, issue {issue.name!r}", f"no option {package[issue.name]!r}"
                )
            number = number * len(issue.options) + issue.options.index(package[issue.name])
        extra = set(package) - {issue.name for issue in self.issues}
        if extra:
            raise InvalidGameError("package", f"unknown issues {sorted(extra)}")
        return number


@dataclass(frozen=True, eq=False)
class AdditiveUtility:
    """Utility that adds up over issues.

    Parameters
    ----------
    contributions : tuple of (n_options,) arrays of float, one per issue
        What each option adds: weight times evaluation.
    """

    contributions: tuple[FloatArray, ...]

    def __post_init__(self) -> None:
        parts = tuple(
            _numbers(f"contributions[{k}]", part) for k, part in enumerate(self.contributions)
        )
        object.__setattr__(self, "contributions", parts)

    @classmethod
    def weighted(
        cls, weights: Sequence[float], evaluations: Sequence[Sequence[float]]
    ) -> AdditiveUtility:
        """Utility ``sum(weight * evaluation / largest evaluation of the issue)``.

        An issue whose evaluations are all zero adds nothing.

        Raises
        ------
        InvalidGameError
            If a weight or an evaluation is negative or not finite, or lengths differ.
        """
        if len(weights) != len(evaluations):
            raise InvalidGameError("weights", f"{len(evaluations)} needed (got {len(weights)})")
        parts = []
        for k, (weight, values) in enumerate(zip(weights, evaluations, strict=True)):
            row = _numbers(f"evaluations[{k}]", values)
            if not row.size or row.ndim != 1 or (row < 0).any():
                raise InvalidGameError(f"evaluations[{k}]", f"numbers from 0 up needed ({row})")
            factor = float(_numbers(f"weights[{k}]", weight))
            if factor < 0:
                raise InvalidGameError(f"weights[{k}]", f"is {weight}; must be from 0 up")
            largest = float(row.max())
            parts.append(factor * (row / largest) if largest > 0 else np.zeros(row.size))
        return cls(tuple(parts))

    def values(self, choices: np.ndarray) -> FloatArray:
        """Utilities of packages given by option numbers, ``(n, n_issues)`` to ``(n,)``."""
        total = np.zeros(choices.shape[0])
        for k, part in enumerate(self.contributions):
            total += part[choices[:, k]]
        return total

    def scaled(self, factor: float) -> AdditiveUtility:
        """All utilities times ``factor``."""
        return AdditiveUtility(tuple(part * factor for part in self.contributions))


@dataclass(frozen=True, eq=False)
class TabulatedUtility:
    """Utility given package by package.

    Parameters
    ----------
    table : (n_packages,) array of float
        In the order of package numbers. A read-only memory map serves as well as an array.
    factor : float
        Multiplies every entry.
    """

    table: FloatArray
    factor: float = 1.0

    def __post_init__(self) -> None:
        # A memory map stays one; its entries are checked when they are read.
        if not isinstance(self.table, np.ndarray):
            object.__setattr__(self, "table", _numbers("table", self.table))

    def scaled(self, factor: float) -> TabulatedUtility:
        """All utilities times ``factor``."""
        return replace(self, factor=self.factor * factor)


@dataclass(frozen=True, eq=False)
class Profile:
    """One player's side of a negotiation.

    Parameters
    ----------
    player : str
    utility : AdditiveUtility or TabulatedUtility
    reservation : float, same units as the utility
        Utility without agreement.
    discount : float, above 0 and at most 1
        What is left of utility and reservation value after one unit of time.
    """

    player: str
    utility: AdditiveUtility | TabulatedUtility
    reservation: float = 0.0
    discount: float = 1.0

    def __post_init__(self) -> None:
        place = f"profile {self.player!r}"
        object.__setattr__(
            self, "reservation", float(_numbers(f"{place}: reservation", self.reservation))
        )
        object.__setattr__(self, "discount", float(_numbers(f"{place}: discount", self.discount)))
        if not 0 < self.discount <= 1:
            raise InvalidGameError(
                f"profile {self.player!r}: discount",
                f"is {self.discount}; must be above 0 and at most 1",
            )


@dataclass(frozen=True, eq=False)
class Negotiation:
    """A domain and the profiles of all players.

    Raises
    ------
    InvalidGameError
        If there is no profile, two players have one name, or a utility does not fit the domain.
    """

    domain: Domain
    profiles: tuple[Profile, ...]

    def __post_init__(self) -> None:
        if not self.profiles:
            raise InvalidGameError("profiles", "are missing; give one per player")
        for name in self.players:
            if self.players.count(name) > 1:
                raise InvalidGameError("profiles", f"two players are called {name!r}")
        for profile in self.profiles:
            _check_fit(self.domain, profile)

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players."""
        return tuple(profile.player for profile in self.profiles)

    @cached_property
    def reservations(self) -> FloatArray:
        """Reservation values, shape ``(n_players,)``."""
        return np.array([profile.reservation for profile in self.profiles])

    @property
    def is_additive(self) -> bool:
        """Whether every utility adds up over issues."""
        return all(isinstance(profile.utility, AdditiveUtility) for profile in self.profiles)

    def contributions(self) -> list[FloatArray]:
        """What each option adds to each player's utility, when all utilities are additive.

        Returns
        -------
        list of (n_options, n_players) arrays of float, one per issue
        """
        columns = [
            profile.utility.contributions
            for profile in self.profiles
            if isinstance(profile.utility, AdditiveUtility)
        ]
        if len(columns) < len(self.profiles):
            raise InvalidGameError("profiles", "a tabulated utility has no parts per issue")
        return [np.stack(parts, axis=1) for parts in zip(*columns, strict=True)]

    def utilities(self, indices: ArrayLike) -> FloatArray:
        """Utilities of packages, shape ``(n_indices, n_players)``."""
        choices = self.domain.choices(indices)
        numbers = np.asarray(indices, dtype=np.int64)
        columns = []
        for profile in self.profiles:
            if isinstance(profile.utility, AdditiveUtility):
                columns.append(profile.utility.values(choices))
            else:
                entries = np.asarray(profile.utility.table[numbers], dtype=float)
                columns.append(entries * profile.utility.factor)
        return np.stack(columns, axis=1)

    def at_time(self, time: float) -> Negotiation:
        """The negotiation as it stands after a delay: utilities and reservations discounted.

        Parameters
        ----------
        time : float
            Units of time passed, from 0 up (GENIUS counts the whole negotiation as 1).
        """
        if not isinstance(time, Real) or not np.isfinite(time) or time < 0:
            raise InvalidGameError("time", f"is {time}; must be a number from 0 up")
        return replace(
            self,
            profiles=tuple(
                replace(
                    profile,
                    utility=profile.utility.scaled(profile.discount**time),
                    reservation=profile.reservation * profile.discount**time,
                )
                for profile in self.profiles
            ),
        )


def _check_fit(domain: Domain, profile: Profile) -> None:
    place = f"profile {profile.player!r}"
    utility = profile.utility
    if isinstance(utility, TabulatedUtility):
        if utility.table.shape != (domain.n_packages,):
            raise InvalidGameError(
                f"{place}: table",
                f"has shape {utility.table.shape}; {domain.n_packages} packages need one each",
            )
        return
    if len(utility.contributions) != len(domain.issues):
        raise InvalidGameError(
            place, f"covers {len(utility.contributions)} issues of {len(domain.issues)}"
        )
    for issue, part in zip(domain.issues, utility.contributions, strict=True):
        if part.shape != (len(issue.options),):
            raise InvalidGameError(
                f"{place}, issue {issue.name!r}",
                f"needs {len(issue.options)} contributions (got {part.tolist()!r:.60})",
            )


def _numbers(place: str, values: ArrayLike) -> FloatArray:
    """Array of finite numbers, small enough to be added up."""
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(place, f"not numbers ({error})") from None
    if not (np.abs(array) < LARGEST).all():
        wrong = array[~(np.abs(array) < LARGEST)].ravel()[0]
        raise InvalidGameError(place, f"is {wrong}; must be finite, below {LARGEST:g}")
    return array
