"""The command ``negotiate solve`` on every kind of file and method."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from games.catalog import catalog_entry
from games.errors import GameError, InvalidGameError, TooLargeError
from games.extensive_form.agent_logit import agent_quantal_response
from games.extensive_form.builder import TreeBuilder
from games.files.efg import efg_text
from games.files.reading import read_game
from games.files.table import csv_text, json_text
from games.normal_form import NormalFormGame
from negotiate.commands.solve import solve
from negotiate.commands.solve_methods import METHODS
from negotiate.errors import NegotiateError

BOS_NFG = """NFG 1 R "Bach or Stravinsky" { "row" "column" } { { "B" "S" } { "B" "S" } } ""

2 1 0 0 0 0 1 2
"""
ENTRY_EFG = """EFG 2 R "entry deterrence" { "entrant" "incumbent" }
p "" 1 1 "start" { "out" "in" } 0
t "" 1 "stays out" { 1, 5 }
p "" 2 1 "entered" { "share" "fight" } 0
t "" 2 "shared" { 2, 2 }
t "" 3 "fought" { 0, 0 }
"""
DILEMMA = '{"A": [[3, 0], [5, 1]], "B": [[3, 5], [0, 1]]}'


def run(*arguments):
    app = typer.Typer()
    app.command()(solve)
    return CliRunner().invoke(app, [str(a) for a in arguments])


def answer(*arguments):
    result = run(*arguments, "--json")
    if result.exception is not None:
        raise result.exception
    return json.loads(result.stdout)


@pytest.fixture
def write(tmp_path):
    def write_file(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def test_all_equilibria_of_a_strategic_game(write):
    found = answer(write("bos.nfg", BOS_NFG))
    assert found["players"] == ["row", "column"]
    assert found["actions"] == [["B", "S"], ["B", "S"]]
    assert found["complete"] is True
    assert found["method"]
    mixtures = [e["strategies"] for e in found["equilibria"]]
    assert mixtures[0] == [[1, 0], [1, 0]]
    assert np.allclose(mixtures[1], [[2 / 3, 1 / 3], [1 / 3, 2 / 3]])
    assert mixtures[2] == [[0, 1], [0, 1]]
    assert np.allclose([e["payoffs"] for e in found["equilibria"]], [[2, 1], [2 / 3] * 2, [1, 2]])
    assert all(0 <= e["regret"] < 1e-12 for e in found["equilibria"])
    assert "exact_strategies" not in found["equilibria"][0]


def test_fractions_on_request(write):
    found = answer(write("bos.nfg", BOS_NFG), "--exact")["equilibria"][1]
    assert found["exact_strategies"] == [["2/3", "1/3"], ["1/3", "2/3"]]
    assert found["exact_payoffs"] == ["2/3", "2/3"]
    assert found["regret"] == 0


def test_same_game_from_csv_and_json(write):
    game = catalog_entry("best-reply regions").game
    answers = [
        answer(write("game.csv", csv_text(game))),
        answer(write("game.json", json_text(game))),
    ]
    assert answers[0] == answers[1]
    assert len(answers[0]["equilibria"]) == 3


def test_huge_penalty_loses_no_equilibrium(write):
    game = NormalFormGame.from_bimatrix([[2, -1e12], [0, 1]], [[1, 0], [-1e12, 2]])
    found = answer(write("penalty.json", json_text(game)), "--exact")
    assert [e["exact_payoffs"] for e in found["equilibria"]][0::2] == [["2", "1"], ["1", "2"]]
    assert len(found["equilibria"]) == 3


def test_tree_through_its_normal_form_and_by_subgames(write):
    path = write("entry.efg", ENTRY_EFG)
    nash = answer(path)
    assert nash["actions"] == [["out", "in"], ["share", "fight"]]
    payoffs = {tuple(e["payoffs"]) for e in nash["equilibria"]}
    assert payoffs == {(1, 5), (2, 2)}  # the empty threat counts as a Nash equilibrium
    for method in ("subgame-perfect", "backward-induction", "spe"):
        [perfect] = answer(path, "--method", method)["equilibria"]
        assert perfect["payoffs"] == [2, 2]
        assert perfect["strategies"] == [[0, 1], [1, 0]]
        assert perfect["behavior"]["entrant"]["start"] == {"out": 0, "in": 1}
    [sequential] = answer(path, "--method", "sequential")["equilibria"]
    assert np.allclose(sequential["payoffs"], [2, 2], atol=1e-4)
    assert len(sequential["beliefs"]) == 2


def test_behavior_is_listed_per_information_set(write):
    text = """EFG 2 R "twice" { "a" "b" }
