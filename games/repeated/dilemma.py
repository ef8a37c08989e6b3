"""The prisoner's dilemma with payoffs T > R > P > S, action 0 cooperates, action 1 defects."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from games.errors import InvalidGameError
from games.normal_form import NormalFormGame
from games.repeated.exact_numbers import Number, exact

__all__ = ["COOPERATE", "DEFECT", "Dilemma"]

COOPERATE, DEFECT = 0, 1


@dataclass(frozen=True)
class Dilemma:
    """Payoffs of a symmetric two-player prisoner's dilemma, held as exact fractions.

    Parameters
    ----------
    temptation, reward, punishment, sucker : int, float or Fraction
        T (defects against a cooperator), R (both cooperate), P (both defect), S (cooperates
        against a defector), with T > R > P > S.

    Raises
    ------
    InvalidGameError
        If the order is broken or a payoff is not a finite number.

    Examples
    --------
    >>> Dilemma(5, 3, 1, 0).game().payoffs[0]
    array([[3., 0.],
           [5., 1.]])
    """

    temptation: Fraction
    reward: Fraction
    punishment: Fraction
    sucker: Fraction

    def __init__(
        self, temptation: Number, reward: Number, punishment: Number, sucker: Number
    ) -> None:
        numbers = {
            "temptation": exact(temptation, "temptation"),
            "reward": exact(reward, "reward"),
            "punishment": exact(punishment, "punishment"),
            "sucker": exact(sucker, "sucker"),
        }
        ordered = list(numbers.values())
        if sorted(set(ordered), reverse=True) != ordered:
            shown = ", ".join(f"{name} {float(x):g}" for name, x in numbers.items())
            raise InvalidGameError(
                "payoffs", f"are {shown}; need temptation > reward > punishment > sucker"
            )
        for name, number in numbers.items():
            object.__setattr__(self, name, number)

    def game(self) -> NormalFormGame:
        """Stage game in normal form, actions ``cooperate`` and ``defect``."""
        T, R, P, S = (
            float(x) for x in (self.temptation, self.reward, self.punishment, self.sucker)
        )
        labels = ("cooperate", "defect")
        return NormalFormGame.from_bimatrix(
            [[R, S], [T, P]], [[R, T], [S, P]], actions=(labels, labels)
        )
