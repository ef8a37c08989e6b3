"""Ties, scales, edges of definition, and other forms of compliance."""

import numpy as np
import pytest

from negotiate import (
    analyze,
    build_ledger,
    closed_forms,
    compile_treaty,
    deterrence,
    equilibria,
    incentives_at,
    phase_map,
    read_treaty,
    sweep,
)
from negotiate.answer import percent
from negotiate.errors import FormulaError, ModelError
from negotiate.robustness import least_slack

WINDOW = [
    {"kind": "penalty", "sanction": 20},
    {"kind": "club_benefit", "benefit": 3},
    {"kind": "evidence", "detection": 0.5, "false_alarm": 0.05},
]


def world(**parts):
    return read_treaty(
        {
            "title": "t",
            "parties": {"A": {}, "B": {}},
            "stakes": {"gain": 8, "cost": 2, "outside_option": -0.2},
            "clauses": WINDOW,
            **parts,
        }
    )


def with_formula(payoff, parameters=None, **stakes):
    return world(
        stakes={"gain": 1, "outside_option": -20, **stakes},
        clauses=[
            {"kind": "penalty", "sanction": 20},
            {"kind": "formula", "payoff": payoff, "parameters": parameters or {}},
        ],
    )


def break_evens(treaty, party="A"):
    rows = deterrence(compile_treaty(treaty), samples=0).records["break_even"]
    return {row["parameter"]: row for row in rows if row["party"] == party}


TIE = {
    "stakes": {"gain": 0.3, "outside_option": -1},
    "clauses": [
        {"kind": "penalty", "sanction": 0.1},
        {"kind": "penalty", "id": "more", "sanction": 0.2},
    ],
}


def test_a_tie_leaves_the_other_numbers_possible() -> None:
    # 0.3 − 0.1 − 0.2 is −5.6e-17 in floating point: a tie, not a hopeless constraint.
    rows = break_evens(world(**TIE))
    assert rows["stakes.outside_option"]["possible"]
    assert rows["stakes.outside_option"]["holds_to"] == pytest.approx(0)
    assert rows["clauses.more.sanction"]["break_even"] == pytest.approx(0.2)


def test_a_tie_holds_in_every_draw() -> None:
    uncertain = {"A": {}, "B": {"gain": [0.1, 0.2]}}
    [row, _] = deterrence(compile_treaty(world(parties=uncertain, **TIE))).records["parties"]
    assert row["tie"]
    assert row["over_box"].startswith("holds")
    assert row["share"] == 1


def test_at_a_tie_the_side_that_fails_is_named() -> None:
    # (s + b) = g: the party stays while the gain is at most 23.
    clauses = [{"kind": "penalty", "sanction": 20}, {"kind": "club_benefit", "benefit": 3}]
    treaty = world(stakes={"gain": 23, "outside_option": -50}, clauses=clauses)
    assert "stakes.gain rises above 23" in analyze(treaty).sentences[0]


def test_an_interval_that_rounding_turns_over_is_a_point() -> None:
    # At q* = p(b − c − o)/(b + g − o) = .3·.1/1.1 the window is one point.
    treaty = world(
        stakes={"gain": 1, "cost": 0, "outside_option": 0},
        clauses=[
            {"kind": "penalty", "sanction": 3.5666666666666664},
            {"kind": "club_benefit", "benefit": 0.1},
            {"kind": "evidence", "detection": 0.3, "false_alarm": 0.3 * 0.1 / 1.1},
        ],
    )
    [row, _] = deterrence(compile_treaty(treaty)).records["parties"]
    assert not row["window_empty"]
    assert row["window"][0] == pytest.approx(row["window"][1])


