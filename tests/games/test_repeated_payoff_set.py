"""Subgame-perfect payoffs by Abreu and Sannikov, degenerate sets included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import CertificateError, InvalidGameError
from games.normal_form import NormalFormGame
from games.repeated import subgame_perfect_payoffs as module
from games.repeated.dilemma import Dilemma
from games.repeated.payoff_set_drawing import drawing
from games.repeated.payoff_set_svg import payoff_set_svg
from games.repeated.polygons import clip, convex_hull, distance_to_hull, hausdorff_distance
from games.repeated.subgame_perfect_payoffs import subgame_perfect_payoffs

AXELROD = Dilemma(5, 3, 1, 0).game()


def bimatrix(A: Sequence, B: Sequence) -> NormalFormGame:
    return NormalFormGame.from_bimatrix(A, B)


@dataclass(frozen=True)
class Case:
    name: str
    game: NormalFormGame
    discount: float
    vertices: tuple[tuple[float, float], ...]


PENNIES = bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
SEXES = bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])
CASES = [
    Case("impatient dilemma: a point", AXELROD, 0.2, ((1, 1),)),
    # Alternating (T, S) and (S, T) pays (4, 1) and is kept iff (1-d) <= d (4-1).
    Case("just below 1/4", AXELROD, 0.25 - 1e-6, ((1, 1),)),
    Case("at 1/4", AXELROD, 0.25, ((1, 1), (4, 1), (1, 4))),
    Case("just above 1/4", AXELROD, 0.25 + 1e-6, ((1, 1), (4, 1), (1, 4))),
    Case("no discount factor at all", AXELROD, 0.0, ((1, 1),)),
    Case("grim threshold", AXELROD, 0.5, ((1, 1), (13 / 3, 1), (3, 3), (1, 13 / 3))),
    Case("matching pennies: empty", PENNIES, 0.3, ()),
    Case("matching pennies, patient: empty", PENNIES, 0.95, ()),
    Case("the all-zero game: a point", bimatrix([[0, 0]] * 2, [[0, 0]] * 2), 0.7, ((0, 0),)),
    Case("one action each", bimatrix([[3]], [[-2]]), 0.4, ((3, -2),)),
    Case(
        "common interest: a segment",
        bimatrix([[3, 0], [0, 1]], [[3, 0], [0, 1]]),
        0.0,
        ((1, 1), (3, 3)),
    ),
    Case("battle of the sexes, impatient", SEXES, 0.05, ((1, 2), (2, 1))),
    Case("one player without stake", bimatrix([[1, 2]], [[0, 0]]), 0.5, ((1, 0), (2, 0))),
    Case(
        "zero sum with a saddle", bimatrix([[3, 2], [1, 0]], [[-3, -2], [-1, 0]]), 0.9, ((2, -2),)
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_known_sets(case: Case) -> None:
    found = subgame_perfect_payoffs(case.game, case.discount)
    expected = np.array(case.vertices, dtype=float).reshape(-1, 2)
    assert len(found.vertices) == len(expected), found.vertices
    assert hausdorff_distance(found.vertices, expected) < 1e-9
    assert found.shape == ("empty", "point", "segment", "polygon")[min(len(expected), 3)]


def test_grim_threshold_is_where_mutual_cooperation_appears() -> None:
    for discount, expected in [(0.499999, False), (0.5, True), (0.7, True)]:
        assert subgame_perfect_payoffs(AXELROD, discount).contains((3, 3)) is expected


def test_folk_theorem_patient_players_reach_all_individually_rational_payoffs() -> None:
    found = subgame_perfect_payoffs(AXELROD, 0.95)
    rational = np.array([[1, 1], [13 / 3, 1], [3, 3], [1, 13 / 3]])
    assert hausdorff_distance(found.vertices, rational) < 1e-9


# An independent computation: the operator of Abreu, Pearce and Stacchetti on half-planes with
# fixed normals (Judd, Yeltekin and Conklin, 2003), all admissible continuations instead of the
# few of Abreu and Sannikov, corners by intersecting every pair of lines.


def corners(normals: np.ndarray, levels: np.ndarray) -> np.ndarray:
    first, second = np.triu_indices(len(normals), 1)
    matrices = np.stack([normals[first], normals[second]], axis=1)
    regular = np.abs(np.linalg.det(matrices)) > 1e-9
    right = np.stack([levels[first], levels[second]], axis=1)[regular]
    points = np.linalg.solve(matrices[regular], right[..., None])[..., 0]
    return points[(points @ normals.T <= levels + 1e-9).all(axis=1)]


def outer_levels(game: NormalFormGame, discount: float, normals: np.ndarray) -> np.ndarray | None:
    g = game.payoffs.reshape(2, -1).T
    best = game.payoffs[0].max(axis=0), game.payoffs[1].max(axis=1)
    h = np.stack([best[0][None, :] - game.payoffs[0], best[1][:, None] - game.payoffs[1]])
    h = h.reshape(2, -1).T
    levels = (normals @ g.T).max(axis=1)
    axes = np.array([[-1.0, 0], [0, -1]])
    for _ in range(2000):
        points = corners(normals, levels)
        if len(points) == 0:
            return None
        u = points.min(axis=0)
        support = np.full(len(normals), -np.inf)
        for stage, gain in zip(g, h, strict=True):
            floors = u + (1 - discount) / discount * gain
            w = corners(np.vstack([normals, axes]), np.concatenate([levels, -floors]))
            if len(w):
                value = (normals @ ((1 - discount) * stage + discount * w).T).max(axis=1)
                support = np.maximum(support, value)
        if np.isneginf(support).any():
            return None
        if np.abs(support - levels).max() < 1e-11:
            break
        levels = np.minimum(levels, support)
    return levels


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 6, 8, 9, 11])
def test_independent_outer_approximation_finds_the_same_set(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(2, 4, 2))
    game = NormalFormGame(rng.integers(0, 9, (2, *shape)).astype(float))
    discount = float(rng.choice([0.3, 0.5, 0.7]))
    found = subgame_perfect_payoffs(game, discount)
    angles = np.arange(8) * np.pi / 4
    normals = [np.round(np.stack([np.cos(angles), np.sin(angles)], axis=1), 15)]
    if len(found.vertices) >= 2:
        edges = np.roll(found.vertices, -1, axis=0) - found.vertices
        edges /= np.linalg.norm(edges, axis=1)[:, None]
        normals.append(np.stack([edges[:, 1], -edges[:, 0]], axis=1))
    directions = np.unique(np.round(np.vstack(normals), 12), axis=0)
    levels = outer_levels(game, discount, directions)
    if found.shape == "empty":
        assert levels is None
    else:
        assert levels is not None
        assert (directions @ found.vertices.T).max(axis=1) == pytest.approx(levels, abs=1e-6)


games = st.builds(
    lambda seed, m, n, top: NormalFormGame(
        np.random.default_rng(seed).integers(0, top, (2, m, n)).astype(float)
    ),
    st.integers(0, 10**6),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from([2, 4, 10]),
)
discounts = st.sampled_from([0.1, 0.25, 0.4, 0.5, 0.75, 0.9, 0.999])


@given(game=games, discount=discounts)
@settings(derandomize=True, max_examples=40, deadline=None)
def test_every_extreme_point_is_generated_by_the_set(
    game: NormalFormGame, discount: float
) -> None:
    found = subgame_perfect_payoffs(game, discount)
    assert len(found.generators) == len(found.vertices)
    for vertex, made in zip(found.vertices, found.generators, strict=True):
        a, b = made.action_profile
        stage = game.payoffs[:, a, b]
        now = (1 - discount) * stage + discount * np.array(made.continuation)
        assert now == pytest.approx(vertex, abs=1e-9)
        assert found.contains(made.continuation)
        # The deviator gets the best reply now and the worst of the set for ever after.
        deviation = np.array([game.payoffs[0][:, b].max(), game.payoffs[1][a].max()])
        tempted = (1 - discount) * deviation + discount * found.threats
        assert (now >= tempted - 1e-9).all()
    # Pure stage equilibria repeated for ever are in; payoffs below minmax are not.
    chart = drawing(found)
    assert all(found.contains(tuple(point)) for point in chart.stage_equilibria)
    if len(found.vertices):
        assert (found.threats >= chart.minmax - 1e-9).all()


@given(game=games, discount=discounts, scale=st.sampled_from([1e-6, 3.0, 1e9]))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_affine_rescaling_and_relabelling(
    game: NormalFormGame, discount: float, scale: float
) -> None:
    found = subgame_perfect_payoffs(game, discount)
    moved = NormalFormGame(game.payoffs * np.array([scale, 1.0])[:, None, None] + 5 * scale)
    other = subgame_perfect_payoffs(moved, discount)
    back = (other.vertices - 5 * scale) / np.array([scale, 1.0])
    # Adding 5e9 to payoffs of order one leaves seven digits of them.
    assert other.shape == found.shape
    assert hausdorff_distance(back, found.vertices) < (1e-4 if scale == 1e9 else 1e-8)
    swapped = subgame_perfect_payoffs(bimatrix(game.payoffs[1].T, game.payoffs[0].T), discount)
    assert hausdorff_distance(swapped.vertices[:, ::-1], found.vertices) < 1e-8


@given(seed=st.integers(0, 10**6), pair=st.tuples(discounts, discounts))
@settings(derandomize=True, max_examples=20, deadline=None)
def test_patience_never_loses_an_equilibrium(seed: int, pair: tuple[float, float]) -> None:
    """With public randomization the set grows with the discount factor (APS, 1990)."""
    game = NormalFormGame(np.random.default_rng(seed).integers(0, 6, (2, 2, 3)).astype(float))
    small, large = (subgame_perfect_payoffs(game, d) for d in sorted(pair))
    assert all(large.contains(tuple(vertex), distance_tol=1e-7) for vertex in small.vertices)


def test_a_huge_penalty_that_nobody_would_pay_changes_nothing() -> None:
    """A third action that costs its owner 1e12 is never played and must not set the scale."""
    for penalty in (1e6, 1e12, 1e15):
        A = np.vstack([np.hstack([AXELROD.payoffs[0], [[3], [5]]]), [[-penalty] * 3]])
        game = bimatrix(A, A.T)
        for discount in (0.2, 0.4, 0.6):
            found = subgame_perfect_payoffs(game, discount)
            plain = subgame_perfect_payoffs(AXELROD, discount)
            assert hausdorff_distance(found.vertices, plain.vertices) < 1e-9


def test_very_patient_players_do_not_slow_the_iteration() -> None:
    game = bimatrix([[0, 2, 1, 2], [1, 1, 1, 2]], [[1, 2, 0, 1], [0, 2, 0, 2]])
    # The second player can always have 2, the most there is; then so can the first.
    found = subgame_perfect_payoffs(game, 0.9999)
    assert found.n_iterations < 100
    assert found.vertices.tolist() == [[2, 2]]


def test_drawing_has_closed_rings_and_labels() -> None:
    chart = drawing(subgame_perfect_payoffs(AXELROD, 0.6))
    for ring in (chart.feasible, chart.equilibrium):
        assert (ring[0] == ring[-1]).all()
    assert chart.labels[0] == "cooperate, cooperate"
    assert chart.stage_equilibria.tolist() == [[1, 1]]
    empty = drawing(subgame_perfect_payoffs(PENNIES, 0.6))
    assert (empty.shape, empty.equilibrium.shape) == ("empty", (0, 2))
    assert empty.minmax.tolist() == [1, 1]


def test_area_grows_from_none() -> None:
    assert subgame_perfect_payoffs(AXELROD, 0.1).area == 0
    assert subgame_perfect_payoffs(AXELROD, 0.25).area == pytest.approx(4.5)


def test_a_set_that_does_not_generate_itself_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # Stopping after one step, at the feasible set's first image, is stopping too early.
    monkeypatch.setattr(module, "STOP_TOL", 10.0)
    monkeypatch.setattr(module, "hausdorff_distance", lambda *_: 0.5)
    with pytest.raises(CertificateError, match="generates another"):
        subgame_perfect_payoffs(AXELROD, 0.3)


def test_bad_input_is_named() -> None:
    with pytest.raises(InvalidGameError, match="3 players"):
        subgame_perfect_payoffs(NormalFormGame(np.zeros((3, 1, 1, 1))), 0.5)
    for discount in (1, -0.1, float("nan")):
        with pytest.raises(InvalidGameError, match="discount"):
            subgame_perfect_payoffs(AXELROD, discount)


def test_polygon_operations_on_degenerate_sets() -> None:
    segment = np.array([[0.0, 0.0], [1.0, 1.0]])
    assert sorted(clip(segment, (0.25, 0.5), clip_tol=0).tolist()) == [[0.5, 0.5], [1, 1]]
    assert len(clip(segment, (2.0, 0.0), clip_tol=0)) == 0
    assert clip(np.array([[1.0, 1.0]]), (1.0, 0.0), clip_tol=0).tolist() == [[1, 1]]
    assert len(clip(np.empty((0, 2)), (0.0, 0.0), clip_tol=0)) == 0
    assert distance_to_hull(np.array([0.0, 1.0]), segment) == pytest.approx(np.sqrt(0.5))
    assert distance_to_hull(np.zeros(2), np.empty((0, 2))) == np.inf
    assert hausdorff_distance(np.empty((0, 2)), segment) == np.inf


def test_hull_keeps_the_ends_of_a_nearly_vertical_edge() -> None:
    # Rounding orders the points of the left edge as middle, bottom, top.
    points = np.array([[0, 0.5], [1e-16, 0.0], [2e-16, 1.0], [1.0, 0.0], [1.0, 1.0]])
    hull = convex_hull(points, merge_tol=1e-13)
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    assert len(hull) == 4
    assert hausdorff_distance(hull, square) < 1e-12


@pytest.mark.parametrize(
    ("game", "discount", "marks"),
    [
        (AXELROD, 0.6, {"polygon": 2, "circle": 4}),  # the feasible set and the equilibria
        (AXELROD, 0.2, {"polygon": 1, "circle": 5}),  # defection for ever is one point
        (bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]), 0.3, {"polygon": 1, "circle": 4}),
        (bimatrix([[1, 1], [1, 1]], [[2, 2], [2, 2]]), 0.3, {"polygon": 1, "circle": 5}),
    ],
    ids=["polygon", "point", "empty", "constant"],
)
def test_drawing_is_an_image_with_its_marks(
    game: NormalFormGame, discount: float, marks: dict[str, int]
) -> None:
    image = ElementTree.fromstring(payoff_set_svg(subgame_perfect_payoffs(game, discount)))
    for name, count in marks.items():
        assert len(image.findall(f"{{http://www.w3.org/2000/svg}}{name}")) == count
    corners = [p.get("points", "") for p in image.iter() if p.get("points")]
    size = float(image.get("width", "nan"))
    places = [float(v) for text in corners for pair in text.split() for v in pair.split(",")]
    assert all(0 <= v <= size for v in places)
