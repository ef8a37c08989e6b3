"""Random treaties for property tests."""

from typing import Any

from hypothesis import strategies as st

from negotiate import Treaty, read_treaty

numbers = st.integers(-40, 40).map(lambda k: k / 4)
positive = st.integers(0, 40).map(lambda k: k / 4)
shares = st.integers(0, 20).map(lambda k: k / 20)


def ranged(values: st.SearchStrategy[float], low: float, high: float) -> st.SearchStrategy[Any]:
    """A point, or an interval around it within the allowed range."""
    widths = st.sampled_from([0.25, 0.5])
    return st.one_of(
        values,
        st.tuples(values, widths).map(
            lambda pair: {
                "value": pair[0],
                "range": [max(low, pair[0] - pair[1]), min(high, pair[0] + pair[1])],
            }
        ),
    )


def clause_values(parties: list[str]) -> dict[str, st.SearchStrategy[dict[str, Any]]]:
    """For each kind a strategy of its fields."""
    some = st.lists(st.sampled_from(parties), unique=True, min_size=1)
    amounts, probabilities = ranged(positive, 0, 1e9), ranged(shares, 0, 1)
    return {
        "penalty": st.fixed_dictionaries(
            {"form": st.sampled_from(["flat", "proportional"])},
            optional={
                "sanction": amounts,
                "schedule": st.dictionaries(st.sampled_from(parties), amounts),
                "cost_to_impose": amounts,
                "imposed_by": some,
            },
        ),
        "club_benefit": st.fixed_dictionaries(
            {"lost_when_punished": st.booleans()},
            optional={"benefit": amounts, "per_member": amounts, "dues": amounts},
        ),
        "evidence": st.tuples(shares, shares).map(
            lambda pair: {"detection": max(pair), "false_alarm": min(pair)}
        ),
        "standard": st.fixed_dictionaries(
            {"separation": positive.map(lambda d: d / 4)}, optional={"threshold": numbers}
        ),
        "transfer": st.fixed_dictionaries(
            {
                "amount": amounts,
                "payers": st.just(parties[:1]),
                "recipients": st.just(parties[1:]),
                "condition": st.sampled_from(["membership", "compliance"]),
            }
        ),
        "trade_measure": st.fixed_dictionaries(
            {}, optional={"tariff": amounts, "member_share": probabilities}
        ),
        "entry_into_force": st.fixed_dictionaries(
            {},
            optional={
                "count": st.integers(0, len(parties)),
                "shares": st.dictionaries(st.just("emissions"), shares),
                "named": some,
            },
        ),
        "formula": st.fixed_dictionaries(
            {
                "payoff": st.sampled_from(
                    [
                        "r * complies - 2 * violates",
                        "r * min(others_complying, 2) * member",
                        "-(r + 1) * intensity * others_members",
                        "r * outside - others_outside * r / 3",
                        "r ** 2 * member",
                    ]
                ),
                "parameters": st.fixed_dictionaries({"r": ranged(numbers, -1e9, 1e9)}),
            },
            optional={"applies_to": some},
        ),
    }


@st.composite
def documents(
    draw: st.DrawFn, *, min_parties: int = 2, max_parties: int = 4, multilinear: bool = False
) -> dict[str, Any]:
    """Plain data of a valid treaty."""
    n = draw(st.integers(min_parties, max_parties))
    parties = [f"P{k}" for k in range(n)]
    stakes = {
        "gain": ranged(numbers, -1e9, 1e9),
        "cost": ranged(numbers, -1e9, 1e9),
        "own_value": numbers,
        "value": numbers,
        "harm": ranged(numbers, -1e9, 1e9),
        "outside_option": ranged(numbers, -1e9, 1e9),
    }
    kinds = clause_values(parties)
    if multilinear:
        del kinds["standard"]
        kinds["formula"] = kinds["formula"].filter(lambda f: "**" not in f["payoff"])
    chosen = draw(st.lists(st.sampled_from(sorted(kinds)), unique=True, max_size=5))
    if "standard" in chosen and "evidence" in chosen:
        chosen.remove("standard")
    clauses = []
    for kind in chosen:
        fields = draw(kinds[kind])
        clauses.append({"kind": "evidence" if kind == "standard" else kind, **fields})
    own = st.fixed_dictionaries({}, optional=stakes)
    return {
        "title": "A random treaty",
        "unit": "utility",
        "parties": {
            p: {**draw(own), "weights": {"emissions": k + 1}} for k, p in enumerate(parties)
        },
        "norms": {"norm": ""},
        "conduct": {
            "refrain": {"complies": ["norm"]},
            "probe": {"violates": {"norm": 0.5}},
            "violate": {"violates": {"norm": 1}},
        },
        "stakes": {"gain": draw(stakes["gain"]), **draw(own)},
        "clauses": clauses,
    }


def treaties(**limits: Any) -> st.SearchStrategy[Treaty]:
    """Random valid treaties."""
    return documents(**limits).map(read_treaty)
