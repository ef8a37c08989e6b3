"""Regret matching: play that comes to the set of correlated equilibria.

After t rounds the *conditional regret* of player i for not having played k whenever it played j is
R(j, k) = (1/t) Σ_{s: a_i = j} [u_i(k, a_-i) - u_i(a)]. Three rules turn regrets into play:

* ``inertia`` (Hart and Mas-Colell's adaptive procedure): after j, switch to k with probability
  max(R(j, k), 0) / μ, otherwise repeat j;
* ``stationary``: play the probability vector that the switches leave unchanged (faster);
* ``unconditional``: action k in proportion to max(R(k), 0), where R(k) is the regret for not
  having played k always.

If everybody plays by one of the first two, the frequencies of action profiles converge to the set
of correlated equilibria; by the third, to the coarse correlated ones. Convergence is to the set,
not to a point, and is measured: the largest regret left is exactly how far the frequencies violate
the equilibrium's inequalities.

References
----------
.. [1] S. Hart and A. Mas-Colell, "A simple adaptive procedure leading to correlated equilibrium",
       Econometrica 68(5), 2000, 1127-1150.
.. [2] R. Aumann, "Subjectivity and correlation in randomized strategies", J. Math. Econ. 1, 1974.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from games.errors import CertificateError, InvalidGameError
from games.learning.inputs import whole_number
from games.normal_form import FloatArray, NormalFormGame

__all__ = [
    "RegretMatching",
    "SwitchingRule",
    "coarse_correlated_regret",
    "correlated_regret",
    "regret_matching",
]


class SwitchingRule(Enum):
    """How regrets turn into play; see the module's head."""

    INERTIA = "inertia"
    STATIONARY = "stationary"
    UNCONDITIONAL = "unconditional"


@dataclass(frozen=True, eq=False)
class RegretMatching:
    """A run of regret matching.

    Parameters
    ----------
    frequencies : (m_0, ..., m_{n-1}) array of float
        Of the action profiles over all rounds.
    correlated_regret : float
        Largest violation of the inequalities of a correlated equilibrium by the frequencies.
    coarse_correlated_regret : float
        The same for coarse correlated equilibrium.
    checkpoints, regrets : (k,) arrays
        Rounds after which the regret that the rule makes vanish was taken, and its size.
    rule : SwitchingRule
    """

    frequencies: FloatArray
    correlated_regret: float
    coarse_correlated_regret: float
    checkpoints: FloatArray
    regrets: FloatArray
    rule: SwitchingRule


def correlated_regret(game: NormalFormGame, frequencies: FloatArray) -> float:
    """Largest gain, weighed by how often, from playing k whenever told j: 0 in equilibrium.

    Parameters
    ----------
    game : NormalFormGame
    frequencies : (m_0, ..., m_{n-1}) array of float
        Distribution over action profiles.

    Raises
    ------
    InvalidGameError
        If the frequencies are no distribution over the game's action profiles.

    Examples
    --------
    >>> chicken = NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> correlated_regret(chicken, np.array([[0.5, 0.25], [0.25, 0.0]]))
    0.0
    """
    joint = _distribution(game, frequencies)
    return max(0.0, *(float(_conditional(game, joint, i).max()) for i in range(game.n_players)))


def coarse_correlated_regret(game: NormalFormGame, frequencies: FloatArray) -> float:
    """Largest gain from always playing one action instead of what one is told."""
    joint = _distribution(game, frequencies)
    gains = (_conditional(game, joint, i).sum(axis=0).max() for i in range(game.n_players))
    return max(0.0, *(float(gain) for gain in gains))


