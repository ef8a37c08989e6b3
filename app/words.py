"""Words of a treaty on the screen: shown as they stand, whatever characters they hold."""

from __future__ import annotations

import re

__all__ = ["plain"]

_MARKS = re.compile(r"([\\`*_\[\]<>$~|&])")


def plain(text: str) -> str:
    r"""Markdown that shows a text as it stands.

    Treaty files and links come from other people. Unescaped, their words could load a picture
    from another host, which would tell that host who reads the treaty.

    Examples
    --------
    >>> plain("![look](http://example.org/x.png)")
    '!\\[look\\](http://example.org/x.png)'
    """
    return _MARKS.sub(r"\\\1", text)
