"""The four readings of one ledger agree: numbers, algebra, optimisation rows, words."""

import numpy as np
import pulp
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from treaty_strategies import treaties

from negotiate import (
    build_ledger,
    compile_treaty,
    incentives_at,
    payoff_tensor,
    read_treaty,
    waterfall,
)
from negotiate.errors import ModelError, TooManyProfilesError
from negotiate.ledger import Ledger
from negotiate.readings.algebra import (
    payoff_expression,
    slack_expression,
    slack_polynomial,
    symbols,
    threshold,
)
from negotiate.readings.numbers import payoffs_at
from negotiate.readings.rows import add_incentive_rows, linear_row

AGREES = 1e-9


def at_points(book: Ledger, party: int) -> dict[sympy.Symbol, float]:
    return {
        symbol: float(book.parameters[name].point[party % len(book.parameters[name].point)])
        for name, symbol in symbols(book).items()
    }


@settings(derandomize=True, max_examples=40, deadline=None)
@given(treaties(max_parties=3), st.randoms(use_true_random=False))
def test_numbers_algebra_and_words_agree(treaty, random) -> None:
    book = build_ledger(compile_treaty(treaty))
    tensor = payoff_tensor(book)
    profile = np.array([random.randrange(m) for m in book.menu.shape], dtype=np.intp)
    party = random.randrange(book.menu.n_parties)
    number = tensor[(party, *profile)]
    words = sum(step.amount for step in waterfall(book, party, profile))
    algebra = float(payoff_expression(book, party, profile).subs(at_points(book, party)))
    scale = max(1.0, np.abs(tensor).max())
    assert words == pytest.approx(number, abs=AGREES * scale)
    assert algebra == pytest.approx(number, abs=AGREES * scale)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(treaties())
def test_deviations_agree_with_the_dense_game(treaty) -> None:
    book = build_ledger(compile_treaty(treaty))
    system = incentives_at(book)
    tensor = payoff_tensor(book)
    at = tuple(system.profile)
    scale = max(1.0, np.abs(tensor).max())
    for i, o in np.argwhere(system.constrains):
        deviation = (*at[:i], o, *at[i + 1 :])
        slack = tensor[(i, *at)] - tensor[(i, *deviation)]
        assert system.slack()[i, o] == pytest.approx(slack, abs=AGREES * scale)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(treaties(multilinear=True))
def test_rows_agree_with_numbers(treaty) -> None:
    system = incentives_at(build_ledger(compile_treaty(treaty)))
    parameters = system.ledger.parameters
    levels = {n for n in system.names if len(parameters[n].paths) == 1}
    chosen = set(sorted(levels)[:1])
    for i, o in np.argwhere(system.constrains):
        row, constant = linear_row(system, i, o, chosen)
        value = constant + sum(
            c * np.prod([parameters[atom.id].point[0] for atom in monomial])
            for monomial, c in row.items()
        )
        assert value == pytest.approx(system.slack()[i, o], abs=1e-7)


@settings(derandomize=True, max_examples=25, deadline=None)
@given(treaties(max_parties=2, multilinear=True))
def test_thresholds_make_the_slack_zero(treaty) -> None:
    system = incentives_at(build_ledger(compile_treaty(treaty)))
    known = symbols(system.ledger)
    for i, o in np.argwhere(system.constrains):
        slack = slack_expression(system, i, o)
        for name in {a.id for m in slack_polynomial(system, i, o).terms for a in m}:
            at_threshold = slack.subs(known[name], threshold(system, i, o, name))
            assert sympy.simplify(at_threshold) == 0


def two(**clauses):
    return read_treaty(
        {
            "title": "Two",
            "parties": {"Arland": {}, "Borland": {"gain": 5}},
            "stakes": {"gain": 8, "cost": 2},
            "clauses": [
                {"kind": "penalty", "sanction": 1},
                {"kind": "club_benefit", "benefit": 3},
                {"kind": "evidence", "detection": 0.5, "false_alarm": 0.03},
            ],
        }
    )


def test_least_sanction_by_linear_program_is_the_closed_form() -> None:
    system = incentives_at(build_ledger(compile_treaty(two())))
    problem = pulp.LpProblem("least_sanction", pulp.LpMinimize)
    sanction = problem.add_variable("sanction", 0, 100)
    problem += sanction
    add_incentive_rows(problem, system, {"penalty.sanction": sanction})
    assert problem.solve(pulp.HiGHS(msg=False)) == pulp.LpStatusOptimal
    assert sanction.value() == pytest.approx((8 + 2) / (0.5 - 0.03) - 3)


def test_switch_times_level_is_linear_and_two_levels_are_refused() -> None:
    treaty = read_treaty(
        {
            "title": "Two",
            "parties": {"Arland": {}, "Borland": {}},
            "stakes": {"gain": 8, "outside_option": -9},
            "clauses": [
                {"kind": "penalty", "sanction": 1},
                {"kind": "evidence", "detection": 1, "false_alarm": 0},
            ],
        }
    )
    system = incentives_at(build_ledger(compile_treaty(treaty)))
    problem = pulp.LpProblem("with_a_switch", pulp.LpMinimize)
    sanction = problem.add_variable("sanction", 0, 30)
    switch = problem.add_variable("detected", cat="Binary")
    problem += sanction + switch
    add_incentive_rows(
        problem, system, {"penalty.sanction": sanction}, {"evidence.detection": switch}
    )
    assert problem.solve(pulp.HiGHS(msg=False)) == pulp.LpStatusOptimal
    assert (sanction.value(), switch.value()) == (pytest.approx(8), pytest.approx(1))
    other = pulp.LpProblem("two_levels", pulp.LpMinimize)
    levels = {
        "penalty.sanction": other.add_variable("sanction", 0, 30),
        "evidence.detection": other.add_variable("detection", 0, 1),
    }
    with pytest.raises(ModelError, match="product of levels"):
        add_incentive_rows(other, system, levels)


def test_no_level_can_help() -> None:
    system = incentives_at(build_ledger(compile_treaty(two())))
    problem = pulp.LpProblem("too_little", pulp.LpMinimize)
    sanction = problem.add_variable("sanction", 0, 1)
    problem += sanction
    add_incentive_rows(problem, system, {"penalty.sanction": sanction})
    assert problem.solve(pulp.HiGHS(msg=False)) == pulp.LpStatusInfeasible


def test_dense_games_are_bounded_and_deviations_are_not() -> None:
    parties = {f"P{k}": {} for k in range(60)}
    treaty = read_treaty({"title": "Many", "parties": parties, "stakes": {"gain": 1}})
    book = build_ledger(compile_treaty(treaty))
    with pytest.raises(TooManyProfilesError, match="60 parties"):
        payoff_tensor(book)
    assert incentives_at(book).slack().shape == (60, 3)
    assert payoffs_at(book, book.menu.full_compliance[None, :]).shape == (1, 60)
