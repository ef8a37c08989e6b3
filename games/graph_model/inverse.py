"""The inverse question: the preferences of a player that make a state stable.

Every stability concept asks only how the state ranks against other states: stability is a
condition on the set of states that the player does not prefer to it. For each move away from the
state the player must either not prefer where it leads, or be deterred by an answer of the others:
some state that the player does not prefer (and, under symmetric metarationality, no preferred way
out of it). The preferences of the other players are taken as they are; they matter only for
sequential stability.

References
----------
.. [1] J. Wang, K. W. Hipel, L. Fang, Y. Dang, "Matrix representations of the inverse problem in
   the graph model for conflict resolution", European Journal of Operational Research 270(1), 2018,
   282-293.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from games.errors import InvalidGameError, TooLargeError
from games.graph_model.conflict import Conflict
from games.graph_model.reachability import reachable

__all__ = ["CONCEPTS", "StabilityCondition", "stability_condition"]

CONCEPTS = ("nash", "seq", "gmr", "smr")
MAX_SETS = 5000


@dataclass(frozen=True)
class StabilityCondition:
    """What a player's preferences must satisfy for a state to be stable.

    Parameters
    ----------
    player, state : int
    concept : str
    alternatives : dict of int to tuple of frozenset of int
        For each state that the player can move to, the alternatives that take away the reason to
        do so: sets of states none of which the player may prefer to ``state``.
    """

    player: int
    state: int
    concept: str
    alternatives: dict[int, tuple[frozenset[int], ...]]

    def holds(self, not_preferred: Collection[int]) -> bool:
        """Whether the state is stable if exactly these states are not preferred to it."""
        given = set(not_preferred) | {self.state}
        return all(any(option <= given for option in options) for options in self._options())

    def minimal_sets(self) -> tuple[frozenset[int], ...]:
        """All smallest sets of states that, if not preferred to the state, make it stable.

        Returns
        -------
        tuple of frozenset of int
            No set contains another; fewest states first. The player's preferences make the state
            stable exactly if they put all the states of one of these sets no higher than it. One
            empty set means that the state is stable whatever the player prefers.

        Raises
        ------
        TooLargeError
            If more than 5000 sets must be compared.
        """
        sets: list[frozenset[int]] = [frozenset()]
        for options in self._options():
            joined = {found | option for found in sets for option in options}
            if len(joined) > MAX_SETS:
                raise TooLargeError(f"more than {MAX_SETS} sets to compare; use holds() instead")
            sets = _smallest(joined)
        return tuple(sorted(sets, key=lambda found: (len(found), sorted(found))))

    def least_changes(self, conflict: Conflict) -> tuple[frozenset[int], ...]:
        """States to be lowered to no more than the state, in the cheapest ways.

        Returns
        -------
        tuple of frozenset of int
            Each set holds the states now preferred that would have to lose that rank; those with
            the fewest. One empty set: the state is stable already.
        """
        preferred = set(np.flatnonzero(conflict.prefers[self.player, self.state]).tolist())
        changes = {frozenset(found & preferred) for found in self.minimal_sets()}
        fewest = min(len(change) for change in changes)
        return tuple(sorted((c for c in changes if len(c) == fewest), key=sorted))

    def _options(self) -> list[tuple[frozenset[int], ...]]:
        return list(self.alternatives.values())


def stability_condition(
    conflict: Conflict, player: int, state: int, concept: str
) -> StabilityCondition:
    """Condition on one player's preferences for a state to be stable.

    Parameters
    ----------
    conflict : Conflict
        The player's own preferences in it are not used.
    player, state : int
    concept : str
        ``nash``, ``seq``, ``gmr`` or ``smr``.

    Returns
    -------
    StabilityCondition

    Raises
    ------
    InvalidGameError
        If the player, state or concept is unknown.
    """
    if concept not in CONCEPTS:
        raise InvalidGameError("concept", f"{concept!r} is not one of {', '.join(CONCEPTS)}")
    if not 0 <= player < conflict.n_players:
        raise InvalidGameError("player", f"unknown player number {player}")
    if not 0 <= state < conflict.n_states:
        raise InvalidGameError("state", f"unknown state number {state}")
    answers = np.zeros((conflict.n_states, conflict.n_states), dtype=bool)
    if concept != "nash":
        others = conflict.others(player)
        answers = reachable(conflict, others, improvements_only=concept == "seq")
    alternatives = {}
    for to in np.flatnonzero(conflict.moves[player, state]).tolist():
        options = {frozenset({to})}
        for end in np.flatnonzero(answers[to]).tolist():
            lowered = {end}
            if concept == "smr":
                lowered |= set(np.flatnonzero(conflict.moves[player, end]).tolist())
            options.add(frozenset(lowered - {state}))
        alternatives[to] = tuple(sorted(_smallest(options), key=lambda s: (len(s), sorted(s))))
    return StabilityCondition(player, state, concept, alternatives)


def _smallest(sets: Collection[frozenset[int]]) -> list[frozenset[int]]:
    """Sets that contain no other of the collection."""
    kept: list[frozenset[int]] = []
    for candidate in sorted(sets, key=len):
        if not any(found <= candidate for found in kept):
            kept.append(candidate)
    return kept