p "" 1 1 "first" { "stop" "go" } 0
t "" 1 "" { 0, 0 }
p "" 2 1 "reply" { "stop" "go" } 0
t "" 2 "" { 1, -1 }
p "" 1 2 "second" { "x" "y" } 0
t "" 3 "" { 2, 1 }
t "" 4 "" { 3, 2 }
"""
    found = answer(write("twice.efg", text), "--method", "subgame-perfect")
    assert found["actions"][0] == ["first: stop", "first: go", "second: x", "second: y"]
    assert found["equilibria"][0]["strategies"] == [[0, 1, 0, 1], [0, 1]]
    assert found["equilibria"][0]["payoffs"] == [3, 2]


def test_more_than_two_players(write):
    game = catalog_entry("three-player matching pennies").game
    path = write("three.json", json_text(game))
    found = answer(path)
    assert found["complete"] is True  # Jordan (1993): there is no other
    [mixed] = found["equilibria"]
    assert np.allclose(mixed["strategies"], 0.5)
    assert answer(path, "--method", "some")["complete"] is False
    assert answer(path, "--method", "pure")["equilibria"] == []
    horse = write("horse.json", json_text(catalog_entry("Selten's horse").game))
    assert len(answer(horse, "--exact")["equilibria"]) == 2


def test_correlated_play_beats_mixing(write):
    path = write("chicken.json", json_text(catalog_entry("chicken").game))
    [found] = answer(path, "--method", "correlated")["equilibria"]
    assert np.allclose(found["payoffs"], 5.25)
    assert np.allclose(found["distribution"], [[0.5, 0.25], [0.25, 0]])
    assert np.allclose(found["strategies"], [[0.75, 0.25]] * 2)
    [coarse] = answer(path, "--method", "coarse-correlated")["equilibria"]
    assert sum(coarse["payoffs"]) >= 10.5 - 1e-9
    [mine] = answer(path, "--method", "correlated", "--weights", "1,0")["equilibria"]
    assert mine["payoffs"][0] == pytest.approx(7)


def test_logit_at_given_and_default_rationality(write):
    path = write("game.json", json_text(catalog_entry("inspection game").game))
    found = answer(path, "--method", "logit", "--lambda", "0", "--lambda", "1")["equilibria"]
    assert [e["lambda"] for e in found] == [0, 1]
    assert np.allclose(found[0]["strategies"], 0.5)
    assert found[1]["strategies"][0][0] == pytest.approx(0.405, abs=5e-4)
    ladder = answer(path, "--method", "qre")["equilibria"]
    assert len(ladder) > 4
    assert ladder[-1]["strategies"][0][0] == pytest.approx(0.25, abs=0.02)
    assert all(e["residual"] < 1e-8 for e in ladder)


def test_logit_where_no_action_makes_a_difference(write):
    path = write("flat.json", '{"A": [[1, 2], [1, 2]], "B": [[0, 0], [0, 0]]}')
    [found] = answer(path, "--method", "logit")["equilibria"]
    assert np.allclose(found["strategies"], 0.5)


def test_dominance_names_the_order(write):
    path = write("game.json", json_text(catalog_entry("iterated dominance").game))
    found = answer(path, "--method", "dominance")
    assert found["complete"] is True
    assert found["equilibria"][0]["payoffs"] == [4, 3]
    assert found["survivors"] == [["U"], ["L"]]
    assert found["eliminations"][0]["player"] == "column"
    chicken = write("chicken.json", json_text(catalog_entry("chicken").game))
    undecided = answer(chicken, "--method", "dominance")
    assert (undecided["equilibria"], undecided["complete"]) == ([], False)


def test_commitment_of_either_player(write):
    path = write("game.json", json_text(catalog_entry("commitment that pays").game))
    [found] = answer(path, "--method", "commitment")["equilibria"]
    assert found["payoffs"] == pytest.approx([3.5, 0.5])
    assert found["strategies"] == [[0.5, 0.5], [0, 1]]
    follower = answer(path, "--method", "stackelberg", "--leader", "follower")
    assert follower["leader"] == "follower"
    assert follower["equilibria"][0]["payoffs"] == pytest.approx([2, 1])


def test_continuum_has_its_components(write):
    path = write("game.json", json_text(catalog_entry("chain store, one branch").game))
    found = answer(path, "--method", "components", "--exact")
    assert [s["component"] for s in found["nash_subsets"]] == [0, 1]
    assert found["nash_subsets"][1]["exact_corners"][1] == [["1/2", "1/2"], ["0", "1"]]
    assert "degenerate" in answer(path)["note"]


def methods_for(name):
    trees = {"subgame-perfect", "backward-induction", "sequential", "sequence-form"}
    return [m for m in METHODS if name == "efg" or m not in trees]


@pytest.mark.parametrize(
    ("kind", "method"), [(k, m) for k in ("efg", "json") for m in methods_for(k)]
)
def test_every_method_keeps_the_shape(write, kind, method):
    text = ENTRY_EFG if kind == "efg" else DILEMMA
    if method == "sequence-form":  # zero sum only
        text = text.replace("1, 5", "-5, 5").replace("2, 2", "-2, 2")
    path = write(f"game.{kind}", text)
    found = answer(path, "--method", method)
    assert {"players", "actions", "equilibria", "complete", "method"} <= found.keys()
    game = read_game(path)
    for e in found["equilibria"]:
        assert [len(s) for s in e["strategies"]] == [len(a) for a in found["actions"]]
        assert np.allclose([sum(s) for s in e["strategies"]], 1)
        assert len(e["payoffs"]) == len(game.players)
        assert e["regret"] >= 0
    assert run(path, "--method", method).exit_code == 0


def poker():
    """Kuhn (1950), A simplified two-person poker: value -1/18 to the first player."""
    tree = TreeBuilder(["A", "B"])
    deals = list(itertools.permutations("JQK", 2))
    nodes = tree.chance(0, {a + b: "1/6" for a, b in deals})
    for node, (a, b) in zip(nodes, deals, strict=True):
        wins = 1 if "JQK".index(a) > "JQK".index(b) else -1
        check, bet = tree.move(node, "A", ["check", "bet"], a)
        shown, raised = tree.move(check, "B", ["check", "bet"], f"{b} after check")
        ends = [*tree.move(raised, "A", ["fold", "call"], f"{a} after bet")]
        ends += tree.move(bet, "B", ["fold", "call"], f"{b} after bet")
        for end, u in zip([shown, *ends], [wins, -1, 2 * wins, 1, 2 * wins], strict=True):
            tree.end(end, [u, -u])
    return tree.build()


def deep_efg(n_moves):
    lines = ['EFG 2 R "row of moves" { "A" "B" }']
    for k in range(n_moves):
        lines.append(f'p "" {k % 2 + 1} {k + 1} "" {{ "stop" "go" }} 0')
        lines.append(f't "" {k + 1} "" {{ {k}, {k} }}')
    return "\n".join([*lines, f't "" {n_moves + 1} "" {{ {n_moves}, {n_moves} }}'])


def test_a_deep_tree_is_answered_by_a_method_for_trees(write):
    path = write("deep.efg", deep_efg(2000))
    found = answer(path)
    assert found["method"].startswith("backward induction")
    assert found["note"].startswith("Not all Nash equilibria were sought: the reduced normal form")
    assert found["complete"] is False  # of the Nash equilibria, which were asked for
    [perfect] = found["equilibria"]
    assert (perfect["payoffs"], perfect["regret"]) == ([2000, 2000], 0)
    result = run(path)
    assert result.exit_code == 0
    assert "(960 more;" in result.stdout
    for method in ("all", "pure"):
        with pytest.raises(TooLargeError, match=r"1,001 × 1,001 strategies.*backward induction"):
            answer(path, "--method", method)


def test_a_tree_with_hidden_moves_beyond_enumeration_has_an_answer_too(write):
    path = write("poker.efg", efg_text(poker()))
    found = answer(path)
    assert "sequence form" in found["method"]
    assert found["complete"] is False
    assert found["equilibria"][0]["payoffs"] == pytest.approx([-1 / 18, 1 / 18])
    with pytest.raises(TooLargeError, match="27 and 64 reduced strategies"):
        answer(path, "--method", "all")


def test_logit_of_a_tree_is_that_of_the_agent_form(write):
    path = write("poker.efg", efg_text(poker()))
    found = answer(path, "--method", "logit", "--lambda", "1.5")
    assert found["method"].startswith("agent logit")
    assert "agent form" in found["note"]
    [entry] = found["equilibria"]
    behavior = agent_quantal_response(poker(), 1.5)
    for h, expected in zip(poker().information_sets, behavior, strict=True):
        own = entry["behavior"]["AB"[h.player]][h.label]
        assert list(own.values()) == pytest.approx(expected, abs=1e-9)
    assert entry["lambda"] == 1.5
    assert entry["residual"] < 1e-7
    assert answer(path, "--method", "agent-logit")["method"] == found["method"]


@pytest.mark.parametrize("kind", ["efg", "json"])
@pytest.mark.parametrize("rationality", ["1e308", "inf", "nan"])
def test_a_lambda_beyond_reach_is_refused_without_warnings(write, kind, rationality):
    path = write(f"game.{kind}", ENTRY_EFG if kind == "efg" else DILEMMA)
    with pytest.raises(NegotiateError, match=r"--lambda: .* is too large for payoffs"):
        answer(path, "--method", "logit", "--lambda", rationality)


def test_a_player_without_moves_has_a_strategy_all_the_same(write):
    text = """EFG 2 R "" { "A" "idle" }
