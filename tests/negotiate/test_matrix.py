"""Payoffs typed in, in place of stakes."""

import numpy as np
import pytest

from negotiate import (
    Verdict,
    analyze,
    build_ledger,
    compile_treaty,
    payoff_tensor,
    read_treaty,
    sweep,
    waterfall,
    with_values,
)

DILEMMA = {
    "title": "Prisoner's dilemma",
    "parties": {"A": {}, "B": {}},
    "payoffs": {"tables": {"A": [[3, 0], [[4, 6], 1]], "B": [[3, 5], [0, 1]]}},
}
PENALTY = [
    {"kind": "penalty", "sanction": 6},
    {"kind": "evidence", "detection": 0.5, "false_alarm": 0.1},
]


def test_payoffs_are_those_typed_in() -> None:
    tensor = payoff_tensor(build_ledger(compile_treaty(read_treaty(DILEMMA))))
    assert tensor.tolist() == [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]


def test_verdict_and_equilibria() -> None:
    found = analyze(read_treaty(DILEMMA))
    assert found.deterrence.verdict is Verdict.DOES_NOT_HOLD
    assert found.tipping is None
    [only] = found.equilibria.records["equilibria"]
    assert only["profile"] == {"A": "violate", "B": "violate"}
    first = found.deterrence.records["parties"][0]
    assert first["joins"]
    assert first["slack"] == -2
    assert first["over_box"] == "fails at a corner"


def test_clauses_act_on_typed_payoffs() -> None:
    treaty = read_treaty({**DILEMMA, "clauses": PENALTY})
    found = analyze(treaty)
    # Complying: 3 − .1·6; violating: 5 − .5·6.
    assert found.deterrence.records["parties"][0]["slack"] == pytest.approx(2.4 - 2)
    steps = waterfall(found.ledger, 0, np.array([1, 0]))
    assert [(step.clause, step.amount) for step in steps] == [("stakes", 5), ("penalty", -3)]
    cell = "payoffs.tables.A.1.0"
    assert with_values(treaty, {cell: 9}).payoffs.tables["A"][1][0] == 9
    assert sweep(treaty, {cell: [5, 6]})["verdict"].tolist() == [True, False]


def test_three_parties() -> None:
    ones = [[[1, 1], [1, 1]], [[0, 0], [0, 0]]]
    tables = {"A": ones, "B": ones, "C": ones}
    parties = {"A": {}, "B": {}, "C": {}}
    found = analyze(read_treaty({"title": "t", "parties": parties, "payoffs": {"tables": tables}}))
    assert found.payoffs.shape == (3, 2, 2, 2)
    assert found.deterrence.records["parties"][0]["slack"] == 1
    assert found.deterrence.records["parties"][1]["tie"]


def test_numbers_of_a_csv_file_can_be_tried(tmp_path) -> None:
    rows = "comply,comply,3,3\ncomply,violate,0,5\nviolate,comply,5,0\nviolate,violate,1,1\n"
    (tmp_path / "pd.csv").write_text(f"A,B,payoff A,payoff B\n{rows}")
    path = tmp_path / "pd.yaml"
    path.write_text("title: PD\nparties: {A: , B: }\npayoffs: {csv: pd.csv}\n")
    treaty = read_treaty(path, {"payoffs.tables.A.1.0": 2})
    assert treaty.payoffs.tables["A"] == [[3.0, 0.0], [2, 1.0]]
