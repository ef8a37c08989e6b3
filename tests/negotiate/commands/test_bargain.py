"""The command ``negotiate bargain``."""

import json
import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from games.errors import GameError, InvalidGameError, NoSolutionError
from negotiate.commands.bargain import bargain

DATA = Path(__file__).parents[2] / "games" / "data"
TOBACCO = [str(DATA / f"tobacco_{name}.xml") for name in ("domain", "england", "zimbabwe")]


def run(*arguments):
    app = typer.Typer()
    app.command()(bargain)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if isinstance(result.exception, GameError):
        raise result.exception
    return result


def test_json_of_the_tobacco_domain():
    result = run(*TOBACCO, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["outcomes"] == 576
    assert answer["pareto_count"] == len(answer["pareto"]) == 25
    assert answer["players"] == ["tobacco_england", "tobacco_zimbabwe"]
    assert answer["nash"]["utilities"] == pytest.approx([0.9109, 0.7332], abs=1e-4)
    assert answer["nash"]["outcome"]["Size of Fund"] == "$10 billion"
    for key in ("kalai_smorodinsky", "egalitarian"):
        assert answer[key]["utilities"] == pytest.approx([0.8223, 0.7866], abs=1e-4)
        assert answer[key]["outcome"]["Forum on Other Health Issues"] == "Creation of fund"
    assert answer["max_welfare"]["outcome"] == answer["nash"]["outcome"]
    assert answer["max_welfare"]["needs_common_unit"]
    assert not answer["nash"]["needs_common_unit"]
    utilities = [tuple(row["utilities"]) for row in answer["pareto"]]
    assert utilities == sorted(utilities, reverse=True)


def test_tables_for_people():
    result = run(*TOBACCO)
    assert result.exit_code == 0
    assert result.stdout.startswith("576 packages, 25 of them Pareto-efficient.")
    assert "Size of Fund: $10 billion" in result.stdout


def test_limit_keeps_the_count():
    answer = json.loads(run(*TOBACCO, "--json", "--limit", "3").stdout)
    assert len(answer["pareto"]) == 3
    assert answer["pareto_count"] == 25


def test_delay_shrinks_utilities(tmp_path):
    (tmp_path / "d.yaml").write_text("issues: {a: [x, y]}")
    (tmp_path / "p.yaml").write_text(
        "discount: 0.5\nweights: {a: 1}\nevaluations: {a: {x: 1, y: 2}}"
    )
    (tmp_path / "q.yaml").write_text("weights: {a: 1}\nevaluations: {a: {x: 2, y: 1}}")
    files = [tmp_path / f"{name}.yaml" for name in "dpq"]
    answer = json.loads(run(*files, "--time", "1", "--json").stdout)
    assert [row["utilities"] for row in answer["pareto"]] == [[0.5, 0.5], [0.25, 1.0]]


def test_errors_are_typed(tmp_path):
    with pytest.raises(InvalidGameError, match="cannot be read"):
        run(tmp_path / "none.xml", *TOBACCO[1:])
    with pytest.raises(InvalidGameError, match="two players"):
        run(TOBACCO[0], TOBACCO[1], TOBACCO[1])
    with pytest.raises(InvalidGameError, match="time"):
        run(*TOBACCO, "--time", "-1")
    text = Path(TOBACCO[1]).read_text(encoding="utf-8")
    greedy = tmp_path / "greedy.xml"
    greedy.write_text(text.replace('reservation value="0.0"', 'reservation value="0.99"'))
    proud = tmp_path / "proud.xml"
    proud.write_text(
        Path(TOBACCO[2])
        .read_text(encoding="utf-8")
        .replace('reservation value="0.0"', 'reservation value="0.9"')
    )
    with pytest.raises(NoSolutionError, match="in conflict: greedy with proud"):
        run(TOBACCO[0], greedy, proud)


def test_the_example_of_the_manual(tmp_path):
    manual = Path(__file__).parents[3] / "docs" / "how-to" / "bargain.md"
    blocks = re.findall(r"```yaml\n(.*?)```", manual.read_text(encoding="utf-8"), re.DOTALL)
    files = []
    for name, text in zip(("fisheries", "north", "south"), blocks, strict=True):
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(text, encoding="utf-8")
    answer = json.loads(run(*files, "--json").stdout)
    assert (answer["outcomes"], answer["pareto_count"]) == (12, 6)
    assert answer["nash"]["utilities"] == pytest.approx([0.685, 6.0])
    assert answer["nash"]["outcome"] == {"Quota": "middle", "Patrols": "joint", "Season": "long"}
