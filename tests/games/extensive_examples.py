"""Textbook games in extensive form for the tests, each with its source."""

from itertools import permutations

import numpy as np

from games.extensive_form.builder import TreeBuilder
from games.extensive_form.tree import ExtensiveGame


def kuhn_poker() -> ExtensiveGame:
    """Kuhn (1950), A simplified two-person poker: value -1/18 to the first player."""
    tree = TreeBuilder(["A", "B"], title="Kuhn poker")
    deals = list(permutations("JQK", 2))
    nodes = tree.chance(0, {f"{a}{b}": "1/6" for a, b in deals})
    for node, (a, b) in zip(nodes, deals, strict=True):
        wins = 1 if "JQK".index(a) > "JQK".index(b) else -1
        check, bet = tree.move(node, "A", ["check", "bet"], a)
        showdown, raised = tree.move(check, "B", ["check", "bet"], f"{b} after check")
        tree.end(showdown, [wins, -wins])
        fold, call = tree.move(raised, "A", ["fold", "call"], f"{a} after bet")
        tree.end(fold, [-1, 1])
        tree.end(call, [2 * wins, -2 * wins])
        fold, call = tree.move(bet, "B", ["fold", "call"], f"{b} after bet")
        tree.end(fold, [1, -1])
        tree.end(call, [2 * wins, -2 * wins])
    return tree.build()


def selten_horse() -> ExtensiveGame:
    """Selten (1975), figure 1."""
    tree = TreeBuilder(["1", "2", "3"], title="Selten's horse")
    across, down = tree.move(0, "1", ["C", "D"])
    end, further = tree.move(across, "2", ["c", "d"])
    tree.end(end, [1, 1, 1])
    for node, payoffs in [(further, [(4, 4, 0), (0, 0, 1)]), (down, [(3, 3, 2), (0, 0, 0)])]:
        for leaf, u in zip(tree.move(node, "3", ["L", "R"], "3"), payoffs, strict=True):
            tree.end(leaf, u)
    return tree.build()


def chain_store() -> ExtensiveGame:
    """One town of Selten (1978), The chain store paradox."""
    tree = TreeBuilder(["entrant", "incumbent"], title="chain store")
    out, enter = tree.move(0, "entrant", ["out", "in"])
    tree.end(out, [1, 5])
    yields, fights = tree.move(enter, "incumbent", ["yield", "fight"])
    tree.end(yields, [2, 2])
    tree.end(fights, [0, 0])
    return tree.build()


def centipede(n_moves: int) -> ExtensiveGame:
    """Rosenthal (1981): whoever takes gets 2 more than the other; the pot grows by 1 each."""
    tree = TreeBuilder(["A", "B"], title="centipede")
    node = 0
    for k in range(n_moves):
        take, node = tree.move(node, "AB"[k % 2], ["take", "pass"])
        tree.end(take, [k + 2, k] if k % 2 == 0 else [k, k + 2])
    tree.end(node, [n_moves, n_moves])
    return tree.build()


def outside_option(outside: float) -> ExtensiveGame:
    """Battle of the sexes after an outside option (Ben-Porath and Dekel, 1992)."""
    tree = TreeBuilder(["row", "column"], title="outside option")
    out, enter = tree.move(0, "row", ["out", "in"])
    tree.end(out, [outside, outside])
    for node, k in zip(tree.move(enter, "row", ["a", "b"]), range(2), strict=True):
        for leaf, j in zip(tree.move(node, "column", ["a", "b"], "battle"), range(2), strict=True):
            tree.end(leaf, [[(3, 1), (0, 0)], [(0, 0), (1, 3)]][k][j])
    return tree.build()


def random_tree(
    rng: np.random.Generator, n_moves: int = 6, *, payoffs: int = 4, hide: bool = True
) -> ExtensiveGame:
    """Random game of two players with chance, ties and, unless told, hidden last moves."""
    tree = TreeBuilder(["A", "B"], title="random")
    frontier = [0]
    for move in range(n_moves):
        node = frontier.pop(int(rng.integers(len(frontier))))
        n_branches = int(rng.integers(2, 4))
        if rng.random() < 0.25:
            weights = rng.integers(1, 5, n_branches)
            total = int(weights.sum())
            chances = {str(k): f"{w}/{total}" for k, w in enumerate(weights)}
            frontier.extend(tree.chance(node, chances))
        else:
            labels = [str(k) for k in range(n_branches)]
            frontier.extend(tree.move(node, "AB"[int(rng.integers(2))], labels, f"m{move}"))
    if hide:  # a simultaneous move of both at one of the ends
        node = frontier.pop(int(rng.integers(len(frontier))))
        for after in tree.move(node, "A", ["u", "d"], "hidden"):
            frontier.extend(tree.move(after, "B", ["l", "r"], "hidden"))
    for node in frontier:
        tree.end(node, [int(u) for u in rng.integers(0, payoffs, 2)])
    return tree.build()
