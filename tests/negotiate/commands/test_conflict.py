"""The command ``negotiate conflict``."""

import json
import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from games.errors import InvalidGameError
from negotiate.commands.conflict import conflict

ELMIRA = Path(__file__).parents[2] / "games" / "data" / "elmira.json"


def run(*arguments):
    app = typer.Typer()
    app.command()(conflict)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if isinstance(result.exception, InvalidGameError):
        raise result.exception
    return result


def test_json_of_elmira():
    result = run(ELMIRA, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["nash"] == answer["seq"] == [5, 6, 7, 10, 11, 12]
    assert answer["gmr"] == answer["smr"] == [1, 4, 5, 6, 7, 10, 11, 12]
    assert answer["states"]["9"] == "NNYNY"
    assert 9 in answer["stable_for"]["nash"]["Ministry"]
    assert 9 not in answer["stable_for"]["nash"]["Uniroyal"]
    assert answer["with_coalitions"]["nash"] == [5, 6, 9, 10, 11, 12]
    paths = answer["from_status_quo"]
    assert paths["status_quo"] == 1
    assert {"state": 7, "path": [1, 7], "movers": ["Local Government"]} in paths["by_improvements"]


def test_text_for_people():
    result = run(ELMIRA)
    assert result.exit_code == 0
    assert "12 states; Nash equilibria: 5, 6, 7, 10, 11, 12." in result.stdout.replace("\n", " ")
    assert "With Ministry + Uniroyal and Local Government:" in result.stdout


def test_mistakes_are_typed(tmp_path):
    with pytest.raises(InvalidGameError, match="cannot be read"):
        run(tmp_path / "none.json")
    path = tmp_path / "cycle.yaml"
    path.write_text("decision_makers: [a]\nstates: 2\nmoves: {}\npreferences: {a: [1, 2, 1]}\n")
    with pytest.raises(InvalidGameError, match=r"cycle\.yaml:4:15: preferences\.a: .*cycle"):
        run(path)


def test_the_example_of_the_manual(tmp_path):
    manual = Path(__file__).parents[3] / "docs" / "how-to" / "conflict.md"
    [text] = re.findall(r"```yaml\n(.*?)```", manual.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "river.yaml"
    path.write_text(text, encoding="utf-8")
    answer = json.loads(run(path, "--json").stdout)
    assert answer["nash"] == ["NNN", "NNY"]
    assert answer["seq"] == ["NNN", "YYN", "NNY"]
