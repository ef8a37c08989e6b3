"""Models with closed structure: published sizes, ties, and agreement with a full scan."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, NoSolutionError, TooLargeError
from games.participation.barrett_quadratic import barrett_quadratic
from games.participation.depth import depth_by_breadth, first_best_share, largest_depth
from games.participation.heterogeneous_quadratic import HeterogeneousQuadratic
from games.participation.linear_benefit import (
    linear_benefit,
    linear_pledges,
    smallest_effective_size,
)
from games.participation.linear_quadratic import linear_quadratic
from games.participation.linkage import linkage, linked_membership
from games.participation.participation_game import ParticipationGame
from games.participation.search import search_stable
from games.participation.stability import stability
from games.participation.symmetric_game import SymmetricGame
from games.participation.trade_measures import (
    TradeMeasures,
    least_trade_loss,
    symmetric_trade_measures,
    tipping_size,
)
from games.participation.typed_game import TypedGame


def written_out(game):
    """The same game over all coalitions."""
    n = game.n_players
    inside = np.array([0.0, *(float(x) for x in game.member)])
    outside = np.array([*(float(x) for x in game.outsider), 0.0])

    def payoffs(members):
        size = members.sum(axis=0)
        return np.where(members, inside[size], outside[size])

    return ParticipationGame.from_function(n, payoffs)


SYMMETRIC = [
    linear_benefit(7, 1, 3.5),
    linear_benefit(7, 1, 3),
    linear_benefit(5, 2, 1),
    linear_quadratic(7),
    barrett_quadratic(7, 1, 0.1),
    barrett_quadratic(7, 1, 0.5, is_leader=False),
    symmetric_trade_measures(7, 1, 3.5, 0.5),
]


@pytest.mark.parametrize("game", SYMMETRIC, ids=range(len(SYMMETRIC)))
def test_sizes_agree_with_a_scan_of_all_coalitions(game):
    whole = written_out(game)
    found = stability(whole)
    sizes = whole.sizes()
    for size in range(game.n_players + 1):
        stable = found.is_stable[sizes == size]
        listed = [s for s in game.stable_sizes() if s.size == size]
        assert stable.all() == stable.any() == bool(listed)
        if listed:
            assert found.has_tie[sizes == size].all() == bool(listed[0].tied)
        assert whole.welfare[sizes == size] == pytest.approx(float(game.welfare(size)))


@pytest.mark.parametrize(("cost", "size"), [(3.5, 4), (2.5, 3), (6.2, 7)])
def test_linear_benefit_needs_cost_over_benefit_rounded_up(cost, size):
    assert smallest_effective_size(1, cost) == size
    for n in (size, 20, 193):
        assert linear_benefit(n, 1, cost).effective_sizes() == (size,)
    assert linear_benefit(size - 1, 1, cost).effective_sizes() == ()


def test_linear_benefit_in_decimals_and_by_a_tie():
    # 1.1 / 0.1 is 11.000000000000002 in floats; the size is 11, and its members are indifferent.
    assert smallest_effective_size(0.1, 1.1) == 11
    [found] = [s for s in linear_benefit(20, 0.1, 1.1).stable_sizes() if not s.is_idle]
    assert (found.size, found.tied) == (11, ("members",))
    assert linear_benefit(5, 2, 1).welfare(0) == linear_benefit(5, 2, 1).welfare(5) == 45


@pytest.mark.parametrize("n", [3, 4, 10, 50, 193])
def test_linear_quadratic_two_and_three_by_a_tie(n):
    game = linear_quadratic(n, 2, 7)
    effective = [s for s in game.stable_sizes() if not s.is_idle]
    assert [s.size for s in effective] == [2, 3]
    assert [s.tied for s in effective] == [("outsiders",), ("members",)]
    assert effective[1].leave_slack == 0


def test_linear_quadratic_welfare_of_ten():
    game = linear_quadratic(10)
    assert [game.welfare(k) for k in (0, 3, 10)] == [95, 143, 500]
    assert game.gap_closed(3) == Fraction(48, 405)


@pytest.mark.parametrize(
    ("n", "cost", "size"),
    [
        *((10, c, k) for c, k in [(0.01, 10), (0.1, 6), (0.25, 4), (0.5, 3), (1, 3), (5, 2)]),
        *((100, c, k) for c, k in [(0.01, 51), (0.1, 11), (0.25, 5)]),
    ],
)
def test_barrett_leader_sizes(n, cost, size):
    # Barrett (1994): large agreements only where they gain little.
    assert barrett_quadratic(n, 1, cost).effective_sizes() == (size,)
    assert barrett_quadratic(n, 1, cost, scale=100).effective_sizes() == (size,)


@pytest.mark.parametrize("is_leader", [True, False])
def test_barrett_abatement_is_optimal(is_leader):
    # Payoffs by numerical optimisation of the signatories' common abatement, outsiders reacting
    # to it (leader) or fixed (at once).
    n, k, a, b, c = 6, 3, 1.0, 1.0, 0.4
    game = barrett_quadratic(n, b, c, is_leader=is_leader)

    def payoff(own, total):
        return b * (a * total - total**2 / 2) / n - c * own**2 / 2

    def reaction(q):
        return b * (a - k * q) / (n * c + b * (n - k))

    grid = np.linspace(0, a, 200_001)
    if is_leader:
        q = grid[np.argmax(payoff(grid, k * grid + (n - k) * reaction(grid)))]
    else:
        q = 0.0
        for _ in range(60):
            q = grid[np.argmax(payoff(grid, k * grid + (n - k) * reaction(q)))]
    total = k * q + (n - k) * reaction(q)
    assert float(game.member[k - 1]) == pytest.approx(payoff(q, total), abs=1e-6)
    assert float(game.outsider[k]) == pytest.approx(payoff(reaction(q), total), abs=1e-5)


def test_trade_measures_tip():
    # N = 10, b = 1, c = 3.5: nobody at .1; all or nobody from .3 (models after Barrett, 1997).
    assert [s.size for s in symmetric_trade_measures(10, 1, 3.5, 0.1).stable_sizes()] == [0]
    for tau, tipping in [(0.3, 26 / 3), (0.5, 7), (1, 5.75)]:
        sizes = [s.size for s in symmetric_trade_measures(10, 1, 3.5, tau).stable_sizes()]
        assert sizes == [0, 10]
        assert float(tipping_size(10, 1, 3.5, tau)) == pytest.approx(tipping)
    least = least_trade_loss(10, 1, 3.5)
    assert least == Fraction(5, 18)
    assert 10 in [s.size for s in symmetric_trade_measures(10, 1, 3.5, least).stable_sizes()]
    with pytest.raises(NoSolutionError, match="trade loss"):
        tipping_size(10, 1, 3.5, 0)


def test_trade_measures_among_unlike_players_agree_with_like_ones():
    model = TradeMeasures([1.0] * 6, [3.5] * 6, np.full((6, 6), 0.5))
    game = ParticipationGame.from_function(6, model.payoffs)
    like = written_out(symmetric_trade_measures(6, 1, 3.5, 0.5))
    np.testing.assert_allclose(game.payoffs, like.payoffs)


@pytest.mark.parametrize(
    ("call", "place"),
    [
        (lambda: linear_benefit(0, 1, 2), "n_players"),
        (lambda: linear_benefit(3, 0, 2), "benefit"),
        (lambda: linear_benefit(3, 1, -2), "cost"),
        (lambda: linear_benefit(3, float("nan"), 2), "benefit"),
        (lambda: linear_quadratic(3, 1, 0), "cost"),
        (lambda: barrett_quadratic(0, 1, 1), "n_players"),
        (lambda: barrett_quadratic(3, 1, -1), "cost"),
        (lambda: symmetric_trade_measures(3, 1, 2, -1), "trade_loss"),
        (lambda: least_trade_loss(1, 1, 2), "n_players"),
        (lambda: TradeMeasures([1], [1], [[0, 1]]), "losses"),
        (lambda: TradeMeasures([1, 1], [1, 1], [[0, -1], [0, 0]]), "losses"),
        (lambda: SymmetricGame([1], [1, 2]), "member, outsider"),
        (lambda: SymmetricGame([1], [1]).leave_slack(0), "size"),
        (lambda: SymmetricGame([1], [1]).join_slack(1), "size"),
        (lambda: SymmetricGame([1], [1]).welfare(2), "size"),
        (lambda: SymmetricGame([1], [1]).gap_closed(1), "size"),
        (lambda: linear_pledges([1], [1, 2]), "benefits, costs"),
        (lambda: linkage([1], [1, 2]), "gains, losses"),
        (lambda: linkage([-1], [1]), r"gains\[0\]"),
        (lambda: linkage([0], [0]), r"gains\[0\]"),
        (lambda: largest_depth(10, 1, 1, 1), "discount"),
        (lambda: largest_depth(0, 1, 1, 0.5), "n_players"),
        (lambda: depth_by_breadth([1], [1], [0.5]), "discounts"),
        (lambda: depth_by_breadth([1, 1], [1, 0], [0.5, 0.5]), r"cost\[1\]"),
    ],
)
def test_models_check_their_input(call, place):
    with pytest.raises(InvalidGameError, match=place):
        call()


TYPES = HeterogeneousQuadratic([1, 2, 3], [1, 1.5, 2], [0.001, 0.002, 0.003])


def test_types_agree_with_a_scan_of_all_coalitions():
    counts = (3, 2, 3)
    typed = TYPES.typed_game(counts)
    kind = np.repeat(np.arange(3), counts)
    whole = HeterogeneousQuadratic(TYPES.alpha[kind], TYPES.beta[kind], TYPES.phi[kind]).game()
    found = stability(whole)
    by_numbers = {s.members: s for s in typed.stable()}
    seen = set()
    for mask in range(1 << 8):
        members = whole.members(mask)
        numbers = tuple(int((kind[list(members)] == t).sum()) for t in range(3))
        assert found.is_stable[mask] == (numbers in by_numbers)
        seen.add(numbers)
        if numbers in by_numbers:
            report, expected = found.report(mask), by_numbers[numbers]
            for i in members:
                slack = expected.leave_slacks[kind[i]]
                assert report.slacks[i] == pytest.approx(slack, abs=1e-12)
    assert set(by_numbers) <= seen


def test_193_players_of_three_types():
    typed = TYPES.typed_game((60, 60, 73), ["small", "middle", "large"])
    found = typed.stable()
    assert TypedGame.method.startswith("complete")
    several = [s for s in found if sum(s.members) > 1]
    assert several
    for s in several:
        assert min(s.leave_slacks) >= 0
        assert s.n_coalitions > 0
    nobody = next(s for s in found if sum(s.members) == 0)
    assert set(nobody.tied) == {f"outsiders of {t}" for t in ("small", "middle", "large")}


def test_typed_games_check_their_input():
    with pytest.raises(InvalidGameError, match="counts"):
        TYPES.typed_game((1, 0, 1))
    with pytest.raises(InvalidGameError, match="types"):
        TYPES.typed_game((1, 1, 1), ["a", "a", "b"])
    with pytest.raises(TooLargeError, match="merge types"):
        TYPES.typed_game((500, 500, 500))
    with pytest.raises(InvalidGameError, match="function"):
        TypedGame.from_function([2], lambda inside, counts: (inside[0], inside))


def test_search_of_few_players_is_a_full_scan():
    rng = np.random.default_rng(5)
    for _ in range(5):
        model = HeterogeneousQuadratic(
            rng.uniform(1, 9, 7), rng.uniform(0.1, 5, 7), rng.uniform(0, 0.5, 7)
        )
        found = search_stable(7, model.payoffs, seed=1)
        assert found.is_complete
        whole = stability(model.game())
        effective = {whole.game.members(m) for m in whole.effective_masks}
        assert {c.members for c in found.coalitions if not c.is_idle} == effective
        assert {c.members for c in found.coalitions if c.is_idle} >= {()}


def test_search_among_193_unlike_players_says_what_it_covers():
    rng = np.random.default_rng(11)
    n = 193
    model = HeterogeneousQuadratic(
        rng.uniform(1, 2, n), rng.uniform(0.5, 2, n), rng.lognormal(-6, 1.5, n)
    )
    found = search_stable(n, model.payoffs, seed=2, n_starts=4)
    assert (found.complete_up_to, found.is_complete) == (2, False)
    assert "others may exist" in found.method
    assert found.coalitions
    for c in found.coalitions:
        inside = np.zeros((n, n + 1), dtype=bool)
        inside[list(c.members)] = True
        inside[np.arange(n), np.arange(n)] ^= True
        payoffs = model.payoffs(inside)
        slack = payoffs[:, n] - payoffs[np.arange(n), np.arange(n)]
        assert slack.min() >= -1e-12 * np.abs(payoffs).max()
    with pytest.raises(InvalidGameError, match="n_players"):
        search_stable(0, model.payoffs, seed=1)


def test_linkage_helps_one_issue_and_endangers_another():
    # After Bernheim and Whinston (1990): .8 and .2 alone, .5 linked (G18).
    found = linkage([4, 1], [1, 4])
    assert (found.alone, found.linked) == ((Fraction(4, 5), Fraction(1, 5)), Fraction(1, 2))
    assert (found.helped, found.endangered) == ((0,), (1,))
    same = linkage([2, 2], [3, 3])
    assert same.linked == same.alone[0]
    assert same.helped == same.endangered == ()


def test_leaving_one_layer_or_all():
    costly = ParticipationGame([[0, -2, 1, -1], [0, 1, -2, -1]])
    valued = ParticipationGame([[0, 1, 0, 5], [0, 0, 1, 5]])
    found = linked_membership([costly, valued], [3, 3], 0)
    assert found.slacks == (-2.0, 5.0)
    assert found.leaves_one == (0,)
    assert not found.leaves_all
    with pytest.raises(InvalidGameError, match="masks"):
        linked_membership([costly], [3, 3], 0)
    with pytest.raises(InvalidGameError, match="player"):
        linked_membership([costly], [3], 2)


def test_depth_of_ten_and_the_price_of_breadth():
    assert largest_depth(10, 1, 1, 0.3) == Fraction(27, 5)  # G24
    assert first_best_share(0.3) == Fraction(3, 5)
    assert first_best_share(0.7) == 1
    frontier = depth_by_breadth([3, 1, 2, 0.1], [1, 1, 1, 1], [0.5] * 4)
    assert [f.members for f in frontier] == [(0, 2), (0, 1, 2), (0, 1, 2, 3)]
    assert [f.common for f in frontier] == [2, 2, Fraction(3, 10)]
    assert [f.binding for f in frontier] == [2, 1, 3]
    assert frontier[2].differentiated[0] == 9


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.integers(2, 12), st.integers(1, 30), st.integers(1, 30), st.integers(1, 99))
def test_depth_is_where_defection_just_does_not_pay(n, b, c, percent):
    delta = Fraction(percent, 100)
    x = largest_depth(n, b, c, delta)
    gain = Fraction(c) * x * x / 2
    per_period = b * (n - 1) * x - Fraction(c) * x * x / 2
    assert gain == delta / (1 - delta) * per_period
