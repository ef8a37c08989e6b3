"""Analysis: a treaty asked the first questions, in one record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negotiate.answer import Answer
from negotiate.compiling import compile_treaty
from negotiate.ledger import Ledger
from negotiate.questions.deterrence import SAMPLES, deterrence
from negotiate.questions.equilibria import equilibria
from negotiate.questions.tipping import tipping
from negotiate.reading import digest
from negotiate.readings.numbers import payoff_tensor
from negotiate.situation import Situation, build_ledger
from negotiate.treaty import Treaty

__all__ = ["Analysis", "analyze"]

MOST_FOR_TIPPING = 50


@dataclass(frozen=True, eq=False)
class Analysis:
    """A treaty, its situation, and the answers to the first questions.

    Parameters
    ----------
    treaty : Treaty
    situation : Situation
    deterrence, equilibria : Answer
    tipping : Answer, optional
        Where joining is free and the parties are at most :data:`MOST_FOR_TIPPING`.
    """

    treaty: Treaty
    situation: Situation
    deterrence: Answer
    equilibria: Answer
    tipping: Answer | None

    @property
    def holds(self) -> bool:
        """Whether every party joins and complies."""
        return self.deterrence.verdict.value == "holds"

    @cached_property
    def ledger(self) -> Ledger:
        """Payoff ledger of the treaty."""
        return build_ledger(self.situation)

    @cached_property
    def payoffs(self) -> NDArray[np.float64]:
        """Payoffs at all profiles, ``payoffs[party, a_0, ..., a_{n-1}]``."""
        return payoff_tensor(self.ledger)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that the answers say, the verdict first."""
        tips = () if self.tipping is None else self.tipping.sentences
        return (*self.deterrence.sentences, *self.equilibria.sentences, *tips)

    def to_dict(self) -> dict[str, Any]:
        """Analysis as plain data: what ``negotiate analyze --json`` prints."""
        parties = {}
        for row in self.deterrence.records["parties"]:
            parties[row["party"]] = {key: value for key, value in row.items() if key != "party"}
        return {
            "title": self.treaty.title,
            "verdict": self.deterrence.verdict.value,
            "sentences": list(self.sentences),
            "parties": parties,
            "constraints": list(self.deterrence.records["constraints"]),
            "break_even": list(self.deterrence.records["break_even"]),
            "duties": list(self.deterrence.records["duties"]),
            "equilibria": list(self.equilibria.records["equilibria"]),
            "equilibria_complete": self.equilibria.records["extent"][0]["is_complete"],
            "equilibria_method": self.equilibria.records["extent"][0]["method"],
            "tipping": [] if self.tipping is None else list(self.tipping.records["tipping"]),
            "note": self.treaty.note,
            "caveats": list(self.treaty.caveats),
            "replay": self.deterrence.replay.to_dict(),
        }


def analyze(
    treaty: Treaty, *, lever: str | None = None, seed: int = 0, samples: int = SAMPLES
) -> Analysis:
    """Ask a treaty whether it deters, and what its equilibria are.

    Parameters
    ----------
    treaty : Treaty
    lever : str, optional
        Path of the number whose window is wanted; the sanction if left out.
    seed, samples : int
        Of the draws over the stated ranges.

    Examples
    --------
    >>> from negotiate.reading import read_treaty
    >>> found = analyze(read_treaty({
    ...     "title": "Two states", "parties": {"Arland": {}, "Borland": {}},
    ...     "stakes": {"gain": 8, "cost": 2},
    ...     "clauses": [{"kind": "penalty", "sanction": 12},
    ...                 {"kind": "club_benefit", "benefit": 3}]}))
    >>> found.deterrence.sentences[0]
    'Holds: every party joins and complies, 1 to spare (Arland, against staying out); fails if ...'
    """
    situation = compile_treaty(treaty)
    said = digest(treaty)
    tips = situation.membership.is_voluntary and len(situation.parties) <= MOST_FOR_TIPPING
    return Analysis(
        treaty,
        situation,
        deterrence(situation, lever=lever, seed=seed, samples=samples, digest=said),
        equilibria(situation, digest=said),
        tipping(situation, digest=said) if tips else None,
    )
