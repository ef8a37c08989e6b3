"""Times of the Pareto frontier and all solutions over packages, beside the peers installed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from games.multi_issue.domain import (
    AdditiveUtility,
    Domain,
    Issue,
    Negotiation,
    Profile,
    TabulatedUtility,
)
from games.multi_issue.packages import solve_packages

SIZES = (
    ("576 packages", (4, 4, 3, 3, 4), 2),
    ("23,040 packages", (8, 6, 5, 4, 4, 6), 2),
    ("390,625 packages", (5,) * 8, 2),
    ("390,625 packages", (5,) * 8, 3),
    ("2,097,152 packages", (8,) * 7, 2),
    ("2,097,152 packages", (8,) * 7, 3),
    ("10,000,000 packages", (10,) * 7, 2),
)
LARGEST_TABLE = 10_000_000
LARGEST_FOR_PEER = 400_000


def random_negotiation(shape: tuple[int, ...], n_players: int, seed: int) -> Negotiation:
    rng = np.random.default_rng(seed)
    issues = tuple(
        Issue(f"i{k}", tuple(f"o{j}" for j in range(size))) for k, size in enumerate(shape)
    )
    profiles = tuple(
        Profile(
            f"p{i}",
            AdditiveUtility.weighted(
                rng.dirichlet(np.ones(len(shape))),
                [rng.integers(1, 100, size) for size in shape],
            ),
        )
        for i in range(n_players)
    )
    return Negotiation(Domain(issues), profiles)


def tabulated(negotiation: Negotiation) -> Negotiation:
    total = negotiation.domain.n_packages
    rows = np.concatenate(
        [
            negotiation.utilities(np.arange(start, min(start + 10**6, total)))
            for start in range(0, total, 10**6)
        ]
    )
    return Negotiation(
        negotiation.domain,
        tuple(
            Profile(profile.player, TabulatedUtility(np.ascontiguousarray(rows[:, i])))
            for i, profile in enumerate(negotiation.profiles)
        ),
    )


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def peer() -> Callable[[np.ndarray], Any] | None:
    """The Pareto frontier of NegMAS, when it is installed."""
    try:
        from negmas.preferences.ops import pareto_frontier_numpy
    except ImportError:
        print("NegMAS cannot be imported: its column is left out")
        return None
    return pareto_frontier_numpy


def main() -> None:
    their_frontier = peer()
    header = f"{'domain':22} {'players':>7} {'frontier':>8} {'additive':>10} {'tabulated':>10}"
    print(header + (f" {'NegMAS':>10} {'ratio':>7}" if their_frontier else ""))
    for label, shape, n_players in SIZES:
        negotiation = random_negotiation(shape, n_players, seed=1)
        ours, solutions = seconds(lambda case=negotiation: solve_packages(case))
        line = f"{label:22} {n_players:7} {len(solutions.frontier.utilities):8} {ours:9.4f}s"
        if negotiation.domain.n_packages <= LARGEST_TABLE:
            table = tabulated(negotiation)
            by_table, check = seconds(lambda case=table: solve_packages(case))
            if check.nash_bargaining.package != solutions.nash_bargaining.package:
                raise AssertionError("the two ways disagree")
            line += f" {by_table:9.4f}s"
            if their_frontier and negotiation.domain.n_packages <= LARGEST_FOR_PEER:
                rows = table.utilities(np.arange(negotiation.domain.n_packages))
                theirs, _ = seconds(lambda points=rows: their_frontier(points))
                line += f" {theirs:9.4f}s {theirs / by_table:6.1f}x"
        print(line)


if __name__ == "__main__":
    main()
