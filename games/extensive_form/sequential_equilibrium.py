"""A sequential equilibrium: sensible behavior at every information set, with its beliefs.

An assessment that is sequentially rational and consistent (Kreps and Wilson, 1982; both are
defined and measured in :mod:`games.extensive_form.assessment`) is found in one of three ways:

* as the limit of agent logit play on the whole tree;
* the same with payoffs in units that leave out penalties far off from the rest;
* stage by stage, subgames first: trembles in different subgames do not touch each other, so
  sequential equilibria of the stages make one of the whole game.

References
----------
.. [1] D. M. Kreps and R. Wilson, "Sequential equilibria", Econometrica 50(4), 1982, 863-894.
.. [2] T. L. Turocy, "Computing sequential equilibria using agent quantal response equilibria",
   Economic Theory 42(1), 2010, 255-269.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from games.errors import CertificateError, InvalidGameError, NoSolutionError, TooLargeError
from games.extensive_form.assessment import (
    Beliefs,
    SequentialEquilibrium,
    bayes_gap,
    regret_limits,
    sequential_regret,
    sequential_regrets,
)
from games.extensive_form.behavior import certain, node_values
from games.extensive_form.exact_numbers import handy_number
from games.extensive_form.logit_limit import CONSISTENCY_TOL, limit_of_logit_play
from games.extensive_form.subgames import Stage, stages
from games.extensive_form.tree import ExtensiveGame, InformationSet, Node
from games.normal_form import FloatArray

__all__ = [
    "Beliefs",
    "SequentialEquilibrium",
    "bayes_gap",
    "sequential_equilibrium",
    "sequential_regret",
    "sequential_regrets",
]

_FAR_OFF = 100.0
"""A payoff further off than this many times the spread of the others is left out of the units."""

_LONGEST_DENOMINATOR = 10**6

_Refused = (CertificateError, NoSolutionError, TooLargeError)


def sequential_equilibrium(game: ExtensiveGame) -> SequentialEquilibrium:
    """A sequential equilibrium, where it can be followed that of the principal logit branch.

    Parameters
    ----------
    game : ExtensiveGame
        Any number of players; every branch of chance with positive probability.

    Returns
    -------
    SequentialEquilibrium
        One of possibly several; ``method`` says how it was found. Payoffs are measured in each
        player's own spread, so it does not change when a player's payoffs are rescaled.

    Raises
    ------
    CertificateError
        If what was found fails sequential rationality or consistency in every way tried.
    NoSolutionError
        If no branch can be followed far enough.
    InvalidGameError
        If a branch of chance has probability 0.
    TooLargeError
        If a stage of the tree exceeds the limits of
        :func:`~games.extensive_form.agent_logit.logit_equations`.

    Examples
    --------
    Selten's horse has equilibria in which player 2 would not do what it announces; the
    sequential one is (C, c):

    >>> from games.extensive_form.builder import TreeBuilder
    >>> tree = TreeBuilder(["1", "2", "3"], title="Selten's horse")
    >>> C, D = tree.move(0, "1", ["C", "D"])
    >>> c, d = tree.move(C, "2", ["c", "d"])
    >>> tree.end(c, [1, 1, 1])
    >>> for node, ends in [(d, [(4, 4, 0), (0, 0, 1)]), (D, [(3, 3, 2), (0, 0, 0)])]:
    ...     for end, payoffs in zip(tree.move(node, "3", ["L", "R"], information_set="3"), ends):
    ...         tree.end(end, payoffs)
    >>> found = sequential_equilibrium(tree.build())
    >>> found.payoffs.round(4).tolist(), [b.round(3).tolist() for b in found.behavior[:2]]
    ([1.0, 1.0, 1.0], [[1.0, 0.0], [1.0, 0.0]])
    """
    _check_chance(game)
    try:
        return _limit_of_a_branch(game)
    except _Refused as refused:
        parts = stages(game)
        if len(parts) == 1:
            raise
        try:
            return _by_stages(game, parts)
        except _Refused as error:
            raise type(error)(f"{error} (on the whole tree: {refused})") from None


def _check_chance(game: ExtensiveGame) -> None:
    for node in game.nodes:
        if node.is_chance and 0 in node.probabilities:
            child = node.children[node.probabilities.index(Fraction(0))]
            rule = "has probability 0: nothing can be believed behind it; leave it out"
            raise InvalidGameError(f"chance branch to {game.history(child)!r}", rule)


def _limit_of_a_branch(game: ExtensiveGame) -> SequentialEquilibrium:
    """Limit of logit play in units of the spread of payoffs, or of that without far-off ones."""
    payoffs = np.array([[float(u) for u in game.nodes[z].payoffs] for z in game.terminals])
    spreads = np.ptp(payoffs, axis=0)
    spreads[spreads == 0] = 1.0
    cores = np.array([_core_spread(payoffs[:, i]) for i in range(game.n_players)])
    try:
        return limit_of_logit_play(game, spreads)
    except (CertificateError, NoSolutionError):
        if (cores == spreads).all():
            raise
        return limit_of_logit_play(game, cores)


def _core_spread(payoffs: FloatArray) -> float:
    """Spread of the payoffs that lie together, far-off ones left out."""
    own = np.unique(payoffs)
    gaps = np.diff(own)
    while len(gaps) > 1:
        widest = int(gaps.argmax())
        below, above = gaps[:widest], gaps[widest + 1 :]
        kept = above if above.sum() >= below.sum() else below
        if not 0 < kept.sum() * _FAR_OFF < gaps[widest]:
            break
        gaps = kept
    return float(gaps.sum()) if gaps.size else 1.0


def _by_stages(game: ExtensiveGame, parts: Sequence[Stage]) -> SequentialEquilibrium:
    """Sequential equilibrium of the whole game from those of its stages, certified anew."""
    values = {z: game.nodes[z].payoffs for z in game.terminals}
    behavior: dict[int, FloatArray] = {}
    beliefs: dict[int, FloatArray] = {}
    consistency, precision = 0.0, np.inf
    for stage in parts:
        if len(stage.moves) == 1 and stage.information_sets:
            [h] = stage.information_sets
            player = game.information_sets[h].player
            worth = [values[z][player] for z in stage.exits]
            best = worth.index(max(worth))
            behavior[h], beliefs[h] = certain(best, len(worth)), np.ones(1)
            values[stage.root] = values[stage.exits[best]]
            continue
        if not stage.information_sets:
            values[stage.root] = _expected(game, stage, values)
            continue
        inner = _stage_game(game, stage, values)
        found = _limit_of_a_branch(inner)
        behavior |= dict(zip(stage.information_sets, found.behavior, strict=True))
        beliefs |= dict(zip(stage.information_sets, found.beliefs, strict=True))
        consistency = max(consistency, found.consistency)
        precision = min(precision, found.precision)
        values[stage.root] = tuple(_short(u) for u in found.payoffs)
    sets = range(len(game.information_sets))
    whole = SequentialEquilibrium(
        tuple(behavior[h] for h in sets),
        tuple(beliefs[h] for h in sets),
        payoffs=np.zeros(game.n_players),
        regret=0.0,
        consistency=consistency,
        bayes_gap=0.0,
        precision=float(precision),
        method="limits of agent logit play, stage by stage (floating point)",
    )
    return _certified(game, whole)


def _certified(game: ExtensiveGame, found: SequentialEquilibrium) -> SequentialEquilibrium:
    regrets = sequential_regrets(game, found.behavior, found.beliefs)
    gap = bayes_gap(game, found.behavior, found.beliefs)
    if (regrets > regret_limits(game)).any() or max(gap, found.consistency) > CONSISTENCY_TOL:
        raise CertificateError(
            f"sequential equilibria of the stages make none of the game: regret "
            f"{regrets.max():.3g}, beliefs off by {gap:.3g}"
        )
    return replace(
        found,
        payoffs=node_values(game, found.behavior)[0],
        regret=sequential_regret(game, found.behavior, found.beliefs),
        bayes_gap=gap,
    )


def _expected(
    game: ExtensiveGame, stage: Stage, values: Mapping[int, Sequence[Fraction]]
) -> tuple[Fraction, ...]:
    """Exact payoffs of a stage in which only nature moves."""
    worth = {z: tuple(values[z]) for z in stage.exits}
    for number in reversed(stage.moves):
        node = game.nodes[number]
        totals = [Fraction(0)] * game.n_players
        for p, child in zip(node.probabilities, node.children, strict=True):
            for i, u in enumerate(worth[child]):
                totals[i] = handy_number(totals[i] + p * u, "expected payoff")
        worth[number] = tuple(totals)
    return worth[stage.root]


def _short(value: float) -> Fraction:
    """Fraction with a small denominator if one is no further off than rounding."""
    short = Fraction(value).limit_denominator(_LONGEST_DENOMINATOR)
    return short if abs(float(short) - value) <= 1e-12 * max(1.0, abs(value)) else Fraction(value)


def _stage_game(
    game: ExtensiveGame, stage: Stage, values: Mapping[int, Sequence[Fraction]]
) -> ExtensiveGame:
    """A stage as a game of its own that ends where the stage does."""
    numbers = sorted((*stage.moves, *stage.exits))
    rank = {number: k for k, number in enumerate(numbers)}
    set_rank = {h: k for k, h in enumerate(stage.information_sets)} | {-1: -1}
    nodes = []
    for number in numbers:
        node = game.nodes[number]
        parent = -1 if number == stage.root else rank[node.parent]
        if number in values and number != stage.root:
            payoffs = tuple(handy_number(u, "expected payoff") for u in values[number])
            nodes.append(Node(parent, payoffs=payoffs))
            continue
        children = tuple(rank[child] for child in node.children)
        nodes.append(
            replace(
                node,
                parent=parent,
                children=children,
                information_set=set_rank[node.information_set],
            )
        )
    sets = tuple(
        InformationSet(
            members.player,
            members.label,
            members.actions,
            tuple(rank[number] for number in members.nodes),
        )
        for members in (game.information_sets[h] for h in stage.information_sets)
    )
    return ExtensiveGame(game.players, tuple(nodes), sets, game.title)
