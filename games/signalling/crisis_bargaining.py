"""Crisis bargaining: a demand to an opponent whose cost of conflict is not known.

A pie of 1 is disputed. In a conflict A wins the share ``ρ`` on average; it costs A ``c_A`` and B
``c_B``. Every division in ``[ρ - c_A, ρ + c_B]`` is better for both, and yet conflict happens: if
A only knows that ``c_B`` is uniform on ``[0, C]`` it demands ``ρ + (C - c_A) / 2`` and risks
conflict with probability ``(1 - c_A / C) / 2`` (Fearon, 1995). Where power is about to shift by
``Δρ``, the side that declines strikes first if ``δ Δρ`` exceeds what can be offered to it today
(after Powell, 2006).

References
----------
.. [1] J. D. Fearon, "Rationalist explanations for war", International Organization 49(3), 1995,
   379-414.
.. [2] R. Powell, "War as a commitment problem", International Organization 60(1), 2006, 169-203.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from games.errors import InvalidGameError
from games.extensive_form.builder import TreeBuilder
from games.extensive_form.exact_numbers import exact_number
from games.extensive_form.tree import ExtensiveGame
from games.signalling.checks import check_number, check_probability

__all__ = ["CrisisDemand", "best_demand", "crisis_tree", "preventive_incentive"]


@dataclass(frozen=True)
class CrisisDemand:
    """The demand that is best for A and what it leads to.

    Parameters
    ----------
    demand : float
        A's share if B agrees.
    conflict_probability : float
    payoff : float
        A's expected payoff.
    bargaining_range : pair of float
        Divisions that both prefer to conflict when B's cost has its mean, as A's shares, cut to
        the pie.
    """

    demand: float
    conflict_probability: float
    payoff: float
    bargaining_range: tuple[float, float]


def best_demand(win_share: float, cost: float, largest_cost: float) -> CrisisDemand:
    """Best demand of A when B's cost of conflict is uniform on ``[0, largest_cost]``.

    Parameters
    ----------
    win_share : float
        ``ρ``, A's average share after a conflict, from 0 to 1.
    cost : float
        ``c_A``, at least 0.
    largest_cost : float
        ``C``, positive.

    Raises
    ------
    InvalidGameError
        If a number is out of its range.

    Notes
    -----
    If ``c_A >= C`` A demands ``ρ``, which every B accepts. A cannot demand more than the pie: the
    demand is at most 1.

    Examples
    --------
    >>> best = best_demand(0.6, 0.1, 0.4)
    >>> round(best.demand, 9), round(best.conflict_probability, 9)
    (0.75, 0.375)
    """
    check_probability(win_share, "win_share")
    check_number(cost, "cost")
    if cost < 0:
        raise InvalidGameError("cost", f"is {cost}; at least 0 is needed")
    check_number(largest_cost, "largest_cost", above=0)
    demand = min(1.0, win_share + max(0.0, (largest_cost - cost) / 2))
    conflict = (demand - win_share) / largest_cost
    payoff = (1 - conflict) * demand + conflict * (win_share - cost)
    mean = largest_cost / 2
    return CrisisDemand(
        demand, conflict, payoff, (max(0.0, win_share - cost), min(1.0, win_share + mean))
    )


def crisis_tree(
    win_share: float, cost: float, opponent_costs: Sequence[float], demands: Sequence[float]
) -> ExtensiveGame:
    """The crisis as a tree with finitely many demands and equally probable costs of B.

    Returns
    -------
    ExtensiveGame
        Of perfect information: A demands, chance draws B's cost, B accepts or fights. (That B
        knows its cost before the demand makes no difference: A does not.)

    Examples
    --------
    >>> from games.extensive_form.backward_induction import backward_induction
    >>> tree = crisis_tree(0.6, 0.1, [0.05, 0.15, 0.25, 0.35], [0.64, 0.74, 0.84, 0.94])
    >>> [found] = backward_induction(tree).equilibria
    >>> found.behavior[0].tolist()
    [0.0, 1.0, 0.0, 0.0]
    """
    rho = exact_number(win_share, "win_share")
    own_cost = exact_number(cost, "cost")
    costs = [exact_number(c, "opponent_costs") for c in opponent_costs]
    shares = [exact_number(x, "demands") for x in demands]
    if not costs or not shares:
        raise InvalidGameError("opponent_costs, demands", "need at least one number each")
    tree = TreeBuilder(["A", "B"], title="crisis bargaining")
    labels = [f"demand {x}" for x in demands]
    chances = {f"cost {k + 1}": Fraction(1, len(costs)) for k in range(len(costs))}
    for share, node in zip(shares, tree.move(0, "A", labels), strict=True):
        for c, drawn in zip(costs, tree.chance(node, chances), strict=True):
            accept, fight = tree.move(drawn, "B", ["accept", "fight"])
            tree.end(accept, [share, 1 - share])
            tree.end(fight, [rho - own_cost, 1 - rho - c])
    return tree.build()


def preventive_incentive(
    power_shift: float, discount: float, costs: tuple[float, float], transferable: float = 0.0
) -> float:
    """How much the declining side gains by striking now rather than being overtaken.

    Parameters
    ----------
    power_shift : float
        ``Δρ``, the share that it will lose tomorrow; at least 0.
    discount : float
        ``δ``, from 0 to 1.
    costs : pair of float
        Costs of conflict of both sides; at least 0.
    transferable : float
        What the rising side can hand over today beyond that; at least 0.

    Returns
    -------
    float
        ``δ Δρ - (c_A + c_B + transferable)``: positive if no promise today can outweigh the
        loss tomorrow.

    Examples
    --------
    >>> round(preventive_incentive(0.5, 0.9, (0.1, 0.2)), 9)
    0.15
    """
    check_probability(discount, "discount")
    for name, value in (
        ("power_shift", power_shift),
        ("costs[0]", costs[0]),
        ("costs[1]", costs[1]),
        ("transferable", transferable),
    ):
        check_number(value, name)
        if value < 0:
            raise InvalidGameError(name, f"is {value}; at least 0 is needed")
    return discount * power_shift - (sum(costs) + transferable)
