"""Games per second: a stack of small games in one call against the peers, one game a call.

Each peer starts from the same payoff array, so building its game object is part of its time; the
column "solve only" leaves that out.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable

import numpy as np

from games.batch import all_equilibria, pure_equilibria
from games.normal_form import FloatArray

SIZES = {2: 1_000_000, 3: 300_000, 4: 100_000}
PEER_SECONDS = 0.7
ROUNDS = 5


def best_seconds(function: Callable[[], object]) -> float:
    """Least time of several rounds, so that another program's work counts for little."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def peer_rate(games: list[object], solve: Callable[[object], object]) -> float:
    """Games per second in a loop, the best of several slices of the time allowed."""
    solve(games[0])
    best, done = 0.0, 0
    stop = time.perf_counter() + PEER_SECONDS
    while time.perf_counter() < stop:
        n = min(200, len(games))
        start = time.perf_counter()
        for g in range(n):
            solve(games[(done + g) % len(games)])
        best = max(best, n / (time.perf_counter() - start))
        done += n
    return best


def quantecon_rates(payoffs: FloatArray) -> tuple[float, float]:
    """Support enumeration, with and without the time to build the game."""
    import quantecon.game_theory as qe

    def build(p: FloatArray) -> object:
        return qe.NormalFormGame((qe.Player(p[0]), qe.Player(np.ascontiguousarray(p[1].T))))

    arrays = list(payoffs[:400])
    games = [build(p) for p in arrays]
    whole = peer_rate(arrays, lambda p: qe.support_enumeration(build(p)))
    return whole, peer_rate(games, qe.support_enumeration)


def pygambit_rates(payoffs: FloatArray) -> tuple[float, float]:
    """Vertex enumeration in floats, with and without the time to build the game."""
    import pygambit

    def build(p: FloatArray) -> object:
        return pygambit.StrategicGame.from_arrays(*map(np.copy, p))

    def solve(game: object) -> object:
        return pygambit.nash.enummixed_solve(game, rational=False)

    arrays = list(payoffs[:200])
    games = [build(p) for p in arrays]
    whole = peer_rate(arrays, lambda p: solve(build(p)))
    return whole, peer_rate(games, solve)


def nashpy_rates(payoffs: FloatArray) -> tuple[float, float]:
    """Support enumeration, with and without the time to build the game."""
    import warnings

    import nashpy

    def solve(game: object) -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(game.support_enumeration())  # type: ignore[attr-defined]

    arrays = list(payoffs[:50])
    games = [nashpy.Game(*p) for p in arrays]
    whole = peer_rate(arrays, lambda p: solve(nashpy.Game(*p)))
    return whole, peer_rate(games, solve)


PEERS = {"quantecon": quantecon_rates, "pygambit": pygambit_rates, "nashpy": nashpy_rates}


def bench_all_equilibria() -> None:
    print(f"{'all equilibria':<28}{'games/s':>12}{'ratio':>9}{'solve only':>12}{'ratio':>9}")
    rng = np.random.default_rng(1)
    for k, n_games in SIZES.items():
        payoffs = rng.normal(size=(n_games, 2, k, k))
        all_equilibria(payoffs[:300])
        ours = n_games / best_seconds(lambda p=payoffs: all_equilibria(p))  # type: ignore[misc]
        print(f"{f'{k}x{k} games.batch':<28}{ours:>12,.0f}")
        for name, rates in PEERS.items():
            if importlib.util.find_spec(name) is None:
                print(f"{f'{k}x{k} {name}':<28} not installed")
                continue
            whole, solve = rates(payoffs)
            print(
                f"{f'{k}x{k} {name}':<28}{whole:>12,.0f}{ours / whole:>9.1f}"
                f"{solve:>12,.0f}{ours / solve:>9.1f}"
            )


def bench_pure() -> None:
    print()
    print(f"{'pure equilibria, 2 actions':<28}{'seconds':>12}{'ratio':>9}")
    rng = np.random.default_rng(2)
    for n_players in (10, 14, 20):
        payoffs = rng.normal(size=(n_players, *(2,) * n_players))
        ours = best_seconds(lambda p=payoffs: pure_equilibria(p[None]))  # type: ignore[misc]
        print(f"{f'{n_players} players games.batch':<28}{ours:>12.4f}")
        if n_players > 10:
            continue
        if importlib.util.find_spec("pygambit") is not None:
            import pygambit

            game = pygambit.StrategicGame.from_arrays(*map(np.copy, payoffs))
            start = time.perf_counter()
            pygambit.nash.enumpure_solve(game)
            theirs = time.perf_counter() - start
            print(f"{f'{n_players} players pygambit':<28}{theirs:>12.4f}{theirs / ours:>9.0f}")
        if importlib.util.find_spec("quantecon") is not None:
            import quantecon.game_theory as qe

            players = [
                qe.Player(np.moveaxis(p, range(i), range(-i, 0))) for i, p in enumerate(payoffs)
            ]
            game = qe.NormalFormGame(players)
            start = time.perf_counter()
            qe.pure_nash_brute(game)
            theirs = time.perf_counter() - start
            print(f"{f'{n_players} players quantecon':<28}{theirs:>12.4f}{theirs / ours:>9.0f}")


def main() -> None:
    """Print games per second of every engine that is installed."""
    bench_all_equilibria()
    bench_pure()


if __name__ == "__main__":
    main()
