"""Signalling games: a sender that knows its type, and a receiver that sees its message.

Nature draws the sender's *type* from a known prior; the sender sends a *message*; the receiver
sees the message but not the type, and acts (Spence, 1973; Cho and Kreps, 1987).

References
----------
.. [1] A. M. Spence, "Job market signaling", Quarterly Journal of Economics 87(3), 1973, 355-374.
.. [2] I.-K. Cho and D. M. Kreps, "Signaling games and stable equilibria", Quarterly Journal of
   Economics 102(2), 1987, 179-221.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import InvalidGameError
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.exact_numbers import exact_number
from games.extensive_form.tree import ExtensiveGame

__all__ = ["FractionArray", "SignallingGame"]

FractionArray = NDArray[Any]
"""Array of ``Fraction`` (NumPy's object type)."""

_PRIOR_SUM_TOL = Fraction(1, 10**9)


@dataclass(frozen=True, eq=False)
class SignallingGame:
    """A finite signalling game; numbers are kept as exact fractions.

    Parameters
    ----------
    prior : (n_types,) array of numbers
        Positive, summing to 1 (within 1e-9, then rescaled).
    sender, receiver : (n_types, n_messages, n_actions) arrays of numbers
        Payoffs of each by type, message and action, in own utility units.
    types, messages, actions : sequences of str, optional
        Labels; ``type 1``, ``message 1``, ``action 1``, ... when left out.

    Raises
    ------
    InvalidGameError
        If shapes do not agree, something is empty or not a finite number, the prior is not a
        probability distribution with positive entries, or labels repeat.

    Examples
    --------
    >>> game = SignallingGame([0.9, 0.1], [[[0, 1]], [[0, 1]]], [[[1, 0]], [[0, 1]]])
    >>> game.n_types, game.n_messages, game.n_actions
    (2, 1, 2)
    """

    prior: tuple[Fraction, ...]
    sender: FractionArray
    receiver: FractionArray
    types: tuple[str, ...]
    messages: tuple[str, ...]
    actions: tuple[str, ...]

    def __init__(
        self,
        prior: Sequence[Any] | ArrayLike,
        sender: ArrayLike,
        receiver: ArrayLike,
        types: Sequence[str] = (),
        messages: Sequence[str] = (),
        actions: Sequence[str] = (),
    ) -> None:
        senders, receivers = _exact(sender, "sender"), _exact(receiver, "receiver")
        if senders.ndim != 3 or senders.shape != receivers.shape or 0 in senders.shape:
            raise InvalidGameError(
                "sender, receiver",
                f"have shapes {senders.shape} and {receivers.shape}; both need "
                "(types, messages, actions), at least one of each",
            )
        chances = _exact(np.asarray(prior, dtype=object), "prior")
        if chances.shape != senders.shape[:1]:
            rule = f"has shape {chances.shape}; {senders.shape[0]} types need a probability each"
            raise InvalidGameError("prior", rule)
        total = sum(chances, Fraction(0))
        if any(p <= 0 for p in chances) or abs(total - 1) > _PRIOR_SUM_TOL:
            rule = f"is {[str(p) for p in chances]}; probabilities > 0 that sum to 1 are needed"
            raise InvalidGameError("prior", rule)
        object.__setattr__(self, "prior", tuple(p / total for p in chances))
        object.__setattr__(self, "sender", senders)
        object.__setattr__(self, "receiver", receivers)
        for name, given, n in zip(
            ("type", "message", "action"), (types, messages, actions), senders.shape, strict=True
        ):
            labels = tuple(given) or tuple(f"{name} {k + 1}" for k in range(n))
            if len(labels) != n or len(set(labels)) != n:
                raise InvalidGameError(f"{name}s", f"need {n} distinct labels (got {labels})")
            object.__setattr__(self, f"{name}s", labels)

    @property
    def n_types(self) -> int:
        """Number of types of the sender."""
        return int(self.sender.shape[0])

    @property
    def n_messages(self) -> int:
        """Number of messages."""
        return int(self.sender.shape[1])

    @property
    def n_actions(self) -> int:
        """Number of actions of the receiver."""
        return int(self.sender.shape[2])

    def to_tree(self) -> ExtensiveGame:
        """The same game in extensive form, players ``sender`` and ``receiver``."""
        tree = TreeBuilder(["sender", "receiver"], title="signalling game")
        nodes = tree.chance(0, dict(zip(self.types, self.prior, strict=True)))
        for t, node in enumerate(nodes):
            seen = tree.move(node, "sender", self.messages, information_set=self.types[t])
            for m, after in enumerate(seen):
                label = self.messages[m]
                ends = tree.move(after, "receiver", self.actions, information_set=label)
                for a, end in enumerate(ends):
                    tree.end(end, [self.sender[t, m, a], self.receiver[t, m, a]])
        return tree.build()


def _exact(values: ArrayLike, name: str) -> FractionArray:
    try:
        array = np.array(values, dtype=object)
    except ValueError as error:
        raise InvalidGameError(name, f"rows differ in length ({error})") from None
    exact = np.empty(array.shape, dtype=object)
    for index in np.ndindex(array.shape):
        value: Any = array[index]
        if isinstance(value, list | tuple):
            raise InvalidGameError(name, "rows differ in length")
        exact[index] = exact_number(value, f"{name}{list(index)}")
    exact.setflags(write=False)
    return exact