p "" 1 1 "" { "l" "r" } 0
t "" 1 "" { 1, 5 }
t "" 2 "" { 0, 5 }
"""
    path = write("idle.efg", text)
    for method in ("all", "subgame-perfect", "sequential", "logit"):
        found = answer(path, "--method", method)
        assert found["actions"][1] == ["(no move)"]
        assert found["equilibria"][-1]["strategies"][1] == [1]


@pytest.mark.parametrize("more", [[], ["--exact"]])
def test_table_for_people(write, more):
    result = run(write("bos.nfg", BOS_NFG), *more)
    assert result.exit_code == 0
    assert "3 equilibria; the list is complete." in result.stdout
    assert ("2/3" in result.stdout) == bool(more)
    assert ("0.666667" in result.stdout) == (not more)


def test_text_of_eliminations_and_components(write):
    path = write("game.json", json_text(catalog_entry("iterated dominance").game))
    shown = run(path, "--method", "dominance").stdout
    assert "Round 1: column never plays M." in shown
    assert "Left: row: U; column: L." in shown
    path = write("chain.json", json_text(catalog_entry("chain store, one branch").game))
    assert "all mixtures of" in run(path, "--method", "components").stdout


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--method", "correlate"], "did you mean 'correlated'"),
        (["--method", "subgame-perfect"], "extensive form"),
        (["--method", "logit", "--exact"], "--exact"),
        (["--method", "correlated", "--weights", "1,x"], "--weights"),
        (["--method", "commitment", "--leader", "nobody"], "--leader"),
    ],
)
def test_bad_request_is_named(write, arguments, problem):
    with pytest.raises(NegotiateError, match=problem):
        answer(write("game.json", DILEMMA), *arguments)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--method", "logit", "--lambda", "-1"], "rationalities"),
        (["--method", "correlated", "--weights", "1,2,3"], "weights"),
    ],
)
def test_library_names_a_bad_number(write, arguments, problem):
    with pytest.raises(InvalidGameError, match=problem):
        answer(write("game.json", DILEMMA), *arguments)


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("broken.json", '{"A": [[1, 2]', r"broken\.json:1:\d+"),
        ("broken.nfg", "NFG 1 R", "broken.nfg"),
        ("game.txt", "1 2 3", "suffix"),
        ("nan.json", '{"A": [[NaN]], "B": [[1]]}', "nan.json"),
        ("shape.json", '{"A": [[1, 2]], "B": [[1]]}', "shape.json"),
    ],
)
def test_bad_file_is_an_error_with_a_place(write, name, text, place):
    with pytest.raises(GameError, match=place):
        answer(write(name, text))


def test_missing_file_is_an_error():
    with pytest.raises(GameError, match="nowhere"):
        answer(Path("nowhere.nfg"))
