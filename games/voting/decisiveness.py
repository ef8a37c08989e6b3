"""Chance of being decisive when votes are correlated: from Banzhaf to Shapley–Shubik and beyond.

Every player votes yes with the same unknown probability, drawn from a beta distribution with the
given mean; two votes then have the given correlation. Correlation 0 with mean 1/2 is Penrose's
and Banzhaf's model, correlation 1/3 (a uniform probability) is Shapley and Shubik's.

References
----------
.. [1] P. D. Straffin, "Homogeneity, independence, and power indices", Public Choice 30, 1977,
   107-118.
.. [2] J. G. Skellam, "A probability distribution derived from the binomial distribution by
   regarding the probability of success as variable between the sets of trials", Journal of the
   Royal Statistical Society B 10(2), 1948, 257-261.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from games.errors import InvalidGameError
from games.voting.exact_number import exact_number
from games.voting.swings import count_swings
from games.voting.weighted_game import VotingGame

__all__ = ["decisiveness"]


def decisiveness(
    game: VotingGame, *, yes_probability: Any = Fraction(1, 2), correlation: Any = 0
) -> tuple[Fraction, ...]:
    """Probability of each player to be decisive among correlated votes, exact.

    Parameters
    ----------
    game : VotingGame
    yes_probability : number between 0 and 1
        Mean probability of a yes.
    correlation : number between 0 and 1
        Correlation of two players' votes.

    Raises
    ------
    InvalidGameError
        If a parameter is outside 0 to 1.

    Notes
    -----
    The probabilities of different players need not sum to 1, except at correlation 1/3 and mean
    1/2.

    Examples
    --------
    >>> game = VotingGame.weighted(3, [2, 1, 1])
    >>> [str(p) for p in decisiveness(game)]
    ['3/4', '1/4', '1/4']
    >>> [str(p) for p in decisiveness(game, correlation=Fraction(1, 3))]
    ['2/3', '1/6', '1/6']
    """
    p = _unit_interval(yes_probability, "yes_probability")
    rho = _unit_interval(correlation, "correlation")
    n = game.n_players
    chances = [_exactly(k, n - 1 - k, p, rho) for k in range(n)]
    return tuple(
        sum((chance * count for chance, count in zip(chances, row, strict=True)), Fraction(0))
        for row in count_swings(game).swings
    )


def _unit_interval(value: Any, place: str) -> Fraction:
    number = exact_number(value, place)
    if not 0 <= number <= 1:
        raise InvalidGameError(place, f"is {value}; it must be between 0 and 1")
    return number


def _exactly(n_yes: int, n_no: int, p: Fraction, rho: Fraction) -> Fraction:
    # Chance that n_yes named players vote yes and n_no named ones no, by Polya's urn: each vote
    # seen shifts the next by the correlation.
    chance = Fraction(1)
    spread = 1 - rho
    for k in range(n_yes):
        chance *= (p * spread + k * rho) / (spread + k * rho) if k or spread else p
    for k in range(n_no):
        drawn = n_yes + k
        chance *= (
            ((1 - p) * spread + k * rho) / (spread + drawn * rho) if drawn or spread else 1 - p
        )
    return chance
