"""TU games: Shapley value and nucleolus beside the peers that are installed.

Peers run with their default settings on the same games, built outside the clock. Every
nucleolus, ours and theirs, is judged by Kohlberg's criterion.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from games.coalitional.core import core
from games.coalitional.kohlberg import kohlberg_check
from games.coalitional.lattice import coalition_sizes, halves, members
from games.coalitional.nucleolus import nucleolus
from games.coalitional.shapley import exact_shapley_value, shapley_value
from games.coalitional.structures import airport_game, bankruptcy_game, weighted_majority_game
from games.coalitional.tu_game import TUGame
from games.partition_function.coalition_structure import optimal_coalition_structure

PEERS = {name: importlib.util.find_spec(name) is not None for name in ("coopgt", "tucoopy")}


def timed(solve: Callable[[], Any], repeats: int = 3) -> tuple[float, Any]:
    """Fastest of some runs, in seconds, and the last result."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = solve()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def random_game(n: int, seed: int) -> TUGame:
    rng = np.random.default_rng(seed)
    worths = rng.random(1 << n) * coalition_sizes(n)
    worths[0] = 0
    worths[-1] = n
    return TUGame(worths)


def games_of_each_type(n: int) -> dict[str, TUGame]:
    rng = np.random.default_rng(n)
    numbers = [int(k) for k in rng.integers(1, 200, n)]
    return {
        "random, by size": random_game(n, n),
        "bankruptcy": bankruptcy_game(sum(numbers) // 2, numbers),
        "airport": airport_game(numbers),
        "weighted majority": weighted_majority_game(sum(numbers) // 2 + 1, numbers),
    }


def shapley_by_array_passes(game: TUGame) -> np.ndarray:
    """The usual NumPy way: one weighted pass over half the lattice for each player."""
    n = game.n_players
    weights = np.array([1 / (n * comb(n - 1, s)) for s in range(n)])
    before = weights[coalition_sizes(n - 1)]
    values = np.empty(n)
    for i in range(n):
        without, with_player = halves(game.worths, i)
        gains = (with_player - without).ravel()
        values[i] = (before * gains).sum()  # faster than a dot product on a busy machine
    return values


def coopgt_shapley(game: TUGame) -> Callable[[], Any]:
    import coopgt.shapley_value

    table = {
        tuple(i + 1 for i in members(mask)): float(worth) for mask, worth in enumerate(game.worths)
    }
    return lambda: coopgt.shapley_value.calculate(characteristic_function=table)


def tucoopy_game(game: TUGame) -> Any:
    from tucoopy.base.game import Game

    values = {members(mask): float(worth) for mask, worth in enumerate(game.worths)}
    return Game.from_coalitions(n_players=game.n_players, values=values)


def tucoopy_shapley(game: TUGame) -> Callable[[], Any]:
    from tucoopy.solutions.shapley import shapley_value as peer

    theirs = tucoopy_game(game)
    return lambda: peer(theirs)


def tucoopy_nucleolus(game: TUGame) -> Callable[[], Any]:
    from tucoopy.solutions.nucleolus import nucleolus as peer

    theirs = tucoopy_game(game)
    return lambda: peer(theirs).x


def print_row(name: str, n: int, seconds: float, ours: float | None, note: str = "") -> None:
    ratio = "" if ours is None else f"{seconds / ours:9.1f}"
    print(f"  {name:<44}{n:>4}{1e3 * seconds:12.2f}{ratio:>10}  {note}")


def bench_shapley() -> None:
    print("Shapley value                                       n          ms    / ours")
    for n in (8, 12, 16, 18, 20, 24):
        game = random_game(n, n)
        ours, value = timed(lambda game=game: shapley_value(game))
        print_row("ours", n, ours, None)
        seconds, other = timed(lambda game=game: shapley_by_array_passes(game))
        print_row("NumPy, a pass per player", n, seconds, ours)
        assert np.allclose(value, other)
        for name, peer, largest in (
            ("coopgt", coopgt_shapley, 8),
            ("tucoopy", tucoopy_shapley, 16),
        ):
            if PEERS[name] and n <= largest:
                seconds, _ = timed(peer(game), repeats=1)
                print_row(name, n, seconds, ours)
    whole = TUGame(np.arange(1 << 20) % 1009)
    seconds, _ = timed(lambda: exact_shapley_value(whole))
    print_row("ours, exact fractions", 20, seconds, None)


def bench_nucleolus() -> None:
    print("Nucleolus, certified                                n          ms    / ours")
    for n in (5, 10, 15, 20):
        for kind, game in games_of_each_type(n).items():
            ours, found = timed(lambda game=game: nucleolus(game), repeats=1)
            levels = len(found.certificate.levels)
            print_row(f"ours: {kind}", n, ours, None, f"{levels} levels")
            if PEERS["tucoopy"] and n <= 10:
                seconds, point = timed(tucoopy_nucleolus(game), repeats=1)
                holds = kohlberg_check(game, np.array(point)).holds
                print_row(f"tucoopy: {kind}", n, seconds, ours, "" if holds else "WRONG")


def bench_core_and_structure() -> None:
    print("Core and optimal coalition structure                n          ms    / ours")
    for n in (10, 15, 20):
        game = random_game(n, n)
        seconds, found = timed(lambda game=game: core(game), repeats=1)
        print_row("core, with proof", n, seconds, None, "empty" if found.is_empty else "not empty")
        full = full_core_program(game) if n <= 10 else None
        if full is not None:
            theirs, _ = timed(full, repeats=1)
            print_row("SciPy, all coalitions at once", n, theirs, seconds)
    for n in (10, 14):
        game = random_game(n, n)
        seconds, _ = timed(lambda game=game: optimal_coalition_structure(game), repeats=1)
        print_row("optimal coalition structure", n, seconds, None)


def full_core_program(game: TUGame) -> Callable[[], Any]:
    from scipy.optimize import linprog

    n = game.n_players
    rows = np.zeros(((1 << n) - 1, n))
    for size in range(1, n + 1):
        for coalition in combinations(range(n), size):
            rows[sum(1 << i for i in coalition) - 1, list(coalition)] = -1
    return lambda: linprog(
        np.ones(n), rows[:-1], -game.worths[1:-1], bounds=(None, None), method="highs"
    )


def main() -> None:
    for name, is_installed in PEERS.items():
        if not is_installed:
            print(f"{name} is not installed: skipped")
    nucleolus(random_game(4, 0))  # imports and starts the solver outside the clock
    bench_shapley()
    bench_nucleolus()
    bench_core_and_structure()


if __name__ == "__main__":
    main()
