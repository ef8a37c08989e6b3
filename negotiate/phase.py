"""Phase maps: where in the plane of two numbers the treaty holds.

Every slack that is linear in each of two numbers x and y is a + b·x + c·y + d·x·y, so four
constants for each constraint draw the whole map, its boundary included, wherever it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negotiate.compiling import compile_treaty
from negotiate.errors import ModelError
from negotiate.incentives import Incentives, incentives_at
from negotiate.situation import build_ledger
from negotiate.treaty import Treaty
from negotiate.varied import canonical, given

__all__ = ["PhaseMap", "phase_map"]


@dataclass(frozen=True, eq=False)
class PhaseMap:
    """Slack of every constraint over the plane of two numbers.

    Parameters
    ----------
    x, y : str
        Paths of the two numbers.
    at : (float, float)
        Where the treaty stands.
    constraints : tuple of (party, kind, against)
        ``kind`` is ``compliance`` or ``participation``.
    coefficients : (n_constraints, 4) array of float
        Slack is ``a + b*x + c*y + d*x*y``.
    """

    x: str
    y: str
    at: tuple[float, float]
    constraints: tuple[tuple[str, str, str], ...]
    coefficients: NDArray[np.float64]

    def slack(self, x: Any, y: Any) -> NDArray[np.float64]:
        """Slack of every constraint at points of the plane, constraints on the last axis."""
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        basis = np.stack(np.broadcast_arrays(np.ones_like(x), x, y, x * y), axis=-1)
        product: NDArray[np.float64] = basis @ self.coefficients.T
        return product


def phase_map(treaty: Treaty, x: str, y: str) -> PhaseMap:
    """Slack of every constraint as a function of two numbers of the treaty.

    Parameters
    ----------
    treaty : Treaty
    x, y : str
        Paths, as in ``clauses.penalty.sanction``.

    Raises
    ------
    PathError
        If a path names nothing.
    ModelError
        If a slack is not linear in one of the numbers.

    Examples
    --------
    >>> from negotiate.reading import read_treaty
    >>> two = read_treaty({"title": "Two", "parties": {"A": {}, "B": {}}, "stakes": {"gain": 8},
    ...     "clauses": [{"kind": "penalty", "sanction": 20}, {"kind": "evidence"}]})
    >>> plane = phase_map(two, "clauses.penalty.sanction", "clauses.evidence.detection")
    >>> plane.constraints[0], plane.slack(20, 0.5)[0]
    (('A', 'compliance', 'violate'), np.float64(2.0))
    """
    treaty = given(treaty, [x, y])
    x, y = canonical(treaty, x), canonical(treaty, y)
    situation = compile_treaty(treaty)
    system = incentives_at(build_ledger(situation))
    of = np.argwhere(system.constrains)
    coefficients = _coefficients(system, (x, y))[of[:, 0], of[:, 1]]
    kinds = np.where(system.joins, "compliance", "participation")
    constraints = tuple(
        (situation.parties[i], str(kinds[i, o]), situation.menu.options[i][o].name) for i, o in of
    )
    at = (_point(system, x), _point(system, y))
    return PhaseMap(x, y, at, constraints, coefficients)


def _point(system: Incentives, path: str) -> float:
    for parameter in system.ledger.parameters.values():
        if path in parameter.paths:
            return float(parameter.point[parameter.paths.index(path)])
    return float("nan")  # no payoff depends on it


def _coefficients(system: Incentives, paths: tuple[str, str]) -> NDArray[np.float64]:
    """Constants a, b, c, d of every slack, from its values at the four corners of a square."""
    corners = []
    for x in (0.0, 1.0):
        for y in (0.0, 1.0):
            values = _placed(system, dict(zip(paths, (x, y), strict=True)))
            for name in values:
                if system.split(name, values) is None:
                    raise ModelError(f"slack is not linear in {name}; sweep it instead")
            corners.append(system.sums(values))
    a, ay, ax, axy = corners
    return np.stack([a, ax - a, ay - a, axy - ax - ay + a], axis=-1)


def _placed(system: Incentives, values: dict[str, float]) -> dict[str, NDArray[np.float64]]:
    """Values by parameter name: of all parties, or of those to which a path belongs."""
    placed: dict[str, NDArray[np.float64]] = {}
    for path, value in values.items():
        for name, parameter in system.ledger.parameters.items():
            if path in parameter.paths:
                column = placed.get(name, parameter.point).copy()
                column[[at == path for at in parameter.paths]] = value
                placed[name] = column
    return placed
