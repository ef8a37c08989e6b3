import io
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from extensive_examples import (
    chain_store,
    kuhn_poker,
    outside_option,
    random_tree,
    selten_horse,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import CertificateError, TooLargeError
from games.extensive_form.backward_induction import backward_induction
from games.extensive_form.behavior import node_values, pure_behavior
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.sequence_form import zero_sum_equilibrium
from games.extensive_form.strategic_form import (
    behavior_of_mixed,
    complete_behavior,
    reduced_normal_form,
)
from games.extensive_form.subgame_perfect import (
    nash_equilibria_of_tree,
    subgame_perfect_equilibria,
)
from games.extensive_form.subgames import (
    certified_behavior,
    stages,
    subgame_regrets,
    subgame_roots,
)
from games.files.efg import efg_text


def payoffs_of(found):
    return sorted(tuple(np.round(e.payoffs, 9).tolist()) for e in found.equilibria)


def test_chain_store_has_an_incredible_nash_equilibrium_that_is_not_subgame_perfect():
    nash = nash_equilibria_of_tree(chain_store())
    assert set(payoffs_of(nash)) == {(2, 2), (1, 5)}
    assert payoffs_of(subgame_perfect_equilibria(chain_store())) == [(2, 2)]
    threat = next(e for e in nash.equilibria if e.payoffs[1] == 5)
    with pytest.raises(CertificateError, match="no equilibrium"):
        certified_behavior(chain_store(), threat.behavior)


@pytest.mark.parametrize(
    ("outside", "expected"),
    [
        (2, [(2, 2), (2, 2), (3, 1)]),  # in only if both then play a
        (0.5, [(0.75, 0.75), (1, 3), (3, 1)]),  # always in
        (4, [(4, 4)] * 3),  # always out
        (0.75, [(0.75, 0.75), (0.75, 0.75), (1, 3), (3, 1)]),  # tie with the mixed equilibrium
    ],
)
def test_outside_option_before_a_battle_of_the_sexes(outside, expected):
    found = subgame_perfect_equilibria(outside_option(outside))
    assert payoffs_of(found) == expected
    assert found.is_complete
    assert max(e.regret for e in found.equilibria) < 1e-12


def test_selten_horse_has_no_proper_subgame_and_three_players():
    found = subgame_perfect_equilibria(selten_horse())
    assert set(payoffs_of(found)) == {(1, 1, 1), (3, 3, 2)}
    assert not found.is_complete
    assert "degenerate" in found.note


def after_a_way_out(payoffs, outside):
    """A stays out or plays a simultaneous game with B and C; payoffs[player, a, b, c]."""
    tree = TreeBuilder(["A", "B", "C"])
    out, enter = tree.move(0, "A", ["out", "in"])
    tree.end(out, [outside] * 3)
    for a, first in enumerate(tree.move(enter, "A", ["u", "d"])):
        for b, second in enumerate(tree.move(first, "B", ["u", "d"], "B")):
            for c, end in enumerate(tree.move(second, "C", ["u", "d"], "C")):
                tree.end(end, [int(u) for u in payoffs[:, a, b, c]])
    return tree.build()


def test_three_players_at_once_are_complete_where_that_is_proved():
    # Coordination of three: two pure equilibria and, by symmetry, (1/2, 1/2) for each (payoff
    # 1, less than the 2 of staying out).
    same = np.zeros((3, 2, 2, 2))
    same[:, 0, 0, 0] = same[:, 1, 1, 1] = 4
    found = subgame_perfect_equilibria(after_a_way_out(same, 2))
    assert found.is_complete
    assert payoffs_of(found) == [(2, 2, 2), (4, 4, 4), (4, 4, 4)]
    pennies = np.array(
        [
            [[[a == b, b == c, c != a][i] for c in (0, 1)] for b in (0, 1)]
            for i in range(3)
            for a in (0, 1)
        ]
    ).reshape(3, 2, 2, 2)
    found = subgame_perfect_equilibria(after_a_way_out(2 * pennies, 0))
    assert found.is_complete  # Jordan (1993): only (1/2, 1/2) for each
    assert payoffs_of(found) == [(1, 1, 1)]
    assert "branch and prune" in found.method


def test_one_mover_between_ties_is_not_called_complete():
    tree = TreeBuilder(["A", "B"])
    out, go = tree.move(0, "A", ["out", "go"])
    tree.end(out, [1, 0])
    for end, u in zip(tree.move(go, "B", ["kind", "mean"]), [2, 0], strict=True):
        tree.end(end, [u, 3])
    found = subgame_perfect_equilibria(tree.build())
    assert payoffs_of(found) == [(1, 0), (2, 3)]
    assert not found.is_complete
    assert "mixtures" in found.note


def test_a_game_over_at_once_and_a_game_of_chance_alone():
    tree = TreeBuilder(["A"])
    tree.end(0, [7])
    assert payoffs_of(subgame_perfect_equilibria(tree.build())) == [(7,)]
    tree = TreeBuilder(["A"])
    for node, u in zip(tree.chance(0, {"x": "1/3", "y": "2/3"}), [0, 3], strict=True):
        tree.end(node, [u])
    assert payoffs_of(subgame_perfect_equilibria(tree.build())) == [(2,)]
    assert payoffs_of(backward_induction(tree.build())) == [(2,)]


def test_large_normal_forms_are_refused_with_an_alternative():
    with pytest.raises(TooLargeError, match="zero_sum_equilibrium"):
        nash_equilibria_of_tree(kuhn_poker())
    tree = TreeBuilder(["A", "B"])
    for node in tree.chance(0, {str(k): "1/30" for k in range(30)}):
        for end in tree.move(node, "A", ["l", "r"]):
            tree.end(end, [0, 0])
    with pytest.raises(TooLargeError, match="1,073,741,824 × 1"):
        reduced_normal_form(tree.build())


def test_value_of_kuhn_poker():
    # Kuhn (1950): -1/18 to the first player.
    found = zero_sum_equilibrium(kuhn_poker())
    assert found.payoffs == pytest.approx([-1 / 18, 1 / 18], abs=1e-9)
    assert found.regret < 1e-9


def test_zero_sum_needs_two_players_and_a_constant_sum():
    with pytest.raises(ValueError, match="needs two"):
        zero_sum_equilibrium(selten_horse())
    with pytest.raises(ValueError, match="need one constant"):
        zero_sum_equilibrium(chain_store())


def test_reduced_strategies_of_kuhn_poker():
    form = reduced_normal_form(kuhn_poker())
    assert form.game.n_actions == (27, 64)
    assert form.game.actions[0][0] == "check/fold/check/fold/check/fold"
    assert (form.game.payoffs[0] == -form.game.payoffs[1]).all()


def test_mixed_strategies_and_their_behavior_are_worth_the_same():
    game = kuhn_poker()
    form = reduced_normal_form(game)
    rng = np.random.default_rng(5)
    mixed = tuple(rng.dirichlet(np.ones(m)) for m in form.game.n_actions)
    behavior = complete_behavior(game, behavior_of_mixed(game, form, mixed))
    assert node_values(game, behavior)[0] == pytest.approx(form.game.expected_payoffs(mixed))


def test_subgames_and_stages():
    game = outside_option(2)
    assert subgame_roots(game) == (0, 2)
    inner, outer = stages(game)
    assert (inner.root, outer.root) == (2, 0)
    assert outer.exits == (1, 2)
    assert subgame_roots(kuhn_poker()) == (0,)


def test_regret_is_that_of_the_worst_subgame():
    game = chain_store()
    assert subgame_regrets(game, pure_behavior(game, (0, 1))) == {0: 0.0, 2: 2.0}


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=30, deadline=None)
def test_pure_subgame_perfect_equilibria_agree_with_backward_induction(seed):
    game = random_tree(np.random.default_rng(seed), 4, payoffs=50, hide=False)
    induced = backward_induction(game)
    solved = subgame_perfect_equilibria(game)
    keys = [
        {tuple(b.argmax() for b in e.behavior) for e in f.equilibria} for f in (induced, solved)
    ]
    assert keys[0] == keys[1]


