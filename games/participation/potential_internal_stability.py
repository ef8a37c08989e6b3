"""Potential internal stability: coalitions that transfers among their members can hold together.

A member must get at least its *claim*, the payoff ``v_i(S - i)`` of leaving alone. If the members
together get at least the sum of their claims, transfers that share out the surplus make S
internally stable; otherwise no scheme can. With such transfers, an outsider j would join S
exactly if S + j has a positive surplus, so S is externally stable if no S + j has one.

References
----------
.. [1] J. Eyckmans and M. Finus, "An almost ideal sharing scheme for coalition games with
   externalities", FEEM working paper 155.2004, 2004.
.. [2] C. Carraro, J. Eyckmans and M. Finus, "Optimal transfers and participation decisions in
   international environmental agreements", Review of International Organizations 1, 2006, 379-396.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from games.errors import CertificateError, InvalidGameError, NoSolutionError
from games.normal_form import FloatArray
from games.participation.indifference import indifference
from games.participation.participation_game import ParticipationGame
from games.participation.stability import advantages

__all__ = ["PotentialStability", "Transfers", "potential_internal_stability"]


@dataclass(frozen=True, eq=False)
class Transfers:
    """Transfers that hold a coalition together.

    Parameters
    ----------
    members : tuple of int
    claims : (n_members,) array of float
        What each member would get by leaving alone.
    amounts : (n_members,) array of float
        What each member receives; negative if it pays. The amounts sum to zero.
    payoffs : (n_members,) array of float
        Payoffs after transfers, none below its claim.
    surplus : float
        What the members have together beyond their claims.
    """

    members: tuple[int, ...]
    claims: FloatArray
    amounts: FloatArray
    payoffs: FloatArray
    surplus: float


@dataclass(frozen=True, eq=False)
class PotentialStability:
    """Potential stability of every coalition of one game with transferable payoffs.

    Parameters
    ----------
    game : ParticipationGame
        All payoffs in one common, transferable unit.
    surplus : (2**n_players,) array of float
        Joint payoff of the members minus the sum of their claims.
    is_internal : (2**n_players,) array of bool
        Transfers can make the coalition internally stable.
    is_external : (2**n_players,) array of bool
        No outsider's accession leaves a positive surplus to attract it.
    has_tie : (2**n_players,) array of bool
        The surplus is zero within rounding.
    """

    game: ParticipationGame
    surplus: FloatArray
    is_internal: NDArray[np.bool_]
    is_external: NDArray[np.bool_]
    has_tie: NDArray[np.bool_]

    @property
    def is_stable(self) -> NDArray[np.bool_]:
        """Internally and externally stable under optimal transfers, per coalition."""
        return self.is_internal & self.is_external

    def transfers(self, mask: int, shares: Iterable[float] | None = None) -> Transfers:
        """Transfers that give each member its claim and a share of the surplus.

        Parameters
        ----------
        mask : int
        shares : sequence of float, optional
            One per member, not negative, summing to 1; equal shares by default.

        Raises
        ------
        InvalidGameError
            If there is no such coalition, or the shares are not one each, summing to 1.
        NoSolutionError
            If the surplus is negative: no transfers hold this coalition together.
        """
        most = (1 << self.game.n_players) - 1
        if not 1 <= mask <= most:
            raise InvalidGameError("mask", f"is {mask}; a coalition is from 1 to {most}")
        members = self.game.members(mask)
        weights = _checked_shares(shares, len(members))
        if not self.is_internal[mask]:
            names = ", ".join(self.game.players[i] for i in members)
            raise NoSolutionError(
                f"{{{names}}} lacks {-self.surplus[mask]:.6g} to meet the claims of its members; "
                "no transfers among them hold it together"
            )
        claims = np.array([self.game.payoffs[i, mask ^ 1 << i] for i in members])
        before = self.game.payoffs[list(members), mask]
        after = claims + weights * float(before.sum() - claims.sum())
        found = Transfers(members, claims, after - before, after, float(self.surplus[mask]))
        limit = 1e-9 * (1 + float(np.abs(before).sum() + np.abs(claims).sum()))
        if abs(found.amounts.sum()) > limit or (after - claims).min() < -limit:
            raise CertificateError("transfers do not balance, or fall short of a claim")
        return found


def potential_internal_stability(game: ParticipationGame) -> PotentialStability:
    """Coalitions that transfers can hold together, and those that nobody else would then join.

    Examples
    --------
    >>> game = ParticipationGame([[0, -1, 5, 6], [0, 5, -1, 6]])
    >>> potential_internal_stability(game).surplus
    array([ 0., -1., -1.,  2.])
    """
    n = game.n_players
    surplus = np.zeros(1 << n)
    rounding = np.zeros(1 << n)
    for i in range(n):
        split = game.payoffs[i].reshape(-1, 2, 1 << i)
        surplus.reshape(-1, 2, 1 << i)[:, 1] += advantages(game, i)
        rounding.reshape(-1, 2, 1 << i)[:, 1] += indifference(split[:, 1], split[:, 0])
    attracts = surplus > rounding
    is_external = np.ones(1 << n, dtype=bool)
    for i in range(n):
        shape = (-1, 2, 1 << i)
        is_external.reshape(shape)[:, 0] &= ~attracts.reshape(shape)[:, 1]
    return PotentialStability(
        game, surplus, surplus >= -rounding, is_external, np.abs(surplus) <= rounding
    )


def _checked_shares(shares: Iterable[float] | None, n_members: int) -> FloatArray:
    if shares is None:
        return np.full(n_members, 1 / n_members)
    weights = np.array(list(shares), dtype=float)
    fits = weights.shape == (n_members,) and bool((weights >= 0).all())
    if not fits or abs(weights.sum() - 1) > 1e-9:
        raise InvalidGameError(
            "shares", f"need {n_members} numbers, none negative, that sum to 1 (got {shares})"
        )
    return weights
