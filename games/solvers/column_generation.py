"""The best distribution under linear incentives, exactly, by column generation.

A best distribution over thousands of action profiles uses few of them. The exact program is
therefore solved over some columns only; its multipliers tell which others would improve it, these
are added, and so on until none would (Gilmore and Gomory, 1961). All is in rational arithmetic,
so an enormous payoff neither hides the others nor is hidden by a tolerance.

References
----------
.. [1] P. C. Gilmore and R. E. Gomory, "A linear programming approach to the cutting-stock
   problem", Operations Research 9(6), 1961, 849-859.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from games.errors import CertificateError, TooLargeError
from games.solvers.rational_simplex import maximize_exactly

__all__ = ["BestDistribution", "best_distribution"]

_ADDED_AT_ONCE = 12
_MAX_WORK = 6_000_000
"""Entries of the tableaux times about the pivots that they take: half a minute."""


@dataclass(frozen=True)
class BestDistribution:
    """An exact optimum.

    Parameters
    ----------
    shares : mapping of int to Fraction
        Probability of each profile in use; all others have none.
    value : Fraction
        The largest expected objective: no multipliers of the incentives allow more.
    """

    shares: Mapping[int, Fraction]
    value: Fraction


def best_distribution(
    objective: Sequence[Fraction], rows: Sequence[Mapping[int, Fraction]], start: Iterable[int]
) -> BestDistribution:
    """Distribution p with the largest ``objective · p`` among those with ``row · p >= 0``.

    Parameters
    ----------
    objective : sequence of Fraction
        By profile.
    rows : sequence of mappings
        Incentives: for each the entries that are not 0, by profile.
    start : iterable of int
        Profiles that a good distribution is expected to use; at least one.

    Raises
    ------
    CertificateError
        If no distribution satisfies the incentives.
    TooLargeError
        If the exact programs take too long.

    Examples
    --------
    Chicken: the traffic light that is best for both together (Aumann, 1974).

    >>> welfare = [Fraction(u) for u in (12, 9, 9, 0)]
    >>> rows = [{0: -1, 1: 2}, {2: 1, 3: -2}, {0: -1, 2: 2}, {1: 1, 3: -2}]
    >>> best = best_distribution(welfare, rows, [0])
    >>> best.value, {k: str(p) for k, p in best.shares.items()}
    (Fraction(21, 2), {0: '1/2', 1: '1/4', 2: '1/4'})
    """
    columns = sorted(set(start))
    work = 0
    nothing = [Fraction(0)] * len(objective)
    # First to satisfy the incentives at all, by making the largest shortfall zero.
    for goal, has_shortfall in ((nothing, True), (objective, False)):
        while True:
            master = _Master(goal, rows, columns, has_shortfall)
            work += len(master.used) * len(columns) * (len(master.used) + len(columns))
            if work > _MAX_WORK:
                raise TooLargeError("exact incentives: too many profiles matter; merge alike ones")
            if has_shortfall and master.value == 0:
                break
            fresh = master.improving_columns()
            if not fresh:
                break
            columns = sorted({*columns, *fresh})
        if has_shortfall and master.value != 0:
            raise CertificateError("no distribution satisfies the incentives")
    shares = {j: p for j, p in zip(columns, master.point, strict=True) if p}
    return BestDistribution(shares, master.value)


class _Master:
    """The program over some columns, solved; with a shortfall that all rows may have, or none."""

    def __init__(
        self,
        goal: Sequence[Fraction],
        rows: Sequence[Mapping[int, Fraction]],
        columns: list[int],
        has_shortfall: bool,
    ) -> None:
        self.goal, self.columns = goal, set(columns)
        # A row without a negative entry here holds whatever the shares.
        self.used = [row for row in rows if any(row.get(j, 0) < 0 for j in columns)]
        upper = [[-row.get(j, Fraction(0)) for j in columns] for row in self.used]
        total = [Fraction(1)] * len(columns)
        worth = [goal[j] for j in columns]
        if has_shortfall:
            sizes = [max(map(abs, row.values())) for row in self.used]
            upper = [[*row, -size] for row, size in zip(upper, sizes, strict=True)]
            total, worth = [*total, Fraction(0)], [*worth, Fraction(-1)]
        solution = maximize_exactly(worth, upper, [0] * len(upper), [total], [1])
        self.value = solution.value
        self.point = solution.point[: len(columns)]
        *self.multipliers, self.price = solution.multipliers or [Fraction(0)]

    def improving_columns(self) -> list[int]:
        """The columns outside that are worth most more than the price of probability."""
        worth = list(self.goal)
        for row, multiplier in zip(self.used, self.multipliers, strict=True):
            if multiplier:
                for j, entry in row.items():
                    worth[j] += multiplier * entry
        better = [j for j, w in enumerate(worth) if w > self.price and j not in self.columns]
        return sorted(better, key=lambda j: (-worth[j], j))[:_ADDED_AT_ONCE]
