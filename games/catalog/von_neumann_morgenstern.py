"""Games of von Neumann and Morgenstern, Theory of Games and Economic Behavior, 1944."""

from games.catalog.entry import Source, zero_sum

__all__ = ["ENTRIES"]

_BOOK = "J. von Neumann and O. Morgenstern"
_TITLE = "Theory of Games and Economic Behavior"

ENTRIES = (
    zero_sum(
        "matching pennies",
        Source(_BOOK, 1944, f"{_TITLE}, section 17"),
        "Without a saddle point one must be unpredictable.",
        rows=("heads", "tails"),
        columns=("heads", "tails"),
        matrix=[[1, -1], [-1, 1]],
        equilibria=[("1/2 1/2", "1/2 1/2")],
    ),
    zero_sum(
        "stone, paper, scissors",
        Source(_BOOK, 1944, f"{_TITLE}, section 17"),
        "When every action is beaten by another, all are used.",
        rows=("stone", "paper", "scissors"),
        columns=("stone", "paper", "scissors"),
        matrix=[[0, -1, 1], [1, 0, -1], [-1, 1, 0]],
        equilibria=[("1/3 1/3 1/3", "1/3 1/3 1/3")],
    ),
    zero_sum(
        "Holmes and Moriarty",
        Source(_BOOK, 1944, f"{_TITLE}, section 18.4"),
        "Stakes that differ tilt the mixture: the pursuer goes where a catch costs least to miss.",
        players=("Moriarty", "Holmes"),
        rows=("Dover", "Canterbury"),
        columns=("Dover", "Canterbury"),
        matrix=[[100, 0], [-50, 100]],
        equilibria=[("3/5 2/5", "2/5 3/5")],
    ),
)
