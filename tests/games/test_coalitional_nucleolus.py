"""Nucleolus and prenucleolus: published figures, independent solvers, Kohlberg's criterion."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from games.coalitional.core import core
from games.coalitional.exact_levels import exact_nucleolus_point
from games.coalitional.excess import whole_excesses
from games.coalitional.kernel import kernel_check, surpluses
from games.coalitional.kohlberg import exact_kohlberg_check, kohlberg_check
from games.coalitional.nucleolus import nucleolus, prenucleolus
from games.coalitional.shapley import shapley_value
from games.coalitional.structures import (
    airport_game,
    bankruptcy_game,
    cost_game,
    glove_game,
    weighted_majority_game,
)
from games.coalitional.tu_game import TUGame
from games.errors import InvalidGameError, TooLargeError

F = Fraction
BY_SIZE = [(), *(c for k in range(1, 5) for c in combinations(range(4), k))]
FOUR_WORTHS = dict(
    zip(BY_SIZE, (0, 0, 0, 0, 0, 5, 5, 8, 9, 10, 8, 13, 15, 16, 17, 21), strict=True)
)


@pytest.mark.parametrize(
    ("game", "expected"),
    [
        # Aumann & Maschler 1985: the three estates of the Talmud
        (bankruptcy_game(100, [100, 200, 300]), (F(100, 3),) * 3),
        (bankruptcy_game(200, [100, 200, 300]), (50, 75, 75)),
        (bankruptcy_game(300, [100, 200, 300]), (50, 100, 150)),
        (
            bankruptcy_game(176, [40, 32, 11, "73.3", "54.95", "81.1"]),
            (20, 16, F(11, 2), F(967, 20), 30, F(1123, 20)),
        ),
        (TUGame([0, 0, 0, 90, 0, 100, 120, 220]), (F(170, 3), F(230, 3), F(260, 3))),
        (
            TUGame.from_function(FOUR_WORTHS.__getitem__, 4),
            (F(7, 2), F(9, 2), F(11, 2), F(15, 2)),
        ),
        (glove_game([0, 1, 1]), (1, 0, 0)),
        (airport_game([1, 2, 4]), (F(-1, 2), F(-3, 4), F(-11, 4))),
        (TUGame([0, 5]), (5,)),
        (TUGame([0, 1, 2, 9]), (4, 5)),
    ],
)
def test_published_nucleoli(game, expected):
    found = nucleolus(game, exact=True)
    assert found.exact_point == expected
    assert found.certificate.holds
    assert nucleolus(game).point == pytest.approx([float(x) for x in expected], abs=1e-9)


def talmud_rule(estate, claims):
    """Contested-garment consistent division: constrained equal awards or losses of half claims."""
    halves = [c / 2 for c in claims]
    if estate <= sum(halves):
        return equal_awards(estate, halves)
    losses = equal_awards(sum(claims) - estate, halves)
    return [c - loss for c, loss in zip(claims, losses, strict=True)]


def equal_awards(estate, limits):
    awards = [F(0)] * len(limits)
    order = sorted(range(len(limits)), key=limits.__getitem__)
    for k, i in enumerate(order):
        awards[i] = min(limits[i], (estate - sum(awards)) / (len(limits) - k))
    return awards


def test_bankruptcy_nucleolus_is_the_talmud_rule():
    rng = np.random.default_rng(3)
    for n in (2, 3, 5, 8, 10):
        for _ in range(6):
            claims = [F(int(c)) for c in rng.integers(1, 100, n)]
            estate = F(int(rng.integers(0, int(sum(claims)) + 1)))
            game = bankruptcy_game(estate, claims)
            assert list(nucleolus(game, exact=True).exact_point) == talmud_rule(estate, claims)


def test_twenty_claims():
    rng = np.random.default_rng(20)
    claims = [F(int(c)) for c in rng.integers(1, 200, 20)]
    estate = sum(claims) * F(2, 5)
    found = nucleolus(bankruptcy_game(estate, claims), exact=True)
    assert list(found.exact_point) == talmud_rule(estate, claims)


def all_coalition_nucleolus(game, lower):
    """Maschler's programs with every row, and a program per coalition to see what is settled."""
    n = game.n_players
    full = 2**n - 1
    open_masks = list(range(1, full))
    rows_eq, values_eq = [[m_in(full, i) for i in range(n)]], [game.worths[full]]
    bounds = [(low, None) for low in lower] if lower is not None else [(None, None)] * n
    while np.linalg.matrix_rank(np.array(rows_eq)) < n:
        A_ub = [[-m_in(m, i) for i in range(n)] + [-1] for m in open_masks]
        b_ub = [-game.worths[m] for m in open_masks]
        A_eq = [[*row, 0] for row in rows_eq]
        best = linprog([0] * n + [1], A_ub, b_ub, A_eq, values_eq, [*bounds, (None, None)])
        assert best.status == 0
        level = best.x[n]
        settled = []
        for m in open_masks:
            objective = [-m_in(m, i) for i in range(n)]
            limits = [-(game.worths[k] - level) + 1e-9 for k in open_masks]
            most = linprog(objective, [r[:n] for r in A_ub], limits, rows_eq, values_eq, bounds)
            assert most.status == 0
            if -most.fun <= game.worths[m] - level + 1e-6:
                settled.append(m)
        assert settled
        for m in settled:
            row = [m_in(m, i) for i in range(n)]
            if np.linalg.matrix_rank(np.array([*rows_eq, row])) > len(rows_eq):
                rows_eq.append(row)
                values_eq.append(game.worths[m] - level)
        open_masks = [m for m in open_masks if m not in settled]
    return np.linalg.solve(np.array(rows_eq, dtype=float), values_eq)


