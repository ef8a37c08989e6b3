"""What a solver of strategic games returns: equilibria, each with its regret as certificate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from games.errors import CertificateError
from games.normal_form import FloatArray, MixedProfile, NormalFormGame, expected_by_action

__all__ = ["Equilibrium", "EquilibriumList", "certified"]

REGRET_TOL = 1e-9
"""Largest regret of an equilibrium, relative to what is at stake in it."""


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """One Nash equilibrium, with the regret that certifies it.

    Parameters
    ----------
    strategies : tuple of (m_i,) arrays of float
        One probability vector per player.
    payoffs : (n_players,) array of float
        Expected payoffs, in each player's own units.
    regret : float
        Largest gain that any player could make by deviating alone; 0 for an exact equilibrium.
    labels : tuple of str
        What is known of it besides, such as ``risk dominant``. Never a silent choice.
    """

    strategies: MixedProfile
    payoffs: FloatArray
    regret: float
    labels: tuple[str, ...] = ()

    @property
    def is_pure(self) -> bool:
        """Whether every player plays one action for certain."""
        return all(bool((s == 1).any()) for s in self.strategies)


@dataclass(frozen=True, eq=False)
class EquilibriumList:
    """Equilibria of one game, and whether the list is all of them.

    Parameters
    ----------
    equilibria : tuple of Equilibrium
        In a fixed order: lexicographic in the strategies, first actions first.
    is_complete : bool
        True only if the method proves that no other (extreme) equilibrium exists.
    method : str
        The algorithm, named as in the literature, and the arithmetic that it used.
    note : str
        What a reader must know: degenerate, only pure ones sought, stopped at a limit.
    """

    equilibria: tuple[Equilibrium, ...]
    is_complete: bool
    method: str
    note: str = ""


def certified(
    game: NormalFormGame,
    profiles: Iterable[MixedProfile],
    *,
    regret_tol: float = REGRET_TOL,
) -> tuple[Equilibrium, ...]:
    """Equilibria from candidate profiles, each checked by its regret.

    Parameters
    ----------
    game : NormalFormGame
    profiles : iterable of profiles
        What a solver found.
    regret_tol : float
        Largest regret allowed, as a share of what is at stake for the player at the profile.

    Returns
    -------
    tuple of Equilibrium
        In the order given.

    Raises
    ------
    CertificateError
        If a profile is not a probability distribution per player or its regret is larger than
        the tolerance: the solver is at fault.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> [found] = certified(game, [game.pure_profile((1, 1))])
    >>> found.payoffs, found.regret
    (array([1., 1.]), 0.0)
    >>> huge = NormalFormGame.from_bimatrix([[3, -1e12], [5, 0]], [[3, 5], [0, 1]])
    >>> certified(huge, [huge.pure_profile((0, 0))])
    Traceback (most recent call last):
    games.errors.CertificateError: a profile with regret 2 is no equilibrium: ...
    """
    found = []
    for profile in profiles:
        for strategy in profile:
            if strategy.min() < 0 or abs(strategy.sum() - 1) > 1e-9:
                raise CertificateError(f"not a probability distribution: {strategy}")
        regrets = game.regrets(profile)
        excess = regrets - _limits(game, profile, regret_tol)
        if (excess > 0).any():
            raise CertificateError(
                f"a profile with regret {regrets.max():.3g} is no equilibrium: "
                f"{[strategy.tolist() for strategy in profile]}"
            )
        regret = float(regrets.max())
        found.append(Equilibrium(profile, game.expected_payoffs(profile), regret))
    return tuple(found)


def _limits(game: NormalFormGame, profile: MixedProfile, regret_tol: float) -> FloatArray:
    """Largest regret allowed for each player: a share of what is at stake at the profile.

    What is at stake is how much the actions in use differ from the best one, wherever the others
    may lead; a huge penalty elsewhere excuses nothing. Payoffs are stored rounded, so regret of
    that size cannot be told from none.
    """
    limits = np.empty(game.n_players)
    sizes = NormalFormGame(np.abs(game.payoffs))
    eps = float(np.finfo(float).eps)
    for i in range(game.n_players):
        best, used, losses = game.losses_of_used(i, profile)
        gaps = np.where(np.isfinite(losses), np.abs(losses), 0.0)
        stakes = expected_by_action(gaps, i, profile).max()
        size = sizes.action_payoffs(i, profile)[[best, *used]].max()
        limits[i] = regret_tol * stakes + 8 * eps * size
    return limits
