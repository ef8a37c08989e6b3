"""All extreme equilibria of two-player games against references that share no code with them."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.equilibrium import EquilibriumList
from games.errors import InvalidGameError
from games.nash_equilibria import nash_equilibria
from games.normal_form import FloatArray, NormalFormGame
from games.solvers.extreme_equilibria import ExactEquilibrium

Strategy = tuple[Fraction, ...]
Profile = tuple[Strategy, Strategy]

FAMILIES = (
    "continuous",
    "integers 0..999",
    "integers 0..3",
    "integers 0..1",
    "zero",
    "times 1e-6",
    "times 1e9",
    "offset 1e9",
    "offset 1e9, continuous",
    "penalty 1e8",
    "penalty 1e12",
    "mixed scales",
    "repeated rows",
)


def random_game(number: int) -> tuple[str, FloatArray]:
    """Game ``number`` of the acceptance families, 2 to 5 actions each."""
    rng = np.random.default_rng([20240607, number])
    family = FAMILIES[number % len(FAMILIES)]
    shape = (2, *rng.integers(2, 6, 2))
    integers = rng.integers(0, 1000, shape).astype(float)
    normal = rng.normal(size=shape)
    if family == "continuous":
        payoffs = normal
    elif family == "integers 0..999":
        payoffs = integers
    elif family.startswith("integers"):
        payoffs = rng.integers(0, int(family[-1]) + 1, shape).astype(float)
    elif family == "zero":
        payoffs = np.zeros(shape)
    elif family.startswith("times"):
        payoffs = (integers if rng.integers(2) else normal) * float(family.split()[1])
    elif family.startswith("offset"):
        payoffs = (normal if "continuous" in family else integers) + 1e9
    elif family.startswith("penalty"):
        payoffs = rng.integers(0, 6, shape).astype(float) if rng.integers(2) else normal
        payoffs[tuple(rng.integers(0, shape))] = -float(family.split()[1])
    elif family == "mixed scales":
        payoffs = normal * 10.0 ** rng.integers(-6, 13, shape)
    else:
        payoffs = rng.integers(0, 9, shape).astype(float)
        payoffs[:, 0] = payoffs[:, -1]
    return family, payoffs


def solve(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """Solution of a square system by Gauss and Jordan, None if it is singular."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    n = len(rows)
    for c in range(n):
        pivot = next((r for r in range(c, n) if rows[r][c]), None)
        if pivot is None:
            return None
        rows[c], rows[pivot] = rows[pivot], rows[c]
        head = rows[c][c]
        rows[c] = [value / head for value in rows[c]]
        for r in range(n):
            if r != c and rows[r][c]:
                factor = rows[r][c]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[c], strict=True)]
    return [row[-1] for row in rows]


def extreme_strategies(opponent: list[list[Fraction]]) -> set[Strategy]:
    """Vertices of {(x, u): x >= 0, sum x = 1, x' opponent <= u}, from all bases by brute force."""
    m, k = len(opponent), len(opponent[0])
    found = set()
    for size in range(1, min(m, k) + 1):
        for support in combinations(range(m), size):
            for replies in combinations(range(k), size):
                matrix = [[opponent[i][j] for i in support] + [Fraction(-1)] for j in replies]
                matrix.append([Fraction(1)] * size + [Fraction(0)])
                solution = solve(matrix, [Fraction(0)] * size + [Fraction(1)])
                if solution is None or min(solution[:-1]) < 0:
                    continue
                x = [Fraction(0)] * m
                for i, p in zip(support, solution, strict=False):
                    x[i] = p
                values = [sum(x[i] * opponent[i][j] for i in range(m)) for j in range(k)]
                if max(values) == solution[-1]:
                    found.add(tuple(x))
    return found


