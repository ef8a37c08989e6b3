"""Power indices: published values, laws, and independent computations."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, TooLargeError
from games.voting import deegan_packel as deegan_packel_module
from games.voting import johnston as johnston_module
from games.voting.banzhaf import banzhaf
from games.voting.coleman import coleman
from games.voting.critical_ranks import critical_ranks
from games.voting.decisiveness import decisiveness
from games.voting.deegan_packel import deegan_packel
from games.voting.johnston import johnston
from games.voting.shapley_shubik import shapley_shubik, shapley_shubik_sampled
from games.voting.weighted_game import VotingGame, WeightedRule

COUNCIL = VotingGame.weighted(39, [7] * 5 + [1] * 10)
OLD_COUNCIL = VotingGame.weighted(27, [5] * 5 + [1] * 6)
EEC = VotingGame.weighted(12, [4, 4, 4, 2, 2, 1])

# Annex I CO2 emissions of 1990 in Gg, FCCC/CP/1997/7/Add.1; EU is the sum of the fifteen.
EMISSIONS = {
    "Australia": 288965, "Austria": 59200, "Belgium": 113405, "Bulgaria": 82990,
    "Canada": 457441, "Czech": 169514, "Denmark": 52100, "Estonia": 37797, "Finland": 53900,
    "France": 366536, "Germany": 1012443, "Greece": 82100, "Hungary": 71673, "Iceland": 2172,
    "Ireland": 30719, "Italy": 428941, "Japan": 1173360, "Latvia": 22976, "Liechtenstein": 208,
    "Luxembourg": 11343, "Monaco": 71, "Netherlands": 167600, "NewZealand": 25530,
    "Norway": 35533, "Poland": 414930, "Portugal": 42148, "Romania": 171103, "Russia": 2388720,
    "Slovakia": 58278, "Spain": 260654, "Sweden": 61256, "Switzerland": 43600, "UK": 584078,
    "USA": 4957022,
}  # fmt: skip
EU = [
    "Austria",
    "Belgium",
    "Denmark",
    "Finland",
    "France",
    "Germany",
    "Greece",
    "Ireland",
    "Italy",
    "Luxembourg",
    "Netherlands",
    "Portugal",
    "Spain",
    "Sweden",
    "UK",
]
IN_TRANSITION = ["Bulgaria", "Czech", "Estonia", "Hungary", "Latvia", "Romania", "Slovakia"]
ALONE = ["USA", "Russia", "Japan", "Canada", "Poland", "Australia"]


def kyoto_blocs():
    rest = [x for x in EMISSIONS if x not in [*EU, *IN_TRANSITION, *ALONE]]
    groups = [["USA"], EU, *([x] for x in ALONE[1:]), IN_TRANSITION, rest]
    return [sum(EMISSIONS[x] for x in group) for group in groups]


@dataclass(frozen=True)
class Case:
    name: str
    game: VotingGame
    shapley: tuple[Fraction, ...]
    banzhaf: tuple[float, ...]

    def __str__(self):
        return self.name


CASES = [
    # Shapley and Shubik (1954); Straffin (1993).
    Case(
        "Security Council",
        COUNCIL,
        (Fraction(421, 2145),) * 5 + (Fraction(4, 2145),) * 10,
        (0.166929,) * 5 + (0.016535,) * 10,
    ),
    Case(
        "Security Council before 1965",
        OLD_COUNCIL,
        (Fraction(76, 385),) * 5 + (Fraction(1, 462),) * 6,
        (57 / 315,) * 5 + (5 / 315,) * 6,
    ),
    # Brams and Affuso (1976): Luxembourg was a null player.
    Case(
        "EEC 1958",
        EEC,
        (Fraction(7, 30),) * 3 + (Fraction(3, 20),) * 2 + (Fraction(0),),
        (5 / 21,) * 3 + (1 / 7,) * 2 + (0,),
    ),
    Case(
        "four shareholders",
        VotingGame.weighted(50, [10, 10, 20, 30]),
        (Fraction(1, 12), Fraction(1, 12), Fraction(1, 4), Fraction(7, 12)),
        (0.1, 0.1, 0.3, 0.5),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_published_shapley_shubik(case):
    assert shapley_shubik(case.game) == case.shapley


@pytest.mark.parametrize("case", CASES, ids=str)
def test_published_banzhaf(case):
    index = banzhaf(case.game)
    assert [float(x) for x in index.normalised] == pytest.approx(case.banzhaf, abs=5e-7)
    assert sum(index.normalised) == 1


def test_kyoto_blocs_with_and_without_the_largest():
    weights = kyoto_blocs()
    assert sum(weights) == 13_728_306
    with_usa = shapley_shubik(VotingGame.weighted("55%", weights))
    expected = [0.4143, 0.2095, 0.1857, 0.0702, 0.0262, 0.0262, 0.0226, 0.0357, 0.0095]
    assert [round(float(x), 4) for x in with_usa] == expected
    quota = Fraction(55, 100) * sum(weights)
    without = VotingGame.weighted(quota, weights[1:])
    expected = [0.3167, 0.3167, 0.1738, 0.0405, 0.0405, 0.0405, 0.05, 0.0214]
    assert [round(float(x), 4) for x in shapley_shubik(without)] == expected
    assert without.veto_players == (0, 1)  # EU and Russia; Japan just is not


def test_kyoto_double_majority_of_193_is_exact():
    emissions = list(EMISSIONS.values()) + [0] * 159
    game = VotingGame([WeightedRule("55%", emissions), WeightedRule(55, [1] * 193)])
    index = shapley_shubik(game)
    assert sum(index) == 1
    assert len(set(index[34:])) == 1
    assert index[34] > 0
    names = list(EMISSIONS)
    usa, russia = index[names.index("USA")], index[names.index("Russia")]
    # A Monte Carlo estimate that shares no code with the counts.
    sample = shapley_shubik_sampled(game, seed=1, n_samples=20_000)
    assert abs(sample.shares - np.array([float(x) for x in index])).max() < sample.margin
    assert usa > 4 * russia > 0


def test_193_equal_members_share_exactly():
    game = VotingGame.weighted(129, [1] * 193)
    assert set(shapley_shubik(game)) == {Fraction(1, 193)}
    assert set(banzhaf(game).normalised) == {Fraction(1, 193)}
    assert set(deegan_packel(game)) == set(johnston(game)) == {Fraction(1, 193)}


def test_an_assembly_of_193_with_different_weights():
    weights = [1 + (k * k) % 61 for k in range(193)]
    index = shapley_shubik(VotingGame.weighted("50%", weights))
    assert sum(index) == 1
    for i in range(192):  # heavier players have no less power
        if weights[i] <= weights[i + 1]:
            assert index[i] <= index[i + 1]


def test_nice_triple_majority():
    # Council of the EU of 27 under the Treaty of Nice: votes, members, per mille of population.
    votes = [29] * 4 + [27] * 2 + [14, 13] + [12] * 5 + [10] * 3 + [7] * 5 + [4] * 5 + [3]
    people = [170, 123, 122, 120, 82, 80, 47, 33, 22, 21, 21, 21, 21, 18, 17, 17, 11, 11, 11]
    people += [8, 8, 5, 4, 3, 2, 1, 1]
    game = VotingGame(
        [WeightedRule(255, votes), WeightedRule(14, [1] * 27), WeightedRule(620, people)]
    )
    index = shapley_shubik(game)
    sample = shapley_shubik_sampled(game, seed=2, n_samples=200_000)
    assert abs(sample.shares - np.array([float(x) for x in index])).max() < sample.margin
    assert index[0] > index[1] == index[3]


@st.composite
def games(draw):
    n = draw(st.integers(1, 6))
    weights = draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    weights[0] = max(1, weights[0])
    rules = [WeightedRule(draw(st.integers(1, sum(weights))), weights)]
    if draw(st.booleans()):
        rules.append(WeightedRule(draw(st.integers(1, n)), [1] * n))
    return VotingGame(rules)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(games())
def test_shapley_shubik_counts_pivots_in_all_orders(game):
    pivots = [0] * game.n_players
    orders = list(permutations(range(game.n_players)))
    for order in orders:
        k = next(k for k in range(game.n_players) if game.wins(order[: k + 1]))
        pivots[order[k]] += 1
    assert shapley_shubik(game) == tuple(Fraction(p, len(orders)) for p in pivots)


def critical_by_definition(game):
    # Per winning coalition: its members and its critical members.
    found = []
    for mask in range(1 << game.n_players):
        members = [i for i in range(game.n_players) if mask >> i & 1]
        if game.wins(members):
            critical = [i for i in members if not game.wins(j for j in members if j != i)]
            found.append((members, critical))
    return found


@settings(derandomize=True, max_examples=80, deadline=None)
@given(games())
def test_deegan_packel_johnston_and_coleman_by_definition(game):
    n = game.n_players
    found = critical_by_definition(game)
    minimal = [members for members, critical in found if members == critical]
    vulnerable = [critical for _, critical in found if critical]

    def shares(groups):
        units = [
            sum((Fraction(1, len(g)) for g in groups if i in g), Fraction(0)) for i in range(n)
        ]
        return tuple(unit / len(groups) for unit in units)

    assert deegan_packel(game) == shares(minimal)
    assert johnston(game) == shares(vulnerable)
    measures = coleman(game)
    assert measures.power_to_act == Fraction(len(found), 2**n)
    for i in range(n):
        swings = sum(i in critical for _, critical in found)
        assert measures.prevention[i] == Fraction(swings, len(found))
        assert measures.initiation[i] == Fraction(swings, 2**n - len(found))
        assert (measures.prevention[i] == 1) == (i in game.veto_players)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=8), st.integers(1, 100))
def test_critical_members_by_ranks_and_by_list(weights, share):
    weights[0] = max(1, weights[0])
    game = VotingGame.weighted(f"{share}%", weights)
    by_ranks = deegan_packel_module._units_by_ranks(game)
    assert by_ranks == deegan_packel_module._units_by_types(game)
    assert johnston_module._units_by_ranks(game) == johnston_module._units_by_types(game)
    ranks = critical_ranks(game, with_lighter=True)
    assert all(sum(own) == banzhaf(game).swings[i] for i, own in ranks.own.items())


@pytest.mark.parametrize("index", [deegan_packel, johnston])
def test_indices_of_critical_members_without_a_list_of_coalitions(index):
    weights = [1 + (3 * k) % 37 for k in range(60)]
    found = index(VotingGame.weighted("60%", weights))
    assert sum(found) == 1
    assert len({x for x, w in zip(found, weights, strict=True) if w == 5}) == 1
    assert set(index(VotingGame.weighted(97, [1] * 193))) == {Fraction(1, 193)}


@pytest.mark.parametrize("index", [deegan_packel, johnston])
def test_indices_of_critical_members_refuse_what_takes_too_long(index):
    game = VotingGame.weighted("50%", range(1, 194))
    with pytest.raises(TooLargeError, match="s, more than max_seconds"):
        index(game, max_seconds=0.1)
    double = VotingGame([WeightedRule("50%", range(1, 40)), WeightedRule("60%", range(39, 0, -1))])
    with pytest.raises(TooLargeError, match="group players"):
        index(double)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(games(), st.randoms(use_true_random=False))
def test_relabelling_players_permutes_every_index(game, random):
    order = list(range(game.n_players))
    random.shuffle(order)
    permuted = VotingGame(
        [WeightedRule(r.quota, [r.weights[i] for i in order]) for r in game.rules]
    )
    for index in (shapley_shubik, deegan_packel, johnston, lambda g: banzhaf(g).absolute):
        assert index(permuted) == tuple(index(game)[i] for i in order)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(games())
def test_dual_games_have_the_same_shapley_shubik_and_banzhaf(game):
    rule = game.rules[0]
    single = VotingGame([rule])
    dual = VotingGame.weighted(rule.total - rule.quota + 1, rule.weights)
    assert shapley_shubik(single) == shapley_shubik(dual)
    assert banzhaf(single).swings == banzhaf(dual).swings


@settings(derandomize=True, max_examples=40, deadline=None)
@given(games())
def test_decisiveness_runs_from_banzhaf_to_shapley_shubik(game):
    assert decisiveness(game) == banzhaf(game).absolute
    assert decisiveness(game, correlation=Fraction(1, 3)) == shapley_shubik(game)


def test_decisiveness_of_votes_that_all_agree():
    # A dictator always decides; in a majority of three nobody does when all vote alike.
    assert decisiveness(VotingGame.weighted(2, [2, 1]), correlation=1) == (1, 0)
    assert decisiveness(VotingGame.weighted(2, [1, 1, 1]), correlation=1) == (0, 0, 0)
    certain = decisiveness(VotingGame.weighted(3, [1, 1, 1]), yes_probability=1)
    assert certain == (1, 1, 1)  # unanimity among those who are sure to agree


@pytest.mark.parametrize("wrong", [{"yes_probability": -0.1}, {"correlation": 1.5}])
def test_decisiveness_refuses_what_is_no_probability(wrong):
    with pytest.raises(InvalidGameError, match=next(iter(wrong))):
        decisiveness(EEC, **wrong)


def test_adding_a_veto_player_never_helps_to_act():
    before = coleman(EEC).power_to_act
    with_veto = VotingGame([WeightedRule(12, [4, 4, 4, 2, 2, 1]), WeightedRule(1, [0] * 5 + [1])])
    assert coleman(with_veto).power_to_act < before


def test_sampling_needs_samples():
    with pytest.raises(InvalidGameError, match="n_samples"):
        shapley_shubik_sampled(EEC, seed=0, n_samples=0)
