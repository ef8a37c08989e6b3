"""Games of bargaining and of markets from articles."""

from games.catalog.entry import Coverage, Source, two_players

__all__ = ["ENTRIES"]


def _travelers_dilemma() -> list[list[tuple[float, float]]]:
    # Both get the smaller claim; who claims less gets 2 more, who claims more 2 less.
    def pay(own: int, other: int) -> float:
        return min(own, other) + 2 * ((own < other) - (own > other))

    return [[(pay(a, b), pay(b, a)) for b in range(2, 7)] for a in range(2, 7)]


def _money_request() -> list[list[tuple[float, float]]]:
    # Each gets the sum that it asks for, and 20 more if it asks for exactly one less.
    def pay(own: int, other: int) -> float:
        return own + 20 * (own == other - 1)

    return [[(pay(a, b), pay(b, a)) for b in range(11, 21)] for a in range(11, 21)]


def _cournot() -> list[list[tuple[float, float]]]:
    # Price 12 minus total output, no cost.
    outputs = (3, 4, 6)
    return [[(a * (12 - a - b), b * (12 - a - b)) for b in outputs] for a in outputs]


_CLAIMS = tuple(str(claim) for claim in range(2, 7))
_REQUESTS = tuple(str(request) for request in range(11, 21))
_LEVEL_MIX = "0 0 0 0 1/4 1/4 1/5 3/20 1/10 1/20"

ENTRIES = (
    two_players(
        "traveler's dilemma",
        Source(
            "K. Basu", 1994, "The traveler's dilemma, Am. Econ. Rev. 84(2) (claims from 2 to 6)"
        ),
        "Undercutting step by step ends at the lowest claim, which people do not choose.",
        rows=_CLAIMS,
        columns=_CLAIMS,
        cells=_travelers_dilemma(),
        equilibria=[("1 0 0 0 0", "1 0 0 0 0")],
    ),
    two_players(
        "money request",
        Source(
            "A. Arad and A. Rubinstein",
            2012,
            "The 11-20 money request game, Am. Econ. Rev. 102(7)",
        ),
        "A game built so that each step of reasoning is one number lower.",
        rows=_REQUESTS,
        columns=_REQUESTS,
        cells=_money_request(),
        equilibria=[(_LEVEL_MIX, _LEVEL_MIX)],
        coverage=Coverage.PURE,
    ),
    two_players(
        "Cournot duopoly",
        Source("A. A. Cournot", 1838, "Recherches, chapter 7 (price 12 - Q, three outputs)"),
        "Competition in quantities stops between monopoly and free competition.",
        rows=("3", "4", "6"),
        columns=("3", "4", "6"),
        cells=_cournot(),
        equilibria=[("0 1 0", "0 1 0")],
    ),
    two_players(
        "ultimatum mini-game",
        Source("J. Gale, K. Binmore and L. Samuelson", 1995, "Learning to be imperfect, GEB 8"),
        "A threat to refuse supports equal shares, though to carry it out is costly.",
        players=("proposer", "responder"),
        rows=("high offer", "low offer"),
        columns=("accept low", "refuse low"),
        cells=[[(2, 2), (2, 2)], [(3, 1), (0, 0)]],
        equilibria=[("1 0", "2/3 1/3"), ("1 0", "0 1"), ("0 1", "1 0")],
    ),
    two_players(
        "four-move centipede",
        Source(
            "R. McKelvey and T. Palfrey", 1992, "The centipede game, Econometrica 60(4) (in dimes)"
        ),
        "Backward induction takes the small pile at once; people pass.",
        rows=("take first", "take third", "pass"),
        columns=("take second", "take fourth", "pass"),
        cells=[
            [(4, 1), (4, 1), (4, 1)],
            [(2, 8), (16, 4), (16, 4)],
            [(2, 8), (8, 32), (64, 16)],
        ],
        equilibria=[
            ("1 0 0", "1 0 0"),
            ("1 0 0", "30/31 0 1/31"),
            ("1 0 0", "6/7 1/7 0"),
            ("1 0 0", "6/7 6/49 1/49"),
        ],
    ),
)
