"""Games of pure conflict from articles, lecture notes and books on programming."""

from games.catalog.entry import Source, two_players, zero_sum

__all__ = ["ENTRIES"]

ENTRIES = (
    zero_sum(
        "battle of the Bismarck Sea",
        Source("O. G. Haywood", 1954, "Military decision and game theory, JORSA 2(4)"),
        "A saddle point decides, though the loser would lose no more by the other route.",
        players=("Kenney", "Imamura"),
        rows=("search north", "search south"),
        columns=("sail north", "sail south"),
        matrix=[[2, 2], [1, 3]],
        equilibria=[("1 0", "1 0"), ("1 0", "1/2 1/2")],
    ),
    zero_sum(
        "two-finger Morra",
        Source("V. Chvátal", 1983, "Linear Programming, chapter 15"),
        "A fair game can still be lost, and its optimal mixtures form a segment.",
        rows=("show 1 guess 1", "show 1 guess 2", "show 2 guess 1", "show 2 guess 2"),
        columns=("show 1 guess 1", "show 1 guess 2", "show 2 guess 1", "show 2 guess 2"),
        matrix=[[0, 2, -3, 0], [-2, 0, 0, 3], [3, 0, 0, -4], [0, -3, 4, 0]],
        equilibria=[
            ("0 3/5 2/5 0", "0 3/5 2/5 0"),
            ("0 3/5 2/5 0", "0 4/7 3/7 0"),
            ("0 4/7 3/7 0", "0 3/5 2/5 0"),
            ("0 4/7 3/7 0", "0 4/7 3/7 0"),
        ],
    ),
    zero_sum(
        "odd or even",
        Source("T. S. Ferguson", 2014, "Game Theory, part II, section 1.2"),
        "A game that looks fair is worth 1/12 to one side.",
        players=("odd", "even"),
        rows=("one", "two"),
        columns=("one", "two"),
        matrix=[[-2, 3], [3, -4]],
        equilibria=[("7/12 5/12", "7/12 5/12")],
    ),
    two_players(
        "Shapley's cycle",
        Source("L. S. Shapley", 1964, "Some topics in two-person games, Advances in Game Theory"),
        "Learning by fictitious play may cycle for ever around a single equilibrium.",
        rows=("1", "2", "3"),
        columns=("1", "2", "3"),
        cells=[
            [(1, 0), (0, 1), (0, 0)],
            [(0, 0), (1, 0), (0, 1)],
            [(0, 1), (0, 0), (1, 0)],
        ],
        equilibria=[("1/3 1/3 1/3", "1/3 1/3 1/3")],
    ),
)
