"""Methods of ``negotiate solve`` for games in extensive form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from negotiate.commands.solve_answer import Request, Solved, joined
from negotiate.errors import NegotiateError

if TYPE_CHECKING:
    from games.extensive_form.behavior import BehaviorProfile
    from games.extensive_form.tree import ExtensiveGame
    from games.normal_form import NormalFormGame

__all__ = ["by_backward_induction", "sequential", "subgame_perfect"]


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
        own = [h for h in tree.information_sets if h.player == player]
        labels.append([f"{h.label}: {a}" if len(own) > 1 else a for h in own for a in h.actions])
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
    name = "limit of agent logit play (floating point)"
    return Solved(_behavior_actions(tree), [entry], False, name, note)
