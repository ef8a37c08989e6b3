"""Branch and prune: a search of the whole strategy space that proves what it leaves out.

The space of mixed profiles, a product of simplices, is cut into cells, each a product of smaller
simplices given by their vertices. Payoffs are linear in each player's strategy, so their range
over a cell is found at its vertices. Three steps are tried in turn:

* *Prune.* An action that is worse than another one everywhere in the cell is used by no
  equilibrium in it: only the face without the action remains, or nothing.
* *Settle.* Where every action left has positive probability, equilibria solve the indifference
  equations. A preconditioned range of their Jacobian (Krawczyk, 1969) may show that the cell
  contains no solution, or at most one; then the one is found by Newton's method.
* *Branch.* Otherwise the longest edge is halved.

Cells that become tiny before they are settled are counted: they lie on continua of equilibria or
at equilibria where something else ties. With none of those, the list is complete. Comparisons
leave a margin for rounding.

Glossary: ``V[i]`` vertices of player i's simplex, one a row; ``J[i]`` the actions that some vertex
uses; ``Y`` approximate inverse Jacobian; ``B`` bound on ``|1 - Y · Jacobian|`` over the cell.

References
----------
.. [1] R. Krawczyk, "Newton-Algorithmen zur Bestimmung von Nullstellen mit Fehlerschranken",
   Computing 4, 1969, 187-201.
.. [2] R. E. Moore, "Interval Analysis", Prentice-Hall, 1966.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeAlias

import numpy as np

from games.normal_form import FloatArray, MixedProfile, NormalFormGame
from games.solvers.logit_tracing import LogitSystem
from games.solvers.support_newton import has_only_rounding_regret, solve_on_support

__all__ = ["Search", "branch_and_prune"]

Cell: TypeAlias = tuple[FloatArray, ...]

_MARGIN = 1e-12  # for rounding, as a share of the payoffs compared
_TINY = 1e-5  # a cell with edges shorter than this is given up
_MAX_UNSETTLED = 50
_INJECTIVE = 0.95  # bound on |1 - Y · Jacobian| below which the equations have one solution
_INSIDE = 1e-9  # how far outside a cell a solution may lie, in barycentric coordinates


@dataclass
class Search:
    """What a search found and whether it settled every cell.

    Parameters
    ----------
    profiles : list of profiles
        Equilibria; one on the border of several cells occurs several times.
    n_cells : int
        Cells looked at.
    n_unsettled : int
        Cells given up because they were tiny; the search stops at fifty.
    is_exhausted : bool
        Whether no cell was left to look at.
    """

    profiles: list[MixedProfile] = field(default_factory=list)
    n_cells: int = 0
    n_unsettled: int = 0
    is_exhausted: bool = False


def branch_and_prune(game: NormalFormGame, max_cells: int) -> Search:
    """Equilibria of ``game`` from a search of at most ``max_cells`` cells."""
    system = LogitSystem(game)
    losses = [u.reshape(game.n_actions) for u in system.payoffs]
    search = Search()
    waiting: list[Cell] = [tuple(np.eye(m) for m in game.n_actions)]
    while waiting:
        if search.n_cells >= max_cells or search.n_unsettled >= _MAX_UNSETTLED:
            return search
        search.n_cells += 1
        cell = _prune(losses, waiting.pop())
        if cell is None or _settle(losses, cell, system, search):
            continue
        halves = _halve(cell)
        if halves:
            waiting += halves
        else:
            search.n_unsettled += 1
    search.is_exhausted = True
    return search


def _at_vertices(losses: FloatArray, cell: Cell, keep: tuple[int, ...]) -> FloatArray:
    """Payoffs with the axes of ``keep`` first and, last, all vertices of the others' simplices."""
    values = losses
    for k in range(len(cell)):
        if k not in keep:
            values = np.moveaxis(np.tensordot(values, cell[k], axes=(k, 1)), -1, k)
    values = np.moveaxis(values, keep, range(len(keep)))
    return values.reshape(*values.shape[: len(keep)], -1)


def _prune(losses: list[FloatArray], cell: Cell) -> Cell | None:
    """The face of the cell that can contain equilibria; ``None`` if there is none."""
    simplices = list(cell)
    changed = True
    while changed:
        changed = False
        for i, values in enumerate(losses):
            u = _at_vertices(values, tuple(simplices), (i,))
            margin = _MARGIN * np.abs(u).max()
            # [j, k]: the most that action j can be ahead of action k in the cell.
            ahead = (u[:, None, :] - u[None, :, :]).max(axis=2)
            inferior = (ahead < -margin).any(axis=1)
            kept = simplices[i][~(simplices[i][:, inferior] > 0).any(axis=1)]
            if len(kept) < len(simplices[i]):
                # A face of lower dimension than its actions allow belongs to other cells too.
                if len(kept) == 0 or len(kept) < np.count_nonzero(kept.any(axis=0)):
                    return None
                simplices[i] = kept
                changed = True
    return tuple(simplices)


