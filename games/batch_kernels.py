"""Compiled loops of :mod:`games.batch`: extreme equilibria of many small two-player games.

Every decision is the sign of a polynomial in payoff differences. It is taken from its float
value if that is large against the sum of the magnitudes of its terms, from its exact value
if the differences are small integers (then nothing is rounded), and otherwise not at all: the
game is left to exact arithmetic. Importing this module imports numba.

Glossary: ``V[i, j]`` what the opponent gets from j against the player's own action i; ``I`` a
support of the player, ``J`` as many replies of the opponent; ``w`` weights on I that make J
equally good, up to a factor; ``size`` of a weight, the same sum with absolute values.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from games.normal_form import FloatArray

__all__ = ["MAX_ACTIONS", "equilibria_kernel"]

MAX_ACTIONS = 4
_MAX_VERTICES = 32
"""More than a polytope of 4 dimensions with 8 facets can have."""
_CLEAR = 1e-6
"""A value is clear from this share of its terms' magnitude: 8 digits above rounding."""
_TINY = 1e-280
"""Below this, products may have lost digits to underflow."""
_REGRET_TOL = 1e-10
_UNCLEAR = 2


def _sign(value: float, size: float, is_integral: bool) -> int:
    """Sign of a value, or ``_UNCLEAR``."""
    if abs(value) > _CLEAR * size + _TINY:
        return 1 if value > 0 else -1
    if is_integral:
        return 0 if value == 0 else (1 if value > 0 else -1)
    return _UNCLEAR


_sign_jit = numba.njit(cache=True, inline="always")(_sign)


def _minor(D: FloatArray, a: int, b: int, c: int) -> tuple[float, float]:
    """Determinant of three columns of D and the sum of its terms' magnitudes."""
    p = D[1, b] * D[2, c]
    q = D[1, c] * D[2, b]
    r = D[1, a] * D[2, c]
    s = D[1, c] * D[2, a]
    t = D[1, a] * D[2, b]
    u = D[1, b] * D[2, a]
    value = D[0, a] * (p - q) - D[0, b] * (r - s) + D[0, c] * (t - u)
    size = (
        abs(D[0, a]) * (abs(p) + abs(q))
        + abs(D[0, b]) * (abs(r) + abs(s))
        + abs(D[0, c]) * (abs(t) + abs(u))
    )
    return value, size


_minor_jit = numba.njit(cache=True)(_minor)


def _weights(
    V: FloatArray, subsets: NDArray[np.int64], a: int, replies: NDArray[np.int64], b: int,
    D: FloatArray, w: FloatArray, size: FloatArray, is_integral: bool,
) -> int:  # fmt: skip
    """Fill the weights, made positive; 1 if all are, 0 if not, ``_UNCLEAR`` if it is."""
    s = subsets[a, 0]
    first = replies[b, 1]
    for t in range(s - 1):
        for p in range(s):
            i = subsets[a, p + 1]
            D[t, p] = V[i, replies[b, t + 2]] - V[i, first]
    if s == 2:
        w[0], w[1] = D[0, 1], -D[0, 0]
        size[0], size[1] = 0.0, 0.0
    elif s == 3:
        for p in range(3):
            c, d = (p + 1) % 3, (p + 2) % 3
            plus, minus = D[0, c] * D[1, d], D[0, d] * D[1, c]
            w[p] = plus - minus
            size[p] = abs(plus) + abs(minus)
    else:
        w[0], size[0] = _minor_jit(D, 1, 2, 3)
        w[1], size[1] = _minor_jit(D, 0, 2, 3)
        w[2], size[2] = _minor_jit(D, 0, 1, 3)
        w[3], size[3] = _minor_jit(D, 0, 1, 2)
        w[1], w[3] = -w[1], -w[3]
    has_plus = has_minus = has_zero = is_unclear = False
    for p in range(s):
        # Two weights are single differences, of which floats always know the sign.
        sign = _sign_jit(w[p], size[p], is_integral or s == 2)
        has_plus |= sign == 1
        has_minus |= sign == -1
        has_zero |= sign == 0
        is_unclear |= sign == _UNCLEAR
    if (has_plus and has_minus) or has_zero:
        return 0
    if is_unclear:
        return _UNCLEAR
    for p in range(s):
        w[p] = abs(w[p])
        size[p] = max(size[p], w[p])
    return 1


