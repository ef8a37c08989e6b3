"""The study behind deterrence: incentives at full compliance, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from negotiate.break_even import Span, span
from negotiate.errors import PathError, nearest
from negotiate.incentives import Incentives, incentives_at
from negotiate.situation import Situation, build_ledger

__all__ = ["Deterrence", "study"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Deterrence:
    """Incentives at full compliance, and what is derived from them when asked.

    Parameters
    ----------
    situation : Situation
    system : Incentives
    lever : str, optional
        Name of the parameter of the window; none if no clause has a sanction.
    """

    situation: Situation
    system: Incentives
    lever: str | None

    @cached_property
    def slack(self) -> Floats:
        """Slack at the point, ``(n_parties, n_options)``."""
        return self.system.slack()

    @cached_property
    def compliance(self) -> Floats:
        """Least slack against the options that mean membership, by party."""
        least: Floats = np.where(self.system.joins, self.slack, np.inf).min(axis=1)
        return least

    @cached_property
    def participation(self) -> Floats:
        """Slack against staying out, by party; infinite where membership is given."""
        least: Floats = np.where(self.system.joins, np.inf, self.slack).min(axis=1)
        return least

    @cached_property
    def binding(self) -> NDArray[np.intp]:
        """Option with the least slack, by party."""
        return np.asarray(self.slack.argmin(axis=1))

    @cached_property
    def window(self) -> Span | None:
        """Values of the lever at which each party stays in line."""
        return None if self.lever is None else span(self.system, self.lever)

    @cached_property
    def spans(self) -> dict[str, Span]:
        """Values of every parameter at which each party stays in line."""
        return {name: span(self.system, name) for name in self.system.names}

    @property
    def holds(self) -> bool:
        """Whether every party joins and complies."""
        return bool((self.slack >= 0).all())


def study(situation: Situation, lever: str | None = None) -> Deterrence:
    """Incentives at full compliance.

    Parameters
    ----------
    situation : Situation
    lever : str, optional
        Path of the parameter whose window is wanted; the sanction of the first penalty if left
        out.

    Raises
    ------
    PathError
        If no parameter stands at ``lever``.
    """
    system = incentives_at(build_ledger(situation))
    parameters = situation.parameters
    if lever is None:
        sanctions = [name for name in parameters if name.endswith(".sanction")]
        return Deterrence(situation, system, _known(system, sanctions[:1]))
    names = [n for n, p in parameters.items() if n == lever or lever in p.paths]
    if not names:
        paths = [path for p in parameters.values() for path in p.paths]
        raise PathError(f"{lever}: no number of this treaty{nearest(lever, paths)}")
    return Deterrence(situation, system, _known(system, names[:1]))


def _known(system: Incentives, names: list[str]) -> str | None:
    return next((name for name in names if name in system.ledger.parameters), None)
