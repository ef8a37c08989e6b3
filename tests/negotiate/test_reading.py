"""Reading treaty files: every mistake is told, with its place, its rule and the fix."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from treaty_strategies import documents

from negotiate import (
    TreatyError,
    digest,
    edit_text,
    parse_treaty,
    read_treaty,
    scenario_names,
    scenario_path,
    variant,
    with_values,
)
from negotiate.errors import PathError

GOOD = """\
title: Two states
parties:
  Arland:
    gain: 8
  NO: { gain: [4, 6] }  # Norway, not false
stakes: { cost: 2 }
clauses:
  - kind: penalty
    sanction: 1e1  # ten
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(TreatyError) as caught:
        parse_treaty(text, file="treaty.yaml")
    return str(caught.value).splitlines()


def test_good_file() -> None:
    treaty = parse_treaty(GOOD)
    assert list(treaty.parties) == ["Arland", "NO"]
    assert treaty.parties["NO"].gain.value == 5
    assert treaty.clauses[0].sanction.value == 10
    assert treaty.clauses[0].id == "penalty"


# (what is changed in the good file, what it becomes, what the message must hold)
BAD = {
    "unknown kind": (
        "kind: penalty",
        "kind: penalti",
        "treaty.yaml:8:11: clauses.0.kind: input should be 'penalty', 'club_benefit', 'evidence', "
        "'transfer', 'trade_measure', 'entry_into_force' or 'formula' (got 'penalti'), "
        "did you mean 'penalty'?",
    ),
    "unknown field": (
        "sanction: 1e1",
        "sanktion: 1e1",
        "treaty.yaml:9:5: clauses.0.sanktion: no such field, did you mean 'sanction'?",
    ),
    "nan": ("gain: 8", "gain: .nan", "treaty.yaml:4:11: parties.Arland.gain"),
    "infinite": ("gain: 8", "gain: .inf", "finite number"),
    "text for a number": (
        "gain: 8",
        "gain: eight",
        "treaty.yaml:4:11: parties.Arland.gain: a num",
    ),
    "true for a number": ("gain: 8", "gain: true", "a number, an interval"),
    "too large": ("gain: 8", "gain: 1e40", "less than or equal to 1000000000000000"),
    "interval upside down": ("[4, 6]", "[6, 4]", "[low, high] with low ≤ high expected"),
    "interval of three": ("[4, 6]", "[4, 5, 6]", "an interval is two finite numbers"),
    "negative sanction": ("1e1", "-1", "clauses.0.sanction: must be at least 0 (got -1)"),
    "duplicate key": ("stakes:", "title: Again\nstakes:", "title: given twice (first in line 1)"),
    "one party": ("  NO: { gain: [4, 6] }  # Norway, not false\n", "", "at least 2 items"),
    "no title": ("title: Two states\n", "", "title: this field is needed and missing"),
    "key that is no text": ("  NO:", "  1:", "a name must be text; put it in quotes (got 1)"),
    "nothing at stake": (
        "    gain: 8\n  NO: { gain: [4, 6] }  # Norway, not false\nstakes: { cost: 2 }\n",
        "  NO:\n",
        "stakes: nothing is at stake",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_one_mistake(case) -> None:
    old, new, message = BAD[case]
    assert old in GOOD
    found = mistakes(GOOD.replace(old, new))
    assert len(found) == 1, found
    assert message in found[0]


# (what is added at the end of the good file, what the message must hold)
ADDED = {
    "p below q": (
        "  - { kind: evidence, detection: 0.1, false_alarm: 0.2 }",
        "clauses.1: detection must be at least false_alarm",
    ),
    "probability above one": (
        "  - { kind: evidence, detection: 1.5 }",
        "clauses.1.detection: must be between 0 and 1 (got 1.5)",
    ),
    "negative probability": (
        "  - { kind: evidence, false_alarm: [-0.1, 0.2] }",
        "clauses.1.false_alarm: must be between 0 and 1 (got [-0.1, 0.2])",
    ),
    "numbers and a standard": (
        "  - { kind: evidence, detection: 0.5, separation: 2 }",
        "not both (got detection, separation)",
    ),
    "threshold alone": ("  - { kind: evidence, threshold: 2 }", "a threshold needs a separation"),
    "two evidence clauses": (
        "  - { kind: evidence, detection: 1 }\n  - { kind: evidence, id: more, detection: 1 }",
        "clauses.2: 'evidence' already sets the evidence",
    ),
    "unknown party": (
        "  - { kind: penalty, id: b, sanction: 1, schedule: { Arlnd: 2 } }",
        "clauses.1.schedule.Arlnd: no such party: 'Arlnd', did you mean 'Arland'?",
    ),
    "unknown norm": ("  - { kind: evidence, norm: theft }", "no such norm: 'theft'"),
    "two clauses of one name": ("  - { kind: penalty, sanction: 1 }", "are named 'penalty'"),
    "transfer without a unit": (
        "  - { kind: transfer, amount: 1, payers: [Arland], recipients: ['NO'] }",
        "name the common unit",
    ),
    "too many needed": ("  - { kind: entry_into_force, count: 3 }", "at most 2 parties can join"),
    "unknown weight": (
        "  - { kind: entry_into_force, shares: { emissions: 0.5 } }",
        "no such weight of a party: 'emissions'",
    ),
    "formula with code": (
        "  - { kind: formula, payoff: \"__import__('os')\" }",
        "is not part of a formula",
    ),
    "formula with a call": ("  - { kind: formula, payoff: eval(1) }", "'eval' is not a function"),
    "formula with an unknown name": (
        "  - { kind: formula, payoff: r * complie, parameters: { r: 1 } }",
        "'complie' is neither a parameter of the clause nor a word",
    ),
    "formula that mixes": (
        "  - { kind: formula, payoff: 'min(r, member)', parameters: { r: 1 } }",
        "a function mixes parameters with who does what",
    ),
    "norm nobody can violate": (
        "norms: { norm: '', other: '' }\n"
        "conduct: { a: { complies: norm, violates: other }, b: {} }",
        "norms.norm: nobody can violate this norm",
    ),
    "unknown source": (
        "  - { kind: evidence, source: memo }",
        "clauses.1.source: no such source: 'memo'",
    ),
    "variant of nothing": (
        "variants: { a: { set: { clauses.penalty.sanktion: 1 } } }",
        "did you mean 'clauses.penalty.sanction'?",
    ),
    "both stakes and payoffs": (
        "payoffs: { tables: { Arland: [[1, 2], [3, 4]], 'NO': [[1, 2], [3, 4]] } }",
        "payoffs stand in place of stakes",
    ),
    "matrix of the wrong shape": (
        "payoffs: { tables: { Arland: [[1, 2], [3]], 'NO': [[1, 2], [3, 4]] } }",
        "payoffs.tables.Arland.1: a list of 2 is needed",
    ),
    "stay out as an action": (
        "conduct: { stay out: {}, v: { violates: norm } }",
        "'stay out' is the option not to join",
    ),
}


@pytest.mark.parametrize("case", ADDED)
def test_one_added_mistake(case) -> None:
    added, message = ADDED[case]
    found = mistakes(f"{GOOD}{added}\n")
    assert any(message in line for line in found), found
    assert all(line.startswith("treaty.yaml:") for line in found)


def test_all_mistakes_in_one_run() -> None:
    text = """\
title: Two
title: Again
parties:
  Arland: { gain: .nan }
  Borland: { gian: 5 }
clauses:
  - { kind: sanktion }
  - { kind: evidence, detection: 2 }
  - { kind: penalty, sanction: 4, imposed_by: [Norland] }
  - { kind: evidence, id: e2, detection: 0.1, false_alarm: 0.3 }
  - { kind: formula, payoff: "1 +" }
"""
    found = mistakes(text)
    lines = [int(line.split(":")[1]) for line in found]
    assert lines == sorted(lines)
    assert set(lines) == {2, 4, 5, 7, 8, 9, 10, 11}, found
    assert len(found) == 9  # line 10 has two: p < q, and evidence for a norm that has it already
    assert sum("already sets the evidence" in line for line in found) == 1


def test_no_yaml_and_no_mapping() -> None:
    assert "not YAML" in mistakes("title: [1,\nparties: 2")[0]
    assert "a treaty is a mapping" in mistakes("- 1\n- 2\n")[0]
    assert "(got nothing)" in mistakes("")[0]


def test_limits() -> None:
    assert "1 MiB" in mistakes("title: " + "x" * (1 << 20))[0]
    parties = "".join(f"  P{k}: {{}}\n" for k in range(513))
    assert "at most 512" in mistakes(f"title: t\nparties:\n{parties}stakes: {{ gain: 1 }}\n")[0]
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
    for k in range(1, 9):
        one, other = chr(96 + k), chr(97 + k)
        bomb += f"{other}: &{other} [{','.join([f'*{one}'] * 10)}]\n"
    start = time.perf_counter()
    assert "aliases counted" in mistakes(bomb)[0]
    assert time.perf_counter() - start < 20  # it ends; it is no measurement
    assert "levels deep" in mistakes("title: " + "[" * 200)[0]
    assert "recursive" in mistakes("a: &a [*a]")[0] or "levels" in mistakes("a: &a [*a]")[0]


def test_missing_files(tmp_path) -> None:
    with pytest.raises(TreatyError, match="no such file, nor a shipped scenario"):
        read_treaty(tmp_path / "none.yaml")
    with pytest.raises(TreatyError, match="is a folder"):
        read_treaty(tmp_path)
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TreatyError, match="not UTF-8"):
        read_treaty(binary)


def test_matrix_from_csv(tmp_path) -> None:
    rows = "comply,comply,3,3\ncomply,violate,0,5\nviolate,comply,5,0\nviolate,violate,1,1\n"
    (tmp_path / "pd.csv").write_text(f"A,B,payoff A,payoff B\n{rows}")
    path = tmp_path / "pd.yaml"
    path.write_text("title: PD\nparties: { A: , B: }\npayoffs: { csv: pd.csv }\n")
    treaty = read_treaty(path)
    assert treaty.payoffs.tables["A"] == [[3.0, 0.0], [5.0, 1.0]]
    path.write_text("title: PD\nparties: { A: , B: }\npayoffs: { csv: ../pd.csv }\n")
    with pytest.raises(TreatyError, match="must lie beside"):
        read_treaty(path)
    (tmp_path / "pd.csv").write_text("A,B,payoff A,payoff B\ncomply,comply,3,3\n")
    path.write_text("title: PD\nparties: { A: , B: }\npayoffs: { csv: pd.csv }\n")
    with pytest.raises(TreatyError, match="lacks the row for comply, violate"):
        read_treaty(path)


@pytest.mark.parametrize("name", scenario_names())
def test_reading_and_writing_back_keeps_the_file(name) -> None:
    text = scenario_path(name).read_text(encoding="utf-8")
    assert edit_text(text, {}) == text


def test_editing_keeps_comments_and_order() -> None:
    edited = edit_text(GOOD, {"clauses.penalty.sanction": 7, "parties.Arland.cost": 3})
    assert re.search(r"sanction: 7 +# ten", edited)
    assert "# Norway, not false" in edited
    changed = parse_treaty(edited)
    assert changed.clauses[0].sanction.value == 7
    assert changed.parties["Arland"].cost.value == 3


def test_trying_numbers() -> None:
    treaty = parse_treaty(GOOD, changes={"clauses.penalty.sanction": 7, "parties.NO.gain": [1, 2]})
    assert treaty.clauses[0].sanction.value == 7
    assert treaty.parties["NO"].gain.range == (1, 2)
    assert with_values(treaty, {"parties.Arland.gain": 1}).parties["Arland"].gain.value == 1
    with pytest.raises(PathError, match=r"did you mean 'clauses\.penalty\.sanction'"):
        with_values(treaty, {"clauses.penalty.sanktion": 7})
    with pytest.raises(
        TreatyError, match=r"--set: clauses\.penalty\.sanction: must be at least 0"
    ):
        parse_treaty(GOOD, changes={"clauses.penalty.sanction": -7})


def test_variants() -> None:
    treaty = read_treaty("montreal")
    assert [c.id for c in variant(treaty, "no_trade_measures").clauses] == [
        "penalty",
        "entry_into_force",
    ]
    with pytest.raises(PathError, match="no such variant"):
        variant(treaty, "none")


@settings(derandomize=True, max_examples=25, deadline=None)
@given(documents())
def test_a_treaty_survives_being_dumped_and_read(document) -> None:
    treaty = read_treaty(document)
    again = read_treaty(treaty.model_dump(by_alias=True, exclude_unset=True))
    assert again == treaty
    assert digest(again) == digest(treaty)


def test_schema_is_committed_and_named_in_every_scenario() -> None:
    import json

    from negotiate import treaty_schema

    for name in scenario_names():
        path = scenario_path(name)
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == "# yaml-language-server: $schema=./treaty.schema.json"
    committed = Path(path.parent / "treaty.schema.json").read_text(encoding="utf-8")
    assert json.loads(committed) == treaty_schema()


@pytest.mark.parametrize("name", scenario_names())
def test_scenarios_fit_the_schema(name) -> None:
    import jsonschema

    from negotiate import treaty_schema
    from negotiate.yaml_text import parse_yaml

    data = parse_yaml(scenario_path(name).read_text(encoding="utf-8")).data
    jsonschema.Draft202012Validator(treaty_schema()).validate(data)
