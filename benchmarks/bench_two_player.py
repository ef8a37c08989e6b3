"""All equilibria of one two-player game: seconds, and how many each engine finds.

Random k by k games with integer payoffs from 0 to 999, then games that existing engines get
wrong: small integers with many ties, a penalty of 1e12, and payoffs offset by 1e9. lrsnash is
exact and runs as a process for each game, as its users must run it.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from statistics import median

import numpy as np

from games.nash_equilibria import nash_equilibria
from games.normal_form import FloatArray, NormalFormGame

Engine = Callable[[FloatArray], int]
N_GAMES = 5


def ours(payoffs: FloatArray) -> int:
    return len(nash_equilibria(NormalFormGame(payoffs)).equilibria)


def lrsnash(payoffs: FloatArray) -> int:
    lines = ["{} {}".format(*payoffs.shape[1:])]
    for matrix in payoffs:
        lines += [" ".join(str(Fraction(v)) for v in row) for row in matrix.tolist()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "game.txt"
        path.write_text("\n".join(lines) + "\n")
        output = subprocess.run(
            ["lrsnash", str(path)], capture_output=True, text=True, check=True
        ).stdout
    [line] = [line for line in output.splitlines() if "Number of equilibria found" in line]
    return int(line.split()[-1])


def quantecon(payoffs: FloatArray) -> int:
    import quantecon.game_theory as qe

    players = (qe.Player(payoffs[0]), qe.Player(np.ascontiguousarray(payoffs[1].T)))
    return len(qe.vertex_enumeration(qe.NormalFormGame(players)))


def pygambit(payoffs: FloatArray) -> int:
    import pygambit as gambit

    game = gambit.StrategicGame.from_arrays(*map(np.copy, payoffs))
    return len(gambit.nash.enummixed_solve(game, rational=False).equilibria)


def nashpy(payoffs: FloatArray) -> int:
    import nashpy as nash

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return len(list(nash.Game(*payoffs).vertex_enumeration()))


# Largest k that an engine is asked for: beyond it one game takes more than a few seconds.
PEERS: dict[str, tuple[Engine, int]] = {
    "lrsnash": (lrsnash, 15),
    "quantecon": (quantecon, 15),
    "pygambit": (pygambit, 9),
    "nashpy": (nashpy, 5),
}


def installed(name: str) -> bool:
    if name == "lrsnash":
        return shutil.which("lrsnash") is not None
    return importlib.util.find_spec(name) is not None


def run(engine: Engine, games: list[FloatArray]) -> tuple[float, list[int | str]]:
    """Median seconds per game and the numbers of equilibria, or the name of an error."""
    seconds, counts = [], []
    for payoffs in games:
        start = time.perf_counter()
        try:
            counts.append(engine(payoffs))
        except Exception as error:  # a peer's failure is a result to print
            counts.append(type(error).__name__)
        seconds.append(time.perf_counter() - start)
    return median(seconds), counts


def print_rows(title: str, games: list[FloatArray], k: int) -> None:
    own_seconds, own_counts = run(ours, games)
    print(f"{title:<24}{'games':<12}{own_seconds * 1e3:>11.2f}{'':>9}  {own_counts}")
    for name, (engine, largest) in PEERS.items():
        if k > largest:
            continue
        if not installed(name):
            print(f"{title:<24}{name:<12} not installed")
            continue
        seconds, counts = run(engine, games)
        shown = "the same" if counts == own_counts else str(counts)
        print(f"{title:<24}{name:<12}{seconds * 1e3:>11.2f}{seconds / own_seconds:>9.2f}  {shown}")


def special_games(rng: np.random.Generator) -> dict[str, list[FloatArray]]:
    ties = [rng.integers(0, 4, (2, 5, 5)).astype(float) for _ in range(N_GAMES)]
    penalty = [rng.integers(0, 10, (2, 5, 5)).astype(float) for _ in range(N_GAMES)]
    large = [rng.normal(size=(2, 11, 11)) for _ in range(2)]
    for payoffs in [*penalty, *large]:
        payoffs[0, 1, 2] = -1e12
    offset = [rng.normal(size=(2, 4, 4)) + 1e9 for _ in range(N_GAMES)]
    tied = [rng.integers(0, 4, (2, 13, 13)).astype(float) for _ in range(2)]
    return {
        "5x5, 0..3": ties,
        "5x5, penalty 1e12": penalty,
        "4x4, offset 1e9": offset,
        "11x11, penalty 1e12": large,
        "13x13, 0..3": tied,
    }


def main() -> None:
    """Print seconds per game of every engine that is installed, and what it finds."""
    rng = np.random.default_rng(20240607)
    warm_up = rng.integers(0, 1000, (2, 12, 12)).astype(float)
    for engine in (ours, *(engine for name, (engine, _) in PEERS.items() if installed(name))):
        engine(warm_up if engine is ours else warm_up[:, :3, :3])
    # Ties call for the loops in machine integers, which are loaded with the first.
    ours(np.zeros((2, 3, 3)))
    print(f"{'game':<24}{'engine':<12}{'ms':>11}{'ratio':>9}  equilibria of each game")
    for k in (3, 5, 7, 9, 11, 13, 15):
        n_games = N_GAMES if k < 13 else 3 if k < 15 else 1
        games = [rng.integers(0, 1000, (2, k, k)).astype(float) for _ in range(n_games)]
        print_rows(f"{k}x{k}, 0..999", games, k)
    for title, games in special_games(rng).items():
        print_rows(title, games, games[0].shape[1])


if __name__ == "__main__":
    main()
