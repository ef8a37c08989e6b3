"""The compiled floating-point search: same vertices as integers, and no guess when unsure."""

from __future__ import annotations

import numpy as np
import pytest

from games.normal_form import FloatArray, NormalFormGame
from games.solvers.best_response_polytopes import best_response_polytope, exact_integers
from games.solvers.extreme_equilibria import extreme_equilibria
from games.solvers.label_pairs import completely_labelled_pairs
from games.solvers.vertex_enumeration_exact import Dictionary, enumerate_vertices
from games.solvers.vertex_enumeration_float import enumerate_vertices_float


def polytope(payoffs: FloatArray) -> list[list[int]]:
    return best_response_polytope(exact_integers(payoffs)[0]).coefficients


@pytest.mark.parametrize("seed", range(8))
def test_floats_find_the_vertices_that_integers_find(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(3, 9, 2))
    coefficients = polytope(rng.normal(size=shape) if seed % 2 else rng.integers(0, 999, shape))
    verified = enumerate_vertices_float(coefficients)
    assert verified is not None
    assert verified.n_exact == 0
    exact = enumerate_vertices(coefficients)
    assert exact is not None
    assert set(verified.vertices) == set(exact)
    assert set(verified.vertices.values()) == set(exact.values())


@pytest.mark.parametrize("gap", [0.0, 1e-15, 1e-13, 1e-10])
def test_near_ties_are_settled_by_integers(gap: float) -> None:
    payoffs = np.random.default_rng(1).normal(size=(7, 7))
    top = payoffs[2].argmax()
    payoffs[2, (top + 1) % 7] = payoffs[2, top] * (1 + gap)
    coefficients = polytope(payoffs)
    verified = enumerate_vertices_float(coefficients)
    assert verified is not None
    assert 0 < verified.n_exact < verified.n_bases
    exact = enumerate_vertices(coefficients)
    assert exact is not None
    assert set(verified.vertices) == set(exact)


def test_a_thoroughly_degenerate_game_is_handed_over() -> None:
    payoffs = np.random.default_rng(2).integers(0, 2, (8, 8)).astype(float)
    assert enumerate_vertices_float(polytope(payoffs)) is None


def test_too_many_labels_for_a_machine_integer_are_handed_over() -> None:
    assert enumerate_vertices_float([[1, 2]] * 61) is None


def test_integers_give_up_at_the_limit() -> None:
    coefficients = polytope(np.random.default_rng(3).normal(size=(5, 5)))
    assert enumerate_vertices(coefficients, max_bases=5) is None


def test_every_basis_can_be_reached_directly() -> None:
    coefficients = polytope(np.random.default_rng(4).integers(0, 3, (4, 4)).astype(float))
    vertices = enumerate_vertices(coefficients)
    assert vertices is not None
    for tight, basis in vertices.items():
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
    enumerate_vertices_float([[1, 1]])
    by_floats = extreme_equilibria(game)
    assert "floating point" in by_floats.method
    monkeypatch.setattr("games.solvers.extreme_equilibria._QUICK_BASES", 10**6)
    monkeypatch.setattr("games.solvers.extreme_equilibria.is_compiled", lambda: False)
    by_integers = extreme_equilibria(game)
    assert by_integers.method == "vertex enumeration, exact integers"
    for ours, theirs in zip(by_floats.equilibria, by_integers.equilibria, strict=True):
        for a, b in zip(ours.strategies, theirs.strategies, strict=True):
            np.testing.assert_array_equal(a, b)


def test_pairs_of_labels_by_all_three_routes() -> None:
    rng = np.random.default_rng(6)
    everything = (1 << 10) - 1
    sets = {int(v | w) for v, w in rng.integers(0, 1024, (400, 2))}
    rows = [s for s in sets if s.bit_count() >= 5]
    columns = [s for s in reversed(rows) if s % 3]
    expected = {(x, y) for x in rows for y in columns if x | y == everything}
    assert set(completely_labelled_pairs(rows, columns, 10, 5)) == expected
    assert len(expected) > 100
