"""Discount factors at which an automaton is an equilibrium, found by bisection.

For strategies without a closed form; those that have one are in
:mod:`games.repeated.critical_discount`.
"""

from __future__ import annotations

from collections.abc import Callable

from games.errors import InvalidGameError
from games.normal_form import NormalFormGame
from games.repeated.automata import ProfileAutomaton
from games.repeated.deviations import best_reply_check, one_shot_check

__all__ = ["numeric_critical_discount"]


def numeric_critical_discount(
    game: NormalFormGame,
    automaton: ProfileAutomaton,
    concept: str = "subgame perfect",
    *,
    n_grid: int = 200,
) -> tuple[tuple[float, float], ...]:
    """Intervals of discount factors at which an automaton is an equilibrium, by bisection.

    Parameters
    ----------
    game : NormalFormGame
    automaton : ProfileAutomaton
    concept : str
        ``subgame perfect`` (one-shot check) or ``Nash equilibrium`` (best reply check).
    n_grid : int
        Discount factors tried first, evenly from 0 to just below 1.

    Returns
    -------
    tuple of (low, high)
        Ends good to about 1e-9; ``high`` is 1 when the interval reaches the last point tried.
        Empty when no point of the grid holds.

    Notes
    -----
    Intervals narrower than the grid are not seen: tit-for-tat is subgame perfect at one single
    discount factor at most, and reported as never.

    Examples
    --------
    >>> from games.repeated.dilemma import Dilemma
    >>> from games.repeated.strategies import grim_trigger
    >>> game = Dilemma(5, 3, 1, 0).game()
    >>> [(low, high)] = numeric_critical_discount(game, grim_trigger(game, (0, 0), (1, 1)))
    >>> round(low, 8), high
    (0.5, 1.0)
    """
    if concept not in ("subgame perfect", "Nash equilibrium"):
        raise InvalidGameError(
            "concept", f"is {concept!r}; 'subgame perfect' or 'Nash equilibrium'"
        )
    if n_grid < 2:
        raise InvalidGameError("n_grid", f"is {n_grid}; at least 2 are needed")

    def holds(delta: float) -> bool:
        if concept == "subgame perfect":
            return one_shot_check(game, automaton, delta, gain_tol=1e-12).is_equilibrium
        return best_reply_check(game, automaton, delta, gain_tol=1e-12).is_equilibrium

    grid = [k / n_grid for k in range(n_grid)] + [1 - 0.01 / n_grid]
    answers = [holds(delta) for delta in grid]
    intervals = []
    start = 0.0
    for k, (delta, answer) in enumerate(zip(grid, answers, strict=True)):
        if answer and (k == 0 or not answers[k - 1]):
            start = 0.0 if k == 0 else _switch(holds, grid[k - 1], delta)
        if answer and k == len(grid) - 1:
            intervals.append((start, 1.0))
        elif answer and not answers[k + 1]:
            intervals.append((start, _switch(holds, delta, grid[k + 1])))
    return tuple(intervals)


def _switch(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Point between the two at which the answer changes."""
    before = holds(low)
    while high - low > 1e-13:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if holds(middle) == before else (low, middle)
    return (low + high) / 2