_weights_jit = numba.njit(cache=True)(_weights)


def _best_replies(
    V: FloatArray, subsets: NDArray[np.int64], a: int, first: int, inside: int, alive: int,
    w: FloatArray, size: FloatArray, is_integral: bool,
) -> int:  # fmt: skip
    """Bit mask of all best replies if those of ``inside`` are, 0 if not, -1 if unclear."""
    replies, is_unclear = inside, False
    for j in range(V.shape[1]):
        if (inside >> j) & 1 or not (alive >> j) & 1:
            continue
        gain = magnitude = 0.0
        for p in range(subsets[a, 0]):
            i = subsets[a, p + 1]
            difference = V[i, j] - V[i, first]
            gain += w[p] * difference
            magnitude += size[p] * abs(difference)
        sign = _sign_jit(gain, magnitude, is_integral)
        if sign == 1:
            return 0
        if sign == 0:
            replies |= 1 << j
        is_unclear |= sign == _UNCLEAR
    return -1 if is_unclear else replies


_best_replies_jit = numba.njit(cache=True)(_best_replies)


def _compare(V: FloatArray, better: NDArray[np.int64]) -> None:
    """Fill ``better[j, l]`` with the bit mask of own actions against which l is better than j."""
    n_own, n_other = V.shape
    for j in range(n_other):
        for l in range(n_other):
            mask = 0
            for i in range(n_own):
                mask |= (V[i, l] > V[i, j]) << i
            better[j, l] = mask


_compare_jit = numba.njit(cache=True)(_compare)


def _undominated(better: NDArray[np.int64], support: int, n_other: int) -> int:
    """Bit mask of the replies that no other beats against every action of the support."""
    alive = 0
    for j in range(n_other):
        is_alive = 1
        for l in range(n_other):
            if better[j, l] & support == support:
                is_alive = 0
                break
        alive |= is_alive << j
    return alive


_undominated_jit = numba.njit(cache=True)(_undominated)


def _vertices(
    V: FloatArray, subsets: NDArray[np.int64], replies: NDArray[np.int64],
    first: NDArray[np.int64], wanted: int, is_integral: bool, labels: NDArray[np.int64],
    points: FloatArray, better: NDArray[np.int64], D: FloatArray, w: FloatArray,
    size: FloatArray,
) -> int:  # fmt: skip
    """Supports, best replies and probabilities of extreme strategies; how many, -1 if unclear.

    ``labels[v]`` has the best replies in its lowest bits and, shifted by ``MAX_ACTIONS``, the
    support. Only supports are looked at of which the bit is set in ``wanted``. The replies of
    s actions begin at ``first[s]``.
    """
    _compare_jit(V, better)
    n_other = V.shape[1]
    count = 0
    for a in range(subsets.shape[0]):
        s, support = subsets[a, 0], subsets[a, 5]
        if not (wanted >> support) & 1:
            continue
        alive = _undominated_jit(better, support, n_other)
        if s == 1:
            # Against a pure action the best replies are those that are not dominated.
            w[0] = 1.0
            _normalise_jit(points, count, subsets, a, w)
            labels[count] = alive | (support << MAX_ACTIONS)
            count += 1
            continue
        if s > n_other:
            break
        start = count
        for b in range(first[s], first[s + 1]):
            inside = replies[b, 5]
            if inside & ~alive:
                continue
            state = _weights_jit(V, subsets, a, replies, b, D, w, size, is_integral)
            if state == 0:
                continue
            best = -1
            if state == 1:
                best = _best_replies_jit(
                    V, subsets, a, replies[b, 1], inside, alive, w, size, is_integral
                )
            if best == -1 or count == labels.size:
                return -1
            label = best | (support << MAX_ACTIONS)
            is_new = best != 0
            for v in range(start, count):
                is_new &= labels[v] != label
            if is_new:
                labels[count] = label
                _normalise_jit(points, count, subsets, a, w)
                count += 1
    return count


