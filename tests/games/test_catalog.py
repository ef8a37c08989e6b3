"""The catalog: every list of known equilibria is held against the solver and its own regrets."""

import numpy as np
import pytest

from games.catalog import catalog, catalog_entry
from games.catalog.entry import Coverage, Source, two_players
from games.errors import InvalidGameError
from games.nash_equilibria import nash_equilibria

ENTRIES = {entry.name: entry for entry in catalog()}


def rounded(profiles):
    return {
        tuple(tuple(round(float(p), 9) for p in strategy) for strategy in profile)
        for profile in profiles
    }


def only_pure(profiles):
    return {profile for profile in profiles if all(max(s) == 1 for s in profile)}


def test_catalog_is_large_and_filed():
    assert len(ENTRIES) >= 40
    for entry in ENTRIES.values():
        assert entry.source.author
        assert 1838 <= entry.source.year <= 2020
        assert entry.source.place
        assert entry.teaches.endswith(".")
        assert len(entry.teaches) > 20
    assert len({entry.teaches for entry in ENTRIES.values()}) == len(ENTRIES)


@pytest.mark.parametrize("name", ENTRIES)
def test_known_equilibria_have_no_regret(name):
    entry = ENTRIES[name]
    assert entry.equilibria
    assert len(rounded(entry.equilibria)) == len(entry.equilibria)
    for profile in entry.equilibria:
        assert entry.game.regrets(profile).max() <= 1e-12 * max(1, entry.game.scale)


@pytest.mark.parametrize("name", ENTRIES)
def test_known_equilibria_are_those_that_the_solver_finds(name):
    entry = ENTRIES[name]
    known = rounded(entry.equilibria)
    found = nash_equilibria(entry.game)
    solved = rounded(e.strategies for e in found.equilibria)
    if entry.coverage is Coverage.PURE:
        if entry.game.n_players == 2:
            assert known <= solved
        known, solved = only_pure(known), only_pure(solved)
    else:
        assert found.is_complete
    assert known == solved


def test_signal_in_chicken_beats_the_mixture():
    # The figures in what "chicken" teaches: 5.25 (Aumann, 1974) against the best symmetric
    # mixture of equilibria, half each of (2, 7) and (7, 2).
    game = catalog_entry("chicken").game
    signal = np.array([[0.5, 0.25], [0.25, 0]])
    assert (game.payoffs * signal).sum(axis=(1, 2)).tolist() == [5.25, 5.25]


def test_selten_horse_has_the_payoffs_of_the_article():
    # Selten (1975), figure 1; later books change the second player's 2 into a 3.
    game = catalog_entry("Selten's horse").game
    assert game.payoffs[:, 1, 0, 0].tolist() == [3, 2, 2]
    assert game.payoffs[:, 0, 1, 0].tolist() == [4, 4, 0]


def test_name_is_looked_up_without_capitals():
    assert catalog_entry(" BACH or stravinsky ") is ENTRIES["Bach or Stravinsky"]


def test_unknown_name_gets_a_hint():
    with pytest.raises(InvalidGameError, match="did you mean 'chicken'"):
        catalog_entry("chickn")
    with pytest.raises(InvalidGameError, match="not in the catalog"):
        catalog_entry("zzzz")


def test_entry_with_a_wrong_profile_is_refused():
    with pytest.raises(InvalidGameError, match="equilibria of odd"):
        two_players(
            "odd",
            Source("A", 2000, "B"),
            "Nothing.",
            rows=("a", "b"),
            columns=("a", "b"),
            cells=[[(0, 0), (0, 0)], [(0, 0), (0, 0)]],
            equilibria=[("1/2 1/4", "1 0")],
        )
