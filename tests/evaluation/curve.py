"""Curves as an SVG file, drawn without any library.

Law: small multiples on one grid; the value in use is marked in each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _MARGIN, _COLUMNS = 300, 200, 46, 3
_COLOURS = ("#1f5f8b", "#b5452c", "#4a7c3a")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One panel: the threshold on x, ``lines`` of the same length by name on y (between ``low`` and 1)."""

    title: str
    chosen: float
    x: Sequence[float]
    lines: Mapping[str, Sequence[float]]


def svg(curves: Sequence[Curve], low: float) -> str:
    """Return the panels as one SVG image, three in a row; values below ``low`` stand at the bottom."""
    rows = -(-len(curves) // _COLUMNS)
    width, height = _COLUMNS * _WIDTH, rows * _HEIGHT + 30
    panels = "\n".join(_panel(curve, place, low) for place, curve in enumerate(curves))
    legend = "".join(
        f'<text x="{20 + 220 * number}" y="{height - 10}" fill="{_COLOURS[number]}">{escape(name)}</text>'
        for number, name in enumerate(curves[0].lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="11">\n'
        f'<rect width="100%" height="100%" fill="#fff"/>\n{panels}\n{legend}\n</svg>\n'
    )


def _panel(curve: Curve, place: int, low: float) -> str:
    left = (place % _COLUMNS) * _WIDTH + _MARGIN
    top = (place // _COLUMNS) * _HEIGHT + 26
    wide, tall = _WIDTH - _MARGIN - 14, _HEIGHT - 60
    first, last = min(curve.x), max(curve.x)

    def at(value: float) -> float:
        return left + wide * (value - first) / (last - first)

    def up(value: float) -> float:
        return top + tall * (1 - (max(value, low) - low) / (1 - low))

    parts = [
        f'<text x="{left}" y="{top - 10}" font-weight="bold">{escape(curve.title)}</text>',
        f'<rect x="{left}" y="{top}" width="{wide}" height="{tall}" fill="none" stroke="#999"/>',
        (
            f'<line x1="{at(curve.chosen):.1f}" x2="{at(curve.chosen):.1f}" y1="{top}" y2="{top + tall}" '
            'stroke="#999" stroke-dasharray="3 3"/>'
        ),
    ]
    parts += [
        f'<text x="{left - 4}" y="{up(value) + 4:.1f}" text-anchor="end">{value:.3f}</text>'
        for value in (low, (1 + low) / 2, 1.0)
    ]
    parts += [
        f'<text x="{at(value):.1f}" y="{top + tall + 14}" text-anchor="middle">{value:g}</text>'
        for value in (first, curve.chosen, last)
    ]
    for colour, values in zip(_COLOURS, curve.lines.values(), strict=False):
        points = " ".join(f"{at(x):.1f},{up(y):.1f}" for x, y in zip(curve.x, values, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
    return "\n".join(parts)
