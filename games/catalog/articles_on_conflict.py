"""Games of conflict and cooperation between states, from articles and books on them."""

from games.catalog.entry import Source, two_players

__all__ = ["ENTRIES"]

_SNYDER_DIESING = Source("G. Snyder and P. Diesing", 1977, "Conflict Among Nations, chapter 2")

ENTRIES = (
    two_players(
        "chicken",
        Source("R. J. Aumann", 1974, "Subjectivity and correlation, J. Math. Econ. 1(1)"),
        "A trusted signal can do better than every mixture of equilibria: 5.25 against 4.5.",
        rows=("yield", "dare"),
        columns=("yield", "dare"),
        cells=[[(6, 6), (2, 7)], [(7, 2), (0, 0)]],
        equilibria=[("1 0", "0 1"), ("2/3 1/3", "2/3 1/3"), ("0 1", "1 0")],
    ),
    two_players(
        "hawk and dove",
        Source("J. Maynard Smith", 1982, "Evolution and the Theory of Games, ch. 2 (V=2, C=4)"),
        "Where fights cost more than the prize, aggression persists at the share V/C.",
        rows=("hawk", "dove"),
        columns=("hawk", "dove"),
        cells=[[(-1, -1), (2, 0)], [(0, 2), (1, 1)]],
        equilibria=[("1 0", "0 1"), ("1/2 1/2", "1/2 1/2"), ("0 1", "1 0")],
    ),
    two_players(
        "security dilemma",
        Source("R. Jervis", 1978, "Cooperation under the security dilemma, World Politics 30(2)"),
        "Even those who prefer peace arm if they doubt the other: a stag hunt.",
        rows=("cooperate", "arm"),
        columns=("cooperate", "arm"),
        cells=[[(4, 4), (1, 3)], [(3, 1), (2, 2)]],
        equilibria=[("1 0", "1 0"), ("1/2 1/2", "1/2 1/2"), ("0 1", "0 1")],
    ),
    two_players(
        "Cuban missile crisis",
        Source("S. J. Brams", 1985, "Superpower Games, chapter 2"),
        "As a game of chicken the compromise that ended the crisis was no equilibrium.",
        players=("United States", "Soviet Union"),
        rows=("blockade", "air strike"),
        columns=("withdraw", "maintain"),
        cells=[[(3, 3), (2, 4)], [(4, 2), (1, 1)]],
        equilibria=[("1 0", "0 1"), ("1/2 1/2", "1/2 1/2"), ("0 1", "1 0")],
    ),
    two_players(
        "deadlock",
        _SNYDER_DIESING,
        "Not every conflict is a dilemma: both may prefer it to cooperation.",
        rows=("cooperate", "defect"),
        columns=("cooperate", "defect"),
        cells=[[(2, 2), (1, 4)], [(4, 1), (3, 3)]],
        equilibria=[("0 1", "0 1")],
    ),
    two_players(
        "called bluff",
        _SNYDER_DIESING,
        "One side's fear of the clash decides between a dilemma player and a chicken player.",
        players=("resolute", "fearful"),
        rows=("cooperate", "defect"),
        columns=("cooperate", "defect"),
        cells=[[(3, 3), (1, 4)], [(4, 2), (2, 1)]],
        equilibria=[("0 1", "1 0")],
    ),
    two_players(
        "bully",
        _SNYDER_DIESING,
        "Who prefers the clash to a compromise gets its way against who fears it most.",
        players=("bully", "victim"),
        rows=("cooperate", "defect"),
        columns=("cooperate", "defect"),
        cells=[[(2, 3), (1, 4)], [(4, 2), (3, 1)]],
        equilibria=[("0 1", "1 0")],
    ),
    two_players(
        "suasion game",
        Source(
            "L. Martin", 1992, "Interests, power, and multilateralism, Int. Organization 46(4)"
        ),
        "A hegemon that contributes in any case must persuade or link issues, not threaten.",
        players=("hegemon", "partner"),
        rows=("contribute", "do not"),
        columns=("contribute", "do not"),
        cells=[[(4, 3), (3, 4)], [(2, 2), (1, 1)]],
        equilibria=[("1 0", "0 1")],
    ),
    two_players(
        "Flood and Dresher's experiment",
        Source("M. M. Flood", 1958, "Some experimental games, Management Science 5(1)"),
        "The first dilemma played in a laboratory: a hundred rounds, mostly cooperative.",
        rows=("cooperate", "defect"),
        columns=("defect", "cooperate"),
        cells=[[(-1, 2), (0.5, 1)], [(0, 0.5), (1, -1)]],
        equilibria=[("0 1", "1 0")],
    ),
)
