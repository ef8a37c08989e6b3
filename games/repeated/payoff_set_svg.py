"""The payoff set of a repeated game as an SVG image, without a plotting library.

The outline holds all feasible payoffs, the shaded part those of subgame-perfect equilibria; dots
are the stage game's action profiles, diamonds its pure equilibria; dotted lines are the pure
minmax payoffs, below which no equilibrium pays.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

import numpy as np

from games.normal_form import FloatArray
from games.repeated.payoff_set_drawing import PayoffSetDrawing, drawing
from games.repeated.subgame_perfect_payoffs import PayoffSet

__all__ = ["payoff_set_svg"]

_SIZE, _MARGIN = 360.0, 64.0
_SHADE = "#0072b2"


def payoff_set_svg(payoff_set: PayoffSet) -> str:
    """A chart of the feasible and the subgame-perfect payoffs, as the text of an SVG image.

    Parameters
    ----------
    payoff_set : PayoffSet
        From :func:`games.repeated.subgame_perfect_payoffs.subgame_perfect_payoffs`.

    Examples
    --------
    >>> from games.repeated.dilemma import Dilemma
    >>> from games.repeated.subgame_perfect_payoffs import subgame_perfect_payoffs
    >>> image = payoff_set_svg(subgame_perfect_payoffs(Dilemma(5, 3, 1, 0).game(), 0.6))
    >>> image.count("<polygon"), image.count("<circle")
    (2, 4)
    """
    chart = drawing(payoff_set)
    low, high = chart.action_profiles.min(axis=0), chart.action_profiles.max(axis=0)
    width = np.where(high > low, high - low, 1.0)

    def place(points: FloatArray) -> FloatArray:
        shares = (np.atleast_2d(points) - low) / width
        x, y = shares[:, 0], 1 - shares[:, 1]
        return np.column_stack([_MARGIN + _SIZE * x, _MARGIN + _SIZE * y])

    side = _SIZE + 2 * _MARGIN
    title = f"Subgame-perfect payoffs at discount factor {payoff_set.discount:g}: {chart.shape}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side:g} {side:g}" '
        f'width="{side:g}" height="{side:g}" role="img" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{side:g}" height="{side:g}" fill="#ffffff"/>',
        _text(side / 2, 24, title),
        *_axes(payoff_set, low, high),
        _minmax(place(chart.minmax)[0]),
        _shape(place(chart.feasible), 'fill="none" stroke="#767676" stroke-width="1.5"'),
    ]
    if len(chart.equilibrium):
        paint = f'fill="{_SHADE}" fill-opacity="0.3" stroke="{_SHADE}" stroke-width="3"'
        places = place(chart.equilibrium)
        parts.append(_dot(places[0]) if chart.shape == "point" else _shape(places, paint))
    return (
        "\n".join([*parts, *_stage_points(chart, place(chart.action_profiles)), "</svg>"]) + "\n"
    )


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" {more}>{escape(words)}</text>'


def _axes(payoff_set: PayoffSet, low: FloatArray, high: FloatArray) -> list[str]:
    row, column = payoff_set.game.players
    end, bottom = _MARGIN + _SIZE, 2 * _MARGIN + _SIZE
    turned = f'transform="rotate(-90 16 {bottom / 2:.1f})"'
    return [
        _text(bottom / 2, bottom - 12, f"average payoff of {row}"),
        _text(16, bottom / 2, f"average payoff of {column}", turned),
        _text(_MARGIN, bottom - 32, f"{low[0]:g}"),
        _text(end, bottom - 32, f"{high[0]:g}"),
        _text(36, end + 4, f"{low[1]:g}"),
        _text(36, _MARGIN + 4, f"{high[1]:g}"),
    ]


def _minmax(point: FloatArray) -> str:
    x, y = point
    end = _MARGIN + _SIZE
    return (
        f'<path d="M{x:.1f},{_MARGIN:.1f} V{end:.1f} M{_MARGIN:.1f},{y:.1f} H{end:.1f}" '
        'stroke="#767676" stroke-dasharray="2,4" fill="none"><title>minmax</title></path>'
    )


def _dot(point: FloatArray) -> str:
    return f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="8" fill="{_SHADE}"/>'


def _shape(ring: FloatArray, paint: str) -> str:
    """A polygon; a segment is one without area, drawn by its edge."""
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in ring)
    return f'<polygon points="{corners}" stroke-linejoin="round" {paint}/>'


def _stage_points(chart: PayoffSetDrawing, places: FloatArray) -> list[str]:
    parts = []
    shown: dict[tuple[float, float], list[str]] = {}
    for (x, y), words in zip(places.tolist(), chart.labels, strict=True):
        shown.setdefault((x, y), []).append(words)
    equilibria = {tuple(point) for point in chart.stage_equilibria.tolist()}
    for (x, y), payoffs in zip(places.tolist(), chart.action_profiles.tolist(), strict=True):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#000000"/>')
        if tuple(payoffs) in equilibria:
            parts.append(
                f'<path d="M{x:.1f},{y - 9:.1f} l9,9 l-9,9 l-9,-9 z" fill="none" '
                'stroke="#d55e00" stroke-width="2"><title>stage equilibrium</title></path>'
            )
    halo = 'paint-order="stroke" stroke="#ffffff" stroke-width="3"'
    parts += [_text(x, y - 12, "; ".join(words), halo) for (x, y), words in shown.items()]
    return parts
