"""Maximal Nash subsets of a two-player game: all equilibria, continua included.

A *Nash subset* is a set of equilibria any two of which are interchangeable: if (x, y) and
(x', y') belong to it, (x, y') and (x', y) are equilibria as well. A maximal one is the product of
two polytopes, whose corners are the strategies of extreme equilibria; there are finitely many
and their union is the set of all equilibria (Winkels 1979, Jansen 1981). In the bipartite graph
of extreme strategies, with an edge for every extreme equilibrium, they are the maximal complete
subgraphs, and the connected components of the graph are the topological components of the set
of equilibria (Avis, Rosenberg, Savani and von Stengel 2010).

References
----------
.. [1] H.-M. Winkels, "An algorithm to determine all equilibrium points of a bimatrix game", in
   O. Moeschlin and D. Pallaschke (eds), Game Theory and Related Topics, 1979, 137-148.
.. [2] M. J. M. Jansen, "Maximal Nash subsets for bimatrix games", Naval Research Logistics
   Quarterly 28, 1981, 147-152.
.. [3] D. Avis, G. D. Rosenberg, R. Savani and B. von Stengel, "Enumeration of Nash equilibria for
   two-player games", Economic Theory 42, 2010, 9-37.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from games.errors import InvalidGameError, TooLargeError
from games.normal_form import NormalFormGame
from games.solvers.extreme_equilibria import ExactEquilibrium, ExactStrategy, extreme_equilibria

__all__ = ["NashSubset", "maximal_nash_subsets"]

_MAX_SUBSETS = 100_000


@dataclass(frozen=True)
class NashSubset:
    """Every mixture of ``row_strategies`` against every mixture of ``column_strategies``.

    Parameters
    ----------
    row_strategies, column_strategies : tuple of tuple of Fraction
        The corners: extreme strategies, first actions first.
    component : int
        Number of the connected component of the set of equilibria that it belongs to, from 0.
    """

    row_strategies: tuple[ExactStrategy, ...]
    column_strategies: tuple[ExactStrategy, ...]
    component: int

    @property
    def is_single(self) -> bool:
        """Whether it is one equilibrium, not a continuum."""
        return len(self.row_strategies) == len(self.column_strategies) == 1


def maximal_nash_subsets(game: NormalFormGame) -> tuple[NashSubset, ...]:
    """Sets whose union is exactly the set of all equilibria of a two-player game.

    Parameters
    ----------
    game : NormalFormGame
        Two players.

    Returns
    -------
    tuple of NashSubset
        Ordered by component and then by their corners. Every pair of corners has been checked to
        be an equilibrium in exact arithmetic.

    Raises
    ------
    InvalidGameError
        If there are not two players.
    TooLargeError
        If there are more than 100,000 of them.

    Examples
    --------
    Against the first column both rows are best; against the second row both columns are.

    >>> game = NormalFormGame.from_bimatrix([[1, 0], [1, 1]], [[2, 1], [0, 0]])
    >>> for subset in maximal_nash_subsets(game):
    ...     print(subset.component, len(subset.row_strategies), len(subset.column_strategies))
    0 2 1
    0 1 2
    """
    if game.n_players != 2:
        raise InvalidGameError("game", f"has {game.n_players} players; Nash subsets need two")
    found = extreme_equilibria(game, exact=True).equilibria
    pairs = [e.exact_strategies for e in found if isinstance(e, ExactEquilibrium)]
    replies: dict[ExactStrategy, set[ExactStrategy]] = {}
    for x, y in pairs:
        replies.setdefault(x, set()).add(y)
    component_of = _components(replies)
    subsets = [
        NashSubset(
            tuple(sorted(rows, reverse=True)),
            tuple(sorted(columns, reverse=True)),
            component_of[next(iter(rows))],
        )
        for rows, columns in _maximal_bicliques(replies)
    ]
    subsets.sort(key=lambda s: (s.row_strategies, s.column_strategies), reverse=True)
    return tuple(sorted(subsets, key=lambda s: s.component))


def _maximal_bicliques(
    replies: Mapping[ExactStrategy, set[ExactStrategy]],
) -> list[tuple[list[ExactStrategy], frozenset[ExactStrategy]]]:
    """Maximal complete bipartite subgraphs: one for each intersection of neighbourhoods."""
    closed: set[frozenset[ExactStrategy]] = set()
    for columns in replies.values():
        neighbourhood = frozenset(columns)
        closed |= {neighbourhood & other for other in closed} | {neighbourhood}
        if len(closed) > _MAX_SUBSETS:
            raise TooLargeError(f"more than {_MAX_SUBSETS} maximal Nash subsets")
    return [
        ([x for x, columns in replies.items() if shared <= columns], shared)
        for shared in closed
        if shared
    ]


def _components(
    replies: Mapping[ExactStrategy, set[ExactStrategy]],
) -> dict[ExactStrategy, int]:
    """Connected component of each extreme row strategy, numbered in order of appearance."""
    component_of: dict[ExactStrategy, int] = {}
    n_components = 0
    for start in replies:
        if start in component_of:
            continue
        component_of[start] = n_components
        reached = set(replies[start])
        grown = True
        while grown:
            grown = False
            for x, columns in replies.items():
                if x not in component_of and reached & columns:
                    component_of[x] = n_components
                    reached |= columns
                    grown = True
        n_components += 1
    return component_of
