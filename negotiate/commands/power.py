"""``negotiate power``: who has how much say under a voting or entry-into-force rule."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from games.documents import Document
    from games.voting.weighted_game import VotingGame, WeightedRule

__all__ = ["power"]

MAX_PLAYERS = 2_000
MAX_SECONDS = 3.0
"""Estimated time beyond which Deegan-Packel and Johnston are left out, each by itself."""


def power(
    file: Annotated[
        str | None,
        typer.Argument(
            help="JSON or YAML file with `rules` (each a `quota` and `weights`) and `players`; "
            "or give --quota and --weights."
        ),
    ] = None,
    quota: Annotated[
        list[str] | None,
        typer.Option(
            help="Weight that is enough: 39, or 55% of the total. Repeat with --weights "
            "for several rules that must all be met."
        ),
    ] = None,
    weights: Annotated[
        list[str] | None,
        typer.Option(help="One weight per player; 7*5,1*10 is five of weight 7 and ten of 1."),
    ] = None,
    names: Annotated[
        str | None, typer.Option(help='Names of the players: France,"Korea, Rep."')
    ] = None,
    yes_probability: Annotated[
        str | None,
        typer.Option(
            help="Chance of each player to say yes: adds the chance that the rule is met."
        ),
    ] = None,
    correlation: Annotated[
        str,
        typer.Option(help="Correlation of two votes, 0 to 1, for the chance of being decisive."),
    ] = "0",
    max_seconds: Annotated[
        float,
        typer.Option(
            help="Leave out Deegan-Packel and Johnston where one is expected to take longer."
        ),
    ] = MAX_SECONDS,
    exact: Annotated[bool, typer.Option("--exact", help="Add the shares as fractions.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Voting power of every player: Shapley-Shubik, Banzhaf and others, computed exactly."""
    if not max_seconds >= 0:
        raise _mistake("--max-seconds", f"is {max_seconds}; it must be a number from 0 on")
    game = _game(file, quota or [], weights or [], names)
    answer = _answer(game, yes_probability, correlation, max_seconds)
    if exact:
        shares = [key for key in _COLUMNS if answer.get(key) is not None]
        answer["exact"] = {key: [str(x) for x in answer[key]] for key in shares}
    (_print_json if json else _print_text)(game, answer)


_NUMBERS = frozenset(
    {
        "shapley_shubik",
        "banzhaf",
        "banzhaf_absolute",
        "coleman_prevention",
        "coleman_initiation",
        "power_to_act",
        "deegan_packel",
        "johnston",
        "decisiveness",
    }
)
_COLUMNS = {
    "shapley_shubik": "Shapley–Shubik",
    "banzhaf": "Banzhaf",
    "banzhaf_absolute": "swing",
    "coleman_prevention": "can prevent",
    "coleman_initiation": "can initiate",
    "deegan_packel": "Deegan–Packel",
    "johnston": "Johnston",
    "decisiveness": "decisive",
}


_TABLES = {
    "To win: {quotas}": ["shapley_shubik", "banzhaf", "banzhaf_absolute", "decisiveness"],
    "Other measures": ["coleman_prevention", "coleman_initiation", "deegan_packel", "johnston"],
}


def _answer(
    game: VotingGame, yes_probability: str | None, correlation: str, max_seconds: float
) -> dict[str, Any]:
    from games.voting.banzhaf import banzhaf
    from games.voting.coleman import coleman
    from games.voting.deegan_packel import deegan_packel
    from games.voting.johnston import johnston
    from games.voting.shapley_shubik import shapley_shubik
    from games.voting.swings import count_swings

    counts = count_swings(game)
    shares, measures, notes = banzhaf(game), coleman(game), _met_by_one(game)
    answer: dict[str, Any] = {
        "players": list(game.players),
        "rules": [{"quota": r.quota, "weights": list(r.weights)} for r in game.rules],
        "shapley_shubik": shapley_shubik(game),
        "banzhaf": shares.normalised,
        "banzhaf_absolute": shares.absolute,
        "swings": shares.swings,
        "coleman_prevention": measures.prevention,
        "coleman_initiation": measures.initiation,
    }
    for key, index in (("deegan_packel", deegan_packel), ("johnston", johnston)):
        answer[key], note = _if_not_too_large(index, game, max_seconds)
        notes += [f"{key}: {note}"] if note else []
    if correlation != "0" or yes_probability is not None:
        answer |= _chances(game, yes_probability, correlation)
    label = game.players.__getitem__
    return answer | {
        "power_to_act": measures.power_to_act,
        "n_winning": counts.n_winning,
        "smallest_winning": counts.smallest_winning,
        "smallest_blocking": counts.smallest_blocking,
        "veto": [label(i) for i in game.veto_players],
        "dictator": None if game.dictator is None else label(game.dictator),
        "without_power": [label(i) for i, total in enumerate(counts.totals) if total == 0],
        "method": f"exact: {counts.method}",
        "notes": notes,
    }


