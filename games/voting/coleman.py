"""Coleman's three measures: power of the body to act, and of a player to prevent or to initiate.

References
----------
.. [1] J. S. Coleman, "Control of collectivities and the power of a collectivity to act", in
   B. Lieberman (ed.), "Social Choice", Gordon and Breach, 1971, 269-300.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from games.voting.swings import count_swings
from games.voting.weighted_game import VotingGame

__all__ = ["ColemanIndices", "coleman"]


@dataclass(frozen=True)
class ColemanIndices:
    """Coleman's measures, exact.

    Parameters
    ----------
    power_to_act : Fraction
        Share of all coalitions that win.
    prevention : tuple of Fraction
        Share of the winning coalitions that each player would bring down by leaving; 1 is a veto.
    initiation : tuple of Fraction
        Share of the losing coalitions that each player would make win by joining.
    """

    power_to_act: Fraction
    prevention: tuple[Fraction, ...]
    initiation: tuple[Fraction, ...]


def coleman(game: VotingGame) -> ColemanIndices:
    """Power to act, to prevent action and to initiate action.

    Examples
    --------
    >>> indices = coleman(VotingGame.weighted(3, [2, 1, 1]))
    >>> [str(share) for share in indices.prevention]
    ['1', '1/3', '1/3']
    """
    counts = count_swings(game)
    winning = counts.n_winning
    losing = 2**game.n_players - winning
    return ColemanIndices(
        Fraction(winning, 2**game.n_players),
        tuple(Fraction(t, winning) for t in counts.totals),
        tuple(Fraction(t, losing) for t in counts.totals),
    )
