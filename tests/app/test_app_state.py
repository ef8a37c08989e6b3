"""A study: steps, undo and redo, and what reproduces it elsewhere."""

import shlex
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.study import MOST_STEPS, Source, Study
from app.words import plain
from negotiate import digest, parse_treaty, read_treaty
from negotiate.commands.options import parsed_changes

TEXT = """\
title: Two states
parties: {Arland: {}, Borland: {}}
stakes:
  gain: {value: 8, range: [6, 10]}  # a judgment
clauses:
  - {kind: penalty, sanction: 12}
"""
GAIN, SANCTION = "stakes.gain", "clauses.penalty.sanction"


@pytest.fixture
def study() -> Study:
    return Study(Source("two.yaml", TEXT))


def test_steps_are_undone_and_redone_one_by_one(study) -> None:
    first = study.with_changes({GAIN: 5.0})
    second = first.with_changes({SANCTION: 3.0})
    assert second.changes == ((GAIN, 5.0), (SANCTION, 3.0))
    assert second.undo().changes == first.changes
    assert second.undo().undo().changes == ()
    assert second.undo().undo().redo().redo() == second
    assert second.undo().redo() == second


def test_a_number_moved_twice_is_one_change_and_two_steps(study) -> None:
    moved = study.with_changes({GAIN: 5.0}).with_changes({GAIN: 6.0})
    assert moved.changes == ((GAIN, 6.0),)
    assert moved.undo().changes == ((GAIN, 5.0),)


def test_a_step_that_changes_nothing_is_none(study) -> None:
    moved = study.with_changes({GAIN: 5.0})
    assert moved.with_changes({GAIN: 5.0}) is moved
    assert study.reset() is study


def test_a_new_step_forgets_what_was_taken_back(study) -> None:
    other = study.with_changes({GAIN: 5.0}).undo().with_changes({SANCTION: 1.0})
    assert other.future == ()
    assert other.redo() is other


def test_nothing_to_undo_or_redo(study) -> None:
    assert study.undo() is study
    assert study.redo() is study


def test_reset_is_a_step_that_can_be_undone(study) -> None:
    moved = study.with_changes({GAIN: 5.0})
    assert moved.reset().changes == ()
    assert moved.reset().undo().changes == moved.changes


def test_the_baseline_stays_while_numbers_move(study) -> None:
    from dataclasses import replace

    pinned = replace(study.with_changes({GAIN: 5.0}), baseline=((GAIN, 5.0),))
    for step in (pinned.with_changes({GAIN: 9.0}), pinned.undo(), pinned.reset()):
        assert step.baseline == ((GAIN, 5.0),)


def test_steps_are_kept_up_to_a_limit(study) -> None:
    for value in range(MOST_STEPS + 20):
        study = study.with_changes({GAIN: float(value)})
    assert len(study.past) == MOST_STEPS


finite = st.floats(-1e12, 1e12, allow_nan=False)


@given(gain=finite, sanction=st.floats(0, 1e12))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_every_way_out_holds_every_digit(gain, sanction) -> None:
    study = Study(Source("two.yaml", TEXT)).with_changes({GAIN: gain, SANCTION: sanction})
    wanted = {GAIN: gain, SANCTION: sanction}
    words = shlex.split(study.command())
    assert words[:3] == ["negotiate", "analyze", "two.yaml"]
    assert words[3::2] == ["--set", "--set"]
    assert parsed_changes(words[4::2]) == wanted
    query = parse_qs(urlsplit(study.link("http://127.0.0.1:8501/?old=1")).query)
    assert query["treaty"] == ["two.yaml"]
    assert parsed_changes(query["set"]) == wanted
    given_text = digest(parse_treaty(study.yaml()))
    assert given_text == digest(parse_treaty(TEXT, changes=wanted))
    called: dict[str, object] = {}

    class Library:
        def read_treaty(self, place, changes):
            called.update(place=place, changes=changes)

        def analyze(self, _treaty):
            return type("Found", (), {"sentences": ()})

    code = study.python().removeprefix("import negotiate\n")
    exec(code, {"negotiate": Library()})
    assert called == {"place": "two.yaml", "changes": wanted}


def test_the_yaml_keeps_comments_and_is_the_file_itself_without_changes(study) -> None:
    assert study.yaml() == TEXT
    assert "# a judgment" in study.with_changes({SANCTION: 3.0}).yaml()


def test_a_file_on_disk_is_named_by_where_it_lies(tmp_path) -> None:
    path = tmp_path / "a file.yaml"
    path.write_text(TEXT)
    study = Study(Source(path.name, TEXT, str(tmp_path)))
    assert read_treaty(shlex.split(study.command())[2]) == parse_treaty(TEXT)
    assert repr(str(path)) in study.python()
    assert study.query()["treaty"] == ["a file.yaml"]


def test_a_scenario_is_named_by_its_name() -> None:
    study = Study(Source("montreal", TEXT, "/somewhere", is_scenario=True))
    assert study.command() == "negotiate analyze montreal"


@pytest.mark.parametrize(
    "text",
    [
        "![look](http://example.org/x.png)",
        "<img src=x>",
        "*a* _b_ `c` ~d~ $e$ [f](g) :red[h]",
        "a\\b | c & d",
    ],
)
def test_words_of_others_hold_no_live_markdown(text) -> None:
    shown = plain(text)
    for mark in "![]<>*_`~$|&":
        live = [k for k, letter in enumerate(shown) if letter == mark and shown[k - 1] != "\\"]
        assert mark == "!" or not live
    assert shown.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == text
