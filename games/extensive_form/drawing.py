"""Drawings of a game tree: SVG and plain text, without a plotting library.

In the SVG the tree grows from left to right. Moves are dots in the color of their player, chance
is a square, and dashed lines join the nodes of an information set. Where a behavior profile is
given, branches that it takes are drawn thick and carry their probabilities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from games.errors import TooLargeError
from games.extensive_form.behavior import BehaviorProfile, checked_behavior
from games.extensive_form.tree import ExtensiveGame

__all__ = ["MAX_DRAWN", "tree_svg", "tree_text"]

MAX_DRAWN = 2_000
"""Largest number of nodes that is drawn."""

_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Told apart by color-blind readers too (Okabe and Ito, 2008)."""

_STEP_X, _STEP_Y, _MARGIN = 150, 34, 28
_CHARACTER = 7.2


def tree_text(game: ExtensiveGame, behavior: BehaviorProfile | None = None) -> str:
    """The tree as indented text, one line per branch.

    Parameters
    ----------
    game : ExtensiveGame
    behavior : tuple of arrays, optional
        Its probabilities are shown in brackets, and branches that it takes are marked ``*``.

    Raises
    ------
    TooLargeError
        If the tree has more than ``MAX_DRAWN`` nodes.

    Examples
    --------
    >>> from games.extensive_form.builder import TreeBuilder
    >>> tree = TreeBuilder(["entrant", "incumbent"])
    >>> out, enter = tree.move(0, "entrant", ["stay out", "enter"])
    >>> tree.end(out, [1, 5])
    >>> yields, fights = tree.move(enter, "incumbent", ["yield", "fight"])
    >>> tree.end(yields, [2, 2])
    >>> tree.end(fights, [0, 0])
    >>> print(tree_text(tree.build()))
    entrant {1}
    ├─ stay out → (1, 5)
    └─ enter → incumbent {1}
       ├─ yield → (2, 2)
       └─ fight → (0, 0)
    """
    profile = _profile(game, behavior)
    lines = [_described(game, 0)]
    stack = _branches(game, profile, 0, "")
    while stack:
        child, indent, is_last, words = stack.pop()
        lines.append(f"{indent}{'└─' if is_last else '├─'} {words} → {_described(game, child)}")
        stack.extend(_branches(game, profile, child, indent + ("   " if is_last else "│  ")))
    return "\n".join(lines)


def tree_svg(game: ExtensiveGame, behavior: BehaviorProfile | None = None) -> str:
    """The tree as the text of an SVG image.

    Parameters
    ----------
    game : ExtensiveGame
    behavior : tuple of arrays, optional
        Drawn as thick branches with their probabilities.

    Raises
    ------
    TooLargeError
        If the tree has more than ``MAX_DRAWN`` nodes.
    """
    profile = _profile(game, behavior)
    x, y = _positions(game)
    longest = max(len(_payoffs(game, z)) for z in game.terminals)
    width = max(x) + _MARGIN + longest * _CHARACTER + 12
    height = max(y) + _MARGIN
    title = game.title or "game tree"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" aria-label={quoteattr(title)} '
        'font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        *_drawn_branches(game, profile, x, y),
        *_drawn_sets(game, x, y),
        *_drawn_nodes(game, x, y),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _profile(game: ExtensiveGame, behavior: BehaviorProfile | None) -> BehaviorProfile | None:
    if len(game.nodes) > MAX_DRAWN:
        raise TooLargeError(
            f"the tree has {len(game.nodes):,} nodes; at most {MAX_DRAWN:,} are drawn"
        )
    return None if behavior is None else checked_behavior(game, behavior)


def _number(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.6g}"


def _payoffs(game: ExtensiveGame, number: int) -> str:
    return "(" + ", ".join(_number(u) for u in game.nodes[number].payoffs) + ")"


def _described(game: ExtensiveGame, number: int) -> str:
    node = game.nodes[number]
    if node.is_terminal:
        return _payoffs(game, number)
    if node.is_chance:
        return "chance"
    h = game.information_sets[node.information_set]
    return f"{game.players[h.player]} {{{h.label}}}"


def _weights(
    game: ExtensiveGame, profile: BehaviorProfile | None, number: int
) -> Sequence[float] | None:
    """Probabilities of the branches at a node; None where nobody said."""
    node = game.nodes[number]
    if node.is_chance:
        return [float(p) for p in node.probabilities]
    return None if profile is None else [float(p) for p in profile[node.information_set]]


def _words(game: ExtensiveGame, profile: BehaviorProfile | None, number: int, branch: int) -> str:
    node = game.nodes[number]
    label = game.actions_at(number)[branch]
    if node.is_chance:
        return f"{label} [{node.probabilities[branch]}]"
    weights = _weights(game, profile, number)
    if weights is None:
        return label
    return f"{label} [{weights[branch]:.4g}]" + ("*" if weights[branch] > 0 else "")


