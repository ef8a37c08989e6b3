"""``negotiate values``: how a game's worths can be divided, and which divisions are stable."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from games.coalitional.core import Core
    from games.coalitional.least_core import LeastCore
    from games.coalitional.tu_game import TUGame
    from games.documents import Document

__all__ = ["values"]

KEYS = ("players", "worths", "costs", "unions", "links")
COLUMNS = {
    "shapley": "Shapley",
    "nucleolus": "nucleolus",
    "tau_value": "tau-value",
    "banzhaf": "Banzhaf",
    "owen": "Owen",
    "myerson": "Myerson",
    "proportional": "proportional",
    "equal": "equal",
}

COLUMNS_AT_ONCE = 4

MAX_PLAYERS = 24
"""Most players that are solved: 15 s of one core and one gigabyte."""


def values(
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON or YAML file: `players`, and `worths` (or `costs`) as a list of 2^n "
            "numbers by bit mask, the first player the lowest bit, or by name: {'A,B': 5}. "
            "Optional: `unions` (Owen value), `links` (Myerson value)."
        ),
    ],
    exact: Annotated[
        bool, typer.Option("--exact", help="Solve in fractions and add them, as text.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Shapley value, Banzhaf value, nucleolus, core and least core of a game of coalitions."""
    from games.documents import read_document
    from games.errors import InvalidGameError
    from negotiate.commands.output import print_json

    document = read_document(file)
    try:
        answer = _answer(document, exact)
    except InvalidGameError as error:
        if error.place.startswith(document.name):
            raise
        raise InvalidGameError(f"{document.name}: {error.place}", error.problem) from None
    if json:
        print_json(answer)
    else:
        _print_text(answer)


# Reading -----------------------------------------------------------------------------------


def _game(document: Document) -> tuple[TUGame, list[str]]:
    from games.coalitional.tu_game import TUGame

    data = document.mapping((), document.data)
    document.keys((), data, KEYS)
    given = [key for key in ("worths", "costs") if key in data]
    if len(given) != 1:
        problem = "has both `worths` and `costs`; keep one" if given else "has no `worths`"
        raise document.error((), f'{problem}, such as "worths": [0, 1, 2, 5] of two players')
    [kind] = given
    players = _players(document, data.get("players"))
    table, notes = data[kind], []
    if isinstance(table, dict):
        for key in table:
            if not isinstance(key, str):
                problem = f"must be named by text such as 'A,B' (got {key!r:.40})"
                raise document.error((kind,), problem)
        named = {key: _number(document, (kind, key), worth) for key, worth in table.items()}
        game = TUGame.from_coalitions(named, players)
        n_unnamed = (1 << len(players)) - 1 - sum(1 for key in named if key.strip())
        if n_unnamed:
            notes.append(f"coalitions that are not named are worth 0 ({n_unnamed} of them)")
    elif isinstance(table, list):
        game = TUGame([_number(document, (kind, k), w) for k, w in enumerate(table)], players)
    else:
        raise document.error((kind,), "must be a list of numbers, or a mapping such as {'A,B': 5}")
    if game.grand_worth == 0:
        raise document.error(
            (kind,),
            f"the grand coalition {','.join(players)} is worth 0: there is nothing to divide; "
            "give its worth",
        )
    return game, notes


def _players(document: Document, players: Any) -> list[str]:
    from games.errors import TooLargeError

    if not isinstance(players, list) or not players:
        raise document.error(("players",), "must be a list of names, one per player")
    for i, name in enumerate(players):
        if not isinstance(name, str) or "," in name or name != name.strip():
            raise document.error(
                ("players", i), f"must be text without commas or outer spaces (got {name!r:.40})"
            )
    if len(players) > MAX_PLAYERS:
        raise TooLargeError(
            f"{document.place(('players',))}: {len(players)} players have 2^{len(players)} "
            f"coalitions; up to {MAX_PLAYERS} are solved: use games.coalitional.sampled_shapley"
        )
    return players


def _number(document: Document, path: tuple[str | int, ...], value: Any) -> Any:
    from games.coalitional.rational import to_fraction

    if isinstance(value, str):
        try:
            return to_fraction(value)
        except (ValueError, ArithmeticError):
            raise document.error(path, f'must be a number or "1/3" (got {value!r:.40})') from None
    if type(value) is int:
        return value
    return document.number(path, value)


