"""Games of inspection and commitment from articles."""

from games.catalog.entry import Source, two_players

__all__ = ["ENTRIES"]

ENTRIES = (
    two_players(
        "inspection game",
        Source("R. Avenhaus, B. von Stengel and S. Zamir", 2002, "Handbook of Game Theory 3"),
        "A larger penalty lowers inspections, not violations (cost 1, loss 10, detection 0.8, "
        "gain 4, penalty 20).",
        players=("inspector", "inspectee"),
        rows=("inspect", "do not inspect"),
        columns=("comply", "violate"),
        cells=[[(-1, 0), (-3, -12)], [(0, 0), (-10, 4)]],
        equilibria=[("1/4 3/4", "7/8 1/8")],
    ),
    two_players(
        "commitment that pays",
        Source("V. Conitzer and T. Sandholm", 2006, "Computing the optimal strategy to commit to"),
        "Equilibrium pays the leader 2, announcing an action 3, announcing a mixture 3.5.",
        players=("leader", "follower"),
        rows=("U", "D"),
        columns=("L", "R"),
        cells=[[(2, 1), (4, 0)], [(1, 0), (3, 1)]],
        equilibria=[("1 0", "1 0")],
    ),
    two_players(
        "best-reply regions",
        Source("B. von Stengel", 2007, "Algorithmic Game Theory (Nisan et al.), equation 3.1"),
        "Labelled best-reply regions show every equilibrium of a small game.",
        rows=("1", "2", "3"),
        columns=("4", "5"),
        cells=[[(3, 3), (3, 2)], [(2, 2), (5, 6)], [(0, 3), (6, 1)]],
        equilibria=[
            ("1 0 0", "1 0"),
            ("4/5 1/5 0", "2/3 1/3"),
            ("0 1/3 2/3", "1/3 2/3"),
        ],
    ),
)
