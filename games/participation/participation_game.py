"""Participation games given whole: a payoff to each player for each set of signatories.

Notes
-----
A coalition of signatories is a bit mask, the first player the lowest bit: with three players,
mask 5 stands for the first and the third.

References
----------
.. [1] C. d'Aspremont, A. Jacquemin, J. J. Gabszewicz and J. A. Weymark, "On the stability of
   collusive price leadership", Canadian Journal of Economics 16(1), 1983, 17-25.
.. [2] S. Barrett, "Self-enforcing international environmental agreements", Oxford Economic Papers
   46, 1994, 878-894.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import InvalidGameError, TooLargeError
from games.normal_form import FloatArray

__all__ = ["MAX_PLAYERS", "ParticipationGame", "PayoffFunction", "membership_matrix"]

MAX_PLAYERS = 22
"""More would need over a gigabyte; types, sizes or search answer beyond."""

CHUNK = 1 << 13
"""Coalitions evaluated at once: few enough for the arrays to stay in the cache."""

PayoffFunction = Callable[[NDArray[np.bool_]], Any]
"""From ``members[player, case]`` to ``payoffs[player, case]``, for any number of cases at once."""


@dataclass(frozen=True, eq=False)
class ParticipationGame:
    """Payoff of every player for every coalition of signatories.

    Parameters
    ----------
    payoffs : (n_players, 2**n_players) array of float, each player's own units
        ``payoffs[i, mask]`` is what player i gets if exactly the players in ``mask`` sign.
        Copied and made read-only, unless it is read-only already.
    players : sequence of str, optional
        Labels; ``player 1``, ``player 2``, ... when left out.

    Raises
    ------
    InvalidGameError
        If the shape is wrong, a payoff is not finite, or labels do not fit.
    TooLargeError
        If there are more than 22 players.

    Examples
    --------
    >>> game = ParticipationGame([[0, 1, 2, 3], [0, 2, 1, 3]])
    >>> game.n_players, game.members(2), game.mask([0, 1])
    (2, (1,), 3)
    """

    payoffs: FloatArray
    players: tuple[str, ...] = ()

    def __init__(self, payoffs: ArrayLike, players: Sequence[str] = ()) -> None:
        array = _checked_payoffs(payoffs)
        n_players = array.shape[0]
        labels = tuple(str(p) for p in players) or tuple(
            f"player {k + 1}" for k in range(n_players)
        )
        if len(labels) != n_players or len(set(labels)) != n_players:
            raise InvalidGameError("players", f"need {n_players} distinct labels (got {labels})")
        array.setflags(write=False)
        object.__setattr__(self, "payoffs", array)
        object.__setattr__(self, "players", labels)

    @classmethod
    def from_function(
        cls, n_players: int, function: PayoffFunction, players: Sequence[str] = ()
    ) -> ParticipationGame:
        """Game from a function of membership, called with many coalitions at a time.

        Parameters
        ----------
        n_players : int
        function : callable
            Takes ``members``, an (n_players, m) array of bool with one coalition per column, and
            returns an (n_players, m) array of payoffs.
        players : sequence of str, optional

        Examples
        --------
        >>> import numpy as np
        >>> def pledge(members):  # everyone gains 2 per signatory; signing costs 3
        ...     return 2.0 * members.sum(axis=0) - 3.0 * members
        >>> game = ParticipationGame.from_function(3, pledge)
        >>> game.payoffs[:, game.mask([0, 2])]
        array([1., 4., 1.])
        """
        _check_size(n_players)
        payoffs = np.empty((n_players, 1 << n_players))
        for start in range(0, 1 << n_players, CHUNK):
            masks = np.arange(start, min(start + CHUNK, 1 << n_players))
            part = np.asarray(function(membership_matrix(masks, n_players)), dtype=float)
            if part.shape != (n_players, masks.size):
                raise InvalidGameError(
                    "function",
                    f"returned shape {part.shape} for {masks.size} coalitions; it must return "
                    f"({n_players}, {masks.size})",
                )
            payoffs[:, start : start + masks.size] = part
        payoffs.setflags(write=False)  # so that it need not be copied
        return cls(payoffs, players)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return int(self.payoffs.shape[0])

    @property
    def welfare(self) -> FloatArray:
        """Sum of payoffs per coalition, shape ``(2**n_players,)``; needs a common unit."""
        return np.asarray(self.payoffs.sum(axis=0))

    def members(self, mask: int) -> tuple[int, ...]:
        """Numbers of the players in a coalition."""
        return tuple(i for i in range(self.n_players) if mask >> i & 1)

    def mask(self, members: Iterable[int]) -> int:
        """Bit mask of a coalition given by the numbers of its members."""
        mask = 0
        for i in members:
            if not 0 <= i < self.n_players:
                raise InvalidGameError(
                    "members", f"has {i}; players are numbered from 0 to {self.n_players - 1}"
                )
            mask |= 1 << int(i)
        return mask

    def sizes(self) -> NDArray[np.int64]:
        """Number of signatories per coalition, shape ``(2**n_players,)``."""
        sizes = np.zeros(1, dtype=np.int64)
        for _ in range(self.n_players):
            sizes = np.concatenate([sizes, sizes + 1])
        return sizes


def membership_matrix(masks: NDArray[np.int64], n_players: int) -> NDArray[np.bool_]:
    """Membership by player and coalition, shape ``(n_players, n_masks)``.

    Examples
    --------
    >>> import numpy as np
    >>> membership_matrix(np.array([1, 6]), 3).astype(int)
    array([[1, 0],
           [0, 1],
           [0, 1]])
    """
    return (masks[None, :] & (1 << np.arange(n_players))[:, None]).astype(bool)


def _check_size(n_players: int) -> None:
    if n_players < 1:
        raise InvalidGameError("n_players", f"is {n_players}; one player at least is needed")
    if n_players > MAX_PLAYERS:
        raise TooLargeError(
            f"{n_players} players have 2**{n_players} coalitions; up to {MAX_PLAYERS} are scanned "
            "whole. Group like players (games.participation.typed_game) or search "
            "(games.participation.search)"
        )


def _checked_payoffs(payoffs: ArrayLike) -> FloatArray:
    if (
        isinstance(payoffs, np.ndarray)
        and payoffs.base is None
        and payoffs.dtype == float
        and not payoffs.flags.writeable
    ):
        array: FloatArray = payoffs  # nobody can change it: no copy of what may be a gigabyte
    else:
        array = _as_floats(payoffs)
    if array.ndim != 2 or array.shape[0] == 0:
        raise InvalidGameError("payoffs", f"has shape {array.shape}; (n, 2**n) is needed")
    _check_size(array.shape[0])
    if array.shape[1] != 1 << array.shape[0]:
        raise InvalidGameError(
            "payoffs",
            f"has {array.shape[1]} coalitions for {array.shape[0]} players; "
            f"{1 << array.shape[0]} are needed, one per bit mask",
        )
    if not np.isfinite(array).all():
        player, mask = (int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise InvalidGameError(
            f"payoffs[{player}, {mask}]", "is not a finite number; payoffs must be finite"
        )
    return array


def _as_floats(payoffs: ArrayLike) -> FloatArray:
    try:
        return np.array(payoffs, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError("payoffs", f"not an array of numbers ({error})") from None
