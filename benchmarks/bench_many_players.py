"""Games of more than two players: one equilibrium, and logit equilibria at a given lambda.

Peers are run with their default settings on the same games, converted outside the clock. Games
without pure equilibria are the hard half: with one, comparing payoffs is enough.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from games.best_responses import best_response_table
from games.normal_form import NormalFormGame
from games.quantal_response import logit_equilibrium
from games.random_games import covariant_game
from games.some_equilibria import some_equilibria

SHAPES = [(3, 3, 3), (4, 4, 4), (2,) * 5, (2,) * 8]
N_GAMES = 15


def random_games(shape: tuple[int, ...], without_pure: bool) -> list[NormalFormGame]:
    rng = np.random.default_rng(2024)
    games: list[NormalFormGame] = []
    while len(games) < N_GAMES:
        game = covariant_game(shape, rng, correlation=0.0)
        if not (without_pure and best_response_table(game).all(axis=0).any()):
            games.append(game)
    return games


def timed(solve: Callable[[Any], Any], inputs: Iterable[Any]) -> tuple[float, float, list[Any]]:
    """Median and largest seconds per input, and the results."""
    seconds, results = [], []
    for item in inputs:
        start = time.perf_counter()
        results.append(solve(item))
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds)), max(seconds), results


def relative_regret(game: NormalFormGame, strategies: Iterable[np.ndarray]) -> float:
    return float(game.regrets(tuple(strategies)).max()) / game.scale


def peer_strategies(profile: Any) -> list[np.ndarray]:
    return [np.array([float(w) for _, w in profile[player]]) for player in profile.game.players]


def print_row(name: str, median: float, worst: float, ratio: float | None, note: str) -> None:
    text = "" if ratio is None else f"{ratio:8.2f}"
    print(f"  {name:<34}{1e3 * median:10.2f}{1e3 * worst:10.2f}{text:>9}  {note}")


def bench_some_equilibrium(gambit: Any) -> None:
    peers = []
    if gambit is not None:
        peers = [
            ("pygambit logit_solve", lambda g: gambit.nash.logit_solve(g).equilibrium),
        ]
    for shape in SHAPES:
        for without_pure in (False, True):
            games = random_games(shape, without_pure)
            kind = "without pure equilibria" if without_pure else "as drawn"
            print(f"\none equilibrium, {' x '.join(map(str, shape))}, {N_GAMES} games {kind}")
            print(f"  {'engine':<34}{'median ms':>10}{'worst ms':>10}{'ratio':>9}")
            some_equilibria(games[0])
            median, worst, found = timed(some_equilibria, games)
            regret = max(
                relative_regret(game, e.strategies)
                for game, listed in zip(games, found, strict=True)
                for e in listed.equilibria
            )
            print_row("games.some_equilibria", median, worst, None, f"regret <= {regret:.0e}")
            for name, solve in peers:
                inputs = [
                    gambit.StrategicGame.from_arrays(*map(np.copy, g.payoffs)) for g in games
                ]
                peer_median, peer_worst, profiles = timed(solve, inputs)
                regret = max(
                    relative_regret(game, peer_strategies(profile))
                    for game, profile in zip(games, profiles, strict=True)
                )
                note = f"regret <= {regret:.0e}"
                print_row(name, peer_median, peer_worst, peer_median / median, note)


def bench_logit(gambit: Any, rationality: float = 2.0) -> None:
    for shape in SHAPES:
        games = random_games(shape, without_pure=False)
        print(f"\nlogit equilibrium at lambda {rationality:g}, {' x '.join(map(str, shape))}")
        print(f"  {'engine':<34}{'median ms':>10}{'worst ms':>10}{'ratio':>9}")
        median, worst, found = timed(lambda g: logit_equilibrium(g, rationality), games)
        print_row("games.logit_equilibrium", median, worst, None, "")
        if gambit is None:
            continue
        inputs = [gambit.StrategicGame.from_arrays(*map(np.copy, g.payoffs)) for g in games]
        peer_median, peer_worst, there = timed(
            lambda g: gambit.qre.logit_solve_lambda(g, rationality)[0].profile, inputs
        )
        apart = max(
            float(np.abs(a - b).max())
            for mine, profile in zip(found, there, strict=True)
            for a, b in zip(mine.strategies, peer_strategies(profile), strict=True)
        )
        note = f"largest difference {apart:.0e}"
        print_row("pygambit", peer_median, peer_worst, peer_median / median, note)


def main() -> None:
    print("ratio: time of the peer over time of this library; above 1 this library is faster")
    gambit = None
    if importlib.util.find_spec("pygambit") is None:
        print("pygambit is not installed: skipped")
    else:
        import pygambit as gambit
    bench_some_equilibrium(gambit)
    bench_logit(gambit)


if __name__ == "__main__":
    main()
