from itertools import pairwise, product

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import potential as potential_module
from games.errors import NoSolutionError, TooLargeError
from games.normal_form import NormalFormGame
from games.potential import (
    PotentialKind,
    interchangeable_players,
    is_symmetric,
    potential,
)

PENNIES = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])


def random_shape(rng):
    n = int(rng.integers(1, 4))
    return tuple(int(m) for m in rng.integers(1, 4, n))


def potential_game(seed):
    """Exact potential plus, for each player, something only the others decide."""
    rng = np.random.default_rng(seed)
    shape = random_shape(rng)
    P = rng.normal(size=shape)
    payoffs = [
        P + rng.normal(size=[1 if i == j else m for j, m in enumerate(shape)])
        for i in range(len(shape))
    ]
    return NormalFormGame(payoffs), P


def has(game, kind):
    try:
        potential(game, kind)
    except NoSolutionError:
        return False
    return True


def improvement_graph(game, with_ties):
    graph = nx.DiGraph()
    for cell in product(*map(range, game.n_actions)):
        graph.add_node(cell)
        for i, m in enumerate(game.n_actions):
            for a in range(m):
                other = (*cell[:i], a, *cell[i + 1 :])
                gain = game.payoffs[(i, *other)] - game.payoffs[(i, *cell)]
                if gain > 0 or (with_ties and gain == 0 and a != cell[i]):
                    graph.add_edge(cell, other, gain=gain)
    return graph


@settings(derandomize=True, max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), scale=st.sampled_from([1e-6, 1, 1e9]))
def test_exact_potential_is_recovered_up_to_a_constant(seed, scale):
    game, P = potential_game(seed)
    found = potential(NormalFormGame(scale * game.payoffs))
    np.testing.assert_allclose(found.values / scale, P - P.flat[0], atol=1e-9)
    for cell in found.maximizers:
        assert game.regrets(game.pure_profile(cell)).max() <= 1e-9
    assert has(game, PotentialKind.GENERALIZED_ORDINAL)


def test_rosenthal_congestion_game_has_the_sum_of_costs():
    # Rosenthal (1973): the potential adds up each road's costs from its first user to its last.
    roads, players = 2, 3
    cost = np.array([[1.0, 2, 4], [1.5, 3, 3.5]])
    actions = np.indices((roads,) * players)
    load = np.stack([(actions == r).sum(axis=0) for r in range(roads)])
    payoffs = [-cost[own, np.take_along_axis(load, own[None], 0)[0] - 1] for own in actions]
    expected = np.zeros((roads,) * players)
    for cell in np.ndindex(*expected.shape):
        expected[cell] = -sum(cost[r, : load[(r, *cell)]].sum() for r in range(roads))
    found = potential(NormalFormGame(payoffs))
    np.testing.assert_allclose(found.values, expected - expected[0, 0, 0], atol=1e-12)


def test_matching_pennies_has_none_of_any_kind():
    for kind in PotentialKind:
        with pytest.raises(NoSolutionError, match="potential"):
            potential(PENNIES, kind)


def test_kinds_differ():
    # Monderer & Shapley (1996), section 2: (1,0),(2,0),(2,0),(0,1) has a generalized ordinal
    # potential but no ordinal one.
    game = NormalFormGame.from_bimatrix([[1, 2], [2, 0]], [[0, 0], [0, 1]])
    assert [has(game, kind) for kind in PotentialKind] == [False, False, True]
    # Ordinal, not exact: an exact potential with one player's payoffs stretched unevenly.
    stretched = NormalFormGame.from_bimatrix([[0, 0], [1, 9]], [[0, 1], [0, 1]])
    assert [has(stretched, kind) for kind in PotentialKind] == [False, True, True]


