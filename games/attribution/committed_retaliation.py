"""Commitment to retaliation: the defender announces, and is bound by, how it answers each signal.

After Baliga, Bueno de Mesquita and Wolitzky (2020), re-derived. In the game of
:mod:`games.attribution.misattribution` an attack costs the defender ``harm``; retaliation is worth
y to it against the attacker and y - 1 against anybody else, where y is its type and r(β) the
chance that y >= 1 - β. An announcement is, for each suspect i and signal σ, a *level* t_i^σ: the
defender will act as if its belief were t_i^σ. Without commitment the level is the belief itself.
Attackers answer by the cut-offs

    x_i = Σ_σ (π_i^σ - π_0^σ) r(t_i^σ),

and the defender expects, with p^σ the chance of the signal, a_i of an attack by i and R' = r,

    -harm Σ_i a_i + Σ_{i,σ} p^σ [r(t_i^σ) (β_i^σ - t_i^σ) + R(t_i^σ)].

Among the announcements that make attackers choose given cut-offs the best is in closed form,

    t_i^σ = β_i^σ + μ_i (π_i^σ - π_0^σ) / p^σ,     cut to [0, 1],

so commitment means more retaliation after signals that an attack by i makes likelier, and *less*
after those that it makes rarer: it helps, but not by more retaliation after every signal.

References
----------
.. [1] S. Baliga, E. Bueno de Mesquita, A. Wolitzky, "Deterrence with imperfect attribution",
   American Political Science Review 114(4), 2020, 1155-1178.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from games.attribution.misattribution import AttributionGame, attribution_equilibria
from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray
from games.parameters import check_nonnegative

__all__ = ["CommittedRetaliation", "announced_payoff", "committed_retaliation"]

CUTOFF_TOL = 1e-9
"""Largest difference between the cut-offs intended and those that answer the announcement."""
GAIN_TOL = 1e-6
"""Largest gain from changing one cut-off, relative to the harm and what retaliation costs, 1."""
_BISECTIONS = 50
_GRID = 17
_MAX_RESTARTS = 8


@dataclass(frozen=True, eq=False)
class CommittedRetaliation:
    """An announcement, what attackers do about it, and what it is worth.

    Parameters
    ----------
    levels : (n, n_signals) array of float
        Announced belief as if which the defender will act.
    retaliation : (n, n_signals) array of float
        Chance of retaliation against each suspect after each signal.
    beliefs : (n, n_signals) array of float
        What the defender will really believe. Levels below it promise restraint.
    cutoffs, attacks : (n,) arrays of float
        Answer of the attackers.
    payoff : float
        Defender's expected payoff; a wrongful retaliation costs it 1 at most.
    equilibrium_payoff : float
        Best payoff among the equilibria without commitment that were found.
    local_gain : float
        Certificate: what the best change of a single cut-off on a grid would add. The
        announcement is best among those of its cut-offs; that no others do better is not proven.
    """

    levels: FloatArray
    retaliation: FloatArray
    beliefs: FloatArray
    cutoffs: FloatArray
    attacks: FloatArray
    payoff: float
    equilibrium_payoff: float
    local_gain: float

    @property
    def attack(self) -> float:
        """Probability that anybody attacks."""
        return float(self.attacks.sum())

    @property
    def value_of_commitment(self) -> float:
        """What the announcement adds to the best equilibrium without it."""
        return self.payoff - self.equilibrium_payoff


def announced_payoff(game: AttributionGame, levels: ArrayLike, harm: float) -> float:
    """Defender's expected payoff from an announcement, attackers answering it.

    Parameters
    ----------
    game : AttributionGame
        With a continuous retaliation rule.
    levels : (n, n_signals) array of float
        In [0, 1]; the beliefs themselves in an equilibrium without commitment.
    harm : float
        Loss from an attack, in units of the cost of a wrongful retaliation; at least 0.

    Examples
    --------
    >>> game = AttributionGame([0.5], [[0.2, 0.8]], [0.9, 0.1], lambda belief: belief)
    >>> round(announced_payoff(game, [[0.0, 0.0]], harm=2), 12)  # never retaliates
    -1.0
    """
    K = check_nonnegative("harm", harm)
    t = np.array(levels, dtype=float)
    if t.shape != game.signals.shape or not ((t >= 0) & (t <= 1)).all():
        raise InvalidGameError("levels", f"must be in [0, 1], of shape {game.signals.shape}")
    return _payoff(game, t, game.attack_probabilities(_answers(game, t)), K)


def committed_retaliation(game: AttributionGame, harm: float) -> CommittedRetaliation:
    """Best announcement found, at least as good as every equilibrium found without one.

    Parameters
    ----------
    game : AttributionGame
        With a continuous retaliation rule.
    harm : float
        Loss from an attack, in units of the cost of a wrongful retaliation; at least 0.

    Returns
    -------
    CommittedRetaliation

    Raises
    ------
    CertificateError
        If the attackers' answer is not the one intended, or commitment seems to hurt.

    Examples
    --------
    >>> game = AttributionGame(
    ...     [0.4, 0.4],
    ...     [[0.4, 0.42, 0.18], [0.4, 0.18, 0.42]],
    ...     [0.9, 0.05, 0.05],
    ...     lambda belief: belief,
    ... )
    >>> found = committed_retaliation(game, harm=2)
    >>> bool((found.levels > found.beliefs)[0, 1]), bool((found.levels < found.beliefs)[0, 0])
    (True, True)
    """
    K = check_nonnegative("harm", harm)
    equilibria = attribution_equilibria(game).equilibria
    without = [announced_payoff(game, e.beliefs, K) for e in equilibria]
    low, high = _attainable(game)
    starts = [np.clip(e.cutoffs, low, high) for e in equilibria] + [high]
    best = max((_climb(game, start, (low, high), K) for start in starts), key=lambda b: b[0])
    _, x, gain = best
    t = _levels(game, x)
    cutoffs = _answers(game, t)
    attacks = game.attack_probabilities(cutoffs)
    payoff = _payoff(game, t, attacks, K)
    miss = float(np.abs(attacks - game.attack_probabilities(x)).max())
    if miss > CUTOFF_TOL or payoff < max(without) - CUTOFF_TOL * (1 + K):
        raise CertificateError(
            f"the announcement misses its attacks by {miss:.3g} or its payoff {payoff:.6g} is "
            f"below {max(without):.6g}; the retaliation rule must be continuous"
        )
    response = np.asarray(game.retaliation(t), dtype=float)
    beliefs = game.beliefs(attacks)
    return CommittedRetaliation(t, response, beliefs, cutoffs, attacks, payoff, max(without), gain)


def _answers(game: AttributionGame, levels: FloatArray) -> FloatArray:
    response = np.asarray(game.retaliation(levels), dtype=float)
    if response.shape != levels.shape or not ((response >= 0) & (response <= 1)).all():
        raise InvalidGameError("retaliation", "must map beliefs to probabilities of one shape")
    return np.asarray(((game.signals - game.quiet_signals) * response).sum(axis=1), dtype=float)


def _chances(game: AttributionGame, attacks: FloatArray) -> FloatArray:
    return np.asarray(
        attacks @ game.signals + max(0.0, 1 - attacks.sum()) * game.quiet_signals, dtype=float
    )


@cache
def _quadrature() -> tuple[FloatArray, FloatArray]:
    return np.polynomial.legendre.leggauss(48)


def _payoff(game: AttributionGame, t: FloatArray, attacks: FloatArray, K: float) -> float:
    nodes, weights = _quadrature()
    points = t[..., None] * (nodes + 1) / 2
    R = (np.asarray(game.retaliation(points), dtype=float) @ weights) * t / 2
    r = np.asarray(game.retaliation(t), dtype=float)
    worth = _chances(game, attacks) * (r * (game.beliefs(attacks) - t) + R)
    return float(worth.sum() - K * attacks.sum())


def _attainable(game: AttributionGame) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest cut-offs that announcements can bring about."""
    raises = game.signals > game.quiet_signals
    return _answers(game, np.where(raises, 0.0, 1.0)), _answers(game, np.where(raises, 1.0, 0.0))


