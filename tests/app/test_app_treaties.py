"""The screen, driven without a browser: odd treaties, and what reproduces a state elsewhere."""

import shlex
from urllib.parse import parse_qs, urlsplit

import pytest
from app_screen import (
    CHINA,
    DETECTION,
    FALSE_ALARM,
    MATRIX,
    copied,
    opened,
    press,
    screen,
    shown,
    verdict,
    words,
)
from ruamel.yaml import YAML
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from negotiate import Treaty, analyze, digest, parse_treaty, read_treaty
from negotiate.cli import cli


@pytest.fixture(autouse=True)
def _no_file_asked_for(monkeypatch) -> None:
    monkeypatch.delenv("NEGOTIATE_TREATY", raising=False)


def many(n_parties: int) -> str:
    parties = "\n".join(f"  State {k}: {{gain: {1 + k % 5}}}" for k in range(n_parties))
    return (
        f"title: Many\nparties:\n{parties}\nstakes: {{cost: 1, value: 0.5}}\nclauses:\n"
        "  - {kind: penalty, sanction: 20}\n  - {kind: evidence, detection: 0.6}\n"
        "  - {kind: club_benefit, benefit: 3}\n"
    )


STANDARD = """\
title: A standard of evidence
parties: {Arland: {}, Borland: {}}
stakes: {gain: 4, cost: 1}
clauses:
  - {kind: penalty, sanction: 10}
  - {kind: evidence, separation: 2, threshold: 1}
  - {kind: club_benefit, benefit: 4}
"""
NO_CLAUSE = "title: Bare\nparties: {A: {}, B: {}, C: {}}\nstakes: {gain: 1, cost: 0}\n"
FORMULA = """\
title: A formula
parties: {A: {}, B: {}}
stakes: {gain: 2}
clauses:
  - {kind: formula, payoff: 'r ** 2 * complies', parameters: {r: 2}}
"""
ONE_ACTION = """\
title: Nothing to choose
parties: {A: {}, B: {}}
conduct: {comply: {complies: norm}, violate: {violates: norm, open_to: [A]}}
payoffs: {tables: {A: [[1], [0]], B: [[0], [0]]}}
"""


@pytest.mark.parametrize(
    "text", [many(40), MATRIX, STANDARD, NO_CLAUSE, FORMULA, ONE_ACTION], ids=lambda t: t[7:22]
)
def test_odd_treaties_are_shown(text) -> None:
    page = opened(text)
    assert verdict(page) == analyze(parse_treaty(text)).deterrence.sentences[0]
    for widget in (*page.slider, *page.number_input, *page.selectbox, *page.button):
        assert widget.label
    first = page.slider[0]
    first.set_value((first.min + 2 * first.max) / 3)
    shown(page)
    assert page.query_params["set"]
    press(page, "Pin as baseline")
    press(page, "Undo")
    for party in page.selectbox(key="party").options[-1:]:
        page.selectbox(key="party").set_value(party)
    shown(page)


def test_forty_parties_share_a_cell_chooser_only_where_it_fits() -> None:
    page = opened(many(40))
    assert not [box for box in page.selectbox if str(box.key).startswith("cell ")]
    assert "full compliance" in words(page)


def test_the_chosen_cell_opens_into_its_clauses() -> None:
    page = screen(treaty="us-china-2015")
    page.selectbox(key="cell China").set_value("steal")
    shown(page)
    [table] = [t.value for t in page.dataframe if "amount" in t.value.columns]
    found = analyze(read_treaty("us-china-2015"))
    assert sum(table["amount"]) == pytest.approx(found.payoffs[0, 1, 0])
    assert "gain from violating" in set(table["label"])


STATES = [
    ("us-china-2015", {DETECTION: 0.5123456789, CHINA: 17.25}),
    ("montreal", {"clauses.trade_measure.tariff": 0.2777777777777778, "stakes.cost": 3.0}),
    ("un-norm-f", {DETECTION: 0.7, FALSE_ALARM: 0.03, "clauses.penalty.sanction": 16.0}),
]


@pytest.fixture(params=STATES, ids=lambda state: state[0])
def studied(request) -> tuple[AppTest, Treaty]:
    """A screen on which numbers were moved, and the treaty that it must show."""
    name, changes = request.param
    page = screen(treaty=name, set=[f"{path}={value!r}" for path, value in changes.items()])
    treaty = read_treaty(name, changes)
    assert verdict(page) == analyze(treaty).deterrence.sentences[0]
    return page, treaty


def test_link_and_yaml_are_the_state(studied) -> None:
    page, treaty = studied
    link = copied(page, "Link")
    query = parse_qs(urlsplit(link).query)
    again = screen(treaty=query["treaty"][0], set=query["set"])
    assert verdict(again) == verdict(page)
    text = copied(page, "YAML")
    assert digest(parse_treaty(text)) == digest(treaty)
    assert YAML(typ="safe").load(text)["title"] == treaty.title
    own = opened(text)
    assert verdict(own) == verdict(page)


def test_command_and_python_are_the_state(studied, capsys) -> None:
    page, treaty = studied
    program, *arguments = shlex.split(copied(page, "Command"))
    assert program == "negotiate"
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == (0 if verdict(page).startswith("Holds") else 1)
    assert verdict(page) in done.output
    assert digest(treaty)[:12] in done.output
    scope: dict[str, object] = {}
    exec(copied(page, "Python"), scope)
    assert capsys.readouterr().out.splitlines()[0] == verdict(page)
    assert digest(scope["treaty"]) == digest(treaty)
