"""Deterrence against the sanction window of the literature, and its own laws."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from treaty_strategies import treaties

from negotiate import (
    Verdict,
    build_ledger,
    closed_forms,
    compile_treaty,
    deterrence,
    incentives_at,
    payoff_tensor,
    read_treaty,
)
from negotiate.errors import PathError
from negotiate.robustness import least_slack


def world(p=0.5, q=0.05, outside=0.0, n=2, **stakes):
    return read_treaty(
        {
            "title": "The sanction window",
            "parties": {f"P{k}": {} for k in range(n)},
            "stakes": {"gain": 8, "cost": 2, "outside_option": outside, **stakes},
            "clauses": [
                {"kind": "penalty", "sanction": 20},
                {"kind": "club_benefit", "benefit": 3},
                {"kind": "evidence", "detection": p, "false_alarm": q},
            ],
        }
    )


def row(treaty, **options):
    return deterrence(compile_treaty(treaty), **options).records["parties"][0]


# Becker (1968) with a club benefit and participation: s_lo = (g + c)/(p − q) − b and
# s_hi = (b − c + x)/q − b at g = 8, c = 2, b = 3, p = .5.
@pytest.mark.parametrize(
    ("q", "x", "low", "high", "is_empty"),
    [
        (0.05, 0.0, 19.22, 17.0, True),
        (0.05, 0.2, 19.22, 21.0, False),
        (0.03, 0.0, 18.28, 30.33, False),
    ],
)
def test_window(q, x, low, high, is_empty) -> None:
    found = row(world(q=q, outside=-x))
    assert found["window"] == (pytest.approx(low, abs=0.005), pytest.approx(high, abs=0.005))
    assert found["window_empty"] is is_empty


def test_empty_window_names_the_largest_false_alarm() -> None:
    answer = deterrence(compile_treaty(world()))
    assert answer.records["parties"][0]["largest_false_alarm"] == pytest.approx(1 / 22)
    assert answer.verdict is Verdict.DOES_NOT_HOLD
    assert "false alarm of at most 0.04545" in answer.sentences[1]


def test_no_evidence_at_all_leaves_no_window() -> None:
    found = row(world(p=0.2, q=0.2))
    assert found["window_empty"]
    assert found["complies"] is False


def test_closed_form_is_the_textbook() -> None:
    [form, _] = closed_forms(compile_treaty(world()))
    assert form.low[0] == "-b + (c + g)/(p - q)"
    assert form.high[0] == "-b + (b - c - o)/q"
    assert form.largest_false_alarm[0] == "p*(b - c - o)/(b + g - o)"
    assert form.conditions["violate"][0] == "(b + s)*(p - q) >= c + g"
    assert r"\frac{c + g}{p - q}" in form.low[1]


def test_a_tie_holds_and_is_named() -> None:
    treaty = read_treaty(
        {
            "title": "A tie",
            "parties": {"A": {}, "B": {}},
            "stakes": {"gain": 0.3, "outside_option": -1},
            "clauses": [
                {"kind": "penalty", "sanction": 0.1},
                {"kind": "penalty", "id": "more", "sanction": 0.2},
            ],
        }
    )
    answer = deterrence(compile_treaty(treaty))
    assert answer.verdict is Verdict.HOLDS
    assert answer.records["parties"][0]["tie"]
    assert "a tie" in answer.sentences[0]


def test_lever_by_path() -> None:
    found = row(world(q=0.03), lever="clauses.club_benefit.benefit")
    low, high = found["window"]
    # s + b ≥ (g + c)/(p − q) and b − c ≥ q(s + b), both in b.
    assert low == pytest.approx(max(10 / 0.47 - 20, (2 + 0.03 * 20) / 0.97))
    assert high == np.inf
    with pytest.raises(PathError, match=r"did you mean 'clauses\.club_benefit\.benefit'"):
        row(world(), lever="clauses.club_benefit.benefits")


@settings(derandomize=True, max_examples=40, deadline=None)
@given(treaties(max_parties=3))
def test_verdict_is_that_of_the_dense_game(treaty) -> None:
    situation = compile_treaty(treaty)
    answer = deterrence(situation, samples=0)
    book = build_ledger(situation)
    tensor, at = payoff_tensor(book), tuple(book.menu.full_compliance)
    regret = [
        tensor[(i, *at[:i], slice(None), *at[i + 1 :])].max() - tensor[(i, *at)]
        for i in range(len(at))
    ]
    scale = max(1.0, np.abs(tensor).max())
    assume(all(abs(r) > 1e-9 * scale or r == 0 for r in regret))
    assert (answer.verdict is Verdict.HOLDS) == (max(regret) <= 0)


@settings(derandomize=True, max_examples=25, deadline=None)
@given(treaties(max_parties=3), st.integers(0, 1000))
def test_slack_over_the_box_is_never_above_a_sample(treaty, seed) -> None:
    system = incentives_at(build_ledger(compile_treaty(treaty)))
    box = least_slack(system)
    rng = np.random.default_rng(seed)
    for _ in range(20):
        ends = rng.integers(0, 2, size=len(system.names))
        corner = {
            name: system.ledger.parameters[name].box[end]
            for name, end in zip(system.names, ends, strict=True)
        }
        slack = system.slack(corner)
        assert (
            box.slack <= slack + 1e-7 * (1 + np.abs(np.where(np.isfinite(slack), slack, 0)))
        ).all()


@settings(derandomize=True, max_examples=25, deadline=None)
@given(treaties(max_parties=2, multilinear=True))
def test_box_of_a_multilinear_treaty_is_attained_at_a_corner(treaty) -> None:
    import itertools

    system = incentives_at(build_ledger(compile_treaty(treaty)))
    box = least_slack(system)
    assert box.is_exact
    wide = [n for n in system.names if not system.ledger.parameters[n].is_certain][:8]
    assume(
        len(wide)
        == sum(not p.is_certain for n, p in system.ledger.parameters.items() if n in system.names)
    )
    least = np.full(box.slack.shape, np.inf)
    for ends in itertools.product((0, 1), repeat=len(wide)):
        corner = {n: system.ledger.parameters[n].box[e] for n, e in zip(wide, ends, strict=True)}
        least = np.minimum(least, system.slack(corner))
    finite = np.isfinite(least)
    np.testing.assert_allclose(box.slack[finite], least[finite], atol=1e-9)


@settings(derandomize=True, max_examples=25, deadline=None)
@given(treaties(max_parties=3))
def test_break_even_values_are_where_the_party_just_stays(treaty) -> None:
    situation = compile_treaty(treaty)
    answer = deterrence(situation, samples=0)
    system = incentives_at(build_ledger(situation))
    parties = list(situation.parties)
    for record in answer.records["break_even"]:
        edge = record["break_even"]
        if edge is None or record["method"] != "exact" or abs(edge) > 1e6:
            continue
        [name] = [
            n
            for n, p in system.ledger.parameters.items()
            if p.path_of(parties.index(record["party"])) == record["parameter"]
        ]
        slack = system.slack({name: np.array([edge])})[parties.index(record["party"])]
        scale = max(1.0, np.abs(slack[np.isfinite(slack)]).max())
        assert slack.min() == pytest.approx(0, abs=1e-6 * scale)


def test_raising_false_alarms_never_raises_slack() -> None:
    slacks = [row(world(q=q))["slack"] for q in np.linspace(0, 0.5, 11)]
    assert (np.diff(slacks) <= 1e-12).all()


def test_shares_are_seeded() -> None:
    uncertain = world(gain=[6, 10], q=[0.01, 0.05])
    first = row(uncertain, seed=1)["share"]
    assert first == row(uncertain, seed=1)["share"]
    assert 0 < first < 1
    assert row(uncertain, seed=2)["share"] != first


def test_standard_of_evidence_is_bracketed() -> None:
    treaty = read_treaty(
        {
            "title": "A standard",
            "parties": {"A": {}, "B": {}},
            "stakes": {"gain": 8, "outside_option": -30},
            "clauses": [
                {"kind": "penalty", "sanction": 20},
                {
                    "kind": "evidence",
                    "separation": {"value": 2, "range": [1.9, 2.1]},
                    "threshold": 1,
                },
            ],
        }
    )
    answer = deterrence(compile_treaty(treaty))
    methods = {r["parameter"]: r["method"] for r in answer.records["break_even"]}
    assert methods["clauses.evidence.separation"] == "bracketed root"
    assert methods["clauses.penalty.sanction"] == "exact"
    assert answer.records["parties"][0]["over_box"] == "holds, proved by bounds"
    # Deterrence needs Φ(d′ − k) − Φ(−k) ≥ g/s = .4: solve for d′ by hand.
    from scipy.stats import norm

    edge = 1 + norm.ppf(0.4 + norm.cdf(-1))
    spans = {r["parameter"]: r for r in answer.records["break_even"]}
    assert spans["clauses.evidence.separation"]["holds_from"] == pytest.approx(edge, abs=1e-9)


def test_who_must_carry_it_out() -> None:
    treaty = read_treaty("us-china-2015")
    duties = deterrence(compile_treaty(treaty)).table("duties")
    penalty = duties[duties.clause == "penalty"]
    assert penalty.hurts.all()
    assert penalty.credible.all()
    assert not duties[duties.clause == "dialogue"].hurts.any()


def test_193_parties() -> None:
    answer = deterrence(compile_treaty(world(n=193, q=0.03)))
    assert answer.verdict is Verdict.HOLDS
    assert len(answer.records["parties"]) == 193
    assert answer.certificate.value <= answer.certificate.limit
