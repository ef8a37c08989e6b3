"""Compiled arithmetic of :mod:`games.batch`: signs that are sure, and weights by Cramer's rule.

Importing this module imports numba. ``V[i, j]`` is what the opponent gets from reply j against
the player's own action i.
"""

from __future__ import annotations

import numba

from games.normal_form import FloatArray

__all__ = ["CLEAR", "HUGE", "TINY", "clear_sign", "gains_minor", "weights_of_three"]

CLEAR = 1e-6
"""A value is clear from this share of its terms' magnitude: 9 digits above rounding."""
TINY = 1e-280
"""Below this, products may have lost digits to underflow."""
HUGE = 1e70
"""Products of four differences of payoffs up to this do not overflow."""


def _clear_sign(value: float, size: float) -> int:
    """Sign of a value with terms of total magnitude ``size``; 0 if rounding may matter."""
    bound = CLEAR * size + TINY
    return int(value > bound) - int(value < -bound)


clear_sign = numba.njit(cache=True)(_clear_sign)


def _weights_of_three(
    V: FloatArray, a: int, b: int, c: int, j: int, r: int, h: int
) -> tuple[float, float, float, float, float, float]:
    """Signed weights of a, b and c that make j, r and h equally good, and their magnitudes."""
    da, db, dc = V[a, r] - V[a, j], V[b, r] - V[b, j], V[c, r] - V[c, j]
    ea, eb, ec = V[a, h] - V[a, j], V[b, h] - V[b, j], V[c, h] - V[c, j]
    pa, qa, pb, qb, pc, qc = db * ec, dc * eb, dc * ea, da * ec, da * eb, db * ea
    return (
        pa - qa, pb - qb, pc - qc, abs(pa) + abs(qa), abs(pb) + abs(qb), abs(pc) + abs(qc)
    )  # fmt: skip


weights_of_three = numba.njit(cache=True)(_weights_of_three)


def _gains_minor(V: FloatArray, a: int, b: int, c: int) -> tuple[float, float]:
    """Determinant of the replies' gains over the first one in three rows, and its magnitude."""
    a1, a2, a3 = V[a, 1] - V[a, 0], V[a, 2] - V[a, 0], V[a, 3] - V[a, 0]
    b1, b2, b3 = V[b, 1] - V[b, 0], V[b, 2] - V[b, 0], V[b, 3] - V[b, 0]
    c1, c2, c3 = V[c, 1] - V[c, 0], V[c, 2] - V[c, 0], V[c, 3] - V[c, 0]
    p, q, r, s, t, u = b2 * c3, b3 * c2, b1 * c3, b3 * c1, b1 * c2, b2 * c1
    value = a1 * (p - q) - a2 * (r - s) + a3 * (t - u)
    size = abs(a1) * (abs(p) + abs(q)) + abs(a2) * (abs(r) + abs(s))
    return value, size + abs(a3) * (abs(t) + abs(u))


gains_minor = numba.njit(cache=True)(_gains_minor)
