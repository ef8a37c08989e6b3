"""Spatial models against a plain transcription of their formulas, far from zero and extreme."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games.errors import InvalidGameError
from games.spatial.challenge_model import challenge_model
from games.spatial.compromise_model import compromise_position, compromise_pull
from games.spatial.stakes import Stakes
from games.spatial.weighted_median import weighted_median


def medians(x, weights):
    """Positions with at most half of the weight on either side."""
    half = sum(weights) / 2
    found = [
        m
        for m in sorted({p for p, w in zip(x, weights, strict=True) if w})
        if sum(w for p, w in zip(x, weights, strict=True) if p < m) <= half
        and sum(w for p, w in zip(x, weights, strict=True) if p > m) <= half
    ]
    return found[0], found[-1]


def utility(base, exponent):
    return 2 - 4 * min(1.0, max(0.0, base)) ** exponent


class Round:
    """One round of the challenge model, player by player (Scholz, Calbert & Smith, 2011)."""

    def __init__(self, x, c, s, Q, width):
        self.x, self.s, self.Q = [p / width for p in x], s, Q
        self.weight = [a * b for a, b in zip(c, s, strict=True)]
        exact = [Fraction(a) * Fraction(b) for a, b in zip(c, s, strict=True)]
        self.mu = sum(medians(x, exact)) / 2 / width

    def chance(self, i, j):
        leans = [abs(p - self.x[j]) - abs(p - self.x[i]) for p in self.x]
        sides = [w * d for w, d in zip(self.weight, leans, strict=True) if abs(d) > 1e-9]
        total = sum(abs(v) for v in sides)
        return sum(v for v in sides if v > 0) / total if total else 0.5

    def expected(self, i, j, r):
        apart = abs(self.x[i] - self.x[j])
        if apart <= 1e-9:
            return 0.0
        drift = (abs(self.x[i] - self.mu) + apart) / 4
        p = self.chance(i, j)
        success, failure = utility(0.5 - apart / 2, r), utility(0.5 + apart / 2, r)
        improves = abs(self.x[i] - self.mu) < apart - 1e-9
        moved = utility(0.5 - drift if improves else 0.5 + drift, r)
        fight = self.s[j] * (p * success + (1 - p) * failure) + (1 - self.s[j]) * success
        return fight - self.Q * utility(0.5, r) - (1 - self.Q) * moved

    def moves(self):
        n = range(len(self.x))
        threat = [sum(self.expected(j, i, 1.0) for j in n) for i in n]
        spread = max(threat) - min(threat)
        R = [(2 * t - max(threat) - min(threat)) / spread if spread > 1e-12 else 0 for t in threat]
        r = [(1 - v / 3) / (1 + v / 3) for v in R]
        result = []
        for j in n:
            asked = []
            for i in n:
                mine, theirs = self.expected(i, j, r[i]), self.expected(j, i, r[i])
                if mine > 1e-9 and mine > theirs + 1e-9:
                    share = min(1.0, -theirs / mine) if theirs < -1e-9 else 1.0
                    asked.append(share * (self.x[i] - self.x[j]))
            least = min((abs(a) for a in asked), default=0.0)
            taken = [a for a in asked if abs(a) <= least + 1e-9] or [0.0]
            result.append(taken[0] if max(taken) - min(taken) <= 2e-9 else 0.0)
        return result


def random_stakes(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 8))
    x = rng.integers(0, 6, n).astype(float) if seed % 2 else rng.normal(size=n) * 100
    c = rng.integers(0, 5, n).astype(float)
    c[0] = 2.0
    x[-1] = x[0] + 7
    return x, c, rng.integers(1, 5, n) / 4, float(rng.choice([0.0, 0.3, 0.5, 1.0]))


@pytest.mark.parametrize("seed", range(60))
def test_challenge_model_matches_its_formulas(seed):
    x, c, s, Q = random_stakes(seed)
    found = challenge_model(Stakes(x, c, s), 3, status_quo_probability=Q)
    width = float(np.ptp(x))
    for before, after in zip(found.positions, found.positions[1:], strict=False):
        moves = Round(before.tolist(), c.tolist(), s.tolist(), Q, width).moves()
        assert after == pytest.approx(before + width * np.array(moves), abs=1e-7 * width)


@pytest.mark.parametrize("seed", range(60))
def test_forecasts_do_not_depend_on_the_origin_nor_on_the_unit_of_power(seed):
    """Positions such as years or sums of money lie far from zero."""
    x, c, s, Q = random_stakes(seed)
    x = np.round(x)
    here = challenge_model(Stakes(x, c, s), 1, status_quo_probability=Q)
    far = challenge_model(Stakes(x + 2**40, c * 2.0**900, s), 1, status_quo_probability=Q)
    assert far.positions - 2**40 == pytest.approx(here.positions, abs=1e-3)


@pytest.mark.parametrize("seed", range(60))
def test_medians_and_pulls_match_their_definitions(seed):
    x, c, s, _ = random_stakes(seed)
    weights = [Fraction(a) * Fraction(b) for a, b in zip(c, s, strict=True)]
    stakes = Stakes(x, c, s)
    assert weighted_median(stakes) == medians(x.tolist(), weights)
    w = c * s
    for i, pull in enumerate(compromise_pull(stakes)):
        rest = np.delete(w, i)
        without = (
            np.delete(x, i) @ rest / rest.sum() if rest.sum() else compromise_position(stakes)
        )
        assert pull == pytest.approx(compromise_position(stakes) - without, abs=1e-9)


@pytest.mark.parametrize("power", [1.7e308, 1e-320, 1.0])
def test_only_ratios_of_power_count_at_any_size(power):
    stakes = Stakes([0, 1, 4], [power] * 3, [0.5] * 3)
    assert weighted_median(stakes) == (1.0, 1.0)
    assert compromise_position(stakes) == pytest.approx(5 / 3)
    assert challenge_model(stakes).positions.shape[1] == 3


def test_positions_that_could_overflow_are_refused():
    with pytest.raises(InvalidGameError, match=r"positions\[1\]: is 1e\+200"):
        Stakes([0, 1e200], [1, 1])
