"""The screen, driven without a browser: every path that matters."""

import re
import shlex
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from negotiate import Treaty, analyze, digest, parse_treaty, read_treaty, scenario_names
from negotiate.cli import cli

MAIN = Path(__file__).resolve().parents[2] / "app" / "main.py"
DETECTION, FALSE_ALARM = "clauses.evidence.detection", "clauses.evidence.false_alarm"
CHINA = "clauses.penalty.schedule.China"

BAD = """\
title: Two states
parties: {Arland: {}, Borland: {}}
stakes: {gain: lots}
clauses:
  - {kind: penalti, sanction: 12}
  - {kind: evidence, detection: 2}
"""


@pytest.fixture(autouse=True)
def _no_file_asked_for(monkeypatch) -> None:
    monkeypatch.delenv("NEGOTIATE_TREATY", raising=False)


def screen(**query: str | list[str]) -> AppTest:
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    return shown(page)


def shown(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception, page.exception
    return page


def opened(text: str, name: str = "own.yaml") -> AppTest:
    page = screen()
    page.file_uploader(key="upload").set_value((name, text.encode(), "application/yaml"))
    return shown(page)


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def verdict(page: AppTest) -> str:
    found = [unescaped(box.value) for box in (*page.success, *page.error)]
    [sentence] = [text for text in found if text.startswith(("Holds", "Does not hold"))]
    return sentence


def lever(page: AppTest, path: str, end: str = "slider"):
    kinds = {"slider": page.slider, "exact": page.number_input}
    [found] = [widget for widget in kinds[end] if f"lever:{path}:{end}:" in widget.key]
    return found


def move(page: AppTest, path: str, value: float, end: str = "slider") -> AppTest:
    lever(page, path, end).set_value(value)
    return shown(page)


def press(page: AppTest, label: str) -> AppTest:
    [button] = [button for button in page.button if button.label == label]
    button.click()
    return shown(page)


def is_off(page: AppTest, label: str) -> bool:
    return next(button.disabled for button in page.button if button.label == label)


def copied(page: AppTest, tab: str) -> str:
    """What stands in a tab of "Take it with you"."""
    page.session_state["copy"] = tab
    shown(page)
    [holder] = [found for found in page.tabs if found.label == tab]
    return holder.code[0].value


def words(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.title, page.warning, page.error, page.info)
    return "\n".join(unescaped(item.value) for kind in kinds for item in kind)


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_is_shown_with_its_own_verdict(name) -> None:
    page = screen(treaty=name)
    treaty = read_treaty(name)
    assert page.title[0].value == treaty.title
    assert verdict(page) == analyze(treaty).deterrence.sentences[0]
    assert 1 <= len(page.slider) <= 9
    assert not page.warning


def test_scenarios_follow_each_other() -> None:
    """Widgets keep no party, number or cell of the treaty before."""
    page = screen(treaty="us-china-2015")
    page.selectbox(key="party").set_value("United States")
    page.selectbox(key="cell China").set_value("steal")
    shown(page)
    for name in ("montreal", "un-norm-f", "us-china-2015"):
        page.selectbox(key="treaty").set_value(name)
        shown(page)
        assert page.title[0].value == read_treaty(name).title
        assert page.query_params == {"treaty": name}
        assert page.selectbox(key="party").value in read_treaty(name).parties


def test_a_moved_lever_changes_the_verdict() -> None:
    page = screen(treaty="us-china-2015")
    assert verdict(page).startswith("Holds")
    move(page, DETECTION, 0.5)
    wanted = analyze(read_treaty("us-china-2015", {DETECTION: 0.5}))
    assert verdict(page) == wanted.deterrence.sentences[0]
    assert verdict(page).startswith("Does not hold")
    assert f"{DETECTION}: 0.6 → 0.5" in words(page)


def test_exact_entry_moves_the_slider_and_the_slider_the_entry() -> None:
    page = screen(treaty="us-china-2015")
    move(page, DETECTION, 0.5123456, "exact")
    assert lever(page, DETECTION).value == 0.5123456
    move(page, DETECTION, 0.75)
    assert lever(page, DETECTION, "exact").value == 0.75


def test_a_number_beyond_the_slider_widens_it() -> None:
    page = screen(treaty="us-china-2015")
    move(page, CHINA, 500.0, "exact")
    assert lever(page, CHINA).max >= 500
    assert lever(page, CHINA).value == 500


def test_undo_redo_reset_bring_widgets_along() -> None:
    page = screen(treaty="us-china-2015")
    before = verdict(page)
    assert is_off(page, "Undo")
    move(page, DETECTION, 0.5)
    move(page, CHINA, 30.0)
    after = verdict(page)
    press(page, "Undo")
    press(page, "Undo")
    assert (verdict(page), lever(page, DETECTION).value) == (before, 0.6)
    assert (lever(page, CHINA).value, lever(page, CHINA, "exact").value) == (12, 12)
    assert page.query_params == {"treaty": "us-china-2015"}
    press(page, "Redo")
    press(page, "Redo")
    assert (verdict(page), lever(page, DETECTION).value) == (after, 0.5)
    assert is_off(page, "Redo")
    press(page, "Reset")
    assert (verdict(page), lever(page, CHINA).value) == (before, 12)
    press(page, "Undo")
    assert verdict(page) == after


def test_a_value_chosen_again_after_an_undo_is_a_step_again() -> None:
    page = screen(treaty="us-china-2015")
    for _ in range(2):
        move(page, DETECTION, 0.5)
        assert verdict(page).startswith("Does not hold")
        press(page, "Undo")
        assert verdict(page).startswith("Holds")


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        (DETECTION, 0.01, "detection must be at least false_alarm"),
        (DETECTION, 1.5, "between 0 and 1"),
        (CHINA, -1.0, "at least 0"),
    ],
)
def test_a_number_that_cannot_be_is_refused_and_told(path, value, rule) -> None:
    page = screen(treaty="us-china-2015")
    before, was = verdict(page), lever(page, path).value
    move(page, path, value, "exact")
    [notice] = page.warning
    assert rule in unescaped(notice.value)
    assert (verdict(page), lever(page, path, "exact").value) == (before, was)
    assert is_off(page, "Undo")
    move(page, FALSE_ALARM, 0.06)
    assert not page.warning


