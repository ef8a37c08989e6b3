"""The shipped scenarios reproduce what the literature reports, and what we expect of them."""

import pytest

from negotiate import (
    Verdict,
    analyze,
    compile_treaty,
    deterrence,
    equilibria,
    read_treaty,
    scenario_names,
    tipping,
    variant,
    with_values,
)
from negotiate.errors import PathError
from negotiate.quantity import Quantity
from negotiate.scenarios import scenario_path


def labels(treaty) -> list[list[str]]:
    answer = equilibria(compile_treaty(treaty))
    return [row["labels"] for row in answer.records["equilibria"]]


def test_names() -> None:
    assert scenario_names() == ["montreal", "un-norm-f", "us-china-2015"]
    with pytest.raises(PathError, match="did you mean 'montreal'"):
        scenario_path("montreaal")


@pytest.mark.parametrize("name", scenario_names())
def test_every_fact_has_a_source_and_every_payoff_a_rationale(name) -> None:
    treaty = read_treaty(name)
    assert "illustrative" in treaty.note
    assert treaty.facts
    assert treaty.caveats

    def quantities(part):
        for field in part.model_fields_set:
            value = getattr(part, field)
            values = value.values() if isinstance(value, dict) else [value]
            yield from (v for v in values if isinstance(v, Quantity))

    parts = [treaty.stakes, *treaty.parties.values(), *treaty.clauses]
    for quantity in (q for part in parts for q in quantities(part)):
        assert quantity.rationale, (name, quantity)


def test_montreal_without_trade_measures_nobody_joins() -> None:
    """Barrett (2003), chapter 12: without them the only equilibrium is that nobody joins."""
    treaty = variant(read_treaty("montreal"), "no_trade_measures")
    [only] = labels(treaty)
    assert "nobody joins" in only


@pytest.mark.parametrize(("tau", "tips_at"), [(0.3, 8.6667), (0.5, 7), (1, 5.75)])
def test_montreal_with_trade_measures_nobody_or_everybody(tau, tips_at) -> None:
    """Barrett (1997): k° = (N−1)/2 + (c−b)/(2τ), and both ends are equilibria."""
    treaty = with_values(read_treaty("montreal"), {"clauses.trade_measure.tariff": tau})
    found = labels(treaty)
    assert len(found) == 2
    assert "full compliance" in found[0]
    assert "nobody joins" in found[1]
    for row in tipping(compile_treaty(treaty)).records["tipping"]:
        assert row["tips_at"] == pytest.approx(tips_at, abs=5e-4)
        assert row["nobody"]
        assert row["everybody"]


@pytest.mark.parametrize(("tau", "everybody"), [(2.5 / 9, True), (2.5 / 9 - 1e-6, False)])
def test_montreal_everybody_is_stable_from_the_published_tariff_on(tau, everybody) -> None:
    treaty = with_values(read_treaty("montreal"), {"clauses.trade_measure.tariff": tau})
    assert any("full compliance" in row for row in labels(treaty)) is everybody


def test_us_china_threat_is_enough_and_the_data_cannot_tell() -> None:
    base = read_treaty("us-china-2015")
    verdicts = {
        name: deterrence(compile_treaty(variant(base, name))).verdict for name in base.variants
    }
    assert analyze(base).holds
    assert verdicts == {
        "no_threat": Verdict.DOES_NOT_HOLD,
        "reform": Verdict.HOLDS,
        "poor_evidence": Verdict.DOES_NOT_HOLD,
    }
    assert "cannot separate" in base.caveats[0]


def test_norm_f_needs_evidence_not_severity() -> None:
    """Our expectation, not a published result: severity drives parties out, evidence holds."""
    base = read_treaty("un-norm-f")
    first = deterrence(compile_treaty(base)).records["parties"][0]
    assert not first["complies"]
    assert first["window_empty"]
    severe = deterrence(compile_treaty(variant(base, "severe"))).records["parties"]
    assert not any(row["joins"] for row in severe)
    body = deterrence(compile_treaty(variant(base, "attribution_body")))
    assert body.verdict is Verdict.HOLDS
