"""Barrett's quadratic model, in which signatories lead: benefit and cost both quadratic.

Each of N players gets ``b (a Q - Q**2 / 2) / N - c q**2 / 2`` from its abatement q and the sum Q.
Outsiders take the others' abatement as given. Signatories maximise their joint payoff, either as
*leader*, foreseeing how outsiders react (Barrett), or choosing at the same time.

Glossary: ``g = c / b``; ``r = (a - Q) / (a - k q_s)``, the share of the signatories' effort that
outsiders leave undone; ``q_s`` abatement of a signatory. Only g and N decide who signs.

References
----------
.. [1] S. Barrett, "Self-enforcing international environmental agreements", Oxford Economic Papers
   46, 1994, 878-894.
.. [2] S. J. Rubio and A. Ulph, "Self-enforcing international environmental agreements
   revisited", Oxford Economic Papers 58(2), 2006, 233-263.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from games.errors import InvalidGameError
from games.participation.symmetric_game import SymmetricGame
from games.voting.exact_number import exact_number

__all__ = ["barrett_quadratic"]


def barrett_quadratic(
    n_players: int, benefit: Any, cost: Any, *, scale: Any = 1, is_leader: bool = True
) -> SymmetricGame:
    """Game of like players with quadratic benefit and cost.

    Parameters
    ----------
    n_players : int
    benefit, cost : number
        Slopes b and c of marginal benefit and marginal cost, positive.
    scale : number
        Abatement a at which marginal benefit is zero, positive.
    is_leader : bool
        Whether signatories move first; otherwise all choose at once.

    Notes
    -----
    Interior solutions throughout: all abatement is positive and Q stays below a.

    Examples
    --------
    >>> [barrett_quadratic(10, 1, c).effective_sizes() for c in (0.1, 0.25, 1)]
    [(6,), (4,), (3,)]
    """
    if n_players < 1:
        raise InvalidGameError("n_players", f"is {n_players}; one player at least is needed")
    b, c, a = (
        exact_number(value, name)
        for value, name in ((benefit, "benefit"), (cost, "cost"), (scale, "scale"))
    )
    for name, value in (("benefit", b), ("cost", c), ("scale", a)):
        if value <= 0:
            raise InvalidGameError(name, f"is {value}; it must be positive")
    outcomes = [_outcome(n_players, k, a, b, c, is_leader) for k in range(n_players + 1)]
    return SymmetricGame(
        [member for member, _ in outcomes[1:]], [outsider for _, outsider in outcomes[:-1]]
    )


def _outcome(
    n: int, k: int, a: Fraction, b: Fraction, c: Fraction, is_leader: bool
) -> tuple[Fraction, Fraction]:
    # Payoffs of a signatory and of an outsider with k signatories.
    g = c / b
    r = n * g / (n * g + n - k)
    # Marginal benefit to the signatories of one unit more of their own: r**2 as leader, since
    # outsiders undo a part of it; r if outsiders' abatement is taken as given.
    effect = r * r if is_leader else r
    q_s = effect * k * a / (n * g + effect * k * k)
    missing = r * (a - k * q_s)
    q_n = missing / (n * g)
    gross = b * (a * a - missing * missing) / (2 * n)
    return gross - c * q_s * q_s / 2, gross - c * q_n * q_n / 2
