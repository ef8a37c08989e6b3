"""Games of Rasmusen, Games and Information, 1989."""

from games.catalog.entry import Source, two_players

__all__ = ["ENTRIES"]

ENTRIES = (
    two_players(
        "welfare game",
        Source("E. Rasmusen", 1989, "Games and Information, chapter 3"),
        "Help that is withdrawn from the idle cannot be a sure thing either way.",
        players=("government", "pauper"),
        rows=("aid", "no aid"),
        columns=("work", "loaf"),
        cells=[[(3, 2), (-1, 3)], [(-1, 1), (0, 0)]],
        equilibria=[("1/2 1/2", "1/5 4/5")],
    ),
    two_players(
        "boxed pigs",
        Source("E. Rasmusen", 1989, "Games and Information, chapter 1"),
        "The weak can exploit the strong, who alone gain enough to act.",
        players=("big pig", "small pig"),
        rows=("press", "wait"),
        columns=("press", "wait"),
        cells=[[(5, 1), (4, 4)], [(9, -1), (0, 0)]],
        equilibria=[("1 0", "0 1")],
    ),
)
