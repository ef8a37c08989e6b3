"""Cheap talk: how many distinct messages are credible when interests differ.

A sender knows a state uniform on [0, 1] and sends a message that costs nothing; a receiver then
acts. Losses are quadratic, the receiver's ideal action is the state, the sender's lies β (the
*bias*) beside it. Every equilibrium is a partition of the states into intervals of which only the
interval is told (Crawford and Sobel, 1982): with n intervals the boundaries are

    a_i = i/n + 2β i(i − n),

which rise iff 2n(n − 1)|β| < 1. The largest such n is the number of words that can be believed.

References
----------
.. [1] V. Crawford, J. Sobel, "Strategic information transmission", Econometrica 50(6), 1982,
   1431-1451.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from games.errors import CertificateError, NoSolutionError, TooLargeError
from games.normal_form import FloatArray
from games.parameters import check_count, check_finite
from games.repeated.exact_numbers import exact

__all__ = ["TalkEquilibrium", "most_messages", "partition_equilibrium"]

INDIFFERENCE_TOL = 1e-9
"""Largest difference of a boundary sender's losses from its two messages."""
EQUALITY_TOL = Fraction(1, 10**12)
"""At 2n(n - 1)|β| = 1 the first interval is empty; a rounding error must not count as a word."""
MAX_MESSAGES = 1_000_000


@dataclass(frozen=True, eq=False)
class TalkEquilibrium:
    """A partition equilibrium.

    Parameters
    ----------
    bias : float
        β, sender's ideal action minus the receiver's.
    boundaries : (n + 1,) array of float
        Ends of the intervals, from 0 to 1.
    actions : (n,) array of float
        Receiver's action after each message, the middle of the interval.
    receiver_loss, sender_loss : float
        Expected quadratic losses before the state is known; the sender's is β² larger.
    residual : float
        Certificate: largest difference of a boundary sender's losses from its two messages.
    """

    bias: float
    boundaries: FloatArray
    actions: FloatArray
    receiver_loss: float
    sender_loss: float
    residual: float


def most_messages(bias: float) -> int:
    """Largest number of distinct credible messages.

    Parameters
    ----------
    bias : float
        β, in units of the state's range.

    Raises
    ------
    NoSolutionError
        If the bias is 0: the truth can be told, with no limit on the number of messages.

    Examples
    --------
    >>> most_messages(1 / 20), most_messages(1 / 5), most_messages(1 / 3)
    (3, 2, 1)
    """
    b = abs(check_finite("bias", bias))
    if b == 0:
        raise NoSolutionError("bias: is 0, so the truth is credible and no number is the largest")
    # 2n(n - 1)b < 1, in whole numbers: n may be far larger than floats can count.
    pairs = math.ceil((1 - EQUALITY_TOL) / (2 * exact(b, "bias"))) - 1
    return (1 + math.isqrt(1 + 4 * pairs)) // 2


def partition_equilibrium(bias: float, n_messages: int) -> TalkEquilibrium:
    """Equilibrium in which ``n_messages`` distinct messages are sent.

    Parameters
    ----------
    bias : float
        β, of either sign.
    n_messages : int
        From 1 to :func:`most_messages`.

    Raises
    ------
    NoSolutionError
        If so many messages are not credible at this bias.

    Examples
    --------
    >>> partition_equilibrium(1 / 20, 3).boundaries.round(4).tolist()
    [0.0, 0.1333, 0.4667, 1.0]
    """
    β = check_finite("bias", bias)
    n = check_count("n_messages", n_messages, least=1)
    if n > MAX_MESSAGES:
        raise TooLargeError(f"n_messages: is {n}; at most {MAX_MESSAGES} are written out")
    if β != 0 and n > most_messages(β):
        raise NoSolutionError(
            f"n_messages: is {n}; at bias {β:g} at most {most_messages(β)} messages are credible"
        )
    i = np.arange(n + 1)
    ends = i / n + 2 * β * i * (i - n)
    actions = (ends[:-1] + ends[1:]) / 2
    inner = ends[1:-1]
    losses = [(actions[side] - inner - β) ** 2 for side in (slice(0, -1), slice(1, None))]
    residual = float(np.abs(losses[0] - losses[1]).max(initial=0.0))
    if residual > INDIFFERENCE_TOL or (np.diff(ends) <= 0).any():
        raise CertificateError(f"boundary senders are not indifferent: {residual:.3g}")
    loss = float((np.diff(ends) ** 3).sum() / 12)
    return TalkEquilibrium(β, ends, actions, loss, loss + β * β, residual)
