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
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from games.errors import NoSolutionError, TooLargeError
from games.extensive_form.behavior import BehaviorEquilibriumList, BehaviorProfile, certain
from games.extensive_form.exact_numbers import about, handy_number
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

MAX_STAGE_GAMES = 5_000
"""Largest number of normal forms of stages that are solved, over all continuations."""

MAX_SEARCHED_STAGES = 20
"""Stages of three and more players in which mixed equilibria are sought; pure ones in the rest."""

MAX_VISITS = 300_000
"""Largest number of equilibria × nodes of the tree that are listed and certified."""

_SELDOM_SOUGHT = "In stages of three and more players with many continuations only pure ones"

_MIXTURES = (
    "Continuations tie: mixtures of those listed are equilibria too and may support others."
)


@dataclass(frozen=True)
class _Solution:
    """Equilibrium of a subgame: what each player gets, and what is done in its first stage.

    What is done further down is that of ``inner``, which many solutions may share.
    """

    behavior: Mapping[int, FloatArray]
    values: tuple[Fraction, ...]
    inner: tuple[_Solution, ...] = ()


@dataclass
class _Effort:
    """What has been done so far, and what has been learnt about the whole list."""

    n_stage_games: int = 0
    n_searches: int = 0
    is_complete: bool = True
    methods: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)


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
        equilibria of the stages. Complete where no inner subgame has a continuum of equilibria
        with different payoffs and every stage has at most two players that move, or more and
        :func:`games.nash_equilibria.nash_equilibria` could settle all of its strategy space.

    Raises
    ------
    TooLargeError
        If a subgame has more than ``limit`` equilibria, the normal form of a stage is too
        large, or there are too many (``MAX_STAGE_GAMES``).
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
    effort = _Effort()
    for stage in parts:
        n_combinations = math.prod(len(found[z]) for z in stage.exits)
        if n_combinations > limit:
            raise _too_many(game, stage, n_combinations, limit)
        solutions: list[_Solution] = []
        for inner in itertools.product(*(found[z] for z in stage.exits)):
            solutions.extend(_stage_solutions(game, stage, inner, effort))
        if len(solutions) > limit:
            raise _too_many(game, stage, len(solutions), limit)
        if not solutions:
            raise NoSolutionError(
                f"no equilibrium found in the subgame at {game.history(stage.root)!r} with three "
                "or more players; use the logit path (sequential_equilibrium)"
            )
        found[stage.root] = solutions
    n_listed = max(1, MAX_VISITS // len(game.nodes))
    if len(found[0]) > n_listed:
        effort.is_complete = False
        effort.notes.add(f"The first {n_listed} of {len(found[0])} equilibria")
    equilibria = tuple(
        certified_behavior(game, _whole(game, s), in_every_subgame=in_every_subgame)
        for s in found[0][:n_listed]
    )
    kind = "subgame by subgame" if in_every_subgame else "reduced normal form"
    return BehaviorEquilibriumList(
        equilibria,
        effort.is_complete,
        method="; ".join([kind, *sorted(effort.methods)]),
        note="; ".join(sorted(effort.notes)),
    )


def _whole(game: ExtensiveGame, solution: _Solution) -> BehaviorProfile:
    parts: dict[int, FloatArray] = {}
    stack = [solution]
    while stack:
        top = stack.pop()
        parts.update(top.behavior)
        stack.extend(top.inner)
    return complete_behavior(game, parts)


def _too_many(game: ExtensiveGame, stage: Stage, found: int, limit: int) -> TooLargeError:
    return TooLargeError(
        f"the subgame at {game.history(stage.root)!r} has {about(found)} combinations of "
        f"equilibria; the limit is {limit:,}; raise it, break ties, or use backward induction"
    )


def _stage_solutions(
    game: ExtensiveGame, stage: Stage, inner: Sequence[_Solution], effort: _Effort
) -> list[_Solution]:
    """Solutions of a stage, given those of the subgames in it."""
    values = {z: s.values for z, s in zip(stage.exits, inner, strict=True)}
    # An end has nothing below it.
    below = tuple(s for s in inner if s.behavior or s.inner)
    movers = tuple(sorted({game.information_sets[h].player for h in stage.information_sets}))
    if not movers:
        return [_Solution({}, _stage_values(game, stage, {}, values), below)]
    if len(stage.moves) == 1:
        found = _single_choice(game, stage, inner, below)
        is_degenerate = True
    else:
        found, is_degenerate = _stage_game_solutions(game, stage, values, below, movers, effort)
    # Mixtures of continuations that tie may make an action further up just worth while.
    if stage.root and is_degenerate and len({s.values for s in found}) > 1:
        effort.is_complete = False
        effort.notes.add(_MIXTURES)
    return found


def _single_choice(
    game: ExtensiveGame, stage: Stage, inner: Sequence[_Solution], below: tuple[_Solution, ...]
) -> list[_Solution]:
    """Solutions of a stage of one decision of one player, who takes a best action."""
    [h] = stage.information_sets
    members = game.information_sets[h]
    best = max(s.values[members.player] for s in inner)
    return [
        _Solution({h: certain(k, len(inner))}, s.values, below)
        for k, s in enumerate(inner)
        if s.values[members.player] == best
    ]


def _stage_game_solutions(
    game: ExtensiveGame,
    stage: Stage,
    values: Mapping[int, Sequence[Fraction]],
    below: tuple[_Solution, ...],
    movers: tuple[int, ...],
    effort: _Effort,
) -> tuple[list[_Solution], bool]:
    """Solutions of a stage through its normal form, and whether they may be mixed freely."""
    effort.n_stage_games += 1
    if effort.n_stage_games > MAX_STAGE_GAMES:
        raise TooLargeError(
            f"more than {MAX_STAGE_GAMES:,} stages, each counted once per continuation, up to "
            f"the subgame at {game.history(stage.root)!r}; break ties, or use backward induction "
            "or sequential equilibrium"
        )
    form = stage_strategic_form(game, stage, values, movers)
    profiles, is_degenerate = _profiles(game, stage, form, effort)
    solutions: dict[tuple[tuple[float, ...], ...], _Solution] = {}
    for profile in profiles:
        behavior = behavior_of_mixed(game, form, profile)
        exact = _rationalized(game, stage, behavior, values)
        stage_values = _stage_values(game, stage, exact or _as_fractions(behavior), values)
        if exact:
            behavior = {h: np.array([float(p) for p in row]) for h, row in exact.items()}
        key = tuple(tuple(behavior[h].round(12)) for h in stage.information_sets)
        solutions.setdefault(key, _Solution(behavior, stage_values, below))
    return list(solutions.values()), is_degenerate


def _profiles(
    game: ExtensiveGame, stage: Stage, form: StrategicForm, effort: _Effort
) -> tuple[list[MixedProfile], bool]:
    """Equilibria of the normal form of a stage, and whether they may form continua."""
    normal = form.game
    if normal.n_players == 1:
        payoffs = normal.payoffs[0]
        best = np.flatnonzero(payoffs == payoffs.max())
        return [(certain(int(k), len(payoffs)),) for k in best], True
    from games.nash_equilibria import nash_equilibria
    from games.solvers.pure_equilibria import pure_equilibria

    if normal.n_players == 2 and sum(normal.n_actions) > MAX_STRATEGIES:
        raise TooLargeError(
            f"the subgame at {game.history(stage.root)!r} has {normal.n_actions} reduced "
            f"strategies; all equilibria are sought up to {MAX_STRATEGIES} of both players; use "
            "sequential_equilibrium, or zero_sum_equilibrium for a zero-sum game"
        )
    effort.n_searches += normal.n_players > 2
    if normal.n_players > 2 and effort.n_searches > MAX_SEARCHED_STAGES:
        listed = pure_equilibria(normal)
        effort.notes.add(_SELDOM_SOUGHT)
    else:
        listed = nash_equilibria(normal)
    effort.is_complete &= listed.is_complete
    effort.methods.add(listed.method)
    effort.notes |= {listed.note} - {""}
    # What is not proven complete, or not isolated, may have mixtures besides.
    is_degenerate = "degenerate" in listed.note or not listed.is_complete
    return [tuple(e.strategies) for e in listed.equilibria], is_degenerate


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
            reach[child] = handy_number(reach[number] * p, "probability of a node")
    totals = [Fraction(0)] * game.n_players
    for z in stage.exits:
        for i, u in enumerate(values[z]):
            if u:
                total = totals[i] + reach[z] * u
                totals[i] = handy_number(total, "expected payoff")
    return tuple(totals)