@settings(derandomize=True, max_examples=80, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_ordinal_kinds_are_absence_of_circles(seed):
    rng = np.random.default_rng(seed)
    shape = random_shape(rng)
    game = NormalFormGame(rng.integers(0, 3, (len(shape), *shape)))
    acyclic = nx.is_directed_acyclic_graph(improvement_graph(game, with_ties=False))
    assert has(game, PotentialKind.GENERALIZED_ORDINAL) == acyclic
    weak = improvement_graph(game, with_ties=True)
    gains = [
        data["gain"]
        for part in nx.strongly_connected_components(weak)
        for *_, data in weak.subgraph(part).edges(data=True)
    ]
    assert has(game, PotentialKind.ORDINAL) == (not any(gain > 0 for gain in gains))
    if has(game, PotentialKind.ORDINAL):
        values = potential(game, PotentialKind.ORDINAL).values
        for a, b, data in weak.edges(data=True):
            assert np.sign(values[b] - values[a]) == np.sign(data["gain"])


@settings(derandomize=True, max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_maximizers_of_ordinal_potentials_are_pure_equilibria(seed):
    game, _ = potential_game(seed)
    warped = NormalFormGame(np.exp(game.payoffs))  # signs of gains survive, sizes do not
    for cell in potential(warped, PotentialKind.GENERALIZED_ORDINAL).maximizers:
        assert warped.regrets(warped.pure_profile(cell)).max() == 0


def test_symmetry():
    a = np.indices((3, 3, 3))
    total = a.sum(axis=0)
    cournot = NormalFormGame([own * (10.0 - total) for own in a])
    assert is_symmetric(cournot)
    payoffs = cournot.payoffs.copy()
    payoffs[1] *= 2
    assert interchangeable_players(NormalFormGame(payoffs)) == ((0, 2), (1,))
    assert not is_symmetric(PENNIES)
    assert interchangeable_players(NormalFormGame(np.zeros((2, 2, 3)))) == ((0,), (1,))


@settings(derandomize=True, max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_symmetrized_games_are_symmetric(seed):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(3, 3))
    game = NormalFormGame.from_bimatrix(A, A.T)
    assert is_symmetric(game)
    assert is_symmetric(NormalFormGame(1e9 * game.payoffs + 1e9))
    game = NormalFormGame.from_bimatrix(A, A.T + 1e-3)
    assert not is_symmetric(game)


def test_long_ladder_of_improvements_is_ranked():
    # One player with distinct payoffs: ranks follow the payoffs.
    payoffs = np.random.default_rng(1).permutation(50).astype(float)
    found = potential(NormalFormGame([payoffs]), PotentialKind.ORDINAL)
    for a, b in pairwise(np.argsort(payoffs)):
        assert found.values[b] == found.values[a] + 1


def test_trivial_games():
    one = NormalFormGame(np.zeros((2, 1, 1)))
    for kind in PotentialKind:
        assert potential(one, kind).values.tolist() == [[0]]
    zero = NormalFormGame(np.zeros((2, 2, 2)))
    assert len(potential(zero, PotentialKind.ORDINAL).maximizers) == 4


def test_enormous_game_is_refused(monkeypatch):
    monkeypatch.setattr(potential_module, "_MAX_EDGES", 3)
    with pytest.raises(TooLargeError, match="exact potential"):
        potential(PENNIES, PotentialKind.ORDINAL)


def test_a_huge_penalty_excuses_no_difference_elsewhere():
    A = np.array([[3.0, 0.0], [5.0, -1e12]])
    B = A.T.copy()
    assert is_symmetric(NormalFormGame.from_bimatrix(A, B))
    B[0, 0] = 4.0
    assert not is_symmetric(NormalFormGame.from_bimatrix(A, B))
    common = np.array([[0.0, 1.0, 2.0], [3.0, -1e12, 1.0], [0.0, 1.0, 1.0]])
    assert potential(NormalFormGame.from_bimatrix(common, common)).maximizers == ((1, 0),)
    other = common.copy()
    other[0, 0] += 5.0
    with pytest.raises(NoSolutionError, match="no exact potential"):
        potential(NormalFormGame.from_bimatrix(common, other))