def reference_equilibria(payoffs: FloatArray) -> set[Profile]:
    """Pairs of extreme strategies that are best responses to each other."""
    A = [[Fraction(v) for v in row] for row in payoffs[0].tolist()]
    B = [[Fraction(v) for v in row] for row in payoffs[1].tolist()]
    rows = extreme_strategies(B)
    columns = extreme_strategies([list(column) for column in zip(*A, strict=True)])
    replies_x = {x: _best([sum(map(Fraction.__mul__, x, c)) for c in zip(*B)]) for x in rows}  # noqa: B905
    replies_y = {y: _best([sum(map(Fraction.__mul__, r, y)) for r in A]) for y in columns}
    return {
        (x, y)
        for x in rows
        for y in columns
        if all(i in replies_y[y] for i, p in enumerate(x) if p)
        and all(j in replies_x[x] for j, p in enumerate(y) if p)
    }


def _best(values: list[Fraction]) -> set[int]:
    return {i for i, value in enumerate(values) if value == max(values)}


def exact_profiles(found: EquilibriumList) -> list[Profile]:
    profiles = []
    for equilibrium in found.equilibria:
        assert isinstance(equilibrium, ExactEquilibrium)
        x, y = equilibrium.exact_strategies
        profiles.append((x, y))
    return profiles


def check_game(payoffs: FloatArray) -> int:
    """Nothing missed and nothing wrong, in fractions and in floats; number of equilibria."""
    game = NormalFormGame(payoffs)
    exact = nash_equilibria(game, exact=True)
    profiles = exact_profiles(exact)
    assert exact.is_complete
    assert len(set(profiles)) == len(profiles)
    assert set(profiles) == reference_equilibria(payoffs)
    rounded = nash_equilibria(game)
    for ours, fractions in zip(rounded.equilibria, profiles, strict=True):
        for strategy, probabilities in zip(ours.strategies, fractions, strict=True):
            np.testing.assert_allclose(strategy, [float(p) for p in probabilities], rtol=1e-12)
        assert 0 <= ours.regret <= 1e-9 * game.scale
    return len(profiles)


@pytest.mark.parametrize("first", range(0, 1001, 91))
def test_families_agree_with_brute_force(first: int) -> None:
    for number in range(first, first + 91):
        assert check_game(random_game(number)[1]) >= 1, FAMILIES[number % 13]


def test_prisoners_dilemma_has_one_equilibrium() -> None:
    # Osborne and Rubinstein 1994, example 16.2.
    found = nash_equilibria(NormalFormGame.from_bimatrix([[3, 0], [4, 1]], [[3, 4], [0, 1]]))
    [equilibrium] = found.equilibria
    assert [s.tolist() for s in equilibrium.strategies] == [[0, 1], [0, 1]]
    assert equilibrium.payoffs.tolist() == [1, 1]
    assert (equilibrium.regret, found.is_complete, found.note) == (0, True, "")


def test_equilibria_of_von_stengels_three_by_two_game() -> None:
    # von Stengel 2002, (2.1) and figure 1: one pure and two mixed equilibria.
    game = NormalFormGame.from_bimatrix([[0, 6], [2, 5], [3, 3]], [[1, 0], [0, 2], [4, 3]])
    third = Fraction(1, 3)
    assert exact_profiles(nash_equilibria(game, exact=True)) == [
        ((2 * third, third, Fraction(0)), (third, 2 * third)),
        ((Fraction(0), third, 2 * third), (2 * third, third)),
        ((Fraction(0), Fraction(0), Fraction(1)), (Fraction(1), Fraction(0))),
    ]


def test_exact_values_are_fractions_of_the_payoffs_as_stored() -> None:
    game = NormalFormGame.from_bimatrix([[0.1, 0.0], [0.0, 0.3]], [[0.0, 1.0], [1.0, 0.0]])
    [equilibrium] = nash_equilibria(game, exact=True).equilibria
    assert isinstance(equilibrium, ExactEquilibrium)
    total = Fraction(0.1) + Fraction(0.3)
    assert equilibrium.exact_strategies[1] == (Fraction(0.3) / total, Fraction(0.1) / total)
    assert equilibrium.exact_payoffs == (Fraction(0.1) * Fraction(0.3) / total, Fraction(1, 2))
    assert equilibrium.regret == 0


