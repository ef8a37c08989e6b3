"""Convex sets in the plane as lists of extreme points, degenerate ones included.

A set is an array of its extreme points, counterclockwise: none (empty), one (a point), two (a
segment) or more (a polygon). Callers scale their sets to the unit square, so tolerances here are
absolute distances.
"""

from __future__ import annotations

import numpy as np

from games.normal_form import FloatArray

__all__ = ["clip", "convex_hull", "distance_to_hull", "hausdorff_distance"]


def convex_hull(points: FloatArray, *, merge_tol: float) -> FloatArray:
    """Extreme points of the convex hull, counterclockwise from the lowest first coordinate.

    Parameters
    ----------
    points : (n, 2) array of float
    merge_tol : float
        A point this near to another one, or to the hull of the others, is left out.

    Returns
    -------
    (k, 2) array of float

    Examples
    --------
    >>> convex_hull(np.array([[0.0, 0], [1, 1], [0.5, 0.5]]), merge_tol=1e-12)
    array([[0., 0.],
           [1., 1.]])
    """
    kept: list[tuple[float, float]] = []
    for x, y in sorted(_columns(points, merge_tol)):
        if not kept or x > kept[-1][0] or y > kept[-1][1] + merge_tol:
            kept.append((x, y))
    if len(kept) <= 1:
        return np.array(kept, dtype=float).reshape(-1, 2)
    lower, upper = _chain(kept, merge_tol), _chain(kept[::-1], merge_tol)
    return np.array(lower[:-1] + upper[:-1], dtype=float)


def clip(vertices: FloatArray, floors: tuple[float, float], *, clip_tol: float) -> FloatArray:
    """Extreme points of the part of a convex set that lies at or above two floors.

    Parameters
    ----------
    vertices : (k, 2) array of float
        As :func:`convex_hull` returns them.
    floors : pair of float
        Least first and second coordinate; infinity empties the set.
    clip_tol : float
        A point this little below a floor is moved up to it instead of being cut.

    Examples
    --------
    >>> square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    >>> clip(square, (0.5, 1.0), clip_tol=1e-12)
    array([[0.5, 1. ],
           [1. , 1. ]])
    """
    points = [(float(x), float(y)) for x, y in vertices]
    for axis, floor in enumerate(floors):
        points = _cut(points, axis, floor, clip_tol)
    unique = list(dict.fromkeys(points))
    return np.array(unique, dtype=float).reshape(-1, 2)


def distance_to_hull(point: FloatArray, vertices: FloatArray) -> float:
    """Distance of a point from a convex set; infinite if the set is empty.

    Examples
    --------
    >>> distance_to_hull(np.array([2.0, 0.5]), np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]))
    1.0
    """
    k = len(vertices)
    if k == 0:
        return float("inf")
    starts, ends = vertices, np.roll(vertices, -1, axis=0)
    edges, away = ends - starts, point - starts
    lengths = np.maximum((edges**2).sum(axis=1), np.finfo(float).tiny)
    if k >= 3 and (edges[:, 0] * away[:, 1] - edges[:, 1] * away[:, 0] >= 0).all():
        return 0.0
    along = np.clip((edges * away).sum(axis=1) / lengths, 0, 1)
    gaps = away - along[:, None] * edges
    return float(np.sqrt((gaps**2).sum(axis=1)).min())


def hausdorff_distance(first: FloatArray, second: FloatArray) -> float:
    """Largest distance of a point of either convex set from the other; infinite if one is empty.

    Two empty sets have distance 0.
    """
    if len(first) == len(second) == 0:
        return 0.0
    if len(first) == 0 or len(second) == 0:
        return float("inf")
    return max(
        max(distance_to_hull(point, second) for point in first),
        max(distance_to_hull(point, first) for point in second),
    )


def _columns(points: FloatArray, merge_tol: float) -> list[tuple[float, float]]:
    """Points with first coordinates this near to each other made equal.

    Without it a nearly vertical edge is visited in the order of its rounding errors, and the
    chain drops its ends for points of its middle.
    """
    columns = []
    anchor = -np.inf
    for x, y in sorted((float(x), float(y)) for x, y in points):
        anchor = x if x > anchor + merge_tol else anchor
        columns.append((anchor, y))
    return columns


def _chain(points: list[tuple[float, float]], merge_tol: float) -> list[tuple[float, float]]:
    """One half of Andrew's monotone chain; drops points on or within the tolerance of a chord."""
    chain: list[tuple[float, float]] = []
    for x, y in points:
        while len(chain) >= 2:
            (ax, ay), (bx, by) = chain[-2], chain[-1]
            turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
            chord = max(abs(x - ax), abs(y - ay))
            if turn > merge_tol * chord:
                break
            chain.pop()
        chain.append((x, y))
    return chain


def _cut(
    points: list[tuple[float, float]], axis: int, floor: float, clip_tol: float
) -> list[tuple[float, float]]:
    """Sutherland-Hodgman step for one floor; works for points and segments too."""
    kept = []
    for k, point in enumerate(points):
        previous = points[k - 1]
        inside, was_inside = point[axis] >= floor - clip_tol, previous[axis] >= floor - clip_tol
        if inside != was_inside:
            share = (floor - previous[axis]) / (point[axis] - previous[axis])
            share = min(max(share, 0.0), 1.0)
            other = previous[1 - axis] + share * (point[1 - axis] - previous[1 - axis])
            kept.append((floor, other) if axis == 0 else (other, floor))
        if inside:
            height = max(point[axis], floor)
            kept.append((height, point[1]) if axis == 0 else (point[0], height))
    return kept
