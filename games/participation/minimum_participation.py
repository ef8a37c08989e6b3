"""Minimum participation: obligations bind only once enough players have signed.

Below the threshold everybody gets what it would with no signatory. At the threshold each
signatory is pivotal, so that a larger agreement can be stable; but a higher threshold is met less
often.

References
----------
.. [1] C. Carraro, C. Marchiori and S. Oreffice on endogenous minimum participation, Environmental
   and Resource Economics 42(3), 2009, 411-425.
.. [2] S. Barrett, "Environment and Statecraft", Oxford University Press, 2003.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np

from games.errors import InvalidGameError
from games.participation.participation_game import ParticipationGame, membership_matrix
from games.participation.symmetric_game import SymmetricGame
from games.voting.exact_number import exact_number
from games.voting.weighted_game import VotingGame

__all__ = [
    "ThresholdOutcome",
    "symmetric_minimum_participation",
    "threshold_outcomes",
    "with_minimum_participation",
]


def symmetric_minimum_participation(game: SymmetricGame, least: int) -> SymmetricGame:
    """Game of like players whose agreement binds from ``least`` signatories.

    Examples
    --------
    >>> from games.participation.linear_quadratic import linear_quadratic
    >>> symmetric_minimum_participation(linear_quadratic(10), 8).effective_sizes()
    (8,)
    """
    n = game.n_players
    if not 1 <= least <= n:
        raise InvalidGameError("least", f"is {least}; it must be from 1 to {n} signatories")
    nothing = game.outsider[0]
    return SymmetricGame(
        [game.member[k - 1] if k >= least else nothing for k in range(1, n + 1)],
        [game.outsider[k] if k >= least else nothing for k in range(n)],
    )


def with_minimum_participation(game: ParticipationGame, rule: VotingGame) -> ParticipationGame:
    """Game whose agreement binds only for coalitions that win by a voting rule.

    Parameters
    ----------
    game : ParticipationGame
    rule : VotingGame
        Over the same players: a number, a weight such as a share of emissions, or both. A player
        who must take part is one with a rule of its own.

    Examples
    --------
    >>> game = ParticipationGame([[0, -1, 2, 1], [0, 2, -1, 1]])
    >>> both = with_minimum_participation(game, VotingGame.weighted(2, [1, 1]))
    >>> both.payoffs[0]
    array([0., 0., 0., 1.])
    """
    n = game.n_players
    if rule.n_players != n:
        raise InvalidGameError("rule", f"is over {rule.n_players} players and the game over {n}")
    binds = np.ones(1 << n, dtype=bool)
    members = membership_matrix(np.arange(1 << n), n)
    for weighted in rule.rules:
        if weighted.total < 2**53:
            # Whole numbers below 2**53 are exact in floats, and their product is fast.
            binds &= np.array(weighted.weights, dtype=float) @ members >= weighted.quota
        else:
            weights = np.array(weighted.weights, dtype=object)
            binds &= ((weights[:, None] * members).sum(axis=0) >= weighted.quota).astype(bool)
    return ParticipationGame(np.where(binds, game.payoffs, game.payoffs[:, :1]), game.players)


@dataclass(frozen=True)
class ThresholdOutcome:
    """What one threshold leads to if each like player signs with a given chance.

    Parameters
    ----------
    least : int
        Signatories needed.
    is_stable : bool
        Whether exactly ``least`` signatories are stable.
    entry_probability : Fraction
        Chance that at least that many sign.
    expected_welfare : Fraction
        Mean sum of payoffs over the number of signatories.
    """

    least: int
    is_stable: bool
    entry_probability: Fraction
    expected_welfare: Fraction


def threshold_outcomes(game: SymmetricGame, sign_probability: Any) -> tuple[ThresholdOutcome, ...]:
    """Every threshold from 1 to N, with its chance and its welfare; higher is deeper but rarer.

    Parameters
    ----------
    game : SymmetricGame
    sign_probability : number between 0 and 1
        Chance of each player to sign, independently.

    Examples
    --------
    >>> from games.participation.linear_quadratic import linear_quadratic
    >>> outcomes = threshold_outcomes(linear_quadratic(4), 0.5)
    >>> [str(found.entry_probability) for found in outcomes]
    ['15/16', '11/16', '5/16', '1/16']
    """
    p = exact_number(sign_probability, "sign_probability")
    if not 0 <= p <= 1:
        raise InvalidGameError(
            "sign_probability", f"is {sign_probability}; it must be between 0 and 1"
        )
    n = game.n_players
    chances = [comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    welfare = [game.welfare(k) for k in range(n + 1)]
    entry, expected = Fraction(0), Fraction(0)
    outcomes: list[ThresholdOutcome] = []
    for least in range(n, 0, -1):
        entry += chances[least]
        expected += chances[least] * welfare[least]
        stable = _sizes(symmetric_minimum_participation(game, least).stable_sizes())
        total = expected + (1 - entry) * welfare[0]
        outcomes.append(ThresholdOutcome(least, least in stable, entry, total))
    return tuple(reversed(outcomes))


def _sizes(stable: Iterable[Any]) -> set[int]:
    return {found.size for found in stable}
