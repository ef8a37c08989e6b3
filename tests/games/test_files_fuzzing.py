"""Mutated game files: a game or a typed error with its place, never anything else."""

import random

import numpy as np
import pytest
from extensive_examples import kuhn_poker, outside_option, selten_horse

from games.errors import GameError
from games.extensive_form.tree import ExtensiveGame
from games.files.efg import efg_text, parse_efg
from games.files.gbt import gbt_text, parse_gbt
from games.files.nfg import nfg_text, parse_nfg
from games.files.table import csv_text, json_text, parse_csv, parse_json
from games.normal_form import NormalFormGame

THREE = NormalFormGame(np.random.default_rng(0).integers(0, 9, (3, 2, 2, 2)))
DILEMMA = NormalFormGame.from_bimatrix(
    [[3, 0], [5, 1.5]], [[3, 5], [0, 1]], ["row", "column"], [["C", "D"], ["c", "d"]]
)
OUTCOMES = """NFG 1 R "outcome version" { "A" "B" }
{ { "a" "b" } { "l" "r" } } "a comment"
{ { "one" 1, 1 } { "two" 0, 2 } }
1 2 2 0
"""
FORMATS = {
    "efg": (parse_efg, efg_text, [efg_text(g) for g in (kuhn_poker(), selten_horse())]),
    "nfg": (parse_nfg, nfg_text, [nfg_text(THREE), OUTCOMES]),
    "gbt": (parse_gbt, gbt_text, [gbt_text(DILEMMA), gbt_text(outside_option(2))]),
    "csv": (parse_csv, csv_text, [csv_text(DILEMMA), csv_text(THREE)]),
    "json": (parse_json, json_text, [json_text(DILEMMA), json_text(THREE)]),
}
PIECES = [
    *'"{}[],\n\\01<&>:;#\0',
    "-1",
    "1/0",
    "1e999",
    "nan",
    "99999999999",
    "1e300",
    "1e-300",
    "\u2028",
    "\u0663",
    "null",
    "true",
    "[[[",
    "]]]",
    "\\ud800",
    "<efgfile>",
    'p "" 1 1',
    't "" 1',
    "]]>",
    "\ufeff",
]


def mutated(rng, text):
    for _ in range(rng.choice([1, 1, 2, 4])):
        start = rng.randrange(len(text) + 1)
        stop = min(len(text), start + rng.choice([1, 2, 5, 20]))
        kind = rng.randrange(5)
        if kind == 0:
            text = text[:start] + text[stop:]
        elif kind == 1:
            text = text[:start] + rng.choice(PIECES) + text[start:]
        elif kind == 2:
            text = text[:start] + rng.choice(PIECES) + text[stop:]
        elif kind == 3:
            text = text[:start] + text[start:stop] * 3 + text[stop:]
        else:
            lines = text.split("\n")
            lines.insert(rng.randrange(len(lines)), rng.choice(lines))
            text = "\n".join(lines)
    return text


@pytest.mark.parametrize("kind", FORMATS)
def test_a_mutated_file_is_a_game_or_an_error_with_its_place(kind):
    parse, write, seeds = FORMATS[kind]
    rng = random.Random(20)
    n_games = 0
    messages = []
    for _ in range(400):
        text = mutated(rng, rng.choice(seeds))
        try:
            game = parse(text, f"f.{kind}")
        except GameError as error:
            messages.append(str(error))
            continue
        n_games += 1
        again = parse(write(game), f"again.{kind}")
        if isinstance(game, ExtensiveGame):
            assert efg_text(again) == efg_text(game)
        else:
            assert (again.payoffs == game.payoffs).all()
            assert (again.players, again.actions) == (game.players, game.actions)
    assert n_games > 10
    assert len(messages) > 100
    assert [m for m in messages if not m.startswith(f"f.{kind}")] == []
