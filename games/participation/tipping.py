"""Tipping: how far a coalition grows by itself, and whom to recruit first.

In a game with *strategic complements* a player's advantage of signing never falls when others
sign. Rounds of joining from a start then end at one coalition whatever the order, the smallest
stable one above the start; rounds of leaving from full participation end at the largest stable
one. *Recruits* are players who sign come what may; a tipping set is one whose recruits bring in
everybody else.

References
----------
.. [1] T. C. Schelling, "Micromotives and Macrobehavior", Norton, 1978, ch. 3 and 7.
.. [2] P. Milgrom and J. Roberts, "Rationalizability, learning, and equilibrium in games with
   strategic complementarities", Econometrica 58(6), 1990, 1255-1277.
.. [3] G. Heal and H. Kunreuther, "Tipping climate negotiations", in R. W. Hahn and A. Ulph
   (eds.), "Climate Change and Common Sense", Oxford University Press, 2012.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray
from games.participation.indifference import TIE_TOL, indifference
from games.participation.participation_game import ParticipationGame
from games.participation.symmetric_game import SymmetricGame

__all__ = [
    "Advantages",
    "Cascade",
    "TippingSet",
    "cascade",
    "extreme_stable_coalitions",
    "game_advantages",
    "tipping_set",
    "tipping_sizes",
]

Advantages = Callable[[NDArray[np.bool_]], Any]
"""From ``members[player, case]`` to each player's gain from being in rather than out.

In each player's own unit; a gain that is nothing but rounding should come as zero.
"""

MAX_SETS = 200_000


@dataclass(frozen=True)
class Cascade:
    """Rounds of joining from a start.

    Parameters
    ----------
    rounds : tuple of tuple of int
        Who joins in each round.
    members : tuple of int
        Everybody who has signed at the end.
    """

    rounds: tuple[tuple[int, ...], ...]
    members: tuple[int, ...]


@dataclass(frozen=True)
class TippingSet:
    """Recruits who bring in everybody else.

    Parameters
    ----------
    recruits : tuple of int
    is_smallest : bool
        Whether every smaller set was tried; otherwise the set was built greedily.
    n_ties : int
        Other sets of the same size that also tip, where all were tried.
    """

    recruits: tuple[int, ...]
    is_smallest: bool
    n_ties: int


def game_advantages(game: ParticipationGame) -> Advantages:
    """Advantages of signing in a game given whole, as a function of membership.

    Those of players who are indifferent within rounding are zero.
    """
    bits = 1 << np.arange(game.n_players)

    def advantages(members: NDArray[np.bool_]) -> FloatArray:
        masks = bits @ members
        players = np.arange(game.n_players)[:, None]
        inside = masks[None, :] | bits[:, None]
        joined = game.payoffs[players, inside]
        apart = game.payoffs[players, inside ^ bits[:, None]]
        gain = joined - apart
        return np.where(np.abs(gain) <= indifference(joined, apart), 0.0, gain)

    return advantages


def tipping_sizes(game: SymmetricGame) -> tuple[int, ...]:
    """Sizes from which like players start to join: leaving or waiting paid just below.

    Examples
    --------
    >>> from games.participation.trade_measures import symmetric_trade_measures
    >>> tipping_sizes(symmetric_trade_measures(10, 1, 3.5, 1))
    (6,)
    """
    slacks = [game.join_slack(size) for size in range(game.n_players)]
    return tuple(size for size in range(1, game.n_players) if slacks[size] < 0 <= slacks[size - 1])


def cascade(
    n_players: int, advantages: Advantages, start: Iterable[int] = (), *, gain_tol: float = TIE_TOL
) -> Cascade:
    """Rounds in which every outsider who would gain joins at once; nobody leaves.

    Parameters
    ----------
    n_players : int
    advantages : callable
        As of :func:`game_advantages`, or the method of a model.
    start : sequence of int
        Recruits, who sign first.
    gain_tol : float
        Smallest gain that makes a player move, as a share of the player's own advantage with
        nobody else in or with everybody in, whichever is larger: units of different players
        are not compared.

    Examples
    --------
    >>> from games.participation.trade_measures import TradeMeasures
    >>> model = TradeMeasures([0] * 3, [1, 2, 3], [[0, 2, 2]] * 3)
    >>> cascade(3, model.advantages, [1]).rounds
    ()
    """
    members = _membership(n_players, start)
    limits = gain_tol * _scales(n_players, advantages)
    rounds = []
    for _ in range(n_players):
        joins = ~members & (_gains(advantages, members[:, None])[:, 0] > limits)
        if not joins.any():
            break
        rounds.append(tuple(int(i) for i in np.flatnonzero(joins)))
        members = members | joins
    return Cascade(tuple(rounds), tuple(int(i) for i in np.flatnonzero(members)))


def extreme_stable_coalitions(
    n_players: int, advantages: Advantages, *, gain_tol: float = TIE_TOL
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Smallest and largest stable coalition of a game with strategic complements.

    Returns
    -------
    smallest, largest : tuple of int
        Members. Where the two are equal there is no other stable coalition.

    Raises
    ------
    CertificateError
        If an end point is not stable, as when the advantages are not complementary.

    Notes
    -----
    Indifferent players stay out of the smallest and in the largest.
    """
    smallest = _membership(n_players, cascade(n_players, advantages, gain_tol=gain_tol).members)
    limits = gain_tol * _scales(n_players, advantages)
    largest = np.ones(n_players, dtype=bool)
    for _ in range(n_players + 1):
        leaves = largest & (_gains(advantages, largest[:, None])[:, 0] < -limits)
        if not leaves.any():
            break
        largest = largest & ~leaves
    for members in (smallest, largest):
        gain = _gains(advantages, members[:, None])[:, 0]
        if (members & (gain < -limits)).any() or (~members & (gain > limits)).any():
            raise CertificateError(
                "rounds of joining or leaving ended where someone would turn back: the game has "
                "no strategic complements"
            )
    ends = (np.flatnonzero(smallest), np.flatnonzero(largest))
    return tuple(int(i) for i in ends[0]), tuple(int(i) for i in ends[1])