def _met_by_one(game: VotingGame) -> list[str]:
    # Often a slip: 0.55 for 55%.
    return [
        f"rule {k}: any one of {len(positive)} players meets the quota alone; a share of the "
        "total is written with a percent sign, such as 55%"
        for k, rule in enumerate(game.rules, 1)
        if len(positive := [w for w in rule.weights if w]) > 1 and rule.quota <= min(positive)
    ]


def _chances(game: VotingGame, yes_probability: str | None, correlation: str) -> dict[str, Any]:
    from games.voting.decisiveness import decisiveness
    from games.voting.passage_probability import passage_probability

    mean = _unit_number(yes_probability or "1/2", "--yes-probability")
    rho = _unit_number(correlation, "--correlation")
    found: dict[str, Any] = {
        "decisiveness": decisiveness(game, yes_probability=mean, correlation=rho)
    }
    if yes_probability is not None and rho == 0:
        found["passage_probability"] = passage_probability(game, float(mean))
    return found


def _if_not_too_large(
    index: Callable[..., tuple[Fraction, ...]], game: VotingGame, max_seconds: float
) -> tuple[tuple[Fraction, ...] | None, str]:
    # The answer is worth giving without an index that this game is too large for; a note says so.
    from games.errors import TooLargeError

    try:
        return index(game, max_seconds=max_seconds), ""
    except TooLargeError as error:
        return None, f"not computed: {error}"


def _floats(value: Any) -> Any:
    if value is None:
        return None
    return [float(x) for x in value] if isinstance(value, tuple) else float(value)


def _print_json(_: VotingGame, answer: Mapping[str, Any]) -> None:
    from negotiate.commands.output import print_json

    print_json({k: _floats(v) if k in _NUMBERS else v for k, v in answer.items()})


def _print_text(game: VotingGame, answer: Mapping[str, Any]) -> None:
    from negotiate.commands.output import print_lines, print_table

    quotas = " and ".join(f"{r.quota} of {r.total}" for r in game.rules)
    for title, keys in _TABLES.items():
        shown = [key for key in keys if answer.get(key) is not None]
        weighs = "shapley_shubik" in keys
        columns = ["player", *(["weight"] if weighs else []), *(_COLUMNS[key] for key in shown)]
        rows = []
        for group in game.types:
            weights = " / ".join(str(rule.weights[group[0]]) for rule in game.rules)
            values = [f"{float(answer[key][group[0]]):.4f}" for key in shown]
            rows.append([_who(game, group), *([weights] if weighs else []), *values])
        print_table(columns, rows, title.format(quotas=quotas))
    lines = [
        f"Smallest winning coalition: {answer['smallest_winning']} of {game.n_players}; "
        f"smallest blocking coalition: {answer['smallest_blocking']}.",
        f"Share of coalitions that win: {float(answer['power_to_act']):.4g}.",
    ]
    if answer["dictator"]:
        lines.append(f"{answer['dictator']} decides alone.")
    elif answer["veto"]:
        lines.append(f"Veto: {_some(answer['veto'])}.")
    if answer["without_power"]:
        lines.append(f"Without any power: {_some(answer['without_power'])}.")
    if "passage_probability" in answer:
        lines.append(f"Chance that the rule is met: {answer['passage_probability']:.4f}.")
    for key, fractions in answer.get("exact", {}).items():
        lines.append(f"{_COLUMNS[key]}, exact: {', '.join(fractions)}")
    print_lines([*lines, *(f"Note: {note}" for note in answer["notes"])])


def _who(game: VotingGame, group: tuple[int, ...]) -> str:
    alike = f" +{len(group) - 1} alike" if len(group) > 1 else ""
    return f"{game.players[group[0]]}{alike}"


