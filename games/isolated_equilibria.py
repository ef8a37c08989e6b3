"""All equilibria of small games with any number of players, with proof that there are no others.

Almost every game has finitely many equilibria, an odd number of them, each the only one in its
neighbourhood (Wilson, 1971; Harsanyi, 1973). For such games the search of
:mod:`games.solvers.branch_and_prune` ends with every part of the strategy space settled: it holds
no equilibrium or exactly the one listed. In degenerate games, where equilibria form continua or
unused actions tie, it does not end so, and the list is returned as incomplete.

References
----------
.. [1] R. Wilson, "Computing equilibria of n-person games", SIAM Journal on Applied Mathematics
   21(1), 1971, 80-87.
.. [2] J. C. Harsanyi, "Oddness of the number of equilibrium points: a new proof", IJGT 2(1), 1973,
   235-250.
"""

from __future__ import annotations

import numpy as np

from games.best_responses import best_response_table
from games.equilibrium import EquilibriumList, certified
from games.errors import InvalidGameError, TooLargeError
from games.normal_form import NormalFormGame
from games.solvers.branch_and_prune import branch_and_prune
from games.some_equilibria import distinct_profiles, some_equilibria

__all__ = ["isolated_equilibria"]

_MAX_PAYOFFS = 50_000
_METHOD = "branch and prune with a range test on the Jacobian, float"


def isolated_equilibria(game: NormalFormGame, *, max_cells: int = 20_000) -> EquilibriumList:
    """Nash equilibria of a small game, complete if the search could settle the whole space.

    Parameters
    ----------
    game : NormalFormGame
        A few players with few actions: 3 × 3 × 3 and 2⁵ take a second or so.
    max_cells : int
        Parts of the strategy space to look at before the search stops.

    Returns
    -------
    EquilibriumList
        ``is_complete`` is True only if every part was settled, in floating point with a margin
        for rounding. Otherwise the list holds what was found, pure equilibria among it and at
        least one equilibrium, and ``note`` says why it stopped.

    Raises
    ------
    InvalidGameError
        If ``max_cells`` is not positive.
    TooLargeError
        If the game has more than 50,000 payoffs.

    Notes
    -----
    For two players :func:`games.nash_equilibria.nash_equilibria` is exact and copes with
    degenerate games; this function is for three and more.

    Examples
    --------
    Three players choose a side; whoever is alone loses. Two sides and nothing in between:

    >>> a = np.indices((2, 2, 2))
    >>> alone = [(a[i] != a[i - 1]) & (a[i] != a[i - 2]) for i in range(3)]
    >>> game = NormalFormGame([-1.0 * x + 0.5 * (y == 0) for x, y in zip(alone, a)])
    >>> found = isolated_equilibria(game)
    >>> found.is_complete, [e.payoffs.round(3).tolist() for e in found.equilibria]
    (True, [[0.5, 0.5, 0.5], [-0.062, -0.062, -0.062], [0.0, 0.0, 0.0]])
    """
    if max_cells < 1:
        raise InvalidGameError("max_cells", f"is {max_cells}; give at least 1")
    if game.payoffs.size > _MAX_PAYOFFS:
        raise TooLargeError(
            f"{game.payoffs.size} payoffs; all equilibria are sought up to {_MAX_PAYOFFS}: "
            "ask for some equilibria"
        )
    search = branch_and_prune(game, max_cells)
    if search.is_exhausted and not search.n_unsettled:
        equilibria = certified(game, distinct_profiles(search.profiles))
        return EquilibriumList(equilibria, True, _METHOD, "every equilibrium is isolated")
    pure = np.argwhere(best_response_table(game).all(axis=0)).tolist()
    profiles = [*search.profiles, *(game.pure_profile(tuple(cell)) for cell in pure)]
    if not profiles:
        profiles = [e.strategies for e in some_equilibria(game).equilibria]
    if search.n_unsettled:
        reason = "the game is degenerate or nearly so: equilibria may form continua"
    else:
        reason = f"the search stopped after {search.n_cells} cells"
    note = f"{reason}; every pure equilibrium is listed and some others, more may exist"
    return EquilibriumList(certified(game, distinct_profiles(profiles)), False, _METHOD, note)
