"""Preferences as prioritised statements about options (option prioritising).

Statements are listed with the most important first. A state in which a more important statement
is true is preferred to every state in which it is false, whatever comes later.

A statement is made of option numbers (from 1) or names (in quotes unless a single word), ``-`` or
``not``, ``&`` or ``and``, ``|`` or ``or``, ``if``, ``iff`` and parentheses: ``-1``, ``3 & -5``,
``2 if 3``. ``a if b`` is true unless b is true and a is not. Negation binds tightest, then ``&``,
``|``, ``if``, ``iff``.

References
----------
.. [1] L. Fang, K. W. Hipel, D. M. Kilgour, X. Peng, "A decision support system for interactive
   decision making", IEEE Transactions on Systems, Man, and Cybernetics C 33(1), 2003, 42-55.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from games.errors import InvalidGameError
from games.graph_model.conflict import BoolArray
from games.normal_form import FloatArray

__all__ = ["statement_payoffs", "statement_truth"]

TOKEN = re.compile(r"\s*(?:(\d+)|\"([^\"]*)\"|([^\W\d]\w*)|([-!&|()~]))")
WORDS = {"not": "-", "and": "&", "or": "|", "if": "if", "iff": "iff"}
SIGNS = {"!": "-", "~": "-"}
MAX_LENGTH = 2000
MAX_DEPTH = 50
MAX_STATEMENTS = 1000


def statement_payoffs(
    statements: Sequence[str], options: Sequence[str], patterns: BoolArray
) -> FloatArray:
    """Ordinal payoffs of states by prioritised statements.

    Parameters
    ----------
    statements : sequence of str
        Most important first.
    options : sequence of str
        Names of all options in order.
    patterns : (n_states, n_options) array of bool
        Which options are taken in each state.

    Returns
    -------
    (n_states,) array of float
        Ties where all statements agree.

    Raises
    ------
    InvalidGameError
        If there is no statement or one cannot be read.

    Examples
    --------
    >>> states = np.array([[False, False], [True, False], [False, True], [True, True]])
    >>> statement_payoffs(["-2", "1 if 2"], ["attack", "yield"], states)
    array([3., 3., 1., 2.])
    """
    if not statements:
        raise InvalidGameError("statements", "are missing; give at least one")
    if len(statements) > MAX_STATEMENTS:
        raise InvalidGameError(
            "statements", f"are {len(statements)}; at most {MAX_STATEMENTS} are read"
        )
    truths = np.array([statement_truth(text, options, patterns) for text in statements])
    _, level = np.unique(truths.T, axis=0, return_inverse=True)
    return np.asarray(level.reshape(-1) + 1.0)


def statement_truth(text: str, options: Sequence[str], patterns: BoolArray) -> BoolArray:
    """In which states a statement is true, shape ``(n_states,)``."""
    reader = _Reader(text, options, patterns)
    truth = reader.iff(0)
    if reader.position < len(reader.tokens):
        raise reader.error(f"unexpected {reader.tokens[reader.position]!r}")
    return truth


class _Reader:
    """Recursive descent over the tokens of one statement."""

    def __init__(self, text: str, options: Sequence[str], patterns: BoolArray) -> None:
        self.text, self.options, self.patterns = text, list(options), patterns
        self.tokens: list[str | int] = []
        self.position = 0
        if len(text) > MAX_LENGTH:
            raise self.error(f"longer than {MAX_LENGTH} characters")
        end, text = 0, text.rstrip()
        while end < len(text):
            match = TOKEN.match(text, end)
            if not match:
                raise self.error(f"cannot read {text[end:].strip()[:20]!r}")
            self.tokens.append(self._token(*match.groups()))
            end = match.end()

    def error(self, problem: str) -> InvalidGameError:
        return InvalidGameError(f"statement {self.text[:60]!r}", problem)

    def iff(self, depth: int) -> BoolArray:
        if depth > MAX_DEPTH:
            raise self.error(f"nested deeper than {MAX_DEPTH}")
        value = self._condition(depth)
        while self._take("iff"):
            value = value == self._condition(depth)
        return value

    def _token(self, number: str, quoted: str, word: str, sign: str) -> str | int:
        """A sign, or the number of an option from 0."""
        if sign:
            return SIGNS.get(sign, sign)
        if word and word.lower() in WORDS:
            return WORDS[word.lower()]
        if number:
            if not 1 <= int(number) <= len(self.options):
                raise self.error(f"no option {number[:20]}; options are 1 to {len(self.options)}")
            return int(number) - 1
        name = word if word else quoted
        if self.options.count(name) != 1:
            rule = "several options are called" if name in self.options else "no option is called"
            some = ", ".join(self.options[:12]) + (", …" if len(self.options) > 12 else "")
            raise self.error(f"{rule} {name[:40]!r}; options are {some}")
        return self.options.index(name)

    def _take(self, sign: str) -> bool:
        if self.position < len(self.tokens) and self.tokens[self.position] == sign:
            self.position += 1
            return True
        return False

    def _condition(self, depth: int) -> BoolArray:
        value = self._either(depth)
        while self._take("if"):
            value = value | ~self._either(depth)
        return value

    def _either(self, depth: int) -> BoolArray:
        value = self._both(depth)
        while self._take("|"):
            value = value | self._both(depth)
        return value

    def _both(self, depth: int) -> BoolArray:
        value = self._one(depth)
        while self._take("&"):
            value = value & self._one(depth)
        return value

    def _one(self, depth: int) -> BoolArray:
        negated = False
        while self._take("-"):
            negated = not negated
        if self._take("("):
            value = self.iff(depth + 1)
            if not self._take(")"):
                raise self.error("a parenthesis is not closed")
        else:
            token = self.tokens[self.position] if self.position < len(self.tokens) else None
            if not isinstance(token, int):
                raise self.error(f"an option is missing before {token or 'the end'!r}")
            self.position += 1
            value = self.patterns[:, token]
        return ~value if negated else value