def _levels(game: AttributionGame, cutoffs: FloatArray) -> FloatArray:
    """Best levels among those that attackers answer by ``cutoffs``, by bisection in μ."""
    attacks = game.attack_probabilities(cutoffs)
    beliefs, chances = game.beliefs(attacks), _chances(game, attacks)
    tilt = game.signals - game.quiet_signals
    # After a signal that never comes any promise is free.
    slope = np.divide(tilt, chances, out=np.sign(tilt) * 1e300, where=chances > 0)
    low, high = np.full(len(cutoffs), -1.0), np.ones(len(cutoffs))

    def levels(share: FloatArray) -> FloatArray:
        μ = share / np.maximum(1 - np.abs(share), 1e-300)
        with np.errstate(over="ignore"):
            return np.asarray(np.clip(beliefs + μ[:, None] * slope, 0.0, 1.0))

    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        short = _answers(game, levels(middle)) < cutoffs
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return levels(high)


def _climb(
    game: AttributionGame, start: FloatArray, ends: tuple[FloatArray, FloatArray], K: float
) -> tuple[float, FloatArray, float]:
    """Local maximum over cut-offs: its payoff, the cut-offs, and what a grid would still add."""
    from scipy.optimize import minimize

    low, high = ends

    def payoff(cutoffs: FloatArray) -> float:
        x = np.clip(cutoffs, low, high)
        return _payoff(game, _levels(game, x), game.attack_probabilities(x), K)

    x, value, gain = start, payoff(start), 0.0
    for _ in range(_MAX_RESTARTS):
        if (low < high).any():
            bounds = list(zip(low, np.maximum(high, low + 1e-12), strict=True))
            found = minimize(
                lambda y: -payoff(y),
                x,
                method="Powell",
                bounds=bounds,
                options={"xtol": 1e-6, "ftol": 1e-10},
            )
            if -found.fun > value:
                x, value = np.clip(found.x, low, high), float(-found.fun)
        better, gain = x, 0.0
        for i in range(len(x)):
            for level in {*np.linspace(low[i], high[i], _GRID).tolist(), 0.0, 1.0}:
                trial = x.copy()
                trial[i] = min(max(level, low[i]), high[i])
                if (extra := payoff(trial) - value) > gain:
                    better, gain = trial, extra
        if gain <= GAIN_TOL * (1 + K):
            break
        x, value = better, payoff(better)
    return value, x, gain
