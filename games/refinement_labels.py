"""Every refinement that an equilibrium passes, as labels: for tables and for teaching.

Pure equilibria of any number of players may be *strict*, *strong* or *coalition-proof*; those of
two players *perfect* or *proper* as well. A strict equilibrium is proper, a proper one perfect,
so only the strongest of these three is named. Tests that would take long are left out, and the
note says which: a missing label then means nothing.
"""

from __future__ import annotations

from dataclasses import replace

from games.coalition_deviations import coalition_proof_equilibria, strong_equilibria
from games.equilibrium import Equilibrium, EquilibriumList
from games.errors import TooLargeError
from games.normal_form import NormalFormGame
from games.refinements import labelled
from games.trembling_hand import is_perfect, is_proper

__all__ = ["refined"]

_MOST_COMPARED = 200
"""Equilibria that are compared with each other."""

_MOST_PROFILES = 4_096
"""Action profiles of a game of which the joint deviations are looked at."""

_MOST_TREMBLING = 12
"""Equilibria of which the trembles are looked at, and actions of both players together."""

_MOST_RANKINGS = 100


def refined(game: NormalFormGame, found: EquilibriumList) -> EquilibriumList:
    """The same equilibria, each with the refinements that it passes as labels.

    Parameters
    ----------
    game : NormalFormGame
    found : EquilibriumList
        Equilibria of ``game``.

    Returns
    -------
    EquilibriumList
        Labels: those of :func:`games.refinements.labelled`; ``strong`` and ``coalition-proof``
        for pure equilibria; ``proper``, ``perfect`` or ``not perfect`` for two players, unless
        the equilibrium is strict.

    Examples
    --------
    >>> from games.nash_equilibria import nash_equilibria
    >>> game = NormalFormGame.from_bimatrix([[1, 0], [0, 0]], [[1, 0], [0, 0]])
    >>> [e.labels for e in refined(game, nash_equilibria(game)).equilibria]
    [('strict', 'payoff dominant', 'strong', 'coalition-proof'), ('not perfect',)]
    """
    left_out = []
    if len(found.equilibria) <= _MOST_COMPARED:
        found = labelled(game, found)
    else:
        left_out.append("dominance among equilibria")
    if game.payoffs[0].size <= _MOST_PROFILES and len(found.equilibria) <= _MOST_COMPARED:
        found = _with_coalitions(game, found)
    else:
        left_out.append("joint deviations")
    if game.n_players == 2:
        if max(len(found.equilibria), sum(game.n_actions)) <= _MOST_TREMBLING:
            equilibria = tuple(_with_trembles(game, e) for e in found.equilibria)
            found = replace(found, equilibria=equilibria)
        else:
            left_out.append("trembles")
    if not left_out:
        return found
    note = f"not looked at for want of time: {', '.join(left_out)}"
    return replace(found, note=f"{found.note.rstrip('.')}; {note}" if found.note else note)


def _with_coalitions(game: NormalFormGame, found: EquilibriumList) -> EquilibriumList:
    strong = set(strong_equilibria(game))
    proof = set(coalition_proof_equilibria(game))
    equilibria = []
    for equilibrium in found.equilibria:
        labels = list(equilibrium.labels)
        if equilibrium.is_pure:
            cell = tuple(int(s.argmax()) for s in equilibrium.strategies)
            labels += ["strong"] * (cell in strong) + ["coalition-proof"] * (cell in proof)
        equilibria.append(replace(equilibrium, labels=tuple(labels)))
    return replace(found, equilibria=tuple(equilibria))


def _with_trembles(game: NormalFormGame, equilibrium: Equilibrium) -> Equilibrium:
    if "strict" in equilibrium.labels:
        return equilibrium
    if not is_perfect(game, equilibrium.strategies).is_perfect:
        label = "not perfect"
    else:
        try:
            proper = is_proper(game, equilibrium.strategies, max_rankings=_MOST_RANKINGS)
            label = "proper" if proper.is_proper else "perfect, not proper"
        except TooLargeError:
            label = "perfect, properness not decided"
    return replace(equilibrium, labels=(*equilibrium.labels, label))
