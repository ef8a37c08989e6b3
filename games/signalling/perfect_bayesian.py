"""All perfect Bayesian equilibria of a finite signalling game, one record for each pattern.

In a *perfect Bayesian equilibrium* each type sends only messages that are best for it, the
receiver's action is best against its *belief* about the type at every message, and beliefs
follow from Bayes' rule at every message that is sent. It is *separating* if every message that
is sent gives the type away, *pooling* if messages say nothing, *semi-separating* in between.

A *pattern* says which messages each type sends, and which actions follow each message, with
positive probability. Given a pattern the conditions on the sender's probabilities and those on
the receiver's are linear and separate, so whether the pattern has an equilibrium is decided by
exact linear programs: going through all patterns misses none.

References
----------
.. [1] D. Fudenberg and J. Tirole, "Perfect Bayesian equilibrium and sequential equilibrium",
   Journal of Economic Theory 53(2), 1991, 236-260.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from games.errors import CertificateError, TooLargeError
from games.normal_form import FloatArray
from games.signalling.game import FractionArray, SignallingGame
from games.signalling.intuitive_criterion import passes_intuitive_criterion
from games.signalling.pattern_programs import (
    Support,
    believable_supports,
    off_path_belief,
    receiver_mixture,
    sender_weights,
)

__all__ = ["SignallingEquilibrium", "SignallingEquilibriumList", "perfect_bayesian_equilibria"]

MAX_PATTERNS = 200_000
"""Largest number of patterns that is gone through."""


@dataclass(frozen=True, eq=False)
class SignallingEquilibrium:
    """One perfect Bayesian equilibrium, or one of a continuum with the same pattern.

    Parameters
    ----------
    kind : str
        ``separating``, ``pooling`` or ``semi-separating``.
    sender : (n_types, n_messages) array of float
        Probability that each type sends each message.
    receiver : (n_messages, n_actions) array of float
        Probability of each action after each message.
    beliefs : (n_messages, n_types) array of float
        What the receiver believes after each message.
    belief_ranges : (n_messages, n_types, 2) array of float
        Lowest and highest belief in each type that supports the same actions; one point at
        messages that are sent.
    sender_payoffs : (n_types,) array of float
    receiver_payoff : float
        Before the message is seen.
    regret : float
        Largest gain from another message by a type, or from another action after a message.
    bayes_gap : float
        Largest difference between beliefs and Bayes' rule at messages that are sent.
    passes_intuitive_criterion : bool
        Whether it survives the test of Cho and Kreps (1987).
    """

    kind: str
    sender: FloatArray
    receiver: FloatArray
    beliefs: FloatArray
    belief_ranges: FloatArray
    sender_payoffs: FloatArray
    receiver_payoff: float
    regret: float
    bayes_gap: float
    passes_intuitive_criterion: bool


@dataclass(frozen=True)
class SignallingEquilibriumList:
    """Perfect Bayesian equilibria of a signalling game.

    Parameters
    ----------
    equilibria : tuple of SignallingEquilibrium
        One for each pattern that has any, separating ones first.
    is_complete : bool
        True: no pattern without a record has an equilibrium.
    method, note : str
    """

    equilibria: tuple[SignallingEquilibrium, ...]
    is_complete: bool
    method: str
    note: str = ""


def perfect_bayesian_equilibria(game: SignallingGame) -> SignallingEquilibriumList:
    """Every pattern of perfect Bayesian equilibrium, with one equilibrium of each.

    Parameters
    ----------
    game : SignallingGame
        Small: the number of patterns is exponential in types × messages.

    Returns
    -------
    SignallingEquilibriumList
        Complete. Where a pattern has a continuum (beliefs or mixtures may vary), a point inside
        it stands for it; ``belief_ranges`` has the range of beliefs after messages not sent.

    Raises
    ------
    TooLargeError
        If there are more than ``MAX_PATTERNS`` patterns.
    CertificateError
        If an equilibrium fails its own conditions (a defect).

    Examples
    --------
    Beer and quiche (Cho and Kreps, 1987): strong types like beer, weak types quiche, and both
    would rather not be challenged.

    >>> sender = [[[1, 3], [0, 2]], [[0, 2], [1, 3]]]  # type, breakfast, duel or not
    >>> receiver = [[[0, 1], [0, 1]], [[1, 0], [1, 0]]]
    >>> game = SignallingGame([0.9, 0.1], sender, receiver, ["strong", "weak"],
    ...                       ["beer", "quiche"], ["duel", "leave"])
    >>> for found in perfect_bayesian_equilibria(game).equilibria:
    ...     if found.belief_ranges[:, 1].max() == 1:  # actions after the unsent message are pure
    ...         print(found.kind, found.sender.tolist(), found.passes_intuitive_criterion)
    pooling [[1.0, 0.0], [1.0, 0.0]] True
    pooling [[0.0, 1.0], [0.0, 1.0]] False
    """
    supports = [believable_supports(game, m) for m in range(game.n_messages)]
    sent_sets = _subsets(game.n_messages)
    n_patterns = len(sent_sets) ** game.n_types
    for options in supports:
        n_patterns *= len(options)
    if n_patterns > MAX_PATTERNS:
        raise TooLargeError(
            f"the signalling game has {n_patterns:,} patterns; the limit is {MAX_PATTERNS:,}; use "
            "sequential_equilibrium of its tree for one equilibrium"
        )
    weights_of: dict[tuple[object, ...], FractionArray | None] = {}
    found = []
    for replies in itertools.product(*supports):
        for sent in _plausible(game, replies, sent_sets):
            receiver = receiver_mixture(game, sent, replies)
            if receiver is None:
                continue
            on_path = frozenset().union(*sent)
            key = (sent, tuple(replies[m] for m in sorted(on_path)))
            if key not in weights_of:
                weights_of[key] = sender_weights(game, sent, replies)
            weights = weights_of[key]
            if weights is not None:
                found.append(_equilibrium(game, replies, receiver, weights))
    order = {"separating": 0, "semi-separating": 1, "pooling": 2}
    found.sort(key=lambda e: (order[e.kind], (-e.sender).tolist(), (-e.receiver).tolist()))
    return SignallingEquilibriumList(
        tuple(found),
        is_complete=True,
        method="enumeration of patterns with exact linear programs",
        note="one equilibrium for each pattern of messages and actions",
    )


def _subsets(n: int) -> list[frozenset[int]]:
    return [
        frozenset(chosen)
        for k in range(1, n + 1)
        for chosen in itertools.combinations(range(n), k)
    ]


def _plausible(
    game: SignallingGame, replies: Sequence[Support], sent_sets: Sequence[frozenset[int]]
) -> list[tuple[frozenset[int], ...]]:
    """Message patterns that are not ruled out by the bounds on what each message can give."""
    options = []
    for t in range(game.n_types):
        low = [min(game.sender[t, m, a] for a in replies[m]) for m in range(game.n_messages)]
        high = [max(game.sender[t, m, a] for a in replies[m]) for m in range(game.n_messages)]
        floor = max(low)
        options.append([s for s in sent_sets if all(high[m] >= floor for m in s)])
    return list(itertools.product(*options))


def _equilibrium(
    game: SignallingGame,
    replies: Sequence[Support],
    receiver: FractionArray,
    weights: FractionArray,
) -> SignallingEquilibrium:
    sender = np.array([[w / p for w in row] for row, p in zip(weights, game.prior, strict=True)])
    beliefs = np.empty((game.n_messages, game.n_types), dtype=object)
    ranges = np.empty((game.n_messages, game.n_types, 2), dtype=object)
    totals = weights.sum(axis=0)
    for m in range(game.n_messages):
        if totals[m] > 0:
            beliefs[m] = weights[:, m] / totals[m]
            ranges[m] = np.stack([beliefs[m], beliefs[m]], axis=1)
        else:
            beliefs[m], ranges[m] = off_path_belief(game, m, replies[m])
    sender_payoffs, regret, gap = _certificate(game, sender, receiver, beliefs)
    joint = np.array(game.prior, dtype=object)[:, np.newaxis] * sender
    unsent = frozenset(m for m in range(game.n_messages) if totals[m] == 0)
    return SignallingEquilibrium(
        _kind(game, totals, beliefs),
        sender.astype(float),
        receiver.astype(float),
        beliefs.astype(float),
        ranges.astype(float),
        sender_payoffs.astype(float),
        float(np.einsum("tm,ma,tma->", joint, receiver, game.receiver)),
        float(regret),
        float(gap),
        passes_intuitive_criterion(game, list(sender_payoffs), unsent),
    )


def _certificate(
    game: SignallingGame, sender: FractionArray, receiver: FractionArray, beliefs: FractionArray
) -> tuple[FractionArray, Fraction, Fraction]:
    """Payoffs of the types, largest regret and distance from Bayes' rule, all exact."""
    values = np.einsum("tma,ma->tm", game.sender, receiver)
    payoffs = np.array([row @ sent for row, sent in zip(values, sender, strict=True)])
    gains = [max(row) - own for row, own in zip(values, payoffs, strict=True)]
    for m in range(game.n_messages):
        worth = beliefs[m] @ game.receiver[:, m, :]
        gains.append(max(worth) - worth @ receiver[m])
    joint = np.array(game.prior, dtype=object)[:, np.newaxis] * sender
    gap = max(
        abs(joint[t, m] - beliefs[m, t] * joint[:, m].sum())
        for t, m in np.ndindex(game.n_types, game.n_messages)
    )
    regret = max(gains)
    if regret != 0 or gap != 0 or any(sum(row) != 1 for row in (*sender, *receiver, *beliefs)):
        raise CertificateError(
            f"a signalling equilibrium with regret {float(regret):.3g} and distance "
            f"{float(gap):.3g} from Bayes' rule: {sender.tolist()}, {receiver.tolist()}"
        )
    return payoffs, Fraction(regret), Fraction(gap)


def _kind(game: SignallingGame, totals: FractionArray, beliefs: FractionArray) -> str:
    sent = [m for m in range(game.n_messages) if totals[m] > 0]
    if all(tuple(beliefs[m]) == game.prior for m in sent):
        return "pooling"
    is_revealing = all(max(beliefs[m]) == Fraction(1) for m in sent)
    return "separating" if is_revealing else "semi-separating"