@pytest.mark.parametrize("k", [2, 3, 4, 5, 6])
def test_coordination_games_have_two_to_the_k_minus_one_equilibria(k: int) -> None:
    # Quint and Shubik 1997.
    found = nash_equilibria(NormalFormGame.from_bimatrix(np.eye(k), np.eye(k)))
    assert len(found.equilibria) == 2**k - 1
    assert found.note == ""


def test_the_zero_game_has_every_pure_profile_as_a_corner() -> None:
    found = nash_equilibria(NormalFormGame(np.zeros((2, 4, 3))))
    assert len(found.equilibria) == 12
    assert all(e.is_pure for e in found.equilibria)
    assert "degenerate" in found.note


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (5, 1), (2, 30), (40, 3), (70, 2)])
def test_lopsided_games(shape: tuple[int, int]) -> None:
    payoffs = np.random.default_rng(5).integers(0, 50, (2, *shape)).astype(float)
    found = nash_equilibria(NormalFormGame(payoffs), exact=True)
    if shape[0] <= 30:
        assert set(exact_profiles(found)) == reference_equilibria(payoffs)
    assert found.equilibria


def test_payoffs_at_the_ends_of_the_range_of_floats() -> None:
    game = NormalFormGame.from_bimatrix([[1e300, 0], [0, 1e-300]], [[5e-324, 0], [0, 1e308]])
    found = nash_equilibria(game, exact=True)
    assert set(exact_profiles(found)) == reference_equilibria(game.payoffs)
    assert len(found.equilibria) == 3


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(-8, 8), st.integers(1, 9), st.randoms())
def test_rescaling_and_relabelling_change_nothing(
    number: int, power: int, factor: int, random: object
) -> None:
    rng = np.random.default_rng(number)
    payoffs = rng.integers(-4, 5, (2, *rng.integers(1, 5, 2))).astype(float)
    profiles = exact_profiles(nash_equilibria(NormalFormGame(payoffs), exact=True))
    # Powers of two and integers keep the payoffs exact.
    scale = np.array([2.0**power, factor])[:, None, None]
    rescaled = payoffs * scale + np.array([factor, -3.0])[:, None, None]
    assert exact_profiles(nash_equilibria(NormalFormGame(rescaled), exact=True)) == profiles
    rows, columns = (rng.permutation(n) for n in payoffs.shape[1:])
    relabelled = NormalFormGame(payoffs[:, rows][:, :, columns])
    expected = {(tuple(x[i] for i in rows), tuple(y[j] for j in columns)) for x, y in profiles}
    assert set(exact_profiles(nash_equilibria(relabelled, exact=True))) == expected
    swapped = NormalFormGame(payoffs[::-1].swapaxes(1, 2))
    expected = {(y, x) for x, y in profiles}
    assert set(exact_profiles(nash_equilibria(swapped, exact=True))) == expected


def test_order_is_lexicographic_first_actions_first() -> None:
    profiles = exact_profiles(nash_equilibria(NormalFormGame(np.zeros((2, 2, 2))), exact=True))
    assert profiles == sorted(profiles, reverse=True)


def test_one_player_has_the_best_actions() -> None:
    found = nash_equilibria(NormalFormGame([[3.0, 1.0, 3.0]]))
    assert found.is_complete
    assert [e.strategies[0].tolist() for e in found.equilibria] == [[1, 0, 0], [0, 0, 1]]
    assert all(e.regret == 0 for e in found.equilibria)