def test_the_baseline_is_compared_until_it_is_unpinned() -> None:
    page = screen(treaty="us-china-2015")
    first = verdict(page)
    press(page, "Pin as baseline")
    move(page, DETECTION, 0.5)
    assert f"The baseline: {first}" in words(page)
    assert "**Against the baseline**" in words(page)
    [table] = [t.value for t in page.dataframe if "difference" in t.value.columns]
    change = dict(zip(table["party"], table["difference"], strict=True))
    parts = analyze(read_treaty("us-china-2015")).deterrence.table("parties")["slack"]
    moved = analyze(read_treaty("us-china-2015", {DETECTION: 0.5}))
    gaps = moved.deterrence.table("parties")["slack"] - parts
    assert [float(change[p]) for p in ("China", "United States")] == pytest.approx(
        list(gaps), rel=0.05
    )
    press(page, "Unpin the baseline")
    assert "The baseline" not in words(page)


def test_a_link_opens_exactly_its_state() -> None:
    page = screen(treaty="montreal", set=["clauses.trade_measure.tariff=0.27"])
    wanted = analyze(read_treaty("montreal", {"clauses.trade_measure.tariff": 0.27}))
    assert verdict(page) == wanted.deterrence.sentences[0]
    assert lever(page, "clauses.trade_measure.tariff").value == 0.27
    assert not page.warning


def test_a_link_opens_numbers_that_only_hold_together() -> None:
    """Detection 0.02 is below the false alarm of the file, not below that of the link."""
    page = screen(treaty="us-china-2015", set=[f"{DETECTION}=0.02", f"{FALSE_ALARM}=0.01"])
    assert not page.warning
    assert lever(page, DETECTION).value == 0.02
    assert lever(page, FALSE_ALARM).value == 0.01


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("clauses.evidence.detecton=0.5", "did you mean 'clauses.evidence.detection'"),
        (f"{DETECTION}=many", "not a number: 'many'"),
        (f"{DETECTION}=nan", "finite"),
        (f"{DETECTION}=7", "between 0 and 1"),
        (f"{DETECTION}", "path=number expected"),
        ("title=5", "names nothing"),
    ],
)
def test_a_link_with_a_bad_number_says_so_and_keeps_the_rest(change, told) -> None:
    page = screen(treaty="us-china-2015", set=[change, f"{CHINA}=20"])
    [notice] = page.warning
    assert told in unescaped(notice.value)
    assert lever(page, DETECTION).value == 0.6
    assert lever(page, CHINA).value == 20
    assert page.query_params == {"treaty": "us-china-2015", "set": f"{CHINA}=20"}


def test_a_link_to_a_treaty_that_is_not_here_says_so() -> None:
    page = screen(treaty="![x](http://example.org/x.png)", set=["stakes.gain=5"])
    [notice] = page.warning
    assert "is not here" in notice.value
    assert "![x]" not in notice.value
    assert page.title[0].value == read_treaty("us-china-2015").title


