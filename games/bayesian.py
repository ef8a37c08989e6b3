"""Bayesian games with finitely many types, and their equilibria.

Nature draws a *type* for each player from a common prior; each player sees its own type only and
acts. A *Bayesian Nash equilibrium* has each type do what is best for it against what the others'
types do (Harsanyi, 1967-68). In the *agent form* every type is a player of its own; in the
*strategic form* a player's action is a plan with one action per type.

References
----------
.. [1] J. C. Harsanyi, "Games with incomplete information played by Bayesian players", parts
   I-III, Management Science 14, 1967-68, 159-182, 320-334, 486-502.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from games.bayesian_game import (
    BayesianGame,
    TypeStrategies,
    interim_payoffs,
    marginal,
    type_losses,
)
from games.errors import CertificateError, TooLargeError
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.tree import ExtensiveGame
from games.normal_form import FloatArray, NormalFormGame

__all__ = [
    "BayesianEquilibrium",
    "BayesianEquilibriumList",
    "BayesianGame",
    "agent_form",
    "bayesian_equilibria",
    "interim_payoffs",
    "strategic_form",
    "to_tree",
]

MAX_ENTRIES = 2_000_000
"""Largest number of payoffs of an agent form or a strategic form."""

MAX_PLANS = 32
"""Largest number of plans, of two players together, of which all equilibria are sought."""

REGRET_TOL = 1e-9


@dataclass(frozen=True, eq=False)
class BayesianEquilibrium:
    """A Bayesian Nash equilibrium.

    Parameters
    ----------
    strategies : tuple of (n_types, n_actions) arrays of float
        What each type of each player does.
    type_payoffs : tuple of (n_types,) arrays of float
        What each type expects.
    payoffs : (n_players,) array of float
        What each player expects before it knows its type.
    regret : float
        Largest gain of any type from another action.
    """

    strategies: TypeStrategies
    type_payoffs: tuple[FloatArray, ...]
    payoffs: FloatArray
    regret: float


@dataclass(frozen=True, eq=False)
class BayesianEquilibriumList:
    """Equilibria of a Bayesian game, and whether they are all (extreme ones)."""

    equilibria: tuple[BayesianEquilibrium, ...]
    is_complete: bool
    method: str
    note: str = ""


def agent_form(game: BayesianGame) -> NormalFormGame:
    """Normal form in which every type of every player is a player of its own.

    Its payoffs are what the type expects. Players are named ``player: type``.

    Raises
    ------
    TooLargeError
        If it has more than ``MAX_ENTRIES`` payoffs.
    """
    agents = [(i, t) for i in range(game.n_players) for t in range(game.n_types[i])]
    shape = tuple(game.n_actions[i] for i, _ in agents)
    _check_size(len(agents) * math.prod(shape), "agent form")
    payoffs = np.zeros((len(agents), *shape))
    position = {agent: k for k, agent in enumerate(agents)}
    for types in np.ndindex(*game.n_types):
        # The agents that nature draws are the only ones whose actions matter here.
        axes = [position[i, t] for i, t in enumerate(types)]
        view = [1] * len(agents)
        for i, axis in enumerate(axes):
            view[axis] = game.n_actions[i]
        for i, axis in enumerate(axes):
            weight = game.prior[types] / marginal(game.prior, i)[types[i]]
            payoffs[axis] += weight * game.payoffs[(i, *types)].reshape(view)
    names = [f"{game.players[i]}: {game.types[i][t]}" for i, t in agents]
    return NormalFormGame(payoffs, names, [game.actions[i] for i, _ in agents])


def strategic_form(game: BayesianGame) -> tuple[NormalFormGame, tuple[NDArray[np.int64], ...]]:
    """Normal form of plans before types are known, and the plans.

    Returns
    -------
    NormalFormGame
        Actions are named by what each type does, such as ``fight/yield``.
    tuple of (n_plans, n_types) arrays of int
        The action of each type in each plan of each player.

    Raises
    ------
    TooLargeError
        If it has more than ``MAX_ENTRIES`` payoffs.
    """
    counts = [m**k for m, k in zip(game.n_actions, game.n_types, strict=True)]
    _check_size(game.n_players * math.prod(counts), "strategic form")
    plans = tuple(
        np.array(list(itertools.product(range(m), repeat=k)), dtype=np.int64)
        for m, k in zip(game.n_actions, game.n_types, strict=True)
    )
    payoffs = _plan_payoffs(game, plans, game.payoffs)
    labels = [
        ["/".join(own[a] for a in plan) for plan in rows]
        for own, rows in zip(game.actions, plans, strict=True)
    ]
    named = [own if len(set(own)) == len(own) else [] for own in labels]
    fallback = [o or [str(k + 1) for k in range(c)] for o, c in zip(named, counts, strict=True)]
    return NormalFormGame(payoffs, game.players, fallback), plans


def bayesian_equilibria(game: BayesianGame) -> BayesianEquilibriumList:
    """Bayesian Nash equilibria, each certified by the gains of every type.

    Returns
    -------
    BayesianEquilibriumList
        For two players with at most ``MAX_PLANS`` plans together: all extreme equilibria of the
        strategic form, as what the types do, each once. Otherwise the equilibria in which every
        type plays one action, and ``is_complete`` is False.

    Raises
    ------
    TooLargeError
        If the agent form is too large.
    CertificateError
        If an equilibrium fails its check (a defect).

    Examples
    --------
    Player 2 wants to meet player 1 or to avoid it, each with probability 1/2 (after Osborne,
    2004, example 273.1):

    >>> meet = [[[2, 0], [0, 1]], [[1, 0], [0, 2]]]
    >>> avoid = [[[2, 0], [0, 1]], [[0, 2], [1, 0]]]
    >>> payoffs = np.stack([meet, avoid], axis=1)[:, np.newaxis]
    >>> game = BayesianGame([[0.5, 0.5]], payoffs, actions=[["B", "S"], ["B", "S"]])
    >>> found = bayesian_equilibria(game).equilibria
    >>> pure = [e for e in found if (e.strategies[1] % 1 == 0).all()]
    >>> [[s.tolist() for s in e.strategies] for e in pure]
    [[[[1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]]]
    """
    from games.solvers.pure_equilibria import pure_equilibria

    n_plans = sum(m**k for m, k in zip(game.n_actions, game.n_types, strict=True))
    if game.n_players <= 2 and n_plans <= MAX_PLANS:
        return _of_plans(game)
    listed = pure_equilibria(agent_form(game))
    profiles = [_of_agents(game, e.strategies) for e in listed.equilibria]
    return BayesianEquilibriumList(
        tuple(_certified(game, profile) for profile in profiles),
        False,
        f"agent form; {listed.method}",
        listed.note,
    )


def to_tree(game: BayesianGame) -> ExtensiveGame:
    """The same game in extensive form: chance draws all types, then players act unseen."""
    tree = TreeBuilder(game.players, title="Bayesian game")
    drawn = [k for k in np.ndindex(*game.n_types) if game.prior[k] > 0]
    labels = [", ".join(own[t] for own, t in zip(game.types, k, strict=True)) for k in drawn]
    if len(set(labels)) < len(labels):
        labels = [", ".join(str(t + 1) for t in k) for k in drawn]
    chances = {label: float(game.prior[k]) for label, k in zip(labels, drawn, strict=True)}
    for node, types in zip(tree.chance(0, chances), drawn, strict=True):
        frontier: dict[int, tuple[int, ...]] = {node: ()}
        for i in range(game.n_players):
            label = game.types[i][types[i]]
            frontier = {
                child: (*taken, a)
                for parent, taken in frontier.items()
                for a, child in enumerate(
                    tree.move(parent, game.players[i], game.actions[i], label)
                )
            }
        for end, taken in frontier.items():
            tree.end(end, [float(u) for u in game.payoffs[(slice(None), *types, *taken)]])
    return tree.build()


def _check_size(entries: int, form: str) -> None:
    if entries > MAX_ENTRIES:
        raise TooLargeError(
            f"the {form} has {entries:,} payoffs; the limit is {MAX_ENTRIES:,}; use fewer types"
        )


def _plan_payoffs(
    game: BayesianGame, plans: tuple[NDArray[np.int64], ...], payoffs: FloatArray
) -> FloatArray:
    """Expected payoffs of plans before types are known, ``(n_players, n_plans, ...)``."""
    expected = np.zeros((game.n_players, *(len(plan) for plan in plans)))
    for types in np.ndindex(*game.n_types):
        taken = np.ix_(*(plan[:, t] for plan, t in zip(plans, types, strict=True)))
        for i in range(game.n_players):
            expected[i] += game.prior[types] * payoffs[(i, *types)][taken]
    return expected


def _like_sized(game: BayesianGame) -> FloatArray:
    """Payoffs rescaled by type so that every type weighs about as much in the plans' payoffs.

    A type's payoffs may be multiplied by a number and a constant added without any change in
    what it does; otherwise what a rare type loses would be lost in rounding. Powers of two, and
    constants only where they dwarf the differences, leave ties as they are.
    """
    rescaled = np.empty_like(game.payoffs)
    for i in range(game.n_players):
        own, new = (np.moveaxis(p, i, 0) for p in (game.payoffs[i], rescaled[i]))
        for t, chance in enumerate(marginal(game.prior, i)):
            half = own[t] / 2  # differences of the largest floats would overflow
            centre = float(np.median(half))
            gaps = np.abs(half - centre)
            spread = float(np.median(gaps[gaps > 0])) if (gaps > 0).any() else 1.0
            centre = centre if abs(centre) > 4 * spread else 0.0
            exponent = -round(math.log2(chance) + math.log2(spread))
            new[t] = np.ldexp(half - centre, max(-900, min(exponent, 900)))
    return rescaled


def _of_plans(game: BayesianGame) -> BayesianEquilibriumList:
    """All extreme equilibria of the strategic form, as what the types do, each once."""
    from games.nash_equilibria import nash_equilibria

    _, plans = strategic_form(game)
    payoffs = _plan_payoffs(game, plans, _like_sized(game))
    if not np.isfinite(payoffs).all():
        raise TooLargeError("payoffs: types of very unlike size overflow the strategic form")
    solving = NormalFormGame(payoffs)
    for exact in (False, True):
        listed = nash_equilibria(solving, exact=exact)
        distinct: dict[tuple[float, ...], TypeStrategies] = {}
        for found in listed.equilibria:
            profile = _by_type(game, plans, found.strategies)
            key = tuple(float(p) for own in profile for p in own.ravel().round(12))
            distinct.setdefault(key, profile)
        try:
            equilibria = tuple(_certified(game, profile) for profile in distinct.values())
        except CertificateError:
            # Within the tolerance for all types together, not for each: exactly, then.
            if exact:
                raise
            continue
        break
    return BayesianEquilibriumList(
        equilibria, listed.is_complete, f"strategic form; {listed.method}", listed.note
    )


def _by_type(
    game: BayesianGame, plans: tuple[NDArray[np.int64], ...], mixed: tuple[FloatArray, ...]
) -> TypeStrategies:
    strategies = []
    for m, rows, weights in zip(game.n_actions, plans, mixed, strict=True):
        chosen = [np.bincount(column, weights=weights, minlength=m) for column in rows.T]
        strategies.append(np.array([c / c.sum() for c in chosen]))
    return tuple(strategies)


def _of_agents(game: BayesianGame, mixed: tuple[FloatArray, ...]) -> TypeStrategies:
    ends = np.cumsum(game.n_types)
    return tuple(np.stack(mixed[end - k : end]) for end, k in zip(ends, game.n_types, strict=True))


def _certified(game: BayesianGame, strategies: TypeStrategies) -> BayesianEquilibrium:
    """Equilibrium with the regret of every type, judged by what that type has at stake."""
    worst = 0.0
    type_payoffs, payoffs = [], []
    eps = float(np.finfo(float).eps)
    for i, own in enumerate(strategies):
        expected = (interim_payoffs(game, strategies, i) * own).sum(axis=1)
        losses, stakes = type_losses(game, strategies, i)
        regrets = (losses * own).sum(axis=1)
        sizes = np.abs(expected) + np.where(own > 0, stakes, 0.0).max(axis=1)
        limits = REGRET_TOL * np.where(own > 0, stakes, 0.0).max(axis=1) + 64 * eps * sizes
        if (regrets > limits).any():
            t = int((regrets - limits).argmax())
            raise CertificateError(
                f"{game.types[i][t]} of {game.players[i]} has regret {regrets[t]:.3g} "
                f"(limit {limits[t]:.3g})"
            )
        worst = max(worst, float(regrets.max()))
        type_payoffs.append(expected)
        payoffs.append(float(marginal(game.prior, i) @ expected))
    return BayesianEquilibrium(strategies, tuple(type_payoffs), np.array(payoffs), worst)
