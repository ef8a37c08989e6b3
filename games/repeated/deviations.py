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

from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray, NormalFormGame
from games.repeated.automata import ProfileAutomaton, automaton_values, check_fit

__all__ = ["BestReplyCheck", "OneShotCheck", "best_reply_check", "one_shot_check"]

GAIN_TOL = 1e-9
"""Largest gain from a deviation that is taken for rounding, relative to the game's scale."""

MAX_POLICY_STEPS = 1000


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
        Largest gain in one period allowed, as a share of ``game.scale``; weighed by
        ``1 - discount``, as a single period is in an average payoff.

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
    game, centre = _centred(game)
    values = automaton_values(game, automaton, discount)
    reachable = np.zeros(automaton.n_states, dtype=bool)
    reachable[list(automaton.reachable_states())] = True
    gains = []
    for player in range(game.n_players):
        stage, moves = _decision_problem(game, automaton, player)
        worth = (1 - discount) * stage + discount * moves @ values[:, player]
        gain = worth - values[:, player, None]
        gain[automaton.outputs[player] == 1] = -np.inf
        gain[~reachable] = -np.inf
        gains.append(gain)
    player = int(np.argmax([gain.max() for gain in gains]))
    state, action = np.unravel_index(int(gains[player].argmax()), gains[player].shape)
    worst = float(gains[player].max())
    limit = _limit(game, discount, gain_tol)
    return OneShotCheck(
        values + centre,
        tuple(gains),
        worst,
        automaton.states[int(state)],
        player,
        int(action),
        worst <= limit,
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
    game, centre = _centred(game)
    values = automaton_values(game, automaton, discount)[automaton.initial]
    best = np.array(
        [
            _best_reply_values(game, automaton, discount, player)[automaton.initial]
            for player in range(game.n_players)
        ]
    )
    worst = float((best - values).max())
    limit = _limit(game, discount, gain_tol)
    return BestReplyCheck(values + centre, best + centre, worst, worst <= limit)


def _best_reply_values(
    game: NormalFormGame, automaton: ProfileAutomaton, discount: float, player: int
) -> FloatArray:
    delta = check_fit(game, automaton, discount)
    stage, moves = _decision_problem(game, automaton, player)
    stage = (1 - delta) * stage
    n = automaton.n_states
    states = np.arange(n)
    policy = automaton.outputs[player].argmax(axis=1)
    small = 1e-13 * game.scale
    for _ in range(MAX_POLICY_STEPS):
        system = np.eye(n) - delta * moves[states, policy]
        values = np.linalg.solve(system, stage[states, policy])
        worth = stage + delta * moves @ values
        better = worth.argmax(axis=1)
        improves = worth[states, better] > worth[states, policy] + small
        if not improves.any():
            break
        policy = np.where(improves, better, policy)
    residual = float(np.abs(worth.max(axis=1) - values).max())
    if residual > 1e-9 * game.scale:
        raise CertificateError(f"best reply misses Bellman's equation by {residual:.3g}")
    return np.asarray(values)


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


def _centred(game: NormalFormGame) -> tuple[NormalFormGame, FloatArray]:
    """Game less a constant per player, so that a large constant costs no digits of a gain."""
    centre = game.payoffs.reshape(game.n_players, -1)[:, 0].copy()
    shape = (game.n_players, *(1,) * game.n_players)
    return NormalFormGame(game.payoffs - centre.reshape(shape)), centre


def _limit(game: NormalFormGame, discount: float, gain_tol: float) -> float:
    """Largest gain taken for rounding; a gain of one period weighs 1 - discount in an average."""
    rounding = 8 * float(np.finfo(float).eps)
    size = float(np.abs(game.payoffs).max())
    return gain_tol * game.scale * (1 - discount) + rounding * (size + 4 * game.scale)
