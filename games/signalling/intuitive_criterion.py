"""The intuitive criterion of Cho and Kreps (1987) for equilibria of signalling games.

A message that is not sent cannot come from a type that would lose by it whatever sensible
receiver answers. If, once such types are ruled out, some other type would gain by the message
whatever the answer, the equilibrium is not stable against the speech "I can only be that type".

References
----------
.. [1] I.-K. Cho and D. M. Kreps, "Signaling games and stable equilibria", Quarterly Journal of
   Economics 102(2), 1987, 179-221.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from games.signalling.game import SignallingGame
from games.signalling.pattern_programs import is_best_for_some_belief

__all__ = ["passes_intuitive_criterion"]


def passes_intuitive_criterion(
    game: SignallingGame, payoffs: Sequence[Fraction], unsent: frozenset[int]
) -> bool:
    """Whether no type can break an equilibrium by one of the messages not sent in it.

    Parameters
    ----------
    game : SignallingGame
    payoffs : (n_types,) sequence of Fraction
        What each type gets in the equilibrium.
    unsent : frozenset of int
        Messages that nobody sends.
    """
    everyone = list(range(game.n_types))
    for message in unsent:
        answers = _best_answers(game, message, everyone)
        plausible = [
            t for t in everyone if max(game.sender[t, message, a] for a in answers) >= payoffs[t]
        ]
        if not plausible:
            continue
        answers = _best_answers(game, message, plausible)
        if any(min(game.sender[t, message, a] for a in answers) > payoffs[t] for t in plausible):
            return False
    return True


def _best_answers(game: SignallingGame, message: int, types: Sequence[int]) -> list[int]:
    return [a for a in range(game.n_actions) if is_best_for_some_belief(game, message, a, types)]
