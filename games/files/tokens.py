"""Tokens of Gambit's text formats, each with its place in the file."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NoReturn

from games.errors import InvalidGameError, TooLargeError
from games.extensive_form.exact_numbers import exact_number

__all__ = ["MAX_CHARACTERS", "MAX_PLAYERS", "TokenReader", "quoted"]

MAX_CHARACTERS = 64_000_000
"""Largest game file that is read."""

MAX_PLAYERS = 32
"""Largest number of players of a normal form: an array has one axis for each."""

_TOKEN = re.compile(
    r'[\s,]*+(?:(?P<text>"[^"\\]*+(?:\\.[^"\\]*+)*+")|(?P<mark>[{}])|(?P<word>[^\s,{}"]++)|(?P<bad>"))',
    re.DOTALL,
)
_LONGEST_QUOTE = 40


class TokenReader:
    """Reader of quoted texts, numbers, words and braces, one at a time.

    Parameters
    ----------
    text : str
        Contents of a file; commas count as white space.
    name : str
        The file's name, for messages.

    Examples
    --------
    >>> tokens = TokenReader('EFG 2 { "A" }', "game.efg")
    >>> tokens.word("EFG"), tokens.integer("version", 0, 9)
    ('EFG', 2)
    >>> tokens.texts("players")
    ['A']
    """

    def __init__(self, text: str, name: str) -> None:
        if len(text) > MAX_CHARACTERS:
            raise TooLargeError(
                f"{name}: has {len(text):,} characters; the limit is {MAX_CHARACTERS:,}"
            )
        self._source = text
        self._name = name
        self._kind = ""
        self._token = ""
        self.offset = 0
        self._end = 0
        self._advance()

    @property
    def kind(self) -> str:
        """Kind of the next token: ``text``, ``mark``, ``word``, or ``end`` of the file."""
        return self._kind

    def at_mark(self, mark: str) -> bool:
        """Whether the next token is this brace."""
        return self._kind == "mark" and self._token == mark

    def place(self, offset: int | None = None) -> str:
        """``file:line:column`` of the next token, or of an offset in the file."""
        offset = self.offset if offset is None else offset
        line = self._source.count("\n", 0, offset) + 1
        column = offset - self._source.rfind("\n", 0, offset)
        return f"{self._name}:{line}:{column}"

    def fail(self, problem: str) -> NoReturn:
        """Raise an error at the next token."""
        raise InvalidGameError(self.place(), problem)

    def take(self) -> str:
        """The next token, which is passed."""
        token = self._token
        self._advance()
        return token

    def word(self, *allowed: str) -> str:
        """The next word, which must be one of ``allowed``."""
        if self._kind != "word" or self._token not in allowed:
            self.fail(f"{' or '.join(allowed)} expected, found {self._found()}")
        return self.take()

    def mark(self, mark: str, what: str) -> None:
        """Pass a brace."""
        if not self.at_mark(mark):
            self.fail(f"{mark!r} expected for {what}, found {self._found()}")
        self._advance()

    def text(self, what: str) -> str:
        """The next quoted text, without its quotes."""
        if self._kind != "text":
            self.fail(f'{what} in quotes "..." expected, found {self._found()}')
        return re.sub(r'\\(["\\])', r"\1", self.take()[1:-1])

    def texts(self, what: str) -> list[str]:
        """Quoted texts in braces."""
        self.mark("{", what)
        found = []
        while not self.at_mark("}"):
            found.append(self.text(what))
        self._advance()
        return found

    def number(self, what: str) -> Fraction:
        """The next number, exact."""
        if self._kind != "word":
            self.fail(f"a number expected for {what}, found {self._found()}")
        try:
            value = exact_number(self._token, what)
        except InvalidGameError as error:
            # The place is worked out for errors only: it takes a pass over the file.
            raise InvalidGameError(f"{self.place()}: {what}", error.problem) from None
        self._advance()
        return value

    def numbers(self, what: str) -> list[Fraction]:
        """Numbers in braces."""
        self.mark("{", what)
        found = []
        while not self.at_mark("}"):
            found.append(self.number(what))
        self._advance()
        return found

    def integer(self, what: str, low: int, high: int) -> int:
        """The next whole number, which must lie between ``low`` and ``high``."""
        is_number = self._kind == "word" and re.fullmatch(r"[+-]?[0-9]{1,12}", self._token)
        if not is_number or not low <= int(self._token) <= high:
            self.fail(f"{what} must be a whole number from {low} to {high}, found {self._found()}")
        return int(self.take())

    def finish(self) -> None:
        """Check that nothing is left."""
        if self._kind != "end":
            self.fail(f"the game is complete, but {self._found()} follows")

    def _found(self) -> str:
        if self._kind == "end":
            return "the end of the file"
        short = self._token[:_LONGEST_QUOTE]
        return short if self._kind == "text" else repr(short)

    def _advance(self) -> None:
        match = _TOKEN.match(self._source, self._end)
        if match is None:
            self._kind, self._token = "end", ""
            self.offset = len(self._source)
            return
        self._kind = match.lastgroup or "end"
        self.offset = match.start(self._kind)
        self._token = match.group(self._kind)
        self._end = match.end()
        if self._kind == "bad":
            self.fail("a quoted text is never closed")


def quoted(text: str) -> str:
    """``text`` as Gambit quotes it, with its own quotes escaped.

    Examples
    --------
    >>> print(quoted("no"))
    "no"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
