"""Variants: each is checked as the treaty that it makes, when the file is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from negotiate.checks import cross_check, unknown_name
from negotiate.errors import Mistake, PathError
from negotiate.messages import mistakes_of
from negotiate.paths import locate, replaced
from negotiate.treaty import Treaty, Variant
from negotiate.yaml_text import Location

__all__ = ["variant_mistakes"]


def variant_mistakes(treaty: Treaty) -> Iterator[Mistake]:
    """Mistakes of every variant: paths and clauses that are none, values that are not allowed."""
    if not treaty.variants:
        return
    data: Any = treaty.model_dump(by_alias=True, exclude_unset=True, exclude={"variants"})
    stands = {(m.location, m.problem) for m in cross_check(treaty)}
    ids = [clause.id for clause in treaty.clauses]
    for name, variant in treaty.variants.items():
        for k, clause in enumerate(variant.drop):
            yield from unknown_name(("variants", name, "drop", k), clause, ids, "clause")
        located: dict[str, Location] = {}
        for path in variant.set:
            try:
                located[path] = locate(data, path)
            except PathError as error:
                yield Mistake(("variants", name, "set", path), str(error))
        for at, problem in _of_values(data, variant, located):
            if (at, problem) not in stands:
                yield _placed(name, located, at, problem)


def _of_values(
    data: Any, variant: Variant, located: dict[str, Location]
) -> Iterator[tuple[Location, str]]:
    """Mistakes of the treaty that a variant makes, with their places in that treaty."""
    for path, location in located.items():
        data = replaced(data, location, variant.set[path])
    try:
        changed = Treaty.model_validate(data)
    except ValidationError as error:
        found = [mistake for mistake, _ in mistakes_of(error, data)]
    else:
        found = list(cross_check(changed))
    yield from ((mistake.location, mistake.problem) for mistake in found)


def _placed(name: str, located: dict[str, Location], at: Location, problem: str) -> Mistake:
    """Mistake at the value that causes it, or at the variant if several may."""
    holder: Location = ("variants", name, "set")
    for path, location in located.items():
        if at[: len(location)] == location:
            return Mistake((*holder, path), problem)
    return Mistake(holder, f"{'.'.join(map(str, at))}: {problem}")
