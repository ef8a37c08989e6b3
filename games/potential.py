"""Potential games and symmetric games: tests, potentials, and what breaks them.

A function P of the action profile is an *exact potential* if every unilateral change alters P by
just what it gives the player who makes it; an *ordinal potential* if the two changes have the same
sign; a *generalized ordinal potential* if P rises whenever the player gains (Monderer and Shapley,
1996). A finite game with any of these has a pure equilibrium, and every path of improvements ends
in one: the last holds exactly if improvements cannot go round in a circle. An ordinal potential
exists exactly if no circle of changes that harm no mover contains a gain (Voorneveld and Norde,
1997). A game is *symmetric* if payoffs depend on what one does and how many do what, not on who.

References
----------
.. [1] D. Monderer and L. S. Shapley, "Potential games", Games and Economic Behavior 14(1), 1996,
   124-143.
.. [2] M. Voorneveld and H. Norde, "A characterization of ordinal potential games", Games and
   Economic Behavior 19(2), 1997, 235-242.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from games.errors import CertificateError, NoSolutionError, TooLargeError
from games.normal_form import FloatArray, NormalFormGame

__all__ = [
    "Potential",
    "PotentialKind",
    "interchangeable_players",
    "is_symmetric",
    "potential",
]

_MAX_EDGES = 20_000_000


class PotentialKind(Enum):
    """How closely a potential follows the players' gains."""

    EXACT = "changes equal the mover's gain"
    ORDINAL = "changes have the sign of the mover's gain"
    GENERALIZED_ORDINAL = "rises whenever the mover gains"


@dataclass(frozen=True, eq=False)
class Potential:
    """A potential of a game.

    Parameters
    ----------
    kind : PotentialKind
    values : (m_0, ..., m_{n-1}) array of float
        0 at the first profile for an exact potential, in units of payoff; a rank from 0 for the
        ordinal kinds.
    residual : float
        Certificate of an exact potential: the largest difference between a change of potential
        and the mover's gain. 0 for the ordinal kinds, whose signs were compared one by one.
    """

    kind: PotentialKind
    values: FloatArray
    residual: float

    @property
    def maximizers(self) -> tuple[tuple[int, ...], ...]:
        """Profiles with the largest potential: pure equilibria, in lexicographic order."""
        gap = self.values.max() - self.values
        cells = np.argwhere(gap <= 2 * self.residual * self.values.ndim).tolist()
        return tuple(tuple(cell) for cell in cells)


def potential(game: NormalFormGame, kind: PotentialKind = PotentialKind.EXACT) -> Potential:
    """Potential of a game, of the kind asked for.

    Parameters
    ----------
    game : NormalFormGame
    kind : PotentialKind
        Exact potentials are found up to the rounding of the largest payoff; the ordinal kinds
        compare payoffs as they are stored.

    Raises
    ------
    NoSolutionError
        If the game has no potential of that kind; the message names changes that rule it out.
    TooLargeError
        For the ordinal kinds, if there are more than twenty million unilateral changes.

    Examples
    --------
    >>> dilemma = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> potential(dilemma).values
    array([[0., 2.],
           [2., 3.]])
    """
    if kind is PotentialKind.EXACT:
        return _exact_potential(game)
    return _ordinal_potential(game, kind)


def is_symmetric(game: NormalFormGame) -> bool:
    """Whether exchanging any two players, payoffs and actions, leaves the game as it is.

    Actions correspond by their numbers. Payoffs may differ by rounding.

    Examples
    --------
    >>> is_symmetric(NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]))
    True
    """
    return len(interchangeable_players(game)) == 1


def interchangeable_players(game: NormalFormGame) -> tuple[tuple[int, ...], ...]:
    """Classes of players who can be exchanged without changing the game, by their numbers.

    Examples
    --------
    >>> pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> interchangeable_players(pennies)
    ((0,), (1,))
    """
    classes: list[list[int]] = []
    for i in range(game.n_players):
        for members in classes:  # exchangeability is transitive: one member stands for all
            if _can_exchange(game, members[0], i):
                members.append(i)
                break
        else:
            classes.append([i])
    return tuple(tuple(members) for members in classes)


def _can_exchange(game: NormalFormGame, i: int, j: int) -> bool:
    if game.n_actions[i] != game.n_actions[j]:
        return False
    order = list(range(game.n_players))
    order[i], order[j] = j, i
    exchanged = np.swapaxes(game.payoffs[order], 1 + i, 1 + j)
    return bool(np.abs(exchanged - game.payoffs).max() <= _tolerance(game))


def _tolerance(game: NormalFormGame) -> float:
    """Rounding of the payoffs, and no more: a share of a huge penalty would excuse everything."""
    return 16 * float(np.finfo(float).eps) * float(np.abs(game.payoffs).max())


