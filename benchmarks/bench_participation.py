"""Participation games: times to classify all coalitions of signatories.

No peer library scans participation games; the comparison is with the direct loop over coalitions
and players.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from games.participation.barrett_quadratic import barrett_quadratic
from games.participation.effectivity_game import membership_effectivity
from games.participation.farsighted import largest_consistent_set
from games.participation.heterogeneous_quadratic import HeterogeneousQuadratic
from games.participation.membership import Membership, membership_stability
from games.participation.participation_game import ParticipationGame
from games.participation.potential_internal_stability import potential_internal_stability
from games.participation.search import search_stable
from games.participation.stability import stability


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of one run, and its result."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def model(n: int, seed: int = 1) -> HeterogeneousQuadratic:
    rng = np.random.default_rng(seed)
    return HeterogeneousQuadratic(
        rng.uniform(1, 2, n), rng.uniform(1, 2, n), rng.uniform(0, 0.1, n)
    )


def direct_loop(game: ParticipationGame) -> list[int]:
    """Stable coalitions by a plain loop over coalitions and players."""
    payoffs, n = game.payoffs, game.n_players
    return [
        mask
        for mask in range(1 << n)
        if all(payoffs[i, mask] >= payoffs[i, mask ^ 1 << i] for i in range(n))
    ]


def main() -> None:
    print(f"{'players':>7} {'payoffs':>10} {'stability':>10} {'transfers':>10} {'unanimity':>10}")
    for n in (10, 16, 20):
        built, game = timed(model(n).game)
        scan, _ = timed(lambda g=game: stability(g))
        pis, _ = timed(lambda g=game: potential_internal_stability(g))
        vote, _ = timed(lambda g=game: membership_stability(g, Membership.UNANIMITY))
        print(f"{n:7} {built:8.4f} s {scan:8.4f} s {pis:8.4f} s {vote:8.4f} s")

    rng = np.random.default_rng(2)
    game = ParticipationGame(rng.normal(size=(14, 1 << 14)))
    ours, found = timed(lambda: stability(game))
    loop, expected = timed(lambda: direct_loop(game))
    print(
        f"\nrandom game of 14: ours {ours:.4f} s, direct loop {loop:.4f} s, "
        f"ratio {loop / ours:.0f}, same answer: {list(found.stable_masks) == expected}"
    )
    seconds, sizes = timed(lambda: barrett_quadratic(193, 1, 0.1).effective_sizes())
    print(f"quadratic model of 193 like players, exact: {seconds:.4f} s, stable sizes {sizes}")
    seconds, typed = timed(
        lambda: (
            HeterogeneousQuadratic([1, 2, 3], [1, 1.5, 2], [0.001, 0.002, 0.003])
            .typed_game([60, 60, 73])
            .stable()
        )
    )
    print(f"193 players of three types, complete: {seconds:.4f} s, {len(typed)} stable numbers")
    seconds, searched = timed(lambda: search_stable(193, model(193).payoffs, seed=1, n_starts=8))
    print(
        f"193 unlike players: {seconds:.4f} s, "
        f"{sum(not c.is_idle for c in searched.coalitions)} stable; {searched.method}"
    )
    small = model(6).game()
    seconds, consistent = timed(lambda: largest_consistent_set(membership_effectivity(small)))
    print(
        f"largest consistent set of 6 players (64 outcomes): {seconds:.4f} s, "
        f"{len(consistent.outcomes)} outcomes"
    )


if __name__ == "__main__":
    main()
