"""``negotiate analyze``: the verdict on a treaty, and why."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated, Any

import typer

from negotiate.commands.options import AsJson, File, Set, Variant, treaty_from
from negotiate.commands.output import print_json, print_lines, print_table

if TYPE_CHECKING:
    from negotiate.analysis import Analysis

__all__ = ["analyze"]

MOST_ROWS = 25
MOST_NAMES = 10

BOX = {
    "no ranges given": "",
    "holds, proved at the corners": "holds",
    "holds, proved by bounds": "holds",
    "fails at a corner": "fails",
    "not proved": "not proved",
}
"""What is said of the box of stated ranges, in a word."""


def analyze(
    file: File,
    changes: Set = [],  # noqa: B006 - Typer reads the default, nobody changes it
    variant: Variant = "",
    lever: Annotated[
        str, typer.Option(metavar="PATH", help="Number whose window is wanted (the sanction).")
    ] = "",
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws over the ranges.")] = 0,
    samples: Annotated[int, typer.Option(min=0, max=1_000_000, help="Number of draws.")] = 2000,
    as_json: AsJson = False,
) -> None:
    """Say whether a treaty holds: who complies, who joins, by how much, and what decides it.

    Exit codes: 0 holds, 1 does not hold, 2 bad input.
    """
    from negotiate.analysis import analyze as analyzed

    treaty = treaty_from(file, changes, variant)
    found = analyzed(treaty, lever=lever or None, seed=seed, samples=samples)
    command = ["negotiate", "analyze", file]
    single = (("--variant", variant), ("--lever", lever))
    given = [(option, [value] if value else []) for option, value in single]
    for option, values in (("--set", changes), *given):
        for value in values:
            command += [option, value]
    if as_json:
        numbers = ["--seed", str(seed), "--samples", str(samples)]
        print_json(_payload(found, lever or None, shlex.join([*command, *numbers])))
    else:
        _print(found, lever or None)
    raise typer.Exit(0 if found.holds else 1)


def _payload(found: Analysis, lever: str | None, command: str) -> dict[str, Any]:
    from negotiate.closed_form import closed_forms

    payload = found.to_dict()
    for form in closed_forms(found.situation, lever):
        party = payload["parties"][form.party]
        text, latex = form.conditions[party["against"]]
        party["inequality"] = {"text": text, "latex": latex}
        party["closed_form"] = form.to_dict()
    payload["replay"]["command"] = command
    return payload


def _print(found: Analysis, lever: str | None) -> None:
    treaty = found.treaty
    print_lines([treaty.title, *([treaty.note] if treaty.note else []), ""])
    print_lines([*found.deterrence.sentences, ""])
    _print_parties(found)
    _print_closed_form(found, lever)
    _print_break_even(found)
    _print_duties(found)
    print_lines(["", *found.equilibria.sentences])
    _print_equilibria(found)
    if found.tipping is not None:
        print_lines(found.tipping.sentences)
    if treaty.caveats:
        print_lines(["", *(f"Caveat: {caveat}" for caveat in treaty.caveats)])
    replay = found.deterrence.replay
    print_lines(["", f"Replay: digest {replay.digest[:12]}, seed {replay.seed}, {replay.method}."])


def _print_parties(found: Analysis) -> None:
    from negotiate.answer import figure, figures, percent

    def window(row: Any) -> str:
        if row["window"] is None:
            return "no sanction"
        low, high = row["window"]
        if row["window_empty"]:
            return f"empty ({figure(low)} > {figure(high)})"
        return figures(low, high).removeprefix("from ")

    rows = found.deterrence.records["parties"]
    print_table(
        ["party", "complies", "joins", "slack", "binds", "window", "box", "share"],
        [
            [
                row["party"],
                "yes" if row["complies"] else "NO",
                "yes" if row["joins"] else "NO",
                "tie" if row["tie"] else figure(row["slack"]),
                row["against"],
                window(row),
                BOX[row["over_box"]],
                percent(row["share"]),
            ]
            for row in rows[:MOST_ROWS]
        ],
    )
    _print_rest(len(rows))


def _print_rest(count: int) -> None:
    if count > MOST_ROWS:
        print_lines([f"... and {count - MOST_ROWS} more (all of them with --json)"])


def _print_closed_form(found: Analysis, lever: str | None) -> None:
    from negotiate.closed_form import closed_forms
    from negotiate.questions.deterrence_words import name_of

    word = "sanction" if lever is None else name_of(lever)

    seen: dict[tuple[str, ...], list[str]] = {}
    letters: dict[str, str] = {}
    for form in closed_forms(found.situation, lever)[:MOST_ROWS]:
        lines = [f"  not '{o}' iff {text}" for o, (text, _) in form.conditions.items()]
        ends = {"at least": form.low, "at most": form.high}
        lines += [f"  {word} {side} {end[0]}" for side, end in ends.items() if end]
        if form.largest_false_alarm:
            lines.append(f"  possible iff false alarm ≤ {form.largest_false_alarm[0]}")
        seen.setdefault(tuple(lines), []).append(form.party)
        letters.update(form.letters)
    from negotiate.answer import listed

    for formulas, parties in seen.items():
        print_lines([f"In closed form ({listed(parties)}):", *formulas])
    print_lines([f"  with {letter}: {about.lower()}" for letter, about in letters.items()])


def _print_break_even(found: Analysis) -> None:
    from negotiate.answer import figure

    parties = found.deterrence.records["parties"]
    tight = min(parties, key=lambda row: row["slack"])["party"]
    rows = [r for r in found.deterrence.records["break_even"] if r["party"] == tight]
    print_table(
        ["number", "stands at", "holds from", "to", "method"],
        [
            [
                row["parameter"],
                figure(row["point"]),
                *(
                    (figure(row["holds_from"]), figure(row["holds_to"]))
                    if row["possible"]
                    else ("no value", "would do")
                ),
                row["method"],
            ]
            for row in rows
        ],
        title=f"What would have to be true, one number at a time ({tight}):",
    )


def _print_duties(found: Analysis) -> None:
    from negotiate.answer import figure, listed

    rows = found.deterrence.records["duties"]
    if not rows:
        return
    alike: dict[tuple[Any, ...], list[str]] = {}
    for row in rows:
        key = tuple(value for name, value in row.items() if name != "party")
        alike.setdefault(key, []).append(row["party"])
    print_table(
        ["clause", "must", "cost", "hurts", "at stake", "would act", "who"],
        [
            [
                clause,
                act,
                figure(cost),
                "yes" if hurts else "no",
                figure(stake),
                "yes" if credible else "NO",
                listed(who),
            ]
            for (clause, act, cost, hurts, stake, credible), who in alike.items()
        ],
        title="Who must carry it out:",
    )


def _print_equilibria(found: Analysis) -> None:
    from negotiate.answer import figure

    rows = found.equilibria.records["equilibria"]
    print_table(
        ["equilibrium", "payoffs", "regret", "labels"],
        [
            [
                _strategies(row["strategies"]),
                _payoffs(list(row["payoffs"].values())),
                figure(row["regret"]),
                ", ".join(row["labels"]),
            ]
            for row in rows[:MOST_ROWS]
        ],
    )
    _print_rest(len(rows))


def _payoffs(payoffs: list[float]) -> str:
    from negotiate.answer import figure

    if len(payoffs) <= MOST_NAMES:
        return ", ".join(figure(value) for value in payoffs)
    ends = list(dict.fromkeys((figure(min(payoffs)), figure(max(payoffs)))))
    return f"{' to '.join(ends)} each"


def _strategies(strategies: dict[str, dict[str, float]]) -> str:
    from negotiate.answer import figure, listed

    said: dict[str, list[str]] = {}
    for party, mix in strategies.items():
        words = " or ".join(
            option if p == 1 else f"{option} ({figure(p)})" for option, p in mix.items()
        )
        said.setdefault(words, []).append(party)
    if len(said) == 1:
        return f"all: {next(iter(said))}"
    return "; ".join(f"{listed(parties, MOST_NAMES)}: {words}" for words, parties in said.items())