@given(st.integers(0, 10**6))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_subgame_perfect_equilibria_survive_rescaling(seed):
    rng = np.random.default_rng(seed)
    game = random_tree(rng, 4, payoffs=9)
    scaled = rescaled(game, [3, "1/7"], [100, -5])
    first, second = subgame_perfect_equilibria(game), subgame_perfect_equilibria(scaled)
    flat = [
        sorted(tuple(np.concatenate(e.behavior).round(9)) for e in f.equilibria)
        for f in (first, second)
    ]
    assert flat[0] == flat[1]
    assert first.is_complete == second.is_complete


def rescaled(game, factors, offsets):
    nodes = tuple(
        replace(
            node,
            payoffs=tuple(
                Fraction(f) * u + o
                for f, u, o in zip(factors, node.payoffs, offsets, strict=False)
            ),
        )
        for node in game.nodes
    )
    return replace(game, nodes=nodes)


@pytest.mark.parametrize("seed", range(12))
def test_reduced_form_subgames_and_equilibria_agree_with_gambit(seed):
    gbt = pytest.importorskip("pygambit", reason="pygambit is an optional peer (GPL)")
    game = random_tree(np.random.default_rng(seed), 4, payoffs=30)
    peer = gbt.read_efg(io.StringIO(efg_text(game)))
    form = reduced_normal_form(game)
    arrays = [np.array(a, dtype=float) for a in peer.to_arrays()]
    assert [a.shape for a in arrays] == [form.game.n_actions] * 2
    np.testing.assert_allclose(np.stack(arrays), form.game.payoffs, atol=1e-12)
    assert len(list(peer.get_subgame_roots())) == len(subgame_roots(game))


def test_zero_sum_values_agree_with_gambit():
    gbt = pytest.importorskip("pygambit", reason="pygambit is an optional peer (GPL)")
    for seed in range(8):
        game = rescaled_to_zero_sum(random_tree(np.random.default_rng(seed), 5, payoffs=30))
        peer = gbt.nash.lp_solve(gbt.read_efg(io.StringIO(efg_text(game))))
        assert peer.success
        value = float(peer.equilibrium.payoffs["A"])
        assert zero_sum_equilibrium(game).payoffs[0] == pytest.approx(value, abs=1e-9)


def rescaled_to_zero_sum(game):
    nodes = tuple(
        replace(n, payoffs=(n.payoffs[0], -n.payoffs[0])) if n.is_terminal else n
        for n in game.nodes
    )
    return replace(game, nodes=nodes)
