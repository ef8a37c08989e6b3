"""Emissions game with quadratic benefit and damage, all players different.

Player i emits ``e_i`` and gets ``alpha_i e_i - beta_i e_i**2 / 2 - phi_i E**2 / 2``, where E is
the sum of emissions. Members of the coalition maximise the sum of their payoffs, outsiders their
own; all choose at once. The first-order conditions are linear, and since they tie the players
together only through E, they are solved for any coalition in closed form:

``E = sum(alpha / beta) / (1 + sum_out(phi / beta) + sum_in(phi) sum_in(1 / beta))``.

References
----------
.. [1] M. Finus, "Game Theory and International Environmental Cooperation", Edward Elgar, 2001,
   ch. 13.
.. [2] Li and Rus, "Climate change adaptation and international mitigation agreements with
   heterogeneous countries", Journal of the Association of Environmental and Resource Economists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import InvalidGameError
from games.normal_form import FloatArray
from games.participation.participation_game import ParticipationGame
from games.participation.typed_game import TypedGame

__all__ = ["HeterogeneousQuadratic"]


@dataclass(frozen=True, eq=False)
class HeterogeneousQuadratic:
    """Benefit and damage parameters of each player.

    Parameters
    ----------
    alpha, beta, phi : (n_players,) arrays of float
        Marginal benefit of the first unit, its slope (positive), and the slope of marginal damage
        (not negative).

    Raises
    ------
    InvalidGameError
        If lengths differ, a number is not finite, or a slope has the wrong sign.

    Notes
    -----
    Emissions are not bounded below; with steep damages a member's may be negative (removals).

    Examples
    --------
    >>> model = HeterogeneousQuadratic([10, 10], [1, 1], [1, 1])
    >>> model.total_emissions(np.array([[False, True], [False, True]]))
    array([6.66666667, 4.        ])
    """

    alpha: FloatArray
    beta: FloatArray
    phi: FloatArray

    def __init__(self, alpha: ArrayLike, beta: ArrayLike, phi: ArrayLike) -> None:
        given = {"alpha": alpha, "beta": beta, "phi": phi}
        arrays = {}
        for name, values in given.items():
            try:
                array = np.array(values, dtype=float)
            except (TypeError, ValueError):
                raise InvalidGameError(name, f"is {values!r}; numbers are needed") from None
            if array.ndim != 1 or array.shape != np.shape(alpha) or array.size == 0:
                raise InvalidGameError(name, "needs one number per player, as many as alpha")
            wrong = ~np.isfinite(array)
            if name == "beta":
                wrong |= array <= 0
            elif name == "phi":
                wrong |= array < 0
            if wrong.any():
                k = int(np.flatnonzero(wrong)[0])
                rule = {"alpha": "finite", "beta": "positive", "phi": "finite and not negative"}
                raise InvalidGameError(f"{name}[{k}]", f"is {array[k]}; it must be {rule[name]}")
            array.setflags(write=False)
            arrays[name] = array
        for name, array in arrays.items():
            object.__setattr__(self, name, array)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return int(self.alpha.size)

    def total_emissions(self, members: NDArray[np.bool_]) -> FloatArray:
        """Sum of emissions per coalition, shape ``(m,)``, from ``members`` of shape ``(n, m)``."""
        inside = members.astype(float)
        phi_in = self.phi @ inside
        supply = (1 / self.beta) @ inside
        outside = (self.phi / self.beta) @ (1 - inside)
        total = float((self.alpha / self.beta).sum()) / (1 + outside + phi_in * supply)
        return np.asarray(total)

    def emissions(self, members: NDArray[np.bool_]) -> FloatArray:
        """Emissions by player and coalition, shape ``(n, m)``."""
        return self._emissions(members, self.total_emissions(members))

    def _emissions(self, members: NDArray[np.bool_], total: FloatArray) -> FloatArray:
        joint = self.phi @ members.astype(float)
        slope = np.where(members, joint, self.phi[:, None])
        return np.asarray((self.alpha[:, None] - slope * total) / self.beta[:, None])

    def payoffs(self, members: NDArray[np.bool_]) -> FloatArray:
        """Payoffs by player and coalition, shape ``(n, m)``."""
        total = self.total_emissions(members)
        e = self._emissions(members, total)
        benefit = (self.alpha[:, None] - self.beta[:, None] / 2 * e) * e
        return np.asarray(benefit - self.phi[:, None] / 2 * (total * total))

    def game(self, players: Sequence[str] = ()) -> ParticipationGame:
        """Game over all coalitions, for up to 22 players."""
        return ParticipationGame.from_function(self.n_players, self.payoffs, players)

    def typed_game(self, counts: Sequence[int], types: Sequence[str] = ()) -> TypedGame:
        """Game in which ``counts[t]`` players are like player t of this model each."""
        return TypedGame.from_function(counts, self._typed_payoffs, types)

    def _typed_payoffs(
        self, inside: FloatArray, counts: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        # Payoffs of a member and of an outsider of each type, shape (n_types, m).
        alpha, beta, phi = self.alpha[:, None], self.beta[:, None], self.phi[:, None]
        joint = self.phi @ inside
        outside = (self.phi / self.beta) @ (counts[:, None] - inside)
        total = float(counts @ (self.alpha / self.beta)) / (
            1 + outside + joint * ((1 / self.beta) @ inside)
        )

        def payoff(slope: FloatArray) -> FloatArray:
            e = (alpha - slope * total) / beta
            return np.asarray(alpha * e - beta * e**2 / 2 - phi * total**2 / 2)

        return payoff(joint[None, :]), payoff(phi)
