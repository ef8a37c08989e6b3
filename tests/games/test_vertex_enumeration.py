"""Compiled vertex searches: the same vertices as big integers, and no guess when unsure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import CertificateError
from games.normal_form import FloatArray, NormalFormGame
from games.solvers.best_response_polytopes import best_response_polytope, exact_integers
from games.solvers.extreme_equilibria import extreme_equilibria
from games.solvers.extreme_strategies import StrategySolver
from games.solvers.label_pairs import completely_labelled_pairs
from games.solvers.vertex_enumeration_exact import Dictionary, enumerate_vertices
from games.solvers.vertex_enumeration_float import enumerate_vertices_float
from games.solvers.vertex_enumeration_int64 import enumerate_vertices_int64, is_promising
from games.solvers.vertices import Vertices, label_sets


def polytope(payoffs: FloatArray) -> list[list[int]]:
    return best_response_polytope(exact_integers(payoffs)[0])


def assert_same_vertices(ours: Vertices | None, theirs: Vertices | None) -> None:
    assert ours is not None
    assert theirs is not None
    assert sorted(ours.simple.tolist()) == sorted(theirs.simple.tolist())
    assert set(ours.degenerate) == set(theirs.degenerate)
    assert ours.n_bases == theirs.n_bases


@pytest.mark.parametrize("seed", range(8))
def test_floats_find_the_vertices_that_integers_find(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(3, 9, 2))
    payoffs = rng.normal(size=shape) if seed % 2 else rng.integers(0, 999, shape)
    verified = enumerate_vertices_float(payoffs)
    assert verified is not None
    assert verified.n_exact == 0
    assert_same_vertices(verified, enumerate_vertices(polytope(payoffs)))


@pytest.mark.parametrize("gap", [0.0, 1e-15, 1e-13, 1e-10])
def test_ties_are_settled_by_integers_and_near_ties_by_proof(gap: float) -> None:
    payoffs = np.random.default_rng(1).normal(size=(7, 7))
    top = payoffs[2].argmax()
    payoffs[2, (top + 1) % 7] = payoffs[2, top] * (1 + gap)
    verified = enumerate_vertices_float(payoffs)
    assert verified is not None
    assert (verified.n_exact > 0) is (gap == 0)
    assert verified.n_exact < verified.n_bases
    assert_same_vertices(verified, enumerate_vertices(polytope(payoffs)))


@pytest.mark.parametrize("penalty", [1e6, 1e9, 1e12])
def test_near_ties_by_a_penalty_are_decided_by_proof(penalty: float) -> None:
    # The penalty limits its action's probability to 1 / penalty: ratios differ by that much.
    payoffs = np.random.default_rng(11).normal(size=(6, 7))
    payoffs[2, 1] = -penalty
    verified = enumerate_vertices_float(payoffs)
    assert verified is not None
    assert verified.n_exact <= 2
    assert_same_vertices(verified, enumerate_vertices(polytope(payoffs)))


def test_a_thoroughly_degenerate_game_is_handed_over() -> None:
    # Few values, so that ties abound, but values without small common measure.
    values = np.random.default_rng(7).normal(size=3)
    payoffs = values[np.random.default_rng(2).integers(0, 3, (8, 8))]
    assert enumerate_vertices_float(payoffs) is None


@pytest.mark.parametrize("top", [1, 3, 9])
@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1), (4, 7), (9, 3), (8, 8)])
def test_machine_integers_find_the_vertices_that_big_integers_find(
    shape: tuple[int, int], top: int
) -> None:
    rng = np.random.default_rng([*shape, top])
    coefficients = polytope(rng.integers(0, top + 1, shape).astype(float))
    assert is_promising(coefficients)
    ours = enumerate_vertices_int64(coefficients)
    assert_same_vertices(ours, enumerate_vertices(coefficients))
    assert ours is not None
    for tight, basis in ours.degenerate.items():
        assert Dictionary.at(coefficients, basis).tight() == tight


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(2, 6), st.integers(1, 48))
def test_machine_integers_are_right_or_give_up(seed: int, m: int, k: int, bits: int) -> None:
    # From numbers that never overflow to numbers that always do; many even, some tied.
    rng = np.random.default_rng(seed)
    payoffs = np.floor(rng.integers(0, 4, (m, k)) * 2.0 ** rng.integers(0, bits, (m, k)))
    coefficients = polytope(payoffs)
    ours = enumerate_vertices_int64(coefficients)
    if ours is not None:
        assert_same_vertices(ours, enumerate_vertices(coefficients))
    elif bits <= 4:
        pytest.fail("small numbers must not overflow")


def test_machine_integers_give_up_when_a_number_may_be_too_large() -> None:
    coefficients = polytope(np.random.default_rng(8).integers(0, 10**6, (7, 7)).astype(float))
    assert enumerate_vertices_int64(coefficients) is None
    assert enumerate_vertices_int64([[1, 1 << 60], [2, 1]]) is None
    assert enumerate_vertices_int64([[1, 2]] * 61) is None


@pytest.mark.parametrize("penalty", [1e3, 1e8, 1e12])
def test_machine_integers_take_one_huge_penalty_among_small_payoffs(penalty: float) -> None:
    payoffs = np.random.default_rng(9).integers(0, 5, (4, 4)).astype(float)
    payoffs[1, 2] = -penalty
    coefficients = polytope(payoffs)
    assert_same_vertices(enumerate_vertices_int64(coefficients), enumerate_vertices(coefficients))


def test_too_many_labels_for_a_machine_integer_are_handed_over() -> None:
    assert enumerate_vertices_float(np.ones((2, 61))) is None


def test_a_set_of_labels_that_is_no_basis_is_refused() -> None:
    solver = StrategySolver(np.array([[1.0, 1.0], [2.0, 2.0]]))
    with pytest.raises(CertificateError, match="not a basis"):
        solver.strategy(0b1100)


def test_integers_give_up_at_the_limit() -> None:
    coefficients = polytope(np.random.default_rng(3).normal(size=(5, 5)))
    assert enumerate_vertices(coefficients, max_bases=5) is None


def test_every_basis_can_be_reached_directly() -> None:
    coefficients = polytope(np.random.default_rng(4).integers(0, 3, (4, 4)).astype(float))
    vertices = enumerate_vertices(coefficients)
    assert vertices is not None
    assert vertices.degenerate
    for tight in [*vertices.simple.tolist(), *vertices.degenerate]:
        basis = vertices.basis_of(tight)
        dictionary = Dictionary.at(coefficients, basis)
        assert dictionary.basis() == basis
        assert dictionary.tight() == tight
        assert dictionary.is_lexicographically_feasible()
        point = dictionary.point()
        loads = [sum(c * z for c, z in zip(row, point, strict=True)) for row in coefficients]
        assert max(loads) <= dictionary.denominator
        assert min(point) >= 0


@pytest.mark.parametrize("family", ["normal", "integers", "penalty", "offset"])
@pytest.mark.parametrize("shape", [(10, 10), (8, 13)])
def test_large_games_by_both_paths(
    family: str, shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng([*shape, len(family)])
    payoffs = rng.normal(size=(2, *shape))
    if family == "integers":
        payoffs = rng.integers(0, 200, (2, *shape)).astype(float)
    elif family == "penalty":
        payoffs[0, 3, 4], payoffs[1, 0, 1] = -1e12, -1e8
    elif family == "offset":
        payoffs += 1e9
    game = NormalFormGame(payoffs)
    enumerate_vertices_float(np.ones((2, 1)))
    by_floats = extreme_equilibria(game)
    assert "floating point" in by_floats.method
    monkeypatch.setattr("games.solvers.vertex_enumeration._QUICK_BASES", 10**6)
    monkeypatch.setattr("games.solvers.vertex_enumeration.is_compiled", lambda: False)
    by_integers = extreme_equilibria(game)
    assert by_integers.method == "vertex enumeration, exact integers"
    for ours, theirs in zip(by_floats.equilibria, by_integers.equilibria, strict=True):
        for a, b in zip(ours.strategies, theirs.strategies, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("n_labels", [10, 70], ids=["machine integers", "Python integers"])
def test_pairs_of_labels_by_both_routes(n_labels: int) -> None:
    rng = np.random.default_rng(6)
    shift = n_labels - 10
    fixed = (1 << shift) - 1
    sets = {int(v | w) for v, w in rng.integers(0, 1024, (400, 2))}
    rows = [s << shift for s in sets if s.bit_count() >= 5]
    columns = [s << shift | fixed for s in sets if s.bit_count() >= 5 and s % 3]
    everything = (1 << n_labels) - 1
    expected = {(x, y) for x in rows for y in columns if x | y == everything}

    def of_size(masks: list[int], least: int, *, is_least: bool) -> object:
        return label_sets([s for s in masks if (s.bit_count() == least) is is_least], n_labels)

    found = completely_labelled_pairs(
        of_size(rows, 5, is_least=True),
        of_size(rows, 5, is_least=False),
        of_size(columns, 5 + shift, is_least=True),
        of_size(columns, 5 + shift, is_least=False),
        n_labels,
    )
    assert set(found) == expected
    assert len(found) == len(expected) > 100
