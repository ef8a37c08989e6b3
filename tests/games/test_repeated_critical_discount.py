"""Critical discount factors: closed forms against the automata (models 4 and 6; G1, G19)."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from games.errors import CertificateError, InvalidGameError
from games.normal_form import NormalFormGame
from games.repeated import critical_discount as module
from games.repeated.critical_discount import (
    generosity_limit,
    generous_tit_for_tat_discount,
    grim_trigger_discount,
    ladder_discount,
    limited_punishment_discount,
    nash_reversion_discount,
    numeric_critical_discount,
    tit_for_tat_discount,
)
from games.repeated.deviations import best_reply_check
from games.repeated.dilemma import Dilemma
from games.repeated.imperfect_monitoring import monitoring_automaton
from games.repeated.strategies import (
    Rung,
    generous_tit_for_tat,
    graduated_ladder,
    grim_trigger,
    limited_punishment,
    tit_for_tat,
)

AXELROD = Dilemma(5, 3, 1, 0)
BOTH, NONE = (0, 0), (1, 1)


@st.composite
def dilemmas(draw: st.DrawFn) -> Dilemma:
    S = draw(st.integers(-20, 20))
    P = S + draw(st.integers(1, 10))
    R = P + draw(st.integers(1, 10))
    return Dilemma(R + draw(st.integers(1, 10)), R, P, S)


@pytest.mark.parametrize(
    ("length", "expected"),
    [(2, (math.sqrt(5) - 1) / 2), (3, 0.543689012692), (5, 0.508660391642), (math.inf, 0.5)],
)
def test_axelrods_payoffs(length: float, expected: float) -> None:
    """Ground truth G1; two periods give the golden ratio."""
    assert limited_punishment_discount(AXELROD, length).value == pytest.approx(expected, abs=1e-12)


def test_axelrods_payoffs_exactly() -> None:
    assert grim_trigger_discount(AXELROD).exact == Fraction(1, 2)
    assert tit_for_tat_discount(AXELROD).exact == Fraction(2, 3)
    once = limited_punishment_discount(AXELROD, 1)
    assert (once.value, once.is_attainable) == (1.0, False)
    assert generosity_limit(AXELROD) == Fraction(1, 3)  # G19


def test_a_gain_above_all_that_can_be_lost_is_never_deterred() -> None:
    greedy = Dilemma(10, 3, 1, 0)
    critical = limited_punishment_discount(greedy, 3)
    assert critical.value == math.inf
    assert not critical.is_attainable


def test_an_exact_root_of_a_limited_punishment_is_recognised() -> None:
    # d + d^2 = 3/4 at d = 1/2.
    assert limited_punishment_discount(Dilemma(7, 4, 0, -1), 2).exact == Fraction(1, 2)


@given(dilemma=dilemmas(), length=st.sampled_from([1, 2, 3, 7, math.inf]))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_closed_form_of_limited_punishment_is_what_the_automaton_says(
    dilemma: Dilemma, length: float
) -> None:
    critical = limited_punishment_discount(dilemma, length)
    game = dilemma.game()
    found = numeric_critical_discount(
        game, limited_punishment(game, BOTH, NONE, length), n_grid=60
    )
    if critical.value < 0.999:
        [(low, high)] = found
        assert low == pytest.approx(critical.value, abs=1e-8)
        assert high == 1.0
    elif critical.value > 1:
        assert found == ()


@given(dilemma=dilemmas(), generosity=st.sampled_from([0, 0.1, 0.3, Fraction(1, 3)]))
@settings(derandomize=True, max_examples=20, deadline=None)
def test_closed_form_of_generous_tit_for_tat_is_what_best_replies_say(
    dilemma: Dilemma, generosity: float
) -> None:
    critical = generous_tit_for_tat_discount(dilemma, generosity)
    found = numeric_critical_discount(
        dilemma.game(), generous_tit_for_tat(generosity), "Nash equilibrium", n_grid=50
    )
    if critical.value < 0.999:
        [(low, high)] = found
        assert low == pytest.approx(critical.value, abs=1e-8)
        assert high == 1.0
    elif critical.value > 1:
        assert found == ()


@given(dilemma=dilemmas())
@settings(derandomize=True, max_examples=20, deadline=None)
def test_generosity_beyond_the_limit_invites_exploitation(dilemma: Dilemma) -> None:
    limit = generosity_limit(dilemma)
    assume(Fraction(1, 50) < limit < Fraction(49, 50))
    patient = 1 - 1e-6
    for step, expected in ((-Fraction(1, 100), True), (Fraction(1, 100), False)):
        automaton = generous_tit_for_tat(limit + step)
        assert best_reply_check(dilemma.game(), automaton, patient).is_equilibrium is expected


@pytest.mark.parametrize("lengths", [(2, 5), (3, 2, 8), (2, math.inf), (4,)])
def test_the_shortest_rung_decides_a_ladder(lengths: tuple[float, ...]) -> None:
    game = AXELROD.game()
    ladder = graduated_ladder(game, BOTH, [Rung(NONE, length) for length in lengths])
    [(low, high)] = numeric_critical_discount(game, ladder, n_grid=60)
    assert low == pytest.approx(ladder_discount(AXELROD, lengths).value, abs=1e-8)
    assert high == 1.0


def test_a_warning_first_is_a_free_violation() -> None:
    game = AXELROD.game()
    ladder = graduated_ladder(game, BOTH, [Rung(NONE, 0), Rung(NONE, math.inf)])
    assert numeric_critical_discount(game, ladder, n_grid=50) == ()
    assert ladder_discount(AXELROD, [0, math.inf]).value == math.inf


def test_the_least_patient_player_decides() -> None:
    # d = (5-3)/(5-1) = 1/2 and (9-4)/(9-1) = 5/8.
    game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[4, 9], [0, 1]])
    assert nash_reversion_discount(game, BOTH, NONE).exact == Fraction(5, 8)


def test_cournot_collusion_by_n_firms() -> None:
    """Friedman (1971): linear Cournot, grim threshold (n+1)^2 / ((n+1)^2 + 4n) for n firms."""
    n = 3
    demand = 240.0
    shared, cournot = demand / (2 * n), demand / (n + 1)
    best = (demand - (n - 1) * shared) / 2
    outputs = np.array([shared, cournot, best])
    grid = np.stack(np.meshgrid(*[outputs] * n, indexing="ij"))
    game = NormalFormGame(grid * (demand - grid.sum(axis=0)))
    critical = nash_reversion_discount(game, (0,) * n, (1,) * n)
    assert critical.exact == Fraction((n + 1) ** 2, (n + 1) ** 2 + 4 * n)


def test_long_punishments_come_near_the_grim_trigger() -> None:
    short, long = (limited_punishment_discount(AXELROD, L).value for L in (20, 5000))
    assert 0.5 <= long < short < 0.5 + 1e-6
    # A gain of nearly 5000 periods' loss: d + ... + d^5000 = 4500.
    great = limited_punishment_discount(Dilemma(4501, 1, 0, -1), 5000).value
    assert sum(great**k for k in range(1, 5001)) == pytest.approx(4500, rel=1e-9)


def test_noisy_permanent_punishment_agrees_with_imperfect_monitoring() -> None:
    """Model 7's least discount factor, γ/[(p-q) r + (1-q) γ] = 10/17."""
    automaton = monitoring_automaton(AXELROD, detection=0.9, false_alarm=0.1, length=math.inf)
    [(low, high)] = numeric_critical_discount(AXELROD.game(), automaton, n_grid=50)
    assert low == pytest.approx(10 / 17, abs=1e-9)
    assert high == 1.0


