"""Weighted voting games and conjunctions of several weighted rules.

A coalition wins if, by every rule, the weights of its members add up to at least the quota. One
rule with equal weights is a count of heads ("55 members"); a second rule with other weights makes
a double majority ("and 55 % of emissions").

References
----------
.. [1] A. D. Taylor and W. S. Zwicker, "Simple Games", Princeton University Press, 1999.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from games.errors import InvalidGameError
from games.voting.exact_number import exact_number, exact_numbers

__all__ = ["VotingGame", "WeightedRule"]


@dataclass(frozen=True)
class WeightedRule:
    """One quota over one list of weights, kept as the integers without a common factor.

    Parameters
    ----------
    quota : number
        Weight that is enough to win, in the unit of the weights; or text such as ``"55%"``, a
        share of the total.
    weights : sequence of numbers
        One per player, not negative. Floats mean the decimals that they print as.

    Raises
    ------
    InvalidGameError
        If the quota is not positive or exceeds the total weight, a weight is negative, or
        anything is not a finite number.

    Examples
    --------
    >>> WeightedRule("55%", [20, 30, 50])
    WeightedRule(quota=6, weights=(2, 3, 5))
    """

    quota: int
    weights: tuple[int, ...]

    def __init__(self, quota: Any, weights: Iterable[Any], place: str = "") -> None:
        where = f"{place}." if place else ""
        given = exact_numbers(weights, f"{where}weights")
        if not given:
            raise InvalidGameError(f"{where}weights", "is empty; one weight per player is needed")
        for k, weight in enumerate(given):
            if weight < 0:
                raise InvalidGameError(
                    f"{where}weights[{k}]", f"is {weight}; a weight must not be negative"
                )
        total = sum(given, Fraction(0))
        needed = _quota(quota, total, f"{where}quota")
        scale = math.lcm(*(w.denominator for w in given))
        integers = [int(w * scale) for w in given]
        factor = math.gcd(*integers)
        object.__setattr__(self, "quota", math.ceil(needed * scale / factor))
        object.__setattr__(self, "weights", tuple(w // factor for w in integers))

    @property
    def total(self) -> int:
        """Sum of the weights."""
        return sum(self.weights)

    @property
    def is_count(self) -> bool:
        """Whether all weights are equal, so that only heads are counted."""
        return len(set(self.weights)) == 1


@dataclass(frozen=True)
class VotingGame:
    """A conjunction of weighted rules: a coalition wins if it meets them all.

    Parameters
    ----------
    rules : sequence of WeightedRule
        At least one, all over the same players in the same order.
    players : sequence of str, optional
        Labels; ``player 1``, ``player 2``, ... when left out.

    Raises
    ------
    InvalidGameError
        If there is no rule, lengths differ, or labels are repeated or empty.

    Examples
    --------
    >>> council = VotingGame.weighted(39, [7] * 5 + [1] * 10)
    >>> council.wins(range(9)), council.wins(range(1, 15))
    (True, False)
    """

    rules: tuple[WeightedRule, ...]
    players: tuple[str, ...] = ()

    def __init__(self, rules: Iterable[WeightedRule], players: Sequence[str] = ()) -> None:
        rules = tuple(rules)
        if not rules:
            raise InvalidGameError("rules", "is empty; one weighted rule at least is needed")
        n_players = len(rules[0].weights)
        for k, rule in enumerate(rules):
            if len(rule.weights) != n_players:
                raise InvalidGameError(
                    f"rules[{k}].weights",
                    f"has {len(rule.weights)} weights and rules[0] has {n_players}; every rule "
                    "needs one weight per player (0 for players that it does not count)",
                )
        labels = tuple(str(p) for p in players) or tuple(
            f"player {k + 1}" for k in range(n_players)
        )
        if len(labels) != n_players or len(set(labels)) != n_players:
            raise InvalidGameError(
                "players", f"need {n_players} distinct labels, one per weight (got {len(labels)})"
            )
        if not all(label.strip() for label in labels):
            raise InvalidGameError("players", "has an empty label; name every player")
        object.__setattr__(self, "rules", rules)
        object.__setattr__(self, "players", labels)

    @classmethod
    def weighted(
        cls, quota: Any, weights: Iterable[Any], players: Sequence[str] = ()
    ) -> VotingGame:
        """Game of a single rule."""
        return cls((WeightedRule(quota, weights),), players)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.players)

    def wins(self, coalition: Iterable[int]) -> bool:
        """Whether a coalition, given by the numbers of its members from 0, wins."""
        members = set(coalition)
        return all(sum(r.weights[i] for i in members) >= r.quota for r in self.rules)

    @cached_property
    def veto_players(self) -> tuple[int, ...]:
        """Players without whom no coalition wins, by number."""
        return tuple(
            i
            for i in range(self.n_players)
            if any(rule.total - rule.weights[i] < rule.quota for rule in self.rules)
        )

    @cached_property
    def dictator(self) -> int | None:
        """Player who wins alone and without whom nobody wins, where there is one."""
        return next((i for i in self.veto_players if self.wins([i])), None)

    def blocks(self, coalition: Iterable[int]) -> bool:
        """Whether the others cannot win without this coalition (a veto held together)."""
        members = set(coalition)
        return not self.wins(i for i in range(self.n_players) if i not in members)

    @cached_property
    def types(self) -> tuple[tuple[int, ...], ...]:
        """Players by number, grouped where every rule gives them equal weight."""
        groups: dict[tuple[int, ...], list[int]] = {}
        for i in range(self.n_players):
            groups.setdefault(tuple(r.weights[i] for r in self.rules), []).append(i)
        return tuple(tuple(group) for group in groups.values())


def _quota(quota: Any, total: Fraction, place: str) -> Fraction:
    if isinstance(quota, str) and quota.strip().endswith("%"):
        share = exact_number(quota.strip()[:-1], place)
        needed = share / 100 * total
    else:
        needed = exact_number(quota, place)
    if needed <= 0:
        raise InvalidGameError(
            place, f"is {quota}; a quota must be positive, or the empty coalition would win"
        )
    if needed > total:
        raise InvalidGameError(
            place,
            f"is {quota}, above the total weight {float(total):g}; no coalition could win: "
            "lower the quota",
        )
    return needed
