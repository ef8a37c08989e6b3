import io
import json

import numpy as np
import pytest
from extensive_examples import chain_store, kuhn_poker
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.strategic_form import reduced_normal_form
from games.extensive_form.tree import ExtensiveGame
from games.files import read_game, write_game
from games.files.efg import efg_text
from games.files.gbt import gbt_text, parse_gbt
from games.files.table import csv_text, json_text, parse_csv, parse_json
from games.normal_form import NormalFormGame

DILEMMA = NormalFormGame.from_bimatrix(
    [[3, 0], [5, 1]], [[3, 5], [0, 1]], ["row", "column"], [["C", "D"], ["c", "d"]]
)


@pytest.mark.parametrize("suffix", [".nfg", ".gbt", ".json", ".csv", ".CSV"])
def test_a_normal_form_goes_through_every_format(tmp_path, suffix):
    path = tmp_path / f"game{suffix}"
    write_game(DILEMMA, path)
    game = read_game(path)
    assert isinstance(game, NormalFormGame)
    assert game.players == DILEMMA.players
    assert game.actions == DILEMMA.actions
    assert (game.payoffs == DILEMMA.payoffs).all()


@pytest.mark.parametrize("suffix", [".efg", ".gbt"])
def test_a_tree_goes_through_every_format(tmp_path, suffix):
    path = tmp_path / f"game{suffix}"
    write_game(kuhn_poker(), path)
    game = read_game(str(path))
    assert isinstance(game, ExtensiveGame)
    assert efg_text(game) == efg_text(kuhn_poker())


def test_a_byte_order_mark_is_no_error(tmp_path):
    path = tmp_path / "game.json"
    path.write_text(json_text(DILEMMA), encoding="utf-8-sig")
    assert (read_game(path).payoffs == DILEMMA.payoffs).all()


class TestBadPaths:
    def test_missing_file(self, tmp_path):
        with pytest.raises(InvalidGameError, match=r"nothing.efg: is no file"):
            read_game(tmp_path / "nothing.efg")
        (tmp_path / "folder.csv").mkdir()
        with pytest.raises(InvalidGameError, match="is no file"):
            read_game(tmp_path / "folder.csv")

    def test_unknown_suffix(self, tmp_path):
        with pytest.raises(InvalidGameError, match=r"'.txt'; known are .csv, .efg"):
            read_game(tmp_path / "game.txt")
        with pytest.raises(InvalidGameError, match=r"choose .efg, .gbt"):
            write_game(chain_store(), tmp_path / "game.nfg")
        with pytest.raises(InvalidGameError, match="cannot be written"):
            write_game(chain_store(), tmp_path / "no" / "such" / "game.efg")

    def test_bytes_that_are_no_text(self, tmp_path):
        path = tmp_path / "game.efg"
        path.write_bytes(b"EFG 2 R \xff\xfe")
        with pytest.raises(InvalidGameError, match="byte 8: is not UTF-8"):
            read_game(path)

    @pytest.mark.parametrize("suffix", [".csv", ".efg", ".gbt", ".json", ".nfg"])
    def test_errors_name_the_file(self, tmp_path, suffix):
        path = tmp_path / f"broken{suffix}"
        path.write_text("?")
        with pytest.raises(InvalidGameError) as caught:
            read_game(path)
        # The path as it was given, not the bare name: the reader may be elsewhere.
        assert str(caught.value).startswith(f"{path}:1")