def test_back_in_the_browser_goes_back_a_step(monkeypatch) -> None:
    page = screen(treaty="us-china-2015")
    move(page, DETECTION, 0.5)
    # An address that is only late, behind the last step, changes nothing.
    page.query_params = {"treaty": "us-china-2015"}
    assert lever(shown(page), DETECTION).value == 0.5
    with monkeypatch.context() as patch:
        patch.setattr("app.state._went_through_history", lambda: True)
        page.query_params = {"treaty": "us-china-2015"}
        shown(page)
        assert verdict(page).startswith("Holds")
        assert lever(page, DETECTION).value == 0.6
        page.query_params = {"treaty": "montreal"}
        assert shown(page).title[0].value == read_treaty("montreal").title
    page = screen(treaty="us-china-2015", set=[f"{DETECTION}=0.5"])
    with monkeypatch.context() as patch:
        patch.setattr("app.state._went_through_history", lambda: True)
        page.query_params = {"treaty": "us-china-2015"}
        shown(page)
    assert lever(press(page, "Undo"), DETECTION).value == 0.5


def test_an_uploaded_file_is_opened() -> None:
    text = "title: Mine\nparties: {A: {}, B: {}}\nstakes: {gain: 1}\n"
    page = opened(text)
    assert page.title[0].value == "Mine"
    assert verdict(page) == analyze(parse_treaty(text)).deterrence.sentences[0]
    assert page.query_params == {"treaty": "own.yaml"}
    page.selectbox(key="treaty").set_value("montreal")
    assert shown(page).title[0].value == read_treaty("montreal").title


def test_an_uploaded_bad_file_shows_all_its_mistakes_and_opens_nothing() -> None:
    page = opened(BAD)
    [told] = [unescaped(box.value) for box in page.error]
    for part in ("own.yaml:3:", "lots", "own.yaml:5:", "'penalti'", "own.yaml:6:", "between 0"):
        assert part in told
    assert "nothing was opened" in told
    assert page.title[0].value == read_treaty("us-china-2015").title
    assert page.query_params == {"treaty": "us-china-2015"}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00bad", b"", b"- 1\n- 2\n"])
def test_an_upload_that_is_no_treaty_is_told(content) -> None:
    page = screen()
    page.file_uploader(key="upload").set_value(("own.yaml", content, "application/yaml"))
    shown(page)
    assert any("own.yaml" in box.value for box in page.error)
    assert page.title[0].value == read_treaty("us-china-2015").title


def test_words_of_a_treaty_load_nothing() -> None:
    """A picture in a title would tell another host who reads the treaty."""
    picture = "![x](http://example.org/x.png)"
    text = (
        f"title: '{picture}'\nnote: '{picture}'\ncaveats: ['{picture}']\n"
        f"parties: {{'{picture} A': {{}}, B: {{}}}}\nstakes: {{gain: 1}}\n"
        f"clauses: [{{kind: penalty, sanction: 3, text: '{picture}'}}]\n"
    )
    page = opened(text)
    labels = [widget.label for widget in (*page.slider, *page.number_input, *page.selectbox)]
    drawn = [
        item.value
        for kind in (page.title, page.markdown, page.caption, page.info, page.error, page.success)
        for item in kind
    ]
    assert sum("example.org" in text for text in drawn) >= 4
    assert not [text for text in (*labels, *drawn) if picture in text]
    cells = page.table[0].value
    assert not any(picture in str(cell) for cell in (*cells.index, *cells.columns))


def many(n_parties: int) -> str:
    parties = "\n".join(f"  State {k}: {{gain: {1 + k % 5}}}" for k in range(n_parties))
    return (
        f"title: Many\nparties:\n{parties}\nstakes: {{cost: 1, value: 0.5}}\nclauses:\n"
        "  - {kind: penalty, sanction: 20}\n  - {kind: evidence, detection: 0.6}\n"
        "  - {kind: club_benefit, benefit: 3}\n"
    )


MATRIX = """\
title: Stag hunt
parties: {Arland: {}, Borland: {}}
conduct: {stag: {complies: norm}, hare: {violates: norm}}
payoffs:
  tables:
    Arland: [[4, 0], [3, 3]]
    Borland: [[4, 3], [0, 3]]
"""
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


def test_a_file_asked_for_on_the_command_line_is_opened(tmp_path, monkeypatch) -> None:
    path = tmp_path / "hunt.yaml"
    path.write_text(MATRIX)
    monkeypatch.setenv("NEGOTIATE_TREATY", str(path))
    page = screen()
    assert page.title[0].value == "Stag hunt"
    assert page.query_params == {"treaty": "hunt.yaml"}
    assert shlex.split(copied(page, "Command")) == ["negotiate", "analyze", str(path)]
    assert screen(treaty="hunt.yaml").title[0].value == "Stag hunt"


@pytest.mark.parametrize("text", [None, BAD])
def test_a_file_that_cannot_be_opened_any_more_is_told(text, tmp_path, monkeypatch) -> None:
    path = tmp_path / "gone.yaml"
    if text is not None:
        path.write_text(text)
    monkeypatch.setenv("NEGOTIATE_TREATY", str(path))
    page = screen()
    assert "gone.yaml cannot be opened" in unescaped(page.warning[0].value)
    assert page.title[0].value == read_treaty("us-china-2015").title


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
    from urllib.parse import parse_qs, urlsplit

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
