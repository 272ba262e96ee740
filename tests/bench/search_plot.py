"""Draws what searching costs: bars on a scale of powers of ten, by family, for the largest number of articles of each.

Law: a bar ends at the p95 of questions asked again, its darker part at the p50.
"""

from collections.abc import Iterator, Sequence
from math import log10
from typing import NamedTuple

_COLOURS = {
    "raw tantivy": "#9aa5b1",
    "SQLite FTS5": "#b8a88a",
    "stock Whoosh": "#c9b1bd",
    "archive on tantivy": "#1f5f8b",
    "archive on Whoosh": "#8b1f3f",
}
_BAR, _GAP, _LEFT, _WIDTH, _RIGHT = 11, 12, 150, 760, 60
_LEAST, _MOST = 0.1, 1000.0


class Times(NamedTuple):
    """What questions took the first time and again, in milliseconds."""

    first_p50: float
    first_p95: float
    p50: float
    p95: float

    def __str__(self) -> str:
        """Return them as a table has them."""
        return f"{self.p50:.1f} / {self.p95:.1f} ({self.first_p50:.1f} / {self.first_p95:.1f})"


class Row(NamedTuple):
    """What one family took with one engine."""

    articles: int
    family: str
    engine: str
    times: Times


def drawn(rows: Sequence[Row]) -> str:
    """Return an SVG of what was measured."""
    parts: list[str] = []
    y = 44
    for articles in sorted({row.articles for row in rows}):
        parts.append(f'<text x="12" y="{y}" font-weight="bold">{articles:,} articles</text>')
        y += 14
        for family in dict.fromkeys(row.family for row in rows):
            of = [row for row in rows if (row.articles, row.family) == (articles, family)]
            parts.append(f'<text x="12" y="{y + _BAR}">{family}</text>')
            for row in of:
                parts += _bar(row, y)
                y += _BAR
            y += _GAP
        y += _GAP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{y}" font-family="sans-serif" '
        'font-size="11"><rect width="100%" height="100%" fill="white"/>'
    )
    return "\n".join([head, *_legend(), *_grid(y), *parts, "</svg>", ""])


def _bar(row: Row, y: int) -> Iterator[str]:
    colour = _COLOURS[row.engine]
    for until, opacity in ((row.times.p95, 0.45), (row.times.p50, 1.0)):
        yield (
            f'<rect x="{_LEFT}" y="{y}" width="{_x(until) - _LEFT:.1f}" height="{_BAR - 2}" fill="{colour}" '
            f'opacity="{opacity}"/>'
        )
    p95 = row.times.p95
    yield f'<text x="{_x(p95) + 4:.1f}" y="{y + _BAR - 3}" font-size="9">{p95:.1f}</text>'


def _legend() -> Iterator[str]:
    x = 12
    for name, colour in _COLOURS.items():
        yield f'<rect x="{x}" y="10" width="10" height="10" fill="{colour}"/><text x="{x + 14}" y="19">{name}</text>'
        x += 24 + 7 * len(name)


def _grid(bottom: int) -> Iterator[str]:
    for exponent in range(-1, 4):
        x = _x(10.0**exponent)
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="30" y2="{bottom}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="40" text-anchor="middle" fill="#555">{10.0**exponent:g} ms</text>'


def _x(milliseconds: float) -> float:
    share = log10(max(milliseconds, _LEAST) / _LEAST) / log10(_MOST / _LEAST)
    return _LEFT + min(share, 1.0) * (_WIDTH - _LEFT - _RIGHT)
