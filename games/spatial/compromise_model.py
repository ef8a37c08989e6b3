"""The compromise model: the mean of positions, weighted by power times salience.

In European Union data this simple rule has been hard to beat as a forecast.

References
----------
.. [1] J. M. M. Van den Bos, "Dutch EC Policy Making", Thela Thesis, Amsterdam, 1991.
.. [2] C. H. Achen, "Institutional realism and bargaining models", in: The European Union Decides,
   Cambridge University Press, 2006, 86-123.
"""

from __future__ import annotations

from games.normal_form import FloatArray
from games.spatial.stakes import Stakes

__all__ = ["compromise_position", "compromise_pull"]


def compromise_position(stakes: Stakes) -> float:
    """Weighted mean of the positions, in the units of the issue.

    Examples
    --------
    >>> compromise_position(Stakes([0, 10], [1, 1], [1.0, 0.25]))
    2.0
    """
    return float(stakes.weights @ stakes.positions)


def compromise_pull(stakes: Stakes) -> FloatArray:
    """How far each player moves the compromise from where it would be without that player.

    Returns
    -------
    (n_players,) array of float, in the units of the issue
        Zero for a player at the compromise; the distance to the mean of the others otherwise
        times the player's weight. A player who has all the weight pulls it from nowhere: zero.
    """
    mean = compromise_position(stakes)
    weights = stakes.weights
    rest = 1 - weights
    without = (mean - weights * stakes.positions) / (rest + (rest <= 0))
    return (mean - without) * (rest > 0)
