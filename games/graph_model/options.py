"""Option form: states as patterns of options taken (Y) and not taken (N), and the moves between.

A player moves by changing some of the player's own options, others' options staying as they are.
An option can be reversible, or can only be taken (``N->Y``), or only given up (``Y->N``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np

from games.errors import InvalidGameError, TooLargeError
from games.graph_model.conflict import MAX_STATES, BoolArray, check_size

__all__ = ["Direction", "feasible_patterns", "option_moves", "pattern_rows"]

Direction: TypeAlias = Literal["both", "N->Y", "Y->N"]
MAX_OPTIONS = 20


def pattern_rows(patterns: Sequence[str], n_options: int) -> BoolArray:
    """Patterns such as ``NYNNN`` as rows of Booleans.

    Raises
    ------
    InvalidGameError
        If a pattern has the wrong length or a character other than Y and N.

    Examples
    --------
    >>> pattern_rows(["NY", "YY"], 2)
    array([[False,  True],
           [ True,  True]])
    """
    for pattern in patterns:
        if len(pattern) != n_options or set(pattern) - {"Y", "N"}:
            raise InvalidGameError(
                f"state {pattern[:40]!r}", f"needs one Y or N for each of the {n_options} options"
            )
    return np.array([[sign == "Y" for sign in pattern] for pattern in patterns], dtype=bool)


def feasible_patterns(n_options: int, infeasible: Sequence[str]) -> tuple[str, ...]:
    """All patterns but those that match an infeasible one, the first option turning fastest.

    Parameters
    ----------
    n_options : int
    infeasible : sequence of str
        Patterns of Y, N and ``-`` (either).

    Raises
    ------
    InvalidGameError
        If an infeasible pattern is malformed or nothing is left.
    TooLargeError
        If there are more than 20 options or 3000 feasible states.

    Examples
    --------
    >>> feasible_patterns(2, ["YY"])
    ('NN', 'YN', 'NY')
    """
    if n_options > MAX_OPTIONS:
        raise TooLargeError(f"{n_options} options; list the states if more than {MAX_OPTIONS}")
    # State number s has option k if bit k is set: so the first option turns fastest.
    numbers = np.arange(1 << n_options)
    for rule in dict.fromkeys(infeasible):
        if len(rule) != n_options or set(rule) - {"Y", "N", "-"}:
            raise InvalidGameError(
                f"infeasible {rule[:40]!r}",
                f"needs one Y, N or - for each of the {n_options} options",
            )
        care = sum(1 << k for k, sign in enumerate(rule) if sign != "-")
        taken = sum(1 << k for k, sign in enumerate(rule) if sign == "Y")
        numbers = numbers[(numbers & care) != taken]
    if numbers.size > MAX_STATES:
        raise TooLargeError(
            f"{numbers.size} feasible states; at most {MAX_STATES} are analysed: rule out some"
        )
    kept = [
        "".join("Y" if number >> k & 1 else "N" for k in range(n_options))
        for number in numbers.tolist()
    ]
    if not kept:
        raise InvalidGameError("infeasible", "rules out every state")
    return tuple(kept)


def option_moves(
    patterns: BoolArray, owners: Sequence[int], directions: Sequence[Direction], n_players: int
) -> BoolArray:
    """Moves between patterns by changes of the mover's own options.

    Parameters
    ----------
    patterns : (n_states, n_options) array of bool
    owners : (n_options,) sequence of int
        Whose option each is.
    directions : (n_options,) sequence of str
        ``both``, ``N->Y`` or ``Y->N``.
    n_players : int

    Returns
    -------
    (n_players, n_states, n_states) array of bool
    """
    n_states = patterns.shape[0]
    check_size(n_players, n_states)
    moves = np.ones((n_players, n_states, n_states), dtype=bool)
    moves &= ~np.eye(n_states, dtype=bool)
    for option, (owner, direction) in enumerate(zip(owners, directions, strict=True)):
        column = patterns[:, option]
        same = column[:, None] == column[None, :]
        for player in range(n_players):
            if player != owner:
                moves[player] &= same
        if direction != "both":
            changed_to = direction == "N->Y"
            moves[owner] &= same | (column[None, :] == changed_to)
    return moves
