"""Game files in and out: Gambit ``.efg``, ``.nfg`` and ``.gbt``, JSON and CSV tables.

:func:`read_game` and :func:`write_game` go by the suffix. Whatever is wrong with a file is an
:class:`~games.errors.InvalidGameError` whose place is ``file:line:column``.
"""

from games.files.reading import read_game
from games.files.writing import write_game

__all__ = ["read_game", "write_game"]
