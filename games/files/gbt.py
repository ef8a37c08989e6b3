"""Gambit's ``.gbt`` workbooks: XML around the text of an ``.efg`` or an ``.nfg`` file.

Reading goes through defusedxml: a workbook cannot expand entities or fetch anything.
"""

from __future__ import annotations

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.tree import ExtensiveGame
from games.files.efg import efg_text, parse_efg
from games.files.nfg import nfg_text, parse_nfg
from games.files.tokens import MAX_CHARACTERS
from games.normal_form import NormalFormGame

__all__ = ["gbt_text", "parse_gbt"]

_NAMESPACE = "http://gambit.sourceforge.net/"


def parse_gbt(text: str, name: str = "game.gbt") -> ExtensiveGame | NormalFormGame:
    """The game in a workbook; analyses and colors that are stored beside it are left out.

    Raises
    ------
    InvalidGameError
        If it is not well-formed XML, uses entities, or holds no game or several; or if the game
        in it is malformed (then ``line:column`` count from the start of the game's text).
    TooLargeError
        If the text or the game is too large.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0]], [[1, 2]])
    >>> parse_gbt(gbt_text(game)).payoffs.tolist() == game.payoffs.tolist()
    True
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(text) > MAX_CHARACTERS:
        raise TooLargeError(f"{name}: has {len(text):,} characters; limit {MAX_CHARACTERS:,}")
    try:
        # As bytes, because text may carry its own encoding declaration.
        root = fromstring(text.encode("utf-8"))
    except ParseError as error:
        line, column = error.position
        raise InvalidGameError(
            f"{name}:{line}:{column + 1}", f"is not well-formed XML ({error})"
        ) from None
    except DefusedXmlException as error:
        raise InvalidGameError(name, f"XML with entities is not read ({error})") from None
    except (LookupError, ValueError) as error:
        raise InvalidGameError(name, f"cannot be decoded ({error})") from None
    found = [e for e in root.iter() if str(e.tag).rsplit("}")[-1] in ("efgfile", "nfgfile")]
    if len(found) != 1:
        rule = f"holds {len(found)} games; one <efgfile> or <nfgfile> is needed"
        raise InvalidGameError(name, rule)
    [element] = found
    kind = str(element.tag).rsplit("}")[-1]
    inner = (element.text or "").strip()
    if kind == "efgfile":
        return parse_efg(inner, f"{name}:<efgfile>")
    return parse_nfg(inner, f"{name}:<nfgfile>")


def gbt_text(game: ExtensiveGame | NormalFormGame) -> str:
    """Text of a workbook with one game."""
    from xml.sax.saxutils import escape

    if isinstance(game, ExtensiveGame):
        kind, inner = "efgfile", efg_text(game)
    else:
        kind, inner = "nfgfile", nfg_text(game)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<gambit:document xmlns:gambit="{_NAMESPACE}" version="0.1">\n'
        f"<game>\n<{kind}>\n{escape(inner)}</{kind}>\n</game>\n</gambit:document>\n"
    )
