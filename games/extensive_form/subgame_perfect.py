"""Subgame-perfect equilibria: each stage solved given the equilibria of the subgames inside it.

A behavior profile is *subgame perfect* if it is a Nash equilibrium in every subgame (Selten,
1965). The stages of the tree are solved from the ends backwards; where a subgame has several
equilibria each is carried upwards.

References
----------
.. [1] R. Selten, "Reexamination of the perfectness concept for equilibrium points in extensive
   games", International Journal of Game Theory 4(1), 1975, 25-55.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from games.errors import NoSolutionError, TooLargeError
from games.extensive_form.behavior import BehaviorEquilibriumList
from games.extensive_form.strategic_form import (
    StrategicForm,
    behavior_of_mixed,
    complete_behavior,
    stage_strategic_form,
)
from games.extensive_form.subgames import (
    Stage,
    best_reply_values,
    certified_behavior,
    stages,
    whole_game,
)
from games.extensive_form.tree import ExtensiveGame
from games.normal_form import FloatArray, MixedProfile

__all__ = ["nash_equilibria_of_tree", "subgame_perfect_equilibria"]

MAX_STRATEGIES = 32
"""Largest number of reduced strategies, of two players together, of which all equilibria are
sought: trees make degenerate normal forms, whose extreme equilibria grow out of hand."""

MAX_DENOMINATOR = 10**6
"""Probabilities that are fractions with a smaller denominator are found again exactly."""


_MIXTURES = (
    "Continuations tie: mixtures of those listed are equilibria too and may support others."
)


@dataclass(frozen=True)
class _Solution:
    """Equilibrium of a subgame: what is done below its root, and what each player gets."""

    behavior: Mapping[int, FloatArray]
    values: tuple[Fraction, ...]


def subgame_perfect_equilibria(game: ExtensiveGame, limit: int = 1000) -> BehaviorEquilibriumList:
    """Subgame-perfect equilibria in behavior strategies.

    Parameters
    ----------
    game : ExtensiveGame
    limit : int
        Largest number of equilibria of any one subgame.

    Returns
    -------
    BehaviorEquilibriumList
        Each certified by its largest regret in any subgame: every combination of extreme
        equilibria of the stages. Complete where every stage has at most two players that move
        and no inner subgame has a continuum of equilibria with different payoffs. Stages with
        more players are as complete as :func:`games.nash_equilibria.nash_equilibria` is.

    Raises
    ------
    TooLargeError
        If a subgame has more than ``limit`` equilibria, or the normal form of a stage is too
        large.
    NoSolutionError
        If none was found in a stage of three or more players.

    Notes
    -----
    A stage with ties can have a continuum of equilibria; its corners are listed. For a game of
    perfect information :func:`~games.extensive_form.backward_induction.backward_induction` is
    faster and exact.

    Examples
    --------
    Out gives (2, 2); otherwise both play a battle of the sexes:

    >>> from games.extensive_form.builder import TreeBuilder
    >>> tree = TreeBuilder(["row", "column"])
    >>> out, enter = tree.move(0, "row", ["out", "in"])
    >>> tree.end(out, [2, 2])
    >>> for node, payoffs in zip(tree.move(enter, "row", ["a", "b"]), [(3, 0), (0, 1)]):
    ...     a, b = tree.move(node, "column", ["a", "b"], information_set="battle")
    ...     tree.end(a, [payoffs[0], payoffs[0] / 3])
    ...     tree.end(b, [payoffs[1], payoffs[1] * 3])
    >>> found = subgame_perfect_equilibria(tree.build())
    >>> sorted(e.payoffs.tolist() for e in found.equilibria)
    [[2.0, 2.0], [2.0, 2.0], [3.0, 1.0]]
    """
    return _solved(game, stages(game), limit, in_every_subgame=True)


def nash_equilibria_of_tree(game: ExtensiveGame, limit: int = 1000) -> BehaviorEquilibriumList:
    """Nash equilibria of a game in extensive form, through its reduced normal form.

    Returns
    -------
    BehaviorEquilibriumList
        Extreme equilibria of the reduced normal form as behavior profiles, each once; certified
        by the regret in the whole game only, so they may rest on threats that are not credible.

    Raises
    ------
    TooLargeError
        If the normal form is too large or has more than ``limit`` equilibria.
    NoSolutionError
        If none was found among three or more players.

    Notes
    -----
    Where a player's own strategy keeps play away from one of its information sets the uniform
    choice stands there: it is never reached, whatever the others do.
    """
    return _solved(game, (whole_game(game),), limit, in_every_subgame=False)


def _solved(
    game: ExtensiveGame, parts: Sequence[Stage], limit: int, *, in_every_subgame: bool
) -> BehaviorEquilibriumList:
    found: dict[int, list[_Solution]] = {
        z: [_Solution({}, game.nodes[z].payoffs)] for z in game.terminals
    }
    methods: set[str] = set()
    notes: set[str] = set()
    is_complete = True
    for stage in parts:
        n_combinations = math.prod(len(found[z]) for z in stage.exits)
        if n_combinations > limit:
            raise _too_many(game, stage, n_combinations, limit)
        solutions: list[_Solution] = []
        for inner in itertools.product(*(found[z] for z in stage.exits)):
            solved, stage_complete, method, note = _stage_solutions(game, stage, inner)
            is_complete &= stage_complete
            methods |= {method} - {""}
            notes |= {note} - {""}
            solutions.extend(solved)
        if len(solutions) > limit:
            raise _too_many(game, stage, len(solutions), limit)
        if not solutions:
            raise NoSolutionError(
                f"no equilibrium found in the subgame at {game.history(stage.root)!r} with three "
                "or more players; use the logit path (sequential_equilibrium)"
            )
        found[stage.root] = solutions
    equilibria = tuple(
        certified_behavior(
            game, complete_behavior(game, s.behavior), in_every_subgame=in_every_subgame
        )
        for s in found[0]
    )
    kind = "subgame by subgame" if in_every_subgame else "reduced normal form"
    return BehaviorEquilibriumList(
        equilibria,
        is_complete,
        method="; ".join([kind, *sorted(methods)]),
        note="; ".join(sorted(notes)),
    )


def _too_many(game: ExtensiveGame, stage: Stage, found: int, limit: int) -> TooLargeError:
    return TooLargeError(
        f"the subgame at {game.history(stage.root)!r} has {found:,} combinations of equilibria; "
        f"the limit is {limit:,}; raise it, break ties, or use backward induction"
    )


def _stage_solutions(
    game: ExtensiveGame, stage: Stage, inner: Sequence[_Solution]
) -> tuple[list[_Solution], bool, str, str]:
    """Solutions of a stage, whether they are all, the method and its note."""
    values = {z: s.values for z, s in zip(stage.exits, inner, strict=True)}
    below: dict[int, FloatArray] = {}
    for solution in inner:
        below.update(solution.behavior)
    movers = tuple(sorted({game.information_sets[h].player for h in stage.information_sets}))
    if not movers:
        return [_Solution(below, _stage_values(game, stage, {}, values))], True, "", ""
    form = stage_strategic_form(game, stage, values, movers)
    profiles, is_complete, method, note = _profiles(game, stage, form)
    solutions: dict[tuple[tuple[float, ...], ...], _Solution] = {}
    for profile in profiles:
        behavior = behavior_of_mixed(game, form, profile)
        exact = _rationalized(game, stage, behavior, values)
        stage_values = _stage_values(game, stage, exact or _as_fractions(behavior), values)
        if exact:
            behavior = {h: np.array([float(p) for p in row]) for h, row in exact.items()}
        key = tuple(tuple(behavior[h].round(12)) for h in stage.information_sets)
        solutions.setdefault(key, _Solution({**below, **behavior}, stage_values))
    found = list(solutions.values())
    # Mixtures of continuations that tie may make an action further up just worth while.
    has_mixtures = len(movers) == 1 or "degenerate" in note
    if stage.root and has_mixtures and len({s.values for s in found}) > 1:
        return found, False, method, _MIXTURES
    return found, is_complete, method, note


def _profiles(
    game: ExtensiveGame, stage: Stage, form: StrategicForm
) -> tuple[list[MixedProfile], bool, str, str]:
    """Equilibria of the normal form of a stage, whether they are all, the method, its note."""
    normal = form.game
    if normal.n_players == 1:
        payoffs = normal.payoffs[0]
        best = np.flatnonzero(payoffs == payoffs.max())
        return [(np.eye(len(payoffs))[k],) for k in best], True, "", ""
    from games.nash_equilibria import nash_equilibria

    if normal.n_players == 2 and sum(normal.n_actions) > MAX_STRATEGIES:
        raise TooLargeError(
            f"the subgame at {game.history(stage.root)!r} has {normal.n_actions} reduced "
            f"strategies; all equilibria are sought up to {MAX_STRATEGIES} of both players; use "
            "sequential_equilibrium, or zero_sum_equilibrium for a zero-sum game"
        )
    listed = nash_equilibria(normal)
    profiles = [tuple(e.strategies) for e in listed.equilibria]
    return profiles, listed.is_complete, listed.method, listed.note


def _as_fractions(behavior: Mapping[int, FloatArray]) -> dict[int, tuple[Fraction, ...]]:
    return {h: tuple(Fraction(float(p)) for p in row) for h, row in behavior.items()}


def _rationalized(
    game: ExtensiveGame,
    stage: Stage,
    behavior: Mapping[int, FloatArray],
    values: Mapping[int, Sequence[Fraction]],
) -> dict[int, tuple[Fraction, ...]]:
    """Exact equilibrium at most a rounding away from ``behavior``; empty if none is found.

    Exact values keep ties between inner subgames and what is outside them.
    """
    exact = {}
    for h, row in behavior.items():
        parts = [Fraction(float(p)).limit_denominator(MAX_DENOMINATOR) for p in row]
        if sum(parts) != 1:
            return {}
        exact[h] = tuple(parts)
    reached = _stage_values(game, stage, exact, values)
    best = best_reply_values(game, stage, lambda k: _branches(game, exact, k), values)
    return exact if tuple(best) == reached else {}


def _branches(
    game: ExtensiveGame, behavior: Mapping[int, Sequence[Fraction]], number: int
) -> Sequence[Fraction]:
    node = game.nodes[number]
    return behavior[node.information_set] if node.information_set >= 0 else node.probabilities


def _stage_values(
    game: ExtensiveGame,
    stage: Stage,
    behavior: Mapping[int, Sequence[Fraction]],
    values: Mapping[int, Sequence[Fraction]],
) -> tuple[Fraction, ...]:
    reach = {stage.root: Fraction(1)}
    for number in stage.moves:
        children = game.nodes[number].children
        for child, p in zip(children, _branches(game, behavior, number), strict=True):
            reach[child] = reach[number] * p
    return tuple(
        sum((reach[z] * values[z][i] for z in stage.exits), Fraction(0))
        for i in range(game.n_players)
    )
