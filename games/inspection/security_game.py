"""Security games: few inspectors, many sites, an attacker who has seen how often each is covered.

A defender covers target t with probability c_t, Σ c_t ≤ m; an attacker sees the coverage and
picks the target best for it. The attacker's payoff at t falls linearly from U_a^u (uncovered) to
U_a^c (covered), the defender's rises from U_d^u to U_d^c. In a strong Stackelberg equilibrium the
attacker breaks ties for the defender.

ORIGAMI (Kiekintveld et al., 2009): hold the attacker's best payoff at a level u, which needs
c_t(u) = (U_a^u − u)/(U_a^u − U_a^c) on every target that is worth more than u when uncovered, and
lower u until the resources are spent or a target is covered for certain. All targets at level u
are the *attack set*; the attacker goes where in it the defender loses least.

References
----------
.. [1] C. Kiekintveld, M. Jain, J. Tsai, J. Pita, F. Ordóñez, M. Tambe, "Computing optimal
   randomized resource allocations for massive security games", AAMAS 2009, 689-696.
.. [2] M. Tambe, Security and Game Theory, Cambridge University Press, 2011.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from games.errors import CertificateError, InvalidGameError
from games.normal_form import FloatArray
from games.parameters import check_nonnegative, check_probability

__all__ = ["SecurityGame", "SecuritySolution", "coverage_mixture", "optimal_coverage"]

PAYOFF_TOL = 1e-9
"""Largest regret of the attacker, relative to how far cover brings its best payoff down."""


@dataclass(frozen=True, eq=False)
class SecurityGame:
    """Payoffs of a security game; all arrays of shape ``(n_targets,)``.

    Parameters
    ----------
    attacker_uncovered, attacker_covered : array of float
        Attacker's payoff from each target; a covered one must be worse for it.
    defender_uncovered, defender_covered : array of float
        Defender's payoff when the target is attacked; a covered one must not be worse.
    detection : float
        Probability in (0, 1] that cover stops an attack; the rest counts as uncovered.
    """

    attacker_uncovered: FloatArray
    attacker_covered: FloatArray
    defender_uncovered: FloatArray
    defender_covered: FloatArray

    def __init__(
        self,
        attacker_uncovered: ArrayLike,
        attacker_covered: ArrayLike,
        defender_uncovered: ArrayLike,
        defender_covered: ArrayLike,
        detection: float = 1.0,
    ) -> None:
        p = check_probability("detection", detection, allow_zero=False)
        given = {
            "attacker_uncovered": attacker_uncovered,
            "attacker_covered": attacker_covered,
            "defender_uncovered": defender_uncovered,
            "defender_covered": defender_covered,
        }
        arrays = {name: _checked_targets(name, values) for name, values in given.items()}
        n = len(arrays["attacker_uncovered"])
        for name, array in arrays.items():
            if len(array) != n:
                raise InvalidGameError(name, f"has {len(array)} targets; the first has {n}")
        for side in ("attacker", "defender"):
            bare, covered = arrays[f"{side}_uncovered"], arrays[f"{side}_covered"]
            arrays[f"{side}_covered"] = bare + p * (covered - bare)
        for target in range(n):
            if arrays["attacker_covered"][target] >= arrays["attacker_uncovered"][target]:
                rule = "must be below attacker_uncovered: cover must hurt the attacker"
                raise InvalidGameError(f"attacker_covered[{target}]", rule)
            if arrays["defender_covered"][target] < arrays["defender_uncovered"][target]:
                rule = "must not be below defender_uncovered: cover must not hurt the defender"
                raise InvalidGameError(f"defender_covered[{target}]", rule)
        for name, array in arrays.items():
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @property
    def n_targets(self) -> int:
        """Number of targets."""
        return len(self.attacker_uncovered)

    def attacker_payoffs(self, coverage: FloatArray) -> FloatArray:
        """Attacker's expected payoff from each target, shape ``(n_targets,)``."""
        bare = self.attacker_uncovered
        return np.asarray(bare + coverage * (self.attacker_covered - bare), dtype=float)

    def defender_payoffs(self, coverage: FloatArray) -> FloatArray:
        """Defender's expected payoff if each target is attacked, shape ``(n_targets,)``."""
        bare = self.defender_uncovered
        return np.asarray(bare + coverage * (self.defender_covered - bare), dtype=float)


@dataclass(frozen=True, eq=False)
class SecuritySolution:
    """Strong Stackelberg equilibrium of a security game.

    Parameters
    ----------
    coverage : (n_targets,) array of float
        Probability of cover.
    attack_set : tuple of int
        Targets equally good for the attacker, the best ones; the others are not worth an attack.
    target : int
        Target attacked: the one of the attack set best for the defender (lowest on ties).
    defender_payoff, attacker_payoff : float
        Expected payoffs.
    resources_left : float
        Resources that cannot improve the outcome, because a target is covered for certain.
    attacker_regret : float
        Certificate: what the attacker could gain at another target.
    """

    coverage: FloatArray
    attack_set: tuple[int, ...]
    target: int
    defender_payoff: float
    attacker_payoff: float
    resources_left: float
    attacker_regret: float


