"""Games of Fudenberg and Tirole, Game Theory, 1991."""

from games.catalog.entry import Source, two_players

__all__ = ["ENTRIES"]

_AUTHORS = "D. Fudenberg and J. Tirole"

ENTRIES = (
    two_players(
        "iterated dominance",
        Source(_AUTHORS, 1991, "Game Theory, figure 1.1"),
        "Crossing out dominated actions in turn can leave one prediction.",
        rows=("U", "M", "D"),
        columns=("L", "M", "R"),
        cells=[
            [(4, 3), (5, 1), (6, 2)],
            [(2, 1), (8, 4), (3, 6)],
            [(3, 0), (9, 6), (2, 8)],
        ],
        equilibria=[("1 0 0", "1 0 0")],
    ),
    two_players(
        "dominance that few would trust",
        Source(_AUTHORS, 1991, "Game Theory, section 1.1"),
        "A small doubt about the other's rationality can outweigh dominance: a slip costs 100.",
        rows=("U", "D"),
        columns=("L", "R"),
        cells=[[(8, 10), (-100, 9)], [(7, 6), (6, 5)]],
        equilibria=[("1 0", "1 0")],
    ),
    two_players(
        "shirking and monitoring",
        Source(_AUTHORS, 1991, "Game Theory, example 1.7 (wage 4, effort 1, check 1, output 6)"),
        "Each side's mixture is set by the other's payoffs: a higher wage lowers shirking only "
        "because checking pays more.",
        players=("worker", "employer"),
        rows=("shirk", "work"),
        columns=("check", "do not"),
        cells=[[(0, -1), (4, -4)], [(3, 1), (3, 2)]],
        equilibria=[("1/4 3/4", "1/4 3/4")],
    ),
)
