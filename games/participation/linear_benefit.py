"""Linear benefit and cost: abating costs c and gives everybody b.

Signatories decide together and abate if it pays them jointly, ``b k >= c``; outsiders abate only
if it pays each alone, ``b >= c``. Between those bounds exactly ``ceil(c / b)`` signatories are
stable: with one fewer the agreement would do nothing.

References
----------
.. [1] S. Barrett, "A theory of full international cooperation", Journal of Theoretical Politics
   11(4), 1999, 519-541.
.. [2] M. Ulph and A. Ulph, "Global warming, irreversibility and learning", Economic Journal 107,
   1997, 636-650.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import InvalidGameError
from games.normal_form import FloatArray
from games.participation.participation_game import PayoffFunction
from games.participation.symmetric_game import SymmetricGame
from games.voting.exact_number import exact_number

__all__ = ["linear_benefit", "linear_pledges", "smallest_effective_size"]


def smallest_effective_size(benefit: Any, cost: Any) -> int:
    """Fewest signatories whom abating pays jointly, ``ceil(c / b)``.

    Raises
    ------
    InvalidGameError
        If the benefit is not positive or the cost negative.

    Examples
    --------
    >>> [smallest_effective_size(1, c) for c in (3.5, 2.5, 6.2, 3)]
    [4, 3, 7, 3]
    """
    b, c = exact_number(benefit, "benefit"), exact_number(cost, "cost")
    if b <= 0:
        raise InvalidGameError("benefit", f"is {benefit}; it must be positive")
    if c < 0:
        raise InvalidGameError("cost", f"is {cost}; it must not be negative")
    return max(1, math.ceil(c / b))


def linear_benefit(n_players: int, benefit: Any, cost: Any) -> SymmetricGame:
    """Game of like players who decide on abatement together once they have signed.

    Parameters
    ----------
    n_players : int
    benefit : number
        What one player's abatement gives to every player.
    cost : number
        What abating costs a player. Signatories who are jointly indifferent abate.

    Examples
    --------
    >>> linear_benefit(10, 1, 3.5).effective_sizes()
    (4,)
    """
    least = smallest_effective_size(benefit, cost)
    b, c = exact_number(benefit, "benefit"), exact_number(cost, "cost")
    if b >= c:  # abating pays everybody alone, with or without an agreement
        everybody = b * n_players - c
        return SymmetricGame.from_functions(n_players, lambda _: everybody, lambda _: everybody)
    return SymmetricGame.from_functions(
        n_players,
        lambda k: b * k - c if k >= least else 0,
        lambda k: b * k if k >= least else 0,
    )


def linear_pledges(benefits: ArrayLike, costs: ArrayLike) -> PayoffFunction:
    """Payoffs when each signatory abates whatever the others do, players unlike each other.

    Parameters
    ----------
    benefits, costs : (n_players,) arrays of float
        What each player gains from every signatory, and what signing costs it.

    Returns
    -------
    callable
        For :meth:`games.participation.participation_game.ParticipationGame.from_function`.

    Examples
    --------
    >>> from games.participation.participation_game import ParticipationGame
    >>> from games.participation.potential_internal_stability import potential_internal_stability
    >>> game = ParticipationGame.from_function(3, linear_pledges([3, 2, 1], [4, 4, 4]))
    >>> float(game.welfare[7]), float(potential_internal_stability(game).surplus[7])
    (6.0, -6.0)
    """
    try:
        b, c = np.array(benefits, dtype=float), np.array(costs, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError("benefits, costs", f"not numbers ({error})") from None
    if b.ndim != 1 or b.shape != c.shape or not (np.isfinite(b).all() and np.isfinite(c).all()):
        raise InvalidGameError(
            "benefits, costs",
            f"need one finite number per player (got {benefits!r} and {costs!r})",
        )

    def payoffs(members: NDArray[np.bool_]) -> FloatArray:
        return np.asarray(b[:, None] * members.sum(axis=0) - c[:, None] * members)

    return payoffs
