"""States of a conflict file: labels, patterns of options, numbers, and references to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from games.documents import Document
from games.errors import InvalidGameError, TooLargeError
from games.graph_model.conflict import MAX_STATES, BoolArray
from games.graph_model.options import feasible_patterns, pattern_rows

__all__ = ["StateNames", "placed", "read_states", "state_patterns"]

NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


@dataclass(eq=False)
class StateNames:
    """Labels of the states, their patterns if they have them, and how they are referred to.

    Parameters
    ----------
    labels : list of str
    patterns : list of str
        Y and N for each option; empty if the states are no patterns.
    by_position : bool
        Whether a number means a position, from 1.
    """

    labels: list[str]
    patterns: list[str]
    by_position: bool
    used_labels: bool = False
    index: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.index = {label: k for k, label in enumerate(self.labels)}

    def number(self, document: Document, path: tuple[str | int, ...], value: Any) -> int:
        """Number of a state from how the file refers to it."""
        if not isinstance(value, bool) and isinstance(value, int | str):
            text = str(value)
            if text in self.index:
                self.used_labels |= not _is_number(text)
                return self.index[text]
            if self.by_position and _is_number(text) and 1 <= int(text) <= len(self.labels):
                return int(text) - 1
        some = ", ".join(self.labels[:12]) + (", …" if len(self.labels) > 12 else "")
        numbers = f" or 1 to {len(self.labels)}" if self.by_position else ""
        raise document.error(path, f"unknown state {value!r:.60}; states are {some}{numbers}")

    def references(self, is_generated: bool) -> tuple[int | str, ...]:
        """Labels where the file uses them, numbers otherwise."""
        if self.by_position and not self.used_labels and not is_generated:
            return tuple(range(1, len(self.labels) + 1))
        return tuple(int(label) if _is_number(label) else label for label in self.labels)


def _is_number(text: str) -> bool:
    """Whether a reference is a number as it is usually written: ``1`` but not ``01`` or ``²``."""
    return NUMBER.fullmatch(text) is not None


def read_states(document: Document, data: Mapping[Any, Any], n_options: int) -> StateNames:
    """States that the file lists, or that its options and infeasible patterns leave."""
    if "states" not in data:
        if not n_options:
            raise document.error((), "lacks states, and there are no options to make them from")
        rules = [str(r) for r in document.listed(("infeasible",), data.get("infeasible", []))]
        patterns = placed(
            document, ("infeasible",), lambda: list(feasible_patterns(n_options, rules))
        )
        return StateNames(patterns, patterns, by_position=True)
    if "infeasible" in data:
        raise document.error(("infeasible",), "has no meaning beside states; remove one of them")
    given = data["states"]
    if isinstance(given, int) and not isinstance(given, bool):
        if not 1 <= given <= MAX_STATES:
            raise document.error(("states",), f"must be 1 to {MAX_STATES} states (got {given})")
        given = list(range(1, given + 1))
    if isinstance(given, Mapping):
        labels = [str(label) for label in given]
        if not labels:
            raise document.error(("states",), "is empty; give at least one")
        _few(document, labels)
        return StateNames(labels, [str(pattern) for pattern in given.values()], by_position=False)
    labels = []
    seen: set[str] = set()
    _few(document, document.listed(("states",), given))
    for k, label in enumerate(given):
        if not isinstance(label, int | str) or isinstance(label, bool) or str(label) in seen:
            raise document.error(("states", k), f"must be a label of its own (got {label!r:.60})")
        labels.append(str(label))
        seen.add(str(label))
    if not labels:
        raise document.error(("states",), "is empty; give at least one")
    are_patterns = bool(n_options) and all(set(label) <= {"Y", "N"} for label in labels)
    by_position = not any(_is_number(label) for label in labels)
    return StateNames(labels, labels if are_patterns else [], by_position)


def state_patterns(document: Document, states: StateNames, n_options: int) -> BoolArray:
    """Patterns of the states as rows of Booleans, each mistake at its place in the file."""
    for k, pattern in enumerate(states.patterns):
        step = k if states.by_position else states.labels[k]
        placed(
            document, ("states", step), lambda pattern=pattern: pattern_rows([pattern], n_options)
        )
    return pattern_rows(states.patterns, n_options)


def _few(document: Document, labels: list[Any]) -> None:
    if len(labels) > MAX_STATES:
        raise document.error(
            ("states",), f"are {len(labels)}; at most {MAX_STATES} states are analysed"
        )


def placed(document: Document, path: tuple[str | int, ...], build: Any) -> Any:
    """Result of ``build()``, its input errors placed in the file."""
    try:
        return build()
    except TooLargeError as error:
        raise TooLargeError(f"{document.place(path)}: {error}") from None
    except InvalidGameError as error:
        if error.place.startswith(document.name):
            raise
        raise document.error(path, f"{error.place}: {error.problem}") from None