def test_one_partys_scale_does_not_blur_anothers_verdict() -> None:
    # B fails by 0.1; A's payoffs are 10^15 times larger.
    parties = {"A": {"gain": -1e15, "outside_option": -1e15}, "B": {"gain": 100}}
    treaty = world(
        parties=parties,
        stakes={"outside_option": -1},
        clauses=[{"kind": "penalty", "sanction": 99.9}],
    )
    table = sweep(treaty, {"clauses.penalty.sanction": [99.9, 100.1]}, ("slack", "verdict"))
    assert table["slack.B"].tolist() == pytest.approx([-0.1, 0.1])
    assert table["verdict"].tolist() == [False, True]


def test_one_partys_scale_does_not_blur_anothers_equilibria() -> None:
    parties = {
        "A": {"gain": -1e13, "outside_option": -1e13},
        "B": {"gain": 0.3, "outside_option": -0.2},
    }
    situation = compile_treaty(world(parties=parties, stakes={"value": 0}, clauses=[]))
    [only] = equilibria(situation).records["equilibria"]
    assert only["profile"] == {"A": "comply", "B": "violate"}
    assert only["payoffs"]["B"] == pytest.approx(0.3)


def test_swept_ties_are_ties_wherever_the_file_stands() -> None:
    table = sweep(
        world(**TIE),
        {"stakes.gain": [0.3, 0.3 + 1e-9, 3e9], "clauses.more.sanction": [0.2, 3e9 - 0.1]},
        ("slack", "verdict"),
    )
    assert table["verdict"].tolist() == [True, True, False, True, False, True]


def test_break_even_beyond_the_near_grid_is_no_made_up_edge() -> None:
    # Any threshold high enough leaves only participation, which holds.
    evidence = {"kind": "evidence", "separation": 2, "threshold": 0}
    treaty = world(
        stakes={"gain": -1, "outside_option": -3},
        clauses=[{"kind": "penalty", "sanction": 4}, evidence],
    )
    row = break_evens(treaty)["clauses.evidence.threshold"]
    # 4·Φ(−k) ≤ 3: k ≥ −Φ⁻¹(3/4).
    assert row["holds_from"] == pytest.approx(-0.6744897501960817)
    assert row["holds_to"] == np.inf
    assert row["break_even"] == row["holds_from"]
    row = break_evens(treaty)["clauses.evidence.separation"]
    assert row["holds_from"] == 0  # a separation is not negative
    assert row["holds_to"] == np.inf


def test_break_even_of_what_is_not_defined_everywhere() -> None:
    # log r ≥ −20 and no other condition on r.
    row = break_evens(with_formula("log(r) * member", {"r": 5}))["clauses.formula.parameters.r"]
    assert row["holds_from"] == pytest.approx(np.exp(-20))
    assert row["holds_to"] == np.inf
    large = with_formula("exp(r) * member", {"r": 100})
    assert break_evens(large)["clauses.formula.parameters.r"]["holds_from"] == -np.inf
    reciprocal = with_formula("member / r", {"r": 10})
    assert break_evens(reciprocal)["clauses.formula.parameters.r"]["possible"]


def test_a_formula_without_a_value_says_of_what() -> None:
    with pytest.raises(FormulaError, match=r"log.*formula\.r in \[0, 2\]"):
        analyze(with_formula("log(r) * violates", {"r": [0, 2]}))
    with pytest.raises(FormulaError, match="others_members"):
        analyze(with_formula("member / others_members"))


def test_a_bound_over_too_many_corners_is_not_called_exact() -> None:
    names = [f"{letter}{k}" for k in range(7) for letter in "ab"]
    payoff = " + ".join(f"a{k} * b{k} * complies" for k in range(7))
    treaty = with_formula(payoff, {name: [-1, 1] for name in names})
    box = least_slack(incentives_at(build_ledger(compile_treaty(treaty))))
    assert not box.is_exact


