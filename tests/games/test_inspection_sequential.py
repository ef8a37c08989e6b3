"""Dresher's game: ground truth G6, the recursion, the rota."""

from fractions import Fraction
from itertools import pairwise

import pytest

from games.errors import InvalidGameError
from games.inspection.sequential_inspection import (
    inspection_schedule,
    inspection_stage,
    inspection_value,
)

DRESHER = {
    (2, 1): Fraction(-1, 3),
    (3, 1): Fraction(-1, 2),
    (3, 2): Fraction(-1, 7),
    (4, 2): Fraction(-3, 11),
    (10, 3): Fraction(-21, 44),
}


@pytest.mark.parametrize(("n", "m"), DRESHER)
def test_value(n, m):
    assert inspection_value(n, m) == DRESHER[n, m]


def test_value_of_a_year_of_monthly_inspections():
    assert float(inspection_value(12, 6)) == pytest.approx(-0.184064, abs=5e-7)


@pytest.mark.parametrize(("n", "m", "chance"), [(2, 1, 1 / 3), (3, 1, 0.25), (10, 3, 0.261364)])
def test_first_period_inspection(n, m, chance):
    assert float(inspection_stage(n, m).inspect) == pytest.approx(chance, abs=5e-7)


def by_recursion(n_max):
    """Values by solving the 2×2 zero-sum game of every state, in exact arithmetic."""
    table = {(0, m): Fraction(0) for m in range(n_max + 1)}
    for n in range(1, n_max + 1):
        for m in range(n_max + 1):
            if m == 0:
                table[n, m] = min(Fraction(-1), table[n - 1, 0])
                continue
            (a, b), (c, d) = (1, table[n - 1, m - 1]), (-1, table[n - 1, m])
            lower = max(min(a, b), min(c, d))
            upper = min(max(a, c), max(b, d))
            table[n, m] = lower if lower == upper else (a * d - b * c) / (a + d - b - c)
    return table


def test_closed_form_is_the_recursion():
    for (n, m), value in by_recursion(12).items():
        assert inspection_value(n, m) == value


def test_rota_uses_every_inspection_and_one_more_is_worth_less_each_time():
    for n in range(1, 9):
        for m in range(n + 1):
            assert sum(inspection_schedule(n, m)) == m
    values = [inspection_value(18, m) for m in range(19)]
    gains = [later - earlier for earlier, later in pairwise(values)]
    assert all(gain > 0 for gain in gains)
    assert gains == sorted(gains, reverse=True)


def test_long_horizon_stays_exact():
    stage = inspection_stage(500, 40)
    assert -1 < stage.value < 0
    assert 0 < stage.inspect < 1


@pytest.mark.parametrize(("n", "m"), [(-1, 0), (2, -1), (2.5, 1), (True, 1), ("3", 1)])
def test_bad_counts(n, m):
    with pytest.raises(InvalidGameError, match=r"n_periods|n_inspections"):
        inspection_value(n, m)


def test_no_period_has_no_stage():
    with pytest.raises(InvalidGameError, match="n_periods"):
        inspection_stage(0, 0)
