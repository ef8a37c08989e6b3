"""The command ``negotiate bargain``: what to agree on, over all packages of a domain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from games.multi_issue.domain import Negotiation
    from games.multi_issue.packages import PackageSolution, PackageSolutions

__all__ = ["bargain"]

COMMON_UNIT = "needs a common unit of utility"
SOLUTIONS = {
    "nash": ("nash_bargaining", "Nash bargaining (largest product of gains)"),
    "kalai_smorodinsky": ("kalai_smorodinsky", "Kalai–Smorodinsky (equal shares of best gains)"),
    "egalitarian": ("egalitarian", f"Egalitarian (equal gains; {COMMON_UNIT})"),
    "max_welfare": ("utilitarian", f"Largest sum ({COMMON_UNIT})"),
    "equal_loss": ("equal_loss", f"Equal loss ({COMMON_UNIT})"),
}
IN_COMMON_UNIT = ("egalitarian", "max_welfare", "equal_loss")


def bargain(
    domain: Annotated[Path, typer.Argument(help="Issues and options: GENIUS XML, YAML or JSON.")],
    profiles: Annotated[
        list[Path], typer.Argument(help="One profile per player: GENIUS XML, YAML or JSON.")
    ],
    time: Annotated[
        float, typer.Option(help="Time passed; utilities and reservation values are discounted.")
    ] = 0.0,
    limit: Annotated[
        int, typer.Option(min=1, help="List at most this many Pareto-efficient packages.")
    ] = 10_000,
    json_output: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of tables.")
    ] = False,
) -> None:
    """Pareto frontier and bargaining solutions over all packages of a domain."""
    from games.multi_issue.packages import solve_packages
    from negotiate.commands.output import print_json

    negotiation = _read(domain, profiles).at_time(time)
    solutions = solve_packages(negotiation)
    if json_output:
        print_json(_payload(negotiation, solutions, limit))
    else:
        _print_tables(negotiation, solutions, limit)


def _read(domain: Path, profiles: list[Path]) -> Negotiation:
    from games.multi_issue.domain import Negotiation
    from games.multi_issue.genius_xml import read_genius_domain, read_genius_profile
    from games.multi_issue.yaml_domain import read_yaml_domain, read_yaml_profile

    def is_xml(path: Path) -> bool:
        return path.suffix.lower() == ".xml"

    issues = read_genius_domain(domain) if is_xml(domain) else read_yaml_domain(domain)
    sides = [
        read_genius_profile(path, issues) if is_xml(path) else read_yaml_profile(path, issues)
        for path in profiles
    ]
    names = [side.player for side in sides]
    if len(set(map(str, profiles))) == len(profiles):
        # GENIUS profiles are named after their files, which may share a name across folders.
        sides = [
            replace(side, player=str(path))
            if is_xml(path) and names.count(side.player) > 1
            else side
            for side, path in zip(sides, profiles, strict=True)
        ]
    return Negotiation(issues, tuple(sides))


def _payload(negotiation: Negotiation, solutions: PackageSolutions, limit: int) -> dict[str, Any]:
    listed = _listed(solutions, limit)
    utilities = negotiation.utilities(listed)
    payload: dict[str, Any] = {
        "domain": negotiation.domain.name,
        "players": negotiation.players,
        "reservations": negotiation.reservations,
        "outcomes": negotiation.domain.n_packages,
        "pareto_count": solutions.frontier.n_packages,
        "pareto": [
            {"utilities": row, "outcome": negotiation.domain.package(package)}
            for row, package in zip(utilities, listed, strict=True)
        ],
    }
    for key, (field, _) in SOLUTIONS.items():
        solution: PackageSolution = getattr(solutions, field)
        payload[key] = {
            "utilities": solution.utilities,
            "outcome": negotiation.domain.package(solution.package),
            "ties": [negotiation.domain.package(package) for package in solution.ties[1:]],
            "needs_common_unit": key in IN_COMMON_UNIT,
            "note": solution.note,
        }
    return payload


def _listed(solutions: PackageSolutions, limit: int) -> list[int]:
    """Efficient packages, the first player's best first, at most ``limit``."""
    listed: list[int] = []
    for point in range(len(solutions.frontier.utilities)):
        listed += solutions.frontier.packages(point, limit - len(listed))
        if len(listed) >= limit:
            break
    return listed


def _print_tables(negotiation: Negotiation, solutions: PackageSolutions, limit: int) -> None:
    from negotiate.commands.output import print_lines, print_table

    domain = negotiation.domain
    print_lines(
        [
            f"{domain.n_packages:,} packages, {solutions.frontier.n_packages:,} of them "
            "Pareto-efficient. Nash bargaining solution:",
            *(
                f"  {issue}: {option}"
                for issue, option in domain.package(solutions.nash_bargaining.package).items()
            ),
            "",
        ]
    )
    rows = []
    for field, label in SOLUTIONS.values():
        solution: PackageSolution = getattr(solutions, field)
        ties = f" ({len(solution.ties)} tie)" if len(solution.ties) > 1 else ""
        package = "; ".join(domain.package(solution.package).values())
        rows.append([label, *(f"{u:.4g}" for u in solution.utilities), package + ties])
    print_table(["solution", *negotiation.players, "package"], rows, "Solutions")
    listed = _listed(solutions, min(limit, 30))
    table = [
        [*(f"{u:.4g}" for u in row), "; ".join(domain.package(package).values())]
        for row, package in zip(negotiation.utilities(listed), listed, strict=True)
    ]
    more = solutions.frontier.n_packages - len(listed)
    title = "Pareto-efficient packages" + (f" (first {len(listed)})" if more else "")
    print_table([*negotiation.players, "package"], table, title)
    notes = {getattr(solutions, field).note for field, _ in SOLUTIONS.values()} - {""}
    print_lines(f"Note: {note}." for note in sorted(notes))
