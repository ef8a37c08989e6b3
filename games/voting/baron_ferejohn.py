"""Baron–Ferejohn bargaining: a random proposer divides one unit, a majority must accept.

Closed rule: in each round one of n players is drawn to propose a division; if q players (the
proposer included) accept, it stands; otherwise the next round begins and the unit is worth less by
the discount factor. In a stationary equilibrium the proposer buys the q - 1 cheapest votes at
their continuation values. The equilibrium payoffs are unique (Eraslan, 2002).

Glossary: ``p`` recognition probabilities in rising order; ``w`` the price of a marginal vote;
``K`` the surplus of a proposer whose own vote is cheap. Players in rising order of ``p`` are
bought always, sometimes (all at the price ``w``) or never, so that equilibria are found by trying
where the three groups begin.

References
----------
.. [1] D. P. Baron and J. A. Ferejohn, "Bargaining in legislatures", American Political Science
   Review 83(4), 1989, 1181-1206.
.. [2] H. Eraslan, "Uniqueness of stationary equilibrium payoffs in the Baron-Ferejohn model",
   Journal of Economic Theory 103(1), 2002, 11-30.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any

from games.errors import CertificateError, InvalidGameError
from games.voting.exact_number import exact_number, exact_numbers

__all__ = ["BaronFerejohnEquilibrium", "baron_ferejohn"]


@dataclass(frozen=True)
class BaronFerejohnEquilibrium:
    """Stationary equilibrium, exact.

    Parameters
    ----------
    values : (n_players,) tuple of Fraction
        Expected shares before the proposer is drawn; they sum to 1.
    proposer_shares : (n_players,) tuple of Fraction
        What each player keeps when drawn.
    inclusion : (n_players,) tuple of Fraction
        Probability that each player is paid for its vote by another proposer.
    """

    values: tuple[Fraction, ...]
    proposer_shares: tuple[Fraction, ...]
    inclusion: tuple[Fraction, ...]


def baron_ferejohn(
    n_players: int,
    quota: int,
    discount: Any = 1,
    recognition: Iterable[Any] | None = None,
) -> BaronFerejohnEquilibrium:
    """Stationary equilibrium of the closed-rule division game.

    Parameters
    ----------
    n_players : int
    quota : int
        Votes that pass a proposal, the proposer's included.
    discount : number in [0, 1]
        Worth of the unit one round later, the same for all.
    recognition : (n_players,) sequence of numbers, optional
        Probability of each player to propose; equal by default. Must sum to 1.

    Raises
    ------
    InvalidGameError
        If a number is out of range.

    Examples
    --------
    >>> [str(baron_ferejohn(n, n // 2 + 1).proposer_shares[0]) for n in (3, 5, 7)]
    ['2/3', '3/5', '4/7']
    """
    n, q, delta, p = _checked(n_players, quota, discount, recognition)
    order = sorted(range(n), key=p.__getitem__)
    rising = [p[i] for i in order]
    found = _search(rising, q, delta)
    position = {player: rank for rank, player in enumerate(order)}
    equilibrium = BaronFerejohnEquilibrium(
        *(tuple(column[position[i]] for i in range(n)) for column in found)
    )
    _certify(equilibrium, p, q, delta)
    return equilibrium


def _checked(
    n: int, q: int, discount: Any, recognition: Iterable[Any] | None
) -> tuple[int, int, Fraction, tuple[Fraction, ...]]:
    if n < 1:
        raise InvalidGameError("n_players", f"is {n}; one player at least is needed")
    if not 1 <= q <= n:
        raise InvalidGameError("quota", f"is {q}; it must be between 1 and {n} votes")
    delta = exact_number(discount, "discount")
    if not 0 <= delta <= 1:
        raise InvalidGameError("discount", f"is {discount}; it must be between 0 and 1")
    if recognition is None:
        return n, q, delta, (Fraction(1, n),) * n
    p = exact_numbers(recognition, "recognition")
    if len(p) != n or min(p) < 0 or abs(sum(p, Fraction(0)) - 1) > Fraction(1, 10**9):
        raise InvalidGameError(
            "recognition", f"needs {n} probabilities, none negative, that sum to 1"
        )
    total = sum(p, Fraction(0))
    return n, q, delta, tuple(x / total for x in p)


def _search(
    p: list[Fraction], q: int, delta: Fraction
) -> tuple[list[Fraction], list[Fraction], list[Fraction]]:
    n = len(p)
    cumulated = [Fraction(0), *accumulate(p)]
    if q == 1 or delta == 0:
        # No vote needs to be paid for; with a worthless future the votes are free.
        inclusion = [Fraction(q - 1, max(1, n - 1)) * (1 - x) for x in p]
        return list(p), [Fraction(1)] * n, inclusion
    for low in range(q):
        for high in range(q, n + 1):
            solved = _prices(cumulated, low, high, q, delta)
            if solved is not None and (found := _candidate(p, low, high, q, delta, *solved)):
                return found
    if q == n and delta < 1:
        # Unanimity: every other vote is bought, and payoffs are the recognition probabilities.
        return list(p), [1 - delta * (1 - x) for x in p], [1 - x for x in p]
    raise CertificateError("no stationary equilibrium was found, though one exists")


def _prices(
    cumulated: list[Fraction], low: int, high: int, q: int, delta: Fraction
) -> tuple[Fraction, Fraction] | None:
    # K = 1 - delta K P_low / (1 - delta) - (q - low) w, and the values sum to 1.
    p_low, p_high = cumulated[low], 1 - cumulated[high]
    if low and delta == 1:
        return None
    bought = p_low / (1 - delta) if low else Fraction(0)
    a11, a12 = 1 + delta * bought, Fraction(q - low)
    a21, a22 = bought + p_high, p_high + Fraction(high - low) / delta
    determinant = a11 * a22 - a12 * a21
    if determinant == 0:
        return None
    return (a22 - a12) / determinant, (a11 - a21) / determinant


def _candidate(
    p: list[Fraction], low: int, high: int, q: int, delta: Fraction, K: Fraction, w: Fraction
) -> tuple[list[Fraction], list[Fraction], list[Fraction]] | None:
    values, shares, inclusion = [], [], []
    for rank, x in enumerate(p):
        if rank < low:
            value = x * K / (1 - delta)
            share, paid = K + delta * value, 1 - x
            if delta * value > w:
                return None
        elif rank < high:
            value, share = w / delta, K + w
            # Votes that cost nothing are drawn evenly among those who never propose.
            paid = (value - x * share) / w if w else Fraction(q - 1 - low, high - low)
            if not 0 <= paid <= 1 - x:
                return None
        else:
            value, share, paid = x * (K + w), K + w, Fraction(0)
            if delta * value < w:
                return None
        values.append(value)
        shares.append(share)
        inclusion.append(paid)
    return values, shares, inclusion


def _certify(
    found: BaronFerejohnEquilibrium, p: tuple[Fraction, ...], q: int, delta: Fraction
) -> None:
    prices = sorted(delta * value for value in found.values)
    for i, value in enumerate(found.values):
        own = delta * value
        # The cheapest q - 1 other votes: one's own price is among the q - 1 lowest, or is not.
        cheapest = sum(prices[: q - 1])
        if q > 1 and own <= prices[q - 2]:
            cheapest += prices[q - 1] - own
        share, paid = found.proposer_shares[i], found.inclusion[i]
        if (
            share != 1 - cheapest
            or value != p[i] * share + paid * own
            or not 0 <= paid <= 1 - p[i]
        ):
            raise CertificateError(f"player {i}: no stationary equilibrium")
    if sum(found.values) != 1 or sum(found.inclusion) != q - 1:
        raise CertificateError("the shares do not sum to 1, or votes bought are not q - 1")
