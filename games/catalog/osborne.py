"""Games of Osborne, An Introduction to Game Theory, 2004, and Osborne and Rubinstein, 1994."""

from itertools import product

from games.catalog.entry import Source, many_players, two_players

__all__ = ["ENTRIES"]

_TITLE = "An Introduction to Game Theory"


def _reporting_a_crime() -> list[list[float]]:
    # Value 4 to each of three witnesses if anybody calls, cost 1 to whoever calls.
    return [
        [4.0 * any(a == 0 for a in profile) - (own == 0) for own in profile]
        for profile in product((0, 1), repeat=3)
    ]


ENTRIES = (
    two_players(
        "Bach or Stravinsky",
        Source("M. J. Osborne", 2004, f"{_TITLE}, section 2.3"),
        "Coordination with opposed tastes has two pure equilibria and a worse mixed one.",
        rows=("Bach", "Stravinsky"),
        columns=("Bach", "Stravinsky"),
        cells=[[(2, 1), (0, 0)], [(0, 0), (1, 2)]],
        equilibria=[("1 0", "1 0"), ("2/3 1/3", "1/3 2/3"), ("0 1", "0 1")],
    ),
    many_players(
        "reporting a crime",
        Source("M. J. Osborne", 2004, f"{_TITLE}, section 4.8 (value 4, cost 1)"),
        "Responsibility shared by more witnesses is taken by fewer of them.",
        players=("first witness", "second witness", "third witness"),
        actions=(("call", "do not"),) * 3,
        cells=_reporting_a_crime(),
        equilibria=[
            ("1 0", "0 1", "0 1"),
            ("0 1", "1 0", "0 1"),
            ("0 1", "0 1", "1 0"),
            ("1/2 1/2", "1/2 1/2", "1/2 1/2"),
        ],
    ),
    two_players(
        "Mozart or Mahler",
        Source("M. J. Osborne and A. Rubinstein", 1994, "A Course in Game Theory, section 2.3"),
        "Even with common interests the worse of two conventions is an equilibrium.",
        rows=("Mozart", "Mahler"),
        columns=("Mozart", "Mahler"),
        cells=[[(2, 2), (0, 0)], [(0, 0), (1, 1)]],
        equilibria=[("1 0", "1 0"), ("1/3 2/3", "1/3 2/3"), ("0 1", "0 1")],
    ),
)