def _groups(document: Document, game: TUGame, key: str) -> list[list[int]]:
    """Player numbers of each union, or of each link."""
    groups = document.data[key]
    if not isinstance(groups, list):
        raise document.error((key,), "must be a list of lists of names")
    for k, names in enumerate(groups):
        if not isinstance(names, list):
            raise document.error((key, k), "must be a list of names")
        for i, name in enumerate(names):
            if name not in game.players:
                raise document.error((key, k), f"names {name!r:.40}, who is no player")
            if key == "unions" and name in names[:i]:
                raise document.error((key, k), f"names {name!r:.40} twice")
        if key == "links" and len(names) != 2:
            raise document.error((key, k), f"joins {len(names)} players; a link joins two")
    return [[game.players.index(name) for name in names] for names in groups]


# Solving -----------------------------------------------------------------------------------


def _answer(document: Document, exact: bool) -> dict[str, Any]:
    from games.coalitional.structures import cost_game
    from games.errors import NoSolutionError, TooLargeError

    game, notes = _game(document)
    is_cost = "costs" in document.data
    sign = -1 if is_cost else 1
    if is_cost:
        notes.append(
            "costs: every share is what the player pays; excesses and properties are those of "
            "the game whose worths are minus the costs"
        )
        table = game.rational
        game = cost_game(
            [Fraction(int(c), table.denominator) for c in table.numerators], game.players
        )
    answer: dict[str, Any] = {
        "players": list(game.players),
        "grand_worth": sign * game.grand_worth,
    }
    fractions: dict[str, list[str]] = {}
    rules = _rules(document, game, exact) | {"nucleolus": lambda: _nucleolus(game, exact, notes)}
    for key, rule in rules.items():
        try:
            # A share of the sum of all has no sign to turn.
            turn = 1 if key == "banzhaf_normalised" else sign
            shares = [turn * share + 0 for share in rule()]
        except (NoSolutionError, TooLargeError) as error:
            # The other values are worth giving; a null and a note stand for this one.
            answer[key] = None
            notes.append(str(error))
            continue
        answer[key] = [float(share) for share in shares]
        if exact and isinstance(shares[0], Fraction):
            fractions[key] = [str(share) for share in shares]
    answer |= _stability(game, exact, sign, notes) | {"properties": _properties(game, notes)}
    more_fractions = answer.pop("_exact")
    if exact:
        answer["exact"] = fractions | more_fractions
    answer["notes"] = notes
    return answer


def _rules(document: Document, game: TUGame, exact: bool) -> dict[str, Callable[[], Any]]:
    from games.coalitional import banzhaf, division, myerson, owen, shapley, tau_value

    rules: dict[str, Callable[[], Any]] = {
        "shapley": lambda: (shapley.exact_shapley_value if exact else shapley.shapley_value)(game),
        "banzhaf": lambda: (banzhaf.exact_banzhaf_value if exact else banzhaf.banzhaf_value)(game),
        "banzhaf_normalised": lambda: (
            banzhaf.exact_normalised_banzhaf if exact else banzhaf.normalised_banzhaf
        )(game),
        "tau_value": lambda: (
            tau_value.exact_tau_value(game) if exact else tau_value.tau_value(game).point
        ),
        "equal": lambda: division.equal_division(game),
        "proportional": lambda: division.proportional_division(game),
    }
    if "unions" in document.data:
        unions = _groups(document, game, "unions")
        rules["owen"] = lambda: (owen.exact_owen_value if exact else owen.owen_value)(game, unions)
    if "links" in document.data:
        links = [(a, b) for a, b in _groups(document, game, "links")]
        rules["myerson"] = lambda: (
            myerson.exact_myerson_value if exact else myerson.myerson_value
        )(game, links)
    return rules


def _nucleolus(game: TUGame, exact: bool, notes: list[str]) -> Any:
    from games.coalitional.nucleolus import nucleolus

    found = nucleolus(game, exact=exact)
    if found.note:
        notes.append(f"nucleolus: {found.note}")
    return found.exact_point or found.point


def _stability(game: TUGame, exact: bool, sign: int, notes: list[str]) -> dict[str, Any]:
    from games.coalitional.core import core_of
    from games.coalitional.least_core import exact_least_core, least_core
    from games.coalitional.nucleolus import MAX_NUCLEOLUS_PLAYERS

    exact = exact and game.n_players <= MAX_NUCLEOLUS_PLAYERS
    least = exact_least_core(game) if exact else least_core(game)
    found = core_of(game, least)
    answer: dict[str, Any] = {
        "core": _core(game, found, sign, notes),
        "least_core": {
            "epsilon": least.epsilon,
            "point": [sign * x + 0 for x in least.point.tolist()],
        },
    }
    answer["_exact"] = _exact_stability(least, found, sign) if exact else {}
    return answer


