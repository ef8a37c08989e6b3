"""Check of the kernel: no player outweighs another who has something to lose.

The *surplus* of i over j at x is s_ij(x), the largest excess of a coalition with i and without
j. An efficient x is in the *prekernel* if s_ij = s_ji for all pairs; an imputation is in the
*kernel* if s_ij > s_ji only where x_j = v({j}) (Davis & Maschler, 1965).

References
----------
.. [1] M. Davis, M. Maschler, "The kernel of a cooperative game", Naval Research Logistics
   Quarterly 12, 1965, 223-259.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from games.coalitional.excess import checked_efficient, excesses
from games.coalitional.tu_game import TUGame
from games.normal_form import FloatArray

__all__ = ["KernelCheck", "kernel_check", "surpluses"]


@dataclass(frozen=True, eq=False)
class KernelCheck:
    """Whether an allocation is in the kernel and the prekernel.

    Parameters
    ----------
    is_in_kernel, is_in_prekernel : bool
    surpluses : (n_players, n_players) array
        ``surpluses[i, j]`` is s_ij; 0 on the diagonal.
    outweighed : tuple of (int, int)
        Pairs (i, j) in which i outweighs j, who has something to lose.
    """

    is_in_kernel: bool
    is_in_prekernel: bool
    surpluses: FloatArray
    outweighed: tuple[tuple[int, int], ...]


def kernel_check(game: TUGame, allocation: ArrayLike) -> KernelCheck:
    """Whether ``allocation`` is in the kernel and in the prekernel, up to 1e-9 of the scale.

    Raises
    ------
    InvalidGameError
        If the allocation does not share out the worth of the grand coalition.

    Examples
    --------
    >>> kernel_check(TUGame([0, 0, 0, 1]), [0.7, 0.3]).outweighed
    ((1, 0),)
    """
    x = checked_efficient(game, allocation)
    tol = 10 * game.tolerance()
    s = surpluses(game, x)
    above = x - game.individual_worths
    heavier: NDArray[np.bool_] = s - s.T > tol
    pairs = tuple((int(i), int(j)) for i, j in np.argwhere(heavier) if above[j] > tol)
    is_in_kernel = not pairs and bool((above >= -tol).all())
    return KernelCheck(is_in_kernel, not heavier.any(), s, pairs)


def surpluses(game: TUGame, allocation: ArrayLike) -> FloatArray:
    """Largest excess of a coalition with i and without j, shape ``(n_players, n_players)``."""
    n = game.n_players
    excess = excesses(game, allocation)
    s = np.zeros((n, n))
    for low in range(n):
        for high in range(low + 1, n):
            cube = excess.reshape(-1, 2, 1 << (high - low - 1), 2, 1 << low)
            s[high, low] = cube[:, 1, :, 0].max()
            s[low, high] = cube[:, 0, :, 1].max()
    return s