def _settle(losses: list[FloatArray], cell: Cell, system: LogitSystem, search: Search) -> bool:
    """Whether the equilibria in the cell are known, one (added to the search) or none."""
    J = [np.flatnonzero(V.any(axis=0)) for V in cell]
    if any((V[:, actions] == 0).any() for V, actions in zip(cell, J, strict=True)):
        return False
    centre = tuple(V.mean(axis=0) for V in cell)
    n_equations = sum(len(actions) - 1 for actions in J)
    if n_equations:
        low, high = _jacobian_range(losses, cell, J)
        middle = (low + high) / 2
        if abs(np.linalg.det(middle)) == 0:
            return False
        Y: FloatArray = np.asarray(np.linalg.inv(middle), dtype=float)
        B = np.abs(Y) @ ((high - low) / 2)
        if _has_no_solution(losses, cell, J, centre, Y, B):
            return True
        if B.sum(axis=1).max() > _INJECTIVE:
            return False
    solution = solve_on_support(system, np.concatenate(centre))
    if solution is None or not has_only_rounding_regret(system, solution):
        return False
    found = tuple(np.split(solution, system.starts[1:]))
    if not _contains(cell, found):
        return False
    search.profiles.append(found)
    return True


def _jacobian_range(
    losses: list[FloatArray], cell: Cell, J: list[np.ndarray]
) -> tuple[FloatArray, FloatArray]:
    """Least and largest derivatives of the indifference equations over the cell.

    Equation (i, j) is how much action j of ``J[i]`` is ahead of the first; variable (k, l) is
    weight moved from the first action of ``J[k]`` to action l.
    """
    sizes = [len(actions) - 1 for actions in J]
    ends = np.concatenate([[0], np.cumsum(sizes)])
    low = np.zeros((ends[-1], ends[-1]))
    high = np.zeros_like(low)
    for i, k in ((i, k) for i in range(len(J)) for k in range(len(J)) if i != k):
        if sizes[i] and sizes[k]:
            values = _at_vertices(losses[i], cell, (i, k))[np.ix_(J[i], J[k])]
            rows = values[1:] - values[:1]
            block = rows[:, 1:] - rows[:, :1]
            place = np.s_[ends[i] : ends[i + 1], ends[k] : ends[k + 1]]
            low[place], high[place] = block.min(axis=2), block.max(axis=2)
    return low, high


def _has_no_solution(
    losses: list[FloatArray],
    cell: Cell,
    J: list[np.ndarray],
    centre: Cell,
    Y: FloatArray,
    B: FloatArray,
) -> bool:
    """Whether the set that must contain every solution in the cell lies outside the cell."""
    point = tuple(c[None, :] for c in centre)
    equations, low, high = [], [], []
    for i, actions in enumerate(J):
        u = _at_vertices(losses[i], point, (i,))[actions, 0]
        equations.append(u[1:] - u[0])
        offsets = (cell[i] - centre[i])[:, actions[1:]]
        low.append(offsets.min(axis=0))
        high.append(offsets.max(axis=0))
    newton = -Y @ np.concatenate(equations)
    below, above = np.concatenate(low), np.concatenate(high)
    reach = B @ np.maximum(-below, above) + _MARGIN * np.abs(Y).sum(axis=1)
    return bool((newton - reach > above).any() or (newton + reach < below).any())


def _contains(cell: Cell, profile: MixedProfile) -> bool:
    for V, strategy in zip(cell, profile, strict=True):
        shares = np.linalg.lstsq(V.T, strategy, rcond=None)[0]
        if shares.min() < -_INSIDE or np.abs(shares @ V - strategy).max() > _INSIDE:
            return False
    return True


def _halve(cell: Cell) -> list[Cell]:
    """The two halves of a cell across its longest edge; none if the cell is tiny."""
    length, player, edge = 0.0, -1, (0, 0)
    for i, V in enumerate(cell):
        for a, b in combinations(range(len(V)), 2):
            here = float(np.abs(V[a] - V[b]).max())
            if here > length:
                length, player, edge = here, i, (a, b)
    if length < _TINY:
        return []
    V = cell[player]
    middle = (V[edge[0]] + V[edge[1]]) / 2
    halves = []
    for end in edge:
        half = V.copy()
        half[end] = middle
        halves.append((*cell[:player], half, *cell[player + 1 :]))
    return halves