def _normalise(
    points: FloatArray, v: int, subsets: NDArray[np.int64], a: int, w: FloatArray
) -> None:
    total = 0.0
    for p in range(subsets[a, 0]):
        total += w[p]
    for i in range(points.shape[1]):
        points[v, i] = 0.0
    for p in range(subsets[a, 0]):
        points[v, subsets[a, p + 1]] = w[p] / total


_normalise_jit = numba.njit(cache=True)(_normalise)
_vertices_jit = numba.njit(cache=True)(_vertices)


def _losses(V: FloatArray, losses: FloatArray) -> float:
    """Fill in what each reply j loses against i to the best one; the largest of these."""
    largest = 0.0
    for i in range(V.shape[0]):
        top = V[i, 0]
        for j in range(1, V.shape[1]):
            top = max(top, V[i, j])
        for j in range(V.shape[1]):
            losses[i, j] = top - V[i, j]
            largest = max(largest, losses[i, j])
    return largest


_losses_jit = numba.njit(cache=True)(_losses)


def _regret(losses: FloatArray, points: FloatArray, v: int, replies: FloatArray, u: int) -> float:
    """What the player of ``replies[u]`` could gain at most against ``points[v]``."""
    least, loss = np.inf, 0.0
    for j in range(losses.shape[1]):
        value = 0.0
        for i in range(losses.shape[0]):
            value += points[v, i] * losses[i, j]
        least = min(least, value)
        loss += value * replies[u, j]
    return max(loss - least, 0.0)


_regret_jit = numba.njit(cache=True)(_regret)


def _is_integral(V: FloatArray, limit: float) -> bool:
    """Whether all payoffs are integers, or sixteenths, so small that nothing is rounded."""
    low = high = V[0, 0]
    unit = 1.0
    for i in range(V.shape[0]):
        for j in range(V.shape[1]):
            value = V[i, j]
            if value != np.floor(value):
                unit = 16.0
                if value * unit != np.floor(value * unit):
                    return False
            low, high = min(low, value), max(high, value)
    return (high - low) * unit <= limit


_is_integral_jit = numba.njit(cache=True)(_is_integral)


