"""Equilibria: the treaty's game written out, and all its equilibria listed.

Two parties: every extreme Nash equilibrium, pure and mixed. More parties: every pure one. Too
many profiles to write out: the two profiles that matter most, full compliance and nobody in, are
checked alone, and the answer says that the list is incomplete.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from games.equilibrium import Equilibrium
from games.nash_equilibria import nash_equilibria
from games.normal_form import NormalFormGame
from games.refinements import labelled
from games.solvers.pure_equilibria import pure_equilibria
from negotiate.answer import Answer, Certificate, Replay, Verdict, figure, listed, versions
from negotiate.errors import TooManyProfilesError
from negotiate.incentives import ROUNDING, incentives_at
from negotiate.ledger import Ledger
from negotiate.readings.numbers import payoff_tensor, payoffs_at, to_12_digits
from negotiate.situation import Situation, build_ledger

__all__ = ["equilibria", "treaty_game"]

FULL_COMPLIANCE = "full compliance"
NOBODY_JOINS = "nobody joins"

MOST_COMPARED = 500
"""Equilibria up to which each is compared with every other for dominance."""


def treaty_game(situation: Situation) -> NormalFormGame:
    """The treaty's game in normal form, with its parties and options as labels.

    Payoffs are rounded to 12 digits of the party's largest, so that a tie in the treaty is a tie
    in the game and not an accident of adding up.

    Raises
    ------
    TooManyProfilesError
        If the game has too many profiles to write out.
    """
    payoffs = payoff_tensor(build_ledger(situation))
    payoffs = to_12_digits(payoffs.reshape(len(payoffs), -1)).reshape(payoffs.shape)
    menu = situation.menu
    actions = [[option.name for option in row] for row in menu.options]
    return NormalFormGame(payoffs, menu.parties, actions)


@dataclass(frozen=True, eq=False)
class _Found:
    """Equilibria with the labels of the treaty."""

    situation: Situation
    equilibria: tuple[Equilibrium, ...]
    is_complete: bool
    method: str
    note: str

    @cached_property
    def profiles(self) -> list[NDArray[np.intp] | None]:
        """Action profile of each pure equilibrium; nothing for a mixed one."""
        return [
            np.array([int(s.argmax()) for s in e.strategies], dtype=np.intp) if e.is_pure else None
            for e in self.equilibria
        ]

    def labels(self, index: int) -> list[str]:
        """What is known of one equilibrium."""
        menu = self.situation.menu
        profile = self.profiles[index]
        labels = list(self.equilibria[index].labels)
        if profile is not None:
            if (profile == menu.full_compliance).all():
                labels.append(FULL_COMPLIANCE)
            if not any(menu.options[i][a].joins for i, a in enumerate(profile)):
                labels.append(NOBODY_JOINS)
        return labels


def equilibria(situation: Situation, *, digest: str = "") -> Answer:
    """All equilibria of the treaty's game, each with its regret, and which is full compliance.

    Parameters
    ----------
    situation : Situation
    digest : str
        Of the treaty, for the replay record.

    Returns
    -------
    Answer
        Table ``equilibria``: strategies, payoffs, regret, labels; table ``extent``: whether the
        list is complete, and the method.
    """
    found = _solve(situation)
    records = [_record(found, k) for k in range(len(found.equilibria))]
    extent = {"is_complete": found.is_complete, "method": found.method, "note": found.note}
    holds = any(FULL_COMPLIANCE in row["labels"] for row in records)
    regret = max((row["regret"] for row in records), default=0.0)
    scale = max((abs(v) for row in records for v in row["payoffs"].values()), default=1.0)
    return Answer(
        question="equilibria",
        verdict=Verdict.HOLDS if holds else Verdict.DOES_NOT_HOLD,
        sentences=tuple(_sentences(found, records)),
        records={"equilibria": records, "extent": [extent]},
        certificate=Certificate("largest regret", regret, 1e-9 * max(scale, 1.0)),
        replay=Replay(found.method, ROUNDING, digest, versions=versions()),
    )


def _solve(situation: Situation) -> _Found:
    try:
        game = treaty_game(situation)
    except TooManyProfilesError as error:
        return _named_profiles(situation, str(error))
    # Mixed play of many parties is no advice, and to seek it takes seconds.
    solved = nash_equilibria(game) if game.n_players == 2 else pure_equilibria(game)
    if len(solved.equilibria) <= MOST_COMPARED:
        solved = labelled(game, solved)
    return _Found(situation, solved.equilibria, solved.is_complete, solved.method, solved.note)


def _named_profiles(situation: Situation, reason: str) -> _Found:
    """Check full compliance and nobody in, by their unilateral deviations alone."""
    book = build_ledger(situation)
    menu = situation.menu
    outside = np.array(
        [min(range(len(row)), key=lambda k: row[k].joins) for row in menu.options], dtype=np.intp
    )
    found = []
    for profile in (menu.full_compliance, outside):
        regret = float(np.maximum(-incentives_at(book, profile).slack(), 0.0).max())
        if regret == 0.0:
            strategies = tuple(np.eye(m)[a] for a, m in zip(profile, menu.shape, strict=True))
            found.append(Equilibrium(strategies, _payoffs(book, profile), regret))
    note = f"Only full compliance and nobody in were checked: {reason}."
    return _Found(situation, tuple(found), False, "unilateral deviations, no enumeration", note)


def _payoffs(book: Ledger, profile: NDArray[np.intp]) -> NDArray[np.float64]:
    payoffs: NDArray[np.float64] = payoffs_at(book, profile[None, :])[0]
    return payoffs


def _record(found: _Found, index: int) -> dict[str, Any]:
    menu = found.situation.menu
    equilibrium = found.equilibria[index]
    profile = found.profiles[index]
    return {
        "profile": None
        if profile is None
        else dict(zip(menu.parties, menu.names(profile), strict=True)),
        "strategies": {
            party: {
                option.name: float(p)
                for option, p in zip(menu.options[i], equilibrium.strategies[i], strict=True)
                if p > 0
            }
            for i, party in enumerate(menu.parties)
        },
        "payoffs": dict(zip(menu.parties, map(float, equilibrium.payoffs), strict=True)),
        "regret": equilibrium.regret,
        "labels": found.labels(index),
    }


def _sentences(found: _Found, records: list[dict[str, Any]]) -> list[str]:
    pure = sum(row["profile"] is not None for row in records)
    kinds = f"{len(records)} equilibria" if len(records) != 1 else "One equilibrium"
    which = "" if pure == len(records) else f", {pure} of them pure"
    extent = _extent(found)
    sentences = [f"{kinds}{which}; {extent}."]
    if found.note:
        sentences.append(found.note)
    full = [row for row in records if FULL_COMPLIANCE in row["labels"]]
    if full:
        others = len(records) - 1
        alone = "the only equilibrium" if not others else f"one of {len(records)}"
        sentences.append(f"Full compliance is {alone}{_named(full[0])}.")
    else:
        sentences.append("Full compliance is no equilibrium.")
    if any(NOBODY_JOINS in row["labels"] for row in records):
        sentences.append(
            "That nobody joins is an equilibrium too." if full else "Nobody joining is."
        )
    if records:
        worst = max(row["regret"] for row in records)
        sentences.append(f"Certificate: no party can gain more than {figure(worst)} by deviating.")
    return sentences


def _extent(found: _Found) -> str:
    if found.is_complete:
        return "all listed"
    if found.note.startswith("Only pure"):
        return "every pure one is listed"
    return "the list may be incomplete"


def _named(row: dict[str, Any]) -> str:
    labels = [label for label in row["labels"] if label != FULL_COMPLIANCE]
    return f" ({listed(labels)})" if labels else ""