def test_another_form_of_compliance_is_no_tie() -> None:
    conduct = {
        "report": {"complies": "norm"},
        "inspect": {"complies": "norm"},
        "violate": {"violates": "norm"},
    }
    treaty = world(conduct=conduct, stakes={"gain": 3, "outside_option": -9}, clauses=WINDOW[:1])
    [row, _] = deterrence(compile_treaty(treaty)).records["parties"]
    assert (row["slack"], row["tie"], row["compliance_slack"]) == (9, False, 17)


def test_another_form_of_compliance_that_pays_more_is_named_so() -> None:
    tables = {"A": [[1, 1], [2, 2], [0, 0]], "B": [[1, 0], [1, 0], [1, 0]]}
    conduct = {
        "report": {"complies": "norm"},
        "inspect": {"complies": "norm", "open_to": ["A"]},
        "violate": {"violates": "norm"},
    }
    treaty = read_treaty(
        {
            "title": "t",
            "parties": {"A": {}, "B": {}},
            "conduct": conduct,
            "payoffs": {"tables": tables},
        }
    )
    assert "A would rather comply otherwise (by 1)" in analyze(treaty).sentences[0]


def test_what_a_violation_puts_at_stake_counts_its_intensity() -> None:
    conduct = {"comply": {"complies": "norm"}, "probe": {"violates": {"norm": 0.3}}}
    stakes = {"gain": 1, "harm": 10, "value": 2}
    clauses = [{"kind": "penalty", "sanction": 4, "cost_to_impose": 6}]
    treaty = world(conduct=conduct, stakes=stakes, clauses=clauses)
    row = deterrence(compile_treaty(treaty)).records["duties"][0]
    assert (row["at_stake"], row["credible"]) == (5.0, False)


def test_what_a_violation_puts_at_stake_in_payoffs_typed_in() -> None:
    tables = {"A": [[3, 0], [5, 1]], "B": [[3, 5], [0, 1]]}
    treaty = read_treaty(
        {
            "title": "t",
            "parties": {"A": {}, "B": {}},
            "payoffs": {"tables": tables},
            "clauses": [{"kind": "penalty", "sanction": 4, "cost_to_impose": 2}],
        }
    )
    assert [r["at_stake"] for r in deterrence(compile_treaty(treaty)).records["duties"]] == [3, 3]


def test_paths_that_name_one_number() -> None:
    treaty = world()
    by_id = sweep(treaty, {"clauses.penalty.sanction": [10, 20]}, ("slack",))
    by_number = sweep(treaty, {"clauses.0.sanction": [10, 20]}, ("slack",))
    np.testing.assert_array_equal(by_id.to_numpy(), by_number.to_numpy())
    assert next(iter(by_number)) == "clauses.0.sanction"
    with pytest.raises(ModelError, match="names the same number"):
        sweep(treaty, {"clauses.0.sanction": [1], "clauses.penalty.sanction": [2]})
    with pytest.raises(ModelError, match="is no number"):
        sweep(treaty, {"clauses.penalty.form": [1]})
    with pytest.raises(ModelError, match="must be at least 0"):
        sweep(treaty, {"clauses.0.sanction": [-1]})
    plane = phase_map(treaty, "clauses.0.sanction", "clauses.2.detection")
    assert plane.at == (20, 0.5)


def test_a_table_too_large_to_hold_is_refused() -> None:
    treaty = world(parties={f"P{k}": {} for k in range(500)})
    many = {"stakes.gain": np.zeros(1000), "stakes.cost": np.zeros(1000)}
    with pytest.raises(ModelError, match="numbers"):
        sweep(treaty, many)


def test_tiny_numbers_give_no_warning() -> None:
    tiny = {"kind": "evidence", "detection": 0.5, "false_alarm": 1e-320}
    treaty = world(clauses=[*WINDOW[:2], tiny])
    assert closed_forms(compile_treaty(treaty))[0].high is not None
    assert analyze(treaty).holds


def test_all_is_said_only_of_all() -> None:
    assert percent(0.9995) == "over 99 %"
    assert percent(1.0) == "100 %"
