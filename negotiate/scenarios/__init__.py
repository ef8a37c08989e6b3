"""Shipped scenarios: treaty files with their sources, named by their file."""

from __future__ import annotations

from pathlib import Path

from negotiate.errors import PathError, nearest

__all__ = ["scenario_names", "scenario_path"]

_FOLDER = Path(__file__).parent


def scenario_names() -> list[str]:
    """Names of the shipped scenarios, sorted."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


def scenario_path(name: str) -> Path:
    """Path of a shipped scenario.

    Raises
    ------
    PathError
        If none has this name.
    """
    if name not in scenario_names():
        known = ", ".join(scenario_names())
        hint = nearest(name, scenario_names())
        raise PathError(f"{name}: no such scenario{hint} (known: {known})")
    return _FOLDER / f"{name}.yaml"
