"""The command line as a user meets it: a process, its output and its exit code."""

import json
import subprocess
import sys

import pandas as pd
import pytest


def run(*arguments: str, cwd=None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "negotiate", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=120,
        check=False,
    )


WINDOW = """\
title: The sanction window
parties: {Arland: , Borland: }
stakes: {gain: 8, cost: 2}
clauses:
  - {kind: penalty, sanction: 20}
  - {kind: club_benefit, benefit: 3}
  - {kind: evidence, detection: 0.5, false_alarm: 0.05}
"""


@pytest.fixture
def window(tmp_path):
    path = tmp_path / "window.yaml"
    path.write_text(WINDOW)
    return str(path)


def test_help_states_the_exit_codes() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "0 holds, 1 does not hold, 2 bad input" in done.stdout


def test_analyze_json(window) -> None:
    done = run("analyze", window, "--json", "--set", "stakes.outside_option=-0.2")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["verdict"] == "holds"
    party = found["parties"]["Arland"]
    assert {"complies", "joins", "slack", "window", "binding"} <= set(party)
    assert (party["binding"], party["against"]) == ("participation", "stay out")
    assert party["inequality"]["text"] == "b >= c + o + q*(b + s)"
    assert party["window"] == pytest.approx([19.2222, 21.0], abs=1e-4)
    assert party["closed_form"]["low"]["text"] == "-b + (c + g)/(p - q)"
    assert found["equilibria"][0]["regret"] == 0
    assert found["replay"]["digest"]
    assert "--set stakes.outside_option=-0.2" in found["replay"]["command"]


def test_analyze_exit_codes(window, tmp_path) -> None:
    done = run("analyze", window)
    assert done.returncode == 1
    assert "Does not hold" in done.stdout
    assert "0.04545" in done.stdout
    assert run("analyze", str(tmp_path / "none.yaml")).returncode == 2
    assert run("analyze", window, "--set", "stakes.gian=1").returncode == 2
    assert run("analyze").returncode == 2


def test_bad_input_is_told_without_a_traceback(tmp_path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(WINDOW.replace("kind: penalty", "kind: penalti").replace("0.5", "5"))
    done = run("check", str(path), "--json")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert lines[0].startswith("bad.yaml:5:12: clauses.0.kind: input should be 'penalty', ")
    assert lines[1].startswith("bad.yaml:7:")
    assert [m["line"] for m in json.loads(done.stdout)["mistakes"]] == [5, 7]


def test_check_schema_and_scenarios() -> None:
    assert "no mistakes" in run("check", "montreal").stdout
    assert json.loads(run("schema").stdout)["title"] == "Treaty"
    names = [row["name"] for row in json.loads(run("scenarios", "--json").stdout)["scenarios"]]
    assert names == ["montreal", "un-norm-f", "us-china-2015"]
    assert run("scenarios", "montreal").stdout.startswith("# yaml-language-server")
    assert run("scenarios", "montreaal").returncode == 2


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_sweep_writes_a_table(window, tmp_path, suffix) -> None:
    out = tmp_path / f"runs.{suffix}"
    vary = ["--vary", "clauses.penalty.sanction=0:40:41", "--vary", "stakes.outside_option=0,-1"]
    done = run("sweep", window, *vary, "--out", str(out))
    assert done.returncode == 0, done.stderr
    table = pd.read_parquet(out) if suffix == "parquet" else pd.read_csv(out)
    assert len(table) == 82
    assert not table[table["stakes.outside_option"] == 0]["verdict"].any()
    assert [p.name for p in tmp_path.glob(".*")] == []


def test_sweep_mistakes(window, tmp_path) -> None:
    done = run("sweep", window, "--vary", "clauses.penalty.sanktion=0:1:2")
    assert done.returncode == 2
    assert "did you mean 'clauses.penalty.sanction'" in done.stderr
    assert "PATH=FROM:TO:COUNT" in run("sweep", window, "--vary", "x").stderr
    out = str(tmp_path / "runs.xlsx")
    done = run("sweep", window, "--vary", "stakes.gain=1:2:2", "--out", out)
    assert done.returncode == 2
    assert ".parquet or .csv" in done.stderr
    assert not (tmp_path / "runs.xlsx").exists()


def test_app_refuses_a_bad_treaty(tmp_path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("title: x\n")
    done = run("app", str(path))
    assert done.returncode == 2
    assert "bad.yaml" in done.stderr
