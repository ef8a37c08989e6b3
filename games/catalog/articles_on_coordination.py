"""Games of coordination from articles and books on them."""

from games.catalog.entry import Coverage, Source, two_players

__all__ = ["ENTRIES"]

_EFFORTS = tuple(str(effort) for effort in range(1, 8))


def _minimum_effort() -> list[list[tuple[float, float]]]:
    # 0.20 times the smaller effort, minus 0.10 times one's own, plus 0.60, in dollars.
    def pay(own: int, other: int) -> float:
        return (2 * min(own, other) - own + 6) / 10

    return [[(pay(a, b), pay(b, a)) for b in range(1, 8)] for a in range(1, 8)]


ENTRIES = (
    two_players(
        "meeting in New York",
        Source("T. C. Schelling", 1960, "The Strategy of Conflict, chapter 3"),
        "Payoffs do not choose between conventions; a focal point does.",
        rows=("Grand Central", "Empire State"),
        columns=("Grand Central", "Empire State"),
        cells=[[(1, 1), (0, 0)], [(0, 0), (1, 1)]],
        equilibria=[("1 0", "1 0"), ("1/2 1/2", "1/2 1/2"), ("0 1", "0 1")],
    ),
    two_players(
        "promises that bind nobody",
        Source("R. J. Aumann", 1990, "Nash equilibria are not self-enforcing"),
        "A promise to cooperate is empty if one gains from being believed in either case.",
        rows=("cooperate", "defect"),
        columns=("cooperate", "defect"),
        cells=[[(9, 9), (0, 8)], [(8, 0), (7, 7)]],
        equilibria=[("1 0", "1 0"), ("7/8 1/8", "7/8 1/8"), ("0 1", "0 1")],
    ),
    two_players(
        "minimum effort",
        Source(
            "J. Van Huyck, R. Battalio and R. Beil",
            1990,
            "Tacit coordination games, Am. Econ. Rev. 80",
        ),
        "Seven Pareto-ranked equilibria, and groups fall to the worst of them.",
        rows=_EFFORTS,
        columns=_EFFORTS,
        cells=_minimum_effort(),
        equilibria=[(" ".join("01"[i == k] for i in range(7)),) * 2 for k in range(7)],
        coverage=Coverage.PURE,
    ),
    two_players(
        "coordination with a way out",
        Source("J. Goeree and C. Holt", 2001, "Ten little treasures, Am. Econ. Rev. 91(5)"),
        "An action that no pure equilibrium uses can still change what people do.",
        rows=("low", "high"),
        columns=("low", "high", "safe"),
        cells=[[(90, 90), (0, 0), (0, 40)], [(0, 0), (180, 180), (0, 40)]],
        equilibria=[
            ("1 0", "1 0 0"),
            ("2/3 1/3", "2/3 1/3 0"),
            ("0 1", "0 1 0"),
        ],
    ),
    two_players(
        "unequal pennies",
        Source("J. Goeree and C. Holt", 2001, "Ten little treasures, Am. Econ. Rev. 91(5)"),
        "In equilibrium one's own payoff does not change one's own mixture; in laboratories it "
        "does.",
        rows=("top", "bottom"),
        columns=("left", "right"),
        cells=[[(320, 40), (40, 80)], [(40, 80), (80, 40)]],
        equilibria=[("1/2 1/2", "1/8 7/8")],
    ),
    two_players(
        "Kreps game",
        Source("J. Goeree and C. Holt", 2001, "Ten little treasures, Am. Econ. Rev. 91(5)"),
        "Most people choose an action that is in no pure equilibrium because it cannot hurt.",
        rows=("top", "bottom"),
        columns=("left", "middle", "non-Nash", "right"),
        cells=[
            [(200, 50), (0, 45), (10, 30), (20, -250)],
            [(0, -250), (10, -100), (30, 30), (50, 40)],
        ],
        equilibria=[("1 0", "1 0 0 0"), ("30/31 1/31", "1/21 20/21 0 0"), ("0 1", "0 0 0 1")],
    ),
)
