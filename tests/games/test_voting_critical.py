"""Deegan–Packel and Johnston: every way to count critical members, against the definition."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import CertificateError, TooLargeError
from games.voting import critical as critical_module
from games.voting import critical_ranks as critical_ranks_module
from games.voting import critical_sweeps as critical_sweeps_module
from games.voting import deegan_packel as deegan_packel_module
from games.voting import johnston as johnston_module
from games.voting.banzhaf import banzhaf
from games.voting.critical import critical_types_seconds
from games.voting.critical_ranks import critical_ranks_seconds
from games.voting.critical_sweeps import is_size_binding, sweeps_seconds, units_by_sweeps
from games.voting.critical_units import shares_of_units
from games.voting.deegan_packel import deegan_packel
from games.voting.johnston import johnston
from games.voting.weighted_game import VotingGame, WeightedRule

# Eurostat (demo_pjan), population on 1 January 2020 in thousands, members of the EU of 27.
EU = [83167, 67320, 59641, 47333, 37958, 19329, 17408, 11522, 10719, 10694, 10328, 10296, 9770]
EU += [8901, 6951, 5823, 5525, 5458, 4964, 4058, 2794, 2096, 1908, 1329, 888, 626, 515]


@st.composite
def conjunctions(draw):
    n = draw(st.integers(1, 7))
    rules = []
    for _ in range(draw(st.integers(1, 3))):
        weights = draw(st.lists(st.sampled_from([0, 0, 1, 2, 3, 5, 20]), min_size=n, max_size=n))
        if draw(st.booleans()):
            weights = [1] * n
        weights[-1] = max(weights[-1], 1)
        rules.append(WeightedRule(draw(st.integers(1, sum(weights))), weights))
    return VotingGame(rules)


def units_by_definition(game):
    # Units of Johnston's index and of Deegan and Packel's.
    n = game.n_players
    wins = [game.wins(i for i in range(n) if mask >> i & 1) for mask in range(1 << n)]
    vulnerable, minimal = [Fraction(0)] * n, [Fraction(0)] * n
    for mask in range(1 << n):
        members = [i for i in range(n) if mask >> i & 1]
        critical = [i for i in members if wins[mask] and not wins[mask ^ (1 << i)]]
        for i in critical:
            vulnerable[i] += Fraction(1, len(critical))
            minimal[i] += Fraction(critical == members, len(critical))
    firsts = [group[0] for group in game.types]
    return {i: vulnerable[i] for i in firsts}, {i: minimal[i] for i in firsts}


@settings(derandomize=True, max_examples=200, deadline=None)
@given(conjunctions())
def test_all_methods_agree_with_the_definition(game):
    vulnerable, minimal = units_by_definition(game)
    assert johnston_module._units_by_types(game) == vulnerable
    assert deegan_packel_module._units_by_types(game) == minimal
    if sweeps_seconds(game) < float("inf"):
        assert units_by_sweeps(game) == vulnerable
    if critical_ranks_seconds(game) < float("inf"):
        assert deegan_packel_module._units_by_ranks(game) == minimal
        if not is_size_binding(game):
            assert johnston_module._units_by_ranks(game) == vulnerable
    assert johnston(game) == shares_of_units(game, vulnerable)
    assert deegan_packel(game) == shares_of_units(game, minimal)


def test_methods_agree_on_seventeen_unlike_players():
    weights = [(7 * k * k + 3 * k) % 59 + k for k in range(17)]
    for least in (2, 9, 16):
        game = VotingGame([WeightedRule("55%", weights), WeightedRule(least, [1] * 17)])
        vulnerable = johnston_module._units_by_types(game)
        assert units_by_sweeps(game) == vulnerable
        minimal = deegan_packel_module._units_by_types(game)
        assert deegan_packel_module._units_by_ranks(game) == minimal
        if not is_size_binding(game):
            assert johnston_module._units_by_ranks(game) == vulnerable


def test_methods_agree_beyond_sixty_four_bits():
    weights = [[9, 4, 0][k % 3] for k in range(90)]
    game = VotingGame([WeightedRule("50%", weights), WeightedRule(55, [1] * 90)])
    assert is_size_binding(game)
    assert units_by_sweeps(game) == johnston_module._units_by_types(game)
    minimal = deegan_packel_module._units_by_types(game)
    assert deegan_packel_module._units_by_ranks(game) == minimal


def test_neither_parts_of_the_list_nor_batches_of_primes_change_anything(monkeypatch):
    rules = [WeightedRule(21, [9, 7, 7, 5, 5, 3, 2, 0]), WeightedRule(5, [1] * 8)]
    game = VotingGame(rules)
    vulnerable, minimal = units_by_definition(game)
    monkeypatch.setattr(critical_module, "CHUNK_PROFILES", 5)
    monkeypatch.setattr(critical_ranks_module, "BATCH_CELLS", 1)
    monkeypatch.setattr(critical_sweeps_module, "BATCH_CELLS", 1)
    assert johnston_module._units_by_types(game) == units_by_sweeps(game) == vulnerable
    assert deegan_packel_module._units_by_types(game) == minimal
    assert deegan_packel_module._units_by_ranks(game) == minimal
    three = VotingGame([*rules, WeightedRule(9, [0, 1, 2, 3, 1, 2, 3, 4])])
    vulnerable, minimal = units_by_definition(three)
    assert johnston_module._units_by_types(three) == vulnerable
    assert deegan_packel_module._units_by_types(three) == minimal


@pytest.mark.parametrize("index", [deegan_packel, johnston])
def test_states_and_population_in_the_european_council(index):
    # Treaty of Lisbon, without the clause that a minority of four at least is needed to block.
    game = VotingGame([WeightedRule("65%", EU), WeightedRule(15, [1] * 27)])
    shares = index(game)
    assert sum(shares) == 1
    assert list(shares) == sorted(shares, reverse=True)
    # The count of heads gives the smallest more than their population.
    assert shares[-1] > Fraction(EU[-1], sum(EU))


@pytest.mark.parametrize("index", [deegan_packel, johnston])
def test_members_and_emissions_of_197(index):
    weights = [160, 90, 80, 50, 30] + [1 + (5 * k) % 9 for k in range(92)] + [0] * 100
    game = VotingGame([WeightedRule("55%", weights), WeightedRule(55, [1] * 197)])
    shares = index(game)
    assert sum(shares) == 1
    ranked = sorted(range(197), key=weights.__getitem__)
    assert [shares[i] for i in ranked] == sorted(shares)
    assert shares[-1] > 0  # those who only count as heads


def test_a_count_of_heads_that_nothing_depends_on_changes_nothing():
    weights = [9, 7, 5, 5, 3, 1, 1]
    single = VotingGame.weighted("70%", weights)
    double = VotingGame([WeightedRule("70%", weights), WeightedRule(2, [1] * 7)])
    assert not is_size_binding(double)
    assert johnston(single) == johnston(double)
    assert deegan_packel(single) == deegan_packel(double)
    unanimous = VotingGame([WeightedRule("70%", weights), WeightedRule(7, [1] * 7)])
    assert set(johnston(unanimous)) == set(deegan_packel(unanimous)) == {Fraction(1, 7)}


@settings(derandomize=True, max_examples=50, deadline=None)
@given(conjunctions())
def test_only_players_without_swings_get_nothing(game):
    swings = banzhaf(game).swings
    for shares in (johnston(game), deegan_packel(game)):
        assert [share > 0 for share in shares] == [total > 0 for total in swings]


@pytest.mark.parametrize("index", [deegan_packel, johnston])
def test_what_is_too_large_is_refused_with_its_reason(index):
    unlike = [WeightedRule("50%", range(1, 41)), WeightedRule("60%", range(40, 0, -1))]
    with pytest.raises(TooLargeError, match="two or more rules with unequal weights"):
        index(VotingGame(unlike))
    huge = VotingGame([WeightedRule("50%", [10**9 + k**3 for k in range(40)])])
    with pytest.raises(TooLargeError, match="round them to larger units"):
        index(huge)
    listed = VotingGame([WeightedRule("65%", [10**6 * w + 1 for w in EU])])
    assert critical_types_seconds(listed) < 60
    with pytest.raises(TooLargeError, match="more than max_seconds"):
        index(listed, max_seconds=0.1)


def test_units_that_are_no_whole_coalitions_fail_the_certificate():
    game = VotingGame.weighted(3, [2, 1, 1])
    with pytest.raises(CertificateError, match="whole coalitions"):
        shares_of_units(game, {0: Fraction(1), 1: Fraction(1, 3)})
    with pytest.raises(CertificateError, match="whole coalitions"):
        shares_of_units(game, {0: Fraction(3), 1: Fraction(-1)})


def test_each_method_refuses_rules_that_it_cannot_rank():
    game = VotingGame([WeightedRule(3, [2, 1, 1]), WeightedRule(3, [1, 1, 2])])
    with pytest.raises(ValueError, match="one rule"):
        units_by_sweeps(game)
    with pytest.raises(ValueError, match="one rule"):
        critical_ranks_module.critical_ranks(game, with_lighter=True)
