"""Voting power: times of exact counts, and what the peers that are installed answer."""

from __future__ import annotations

import importlib
import random
import time
from collections.abc import Callable
from math import factorial
from typing import Any

from games.errors import TooLargeError
from games.voting.banzhaf import banzhaf
from games.voting.deegan_packel import deegan_packel
from games.voting.johnston import johnston
from games.voting.shapley_shubik import shapley_shubik
from games.voting.swings import count_swings
from games.voting.weighted_game import VotingGame, WeightedRule

REPEATS = 3


def best_time(call: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Shortest of a few runs, in seconds."""
    times = []
    for _ in range(repeats):
        count_swings.cache_clear()
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def time_or_reason(index: Callable[[VotingGame], Any], game: VotingGame) -> str:
    """Time of one run, or that the game is refused as too large."""
    try:
        return f"{best_time(lambda: index(game), repeats=1):.2f} s"
    except TooLargeError:
        return "too large"


def textbook_shapley(quota: int, weights: list[int]) -> list[float]:
    """The usual dynamic programme in Python integers: a table of sizes and sums per player."""
    n = len(weights)
    index = []
    for i, own in enumerate(weights):
        table = [[0] * quota for _ in range(n)]
        table[0][0] = 1
        for j, w in enumerate(weights):
            if j == i:
                continue
            for k in range(n - 2, -1, -1):
                row, up = table[k], table[k + 1]
                for s in range(quota - 1 - w, -1, -1):
                    if row[s]:
                        up[s + w] += row[s]
        total = sum(
            factorial(k) * factorial(n - 1 - k) * sum(table[k][max(0, quota - own) :])
            for k in range(n)
        )
        index.append(total / factorial(n))
    return index


def cases() -> list[tuple[str, VotingGame]]:
    rng = random.Random(1)
    heavy = [rng.randint(1, 80) for _ in range(193)]
    large = [rng.randint(1, 500) for _ in range(193)]
    shares = [1300, 1600, 700, 500, 350] + [int(2000 / (k + 3) ** 1.15) for k in range(188)]
    emissions = [rng.randint(100, 5_000_000) for _ in range(34)] + [0] * 159
    people = [rng.randint(400_000, 83_000_000) for _ in range(27)]
    return [
        ("Security Council, 15", VotingGame.weighted(39, [7] * 5 + [1] * 10)),
        ("equal members, 193", VotingGame.weighted(97, [1] * 193)),
        (f"weights to 80, 193 (sum {sum(heavy)})", VotingGame.weighted("50%", heavy)),
        (f"weights to 500, 193 (sum {sum(large)})", VotingGame.weighted("55%", large)),
        (
            "55 of 193 and 55 % in ten-thousandths",
            VotingGame([WeightedRule("55%", shares), WeightedRule(55, [1] * 193)]),
        ),
        (
            "55 of 193 and 55 % of tonnes",
            VotingGame([WeightedRule("55%", emissions), WeightedRule(55, [1] * 193)]),
        ),
        (
            "15 of 27 and 65 % of thousands",
            VotingGame(
                [WeightedRule("65%", [w // 1000 for w in people]), WeightedRule(15, [1] * 27)]
            ),
        ),
        (
            "15 of 27 and 65 % of heads",
            VotingGame([WeightedRule("65%", people), WeightedRule(15, [1] * 27)]),
        ),
    ]


def main() -> None:
    print(
        f"{'game':42} {'Shapley-Shubik':>15} {'Banzhaf':>9} {'Deegan-Packel':>14} "
        f"{'Johnston':>9}   method of the first two"
    )
    for name, game in cases():
        shapley = best_time(lambda g=game: shapley_shubik(g))
        swings = best_time(lambda g=game: banzhaf(g))
        method = count_swings(game).method
        packel, ours = time_or_reason(deegan_packel, game), time_or_reason(johnston, game)
        times = f"{shapley:13.4f} s {swings:7.4f} s {packel:>14} {ours:>9}"
        print(f"{name:42} {times}   {method}")

    print("\nAgainst the usual dynamic programme in Python integers, the same games")
    rng = random.Random(2)
    for n in (10, 20, 30):
        weights = [rng.randint(1, 20) for _ in range(n)]
        quota = sum(weights) // 2 + 1
        game = VotingGame.weighted(quota, weights)
        ours = best_time(lambda g=game: shapley_shubik(g))
        peer = best_time(lambda q=quota, w=weights: textbook_shapley(q, w))
        expected = textbook_shapley(quota, weights)
        error = max(abs(float(a) - b) for a, b in zip(shapley_shubik(game), expected, strict=True))
        print(
            f"n={n:3}: ours {ours:.5f} s, programme {peer:.5f} s, ratio {peer / ours:6.1f}, "
            f"largest difference {error:.1e}"
        )
    against_powerindices()


def against_powerindices() -> None:
    try:
        peer = importlib.import_module("powerindices")
    except ImportError:
        print("powerindices: not installed, skipped")
        return
    rng = random.Random(3)
    for n in (20, 50, 100):
        weights = [rng.randint(1, 20) for _ in range(n)]
        quota = sum(weights) // 2 + 1
        game = VotingGame.weighted(quota, weights)
        ours = best_time(lambda g=game: shapley_shubik(g))
        theirs = best_time(lambda q=quota, w=weights: peer.compute_ssi(q, w))
        total = sum(peer.compute_ssi(quota, weights))
        print(
            f"n={n:3}: ours {ours:.5f} s, powerindices {theirs:.5f} s, "
            f"ratio {theirs / ours:6.1f}; its shares sum to {total:.3g}"
        )


if __name__ == "__main__":
    main()
