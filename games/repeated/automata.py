"""Strategies of repeated games as finite automata: values and deviations.

A *machine* is one player's strategy: a finite set of states, a (possibly mixed) action in each
state, and a next state that depends on the action profile everybody saw (Rubinstein, 1986).
A *profile automaton* says the same for all the players together; its transitions may be random,
which covers noisy public signals and public lotteries.

With discount factor d and stage payoffs u, the *value* of a state is the average discounted
payoff V = (1 - d) u + d P V, a linear system. No player can gain by any deviation in any subgame
if and only if no player gains by one deviation in one state, reachable or not on the path of
play (the *one-shot deviation principle*; Blackwell, 1965; Abreu, 1988). A profile that passes in
every state is *subgame perfect* (with noisy signals: perfect public).

References
----------
.. [1] A. Rubinstein, "Finite automata play the repeated prisoner's dilemma", JET 39, 1986.
.. [2] D. Abreu, "On the theory of infinitely repeated games with discounting", Econometrica
       56(2), 1988, 383-396.
.. [3] G. Mailath and L. Samuelson, "Repeated Games and Reputations", 2006, ch. 2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.normal_form import FloatArray, NormalFormGame

__all__ = [
    "Machine",
    "ProfileAutomaton",
    "automaton_values",
    "discounted_sums",
    "long_run_shares",
    "product_automaton",
]

PROB_TOL = 1e-9
"""How far probabilities given by the user may be from summing to one."""

MAX_ENTRIES = 50_000_000
"""Largest number of transition probabilities (0.4 GB) that an automaton may hold."""


@dataclass(frozen=True, eq=False)
class Machine:
    """One player's strategy in a repeated game.

    Parameters
    ----------
    outputs : (n_states, m_own) array of float
        Probability of each own action in each state.
    transitions : (n_states, m_0, ..., m_{n-1}, n_states) array of float
        Probability of the next state after the action profile that was played.
    initial : int
        State in which play starts.
    """

    outputs: FloatArray
    transitions: FloatArray
    initial: int = 0

    def __init__(self, outputs: ArrayLike, transitions: ArrayLike, initial: int = 0) -> None:
        rows = _distributions(outputs, "outputs")
        moves = _distributions(transitions, "transitions")
        if rows.ndim != 2 or rows.shape[0] == 0:
            raise InvalidGameError("outputs", f"has shape {rows.shape}; (states, actions) needed")
        n = rows.shape[0]
        if moves.ndim < 3 or moves.shape[0] != n or moves.shape[-1] != n:
            raise InvalidGameError(
                "transitions", f"has shape {moves.shape}; ({n}, m_0, ..., {n}) needed"
            )
        object.__setattr__(self, "outputs", rows)
        object.__setattr__(self, "transitions", moves)
        object.__setattr__(self, "initial", _state(initial, n))


@dataclass(frozen=True, eq=False)
class ProfileAutomaton:
    """A strategy profile of a repeated game with public monitoring.

    Parameters
    ----------
    outputs : per player, (n_states, m_i) array of float
        Probability of each action of the player in each state; players mix independently.
    transitions : (n_states, m_0, ..., m_{n-1}, n_states) array of float
        Probability of the next state after the action profile that was played.
    states : tuple of str
        Labels of the states.
    initial : int
        State in which play starts.

    Raises
    ------
    InvalidGameError
        If shapes do not fit each other, or a row is not a probability distribution.
    """

    outputs: tuple[FloatArray, ...]
    transitions: FloatArray
    states: tuple[str, ...]
    initial: int = 0

    def __init__(
        self,
        outputs: Sequence[ArrayLike],
        transitions: ArrayLike,
        states: Sequence[str] = (),
        initial: int = 0,
    ) -> None:
        rows = tuple(_distributions(o, f"outputs[{i}]") for i, o in enumerate(outputs))
        moves = _distributions(transitions, "transitions")
        n = moves.shape[0]
        wanted = (n, *(row.shape[-1] for row in rows), n)
        if moves.shape != wanted or any(row.shape != (n, row.shape[-1]) for row in rows):
            shapes = [row.shape for row in rows]
            raise InvalidGameError(
                "transitions",
                f"has shape {moves.shape} and the outputs {shapes}; (states, m_0, ..., states) "
                "and per player (states, m_i) are needed",
            )
        labels = tuple(states) or tuple(str(s) for s in range(n))
        if len(labels) != n or len(set(labels)) != n:
            raise InvalidGameError("states", f"need {n} distinct labels (got {labels})")
        object.__setattr__(self, "outputs", rows)
        object.__setattr__(self, "transitions", moves)
        object.__setattr__(self, "states", labels)
        object.__setattr__(self, "initial", _state(initial, n))

    @property
    def n_states(self) -> int:
        """Number of states."""
        return int(self.transitions.shape[0])

    def action_probabilities(self) -> FloatArray:
        """Probability of each action profile in each state, ``(n_states, m_0, ..., m_{n-1})``."""
        joint = np.ones(self.n_states)
        for row in self.outputs:
            joint = joint[..., None] * row.reshape(self.n_states, *(1,) * (joint.ndim - 1), -1)
        return joint

    def path_matrix(self) -> FloatArray:
        """Transition matrix between states when nobody deviates, ``(n_states, n_states)``."""
        n = self.n_states
        weights = self.action_probabilities().reshape(n, -1, 1)
        return np.asarray((weights * self.transitions.reshape(n, -1, n)).sum(axis=1))

    def reachable_states(self) -> tuple[int, ...]:
        """States that some history reaches, deviations included, in increasing order."""
        links = self.transitions.reshape(self.n_states, -1, self.n_states).max(axis=1) > 0
        seen, queue = {self.initial}, [self.initial]
        while queue:
            fresh = set(np.flatnonzero(links[queue.pop()]).tolist()) - seen
            seen |= fresh
            queue.extend(fresh)
        return tuple(sorted(seen))


def product_automaton(machines: Sequence[Machine]) -> ProfileAutomaton:
    """Profile automaton of one machine per player, cut to the states that histories can reach.

    Raises
    ------
    InvalidGameError
        If the machines are not made for the same game.
    TooLargeError
        If the product has too many states.
    """
    shape = tuple(machine.outputs.shape[1] for machine in machines)
    for i, machine in enumerate(machines):
        if machine.transitions.shape[1:-1] != shape:
            raise InvalidGameError(
                f"machines[{i}]",
                f"reads action profiles of shape {machine.transitions.shape[1:-1]}, but the "
                f"machines play {shape}; one machine per player of one game is needed",
            )
    sizes = tuple(machine.outputs.shape[0] for machine in machines)
    n = math.prod(sizes)
    if n * n * math.prod(shape) > MAX_ENTRIES:
        raise TooLargeError(f"the product of machines with {sizes} states has {n} states")
    joint = np.ones((1, *shape, 1))
    for machine in machines:
        moves = machine.transitions
        joint = joint[:, None, ..., :, None] * moves[None, ..., None, :]
        joint = joint.reshape(joint.shape[0] * joint.shape[1], *shape, -1)
    grid = np.indices(sizes).reshape(len(sizes), n)
    outputs = [machine.outputs[grid[i]] for i, machine in enumerate(machines)]
    labels = [",".join(str(k) for k in column) for column in grid.T.tolist()]
    initial = int(np.ravel_multi_index([machine.initial for machine in machines], sizes))
    return _cut_to_reachable(ProfileAutomaton(outputs, joint, labels, initial))


def automaton_values(
    game: NormalFormGame, automaton: ProfileAutomaton, discount: float
) -> FloatArray:
    """Average discounted payoff of every state to every player.

    Parameters
    ----------
    game : NormalFormGame
        The stage game.
    automaton : ProfileAutomaton
        What the players do.
    discount : float
        Discount factor per period, at least 0 and less than 1.

    Returns
    -------
    (n_states, n_players) array of float, in stage payoff units

    Raises
    ------
    InvalidGameError
        If automaton and game do not fit or the discount factor is not in [0, 1).
    CertificateError
        If the values do not solve their own equation.

    Examples
    --------
    >>> from games.repeated.dilemma import Dilemma
    >>> from games.repeated.strategies import grim_trigger
    >>> game = Dilemma(5, 3, 1, 0).game()
    >>> automaton_values(game, grim_trigger(game, (0, 0), (1, 1)), 0.5).round(6)
    array([[3., 3.],
           [1., 1.]])
    """
    delta = check_fit(game, automaton, discount)
    n = automaton.n_states
    joint = automaton.action_probabilities().reshape(n, -1)
    stage = joint @ game.payoffs.reshape(game.n_players, -1).T
    # Payoffs are centred at the start, so that neither a large constant nor a huge penalty in
    # other states costs digits there.
    centre = stage[automaton.initial]
    system = np.eye(n) - delta * automaton.path_matrix()
    values = discounted_sums(automaton.path_matrix(), delta, (1 - delta) * (stage - centre))
    residual = np.abs(system @ values - (1 - delta) * (stage - centre))
    size = np.abs(system) @ np.abs(values) + (1 - delta) * np.abs(stage)
    if (residual > 1e-9 * size).any():
        raise CertificateError(f"values of the automaton leave a residual of {residual.max():.3g}")
    return np.asarray(values + centre)


def discounted_sums(path: FloatArray, discount: float, flows: FloatArray) -> FloatArray:
    """Discounted sums of what flows in each state, on the way from each state on.

    Parameters
    ----------
    path : (n_states, n_states) array of float
        Transition probabilities.
    discount : float
    flows : (n_states,) or (n_states, k) array of float

    Returns
    -------
    array of float, shaped like ``flows``
        Solution x of ``x = flows + discount * path @ x``. Elimination along the diagonal, which
        dominates here, mixes no equation with those that it does not depend on: a huge flow in
        a state that play does not come to costs no digits.

    Examples
    --------
    >>> discounted_sums(np.array([[0.0, 1.0], [0.0, 1.0]]), 0.5, np.array([1.0, 1e12]))
    array([1.e+12, 2.e+12])
    >>> discounted_sums(np.array([[1.0, 0.0], [1.0, 0.0]]), 0.9, np.array([0.3, 1e12]))[0].round(9)
    np.float64(3.0)
    """
    from scipy.sparse import csc_array
    from scipy.sparse.linalg import splu

    system = csc_array(np.eye(len(path)) - discount * path)
    factors = splu(
        system, permc_spec="NATURAL", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
    )
    return np.asarray(factors.solve(flows))


def long_run_shares(automaton: ProfileAutomaton) -> FloatArray:
    """Long-run share of time that play from the initial state spends in each state.

    Returns
    -------
    (n_states,) array of float
        Sums to 1; over several recurrent classes, weighted by the chance to end in each.

    Notes
    -----
    The limit of (I + P)^k / 2^k by repeated squaring: it has the Cesàro limit of P and no cycles.

    Raises
    ------
    CertificateError
        If the shares are not stationary.
    """
    n = automaton.n_states
    path = automaton.path_matrix()
    power = (np.eye(n) + path) / 2
    for _ in range(80):
        power = power @ power
        power /= power.sum(axis=1, keepdims=True)
    shares = power[automaton.initial]
    residual = np.abs(shares @ path - shares).max()
    if residual > 1e-9:
        raise CertificateError(f"long-run shares change by {residual:.3g} in one step")
    return np.asarray(shares)


def check_fit(game: NormalFormGame, automaton: ProfileAutomaton, discount: float) -> float:
    """Discount factor, after checking that the automaton is made for the game."""
    if automaton.transitions.shape[1:-1] != game.n_actions:
        raise InvalidGameError(
            "automaton",
            f"is made for {automaton.transitions.shape[1:-1]} actions, the stage game has "
            f"{game.n_actions}",
        )
    if not 0 <= discount < 1:
        raise InvalidGameError(
            "discount", f"is {discount}; a discount factor is at least 0 and less than 1"
        )
    return float(discount)


def _cut_to_reachable(automaton: ProfileAutomaton) -> ProfileAutomaton:
    keep = list(automaton.reachable_states())
    return ProfileAutomaton(
        [row[keep] for row in automaton.outputs],
        automaton.transitions[keep][..., keep],
        [automaton.states[s] for s in keep],
        keep.index(automaton.initial),
    )


def _distributions(values: ArrayLike, place: str) -> FloatArray:
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(place, f"not an array of numbers ({error})") from None
    if array.ndim == 0 or array.size == 0:
        raise InvalidGameError(place, "is empty; probabilities are needed")
    if array.size > MAX_ENTRIES:
        raise TooLargeError(f"{place}: {array.size} entries; at most {MAX_ENTRIES} are handled")
    if not np.isfinite(array).all() or array.min() < 0:
        raise InvalidGameError(place, "has an entry that is no probability")
    sums = array.sum(axis=-1)
    if np.abs(sums - 1).max() > PROB_TOL:
        at = ", ".join(str(k) for k in np.argwhere(np.abs(sums - 1) > PROB_TOL)[0])
        raise InvalidGameError(f"{place}[{at}]", "probabilities do not sum to 1")
    array /= sums[..., None]
    array.setflags(write=False)
    return array


def _state(state: int, n_states: int) -> int:
    if not 0 <= state < n_states:
        raise InvalidGameError("initial", f"is {state}; the states are 0 to {n_states - 1}")
    return int(state)
