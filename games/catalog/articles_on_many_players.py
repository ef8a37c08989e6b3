"""Games of three or more players from articles and books."""

from itertools import product

from games.catalog.entry import Source, many_players

__all__ = ["ENTRIES"]


def _public_good() -> list[list[float]]:
    # Endowment 1 each; every contribution returns a half to each of three.
    return [
        [0.5 * sum(profile) + 1 - own for own in profile] for profile in product((1, 0), repeat=3)
    ]


def _threshold_good() -> list[list[float]]:
    # Worth 1 to each if two or more of three contribute; a contribution costs 0.4.
    return [
        [float(sum(profile) >= 2) - 0.4 * own for own in profile]
        for profile in product((1, 0), repeat=3)
    ]


def _trade_restrictions() -> list[list[float]]:
    # Each member yields 1 to all and costs itself 2; each member-outsider pair loses 1.
    return [
        [sum(profile) - 2 * own - sum(other != own for other in profile) for own in profile]
        for profile in product((1, 0), repeat=3)
    ]


_THREE = ("first", "second", "third")

ENTRIES = (
    many_players(
        "three-player matching pennies",
        Source("J. Jordan", 1993, "Three problems in learning mixed-strategy equilibria, GEB 5"),
        "Simple learning rules do not find an equilibrium that is unique.",
        players=_THREE,
        actions=(("heads", "tails"),) * 3,
        cells=[
            [float(a == b), float(b == c), float(c != a)] for a, b, c in product((0, 1), repeat=3)
        ],
        equilibria=[("1/2 1/2", "1/2 1/2", "1/2 1/2")],
    ),
    many_players(
        "coalition-proof choice",
        Source("B. D. Bernheim, B. Peleg and M. Whinston", 1987, "J. Economic Theory 42(1)"),
        "Deviating coalitions may themselves be deviated from: only one of two equilibria lasts.",
        players=_THREE,
        actions=(("A1", "A2"), ("B1", "B2"), ("C1", "C2")),
        cells=[
            [0, 0, 10],
            [-2, -2, 0],
            [-5, -5, 0],
            [-5, -5, 0],
            [-5, -5, 0],
            [-5, -5, 0],
            [1, 1, -5],
            [-1, -1, 5],
        ],
        equilibria=[("1 0", "1 0", "1 0"), ("0 1", "0 1", "0 1")],
    ),
    many_players(
        "nine equilibria",
        Source("R. McKelvey and A. McLennan", 1997, "The maximal number of regular totally mixed"),
        "Three players with two actions each can have nine equilibria; four are pure.",
        players=_THREE,
        actions=(("1", "2"),) * 3,
        cells=[
            [9, 8, 12],
            [0, 0, 0],
            [0, 0, 0],
            [3, 4, 6],
            [0, 0, 0],
            [3, 4, 6],
            [9, 8, 2],
            [0, 0, 0],
        ],
        equilibria=[
            ("1 0", "1 0", "1 0"),
            ("1 0", "0 1", "0 1"),
            ("0 1", "1 0", "0 1"),
            ("0 1", "0 1", "1 0"),
        ],
    ),
    many_players(
        "public good",
        Source("R. M. Isaac and J. Walker", 1988, "Group size effects, QJE 103(1)"),
        "To give nothing is dominant although all would gain if all gave.",
        players=_THREE,
        actions=(("contribute", "keep"),) * 3,
        cells=_public_good(),
        equilibria=[("0 1", "0 1", "0 1")],
    ),
    many_players(
        "threshold public good",
        Source("T. Palfrey and H. Rosenthal", 1984, "Participation and the provision of goods"),
        "A threshold makes members pivotal: no one, or just enough of them, contribute.",
        players=_THREE,
        actions=(("contribute", "keep"),) * 3,
        cells=_threshold_good(),
        equilibria=[
            ("0 1", "0 1", "0 1"),
            ("1 0", "1 0", "0 1"),
            ("1 0", "0 1", "1 0"),
            ("0 1", "1 0", "1 0"),
        ],
    ),
    many_players(
        "trade restrictions",
        Source("S. Barrett", 1997, "Trade sanctions, Resource and Energy Economics 19(4) (after)"),
        "With losses between members and outsiders all join or none, and a threshold decides.",
        players=_THREE,
        actions=(("join", "stay out"),) * 3,
        cells=_trade_restrictions(),
        equilibria=[
            ("1 0", "1 0", "1 0"),
            ("0 1", "0 1", "0 1"),
            ("3/4 1/4", "3/4 1/4", "3/4 1/4"),
        ],
    ),
)
