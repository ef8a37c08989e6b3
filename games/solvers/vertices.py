"""What an enumeration of the vertices of a best-response polytope returns.

A vertex is named by its *label set*: the bit mask of its tight inequalities, in which bit i
stands for ``z[i] >= 0`` and bit ``n_variables + j`` for row j of the coefficients. A vertex at
which no more inequalities meet than there are variables is *simple*: it has one basis, whose
nonbasic variables are its labels. Every other vertex has several bases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_LABELS", "LabelSets", "Vertices", "label_sets"]

MAX_LABELS = 62
"""Number of labels up to which a label set fits into a machine integer."""

LabelSets = NDArray[Any]
"""Bit masks: of type ``int64``, or Python integers where there are too many labels for these."""


@dataclass(frozen=True, eq=False)
class Vertices:
    """Every vertex of a polytope once, and how many bases were settled in exact integers.

    Parameters
    ----------
    simple : (n,) array of bit masks
        Label sets of the simple vertices; each is its own basis.
    degenerate : dict of int to int
        Label set and one basis of each other vertex.
    n_bases, n_exact : int
    """

    simple: LabelSets
    degenerate: dict[int, int]
    n_bases: int
    n_exact: int

    def basis_of(self, labels: int) -> int:
        """A basis of the vertex with these labels."""
        return self.degenerate.get(labels, labels)


def label_sets(masks: Iterable[int], n_labels: int) -> LabelSets:
    """Bit masks as an array."""
    return np.array(list(masks), dtype=np.int64 if n_labels <= MAX_LABELS else object)
