"""Games per second: a stack of small games in one call against the peers, one game a call.

Each peer starts from the same payoff array, so building its game object is part of its time; the
column "solve only" leaves that out. Peers use one thread; ours are measured with one and with as
many as there are processors. Of pure equilibria, peers' time is without building, and a peer that
does not finish in a minute gives a ratio that is a lower bound.
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import numpy as np

from games.batch import all_equilibria, pure_equilibria
from games.batch_threads import available_processors
from games.normal_form import FloatArray

SIZES = {2: 1_000_000, 3: 300_000, 4: 100_000}
PEER_SECONDS = 0.7
ROUNDS = 5
PURE_BUILD_SECONDS = 30.0
PURE_SOLVE_SECONDS = 60.0


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
        all_equilibria(payoffs[:600])
        ours = {}
        for n in sorted({1, available_processors()}):
            seconds = best_seconds(lambda p=payoffs, n=n: all_equilibria(p, n_threads=n))  # type: ignore[misc]
            ours[n] = n_games / seconds
            print(f"{f'{k}x{k} games.batch, {n} thread(s)':<28}{ours[n]:>12,.0f}")
        for name, rates in PEERS.items():
            if importlib.util.find_spec(name) is None:
                print(f"{f'{k}x{k} {name}':<28} not installed")
                continue
            whole, solve = rates(payoffs)
            for n, rate in ours.items():
                print(
                    f"{f'{k}x{k} {name}, ours by {n}':<28}{whole:>12,.0f}{rate / whole:>9.1f}"
                    f"{solve:>12,.0f}{rate / solve:>9.1f}"
                )


def pure_payoffs(n_players: int) -> FloatArray:
    return np.random.default_rng(n_players).normal(size=(n_players, *(2,) * n_players))


def solve_pure_with_pygambit(payoffs: FloatArray, ready: Callable[[], None]) -> object:
    import pygambit

    game = pygambit.StrategicGame.from_arrays(*map(np.copy, payoffs))
    ready()
    return pygambit.nash.enumpure_solve(game)


def solve_pure_with_quantecon(payoffs: FloatArray, ready: Callable[[], None]) -> object:
    import quantecon.game_theory as qe

    players = [qe.Player(np.moveaxis(p, range(i), range(-i, 0))) for i, p in enumerate(payoffs)]
    game = qe.NormalFormGame(players)
    ready()
    return qe.pure_nash_brute(game)


PURE_PEERS = {"pygambit": solve_pure_with_pygambit, "quantecon": solve_pure_with_quantecon}


def time_pure_peer(name: str, n_players: int, parent: Connection) -> None:
    """Work of a process of its own: say when the game is built, then send the seconds."""
    start = [0.0]

    def ready() -> None:
        parent.send("built")
        start[0] = time.perf_counter()

    PURE_PEERS[name](pure_payoffs(n_players), ready)
    parent.send(time.perf_counter() - start[0])


def pure_peer_line(name: str, n_players: int, ours: float) -> str:
    """Seconds and ratio of a peer, or what it could not do in the time allowed."""
    if importlib.util.find_spec(name) is None:
        return " not installed"
    context = multiprocessing.get_context("spawn")
    child_end, parent_end = context.Pipe()
    process = context.Process(target=time_pure_peer, args=(name, n_players, parent_end))
    process.start()
    parent_end.close()
    try:
        if not child_end.poll(PURE_BUILD_SECONDS):
            return f" did not build the game in {PURE_BUILD_SECONDS:.0f} s"
        child_end.recv()
        if not child_end.poll(PURE_SOLVE_SECONDS):
            least = PURE_SOLVE_SECONDS / ours
            return f" not in {PURE_SOLVE_SECONDS:.0f} s; ratio at least {least:,.0f}"
        seconds = child_end.recv()
    except EOFError:
        return " stopped with an error"
    finally:
        process.kill()
        process.join()
    return f"{seconds:>12.4f}{seconds / ours:>9,.0f}"


def bench_pure() -> None:
    print()
    print(f"{'pure equilibria, 2 actions':<28}{'seconds':>12}{'ratio':>9}")
    for n_players in (10, 14, 20):
        payoffs = pure_payoffs(n_players)
        ours = best_seconds(lambda p=payoffs: pure_equilibria(p[None]))  # type: ignore[misc]
        print(f"{f'{n_players} players games.batch':<28}{ours:>12.4f}", flush=True)
        for name in PURE_PEERS:
            line = pure_peer_line(name, n_players, ours)
            print(f"{f'{n_players} players {name}':<28}{line}", flush=True)


def main() -> None:
    """Print games per second of every engine that is installed."""
    bench_all_equilibria()
    bench_pure()


if __name__ == "__main__":
    main()
