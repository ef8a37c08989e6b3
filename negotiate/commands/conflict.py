"""The command ``negotiate conflict``: which states of a conflict are stable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from games.graph_model.conflict_file import ConflictFile
    from games.graph_model.equilibria import StabilityTable

__all__ = ["conflict"]

CONCEPTS = {
    "nash": "Nash (no improvement)",
    "seq": "sequential (credible answers)",
    "gmr": "general metarational (any answer)",
    "smr": "symmetric metarational (answers without escape)",
}


def conflict(
    file: Annotated[Path, typer.Argument(help="The conflict, JSON or YAML.")],
    json_output: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of tables.")
    ] = False,
) -> None:
    """Stable states of a conflict in graph form, under four kinds of foresight."""
    from games.graph_model.conflict_file import read_conflict
    from games.graph_model.equilibria import stability_table
    from negotiate.commands.output import print_json

    description = read_conflict(file)
    table = stability_table(description.conflict)
    if json_output:
        print_json(_payload(description, table))
    else:
        _print_tables(description, table)


def _named(description: ConflictFile, states: tuple[int, ...]) -> list[int | str]:
    return [description.references[state] for state in states]


def _payload(description: ConflictFile, table: StabilityTable) -> dict[str, Any]:
    from games.graph_model.coalition_stability import coalesced
    from games.graph_model.equilibria import stability_table

    model = description.conflict
    payload: dict[str, Any] = {"name": description.name}
    payload.update({key: _named(description, table.equilibria(key)) for key in CONCEPTS})
    payload["decision_makers"] = model.players
    payload["states"] = dict(zip(map(str, description.references), model.states, strict=True))
    payload["stable_for"] = {
        key: {
            player: [description.references[s] for s in stable.nonzero()[0]]
            for player, stable in zip(model.players, getattr(table, key), strict=True)
        }
        for key in CONCEPTS
    }
    if description.coalitions:
        joint = stability_table(coalesced(model, description.coalitions))
        payload["with_coalitions"] = {
            "decision_makers": joint.conflict.players,
            **{key: _named(description, joint.equilibria(key)) for key in CONCEPTS},
        }
    if description.status_quo:
        payload["from_status_quo"] = _status_quo(description, table)
    return payload


def _status_quo(description: ConflictFile, table: StabilityTable) -> dict[str, Any]:
    """Shortest way from the status quo to each equilibrium, by any moves and by improvements."""
    from games.graph_model.status_quo import status_quo_paths

    model, [start] = description.conflict, description.status_quo
    found: dict[str, Any] = {"status_quo": description.references[start]}
    for key, only in (("by_moves", False), ("by_improvements", True)):
        paths = status_quo_paths(model, start, improvements_only=only)
        found[key] = [
            {
                "state": description.references[state],
                "path": _named(description, paths[state].states),
                "movers": [model.players[player] for player in paths[state].movers],
            }
            for state in table.equilibria("gmr")
            if state in paths
        ]
    return found


def _print_tables(description: ConflictFile, table: StabilityTable) -> None:
    from negotiate.commands.output import print_lines, print_table

    model = description.conflict
    by_all = {key: set(table.equilibria(key)) for key in CONCEPTS}
    nash = ", ".join(str(name) for name in _named(description, tuple(sorted(by_all["nash"]))))
    print_lines(
        [f"{description.name}: {model.n_states} states; Nash equilibria: {nash or 'none'}."]
    )
    rows = []
    for state in range(model.n_states):
        cells = []
        for key in CONCEPTS:
            stable = getattr(table, key)[:, state]
            names = [p for p, holds in zip(model.players, stable, strict=True) if holds]
            cells.append("all" if stable.all() else ", ".join(names) or "–")
        label = model.states[state]
        name = str(description.references[state])
        rows.append([name if name == label else f"{name} ({label})", *cells])
    print_table(["state", *CONCEPTS.values()], rows, "Stable for whom")
    payload = _payload(description, table)
    if "with_coalitions" in payload:
        joint = payload["with_coalitions"]
        lines = [f"With {' and '.join(joint['decision_makers'])}:"]
        lines += [
            f"  {label}: {', '.join(map(str, joint[key])) or 'none'}"
            for key, label in CONCEPTS.items()
        ]
        print_lines(lines)
    if "from_status_quo" in payload:
        paths = payload["from_status_quo"]["by_improvements"]
        lines = [f"From state {payload['from_status_quo']['status_quo']} by improvements alone:"]
        lines += [f"  {' → '.join(map(str, found['path']))}" for found in paths]
        print_lines(lines if paths else [*lines, "  no equilibrium can be reached"])
