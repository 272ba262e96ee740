"""Draws the curves that chose the thresholds of ``domain.story.Rules``: ``python -m tests.evaluation.story_curves``.

Law: every point is measured on the tuning half, mended, in order of time; written to ``docs/stories-*.svg``.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace

from app.domain.story import RULES, Rules
from tests.evaluation.corpora import ROOT
from tests.evaluation.stories import Labelled, group, halves, measure
from tests.evaluation.story_scores import Scores

_STEPS: dict[str, tuple[float, ...]] = {
    "join": (0.18, 0.20, 0.22, 0.24, 0.26, 0.28, 0.30, 0.32, 0.34, 0.36),
    "same_day": (1.0, 1.1, 1.2, 1.3, 1.4, 1.5),
    "slack_days": (1, 2, 3, 5, 7, 10, 15, 30, 60),
    "centrality": (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
}
_COLOURS = {"precision": "#9a6700", "recall": "#0550ae", "f1": "#1a1a1a"}
_WIDTH, _HEIGHT, _LEFT, _TOP = 520, 300, 52, 34
_LOW, _HIGH = 0.80, 1.00


def main() -> None:
    """Measure and draw one plot for each threshold, and one of ``join`` without dates."""
    tune, _ = halves()
    undated = [replace(article, day=None) for article in tune]
    for name, steps in _STEPS.items():
        _plot(name, f"{name} (dated as printed)", steps, [_measured(tune, name, step) for step in steps])
    steps = _STEPS["join"]
    _plot(
        "join-undated",
        "join (all dates taken away)",
        steps,
        [_measured(undated, "join", step) for step in steps],
    )


def _measured(articles: Sequence[Labelled], name: str, value: float) -> Scores:
    print(f"{name} {value}", file=sys.stderr)
    rules: Rules = replace(RULES, **{name: value})
    return measure(articles, group(articles, range(len(articles)), rules))


def _plot(file: str, title: str, steps: Sequence[float], found: Sequence[Scores]) -> None:
    name = title.split(" ", 1)[0]
    chosen = float(getattr(RULES, name))
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
            'font-family="sans-serif" font-size="12">'
        ),
        f'<text x="{_LEFT}" y="18">B-cubed by {title}; chosen {chosen:g}</text>',
        *_grid(steps),
        (
            f'<line x1="{_x(chosen, steps)}" x2="{_x(chosen, steps)}" y1="{_TOP}" y2="{_y(_LOW)}" '
            'stroke="#888" stroke-dasharray="4"/>'
        ),
    ]
    for place, (measure_name, colour) in enumerate(_COLOURS.items()):
        values = [max(_LOW, float(getattr(scores, measure_name))) for scores in found]
        points = " ".join(f"{_x(step, steps)},{_y(value)}" for step, value in zip(steps, values, strict=True))
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>')
        parts.append(
            f'<text x="{_LEFT + 8 + place * 68}" y="{_y(_LOW) - 8}" fill="{colour}">{measure_name}</text>'
        )
    target = ROOT / "docs" / f"stories-{file.replace('_', '-')}.svg"
    target.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")
    print(f"{target.name}: " + ", ".join(f"{s:g} {m.f1:.3f}" for s, m in zip(steps, found, strict=True)))


def _grid(steps: Sequence[float]) -> list[str]:
    across = [
        f'<line x1="{_LEFT}" x2="{_WIDTH - 16}" y1="{_y(level)}" y2="{_y(level)}" stroke="#ddd"/>'
        f'<text x="10" y="{_y(level) + 4}">{level:.2f}</text>'
        for level in (0.80, 0.85, 0.90, 0.95, 1.00)
    ]
    below = [f'<text x="{_x(s, steps)}" y="{_HEIGHT - 12}" text-anchor="middle">{s:g}</text>' for s in steps]
    return across + below


def _x(step: float, steps: Sequence[float]) -> float:
    """Steps stand at even distances, as they are not spaced evenly in value."""
    return round(_LEFT + 10 + list(steps).index(step) * (_WIDTH - _LEFT - 50) / (len(steps) - 1), 1)


def _y(value: float) -> float:
    return round(_TOP + (_HIGH - value) / (_HIGH - _LOW) * (_HEIGHT - _TOP - 40), 1)


if __name__ == "__main__":
    main()
