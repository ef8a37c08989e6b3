"""A study: a treaty with numbers changed, the steps that led there, and what it is compared with.

Frozen data. What the screen does with it is in :mod:`app.state`.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

from negotiate import edit_text

__all__ = ["Changes", "Source", "Study"]

MOST_STEPS = 200

Changes = tuple[tuple[str, float], ...]
"""Numbers by path, in the order in which they were first changed."""


@dataclass(frozen=True)
class Source:
    """Where the treaty came from.

    Parameters
    ----------
    name : str
        Scenario or file name.
    text : str
        The YAML as it stands in the file.
    folder : str, optional
        Where CSV files that it names lie; none for an upload.
    is_scenario : bool
    """

    name: str
    text: str
    folder: str | None = None
    is_scenario: bool = False

    @property
    def place(self) -> str:
        """What a command or a script opens; an upload must lie where they are run."""
        if self.is_scenario or self.folder is None:
            return self.name
        return str(Path(self.folder) / self.name)


@dataclass(frozen=True)
class Study:
    """A treaty with numbers changed, and a baseline to compare with.

    Parameters
    ----------
    source : Source
    changes : tuple of (path, value)
        In the order in which they were first made.
    baseline : tuple of (path, value), optional
    past, future : tuples of changes
        For undo and redo.
    """

    source: Source
    changes: Changes = ()
    baseline: Changes | None = None
    past: tuple[Changes, ...] = field(default=(), repr=False)
    future: tuple[Changes, ...] = field(default=(), repr=False)

    def with_changes(self, values: Mapping[str, float]) -> Study:
        """Return the study after one more step."""
        return self.at(tuple({**dict(self.changes), **values}.items()))

    def reset(self) -> Study:
        """Return the study with the numbers of the file, as one more step."""
        return self.at(())

    def at(self, changes: Changes) -> Study:
        """Return the study with exactly these changes, as one more step."""
        if changes == self.changes:
            return self
        past = (*self.past, self.changes)[-MOST_STEPS:]
        return replace(self, changes=changes, past=past, future=())

    def undo(self) -> Study:
        """Return the study before the last step, if there was one."""
        if not self.past:
            return self
        *past, changes = self.past
        future = (self.changes, *self.future)
        return replace(self, changes=changes, past=tuple(past), future=future)

    def redo(self) -> Study:
        """Return the study after the step that was taken back last, if there was one."""
        if not self.future:
            return self
        changes, *future = self.future
        past = (*self.past, self.changes)
        return replace(self, changes=changes, past=past, future=tuple(future))

    def yaml(self) -> str:
        """Return the treaty file with the changes made."""
        return (
            edit_text(self.source.text, dict(self.changes)) if self.changes else self.source.text
        )

    def command(self) -> str:
        """Return the command that prints what the screen shows."""
        sets = [part for given in self.given() for part in ("--set", given)]
        return shlex.join(["negotiate", "analyze", self.source.place, *sets])

    def python(self) -> str:
        """Return the Python that computes what the screen shows."""
        changes = "".join(f"    {path!r}: {value!r},\n" for path, value in self.changes)
        given = f", {{\n{changes}}}" if changes else ""
        return (
            "import negotiate\n\n"
            f"treaty = negotiate.read_treaty({self.source.place!r}{given})\n"
            "found = negotiate.analyze(treaty)\n"
            'print("\\n".join(found.sentences))\n'
        )

    def given(self) -> list[str]:
        """Return the changes as ``path=value``, to the last digit."""
        return [f"{path}={repr(value).removesuffix('.0')}" for path, value in self.changes]

    def query(self) -> dict[str, list[str]]:
        """Return the study as query parameters; an upload is not in a link, only its name."""
        return {"treaty": [self.source.name], "set": self.given()}

    def link(self, address: str) -> str:
        """Return the address of this study."""
        return f"{address.partition('?')[0]}?{urlencode(self.query(), doseq=True)}"
