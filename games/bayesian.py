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
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import CertificateError, InvalidGameError, TooLargeError
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

TypeStrategies = tuple[FloatArray, ...]
"""For each player an array (n_types, n_actions): what each of its types does."""


@dataclass(frozen=True, eq=False)
class BayesianGame:
    """A finite Bayesian game.

    Parameters
    ----------
    prior : (T_0, ..., T_{n-1}) array of float
        Joint probability of the players' types; need not be independent.
    payoffs : (n_players, T_0, ..., T_{n-1}, m_0, ..., m_{n-1}) array of float
        First the player, then all types, then all actions.
    players : sequence of str, optional
    types, actions : sequences of sequences of str, optional
        Labels of each player's types and actions.

    Raises
    ------
    InvalidGameError
        If shapes do not agree, the prior is no probability distribution, a type has probability
        0, a player has no action, a payoff is not finite, or labels do not fit.

    Examples
    --------
    >>> game = BayesianGame([[0.5, 0.5]], np.zeros((2, 1, 2, 2, 2)))
    >>> game.n_types, game.n_actions
    ((1, 2), (2, 2))
    """

    prior: FloatArray
    payoffs: FloatArray
    players: tuple[str, ...]
    types: tuple[tuple[str, ...], ...]
    actions: tuple[tuple[str, ...], ...]

    def __init__(
        self,
        prior: ArrayLike,
        payoffs: ArrayLike,
        players: Sequence[str] = (),
        types: Sequence[Sequence[str]] = (),
        actions: Sequence[Sequence[str]] = (),
    ) -> None:
        chances, array = _numbers(prior, "prior"), _numbers(payoffs, "payoffs")
        n = chances.ndim
        if n < 1 or array.ndim != 2 * n + 1 or array.shape[: n + 1] != (n, *chances.shape):
            raise InvalidGameError(
                "payoffs",
                f"have shape {array.shape}; a prior of shape {chances.shape} needs "
                "(players, types of each player, actions of each player)",
            )
        if 0 in array.shape:
            raise InvalidGameError("payoffs", "every player needs a type and an action")
        if (chances < 0).any() or abs(chances.sum() - 1) > REGRET_TOL:
            rule = f"sums to {chances.sum():.12g}; probabilities >= 0 that sum to 1 are needed"
            raise InvalidGameError("prior", rule)
        chances = chances / chances.sum()
        for i in range(n):
            margin = _marginal(chances, i)
            if (margin == 0).any():
                rule = "has probability 0; leave the type out"
                raise InvalidGameError(f"prior: type {int(margin.argmin())} of player {i}", rule)
        for part in (chances, array):
            part.setflags(write=False)
        object.__setattr__(self, "prior", chances)
        object.__setattr__(self, "payoffs", array)
        labels = NormalFormGame(np.zeros((n, *array.shape[n + 1 :])), players, actions)
        typed = NormalFormGame(np.zeros((n, *chances.shape)), labels.players, types)
        object.__setattr__(self, "players", labels.players)
        object.__setattr__(self, "types", typed.actions)
        object.__setattr__(self, "actions", labels.actions)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return self.prior.ndim

    @property
    def n_types(self) -> tuple[int, ...]:
        """Number of types of each player."""
        return self.prior.shape

    @property
    def n_actions(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return self.payoffs.shape[self.n_players + 1 :]


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


def interim_payoffs(game: BayesianGame, strategies: TypeStrategies, player: int) -> FloatArray:
    """What each type of ``player`` expects from each action, shape ``(n_types, n_actions)``."""
    n = game.n_players
    weighted = game.payoffs[player] * game.prior.reshape(game.prior.shape + (1,) * n)
    operands: list[object] = [weighted, list(range(2 * n))]
    for j in range(n):
        if j != player:
            operands += [strategies[j], [j, n + j]]
    joint = np.einsum(*operands, [player, n + player], optimize=True)  # type: ignore[call-overload]
    return np.asarray(joint / _marginal(game.prior, player)[:, np.newaxis], dtype=float)


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
            weight = game.prior[types] / _marginal(game.prior, i)[types[i]]
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
    payoffs = np.zeros((game.n_players, *counts))
    for types in np.ndindex(*game.n_types):
        taken = np.ix_(*(plan[:, t] for plan, t in zip(plans, types, strict=True)))
        for i in range(game.n_players):
            payoffs[i] += game.prior[types] * game.payoffs[(i, *types)][taken]
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
    from games.nash_equilibria import nash_equilibria
    from games.solvers.pure_equilibria import pure_equilibria

    n_plans = sum(m**k for m, k in zip(game.n_actions, game.n_types, strict=True))
    if game.n_players <= 2 and n_plans <= MAX_PLANS:
        normal, plans = strategic_form(game)
        listed = nash_equilibria(normal)
        profiles = [_of_plans(game, plans, e.strategies) for e in listed.equilibria]
        form = "strategic form"
    else:
        listed = pure_equilibria(agent_form(game))
        profiles = [_of_agents(game, e.strategies) for e in listed.equilibria]
        form = "agent form"
    distinct: dict[tuple[float, ...], TypeStrategies] = {}
    for profile in profiles:
        key = tuple(float(p) for own in profile for p in own.ravel().round(12))
        distinct.setdefault(key, profile)
    return BayesianEquilibriumList(
        tuple(_certified(game, profile) for profile in distinct.values()),
        listed.is_complete and form == "strategic form",
        f"{form}; {listed.method}",
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


def _numbers(values: ArrayLike, name: str) -> FloatArray:
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(name, f"is not an array of numbers ({error})") from None
    if not np.isfinite(array).all():
        place = ", ".join(str(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise InvalidGameError(f"{name}[{place}]", "is not a finite number")
    return array


def _marginal(prior: FloatArray, player: int) -> FloatArray:
    others = tuple(j for j in range(prior.ndim) if j != player)
    return np.asarray(prior.sum(axis=others), dtype=float)


def _check_size(entries: int, form: str) -> None:
    if entries > MAX_ENTRIES:
        raise TooLargeError(
            f"the {form} has {entries:,} payoffs; the limit is {MAX_ENTRIES:,}; use fewer types"
        )


def _of_plans(
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
    regret = 0.0
    type_payoffs, payoffs = [], []
    for i, own in enumerate(strategies):
        worth = interim_payoffs(game, strategies, i)
        expected = (worth * own).sum(axis=1)
        regret = max(regret, float((worth.max(axis=1) - expected).max()))
        type_payoffs.append(expected)
        payoffs.append(float(_marginal(game.prior, i) @ expected))
    largest = float(np.abs(game.payoffs).max())
    # A regret before types are known grows when it is divided by the probability of a type.
    rarest = min(float(_marginal(game.prior, i).min()) for i in range(game.n_players))
    spread = float(np.ptp(game.payoffs.reshape(game.n_players, -1), axis=1).max())
    limit = (REGRET_TOL * spread + 64 * float(np.finfo(float).eps) * largest) / rarest
    if regret > limit:
        raise CertificateError(f"a profile of types with regret {regret:.3g} (limit {limit:.3g})")
    return BayesianEquilibrium(strategies, tuple(type_payoffs), np.array(payoffs), regret)
