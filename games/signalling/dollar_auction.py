"""The dollar auction: why the first step of an escalation may be the last, or ruinous.

Two players bid in turn for a prize; the higher bid wins it, and *both* pay what they bid (Shubik,
1971). Bids are whole units, neither may exceed its budget, and a player who is indifferent does
not go on. With equal budgets b and a prize v the opening bid is ``(b - 1) mod (v - 1) + 1``, and
the other gives up at once (O'Neill, 1986); an opener who may spend more than the other wins with a
bid of one. All of it is found here by backward induction.

References
----------
.. [1] M. Shubik, "The dollar auction game: a paradox in noncooperative behavior and escalation",
   Journal of Conflict Resolution 15(1), 1971, 109-111.
.. [2] B. O'Neill, "International escalation and the dollar auction", Journal of Conflict
   Resolution 30(1), 1986, 33-50.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from games.errors import InvalidGameError
from games.parameters import check_count

__all__ = ["DollarAuction", "dollar_auction"]

MAX_BUDGET = 100

_State: TypeAlias = tuple[int, int, int]
"""Who moves, what it has bid, what the other has bid: at least as much."""


@dataclass(frozen=True)
class DollarAuction:
    """How the auction goes when both reason to the end.

    Parameters
    ----------
    bids : tuple of int
        The bids in order, the opener's first; empty if it does not open.
    payoffs : tuple of int
        Of the opener and of the other: the prize less the own bid, or minus the own bid.
    """

    bids: tuple[int, ...]
    payoffs: tuple[int, int]


def dollar_auction(prize: int, budgets: tuple[int, int]) -> DollarAuction:
    """Course of the dollar auction by backward induction.

    Parameters
    ----------
    prize : int
        At least 2, in units of the smallest bid.
    budgets : pair of int
        Largest bids of the opener and of the other, at least 0 and at most 100.

    Raises
    ------
    InvalidGameError
        If a number is out of range.

    Examples
    --------
    A prize of 20 among players who can spend 25 (O'Neill's formula: 24 mod 19 + 1):

    >>> dollar_auction(20, (25, 25))
    DollarAuction(bids=(6,), payoffs=(14, 0))
    """
    v = check_count("prize", prize, least=2)
    for i, budget in enumerate(budgets):
        if check_count(f"budgets[{i}]", budget) > MAX_BUDGET:
            raise InvalidGameError(f"budgets[{i}]", f"is {budget}; at most {MAX_BUDGET}")
    step: dict[_State, int] = {}
    worth: dict[_State, tuple[int, int]] = {}
    for high in range(max(budgets), -1, -1):
        for own in range(high + 1):
            for mover in range(2):
                state = (mover, own, high)
                step[state], worth[state] = _best_step(v, budgets[mover], state, worth)
    bids: list[int] = []
    state = (0, 0, 0)
    while bid := step[state]:
        bids.append(bid)
        state = (1 - state[0], state[2], bid)
    return DollarAuction(tuple(bids), worth[0, 0, 0])


def _best_step(
    prize: int, budget: int, state: _State, worth: dict[_State, tuple[int, int]]
) -> tuple[int, tuple[int, int]]:
    """Bid of the mover, 0 to give up, and what the mover and the other get in the end."""
    mover, own, high = state
    best, payoffs = 0, (-own, prize - high if high else 0)
    for bid in range(high + 1, budget + 1):
        waiting, moving = worth[1 - mover, high, bid]
        if moving > payoffs[0]:
            best, payoffs = bid, (moving, waiting)
    return best, payoffs
