import io
import re

import numpy as np
import pytest
from extensive_examples import (
    centipede,
    chain_store,
    kuhn_poker,
    outside_option,
    random_tree,
    selten_horse,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.backward_induction import backward_induction
from games.extensive_form.sequential_equilibrium import sequential_equilibrium
from games.extensive_form.strategic_form import reduced_normal_form
from games.extensive_form.tree import ImperfectRecallError
from games.files.efg import efg_text, parse_efg

# Myerson (1991), figure 2.1, in the words of the format; the last two ends share an outcome.
MYERSON = """EFG 2 R "A simple Poker game" { "Fred" "Alice" }
"One card"

c "" 1 "" { "Red" 1/2 "Black" 0.5 } 0
p "" 1 1 "" { "Raise" "Fold" } 0
p "" 2 1 "" { "Meet" "Pass" } 0
t "" 1 "Win Big" { 2, -2 }
t "" 2 "Win" { 1 -1 }
t "" 2
p "" 1 2 "" { "Raise" "Fold" } 0
p "" 2 1 0
t "" 3 "Lose Big" { -2, 2 }
t "" 2 "Win" { 1, -1 }
t "" 4 "Lose" { -1, 1 }
"""


def test_a_file_by_hand():
    game = parse_efg(MYERSON)
    assert game.title == "A simple Poker game"
    assert [h.actions for h in game.information_sets] == [
        ("Raise", "Fold"),
        ("Meet", "Pass"),
        ("Raise", "Fold"),
    ]
    found = sequential_equilibrium(game)  # Myerson: value 1/3; bluffs 1/3, meets 2/3
    assert found.payoffs == pytest.approx([1 / 3, -1 / 3], abs=1e-6)
    assert found.behavior[2] == pytest.approx([1 / 3, 2 / 3], abs=1e-5)


def test_payoffs_at_moves_are_added_to_those_below():
    game = parse_efg(
        'EFG 2 R "" { "A" } p "" 1 1 "" { "l" "r" } 1 "toll" { -1 } t "" 0 t "" 2 "" { 5 }'
    )
    assert [int(game.nodes[z].payoffs[0]) for z in game.terminals] == [-1, 4]


def test_labels_that_are_empty_or_repeated_are_numbered():
    game = parse_efg(
        'EFG 2 R "" { "" "B" } p "" 1 7 "" { "" "" } 0 t "" 1 "" { 0 0 } '
        'p "" 1 9 "" { "x" "x" } 0 t "" 1 t "" 1'
    )
    assert game.players == ("player 1", "B")
    assert [h.actions for h in game.information_sets] == [("1", "2"), ("1", "2")]
    assert [h.label for h in game.information_sets] == ["7", "9"]


def test_quotes_and_backslashes_in_labels_survive():
    text = 'EFG 2 R "say \\"no\\"" { "a\\\\b" } t "" 1 "" { 1 }'
    game = parse_efg(text)
    assert game.title == 'say "no"'
    assert game.players == ("a\\b",)
    assert parse_efg(efg_text(game)) == game


@pytest.mark.parametrize(
    "factory", [kuhn_poker, selten_horse, chain_store, lambda: outside_option(2)]
)
def test_written_and_read_again_it_is_the_same_game(factory):
    game = factory()
    again = parse_efg(efg_text(game))
    assert efg_text(again) == efg_text(game)
    first, second = reduced_normal_form(game).game, reduced_normal_form(again).game
    assert first.actions == second.actions
    assert (first.payoffs == second.payoffs).all()


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=30, deadline=None)
def test_reading_undoes_writing(seed):
    game = parse_efg(efg_text(random_tree(np.random.default_rng(seed), 6)))
    assert parse_efg(efg_text(game)) == game


def test_deep_files_are_read_without_recursion():
    game = parse_efg(efg_text(centipede(4_000)))
    assert len(game.nodes) == 8_001
    assert backward_induction(game).equilibria[0].payoffs.tolist() == [2, 0]


