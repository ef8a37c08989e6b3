"""Commands under misuse: exit code 2 and one line, no traceback, nothing half-written."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from negotiate.cli import main

TREATY = """\
title: The sanction window
parties: {Arland: {gain: [7, 9]}, Åland: }
stakes: {gain: 8, cost: 2, outside_option: -0.2}
clauses:
  - {kind: penalty, sanction: 20}
  - {kind: club_benefit, benefit: 3}
  - {kind: evidence, detection: 0.5, false_alarm: 0.05}
variants:
  severe: {set: {clauses.penalty.sanction: 30}}
"""


@pytest.fixture
def treaty(tmp_path):
    path = tmp_path / "t.yaml"
    path.write_text(TREATY, encoding="utf-8")
    return str(path)


def called(*arguments):
    """Exit code of the command, run within this process."""
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    return stopped.value.code


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "negotiate", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "options",
    [
        ("analyze", "--seed", "-1"),
        ("analyze", "--variant", "severe", "--set", "clauses.penalty.sanction=x"),
        ("app", "--port", "99999"),
        ("sweep", "--vary", "clauses.penalty.form=1,2"),
        ("sweep", "--vary", "stakes.gain=1", "--vary", "stakes.gain=2"),
        ("sweep", "--vary", "stakes.cost=1", "--out", "{folder}/d.csv"),
        ("sweep", "--vary", "stakes.cost=1", "--out", "/proc/none.csv"),
    ],
)
def test_misuse(treaty, tmp_path, capsys, options) -> None:
    (tmp_path / "d.csv").mkdir()
    command, *rest = (option.format(folder=tmp_path) for option in options)
    assert called(command, treaty, *rest) == 2
    assert capsys.readouterr().out == ""
    assert sorted(p.name for p in tmp_path.iterdir()) == ["d.csv", "t.yaml"]


def test_the_lever_is_named_and_solved_for(treaty, capsys) -> None:
    lever = ("--lever", "clauses.club_benefit.benefit")
    called("analyze", treaty, *lever, "--json")
    found = json.loads(capsys.readouterr().out)
    low = found["parties"]["Arland"]["closed_form"]["low"]["text"]
    # Participation binds: b − c ≥ o + q(b + s).
    assert eval(low, {"c": 2, "o": -0.2, "q": 0.05, "s": 20}) == pytest.approx(2.8 / 0.95)
    assert "--lever clauses.club_benefit.benefit" in found["replay"]["command"]
    called("analyze", treaty, *lever)
    shown = capsys.readouterr().out
    assert "  benefit at least " in shown
    assert "  sanction at" not in shown


def test_a_terminal_that_lacks_a_letter(treaty) -> None:
    sweep = ("sweep", treaty, "--vary", "stakes.cost=1")
    done = run(*sweep, "--json", PYTHONIOENCODING="ascii")
    assert "slack.Åland" in json.loads(done.stdout)["columns"]
    done = run(*sweep, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert r"slack.\xc5land" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_sweep_that_is_stopped_leaves_no_file(treaty, tmp_path, number) -> None:
    out = tmp_path / "runs.csv"
    vary = ["--vary", "stakes.cost=0:1:2000", "--vary", "clauses.penalty.sanction=0:9:1000"]
    process = subprocess.Popen(
        [sys.executable, "-m", "negotiate", "sweep", treaty, *vary, "--out", str(out)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / ".runs.csv.partial").exists() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(number)
    assert process.wait(60) not in (0, 1)
    assert [p.name for p in tmp_path.iterdir()] == ["t.yaml"]