def test_a_noisy_ladder_can_hold_where_it_begins_with_a_warning() -> None:
    """With strikes that lapse slowly, a warning is worth keeping in reserve under false alarms."""
    game = AXELROD.game()
    rungs = [Rung(NONE, 0), Rung(NONE, 12)]
    ladder = graduated_ladder(game, BOTH, rungs, detection=0.9, false_alarm=0.1)
    [(low, high)] = numeric_critical_discount(game, ladder, n_grid=50)
    assert 10 / 17 < low < 1
    assert high == 1.0


def test_nothing_to_deter_needs_no_patience() -> None:
    game = NormalFormGame.from_bimatrix([[3, 0], [1, 1]], [[3, 1], [0, 1]])
    assert nash_reversion_discount(game, BOTH, NONE).exact == 0


def test_tit_for_tat_is_seen_to_be_subgame_perfect_nowhere_on_the_grid() -> None:
    assert numeric_critical_discount(AXELROD.game(), tit_for_tat(), n_grid=50) == ()


def test_a_wrong_threshold_fails_its_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in (0.4, 0.6):
        monkeypatch.setattr(module, "_reversion_threshold", lambda *_, w=wrong: (w, None))
        with pytest.raises(CertificateError):
            grim_trigger_discount(AXELROD)


def test_bad_input_is_named() -> None:
    game = AXELROD.game()
    with pytest.raises(InvalidGameError, match="no Nash equilibrium"):
        nash_reversion_discount(game, NONE, BOTH)
    with pytest.raises(InvalidGameError, match="length"):
        limited_punishment_discount(AXELROD, 0)
    with pytest.raises(InvalidGameError, match="lengths"):
        ladder_discount(AXELROD, [])
    with pytest.raises(InvalidGameError, match="generosity"):
        generous_tit_for_tat_discount(AXELROD, -0.1)
    with pytest.raises(InvalidGameError, match="concept"):
        numeric_critical_discount(game, grim_trigger(game, BOTH, NONE), "nash")


def test_a_punishment_that_is_no_equilibrium_is_refused_beside_a_huge_penalty() -> None:
    payoffs = np.full((2, 3, 3), -1e12)
    payoffs[:, :2, :2] = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
    with pytest.raises(InvalidGameError, match="no Nash equilibrium"):
        nash_reversion_discount(NormalFormGame(payoffs), (0, 0), (0, 0))