def _some(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _game(
    file: str | None, quotas: list[str], weights: list[str], names: str | None
) -> VotingGame:
    if file is None:
        return _game_from_options(quotas, weights, names)
    if quotas or weights or names:
        raise _mistake("FILE", f"is {file!r}, together with --quota, --weights or --names")
    return _game_from_file(file)


def _game_from_options(quotas: list[str], weights: list[str], names: str | None) -> VotingGame:
    from games.voting.weighted_game import VotingGame, WeightedRule

    if not quotas or len(quotas) != len(weights):
        raise _mistake(
            "--quota, --weights",
            f"are given {len(quotas)} and {len(weights)} times; give each rule one of both, such "
            "as --quota 39 --weights 7*5,1*10, or a file",
        )
    rules = []
    for k, (quota, text) in enumerate(zip(quotas, weights, strict=True)):
        rule = f"rule {k + 1}" if len(quotas) > 1 else ""
        rules.append(WeightedRule(quota, list(_expand(text, "--weights")), rule))
    # As in a file of comma-separated values: a name in quotation marks may hold a comma.
    listed = next(csv.reader([names], skipinitialspace=True)) if names else []
    return VotingGame(rules, [name.strip() for name in listed])


def _game_from_file(name: str) -> VotingGame:
    from games.documents import read_document
    from games.voting.weighted_game import VotingGame

    document = read_document(name)
    data = document.mapping((), document.data)
    document.keys((), data, ["players", "rules", "quota", "weights"])
    alone = {key: data[key] for key in ("quota", "weights") if key in data}
    given = data.get("rules", [alone] if alone else [])
    if not isinstance(given, list) or not given or (alone and "rules" in data):
        raise document.error(
            (), "needs a list `rules`, or one `quota` with `weights`, and not both"
        )
    listed = data.get("players", [])
    if not isinstance(listed, list):
        raise document.error(("players",), "must be a list of names")
    players = [document.label(("players", k), name) for k, name in enumerate(listed)]
    rules = []
    for k, entry in enumerate(given):
        path: tuple[str | int, ...] = () if alone else ("rules", k)
        rules.append(_rule(document, path, entry, players))
    return VotingGame(rules, players)


def _rule(
    document: Document, path: tuple[str | int, ...], entry: Any, players: list[str]
) -> WeightedRule:
    from games.errors import InvalidGameError
    from games.voting.weighted_game import WeightedRule

    rule = document.mapping(path, entry)
    document.keys(path, rule, ["quota", "weights"])
    for key in ("quota", "weights"):
        if key not in rule:
            raise document.error(path, f"has no `{key}`")
    try:
        return WeightedRule(rule["quota"], _listed(rule["weights"], players))
    except InvalidGameError as error:
        field, bracket, rest = error.place.partition("[")
        where = document.place((*path, field))
        raise InvalidGameError(f"{where}{bracket}{rest}", error.problem) from None


def _listed(weights: Any, players: list[str]) -> list[Any]:
    if isinstance(weights, str):
        return list(_expand(weights, "weights"))
    if isinstance(weights, list):
        if len(weights) > MAX_PLAYERS:
            raise _mistake("weights", f"lists more than {MAX_PLAYERS} players")
        return weights
    if not isinstance(weights, Mapping) or not players:
        raise _mistake(
            "weights",
            "must be a list of numbers, text such as 7*5,1*10, or, with `players`, a mapping",
        )
    unknown = [str(key) for key in weights if str(key) not in players]
    if unknown:
        raise _mistake("weights", f"names {unknown[0]!r}, who is not among the players")
    by_name = {str(key): value for key, value in weights.items()}
    # A rule that names only some players does not count the others.
    return [by_name.get(player, 0) for player in players]


def _expand(text: str, place: str) -> Iterator[str]:
    total = 0
    for item in text.split(","):
        weight, _, times = (part.strip() for part in item.partition("*"))
        if "*" not in item:
            times = "1"
        if not times.isdecimal() or int(times[:9]) == 0:
            raise _mistake(place, f"has {item.strip()!r}; write weight*players, such as 7*5")
        total += int(times[:9])
        if total > MAX_PLAYERS:
            raise _mistake(place, f"lists more than {MAX_PLAYERS} players")
        yield from [weight] * int(times)


def _unit_number(text: str, place: str) -> Fraction:
    from games.voting.exact_number import exact_number

    value = exact_number(text, place)
    if not 0 <= value <= 1:
        raise _mistake(place, f"is {text}; it must be between 0 and 1")
    return value


def _mistake(place: str, problem: str) -> ValueError:
    from games.errors import InvalidGameError

    return InvalidGameError(place, problem)
