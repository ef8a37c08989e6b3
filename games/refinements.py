"""Labels that tell equilibria apart: strict, payoff dominant, risk dominant.

An equilibrium is *strict* if every deviation costs the deviator something. One equilibrium
*payoff dominates* another if it pays every player more. Between two strict equilibria of a 2×2
game, the one with the larger product of the players' deviation losses *risk dominates* (Harsanyi
and Selten, 1988). A pure equilibrium is *p-dominant* if each player's action is best against every
belief that gives the others' equilibrium actions probability p or more (Morris, Rob and Shin,
1995); in a symmetric 2×2 game the least such p is the tipping share of the population, and at
most 1/2 for the risk-dominant equilibrium.

References
----------
.. [1] J. C. Harsanyi and R. Selten, "A General Theory of Equilibrium Selection in Games", MIT
   Press, 1988.
.. [2] S. Morris, R. Rob and H. S. Shin, "p-dominance and belief potential", Econometrica 63(1),
   1995, 145-157.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from games.equilibrium import Equilibrium, EquilibriumList
from games.errors import InvalidGameError
from games.normal_form import FloatArray, NormalFormGame

__all__ = [
    "RiskComparison",
    "deviation_losses",
    "is_strict",
    "labelled",
    "p_dominance",
    "payoff_dominates",
    "risk_dominance",
]


@dataclass(frozen=True)
class RiskComparison:
    """Two pure equilibria compared by risk.

    Parameters
    ----------
    first, second : tuple of int
        The equilibria.
    first_product, second_product : float
        Certificate: products of the two players' losses from going alone to the other one.
    dominant : tuple of int or None
        The equilibrium with the larger product; ``None`` if the products are equal.
    """

    first: tuple[int, ...]
    second: tuple[int, ...]
    first_product: float
    second_product: float
    dominant: tuple[int, ...] | None


def deviation_losses(game: NormalFormGame, profile: Sequence[int]) -> FloatArray:
    """What the least costly deviation from an action profile costs each player.

    Returns
    -------
    (n_players,) array of float
        Negative for a player who gains; infinite for a player without another action. The
        profile is a strict equilibrium if all are positive.

    Examples
    --------
    >>> stag_hunt = NormalFormGame.from_bimatrix([[4, 0], [3, 2]], [[4, 3], [0, 2]])
    >>> deviation_losses(stag_hunt, (0, 0)).tolist()
    [1.0, 1.0]
    """
    cell = _checked(game, profile)
    losses = np.full(game.n_players, np.inf)
    for i, a in enumerate(cell):
        line = game.payoffs[i][(*cell[:i], slice(None), *cell[i + 1 :])]
        if len(line) > 1:
            losses[i] = line[a] - np.delete(line, a).max()
    return losses


def is_strict(game: NormalFormGame, profile: Sequence[int]) -> bool:
    """Whether an action profile is a strict equilibrium."""
    return bool((deviation_losses(game, profile) > 0).all())


def payoff_dominates(first: Equilibrium, second: Equilibrium) -> bool:
    """Whether ``first`` pays every player more than ``second``, beyond rounding."""
    size = np.maximum(np.abs(first.payoffs), np.abs(second.payoffs))
    return bool((first.payoffs - second.payoffs > 1e-12 * size).all())


def p_dominance(game: NormalFormGame, profile: Sequence[int]) -> FloatArray:
    """Least probability of the others' actions that makes a player's own action best.

    Parameters
    ----------
    game : NormalFormGame
    profile : sequence of int
        A pure equilibrium.

    Returns
    -------
    (n_players,) array of float in [0, 1]
        Player i's action is best against every belief that gives the others' part of the
        profile this probability or more. 0 for a dominant action.

    Raises
    ------
    InvalidGameError
        If the profile is no equilibrium.

    Examples
    --------
    In the stag hunt with payoffs R, T, P, S = 4, 3, 2, 0, stag needs trust of
    (P - S) / (R - T + P - S) = 2/3:

    >>> stag_hunt = NormalFormGame.from_bimatrix([[4, 0], [3, 2]], [[4, 3], [0, 2]])
    >>> p_dominance(stag_hunt, (0, 0)).round(6).tolist()
    [0.666667, 0.666667]
    """
    cell = _checked(game, profile)
    if (deviation_losses(game, cell) < 0).any():
        raise InvalidGameError("profile", f"{cell} is no equilibrium; p-dominance needs one")
    least = np.zeros(game.n_players)
    for i, a in enumerate(cell):
        U = np.moveaxis(game.payoffs[i], i, 0).reshape(game.n_actions[i], -1)
        others = [m for j, m in enumerate(game.n_actions) if j != i]
        here = int(np.ravel_multi_index(cell[:i] + cell[i + 1 :], others)) if others else 0
        for row in U:
            losses = U[a] - row  # of the deviation, at every profile of the others
            worst = float(losses.min())
            if worst < 0:
                least[i] = max(least[i], -worst / (float(losses[here]) - worst))
    return least


def risk_dominance(
    game: NormalFormGame, first: Sequence[int], second: Sequence[int]
) -> RiskComparison:
    """Comparison of two strict equilibria by the products of their deviation losses.

    Parameters
    ----------
    game : NormalFormGame
        Two players, any number of actions: only the 2×2 game between the equilibria counts.
    first, second : sequence of int
        Pure equilibria that differ in both players' actions.

    Raises
    ------
    InvalidGameError
        If there are not two players, or the profiles are not two strict equilibria of the 2×2
        game between them.

    Notes
    -----
    The comparison does not change when a player's payoffs are rescaled. Between more than two
    equilibria it need not be transitive.

    Examples
    --------
    >>> stag_hunt = NormalFormGame.from_bimatrix([[4, 0], [3, 2]], [[4, 3], [0, 2]])
    >>> risk_dominance(stag_hunt, (0, 0), (1, 1))
    RiskComparison(first=(0, 0), second=(1, 1), first_product=1.0, second_product=4.0,
                   dominant=(1, 1))
    """
    if game.n_players != 2:
        raise InvalidGameError(
            "game", f"has {game.n_players} players; risk dominance here is for two"
        )
    e, f = _checked(game, first), _checked(game, second)
    if e[0] == f[0] or e[1] == f[1]:
        raise InvalidGameError("first, second", "must differ in both players' actions")
    A, B = game.payoffs
    losses_e = (float(A[e] - A[f[0], e[1]]), float(B[e] - B[e[0], f[1]]))
    losses_f = (float(A[f] - A[e[0], f[1]]), float(B[f] - B[f[0], e[1]]))
    for place, losses in (("first", losses_e), ("second", losses_f)):
        if min(losses) <= 0:
            raise InvalidGameError(place, "is no strict equilibrium of the 2×2 game between them")
    # Each player's losses are divided by their sum, so that products of large ones stay finite.
    totals = [losses_e[i] + losses_f[i] for i in range(2)]
    shares = [losses_e[i] / totals[i] for i in range(2)]
    lead = shares[0] + shares[1] - 1  # has the sign of product_e - product_f
    dominant = None if abs(lead) <= 4 * np.finfo(float).eps else (e if lead > 0 else f)
    products = losses_e[0] * losses_e[1], losses_f[0] * losses_f[1]
    return RiskComparison(e, f, *products, dominant)


def labelled(game: NormalFormGame, found: EquilibriumList) -> EquilibriumList:
    """The same equilibria with labels: strict, payoff dominant, risk dominant.

    Parameters
    ----------
    game : NormalFormGame
    found : EquilibriumList
        Equilibria of ``game``. If the list is not complete, a label of dominance says that it
        holds among those listed only.

    Returns
    -------
    EquilibriumList
        Labels are added to those that the equilibria have. Risk dominance is attributed in
        games of two players, to a strict equilibrium that risk dominates every other one that
        differs from it in both actions.
    """
    suffix = "" if found.is_complete else " among those listed"
    pure = {
        k: tuple(int(s.argmax()) for s in e.strategies)
        for k, e in enumerate(found.equilibria)
        if e.is_pure
    }
    strict = {k: cell for k, cell in pure.items() if is_strict(game, cell)}
    equilibria = []
    for k, equilibrium in enumerate(found.equilibria):
        labels = list(equilibrium.labels)
        if k in strict:
            labels.append("strict")
        others = [other for j, other in enumerate(found.equilibria) if j != k]
        if others and all(payoff_dominates(equilibrium, other) for other in others):
            labels.append(f"payoff dominant{suffix}")
        if k in strict and _risk_dominates_all(game, strict, k):
            labels.append(f"risk dominant{suffix}")
        equilibria.append(replace(equilibrium, labels=tuple(dict.fromkeys(labels))))
    return replace(found, equilibria=tuple(equilibria))


def _risk_dominates_all(game: NormalFormGame, strict: dict[int, tuple[int, ...]], k: int) -> bool:
    if game.n_players != 2 or len(strict) < 2:
        return False
    # Two strict equilibria never share an action: the other player's best reply to it is unique.
    rivals = [cell for j, cell in strict.items() if j != k]
    return all(risk_dominance(game, strict[k], cell).dominant == strict[k] for cell in rivals)


def _checked(game: NormalFormGame, profile: Sequence[int]) -> tuple[int, ...]:
    cell = tuple(int(a) for a in profile)
    if len(cell) != game.n_players or any(
        not 0 <= a < m for a, m in zip(cell, game.n_actions, strict=False)
    ):
        raise InvalidGameError(
            "profile", f"{cell} is no action profile of a game with {game.n_actions} actions"
        )
    return cell
