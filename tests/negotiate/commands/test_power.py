"""The command `negotiate power`, called as a user calls it."""

import json
import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from negotiate.commands.power import power

APP = typer.Typer()
APP.command()(power)


def run(*arguments):
    return CliRunner().invoke(APP, list(arguments))


def answer(*arguments):
    result = run(*arguments, "--json")
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def test_security_council():
    found = answer("--quota", "39", "--weights", "7*5,1*10", "--exact")
    assert found["shapley_shubik"][0] == pytest.approx(421 / 2145)
    assert found["banzhaf"][0] == pytest.approx(0.166929, abs=1e-6)
    assert found["banzhaf"][14] == pytest.approx(0.016535, abs=1e-6)
    assert found["exact"]["shapley_shubik"][5] == "4/2145"
    assert found["veto"] == [f"player {k}" for k in range(1, 6)]
    assert (found["smallest_winning"], found["smallest_blocking"]) == (9, 1)
    assert found["method"].startswith("exact")


def test_several_rules_must_all_be_met():
    found = answer(
        *("--quota", "60%", "--weights", "5,3,2", "--quota", "2", "--weights", "1*3"),
        *("--names", "A, B,C"),
    )
    assert found["players"] == ["A", "B", "C"]
    assert found["veto"] == ["A"]
    assert found["shapley_shubik"] == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@pytest.mark.parametrize("ending", ["json", "yaml"])
def test_rules_from_a_file(tmp_path, ending):
    rules = {
        "players": ["A", "B", "C"],
        "rules": [
            {"quota": 6, "weights": {"A": 5, "B": 3, "C": 2}},
            {"quota": 2, "weights": "1*3"},
        ],
    }
    file = tmp_path / f"rules.{ending}"
    file.write_text(json.dumps(rules))
    assert answer(str(file))["veto"] == ["A"]
    file.write_text(json.dumps({"quota": 39, "weights": [7] * 5 + [1] * 10}))
    assert answer(str(file))["shapley_shubik"][0] == pytest.approx(421 / 2145)


def test_text_groups_like_players_and_fits_a_terminal():
    result = run("--quota", "39", "--weights", "7*5,1*10", "--yes-probability", "0.8", "--exact")
    assert result.exception is None
    assert "player 6 +9 alike" in result.stdout
    assert "0.1963" in result.stdout
    assert "Veto: player 1" in result.stdout
    assert "421/2145" in result.stdout
    assert "Chance that the rule is met: 0.3274" in result.stdout


def test_dictators_and_players_without_power_are_named():
    result = run("--quota", "5", "--weights", "5,2,2")
    assert "player 1 decides alone" in result.stdout
    assert "Without any power: player 2, player 3" in result.stdout


def test_an_index_too_large_to_list_is_noted_and_the_rest_answered():
    weights = ",".join(str(k) for k in range(1, 41))
    found = answer("--quota", "50%", "--weights", weights)
    for key in ("shapley_shubik", "banzhaf", "deegan_packel", "johnston"):
        assert sum(found[key]) == pytest.approx(1)
    backwards = ",".join(str(k) for k in range(40, 0, -1))
    found = answer(
        *("--quota", "50%", "--weights", weights, "--quota", "50%", "--weights", backwards)
    )
    assert found["johnston"] is None
    assert any("johnston: not computed" in note for note in found["notes"])
    assert sum(found["shapley_shubik"]) == pytest.approx(1)


def test_members_and_emissions_are_answered_and_too_little_time_is_noted():
    rules = ["--quota", "55%", "--weights", "30,20,15,9*5,1*40,0*20", "--quota", "40"]
    rules += ["--weights", "1*68"]
    found = answer(*rules)
    assert sum(found["johnston"]) == pytest.approx(1)
    assert sum(found["deegan_packel"]) == pytest.approx(1)
    left_out = answer(*rules, "--max-seconds", "0")
    assert left_out["johnston"] is None
    assert any("more than max_seconds (0)" in note for note in left_out["notes"])


def test_a_quota_that_anyone_meets_is_noted():
    [note] = answer("--quota", "0.55", "--weights", "1*3")["notes"]
    assert "any one of 3 players meets the quota alone" in note
    assert answer("--quota", "55%", "--weights", "1*3")["notes"] == []
    assert answer("--quota", "0.55", "--weights", "0.2,0.3,0.5")["notes"] == []