@pytest.mark.parametrize(
    ("payoffs", "place"),
    [
        (np.zeros((2, 2)), "payoffs"),
        (np.zeros((2, 0, 2)), "player 1"),
        (np.array([[[0, 1]], [[np.nan, 0]]]), r"payoffs\[1, 0, 0\]"),
        (np.array([[[0, np.inf]], [[0, 0]]]), r"payoffs\[0, 0, 1\]"),
    ],
)
def test_bad_games_are_named(payoffs: FloatArray, place: str) -> None:
    with pytest.raises(InvalidGameError, match=place):
        nash_equilibria(NormalFormGame(payoffs))


def lrsnash_profiles(payoffs: FloatArray, folder: Path) -> set[Profile]:
    """Extreme equilibria by the program lrsnash (Avis), an independent exact solver."""
    lines = ["{} {}".format(*payoffs.shape[1:])]
    for matrix in payoffs:
        lines += [" ".join(str(Fraction(v)) for v in row) for row in matrix.tolist()]
    path = folder / "game.txt"
    path.write_text("\n".join(lines) + "\n")
    output = subprocess.run(
        ["lrsnash", str(path)], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    rows: set[Strategy] = set()
    columns: list[Strategy] = []
    profiles: set[Profile] = set()
    # Each strategy of player 1 follows the strategies of player 2 that go with it.
    for line in output.splitlines():
        words = line.split()
        if words[:1] == ["2"]:
            columns.append(tuple(Fraction(w) for w in words[1:-1]))
        elif words[:1] == ["1"]:
            x = tuple(Fraction(w) for w in words[1:-1])
            rows.add(x)
            profiles |= {(x, y) for y in columns}
            columns = []
    assert rows
    return profiles


@pytest.mark.skipif(shutil.which("lrsnash") is None, reason="lrsnash (Debian: lrslib) is not here")
@pytest.mark.parametrize(("k", "top"), [(4, 3), (6, 1000), (7, 4), (9, 1000), (8, 60), (10, 4)])
def test_larger_games_agree_with_lrsnash(k: int, top: int, tmp_path: Path) -> None:
    payoffs = np.random.default_rng([k, top]).integers(0, top, (2, k, k)).astype(float)
    ours = exact_profiles(nash_equilibria(NormalFormGame(payoffs), exact=True))
    assert set(ours) == lrsnash_profiles(payoffs, tmp_path)
    assert len(ours) == len(set(ours))


def test_players_without_a_choice_do_not_make_a_game_incomplete() -> None:
    rng = np.random.default_rng(3)
    payoffs = rng.integers(0, 3, (4, 3, 1, 4, 1)).astype(float)
    found = nash_equilibria(NormalFormGame(payoffs))
    reduced = nash_equilibria(NormalFormGame(payoffs[[0, 2], :, 0, :, 0]))
    assert found.is_complete
    assert len(found.equilibria) == len(reduced.equilibria) > 0
    for whole, part in zip(found.equilibria, reduced.equilibria, strict=True):
        np.testing.assert_array_equal(whole.strategies[0], part.strategies[0])
        np.testing.assert_array_equal(whole.strategies[2], part.strategies[1])
        np.testing.assert_allclose(whole.payoffs[[0, 2]], part.payoffs)


def test_three_players_with_isolated_equilibria_are_all_listed() -> None:
    # After McKelvey & McLennan (1996): no regular 2 × 2 × 2 game has more than nine.
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 0, 0, 0], payoffs[:, 1, 1, 0] = (9, 8, 12), (9, 8, 2)
    payoffs[:, 0, 1, 1], payoffs[:, 1, 0, 1] = (3, 4, 6), (3, 4, 4)
    found = nash_equilibria(NormalFormGame(payoffs))
    assert found.is_complete
    assert len(found.equilibria) == 9


def test_a_large_game_of_many_players_has_some_equilibria_and_says_so() -> None:
    payoffs = np.random.default_rng(0).normal(size=(9, *(2,) * 9))
    found = nash_equilibria(NormalFormGame(payoffs))
    assert not found.is_complete
    assert found.equilibria
    assert "others may exist" in found.note or "not sought" in found.note
