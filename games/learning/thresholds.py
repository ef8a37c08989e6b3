"""Thresholds and tipping points: who joins once enough others have.

Each of n people joins once at least so many have joined as their threshold says. With F(a) people
of threshold at most a, the number of joiners moves by a(t+1) = F(a(t)) and stops at the first
fixed point above where it starts (Granovetter, 1978). Two crowds that differ in one person can end
at opposite extremes, so what comes back is the whole cascade, all fixed points and the smallest
seed that would tip it.

In a symmetric coordination game under imitation, cooperation spreads from a share above
x° = (P - S) / (R - T + P - S) and dies out below.

References
----------
.. [1] M. Granovetter, "Threshold models of collective behavior", American Journal of Sociology
       83(6), 1978, 1420-1443.
.. [2] T. Schelling, "Micromotives and Macrobehavior", 1978, ch. 3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.errors import CertificateError, InvalidGameError, NoSolutionError
from games.learning.inputs import whole_number
from games.normal_form import FloatArray
from games.repeated.exact_numbers import Number, exact

__all__ = [
    "Cascade",
    "CascadeOdds",
    "SmallestSeed",
    "cascade_equilibria",
    "cascade_odds",
    "smallest_seed",
    "threshold_cascade",
    "tipping_share",
]


@dataclass(frozen=True, eq=False)
class Cascade:
    """A cascade of people who join.

    Parameters
    ----------
    counts : tuple of int
        Joiners at the start and after each round until nobody follows.
    joined : (n,) array of bool
        Who has joined at the end.
    """

    counts: tuple[int, ...]
    joined: NDArray[np.bool_]

    @property
    def final(self) -> int:
        """Number of people who have joined in the end."""
        return self.counts[-1]


@dataclass(frozen=True)
class SmallestSeed:
    """The fewest people to win over first, so that enough follow.

    Parameters
    ----------
    people : tuple of int
        Whom to win over: those with the highest thresholds.
    final : int
        Who has joined in the end; at least the target.
    final_with_one_less : int or None
        The most that any seed of one person less attains: below the target, the certificate
        that the seed is smallest. None for the empty seed.
    """

    people: tuple[int, ...]
    final: int
    final_with_one_less: int | None


@dataclass(frozen=True, eq=False)
class CascadeOdds:
    """Cascade sizes over random crowds.

    Parameters
    ----------
    finals : (n_samples,) array of int
        Joiners in the end, sorted.
    share_tipped : float
        Share of the crowds in which at least the target joined.
    band : (float, float)
        95 % Wilson interval for the chance that the target is reached.
    """

    finals: NDArray[np.int64]
    share_tipped: float
    band: tuple[float, float]


def threshold_cascade(thresholds: ArrayLike, seed: Sequence[int] = ()) -> Cascade:
    """Cascade from the people in ``seed``, all seeing all.

    Parameters
    ----------
    thresholds : (n,) array of float
        Number of joiners that makes each person join; infinity for never.
    seed : sequence of int
        People who join at the start whatever the others do.

    Raises
    ------
    InvalidGameError
        If thresholds are malformed or a person does not exist.

    Examples
    --------
    >>> threshold_cascade(range(100)).final
    100
    >>> threshold_cascade([0, 2, *range(2, 100)]).final  # one person's 1 becomes a 2
    1
    """
    wanted = _thresholds(thresholds)
    joined = np.zeros(len(wanted), dtype=bool)
    for person in seed:
        if not isinstance(person, int | np.integer) or not 0 <= person < len(wanted):
            raise InvalidGameError("seed", f"person {person} is not among {len(wanted)}")
        joined[person] = True
    counts = [int(joined.sum())]
    while True:
        following = joined | (wanted <= counts[-1])
        if following.sum() == counts[-1]:
            return Cascade(tuple(counts), joined)
        joined = following
        counts.append(int(joined.sum()))


def cascade_equilibria(thresholds: ArrayLike) -> tuple[int, ...]:
    """All numbers a with F(a) = a: as many people have a threshold of at most a as have joined.

    The cascade from nobody stops at the lowest of them.

    Examples
    --------
    >>> cascade_equilibria([0, 2, 2, 3])
    (1, 4)
    """
    wanted = np.sort(_thresholds(thresholds))
    numbers = np.arange(len(wanted) + 1)
    followers = np.searchsorted(wanted, numbers, side="right")
    return tuple(numbers[followers == numbers].tolist())


def smallest_seed(thresholds: ArrayLike, target: int) -> SmallestSeed:
    """Fewest people to win over so that at least ``target`` have joined in the end.

    Winning over those with the highest thresholds is best: it leaves the others, sorted, with
    the lowest thresholds that any seed of that size leaves.

    Raises
    ------
    InvalidGameError
        If the target exceeds the number of people.
    CertificateError
        If the seed does not reach the target.

    Examples
    --------
    >>> smallest_seed([0, 2, *range(2, 100)], 100).people
    (99,)
    """
    wanted = _thresholds(thresholds)
    goal = whole_number(target, "target")
    if goal > len(wanted):
        raise InvalidGameError("target", f"is {goal}, of {len(wanted)} people")
    by_height = np.argsort(-wanted, kind="stable")

    def final(size: int) -> int:
        return threshold_cascade(wanted, by_height[:size].tolist()).final

    low, high = -1, goal
    # A larger seed never ends lower, so the answer can be bisected.
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if final(middle) >= goal else (middle, high)
    reached = final(high)
    less = final(high - 1) if high > 0 else None
    if reached < goal or (less is not None and less >= goal):
        raise CertificateError(f"seed of {high} people ends at {reached}, target {goal}")
    return SmallestSeed(tuple(by_height[:high].tolist()), reached, less)


def cascade_odds(
    draw: Callable[[np.random.Generator], ArrayLike],
    target: int,
    n_samples: int,
    rng: np.random.Generator,
) -> CascadeOdds:
    """Chance that a cascade reaches a target when thresholds are uncertain.

    Parameters
    ----------
    draw : function of a generator
        Draws the thresholds of one crowd.
    target : int
        Number of joiners that counts as tipped.
    n_samples : int
        Crowds drawn.
    rng : numpy Generator

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> odds = cascade_odds(lambda r: r.normal(25, 10, 100).round(), 90, 200, rng)
    >>> odds.band[0] <= odds.share_tipped <= odds.band[1]
    True
    """
    goal = whole_number(target, "target")
    samples = whole_number(n_samples, "n_samples", least=1)
    finals = np.sort([threshold_cascade(draw(rng)).final for _ in range(samples)])
    tipped = int((finals >= goal).sum())
    return CascadeOdds(finals, tipped / samples, _wilson(tipped, samples))


def tipping_share(
    reward: Number, sucker: Number, temptation: Number, punishment: Number
) -> Fraction:
    """Share of cooperators above which cooperation spreads by imitation.

    Parameters
    ----------
    reward, sucker : float
        Payoffs R, S of a cooperator against a cooperator and against a defector.
    temptation, punishment : float
        Payoffs T, P of a defector against a cooperator and against a defector.

    Returns
    -------
    Fraction
        x° = (P - S) / (R - T + P - S), strictly between 0 and 1.

    Raises
    ------
    NoSolutionError
        If there is no tipping point: one strategy spreads from everywhere, or the two coexist.

    Examples
    --------
    >>> tipping_share(4, 0, 3, 2)
    Fraction(2, 3)
    """
    R, S = exact(reward, "reward"), exact(sucker, "sucker")
    T, P = exact(temptation, "temptation"), exact(punishment, "punishment")
    if R > T and P > S:
        return (P - S) / (R - T + P - S)
    if R == T and P == S:
        raise NoSolutionError("no tipping point: the strategies do equally well at every share")
    if R >= T and P <= S:
        raise NoSolutionError("no tipping point: cooperation spreads from any share")
    if R <= T and P >= S:
        raise NoSolutionError("no tipping point: cooperation dies out from any share below one")
    raise NoSolutionError("no tipping point: cooperators and defectors come to coexist")


def _thresholds(thresholds: ArrayLike) -> FloatArray:
    try:
        array = np.array(
            thresholds if isinstance(thresholds, np.ndarray) else list(thresholds),  # type: ignore[arg-type]
            dtype=float,
        )
    except (TypeError, ValueError) as error:
        raise InvalidGameError("thresholds", f"not a list of numbers ({error})") from None
    if array.ndim != 1 or array.size == 0 or np.isnan(array).any():
        raise InvalidGameError("thresholds", "must be a list of numbers, one per person")
    return array


def _wilson(successes: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval; sound at 0 and n, where the usual one has no width."""
    z = 1.959963984540054
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if successes == 0 else float(centre - half)
    return low, 1.0 if successes == n else float(centre + half)
