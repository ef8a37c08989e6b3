"""The challenge model: players press each other to move, round by round.

After Bueno de Mesquita's expected utility model as reconstructed by Scholz, Calbert and Smith. In
each round every player weighs a challenge of every other: the chance of winning with the support
that third players would give, what success, failure and leaving the other alone are worth, under
a willingness to take risks that is inferred from how safe the present position is. Whoever expects
to gain makes an offer; everybody accepts the offer that asks for the smallest move; positions
change; the next round begins.

The program of the original was never published. Where the literature leaves room we read it so:
a rival left alone moves to the median with probability 1 − Q; that is better for the challenger
if the median is closer to it than the rival's position is; a confrontation is lost by the side
that expects less; distances are relative to the range of the first positions. The forecast is the
weighted median of the last round.

Letters: ``x`` positions, ``c`` power, ``s`` salience, ``r`` risk exponents, ``mu`` the median,
``E[k, i, j]`` what k thinks that i expects from challenging j.

References
----------
.. [1] B. Bueno de Mesquita, "A decision making model: its structure and form", International
   Interactions 23(3-4), 1997, 235-266.
.. [2] J. B. Scholz, G. J. Calbert, G. A. Smith, "Unravelling Bueno de Mesquita's group decision
   model", Journal of Theoretical Politics 23(4), 2011, 510-531.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray
from games.spatial.stakes import Stakes
from games.spatial.weighted_median import weighted_median

__all__ = ["ChallengeForecast", "challenge_model"]

MAX_ROUNDS = 1000
MAX_PLAYERS = 300
SAME = 1e-9
"""Distances (as shares of the range) and gains below this are rounding, not differences."""


@dataclass(frozen=True, eq=False)
class ChallengeForecast:
    """Positions by round.

    Parameters
    ----------
    positions : (n_rounds + 1, n_players) array of float, in the units of the issue
        Before the first round, after it, and so on.
    medians, means : (n_rounds + 1,) arrays of float
        Weighted median (the middle, if there are several) and weighted mean.
    is_settled : bool
        Whether the last round changed nothing.
    """

    positions: FloatArray
    medians: FloatArray
    means: FloatArray
    is_settled: bool

    @property
    def outcome(self) -> float:
        """Weighted median after the last round."""
        return float(self.medians[-1])


def challenge_model(
    stakes: Stakes, n_rounds: int = 10, *, status_quo_probability: float = 0.5
) -> ChallengeForecast:
    """Positions of all players by round, and the forecast.

    Parameters
    ----------
    stakes : Stakes
    n_rounds : int
        At most this many; fewer if nobody moves any more.
    status_quo_probability : float
        Q, the chance that a rival who is not challenged stays where it is.

    Returns
    -------
    ChallengeForecast

    Raises
    ------
    InvalidGameError
        If a number is out of range.
    CertificateError
        If a position leaves the range of the first positions.

    Notes
    -----
    The forecast is a discontinuous function of the inputs: small changes can flip it. Report it
    with its spread.
    """
    if not 1 <= n_rounds <= MAX_ROUNDS:
        raise InvalidGameError("n_rounds", f"is {n_rounds}; 1 to {MAX_ROUNDS} rounds")
    if not 0 <= status_quo_probability <= 1:
        raise InvalidGameError(
            "status_quo_probability", f"is {status_quo_probability}; must be 0 to 1"
        )
    if stakes.positions.size > MAX_PLAYERS:
        raise InvalidGameError("positions", f"at most {MAX_PLAYERS} players are supported")
    history = [stakes.positions]
    width = float(np.ptp(stakes.positions))
    is_settled = width == 0.0
    for _ in range(0 if is_settled else n_rounds):
        here = Stakes(history[-1], stakes.power, stakes.salience)
        moved = _next_positions(here, width, status_quo_probability)
        history.append(moved)
        if np.abs(moved - here.positions).max() <= 1e-12 * width:
            is_settled = True
            break
    rounds = np.array(history)
    low, high = stakes.positions.min(), stakes.positions.max()
    slack = 1e-9 * width + 1e-15 * n_rounds * max(abs(low), abs(high))
    if rounds.min() < low - slack or rounds.max() > high + slack:
        raise CertificateError("a position left the range of the first positions")
    medians = [_middle(Stakes(x, stakes.power, stakes.salience)) for x in rounds]
    return ChallengeForecast(rounds, np.array(medians), rounds @ stakes.weights, is_settled)


def _middle(stakes: Stakes) -> float:
    return float(np.mean(weighted_median(stakes)))


def _next_positions(stakes: Stakes, width: float, Q: float) -> FloatArray:
    """Positions after everybody accepts the offer that asks for the smallest move."""
    origin = stakes.positions.min()  # only distances count; far from zero they would be rounded
    x = (stakes.positions - origin) / width
    mu = (_middle(stakes) - origin) / width
    chance = _chances(x, stakes.weights)
    neutral = np.ones(x.size)
    r = _risk_exponents(_expected(x, mu, stakes.salience, chance, neutral, Q)[0])
    E = _expected(x, mu, stakes.salience, chance, r, Q)
    moves = np.zeros(x.size)
    for j in range(x.size):
        mine = np.diagonal(E[:, :, j])  # i's own view of challenging j
        theirs = np.array([E[i, j, i] for i in range(x.size)])  # i's view of j challenging i
        offers = (mine > SAME) & (mine > theirs + SAME) & (np.abs(x - x[j]) > SAME)
        if not offers.any():
            continue
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(theirs < -SAME, np.minimum(1.0, -theirs / mine), 1.0)
        asked = np.where(offers, share * (x - x[j]), np.inf)
        least = np.abs(asked).min()
        accepted = asked[np.abs(asked) <= least + SAME]
        # Equal demands from both sides cancel.
        moves[j] = accepted[0] if np.ptp(accepted) <= 2 * SAME else 0.0
    return np.asarray(stakes.positions + moves * width)


def _chances(x: FloatArray, weight: FloatArray) -> FloatArray:
    """Chance that i prevails over j: weight of support over weight that takes sides."""
    distance = np.abs(x[:, None] - x[None, :])
    # lean[k, i, j]: how much closer k is to i than to j.
    lean = distance[:, None, :] - distance[:, :, None]
    lean[np.abs(lean) <= SAME] = 0.0
    support = np.tensordot(weight, np.maximum(lean, 0.0), axes=1)
    sides = np.tensordot(weight, np.abs(lean), axes=1)
    return np.divide(support, sides, out=np.full_like(support, 0.5), where=sides > 0)


def _expected(
    x: FloatArray, mu: float, s: FloatArray, chance: FloatArray, r: FloatArray, Q: float
) -> FloatArray:
    """``E[k, i, j]``: i's expected utility from challenging j, with the risk exponent of k."""
    apart = np.abs(x[:, None] - x[None, :])
    drift = (np.abs(x - mu)[:, None] + apart) / 4
    exponent = r[:, None, None]

    def utility(base: FloatArray) -> FloatArray:
        return np.asarray(2 - 4 * np.clip(base, 0.0, 1.0) ** exponent)

    success, failure = utility(0.5 - apart / 2), utility(0.5 + apart / 2)
    better, worse = utility(0.5 - drift), utility(0.5 + drift)
    same = utility(np.full_like(apart, 0.5))
    improves = np.abs(x - mu)[:, None] < apart - SAME
    resists = s[None, :]
    challenge = resists * (chance * success + (1 - chance) * failure) + (1 - resists) * success
    leave = Q * same + (1 - Q) * np.where(improves, better, worse)
    return np.asarray((challenge - leave) * (apart > SAME))


def _risk_exponents(E: FloatArray) -> FloatArray:
    """Risk exponents from how much the others expect to gain by challenging each player."""
    threat = E.sum(axis=0)
    spread = np.ptp(threat)
    if spread <= 1e-12:
        return np.ones(threat.size)
    R = (2 * threat - threat.max() - threat.min()) / spread
    return np.asarray((1 - R / 3) / (1 + R / 3))
