import io
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, TooLargeError
from games.files.nfg import nfg_text, parse_nfg
from games.normal_form import NormalFormGame

PAYOFFS = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form"
{ "Player 1" "Player 2" } { 3 2 }

1 1 0 2 0 2
1 1 0 3 2 0
"""

OUTCOMES = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form" { "Player 1" "Player 2" }

{ { "a" "b" "c" }
{ "l" "r" }
}
"a comment"

{
{ "one" 1, 1 }
{ "two" 0, 2 }
{ "three" 0, 3 }
{ "four" 2, 0 }
}
1 2 2 1 3 4
"""


def test_the_payoff_version_has_the_first_player_vary_fastest():
    game = parse_nfg(PAYOFFS)
    assert game.n_actions == (3, 2)
    assert game.payoffs[0].tolist() == [[1, 1], [0, 0], [0, 2]]
    assert game.payoffs[1].tolist() == [[1, 1], [2, 3], [2, 0]]


def test_the_outcome_version_gives_the_same_game():
    game = parse_nfg(OUTCOMES)
    assert game.actions == (("a", "b", "c"), ("l", "r"))
    assert (game.payoffs == parse_nfg(PAYOFFS).payoffs).all()


def test_outcome_zero_pays_nothing():
    game = parse_nfg(OUTCOMES.replace("1 2 2 1 3 4", "1 2 2 1 3 0"))
    assert game.payoffs[:, 2, 1].tolist() == [0, 0]


def test_fractions_and_decimals():
    game = parse_nfg('NFG 1 D "" { "A" } { 3 } "c" 1/4, .5 -2.5e1')
    assert game.payoffs.tolist() == [[0.25, 0.5, -25]]


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_reading_undoes_writing(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(int(m) for m in rng.integers(1, 4, int(rng.integers(1, 4))))
    game = NormalFormGame(rng.standard_normal((len(shape), *shape)) * 1e3)
    again = parse_nfg(nfg_text(game, 'with "quotes"'))
    assert again.players == game.players
    assert again.actions == game.actions
    assert (again.payoffs == game.payoffs).all()


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("NFG 1", "NFG 2", "1:5", "version"),
        ("NFG 1 R", "NFG 1 X", "1:7", "R or D"),
        ("{ 3 2 }", "{ 3 0 }", "2:31", "no action"),
        ("{ 3 2 }", "{ 3 }", "2:27", "1 players; 2 needed"),
        ("{ 3 2 }", "{ 3 -2 }", "2:31", "from 0"),
        ("{ 3 2 }", "{ 3 2.5 }", "2:31", "whole number"),
        ("2 0\n", "2\n", "6:1", "cut off at profile 6 of 6: 12 payoffs"),
        ("2 0\n", "2 0 7\n", "5:13", "complete"),
        ("1 1 0 3", "1 1 inf 3", "5:5", "'inf'"),
    ],
)
def test_bad_payoff_files_are_named(old, new, place, words):
    assert PAYOFFS.count(old) == 1
    with pytest.raises(InvalidGameError, match=re.escape(words)) as caught:
        parse_nfg(PAYOFFS.replace(old, new), "x.nfg")
    assert str(caught.value).startswith(f"x.nfg:{place}: ")


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ('{ "two" 0, 2 }', '{ "two" 0 }', "10:1", "1 payoffs"),
        ("1 2 2 1 3 4", "1 2 2 1 3 5", "14:11", "from 0 to 4"),
        ("1 2 2 1 3 4", "1 2 2", "15:1", "cut off"),
        ('{ "two" 0, 2 }', "{ 0, 2 }", "10:3", "name of an outcome"),
    ],
)
def test_bad_outcome_files_are_named(old, new, place, words):
    with pytest.raises(InvalidGameError, match=re.escape(words)) as caught:
        parse_nfg(OUTCOMES.replace(old, new), "x.nfg")
    assert str(caught.value).startswith(f"x.nfg:{place}: ")


@pytest.mark.parametrize("cut", range(0, len(OUTCOMES) - 4, 5))
def test_every_cut_off_file_is_refused(cut):
    with pytest.raises(InvalidGameError, match=r"^x.nfg:\d+:\d+: "):
        parse_nfg(OUTCOMES[:cut], "x.nfg")


def test_enormous_games_are_refused_before_they_are_built():
    with pytest.raises(TooLargeError, match="5,000,000"):
        parse_nfg('NFG 1 R "" { "A" "B" } { 1000000 1000000 } 1 2 3')


@pytest.mark.parametrize("text", [PAYOFFS, OUTCOMES])
def test_gambit_reads_the_same_game(text):
    gbt = pytest.importorskip("pygambit", reason="pygambit is an optional peer (GPL)")
    game = parse_nfg(text)
    for source in (text, nfg_text(game)):
        arrays = gbt.read_nfg(io.StringIO(source)).to_arrays()
        np.testing.assert_allclose(np.array(arrays, dtype=float), game.payoffs)


def test_gambit_agrees_on_three_players():
    gbt = pytest.importorskip("pygambit", reason="pygambit is an optional peer (GPL)")
    game = NormalFormGame(np.random.default_rng(0).integers(0, 99, (3, 2, 3, 4)))
    arrays = gbt.read_nfg(io.StringIO(nfg_text(game))).to_arrays()
    np.testing.assert_allclose(np.array(arrays, dtype=float), game.payoffs)
