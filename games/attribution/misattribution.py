"""Misattribution among several suspects: who attacks when someone else may be blamed.

After Baliga, Bueno de Mesquita and Wolitzky (2020), re-derived. With probability γ_i attacker i
has an opportunity (at most one attacker has) and a gain x_i ~ F_i; being retaliated against costs
1. An attack by i sends the defender the signal σ with probability π_i^σ, no attack with π_0^σ (a
*null* signal is one of them). With a_i = γ_i(1 − F_i(x_i*)) the probability that i attacks, the
defender believes

    β_i^σ = a_i π_i^σ / [Σ_j a_j π_j^σ + (1 − Σ_j a_j) π_0^σ]

and retaliates against i with probability r(β_i^σ), rising. Attacker i attacks iff its gain exceeds

    x_i* = Σ_σ (π_i^σ − π_0^σ) r(β_i^σ),

which is a fixed point in the cut-offs x*. Attackers are strategic complements: a more aggressive
one draws suspicion on itself and away from the others.

References
----------
.. [1] S. Baliga, E. Bueno de Mesquita, A. Wolitzky, "Deterrence with imperfect attribution",
   American Political Science Review 114(4), 2020, 1155-1178.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from games.errors import CertificateError, InvalidGameError, NoSolutionError
from games.normal_form import FloatArray
from games.parameters import check_count, check_probability, check_probability_vector

__all__ = [
    "AttributionEquilibria",
    "AttributionEquilibrium",
    "AttributionGame",
    "attribution_equilibria",
    "move_signal",
    "uniform_types",
]

Response: TypeAlias = Callable[[FloatArray], FloatArray]

RESIDUAL_TOL = 1e-10
"""Largest miss of a cut-off at the fixed point, in units of what retaliation costs."""
SAME_TOL = 1e-7
"""Cut-offs nearer than this count as one equilibrium."""
MAX_STEPS = 1_000
_MIN_DAMPING = 1e-4


def uniform_types(cutoffs: FloatArray) -> FloatArray:
    """Distribution function of gains that are uniform on [0, 1], for every attacker."""
    return np.clip(cutoffs, 0.0, 1.0)


@dataclass(frozen=True, eq=False)
class AttributionGame:
    """A defender, n suspects, and what the defender may see.

    Parameters
    ----------
    opportunity : (n,) array of float
        γ_i; they sum to at most 1.
    signals : (n, n_signals) array of float
        ``signals[i, σ]`` is the probability of signal σ when i attacks; rows sum to 1.
    quiet_signals : (n_signals,) array of float
        Probability of each signal when nobody attacks: all but the null signal's are false
        alarms.
    retaliation : callable
        Probability of retaliation as a function of an array of beliefs, rising from beliefs in
        [0, 1] to [0, 1]: ``lambda belief: belief``. Equals 1 − G(1 − belief) for a defender
        whose reluctance has the distribution function G.
    types : callable
        Distribution functions F_i of the gains, an (n,) array of cut-offs to an (n,) array of
        probabilities; uniform on [0, 1] when left out.
    """

    opportunity: FloatArray
    signals: FloatArray
    quiet_signals: FloatArray
    retaliation: Response
    types: Response

    def __init__(
        self,
        opportunity: ArrayLike,
        signals: ArrayLike | Sequence[Sequence[float]],
        quiet_signals: ArrayLike,
        retaliation: Response,
        types: Response = uniform_types,
    ) -> None:
        quiet = check_probability_vector("quiet_signals", quiet_signals)
        chances = np.array(opportunity, dtype=float)
        rows = np.array(signals, dtype=float)
        if chances.ndim != 1 or rows.shape != (len(chances), len(quiet)) or not len(chances):
            raise InvalidGameError(
                "signals",
                f"has shape {rows.shape}; {chances.size} suspects and {len(quiet)} signals "
                f"need shape ({chances.size}, {len(quiet)})",
            )
        for i, chance in enumerate(chances):
            check_probability(f"opportunity[{i}]", chance)
            check_probability_vector(f"signals[{i}]", rows[i])
        if chances.sum() > 1 + 1e-12:
            raise InvalidGameError("opportunity", f"sums to {chances.sum():g}; at most 1 allowed")
        for array in (chances, rows):
            array.setflags(write=False)
        object.__setattr__(self, "opportunity", chances)
        object.__setattr__(self, "signals", rows)
        object.__setattr__(self, "quiet_signals", quiet)
        object.__setattr__(self, "retaliation", retaliation)
        object.__setattr__(self, "types", types)

    @property
    def n_attackers(self) -> int:
        """Number of suspects."""
        return len(self.opportunity)

    def attack_probabilities(self, cutoffs: FloatArray) -> FloatArray:
        """a_i, the probability that each suspect attacks, shape ``(n,)``."""
        below = np.asarray(self.types(cutoffs), dtype=float)
        if below.shape != cutoffs.shape or not ((below >= 0) & (below <= 1)).all():
            raise InvalidGameError("types", f"gave {below}; one probability per suspect is needed")
        return np.asarray(self.opportunity * (1 - below), dtype=float)

    def beliefs(self, attacks: FloatArray) -> FloatArray:
        """β_i^σ, the defender's belief in each suspect after each signal, ``(n, n_signals)``.

        After a signal that has probability 0, the limit in which attacks vanish in proportion
        to opportunities (0 for those who never send it).
        """
        joint = attacks[:, None] * self.signals
        total = joint.sum(axis=0) + max(0.0, 1 - attacks.sum()) * self.quiet_signals
        limit = self.opportunity[:, None] * self.signals
        limit_total = limit.sum(axis=0)
        unseen = total == 0
        joint = np.where(unseen, limit, joint)
        total = np.where(unseen, limit_total, total)
        beliefs = np.divide(joint, total, out=np.zeros_like(joint), where=total > 0)
        return np.asarray(beliefs, dtype=float)

    def best_cutoffs(self, cutoffs: FloatArray) -> FloatArray:
        """Cut-offs that answer the beliefs which ``cutoffs`` create, shape ``(n,)``."""
        beliefs = self.beliefs(self.attack_probabilities(cutoffs))
        response = np.asarray(self.retaliation(beliefs), dtype=float)
        if response.shape != beliefs.shape or not ((response >= 0) & (response <= 1)).all():
            raise InvalidGameError("retaliation", "must map beliefs to probabilities of one shape")
        answers = ((self.signals - self.quiet_signals) * response).sum(axis=1)
        return np.asarray(answers, dtype=float)


@dataclass(frozen=True, eq=False)
class AttributionEquilibrium:
    """Cut-offs, attacks and beliefs that confirm one another.

    Parameters
    ----------
    cutoffs : (n,) array of float
        x_i*, gains above which i attacks.
    attacks : (n,) array of float
        Probability that i attacks.
    beliefs, retaliation : (n, n_signals) arrays of float
        Belief in each suspect and probability of retaliation against it, per signal.
    wrongful_retaliation : (n,) array of float
        Probability of being retaliated against without having attacked, per suspect.
    residual : float
        Certificate: largest miss of a cut-off.
    """

    cutoffs: FloatArray
    attacks: FloatArray
    beliefs: FloatArray
    retaliation: FloatArray
    wrongful_retaliation: FloatArray
    residual: float

    @property
    def attack(self) -> float:
        """Probability that anybody attacks."""
        return float(self.attacks.sum())


@dataclass(frozen=True)
class AttributionEquilibria:
    """What several starts found.

    Parameters
    ----------
    equilibria : tuple of AttributionEquilibrium
        Distinct ones, by rising cut-offs of the first suspects.
    n_starts, n_converged : int
        Starts tried, and starts that ended at a certified fixed point.
    is_complete : bool
        Always False: starts do not prove that there is no other. Baliga et al. (2020) prove
        uniqueness where signals that point to a suspect are likelier from it than in peace.
    """

    equilibria: tuple[AttributionEquilibrium, ...]
    n_starts: int
    n_converged: int
    is_complete: bool = False


def attribution_equilibria(
    game: AttributionGame, *, n_random_starts: int = 6, seed: int = 0
) -> AttributionEquilibria:
    """Equilibria by damped iteration from several starts, each certified by its residual.

    Parameters
    ----------
    game : AttributionGame
    n_random_starts : int
        Besides all cut-offs at 0, at ½ and at 1.
    seed : int
        Of the random starts.

    Returns
    -------
    AttributionEquilibria

    Raises
    ------
    NoSolutionError
        If no start converges (a retaliation rule with jumps need not have a fixed point).

    Examples
    --------
    >>> game = AttributionGame(
    ...     opportunity=[0.4, 0.4],
    ...     signals=[[0.5, 0.5, 0.0], [0.5, 0.0, 0.5]],
    ...     quiet_signals=[1, 0, 0],
    ...     retaliation=lambda belief: belief**4,
    ... )
    >>> [found] = attribution_equilibria(game).equilibria
    >>> found.cutoffs.round(4), round(found.attack, 3)
    (array([0.4999, 0.4999]), 0.4)
    """
    rng = np.random.default_rng(seed)
    n = game.n_attackers
    starts = [np.full(n, x) for x in (0.0, 0.5, 1.0)]
    starts += list(rng.random((check_count("n_random_starts", n_random_starts), n)))
    found: list[AttributionEquilibrium] = []
    n_converged = 0
    for start in starts:
        cutoffs = _iterate(game, start)
        if cutoffs is None:
            continue
        n_converged += 1
        if all(np.abs(cutoffs - other.cutoffs).max() > SAME_TOL for other in found):
            found.append(_certified(game, cutoffs))
    if not found:
        raise NoSolutionError(
            f"no fixed point found from {len(starts)} starts; a retaliation rule with jumps need "
            "not have one: use a continuous rule, less steep or with more random starts"
        )
    found.sort(key=lambda e: tuple(e.cutoffs))
    return AttributionEquilibria(tuple(found), len(starts), n_converged)


def move_signal(
    game: AttributionGame, attacker: int, source: int, target: int, amount: float
) -> AttributionGame:
    """Game in which an attack by ``attacker`` sends ``target`` instead of ``source`` more often.

    Parameters
    ----------
    game : AttributionGame
    attacker, source, target : int
        Row and two columns of ``signals``.
    amount : float
        Probability moved, at most what ``source`` has. A false flag moves mass from the signal
        that points to the attacker to one that points elsewhere; forensics move it back.
    """
    for name, index, count in (
        ("attacker", attacker, game.n_attackers),
        ("source", source, len(game.quiet_signals)),
        ("target", target, len(game.quiet_signals)),
    ):
        if not 0 <= index < count:
            raise InvalidGameError(name, f"is {index}; must be from 0 to {count - 1}")
    moved = check_probability("amount", amount)
    rows = game.signals.copy()
    if moved > rows[attacker, source] + 1e-12:
        rule = f"is {moved:g}; signal {source} has only {rows[attacker, source]:g}"
        raise InvalidGameError("amount", rule)
    moved = min(moved, float(rows[attacker, source]))
    rows[attacker, source] -= moved
    rows[attacker, target] += moved
    return AttributionGame(
        game.opportunity, rows, game.quiet_signals, game.retaliation, game.types
    )


def _iterate(game: AttributionGame, start: FloatArray) -> FloatArray | None:
    """Fixed point by damped steps towards the answer, then by Newton's method; or None."""
    from scipy.optimize import root

    x, damping = start, 0.5
    miss = game.best_cutoffs(x) - x
    for _ in range(MAX_STEPS):
        size = float(np.abs(miss).max())
        if size <= RESIDUAL_TOL / 100:
            break
        trial = x + damping * miss
        trial_miss = game.best_cutoffs(trial) - trial
        if np.abs(trial_miss).max() > size and damping > _MIN_DAMPING:
            damping /= 2
            continue
        x, miss = trial, trial_miss
        damping = min(0.5, damping * 1.1)
    if float(np.abs(miss).max()) > RESIDUAL_TOL:
        # A steep rule throws the steps about; Newton's method may still come to rest.
        x = np.asarray(root(lambda y: game.best_cutoffs(y) - y, x, tol=1e-14).x, dtype=float)
        miss = game.best_cutoffs(x) - x
    return x if float(np.abs(miss).max()) <= RESIDUAL_TOL else None


def _certified(game: AttributionGame, cutoffs: FloatArray) -> AttributionEquilibrium:
    attacks = game.attack_probabilities(cutoffs)
    beliefs = game.beliefs(attacks)
    response = np.asarray(game.retaliation(beliefs), dtype=float)
    answers = ((game.signals - game.quiet_signals) * response).sum(axis=1)
    residual = float(np.abs(answers - cutoffs).max())
    if residual > RESIDUAL_TOL:
        raise CertificateError(f"the cut-offs miss their fixed point by {residual:.3g}")
    return AttributionEquilibrium(
        cutoffs, attacks, beliefs, response, _wrongful(game, attacks, response), residual
    )


def _wrongful(game: AttributionGame, attacks: FloatArray, response: FloatArray) -> FloatArray:
    """Joint probability, per suspect, that it did not attack and is retaliated against."""
    peace = max(0.0, 1 - float(attacks.sum())) * game.quiet_signals
    by_others = attacks @ game.signals - attacks[:, None] * game.signals
    return np.asarray(((by_others + peace) * response).sum(axis=1), dtype=float)
