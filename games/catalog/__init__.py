"""Known games as data, filed by source, each with its known equilibria.

Books have a module each (``osborne``, ``fudenberg_tirole``, ...); articles are filed by topic
(``articles_on_conflict``, ...). Every entry names its author, year and place.

Equilibria are checked by the solvers. Payoffs and places are given as recalled; those of "Selten's
horse" and "nine equilibria" were compared with Gambit's copies of these games, the others not
with print.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from itertools import pairwise

from games.catalog.entry import CatalogEntry
from games.errors import InvalidGameError

__all__ = ["CatalogEntry", "catalog", "catalog_entry"]

_MODULES = (
    "articles_on_bargaining_and_markets",
    "articles_on_conflict",
    "articles_on_coordination",
    "articles_on_inspection",
    "articles_on_many_players",
    "articles_on_refinements",
    "articles_on_zero_sum_games",
    "fudenberg_tirole",
    "gibbons",
    "luce_raiffa",
    "osborne",
    "rasmusen",
    "von_neumann_morgenstern",
)


@cache
def catalog() -> tuple[CatalogEntry, ...]:
    """All entries, by name.

    Examples
    --------
    >>> len(catalog()) >= 40
    True
    """
    modules = [import_module(f"games.catalog.{name}") for name in _MODULES]
    entries = sorted((e for module in modules for e in module.ENTRIES), key=lambda e: e.name)
    for before, after in pairwise(entries):
        if before.name == after.name:
            raise InvalidGameError(f"catalog: {before.name}", "is listed twice; rename one")
    return tuple(entries)


def catalog_entry(name: str) -> CatalogEntry:
    """Entry of that name; capitals and surrounding spaces do not count.

    Raises
    ------
    InvalidGameError
        If there is none; the message names the nearest.

    Examples
    --------
    >>> entry = catalog_entry("Bach or Stravinsky")
    >>> print(entry.source)
    M. J. Osborne (2004), An Introduction to Game Theory, section 2.3
    >>> len(entry.equilibria)
    3
    """
    from difflib import get_close_matches

    wanted = name.strip().casefold()
    names = {entry.name.casefold(): entry for entry in catalog()}
    if wanted in names:
        return names[wanted]
    near = get_close_matches(wanted, names, n=1, cutoff=0.5)
    hint = f"; did you mean {names[near[0]].name!r}?" if near else "; see games.catalog.catalog()"
    raise InvalidGameError("name", f"{name!r} is not in the catalog{hint}")