def _exact_potential(game: NormalFormGame) -> Potential:
    values = np.zeros(game.n_actions)
    for i in range(game.n_players):
        # Gain of player i from its first action, the players after i still at theirs.
        here = (slice(None),) * (i + 1) + (slice(0, 1),) * (game.n_players - i - 1)
        payoffs = game.payoffs[i][here]
        values = values + (payoffs - np.take(payoffs, [0], axis=i))
    residuals = [np.ptp(values - game.payoffs[i], axis=i) for i in range(game.n_players)]
    worst = [float(residual.max()) for residual in residuals]
    if max(worst) > game.n_players * _tolerance(game):
        i = int(np.argmax(worst))
        cell = [int(k) for k in np.unravel_index(np.argmax(residuals[i]), residuals[i].shape)]
        raise NoSolutionError(
            f"no exact potential: around a circle of changes by player {i} and others, with the "
            f"others at {cell}, the movers' gains sum to {worst[i]:.6g} and not to 0"
        )
    return Potential(PotentialKind.EXACT, values, max(worst))


def _ordinal_potential(game: NormalFormGame, kind: PotentialKind) -> Potential:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n_cells = game.payoffs[0].size
    n_edges = sum((m - 1) * n_cells for m in game.n_actions) // 2
    if n_edges > _MAX_EDGES:
        raise TooLargeError(
            f"{n_edges} unilateral changes; at most {_MAX_EDGES} are followed: test for an exact "
            "potential instead"
        )
    low, high, tied = (np.concatenate(parts) for parts in zip(*_changes(game), strict=True))
    heads, tails = [low[~tied]], [high[~tied]]
    if kind is PotentialKind.ORDINAL:  # a tie may be followed both ways
        heads += [low[tied], high[tied]]
        tails += [high[tied], low[tied]]
    start, end = np.concatenate(heads), np.concatenate(tails)
    graph = coo_array((np.ones(len(start), dtype=np.int8), (start, end)), shape=(n_cells, n_cells))
    n_classes, label = connected_components(graph.tocsr(), directed=True, connection="strong")
    rising = ~tied
    circular = np.flatnonzero(rising & (label[low] == label[high]))
    if len(circular):
        a, b = (
            tuple(int(k) for k in np.unravel_index(ends[circular[0]], game.n_actions))
            for ends in (low, high)
        )
        raise NoSolutionError(
            f"no {kind.name.lower().replace('_', ' ')} potential: the change from {a} to {b} is a "
            "gain, and changes that harm no mover lead back"
        )
    ranks = _ranks(n_classes, label[start], label[end])[label]
    if (ranks[high[rising]] <= ranks[low[rising]]).any() or (
        kind is PotentialKind.ORDINAL and (ranks[low[tied]] != ranks[high[tied]]).any()
    ):
        raise CertificateError("the ranks found do not follow the players' gains")
    return Potential(kind, ranks.reshape(game.n_actions).astype(float), 0.0)


def _changes(
    game: NormalFormGame,
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]]:
    """Unilateral changes as (cell, cell that is not worse for the mover, whether a tie)."""
    cells = np.arange(game.payoffs[0].size).reshape(game.n_actions)
    yield np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), np.zeros(0, dtype=bool)
    for i, m in enumerate(game.n_actions):
        index = np.moveaxis(cells, i, 0).reshape(m, -1)
        payoffs = np.moveaxis(game.payoffs[i], i, 0).reshape(m, -1)
        for a in range(m):
            for b in range(a + 1, m):
                gain = payoffs[b] - payoffs[a]
                up = gain >= 0
                yield (
                    np.where(up, index[a], index[b]),
                    np.where(up, index[b], index[a]),
                    gain == 0,
                )


def _ranks(n_classes: int, start: NDArray[np.intp], end: NDArray[np.intp]) -> NDArray[np.intp]:
    """Longest way up to each class of an acyclic graph, class by class from the bottom."""
    different = start != end
    start, end = start[different], end[different]
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    first = np.searchsorted(start, np.arange(n_classes + 1))
    waiting = np.bincount(end, minlength=n_classes)
    ranks = np.zeros(n_classes, dtype=np.intp)
    layer = np.flatnonzero(waiting == 0)
    rank = 0
    while len(layer):
        ranks[layer] = rank
        rank += 1
        counts = first[layer + 1] - first[layer]
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        reached = end[np.repeat(first[layer], counts) + offsets]
        np.subtract.at(waiting, reached, 1)
        candidates = np.unique(reached)
        layer = candidates[waiting[candidates] == 0]
    return ranks
