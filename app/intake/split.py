"""Where one file holds several articles: explicit separators first."""

from collections.abc import Sequence

from app.intake.lines import Judged, Kind
from app.intake.reading import Boundary
from app.intake.separators import Separator, separators


def articles_of(units: Sequence[Judged]) -> tuple[list[Sequence[Judged]], list[Boundary]]:
    """Return the paragraphs of each article in order, and the places that were considered."""
    marks = _with_text_between(units, separators(units))
    boundaries = [
        Boundary(line=units[mark.position].paragraph.first, cut=True, rule=mark.rule, figures={})
        for mark in marks
    ]
    ends = [*(mark.position for mark in marks), len(units)]
    groups = [units[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return groups, boundaries


def _with_text_between(units: Sequence[Judged], marks: Sequence[Separator]) -> list[Separator]:
    """Return the first of every run of separators that have no text between them."""
    kept: list[Separator] = []
    start = 0
    for mark in marks:
        if any(unit.kind is Kind.TEXT for unit in units[start : mark.position]):
            kept.append(mark)
            start = mark.position
    return kept
