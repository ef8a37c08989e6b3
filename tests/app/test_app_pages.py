"""The screen, driven without a browser: what a reader does on it."""

import shlex

import pytest
from app_screen import (
    BAD,
    CHINA,
    DETECTION,
    FALSE_ALARM,
    MATRIX,
    choose,
    copied,
    is_off,
    lever,
    move,
    opened,
    press,
    screen,
    shown,
    unescaped,
    verdict,
    words,
)

from negotiate import analyze, parse_treaty, read_treaty, scenario_names


@pytest.fixture(autouse=True)
def _no_file_asked_for(monkeypatch) -> None:
    monkeypatch.delenv("NEGOTIATE_TREATY", raising=False)


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
        choose(page, name)
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


def test_a_late_report_of_a_replaced_widget_moves_nothing(monkeypatch) -> None:
    """The browser may send the old exact entry along with the next step of the slider."""
    from app import levers

    page = screen(treaty="us-china-2015")
    slider, late = (lever(page, DETECTION, end).key for end in ("slider", "exact"))
    move(page, DETECTION, 0.58)
    assert lever(page, DETECTION).key == slider
    assert lever(page, DETECTION, "exact").key != late
    steps: list[dict[str, float]] = []
    monkeypatch.setattr(levers.state, "apply", lambda values: steps.append(values) or True)
    for value in (0.6, 0.58):
        monkeypatch.setattr(levers.st, "session_state", {late: value})
        levers._moved(DETECTION, late, 0.6)
    assert steps == [{DETECTION: 0.58}]


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
    assert choose(page, "montreal").title[0].value == read_treaty("montreal").title


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
