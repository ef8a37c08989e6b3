"""What NegMAS answers, and how fast: run by an environment of its own, never by the project's.

NegMAS is AGPL and brings some 800 MB with it. This script imports nothing of the project: it takes
a request as JSON on standard input and prints its answers as JSON on the last line.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

ROUNDS = 3


def least(work: Callable[[], Any]) -> tuple[float, Any]:
    """Least time of a few rounds, in seconds, and the result."""
    best, result = float("inf"), None
    for _ in range(ROUNDS):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def read_scenario(domain: str, profiles: list[str]) -> dict[str, Any]:
    """Times and answers for a GENIUS domain with its profiles."""
    from negmas.inout import Scenario  # codespell:ignore inout
    from negmas.preferences.ops import nash_points, pareto_frontier

    seconds, scenario = least(lambda: Scenario.from_genius_files(domain, profiles))
    outcomes = list(scenario.outcome_space.enumerate())
    points, places = pareto_frontier(scenario.ufuns, outcomes=outcomes)
    [(utilities, place), *_] = nash_points(scenario.ufuns, points, outcomes=outcomes)
    return {
        "seconds": seconds,
        "largest": [float(ufun.minmax()[1]) for ufun in scenario.ufuns],
        "efficient": len(points),
        "nash": [float(u) for u in utilities],
        "outcome": list(outcomes[places[place]]),
    }


def solve_profiles(profiles: list[list[list[float]]]) -> dict[str, Any]:
    """Time of the frontier over all packages of additive utilities, given issue by issue."""
    from negmas.outcomes import make_issue
    from negmas.preferences import LinearAdditiveUtilityFunction
    from negmas.preferences.ops import pareto_frontier

    issues = [make_issue(list(range(len(row))), f"i{k}") for k, row in enumerate(profiles[0])]
    ufuns = [
        LinearAdditiveUtilityFunction(
            values=[dict(enumerate(row)) for row in rows], weights=[1.0] * len(rows), issues=issues
        )
        for rows in profiles
    ]
    start = time.perf_counter()  # one round: it takes seconds
    points, _ = pareto_frontier(ufuns, issues=issues)
    return {"seconds": time.perf_counter() - start, "efficient": len(points)}


def solve_points(file: str) -> dict[str, Any]:
    """Times and answers for the frontier of a table of utilities and its Nash point."""
    import numpy as np
    from negmas.preferences.ops import nash_points, pareto_frontier_numpy

    table = np.load(file)
    frontier_seconds, rows = least(lambda: pareto_frontier_numpy(table))
    points = [tuple(map(float, row)) for row in table[rows]]
    ranges = [(0.0, float(top)) for top in table.max(axis=0)]
    nash_seconds, found = least(lambda: nash_points(None, points, ranges=ranges))
    return {
        "frontier_seconds": frontier_seconds,
        "efficient": len(points),
        "nash_seconds": nash_seconds,
        "nash": list(found[0][0]),
    }


def nash_of(points: list[list[float]]) -> list[float]:
    """Nash point of a few efficient points with reservation values 0."""
    from negmas.preferences.ops import nash_points

    largest = [max(column) for column in zip(*points, strict=True)]
    found = nash_points(None, [tuple(p) for p in points], ranges=[(0.0, top) for top in largest])
    return [float(u) for u in found[0][0]]


def main() -> None:
    """Answer the request on standard input."""
    warnings.simplefilter("ignore")
    request = json.load(sys.stdin)
    import negmas

    answer = {
        "version": negmas.__version__,
        "scenario": read_scenario(request["domain"], request["profiles"]),
        "tables": [solve_points(file) for file in request["tables"]],
        "additive": [solve_profiles(profiles) for profiles in request["additive"]],
        "two_losses": nash_of(request["two_losses"]),
    }
    sys.stdout.write("\n" + json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
