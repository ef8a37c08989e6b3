"""The command ``negotiate values``: JSON, text, exact figures and bad input."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from games.errors import InvalidGameError, TooLargeError
from negotiate.commands.values import values

GLOVE = {"players": ["A", "B", "C"], "worths": [0, 0, 0, 1, 0, 1, 0, 1]}
app = typer.Typer()
app.command()(values)


def run(tmp_path, content, *options):
    file = tmp_path / "game.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return CliRunner().invoke(app, [str(file), *options])


def answer(tmp_path, content, *options):
    result = run(tmp_path, content, "--json", *options)
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def test_glove_game(tmp_path):
    found = answer(tmp_path, GLOVE)
    assert found["players"] == ["A", "B", "C"]
    assert found["shapley"] == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert found["banzhaf"] == pytest.approx([3 / 4, 1 / 4, 1 / 4])
    assert found["banzhaf_normalised"] == pytest.approx([0.6, 0.2, 0.2])
    assert found["nucleolus"] == [1, 0, 0]
    assert found["core"] == {"empty": False, "point": [1, 0, 0], "vertices": [[1, 0, 0]]}
    assert found["least_core"] == {"epsilon": 0, "point": [1, 0, 0]}
    assert found["proportional"] is None
    assert found["properties"] == {
        "convex": False, "superadditive": True, "monotone": True, "essential": True,
    }  # fmt: skip
    assert "exact" not in found


def test_worths_by_name_leave_the_rest_at_zero_and_say_so(tmp_path):
    by_name = {"players": ["A", "B", "C"], "worths": {"A,B": 1, "C, A": 1, "A,B,C": 1}}
    found = answer(tmp_path, by_name)
    assert any("(4 of them)" in note for note in found["notes"])
    expected = answer(tmp_path, GLOVE)
    for key in ("shapley", "nucleolus", "core", "least_core", "properties"):
        assert found[key] == expected[key]


def test_exact_fractions(tmp_path):
    found = answer(tmp_path, {"players": ["A", "B"], "worths": [0, 0.1, "1/3", 1]}, "--exact")
    assert found["exact"]["shapley"] == ["23/60", "37/60"]
    assert found["exact"]["nucleolus"] == ["23/60", "37/60"]
    assert found["exact"]["least_core"]["epsilon"] == "-17/60"
    assert found["shapley"] == pytest.approx([23 / 60, 37 / 60])
    assert found["core"]["vertices"] == [pytest.approx([0.1, 0.9]), pytest.approx([2 / 3, 1 / 3])]


def test_empty_core_is_proven(tmp_path):
    majority = {"players": ["A", "B", "C"], "worths": [0, 0, 0, 1, 0, 1, 1, 1]}
    found = answer(tmp_path, majority, "--exact")
    assert found["core"]["empty"]
    proof = found["core"]["balanced_collection"]
    assert {(*entry["coalition"], entry["weight"]) for entry in proof} == {
        ("A", "B", "1/2"), ("A", "C", "1/2"), ("B", "C", "1/2"),
    }  # fmt: skip
    assert found["core"]["balanced_worth"] == 1.5
    assert found["exact"]["core"] == {"empty": True, "point": None}
    assert found["tau_value"] is None
    assert any("not quasi-balanced" in note for note in found["notes"])
    text = run(tmp_path, majority).stdout
    assert "Core: empty. Proof: " in text


def test_no_imputation_gives_the_prenucleolus_and_says_so(tmp_path):
    found = answer(tmp_path, {"players": ["A", "B"], "worths": [0, 4, 4, 5]})
    assert found["nucleolus"] == [2.5, 2.5]
    assert any("this is the prenucleolus" in note for note in found["notes"])


def test_costs_are_shared_as_costs(tmp_path):
    airport = {"players": ["A", "B", "C"], "costs": [0, 1, 2, 2, 4, 4, 4, 4]}
    found = answer(tmp_path, airport, "--exact")
    assert found["exact"]["shapley"] == ["1/3", "5/6", "17/6"]
    assert found["exact"]["nucleolus"] == ["1/2", "3/4", "11/4"]
    assert found["grand_worth"] == 4
    assert sum(found["core"]["point"]) == pytest.approx(4)
    assert found["banzhaf_normalised"] == pytest.approx([1 / 15, 3 / 15, 11 / 15])
    assert any(note.startswith("costs:") for note in found["notes"])


def test_unions_and_links(tmp_path):
    more = {"unions": [["A"], ["B", "C"]], "links": [["A", "B"]]}
    found = answer(tmp_path, GLOVE | more, "--exact")
    assert found["exact"]["owen"] == ["1/2", "1/4", "1/4"]
    assert found["exact"]["myerson"] == ["1/2", "1/2", "0"]


def test_text_shows_fractions_and_every_player(tmp_path):
    text = run(tmp_path, GLOVE, "--exact").stdout
    for piece in ("A", "B", "C", "2/3", "1/6", "nucleolus", "Core: not empty", "The game is"):
        assert piece in text


def test_one_player_and_yaml(tmp_path):
    assert answer(tmp_path, {"players": ["A"], "worths": [0, 7]})["least_core"]["epsilon"] is None
    assert "A 7" in run(tmp_path, {"players": ["A"], "worths": [0, 7]}).stdout
    file = tmp_path / "game.yaml"
    file.write_text("players: [A, B]\nworths: {A: 1, 'A,B': 4}\n", "utf-8")
    result = CliRunner().invoke(app, [str(file), "--json"])
    assert json.loads(result.stdout)["shapley"] == [2.5, 1.5]


def two(worths, **more):
    return {"players": ["A", "B"], "worths": worths} | more


@pytest.mark.parametrize(
    ("content", "place", "problem"),
    [
        ("{", "game.json:1:2", "is not JSON"),
        ("[1]", "game.json", "mapping"),
        (two([0, 1, 2]), "worths", "2 players need|3 entries"),
        (two([0, 1, 2, 3, 4, 5, 6, 7]), "worths", "8 entries; 2 players need"),
        (two([0, 1, 2, 0]), "worths", "A,B is worth 0"),
        (two({"A": 1}), "worths", "A,B is worth 0"),
        (two([3, 1, 2, 5]), "worths[0]", "empty coalition"),
        ('{"players": ["A", "B"], "worths": [0, NaN, 2, 5]}', "worths.1", "finite"),
        (two([0, None, 2, 5]), "worths.1", "finite"),
        (two([0, True, 2, 5]), "worths.1", "finite"),
        (two([0, "x", 2, 5]), "worths.1", "1/3"),
        (two([0, "1/0", 2, 5]), "worths.1", "1/3"),
        (two({"A,B": 5, "A,X": 1}), "worths['A,X']", "no player"),
        (two({"A,B": 5, "B,A": 1}), "worths['B,A']", "again"),
        (two({"A,A": 5}), "worths['A,A']", "twice"),
        (two({"A,B": 5, "": 1}), "worths[0]", "empty coalition"),
        ('{"players": ["A"], "worths": {"A": 1, "A": 2}}', "game.json", "twice"),
        (two(7), "worths", "list of numbers"),
        (two([0, 1, 2, 5], costs=[0, 1, 2, 5]), "game.json", "both"),
        ({"players": ["A"]}, "game.json", "no `worths`"),
        ({"worths": [0, 1]}, "players", "list of names"),
        ({"players": ["A", "A"], "worths": [0, 1, 2, 5]}, "players[1]", "repeats"),
        ({"players": ["A,B", "C"], "worths": [0, 1, 2, 5]}, "players.0", "commas"),
        ({"players": [1, "C"], "worths": [0, 1, 2, 5]}, "players.0", "text"),
        (two([0, 1, 2, 5], worth=1), "worth", "did you mean worths"),
        (two([0, 1, 2, 5], unions=[["A"], ["X"]]), "unions.1", "no player"),
        (two([0, 1, 2, 5], unions=[["A"]]), "unions", "leave out B"),
        (two([0, 1, 2, 5], links=[["A"]]), "links.0", "joins two"),
        (two([0, 1, 2, 5], links=[["A", "A"]]), "links[0]", "itself"),
        (two([0, 1, 2, 5], links=3), "links", "list of lists"),
        (two([0, 1, 2, "1e999999999"]), "worths.3", "1/3"),
        (two([0, 1, 2, 5], unions=[["A", "A"], ["B"]]), "unions.0", "twice"),
    ],
)
def test_bad_input_is_refused_with_its_place(tmp_path, content, place, problem):
    result = run(tmp_path, content, "--json")
    assert isinstance(result.exception, InvalidGameError)
    assert "game.json" in result.exception.place
    assert place in result.exception.place
    if "|" not in problem:
        assert problem in result.exception.problem
    assert result.stdout == ""


@pytest.mark.parametrize("key", ["1", "null", "[A, B]", "true"])
def test_coalitions_of_yaml_are_named_by_text(tmp_path, key):
    file = tmp_path / "game.yaml"
    file.write_text(f"players: [A, B]\nworths: {{{key}: 5, 'A,B': 3}}\n", "utf-8")
    result = CliRunner().invoke(app, [str(file), "--json"])
    assert isinstance(result.exception, InvalidGameError)
    assert "game.yaml:2" in result.exception.place
    assert "named by text" in result.exception.problem


def test_superadditivity_of_many_players_is_refuted_or_said_to_be_open(tmp_path):
    names = [f"p{i:02}" for i in range(18)]
    pair = {"players": names, "worths": {"p00,p01": 1, ",".join(names): 5}}
    assert answer(tmp_path, pair)["properties"]["superadditive"] is False
    sizes = [mask.bit_count() for mask in range(1 << 18)]
    majority = {"players": names, "worths": [int(size > 9) for size in sizes]}
    found = answer(tmp_path, majority)
    assert found["properties"]["superadditive"] is None
    assert any(note.startswith("superadditive: not decided") for note in found["notes"])


@pytest.mark.parametrize("n", [25, 30, 1000])
def test_too_many_players_are_refused_with_their_place(tmp_path, n):
    names = [f"p{i}" for i in range(n)]
    result = run(tmp_path, {"players": names, "worths": {"p1": 1}}, "--json")
    assert isinstance(result.exception, TooLargeError)
    assert "players: " in str(result.exception)
    assert "game.json" in str(result.exception)


def test_missing_file(tmp_path):
    result = CliRunner().invoke(app, [str(tmp_path / "none.json")])
    assert isinstance(result.exception, InvalidGameError)
    assert "none.json" in str(result.exception)
