"""Solution concepts that ``negotiate solve`` offers, each as one function to plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from negotiate.commands.solve_answer import Request, Solved, joined
from negotiate.commands.solve_trees import (
    agent_logit,
    by_backward_induction,
    by_what_suits,
    sequence_form,
    sequential,
    subgame_perfect,
)
from negotiate.errors import NegotiateError, nearest

if TYPE_CHECKING:
    from games.equilibrium import Equilibrium, EquilibriumList
    from games.extensive_form.tree import ExtensiveGame
    from games.normal_form import NormalFormGame

    Game: TypeAlias = NormalFormGame | ExtensiveGame

__all__ = ["METHODS", "solved"]

_LADDER = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
"""Values of λ, in units of one over the game's scale, when none is asked for."""

_NO_DIFFERENCE = 1e-290

_MAX_LAMBDA = 1e12
"""Largest λ, in units of one over the game's scale: beyond it play is a Nash equilibrium."""


def solved(game: Game, method: str, request: Request) -> Solved:
    """Answer of the method of that name; an empty name is the default for the game.

    Raises
    ------
    NegotiateError
        If there is no such method, or it does not fit the game or the request.
    """
    name = method.strip().lower()
    if not name:
        return _default(game, request)
    name = _ALIASES.get(name, name)
    if name not in METHODS:
        hint = nearest(name, METHODS)
        known = ", ".join(METHODS)
        raise NegotiateError(f"--method: '{method}' is none of {known}{hint}")
    solve, has_exact = METHODS[name]
    if request.exact and not has_exact:
        exact = ", ".join(key for key, (_, is_exact) in METHODS.items() if is_exact)
        raise NegotiateError(f"--exact: method '{name}' has no fractions; use one of {exact}")
    return solve(game, request)


def _default(game: Game, request: Request) -> Solved:
    """All equilibria; of a tree that is too large for that, those of a method for trees."""
    from games.errors import TooLargeError
    from games.normal_form import NormalFormGame

    try:
        return _all(game, request)
    except TooLargeError as error:
        if isinstance(game, NormalFormGame) or request.exact:
            raise
        return by_what_suits(game, request, error)


def _normal(game: Game) -> NormalFormGame:
    from games.extensive_form.strategic_form import reduced_normal_form
    from games.normal_form import NormalFormGame

    return game if isinstance(game, NormalFormGame) else reduced_normal_form(game).game


def _small_normal(game: Game) -> NormalFormGame:
    """Normal form of a game of which all equilibria can be listed."""
    from games.errors import TooLargeError
    from games.extensive_form.subgame_perfect import MAX_STRATEGIES

    normal = _normal(game)
    if _is_tree(game) and normal.n_players == 2 and sum(normal.n_actions) > MAX_STRATEGIES:
        # The normal form of a tree is degenerate: its extreme equilibria grow out of hand.
        raise TooLargeError(
            f"the tree has {' and '.join(map(str, normal.n_actions))} reduced strategies, and all "
            f"equilibria are listed up to {MAX_STRATEGIES} together; use --method pure, "
            "subgame-perfect, sequential or sequence-form (zero sum)"
        )
    return normal


def _is_tree(game: Game) -> bool:
    from games.normal_form import NormalFormGame

    return not isinstance(game, NormalFormGame)


def _about_tree(game: Game) -> str:
    return "Strategies are those of the reduced normal form of the tree." if _is_tree(game) else ""


def _nash_entry(found: Equilibrium, exact: bool) -> dict[str, Any]:
    from games.solvers.extreme_equilibria import ExactEquilibrium

    entry: dict[str, Any] = {
        "strategies": found.strategies,
        "payoffs": found.payoffs,
        "regret": found.regret,
        "labels": found.labels,
    }
    if not exact:
        return entry
    if isinstance(found, ExactEquilibrium):
        strategies, payoffs = found.exact_strategies, found.exact_payoffs
    else:  # a pure equilibrium: its probabilities and its payoffs are exact as they are
        strategies = tuple(tuple(Fraction(float(p)) for p in s) for s in found.strategies)
        payoffs = tuple(Fraction(float(u)) for u in found.payoffs)
    entry["exact_strategies"] = [[str(p) for p in s] for s in strategies]
    entry["exact_payoffs"] = [str(u) for u in payoffs]
    return entry


