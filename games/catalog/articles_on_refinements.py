"""Games that made the case for refinements of Nash equilibrium."""

from games.catalog.entry import Source, many_players, two_players

__all__ = ["ENTRIES"]

ENTRIES = (
    two_players(
        "trembling hands",
        Source("R. Myerson", 1978, "Refinements of the Nash equilibrium concept, IJGT 7(2)"),
        "An equilibrium in weakly dominated actions does not survive small mistakes.",
        rows=("top", "bottom"),
        columns=("left", "right"),
        cells=[[(1, 1), (0, 0)], [(0, 0), (0, 0)]],
        equilibria=[("1 0", "1 0"), ("0 1", "0 1")],
    ),
    two_players(
        "perfect but not proper",
        Source("R. Myerson", 1978, "Refinements of the Nash equilibrium concept, IJGT 7(2)"),
        "A bad action that nobody needs makes a foolish equilibrium perfect, but not proper.",
        rows=("1", "2", "3"),
        columns=("1", "2", "3"),
        cells=[
            [(1, 1), (0, 0), (-9, -9)],
            [(0, 0), (0, 0), (-7, -7)],
            [(-9, -9), (-7, -7), (-7, -7)],
        ],
        equilibria=[("1 0 0", "1 0 0"), ("0 1 0", "0 1 0"), ("0 0 1", "0 0 1")],
    ),
    many_players(
        "Selten's horse",
        Source("R. Selten", 1975, "Reexamination of the perfectness concept, IJGT 4(1)"),
        "Subgame perfection cannot rule out an unreasonable plan off the path; trembles can.",
        players=("first", "second", "third"),
        actions=(("across", "down"), ("across", "down"), ("left", "right")),
        cells=[
            [1, 1, 1],
            [1, 1, 1],
            [4, 4, 0],
            [0, 0, 1],
            [3, 2, 2],
            [0, 0, 0],
            [3, 2, 2],
            [0, 0, 0],
        ],
        equilibria=[("1 0", "1 0", "0 1"), ("0 1", "1 0", "1 0")],
    ),
    two_players(
        "chain store, one branch",
        Source("R. Selten", 1978, "The chain store paradox, Theory and Decision 9(2)"),
        "The threat to fight keeps a rival out only if it is never put to the test.",
        players=("entrant", "incumbent"),
        rows=("in", "out"),
        columns=("share", "fight"),
        cells=[[(2, 2), (0, 0)], [(1, 5), (1, 5)]],
        equilibria=[("1 0", "1 0"), ("0 1", "1/2 1/2"), ("0 1", "0 1")],
    ),
    two_players(
        "battle with an outside option",
        Source("E. Kohlberg and J.-F. Mertens", 1986, "Strategic stability, Econometrica 54(5)"),
        "Who passes up a sure 2 must mean to get 3: forward induction.",
        rows=("out", "top", "bottom"),
        columns=("left", "right"),
        cells=[[(2, 2), (2, 2)], [(3, 1), (0, 0)], [(0, 0), (1, 3)]],
        equilibria=[("1 0 0", "2/3 1/3"), ("1 0 0", "0 1"), ("0 1 0", "1 0")],
    ),
    two_players(
        "rationalizable cycle",
        Source("B. D. Bernheim", 1984, "Rationalizable strategic behavior, Econometrica 52(4)"),
        "Common knowledge of rationality allows actions that no equilibrium uses.",
        rows=("a1", "a2", "a3", "a4"),
        columns=("b1", "b2", "b3", "b4"),
        cells=[
            [(0, 7), (2, 5), (7, 0), (0, 1)],
            [(5, 2), (3, 3), (5, 2), (0, 1)],
            [(7, 0), (2, 5), (0, 7), (0, 1)],
            [(0, 0), (0, -2), (0, 0), (10, -1)],
        ],
        equilibria=[("0 1 0 0", "0 1 0 0")],
    ),
)
