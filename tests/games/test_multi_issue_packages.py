"""Packages: frontier and solutions against the definition, for every kind of utility."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, NoSolutionError, TooLargeError
from games.multi_issue.domain import (
    AdditiveUtility,
    Domain,
    Issue,
    Negotiation,
    Profile,
    TabulatedUtility,
)
from games.multi_issue.logrolling import logrolling_swaps
from games.multi_issue.packages import package_frontier, solve_packages


def make_domain(shape):
    return Domain(
        tuple(Issue(f"i{k}", tuple(f"o{j}" for j in range(m))) for k, m in enumerate(shape))
    )


def additive(rng, shape, n_players, top=30):
    profiles = tuple(
        Profile(f"p{i}", AdditiveUtility(tuple(rng.integers(0, top, m) / 10 for m in shape)))
        for i in range(n_players)
    )
    return Negotiation(make_domain(shape), profiles)


def tabulated(negotiation, players=None):
    """The same negotiation with some utilities written out as tables."""
    table = negotiation.utilities(np.arange(negotiation.domain.n_packages))
    profiles = tuple(
        Profile(p.player, TabulatedUtility(table[:, i]), p.reservation, p.discount)
        if players is None or i in players
        else p
        for i, p in enumerate(negotiation.profiles)
    )
    return Negotiation(negotiation.domain, profiles)


def brute_packages(table):
    """Efficient rows by the definition; differences of rounding size are none."""
    keep = []
    for k, mine in enumerate(table):
        weak = (table >= mine - 1e-10).all(axis=1)
        strict = (table > mine + 1e-10).any(axis=1)
        if not (weak & strict).any():
            keep.append(k)
    return keep


SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=5)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(0, 10**6), SHAPES, st.integers(1, 4))
def test_frontier_agrees_with_the_definition(seed, shape, n_players):
    negotiation = additive(np.random.default_rng(seed), shape, n_players)
    table = negotiation.utilities(np.arange(negotiation.domain.n_packages))
    expected = brute_packages(table)
    for same in (negotiation, tabulated(negotiation), tabulated(negotiation, {0})):
        frontier = package_frontier(same)
        found = sorted(
            package
            for point in range(len(frontier.utilities))
            for package in frontier.packages(point)
        )
        assert found == expected
        assert frontier.n_packages == len(expected)
        assert sorted(frontier.first) == sorted(
            min(frontier.packages(point)) for point in range(len(frontier.utilities))
        )


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.integers(0, 10**6), SHAPES, st.integers(2, 3))
def test_solutions_agree_with_the_definition(seed, shape, n_players):
    rng = np.random.default_rng(seed)
    plain = additive(rng, shape, n_players)
    table = plain.utilities(np.arange(plain.domain.n_packages))
    reservations = rng.uniform(0, 1, n_players) * table.mean(axis=0)
    negotiation = Negotiation(
        plain.domain,
        tuple(
            Profile(p.player, p.utility, r)
            for p, r in zip(plain.profiles, reservations, strict=True)
        ),
    )
    rational = table[(table >= reservations).all(axis=1)]
    if not rational.size:
        with pytest.raises(NoSolutionError, match="in conflict"):
            solve_packages(negotiation)
        return
    found = solve_packages(negotiation)
    gains = rational - reservations
    assert (found.nash_bargaining.utilities - reservations).prod() == pytest.approx(
        gains.prod(axis=1).max()
    )
    assert (found.egalitarian.utilities - reservations).min() == pytest.approx(
        gains.min(axis=1).max()
    )
    assert found.utilitarian.utilities.sum() == pytest.approx(rational.sum(axis=1).max())
    ideal = gains.max(axis=0)
    if (ideal > 1e-9).all():
        shares = (gains / ideal).min(axis=1).max()
        mine = ((found.kalai_smorodinsky.utilities - reservations) / ideal).min()
        assert mine == pytest.approx(shares)
    losses = (gains.max(axis=0) - gains).max(axis=1).min()
    mine = (ideal - (found.equal_loss.utilities - reservations)).max()
    assert mine == pytest.approx(losses)


def test_millions_of_packages_agree_with_their_table():
    negotiation = additive(np.random.default_rng(3), (6,) * 8, 2, top=1000)
    assert negotiation.domain.n_packages == 1_679_616
    a, b = solve_packages(negotiation), solve_packages(tabulated(negotiation))
    assert a.frontier.utilities == pytest.approx(b.frontier.utilities)
    assert a.frontier.first.tolist() == b.frontier.first.tolist()
    assert a.nash_bargaining.package == b.nash_bargaining.package


def test_a_domain_far_too_large_to_list():
    negotiation = additive(np.random.default_rng(4), (9,) * 19, 2)
    assert negotiation.domain.n_packages > 10**18
    found = solve_packages(negotiation)
    top = sum(float(part.max()) for part in negotiation.profiles[0].utility.contributions)
    assert found.frontier.utilities[0, 0] == pytest.approx(top)


def test_everything_ties():
    flat = AdditiveUtility(tuple(np.zeros(10) for _ in range(8)))
    negotiation = Negotiation(make_domain((10,) * 8), (Profile("a", flat), Profile("b", flat)))
    frontier = package_frontier(negotiation)
    assert frontier.n_packages == 10**8
    assert frontier.first.tolist() == [0]
    assert frontier.packages(0, limit=3) == (0, 1, 2)


def test_reservation_and_discount_are_honoured():
    domain = make_domain((3,))
    a = Profile("a", AdditiveUtility((np.array([1.0, 0.6, 0.1]),)), 0.2, discount=0.5)
    b = Profile("b", AdditiveUtility((np.array([0.1, 0.5, 1.0]),)), 0.2)
    negotiation = Negotiation(domain, (a, b))
    assert solve_packages(negotiation).nash_bargaining.package == 1
    later = negotiation.at_time(1.0)
    assert later.reservations.tolist() == [0.1, 0.2]
    assert later.utilities([1]).tolist() == [[0.3, 0.5]]
    with pytest.raises(InvalidGameError, match="time"):
        negotiation.at_time(-1)


def test_no_zone_names_who_conflicts():
    domain = make_domain((2,))
    sides = [([1, 0], 0.5), ([0, 1], 0.5), ([1, 1], 0.5)]
    profiles = tuple(
        Profile(name, AdditiveUtility((np.array(row, dtype=float),)), r)
        for name, (row, r) in zip("abc", sides, strict=True)
    )
    with pytest.raises(NoSolutionError, match=r"in conflict: a with b$"):
        solve_packages(Negotiation(domain, profiles))


def test_package_numbers_go_both_ways():
    domain = make_domain((2, 3, 4))
    for number in range(domain.n_packages):
        assert domain.index(domain.package(number)) == number
    with pytest.raises(InvalidGameError, match="lacks issue 'i2'"):
        domain.index({"i0": "o0", "i1": "o0"})
    with pytest.raises(InvalidGameError, match="'o9'"):
        domain.index({"i0": "o9", "i1": "o0", "i2": "o0"})


def test_bad_domains_and_profiles():
    domain = make_domain((2, 3))
    row = AdditiveUtility((np.zeros(2), np.zeros(3)))
    with pytest.raises(InvalidGameError, match="covers 1 issues of 2"):
        Negotiation(domain, (Profile("a", AdditiveUtility((np.zeros(2),))),))
    with pytest.raises(InvalidGameError, match="'i1'"):
        Negotiation(domain, (Profile("a", AdditiveUtility((np.zeros(2), np.zeros(2)))),))
    with pytest.raises(InvalidGameError, match="6 packages"):
        Negotiation(domain, (Profile("a", TabulatedUtility(np.zeros(5))),))
    with pytest.raises(InvalidGameError, match="two players"):
        Negotiation(domain, (Profile("a", row), Profile("a", row)))
    with pytest.raises(InvalidGameError, match="discount"):
        Profile("a", row, discount=0.0)
    with pytest.raises(InvalidGameError, match="reservation"):
        Profile("a", row, reservation=float("nan"))
    with pytest.raises(InvalidGameError, match="twice"):
        Issue("i", ("a", "a"))
    with pytest.raises(TooLargeError):
        make_domain((10,) * 20)
    with pytest.raises(InvalidGameError, match=r"weights\[0\]"):
        AdditiveUtility.weighted([-1], [[1, 2]])


@pytest.mark.parametrize("number", [-1, 6, 0.5, [0, 7]])
def test_packages_that_do_not_exist(number):
    negotiation = additive(np.random.default_rng(0), (2, 3), 2)
    with pytest.raises(InvalidGameError, match="package"):
        negotiation.utilities(np.atleast_1d(number))
    if not isinstance(number, list):
        with pytest.raises(InvalidGameError, match="package"):
            negotiation.domain.package(number)


def test_lists_serve_as_arrays_and_words_do_not():
    domain = make_domain((2,))
    sides = (Profile("a", TabulatedUtility([1, 2])), Profile("b", AdditiveUtility(([1, 2],))))
    assert solve_packages(Negotiation(domain, sides)).nash_bargaining.package == 1
    with pytest.raises(InvalidGameError, match=r"contributions\[0\]"):
        AdditiveUtility((["a", "b"],))
    with pytest.raises(InvalidGameError, match=r"contributions\[0\]: is 1e\+308"):
        AdditiveUtility(([1e308, -1e308],))
    with pytest.raises(InvalidGameError, match="table"):
        TabulatedUtility([1, "b"])
    with pytest.raises(InvalidGameError, match=r"evaluations\[0\]"):
        AdditiveUtility.weighted([1], [["a"]])
    with pytest.raises(InvalidGameError, match="'a': discount"):
        Profile("a", AdditiveUtility(([1, 2],)), discount="half")
    with pytest.raises(InvalidGameError, match="time"):
        Negotiation(domain, sides).at_time("soon")


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.integers(0, 10**6), SHAPES, st.integers(1, 4), st.booleans())
def test_frontier_beside_a_catastrophic_option(seed, shape, n_players, as_table):
    rng = np.random.default_rng(seed)
    parts = [[rng.integers(-6, 8, m).astype(float) for m in shape] for _ in range(n_players)]
    parts[0][0][0] -= 10.0 ** rng.integers(6, 13)
    profiles = tuple(Profile(f"p{i}", AdditiveUtility(tuple(p))) for i, p in enumerate(parts))
    negotiation = Negotiation(make_domain(shape), profiles)
    table = negotiation.utilities(np.arange(negotiation.domain.n_packages))
    frontier = package_frontier(tabulated(negotiation) if as_table else negotiation)
    found = [k for point in range(len(frontier.utilities)) for k in frontier.packages(point)]
    dominated = [((table >= u).all(axis=1) & (table > u).any(axis=1)).any() for u in table]
    assert sorted(found) == np.flatnonzero(~np.array(dominated)).tolist()
    rational = table[(table >= 0).all(axis=1)]
    if len(rational):
        solved = solve_packages(negotiation)
        assert solved.utilitarian.utilities.sum() == rational.sum(axis=1).max()
        assert solved.egalitarian.utilities.min() == rational.min(axis=1).max()
    else:
        with pytest.raises(NoSolutionError):
            solve_packages(negotiation)


@settings(derandomize=True, max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_logrolling_finds_exactly_the_helpful_swaps(seed, as_table):
    rng = np.random.default_rng(seed)
    negotiation = additive(rng, (3, 2, 3), 2)
    if as_table:
        negotiation = tabulated(negotiation)
    package = int(rng.integers(18))
    here = negotiation.utilities([package])[0]
    row = negotiation.domain.choices([package])[0]
    expected = set()
    for other in range(18):
        to = negotiation.domain.choices([other])[0]
        changed = np.flatnonzero(to != row)
        if len(changed) != 2 or not (negotiation.utilities([other])[0] > here + 1e-9).all():
            continue
        halves = []
        for k in changed:
            half = row.copy()
            half[k] = to[k]
            number = int(np.ravel_multi_index(tuple(half), (3, 2, 3)))
            halves.append((negotiation.utilities([number])[0] < here - 1e-9).any())
        if all(halves):
            expected.add(other)
    found = logrolling_swaps(negotiation, package)
    assert {swap.package for swap in found} == expected
    for swap in found:
        assert negotiation.utilities([swap.package])[0] - here == pytest.approx(swap.gains)


def test_logrolling_refuses_an_unknown_package():
    with pytest.raises(InvalidGameError, match="package"):
        logrolling_swaps(additive(np.random.default_rng(0), (2, 2), 2), 4)
