"""Methods of ``negotiate solve`` for games in extensive form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from negotiate.commands.solve_answer import Request, Solved, joined
from negotiate.errors import NegotiateError

if TYPE_CHECKING:
    from games.errors import GameError
    from games.extensive_form.behavior import BehaviorProfile
    from games.extensive_form.tree import ExtensiveGame
    from games.normal_form import NormalFormGame

__all__ = [
    "agent_logit",
    "by_backward_induction",
    "by_what_suits",
    "sequence_form",
    "sequential",
    "subgame_perfect",
]

NO_MOVE = "(no move)"


def _tree(game: NormalFormGame | ExtensiveGame, method: str) -> ExtensiveGame:
    from games.normal_form import NormalFormGame

    if isinstance(game, NormalFormGame):
        raise NegotiateError(
            f"--method: '{method}' needs a game in extensive form (.efg); this file holds a "
            "normal form, use 'all'"
        )
    return game


def _behavior_actions(tree: ExtensiveGame) -> list[list[str]]:
    """Labels of all moves of each player, one information set after the other."""
    labels: list[list[str]] = []
    for player in range(tree.n_players):
        own = [tree.information_sets[h] for h in tree.sets_of(player)]
        moves = [f"{h.label}: {a}" if len(own) > 1 else a for h in own for a in h.actions]
        labels.append(moves or [NO_MOVE])
    return labels


def _behavior_entry(
    tree: ExtensiveGame, behavior: BehaviorProfile, payoffs: Any, regret: float
) -> dict[str, Any]:
    sets = tree.information_sets
    flat: list[list[float]] = [[] for _ in tree.players]
    named: dict[str, dict[str, dict[str, float]]] = {name: {} for name in tree.players}
    for h, probabilities in zip(sets, behavior, strict=True):
        values = [float(p) for p in probabilities]
        flat[h.player] += values
        named[tree.players[h.player]][h.label] = dict(zip(h.actions, values, strict=True))
    flat = [own or [1.0] for own in flat]  # for a player without a move
    return {"strategies": flat, "payoffs": payoffs, "regret": regret, "behavior": named}


_BEHAVIOR_NOTE = (
    "Strategies are behavior: probabilities of the moves at each information set in turn, "
    "which sum to 1 per information set."
)


def subgame_perfect(game: NormalFormGame | ExtensiveGame, request: Request) -> Solved:
    """Subgame-perfect equilibria in behavior strategies."""
    from games.extensive_form.subgame_perfect import subgame_perfect_equilibria

    tree = _tree(game, "subgame-perfect")
    found = subgame_perfect_equilibria(tree)
    entries = [_behavior_entry(tree, e.behavior, e.payoffs, e.regret) for e in found.equilibria]
    note = joined(found.note, _BEHAVIOR_NOTE)
    return Solved(_behavior_actions(tree), entries, found.is_complete, found.method, note)


def by_backward_induction(game: NormalFormGame | ExtensiveGame, request: Request) -> Solved:
    """Pure subgame-perfect equilibria of a game of perfect information, ties named."""
    from games.extensive_form.backward_induction import backward_induction

    tree = _tree(game, "backward-induction")
    found = backward_induction(tree)
    entries = []
    for e in found.equilibria:
        ties = [
            {"player": t.player, "information_set": t.information_set, "actions": t.actions}
            for t in e.ties
        ]
        entries.append(_behavior_entry(tree, e.behavior, e.payoffs, e.regret) | {"ties": ties})
    note = joined(found.note, _BEHAVIOR_NOTE)
    return Solved(_behavior_actions(tree), entries, found.is_complete, found.method, note)


def sequential(game: NormalFormGame | ExtensiveGame, request: Request) -> Solved:
    """One sequential equilibrium with its beliefs."""
    from games.extensive_form.sequential_equilibrium import sequential_equilibrium

    tree = _tree(game, "sequential")
    found = sequential_equilibrium(tree)
    entry = _behavior_entry(tree, found.behavior, found.payoffs, found.regret)
    entry["beliefs"] = found.beliefs
    entry["consistency"] = found.consistency
    note = joined("one sequential equilibrium; others may exist", _BEHAVIOR_NOTE)
    return Solved(_behavior_actions(tree), [entry], False, found.method, note)


def sequence_form(game: NormalFormGame | ExtensiveGame, request: Request) -> Solved:
    """Optimal strategies of a zero-sum tree of two players."""
    from games.extensive_form.sequence_form import zero_sum_equilibrium

    tree = _tree(game, "sequence-form")
    found = zero_sum_equilibrium(tree)
    entry = _behavior_entry(tree, found.behavior, found.payoffs, found.regret)
    note = joined(
        "optimal strategies of a zero-sum game: payoffs are its value, others with the same "
        "value may exist, and off the path choices need not be sensible",
        _BEHAVIOR_NOTE,
    )
    name = "linear program of the sequence form (floating point)"
    return Solved(_behavior_actions(tree), [entry], False, name, note)


def agent_logit(tree: ExtensiveGame, request: Request, ladder: Sequence[float]) -> Solved:
    """Agent logit equilibria of a tree, in behavior strategies."""
    from games.extensive_form.agent_responses import agent_quantal_responses

    entries = []
    for found in agent_quantal_responses(tree, request.rationality or ladder):
        entry = _behavior_entry(tree, found.behavior, found.payoffs, found.regret)
        entries.append(entry | {"lambda": found.precision, "residual": found.residual})
    note = joined(
        "the agent form: each information set errs on its own; the principal branch; lambda is "
        "per unit of payoff, so it changes with the units, and regret is what noisy play forgoes",
        _BEHAVIOR_NOTE,
    )
    name = "agent logit quantal response, principal branch (floating point)"
    return Solved(_behavior_actions(tree), entries, False, name, note)


def by_what_suits(tree: ExtensiveGame, request: Request, problem: GameError) -> Solved:
    """Answer of a method that suits a tree too large for all its Nash equilibria.

    Raises
    ------
    GameError
        ``problem``, if no method for trees gives an answer either.
    """
    from games.errors import GameError

    if tree.is_perfect_information:
        methods = [by_backward_induction]
    else:
        methods = [subgame_perfect, sequence_form, sequential]
    for method in methods:
        try:
            answer = method(tree, request)
        except GameError:  # it does not fit this tree: the next one may
            continue
        why = f"not all Nash equilibria were sought: {str(problem).partition(';')[0]}"
        return replace(answer, complete=False, note=joined(why, answer.note))
    raise problem