def _branches(
    game: ExtensiveGame, profile: BehaviorProfile | None, number: int, indent: str
) -> list[tuple[int, str, bool, str]]:
    """Branches below a node, the last first, as a stack wants them."""
    children = game.nodes[number].children
    return [
        (child, indent, k == len(children) - 1, _words(game, profile, number, k))
        for k, child in reversed(list(enumerate(children)))
    ]


def _positions(game: ExtensiveGame) -> tuple[list[float], list[float]]:
    """Places of the nodes: ends evenly spaced, each move in the middle of its branches."""
    depth = [0] * len(game.nodes)
    y = [0.0] * len(game.nodes)
    n_ends = 0
    for number in game.preorder():
        node = game.nodes[number]
        depth[number] = depth[node.parent] + 1 if number else 0
        if node.is_terminal:
            y[number] = _MARGIN + _STEP_Y * n_ends
            n_ends += 1
    for number in reversed(range(len(game.nodes))):
        children = game.nodes[number].children
        if children:
            y[number] = (y[children[0]] + y[children[-1]]) / 2
    moves = [k for k, node in enumerate(game.nodes) if not node.is_terminal]
    longest = max((len(a) for k in moves for a in game.actions_at(k)), default=0)
    step = max(_STEP_X, 90 + longest * _CHARACTER)
    return [_MARGIN + step * d for d in depth], y


def _drawn_branches(
    game: ExtensiveGame, profile: BehaviorProfile | None, x: Sequence[float], y: Sequence[float]
) -> Iterator[str]:
    for number, node in enumerate(game.nodes):
        weights = None if node.is_chance else _weights(game, profile, number)
        for k, child in enumerate(node.children):
            is_taken = weights is not None and weights[k] > 0
            stroke = 'stroke="#000000" stroke-width="3"' if is_taken else 'stroke="#767676"'
            yield (
                f'<line x1="{x[number]:.1f}" y1="{y[number]:.1f}" x2="{x[child]:.1f}" '
                f'y2="{y[child]:.1f}" {stroke}/>'
            )
            words = _words(game, profile, number, k).rstrip("*")
            place_x = x[number] + 0.55 * (x[child] - x[number])
            place_y = y[number] + 0.55 * (y[child] - y[number])
            yield (
                f'<text x="{place_x:.1f}" y="{place_y - 4:.1f}" text-anchor="middle" '
                f'paint-order="stroke" stroke="#ffffff" stroke-width="3">{escape(words)}</text>'
            )


def _drawn_sets(game: ExtensiveGame, x: Sequence[float], y: Sequence[float]) -> Iterator[str]:
    for number, h in enumerate(game.information_sets):
        color = _COLORS[h.player % len(_COLORS)]
        members = sorted(h.nodes, key=lambda k: (y[k], x[k]))
        for one, two in pairwise(members):
            # Arcs of different widths, so that they run over neither nodes nor each other.
            width = 16 + 14 * (number % 3)
            bend = x[one] - width if np.isclose(x[one], x[two]) else (x[one] + x[two]) / 2
            yield (
                f'<path d="M{x[one]:.1f},{y[one]:.1f} Q{bend:.1f},{(y[one] + y[two]) / 2:.1f} '
                f'{x[two]:.1f},{y[two]:.1f}" fill="none" stroke="{color}" stroke-width="1.5" '
                'stroke-dasharray="5,4"/>'
            )


def _drawn_nodes(game: ExtensiveGame, x: Sequence[float], y: Sequence[float]) -> Iterator[str]:
    for number, node in enumerate(game.nodes):
        if node.is_terminal:
            yield (
                f'<text x="{x[number] + 8:.1f}" y="{y[number] + 4:.1f}">'
                f"{escape(_payoffs(game, number))}</text>"
            )
        elif node.is_chance:
            yield (
                f'<rect x="{x[number] - 5:.1f}" y="{y[number] - 5:.1f}" width="10" height="10" '
                'fill="#ffffff" stroke="#000000"><title>chance</title></rect>'
            )
        else:
            h = game.information_sets[node.information_set]
            color = _COLORS[h.player % len(_COLORS)]
            words = game.players[h.player] + (f": {h.label}" if len(h.nodes) > 1 else "")
            yield (
                f'<circle cx="{x[number]:.1f}" cy="{y[number]:.1f}" r="5" fill="{color}">'
                f"<title>{escape(_described(game, number))}</title></circle>"
            )
            yield (
                f'<text x="{x[number]:.1f}" y="{y[number] - 9:.1f}" text-anchor="middle" '
                f'fill="{color}" font-weight="bold">{escape(words)}</text>'
            )
