"""Treaty questions against their goals: a million points, 193 parties, start-up."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

import negotiate


def world(n_parties: int) -> negotiate.Treaty:
    return negotiate.read_treaty(
        {
            "title": "Benchmark",
            "parties": {f"P{k}": {"gain": 6 + k % 4} for k in range(n_parties)},
            "stakes": {"cost": 2, "outside_option": -0.5},
            "clauses": [
                {"kind": "penalty", "sanction": 20},
                {"kind": "club_benefit", "benefit": 3},
                {"kind": "evidence", "detection": [0.45, 0.55], "false_alarm": 0.03},
            ],
        }
    )


def best(run: Callable[[], object], repeats: int = 3) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def process(*arguments: str) -> float:
    return best(
        lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True), 5
    )


def main() -> None:
    five, many = world(5), negotiate.compile_treaty(world(193))
    grid = {
        "clauses.penalty.sanction": np.linspace(0, 40, 1000),
        "clauses.evidence.detection": np.linspace(0, 1, 1000),
    }
    measures = ["complies", "joins", "verdict"]
    sweep = best(lambda: negotiate.sweep(five, grid, measures=measures))
    deterrence = best(lambda: negotiate.deterrence(many))
    pandas = process("-c", "import pandas")
    rows = [
        ("a million points of five parties, every verdict", sweep, "≤ 1 s"),
        ("deterrence of 193 parties", deterrence, "≤ 0.2 s"),
        ("import pandas (a process)", pandas, ""),
        (
            "import negotiate (a process)",
            process("-c", "import negotiate"),
            f"≤ {2 * pandas:.2f} s",
        ),
        (
            "import negotiate and load every public name",
            process("-c", "from negotiate import *"),
            f"({2 * pandas:.2f} s)",
        ),
        ("negotiate --help (a process)", process("-m", "negotiate", "--help"), "≤ 0.3 s"),
    ]
    print(f"{'what':50s} {'time':>9s}  goal")
    for what, seconds, goal in rows:
        print(f"{what:50s} {seconds:7.3f} s  {goal}")
