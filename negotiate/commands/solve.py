"""The command ``negotiate solve``: equilibria of a game in a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from negotiate.commands.solve_answer import Solved

__all__ = ["solve"]

METHOD_HELP = (
    "all (default; for three or more players where it can be proved), components, pure, some, "
    "dominance, correlated, coarse-correlated, logit, commitment; for trees also "
    "subgame-perfect, backward-induction, sequential."
)
MAX_SHOWN = 200
MAX_MOVES_SHOWN = 40


def solve(
    file: Annotated[Path, typer.Argument(help="The game: .nfg, .efg, .gbt, .csv or .json.")],
    method: Annotated[str, typer.Option(help=METHOD_HELP)] = "",
    exact: Annotated[bool, typer.Option("--exact", help="Add exact fractions.")] = False,
    rationality: Annotated[
        list[float] | None,
        typer.Option("--lambda", help="Rationality of logit equilibria; may be repeated."),
    ] = None,
    weights: Annotated[
        str, typer.Option(help="Players' weights for correlated equilibria: 1,2.")
    ] = "",
    leader: Annotated[str, typer.Option(help="Player who commits; the first if not given.")] = "",
    json_output: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of a table.")
    ] = False,
) -> None:
    """Equilibria of a game, each with its payoffs and the regret that certifies it."""
    from games.files.reading import read_game
    from negotiate.commands.output import print_json
    from negotiate.commands.solve_answer import Request
    from negotiate.commands.solve_methods import solved

    request = Request(exact, tuple(rationality or ()), _weights(weights), leader)
    game = read_game(file)
    answer = solved(game, method, request)
    if json_output:
        print_json(
            {
                "players": game.players,
                "actions": answer.actions,
                "equilibria": answer.equilibria,
                "complete": answer.complete,
                "method": answer.method,
                "note": answer.note,
                **answer.more,
            }
        )
    else:
        _print_text(game.players, answer)


def _weights(text: str) -> tuple[float, ...]:
    from negotiate.errors import NegotiateError

    try:
        return tuple(float(part) for part in text.split(",")) if text else ()
    except ValueError:
        raise NegotiateError(
            f"--weights: '{text}' must be numbers with commas between, such as 1,2"
        ) from None


def _print_text(players: Sequence[str], answer: Solved) -> None:
    from negotiate.commands.output import print_lines, print_table

    shown = answer.equilibria[:MAX_SHOWN]
    rows = []
    for number, found in enumerate(shown, start=1):
        strategies = found.get("exact_strategies", found["strategies"])
        payoffs = found.get("exact_payoffs", found["payoffs"])
        mixtures = [
            _mixture(labels, strategy)
            for labels, strategy in zip(answer.actions, strategies, strict=True)
        ]
        row = [str(number), *mixtures, ", ".join(map(_number, payoffs)), _number(found["regret"])]
        rows.append([*row[:1], _number(found["lambda"]), *row[1:]] if "lambda" in found else row)
    columns = ["", *(["lambda"] if shown and "lambda" in shown[0] else [])]
    if rows:
        print_table([*columns, *players, "payoffs", "regret"], rows)
    lines = [_summary(answer)]
    for number, found in enumerate(shown, start=1):
        if found.get("labels"):
            lines.append(f"Equilibrium {number}: {', '.join(found['labels'])}.")
    for elimination in answer.more.get("eliminations", ()):
        lines.append(
            f"Round {elimination['round']}: {elimination['player']} never plays "
            f"{elimination['action']}."
        )
    if "survivors" in answer.more:
        kept = zip(players, answer.more["survivors"], strict=True)
        lines.append("Left: " + "; ".join(f"{p}: {', '.join(own)}" for p, own in kept) + ".")
    lines += _subset_lines(players, answer)
    print_lines([*lines, f"Method: {answer.method}.", *([answer.note] if answer.note else [])])


def _summary(answer: Solved) -> str:
    count = len(answer.equilibria)
    more = f" ({MAX_SHOWN} shown; --json has all)" if count > MAX_SHOWN else ""
    what = "1 equilibrium" if count == 1 else f"{count} equilibria"
    proven = "the list is complete" if answer.complete else "others may exist"
    return f"{what}{more}; {proven}."


def _subset_lines(players: Sequence[str], answer: Solved) -> list[str]:
    lines = []
    for subset in answer.more.get("nash_subsets", ()):
        corners = subset.get("exact_corners", subset["corners"])
        sides = [
            f"{player}: " + " or ".join(_mixture(labels, s) for s in side)
            for player, labels, side in zip(players, answer.actions, corners, strict=True)
        ]
        kind = "single" if subset["single"] else "all mixtures of"
        lines.append(f"Component {subset['component'] + 1}, {kind} {'; '.join(sides)}")
    return lines


def _mixture(labels: Sequence[str], strategy: Sequence[Any]) -> str:
    """Actions in use with their probabilities; only the action when it is certain."""
    used = [
        label if probability in (1, "1") else f"{label} {_number(probability)}"
        for label, probability in zip(labels, strategy, strict=True)
        if probability not in (0, "0")
    ]
    n_more = len(used) - MAX_MOVES_SHOWN
    if n_more > 0:
        used = [*used[:MAX_MOVES_SHOWN], f"... ({n_more} more; --json has all)"]
    return ", ".join(used)


def _number(value: Any) -> str:
    return value if isinstance(value, str) else f"{float(value):.6g}"
