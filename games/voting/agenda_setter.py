"""Agenda setting: a proposer makes one take-it-or-leave-it offer against the status quo.

Voters have single-peaked, symmetric preferences on a line: each accepts a policy that is at least
as near to its ideal as the status quo. The setter proposes the acceptable policy nearest to the
setter's own ideal.

References
----------
.. [1] T. Romer and H. Rosenthal, "Political resource allocation, controlled agendas, and the
   status quo", Public Choice 33(4), 1978, 27-43.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from games.errors import CertificateError, InvalidGameError
from games.voting.exact_number import exact_number, exact_numbers
from games.voting.weighted_game import VotingGame

__all__ = ["AgendaOutcome", "agenda_setter"]


@dataclass(frozen=True)
class AgendaOutcome:
    """What the setter proposes and who decides how far it can go.

    Parameters
    ----------
    policy : Fraction
        Policy that results; the status quo if nothing better for the setter would pass.
    limit : Fraction
        Policy farthest from the status quo, on the setter's side of it, that would pass.
    pivot : int
        Voter whose acceptance ends at the limit; the lowest number when several tie.
    in_favour : tuple of int
        Voters who accept the policy; the indifferent accept.
    """

    policy: Fraction
    limit: Fraction
    pivot: int
    in_favour: tuple[int, ...]


def agenda_setter(
    setter_ideal: Any,
    status_quo: Any,
    ideals: Iterable[Any],
    game: VotingGame | None = None,
) -> AgendaOutcome:
    """Outcome of one take-it-or-leave-it proposal.

    Parameters
    ----------
    setter_ideal, status_quo : number
        Points on one line.
    ideals : sequence of numbers
        Ideal point of each voter. A setter with a vote is listed among the voters.
    game : VotingGame, optional
        Which sets of voters pass a proposal; a simple majority by default.

    Raises
    ------
    InvalidGameError
        If numbers are not finite, or voters and ideals differ in number.

    Examples
    --------
    >>> outcome = agenda_setter(1, 0.1, [0.4])
    >>> str(outcome.policy), outcome.pivot
    ('7/10', 0)
    """
    points = exact_numbers(ideals, "ideals")
    if not points:
        raise InvalidGameError("ideals", "is empty; one voter at least is needed")
    if game is None:
        game = VotingGame.weighted(len(points) // 2 + 1, [1] * len(points))
    if game.n_players != len(points):
        raise InvalidGameError(
            "ideals", f"has {len(points)} points for {game.n_players} voters; one each is needed"
        )
    quo = exact_number(status_quo, "status_quo")
    ideal = exact_number(setter_ideal, "setter_ideal")
    side = 1 if ideal >= quo else -1
    # Distances from the status quo towards the setter; a voter accepts up to twice its own.
    reach = [2 * max(Fraction(0), side * (point - quo)) for point in points]
    pivot = _pivot(game, reach)
    distance = min(side * (ideal - quo), reach[pivot])
    in_favour = tuple(i for i, r in enumerate(reach) if r >= distance)
    farther = [i for i, r in enumerate(reach) if r > reach[pivot]]
    if not game.wins(in_favour) or game.wins(farther):
        raise CertificateError("the agenda setter's proposal fails, or a better one would pass")
    return AgendaOutcome(quo + side * distance, quo + side * reach[pivot], pivot, in_favour)


def _pivot(game: VotingGame, reach: list[Fraction]) -> int:
    for distance in sorted(set(reach), reverse=True):
        if game.wins(i for i, r in enumerate(reach) if r >= distance):
            return reach.index(distance)
    raise CertificateError("the grand coalition does not win")
