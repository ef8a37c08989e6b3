"""Times of the Pareto frontier and all solutions over packages, and NegMAS beside us.

NegMAS (AGPL, some 800 MB) is never imported here: it runs in a process of its own, from the
environment that ``make bench`` makes in ``build/peers/negmas``.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from games.bargaining.nash_bargaining import nash_bargaining_solution
from games.bargaining.pareto_frontier import pareto_frontier
from games.bargaining.problem import BargainingProblem
from games.multi_issue.domain import (
    AdditiveUtility,
    Domain,
    Issue,
    Negotiation,
    Profile,
    TabulatedUtility,
)
from games.multi_issue.genius_xml import read_genius_domain, read_genius_profile
from games.multi_issue.packages import package_frontier, solve_packages

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
COMPARED = SIZES[1:3]
ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "games" / "data"
NEGMAS = ROOT / "build" / "peers" / "negmas" / "bin" / "python"
TWO_LOSSES = [[1.0, 1.0, 1.0], [-5.0, -5.0, 10.0]]
"""Two efficient outcomes of three players who get 0 without agreement: only the first is one."""


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


def own_times() -> None:
    """Times of our own ways of solving domains of growing size."""
    print(f"{'domain':22} {'players':>7} {'frontier':>8} {'additive':>10} {'tabulated':>10}")
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
        print(line)


def ask_negmas(cases: list[Negotiation], tables: list[np.ndarray]) -> dict[str, Any]:
    """Answers of NegMAS, from a process and an environment of its own."""
    with TemporaryDirectory() as folder:
        files = [str(Path(folder) / f"{k}.npy") for k in range(len(tables))]
        for file, table in zip(files, tables, strict=True):
            np.save(file, table)
        request = {
            "domain": str(DATA / "tobacco_domain.xml"),
            "profiles": [str(DATA / f"tobacco_{name}.xml") for name in ("england", "zimbabwe")],
            "tables": files,
            "additive": [
                [[part.tolist() for part in p.utility.contributions] for p in case.profiles]
                for case in cases
            ],
            "two_losses": TWO_LOSSES,
        }
        script = Path(__file__).with_name("negmas_peer.py")
        done = subprocess.run(
            [str(NEGMAS), "-W", "ignore", str(script)],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=900,
        )
    if done.returncode:
        raise RuntimeError(f"NegMAS failed: {done.stderr.strip().splitlines()[-1:]}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def row(what: str, ours: float, theirs: float, verdict: str) -> None:
    print(
        f"{what:38} {1000 * ours:9.3f} ms {1000 * theirs:9.3f} ms {theirs / ours:7.1f}x  {verdict}"
    )


def verdict(is_right: bool, wrong: str) -> str:
    return "same answer" if is_right else f"WRONG: {wrong}"


def read_tobacco() -> Negotiation:
    domain = read_genius_domain(DATA / "tobacco_domain.xml")
    files = [DATA / f"tobacco_{name}.xml" for name in ("england", "zimbabwe")]
    return Negotiation(domain, tuple(read_genius_profile(file, domain) for file in files))


def beside_negmas() -> None:
    """NegMAS beside us: the GENIUS files, frontiers of listed packages, the Nash point."""
    home = NEGMAS.parents[1]
    if not any(home.glob("lib/python*/site-packages/negmas")):
        print(f"NegMAS: not installed in {home}, skipped; make bench installs it there")
        return
    cases = [(label, random_negotiation(shape, 2, seed=1)) for label, shape, _ in COMPARED]
    tables = [case.utilities(np.arange(case.domain.n_packages)) for _, case in cases]
    theirs = ask_negmas([case for _, case in cases], tables)
    print(f"NegMAS {theirs['version']}, in a process of its own (least of three rounds)")
    print(f"{'':38} {'ours':>12} {'NegMAS':>12} {'ratio':>8}")
    reading, tobacco = least_seconds(read_tobacco)
    solved, found = solve_packages(tobacco), theirs["scenario"]
    largest = tobacco.utilities(np.arange(tobacco.domain.n_packages)).max(axis=0)
    is_right = bool(np.allclose(found["largest"], largest))
    shown = ", ".join(f"{top:.2f}" for top in found["largest"])
    reason = f"largest utilities {shown}: not divided by the issue's maximum"
    row("read tobacco domain and profiles", reading, found["seconds"], verdict(is_right, reason))
    if found["efficient"] != solved.frontier.n_packages:
        print(
            f"{'':38} so {found['efficient']} packages look efficient, of "
            f"{solved.frontier.n_packages}, and the Nash point has utilities "
            f"({', '.join(f'{u:.3f}' for u in found['nash'])}), not "
            f"({', '.join(f'{u:.3f}' for u in solved.nash_bargaining.utilities)})"
        )
    for (label, case), answer in zip(cases, theirs["additive"], strict=True):
        ours, frontier = least_seconds(lambda case=case: package_frontier(case))
        is_right = frontier.n_packages == answer["efficient"]
        reason = f"{answer['efficient']} efficient, of {frontier.n_packages}"
        row(f"profiles, {label}", ours, answer["seconds"], verdict(is_right, reason))
    for (label, _), table, answer in zip(cases, tables, theirs["tables"], strict=True):
        compare_table(label, table, answer)
    truth = BargainingProblem.finite(TWO_LOSSES, [0, 0, 0])
    best = nash_bargaining_solution(truth).payoffs.tolist()
    is_right = theirs["two_losses"] == best
    reason = f"{theirs['two_losses']} for {best}: two losses multiply to a gain"
    print(f"{'Nash point among three players':38} {verdict(is_right, reason)}")


def compare_table(label: str, table: np.ndarray, answer: dict[str, Any]) -> None:
    """Frontier and Nash point of listed packages, by both."""
    ours, rows = least_seconds(lambda: pareto_frontier(table))
    is_right = len(rows) == answer["efficient"]
    reason = f"{answer['efficient']} efficient, of {len(rows)}"
    row(f"table, {label}", ours, answer["frontier_seconds"], verdict(is_right, reason))
    problem = BargainingProblem.finite(table[rows], np.zeros(table.shape[1]))
    ours, nash = least_seconds(lambda: nash_bargaining_solution(problem))
    is_right = bool(np.allclose(nash.payoffs, answer["nash"]))
    reason = f"{answer['nash']} for {nash.payoffs.tolist()}"
    row(
        f"Nash point of {len(rows)} points",
        ours,
        answer["nash_seconds"],
        verdict(is_right, reason),
    )


def least_seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Least time of three rounds, and the result."""
    found = [seconds(work) for _ in range(3)]
    return min(time for time, _ in found), found[-1][1]


def main() -> None:
    own_times()
    print()
    beside_negmas()


if __name__ == "__main__":
    main()