def _from_list(
    game: Game, normal: NormalFormGame, found: EquilibriumList, request: Request, **more: Any
) -> Solved:
    from games.refinement_labels import refined

    found = refined(normal, found)
    entries = [_nash_entry(e, request.exact) for e in found.equilibria]
    note = joined(found.note, _about_tree(game))
    return Solved(normal.actions, entries, found.is_complete, found.method, note, more)


def _all(game: Game, request: Request) -> Solved:
    from games.nash_equilibria import nash_equilibria

    normal = _small_normal(game)
    if normal.n_players > 2 and request.exact:
        return _pure(game, request)
    found = nash_equilibria(normal, exact=request.exact)
    return _from_list(game, normal, found, request)


def _some(game: Game, request: Request) -> Solved:
    from games.some_equilibria import some_equilibria

    normal = _normal(game)
    return _from_list(game, normal, some_equilibria(normal), request)


def _pure(game: Game, request: Request) -> Solved:
    from games.solvers.pure_equilibria import pure_equilibria

    normal = _normal(game)
    return _from_list(game, normal, pure_equilibria(normal), request)


def _components(game: Game, request: Request) -> Solved:
    from games.nash_equilibria import nash_equilibria
    from games.solvers.maximal_nash_subsets import maximal_nash_subsets

    normal = _small_normal(game)
    subsets = []
    for subset in maximal_nash_subsets(normal):
        corners = (subset.row_strategies, subset.column_strategies)
        entry: dict[str, Any] = {
            "component": subset.component,
            "single": subset.is_single,
            "corners": [[[float(p) for p in s] for s in side] for side in corners],
        }
        if request.exact:
            entry["exact_corners"] = [[[str(p) for p in s] for s in side] for side in corners]
        subsets.append(entry)
    found = nash_equilibria(normal, exact=request.exact)
    return _from_list(game, normal, found, request, nash_subsets=subsets)


def _ladder(scale: float) -> tuple[float, ...]:
    """Values of λ from nearly random to nearly best replies."""
    # A scale this small means that no action makes a difference: then every λ is alike.
    return (1.0,) if scale < _NO_DIFFERENCE else tuple(step / scale for step in _LADDER)


def _logit(game: Game, request: Request) -> Solved:
    from games.extensive_form.behavior import payoff_scale
    from games.normal_form import NormalFormGame
    from games.quantal_response import logit_equilibria

    scale = game.scale if isinstance(game, NormalFormGame) else payoff_scale(game)
    for rationality in request.rationality:
        # Also refuses what is no number; what is negative the library names.
        if not rationality <= _MAX_LAMBDA / max(scale, _NO_DIFFERENCE):
            raise NegotiateError(
                f"--lambda: {rationality:.6g} is too large for payoffs that differ by up to "
                f"{scale:.6g}; at most {_MAX_LAMBDA / max(scale, _NO_DIFFERENCE):.6g}, or ask for "
                "Nash equilibria"
            )
    if not isinstance(game, NormalFormGame):
        return agent_logit(game, request, _ladder(scale))
    entries = [
        {
            "strategies": point.strategies,
            "payoffs": point.payoffs,
            "regret": point.regret,
            "lambda": point.rationality,
            "residual": point.residual,
        }
        for point in logit_equilibria(game, request.rationality or _ladder(scale))
    ]
    note = joined(
        "the principal branch; lambda is per unit of payoff, so it changes with the units, and "
        "regret is what noisy play forgoes"
    )
    name = "logit quantal response, principal branch (floating point)"
    return Solved(game.actions, entries, False, name, note)


