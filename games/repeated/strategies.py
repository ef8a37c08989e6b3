"""Well-known strategies of repeated games as automata.

*Grim trigger* punishes the first departure for ever, *limited punishment* for L periods
(Friedman, 1971). *Tit-for-tat* repeats what the other did (Axelrod, 1984); its *generous* form
forgives a defection with some probability (Molander, 1985; Nowak and Sigmund, 1992). A
*graduated ladder* counts strikes: each departure is answered by the next, usually harder, rung,
and strikes may lapse (graduated sanctions; Ostrom, 1990).

References
----------
.. [1] J. Friedman, "A non-cooperative equilibrium for supergames", REStud 38(1), 1971, 1-12.
.. [2] R. Axelrod, "The Evolution of Cooperation", 1984.
.. [3] P. Molander, "The optimal level of generosity in a selfish, uncertain environment",
       Journal of Conflict Resolution 29(4), 1985, 611-618.
.. [4] E. Ostrom, "Governing the Commons", 1990, ch. 3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from games.errors import InvalidGameError, TooLargeError
from games.normal_form import FloatArray, NormalFormGame
from games.repeated.automata import (
    MAX_ENTRIES,
    Machine,
    ProfileAutomaton,
    long_run_shares,
    product_automaton,
)
from games.repeated.exact_numbers import Number, probability, whole_length

__all__ = [
    "Rung",
    "conflict_share",
    "generous_tit_for_tat",
    "graduated_ladder",
    "grim_trigger",
    "limited_punishment",
    "tit_for_tat",
]


@dataclass(frozen=True)
class Rung:
    """One step of a ladder of punishments.

    Parameters
    ----------
    profile : tuple of int
        Action profile played while the punishment lasts.
    length : int or infinity
        Periods that it lasts; 0 is a warning, infinity never ends.
    """

    profile: tuple[int, ...]
    length: float

    def __post_init__(self) -> None:
        """Check the length."""
        object.__setattr__(self, "length", whole_length(self.length, "length of the rung"))


def grim_trigger(
    game: NormalFormGame, cooperate: Sequence[int], punish: Sequence[int]
) -> ProfileAutomaton:
    """Automaton that plays ``cooperate`` until someone departs, then ``punish`` for ever.

    Raises
    ------
    InvalidGameError
        If a profile is not one of the game's.

    Examples
    --------
    >>> from games.repeated.dilemma import Dilemma
    >>> grim_trigger(Dilemma(5, 3, 1, 0).game(), (0, 0), (1, 1)).states
    ('calm 0', 'rung 0')
    """
    return limited_punishment(game, cooperate, punish, math.inf)


def limited_punishment(
    game: NormalFormGame, cooperate: Sequence[int], punish: Sequence[int], length: float
) -> ProfileAutomaton:
    """Automaton that answers a departure from ``cooperate`` by ``length`` periods of ``punish``.

    What players do during the punishment does not change it, so ``punish`` should be a Nash
    equilibrium of the stage game (the one-shot check tells).

    Raises
    ------
    InvalidGameError
        If a profile is not one of the game's, or the length is less than 1.
    """
    periods = whole_length(length, "length", least=1)
    return graduated_ladder(game, cooperate, [Rung(tuple(punish), periods)])


def tit_for_tat() -> ProfileAutomaton:
    """Both players start with action 0 and then repeat the other's last action (two by two).

    Examples
    --------
    >>> tit_for_tat().n_states
    4
    """
    return generous_tit_for_tat(0)


def generous_tit_for_tat(generosity: Number) -> ProfileAutomaton:
    """Tit-for-tat that answers a defection by cooperation with probability ``generosity``.

    Raises
    ------
    InvalidGameError
        If the generosity is not a probability.
    """
    forgive = float(probability(generosity, "generosity"))
    return product_automaton([_reactive(player, forgive) for player in range(2)])


def graduated_ladder(
    game: NormalFormGame,
    cooperate: Sequence[int],
    rungs: Sequence[Rung],
    *,
    decay: Number = 0,
    detection: Number = 1,
    false_alarm: Number = 0,
    restart: bool = False,
) -> ProfileAutomaton:
    """Automaton of a strike ladder: the k-th departure is answered by rung k, the last repeats.

    Parameters
    ----------
    game : NormalFormGame
        The stage game.
    cooperate : action profile
        Played in the calm states.
    rungs : sequence of Rung
        Mildest first, at least one.
    decay : probability
        That one strike lapses in a calm period without an alarm.
    detection, false_alarm : probability
        Of an alarm in a calm period, after a departure and without one.
    restart : bool
        Whether a departure during a punishment counts as a strike and starts the next rung;
        needed when the punishment hurts those who carry it out.

    Returns
    -------
    ProfileAutomaton
        States ``calm k`` (k strikes on record, at most one less than there are rungs) and
        ``rung k`` or ``rung k.t``, the t-th period of rung k.

    Raises
    ------
    InvalidGameError
        If a profile, probability or length is not valid, or there is no rung.
    TooLargeError
        If the punishments last for too many periods to be written as states.
    """
    plan = [_profile(game, r.profile, f"rungs[{k}].profile") for k, r in enumerate(rungs)]
    calm_play = _profile(game, cooperate, "cooperate")
    if not plan:
        raise InvalidGameError("rungs", "are empty; a ladder needs one rung or more")
    lengths = [r.length for r in rungs]
    lapse = float(probability(decay, "decay"))
    heard = float(probability(detection, "detection"))
    mistaken = float(probability(false_alarm, "false_alarm"))
    first, states, played = _ladder_states(lengths, plan, calm_play)
    n, n_rungs = len(states), len(plan)
    if n * n * math.prod(game.n_actions) > MAX_ENTRIES:
        raise TooLargeError(f"a ladder of {n} states; shorten the punishments")
    moves = np.zeros((n, *game.n_actions, n))
    for k in range(n_rungs):
        moves[k] = _calm_row(n, k, first[k], heard, lapse)
        moves[(k, *calm_play)] = _calm_row(n, k, first[k], mistaken, lapse)
        if lengths[k] == 0:
            continue
        after = min(k + 1, n_rungs - 1)
        endless = lengths[k] == math.inf
        chain = range(first[k], first[k] + (1 if endless else int(lengths[k])))
        for s in chain:
            following = s if endless else after if s == chain[-1] else s + 1
            moves[s, ..., first[after] if restart else following] = 1
            moves[(s, *plan[k])] = np.eye(n)[following]
    outputs = [np.eye(m)[[p[i] for p in played]] for i, m in enumerate(game.n_actions)]
    return ProfileAutomaton(outputs, moves, states)


def conflict_share(automaton: ProfileAutomaton, cooperate: Sequence[int]) -> float:
    """Long-run share of periods in which something else than ``cooperate`` is played.

    Examples
    --------
    >>> from games.repeated.dilemma import Dilemma
    >>> game = Dilemma(5, 3, 1, 0).game()
    >>> noisy = graduated_ladder(game, (0, 0), [Rung((1, 1), 2)], detection=0.9, false_alarm=0.1)
    >>> round(conflict_share(noisy, (0, 0)), 6)  # 2q / (1 + 2q)
    0.166667
    """
    agreed = automaton.action_probabilities()
    for action in reversed(cooperate):
        agreed = agreed[..., action]
    return float(1 - np.dot(long_run_shares(automaton), agreed))


def _ladder_states(
    lengths: Sequence[float], plan: Sequence[tuple[int, ...]], calm_play: tuple[int, ...]
) -> tuple[list[int], list[str], list[tuple[int, ...]]]:
    """First state of each rung, labels, and the profile played in each state."""
    n_rungs = len(plan)
    states = [f"calm {k}" for k in range(n_rungs)]
    played = [calm_play] * n_rungs
    first = []
    for k, length in enumerate(lengths):
        if length == 0:
            first.append(min(k + 1, n_rungs - 1))
            continue
        first.append(len(states))
        count = 1 if length == math.inf else int(length)
        if count > MAX_ENTRIES // 1000:
            raise TooLargeError(f"a punishment of {count} periods; shorten it")
        states += [f"rung {k}"] if count == 1 else [f"rung {k}.{t + 1}" for t in range(count)]
        played += [plan[k]] * count
    return first, states, played


def _calm_row(n: int, k: int, punished: int, alarm: float, lapse: float) -> FloatArray:
    """Next state from ``calm k``: an alarm starts the rung, otherwise a strike may lapse."""
    row = np.zeros(n)
    row[punished] += alarm
    row[k] += (1 - alarm) * (1 - lapse)
    row[max(k - 1, 0)] += (1 - alarm) * lapse
    return row


def _profile(game: NormalFormGame, profile: Sequence[int], place: str) -> tuple[int, ...]:
    fits = len(profile) == game.n_players and all(
        0 <= a < m for a, m in zip(profile, game.n_actions, strict=True)
    )
    if not fits:
        raise InvalidGameError(
            place, f"is {tuple(profile)}; one action per player below {game.n_actions} is needed"
        )
    return tuple(int(a) for a in profile)


def _reactive(player: int, forgive: float) -> Machine:
    """Machine whose state is the other's last action; cooperates after 0, forgives after 1."""
    moves = np.zeros((2, 2, 2, 2))
    for seen in range(2):
        at = (slice(None), slice(None), seen) if player == 0 else (slice(None), seen)
        moves[at] = np.eye(2)[seen]
    return Machine(np.array([[1, 0], [forgive, 1 - forgive]]), moves)