def m_in(mask, player):
    return mask >> player & 1


def test_matches_an_independent_solver_on_small_games():
    rng = np.random.default_rng(12)
    for trial in range(24):
        n = 3 + trial % 2
        worths = rng.integers(-20, 60, 2**n)
        worths[0] = 0
        if trial % 3:  # two thirds with imputations
            worths[-1] = max(worths[-1], worths[[1 << i for i in range(n)]].sum() + trial)
        game = TUGame(worths)
        free = all_coalition_nucleolus(game, None)
        assert prenucleolus(game).point == pytest.approx(free, abs=1e-5)
        if worths[-1] > game.individual_worths.sum():
            rational = all_coalition_nucleolus(game, game.individual_worths)
            assert nucleolus(game).point == pytest.approx(rational, abs=1e-5)


@pytest.mark.parametrize(("n", "n_games"), [(5, 200), (10, 60), (15, 12)])
def test_random_games_satisfy_kohlberg(n, n_games):
    rng = np.random.default_rng(n)
    sizes = np.bitwise_count(np.arange(2**n)).astype(int)
    for k in range(n_games):
        worths = [
            rng.integers(0, 100, 2**n),
            rng.integers(0, 1000, 2**n) * sizes,
            rng.integers(0, 3, 2**n),
            rng.integers(-50, 50, 2**n),
        ][k % 4]
        worths[0] = 0
        if k % 3:
            worths[-1] = int(worths.max()) * (n if k % 2 else 1)
        game = TUGame(worths)
        found = nucleolus(game)
        has_imputation = game.individual_worths.sum() <= game.grand_worth
        assert bool(found.note) == (game.individual_worths.sum() >= game.grand_worth)
        assert kohlberg_check(game, found.point, individually_rational=has_imputation).holds
        assert found.is_imputation or not has_imputation
        assert kernel_check(game, found.point).is_in_kernel or not has_imputation


def test_exact_point_and_its_weights():
    rng = np.random.default_rng(8)
    for _ in range(20):
        worths = [0, *(F(int(w), 7) for w in rng.integers(-30, 90, 31))]
        game = TUGame(worths)
        found = prenucleolus(game, exact=True)
        assert sum(found.exact_point) == worths[-1]
        assert prenucleolus(game).point == pytest.approx(found.point, abs=1e-9)
        whole, _ = whole_excesses(game, found.exact_point)
        tied = [m for m in range(1, 31) if whole[m] == whole[1:31].max()]
        top = found.certificate.levels[0]
        assert top.n_coalitions == len(tied)
        covered = {sum(top.heavier.get(m, F(1)) for m in tied if m >> i & 1) for i in range(5)}
        assert len(covered) == 1  # every player equally often, so the level is balanced
        assert all(weight >= 1 for weight in top.heavier.values())
        assert set(top.heavier) <= set(tied)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.integers(-20, 60), min_size=15, max_size=15), st.integers(0, 3))
