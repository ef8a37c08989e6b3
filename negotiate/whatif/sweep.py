"""Sweep: the incentives of a treaty at every combination of the values of some numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from negotiate.compiling import compile_treaty
from negotiate.errors import ModelError, nearest
from negotiate.incentives import Incentives, incentives_at
from negotiate.reading import with_values
from negotiate.situation import build_ledger
from negotiate.treaty import Treaty
from negotiate.varied import canonical, given, is_structural, parameter_values
from negotiate.whatif.equilibrium_counts import pure_equilibrium_counts

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MEASURES", "sweep", "sweep_slack"]

MEASURES = ("slack", "complies", "joins", "verdict", "equilibria")
"""What can be reported: for each party its slack, whether it complies, whether it joins; for the
treaty whether it holds, and how many pure equilibria its game has."""

CHUNK = 32_768
MAX_CASES = 20_000_000
MAX_NUMBERS = 200_000_000


def sweep(
    treaty: Treaty,
    vary: Mapping[str, ArrayLike],
    measures: Sequence[str] = ("slack", "verdict"),
    *,
    progress: bool | Callable[[int, int], None] = False,
) -> pd.DataFrame:
    """Incentives at every combination of values, one row a case.

    Parameters
    ----------
    treaty : Treaty
    vary : mapping of path to values
        Such as ``{"clauses.penalty.sanction": np.linspace(0, 20, 101)}``; all combinations are
        evaluated, the last number varying fastest.
    measures : sequence of str
        Of :data:`MEASURES`.
    progress : bool or function
        Show a progress bar on the terminal, or call ``progress(done, total)`` after each chunk.

    Returns
    -------
    pandas.DataFrame
        Columns: each path; then ``slack.NAME``, ``complies.NAME``, ``joins.NAME`` for each
        party; ``verdict``, true where every party joins and complies; ``equilibria``, the
        number of pure equilibria of the treaty's game.

    Raises
    ------
    PathError
        If a path names nothing, with the nearest that exists.
    ModelError
        If a measure is unknown, a value is not allowed or there are too many cases.

    Examples
    --------
    >>> from negotiate.reading import read_treaty
    >>> two = read_treaty({"title": "Two", "parties": {"A": {}, "B": {}}, "stakes": {"gain": 8},
    ...     "clauses": [{"kind": "penalty", "sanction": 20}]})
    >>> sweep(two, {"clauses.penalty.sanction": [6, 8, 10]})
       clauses.penalty.sanction  slack.A  slack.B  verdict
    0                       6.0     -2.0     -2.0    False
    1                       8.0      0.0      0.0     True
    2                      10.0      0.0      0.0     True
    """
    import pandas as pd

    for measure in measures:
        if measure not in MEASURES:
            hint = nearest(measure, MEASURES)
            raise ModelError(f"no such measure: '{measure}'{hint} (known: {', '.join(MEASURES)})")
    if not vary:
        raise ModelError("vary: at least one number is needed")
    columns = {path: _checked(path, values) for path, values in vary.items()}
    total = math.prod(len(values) for values in columns.values())
    if total > MAX_CASES:
        raise ModelError(f"a sweep may have {MAX_CASES} cases (got {total}); take fewer values")
    per_party = len(set(measures) - {"verdict", "equilibria"})
    width = len(columns) + per_party * len(treaty.parties) + 2
    if total * width > MAX_NUMBERS:
        raise ModelError(
            f"a table may have {MAX_NUMBERS} numbers (got {total} cases of {width}); take fewer "
            "values, or only the measure 'verdict'"
        )
    parts = []
    with _progress(progress) as report:
        done = 0
        for points, system, values, slack, of in sweep_slack(treaty, columns):
            parts.append(_frame(points, system, slack, of, measures))
            if "equilibria" in measures:
                counts = pure_equilibrium_counts(system.ledger, values, len(slack))
                parts[-1]["equilibria"] = counts
            done += len(slack)
            report(done, total)
    return pd.concat(parts, ignore_index=True)


def sweep_slack(
    treaty: Treaty, vary: Mapping[str, NDArray[np.float64]]
) -> Iterator[
    tuple[
        dict[str, NDArray[np.float64]],
        Incentives,
        dict[str, NDArray[np.float64]],
        NDArray[np.float64],
        NDArray[np.intp],
    ]
]:
    """Chunks of a sweep: points, the constraints, values by parameter, slack, and whose it is."""
    known: dict[str, str] = {}
    for path in vary:
        same = known.setdefault(canonical(treaty, path), path)
        if same != path:
            raise ModelError(f"{path}: names the same number as {same}; vary it once")
    treaty = given(treaty, vary)
    parameters = compile_treaty(treaty).parameters
    named = {path: canonical for canonical, path in known.items()}
    structural = [path for path in vary if is_structural(named[path], parameters)]
    shape = [len(values) for values in vary.values()]
    chunk = CHUNK
    compiled: dict[tuple[float, ...], Incentives] = {}
    for start in range(0, math.prod(shape), chunk):
        flat = np.arange(start, min(start + chunk, math.prod(shape)))
        index = np.unravel_index(flat, shape)
        points = {path: vary[path][k] for path, k in zip(vary, index, strict=True)}
        for rows, key in _alike(points, structural):
            if key not in compiled:
                compiled[key] = _compile(treaty, dict(zip(structural, key, strict=True)))
            system = compiled[key]
            some = {path: column[rows] for path, column in points.items()}
            book = system.ledger
            by_parameter = {named[path]: column for path, column in some.items()}
            values = parameter_values(book.parameters, by_parameter, book.menu.n_parties)
            slack, of = system.batch(values)
            if len(slack) == 1 != len(rows):
                slack = np.repeat(slack, len(rows), axis=0)
            yield some, system, values, slack, of


def _alike(
    points: Mapping[str, NDArray[np.float64]], structural: Sequence[str]
) -> Iterator[tuple[NDArray[np.intp], tuple[float, ...]]]:
    """Rows that share one structure of the treaty, in runs that keep the order of cases."""
    size = len(next(iter(points.values())))
    if not structural:
        yield np.arange(size), ()
        return
    table = np.column_stack([points[path] for path in structural])
    edges = np.flatnonzero((np.diff(table, axis=0) != 0).any(axis=1)) + 1
    for rows in np.split(np.arange(size), edges):
        yield rows, tuple(map(float, table[rows[0]]))


def _compile(treaty: Treaty, changes: Mapping[str, float]) -> Incentives:
    whole = {p: int(v) if p.endswith(".count") and v == int(v) else v for p, v in changes.items()}
    return incentives_at(
        build_ledger(compile_treaty(with_values(treaty, whole) if whole else treaty))
    )


def _checked(path: str, values: ArrayLike) -> NDArray[np.float64]:
    try:
        column = np.atleast_1d(np.asarray(values, dtype=float))
    except (TypeError, ValueError):
        raise ModelError(f"{path}: a list of numbers is needed") from None
    if column.ndim != 1 or column.size == 0 or not np.isfinite(column).all():
        raise ModelError(f"{path}: a list of finite numbers is needed")
    return column


def _frame(
    points: Mapping[str, NDArray[np.float64]],
    system: Incentives,
    slack: NDArray[np.float64],
    of: NDArray[np.intp],
    measures: Sequence[str],
) -> pd.DataFrame:
    import pandas as pd

    columns: dict[str, Any] = dict(points)
    by_constraint = np.ascontiguousarray(slack.T)
    joins = system.joins[of[:, 0], of[:, 1]]
    parties = system.ledger.menu.parties
    wanted = {"slack": np.ones_like(joins), "complies": joins, "joins": ~joins}
    for measure in (m for m in measures if m in wanted):
        for i, party in enumerate(parties):
            mine = (of[:, 0] == i) & wanted[measure]
            least = by_constraint[mine].min(axis=0, initial=np.inf)
            columns[f"{measure}.{party}"] = least if measure == "slack" else least >= 0
    if "verdict" in measures:
        columns["verdict"] = (by_constraint >= 0).all(axis=0)
    return pd.DataFrame(columns)


@contextmanager
def _progress(
    progress: bool | Callable[[int, int], None],
) -> Iterator[Callable[[int, int], None]]:
    """Progress bar while a sweep runs, or calls to a function, or nothing."""
    if callable(progress):
        yield progress
    elif not progress:
        yield lambda done, total: None
    else:
        from rich.console import Console
        from rich.progress import Progress

        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("sweep")
            yield lambda done, total: bar.update(task, completed=done, total=total)