def _correlated(game: Game, request: Request, *, coarse: bool = False) -> Solved:
    from games.correlated import correlated_equilibrium, weighted_payoffs

    normal = _normal(game)
    weights = request.weights or (1.0,) * normal.n_players
    found = correlated_equilibrium(normal, weighted_payoffs(normal, weights), coarse=coarse)
    others = [tuple(k for k in range(normal.n_players) if k != i) for i in range(normal.n_players)]
    entry = {
        "strategies": [found.distribution.sum(axis=axes) for axes in others],
        "payoffs": found.payoffs,
        "regret": found.incentive_violation,
        "distribution": found.distribution,
        "value": found.value,
        "optimality_gap": found.optimality_gap,
    }
    note = joined(
        "the correlated play that is best for the weighted sum of payoffs, which presumes one "
        "unit of payoff; strategies are its marginals",
        _about_tree(game),
    )
    kind = "coarse correlated equilibrium" if coarse else "correlated equilibrium"
    return Solved(normal.actions, [entry], False, f"{kind} by {found.method}", note)


def _coarse(game: Game, request: Request) -> Solved:
    return _correlated(game, request, coarse=True)


def _dominance(game: Game, request: Request) -> Solved:
    from games.dominance import iterated_dominance
    from games.equilibrium import certified

    normal = _normal(game)
    result = iterated_dominance(normal)
    labels = normal.actions
    more = {
        "survivors": [
            [own[a] for a in kept] for own, kept in zip(labels, result.survivors, strict=True)
        ],
        "eliminations": [
            {
                "round": e.round,
                "player": normal.players[e.player],
                "action": labels[e.player][e.action],
                "dominator": e.dominator,
                "least_gain": e.least_gain,
            }
            for e in result.eliminations
        ],
    }
    name = "iterated elimination of strictly dominated actions"
    if not result.is_solved:
        note = joined("dominance leaves more than one profile; no equilibrium is singled out")
        return Solved(labels, [], False, name, joined(note, _about_tree(game)), more)
    profile = normal.pure_profile([kept[0] for kept in result.survivors])
    [found] = certified(normal, [profile])
    entry = _nash_entry(found, request.exact)
    return Solved(labels, [entry], True, name, _about_tree(game), more)


def _commitment(game: Game, request: Request) -> Solved:
    import numpy as np

    from games.inspection.stackelberg import commitment_to_mixed_strategy

    normal = _normal(game)
    leader = 0
    if request.leader:
        if request.leader not in normal.players:
            hint = nearest(request.leader, normal.players)
            raise NegotiateError(f"--leader: '{request.leader}' is no player{hint}")
        leader = normal.players.index(request.leader)
    found = commitment_to_mixed_strategy(normal, leader)
    answer = np.eye(normal.n_actions[1 - leader])[found.answer]
    pair = (found.leader_payoff, found.follower_payoff)
    entry = {
        "strategies": [found.strategy, answer][:: 1 if leader == 0 else -1],
        "payoffs": pair[:: 1 if leader == 0 else -1],
        "regret": found.follower_regret,
        "worst_payoff": found.worst_payoff,
        "optimality_gap": found.optimality_gap,
    }
    note = joined(
        f"{normal.players[leader]} announces a mixture and the other breaks ties in its favour; "
        "regret is the follower's, the leader is bound by its word",
        _about_tree(game),
    )
    name = f"strong Stackelberg equilibrium, {found.method}"
    return Solved(normal.actions, [entry], False, name, note, {"leader": normal.players[leader]})


_Method: TypeAlias = "Callable[[Game, Request], Solved]"

METHODS: Mapping[str, tuple[_Method, bool]] = {
    "all": (_all, True),
    "components": (_components, True),
    "pure": (_pure, True),
    "some": (_some, False),
    "dominance": (_dominance, True),
    "correlated": (_correlated, False),
    "coarse-correlated": (_coarse, False),
    "logit": (_logit, False),
    "commitment": (_commitment, False),
    "subgame-perfect": (subgame_perfect, False),
    "backward-induction": (by_backward_induction, False),
    "sequential": (sequential, False),
    "sequence-form": (sequence_form, False),
}
"""Name of each method: its function, and whether it can give fractions."""

_ALIASES = {
    "agent-logit": "logit",
    "nash": "all",
    "qre": "logit",
    "spe": "subgame-perfect",
    "stackelberg": "commitment",
    "zero-sum": "sequence-form",
}
