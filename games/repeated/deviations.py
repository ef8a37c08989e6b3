"""Deviations from a strategy profile of a repeated game: one-shot and best reply.

:func:`one_shot_check` certifies subgame perfection (no gain from one deviation in any state);
:func:`best_reply_check` certifies a Nash equilibrium (no gain from any other strategy, from the
first period on), by policy iteration against what the others do. Tit-for-tat passes the second
and, but for one discount factor, not the first.

References
----------
.. [1] D. Abreu, "On the theory of infinitely repeated games with discounting", Econometrica
       56(2), 1988, 383-396.
.. [2] R. A. Howard, "Dynamic Programming and Markov Processes", 1960 (policy iteration).
.. [3] R. Axelrod, "The Evolution of Cooperation", 1984, app. B.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray, NormalFormGame
from games.repeated.automata import ProfileAutomaton, automaton_values, discounted_sums

__all__ = ["BestReplyCheck", "OneShotCheck", "best_reply_check", "one_shot_check"]

GAIN_TOL = 1e-9
"""Largest gain from a deviation taken for rounding, as a share of what it changes at once."""

MAX_POLICY_STEPS = 1000

_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class OneShotCheck:
    """Gains from one deviation, in every state that some history reaches.

    Parameters
    ----------
    values : (n_states, n_players) array of float
        Average discounted payoffs.
    gains : per player, (n_states, m_i) array of float
        Gain from the action once, then back to the automaton; minus infinity where the action
        is what the automaton plays for certain, and in states that no history reaches.
    worst_gain : float
        Largest gain; its negative is the slack of the tightest incentive constraint.
    worst_state, worst_player, worst_action : str, int, int
        Where the tightest constraint is.
    is_equilibrium : bool
        Whether no gain exceeds rounding: the profile is subgame perfect.
    """

    values: FloatArray
    gains: tuple[FloatArray, ...]
    worst_gain: float
    worst_state: str
    worst_player: int
    worst_action: int
    is_equilibrium: bool


@dataclass(frozen=True, eq=False)
class BestReplyCheck:
    """What each player could gain at the start by any other strategy.

    Parameters
    ----------
    values : (n_players,) array of float
        Average discounted payoffs from the initial state.
    best_values : (n_players,) array of float
        Largest payoff of each player against what the others do.
    worst_gain : float
        Largest difference of the two.
    is_equilibrium : bool
        Whether it does not exceed rounding: the profile is a Nash equilibrium.
    """

    values: FloatArray
    best_values: FloatArray
    worst_gain: float
    is_equilibrium: bool


def one_shot_check(
    game: NormalFormGame,
    automaton: ProfileAutomaton,
    discount: float,
    *,
    gain_tol: float = GAIN_TOL,
) -> OneShotCheck:
    """Check of subgame perfection: the gain from one deviation in every reachable state.

    Parameters
    ----------
    game : NormalFormGame
        The stage game.
    automaton : ProfileAutomaton
    discount : float
        Discount factor per period, at least 0 and less than 1.
    gain_tol : float
        Largest gain allowed beyond rounding, as a share of what the deviation changes in its
        own period; weighed by ``1 - discount``, as a single period is in an average payoff. A
        huge penalty for something else excuses nothing.

    Raises
    ------
    InvalidGameError
        If automaton, game and discount factor do not fit.

    Examples
    --------
    >>> from games.repeated.dilemma import Dilemma
    >>> from games.repeated.strategies import grim_trigger
    >>> game = Dilemma(5, 3, 1, 0).game()
    >>> grim = grim_trigger(game, (0, 0), (1, 1))
    >>> [one_shot_check(game, grim, d).is_equilibrium for d in (0.49, 0.5, 0.51)]
    [False, True, True]
    """
    game, centre = _centred(game, automaton)
    values = automaton_values(game, automaton, discount)
    reachable = _reachable(automaton)
    gains, is_equilibrium = [], True
    for player in range(game.n_players):
        stage, moves = _decision_problem(game, automaton, player)
        worth = (1 - discount) * stage + discount * moves @ values[:, player]
        gain = worth - values[:, player, None]
        gain[automaton.outputs[player] == 1] = -np.inf
        gain[~reachable] = -np.inf
        gains.append(gain)
        limits = _limits(automaton.outputs[player], stage, moves, discount, gain_tol)
        is_equilibrium = is_equilibrium and bool((gain <= limits).all())
    player = int(np.argmax([gain.max() for gain in gains]))
    state, action = np.unravel_index(int(gains[player].argmax()), gains[player].shape)
    worst = float(gains[player].max())
    return OneShotCheck(
        values + centre,
        tuple(gains),
        worst,
        automaton.states[int(state)],
        player,
        int(action),
        is_equilibrium,
    )


def best_reply_check(
    game: NormalFormGame,
    automaton: ProfileAutomaton,
    discount: float,
    *,
    gain_tol: float = GAIN_TOL,
) -> BestReplyCheck:
    """Check of a Nash equilibrium: the gain from any other strategy, at the initial state.

    Parameters
    ----------
    game, automaton, discount, gain_tol
        As in :func:`one_shot_check`.

    Notes
    -----
    A player who replies to finite automata loses nothing by an automaton on the same states, so
    the best reply is a Markov decision problem, solved by policy iteration. With random
    transitions the replying player is taken to see the state (public strategies).

    Raises
    ------
    CertificateError
        If the values found do not satisfy Bellman's equation.

    Examples
    --------
    >>> from games.repeated.dilemma import Dilemma
    >>> from games.repeated.strategies import tit_for_tat
    >>> dilemma = Dilemma(5, 3, 1, 0)
    >>> [best_reply_check(dilemma.game(), tit_for_tat(), d).is_equilibrium for d in (0.66, 0.67)]
    [False, True]
    """
    game, centre = _centred(game, automaton)
    values = automaton_values(game, automaton, discount)[automaton.initial]
    best, allowed = np.empty_like(values), np.empty_like(values)
    for player in range(game.n_players):
        stage, moves = _decision_problem(game, automaton, player)
        output = automaton.outputs[player]
        best[player], way = _best_reply(stage, moves, output, discount, automaton.initial)
        limits = _limits(output, stage, moves, discount, gain_tol)
        allowed[player] = max(limits[step] for step in way)
    gains = best - values
    return BestReplyCheck(
        values + centre, best + centre, float(gains.max()), bool((gains <= allowed).all())
    )


def _best_reply(
    stage: FloatArray, moves: FloatArray, output: FloatArray, delta: float, initial: int
) -> tuple[float, list[tuple[int, int]]]:
    """Value of replying best, and (state, action) along the way, by policy iteration."""
    n, m = stage.shape
    states = np.arange(n)
    policy = output.argmax(axis=1)
    for _ in range(MAX_POLICY_STEPS):
        path, played = moves[states, policy], np.eye(m)[policy]
        values = discounted_sums(path, delta, (1 - delta) * stage[states, policy])
        worth = (1 - delta) * stage + delta * moves @ values
        allowed = _rounding(played, stage, moves, delta)
        gains = worth - values[:, None]
        better = np.where(gains > allowed, gains, 0.0).argmax(axis=1)
        improves = gains[states, better] > allowed[states, better]
        if not improves.any():
            break
        policy = np.where(improves, better, policy)
    visited = _visited(path, initial)
    if improves[visited].any():
        worst = float(gains[visited].max())
        raise CertificateError(f"best reply misses Bellman's equation by {worst:.3g}")
    return float(values[initial]), [(int(s), int(policy[s])) for s in np.flatnonzero(visited)]


def _reachable(automaton: ProfileAutomaton) -> NDArray[np.bool_]:
    reachable = np.zeros(automaton.n_states, dtype=bool)
    reachable[list(automaton.reachable_states())] = True
    return reachable


def _visited(moves: FloatArray, initial: int) -> NDArray[np.bool_]:
    """States that a path from ``initial`` may visit."""
    visited = np.zeros(len(moves), dtype=bool)
    visited[initial] = True
    for _ in range(len(moves)):
        visited = visited | (moves[visited] > 0).any(axis=0)
    return visited


def _decision_problem(
    game: NormalFormGame, automaton: ProfileAutomaton, player: int
) -> tuple[FloatArray, FloatArray]:
    """Expected stage payoff and next-state probabilities by (state, own action)."""
    n = automaton.n_states
    if not 0 <= player < game.n_players:
        raise InvalidGameError("player", f"is {player}; players are 0 to {game.n_players - 1}")
    others = np.ones(n)
    for i, row in enumerate(automaton.outputs):
        weights = np.ones_like(row) if i == player else row
        others = others[..., None] * weights.reshape(n, *(1,) * (others.ndim - 1), -1)
    m = game.n_actions[player]
    weights = np.moveaxis(others, 1 + player, 1).reshape(n, m, -1)
    payoffs = np.moveaxis(game.payoffs[player], player, 0).reshape(m, -1)
    moves = np.moveaxis(automaton.transitions, 1 + player, 1).reshape(n, m, -1, n)
    stage = np.einsum("sak,ak->sa", weights, payoffs)
    return stage, np.einsum("sak,sakt->sat", weights, moves)


def _centred(
    game: NormalFormGame, automaton: ProfileAutomaton
) -> tuple[NormalFormGame, FloatArray]:
    """Game less what the first profile played pays: a large constant costs no digits of a gain."""
    agreed = tuple(int(rows[automaton.initial].argmax()) for rows in automaton.outputs)
    centre = np.array([payoffs[agreed] for payoffs in game.payoffs])
    shape = (game.n_players, *(1,) * game.n_players)
    return NormalFormGame(game.payoffs - centre.reshape(shape)), centre


def _limits(
    output: FloatArray, stage: FloatArray, moves: FloatArray, discount: float, gain_tol: float
) -> FloatArray:
    """Largest gain taken for rounding, by (state, own action)."""
    change = np.abs(stage - (output * stage).sum(axis=1)[:, None])
    rounding = _rounding(output, stage, moves, discount)
    return np.asarray(gain_tol * (1 - discount) * change + rounding)


def _rounding(
    output: FloatArray, stage: FloatArray, moves: FloatArray, discount: float
) -> FloatArray:
    """Bound on the rounding of the gain from each action, by (state, own action)."""
    errors = _errors_of_values(output, stage, moves, discount)
    own = 8 * _EPS * (1 - discount) * np.abs(stage)
    return np.asarray(own + discount * moves @ errors + errors[:, None])


def _errors_of_values(
    output: FloatArray, stage: FloatArray, moves: FloatArray, discount: float
) -> FloatArray:
    """Bound on the rounding of each state's value: of what is added up from there, and no more.

    A huge payoff in a state that play does not come to leaves the others as sure as they are.
    """
    path = np.einsum("sa,sat->st", output, moves)
    flows = (1 - discount) * (output * np.abs(stage)).sum(axis=1)
    return 4 * _EPS * discounted_sums(path, discount, discounted_sums(path, discount, flows))
