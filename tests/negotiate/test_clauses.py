"""Laws and known answers of the clause kinds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from treaty_strategies import documents, treaties

from negotiate import attribute_table, build_ledger, compile_treaty, payoff_tensor, read_treaty
from negotiate.clauses.kinds import KINDS

ZERO = {
    "penalty": {"sanction": 0, "cost_to_impose": 0, "schedule": {"P0": 0}},
    "club_benefit": {"benefit": 0, "per_member": 0, "dues": 0},
    "evidence": {},
    "transfer": {"amount": 0, "payers": ["P0"], "recipients": ["P1"]},
    "trade_measure": {"tariff": 0},
    "entry_into_force": {"count": 0, "shares": {"emissions": 0}},
    "formula": {"payoff": "r * complies + s * outside", "parameters": {"r": 0, "s": 0}},
}


def tensor(document) -> np.ndarray:
    return payoff_tensor(build_ledger(compile_treaty(read_treaty(document))))


def test_every_kind_is_held_to_the_zero_law() -> None:
    assert set(ZERO) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@settings(derandomize=True, max_examples=12, deadline=None)
@given(document=documents())
def test_a_clause_with_zero_parameters_changes_nothing(kind, document) -> None:
    has_evidence = any(clause["kind"] == "evidence" for clause in document["clauses"])
    if kind == "evidence" and has_evidence:
        return
    more = {"kind": kind, "id": "zero", **ZERO[kind]}
    before = tensor(document)
    after = tensor({**document, "clauses": [*document["clauses"], more]})
    np.testing.assert_allclose(after, before, atol=1e-12)


@settings(derandomize=True, max_examples=30, deadline=None)
@given(documents(), st.randoms(use_true_random=False))
def test_clauses_may_stand_in_any_order(document, random) -> None:
    shuffled = list(document["clauses"])
    random.shuffle(shuffled)
    np.testing.assert_allclose(
        tensor({**document, "clauses": shuffled}), tensor(document), atol=1e-9
    )


@settings(derandomize=True, max_examples=30, deadline=None)
@given(documents(min_parties=3, max_parties=3))
def test_renaming_parties_permutes_payoffs(document) -> None:
    names = list(document["parties"])
    swap = dict(zip(names, names[::-1], strict=True))

    def renamed(value):
        if isinstance(value, dict):
            return {swap.get(k, k): renamed(v) for k, v in value.items()}
        if isinstance(value, list):
            return [renamed(item) for item in value]
        return swap.get(value, value) if isinstance(value, str) else value

    other = renamed(document)
    other["parties"] = {name: other["parties"][name] for name in names}
    expected = np.transpose(tensor(document), (0, 3, 2, 1))[::-1]
    np.testing.assert_allclose(tensor(other), expected, atol=1e-9)


@settings(derandomize=True, max_examples=30, deadline=None)
@given(treaties())
def test_transfers_sum_to_zero(treaty) -> None:
    book = build_ledger(compile_treaty(treaty))
    paid = [t for t in book.terms if t.label in ("transfer paid", "transfer received")]
    coefficients = book.coefficients()
    features = book.features_at(book.menu.profiles())
    total = sum(coefficients[k] * features[k] for k, term in enumerate(book.terms) if term in paid)
    assert np.abs(np.sum(total, axis=-1)).max(initial=0.0) < 1e-9


def world(clauses, n=3, **more):
    return {
        "title": "t",
        "unit": "utility",
        "parties": {f"P{k}": {"weights": {"emissions": [50, 30, 20][k % 3]}} for k in range(n)},
        "stakes": {"gain": 4, "cost": 1, "value": 2, "harm": 3, "outside_option": -1},
        "clauses": clauses,
        **more,
    }


COMPLY, VIOLATE, OUT = 0, 1, 2


def test_payoffs_of_the_stakes() -> None:
    u = tensor(world([]))
    assert u[0, COMPLY, COMPLY, COMPLY] == -1 + 2 * 2
    assert u[0, VIOLATE, COMPLY, COMPLY] == 4 + 2 * 2
    assert u[0, COMPLY, VIOLATE, COMPLY] == -1 + 2 - 3
    assert u[0, OUT, COMPLY, COMPLY] == -1 + 2 * 2
    # A party that is not bound goes on as before, and harms the others.
    assert u[0, COMPLY, OUT, OUT] == -1 - 3 - 3


def test_penalty_and_who_pays_for_it() -> None:
    u = tensor(
        world(
            [
                {"kind": "penalty", "sanction": 10, "cost_to_impose": 2, "imposed_by": ["P1"]},
                {"kind": "evidence", "detection": 0.5, "false_alarm": 0.1},
            ]
        )
    )
    base = tensor(world([]))
    assert u[0, VIOLATE, COMPLY, COMPLY] - base[0, VIOLATE, COMPLY, COMPLY] == -0.5 * 10
    difference = u[1, VIOLATE, COMPLY, COMPLY] - base[1, VIOLATE, COMPLY, COMPLY]
    assert difference == pytest.approx(-0.1 * 10 - 0.5 * 2 - 0.1 * 2)
    assert u[2, VIOLATE, COMPLY, OUT] == base[2, VIOLATE, COMPLY, OUT]


def test_proportional_penalty_and_schedule() -> None:
    conduct = {
        "comply": {"complies": "norm"},
        "probe": {"violates": {"norm": 0.5}},
        "violate": {"violates": "norm"},
    }
    clause = {"kind": "penalty", "form": "proportional", "sanction": 8, "schedule": {"P1": 20}}
    u = tensor(world([clause], conduct=conduct)) - tensor(world([], conduct=conduct))
    assert (u[0, 1, 0, 0], u[0, 2, 0, 0]) == (-4, -8)
    assert (u[1, 0, 1, 0], u[1, 0, 2, 0]) == (-10, -20)


@pytest.mark.parametrize(
    ("rule", "in_force"),
    [
        ({"count": 2}, True),
        ({"count": 3}, False),
        ({"shares": {"emissions": 0.8}}, True),
        ({"shares": {"emissions": 0.81}}, False),
        ({"named": ["P0", "P1"]}, True),
        ({"named": ["P2"]}, False),
        ({"count": 2, "shares": {"emissions": 0.8}, "named": ["P0"]}, True),
        ({"count": 2, "shares": {"emissions": 0.9}, "named": ["P0"]}, False),
    ],
)
def test_entry_into_force_by_any_conjunction(rule, in_force) -> None:
    treaty = read_treaty(world([{"kind": "entry_into_force", **rule}]))
    book = build_ledger(compile_treaty(treaty))
    [regime] = book.regimes(np.array([[COMPLY, VIOLATE, OUT]]))
    assert bool(regime) is in_force
    lapsed = payoff_tensor(book)[:, COMPLY, VIOLATE, OUT]
    if not in_force:
        assert (lapsed == -1 - 2 * 3).all()


def test_standard_of_evidence_is_the_normal_model() -> None:
    # Green and Swets (1966): at d′ = 2 and k = d′/2, P_D − P_F = 2Φ(1) − 1 = .6827.
    treaty = read_treaty(
        world([{"kind": "evidence", "separation": 2}, {"kind": "penalty", "sanction": 10}])
    )
    u = payoff_tensor(build_ledger(compile_treaty(treaty)))
    base = tensor(world([]))
    loss = base - u
    gap = loss[0, VIOLATE, COMPLY, COMPLY] - loss[0, COMPLY, COMPLY, COMPLY]
    assert gap == pytest.approx(6.827, abs=5e-4)


def test_attribute_tables_are_complete() -> None:
    for kind in KINDS:
        for row in attribute_table(kind):
            assert row["about"], (kind, row["name"])
            if row["symbol"]:
                assert row["unit"]
                assert row["range"] is not None
