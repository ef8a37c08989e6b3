"""Games of Luce and Raiffa, Games and Decisions, 1957, and of the tournament built on one."""

from games.catalog.entry import Source, two_players

__all__ = ["ENTRIES"]

_TITLE = "Games and Decisions"

ENTRIES = (
    two_players(
        "prisoner's dilemma",
        Source("R. D. Luce and H. Raiffa", 1957, f"{_TITLE}, section 5.4"),
        "What is best for each alone can be worse for both.",
        rows=("cooperate", "defect"),
        columns=("cooperate", "defect"),
        cells=[[(0.9, 0.9), (0, 1)], [(1, 0), (0.1, 0.1)]],
        equilibria=[("0 1", "0 1")],
    ),
    two_players(
        "battle of the sexes",
        Source("R. D. Luce and H. Raiffa", 1957, f"{_TITLE}, section 5.3"),
        "Both want to agree but not on what, and mixing leaves both worse off than giving in.",
        rows=("prize fight", "ballet"),
        columns=("prize fight", "ballet"),
        cells=[[(2, 1), (-1, -1)], [(-1, -1), (1, 2)]],
        equilibria=[("1 0", "1 0"), ("3/5 2/5", "2/5 3/5"), ("0 1", "0 1")],
    ),
    two_players(
        "tournament prisoner's dilemma",
        Source("R. Axelrod", 1984, "The Evolution of Cooperation, figure 1"),
        "Played once it ends in defection; repeated, reciprocity can pay.",
        rows=("cooperate", "defect"),
        columns=("cooperate", "defect"),
        cells=[[(3, 3), (0, 5)], [(5, 0), (1, 1)]],
        equilibria=[("0 1", "0 1")],
    ),
)
