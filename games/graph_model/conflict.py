"""A conflict in graph form: states, moves and preferences as Boolean arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import InvalidGameError, TooLargeError

__all__ = ["MAX_STATES", "BoolArray", "Conflict", "check_size"]

BoolArray: TypeAlias = NDArray[np.bool_]

MAX_STATES = 3000
MAX_ENTRIES = 200_000_000


@dataclass(frozen=True, eq=False)
class Conflict:
    """A conflict in graph form.

    Parameters
    ----------
    players : tuple of str
        The decision makers.
    states : tuple of str
        Labels; states are numbered from 0.
    moves : (n_players, n_states, n_states) array of bool
        ``moves[i, s, t]``: player i can move from s to t in one step.
    prefers : (n_players, n_states, n_states) array of bool
        ``prefers[i, s, t]``: player i strictly prefers t to s.

    Raises
    ------
    InvalidGameError
        If shapes do not fit, labels repeat, a move stays in its state, or somebody prefers two
        states to each other.
    TooLargeError
        If there are more than 3000 states, or fewer but too many players for them.

    Examples
    --------
    >>> conflict = Conflict.from_payoffs(
    ...     ["row", "column"],
    ...     ["CC", "CD", "DC", "DD"],
    ...     [{0: [2], 1: [3], 2: [0], 3: [1]}, {0: [1], 1: [0], 2: [3], 3: [2]}],
    ...     [[3, 1, 4, 2], [3, 4, 1, 2]],
    ... )
    >>> conflict.improvements[0, 0]
    array([False, False,  True, False])
    """

    players: tuple[str, ...]
    states: tuple[str, ...]
    moves: BoolArray
    prefers: BoolArray

    def __post_init__(self) -> None:
        n_players, n_states = len(self.players), len(self.states)
        if not n_players or not n_states:
            raise InvalidGameError("conflict", "needs at least one player and one state")
        check_size(n_players, n_states)
        for place, labels in (("players", self.players), ("states", self.states)):
            twice = [label for label, count in Counter(labels).items() if count > 1]
            if twice:
                raise InvalidGameError(place, f"{twice[0]!r} is given twice")
        shape = (n_players, n_states, n_states)
        for place, given in (("moves", self.moves), ("prefers", self.prefers)):
            if np.shape(given) != shape or np.asarray(given).dtype != np.bool_:
                raise InvalidGameError(place, f"must be Boolean of shape {shape}")
            array = np.asarray(given).view()
            array.setflags(write=False)
            object.__setattr__(self, place, array)
        stays = np.argwhere(np.einsum("iss->is", self.moves))
        if stays.size:
            player, state = stays[0]
            raise InvalidGameError(
                f"moves of {self.players[player]}",
                f"state {self.states[state]} leads to itself; a move changes the state",
            )
        both = np.argwhere(self.prefers & self.prefers.transpose(0, 2, 1))
        if both.size:
            player, first, second = both[0]
            raise InvalidGameError(
                f"preferences of {self.players[player]}",
                f"a cycle: {self.states[first]} and {self.states[second]} are each preferred to "
                "the other",
            )

    @classmethod
    def from_payoffs(
        cls,
        players: Sequence[str],
        states: Sequence[str],
        moves: Sequence[Mapping[int, Sequence[int]]],
        payoffs: ArrayLike,
    ) -> Conflict:
        """Conflict from lists of moves and ordinal payoffs.

        Parameters
        ----------
        players, states : sequences of str
        moves : one mapping per player, state number to the states that can be reached
        payoffs : (n_players, n_states) array of float
            Larger is better; only the order counts.

        Raises
        ------
        InvalidGameError
            If a state number is unknown or shapes do not fit.
        """
        n_states = len(states)
        check_size(len(players), n_states)
        try:
            values = np.array(payoffs, dtype=float)
        except (TypeError, ValueError) as error:
            raise InvalidGameError("payoffs", f"not a table of numbers ({error})") from None
        if values.shape != (len(players), n_states) or not np.isfinite(values).all():
            shape = (len(players), n_states)
            raise InvalidGameError("payoffs", f"must be finite numbers of shape {shape}")
        if len(moves) != len(players):
            raise InvalidGameError("moves", f"needs one mapping per player ({len(players)})")
        graph = np.zeros((len(players), n_states, n_states), dtype=bool)
        for i, of_player in enumerate(moves):
            for start, ends in of_player.items():
                for state in (start, *ends):
                    if not 0 <= state < n_states:
                        raise InvalidGameError(
                            f"moves of {players[i]}",
                            f"unknown state number {state}; states are 0 to {n_states - 1}",
                        )
                graph[i, start, list(ends)] = True
        return cls(tuple(players), tuple(states), graph, values[:, None, :] > values[:, :, None])

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def n_states(self) -> int:
        """Number of states."""
        return len(self.states)

    @cached_property
    def improvements(self) -> BoolArray:
        """Unilateral improvements: moves to a state that the mover strictly prefers."""
        return self.moves & self.prefers

    @cached_property
    def reach_cache(self) -> dict[tuple[tuple[int, ...], bool], BoolArray]:
        """What :func:`games.graph_model.reachability.reachable` has found so far."""
        return {}

    def others(self, player: int) -> tuple[int, ...]:
        """All players but one."""
        return tuple(i for i in range(self.n_players) if i != player)

    def ranks(self, player: int) -> NDArray[np.int64]:
        """Ordinal payoffs of a player whose preference is a ranking with ties.

        Raises
        ------
        InvalidGameError
            If it is not, as for a coalition whose members disagree.
        """
        values = self.prefers[player].sum(axis=0).astype(np.int64)
        if not (self.prefers[player] == (values[None, :] > values[:, None])).all():
            raise InvalidGameError(
                f"preferences of {self.players[player]}",
                "are not a ranking with ties, which this method needs",
            )
        return np.asarray(values)


def check_size(n_players: int, n_states: int) -> None:
    """Raise TooLargeError unless arrays over players and pairs of states fit in memory."""
    if n_states > MAX_STATES:
        raise TooLargeError(f"{n_states} states; at most {MAX_STATES} are analysed")
    if n_players * n_states**2 > MAX_ENTRIES:
        most = MAX_ENTRIES // n_states**2
        raise TooLargeError(
            f"{n_players} decision makers; at most {most} are analysed with {n_states} states"
        )