class TestWorkbooks:
    def test_gambit_reads_what_we_write(self):
        gbt = pytest.importorskip("pygambit", reason="pygambit is an optional peer (GPL)")
        peer = gbt.read_gbt(io.StringIO(gbt_text(kuhn_poker())))
        expected = reduced_normal_form(kuhn_poker()).game.payoffs
        np.testing.assert_allclose(np.array(peer.to_arrays(), dtype=float), expected, atol=1e-12)

    def test_other_elements_are_left_out(self):
        text = gbt_text(DILEMMA).replace("<game>", "<colors><player id='1'/></colors><game>")
        assert (parse_gbt(text).payoffs == DILEMMA.payoffs).all()

    def test_labels_that_look_like_markup(self):
        game = NormalFormGame([[1.0, 2.0]], ["<A> & co"], [["</nfgfile>", "]]>"]])
        assert parse_gbt(gbt_text(game)).actions == game.actions

    def test_entities_are_refused(self):
        bomb = (
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
            "<game><efgfile>&b;</efgfile></game>"
        )
        with pytest.raises(InvalidGameError, match="entities"):
            parse_gbt(bomb)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("<a>", "g.gbt:1:4: is not well-formed"),
            ("<a/>", "holds 0 games"),
            ("<a><efgfile/><nfgfile/></a>", "holds 2 games"),
            ("<a><efgfile>EFG 2 X</efgfile></a>", "g.gbt:<efgfile>:1:7: R or D"),
            ('<?xml version="1.0" encoding="nope"?><a/>', "g.gbt"),
        ],
    )
    def test_bad_workbooks(self, text, words):
        with pytest.raises(InvalidGameError, match=words):
            parse_gbt(text, "g.gbt")


class TestJson:
    def test_both_shapes(self):
        full = {"payoffs": DILEMMA.payoffs.tolist(), "players": ["row", "column"]}
        assert (parse_json(json.dumps(full)).payoffs == DILEMMA.payoffs).all()
        matrices = {"A": [["1/3", 0]], "B": [[1, "2.5"]], "actions": [["u"], ["l", "r"]]}
        game = parse_json(json.dumps(matrices))
        assert game.payoffs.tolist() == [[[1 / 3, 0]], [[1, 2.5]]]
        assert game.actions == (("u",), ("l", "r"))

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("{", r"^g.json:1:2: is not JSON"),
            ("[]", "must be an object"),
            ("{}", "lacks 'A'"),
            ('{"A": [[1]]}', "lacks 'B'"),
            ('{"A": [[1]], "B": [[1]], "acions": []}', "acions: is not a known key"),
            ('{"A": [[1]], "A": [[1]], "B": [[1]]}', "A: is given twice"),
            ('{"payoffs": [[1, NaN]]}', r"payoffs\[0\]\[1\]: is 'nan'"),
            ('{"payoffs": [[1, Infinity]]}', r"payoffs\[0\]\[1\]"),
            ('{"payoffs": [[1, true]]}', r"payoffs\[0\]\[1\]: is True"),
            ('{"payoffs": [[1, null]]}', r"payoffs\[0\]\[1\]: is None"),
            ('{"payoffs": [[1, "x"]]}', r"payoffs\[0\]\[1\]: is 'x'"),
            ('{"payoffs": 3}', "g.json: payoffs: has shape"),
            ('{"payoffs": [[[1], [2]]]}', "g.json: payoffs: has shape"),
            ('{"payoffs": [[]]}', "no action"),
            ('{"payoffs": [[1], [1, 2]]}', "g.json: payoffs"),
            ('{"A": [[1]], "B": [[1, 2]]}', r"g.json: B\[0\]: is a list of 2; g.json: A\[0\]"),
            ('{"payoffs": [[1, 2], 3]}', r"payoffs\[1\]: is 3; g.json: payoffs\[0\] is a list"),
            ('{"payoffs": [3, [1, 2]]}', r"payoffs\[1\]: is a list of 2; a number is needed"),
            ('{"payoffs": [[1, {"x": 1}]]}', r"payoffs\[0\]\[1\]: is an object"),
            ('{"payoffs": [[1, 2], [1]], "x": 1}', "x: is not a known key"),
            (r'{"payoffs": [[1]], "players": ["\ud800"]}', r"players\[0\]: is '\\ud800': half"),
            (r'{"payoffs": [[1]], "actions": [["\udfffx"]]}', r"actions\[0\]\[0\]: is '\\udfff"),
            ('{"payoffs": [[1]], "players": [true]}', "players: must be a list of labels"),
            ('{"payoffs": [[1]], "players": "A"}', "players: must be a list"),
            ('{"payoffs": [[1]], "players": ["A", "B"]}', "g.json: players"),
            ('{"payoffs": [[1]], "actions": 3}', "actions: must be a list"),
            ('{"payoffs": [[1]], "actions": [[[]]]}', r"actions\[0\]: must be a list"),
            ('{"payoffs": [[1e400]]}', "payoffs"),
            ('{"payoffs": [[' + "9" * 5000 + "]]}", "too long"),
            ("[" * 100_000, "nested too deeply"),
        ],
    )
    def test_bad_json(self, text, words):
        with pytest.raises(InvalidGameError, match=words):
            parse_json(text, "g.json")

    @pytest.mark.parametrize("depth", [34, 900, 990])
    def test_payoffs_nested_too_deeply(self, depth):
        text = f'{{"payoffs": {"[" * depth}1{"]" * depth}}}'
        with pytest.raises((TooLargeError, InvalidGameError), match="nested"):
            parse_json(text, "g.json")

    def test_deep_objects_are_no_number(self):
        text = '{"payoffs": [' + '{"a": ' * 900 + "1" + "}" * 900 + "]}"
        with pytest.raises(InvalidGameError, match=r"payoffs\[0\]: is an object"):
            parse_json(text, "g.json")