def test_kohlberg_rejects_every_other_allocation(worths, player):
    game = TUGame([0, *worths])
    best = prenucleolus(game, exact=True)
    moved = list(best.exact_point)
    moved[player] += F(1, 1000)
    moved[(player + 1) % 4] -= F(1, 1000)
    check = exact_kohlberg_check(game, moved, individually_rational=False)
    assert not check.holds
    floats = kohlberg_check(game, [float(x) for x in moved], individually_rational=False)
    assert not floats.holds
    # The direction that it names improves the ordered excesses.
    step = 1e-7 * np.array(check.direction)
    before, after = (
        np.sort((game.worths - table)[1:-1])[::-1]
        for table in (sums(moved), sums(np.array(moved, dtype=float) + step))
    )
    first = np.flatnonzero(np.abs(before - after) > 1e-9)[0]
    assert after[first] < before[first]


def sums(x):
    return np.array([sum(float(x[i]) for i in range(len(x)) if m >> i & 1) for m in range(16)])


@settings(derandomize=True, max_examples=40, deadline=None)
@given(
    st.lists(st.integers(-20, 60), min_size=15, max_size=15),
    st.sampled_from([1e-6, 1.0, 1e7]),
    st.lists(st.integers(-100, 100), min_size=4, max_size=4),
    st.permutations(range(4)),
)
def test_strategic_equivalence_and_relabelling(worths, factor, shift, order):
    game = TUGame([0, *worths])
    moved = np.zeros(16)
    for mask in range(16):
        image = sum(1 << order[i] for i in range(4) if mask >> i & 1)
        moved[image] = factor * (
            game.worths[mask] + sum(shift[i] for i in range(4) if mask >> i & 1)
        )
    other = prenucleolus(TUGame(moved)).point
    expected = factor * (prenucleolus(game).point + shift)
    assert other[list(order)] == pytest.approx(expected, abs=1e-7 * factor)


def test_a_hopeless_penalty_does_not_hide_the_rest():
    worths = [0, 0, 0, 90, 0, 100, 120, 220]
    for hopeless in (1, 2, 4, 3):
        punished = list(worths)
        punished[hopeless] = -(10**12) if hopeless != 3 else 90
        if hopeless == 3:
            punished[1] = punished[2] = punished[4] = -(10**12)
        for exact in (False, True):
            found = prenucleolus(TUGame(punished), exact=exact)
            assert found.point == pytest.approx([170 / 3, 230 / 3, 260 / 3], abs=1e-6)


def test_programs_without_floats_agree_with_those_in_floats():
    rng = np.random.default_rng(21)
    for trial in range(40):
        n = 2 + trial % 4
        worths = rng.integers(-5, 12, 2**n)
        worths[0] = 0
        worths[-1] = max(int(worths[-1]), int(worths[[1 << i for i in range(n)]].sum())) + 1
        game = TUGame(worths)
        for rational, solve in ((True, nucleolus), (False, prenucleolus)):
            point = exact_nucleolus_point(game, individually_rational=rational)
            assert point == solve(game, exact=True).exact_point


@pytest.mark.parametrize(
    "worths",
    [
        [0, 8, -(10**12), 7],
        [0, 5, 5, 3, -(10**12), 8, 7, 2 * 10**12],
        [0, 1, 2, 10**12 + 1, 3, 10**12, 7, 10**12 + 9],
        [0, 10**15, 1, 10**15 + 1, -1, 10**15 + 2, 3, 10**15 + 5],
    ],
)
def test_worths_of_unlike_size_are_solved_exactly(worths):
    game = TUGame(worths)
    for solve, rational in ((nucleolus, True), (prenucleolus, False)):
        found = solve(game, exact=True)
        expected = solve(game).point
        scale = max(abs(w) for w in worths)
        assert found.point == pytest.approx(expected, abs=1e-12 * scale, rel=1e-9)
        free = game.grand_worth < game.individual_worths.sum()
        assert exact_kohlberg_check(
            game, found.exact_point, individually_rational=rational and not free
        ).holds


