"""Logrolling: exchange of concessions on two issues that helps everybody.

A swap changes two issues of a package. It is logrolling when all gain by the two changes together
although somebody loses by each change alone: everyone gives way on the issue that matters less.

References
----------
.. [1] H. Raiffa, "The Art and Science of Negotiation", Harvard University Press, 1982.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from games.bargaining.rounding import payoff_errors
from games.errors import InvalidGameError
from games.multi_issue.domain import Negotiation
from games.normal_form import FloatArray

__all__ = ["Swap", "logrolling_swaps"]


@dataclass(frozen=True, eq=False)
class Swap:
    """A change of two issues from which everybody gains.

    Parameters
    ----------
    issues : (str, str)
    before, after : (str, str)
        Options of the two issues in the package and after the swap.
    gains : (n_players,) array of float, each player's own units
        What each gains; all positive.
    package : int
        Number of the package after the swap.
    """

    issues: tuple[str, str]
    before: tuple[str, str]
    after: tuple[str, str]
    gains: FloatArray
    package: int


def logrolling_swaps(negotiation: Negotiation, package: int, limit: int = 20) -> tuple[Swap, ...]:
    """Swaps of two issues that help everybody, the most balanced first.

    Parameters
    ----------
    negotiation : Negotiation
    package : int
        Number of the package on the table.
    limit : int
        How many to return.

    Returns
    -------
    tuple of Swap
        Sorted by the least gain over players, each gain as a share of that player's largest gain
        in any swap, so that units need not be comparable. Empty when no swap helps everybody.

    Raises
    ------
    InvalidGameError
        If there is no such package.

    Examples
    --------
    >>> from games.multi_issue.domain import AdditiveUtility, Domain, Issue, Profile
    >>> domain = Domain((Issue("land", ("ours", "theirs")), Issue("water", ("ours", "theirs"))))
    >>> north = Profile("north", AdditiveUtility((np.array([9.0, 0.0]), np.array([2.0, 0.0]))))
    >>> south = Profile("south", AdditiveUtility((np.array([0.0, 3.0]), np.array([0.0, 8.0]))))
    >>> [swap] = logrolling_swaps(Negotiation(domain, (north, south)), package=2)
    >>> swap.before, swap.after, swap.gains
    (('theirs', 'ours'), ('ours', 'theirs'), array([7., 5.]))
    """
    domain = negotiation.domain
    if not 0 <= package < domain.n_packages:
        raise InvalidGameError("package", f"is {package}; the domain has {domain.n_packages}")
    swaps = list(_swaps(negotiation, package))
    if not swaps:
        return ()
    largest = np.max([swap.gains for swap in swaps], axis=0)
    swaps.sort(key=lambda swap: (-float((swap.gains / largest).min()), swap.package))
    return tuple(swaps[:limit])


def _swaps(negotiation: Negotiation, package: int) -> Iterator[Swap]:
    domain = negotiation.domain
    shape = domain.shape
    place = np.append(np.cumprod(shape[:0:-1])[::-1], 1).astype(np.int64)
    row = domain.choices([package])[0]
    here = negotiation.utilities([package])[0]
    tol = payoff_errors(here[None, :])[0]
    # Gains of every change of one issue.
    single = []
    for k, size in enumerate(shape):
        moved = package + (np.arange(size) - row[k]) * place[k]
        single.append(negotiation.utilities(moved) - here)
    for j, k in combinations(range(len(shape)), 2):
        a, b = np.divmod(np.arange(shape[j] * shape[k]), shape[k])
        moved = package + (a - row[j]) * place[j] + (b - row[k]) * place[k]
        gains = negotiation.utilities(moved) - here
        hurts = (single[j][a] < -tol).any(axis=1) & (single[k][b] < -tol).any(axis=1)
        for found in np.flatnonzero((gains > tol).all(axis=1) & hurts):
            yield Swap(
                (domain.issues[j].name, domain.issues[k].name),
                (domain.issues[j].options[row[j]], domain.issues[k].options[row[k]]),
                (domain.issues[j].options[a[found]], domain.issues[k].options[b[found]]),
                gains[found],
                int(moved[found]),
            )
