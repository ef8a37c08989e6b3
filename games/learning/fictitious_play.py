"""Fictitious play: each player replies best to the frequencies of the others' past actions.

Frequencies converge to a Nash equilibrium in zero-sum games (Robinson, 1951), two by two games
(Miyasawa, 1961) and potential games (Monderer and Shapley, 1996), but not in all (Shapley, 1964).
So what comes back is not called an equilibrium: its regret says how far it is from one.

References
----------
.. [1] G. W. Brown, "Iterative solution of games by fictitious play", 1951.
.. [2] J. Robinson, "An iterative method of solving a game", Annals of Mathematics 54, 1951.
.. [3] L. Shapley, "Some topics in two-person games", 1964.
.. [4] D. Fudenberg and D. Levine, "The Theory of Learning in Games", 1998, ch. 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from games.errors import InvalidGameError
from games.learning.inputs import whole_number
from games.normal_form import FloatArray, MixedProfile, NormalFormGame, expected_by_action

__all__ = ["FictitiousPlay", "fictitious_play"]

TIE_TOL = 1e-12
"""Loss from the best reply that counts as a tie, as a share of what the action changes."""


@dataclass(frozen=True, eq=False)
class FictitiousPlay:
    """A run of fictitious play.

    Parameters
    ----------
    actions : (n_rounds, n_players) array of int
        What was played.
    frequencies : tuple of (m_i,) arrays of float
        Of each player's actions over all rounds.
    checkpoints : (k,) array of int
        Numbers of rounds after which the regret was taken: powers of two and the last.
    regrets : (k,) array of float
        Largest regret of any player at the frequencies then, in payoff units.
    """

    actions: NDArray[np.int64]
    frequencies: MixedProfile
    checkpoints: NDArray[np.int64]
    regrets: FloatArray

    @property
    def regret(self) -> float:
        """Largest regret at the end: 0 would be a Nash equilibrium."""
        return float(self.regrets[-1])


def fictitious_play(
    game: NormalFormGame,
    n_rounds: int,
    *,
    first: Sequence[int] | None = None,
    rng: np.random.Generator | None = None,
) -> FictitiousPlay:
    """Run of fictitious play, all players moving at once.

    Parameters
    ----------
    game : NormalFormGame
    n_rounds : int
        At least 1.
    first : action profile, optional
        Played in the first round; all first actions when left out.
    rng : numpy Generator, optional
        Breaks ties between best replies at random; without it the first one is played.

    Raises
    ------
    InvalidGameError
        If an input is malformed.

    Examples
    --------
    >>> pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> run = fictitious_play(pennies, 4000)
    >>> run.frequencies[0].round(1), run.regret < 0.05
    (array([0.5, 0.5]), True)
    """
    rounds = whole_number(n_rounds, "n_rounds", least=1)
    profile = _first_profile(game, first)
    counts = [np.zeros(m) for m in game.n_actions]
    actions = np.empty((rounds, game.n_players), dtype=np.int64)
    checkpoints = sorted({rounds, *(2**k for k in range(rounds.bit_length()))})
    regrets: list[float] = []
    quarters = list(game.payoffs / 4)  # differences of the largest floats would overflow
    for t in range(rounds):
        if t > 0:
            shares = tuple(c / t for c in counts)
            profile = [_reply(u, i, shares, rng) for i, u in enumerate(quarters)]
        actions[t] = profile
        for count, action in zip(counts, profile, strict=True):
            count[action] += 1
        if t + 1 == checkpoints[len(regrets)]:
            regrets.append(float(game.regrets(tuple(c / (t + 1) for c in counts)).max()))
    return FictitiousPlay(
        actions,
        tuple(c / rounds for c in counts),
        np.array(checkpoints),
        np.array(regrets),
    )


def _first_profile(game: NormalFormGame, first: Sequence[int] | None) -> list[int]:
    if first is None:
        return [0] * game.n_players
    fits = len(first) == game.n_players and all(
        0 <= a < m for a, m in zip(first, game.n_actions, strict=True)
    )
    if not fits:
        raise InvalidGameError(
            "first", f"is {tuple(first)}; actions below {game.n_actions} needed"
        )
    return [int(a) for a in first]


def _reply(
    payoffs: FloatArray, player: int, shares: MixedProfile, rng: np.random.Generator | None
) -> int:
    """Best reply; what loses by no more than rounding from it is as good."""
    # From differences to one action, where a constant in the payoffs costs no digits; first to
    # any, then to the best.
    best = 0
    for _ in range(payoffs.shape[player] + 1):
        losses = payoffs.take([best], axis=player) - payoffs
        loss = expected_by_action(losses, player, shares)
        if loss[best] <= loss.min():
            break
        best = int(loss.argmin())
    # A tie is judged by what the action changes here, not by the largest payoff.
    stake = expected_by_action(np.abs(losses), player, shares)
    tied = np.flatnonzero(loss <= TIE_TOL * stake)
    return int(tied[0] if rng is None else rng.choice(tied))
