"""Sweeps: array operations give what one analysis after another gives."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from treaty_strategies import treaties

from negotiate import (
    compile_treaty,
    deterrence,
    equilibria,
    phase_map,
    read_treaty,
    sweep,
    with_values,
)
from negotiate.errors import ModelError, PathError
from negotiate.readings.numbers import to_12_digits
from negotiate.whatif import sweep as module


def base(**more):
    return read_treaty(
        {
            "title": "t",
            "parties": {"Arland": {}, "Borland": {"gain": 5}},
            "stakes": {"gain": 8, "cost": 2},
            "clauses": [
                {"kind": "penalty", "sanction": 20},
                {"kind": "club_benefit", "benefit": 3},
                {"kind": "evidence", "detection": 0.5, "false_alarm": 0.03},
            ],
            **more,
        }
    )


def one_by_one(treaty, row, columns) -> dict[str, float]:
    changed = with_values(treaty, {path: row[path] for path in columns})
    parties = deterrence(compile_treaty(changed), samples=0).records["parties"]
    return {record["party"]: record["slack"] for record in parties}


@settings(derandomize=True, max_examples=25, deadline=None)
@given(treaties(max_parties=3), st.randoms(use_true_random=False))
def test_a_sweep_is_many_analyses(treaty, random) -> None:
    paths = ["stakes.gain", "parties.P0.cost"]
    table = sweep(treaty, {paths[0]: [0, 1.5], paths[1]: [-1, 2]})
    assert len(table) == 4
    row = table.iloc[random.randrange(4)]
    for party, slack in one_by_one(treaty, row, paths).items():
        assert row[f"slack.{party}"] == pytest.approx(slack, abs=1e-9)


def test_columns_and_order() -> None:
    table = sweep(
        base(),
        {"clauses.penalty.sanction": [0, 20], "clauses.evidence.detection": [0.2, 0.5, 1]},
        measures=["slack", "complies", "joins", "verdict"],
    )
    assert list(table.columns) == [
        "clauses.penalty.sanction",
        "clauses.evidence.detection",
        "slack.Arland",
        "slack.Borland",
        "complies.Arland",
        "complies.Borland",
        "joins.Arland",
        "joins.Borland",
        "verdict",
    ]
    assert table["clauses.evidence.detection"].tolist() == [0.2, 0.5, 1] * 2
    assert table["verdict"].tolist() == [False, False, False, False, True, True]


def test_numbers_that_the_file_does_not_say() -> None:
    treaty = base()
    table = sweep(treaty, {"parties.Borland.outside_option": [-1, 0, 5]})
    assert table["verdict"].tolist() == [True, True, False]
    table = sweep(treaty, {"clauses.penalty.cost_to_impose": [0, 100]})
    assert table["verdict"].tolist() == [True, False]


def test_structural_numbers_are_recompiled() -> None:
    parties = {f"P{k}": {} for k in range(4)}
    treaty = read_treaty(
        {
            "title": "t",
            "parties": parties,
            "stakes": {"cost": 3, "own_value": 1, "value": 1, "gain": 0},
            "clauses": [
                {"kind": "penalty", "sanction": 9},
                {"kind": "entry_into_force", "count": 0},
            ],
        }
    )
    path = "clauses.entry_into_force.count"
    table = sweep(treaty, {path: [0, 4], "stakes.cost": [3, 5]})
    # With all four needed everyone is pivotal: in is worth 4 − c, out nothing.
    assert table["verdict"].tolist() == [False, False, True, False]
    assert table["slack.P0"].tolist() == [-2, -4, 1, -1]


def test_chunks_do_not_show(monkeypatch) -> None:
    grid = {
        "clauses.penalty.sanction": np.linspace(0, 40, 31),
        "clauses.club_benefit.benefit": np.linspace(0, 5, 17),
    }
    whole = sweep(base(), grid)
    monkeypatch.setattr(module, "CHUNK", 10)
    calls: list[tuple[int, int]] = []
    pd.testing.assert_frame_equal(
        sweep(base(), grid, progress=lambda done, total: calls.append((done, total))), whole
    )
    assert calls[-1] == (31 * 17, 31 * 17)


def test_mistakes_name_the_nearest() -> None:
    with pytest.raises(PathError, match=r"did you mean 'clauses\.penalty\.sanction'"):
        sweep(base(), {"clauses.penalty.sanktion": [1]})
    with pytest.raises(ModelError, match="did you mean 'slack'"):
        sweep(base(), {"stakes.gain": [1]}, measures=["slak"])
    with pytest.raises(ModelError, match=r"must be between 0 and 1 \(got 1\.5\)"):
        sweep(base(), {"clauses.evidence.detection": [0.5, 1.5]})
    with pytest.raises(ModelError, match="finite"):
        sweep(base(), {"stakes.gain": [np.nan]})
    with pytest.raises(ModelError, match="at least one number"):
        sweep(base(), {})
    with pytest.raises(ModelError, match="may have"):
        sweep(base(), {"stakes.gain": np.zeros(5000), "stakes.cost": np.zeros(5000)})


def test_phase_map_is_the_sweep() -> None:
    x, y = "clauses.penalty.sanction", "clauses.evidence.detection"
    plane = phase_map(base(), x, y)
    assert plane.at == (20, 0.5)
    table = sweep(base(), {x: np.linspace(0, 40, 9), y: np.linspace(0.1, 1, 7)})
    least = plane.slack(table[x], table[y]).min(axis=1)
    expected = table[["slack.Arland", "slack.Borland"]].min(axis=1)
    np.testing.assert_allclose(least, expected, atol=1e-9)


def test_phase_map_of_one_partys_number() -> None:
    plane = phase_map(base(), "parties.Borland.gain", "parties.Arland.cost")
    rows = dict(zip(plane.constraints, plane.coefficients, strict=True))
    assert rows["Borland", "compliance", "violate"][1] == pytest.approx(-1)
    assert rows["Arland", "compliance", "violate"][1] == pytest.approx(0)
    assert rows["Arland", "participation", "stay out"][2] == pytest.approx(-1)


def test_phase_map_of_what_is_not_linear() -> None:
    treaty = base(
        clauses=[{"kind": "penalty", "sanction": 9}, {"kind": "evidence", "separation": 2}]
    )
    with pytest.raises(ModelError, match="not linear"):
        phase_map(treaty, "clauses.penalty.sanction", "clauses.evidence.separation")


@settings(derandomize=True, max_examples=25, deadline=None)
@given(treaties(max_parties=3), st.randoms(use_true_random=False))
def test_equilibria_are_counted_as_the_question_lists_them(treaty, random) -> None:
    paths = ["stakes.gain", "parties.P0.cost"]
    vary = {path: [0.0, random.uniform(0, 12), 5.0] for path in paths}
    found = sweep(treaty, vary, ["verdict", "equilibria"])
    for row in found.to_dict("records"):
        case = with_values(treaty, {path: row[path] for path in paths})
        listed = equilibria(compile_treaty(case)).records["equilibria"]
        assert row["equilibria"] == sum(entry["profile"] is not None for entry in listed)
        assert row["equilibria"] >= 1 or not row["verdict"]


def test_equilibria_of_too_many_parties_are_refused_by_number() -> None:
    many = {
        "title": "Many",
        "parties": {f"P{k}": {} for k in range(12)},
        "stakes": {"gain": 8},
        "clauses": [{"kind": "penalty", "sanction": 20}],
    }
    with pytest.raises(ModelError, match="a swept game may have 100,000 payoffs"):
        sweep(read_treaty(many), {"stakes.gain": [1, 2]}, ["equilibria"])


@pytest.mark.parametrize("exponent", [-30, -9, 0, 7, 15, 40, 300])
def test_ties_are_judged_alike_at_every_size_of_payoff(exponent: int) -> None:
    payoffs = np.random.default_rng(1).normal(size=(3, 5)) * 10.0**exponent
    for own, rounded in zip(payoffs, to_12_digits(payoffs), strict=True):
        digits = 12 - int(np.ceil(np.log10(np.abs(own).max())))
        expected = own if digits > 22 else np.round(own, digits)
        np.testing.assert_allclose(rounded, expected, rtol=1e-15)