def test_names_may_hold_commas_in_quotation_marks():
    names = 'France, "Korea, Republic of",UK'
    found = answer("--quota", "2", "--weights", "1*3", "--names", names)
    assert found["players"] == ["France", "Korea, Republic of", "UK"]


def test_correlated_votes():
    found = answer("--quota", "39", "--weights", "7*5,1*10", "--correlation", "1/3")
    assert found["decisiveness"] == pytest.approx(found["shapley_shubik"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--quota", "-3", "--weights", "1*3"], "quota: is -3"),
        (["--quota", "4", "--weights", "1*3"], "above the total weight"),
        (["--quota", "1", "--weights", "1,-1"], r"weights\[1\]: is -1"),
        (["--quota", "1", "--weights", "1,nan"], r"weights\[1\]: is 'nan'"),
        (["--quota", "nan", "--weights", "1"], "quota: is 'nan'"),
        (["--quota", "1", "--weights", "2*x"], "write weight.players"),
        (["--quota", "1", "--weights", "2*0"], "write weight.players"),
        (["--quota", "1", "--weights", "1*99999999999"], "more than"),
        (["--quota", "1", "--weights", ""], r"weights\[0\]"),
        (["--quota", "1"], "--quota, --weights"),
        ([], "--quota, --weights"),
        (["--quota", "1", "--weights", "1,1", "--names", "A"], "players"),
        (["--quota", "1", "--weights", "1,1", "--names", "A,"], "empty label"),
        (["--quota", "1", "--weights", "1", "--max-seconds", "nan"], "--max-seconds"),
        (["missing.json"], "missing.json"),
        (["x.json", "--quota", "1"], "FILE"),
        (["--quota", "1", "--weights", "1", "--yes-probability", "2"], "--yes-probability"),
        (["--quota", "1", "--weights", "1", "--correlation", "x"], "--correlation"),
        (["--quota", "1", "--weights", "1", "--quota", "5", "--weights", "2"], "rule 2.quota"),
    ],
)
def test_mistakes_are_value_errors_that_name_the_place(arguments, message):
    with pytest.raises(ValueError, match=message):
        raise run(*arguments).exception


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "must be a mapping"),
        ('{"rule": []}', "unknown key"),
        ('{"rules": []}', "needs a list"),
        ('{"rules": [{"quota": 1}]}', "has no .weights"),
        ('{"rules": [{"quota": 1, "weights": [1, NaN]}]}', r"weights\[1\]: is nan"),
        ('{"rules": [{"quota": 1, "weights": {"A": 1}}]}', "must be a list"),
        ('{"players": ["A"], "rules": [{"quota": 1, "weights": {"B": 1}}]}', "names 'B'"),
        ('{"players": "A", "quota": 1, "weights": [1]}', "players"),
        ('{"quota": 9, "weights": [1]}', "above the total"),
    ],
)
def test_mistakes_in_a_file_name_the_file(tmp_path, content, message):
    file = tmp_path / "rules.json"
    file.write_text(content)
    with pytest.raises(ValueError, match=message) as caught:
        raise run(str(file)).exception
    assert "rules.json" in str(caught.value)


def test_the_examples_of_the_manual(tmp_path, monkeypatch):
    manual = (Path(__file__).parents[3] / "docs" / "how-to" / "power.md").read_text("utf-8")
    [rules] = re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)
    (tmp_path / "entry.yaml").write_text(rules, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    calls = re.findall(r"^\$ negotiate power (.*)$", manual, re.MULTILINE)
    results = [run(*shlex.split(call)) for call in calls]
    assert [result.exit_code for result in results] == [0] * 5
    council, _, chance, entry, _ = results
    assert json.loads(council.stdout)["shapley_shubik"][0] == 0.19627039627039627
    assert "Chance that the rule is met: 0.4288." in chance.stdout
    assert json.loads(entry.stdout)["veto"] == ["North"]


def test_lists_of_too_many_players_are_refused(tmp_path):
    path = tmp_path / "many.json"
    path.write_text(json.dumps({"quota": 1, "weights": [1] * 3000}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"many\.json:1:14: weights: lists more than 2000"):
        raise run(str(path)).exception
    path.write_text('{"quota": 1' + "0" * 5000 + ', "weights": [1]}', encoding="utf-8")
    with pytest.raises(ValueError, match="too many digits"):
        raise run(str(path)).exception