def regret_matching(
    game: NormalFormGame,
    n_rounds: int,
    rng: np.random.Generator,
    *,
    rule: SwitchingRule = SwitchingRule.STATIONARY,
) -> RegretMatching:
    """Run of regret matching by all players.

    Parameters
    ----------
    game : NormalFormGame
    n_rounds : int
        At least 1; the regret falls about as one over its square root.
    rng : numpy Generator
        Draws the actions.
    rule : SwitchingRule

    Returns
    -------
    RegretMatching
        With the regrets of the frequencies as a measure of distance, never called equilibrium.

    Raises
    ------
    InvalidGameError
        If an input is malformed.
    CertificateError
        If the regrets kept along the way differ from those of the frequencies.

    Examples
    --------
    >>> chicken = NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> run = regret_matching(chicken, 4000, np.random.default_rng(0))
    >>> run.correlated_regret < 0.1
    True
    """
    rounds = whole_number(n_rounds, "n_rounds", least=1)
    # Sums of conditional gains; [i][j, k] from playing k whenever i played j.
    sums = [np.zeros((m, m)) for m in game.n_actions]
    sizes = [np.zeros((m, m)) for m in game.n_actions]  # what was at stake, for rounding
    counts = np.zeros(game.n_actions)
    last = tuple(int(rng.integers(m)) for m in game.n_actions)
    marks = sorted({rounds, *(2**k for k in range(rounds.bit_length()))})
    regrets: list[float] = []
    inertia = [
        2.5 * (m - 1) * float(np.ptp(u)) for m, u in zip(game.n_actions, game.payoffs, strict=True)
    ]
    for t in range(1, rounds + 1):
        if t > 1:
            last = tuple(
                _draw(_next_play(sums[i] / (t - 1), last[i], rule, inertia[i]), rng)
                for i in range(len(sums))
            )
        counts[last] += 1
        for i, j in enumerate(last):
            at = tuple(slice(None) if k == i else a for k, a in enumerate(last))
            payoffs = game.payoffs[i][at]
            sums[i][j] += payoffs - payoffs[j]
            sizes[i][j] += np.abs(payoffs - payoffs[j])
        if t == marks[len(regrets)]:
            regrets.append(_largest(sums, rule) / t)
    frequencies = counts / rounds
    internal = correlated_regret(game, frequencies)
    kept = _largest(sums, SwitchingRule.INERTIA) / rounds
    if abs(internal - kept) > 1e-9 * max(float(size.max()) for size in sizes) / rounds:
        raise CertificateError("regrets kept along the way are not those of the frequencies")
    return RegretMatching(
        frequencies,
        internal,
        coarse_correlated_regret(game, frequencies),
        np.array(marks),
        np.array(regrets),
        rule,
    )


def _next_play(regret: FloatArray, last: int, rule: SwitchingRule, inertia: float) -> FloatArray:
    """Probabilities of the next action from the average conditional gains.

    ``inertia`` is the constant μ; Hart and Mas-Colell need more than twice (m - 1) times the
    range of the payoffs.
    """
    m = len(regret)
    if rule is SwitchingRule.UNCONDITIONAL:
        wish = np.maximum(regret.sum(axis=0), 0)
        return np.asarray(wish / wish.sum() if wish.sum() > 0 else np.full(m, 1 / m))
    wish = np.maximum(regret, 0)
    total = wish.sum(axis=1).max()
    if total == 0:
        return np.asarray(np.eye(m)[last])
    if rule is SwitchingRule.INERTIA:
        switch = wish[last] / inertia
        switch[last] += 1 - switch.sum()
        return np.asarray(switch)
    chain = wish / total
    chain[np.diag_indices(m)] += 1 - chain.sum(axis=1)
    return _unchanged(chain, last)


def _unchanged(chain: FloatArray, last: int) -> FloatArray:
    """Stationary distribution that the chain tends to from the last action, by squaring."""
    power = (np.eye(len(chain)) + chain) / 2
    # Regrets may be as unlike as payoffs are: up to 2^60 steps, or until nothing moves.
    for _ in range(60):
        before = power
        power = power @ power
        power /= power.sum(axis=1, keepdims=True)
        if (np.abs(power - before) <= 1e-15).all():
            break
    return np.asarray(power[last] / power[last].sum())


def _draw(probabilities: FloatArray, rng: np.random.Generator) -> int:
    return int(
        np.searchsorted(np.cumsum(probabilities), rng.random(), side="right").clip(
            0, len(probabilities) - 1
        )
    )


def _largest(sums: list[FloatArray], rule: SwitchingRule) -> float:
    if rule is SwitchingRule.UNCONDITIONAL:
        return max(0.0, *(float(s.sum(axis=0).max()) for s in sums))
    return max(0.0, *(float(s.max()) for s in sums))


def _conditional(game: NormalFormGame, joint: FloatArray, player: int) -> FloatArray:
    """Expected gain of player from k whenever told j, as a matrix [j, k]."""
    m = game.n_actions[player]
    weights = np.moveaxis(joint, player, 0).reshape(m, -1)
    payoffs = np.moveaxis(game.payoffs[player], player, 0).reshape(m, -1)
    # From differences: a constant in the payoffs costs no digits.
    return np.array([(payoffs - payoffs[j]) @ weights[j] for j in range(m)])


def _distribution(game: NormalFormGame, frequencies: FloatArray) -> FloatArray:
    joint = np.asarray(frequencies, dtype=float)
    if joint.shape != game.n_actions:
        raise InvalidGameError("frequencies", f"have shape {joint.shape}, not {game.n_actions}")
    if not np.isfinite(joint).all() or joint.min() < 0 or abs(joint.sum() - 1) > 1e-9:
        raise InvalidGameError("frequencies", "are no probability distribution")
    return joint
