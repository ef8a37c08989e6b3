"""Linear benefit, quadratic cost: ``b Q - c q**2 / 2``, with Q the sum of all abatement.

Outsiders abate ``b / c``, signatories ``k b / c``. Whatever b, c and N, the stable sizes are 2 and
3, both by a tie: two signatories and a third are indifferent to each other's company.

References
----------
.. [1] C. Carraro and D. Siniscalco, "Strategies for the international protection of the
   environment", Journal of Public Economics 52(3), 1993, 309-328.
.. [2] S. Barrett, "Self-enforcing international environmental agreements", Oxford Economic Papers
   46, 1994, 878-894.
"""

from __future__ import annotations

from typing import Any

from games.errors import InvalidGameError
from games.participation.symmetric_game import SymmetricGame
from games.voting.exact_number import exact_number

__all__ = ["linear_quadratic"]


def linear_quadratic(n_players: int, benefit: Any = 1, cost: Any = 1) -> SymmetricGame:
    """Game of like players; signatories maximise their joint payoff, all choose at once.

    Raises
    ------
    InvalidGameError
        If benefit or cost is not positive.

    Examples
    --------
    >>> game = linear_quadratic(10)
    >>> game.effective_sizes()
    (2, 3)
    >>> [int(game.welfare(k)) for k in (0, 3, 10)]
    [95, 143, 500]
    """
    b, c = exact_number(benefit, "benefit"), exact_number(cost, "cost")
    for name, value in (("benefit", b), ("cost", c)):
        if value <= 0:
            raise InvalidGameError(name, f"is {value}; it must be positive")
    unit = b * b / c

    def total(k: int) -> int:
        return n_players - k + k * k

    return SymmetricGame.from_functions(
        n_players,
        lambda k: unit * (total(k) - exact_number(k * k, "k") / 2),
        lambda k: unit * (total(k) - exact_number(1, "k") / 2),
    )
