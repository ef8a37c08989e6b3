"""Internal and external stability of all coalitions of signatories.

The *advantage* of player i at a coalition S without i is ``v_i(S + i) - v_i(S)``. A member's
slack is its advantage (what it would lose by leaving); an outsider's slack is minus its advantage
(what it would lose by joining). A coalition is internally stable if no member's slack is
negative, externally stable if no outsider's is. A player with slack zero is indifferent and stays
where it is; such ties are named, since a grain of sand could turn them.

References
----------
.. [1] C. d'Aspremont, A. Jacquemin, J. J. Gabszewicz and J. A. Weymark, "On the stability of
   collusive price leadership", Canadian Journal of Economics 16(1), 1983, 17-25.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray
from games.participation.indifference import indifference
from games.participation.participation_game import ParticipationGame

__all__ = ["CoalitionReport", "Stability", "advantages", "stability"]


@dataclass(frozen=True)
class CoalitionReport:
    """One coalition with every player's incentive.

    Parameters
    ----------
    mask : int
    members, outsiders : tuple of int
    slacks : (n_players,) tuple of float
        What each player would lose by changing sides alone, in its own units; negative if it
        would gain.
    leavers, joiners : tuple of int
        Members who gain by leaving and outsiders who gain by joining, the strongest incentive
        first.
    indifferent : tuple of int
        Players whose slack is zero within rounding.
    """

    mask: int
    members: tuple[int, ...]
    outsiders: tuple[int, ...]
    slacks: tuple[float, ...]
    leavers: tuple[int, ...]
    joiners: tuple[int, ...]
    indifferent: tuple[int, ...]

    @property
    def is_stable(self) -> bool:
        """Whether nobody gains by changing sides."""
        return not self.leavers and not self.joiners


@dataclass(frozen=True, eq=False)
class Stability:
    """Stability of every coalition of one game.

    Parameters
    ----------
    game : ParticipationGame
    internal_slack, external_slack : (2**n_players,) arrays of float
        Smallest slack among members and among outsiders; infinite where there are none. They
        compare players' payoffs, so a common unit is assumed; the classification is not affected.
    is_internal, is_external : (2**n_players,) arrays of bool
    has_tie : (2**n_players,) array of bool
        Some player is indifferent between its side and the other.
    membership : str
        Rule by which outsiders may join.
    """

    game: ParticipationGame
    internal_slack: FloatArray
    external_slack: FloatArray
    is_internal: NDArray[np.bool_]
    is_external: NDArray[np.bool_]
    has_tie: NDArray[np.bool_]
    membership: str = "open"

    @property
    def is_stable(self) -> NDArray[np.bool_]:
        """Internally and externally stable, per coalition."""
        return self.is_internal & self.is_external

    @property
    def stable_masks(self) -> tuple[int, ...]:
        """All stable coalitions, in the order of their masks."""
        return tuple(int(mask) for mask in np.flatnonzero(self.is_stable))

    @property
    def effective_masks(self) -> tuple[int, ...]:
        """Stable coalitions that change somebody's payoff; without them nothing is done.

        A single signatory who would act in the same way without signing is *idle*, and stable
        because everybody is indifferent.
        """
        payoffs = self.game.payoffs
        masks = np.flatnonzero(self.is_stable)
        here, nothing = payoffs[:, masks], payoffs[:, :1]
        idle = (np.abs(here - nothing) <= indifference(here, nothing)).all(axis=0)
        return tuple(int(mask) for mask in masks[~idle])

    def report(self, mask: int) -> CoalitionReport:
        """Every player's incentive at one coalition, computed from the payoffs alone.

        Raises
        ------
        InvalidGameError
            If there is no such coalition.
        CertificateError
            If it contradicts the scan of all coalitions (a defect).
        """
        n = self.game.n_players
        if not 0 <= mask < 1 << n:
            raise InvalidGameError("mask", f"is {mask}; it must be from 0 to {(1 << n) - 1}")
        payoffs = self.game.payoffs
        moved = [payoffs[i, mask ^ 1 << i] for i in range(n)]
        slacks = [float(payoffs[i, mask] - moved[i]) for i in range(n)]
        limits = indifference(payoffs[:, mask], moved)
        moving = sorted((i for i in range(n) if slacks[i] < -limits[i]), key=slacks.__getitem__)
        found = CoalitionReport(
            mask,
            self.game.members(mask),
            tuple(i for i in range(n) if not mask >> i & 1),
            tuple(slacks),
            tuple(i for i in moving if mask >> i & 1),
            tuple(i for i in moving if not mask >> i & 1),
            tuple(i for i in range(n) if abs(slacks[i]) <= limits[i]),
        )
        agrees = (not found.leavers) == self.is_internal[mask]
        if self.membership == "open":
            agrees &= (not found.joiners) == self.is_external[mask]
        if not agrees:
            raise CertificateError(f"coalition {found.members}: incentives contradict the scan")
        return found


def advantages(game: ParticipationGame, player: int) -> FloatArray:
    """Gain of one player from signing, per coalition of the others.

    Returns
    -------
    (2**(n - 1 - player), 2**player) array of float
        Indexed by the bits above and below the player's own.
    """
    split = game.payoffs[player].reshape(-1, 2, 1 << player)
    return np.asarray(split[:, 1] - split[:, 0])


def stability(game: ParticipationGame) -> Stability:
    """Internal and external stability of all coalitions, by array operations.

    Examples
    --------
    A benefit of 2 per signatory to everybody does not pay for a cost of 3, but does once signing
    makes the other sign as well.

    >>> pledge = [[0, -1, 2, 1], [0, 2, -1, 1]]
    >>> stability(ParticipationGame(pledge)).stable_masks
    (0,)
    """
    n = game.n_players
    internal_slack = np.full(1 << n, np.inf)
    external_slack = np.full(1 << n, np.inf)
    is_internal = np.ones(1 << n, dtype=bool)
    is_external = np.ones(1 << n, dtype=bool)
    has_tie = np.zeros(1 << n, dtype=bool)
    for i in range(n):
        shape = (-1, 2, 1 << i)
        gain = advantages(game, i)
        split = game.payoffs[i].reshape(shape)
        limit = indifference(split[:, 1], split[:, 0])
        members = internal_slack.reshape(shape)[:, 1]
        np.minimum(members, gain, out=members)
        outsiders = external_slack.reshape(shape)[:, 0]
        np.minimum(outsiders, -gain, out=outsiders)
        is_internal.reshape(shape)[:, 1] &= gain >= -limit
        is_external.reshape(shape)[:, 0] &= gain <= limit
        tied = np.abs(gain) <= limit
        has_tie.reshape(shape)[:, 1] |= tied
        has_tie.reshape(shape)[:, 0] |= tied
    return Stability(game, internal_slack, external_slack, is_internal, is_external, has_tie)