@pytest.mark.parametrize("unit", [1e-300, 1e-9, 1e9, 1e140])
def test_the_unit_of_money_does_not_matter(unit):
    game = TUGame(unit * np.array([0, 0, 0, 90, 0, 100, 120, 220]))
    expected = [170 / 3, 230 / 3, 260 / 3]
    for exact in (False, True):
        assert nucleolus(game, exact=exact).point / unit == pytest.approx(expected, rel=1e-9)
    assert shapley_value(game) / unit == pytest.approx([65, 75, 80], rel=1e-12)
    assert not core(game).is_empty


def test_large_offset_leaves_the_shares_of_the_gains():
    base = TUGame([0, 0, 0, 90, 0, 100, 120, 220])
    shifted = TUGame(base.worths + 1e9 * np.bitwise_count(np.arange(8)))
    point = nucleolus(shifted).point - 1e9
    assert point == pytest.approx([170 / 3, 230 / 3, 260 / 3], abs=1e-5)


def test_without_imputations_the_prenucleolus_is_given_and_said():
    game = TUGame([0, 4, 4, 5])
    found = nucleolus(game)
    assert "no imputation" in found.note
    assert "prenucleolus" in found.note
    assert not found.is_imputation
    assert found.point == pytest.approx([2.5, 2.5])
    assert nucleolus(game, exact=True).exact_point == (F(5, 2), F(5, 2))


def test_a_single_imputation_is_the_nucleolus():
    for game in (TUGame([0, 0.1, 0.2, 0.3]), TUGame([0, 1, 1, 5, 1, 5, 5, 3])):
        assert nucleolus(game).point == pytest.approx(game.individual_worths)
        assert nucleolus(game, exact=True).exact_point == tuple(
            F(str(w)) for w in game.individual_worths
        )


def test_nucleolus_and_prenucleolus_differ_where_rationality_binds():
    game = TUGame([0, 0, 0, 10, 0, 0, 0, 8])
    assert nucleolus(game).point == pytest.approx([4, 4, 0])
    free = prenucleolus(game).point
    assert free[2] < 0
    assert not prenucleolus(game).is_imputation
    assert not kohlberg_check(game, free).holds
    assert kohlberg_check(game, free, individually_rational=False).holds


def test_every_symmetric_game_divides_equally():
    for n in (4, 9):
        sizes = np.bitwise_count(np.arange(2**n)).astype(float)
        game = cost_game(np.sqrt(sizes))
        assert nucleolus(game).point == pytest.approx([-1 / n**0.5] * n)
        assert shapley_value(game) == pytest.approx([-1 / n**0.5] * n)
    assert nucleolus(TUGame(np.zeros(64))).point.tolist() == [0] * 6


def test_structured_games_of_twelve_players():
    rng = np.random.default_rng(2)
    numbers = [int(k) for k in rng.integers(1, 200, 12)]
    for game in (
        airport_game(numbers),
        bankruptcy_game(600, numbers),
        weighted_majority_game(500, numbers),
        glove_game([0] * 5 + [1] * 7),
    ):
        found = nucleolus(game, exact=True)
        assert kernel_check(game, found.point).is_in_kernel
        assert nucleolus(game).point == pytest.approx(found.point, abs=1e-9)


def test_surpluses_match_their_definition():
    rng = np.random.default_rng(0)
    worths = rng.random(16)
    worths[0] = 0
    game = TUGame(worths)
    x = np.full(4, worths[-1] / 4)
    for i in range(4):
        for j in range(4):
            if i != j:
                expected = max(
                    worths[m] - m.bit_count() * x[0]
                    for m in range(16)
                    if m >> i & 1 and not m >> j & 1
                )
                assert surpluses(game, x)[i, j] == pytest.approx(expected)


def test_bad_allocations_and_sizes_are_refused():
    game = TUGame([0, 0, 0, 1])
    with pytest.raises(InvalidGameError, match="adds up to 2"):
        kohlberg_check(game, [1, 1])
    with pytest.raises(InvalidGameError, match="2 finite numbers"):
        kernel_check(game, [1, 0, 0])
    with pytest.raises(InvalidGameError, match="does not add up"):
        exact_kohlberg_check(game, [F(1), F(1)])
    with pytest.raises(InvalidGameError, match="2 shares"):
        exact_kohlberg_check(game, [F(1)])
    assert "less than its individual worth" in kohlberg_check(game, [2, -1]).reason
    with pytest.raises(TooLargeError, match="limit is 22"):
        prenucleolus(TUGame(np.zeros(2**23)))
