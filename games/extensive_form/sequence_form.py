"""Value of a two-player zero-sum game in extensive form, by the sequence form.

A *realization plan* gives each sequence of a player the product of the probabilities that it
chose along it. Payoffs are linear in the plans of the two players, so a zero-sum game is one
linear program whose size grows with the tree and not with the number of strategies [1]_.

References
----------
.. [1] D. Koller, N. Megiddo and B. von Stengel, "Efficient computation of equilibria for
   extensive two-person games", Games and Economic Behavior 14(2), 1996, 247-259.
"""

from __future__ import annotations

import numpy as np

from games.errors import CertificateError, InvalidGameError
from games.extensive_form.behavior import BehaviorEquilibrium, BehaviorProfile
from games.extensive_form.subgames import certified_behavior
from games.extensive_form.tree import ExtensiveGame
from games.normal_form import FloatArray

__all__ = ["zero_sum_equilibrium"]

REGRET_TOL = 1e-7
"""Largest regret, relative to the spread of payoffs, that the linear programs may leave."""


def zero_sum_equilibrium(game: ExtensiveGame) -> BehaviorEquilibrium:
    """Optimal strategies of a zero-sum game of two players; ``payoffs[0]`` is its value.

    Raises
    ------
    InvalidGameError
        If there are not two players, or payoffs do not sum to one constant.
    CertificateError
        If the linear programs leave a regret above 1e-7 of the spread of payoffs.

    Notes
    -----
    One optimal strategy each; there may be others with the same value. Where a player's own
    strategy keeps play away from an information set, the uniform choice stands there. It is a
    Nash equilibrium: off its path choices need not be sensible.

    Examples
    --------
    >>> from games.extensive_form.builder import TreeBuilder
    >>> tree = TreeBuilder(["even", "odd"])
    >>> for node, payoff in zip(tree.move(0, "even", ["heads", "tails"]), [1, -1]):
    ...     same, other = tree.move(node, "odd", ["heads", "tails"], information_set="odd")
    ...     tree.end(same, [payoff, -payoff])
    ...     tree.end(other, [-payoff, payoff])
    >>> zero_sum_equilibrium(tree.build()).payoffs.round(9).tolist()
    [0.0, 0.0]
    """
    if game.n_players != 2:
        raise InvalidGameError("players", f"are {game.n_players}; the method needs two")
    total = sum(game.nodes[game.terminals[0]].payoffs)
    for z in game.terminals:
        if sum(game.nodes[z].payoffs) != total:
            rule = f"sum to {sum(game.nodes[z].payoffs)}, elsewhere to {total}; need one constant"
            raise InvalidGameError(f"payoffs after {game.history(z)!r}", rule)
    plans = [_optimal_plan(game, player) for player in (0, 1)]
    return certified_behavior(
        game, _behavior(game, plans), in_every_subgame=False, regret_tol=REGRET_TOL
    )


def _sequences(game: ExtensiveGame, player: int) -> list[int]:
    own = [
        game.first_sequence[h] + a
        for h in game.sets_of(player)
        for a in range(len(game.information_sets[h].actions))
    ]
    return [0, *own]


def _constraints(game: ExtensiveGame, player: int, columns: dict[int, int]) -> FloatArray:
    """Matrix ``E`` of the plan's conditions ``E x = (1, 0, ..., 0)``."""
    own = game.sets_of(player)
    E = np.zeros((1 + len(own), len(columns)))
    E[0, 0] = 1.0
    for row, h in enumerate(own, start=1):
        members = game.information_sets[h]
        E[row, columns[int(game.sequences[members.nodes[0], player])]] = -1.0
        for a in range(len(members.actions)):
            E[row, columns[game.first_sequence[h] + a]] = 1.0
    return E


def _optimal_plan(game: ExtensiveGame, player: int) -> dict[int, float]:
    """Plan of ``player`` that maximizes what it gets against the worst reply."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_matrix, csr_matrix, hstack

    other = 1 - player
    columns = {s: k for k, s in enumerate(_sequences(game, player))}
    rows = {s: k for k, s in enumerate(_sequences(game, other))}
    E, F = _constraints(game, player, columns), _constraints(game, other, rows)
    chance = np.ones(len(game.nodes))
    for number, node in enumerate(game.nodes):
        for k, child in enumerate(node.children):
            chance[child] = chance[number] * (
                float(node.probabilities[k]) if node.is_chance else 1
            )
    payoffs = np.array([float(game.nodes[z].payoffs[player]) for z in game.terminals])
    center, scale = payoffs.min(), max(float(np.ptp(payoffs)), float(np.finfo(float).tiny))
    A = coo_matrix(
        (
            [
                chance[z] * (u - center) / scale
                for z, u in zip(game.terminals, payoffs, strict=True)
            ],
            (
                [columns[int(game.sequences[z, player])] for z in game.terminals],
                [rows[int(game.sequences[z, other])] for z in game.terminals],
            ),
        ),
        shape=(len(columns), len(rows)),
    ).tocsr()
    # Worst reply: min over plans y of x'A y, dual max q_0 with F'q <= A'x.
    objective = np.zeros(len(columns) + F.shape[0])
    objective[len(columns)] = -1.0
    solved = linprog(
        objective,
        A_ub=hstack([-A.T, csr_matrix(F.T)]).tocsr(),
        b_ub=np.zeros(len(rows)),
        A_eq=hstack([csr_matrix(E), csr_matrix((E.shape[0], F.shape[0]))]).tocsr(),
        b_eq=np.eye(E.shape[0])[0],
        bounds=[(0, None)] * len(columns) + [(None, None)] * F.shape[0],
        method="highs",
    )
    if solved.status != 0:
        raise CertificateError(f"the linear program of the sequence form failed: {solved.message}")
    return {s: max(0.0, float(solved.x[k])) for s, k in columns.items()}


def _behavior(game: ExtensiveGame, plans: list[dict[int, float]]) -> BehaviorProfile:
    behavior = []
    for h, members in enumerate(game.information_sets):
        plan = plans[members.player]
        weights = np.array([plan[game.first_sequence[h] + a] for a in range(len(members.actions))])
        total = weights.sum()
        uniform = np.full(len(weights), 1 / len(weights))
        behavior.append(weights / total if total > 1e-12 else uniform)
    return tuple(behavior)