def optimal_coverage(game: SecurityGame, resources: float) -> SecuritySolution:
    """Best coverage with ``resources`` units, by ORIGAMI in closed form.

    Parameters
    ----------
    game : SecurityGame
    resources : float
        m ≥ 0; one unit covers one target for certain. Need not be a whole number.

    Returns
    -------
    SecuritySolution

    Notes
    -----
    The sum of the coverages needed is piecewise linear in the attacker's level u, so that u is
    exact after one sort. Targets without cover at exactly level u belong to the attack set.

    Examples
    --------
    >>> game = SecurityGame([10, 8, 5, 2], [-2] * 4, [-10, -8, -5, -2], [0] * 4)
    >>> found = optimal_coverage(game, 1)
    >>> round(found.defender_payoff, 4), found.target, found.coverage.round(4)
    (-4.3796, 2, array([0.4891, 0.3869, 0.1241, 0.    ]))
    """
    m = check_nonnegative("resources", resources)
    # Measured from the best target, so that a constant added to all payoffs costs no digits.
    top = float(game.attacker_uncovered.max())
    bare, covered = game.attacker_uncovered - top, game.attacker_covered - top
    level = max(_attacker_level(bare, bare - covered, m), float(covered.max()))
    coverage = np.clip((bare - level) / (bare - covered), 0.0, 1.0)
    # At the level are the targets worth at least as much when bare. The tolerance knows only how
    # far cover has brought the attacker down: neither a huge penalty for being caught nor a
    # target that nobody would attack must make unequal targets equal.
    rounding = 8 * float(np.finfo(float).eps) * abs(top)
    tol = PAYOFF_TOL * -level + rounding
    attack_set = np.flatnonzero(bare >= level - tol)
    values = game.defender_payoffs(coverage)
    target = int(attack_set[values[attack_set].argmax()])
    payoffs = bare + coverage * (covered - bare)
    regret = float(payoffs.max() - payoffs[target])
    left = m - float(coverage.sum())
    rounding += 8 * float(np.finfo(float).eps) * float((coverage * (bare - covered)).max())
    if left < -PAYOFF_TOL * max(1.0, m) or regret > tol + rounding:
        raise CertificateError(f"coverage leaves {left:.3g} resources and regret {regret:.3g}")
    coverage.setflags(write=False)
    return SecuritySolution(
        coverage=coverage,
        attack_set=tuple(int(t) for t in attack_set),
        target=target,
        defender_payoff=float(values[target]),
        attacker_payoff=float(top + payoffs[target]),
        resources_left=max(0.0, left),
        attacker_regret=regret,
    )


def coverage_mixture(coverage: ArrayLike) -> tuple[tuple[float, tuple[int, ...]], ...]:
    """Rota that yields the coverage: sets of targets, each with its probability.

    Parameters
    ----------
    coverage : (n_targets,) array of float
        Probabilities of cover, each at most 1.

    Returns
    -------
    tuple of (probability, targets)
        At most ``n_targets + 1`` sets; each has at most ``ceil(sum of coverage)`` targets.

    References
    ----------
    .. [1] J. Tsai, Z. Yin, J. Kwak, D. Kempe, C. Kiekintveld, M. Tambe, "Urban security:
       game-theoretic resource allocation in networked physical domains", AAAI 2010 (comb
       sampling).

    Examples
    --------
    >>> coverage_mixture([0.5, 0.75, 0.75])
    ((0.25, (0, 1)), (0.25, (0, 2)), (0.5, (1, 2)))
    """
    c = _checked_targets("coverage", coverage)
    for target, chance in enumerate(c):
        check_probability(f"coverage[{target}]", chance)
    ends = np.concatenate([[0.0], np.cumsum(c)])
    # A comb of teeth one apart, shifted by a uniform draw, picks the targets whose interval
    # holds a tooth; the picks change only where an end of an interval meets a tooth.
    cuts = np.unique(np.concatenate([[0.0, 1.0], ends % 1.0]))
    mixture: dict[tuple[int, ...], float] = {}
    for low, high in pairwise(cuts.tolist()):
        middle = (low + high) / 2
        teeth = np.ceil(ends - middle)
        picked = tuple(int(t) for t in np.flatnonzero(teeth[1:] > teeth[:-1]))
        if high - low > 1e-15:
            mixture[picked] = mixture.get(picked, 0.0) + float(high - low)
    return tuple(sorted(((p, s) for s, p in mixture.items()), key=lambda item: item[1]))


def _attacker_level(bare: FloatArray, fall: FloatArray, m: float) -> float:
    """Lowest level u at which the coverages (bare − u)+ / fall sum to m at most."""
    order = np.argsort(-bare, kind="stable")
    bare, fall = bare[order], fall[order]
    slope, offset = np.cumsum(1 / fall), np.cumsum(bare / fall)
    levels = (offset - m) / slope
    # With the k best targets covered, u must not lie below the next one's uncovered value.
    following = np.append(bare[1:], -np.inf)
    k = int(np.argmax(levels >= following))
    return float(levels[k])


def _checked_targets(name: str, values: ArrayLike) -> FloatArray:
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(name, f"not an array of numbers ({error})") from None
    if array.ndim != 1 or array.size == 0:
        raise InvalidGameError(name, f"has shape {array.shape}; one number per target is needed")
    if not np.isfinite(array).all():
        target = int(np.flatnonzero(~np.isfinite(array))[0])
        raise InvalidGameError(f"{name}[{target}]", "is not a finite number")
    return array
