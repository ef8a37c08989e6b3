"""Errors of the games library: each names the place, the value, the rule and the fix."""

__all__ = ["CertificateError", "GameError", "InvalidGameError", "NoSolutionError", "TooLargeError"]


class GameError(ValueError):
    """Base of every error that this library raises on purpose."""


class InvalidGameError(GameError):
    """The input is not the kind of game that the function takes.

    Parameters
    ----------
    place : str
        Where the mistake is, in the caller's words: ``payoffs[1, 0, 2]``, ``worths['A,B']``.
    problem : str
        The value that was found, the rule that it breaks and, where there is one, the fix.

    Examples
    --------
    >>> raise InvalidGameError("payoffs[0, 1]", "is nan; payoffs must be finite numbers")
    Traceback (most recent call last):
    games.errors.InvalidGameError: payoffs[0, 1]: is nan; payoffs must be finite numbers
    """

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


class TooLargeError(GameError):
    """The game exceeds what the method can answer; the message names the limit and a method."""


class NoSolutionError(GameError):
    """The solution concept has no solution for this game (for example, an empty core)."""


class CertificateError(GameError, ArithmeticError):
    """A solver's result failed its own certificate: a defect, never an answer."""
