"""Replicator dynamics in continuous and discrete time, rest points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import CertificateError, InvalidGameError, TooLargeError
from games.learning import replicator as module
from games.learning.replicator import (
    discrete_replicator_path,
    population_paths,
    replicator_path,
    rest_points,
)
from games.learning.thresholds import tipping_share
from games.normal_form import NormalFormGame

STAG_HUNT = [[4, 0], [3, 2]]
DILEMMA = [[3, 0], [5, 1]]
HAWK_DOVE = [[-1, 4], [0, 2]]
ROCK_PAPER_SCISSORS = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]


def test_logistic_growth_in_closed_form() -> None:
    # Constant advantage s: x/(1-x) grows as exp(s t).
    times = np.linspace(0, 12, 7)
    path = replicator_path([[1.5, 1.5], [1, 1]], [0.01, 0.99], times)
    odds = 0.01 / 0.99 * np.exp(0.5 * times)
    assert path.shares[:, 0] == pytest.approx(odds / (1 + odds), abs=1e-8)
    assert path.error < 1e-6


@pytest.mark.parametrize(("start", "end"), [(0.66, 0.0), (0.674, 1.0)])
def test_stag_hunt_tips_at_two_thirds(start: float, end: float) -> None:
    """Ground truth G20."""
    assert float(tipping_share(4, 0, 3, 2)) == pytest.approx(2 / 3)
    path = replicator_path(STAG_HUNT, [start, 1 - start], [0, 40])
    assert path.shares[-1, 0] == pytest.approx(end, abs=1e-6)
    generations = discrete_replicator_path(STAG_HUNT, [start, 1 - start], 400, background=1)
    assert generations.shares[-1, 0] == pytest.approx(end, abs=1e-6)


def test_cooperation_dies_out_in_the_dilemma() -> None:
    """Model 46: no tipping point, the norm dies without enforcement."""
    path = replicator_path(DILEMMA, [0.99, 0.01], [0, 30])
    assert path.shares[-1, 0] < 1e-6
    [cooperate, defect] = rest_points(DILEMMA).points
    assert (cooperate.stability, defect.stability) == ("unstable", "stable")


def test_hawks_and_doves_coexist() -> None:
    """Maynard Smith: V = 4, C = 6 gives a share V/C of hawks."""
    mixed = rest_points(HAWK_DOVE).points[-1]
    assert mixed.shares == pytest.approx([2 / 3, 1 / 3])
    assert mixed.stability == "stable"
    path = replicator_path(HAWK_DOVE, [0.05, 0.95], [0, 40])
    assert path.shares[-1] == pytest.approx(mixed.shares, abs=1e-6)


def test_rock_paper_scissors_keeps_the_product_of_shares() -> None:
    """Hofbauer and Sigmund (1998): the product is a constant of motion."""
    path = replicator_path(ROCK_PAPER_SCISSORS, [0.5, 0.3, 0.2], np.linspace(0, 50, 11))
    assert path.shares.prod(axis=1) == pytest.approx(np.full(11, 0.03), abs=1e-7)
    centre = rest_points(ROCK_PAPER_SCISSORS).points[-1]
    assert centre.shares == pytest.approx([1 / 3] * 3)
    assert centre.stability == "undecided"


def test_a_continuum_of_rest_points_is_said_to_be_one() -> None:
    found = rest_points([[1, 1], [1, 1]])
    assert not found.is_complete
    assert len(found.points) == 2
    assert rest_points(STAG_HUNT).is_complete


def test_a_singular_support_without_rest_point_leaves_the_list_complete() -> None:
    # Equal columns differences: strategy 1 beats strategy 2 by one everywhere.
    assert rest_points([[2, 2], [1, 1]]).is_complete


matrices = st.builds(
    lambda seed, m: np.random.default_rng(seed).normal(size=(m, m)),
    st.integers(0, 10_000),
    st.integers(2, 4),
)


@given(A=matrices, shift=st.floats(-50, 50), scale=st.floats(0.1, 10))
@settings(derandomize=True, max_examples=15, deadline=None)
def test_column_constants_change_nothing_and_scale_is_a_clock(
    A: np.ndarray, shift: float, scale: float
) -> None:
    m = len(A)
    start = np.full(m, 1 / m)
    base = replicator_path(A, start, [0, 1, 3])
    moved = replicator_path(scale * A + shift * np.arange(m), start, np.array([0, 1, 3]) / scale)
    assert moved.shares == pytest.approx(base.shares, abs=1e-6)
    assert base.shares.sum(axis=1) == pytest.approx(np.ones(3))
    first, second = rest_points(A), rest_points(scale * A + shift * np.arange(m))
    assert [p.stability for p in first.points] == [p.stability for p in second.points]


@given(A=matrices)
@settings(derandomize=True, max_examples=20, deadline=None)
def test_rest_points_do_not_move(A: np.ndarray) -> None:
    for point in rest_points(A).points:
        # Within the support exactly; a path from a rest point stays.
        path = replicator_path(A, point.shares, [0, 0.5])
        assert path.shares[-1] == pytest.approx(point.shares, abs=1e-6)
        payoffs = A @ point.shares
        used = payoffs[point.shares > 0]
        assert np.ptp(used) < 1e-9
        if point.stability == "stable":
            # Folk theorem of evolutionary game theory: stable rest points are Nash.
            assert payoffs.max() <= used.max() + 1e-9


def test_extinct_strategies_stay_extinct() -> None:
    path = replicator_path(ROCK_PAPER_SCISSORS, [0.5, 0.5, 0], [0, 30])
    assert path.shares[-1, 2] == 0
    assert path.shares[-1, 1] == pytest.approx(1, abs=1e-6)


def test_one_population_per_player() -> None:
    # Matching pennies: x(1-x) y(1-y) is constant.
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    row, column = population_paths(pennies, [[0.8, 0.2], [0.4, 0.6]], np.linspace(0, 20, 9))
    constant = row.shares.prod(axis=1) * column.shares.prod(axis=1)
    assert constant == pytest.approx(np.full(9, 0.16 * 0.24), abs=1e-7)
    three = NormalFormGame(np.random.default_rng(0).normal(size=(3, 2, 3, 2)))
    paths = population_paths(three, [[1, 0], [0.2, 0.3, 0.5], [0.5, 0.5]], [0, 2])
    assert (paths[0].shares[:, 1] == 0).all()


def test_huge_payoffs_over_long_horizons() -> None:
    path = replicator_path(np.array(STAG_HUNT) * 1e6 + 1e6, [0.7, 0.3], [0, 60])
    assert path.shares[-1] == pytest.approx([1, 0])


def test_discrete_growth_by_hand() -> None:
    path = discrete_replicator_path([[3, 1], [1, 2]], [0.5, 0.5], 1, background=1)
    assert path.shares[1] == pytest.approx([3 / 5.5, 2.5 / 5.5])


def test_disagreeing_integrators_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATH_TOL", 1e-17)
    with pytest.raises(CertificateError):
        replicator_path(ROCK_PAPER_SCISSORS, [0.5, 0.3, 0.2], [0, 50])


def test_bad_input_is_named() -> None:
    with pytest.raises(InvalidGameError, match="A"):
        replicator_path([[1, 2]], [1, 0], [0, 1])
    with pytest.raises(InvalidGameError, match=r"A\[0, 1\]"):
        rest_points([[1, np.nan], [0, 1]])
    with pytest.raises(InvalidGameError, match="start"):
        replicator_path(STAG_HUNT, [0.5, 0.6], [0, 1])
    with pytest.raises(InvalidGameError, match="times"):
        replicator_path(STAG_HUNT, [0.5, 0.5], [1, 0])
    with pytest.raises(InvalidGameError, match="background"):
        discrete_replicator_path(DILEMMA, [0.5, 0.5], 3)
    with pytest.raises(InvalidGameError, match="n_steps"):
        discrete_replicator_path(DILEMMA, [0.5, 0.5], -1, background=1)
    with pytest.raises(TooLargeError):
        rest_points(np.eye(13))
