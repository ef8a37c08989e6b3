"""Dominated actions and their iterated elimination, with the order of elimination.

An action is *strictly dominated* if some mixture of the player's other actions is better whatever
the others do, and *weakly dominated* if it is never worse and sometimes better. No rational player
uses a strictly dominated action; what survives its iterated elimination does not depend on the
order (Gilboa, Kalai and Zemel, 1990). What survives iterated weak dominance does depend on the
order; here all weakly dominated actions of all players go at once, round by round, which is one
common order. Nash equilibria may be lost by it.

References
----------
.. [1] R. D. Luce and H. Raiffa, "Games and Decisions", Wiley, 1957, chapter 5.
.. [2] D. Pearce, "Rationalizable strategic behavior and the problem of perfection", Econometrica
   52(4), 1984, 1029-1050.
.. [3] I. Gilboa, E. Kalai and E. Zemel, "On the order of eliminating dominated strategies",
   Operations Research Letters 9(2), 1990, 85-89.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray, NormalFormGame
from games.solvers.dominating_mixture import dominating_mixture

__all__ = ["DominanceResult", "Elimination", "dominated_actions", "iterated_dominance"]


@dataclass(frozen=True, eq=False)
class Elimination:
    """One dominated action, with the strategy that dominates it.

    Parameters
    ----------
    round : int
        In which round it went, from 1.
    player, action : int
        Numbers of the original game.
    dominator : (m_player,) array of float
        Mixed strategy over the original actions, none of which went in an earlier round.
    least_gain, largest_gain : float
        Certificate: what the dominator gains over the action at the others' surviving profiles,
        at least and at most, in the player's own units.
    """

    round: int
    player: int
    action: int
    dominator: FloatArray
    least_gain: float
    largest_gain: float


@dataclass(frozen=True, eq=False)
class DominanceResult:
    """What is left after iterated elimination, and what went when.

    Parameters
    ----------
    survivors : tuple of tuple of int
        Actions left to each player, in the numbers of the original game.
    eliminations : tuple of Elimination
        By round, then by player, then by action.
    game : NormalFormGame
        The game between the survivors, labels kept.
    is_strict : bool
        Which kind of dominance was used.
    """

    survivors: tuple[tuple[int, ...], ...]
    eliminations: tuple[Elimination, ...]
    game: NormalFormGame
    is_strict: bool

    @property
    def is_solved(self) -> bool:
        """Whether one action is left to every player."""
        return all(len(actions) == 1 for actions in self.survivors)


def dominated_actions(
    game: NormalFormGame, player: int, *, strict: bool = True, mixed: bool = True
) -> tuple[Elimination, ...]:
    """Dominated actions of one player in the game as it is, in the order of their numbers.

    Parameters
    ----------
    game : NormalFormGame
    player : int
    strict : bool
        Strict dominance; otherwise weak, which includes strict.
    mixed : bool
        Whether mixtures may dominate or single actions only.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [0, 3], [1, 1]], [[0, 0], [0, 0], [0, 0]])
    >>> [found] = dominated_actions(game, 0)
    >>> found.action, found.dominator.tolist(), found.least_gain
    (2, [0.5, 0.5, 0.0], 0.5)
    """
    if not 0 <= player < game.n_players:
        raise InvalidGameError(
            "player", f"is {player}; players are numbered 0 to {game.n_players - 1}"
        )
    survivors = tuple(tuple(range(m)) for m in game.n_actions)
    return _dominated(game, player, survivors, 1, strict, mixed)


def iterated_dominance(
    game: NormalFormGame, *, strict: bool = True, mixed: bool = True
) -> DominanceResult:
    """Actions that survive the iterated elimination of dominated actions.

    Parameters
    ----------
    game : NormalFormGame
    strict : bool
        Strict dominance; otherwise weak, whose outcome depends on the order: all dominated
        actions of all players go together in each round.
    mixed : bool
        Whether mixtures may dominate or single actions only.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> result = iterated_dominance(game)
    >>> result.survivors, result.is_solved
    (((1,), (1,)), True)
    """
    survivors = tuple(tuple(range(m)) for m in game.n_actions)
    eliminations: list[Elimination] = []
    for number in range(1, sum(game.n_actions) + 2):
        gone = [
            elimination
            for player in range(game.n_players)
            for elimination in _dominated(game, player, survivors, number, strict, mixed)
        ]
        if not gone:
            break
        eliminations += gone
        lost = {(e.player, e.action) for e in gone}
        survivors = tuple(
            tuple(a for a in actions if (player, a) not in lost)
            for player, actions in enumerate(survivors)
        )
    labels = [
        [game.actions[player][a] for a in actions] for player, actions in enumerate(survivors)
    ]
    payoffs = game.payoffs[np.ix_(range(game.n_players), *survivors)]
    reduced = NormalFormGame(payoffs, game.players, labels)
    return DominanceResult(survivors, tuple(eliminations), reduced, strict)


def _dominated(
    game: NormalFormGame,
    player: int,
    survivors: tuple[tuple[int, ...], ...],
    number: int,
    strict: bool,
    mixed: bool,
) -> tuple[Elimination, ...]:
    own = survivors[player]
    payoffs = game.payoffs[player][np.ix_(*survivors)]
    U = np.moveaxis(payoffs, player, 0).reshape(len(own), -1)
    found = []
    for row, action in enumerate(own):
        mixture = dominating_mixture(U, [row], strict=strict, mixed=mixed)
        if mixture is None:
            continue
        gains = mixture @ (U - U[row])
        rounding = 64 * float(np.finfo(float).eps) * np.abs(U).max(axis=0)
        if (gains <= 0).any() if strict else (gains < -rounding).any() or gains.max() <= 0:
            raise CertificateError(
                f"action {action} of player {player} is not dominated by {mixture.tolist()}"
            )
        dominator = np.zeros(game.n_actions[player])
        dominator[list(own)] = mixture
        found.append(
            Elimination(number, player, action, dominator, float(gains.min()), float(gains.max()))
        )
    return tuple(found)
