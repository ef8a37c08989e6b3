"""Banzhaf index: the chance of swinging when the others vote by independent fair coins.

References
----------
.. [1] L. S. Penrose, "The elementary statistics of majority voting", Journal of the Royal
   Statistical Society 109(1), 1946, 53-57.
.. [2] J. F. Banzhaf, "Weighted voting doesn't work", Rutgers Law Review 19, 1965, 317-343.
.. [3] P. Dubey and L. S. Shapley, "Mathematical properties of the Banzhaf power index",
   Mathematics of Operations Research 4(2), 1979, 99-131.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from games.voting.swings import count_swings
from games.voting.weighted_game import VotingGame

__all__ = ["BanzhafIndex", "banzhaf"]


@dataclass(frozen=True)
class BanzhafIndex:
    """Banzhaf power of every player, exact.

    Parameters
    ----------
    swings : tuple of int
        Coalitions of others that each player swings.
    absolute : tuple of Fraction
        Swings as a share of all coalitions of the others: a probability (Penrose's measure).
    normalised : tuple of Fraction
        Swings as a share of all players' swings; sums to exactly 1.
    """

    swings: tuple[int, ...]
    absolute: tuple[Fraction, ...]
    normalised: tuple[Fraction, ...]


def banzhaf(game: VotingGame) -> BanzhafIndex:
    """Banzhaf index of every player: raw swings, probabilities and normalised shares.

    Raises
    ------
    TooLargeError
        If the swings cannot be counted exactly in reasonable time.

    Examples
    --------
    >>> index = banzhaf(VotingGame.weighted(12, [4, 4, 4, 2, 2, 1]))
    >>> [str(share) for share in index.normalised]
    ['5/21', '5/21', '5/21', '1/7', '1/7', '0']
    """
    totals = count_swings(game).totals
    everyone = sum(totals)
    return BanzhafIndex(
        totals,
        tuple(Fraction(t, 2 ** (game.n_players - 1)) for t in totals),
        tuple(Fraction(t, everyone) for t in totals),
    )
