"""Trade measures against outsiders: signatories and outsiders cut each other off.

Every pair on different sides costs player i ``loss[i, j]``. Signing costs ``cost[i]`` and gives
``benefit[i]`` to i for each signatory. Joining pays the more, the more others have signed: the
game has *strategic complements*, so that its stable coalitions have a largest and a smallest one,
found by rounds of joining or leaving for any number of players, without a scan.

References
----------
.. [1] S. Barrett, "The strategy of trade sanctions in international environmental agreements",
   Resource and Energy Economics 19(4), 1997, 345-361.
.. [2] W. Nordhaus, "Climate clubs: overcoming free-riding in international climate policy",
   American Economic Review 105(4), 2015, 1339-1370.
.. [3] D. M. Topkis, "Equilibrium points in nonzero-sum n-person submodular games", SIAM Journal
   on Control and Optimization 17(6), 1979, 773-787.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import InvalidGameError, NoSolutionError
from games.normal_form import FloatArray
from games.participation.indifference import TIE_TOL
from games.participation.symmetric_game import SymmetricGame
from games.voting.exact_number import exact_number

__all__ = ["TradeMeasures", "least_trade_loss", "symmetric_trade_measures", "tipping_size"]


def symmetric_trade_measures(
    n_players: int, benefit: Any, cost: Any, trade_loss: Any
) -> SymmetricGame:
    """Game of like players in which each pair on different sides loses trade.

    Parameters
    ----------
    n_players : int
    benefit, cost : number
        What a signatory's abatement gives to everybody, and costs the signatory.
    trade_loss : number
        What each player loses per player on the other side, not negative.

    Examples
    --------
    >>> for loss in (0.1, 0.3):
    ...     game = symmetric_trade_measures(10, 1, 3.5, loss)
    ...     [found.size for found in game.stable_sizes()]
    [0]
    [0, 10]
    """
    b, c, tau = _checked(benefit, cost, trade_loss)
    return SymmetricGame.from_functions(
        n_players, lambda k: b * k - c - tau * (n_players - k), lambda k: b * k - tau * k
    )


def tipping_size(n_players: int, benefit: Any, cost: Any, trade_loss: Any) -> Fraction:
    """Number of other signatories from which joining pays, ``(N - 1) / 2 + (c - b) / (2 tau)``.

    Below it everybody stays out, above it everybody joins; it may lie outside 0 to N - 1.

    Raises
    ------
    NoSolutionError
        If there is no trade loss, so that nothing tips.

    Examples
    --------
    >>> [round(float(tipping_size(10, 1, 3.5, t)), 2) for t in (0.3, 0.5, 1)]
    [8.67, 7.0, 5.75]
    """
    b, c, tau = _checked(benefit, cost, trade_loss)
    if tau == 0:
        raise NoSolutionError("without a trade loss joining does not depend on who has joined")
    return Fraction(n_players - 1, 2) + (c - b) / (2 * tau)


def least_trade_loss(n_players: int, benefit: Any, cost: Any) -> Fraction:
    """Smallest trade loss with which all signing is stable, ``(c - b) / (N - 1)``."""
    b, c, _ = _checked(benefit, cost, 0)
    if n_players < 2:
        raise InvalidGameError("n_players", f"is {n_players}; trade needs two players")
    return max(Fraction(0), (c - b) / (n_players - 1))


def _checked(benefit: Any, cost: Any, trade_loss: Any) -> tuple[Fraction, Fraction, Fraction]:
    tau = exact_number(trade_loss, "trade_loss")
    if tau < 0:
        raise InvalidGameError("trade_loss", f"is {trade_loss}; it must not be negative")
    return exact_number(benefit, "benefit"), exact_number(cost, "cost"), tau


@dataclass(frozen=True, eq=False)
class TradeMeasures:
    """Trade measures among players who differ, in any number.

    Parameters
    ----------
    benefits, costs : (n_players,) arrays of float
        What each player gains per signatory, and what signing costs it.
    losses : (n_players, n_players) array of float
        ``losses[i, j]`` is what i loses when i and j are on different sides; not negative, the
        diagonal ignored.

    Examples
    --------
    >>> model = TradeMeasures([1, 1, 1], [2, 2, 4], [[0, 1, 1], [1, 0, 1], [1, 1, 0]])
    >>> model.advantages(np.array([[True], [True], [False]])).ravel()
    array([-1., -1., -1.])
    """

    benefits: FloatArray
    costs: FloatArray
    losses: FloatArray

    def __init__(self, benefits: ArrayLike, costs: ArrayLike, losses: ArrayLike) -> None:
        try:
            b, c, tau = (np.array(x, dtype=float) for x in (benefits, costs, losses))
        except (TypeError, ValueError) as error:
            raise InvalidGameError("benefits, costs, losses", f"not numbers ({error})") from None
        if b.ndim != 1 or b.size == 0 or c.shape != b.shape or tau.shape != (b.size, b.size):
            raise InvalidGameError(
                "losses", f"shapes {b.shape}, {c.shape}, {tau.shape} are not (n,), (n,), (n, n)"
            )
        np.fill_diagonal(tau, 0)
        if not all(np.isfinite(x).all() for x in (b, c, tau)) or tau.min() < 0:
            raise InvalidGameError("losses", "all numbers must be finite and no loss negative")
        for name, array in (("benefits", b), ("costs", c), ("losses", tau)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return int(self.benefits.size)

    def advantages(self, members: NDArray[np.bool_]) -> FloatArray:
        """Gain of every player from being in rather than out, given the others.

        Parameters
        ----------
        members : (n_players, m) array of bool

        Returns
        -------
        (n_players, m) array of float
            Zero where it is nothing but rounding.
        """
        others_in = self.losses @ members.astype(float)
        all_losses = self.losses.sum(axis=1)
        gain = (self.benefits - self.costs - all_losses)[:, None] + 2 * others_in
        terms = np.abs(self.benefits) + np.abs(self.costs) + all_losses
        return np.where(np.abs(gain) <= TIE_TOL * terms[:, None], 0.0, gain)

    def payoffs(self, members: NDArray[np.bool_]) -> FloatArray:
        """Payoffs by player and coalition, shape ``(n, m)``."""
        inside = members.astype(float)
        across = np.where(members, self.losses @ (1 - inside), self.losses @ inside)
        gross = self.benefits[:, None] * inside.sum(axis=0)
        return np.asarray(gross - self.costs[:, None] * inside - across)
