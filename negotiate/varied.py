"""Varied numbers: values of paths as values of the parameters of a ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negotiate.clauses.clause import quantity_fields
from negotiate.errors import ModelError
from negotiate.parameters import Parameter
from negotiate.paths import locate
from negotiate.quantity import Quantity, bounds_in_words
from negotiate.reading import with_values
from negotiate.treaty import Treaty

__all__ = ["canonical", "given", "is_structural", "parameter_values"]


def given(treaty: Treaty, paths: Iterable[str]) -> Treaty:
    """Treaty that says every number at ``paths``, those left out at their defaults.

    What a document does not say is no parameter; a number must be said before it can be varied.

    Raises
    ------
    PathError
        If a path names nothing.
    """
    data: Any = treaty.model_dump(by_alias=True, exclude_unset=True)
    changes = {}
    for path in paths:
        location = locate(data, path)
        at = data
        for part in location:
            at = at.get(part) if isinstance(at, Mapping) else at[part]
            if at is None:
                changes[path] = _default(treaty, location)
                break
    return with_values(treaty, changes) if changes else treaty


def _default(treaty: Treaty, location: tuple[str | int, ...]) -> float:
    match location:
        case ("stakes", _):
            return 0.0
        case ("parties", _, str(stake)):
            general = getattr(treaty.stakes, stake, None)
            return general.value if isinstance(general, Quantity) else 0.0
        case ("clauses", int(index), "schedule", _):
            return _default(treaty, ("clauses", index, "sanction"))
        case ("clauses", int(index), str(name)):
            value = getattr(treaty.clauses[index], name)
            if isinstance(value, Quantity):
                return value.value
            return float(value) if isinstance(value, int | float) else 0.0
        case _:
            return 0.0


def canonical(treaty: Treaty, path: str) -> str:
    """The one path by which parameters know a number that has several.

    A clause may be named by its id, its number or its kind.

    Raises
    ------
    PathError
        If the path names nothing.
    ModelError
        If it names no number.
    """
    data: Any = treaty.model_dump(by_alias=True, exclude_unset=True)
    location = locate(data, path)
    if location[0] == "clauses":
        _, index, name, *rest = location
        clause = treaty.clauses[int(index)]
        numbers = (*quantity_fields(type(clause)), "count", "schedule", "shares", "parameters")
        if name not in numbers:
            raise ModelError(f"{path}: is no number, so it cannot be varied")
        return ".".join(["clauses", clause.id, str(name), *map(str, rest)])
    return path if location[0] != "payoffs" else ".".join(map(str, location))


def is_structural(path: str, parameters: Mapping[str, Parameter]) -> bool:
    """Whether a path is no parameter of payoffs: it changes who is bound, and is recompiled."""
    return not any(path in parameter.paths for parameter in parameters.values())


def parameter_values(
    parameters: Mapping[str, Parameter], values: Mapping[str, NDArray[np.float64]], n_parties: int
) -> dict[str, NDArray[np.float64]]:
    """Values by parameter name for values by path.

    Parameters
    ----------
    parameters : mapping of str to Parameter
    values : mapping of path to (n_points,) array
    n_parties : int

    Returns
    -------
    dict of name to ``(n_points,)`` or ``(n_points, n_parties)`` array

    Raises
    ------
    ModelError
        If a value is outside the range that the number must keep to.
    """
    found: dict[str, NDArray[np.float64]] = {}
    for path, column in values.items():
        for name, parameter in parameters.items():
            if path not in parameter.paths:
                continue
            _check_range(parameter, path, column)
            if len(set(parameter.paths)) == 1:
                found[name] = column
                continue
            if name not in found:
                point = np.broadcast_to(parameter.point, (n_parties,))
                found[name] = np.tile(point, (len(column), 1))
            own = [i for i in range(n_parties) if parameter.path_of(i) == path]
            found[name][:, own] = column[:, None]
    return found


def _check_range(parameter: Parameter, path: str, column: NDArray[np.float64]) -> None:
    if not np.isfinite(column).all():
        raise ModelError(f"{path}: values must be finite numbers")
    for value in (float(column.min()), float(column.max())):
        if not parameter.low <= value <= parameter.high:
            raise ModelError(
                f"{path}: must be {bounds_in_words(parameter.low, parameter.high)} (got {value:g})"
            )