class TestBadFiles:
    @pytest.mark.parametrize(
        ("old", "new", "place", "words"),
        [
            ("EFG 2 R", "NFG 1 R", "1:1", "EFG expected, found 'NFG'"),
            ("EFG 2 R", "EFG 3 R", "1:5", "version"),
            ('{ "Fred" "Alice" }', "{ }", "1:31", "players"),
            ('"Fred" "Alice"', '"Fred" "Fred"', "1:31", "distinct names"),
            ('"Black" 0.5', '"Black" 0.4', "4:1", "sum to 0.9"),
            ('"Black" 0.5', '"Black" 0x5', "4:31", "'0x5'"),
            ('"Black" 0.5', '"Black"', "4:31", "number expected"),
            ('{ "Raise" "Fold" } 0\np "" 2 1 ""', '{ } 0\np "" 2 1 ""', "5:13", "no action"),
            ('p "" 2 1 "" {', 'p "" 3 1 "" {', "6:6", "from 1 to 2"),
            ('p "" 2 1 0', 'p "" 2 1 "" { "Meet" "Quit" } 0', "11:13", "elsewhere"),
            ('p "" 2 1 0', 'p "" 2 5 0', "11:10", "occurs first here"),
            ('t "" 2\n', 't "" 9\n', "10:1", "occurs first here"),
            ("{ 1 -1 }", "{ 1 }", "8:14", "1 payoffs"),
            ("{ 1 -1 }", "{ 1 nan }", "8:18", "'nan'"),
            ("{ 1 -1 }", "{ 1 1e999999999 }", "8:18", "finite number"),
            ("{ 1 -1 }", "{ 1 1/0 }", "8:18", "divides by zero"),
            ('2 "Win" { 1, -1 }', '2 "Win" { 5, -1 }', "13:14", "other payoffs elsewhere"),
            ('t "" 4 "Lose" { -1, 1 }\n', "", "14:1", "cut off: 1 more nodes"),
            ('"Lose" { -1, 1 }', '"Lose" { -1, 1 } t "" 0', "14:25", "complete"),
            ('"Lose" { -1', '"Lose { -1', "14:8", "never closed"),
            ('p "" 2 1 0', 'x "" 2 1 0', "11:1", "c or p or t"),
        ],
    )
    def test_the_place_is_named(self, old, new, place, words):
        assert MYERSON.count(old) >= 1
        text = MYERSON.replace(old, new, 1)
        with pytest.raises(InvalidGameError, match=re.escape(words)) as caught:
            parse_efg(text, "poker.efg")
        assert str(caught.value).startswith(f"poker.efg:{place}: ")

    def test_imperfect_recall_is_named_by_its_line(self):
        text = (
            'EFG 2 R "forgets" { "A" }\n'
            'p "" 1 1 "first" { "l" "r" } 0\n'
            'p "" 1 2 "later" { "L" "R" } 0\n'
            't "" 1 "" { 1 }\nt "" 1\n'
            'p "" 1 2 "later" { "L" "R" } 0\n'
            't "" 1\nt "" 1\n'
        )
        with pytest.raises(ImperfectRecallError, match=r"^f.efg:6:1: .*'later' of A.*recall"):
            parse_efg(text, "f.efg")

    @pytest.mark.parametrize(
        "text", ["", "   \n", "EFG", '"', "{", "EFG 2 R", "\0", "EFG 2 R {{{{"]
    )
    def test_rubbish(self, text):
        with pytest.raises(InvalidGameError, match=r"^x.efg:\d+:\d+: "):
            parse_efg(text, "x.efg")

    @pytest.mark.parametrize("cut", range(0, len(MYERSON) - 3, 7))
    def test_every_cut_off_file_is_refused(self, cut):
        with pytest.raises(InvalidGameError, match=r"^x.efg:\d+:\d+: "):
            parse_efg(MYERSON[:cut], "x.efg")

    def test_endless_nesting_is_refused(self):
        endless = 'EFG 2 R "" { "A" } ' + 'p "" 1 1 "" { "l" "r" } 0 ' * 20_000
        with pytest.raises(InvalidGameError, match="cut off"):
            parse_efg(endless)

    def test_enormous_trees_are_refused(self):
        labels = " ".join(f'"{k}"' for k in range(200_001))
        with pytest.raises(TooLargeError, match="200,000 nodes"):
            parse_efg(f'EFG 2 R "" {{ "A" }} p "" 1 1 "" {{ {labels} }} 0')


CATALOG = [
    "books/myerson1991/fig2_1",
    "books/watson2013/fig29_1",
    "journals/ijgt/selten1975/fig3",
    "journals/geb/bagwell1995",
    "conf/itcs/jakobsen2016/fig3",
]


@pytest.mark.parametrize("name", CATALOG)
def test_gambit_reads_the_same_games(name):
    gbt = pytest.importorskip("pygambit", reason="pygambit is an optional peer (GPL)")
    peer = gbt.catalog.load(name)
    text = peer.to_efg()
    game = parse_efg(text)
    arrays = [np.array(a, dtype=float) for a in peer.to_arrays()]
    np.testing.assert_allclose(np.stack(arrays), reduced_normal_form(game).game.payoffs, atol=1e-9)
    back = gbt.read_efg(io.StringIO(efg_text(game)))
    np.testing.assert_allclose(
        np.stack([np.array(a, dtype=float) for a in back.to_arrays()]), np.stack(arrays), atol=1e-9
    )


@pytest.mark.parametrize(
    "name",
    ["journals/geb/gilboa1997/fig1", "journals/geb/wichardt2008", "books/vonstengel2022/fig10.7"],
)
def test_gambit_games_of_imperfect_recall_are_refused(name):
    gbt = pytest.importorskip("pygambit", reason="pygambit is an optional peer (GPL)")
    peer = gbt.catalog.load(name)
    assert not peer.is_perfect_recall
    with pytest.raises(ImperfectRecallError, match="imperfect recall"):
        parse_efg(peer.to_efg())
