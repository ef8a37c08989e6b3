"""Mistakes in treaty files, as a hostile tester writes them: each told once, at its place."""

import pytest

from negotiate import PathError, TreatyError, parse_treaty, read_treaty, with_values
from negotiate.commands.options import parsed_changes

HEAD = "title: T\n"
PARTIES = "parties: {A: , B: }\n"
STAKES = "stakes: {gain: 8, cost: 2}\n"


def mistakes(text: str, **changes: object) -> list[str]:
    with pytest.raises(TreatyError) as caught:
        parse_treaty(text, file="t.yaml", changes=changes)
    return str(caught.value).splitlines()


# (document, what each line must start with, in order)
CASES = {
    "infinities and no numbers in other letters": (
        f"{HEAD}parties: {{A: {{gain: .Inf}}, B: {{gain: .NaN, cost: -.INF}}}}\n",
        ["t.yaml:2:21: parties.A.gain", "t.yaml:2:38: parties.B.gain", "t.yaml:2:50: parties.B"],
    ),
    "tags that lie": (
        f"{HEAD}{PARTIES}stakes: {{gain: !!int abc, cost: !!float x, harm: 0x_}}\n",
        [
            "t.yaml:3:16: stakes.gain: a number",
            "t.yaml:3:33: stakes.cost",
            "t.yaml:3:50: stakes.h",
        ],
    ),
    "numbers beyond all floats": (
        f"{HEAD}{PARTIES}stakes: {{gain: [0x{'f' * 290}, 1e999], cost: 0x{'f' * 290}}}\n",
        ["t.yaml:3:16: stakes.gain: an interval", "t.yaml:3:325: stakes.cost.value: a finite"],
    ),
    "truth values and text for numbers": (
        f"{HEAD}parties: {{A: {{discount: true, weights: {{e: '5'}}}}, B: }}\n"
        "stakes: {gain: {value: true}, cost: {value: '8'}, harm: [false, 1]}\n"
        "clauses: [{kind: entry_into_force, count: true}]\n",
        [
            "t.yaml:2:25: parties.A.discount: a number is needed (got True)",
            "t.yaml:2:44: parties.A.weights.e: a number is needed (got '5')",
            "t.yaml:3:24: stakes.gain.value: a number is needed (got True)",
            "t.yaml:3:45: stakes.cost.value: a number is needed (got '8')",
            "t.yaml:3:57: stakes.harm: an interval is two finite numbers",
            "t.yaml:4:43: clauses.0.count: a number is needed (got True)",
        ],
    ),
    "a key that is a list": (
        f"{HEAD}{PARTIES}stakes: {{? [a, b] : 3}}\n",
        ["t.yaml:3:12: stakes: a name must be text (got a sequence)"],
    ),
    "half a character": (
        f'{HEAD}parties: {{"\\ud800": , B: }}\n{STAKES}',
        ["t.yaml:2:11: parties: holds half a character"],
    ),
    "no party is a mapping": (
        f"{HEAD}parties: {{A: 5, B: [1]}}\n{STAKES}",
        ["t.yaml:2:14: parties.A: a mapping is needed", "t.yaml:2:20: parties.B: a mapping"],
    ),
    "no action is a mapping": (
        f"{HEAD}{PARTIES}conduct: {{a: 1}}\n{STAKES}",
        ["t.yaml:3:14: conduct.a: a mapping is needed (got 1)"],
    ),
    "open_to is no list and payoffs are typed in": (
        f"{HEAD}{PARTIES}conduct: {{a: {{open_to: 5}}, b: {{violates: norm}}}}\n"
        "payoffs: {tables: {A: [[1, 2], [3, 4]], B: [[1, 2], [3, 4]]}}\n",
        ["t.yaml:3:24: conduct.a.open_to: a list is needed (got 5)"],
    ),
    "empty sections stand where their key stands": (
        f"{HEAD}{PARTIES}stakes:\nclauses:\n",
        ["t.yaml:3:1: stakes: a mapping is needed", "t.yaml:4:1: clauses: a list is needed"],
    ),
    "a stake with nothing after it": (
        f"{HEAD}{PARTIES}stakes:\n  gain:\n  cost: 2\n",
        ["t.yaml:4:3: stakes.gain: a number, an interval"],
    ),
    "an attribute that is a list is one mistake": (
        f"{HEAD}parties: {{A: {{attributes: {{a: [1]}}}}, B: }}\n{STAKES}",
        ["t.yaml:2:31: parties.A.attributes.a: text, a number, true or false expected"],
    ),
    "mistakes in lists do not hide those across the document": (
        f"{HEAD}caveats: [1]\nfacts: [{{text: a}}, 3]\n{PARTIES}{STAKES}"
        "conduct: {a: {complies: [1]}, b: {violates: nrm}}\n"
        "clauses: [{kind: evidence, norm: nope}]\n",
        [
            "t.yaml:2:11: caveats.0: text is needed",
            "t.yaml:3:9: facts.0.source: this field is needed",
            "t.yaml:3:20: facts.1: a mapping is needed",
            "t.yaml:6:26: conduct.a.complies.0: text is needed",
            "t.yaml:6:45: conduct.b.violates.nrm: no such norm",
            "t.yaml:7:34: clauses.0.norm: no such norm",
        ],
    ),
    "two mistakes in one clause, of two layers": (
        f"{HEAD}{PARTIES}{STAKES}"
        "clauses:\n"
        "  - {kind: penalty, sanction: x, schedule: {C: 1}, norm: nope}\n"
        "  - {kind: evidence, norm: nope, detection: 0.1, false_alarm: 0.2}\n",
        [
            "t.yaml:5:31: clauses.0.sanction: a number",
            "t.yaml:5:45: clauses.0.schedule.C: no such party",
            "t.yaml:5:58: clauses.0.norm: no such norm",
            "t.yaml:6:5: clauses.1: detection must be at least",
            "t.yaml:6:28: clauses.1.norm: no such norm",
        ],
    ),
    "no title, and more": (
        f"{PARTIES}{STAKES}clauses: [{{kind: penalty, imposed_by: [C]}}]\n",
        ["t.yaml:1:1: title: this field", "t.yaml:3:40: clauses.0.imposed_by.0: no such party"],
    ),
    "no parties is one mistake": (
        f"{HEAD}{STAKES}clauses: [{{kind: penalty, imposed_by: [C], sanction: -1}}]\n",
        ["t.yaml:1:1: parties: this field", "t.yaml:3:54: clauses.0.sanction: must be at least 0"],
    ),
    "a bad id is no second name": (
        f"{HEAD}{PARTIES}{STAKES}clauses: [{{kind: penalty}}, {{kind: penalty, id: 5}}]\n",
        ["t.yaml:4:48: clauses.1.id: text is needed; put it in quotes (got 5)"],
    ),
    "named twice": (
        f"{HEAD}unit: x\n{PARTIES}{STAKES}"
        "clauses: [{kind: transfer, amount: 1, payers: [A, A], recipients: [B]}]\n",
        ["t.yaml:5:51: clauses.0.payers.1: 'A' is named twice"],
    ),
    "a party that cannot comply": (
        f"{HEAD}{PARTIES}{STAKES}"
        "conduct: {ok: {complies: norm, open_to: [A]}, no: {violates: norm}}\n",
        ["t.yaml:2:16: parties.B: every action open to this party violates a norm"],
    ),
    "names that cannot be printed": (
        f'{HEAD}parties: {{"a\\0b": , "x\\ny": }}\n{STAKES}',
        ["t.yaml:2:11: parties.a\\x00b: a name is one line", "t.yaml:2:21: parties.x\\ny: a name"],
    ),
    "formulas without a value": (
        f"{HEAD}{PARTIES}{STAKES}clauses:\n"
        "  - {kind: formula, payoff: 1/0}\n"
        "  - {kind: formula, id: b, payoff: 1e200*1e200*member}\n"
        "  - {kind: formula, id: c, payoff: 2**9999}\n"
        "  - {kind: formula, id: d, payoff: log(r), parameters: {r: -1}}\n",
        [
            "t.yaml:5:5: clauses.0: no finite value: divide by zero",
            "t.yaml:6:36: clauses.1.payoff: no finite value",
            "t.yaml:7:5: clauses.2: no finite value: overflow",
            "t.yaml:8:5: clauses.3: no finite value: invalid value encountered in log",
        ],
    ),
    "a variant's value": (
        f"{HEAD}{PARTIES}{STAKES}clauses: [{{kind: evidence, detection: 0.5}}]\n"
        "variants:\n"
        "  a: {set: {stakes.gain: x}, drop: [evidnce]}\n"
        "  b: {set: {clauses.evidence.detection: 0.1, clauses.evidence.false_alarm: 0.2}}\n"
        "  c: {set: {clauses.evidence.detection: 0.3, clauses.evidence.false_alarm: 0.2}}\n",
        [
            "t.yaml:6:26: variants.a.set.stakes.gain: a number",
            "t.yaml:6:37: variants.a.drop.0: no such clause: 'evidnce', did you mean 'evidence'?",
            "t.yaml:7:12: variants.b.set: clauses.0: detection must be at least",
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_mistake_once_and_in_its_place(case) -> None:
    text, wanted = CASES[case]
    found = mistakes(text)
    assert len(found) == len(wanted), found
    for line, start in zip(found, wanted, strict=True):
        assert line.startswith(start), found


def test_an_anchor_used_twice_is_no_warning() -> None:
    treaty = parse_treaty(f"{HEAD}parties: {{A: &a {{gain: 1}}, B: &a {{gain: 2}}}}\n")
    assert treaty.parties["B"].gain.value == 2


@pytest.mark.parametrize(
    ("section", "value"),
    [("parties", "[A, B]"), ("parties", "5"), ("clauses", "{a: 1}"), ("payoffs", "x")],
)
@pytest.mark.parametrize("path", ["parties.A.gain", "clauses.a.sanction", "payoffs.tables.A.0.1"])
def test_trying_a_number_in_a_broken_file(section, value, path) -> None:
    rest = {"parties": PARTIES, "stakes": STAKES}
    rest[section] = f"{section}: {value}\n"
    found = mistakes(HEAD + "".join(rest.values()), **{path: 1})
    assert any(f": {section}: a " in line for line in found), found


def test_clauses_whose_kind_is_no_text() -> None:
    text = f"{HEAD}{PARTIES}{STAKES}clauses: [{{kind: [a]}}, {{kind: {{a: b}}}}, null, 5]\n"
    found = mistakes(text, **{"clauses.0.sanction": 1})
    assert len(found) == 5
    assert found[0].startswith("--set: clauses.0.sanction: names nothing")


def test_a_number_that_does_not_fit_the_others_is_put_down_to_the_option() -> None:
    text = f"{HEAD}{PARTIES}{STAKES}clauses: [{{kind: evidence, false_alarm: 0.2}}]\n"
    [found] = mistakes(text, **{"clauses.evidence.detection": 0.1})
    assert found.startswith("--set: clauses.evidence.detection: detection must be at least")


def test_all_unknown_paths_are_told() -> None:
    treaty = parse_treaty(f"{HEAD}{PARTIES}{STAKES}")
    with pytest.raises(PathError, match=r"(?s)stakes\.gian.*stakes\.csot"):
        with_values(treaty, {"stakes.gian": 1, "stakes.csot": 2})


def test_mistakes_in_options() -> None:
    with pytest.raises(PathError) as caught:
        parsed_changes(["a", "b=[1", "c=1", "c=2", "d=3"])
    found = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in found] == ["--set"] * 3
    assert "'a'" in found[0]
    assert "b: not YAML" in found[1]
    assert "c is given twice" in found[2]


def test_files_that_are_none(tmp_path) -> None:
    large = tmp_path / "large.yaml"
    large.write_text("x" * ((1 << 20) - 1) + "éé", encoding="utf-8")
    for source, problem in {
        large: "1 MiB",
        "x" * 300: "too long",
        "a\0b": "no name of a file",
        "/dev/null": "is no file that can be read",
        "montrael": "did you mean 'montreal'",
    }.items():
        with pytest.raises(TreatyError, match=problem):
            read_treaty(source)


def test_a_file_of_nothing_but_mistakes_comes_to_an_end() -> None:
    found = mistakes(HEAD + PARTIES + STAKES + "".join(f"k{k}: 1\n" for k in range(30_000)))
    assert len(found) == 2001
    assert "t.yaml:1:1: 28000 more mistakes are not listed" in found


CSV = "A,B,payoff A,payoff B\ncomply,comply,3,3\n"


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        (
            "comply,violate,x,5\nviolat,comply,5,\nviolate,violate,1\n",
            [
                "line 3: payoff A: a number is needed (got 'x')",
                "line 4: A: no such action 'violat', did you mean 'violate'?",
                "line 4: payoff B: a number is needed (got '')",
                "line 5: 4 values are needed (got 3)",
            ],
        ),
        ("comply,comply,3,3\n", ["line 3: comply, comply stands twice"]),
        (
            "comply,violate,0,5\n",
            ["lacks the row for violate, comply", "lacks the row for violate, violate"],
        ),
        (
            "comply,violate,nan,5\nviolate,comply,5,0\nviolate,violate,1,inf\n",
            ["payoffs.tables.A.0.1: a finite", "payoffs.tables.B.1.1: a finite"],
        ),
    ],
)
def test_all_mistakes_of_a_csv_file(tmp_path, rows, problems) -> None:
    (tmp_path / "p.csv").write_text(CSV + rows)
    path = tmp_path / "t.yaml"
    path.write_text(f"{HEAD}{PARTIES}payoffs: {{csv: p.csv}}\n")
    with pytest.raises(TreatyError) as caught:
        read_treaty(path)
    found = str(caught.value).splitlines()
    assert len(found) == len(problems), found
    for line, problem in zip(found, problems, strict=True):
        assert problem in line
        assert line.startswith("t.yaml:3:")


def test_headers_of_a_csv_file(tmp_path) -> None:
    (tmp_path / "p.csv").write_text("A,A,payoff A,payof B\n")
    path = tmp_path / "t.yaml"
    path.write_text(f"{HEAD}{PARTIES}payoffs: {{csv: p.csv}}\n")
    with pytest.raises(TreatyError) as caught:
        read_treaty(path)
    assert [m.problem.partition(": ")[2] for m in caught.value.mistakes] == [
        "the column 'A' stands twice",
        "the column 'B' is missing",
        "the column 'payoff B' is missing",
    ]


def test_a_csv_file_that_is_none(tmp_path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "large.csv").write_bytes(b"x" * ((1 << 20) + 1))
    (tmp_path / "other.csv").write_bytes(b"\xff\xfe")
    path = tmp_path / "t.yaml"
    for name, problem in {
        "none.csv": "there is no file",
        "folder.csv": "there is no file",
        "large.csv": "larger than 1 MiB",
        "other.csv": "cannot be read",
    }.items():
        path.write_text(f"{HEAD}{PARTIES}payoffs: {{csv: {name}}}\n")
        with pytest.raises(TreatyError, match=problem):
            read_treaty(path)