def _first(subsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the subsets of each size begin, and end."""
    first = np.zeros(MAX_ACTIONS + 2, np.int64)
    for a in range(subsets.shape[0]):
        first[subsets[a, 0] + 1 :] = a + 1
    return first


_first_jit = numba.njit(cache=True)(_first)


def _order(strategies: FloatArray, regrets: FloatArray, start: int, end: int) -> None:
    """Sort rows lexicographically, first actions first, by insertion: there are few."""
    n = strategies.shape[1]
    for e in range(start + 1, end):
        for f in range(e, start, -1):
            c = 0
            while c < n and strategies[f, c] == strategies[f - 1, c]:
                c += 1
            if c == n or strategies[f, c] < strategies[f - 1, c]:
                break
            for d in range(n):
                value = strategies[f, d]
                strategies[f, d] = strategies[f - 1, d]
                strategies[f - 1, d] = value
            value = regrets[f]
            regrets[f] = regrets[f - 1]
            regrets[f - 1] = value


_order_jit = numba.njit(cache=True)(_order)


def _pair(
    x_labels: NDArray[np.int64], y_labels: NDArray[np.int64], n_x: int, n_y: int,
    x_points: FloatArray, y_points: FloatArray, A_losses: FloatArray, B_losses: FloatArray,
    tols: tuple[float, float], strategies: FloatArray, regrets: FloatArray, start: int,
) -> tuple[int, bool]:  # fmt: skip
    """Write the pairs of best replies from ``start`` on; the end (-1 on regret), degeneracy."""
    m, total, is_degenerate = x_points.shape[1], start, False
    for v in range(n_x):
        x_support, x_replies = x_labels[v] >> MAX_ACTIONS, x_labels[v] & 15
        for u in range(n_y):
            y_support, y_replies = y_labels[u] >> MAX_ACTIONS, y_labels[u] & 15
            if x_support & ~y_replies or y_support & ~x_replies:
                continue
            is_degenerate |= x_support != y_replies or y_support != x_replies
            for i in range(m):
                strategies[total, i] = x_points[v, i]
            for j in range(y_points.shape[1]):
                strategies[total, m + j] = y_points[u, j]
            row_regret = _regret_jit(A_losses, y_points, u, x_points, v)
            column_regret = _regret_jit(B_losses, x_points, v, y_points, u)
            if not (row_regret <= tols[0] and column_regret <= tols[1]):
                return -1, False
            regrets[total] = max(row_regret, column_regret)
            total += 1
    _order_jit(strategies, regrets, start, total)
    return total, is_degenerate


_pair_jit = numba.njit(cache=True)(_pair)


def _equilibria(
    payoffs: FloatArray, rows: NDArray[np.int64], columns: NDArray[np.int64],
    subsets_of: NDArray[np.int64], limit: float,
    strategies: FloatArray, regrets: FloatArray, counts: NDArray[np.int64],
    is_degenerate: NDArray[np.bool_],
) -> tuple[int, int]:  # fmt: skip
    """Extreme equilibria of each game, one after the other; how many games and how many in all.

    Ends early when ``strategies`` may be too short for the next game.

    Parameters
    ----------
    payoffs : (n_games, 2, m, k) array of float
    rows, columns : (n, 6) arrays of int
        Nonempty subsets of each player's actions by size: size, up to 4 actions, bit mask.
    subsets_of : (16,) array of int
        Bit mask of the subsets of each bit mask.
    limit : float
        Largest spread, in sixteenths, of payoffs of which every polynomial is exact.
    strategies : (capacity, m + k) array of float, filled
    regrets : (capacity,) array of float, filled
    counts : (n_games,) array of int, filled
        -1 for a game that is left to exact arithmetic.
    is_degenerate : (n_games,) array of bool, filled
        Whether some equilibrium strategy has more best replies than actions in its support.
    """
    n_games, _, m, k = payoffs.shape
    x_labels, y_labels = np.empty(_MAX_VERTICES, np.int64), np.empty(_MAX_VERTICES, np.int64)
    x_points, y_points = np.empty((_MAX_VERTICES, m)), np.empty((_MAX_VERTICES, k))
    D, w, size, better = np.empty((3, 4)), np.empty(4), np.empty(4), np.empty((4, 4), np.int64)
    B, A, B_losses, A_losses = np.empty((m, k)), np.empty((k, m)), np.empty((m, k)), np.empty((k, m))
    first_rows, first_columns = _first_jit(rows), _first_jit(columns)
    total = 0
    for g in range(n_games):
        for i in range(m):
            for j in range(k):
                A[j, i] = payoffs[g, 0, i, j]
                B[i, j] = payoffs[g, 1, i, j]
        counts[g], is_degenerate[g] = -1, False
        n_x = _vertices_jit(
            B, rows, columns, first_columns, -1, False, x_labels, x_points, better, D, w, size
        )
        if n_x < 0 and _is_integral_jit(B, limit):
            n_x = _vertices_jit(
                B, rows, columns, first_columns, -1, True, x_labels, x_points, better, D, w, size
            )
        wanted = 0
        for v in range(n_x):
            wanted |= subsets_of[x_labels[v] & 15]
        n_y = _vertices_jit(
            A, columns, rows, first_rows, wanted, False, y_labels, y_points, better, D, w, size
        )
        if n_y < 0 and _is_integral_jit(A, limit):
            n_y = _vertices_jit(
                A, columns, rows, first_rows, wanted, True, y_labels, y_points, better, D, w, size
            )
        if n_x < 0 or n_y < 0:
            continue
        A_tol = _REGRET_TOL * _losses_jit(A, A_losses)
        B_tol = _REGRET_TOL * _losses_jit(B, B_losses)
        if total + n_x * n_y > regrets.size:
            return g, total
        end, is_degenerate[g] = _pair_jit(
            x_labels, y_labels, n_x, n_y, x_points, y_points, A_losses, B_losses,
            (A_tol, B_tol), strategies, regrets, total,
        )  # fmt: skip
        if end > total:
            counts[g] = end - total
            total = end
    return n_games, total


equilibria_kernel = numba.njit(cache=True)(_equilibria)