def _exact_stability(least: LeastCore, found: Core, sign: int) -> dict[str, Any]:
    epsilon = None if least.exact_epsilon is None else str(least.exact_epsilon)
    point = [str(sign * x) for x in least.exact_point]
    return {
        "core": {"empty": found.is_empty, "point": None if found.is_empty else point},
        "least_core": {"epsilon": epsilon, "point": point},
    }


def _core(game: TUGame, found: Core, sign: int, notes: list[str]) -> dict[str, Any]:
    from games.coalitional.core_vertices import MAX_VERTEX_PLAYERS, core_vertices
    from games.errors import NoSolutionError

    result: dict[str, Any] = {"empty": found.is_empty}
    if found.objection is not None:
        weights = found.objection.weights
        result["balanced_collection"] = [
            {"coalition": list(game.coalition(mask)), "weight": str(weight)}
            for mask, weight in weights.items()
        ]
        result["balanced_worth"] = sign * found.objection.worth
        return result
    result["point"] = [sign * x + 0 for x in found.point]
    if game.n_players <= MAX_VERTEX_PLAYERS:
        try:
            vertices = core_vertices(game)
        except NoSolutionError as error:
            # Empty by less than the tolerance of floats.
            notes.append(f"core vertices: {error}; the worths are rounded, try --exact")
        else:
            result["vertices"] = [[float(sign * x) for x in vertex] for vertex in vertices]
    return result


def _properties(game: TUGame, notes: list[str]) -> dict[str, bool | None]:
    from games.coalitional.properties import (
        MAX_SUPERADDITIVE_PLAYERS,
        is_convex,
        is_essential,
        is_monotone,
        is_superadditive,
        plain_mergers,
    )

    convex = is_convex(game).holds
    superadditive: bool | None = convex
    if not convex and game.n_players <= MAX_SUPERADDITIVE_PLAYERS:
        superadditive = is_superadditive(game).holds
    elif not convex and plain_mergers(game).holds:
        superadditive = None
        notes.append(
            f"superadditive: not decided beyond {MAX_SUPERADDITIVE_PLAYERS} players, since the "
            "game is not convex and no merger with one player, nor of two coalitions that hold "
            "everybody, refutes it"
        )
    return {
        "convex": convex,
        "superadditive": superadditive,
        "monotone": is_monotone(game).holds,
        "essential": is_essential(game),
    }


# Printing ----------------------------------------------------------------------------------


def _print_text(answer: dict[str, Any]) -> None:
    from negotiate.commands.output import print_lines, print_table

    exact = answer.get("exact", {})
    keys = [key for key in COLUMNS if answer.get(key) is not None]
    print_lines([f"The grand coalition is worth {answer['grand_worth']:.6g}."])
    for start in range(0, len(keys), COLUMNS_AT_ONCE):
        part = keys[start : start + COLUMNS_AT_ONCE]
        rows = []
        for i, player in enumerate(answer["players"]):
            shown = [exact[key][i] if key in exact else f"{answer[key][i]:.6g}" for key in part]
            rows.append([player, *shown])
        print_table(["player", *(COLUMNS[key] for key in part)], rows)
    lines = [_core_line(answer["core"], answer["players"])]
    epsilon = answer["least_core"]["epsilon"]
    if len(answer["players"]) > 1:
        lines.append(f"Least core: the largest excess can be brought down to {epsilon:.6g}.")
    for verdict, value in (("", True), ("not ", False)):
        found = [name for name, holds in answer["properties"].items() if holds is value]
        lines += [f"The game is {verdict}{', '.join(found)}."] if found else []
    print_lines([*lines, *(f"Note: {note}" for note in answer["notes"])])


def _core_line(core: dict[str, Any], players: list[str]) -> str:
    if not core["empty"]:
        shares = ", ".join(f"{p} {x:.6g}" for p, x in zip(players, core["point"], strict=True))
        return f"Core: not empty; it contains {shares}."
    proof = " + ".join(
        f"{entry['weight']} × {{{', '.join(entry['coalition'])}}}"
        for entry in core["balanced_collection"]
    )
    worth = core["balanced_worth"]
    return f"Core: empty. Proof: {proof} covers everyone once and is worth {worth:.6g}."
