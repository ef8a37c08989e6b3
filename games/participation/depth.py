"""Depth and breadth: how much can be asked of how many, if the only sanction is to stop.

Linear benefit ``b Q``, quadratic cost ``c q**2 / 2``. Going x beyond the Nash abatement costs a
player the one-shot gain ``c x**2 / 2`` of defecting, and earns ``b (k - 1) x - c x**2 / 2`` in
every period of cooperation among k. With grim punishment and discount factor d it is sustained
up to ``x = 2 d (k - 1) b / c``; the first best is ``(k - 1) b / c``.

References
----------
.. [1] G. W. Downs, D. M. Rocke and P. N. Barsoom, "Is the good news about compliance good news
   about cooperation?", International Organization 50(3), 1996, 379-406.
.. [2] M. J. Gilligan, "Is there a broader-deeper trade-off in international multilateral
   agreements?", International Organization 58(3), 2004, 459-484.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from games.errors import InvalidGameError
from games.voting.exact_number import exact_number, exact_numbers

__all__ = ["DepthAtBreadth", "depth_by_breadth", "first_best_share", "largest_depth"]


@dataclass(frozen=True)
class DepthAtBreadth:
    """Deepest common standard for one number of signatories.

    Parameters
    ----------
    members : tuple of int
        Who takes part: the players that can bear most.
    common : Fraction
        Largest increment that all of them can sustain.
    differentiated : tuple of Fraction
        Largest increment of each when obligations may differ but each has to outweigh the same
        effort by the others.
    binding : int
        Player that limits the common standard.
    """

    members: tuple[int, ...]
    common: Fraction
    differentiated: tuple[Fraction, ...]
    binding: int


def largest_depth(n_players: int, benefit: Any, cost: Any, discount: Any) -> Fraction:
    """Largest increment over Nash abatement that like players sustain, ``2 d (N - 1) b / c``.

    Examples
    --------
    >>> float(largest_depth(10, 1, 1, 0.3))
    5.4
    """
    if n_players < 1:
        raise InvalidGameError("n_players", f"is {n_players}; one player at least is needed")
    return (n_players - 1) * _coefficient(benefit, cost, discount, "")


def first_best_share(discount: Any) -> Fraction:
    """Share of the first-best increment that can be sustained, ``min(1, 2 d)``."""
    return min(Fraction(1), 2 * _discount(discount, "discount"))


def depth_by_breadth(
    benefits: Iterable[Any], costs: Iterable[Any], discounts: Iterable[Any]
) -> tuple[DepthAtBreadth, ...]:
    """Deepest common standard for 2, 3, ..., N signatories, and what tracks would allow instead.

    Returns
    -------
    tuple of DepthAtBreadth
        From 2 signatories to all; the players with the largest ``2 d b / c`` first.

    Notes
    -----
    Each player's limit supposes that the others do as much as it does, so that with unlike
    obligations the figures compare tolerances and are not one agreement.
    """
    b, c, d = (
        exact_numbers(values, name)
        for values, name in ((benefits, "benefits"), (costs, "costs"), (discounts, "discounts"))
    )
    if not len(b) == len(c) == len(d) or len(b) < 2:
        raise InvalidGameError(
            "benefits, costs, discounts", f"have {len(b)}, {len(c)}, {len(d)} players; two or more"
        )
    limits = [_coefficient(b[i], c[i], d[i], f"[{i}]") for i in range(len(b))]
    order = sorted(range(len(b)), key=lambda i: -limits[i])
    found = []
    for k in range(2, len(b) + 1):
        members = order[:k]
        found.append(
            DepthAtBreadth(
                tuple(sorted(members)),
                (k - 1) * limits[members[-1]],
                tuple((k - 1) * limits[i] for i in sorted(members)),
                members[-1],
            )
        )
    return tuple(found)


def _discount(value: Any, place: str) -> Fraction:
    d = exact_number(value, place)
    if not 0 <= d < 1:
        raise InvalidGameError(place, f"is {value}; it must be at least 0 and below 1")
    return d


def _coefficient(benefit: Any, cost: Any, discount: Any, index: str) -> Fraction:
    b, c = exact_number(benefit, f"benefit{index}"), exact_number(cost, f"cost{index}")
    if b < 0 or c <= 0:
        raise InvalidGameError(
            f"benefit{index}, cost{index}", f"are {b}, {c}; not negative and positive are needed"
        )
    return 2 * _discount(discount, f"discount{index}") * b / c