def tipping_set(n_players: int, advantages: Advantages, *, max_sets: int = MAX_SETS) -> TippingSet:
    """Smallest set of recruits who bring in everybody, or a small one where too many exist.

    Parameters
    ----------
    n_players : int
    advantages : callable
    max_sets : int
        Sets of recruits tried by size before a greedy choice takes over.
    """
    limits = TIE_TOL * _scales(n_players, advantages)
    tried = 0
    for size in range(n_players + 1):
        if tried + comb(n_players, size) > max_sets:
            return TippingSet(_greedy(n_players, advantages), False, 0)
        tried += comb(n_players, size)
        tipping = _tipping_of_size(n_players, advantages, size, limits)
        if tipping:
            return TippingSet(tipping[0], True, len(tipping) - 1)
    raise CertificateError("full participation does not include everybody")


def _tipping_of_size(
    n: int, advantages: Advantages, size: int, limits: FloatArray
) -> list[tuple[int, ...]]:
    found = []
    candidates = combinations(range(n), size)
    while chunk := list(islice(candidates, 4096)):
        members = np.zeros((n, len(chunk)), dtype=bool)
        if size:
            members[np.array(chunk).T, np.arange(len(chunk))] = True
        for _ in range(n):
            grown = members | (_gains(advantages, members) > limits[:, None])
            if (grown == members).all():
                break
            members = grown
        found += [chunk[k] for k in np.flatnonzero(members.all(axis=0))]
    return found


def _greedy(n: int, advantages: Advantages) -> tuple[int, ...]:
    # Recruit whoever brings in the most others; then drop those who were not needed.
    recruits: list[int] = []
    while len(reached := cascade(n, advantages, recruits).members) < n:
        outside = [i for i in range(n) if i not in reached]
        recruits.append(
            max(outside, key=lambda i: len(cascade(n, advantages, [*recruits, i]).members))
        )
    for i in list(recruits):
        rest = [j for j in recruits if j != i]
        if len(cascade(n, advantages, rest).members) == n:
            recruits = rest
    return tuple(sorted(recruits))


def _gains(advantages: Advantages, members: NDArray[np.bool_]) -> FloatArray:
    gain = np.asarray(advantages(members), dtype=float)
    if gain.shape != members.shape or not np.isfinite(gain).all():
        raise InvalidGameError(
            "advantages", f"must return finite gains of shape {members.shape}, one per player"
        )
    return gain


def _scales(n_players: int, advantages: Advantages) -> FloatArray:
    """Each player's larger advantage with nobody in and with everybody in, in its own unit."""
    if n_players < 1:
        raise InvalidGameError("n_players", f"is {n_players}; one player at least is needed")
    ends = np.repeat(np.array([[False, True]]), n_players, axis=0)
    return np.asarray(np.abs(_gains(advantages, ends)).max(axis=1))


def _membership(n_players: int, members: Iterable[int]) -> NDArray[np.bool_]:
    inside = np.zeros(n_players, dtype=bool)
    for i in members:
        if not 0 <= i < n_players:
            raise InvalidGameError("start", f"has {i}; players are numbered from 0")
        inside[i] = True
    return inside
