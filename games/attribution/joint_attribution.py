"""Joint attribution: what one more partner adds when sources overlap.

m analysts whose errors have pairwise correlation ρ separate guilt from innocence by
d'_m = d'√(m/(1 + (m − 1)ρ)) standard deviations, never by more than d'/√ρ: five agencies that
read the same report are not five witnesses. Each co-signer adds its sanction; it joins iff what
it values in the deterrence that it adds covers the exposure of its sources.

References
----------
.. [1] R. Clemen, R. Winkler, "Limits for the precision and value of information from dependent
   sources", Operations Research 33(2), 1985, 427-442.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from games.attribution.evidence_standard import most_deterring_standard
from games.errors import InvalidGameError
from games.parameters import check_count, check_finite, check_nonnegative

__all__ = ["CoSigner", "JoinStep", "joint_attribution", "pooled_separation", "separation_limit"]


def pooled_separation(separation: float, n_analysts: int, correlation: float) -> float:
    """Separation d' of the evidence of ``n_analysts`` taken together.

    Parameters
    ----------
    separation : float
        d' of one analyst.
    n_analysts : int
        m, at least 1.
    correlation : float
        ρ of two analysts' errors; above −1/(m − 1), at most 1.

    Examples
    --------
    >>> pooled_separation(1, 4, 0), round(pooled_separation(1, 4, 0.5), 3)
    (2.0, 1.265)
    """
    d = check_nonnegative("separation", separation)
    m = check_count("n_analysts", n_analysts, least=1)
    ρ = check_finite("correlation", correlation)
    shared = 1 + (m - 1) * ρ
    if ρ > 1 or shared <= 0:
        rule = f"is {ρ:g}; {m} analysts need one above {-1 / max(1, m - 1):g} and at most 1"
        raise InvalidGameError("correlation", rule)
    return d * math.sqrt(m / shared)


def separation_limit(separation: float, correlation: float) -> float:
    """Separation that no number of analysts exceeds, d'/√ρ; infinite for ρ ≤ 0.

    Examples
    --------
    >>> separation_limit(1, 0.25)
    2.0
    """
    d = check_nonnegative("separation", separation)
    ρ = check_finite("correlation", correlation)
    if ρ > 1:
        raise InvalidGameError("correlation", f"is {ρ:g}; must be at most 1")
    return d / math.sqrt(ρ) if ρ > 0 else math.inf


@dataclass(frozen=True)
class CoSigner:
    """A partner who may join an attribution.

    Parameters
    ----------
    name : str
    sanction : float
        What its signature adds to the sanction.
    value : float
        v_j, what one unit of deterrence is worth to it.
    exposure : float
        ℓ_j, what showing its sources costs it, in the units of ``value``.
    """

    name: str
    sanction: float
    value: float
    exposure: float

    def __post_init__(self) -> None:
        for field in ("sanction", "value", "exposure"):
            check_nonnegative(f"{field} of {self.name}", getattr(self, field))


@dataclass(frozen=True)
class JoinStep:
    """What one partner adds when it joins after those before it.

    Parameters
    ----------
    name : str
    separation : float
        d' with this partner.
    deterrence : float
        (P_D − P_F)(s + b) with this partner, at the most deterring standard.
    added : float
        What this partner adds to it.
    surplus : float
        Value of what it adds to this partner, minus its exposure.
    joins : bool
        Whether ``surplus`` is at least 0. One who stays out adds nothing to the steps after.
    """

    name: str
    separation: float
    deterrence: float
    added: float
    surplus: float
    joins: bool


def joint_attribution(
    separation: float,
    correlation: float,
    partners: Sequence[CoSigner],
    *,
    sanction: float,
    lost_benefit: float = 0.0,
) -> tuple[JoinStep, ...]:
    """Decisions of partners asked one after the other, each seeing who joined before.

    Parameters
    ----------
    separation : float
        d' of each one's evidence, the first accuser's included.
    correlation : float
        ρ in [0, 1] of two members' errors.
    partners : sequence of CoSigner
        In the order in which they are asked.
    sanction, lost_benefit : float
        s of the first accuser and b, in the units of the partners' sanctions.

    Returns
    -------
    tuple of JoinStep
        One per partner.

    Notes
    -----
    The order matters: with correlated sources an early partner adds more than a late one.

    Examples
    --------
    >>> partners = [CoSigner(name, 0, 1, exposure=0.2) for name in "BCD"]
    >>> [step.joins for step in joint_attribution(1, 0.5, partners, sanction=5)]
    [True, False, False]
    """
    s = check_nonnegative("sanction", sanction) + check_nonnegative("lost_benefit", lost_benefit)
    if not 0 <= check_finite("correlation", correlation) <= 1:
        raise InvalidGameError("correlation", f"is {correlation:g}; must lie in [0, 1]")

    def deterrence(n_members: int, pain: float) -> float:
        pooled = pooled_separation(separation, n_members, correlation)
        return most_deterring_standard(pooled).deterrence * pain

    steps = []
    n_members = 1
    for partner in partners:
        after = deterrence(n_members + 1, s + partner.sanction)
        added = after - deterrence(n_members, s)
        surplus = added * partner.value - partner.exposure
        pooled = pooled_separation(separation, n_members + 1, correlation)
        steps.append(JoinStep(partner.name, pooled, after, added, surplus, surplus >= 0))
        if surplus >= 0:
            n_members += 1
            s += partner.sanction
    return tuple(steps)