class TestCsv:
    def test_payoffs_in_another_order_than_the_players_are_refused(self):
        text = "row,column,payoff column,payoff row\nu,l,1,2\n"
        with pytest.raises(InvalidGameError, match=r"^g.csv:1:3: 'payoff column' stands where"):
            parse_csv(text, "g.csv")
        same = parse_csv("A,B,payoff A,payoff B\nu,l,1,2\n")
        assert same.payoffs.ravel().tolist() == [1, 2]

    def test_lines_in_any_order(self):
        lines = csv_text(DILEMMA).splitlines()
        game = parse_csv("\n".join([lines[0], *lines[:0:-1]]))
        assert game.actions == (("D", "C"), ("d", "c"))
        assert game.payoffs[0].tolist() == [[1, 5], [0, 3]]

    def test_blank_lines_quotes_and_fractions(self):
        game = parse_csv('"A, first",payoff\n\n"x, y",1/3\nz, -2 \n\n')
        assert game.players == ("A, first",)
        assert game.actions == (("x, y", "z"),)
        assert game.payoffs.tolist() == [[1 / 3, -2]]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "is empty"),
            ("A,B,p\n", "^g.csv:1: has 3 columns"),
            ("A,p\n", "header only"),
            ("A,p\nx,1\ny,1,2\n", "^g.csv:3: has 3 columns"),
            ("A,p\nx,1\nx,2\n", "^g.csv:3: gives the profile x a second time"),
            ("A,p\nx,one\n", "^g.csv:2:2: is 'one'"),
            ("A,p\nx,nan\n", "^g.csv:2:2: is 'nan'"),
            ("A,B,p,q\nx,l,1,1\ny,r,1,1\n", "no line for the profile x, r"),
            ("A,A,p,q\nx,l,1,1\n", "g.csv: players"),
            ('A,p\n"x,1\n', "is not CSV"),
        ],
    )
    def test_bad_tables(self, text, words):
        with pytest.raises(InvalidGameError, match=words):
            parse_csv(text, "g.csv")

    def test_a_sparse_table_of_a_huge_game_is_refused(self):
        rows = "\n".join(f"{k},{k},1,1" for k in range(3000))
        with pytest.raises(TooLargeError, match="5,000,000"):
            parse_csv(f"A,B,p,q\n{rows}\n")


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=20, deadline=None)
def test_tables_give_the_same_numbers_back(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(int(m) for m in rng.integers(1, 4, int(rng.integers(1, 4))))
    game = NormalFormGame(rng.standard_normal((len(shape), *shape)) * 10.0 ** rng.integers(-9, 9))
    for parse, write in ((parse_json, json_text), (parse_csv, csv_text)):
        again = parse(write(game))
        assert (again.payoffs == game.payoffs).all()
        assert again.actions == game.actions
