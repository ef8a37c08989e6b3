"""Games of Gibbons, Game Theory for Applied Economists, 1992."""

from games.catalog.entry import Source, two_players

__all__ = ["ENTRIES"]

_PLACE = "Game Theory for Applied Economists, section 1.1"

ENTRIES = (
    two_players(
        "elimination in three rounds",
        Source("R. Gibbons", 1992, f"{_PLACE}.B"),
        "Rationality of the others, and their knowledge of it, can be as telling as one's own.",
        rows=("up", "down"),
        columns=("left", "middle", "right"),
        cells=[[(1, 0), (1, 2), (0, 1)], [(0, 3), (0, 1), (2, 0)]],
        equilibria=[("1 0", "0 1 0")],
    ),
    two_players(
        "nothing dominated, one equilibrium",
        Source("R. Gibbons", 1992, f"{_PLACE}.C"),
        "Equilibrium predicts where dominance is silent.",
        rows=("top", "middle", "bottom"),
        columns=("left", "centre", "right"),
        cells=[
            [(0, 4), (4, 0), (5, 3)],
            [(4, 0), (0, 4), (5, 3)],
            [(3, 5), (3, 5), (6, 6)],
        ],
        equilibria=[("0 0 1", "0 0 1")],
    ),
)
